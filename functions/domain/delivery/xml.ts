import { SaxesParser } from 'saxes';
import type { FileRejection } from './delivery.ts';
import { FileRefused } from './file-refused.ts';

/** What is told of an XML part, in its order. Names come without their prefix. */
export interface XmlReader {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
  /** Where it is, for a refusal: row of the sheet, 0 before the first. */
  readonly line?: number;
}

/** Characters between two tags: longer is no cell, and would be held in memory. */
const MAX_BETWEEN_TAGS = 262_144;
/** Elements within elements; a sheet has six. */
const MAX_DEPTH = 40;
/** Characters that are read before the rows in them are taken. */
const STEP = 65_536;

const localName = (name: string): string => {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
};

/**
 * Reads an XML part strictly: well-formed, UTF-8 or UTF-16 by its BOM, without document type, so that no entity of its own
 * can stand for anything. Stops after each piece, so that the caller can take what was found. Throws `FileRefused`.
 */
export async function* readXml(bytes: AsyncIterable<Uint8Array>, reader: XmlReader): AsyncGenerator<void> {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  let silent = 0;
  let depth = 0;
  parser.on('doctype', () => {
    throw new FileRefused({ code: 'WORKBOOK_UNREADABLE' });
  });
  parser.on('opentag', ({ name, attributes }) => {
    silent = 0;
    depth += 1;
    if (depth > MAX_DEPTH) throw new FileRefused({ code: 'WORKBOOK_UNREADABLE' });
    reader.open(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    silent = 0;
    depth -= 1;
    reader.close?.(localName(name));
  });
  if (reader.text) {
    const text = (text: string): void => reader.text?.(ownCopy(text));
    parser.on('text', text);
    parser.on('cdata', text);
  }
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  const feed = (piece: Uint8Array | undefined): string => {
    decoder ??= new TextDecoder(encodingOf(piece), { fatal: true });
    return decoder.decode(piece, { stream: piece !== undefined });
  };
  for await (const piece of bytes) {
    const characters = sound(() => feed(piece));
    for (let at = 0; at < characters.length; at += STEP) {
      const step = characters.slice(at, at + STEP);
      silent += step.length;
      sound(() => parser.write(step));
      if (silent > MAX_BETWEEN_TAGS) throw new FileRefused(tooLong(reader.line));
      yield;
    }
  }
  sound(() => parser.write(feed(undefined)).close());
  yield;
}

/** A text of its own: as a slice it would keep the whole piece it came from in memory. */
const ownCopy = (text: string): string => (text.length < 13 ? text : ` ${text}`.slice(1));

const tooLong = (line: number | undefined): FileRejection => ({
  code: 'FIELD_TOO_LARGE',
  ...(line ? { line } : {}),
});

/** By its BOM, of which the first byte cannot begin a text in UTF-8. */
const encodingOf = (piece: Uint8Array | undefined): string => {
  if (piece?.[0] === 0xff) return 'utf-16le';
  return piece?.[0] === 0xfe ? 'utf-16be' : 'utf-8';
};

/** What the decoder and the parser cannot read makes the workbook unreadable. */
const sound = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw error instanceof FileRefused ? error : new FileRefused({ code: 'WORKBOOK_UNREADABLE' });
  }
};
