import {
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { after } from '../../../infra/local/s3/store.ts';
import { openPlace, type Place } from './fixture.ts';

let place: Place;
const KEYS = [
  'a',
  'a/',
  'a/1',
  'a/2',
  'a/b/1',
  'a/b/2',
  'a0',
  'b',
  'b//x',
  'b/y',
  'c+d/e f',
  'c+d/é',
  'd\u{ffff}/x',
  'd\u{10ffff}/x',
  'e',
  'é/1',
  '€',
  '😀',
];
const sorted = (keys: readonly string[]) => [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** What S3 lists, computed the plain way: keys, or the common prefix of those that share one, in byte order. */
function expected(prefix: string, delimiter: string): string[] {
  const lines = KEYS.filter((key) => key.startsWith(prefix)).map((key) => {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return end < 0 ? key : `${key.slice(0, end + delimiter.length)}…`;
  });
  return sorted([...new Set(lines)]);
}

beforeAll(async () => {
  place = await openPlace();
  for (const Key of KEYS) await place.client.send(new PutObjectCommand({ Bucket: 'landing', Key, Body: Key }));
});
afterAll(() => place.close());

const asked = fc.record({
  Prefix: fc.constantFrom('', 'a', 'a/', 'b', 'b/', 'c+', 'd', 'é', 'zz'),
  Delimiter: fc.constantFrom('', '/', '//', 'b'),
  MaxKeys: fc.integer({ min: 1, max: 5 }),
});
type Page = {
  Contents?: { Key?: string | undefined }[] | undefined;
  CommonPrefixes?: { Prefix?: string | undefined }[] | undefined;
};
const plain = (text = '') => decodeURIComponent(text);
const lines = (page: Page) =>
  sorted([
    ...(page.Contents ?? []).map((one) => plain(one.Key)),
    ...(page.CommonPrefixes ?? []).map((one) => `${plain(one.Prefix)}…`),
  ]);

it('lists page by page what a plain sort and group gives, V2 (property)', async () => {
  await fc.assert(
    fc.asyncProperty(asked, async (query) => {
      const found: string[] = [];
      let token: string | undefined;
      do {
        const page = await place.client.send(
          new ListObjectsV2Command({
            Bucket: 'landing',
            EncodingType: 'url',
            ...query,
            ...(token ? { ContinuationToken: token } : {}),
          }),
        );
        expect(page.KeyCount).toBeLessThanOrEqual(query.MaxKeys);
        found.push(...lines(page));
        token = page.IsTruncated ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
      expect(found).toEqual(expected(query.Prefix, query.Delimiter));
    }),
    { numRuns: 60 },
  );
});

it('lists the same with V1 markers (property)', async () => {
  await fc.assert(
    fc.asyncProperty(asked, async (query) => {
      const found: string[] = [];
      let Marker: string | undefined;
      for (;;) {
        const page = await place.client.send(
          new ListObjectsCommand({ Bucket: 'landing', EncodingType: 'url', ...query, ...(Marker ? { Marker } : {}) }),
        );
        found.push(...lines(page));
        if (!page.IsTruncated) break;
        Marker = plain(page.NextMarker ?? page.Contents?.at(-1)?.Key);
      }
      expect(found).toEqual(expected(query.Prefix, query.Delimiter));
    }),
    { numRuns: 60 },
  );
});

it('lists versions with prefixes and pages (property)', async () => {
  await fc.assert(
    fc.asyncProperty(asked, async (query) => {
      const found: string[] = [];
      let markers = {};
      for (;;) {
        const page = await place.client.send(
          new ListObjectVersionsCommand({ Bucket: 'landing', EncodingType: 'url', ...query, ...markers }),
        );
        found.push(...lines({ Contents: page.Versions, CommonPrefixes: page.CommonPrefixes }));
        if (!page.IsTruncated) break;
        markers = {
          KeyMarker: plain(page.NextKeyMarker),
          ...(page.NextVersionIdMarker ? { VersionIdMarker: page.NextVersionIdMarker } : {}),
        };
      }
      expect(found).toEqual(expected(query.Prefix, query.Delimiter));
    }),
    { numRuns: 40 },
  );
});

it('starts after a key, and after nothing lists nothing', async () => {
  const page = await place.client.send(new ListObjectsV2Command({ Bucket: 'landing', StartAfter: 'e', Prefix: '' }));
  expect(page.Contents?.map((one) => one.Key)).toEqual(['é/1', '€', '😀']);
  const none = await place.client.send(new ListObjectsV2Command({ Bucket: 'landing', MaxKeys: 0 }));
  expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
});

it('finds the end of a prefix in byte order (property)', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 });
  const bytes = (one: string) => Buffer.from(one);
  fc.assert(
    fc.property(text, text, (prefix, rest) => {
      expect(Buffer.compare(bytes(prefix + rest), bytes(after(prefix)))).toBe(-1);
      if (!rest.startsWith(prefix) && Buffer.compare(bytes(rest), bytes(prefix)) > 0) {
        expect(Buffer.compare(bytes(rest), bytes(after(prefix)))).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
