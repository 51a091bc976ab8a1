import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { paths } from './generated/schema';
import { base, device, key, name, otherDevices, task, token, zipFile, zipSize } from './tasks';

async function caller(query: string) {
  const headers = { Authorization: `Bearer ${await token(query)}` };
  return createClient<paths>({ baseUrl: base, headers });
}

async function main(): Promise<void> {
  const user = await caller(`user=${name}`);
  const other = await caller(`user=${name}-other`);
  const operator = await caller('operator=olga');
  const path = { deviceid: device };

  await task('register', async () => {
    const { data } = await user.PUT('/v1/user/devices/{deviceid}', {
      params: { path },
      body: { devicetype: name, region: 'dk', devicename: 'Kitchen', power: { bootcount: 1, runtime: 5 } },
    });
    assert.deepEqual([data?.deviceid, data?.devicename], [device, 'Kitchen']);
  });
  await task('change', async () => {
    await user.PUT('/v1/user/devices/{deviceid}', { params: { path }, body: { power: { bootcount: 6 } } });
    const { data } = await user.GET('/v1/devices/{deviceid}', { params: { path } });
    assert.deepEqual(
      [data?.devicetype, data?.region, data?.devicename, data?.power?.bootcount, data?.power?.runtime],
      [name, 'dk', 'Kitchen', 6, 5],
    );
  });
  await task('claim', async () => {
    const { data } = await user.PUT('/v1/user/devices/owner/{deviceid}', { params: { path } });
    assert.equal(data?.deviceid, device);
  });
  await task('conflict', async () => {
    const { error, response } = await other.PUT('/v1/user/devices/owner/{deviceid}', { params: { path } });
    assert(error !== undefined && 'type' in error);
    assert.deepEqual([response.status, error.type, error.yours], [409, 'urn:fleetwell:problem:already-owned', false]);
  });
  await task('pages', async () => {
    for (const deviceid of otherDevices) {
      await user.PUT('/v1/user/devices/{deviceid}', { params: { path: { deviceid } }, body: {} });
    }
    const ids: string[] = [];
    let pages = 0;
    let cursor: string | undefined;
    do {
      const query = { limit: 1, ...(cursor === undefined ? {} : { cursor }) };
      const { data } = await user.GET('/v1/user/devices', { params: { query } });
      assert(data !== undefined);
      ids.push(...data.devices.map((d) => d.deviceid));
      cursor = data.next;
      pages++;
    } while (cursor !== undefined);
    assert.deepEqual(ids, [device, ...otherDevices]);
    assert(pages >= 3);
  });
  await task('upload', async () => {
    const form = new FormData();
    form.append('file', zipFile());
    const { data } = await user.POST('/v1/devices/{deviceid}/logs/{logtype}', {
      params: { path: { ...path, logtype: 'crash' } },
      // openapi-typescript types a file as a string; its documentation tells to send a form in this way.
      body: { file: '' },
      bodySerializer: () => form,
    });
    assert.deepEqual([data?.deviceid, data?.size, data?.by], [device, zipSize(), 'owner']);
  });
  await task('key', async () => {
    await operator.PUT('/v1/devices/{deviceid}/keys/{kid}', {
      params: { path: { ...path, kid: 'factory' } },
      body: key,
    });
    const { data } = await operator.GET('/v1/devices/{deviceid}/keys', { params: { path } });
    const read = data?.keys[0];
    assert.deepEqual([read?.kid, read?.kty, read?.crv, read?.x, read?.y], ['factory', key.kty, key.crv, key.x, key.y]);
    assert(!Number.isNaN(Date.parse(read?.created ?? '')));
  });
  let published = '';
  await task('publish', async () => {
    const { data } = await operator.POST('/v1/firmware', {
      body: {
        devicetype: name,
        region: '*',
        version: '124',
        downloadurl: 'https://downloads.example/124.bin',
        releasenotes: [{ lang: 'en', body: 'Faster.' }],
      },
    });
    assert(data !== undefined);
    assert.equal(data.version, '124');
    published = data.id;
  });
  await task('check', async () => {
    const { data } = await user.GET('/v1/devices/firmware', { params: { query: { deviceid: device } } });
    assert.deepEqual([data?.id, data?.releasenotes?.[0]?.body], [published, 'Faster.']);
  });
  await task('list', async () => {
    const { data } = await operator.GET('/v1/firmware', { params: { query: { devicetype: name } } });
    assert.deepEqual(data?.firmware.map((f) => [f.id, f.mandatory]), [[published, false]]);
  });
}

void main();
