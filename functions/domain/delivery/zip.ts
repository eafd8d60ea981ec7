import { Inflate } from 'fflate/browser';
import type { FileRejectionCode } from './delivery.ts';
import { FileRefused } from './file-refused.ts';

/**
 * The files inside a zip, one by one, in bounded memory. Only its directory counts, and each entry must be what the
 * directory says of it: place, name, size and checksum. What two readers could read in two ways is refused: doubled
 * names, entries that lie over each other, sizes that lie.
 */
export type Open = () => Promise<AsyncIterable<Uint8Array>>;

export interface ZipEntry {
  /** Bytes of its name as the directory gives them. */
  readonly name: Uint8Array;
  readonly stored: boolean;
  readonly encrypted: boolean;
  readonly offset: number;
  /** Where the next entry begins, or the directory. */
  readonly end: number;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
}

/** The end of the file is held: a workbook up to this size is read once. */
const HELD_BYTES = 8_388_608;
/** The directory must lie in the last of it. */
const DIRECTORY_BYTES = 1_048_576;
/** A workbook has some twenty entries, and one per picture. */
export const MAX_ENTRIES = 2_000;
/** A zip's comment. */
const MAX_COMMENT = 65_535;
/** Packed bytes that are inflated at a time: they become a thousand times as many at most. */
const STEP = 4_096;
/** Packed bytes in a row that become nothing: the inflater holds them, and only what is no packed data gives so many. */
const MAX_IDLE = 131_072;
/** Times that a file larger than what is held is read from its start again: once per part that is needed. */
const MAX_READINGS = 32;

const broken = (code: FileRejectionCode = 'WORKBOOK_UNREADABLE'): FileRefused => new FileRefused({ code });

const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((total, { length }) => total + length, 0);

const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(lengthOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
};

/** A name as names are compared: part names have no case, and some writers turn their slashes. */
export const partName = (name: string): string => name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();

export class Zip {
  /** By `partName`. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  private readonly open: Open;
  private readonly held: readonly Uint8Array[];
  private readonly heldFrom: number;
  private readings = 0;

  private constructor(open: Open, held: readonly Uint8Array[], size: number) {
    this.open = open;
    this.held = held;
    this.heldFrom = size - lengthOf(held);
    let first = held.length;
    for (let sum = 0; first > 0 && sum < DIRECTORY_BYTES; first--) sum += held[first - 1]?.length ?? 0;
    const tail = joined(held.slice(first));
    this.entries = directoryOf(tail, size - tail.length);
  }

  /** Reads the file to its end. Throws `FileRefused`. */
  static async read(open: Open): Promise<Zip> {
    const held: Uint8Array[] = [];
    let size = 0;
    let sum = 0;
    for await (const piece of await open()) {
      size += piece.length;
      sum += piece.length;
      held.push(piece);
      for (let first = held[0]; first && sum - first.length >= HELD_BYTES; first = held[0]) {
        sum -= first.length;
        held.shift();
      }
    }
    return new Zip(open, held, size);
  }

  /** The bytes of an entry, unpacked, at most some megabytes at a time. Throws `FileRefused`. */
  async *unpacked(entry: ZipEntry): AsyncGenerator<Uint8Array> {
    if (entry.encrypted) throw broken('WORKBOOK_PROTECTED');
    let size = 0;
    let crc = -1;
    let idle = 0;
    let out: Uint8Array[] = [];
    const inflate = new Inflate((piece) => {
      if (piece.length > 0) out.push(piece);
    });
    const check = (): void => {
      for (const piece of out) {
        size += piece.length;
        crc = crcOf(piece, crc);
      }
      if (size > entry.size) throw broken();
    };
    for await (const piece of this.packed(entry))
      for (let at = 0; at < piece.length; at += STEP) {
        out = [];
        const step = piece.subarray(at, at + STEP);
        if (entry.stored) out.push(step);
        else inflated(inflate, step, false);
        check();
        idle = out.length > 0 ? 0 : idle + step.length;
        if (idle > MAX_IDLE) throw broken();
        yield* out;
      }
    if (!entry.stored) {
      out = [];
      inflated(inflate, new Uint8Array(0), true);
      check();
      yield* out;
    }
    if (size !== entry.size || (crc ^ -1) >>> 0 !== entry.crc) throw broken();
  }

  /** The packed bytes, behind a header that agrees with the directory. */
  private async *packed(entry: ZipEntry): AsyncGenerator<Uint8Array> {
    let head: Uint8Array | undefined = new Uint8Array(0);
    let left = entry.packed;
    for await (const piece of this.range(entry.offset, entry.end)) {
      let rest = piece;
      if (head) {
        head = joined([head, piece]);
        const start = dataStart(head, entry);
        if (start === undefined) continue;
        rest = head.subarray(start);
        head = undefined;
      }
      if (rest.length > left) rest = rest.subarray(0, left);
      left -= rest.length;
      yield rest;
      if (left === 0) return;
    }
    if (head || left > 0) throw broken();
  }

