import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClassicLevel } from 'classic-level';
import type { Millis } from '../contract.ts';
import type { Checksum, ChecksumAlgorithm, ChecksumType } from './checksums.ts';

/** The host's database; S3 keeps to a sublevel of its own. */
export type Database = ClassicLevel<string, string>;

export type Bucket = {
  readonly name: string;
  readonly versioning: 'Off' | 'Enabled' | 'Suspended';
  readonly eventBridge: boolean;
  readonly created: Millis;
};

/** A file with object bytes; its name says nothing about the key. */
export type StoredFile = { readonly name: string; readonly size: number };

/** Content-type and the like (lower-case names) plus the user's `x-amz-meta-*`. */
export type ObjectHeaders = Readonly<Record<string, string>>;

export type ObjectVersion = {
  readonly key: string;
  /** `null` where versioning was off or suspended. */
  readonly versionId: string;
  /** Order of writing over the whole store. */
  readonly sequence: number;
  readonly modified: Millis;
} & (
  | { readonly deleteMarker: true }
  | {
      readonly deleteMarker: false;
      /** Without quotes. */
      readonly etag: string;
      readonly size: number;
      readonly files: readonly StoredFile[];
      readonly headers: ObjectHeaders;
      readonly checksum?: Checksum;
    }
);
export type ObjectData = Extract<ObjectVersion, { deleteMarker: false }>;

export type MultipartUpload = {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: ObjectHeaders;
  readonly initiated: Millis;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType };
};
export type Part = {
  readonly number: number;
  readonly etag: string;
  readonly file: StoredFile;
  readonly modified: Millis;
  readonly checksum?: string;
};

/** The writes of one change, put down in one atomic batch. */
export type Change = {
  put(key: string, value: unknown): void;
  del(key: string): void;
  /** A new file that the change refers to. */
  adopt(file: StoredFile): void;
  /** Files nothing refers to once the change is made; removed after it. */
  abandon(files: readonly StoredFile[]): void;
  /** The next number in the order of writing. */
  next(): number;
};

// A NUL ends a key within a longer database key, so one inside it is marked; the order of keys stays.
const ended = (key: string): string => `${within(key)}\0`;
const within = (key: string): string => key.replaceAll('\0', '\0\uffff');

/** Database keys. LevelDB sorts by UTF-8 bytes, which is S3's order too. */
export const at = {
  buckets: 'b/',
  bucket: (name: string) => `b/${name}`,
  current: (bucket: string, key: string) => `c/${bucket}/${key}`,
  /** Newest first within a key. */
  version: (bucket: string, key: string, sequence: number) =>
    `v/${bucket}/${ended(key)}${(Number.MAX_SAFE_INTEGER - sequence).toString(16).padStart(14, '0')}`,
  versionsOf: (bucket: string, key: string) => ({
    gte: `v/${bucket}/${ended(key)}0`,
    lt: `v/${bucket}/${ended(key)}g`,
  }),
  versionsFrom: (bucket: string, prefix: string) => `v/${bucket}/${within(prefix)}`,
  upload: (bucket: string, uploadId: string) => `u/${bucket}/${uploadId}`,
  part: (uploadId: string, number: number) => `p/${uploadId}/${String(number).padStart(5, '0')}`,
  parts: (uploadId: string) => `p/${uploadId}/`,
  event: (sequence: number) => `e/${String(sequence).padStart(16, '0')}`,
  events: 'e/',
  litter: (file: string) => `l/${file}`,
  allLitter: 'l/',
  counter: 'n',
};

/** The first text that sorts after everything that begins with `prefix`, in UTF-8 order. */
export function after(prefix: string): string {
  const points = Array.from(prefix, (char) => char.codePointAt(0) as number);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return '\u{10ffff}'.repeat(2);
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}

export type Store = Awaited<ReturnType<typeof openStore>>;

/**
 * Metadata in the database, bytes in files. A file is written down as litter before its first byte and taken off that list in the
 * batch that refers to it, so that a crash at any moment leaves neither half an object nor a forgotten file with personal data.
 */
export async function openStore(database: Database, directory: string) {
  const db = database.sublevel<string, unknown>('s3', { valueEncoding: 'json' });
  let sequence = ((await db.get(at.counter)) as number | undefined) ?? 0;
  let tail: Promise<unknown> = Promise.resolve();
  const folders = new Set<string>();
  const pathOf = (name: string): string => join(directory, name.slice(0, 2), name);

  async function sweep(files: readonly { readonly name: string }[]): Promise<void> {
    for (const { name } of files) {
      await rm(pathOf(name), { force: true });
      await db.del(at.litter(name));
    }
  }

  async function make<T>(work: (change: Change) => Promise<T>): Promise<T> {
    const operations: ({ type: 'put'; key: string; value: unknown } | { type: 'del'; key: string })[] = [];
    const abandoned: StoredFile[] = [];
    const put = (key: string, value: unknown) => void operations.push({ type: 'put', key, value });
    const del = (key: string) => void operations.push({ type: 'del', key });
    const result = await work({
      put,
      del,
      adopt: (file) => del(at.litter(file.name)),
      abandon: (files) => {
        for (const file of files) put(at.litter(file.name), 1);
        abandoned.push(...files);
      },
      next: () => {
        sequence += 1;
        put(at.counter, sequence);
        return sequence;
      },
    });
    await db.batch(operations);
    // What cannot be removed now stays on the litter list and is tried again at the next start.
    await sweep(abandoned).catch((error: unknown) => console.error('s3: a file could not be removed', error));
    return result;
  }

  const store = {
    pathOf,
    get: async <T>(key: string): Promise<T | undefined> => (await db.get(key)) as T | undefined,
    /** Entries of a range in order; close the iterator. */
    iterate: <T>(range: { gte: string; lt: string }) => db.iterator<string, T>({ ...range, valueEncoding: 'json' }),
    values: async <T>(prefix: string): Promise<T[]> =>
      db.values<string, T>({ gte: prefix, lt: after(prefix), valueEncoding: 'json' }).all(),

    /** One change at a time: what `work` reads stays true until its batch is written. */
    change<T>(work: (change: Change) => Promise<T>): Promise<T> {
      const done = tail.then(() => make(work));
      tail = done.catch(() => undefined);
      return done;
    },

    /** Writes a file through `write` and hands it to `use`, which adopts it in a change. Fails anywhere: the file is gone again. */
    async withNewFile<T>(
      write: (path: string) => Promise<{ size: number }>,
      use: (file: StoredFile) => Promise<T>,
    ): Promise<T> {
      const name = randomBytes(16).toString('hex');
      const folder = name.slice(0, 2);
      if (!folders.has(folder)) await mkdir(join(directory, folder), { recursive: true });
      folders.add(folder);
      await db.put(at.litter(name), 1);
      try {
        const { size } = await write(pathOf(name));
        return await use({ name, size });
      } catch (error) {
        await sweep([{ name }]);
        throw error;
      }
    },

    /** The newest versions of a key, newest first. */
    versionsOf: async (bucket: string, key: string, limit = -1): Promise<ObjectVersion[]> =>
      db.values<string, ObjectVersion>({ ...at.versionsOf(bucket, key), limit, valueEncoding: 'json' }).all(),

    /** Waits for the change under way. */
    settle: async (): Promise<void> => void (await tail),
  };

  const litter = await db.keys({ gte: at.allLitter, lt: after(at.allLitter) }).all();
  await sweep(litter.map((key) => ({ name: key.slice(at.allLitter.length) })));
  return store;
}
