import assert from 'node:assert/strict';
import {
  Configuration,
  DevicesApi,
  FirmwareApi,
  KeysApi,
  LogsApi,
  OwnershipApi,
  ProblemFromJSON,
  ResponseError,
} from './generated';
import { base, device, key, name, otherDevices, task, token, zipFile, zipSize } from './tasks';

async function caller(query: string): Promise<Configuration> {
  return new Configuration({ basePath: base, accessToken: await token(query) });
}

async function main(): Promise<void> {
  const user = await caller(`user=${name}`);
  const other = await caller(`user=${name}-other`);
  const operator = await caller('operator=olga');
  const devices = new DevicesApi(user);

  await task('register', async () => {
    const devicePatch = { devicetype: name, region: 'dk', devicename: 'Kitchen', power: { bootcount: 1, runtime: 5 } };
    const registered = await devices.registerDevice({ deviceid: device, devicePatch });
    assert.deepEqual([registered.deviceid, registered.devicename], [device, 'Kitchen']);
  });
  await task('change', async () => {
    await devices.registerDevice({ deviceid: device, devicePatch: { power: { bootcount: 6 } } });
    const now = await devices.getDevice({ deviceid: device });
    assert.deepEqual(
      [now.devicetype, now.region, now.devicename, now.power?.bootcount, now.power?.runtime],
      [name, 'dk', 'Kitchen', 6, 5],
    );
  });
  await task('claim', async () => {
    assert.equal((await new OwnershipApi(user).claimDevice({ deviceid: device })).deviceid, device);
  });
  await task('conflict', async () => {
    const failure: unknown = await new OwnershipApi(other).claimDevice({ deviceid: device }).catch((e: unknown) => e);
    assert(failure instanceof ResponseError);
    const problem = ProblemFromJSON(await failure.response.json());
    assert.deepEqual([problem.status, problem.type, problem.yours], [409, 'urn:fleetwell:problem:already-owned', false]);
  });
  await task('pages', async () => {
    for (const deviceid of otherDevices) await devices.registerDevice({ deviceid, devicePatch: {} });
    const ids: string[] = [];
    let pages = 0;
    let cursor: string | undefined;
    do {
      const page = await devices.listDevices({ limit: 1, ...(cursor === undefined ? {} : { cursor }) });
      ids.push(...page.devices.map((d) => d.deviceid));
      cursor = page.next;
      pages++;
    } while (cursor !== undefined);
    assert.deepEqual(ids, [device, ...otherDevices]);
    assert(pages >= 3);
  });
  await task('upload', async () => {
    const receipt = await new LogsApi(user).uploadLog({ deviceid: device, logtype: 'crash', file: zipFile() });
    assert.deepEqual([receipt.deviceid, receipt.size, receipt.by], [device, zipSize(), 'owner']);
  });
  await task('key', async () => {
    const keys = new KeysApi(operator);
    await keys.putDeviceKey({ deviceid: device, kid: 'factory', newDeviceKey: key });
    const [read] = (await keys.listDeviceKeys({ deviceid: device })).keys;
    assert.deepEqual([read?.kid, read?.kty, read?.crv, read?.x, read?.y], ['factory', key.kty, key.crv, key.x, key.y]);
    assert(read?.created instanceof Date);
  });
  let published = '';
  await task('publish', async () => {
    const firmwareRelease = {
      devicetype: name,
      region: '*',
      version: '124',
      downloadurl: 'https://downloads.example/124.bin',
      releasenotes: [{ lang: 'en', body: 'Faster.' }],
    };
    const firmware = await new FirmwareApi(operator).publishFirmware({ firmwareRelease });
    assert.equal(firmware.version, '124');
    published = firmware.id;
  });
  await task('check', async () => {
    const firmware = await new FirmwareApi(user).checkFirmware({ deviceid: device });
    assert.deepEqual([firmware.id, firmware.releasenotes?.[0]?.body], [published, 'Faster.']);
  });
  await task('list', async () => {
    const page = await new FirmwareApi(operator).listFirmware({ devicetype: name });
    assert.deepEqual(page.firmware.map((f) => [f.id, f.mandatory]), [[published, false]]);
  });
}

void main();
