import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectAclCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, type Place } from './fixture.ts';

let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place.close());

type PutInput = ConstructorParameters<typeof PutObjectCommand>[0];
const put = (Key: string, Body: NonNullable<PutInput['Body']>, more: Partial<PutInput> = {}) =>
  place.client.send(new PutObjectCommand({ Bucket: 'landing', Key, Body, ...more }));
const text = async (Key: string, more: { Range?: string; VersionId?: string; Bucket?: string } = {}) => {
  const { Body } = await place.client.send(new GetObjectCommand({ Bucket: 'landing', Key, ...more }));
  return Body?.transformToString();
};
const failure = async (
  promise: Promise<unknown>,
): Promise<{ name: string; status: number | undefined; message: string }> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return { name, status: $metadata?.httpStatusCode, message };
};
const md5 = (data: Uint8Array) => createHash('md5').update(data).digest('hex');

describe('put, get and head', () => {
  it('keeps bytes, content type, metadata and the MD5 as ETag', async () => {
    const data = randomBytes(300_000);
    const { ETag, VersionId } = await put('a/b.bin', data, {
      ContentType: 'text/csv',
      Metadata: { party: 'pre-wonen' },
    });
    expect(ETag).toBe(`"${md5(data)}"`);
    const got = await place.client.send(new GetObjectCommand({ Bucket: 'landing', Key: 'a/b.bin' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(data)).toBe(true);
    expect(got).toMatchObject({
      ContentType: 'text/csv',
      Metadata: { party: 'pre-wonen' },
      ETag,
      VersionId,
      ContentLength: 300_000,
    });
    const head = await place.client.send(new HeadObjectCommand({ Bucket: 'landing', Key: 'a/b.bin' }));
    expect(head).toMatchObject({ ContentLength: 300_000, LastModified: new Date('2026-03-02T09:00:00Z') });
  });

  it('takes a streamed body of known length with a trailing checksum (aws-chunked) byte for byte', async () => {
    const pieces = Array.from({ length: 40 }, (_, i) => randomBytes(i * 1000 + 1));
    const whole = Buffer.concat(pieces);
    for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const) {
      const { ETag } = await put('streamed', Readable.from(pieces), { ContentLength: whole.length, ChecksumAlgorithm });
      expect(ETag).toBe(`"${md5(whole)}"`);
    }
    const head = await place.client.send(
      new GetObjectCommand({ Bucket: 'landing', Key: 'streamed', ChecksumMode: 'ENABLED' }),
    );
    expect(head.ChecksumSHA256).toBe(createHash('sha256').update(whole).digest('base64'));
    expect(head.ContentEncoding).toBeUndefined();
    await head.Body?.transformToByteArray();
  });

  it('reads ranges and honours conditions', async () => {
    const { ETag } = await put('range', '0123456789');
    expect(await text('range', { Range: 'bytes=2-4' })).toBe('234');
    expect(await text('range', { Range: 'bytes=7-' })).toBe('789');
    expect(await text('range', { Range: 'bytes=-3' })).toBe('789');
    expect(await text('range', { Range: 'bytes=5-99' })).toBe('56789');
    const got = await place.client.send(new GetObjectCommand({ Bucket: 'landing', Key: 'range', Range: 'bytes=0-0' }));
    expect(got).toMatchObject({ ContentRange: 'bytes 0-0/10', ContentLength: 1 });
    await got.Body?.transformToString();
    expect(await failure(text('range', { Range: 'bytes=10-' }))).toMatchObject({ name: 'InvalidRange', status: 416 });
    const get = (more: object) => place.client.send(new GetObjectCommand({ Bucket: 'landing', Key: 'range', ...more }));
    expect(await failure(get({ IfNoneMatch: ETag }))).toMatchObject({ status: 304 });
    expect(await failure(get({ IfMatch: '"0"' }))).toMatchObject({ name: 'PreconditionFailed', status: 412 });
    expect(await failure(get({ IfModifiedSince: new Date('2026-03-02T09:00:00Z') }))).toMatchObject({ status: 304 });
    expect(await failure(get({ IfUnmodifiedSince: new Date('2026-03-01') }))).toMatchObject({ status: 412 });
  });

  it('answers what is missing as S3 does', async () => {
    expect(await failure(text('nothing'))).toMatchObject({ name: 'NoSuchKey', status: 404 });
    expect(await failure(text('x', { Bucket: 'no-such-bucket' }))).toMatchObject({ name: 'NoSuchBucket', status: 404 });
    const head = place.client.send(new HeadObjectCommand({ Bucket: 'landing', Key: 'nothing' }));
    expect(await failure(head)).toMatchObject({ name: 'NotFound', status: 404 });
  });

  it('takes keys as they are: put, listed and read back (property)', async () => {
    const part = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        ' ',
        '+',
        '%',
        '%2F',
        'é',
        '€',
        '/',
        '//',
        '&',
        '<',
        '"',
        "'",
        '?',
        '#',
        '\\',
        '~',
        '😀',
        '=',
        ';',
        'a b',
      ),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
    );
    const keys = fc
      .array(part, { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join(''))
      .filter((key) => Buffer.byteLength(key) <= 1000);
    await fc.assert(
      fc.asyncProperty(keys, async (tail) => {
        const key = `p/${tail}`;
        await place.client.send(new PutObjectCommand({ Bucket: 'plain', Key: key, Body: key }));
        expect(await text(key, { Bucket: 'plain' })).toBe(key);
        const list = await place.client.send(
          new ListObjectsV2Command({ Bucket: 'plain', Prefix: key, EncodingType: 'url' }),
        );
        expect(list.Contents?.map((one) => decodeURIComponent(one.Key ?? ''))).toContain(key);
      }),
      { numRuns: 150 },
    );
  });

  it('takes a key of 1,024 bytes and refuses one more', async () => {
    await put('é'.repeat(512), 'x');
    expect(await text('é'.repeat(512))).toBe('x');
    expect(await failure(put(`${'é'.repeat(512)}x`, 'x'))).toMatchObject({ name: 'KeyTooLongError', status: 400 });
  });
});

