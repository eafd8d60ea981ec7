import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '../../../infra/local/s3/store.ts';
import { openPlace, type Place } from './fixture.ts';

let place: Place;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

const put = (Key: string, Bucket = 'landing') =>
  place.client.send(new PutObjectCommand({ Bucket, Key, Body: `body of ${Key}` }));

it('sends one event of AWS shape per creation and deletion, keys as they are, in buckets that ask for it', async () => {
  const created = await put('inbox/pre-wonen/a b+é%.csv');
  await put('x', 'plain');
  const deleted = await place.client.send(
    new DeleteObjectCommand({ Bucket: 'landing', Key: 'inbox/pre-wonen/a b+é%.csv' }),
  );
  await place.client.send(
    new DeleteObjectCommand({ Bucket: 'landing', Key: 'inbox/pre-wonen/a b+é%.csv', VersionId: created.VersionId }),
  );
  await place.quiet();
  expect(place.events).toHaveLength(3);
  expect(place.events[0]).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '000000000000',
    time: '2026-03-02T09:00:00Z',
    region: 'eu-west-1',
    resources: ['arn:aws:s3:::landing'],
    detail: {
      version: '0',
      bucket: { name: 'landing' },
      object: {
        key: 'inbox/pre-wonen/a b+é%.csv',
        size: 35,
        etag: created.ETag?.replaceAll('"', ''),
        'version-id': created.VersionId,
        sequencer: expect.stringMatching(/^[0-9A-F]{16}$/),
      },
      'request-id': expect.stringMatching(/^[0-9A-F]{16}$/),
      requester: '000000000000',
      'source-ip-address': '127.0.0.1',
      reason: 'PutObject',
    },
  });
  expect(place.events.slice(1).map(({ detail }) => [detail['deletion-type'], detail.object['version-id']])).toEqual([
    ['Delete Marker Created', deleted.VersionId],
    ['Permanently Deleted', created.VersionId],
  ]);
});

it('holds a jumping clock until the event was taken', async () => {
  let take: (() => void) | undefined;
  place.onEvent = () => new Promise((resolve) => (take = resolve));
  await put('held');
  await expect.poll(() => take).toBeDefined();
  expect(place.clock.busy()).toBeGreaterThan(0);
  take?.();
  await place.quiet();
});

it('keeps everything over a reopening and sends again the events nobody took', async () => {
  const refused = new Set<string>();
  place.onEvent = async (event) => {
    refused.add(event.id);
    throw new Error('not now');
  };
  const one = await put('a');
  await put('b');
  await place.quiet();
  expect(refused.size).toBe(2);
  place.onEvent = async (event) => void place.events.push(event);
  await place.reopen();
  await place.quiet();
  expect(place.events.map((event) => event.id)).toEqual([...refused]);
  expect(place.events.map((event) => event.detail.object.key)).toEqual(['a', 'b']);
  const got = await place.client.send(new GetObjectCommand({ Bucket: 'landing', Key: 'a', VersionId: one.VersionId }));
  expect(await got.Body?.transformToString()).toBe('body of a');
  await place.reopen();
  await place.quiet();
  expect(place.events).toHaveLength(2);
  await put('c');
  await place.quiet();
  expect(place.events).toHaveLength(3);
});

it('tries a refused event again by itself', async () => {
  let refusals = 0;
  place.onEvent = async (event) => {
    if (refusals++ === 0) throw new Error('not now');
    place.events.push(event);
  };
  await put('again');
  await expect.poll(() => place.events.length, { timeout: 4_000 }).toBe(1);
});

it('removes at the start the files of uploads that were under way', async () => {
  const home = await mkdtemp(join(tmpdir(), 'meldpunt-litter-'));
  const db = new ClassicLevel(join(home, 'db'));
  const objects = join(home, 'objects');
  const { writeFile } = await import('node:fs/promises');
  const store = await openStore(db, objects);
  // Never finished, as after a kill in the middle.
  void store.withNewFile(
    async (path) => {
      await writeFile(path, 'half');
      return new Promise(() => undefined);
    },
    async () => undefined,
  );
  const files = async () =>
    (await readdir(objects, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  await expect.poll(async () => (await files().catch(() => [])).length).toBe(1);
  await openStore(db, objects);
  expect(await files()).toEqual([]);
  await db.close();
  await rm(home, { recursive: true });
});

it('after kill -9 in the middle of uploads has every acknowledged object and its event, and no forgotten file', async () => {
  const home = await mkdtemp(join(tmpdir(), 'meldpunt-kill-'));
  const program = fileURLToPath(new URL('./serve.ts', import.meta.url));
  const serve = async () => {
    const child = fork(program, [home], { execArgv: ['--import', 'tsx'], stdio: 'inherit' });
    const told = new Set<string>();
    const endpoint = await new Promise<string>((resolve) =>
      child.on('message', (message: { endpoint?: string; event?: string }) => {
        if (message.endpoint !== undefined) resolve(message.endpoint);
        if (message.event !== undefined) told.add(message.event);
      }),
    );
    const client = new S3Client({
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'l', secretAccessKey: 'l' },
      maxAttempts: 1,
    });
    return { child, client, told };
  };
  const first = await serve();
  const acknowledged = new Set<string>();
  const body = (key: string) => `${key} `.repeat(5_000);
  const write = async (writer: number) => {
    for (let i = 0; ; i++) {
      const Key = `w${writer}/${i}`;
      await first.client.send(new PutObjectCommand({ Bucket: 'landing', Key, Body: body(Key) }));
      acknowledged.add(Key);
      if (acknowledged.size === 60) first.child.kill('SIGKILL');
    }
  };
  await Promise.allSettled([0, 1, 2, 3].map(write));
  expect(acknowledged.size).toBeGreaterThanOrEqual(60);

  const second = await serve();
  const { told } = second;
  for (const Key of acknowledged) {
    const { Body } = await second.client.send(new GetObjectCommand({ Bucket: 'landing', Key }));
    expect(await Body?.transformToString()).toBe(body(Key));
  }
  await expect.poll(() => [...acknowledged].filter((key) => !told.has(key)), { timeout: 5_000 }).toEqual([]);
  const files = (await readdir(join(home, 'objects'), { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  );
  // An upload may have been stored without its answer getting out; then it has its event too.
  expect(files.length).toBe(told.size);
  const gone = once(second.child, 'exit');
  second.child.kill('SIGKILL');
  await gone;
  await rm(home, { recursive: true });
}, 30_000);
