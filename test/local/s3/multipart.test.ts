import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, type Place } from './fixture.ts';

const MIB = 1024 * 1024;
let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place.close());

const sha = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const read = async (Key: string, Range?: string) => {
  const { Body } = await place.client.send(
    new GetObjectCommand({ Bucket: 'landing', Key, ...(Range ? { Range } : {}) }),
  );
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};
const md5 = (data: Uint8Array) => createHash('md5').update(data).digest();

type Extra = Pick<CreateMultipartUploadCommandInput, 'ChecksumAlgorithm' | 'ChecksumType'>;
async function start(Key: string, extra: Extra = {}) {
  const { UploadId } = await place.client.send(
    new CreateMultipartUploadCommand({ Bucket: 'landing', Key, ContentType: 'text/csv', ...extra }),
  );
  const target = { Bucket: 'landing', Key, UploadId };
  return {
    target,
    part: async (PartNumber: number, Body: Uint8Array) => {
      const sent = await place.client.send(
        new UploadPartCommand({
          ...target,
          PartNumber,
          Body,
          ...(extra.ChecksumAlgorithm ? { ChecksumAlgorithm: extra.ChecksumAlgorithm } : {}),
        }),
      );
      return {
        PartNumber,
        ETag: sent.ETag,
        ChecksumCRC32: sent.ChecksumCRC32,
        ChecksumCRC64NVME: sent.ChecksumCRC64NVME,
      };
    },
    complete: (Parts: object[], more: object = {}) =>
      place.client.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts }, ...more })),
  };
}

describe('Upload of lib-storage', () => {
  it('brings 20 MB in parts, from a stream of unknown length', async () => {
    const chunk = randomBytes(64 * 1024);
    const count = 320;
    const whole = createHash('sha256');
    const source = Readable.from(
      (function* () {
        for (let i = 0; i < count; i++) {
          whole.update(chunk);
          yield chunk;
        }
      })(),
    );
    const upload = new Upload({ client: place.client, params: { Bucket: 'landing', Key: 'big', Body: source } });
    const done = await upload.done();
    expect(done.ETag).toMatch(/-4"$/);
    const back = await read('big');
    expect(back.length).toBe(count * chunk.length);
    expect(sha(back)).toBe(whole.digest('hex'));
    expect((await read('big', `bytes=${5 * MIB - 3}-${5 * MIB + 2}`)).length).toBe(6);
    await place.quiet();
    expect(place.events.map((event) => event.detail.reason)).toEqual(['CompleteMultipartUpload']);
  });
});

describe('multipart by hand', () => {
  it('puts the listed parts together, in their order, and forgets the others with their files', async () => {
    const before = await place.files();
    const { target, part, complete } = await start('parts', { ChecksumAlgorithm: 'CRC32' });
    const [a, b] = [randomBytes(5 * MIB), randomBytes(100)];
    const second = await part(2, b);
    await part(1, randomBytes(5 * MIB));
    const first = await part(1, a);
    await part(3, randomBytes(10));
    const listed = await place.client.send(new ListPartsCommand({ ...target, MaxParts: 2 }));
    expect(listed).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2' });
    expect(listed.Parts?.map((one) => [one.PartNumber, one.Size])).toEqual([
      [1, 5 * MIB],
      [2, 100],
    ]);
    const done = await complete([first, second]);
    expect(done.ETag).toBe(`"${md5(Buffer.concat([md5(a), md5(b)])).toString('hex')}-2"`);
    expect(done.ChecksumType).toBe('COMPOSITE');
    expect(done.ChecksumCRC32).toMatch(/-2$/);
    expect(sha(await read('parts'))).toBe(sha(Buffer.concat([a, b])));
    expect(await place.files()).toBe(before + 2);
    await expect(complete([first])).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('refuses parts that are wrong, out of order, too small or differ from their checksum', async () => {
    const { part, complete, target } = await start('refused', { ChecksumAlgorithm: 'CRC32' });
    const small = await part(1, randomBytes(10));
    const last = await part(2, randomBytes(10));
    await expect(complete([last, small])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([small, last])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete([{ ...last, ETag: '"00"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([{ ...last, ChecksumCRC32: 'AAAAAA==' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([{ ...last, PartNumber: 9 }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([last], { ChecksumCRC32: 'AAAAAA==-1' })).rejects.toMatchObject({ name: 'BadDigest' });
    const wrong = new UploadPartCommand({ ...target, PartNumber: 3, Body: 'x', ChecksumSHA1: 'AAAA' });
    await expect(place.client.send(wrong)).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  it('computes one checksum over the whole where that is asked', async () => {
    const { part, complete } = await start('full', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const parts = [await part(1, Buffer.alloc(5 * MIB, 'a')), await part(2, Buffer.from('b'))];
    const done = await complete(parts);
    const { crc32 } = await import('node:zlib');
    const expected = Buffer.alloc(4);
    expected.writeUInt32BE(crc32(Buffer.concat([Buffer.alloc(5 * MIB, 'a'), Buffer.from('b')])));
    expect(done).toMatchObject({ ChecksumCRC32: expected.toString('base64'), ChecksumType: 'FULL_OBJECT' });
  });

  it('copies parts of another object', async () => {
    const { target, complete } = await start('copied in parts');
    const copy = async (PartNumber: number, CopySourceRange: string) => {
      const sent = await place.client.send(
        new UploadPartCopyCommand({ ...target, PartNumber, CopySource: 'landing/big', CopySourceRange }),
      );
      return { PartNumber, ETag: sent.CopyPartResult?.ETag };
    };
    await complete([await copy(1, `bytes=0-${12 * MIB - 1}`), await copy(2, `bytes=${12 * MIB}-${20 * MIB - 1}`)]);
    expect(sha(await read('copied in parts'))).toBe(sha(await read('big')));
    await expect(copy(3, 'bytes=0-99999999')).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('leaves nothing of an aborted upload', async () => {
    const before = await place.files();
    const { target, part } = await start('aborted');
    await part(1, randomBytes(1000));
    await place.client.send(new AbortMultipartUploadCommand(target));
    expect(await place.files()).toBe(before);
    await expect(part(1, randomBytes(10))).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect(await place.files()).toBe(before);
  });
});