describe('checksums', () => {
  it('refuses a body that differs from its checksum and stores nothing of it', async () => {
    const before = await place.files();
    for (const wrong of [
      { ChecksumCRC32: 'AAAAAA==' },
      { ChecksumCRC32C: 'AAAAAA==' },
      { ChecksumCRC64NVME: 'AAAAAAAAAAA=' },
      { ChecksumSHA1: Buffer.alloc(20).toString('base64') },
      { ChecksumSHA256: Buffer.alloc(32).toString('base64') },
      { ContentMD5: Buffer.alloc(16).toString('base64') },
    ]) {
      expect(await failure(put('wrong', 'body', wrong))).toMatchObject({ name: 'BadDigest', status: 400 });
    }
    expect(await failure(put('wrong', 'body', { ContentMD5: 'AAAA' }))).toMatchObject({ name: 'InvalidDigest' });
    expect(await failure(text('wrong'))).toMatchObject({ name: 'NoSuchKey' });
    expect(await place.files()).toBe(before);
  });

  it('refuses a wrong trailer and a broken frame, takes the right one', async () => {
    const send = (body: string, length = 5) =>
      fetch(`${place.endpoint}/landing/framed`, {
        method: 'PUT',
        headers: {
          'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
          'content-encoding': 'gzip,aws-chunked',
          'x-amz-decoded-content-length': String(length),
          'x-amz-trailer': 'x-amz-checksum-crc32',
        },
        body,
      }).then(async (response) => `${response.status} ${/<Code>(\w+)/.exec(await response.text())?.[1] ?? ''}`.trim());
    const frame = (sum: string) =>
      `2;chunk-signature=ab\r\nhe\r\n3;chunk-signature=cd\r\nllo\r\n0;chunk-signature=ef\r\nx-amz-checksum-crc32:${sum}\r\nx-amz-trailer-signature:00\r\n\r\n`;
    expect(await send(frame('NhCmhg=='))).toBe('200');
    expect(await text('framed')).toBe('hello');
    expect(await send(frame('NhCmhQ=='))).toBe('400 BadDigest');
    expect(await send('5\r\nhello\r\n0\r\n\r\n')).toBe('400 MalformedTrailerError');
    expect(await send('5\r\nhelloX\r\n0\r\n\r\n')).toBe('400 IncompleteBody');
    expect(await send('5\r\nhel')).toBe('400 IncompleteBody');
    expect(await send(frame('NhCmhg=='), 6)).toBe('400 IncompleteBody');
    const head = await place.client.send(new HeadObjectCommand({ Bucket: 'landing', Key: 'framed' }));
    expect(head.ContentEncoding).toBe('gzip');
  });
});

