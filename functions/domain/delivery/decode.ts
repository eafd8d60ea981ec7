import { err, ok, type Result } from '../result.ts';
import type { FileRejection } from './delivery.ts';
import { FileRefused } from './file-refused.ts';

/**
 * From bytes to text. A file is read twice: `sniffer` sees all bytes once and decides the encoding (only the whole
 * file can tell UTF-8 from Windows-1252), `decodeText` then decodes. Memory: the first 64 KiB.
 */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export type Sniffed =
  /** A zip: an Excel workbook, or something else in such a wrapping. */
  | { readonly format: 'zip' }
  | {
      readonly format: 'text';
      readonly encoding: Encoding;
      /** First line with text on it, undecided on delimiters, at most 64 KiB. */
      readonly firstLine: string;
      /** Delimiter that Excel's own first line `sep=;` names; such a line is passed over with those before it. */
      readonly declared?: string;
      /** Lines before the header. */
      readonly skipLines: number;
    };

const HEAD_BYTES = 65_536;
const ZIP = '504b0304';
/** Old Excel, and new Excel with a password. */
const COMPOUND = 'd0cf11e0';
/** PDF, gzip, PNG, JPEG. */
const BINARY_STARTS = ['25504446', '1f8b', '89504e47', 'ffd8ff'];

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

/**
 * Watches the bytes of a file go by: BOM, strict UTF-8, else Windows-1252; refuses what is neither text nor a zip, and what
 * is written in both.
 */
export const sniffer = (): Sniffer => {
  let head = new Uint8Array(0);
  const strict = new TextDecoder('utf-8', { fatal: true });
  /** Goes on where the strict one stopped: are there letters of UTF-8 among bytes that are not? */
  const lenient = new TextDecoder('utf-8');
  let isUtf8 = true;
  let holdsUtf8Letters = false;
  let holdsNul = false;
  const tryUtf8 = (bytes: Uint8Array = new Uint8Array(), stream = true): void => {
    let text: string;
    try {
      text = (isUtf8 ? strict : lenient).decode(bytes, { stream });
    } catch {
      isUtf8 = false;
      text = lenient.decode(bytes, { stream });
    }
    holdsUtf8Letters ||= /[\u0080-\uFFFC]/.test(text);
  };
  return {
    push(bytes) {
      if (head.length < HEAD_BYTES) {
        const longer = new Uint8Array(Math.min(HEAD_BYTES, head.length + bytes.length));
        longer.set(head);
        longer.set(bytes.subarray(0, longer.length - head.length), head.length);
        head = longer;
      }
      holdsNul ||= bytes.includes(0);
      tryUtf8(bytes);
    },
    finish() {
      tryUtf8(undefined, false);
      const hex = hexOf(head, 4);
      if (hex === ZIP) return ok({ format: 'zip' });
      if (hex === COMPOUND) return err({ code: 'WORKBOOK_PROTECTED' });
      if (BINARY_STARTS.some((signature) => hex.startsWith(signature))) return err({ code: 'FILE_NOT_TEXT' });
      const wide = hex.startsWith('fffe') ? 'utf-16le' : hex.startsWith('feff') ? 'utf-16be' : undefined;
      if (wide === undefined && holdsNul) return err({ code: looksLikeUtf16(head) ? 'FILE_UTF16' : 'FILE_NOT_TEXT' });
      if (wide === undefined && !isUtf8 && hex.startsWith('efbbbf')) return err({ code: 'FILE_NOT_TEXT' });
      // Either reading would spoil names, and nobody would see it.
      if (wide === undefined && !isUtf8 && holdsUtf8Letters) return err({ code: 'FILE_MIXED' });
      const encoding: Encoding = wide ?? (isUtf8 ? 'utf-8' : 'windows-1252');
      // Not fatal: the head may end in the middle of a character.
      const text = new TextDecoder(encoding).decode(head, { stream: true });
      if (text.trim() === '') return err({ code: 'FILE_EMPTY' });
      const lines = text.split(/\r\n|\n|\r/);
      const first = lines.findIndex((line) => line.trim() !== '');
      const declared = /^\s*"?sep=(.)"?\s*$/i.exec(lines[first] ?? '')?.[1];
      if (declared === undefined) return ok({ format: 'text', encoding, firstLine: lines[first] ?? '', skipLines: 0 });
      const firstLine = lines.slice(first + 1).find((line) => line.trim() !== '') ?? '';
      return ok({ format: 'text', encoding, firstLine, declared, skipLines: first + 1 });
    },
  };
};

/** The bytes as text, a piece at a time, without BOM. Throws `FileRefused` when they are not in `encoding`. */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  // Stream mode throughout: decoding in one go gets 32 bytes of Windows-1252 wrong on Node 20.
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (piece?: Uint8Array): string => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch {
      throw new FileRefused({ code: 'FILE_NOT_TEXT' });
    }
  };
  for await (const piece of bytes) yield decode(piece);
  yield decode();
}
