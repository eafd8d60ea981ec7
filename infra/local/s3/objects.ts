import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { AwsError, type LocalClock } from '../contract.ts';
import { toXml } from '../xml.ts';
import { contentCodings, copyToFile, type Received, receiveToFile } from './body.ts';
import { type Checksum, checksumHeader } from './checksums.ts';
import { checkRead, checkWrite, readRange } from './conditions.ts';
import { type Happening, recordEvent } from './events.ts';
import { decode, notImplemented, type S3Answer, type S3Request } from './request.ts';
import {
  at,
  type Bucket,
  type Change,
  type ObjectData,
  type ObjectHeaders,
  type ObjectVersion,
  type Store,
  type StoredFile,
} from './store.ts';

export type Context = { readonly store: Store; readonly clock: LocalClock };
export type Target = { readonly request: S3Request; readonly bucket: Bucket; readonly key: string };

const KEPT = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'];
const MAX_METADATA = 2048;

/** Headers and metadata that stay with an object. */
export function objectHeaders(request: S3Request): ObjectHeaders {
  const headers: Record<string, string> = {};
  let size = 0;
  for (const name of Object.keys(request.http.headers)) {
    const value = request.header(name) ?? '';
    if (name.startsWith('x-amz-meta-')) size += name.length - 'x-amz-meta-'.length + Buffer.byteLength(value);
    if (KEPT.includes(name) || name.startsWith('x-amz-meta-')) headers[name] = value;
  }
  if (size > MAX_METADATA)
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  const codings = contentCodings(request).filter((coding) => coding !== 'aws-chunked');
  if (codings.length > 0) headers['content-encoding'] = codings.join(',');
  return headers;
}

/** Storage classes and ACLs that mean what happens anyway are accepted; any other is refused by name. */
export function refuseOtherStorage(request: S3Request): void {
  const allowed: Record<string, readonly string[]> = {
    'x-amz-storage-class': ['STANDARD'],
    'x-amz-acl': ['private', 'bucket-owner-full-control'],
    'x-amz-tagging-directive': ['COPY'],
  };
  for (const [name, values] of Object.entries(allowed)) {
    const value = request.header(name);
    if (value !== undefined && !values.includes(value)) throw notImplemented(`header ${name}: ${value}`);
  }
}

export async function putObject({ store, clock }: Context, { request, bucket, key }: Target): Promise<S3Answer> {
  refuseOtherStorage(request);
  const headers = objectHeaders(request);
  let received: Received | undefined;
  return store.withNewFile(
    async (path) => {
      received = await receiveToFile(request, path);
      return received;
    },
    async (file) => {
      const { md5, checksum: sum } = received as Received;
      const checksum: Checksum | undefined = sum && { ...sum, type: 'FULL_OBJECT' };
      const version = await store.change(async (change) => {
        checkWrite(request, (await store.versionsOf(bucket.name, key, 1))[0]);
        change.adopt(file);
        return addObject({ store, clock }, change, { request, bucket, key }, 'PutObject', {
          etag: md5.toString('hex'),
          size: file.size,
          files: [file],
          headers,
          ...(checksum === undefined ? {} : { checksum }),
        });
      });
      return {
        status: 200,
        headers: { etag: quoted(version.etag), ...versionHeader(bucket, version), ...checksumHeaders(version) },
      };
    },
  );
}

/** Writes the newest version of a key with its event; where versioning is not on it takes the place of the `null` version. */
export async function addObject(
  context: Context,
  change: Change,
  { request, bucket, key }: Target,
  reason: Happening['reason'],
  data: Pick<ObjectData, 'etag' | 'size' | 'files' | 'headers' | 'checksum'>,
): Promise<ObjectData> {
  const identity = await newIdentity(context, change, bucket, key);
  const version: ObjectData = { ...identity, deleteMarker: false, ...data };
  change.put(at.version(bucket.name, key, version.sequence), version);
  change.put(at.current(bucket.name, key), version);
  if (bucket.eventBridge)
    recordEvent(change, context.clock, request, bucket.name, version, { kind: 'Object Created', reason });
  return version;
}

async function newIdentity({ store, clock }: Context, change: Change, bucket: Bucket, key: string) {
  const sequence = change.next();
  if (bucket.versioning !== 'Enabled') {
    const old = (await store.versionsOf(bucket.name, key)).find((one) => one.versionId === 'null');
    if (old !== undefined) drop(change, bucket, old);
  }
  return {
    key,
    versionId: bucket.versioning === 'Enabled' ? versionIdOf(sequence) : 'null',
    sequence,
    modified: clock.now(),
  };
}

