import { ACCOUNT, AwsError } from '../contract.ts';
import { toXml, type XmlNode } from '../xml.ts';
import { type Context, peekVersion, quoted } from './objects.ts';
import { intQuery, type S3Answer, type S3Request } from './request.ts';
import { after, at, type Bucket, type ObjectData, type ObjectVersion } from './store.ts';

const MAX_KEYS = 1000;

type Listed<T> = { readonly entry: T } | { readonly commonPrefix: string };
type Page<T> = { readonly items: readonly Listed<T>[]; readonly truncated: boolean };
type Range = { readonly gte: string; readonly lt: string };

/**
 * One page out of a sorted range: entries, or the common prefix of all that share one up to the delimiter. A whole common prefix is
 * jumped over with one seek, so that a page costs as many reads as it has lines.
 */
async function readPage<T extends { readonly key: string }>(
  context: Context,
  range: Range,
  options: { prefix: string; delimiter: string; max: number; seekAfter: (commonPrefix: string) => string },
): Promise<Page<T>> {
  const { prefix, delimiter, max, seekAfter } = options;
  const items: Listed<T>[] = [];
  const iterator = context.store.iterate<T>(range);
  try {
    for (let next = await iterator.next(); next !== undefined; next = await iterator.next()) {
      if (items.length >= max) return { items, truncated: max > 0 };
      const entry = next[1];
      const end = delimiter === '' ? -1 : entry.key.indexOf(delimiter, prefix.length);
      if (end < 0) {
        items.push({ entry });
      } else {
        const commonPrefix = entry.key.slice(0, end + delimiter.length);
        items.push({ commonPrefix });
        iterator.seek(seekAfter(commonPrefix));
      }
    }
    return { items, truncated: false };
  } finally {
    await iterator.close();
  }
}

type Asked = {
  prefix: string;
  delimiter: string;
  max: number;
  encode: (text: string) => string;
  encoding: string | undefined;
};

function readAsked(request: S3Request): Asked {
  const encoding = request.query.get('encoding-type');
  if (encoding !== undefined && encoding !== 'url')
    throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified in Request');
  return {
    prefix: request.query.get('prefix') ?? '',
    delimiter: request.query.get('delimiter') ?? '',
    max: intQuery(request, 'max-keys', MAX_KEYS, MAX_KEYS),
    encode: encoding === 'url' ? (text) => encodeURIComponent(text).replaceAll('%2F', '/') : (text) => text,
    encoding,
  };
}

const OWNER = { ID: ACCOUNT };

const contents = (version: ObjectData, asked: Asked, owner: boolean): XmlNode => ({
  Key: asked.encode(version.key),
  LastModified: new Date(version.modified).toISOString(),
  ETag: quoted(version.etag),
  ...(version.checksum === undefined
    ? {}
    : { ChecksumAlgorithm: version.checksum.algorithm, ChecksumType: version.checksum.type }),
  Size: version.size,
  StorageClass: 'STANDARD',
  ...(owner ? { Owner: OWNER } : {}),
});

const prefixes = (page: Page<unknown>, asked: Asked): XmlNode[] =>
  page.items.flatMap((item) => ('commonPrefix' in item ? [{ Prefix: asked.encode(item.commonPrefix) }] : []));

const entries = <T>(page: Page<T>): T[] => page.items.flatMap((item) => ('entry' in item ? [item.entry] : []));

/** Current objects from `from` (a key prefix's first database key) on. */
function readObjects(
  context: Context,
  bucket: Bucket,
  asked: Asked,
  from: string | undefined,
): Promise<Page<ObjectData>> {
  const start = at.current(bucket.name, asked.prefix);
  const gte = from !== undefined && Buffer.compare(Buffer.from(from), Buffer.from(start)) > 0 ? from : start;
  return readPage<ObjectData>(
    context,
    { gte, lt: after(start) },
    { ...asked, seekAfter: (one) => after(at.current(bucket.name, one)) },
  );
}

/** ListObjectsV2. The continuation token names the last line of the page before. */
export async function listObjectsV2(
  context: Context,
  { request, bucket }: { request: S3Request; bucket: Bucket },
): Promise<S3Answer> {
  const asked = readAsked(request);
  const token = request.query.get('continuation-token');
  const startAfter = request.query.get('start-after');
  const from =
    token !== undefined ? readToken(bucket, token) : startAfter && `${at.current(bucket.name, startAfter)}\0`;
  const page = await readObjects(context, bucket, asked, from);
  const last = page.items.at(-1);
  return {
    status: 200,
    body: toXml('ListBucketResult', {
      Name: bucket.name,
      Prefix: asked.encode(asked.prefix),
      Delimiter: asked.delimiter === '' ? undefined : asked.encode(asked.delimiter),
      StartAfter: startAfter === undefined ? undefined : asked.encode(startAfter),
      MaxKeys: asked.max,
      EncodingType: asked.encoding,
      KeyCount: page.items.length,
      IsTruncated: page.truncated,
      ContinuationToken: token,
      NextContinuationToken: page.truncated && last !== undefined ? writeToken(last) : undefined,
      Contents: entries(page).map((one) => contents(one, asked, request.query.get('fetch-owner') === 'true')),
      CommonPrefixes: prefixes(page, asked),
    }),
  };
}

