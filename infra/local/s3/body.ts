import { open } from 'node:fs/promises';
import { AwsError } from '../contract.ts';
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  checksumHeader,
  type Digest,
  isChecksumAlgorithm,
  openDigest,
} from './checksums.ts';
import { notImplemented, type S3Request } from './request.ts';

/** What came in: size in bytes, MD5, and the checksum of the algorithm the client (or the upload) named, in base64. */
export type Received = {
  readonly size: number;
  readonly md5: Buffer;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
};

/** Streams the body to a new file and verifies length and every digest the client gave. Throws AwsError; the caller removes the file. */
export async function receiveToFile(
  request: S3Request,
  file: string,
  algorithm?: ChecksumAlgorithm,
): Promise<Received> {
  const handle = await open(file, 'wx');
  try {
    return await receive(request, (chunk) => handle.writeFile(chunk), algorithm);
  } finally {
    await handle.close();
  }
}

/** The same for a small body kept in memory (XML). More than `limit` bytes: MalformedXML. */
export async function receiveText(request: S3Request, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  await receive(request, (chunk) => {
    size += chunk.length;
    if (size > limit) throw new AwsError('MalformedXML', 'The XML you provided is too long');
    chunks.push(chunk);
  });
  return Buffer.concat(chunks).toString('utf8');
}

/** Copies bytes to a new file, with the same digests as an upload. */
export async function copyToFile(
  source: AsyncIterable<Uint8Array>,
  file: string,
  algorithm: ChecksumAlgorithm | undefined,
): Promise<Received> {
  const handle = await open(file, 'wx');
  try {
    const md5 = openDigest('MD5');
    const digest = algorithm === undefined ? undefined : openDigest(algorithm);
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      md5.update(chunk);
      digest?.update(chunk);
      await handle.writeFile(chunk);
    }
    return { size, md5: md5.digest(), checksum: named(algorithm, digest) };
  } finally {
    await handle.close();
  }
}

async function receive(
  request: S3Request,
  sink: (chunk: Uint8Array) => void | Promise<void>,
  wanted?: ChecksumAlgorithm,
): Promise<Received> {
  const payload = request.header('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  const chunked = payload.startsWith('STREAMING-') || contentCodings(request).includes('aws-chunked');
  const length = declaredLength(request, chunked);
  const declared = declaredChecksum(request);
  if (wanted !== undefined && declared !== undefined && declared.algorithm !== wanted) {
    throw new AwsError(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected ${wanted}, got ${declared.algorithm}`,
    );
  }
  const algorithm = declared?.algorithm ?? wanted;
  const md5 = openDigest('MD5');
  const digest = algorithm === undefined ? undefined : openDigest(algorithm);
  const sha256 = /^[0-9a-f]{64}$/.test(payload) ? openDigest('SHA256') : undefined;

  const trailers = new Map<string, string>();
  // A refused body must not take the connection down before the answer is out.
  const bytes: AsyncIterable<Buffer> = {
    [Symbol.asyncIterator]: () => request.http.iterator({ destroyOnReturn: false }),
  };
  let size = 0;
  try {
    for await (const chunk of chunked ? decodeAwsChunked(bytes, trailers) : bytes) {
      size += chunk.length;
      md5.update(chunk);
      digest?.update(chunk);
      sha256?.update(chunk);
      await sink(chunk);
    }
  } catch (error) {
    if (request.http.complete || error instanceof AwsError) throw error;
    throw incomplete();
  }

  if (size !== length) throw incomplete();
  if (sha256 !== undefined && sha256.digest().toString('hex') !== payload) {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const sum = md5.digest();
  checkMd5(request.header('content-md5'), sum);
  const checksum = named(algorithm, digest);
  if (declared !== undefined) {
    const given = declared.value ?? trailers.get(checksumHeader(declared.algorithm));
    if (given === undefined) {
      throw new AwsError(
        'MalformedTrailerError',
        `The trailer ${checksumHeader(declared.algorithm)} was announced and did not come`,
      );
    }
    if (given !== checksum?.value) {
      throw new AwsError('BadDigest', `The ${declared.algorithm} you specified did not match the calculated checksum.`);
    }
  }
  return { size, md5: sum, checksum };
}

const named = (algorithm: ChecksumAlgorithm | undefined, digest: Digest | undefined): Received['checksum'] =>
  algorithm === undefined || digest === undefined
    ? undefined
    : { algorithm, value: digest.digest().toString('base64') };

/** The content codings that remain with the object once `aws-chunked` is taken off. */
export const contentCodings = (request: S3Request): string[] =>
  (request.header('content-encoding') ?? '')
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '');

function declaredLength(request: S3Request, chunked: boolean): number {
  const text = request.header(chunked ? 'x-amz-decoded-content-length' : 'content-length');
  if (text === undefined || !/^\d+$/.test(text)) {
    // S3 takes no body of unknown length; lib-storage's Upload is the way there as here.
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  }
  return Number(text);
}

/** The one checksum the client declares, in a header or for the trailer (then without a value yet). */
function declaredChecksum(request: S3Request): { algorithm: ChecksumAlgorithm; value: string | undefined } | undefined {
  const found: { algorithm: ChecksumAlgorithm; value: string | undefined }[] = [];
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = request.header(checksumHeader(algorithm));
    if (value !== undefined) found.push({ algorithm, value });
  }
  const trailer = request.header('x-amz-trailer');
  if (trailer !== undefined) {
    const algorithm = trailer.toUpperCase().replace('X-AMZ-CHECKSUM-', '');
    if (!isChecksumAlgorithm(algorithm)) throw notImplemented(`trailer ${trailer}`);
    found.push({ algorithm, value: undefined });
  }
  if (found.length > 1)
    throw new AwsError(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  return found[0];
}

function checkMd5(given: string | undefined, sum: Buffer): void {
  if (given === undefined) return;
  const expected = Buffer.from(given, 'base64');
  if (expected.length !== 16) throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  if (!expected.equals(sum))
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
}

const incomplete = (): AwsError =>
  new AwsError(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  );

const MAX_LINE = 16_384;

/** Takes the `aws-chunked` framing off; chunk signatures are not verified. Trailers go into the map, names in lower case. */
export async function* decodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  trailers: Map<string, string>,
): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  let left = 0;
  let state: 'size' | 'data' | 'after data' | 'trailer' | 'done' = 'size';
  for await (const chunk of source) {
    const piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    while (rest.length > 0) {
      if (state === 'data') {
        const data = rest.subarray(0, left);
        rest = rest.subarray(data.length);
        left -= data.length;
        if (left === 0) state = 'after data';
        yield data;
        continue;
      }
      const end = rest.indexOf('\r\n');
      if (end < 0 && rest.length <= MAX_LINE) break;
      const line = rest.toString('latin1', 0, Math.max(end, 0));
      rest = rest.subarray(end + 2);
      if (end < 0 || state === 'done') throw incomplete();
      if (state === 'trailer') {
        const colon = line.indexOf(':');
        if (line === '') state = 'done';
        else if (colon < 1)
          throw new AwsError('MalformedTrailerError', 'The request contained trailing data that was not well-formed');
        else trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
      } else if (state === 'after data') {
        if (line !== '') throw incomplete();
        state = 'size';
      } else {
        const size = /^([0-9a-f]{1,8})(;.*)?$/i.exec(line)?.[1];
        if (size === undefined) throw incomplete();
        left = Number.parseInt(size, 16);
        state = left === 0 ? 'trailer' : 'data';
      }
    }
  }
  if (state !== 'done' && state !== 'trailer') throw incomplete();
}