  private async *range(from: number, to: number): AsyncGenerator<Uint8Array> {
    const isHeld = from >= this.heldFrom;
    if (!isHeld) this.readings += 1;
    if (this.readings > MAX_READINGS) throw broken('WORKBOOK_TOO_LARGE');
    let at = isHeld ? this.heldFrom : 0;
    for await (const piece of isHeld ? this.held : await this.open()) {
      const end = at + piece.length;
      if (end > from) yield piece.subarray(Math.max(0, from - at), Math.min(piece.length, to - at));
      if (end >= to) return;
      at = end;
    }
  }
}

const inflated = (inflate: Inflate, piece: Uint8Array, isLast: boolean): void => {
  try {
    inflate.push(piece, isLast);
  } catch {
    throw broken();
  }
};

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Where the data behind a local header starts; undefined while the header is not there as a whole. */
const dataStart = (head: Uint8Array, { name, stored, encrypted }: ZipEntry): number | undefined => {
  if (head.length < 30) return undefined;
  const view = viewOf(head);
  const nameLength = view.getUint16(26, true);
  const method = view.getUint16(8, true);
  const agrees =
    view.getUint32(0, true) === 0x04034b50 &&
    nameLength === name.length &&
    method === (stored ? 0 : 8) &&
    (view.getUint16(6, true) & 1) === Number(encrypted);
  if (!agrees) throw broken();
  const start = 30 + nameLength + view.getUint16(28, true);
  if (head.length < start) return undefined;
  if (name.some((byte, i) => byte !== head[30 + i])) throw broken();
  return start;
};

/** The directory at the end of a zip, of which `tail` is the part from `from` on. */
const directoryOf = (tail: Uint8Array, from: number): ReadonlyMap<string, ZipEntry> => {
  const view = viewOf(tail);
  const end = endRecord(view);
  let { count, offset } = end;
  const { size } = end;
  if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) {
    // Zip64: Java's writers use it for small files too.
    const locator = end.at - 20;
    if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50) throw broken();
    const record = bigAt(view, locator + 8) - from;
    if (record < 0 || record + 56 > locator || view.getUint32(record, true) !== 0x06064b50) throw broken();
    count = bigAt(view, record + 32);
    offset = bigAt(view, record + 48);
  }
  if (count > MAX_ENTRIES) throw broken('WORKBOOK_TOO_LARGE');
  let at = offset - from;
  if (at < 0 || at > end.at) throw broken();
  const found: Omit<ZipEntry, 'end'>[] = [];
  for (let n = 0; n < count; n++) {
    if (at + 46 > end.at || view.getUint32(at, true) !== 0x02014b50) throw broken();
    const next =
      at + 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end.at) throw broken();
    found.push(entryAt(tail, view, at));
    at = next;
  }
  found.sort((a, b) => a.offset - b.offset);
  const entries = new Map<string, ZipEntry>();
  for (const [n, entry] of found.entries()) {
    const limit = found[n + 1]?.offset ?? offset;
    if (entry.offset + 30 + entry.name.length + entry.packed > limit) throw broken();
    const name = partName(new TextDecoder('utf-8').decode(entry.name));
    if (entries.has(name)) throw broken();
    entries.set(name, { ...entry, end: limit });
  }
  return entries;
};

const endRecord = (
  view: DataView,
): { readonly at: number; readonly count: number; readonly size: number; readonly offset: number } => {
  for (let at = view.byteLength - 22; at >= 0 && at >= view.byteLength - 22 - MAX_COMMENT; at--) {
    if (view.getUint32(at, true) !== 0x06054b50 || at + 22 + view.getUint16(at + 20, true) !== view.byteLength)
      continue;
    return {
      at,
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
  }
  throw broken();
};

const bigAt = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** One entry of the directory, its large sizes taken from the Zip64 field where they do not fit. */
const entryAt = (tail: Uint8Array, view: DataView, at: number): Omit<ZipEntry, 'end'> => {
  const method = view.getUint16(at + 10, true);
  if (method !== 0 && method !== 8) throw broken();
  const nameEnd = at + 46 + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const large: number[] = [];
  for (let field = nameEnd; field + 4 <= extraEnd; ) {
    const fieldEnd = field + 4 + view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === 1 && fieldEnd <= extraEnd)
      for (let value = field + 4; value + 8 <= fieldEnd; value += 8) large.push(bigAt(view, value));
    field = fieldEnd;
  }
  const sized = (place: number): number => {
    const small = view.getUint32(at + place, true);
    if (small !== 0xffffffff) return small;
    const value = large.shift();
    if (value === undefined || !Number.isSafeInteger(value)) throw broken();
    return value;
  };
  const size = sized(24);
  const packed = sized(20);
  return {
    name: tail.slice(at + 46, nameEnd),
    stored: method === 0,
    encrypted: (view.getUint16(at + 8, true) & 1) === 1,
    size,
    packed,
    offset: sized(42),
    crc: view.getUint32(at + 16, true),
  };
};

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

const crcOf = (bytes: Uint8Array, before: number): number => {
  let crc = before;
  for (const byte of bytes) crc = (CRC[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return crc;
};
