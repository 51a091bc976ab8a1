import assert from 'node:assert/strict';
import {
  checkFirmware,
  claimDevice,
  getDevice,
  listDeviceKeys,
  listDevices,
  listFirmware,
  publishFirmware,
  putDeviceKey,
  registerDevice,
  uploadLog,
} from './generated/api';
import { base, device, key, name, otherDevices, task, token, zipFile, zipSize } from './tasks';

// orval writes paths without a host into its calls, because a page calls the host that it came from.
const fetchUrl = globalThis.fetch;
globalThis.fetch = (input, init) => fetchUrl(typeof input === 'string' && input.startsWith('/') ? base + input : input, init);

async function caller(query: string): Promise<RequestInit> {
  return { headers: { Authorization: `Bearer ${await token(query)}` } };
}

async function main(): Promise<void> {
  const user = await caller(`user=${name}`);
  const other = await caller(`user=${name}-other`);
  const operator = await caller('operator=olga');

  await task('register', async () => {
    const patch = { devicetype: name, region: 'dk', devicename: 'Kitchen', power: { bootcount: 1, runtime: 5 } };
    const registered = await registerDevice(device, patch, user);
    assert(registered.status === 201);
    assert.deepEqual([registered.data.deviceid, registered.data.devicename], [device, 'Kitchen']);
  });
  await task('change', async () => {
    await registerDevice(device, { power: { bootcount: 6 } }, user);
    const now = await getDevice(device, user);
    assert(now.status === 200);
    assert.deepEqual(
      [now.data.devicetype, now.data.region, now.data.devicename, now.data.power?.bootcount, now.data.power?.runtime],
      [name, 'dk', 'Kitchen', 6, 5],
    );
  });
  await task('claim', async () => {
    const claimed = await claimDevice(device, undefined, user);
    assert(claimed.status === 201);
    assert.equal(claimed.data.deviceid, device);
  });
  await task('conflict', async () => {
    const refused = await claimDevice(device, undefined, other);
    assert(refused.status === 409);
    assert.deepEqual([refused.data.type, refused.data.yours], ['urn:fleetwell:problem:already-owned', false]);
  });
  await task('pages', async () => {
    for (const id of otherDevices) await registerDevice(id, {}, user);
    const ids: string[] = [];
    let pages = 0;
    let cursor: string | undefined;
    do {
      const page = await listDevices({ limit: 1, ...(cursor === undefined ? {} : { cursor }) }, user);
      assert(page.status === 200);
      ids.push(...page.data.devices.map((d) => d.deviceid));
      cursor = page.data.next;
      pages++;
    } while (cursor !== undefined);
    assert.deepEqual(ids, [device, ...otherDevices]);
    assert(pages >= 3);
  });
  await task('upload', async () => {
    const receipt = await uploadLog(device, 'crash', { file: zipFile() }, undefined, user);
    assert(receipt.status === 201);
    assert.deepEqual([receipt.data.deviceid, receipt.data.size, receipt.data.by], [device, zipSize(), 'owner']);
  });
  await task('key', async () => {
    await putDeviceKey(device, 'factory', key, operator);
    const keys = await listDeviceKeys(device, operator);
    assert(keys.status === 200);
    const [read] = keys.data.keys;
    assert.deepEqual([read?.kid, read?.kty, read?.crv, read?.x, read?.y], ['factory', key.kty, key.crv, key.x, key.y]);
    assert(!Number.isNaN(Date.parse(read?.created ?? '')));
  });
  let published = '';
  await task('publish', async () => {
    const release = {
      devicetype: name,
      region: '*',
      version: '124',
      downloadurl: 'https://downloads.example/124.bin',
      releasenotes: [{ lang: 'en', body: 'Faster.' }],
    };
    const firmware = await publishFirmware(release, operator);
    assert(firmware.status === 201);
    assert.equal(firmware.data.version, '124');
    published = firmware.data.id;
  });
  await task('check', async () => {
    const firmware = await checkFirmware({ deviceid: device }, user);
    assert(firmware.status === 200);
    assert.deepEqual([firmware.data.id, firmware.data.releasenotes?.[0]?.body], [published, 'Faster.']);
  });
  await task('list', async () => {
    const page = await listFirmware({ devicetype: name }, operator);
    assert(page.status === 200);
    assert.deepEqual(page.data.firmware.map((f) => [f.id, f.mandatory]), [[published, false]]);
  });
}

void main();
