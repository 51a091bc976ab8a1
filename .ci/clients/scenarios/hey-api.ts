import assert from 'node:assert/strict';
import { createClient, createConfig } from './generated/client';
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
} from './generated/sdk.gen';
import { base, device, key, name, otherDevices, task, token, zipFile, zipSize } from './tasks';

async function caller(query: string) {
  const auth = await token(query);
  return createClient(createConfig({ baseUrl: base, auth, throwOnError: true }));
}

async function main(): Promise<void> {
  const client = await caller(`user=${name}`);
  const other = await caller(`user=${name}-other`);
  const operator = await caller('operator=olga');
  const path = { deviceid: device };

  await task('register', async () => {
    const body = { devicetype: name, region: 'dk', devicename: 'Kitchen', power: { bootcount: 1, runtime: 5 } };
    const { data } = await registerDevice({ client, path, body, throwOnError: true });
    assert.deepEqual([data.deviceid, data.devicename], [device, 'Kitchen']);
  });
  await task('change', async () => {
    await registerDevice({ client, path, body: { power: { bootcount: 6 } }, throwOnError: true });
    const { data } = await getDevice({ client, path, throwOnError: true });
    assert.deepEqual(
      [data.devicetype, data.region, data.devicename, data.power?.bootcount, data.power?.runtime],
      [name, 'dk', 'Kitchen', 6, 5],
    );
  });
  await task('claim', async () => {
    assert.equal((await claimDevice({ client, path, throwOnError: true })).data.deviceid, device);
  });
  await task('conflict', async () => {
    const { error, response } = await claimDevice({ client: other, path, throwOnError: false });
    assert(error !== undefined && 'type' in error);
    assert.deepEqual([response.status, error.type, error.yours], [409, 'urn:fleetwell:problem:already-owned', false]);
  });
  await task('pages', async () => {
    for (const deviceid of otherDevices) {
      await registerDevice({ client, path: { deviceid }, body: {}, throwOnError: true });
    }
    const ids: string[] = [];
    let pages = 0;
    let cursor: string | undefined;
    do {
      const query = { limit: 1, ...(cursor === undefined ? {} : { cursor }) };
      const { data } = await listDevices({ client, query, throwOnError: true });
      ids.push(...data.devices.map((d) => d.deviceid));
      cursor = data.next;
      pages++;
    } while (cursor !== undefined);
    assert.deepEqual(ids, [device, ...otherDevices]);
    assert(pages >= 3);
  });
  await task('upload', async () => {
    const { data } = await uploadLog({
      client,
      path: { ...path, logtype: 'crash' },
      body: { file: zipFile() },
      throwOnError: true,
    });
    assert.deepEqual([data.deviceid, data.size, data.by], [device, zipSize(), 'owner']);
  });
  await task('key', async () => {
    await putDeviceKey({ client: operator, path: { ...path, kid: 'factory' }, body: key, throwOnError: true });
    const [read] = (await listDeviceKeys({ client: operator, path, throwOnError: true })).data.keys;
    assert.deepEqual([read?.kid, read?.kty, read?.crv, read?.x, read?.y], ['factory', key.kty, key.crv, key.x, key.y]);
    assert(!Number.isNaN(Date.parse(read?.created ?? '')));
  });
  let published = '';
  await task('publish', async () => {
    const { data } = await publishFirmware({
      client: operator,
      body: {
        devicetype: name,
        region: '*',
        version: '124',
        downloadurl: 'https://downloads.example/124.bin',
        releasenotes: [{ lang: 'en', body: 'Faster.' }],
      },
      throwOnError: true,
    });
    assert.equal(data.version, '124');
    published = data.id;
  });
  await task('check', async () => {
    const { data } = await checkFirmware({ client, query: { deviceid: device }, throwOnError: true });
    assert.deepEqual([data.id, data.releasenotes?.[0]?.body], [published, 'Faster.']);
  });
  await task('list', async () => {
    const { data } = await listFirmware({ client: operator, query: { devicetype: name }, throwOnError: true });
    assert.deepEqual(data.firmware.map((f) => [f.id, f.mandatory]), [[published, false]]);
  });
}

void main();
