import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip made by hand; what is given here is written even when it is a lie. */
export interface Entry {
  readonly name: string;
  readonly data: string | Uint8Array;
  readonly stored?: boolean;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  /** Name in the local header. */
  readonly localName?: string;
  /** Sizes and checksum come behind the data, as streaming writers do. */
  readonly streamed?: boolean;
  /** Offset of the local header, when not the true one. */
  readonly offset?: number;
  /** Sizes in a Zip64 field. */
  readonly big?: boolean;
  /** Already packed. */
  readonly packed?: Uint8Array;
}

const number = (value: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer.subarray(0, bytes);
};
const parts = (...fields: readonly (readonly [number, number])[]): Buffer =>
  Buffer.concat(fields.map(([value, bytes]) => number(value, bytes)));

/** A zip, byte by byte, for files no library would write. */
export const zipOf = (entries: readonly Entry[], how: { readonly big?: boolean; readonly comment?: string } = {}) => {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const data = Buffer.from(entry.data as Uint8Array);
    const name = Buffer.from(entry.name);
    const localName = Buffer.from(entry.localName ?? entry.name);
    const packed = entry.packed ?? (entry.stored ? data : deflateRawSync(data));
    const crc = entry.crc ?? crc32(data);
    const size = entry.size ?? data.length;
    const method = entry.method ?? (entry.stored ? 0 : 8);
    const flags = (entry.flags ?? 0) | (entry.streamed ? 8 : 0);
    const known = !entry.streamed;
    const sizes = parts([known ? crc : 0, 4], [known ? packed.length : 0, 4], [known ? size : 0, 4]);
    const local = Buffer.concat([
      parts([0x04034b50, 4], [20, 2], [flags, 2], [method, 2], [0, 4]),
      sizes,
      parts([localName.length, 2], [0, 2]),
      localName,
      packed,
      entry.streamed ? parts([0x08074b50, 4], [crc, 4], [packed.length, 4], [size, 4]) : Buffer.alloc(0),
    ]);
    const extra = entry.big ? parts([1, 2], [16, 2], [size, 8], [packed.length, 8]) : Buffer.alloc(0);
    directory.push(
      parts([0x02014b50, 4], [20, 2], [20, 2], [flags, 2], [method, 2], [0, 4], [crc, 4]),
      entry.big ? parts([0xffffffff, 4], [0xffffffff, 4]) : parts([packed.length, 4], [size, 4]),
      parts([name.length, 2], [extra.length, 2], [0, 2], [0, 2], [0, 2], [0, 4], [entry.offset ?? at, 4]),
      name,
      extra,
    );
    locals.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const comment = Buffer.from(how.comment ?? '');
  const count = entries.length;
  const big = how.big
    ? Buffer.concat([
        parts([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [count, 8], [count, 8]),
        parts([central.length, 8], [at, 8]),
        parts([0x07064b50, 4], [0, 4], [at + central.length, 8], [1, 4]),
      ])
    : Buffer.alloc(0);
  const end = how.big
    ? parts([0x06054b50, 4], [0, 4], [0xffff, 2], [0xffff, 2], [0xffffffff, 4], [0xffffffff, 4], [comment.length, 2])
    : parts([0x06054b50, 4], [0, 4], [count, 2], [count, 2], [central.length, 4], [at, 4], [comment.length, 2]);
  return Buffer.concat([...locals, central, big, end, comment]);
};
