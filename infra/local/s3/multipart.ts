import { createHash, randomBytes } from 'node:crypto';
import { AwsError } from '../contract.ts';
import { readList, toXml } from '../xml.ts';
import { copyToFile, type Received, receiveText, receiveToFile } from './body.ts';
import { type Checksum, type ChecksumType, checksumHeader, isChecksumAlgorithm, openDigest } from './checksums.ts';
import { checkWrite } from './conditions.ts';
import {
  addObject,
  type Context,
  copySource,
  objectHeaders,
  quoted,
  readFiles,
  refuseOtherStorage,
  type Target,
  versionHeader,
} from './objects.ts';
import { intQuery, type S3Answer, type S3Request } from './request.ts';
import { at, type MultipartUpload, type Part, type Store, type StoredFile } from './store.ts';

const MAX_PARTS = 10_000;
const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_COMPLETE_BYTES = 4 * 1024 * 1024;

export async function createUpload({ store, clock }: Context, { request, bucket, key }: Target): Promise<S3Answer> {
  refuseOtherStorage(request);
  const checksum = wantedChecksum(request);
  const upload: MultipartUpload = {
    uploadId: randomBytes(24).toString('base64url'),
    bucket: bucket.name,
    key,
    headers: objectHeaders(request),
    initiated: clock.now(),
    ...(checksum === undefined ? {} : { checksum }),
  };
  await store.change(async (change) => change.put(at.upload(bucket.name, upload.uploadId), upload));
  return {
    status: 200,
    headers: { 'x-amz-checksum-algorithm': checksum?.algorithm, 'x-amz-checksum-type': checksum?.type },
    body: toXml('InitiateMultipartUploadResult', { Bucket: bucket.name, Key: key, UploadId: upload.uploadId }),
  };
}