describe('versions', () => {
  it('keeps every version, marks deletions and can take one away again', async () => {
    const one = await put('v', 'one');
    place.clock.set('2026-03-03T10:00:00Z');
    const two = await put('v', 'two');
    expect(await text('v')).toBe('two');
    expect(await text('v', { VersionId: one.VersionId ?? '' })).toBe('one');
    const gone = await place.client.send(new DeleteObjectCommand({ Bucket: 'landing', Key: 'v' }));
    expect(gone.DeleteMarker).toBe(true);
    expect(await failure(text('v'))).toMatchObject({ name: 'NoSuchKey' });
    expect(await failure(text('v', { VersionId: gone.VersionId ?? '' }))).toMatchObject({
      name: 'MethodNotAllowed',
      status: 405,
    });

    const listed = await place.client.send(new ListObjectVersionsCommand({ Bucket: 'landing', Prefix: 'v' }));
    expect(listed.Versions?.map((v) => [v.VersionId, v.IsLatest, v.Size])).toEqual([
      [two.VersionId, false, 3],
      [one.VersionId, false, 3],
    ]);
    expect(listed.DeleteMarkers?.map((v) => [v.VersionId, v.IsLatest])).toEqual([[gone.VersionId, true]]);
    const page = await place.client.send(new ListObjectVersionsCommand({ Bucket: 'landing', Prefix: 'v', MaxKeys: 2 }));
    const rest = await place.client.send(
      new ListObjectVersionsCommand({
        Bucket: 'landing',
        Prefix: 'v',
        KeyMarker: page.NextKeyMarker,
        VersionIdMarker: page.NextVersionIdMarker,
      }),
    );
    expect(rest.Versions?.map((v) => v.VersionId)).toEqual([one.VersionId]);

    await place.client.send(new DeleteObjectCommand({ Bucket: 'landing', Key: 'v', VersionId: gone.VersionId }));
    expect(await text('v')).toBe('two');
    await place.client.send(new DeleteObjectCommand({ Bucket: 'landing', Key: 'v', VersionId: two.VersionId }));
    expect(await text('v')).toBe('one');
    expect(await failure(text('v', { VersionId: two.VersionId ?? '' }))).toMatchObject({
      name: 'NoSuchVersion',
      status: 404,
    });
    expect(await failure(text('v', { VersionId: 'nonsense' }))).toMatchObject({ name: 'InvalidArgument', status: 400 });
  });

  it('replaces the object and its file where versioning is off', async () => {
    const before = await place.files();
    const once = new PutObjectCommand({ Bucket: 'plain', Key: 'again', Body: 'one' });
    expect((await place.client.send(once)).VersionId).toBeUndefined();
    await place.client.send(new PutObjectCommand({ Bucket: 'plain', Key: 'again', Body: 'two' }));
    expect(await place.files()).toBe(before + 1);
    await place.client.send(new DeleteObjectCommand({ Bucket: 'plain', Key: 'again' }));
    expect(await place.files()).toBe(before);
    await place.client.send(new DeleteObjectCommand({ Bucket: 'plain', Key: 'again' }));
  });
});

describe('conditional writes', () => {
  it('lets exactly one of many writers create a key', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) => put('once', `writer ${i}`, { IfNoneMatch: '*' })),
    );
    const won = tries.findIndex((one) => one.status === 'fulfilled');
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    for (const one of tries)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ name: 'PreconditionFailed' });
    expect(await text('once')).toBe(`writer ${won}`);
  });

  it('replaces only what the writer has seen', async () => {
    const first = await put('seen', 'one');
    const second = await put('seen', 'two', { IfMatch: first.ETag });
    expect(await failure(put('seen', 'three', { IfMatch: first.ETag }))).toMatchObject({ name: 'PreconditionFailed' });
    expect(await failure(put('not there', 'x', { IfMatch: second.ETag }))).toMatchObject({ name: 'NoSuchKey' });
    expect(await text('seen')).toBe('two');
  });
});

