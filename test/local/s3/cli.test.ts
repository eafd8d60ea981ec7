import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, type Place } from './fixture.ts';

const run = promisify(execFile);
const present = await run('aws', ['--version']).then(
  () => true,
  () => false,
);

let place: Place;
let home: string;
beforeAll(async () => {
  place = await openPlace();
  home = await mkdtemp(join(tmpdir(), 'meldpunt-cli-'));
});
afterAll(async () => {
  await place.close();
  await rm(home, { recursive: true });
});

/** The AWS CLI against the local S3, without any settings of this machine. */
const aws = async (...args: string[]): Promise<string> => {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    AWS_CONFIG_FILE: join(home, 'none'),
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const { stdout } = await run('aws', ['--endpoint-url', place.endpoint, ...args], { env, cwd: home });
  return stdout;
};

describe('the AWS CLI', { timeout: 60_000 }, () => {
  it.runIf(present)('copies files up and down, large ones in parts, and between keys', async () => {
    const large = randomBytes(18 * 1024 * 1024);
    await writeFile(join(home, 'large.bin'), large);
    await writeFile(join(home, 'a b+é.csv'), 'x;y\r\n');
    await aws('s3', 'cp', 'large.bin', 's3://landing/big/large.bin');
    await aws('s3', 'cp', 'a b+é.csv', 's3://landing/inbox/pre wonen/');
    expect(await aws('s3', 'ls', 's3://landing/inbox/pre wonen/')).toContain('a b+é.csv');
    expect(await aws('s3', 'ls', 's3://landing/', '--recursive')).toMatch(/18874368 big\/large.bin/);
    await aws('s3', 'cp', 's3://landing/big/large.bin', 's3://landing/big/copy.bin');
    await aws('s3', 'mv', 's3://landing/big/copy.bin', 'back.bin');
    expect((await readFile(join(home, 'back.bin'))).equals(large)).toBe(true);
    await aws('s3', 'rm', 's3://landing/big/', '--recursive');
    expect(await aws('s3', 'ls', 's3://landing/')).not.toContain('big/');
  });

  it.runIf(present)('syncs a folder both ways and a second time does nothing', async () => {
    await mkdir(join(home, 'up/deep'), { recursive: true });
    for (const name of ['one.txt', 'deep/two & <3>.txt', 'deep/%41.txt']) await writeFile(join(home, 'up', name), name);
    place.clock.set('2030-01-01T00:00:00Z');
    expect((await aws('s3', 'sync', 'up', 's3://plain/sync')).match(/upload:/g)).toHaveLength(3);
    expect(await aws('s3', 'sync', 'up', 's3://plain/sync')).toBe('');
    await aws('s3', 'sync', 's3://plain/sync', 'down');
    expect(await readFile(join(home, 'down/deep/two & <3>.txt'), 'utf8')).toBe('deep/two & <3>.txt');
    expect(await readFile(join(home, 'down/deep/%41.txt'), 'utf8')).toBe('deep/%41.txt');
  });

  it.runIf(present)('speaks s3api', async () => {
    await writeFile(join(home, 'small'), 'hello');
    const at = ['--bucket', 'landing', '--key', 'api/../x'];
    const put = JSON.parse(
      await aws('s3api', 'put-object', ...at, '--body', 'small', '--checksum-algorithm', 'SHA256'),
    );
    await aws('s3api', 'get-object', ...at, '--version-id', put.VersionId, '--range', 'bytes=1-3', 'part');
    expect(await readFile(join(home, 'part'), 'utf8')).toBe('ell');
    expect(JSON.parse(await aws('s3api', 'head-object', ...at))).toMatchObject({
      ContentLength: 5,
      VersionId: put.VersionId,
    });
    const copy = ['--bucket', 'landing', '--key', 'api/copy', '--copy-source', 'landing/api/../x'];
    expect(JSON.parse(await aws('s3api', 'copy-object', ...copy)).CopyObjectResult.ETag).toBe(put.ETag);
    const under = ['--bucket', 'landing', '--prefix', 'api/'];
    expect(JSON.parse(await aws('s3api', 'list-objects-v2', ...under, '--page-size', '1')).Contents).toHaveLength(2);
    await aws('s3api', 'delete-object', ...at);
    const versions = JSON.parse(await aws('s3api', 'list-object-versions', ...under, '--page-size', '1'));
    expect([versions.Versions.length, versions.DeleteMarkers.length]).toEqual([2, 1]);
    const which = JSON.stringify({ Objects: [{ Key: 'api/../x', VersionId: put.VersionId }, { Key: 'api/copy' }] });
    expect(
      JSON.parse(await aws('s3api', 'delete-objects', '--bucket', 'landing', '--delete', which)).Deleted,
    ).toHaveLength(2);
    expect(JSON.parse(await aws('s3api', 'list-buckets')).Buckets).toHaveLength(2);
    await aws('s3api', 'head-bucket', '--bucket', 'plain');
    expect(JSON.parse(await aws('s3api', 'get-bucket-location', '--bucket', 'plain')).LocationConstraint).toBe(
      'eu-west-1',
    );
    expect(JSON.parse(await aws('s3api', 'get-bucket-versioning', '--bucket', 'landing')).Status).toBe('Enabled');
    await expect(aws('s3api', 'get-bucket-acl', '--bucket', 'landing')).rejects.toThrow(/NotImplemented.*acl/);
  });
});