function wantedChecksum(request: S3Request): MultipartUpload['checksum'] {
  const algorithm = request.header('x-amz-checksum-algorithm')?.toUpperCase();
  if (algorithm === undefined) return undefined;
  if (!isChecksumAlgorithm(algorithm))
    throw new AwsError('InvalidRequest', `Checksum algorithm provided is unsupported: ${algorithm}`);
  const type = (request.header('x-amz-checksum-type')?.toUpperCase() ??
    (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE')) as ChecksumType;
  const possible =
    type === 'FULL_OBJECT' ? algorithm.startsWith('CRC') : type === 'COMPOSITE' && algorithm !== 'CRC64NVME';
  if (!possible)
    throw new AwsError(
      'InvalidRequest',
      `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
    );
  return { algorithm, type };
}

async function findUpload(store: Store, { request, bucket, key }: Target): Promise<MultipartUpload> {
  const upload = await store.get<MultipartUpload>(at.upload(bucket.name, request.query.get('uploadId') ?? ''));
  if (upload === undefined || upload.key !== key) {
    throw new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
    );
  }
  return upload;
}

function partNumber(request: S3Request): number {
  const number = intQuery(request, 'partNumber', 0, MAX_PARTS + 1);
  if (number < 1 || number > MAX_PARTS)
    throw new AwsError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
  return number;
}

export async function uploadPart(context: Context, target: Target): Promise<S3Answer> {
  const number = partNumber(target.request);
  const upload = await findUpload(context.store, target);
  const part = await storePart(context, target, number, (path) =>
    receiveToFile(target.request, path, upload.checksum?.algorithm),
  );
  const sum = upload.checksum && part.checksum ? { [checksumHeader(upload.checksum.algorithm)]: part.checksum } : {};
  return { status: 200, headers: { etag: quoted(part.etag), ...sum } };
}

export async function uploadPartCopy(context: Context, target: Target): Promise<S3Answer> {
  const number = partNumber(target.request);
  const upload = await findUpload(context.store, target);
  const { version, bucket } = await copySource(context, target.request);
  const range = target.request.header('x-amz-copy-source-range');
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? `bytes=0-${version.size - 1}`) ?? [];
  if (range !== undefined && (first === undefined || Number(last) >= version.size || Number(first) > Number(last))) {
    throw new AwsError(
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last, within the source',
    );
  }
  const part = await storePart(context, target, number, (path) =>
    copyToFile(
      readFiles(context.store, version.files, Number(first), Number(last) + 1),
      path,
      upload.checksum?.algorithm,
    ),
  );
  const sum = upload.checksum && part.checksum ? { [`Checksum${upload.checksum.algorithm}`]: part.checksum } : {};
  return {
    status: 200,
    headers: { 'x-amz-copy-source-version-id': bucket.versioning === 'Off' ? undefined : version.versionId },
    body: toXml('CopyPartResult', {
      ETag: quoted(part.etag),
      LastModified: new Date(part.modified).toISOString(),
      ...sum,
    }),
  };
}

function storePart(
  { store, clock }: Context,
  target: Target,
  number: number,
  write: (path: string) => Promise<Received>,
): Promise<Part> {
  let received: Received | undefined;
  return store.withNewFile(
    async (path) => {
      received = await write(path);
      return received;
    },
    (file) =>
      store.change(async (change) => {
        const { md5, checksum } = received as Received;
        // It may have been completed or aborted while the bytes came in.
        const { uploadId } = await findUpload(store, target);
        const place = at.part(uploadId, number);
        const old = await store.get<Part>(place);
        if (old !== undefined) change.abandon([old.file]);
        change.adopt(file);
        const part: Part = {
          number,
          etag: md5.toString('hex'),
          file,
          modified: clock.now(),
          ...(checksum === undefined ? {} : { checksum: checksum.value }),
        };
        change.put(place, part);
        return part;
      }),
  );
}

export async function completeUpload(context: Context, target: Target): Promise<S3Answer> {
  const { request, bucket, key } = target;
  const { store } = context;
  const { items } = readList(
    await receiveText(without(request, /^x-amz-checksum-/), MAX_COMPLETE_BYTES),
    'CompleteMultipartUpload',
    'Part',
  );
  if (items.length === 0)
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate: no parts');
  const before = await findUpload(store, target);
  const chosenBefore = choose(items, await store.values<Part>(at.parts(before.uploadId)), before);
  // Reads every byte for a checksum over the whole, so it stands outside the change; the parts are compared again inside.
  const checksum = await objectChecksum(store, before, chosenBefore);
  const given = before.checksum && request.header(checksumHeader(before.checksum.algorithm));
  if (given !== undefined && given.split('-')[0] !== checksum?.value.split('-')[0]) {
    throw new AwsError(
      'BadDigest',
      `The ${before.checksum?.algorithm} you specified did not match the calculated checksum.`,
    );
  }
  const version = await store.change(async (change) => {
    const upload = await findUpload(store, target);
    const parts = await store.values<Part>(at.parts(upload.uploadId));
    const chosen = choose(items, parts, upload);
    if (chosen.some((part, i) => part.file.name !== chosenBefore[i]?.file.name))
      throw new AwsError('OperationAborted', 'A conflicting operation is in progress', 409);
    const files = chosen.map((part) => part.file);
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const announced = request.header('x-amz-mp-object-size');
    if (announced !== undefined && Number(announced) !== size)
      throw new AwsError('InvalidRequest', 'The provided x-amz-mp-object-size does not match the size of the parts');
    checkWrite(request, (await store.versionsOf(bucket.name, key, 1))[0]);
    for (const part of parts) change.del(at.part(upload.uploadId, part.number));
    change.del(at.upload(bucket.name, upload.uploadId));
    change.abandon(parts.map((part) => part.file).filter((file) => !files.some((used) => used.name === file.name)));
    const etag = `${createHash('md5')
      .update(Buffer.concat(chosen.map((part) => Buffer.from(part.etag, 'hex'))))
      .digest('hex')}-${chosen.length}`;
    return addObject(context, change, target, 'CompleteMultipartUpload', {
      etag,
      size,
      files,
      headers: upload.headers,
      ...(checksum === undefined ? {} : { checksum }),
    });
  });
  const sums = version.checksum && {
    [`Checksum${version.checksum.algorithm}`]: version.checksum.value,
    ChecksumType: version.checksum.type,
  };
  return {
    status: 200,
    headers: versionHeader(bucket, version),
    body: toXml('CompleteMultipartUploadResult', {
      Location: `/${bucket.name}/${key}`,
      Bucket: bucket.name,
      Key: key,
      ETag: quoted(version.etag),
      ...sums,
    }),
  };
}

/** A complete's checksum headers speak of the object, not of the XML that is its body. */
function without(request: S3Request, names: RegExp): S3Request {
  return { ...request, header: (name) => (names.test(name) ? undefined : request.header(name)) };
}

/** The parts the client lists, checked against what came in. */
function choose(items: readonly Record<string, string>[], parts: readonly Part[], upload: MultipartUpload): Part[] {
  const stored = new Map(parts.map((part) => [part.number, part]));
  const numbers = items.map((item) => Number(item.PartNumber));
  if (!numbers.every((number, i) => number > (numbers[i - 1] ?? 0))) {
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  return items.map((item, index) => {
    const part = stored.get(Number(item.PartNumber));
    const sum = upload.checksum && item[`Checksum${upload.checksum.algorithm}`];
    if (
      part === undefined ||
      part.etag !== (item.ETag ?? '').replace(/^"|"$/g, '') ||
      (sum !== undefined && sum !== part.checksum)
    ) {
      throw new AwsError(
        'InvalidPart',
        'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag or checksum may not match.',
      );
    }
    if (index < items.length - 1 && part.file.size < MIN_PART_BYTES)
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    return part;
  });
}

async function objectChecksum(
  store: Store,
  { checksum }: MultipartUpload,
  parts: readonly Part[],
): Promise<Checksum | undefined> {
  if (checksum === undefined) return undefined;
  const digest = openDigest(checksum.algorithm);
  if (checksum.type === 'COMPOSITE') {
    for (const part of parts) digest.update(Buffer.from(part.checksum ?? '', 'base64'));
    return { ...checksum, value: `${digest.digest().toString('base64')}-${parts.length}` };
  }
  const files: readonly StoredFile[] = parts.map((part) => part.file);
  for await (const chunk of readFiles(store, files, 0, Number.MAX_SAFE_INTEGER)) digest.update(chunk);
  return { ...checksum, value: digest.digest().toString('base64') };
}

export async function abortUpload({ store }: Context, target: Target): Promise<S3Answer> {
  await store.change(async (change) => {
    const { uploadId } = await findUpload(store, target);
    const parts = await store.values<Part>(at.parts(uploadId));
    for (const part of parts) change.del(at.part(uploadId, part.number));
    change.abandon(parts.map((part) => part.file));
    change.del(at.upload(target.bucket.name, uploadId));
  });
  return { status: 204 };
}

export async function listParts({ store }: Context, target: Target): Promise<S3Answer> {
  const { request, bucket, key } = target;
  const upload = await findUpload(store, target);
  const max = intQuery(request, 'max-parts', 1000, 1000);
  const marker = intQuery(request, 'part-number-marker', 0, MAX_PARTS);
  const parts = (await store.values<Part>(at.parts(upload.uploadId))).filter((part) => part.number > marker);
  const page = parts.slice(0, max);
  return {
    status: 200,
    body: toXml('ListPartsResult', {
      Bucket: bucket.name,
      Key: key,
      UploadId: upload.uploadId,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: max,
      IsTruncated: page.length < parts.length,
      ChecksumAlgorithm: upload.checksum?.algorithm,
      ChecksumType: upload.checksum?.type,
      StorageClass: 'STANDARD',
      Part: page.map((part) => ({
        PartNumber: part.number,
        LastModified: new Date(part.modified).toISOString(),
        ETag: quoted(part.etag),
        Size: part.file.size,
        ...(upload.checksum === undefined ? {} : { [`Checksum${upload.checksum.algorithm}`]: part.checksum }),
      })),
    }),
  };
}
