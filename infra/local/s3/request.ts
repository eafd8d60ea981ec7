import type { IncomingMessage } from 'node:http';
import { ACCOUNT, AwsError } from '../contract.ts';

/** One S3 request, read from the raw path: no normalising, so that `..`, `+` and blanks in keys stay what they are. */
export type S3Request = {
  readonly http: IncomingMessage;
  readonly id: string;
  readonly method: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly query: ReadonlyMap<string, string>;
  /** A header's value, in its first spelling; undefined when absent. */
  header(name: string): string | undefined;
};

/** What an S3 operation answers: XML, a stream written by itself, or nothing. */
export type S3Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: string | AsyncIterable<Uint8Array>;
};

const MAX_KEY_BYTES = 1024;

/** Splits method, path and query; keys over 1,024 bytes and broken percent codes are refused as S3 does. */
export function readRequest(http: IncomingMessage, id: string): S3Request {
  const url = http.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const slash = path.indexOf('/', 1);
  const bucket = decode(path.slice(1, slash < 0 ? undefined : slash));
  const key = slash < 0 ? '' : decode(path.slice(slash + 1));
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new AwsError('KeyTooLongError', 'Your key is too long');
  return {
    http,
    id,
    method: http.method ?? 'GET',
    bucket: bucket === '' ? undefined : bucket,
    key: key === '' ? undefined : key,
    query: new Map(new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))),
    header: (name) => {
      const value = http.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
  };
}

/** `decodeURIComponent` that answers InvalidURI for a broken code. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

// Signing, tracing and encryption: nothing of it changes what is stored or answered here.
const WITHOUT_EFFECT =
  /^x-amz-(date|content-sha256|security-token|user-agent|request-payer|server-side-encryption(-.*)?|te|trailer|decoded-content-length|sdk-checksum-algorithm|expected-bucket-owner)$/;

/** Standard headers that change an operation's meaning, so that one which does not know them must refuse. */
const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'range'];

/** Refuses, by name, every query parameter and every meaning-changing header that the operation does not declare. */
export function refuseUnknown(
  request: S3Request,
  known: { query: readonly string[]; headers: readonly string[] },
): void {
  for (const name of request.query.keys()) {
    if (name !== 'x-id' && !known.query.includes(name)) throw notImplemented(`query parameter ${name}`);
  }
  for (const name of Object.keys(request.http.headers)) {
    const matters = name.startsWith('x-amz-') ? !WITHOUT_EFFECT.test(name) : CONDITIONS.includes(name);
    if (
      matters &&
      !known.headers.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name))
    ) {
      throw notImplemented(`header ${name}`);
    }
  }
  const owner = request.header('x-amz-expected-bucket-owner');
  if (owner !== undefined && owner !== ACCOUNT) throw new AwsError('AccessDenied', 'Access Denied', 403);
}

/** The error for everything S3 has and this one has not: the name stands in the message. */
export const notImplemented = (what: string): AwsError =>
  new AwsError('NotImplemented', `The local S3 does not know ${what}`, 501);

/** A whole number between bounds from the query, or the fallback; else InvalidArgument. */
export function intQuery(request: S3Request, name: string, fallback: number, max: number): number {
  const text = request.query.get(name);
  if (text === undefined || text === '') return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value))
    throw new AwsError('InvalidArgument', `Provided ${name} not an integer or within integer range`);
  return Math.min(value, max);
}
