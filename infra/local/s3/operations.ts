import { ACCOUNT, AwsError, REGION } from '../contract.ts';
import { readList, toXml } from '../xml.ts';
import { receiveText } from './body.ts';
import { listObjects, listObjectsV2, listVersions } from './listing.ts';
import { abortUpload, completeUpload, createUpload, listParts, uploadPart, uploadPartCopy } from './multipart.ts';
import {
  type Context,
  copyObject,
  deleteVersion,
  findVersion,
  getObject,
  putObject,
  type Target,
  versionHeader,
} from './objects.ts';
import type { S3Answer, S3Request } from './request.ts';
import { at, type Bucket } from './store.ts';

type OnBucket = { readonly request: S3Request; readonly bucket: Bucket };

/** An S3 action: where it lies, what picks it (`needs`, all in query or headers), and every parameter it understands. */
type Operation = {
  readonly name: string;
  readonly methods: readonly string[];
  readonly needs?: readonly string[];
  readonly query?: readonly string[];
  readonly headers?: readonly string[];
} & (
  | { readonly on: 'service'; run(context: Context, request: S3Request): Promise<S3Answer> }
  | { readonly on: 'bucket'; run(context: Context, target: OnBucket): Promise<S3Answer> }
  | { readonly on: 'object'; run(context: Context, target: Target): Promise<S3Answer> }
);

const CHECKSUM = [
  'x-amz-checksum-crc32',
  'x-amz-checksum-crc32c',
  'x-amz-checksum-crc64nvme',
  'x-amz-checksum-sha1',
  'x-amz-checksum-sha256',
];
const STORED = ['x-amz-meta-*', 'x-amz-storage-class', 'x-amz-acl'];
const READ_CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];
const SOURCE = ['x-amz-copy-source', ...READ_CONDITIONS.map((name) => `x-amz-copy-source-${name}`)];
const PAGE = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];

/** The first that fits is taken, so the one that needs most stands first. */
const OPERATIONS: readonly Operation[] = [
  { name: 'ListBuckets', on: 'service', methods: ['GET'], run: listBuckets },

  { name: 'HeadBucket', on: 'bucket', methods: ['HEAD'], run: async () => ({ status: 200 }) },
  {
    name: 'GetBucketLocation',
    on: 'bucket',
    methods: ['GET'],
    needs: ['location'],
    run: async () => ({ status: 200, body: toXml('LocationConstraint', REGION) }),
  },
  { name: 'GetBucketVersioning', on: 'bucket', methods: ['GET'], needs: ['versioning'], run: getVersioning },
  {
    name: 'ListObjectVersions',
    on: 'bucket',
    methods: ['GET'],
    needs: ['versions'],
    query: [...PAGE, 'key-marker', 'version-id-marker'],
    run: listVersions,
  },
  {
    name: 'ListObjectsV2',
    on: 'bucket',
    methods: ['GET'],
    needs: ['list-type'],
    query: [...PAGE, 'continuation-token', 'start-after', 'fetch-owner'],
    run: listObjectsV2,
  },
  { name: 'ListObjects', on: 'bucket', methods: ['GET'], query: [...PAGE, 'marker'], run: listObjects },
  { name: 'DeleteObjects', on: 'bucket', methods: ['POST'], needs: ['delete'], headers: CHECKSUM, run: deleteObjects },

  {
    name: 'UploadPartCopy',
    on: 'object',
    methods: ['PUT'],
    needs: ['uploadId', 'partNumber', 'x-amz-copy-source'],
    headers: [...SOURCE, 'x-amz-copy-source-range'],
    run: uploadPartCopy,
  },
  {
    name: 'UploadPart',
    on: 'object',
    methods: ['PUT'],
    needs: ['uploadId', 'partNumber'],
    headers: CHECKSUM,
    run: uploadPart,
  },
  {
    name: 'CopyObject',
    on: 'object',
    methods: ['PUT'],
    needs: ['x-amz-copy-source'],
    headers: [...SOURCE, ...STORED, 'x-amz-metadata-directive', 'x-amz-tagging-directive', 'if-match', 'if-none-match'],
    run: copyObject,
  },
  {
    name: 'PutObject',
    on: 'object',
    methods: ['PUT'],
    headers: [...CHECKSUM, ...STORED, 'if-match', 'if-none-match'],
    run: putObject,
  },
  {
    name: 'CreateMultipartUpload',
    on: 'object',
    methods: ['POST'],
    needs: ['uploads'],
    headers: [...STORED, 'x-amz-checksum-algorithm', 'x-amz-checksum-type'],
    run: createUpload,
  },
  {
    name: 'CompleteMultipartUpload',
    on: 'object',
    methods: ['POST'],
    needs: ['uploadId'],
    headers: [...CHECKSUM, 'x-amz-checksum-type', 'x-amz-mp-object-size', 'if-match', 'if-none-match'],
    run: completeUpload,
  },
  { name: 'AbortMultipartUpload', on: 'object', methods: ['DELETE'], needs: ['uploadId'], run: abortUpload },
  {
    name: 'ListParts',
    on: 'object',
    methods: ['GET'],
    needs: ['uploadId'],
    query: ['max-parts', 'part-number-marker'],
    run: listParts,
  },
  // Nothing here can carry tags, so the set is empty; the CLI asks before it copies a large object.
  {
    name: 'GetObjectTagging',
    on: 'object',
    methods: ['GET'],
    needs: ['tagging'],
    query: ['versionId'],
    run: getTagging,
  },
  {
    name: 'GetObject',
    on: 'object',
    methods: ['GET', 'HEAD'],
    query: ['versionId'],
    headers: [...READ_CONDITIONS, 'range', 'x-amz-checksum-mode'],
    run: getObject,
  },
  { name: 'DeleteObject', on: 'object', methods: ['DELETE'], query: ['versionId'], run: deleteObject },
];