describe('copies and deletes', () => {
  it('copies bytes, headers and metadata, or replaces them', async () => {
    await put('from é+%/x', 'content', { ContentType: 'text/plain', Metadata: { a: '1' } });
    const copy = (Key: string, more: object = {}) =>
      place.client.send(
        new CopyObjectCommand({
          Bucket: 'plain',
          Key,
          CopySource: `landing/${encodeURIComponent('from é+%/x')}`,
          ...more,
        }),
      );
    const done = await copy('kept');
    expect(done.CopyObjectResult?.ETag).toBe(`"${md5(Buffer.from('content'))}"`);
    const kept = await place.client.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'kept' }));
    expect(kept).toMatchObject({ ContentType: 'text/plain', Metadata: { a: '1' } });
    await copy('replaced', { MetadataDirective: 'REPLACE', Metadata: { b: '2' } });
    const replaced = await place.client.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'replaced' }));
    expect(replaced.Metadata).toEqual({ b: '2' });
    const itself = new CopyObjectCommand({ Bucket: 'plain', Key: 'kept', CopySource: 'plain/kept' });
    expect(await failure(place.client.send(itself))).toMatchObject({ name: 'InvalidRequest' });
    expect(await failure(copy('x', { CopySourceIfNoneMatch: '*' }))).toMatchObject({ name: 'PreconditionFailed' });
  });

  it('deletes a thousand odd keys in one call', async () => {
    const keys = Array.from({ length: 1000 }, (_, i) => `many/${'&<>"é '.repeat(20)}${i}`);
    await Promise.all(
      keys.slice(0, 30).map((Key) => place.client.send(new PutObjectCommand({ Bucket: 'plain', Key, Body: 'x' }))),
    );
    const result = await place.client.send(
      new DeleteObjectsCommand({ Bucket: 'plain', Delete: { Objects: keys.map((Key) => ({ Key })) } }),
    );
    expect(result.Deleted?.map((one) => one.Key)).toEqual(keys);
    const left = await place.client.send(new ListObjectsV2Command({ Bucket: 'plain', Prefix: 'many/' }));
    expect(left.KeyCount).toBe(0);
  });
});

describe('buckets', () => {
  it('lists them and tells what they are', async () => {
    const { Buckets } = await place.client.send(new ListBucketsCommand({}));
    expect(Buckets?.map((one) => one.Name)).toEqual(['landing', 'plain']);
    await place.client.send(new HeadBucketCommand({ Bucket: 'plain' }));
    const location = await place.client.send(new GetBucketLocationCommand({ Bucket: 'plain' }));
    expect(location.LocationConstraint).toBe('eu-west-1');
    const versioning = (Bucket: string) => place.client.send(new GetBucketVersioningCommand({ Bucket }));
    expect((await versioning('landing')).Status).toBe('Enabled');
    expect((await versioning('plain')).Status).toBeUndefined();
  });
});

describe('the unknown', () => {
  it('is refused by name: actions, parameters, headers', async () => {
    const acl = place.client.send(new PutObjectAclCommand({ Bucket: 'landing', Key: 'a', ACL: 'private' }));
    expect((await failure(acl)).message).toContain('acl');
    expect((await failure(put('t', 'x', { Tagging: 'a=b' }))).message).toContain('x-amz-tagging');
    expect((await failure(put('t', 'x', { StorageClass: 'GLACIER' }))).message).toContain('GLACIER');
    expect((await failure(put('t', 'x', { ACL: 'public-read' }))).message).toContain('public-read');
    const deletion = place.client.send(new DeleteObjectCommand({ Bucket: 'landing', Key: 'a', IfMatch: '"x"' }));
    expect(await failure(deletion)).toMatchObject({
      name: 'NotImplemented',
      status: 501,
      message: expect.stringContaining('if-match'),
    });
    await put('t', 'x', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'any' });
  });
});
