import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, renameSync, rmSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DeliveryFile, Hash } from '#domain/delivery/reading.ts';
import type { ObjectStore } from '#domain/ports.ts';
import { UsageError } from './command.ts';

/** Files of whoever runs a command: read and written here, sent nowhere. */

export const sha256 = (): Hash => {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
};

/** Told on the way, so that a long file is not a silent one. */
export interface Progress {
  /** How much of the file went by, 0 to 1. */
  at(share: number): void;
  end(): void;
}

const SILENT: Progress = { at: () => undefined, end: () => undefined };
/** What is over before somebody wonders is not told. */
const PATIENCE_MS = 700;
const EVERY_MS = 100;

/** On the terminal, never in a pipe: `Bezig met lezen: 48 %`. */
export const progressOn = (stream: NodeJS.WriteStream, now: () => number = () => performance.now()): Progress => {
  if (!stream.isTTY) return SILENT;
  const started = now();
  let told: number | undefined;
  return {
    at: (share) => {
      const moment = now();
      if (moment - started < PATIENCE_MS || (told !== undefined && moment - told < EVERY_MS)) return;
      told = moment;
      stream.write(`\rBezig met lezen: ${String(Math.min(100, Math.floor(share * 100))).padStart(3)} %`);
    },
    end: () => {
      if (told !== undefined) stream.write('\r\u001B[K');
    },
  };
};

/** A file by its path; a `UsageError` when there is none. */
export const openFile = (path: string, progress: Progress = SILENT): DeliveryFile & { readonly name: string } => {
  let sizeBytes: number;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new Error('no file');
    sizeBytes = stat.size;
  } catch {
    throw new UsageError(`Ik kan ${path} niet lezen.`);
  }
  return {
    name: basename(path),
    sizeBytes,
    // A delivery is read twice: first its hash and its kind, then its rows.
    bytes: async () => watched(createReadStream(path, { highWaterMark: 256 * 1024 }), sizeBytes, progress),
  };
};

async function* watched(
  bytes: AsyncIterable<Uint8Array>,
  size: number,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const piece of bytes) {
    read += piece.length;
    progress.at(size === 0 ? 1 : read / size);
    yield piece;
  }
}

/** A place to write on this machine, as a store of objects: whole, or not at all. */
export const ownFolder: Pick<ObjectStore, 'write'> = {
  write: async (_bucket, path, body) => {
    const half = `${path}.half`;
    try {
      const pieces = typeof body === 'string' || body instanceof Uint8Array ? [body] : body;
      await pipeline(Readable.from(pieces), createWriteStream(half));
      renameSync(half, path);
    } catch (error) {
      rmSync(half, { force: true });
      const { syscall, path: at } = error as NodeJS.ErrnoException;
      if (at === half && (syscall === 'open' || syscall === 'rename'))
        throw new UsageError(`Ik kan ${path} niet schrijven. Bestaat de map, en mag u erin schrijven?`);
      throw error;
    }
  },
};

/** A file that is written must be another than those that are read. */
export const mustDiffer = (read: string, ...written: readonly (string | undefined)[]): void => {
  const paths = [read, ...written].flatMap((path) => (path === undefined ? [] : [resolve(path)]));
  if (new Set(paths).size < paths.length) throw new UsageError('Geef elk bestand een eigen naam.');
};
