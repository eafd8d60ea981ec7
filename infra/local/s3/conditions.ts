import { AwsError } from '../contract.ts';
import type { S3Request } from './request.ts';
import type { ObjectData, ObjectVersion } from './store.ts';

const failed = (): AwsError =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);

const names = (list: string, etag: string): boolean =>
  list.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '').replace(/^"|"$/g, '')));

/** The conditions of a read (RFC 9110 order: an ETag condition beats a date). `prefix` is set for those on a copy's source. */
export function checkRead(request: S3Request, version: ObjectData, prefix = ''): 'modified' | 'not modified' {
  const header = (name: string) => request.header(`${prefix}${name}`);
  const match = header('if-match');
  const noneMatch = header('if-none-match');
  // HTTP dates have whole seconds.
  const modified = Math.floor(version.modified / 1000) * 1000;
  const since = (name: string): number => Date.parse(header(name) ?? '');
  if (match !== undefined ? !names(match, version.etag) : modified > since('if-unmodified-since')) throw failed();
  const unchanged = noneMatch !== undefined ? names(noneMatch, version.etag) : modified <= since('if-modified-since');
  return unchanged ? 'not modified' : 'modified';
}

/** The conditions of a write against the newest version; to be asked within the change that writes. */
export function checkWrite(request: S3Request, newest: ObjectVersion | undefined): void {
  const there = newest === undefined || newest.deleteMarker ? undefined : newest;
  const noneMatch = request.header('if-none-match');
  const match = request.header('if-match');
  if (noneMatch !== undefined) {
    if (noneMatch !== '*')
      throw new AwsError(
        'NotImplemented',
        'A header you provided implies functionality that is not implemented: if-none-match other than *',
        501,
      );
    if (there !== undefined) throw failed();
  }
  if (match !== undefined) {
    if (there === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    if (!names(match, there.etag)) throw failed();
  }
}

/** A byte range, end exclusive; undefined for none or one that cannot be read, which S3 passes over as HTTP asks. */
export function readRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (found === null) return undefined;
  const [first, last] = [found[1] ?? '', found[2] ?? ''];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (start >= end) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return { start, end };
}