/** The operation a request asks for, with everything it understands; undefined when there is none. */
export function pickOperation(request: S3Request) {
  const on = request.bucket === undefined ? 'service' : request.key === undefined ? 'bucket' : 'object';
  const has = (name: string) => request.query.has(name) || request.header(name) !== undefined;
  const operation = OPERATIONS.find(
    (one) => one.on === on && one.methods.includes(request.method) && (one.needs ?? []).every(has),
  );
  if (operation === undefined) return undefined;
  const { needs = [], query = [], headers = [] } = operation;
  return { operation, known: { query: [...query, ...needs], headers: [...headers, ...needs] } };
}

async function listBuckets({ store }: Context): Promise<S3Answer> {
  const buckets = await store.values<Bucket>(at.buckets);
  const lines = buckets.map((one) => ({ Name: one.name, CreationDate: new Date(one.created).toISOString() }));
  return { status: 200, body: toXml('ListAllMyBucketsResult', { Owner: { ID: ACCOUNT }, Buckets: { Bucket: lines } }) };
}

async function getVersioning(_: Context, { bucket }: OnBucket): Promise<S3Answer> {
  return {
    status: 200,
    body: toXml('VersioningConfiguration', { Status: bucket.versioning === 'Off' ? undefined : bucket.versioning }),
  };
}

async function getTagging(context: Context, { request, bucket, key }: Target): Promise<S3Answer> {
  const version = await findVersion(context, bucket.name, key, request.query.get('versionId'));
  if (version.deleteMarker) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  return { status: 200, headers: versionHeader(bucket, version), body: toXml('Tagging', { TagSet: '' }) };
}

async function deleteObject(context: Context, target: Target): Promise<S3Answer> {
  const deletion = await deleteVersion(context, target, target.request.query.get('versionId'));
  return {
    status: 204,
    headers: {
      'x-amz-version-id': deletion.versionId,
      'x-amz-delete-marker': deletion.deleteMarker ? 'true' : undefined,
    },
  };
}

const MAX_DELETE = 1000;
const MAX_DELETE_BYTES = 8 * 1024 * 1024;

async function deleteObjects(context: Context, { request, bucket }: OnBucket): Promise<S3Answer> {
  const { items, quiet } = readList(await receiveText(request, MAX_DELETE_BYTES), 'Delete', 'Object');
  if (items.length === 0 || items.length > MAX_DELETE || items.some((item) => !item.Key)) {
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate: 1 to 1000 objects with a key',
    );
  }
  const unknown = items.flatMap((item) => Object.keys(item)).find((name) => !['Key', 'VersionId'].includes(name));
  if (unknown !== undefined)
    throw new AwsError('NotImplemented', `The local S3 does not know Delete.Object.${unknown}`, 501);
  const deleted: Record<string, string | boolean | undefined>[] = [];
  const errors: Record<string, string>[] = [];
  for (const item of items) {
    const key = item.Key as string;
    try {
      const one = await deleteVersion(context, { request, bucket, key }, item.VersionId);
      deleted.push({
        Key: key,
        VersionId: item.VersionId,
        DeleteMarker: one.deleteMarker || undefined,
        DeleteMarkerVersionId: one.deleteMarker ? one.versionId : undefined,
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({
        Key: key,
        ...(item.VersionId === undefined ? {} : { VersionId: item.VersionId }),
        Code: error.code,
        Message: error.message,
      });
    }
  }
  return { status: 200, body: toXml('DeleteResult', { Deleted: quiet ? [] : deleted, Error: errors }) };
}