function drop(change: Change, bucket: Bucket, version: ObjectVersion): void {
  change.del(at.version(bucket.name, version.key, version.sequence));
  if (!version.deleteMarker) change.abandon(version.files);
}

/** Opaque to clients; holds the sequence number, so that a version is found without an index of its own. */
function versionIdOf(sequence: number): string {
  const bytes = randomBytes(24);
  bytes.writeUIntBE(sequence, 0, 6);
  return bytes.toString('base64url');
}

/** The version asked for, or the newest. NoSuchKey, NoSuchVersion, InvalidArgument for what cannot be a version id. */
export async function findVersion(
  { store }: Context,
  bucket: string,
  key: string,
  versionId: string | undefined,
): Promise<ObjectVersion> {
  if (versionId === undefined) {
    const newest = (await store.versionsOf(bucket, key, 1))[0];
    if (newest === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    return newest;
  }
  const found = await peekVersion(store, bucket, key, versionId);
  if (found === undefined) throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404);
  return found;
}

export async function peekVersion(
  store: Store,
  bucket: string,
  key: string,
  versionId: string,
): Promise<ObjectVersion | undefined> {
  if (versionId === 'null') return (await store.versionsOf(bucket, key)).find((one) => one.versionId === 'null');
  if (!/^[\w-]{32}$/.test(versionId)) throw new AwsError('InvalidArgument', 'Invalid version id specified');
  const sequence = Buffer.from(versionId, 'base64url').readUIntBE(0, 6);
  const found = await store.get<ObjectVersion>(at.version(bucket, key, sequence));
  return found?.versionId === versionId ? found : undefined;
}

export async function getObject(context: Context, { request, bucket, key }: Target): Promise<S3Answer> {
  const asked = request.query.get('versionId');
  const version = await findVersion(context, bucket.name, key, asked);
  if (version.deleteMarker) {
    const headers = { 'x-amz-delete-marker': 'true', ...versionHeader(bucket, version) };
    const error =
      asked === undefined
        ? new AwsError('NoSuchKey', 'The specified key does not exist.', 404)
        : new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
    return { status: error.status, headers, body: errorXml(error, request) };
  }
  const common = {
    etag: quoted(version.etag),
    'last-modified': new Date(version.modified).toUTCString(),
    ...versionHeader(bucket, version),
  };
  if (checkRead(request, version) === 'not modified') return { status: 304, headers: common };
  const range = readRange(request.header('range'), version.size);
  const { start, end } = range ?? { start: 0, end: version.size };
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      'content-type': 'binary/octet-stream',
      ...version.headers,
      ...common,
      'accept-ranges': 'bytes',
      'content-length': end - start,
      'content-range': range === undefined ? undefined : `bytes ${start}-${end - 1}/${version.size}`,
      ...(request.header('x-amz-checksum-mode') === 'ENABLED' && range === undefined ? checksumHeaders(version) : {}),
    },
    ...(request.method === 'HEAD' ? {} : { body: readFiles(context.store, version.files, start, end) }),
  };
}

/** Bytes `start` up to but not including `end` over an object's files, in order. */
export async function* readFiles(
  store: Store,
  files: readonly StoredFile[],
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  let offset = 0;
  for (const file of files) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, file.size);
    if (from < to)
      yield* createReadStream(store.pathOf(file.name), { start: from, end: to - 1, highWaterMark: 1 << 18 });
    offset += file.size;
  }
}

