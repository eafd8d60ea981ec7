import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { Zip, type ZipInputFile } from 'fflate/browser';
import type { Part } from '#domain/spreadsheet.ts';

/** Characters that are packed at a time. */
const STEP = 65_536;
/** The fastest way: the list of a large city is some megabytes either way. Some pieces may wait to be packed. */
const PACKING = { level: 1, chunkSize: STEP, highWaterMark: 16 * STEP };
/** ZIP's own number for deflate. */
const DEFLATE = 8;
/** Entries carry no clock of their own: the same content gives the same bytes. */
const SOME_DAY = '1980-01-01T12:00:00';

function* inSteps(pieces: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < STEP) continue;
    yield encoder.encode(text);
    text = '';
  }
  yield encoder.encode(text);
}

/** Pieces of text as bytes, in steps: a list of a large city is never one text in memory. */
export async function* encoded(pieces: Iterable<string>): AsyncGenerator<Uint8Array> {
  yield* inSteps(pieces);
}

/** A part as one entry of a zip. */
class Entry implements ZipInputFile {
  readonly filename: string;
  readonly compression = DEFLATE;
  readonly mtime = SOME_DAY;
  crc = 0;
  size = 0;
  /** Set by the zip it is added to. */
  ondata: NonNullable<ZipInputFile['ondata']> = () => undefined;

  constructor(name: string) {
    this.filename = name;
  }

  *counted(bytes: Iterable<Uint8Array>): Generator<Uint8Array> {
    for (const piece of bytes) {
      this.crc = crc32(piece, this.crc);
      this.size += piece.length;
      yield piece;
    }
  }
}

async function* onePerTurn(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    yield piece;
    // What was packed is taken, and the next piece handed over, only between two turns.
    await setImmediate();
  }
}

/** Node packs beside the thread that makes the next piece; of one piece that would only take longer. */
async function* deflated(pieces: Generator<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const [first, second] = [pieces.next(), pieces.next()];
  if (first.done || second.done) {
    yield deflateRawSync(first.value ?? new Uint8Array(), PACKING);
    return;
  }
  const deflate = createDeflateRaw(PACKING);
  const packing = pipeline(
    onePerTurn(
      (function* () {
        yield first.value;
        yield second.value;
        yield* pieces;
      })(),
    ),
    deflate,
  );
  // What goes wrong there is thrown by the loop as well.
  packing.catch(() => undefined);
  yield* deflate;
  await packing;
}

/** The parts as one zip, bit by bit: of neither parts nor zip more than some steps are in memory. */
export async function* packed(parts: Iterable<Part>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  for (const { name, xml } of parts) {
    const entry = new Entry(name);
    zip.add(entry);
    for await (const piece of deflated(entry.counted(inSteps(xml)))) {
      entry.ondata(null, piece, false);
      yield* ready.splice(0);
    }
    entry.ondata(null, new Uint8Array(), true);
  }
  zip.end();
  yield* ready;
}
