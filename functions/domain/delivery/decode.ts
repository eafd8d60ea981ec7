import { err, ok, type Result } from '../result.ts';
import type { FileRejection } from './delivery.ts';

/**
 * From bytes to text. A file is read twice: `sniffer` sees all bytes once and decides the encoding (only the whole
 * file can tell UTF-8 from Windows-1252), `decodeText` then decodes. Memory: the first 64 KiB.
 */
export type Encoding = 'utf-8' | 'windows-1252';

export interface Sniffed {
  readonly encoding: Encoding;
  /** First line of the file, undecided on delimiters, at most 64 KiB. */
  readonly firstLine: string;
}

const HEAD_BYTES = 65_536;
/** zip/xlsx, PDF, old Excel, gzip, PNG, JPEG. */
const BINARY_STARTS = ['504b0304', '25504446', 'd0cf11e0', '1f8b', '89504e47', 'ffd8ff'];

const hexOf = (bytes: Uint8Array, count: number): string =>
  [...bytes.subarray(0, count)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Text without NUL bytes has none; UTF-16 of Dutch text has one in every pair, always on the same side. */
const looksLikeUtf16 = (head: Uint8Array): boolean => {
  const sides = [0, 0];
  head.forEach((byte, i) => {
    if (byte === 0) sides[i % 2] = (sides[i % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = sides;
  return Math.max(even, odd) > head.length * 0.3 && Math.min(even, odd) < head.length * 0.05;
};

export interface Sniffer {
  push(bytes: Uint8Array): void;
  /** After the last byte. */
  finish(): Result<Sniffed, FileRejection>;
}

/** Watches the bytes of a file go by: BOM, strict UTF-8, else Windows-1252; refuses what is not such text. */
export const sniffer = (): Sniffer => {
  const head: number[] = [];
  const strict = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  let holdsNul = false;
  const tryUtf8 = (bytes?: Uint8Array): void => {
    try {
      if (isUtf8) strict.decode(bytes, { stream: bytes !== undefined });
    } catch {
      isUtf8 = false;
    }
  };
  return {
    push(bytes) {
      for (let i = 0; i < bytes.length && head.length < HEAD_BYTES; i++) head.push(bytes[i] ?? 0);
      holdsNul ||= bytes.includes(0);
      tryUtf8(bytes);
    },
    finish() {
      tryUtf8();
      const start = Uint8Array.from(head);
      const hex = hexOf(start, 4);
      if (BINARY_STARTS.some((signature) => hex.startsWith(signature))) return err({ code: 'FILE_NOT_TEXT' });
      if (hex.startsWith('fffe') || hex.startsWith('feff')) return err({ code: 'FILE_UTF16' });
      if (holdsNul) return err({ code: looksLikeUtf16(start) ? 'FILE_UTF16' : 'FILE_NOT_TEXT' });
      if (!isUtf8 && hex.startsWith('efbbbf')) return err({ code: 'FILE_NOT_TEXT' });
      const encoding: Encoding = isUtf8 ? 'utf-8' : 'windows-1252';
      // Not fatal: the head may end in the middle of a character.
      const text = new TextDecoder(encoding).decode(start, { stream: true });
      if (text.trim() === '') return err({ code: 'FILE_EMPTY' });
      return ok({ encoding, firstLine: text.split(/\r\n|\n|\r/, 1)[0] ?? '' });
    },
  };
};

/** The bytes as text, a piece at a time, without BOM. Rejects when the bytes are not in `encoding`. */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  // Stream mode throughout: decoding in one go gets 32 bytes of Windows-1252 wrong on Node 20.
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