/** The object an `x-amz-copy-source` header points at, with its conditions checked. */
export async function copySource(
  context: Context,
  request: S3Request,
): Promise<{ version: ObjectData; bucket: Bucket }> {
  const [path = '', versionId] = (request.header('x-amz-copy-source') ?? '').split('?versionId=');
  const plain = decode(path).replace(/^\//, '');
  const slash = plain.indexOf('/');
  if (slash < 1 || slash === plain.length - 1)
    throw new AwsError('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  const bucket = await context.store.get<Bucket>(at.bucket(plain.slice(0, slash)));
  if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  const version = await findVersion(context, bucket.name, plain.slice(slash + 1), versionId);
  if (version.deleteMarker)
    throw new AwsError(
      versionId === undefined ? 'NoSuchKey' : 'InvalidRequest',
      'The source of a copy request may not be a delete marker.',
      versionId === undefined ? 404 : 400,
    );
  if (checkRead(request, version, 'x-amz-copy-source-') === 'not modified') {
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  }
  return { version, bucket };
}

export async function copyObject(context: Context, target: Target): Promise<S3Answer> {
  const { request, bucket, key } = target;
  const { store, clock } = context;
  refuseOtherStorage(request);
  const { version: source, bucket: sourceBucket } = await copySource(context, request);
  const directive = request.header('x-amz-metadata-directive') ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE')
    throw new AwsError('InvalidArgument', 'Unknown metadata directive.');
  const toItself = sourceBucket.name === bucket.name && source.key === key;
  if (toItself && directive === 'COPY' && !(request.header('x-amz-copy-source') ?? '').includes('?versionId=')) {
    throw new AwsError(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
    );
  }
  const headers = directive === 'COPY' ? source.headers : objectHeaders(request);
  const algorithm = source.checksum?.algorithm;
  let copied: Received | undefined;
  return store.withNewFile(
    async (path) => {
      copied = await copyToFile(readFiles(store, source.files, 0, source.size), path, algorithm);
      return copied;
    },
    async (file) => {
      const { md5, checksum } = copied as Received;
      const version = await store.change(async (change) => {
        checkWrite(request, (await store.versionsOf(bucket.name, key, 1))[0]);
        change.adopt(file);
        return addObject({ store, clock }, change, target, 'CopyObject', {
          etag: md5.toString('hex'),
          size: file.size,
          files: [file],
          headers,
          ...(checksum === undefined ? {} : { checksum: { ...checksum, type: 'FULL_OBJECT' as const } }),
        });
      });
      const sums = version.checksum && {
        [`Checksum${version.checksum.algorithm}`]: version.checksum.value,
        ChecksumType: version.checksum.type,
      };
      return {
        status: 200,
        headers: {
          ...versionHeader(bucket, version),
          'x-amz-copy-source-version-id': sourceBucket.versioning === 'Off' ? undefined : source.versionId,
        },
        body: toXml('CopyObjectResult', {
          ETag: quoted(version.etag),
          LastModified: new Date(version.modified).toISOString(),
          ...sums,
        }),
      };
    },
  );
}

export type Deletion = { readonly versionId?: string; readonly deleteMarker: boolean };

/** Deletes one version, or sets a delete marker where versioning is or was on. What is not there is deleted already. */
export function deleteVersion(
  context: Context,
  { request, bucket, key }: Target,
  versionId: string | undefined,
): Promise<Deletion> {
  const { store, clock } = context;
  const tell = (change: Change, version: ObjectVersion, deletion: NonNullable<Happening['deletion']>) => {
    if (bucket.eventBridge)
      recordEvent(change, clock, request, bucket.name, version, {
        kind: 'Object Deleted',
        reason: 'DeleteObject',
        deletion,
      });
  };
  return store.change(async (change) => {
    if (versionId === undefined && bucket.versioning !== 'Off') {
      const marker: ObjectVersion = { ...(await newIdentity(context, change, bucket, key)), deleteMarker: true };
      change.put(at.version(bucket.name, key, marker.sequence), marker);
      change.del(at.current(bucket.name, key));
      tell(change, marker, 'Delete Marker Created');
      return { versionId: marker.versionId, deleteMarker: true };
    }
    const version = await peekVersion(store, bucket.name, key, versionId ?? 'null');
    if (version === undefined) return { ...(versionId === undefined ? {} : { versionId }), deleteMarker: false };
    drop(change, bucket, version);
    const [newest, next] = await store.versionsOf(bucket.name, key, 2);
    if (newest?.sequence === version.sequence) {
      if (next === undefined || next.deleteMarker) change.del(at.current(bucket.name, key));
      else change.put(at.current(bucket.name, key), next);
    }
    tell(change, version, 'Permanently Deleted');
    return { ...(versionId === undefined ? {} : { versionId }), deleteMarker: version.deleteMarker };
  });
}

export const quoted = (etag: string): string => `"${etag}"`;

export const versionHeader = (bucket: Bucket, version: { readonly versionId: string }) =>
  bucket.versioning === 'Off' ? {} : { 'x-amz-version-id': version.versionId };

export const checksumHeaders = (version: ObjectData): Record<string, string> =>
  version.checksum === undefined
    ? {}
    : {
        [checksumHeader(version.checksum.algorithm)]: version.checksum.value,
        'x-amz-checksum-type': version.checksum.type,
      };

/** S3's error document. */
export const errorXml = (error: AwsError, request: { readonly id: string }): string =>
  toXml('Error', { Code: error.code, Message: error.message, RequestId: request.id }, null);