const writeToken = (last: Listed<ObjectData>): string =>
  Buffer.from('entry' in last ? `k${last.entry.key}` : `p${last.commonPrefix}`).toString('base64url');

function readToken(bucket: Bucket, token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('k')) return `${at.current(bucket.name, text.slice(1))}\0`;
  if (text.startsWith('p')) return after(at.current(bucket.name, text.slice(1)));
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
}

/** ListObjects (v1): goes on after a key or, when the marker is one, after a whole common prefix. */
export async function listObjects(
  context: Context,
  { request, bucket }: { request: S3Request; bucket: Bucket },
): Promise<S3Answer> {
  const asked = readAsked(request);
  const marker = request.query.get('marker') ?? '';
  const place = at.current(bucket.name, marker);
  const page = await readObjects(
    context,
    bucket,
    asked,
    marker === '' ? undefined : isCommonPrefix(marker, asked) ? after(place) : `${place}\0`,
  );
  const last = page.items.at(-1);
  const next = last === undefined ? '' : 'entry' in last ? last.entry.key : last.commonPrefix;
  return {
    status: 200,
    body: toXml('ListBucketResult', {
      Name: bucket.name,
      Prefix: asked.encode(asked.prefix),
      Marker: asked.encode(marker),
      Delimiter: asked.delimiter === '' ? undefined : asked.encode(asked.delimiter),
      MaxKeys: asked.max,
      EncodingType: asked.encoding,
      IsTruncated: page.truncated,
      NextMarker: page.truncated && asked.delimiter !== '' ? asked.encode(next) : undefined,
      Contents: entries(page).map((one) => contents(one, asked, true)),
      CommonPrefixes: prefixes(page, asked),
    }),
  };
}

function isCommonPrefix(marker: string, { prefix, delimiter }: Asked): boolean {
  if (delimiter === '' || !marker.startsWith(prefix)) return false;
  const end = marker.indexOf(delimiter, prefix.length);
  return end >= 0 && end + delimiter.length === marker.length;
}

/** ListObjectVersions: versions and delete markers, newest first within a key. */
export async function listVersions(
  context: Context,
  { request, bucket }: { request: S3Request; bucket: Bucket },
): Promise<S3Answer> {
  const asked = readAsked(request);
  const keyMarker = request.query.get('key-marker') ?? '';
  const versionMarker = request.query.get('version-id-marker') ?? '';
  const range = {
    gte: at.versionsFrom(bucket.name, asked.prefix),
    lt: after(at.versionsFrom(bucket.name, asked.prefix)),
  };
  const from = await versionsAfter(context, bucket, asked, keyMarker, versionMarker);
  const gte = from !== undefined && Buffer.compare(Buffer.from(from), Buffer.from(range.gte)) > 0 ? from : range.gte;
  const page = await readPage<ObjectVersion>(
    context,
    { gte, lt: range.lt },
    { ...asked, seekAfter: (one) => after(at.versionsFrom(bucket.name, one)) },
  );
  const found = entries(page);
  const latest = new Map<string, number>();
  for (const { key } of found) {
    if (!latest.has(key)) latest.set(key, (await context.store.versionsOf(bucket.name, key, 1))[0]?.sequence ?? -1);
  }
  const line = (version: ObjectVersion): XmlNode => ({
    Key: asked.encode(version.key),
    VersionId: version.versionId,
    IsLatest: latest.get(version.key) === version.sequence,
    LastModified: new Date(version.modified).toISOString(),
    ...(version.deleteMarker ? {} : { ETag: quoted(version.etag), Size: version.size, StorageClass: 'STANDARD' }),
    Owner: OWNER,
  });
  const last = page.truncated ? page.items.at(-1) : undefined;
  return {
    status: 200,
    body: toXml('ListVersionsResult', {
      Name: bucket.name,
      Prefix: asked.encode(asked.prefix),
      KeyMarker: asked.encode(keyMarker),
      VersionIdMarker: versionMarker,
      NextKeyMarker:
        last === undefined ? undefined : asked.encode('entry' in last ? last.entry.key : last.commonPrefix),
      NextVersionIdMarker: last !== undefined && 'entry' in last ? last.entry.versionId : undefined,
      Delimiter: asked.delimiter === '' ? undefined : asked.encode(asked.delimiter),
      MaxKeys: asked.max,
      EncodingType: asked.encoding,
      IsTruncated: page.truncated,
      Version: found.filter((one) => !one.deleteMarker).map(line),
      DeleteMarker: found.filter((one) => one.deleteMarker).map(line),
      CommonPrefixes: prefixes(page, asked),
    }),
  };
}

async function versionsAfter(
  context: Context,
  bucket: Bucket,
  asked: Asked,
  keyMarker: string,
  versionMarker: string,
): Promise<string | undefined> {
  if (keyMarker === '') return undefined;
  if (versionMarker === '')
    return isCommonPrefix(keyMarker, asked)
      ? after(at.versionsFrom(bucket.name, keyMarker))
      : at.versionsOf(bucket.name, keyMarker).lt;
  const version = await peekVersion(context.store, bucket.name, keyMarker, versionMarker);
  if (version === undefined) throw new AwsError('InvalidArgument', 'Invalid version id specified');
  return `${at.version(bucket.name, keyMarker, version.sequence)}\0`;
}
