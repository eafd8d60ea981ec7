import { type CellFormat, type DecimalSign, formatOf, textOfNumber } from './cell-format.ts';
import type { FileRejectionCode } from './delivery.ts';
import { MAX_COLUMNS } from './dialect.ts';
import { FileRefused } from './file-refused.ts';
import { type CsvRecord, MAX_RECORD } from './tokenize.ts';
import { readXml, type XmlReader } from './xml.ts';
import { MAX_ENTRIES, type Open, partName, Zip, type ZipEntry } from './zip.ts';

/**
 * An Excel workbook (`.xlsx`) as records, as if its sheet had been saved as CSV and nothing of it was lost (ADR 0016).
 * Memory is bounded by the limits: rows pass by, only shared texts and formats are held.
 */
export interface WorkbookLimits {
  /** Bytes of XML that are read, all parts together. */
  readonly unpackedBytes: number;
  /** Texts that cells refer to: bytes they take in memory, and how many they may be. */
  readonly textBytes: number;
  readonly texts: number;
  /** Characters of all cells, a shared text as often as cells name it: what a CSV of the same rows would hold. */
  readonly characters: number;
}

/**
 * A quarter of a million rows of nineteen columns are 200 MB of XML, 40 MB of cells and a million texts of 16 MB. Each limit
 * is some three times that, and all of them together stay at some 250 MB of memory.
 */
export const WORKBOOK_LIMITS: WorkbookLimits = {
  unpackedBytes: 1_073_741_824,
  textBytes: 48_000_000,
  texts: 3_000_000,
  characters: 128_000_000,
};

/** Workbook, relations and formats: parts that are small in every workbook. */
const SMALL_PART_BYTES = 16_777_216;
/** What Excel can still open: styles of cells, some times its 250 formats, and sheets as many as it makes by itself. */
const MAX_STYLES = 65_490;
const MAX_FORMATS = 2_000;
const MAX_SHEETS = 255;
/** What Excel lets one cell hold. */
const MAX_CELL = 32_767;
const MAX_ROW = 1_048_576;
const MAX_PLACE = 16_383;
/** Rows that are given at a time: few enough to be gone before they grow old, which halves the memory. */
const BATCH = 40;

const refuse: (code: FileRejectionCode, line?: number) => never = (code, line) => {
  throw new FileRefused({ code, ...(line ? { line } : {}) });
};

/**
 * The rows of the one visible sheet that holds something, blank ones left out, filled up to the width of the first. Hidden
 * rows and columns, and rows a filter hides, are rows; hidden sheets are not read. Reads the file from its start as
 * often as needed. `decimal`: the sign a cell that is a number gets before its decimals. Throws `FileRefused`.
 */
export async function* recordsOfWorkbook(
  open: Open,
  limits: WorkbookLimits = WORKBOOK_LIMITS,
  decimal: DecimalSign = '.',
): AsyncGenerator<readonly CsvRecord[]> {
  const book = new Workbook(await Zip.read(open), limits, decimal);
  await book.load();
  yield* book.records();
}

interface Relation {
  /** Last word of its type. */
  readonly type: string;
  /** Name of the part. */
  readonly part: string;
}

class Workbook {
  private readonly zip: Zip;
  private readonly characters: number;
  private readonly decimal: DecimalSign;
  private left: number;
  private sheets: readonly string[] = [];
  private counts1904 = false;
  private formats: readonly CellFormat[] = [];
  private readonly texts: Texts;

  constructor(zip: Zip, limits: WorkbookLimits, decimal: DecimalSign) {
    this.zip = zip;
    this.characters = limits.characters;
    this.decimal = decimal;
    this.left = limits.unpackedBytes;
    this.texts = new Texts(limits);
  }

  async load(): Promise<void> {
    const workbook = [...(await this.relations('')).values()].find(({ type }) => type === 'officeDocument')?.part;
    // Some other zip: an OpenDocument sheet, a Word document, pictures.
    if (workbook === undefined || !/\.(?:xml|bin)$/.test(workbook) || !/(?:^|\/)workbook\d*\./.test(workbook))
      return refuse('FILE_NOT_TEXT');
    if (workbook.endsWith('.bin')) return refuse('WORKBOOK_UNREADABLE');
    const relations = await this.relations(workbook);
    const sheets: string[] = [];
    const parts = new Set<string>();
    let count = 0;
    await this.small(workbook, {
      open: (name, attributes) => {
        if (name === 'workbookPr') this.counts1904 = /^(?:1|true)$/.test(attributes.date1904 ?? '');
        if (name !== 'sheet') return;
        count += 1;
        if (count > MAX_SHEETS) refuse('WORKBOOK_TOO_LARGE');
        const id = Object.entries(attributes).find(([key]) => /:id$/.test(key))?.[1] ?? '';
        const { type, part } = relations.get(id) ?? refuse('WORKBOOK_UNREADABLE');
        if (parts.has(part)) refuse('WORKBOOK_UNREADABLE');
        parts.add(part);
        if (type === 'worksheet' && !/hidden/i.test(attributes.state ?? '')) sheets.push(part);
      },
    });
    this.sheets = sheets;
    const partOf = (type: string): string | undefined =>
      [...relations.values()].find((each) => each.type === type)?.part;
    const styles = partOf('styles');
    if (styles !== undefined) this.formats = await this.readFormats(styles);
    const texts = partOf('sharedStrings');
    if (texts !== undefined) for await (const _ of this.part(texts, this.texts));
    this.texts.finish();
  }

  async *records(): AsyncGenerator<readonly CsvRecord[]> {
    const { sheets } = this;
    const filled: string[] = [];
    for (const sheet of sheets) {
      if (sheets.length === 1 || (await this.isFilled(sheet))) filled.push(sheet);
      // Which of them is the delivery? A wrong guess is worse than an error.
      if (filled.length > 1) return refuse('WORKBOOK_SHEETS');
    }
    for (const sheet of filled) yield* this.rows(sheet);
  }

  private async isFilled(sheet: string): Promise<boolean> {
    for await (const batch of this.rows(sheet, 1)) return batch.length > 0;
    return false;
  }

  private async *rows(sheet: string, batch = BATCH): AsyncGenerator<readonly CsvRecord[]> {
    const { texts, formats, counts1904, decimal, characters } = this;
    const reader = new SheetReader({ texts, formats, counts1904, decimal, characters });
    for await (const _ of this.part(sheet, reader)) if (reader.records.length >= batch) yield reader.take();
    if (reader.records.length > 0) yield reader.take();
  }

  /** Relations of a part, by id; `''` for those of the workbook as a whole. */
  private async relations(part: string): Promise<ReadonlyMap<string, Relation>> {
    const slash = part.lastIndexOf('/') + 1;
    const folder = part.slice(0, slash);
    const found = new Map<string, Relation>();
    const name = `${folder}_rels/${part.slice(slash)}.rels`;
    if (!this.zip.entries.has(name)) return found;
    await this.small(name, {
      open: (element, { Id, Type, Target, TargetMode }) => {
        if (element !== 'Relationship' || Id === undefined || Target === undefined || TargetMode === 'External') return;
        if (found.has(Id)) refuse('WORKBOOK_UNREADABLE');
        if (found.size === MAX_ENTRIES) refuse('WORKBOOK_TOO_LARGE');
        found.set(Id, { type: Type?.split('/').at(-1) ?? '', part: resolved(folder, Target) });
      },
    });
    return found;
  }

  /** The format of each style, in the order in which cells name them. */
  private async readFormats(part: string): Promise<readonly CellFormat[]> {
    const codes = new Map<number, string>();
    const styles: number[] = [];
    const path: string[] = [];
    await this.small(part, {
      open: (name, { numFmtId, formatCode }) => {
        if (name === 'numFmt') codes.set(Number(numFmtId), formatCode ?? '');
        if (name === 'xf' && path.at(-1) === 'cellXfs') styles.push(Number(numFmtId ?? 0));
        if (styles.length > MAX_STYLES || codes.size > MAX_FORMATS) refuse('WORKBOOK_TOO_LARGE');
        path.push(name);
      },
      close: () => path.pop(),
    });
    const formats = new Map<number, CellFormat>();
    return styles.map((id) => {
      const format = formats.get(id) ?? formatOf(id, codes.get(id));
      formats.set(id, format);
      return format;
    });
  }

  private async small(name: string, reader: XmlReader): Promise<void> {
    if ((this.zip.entries.get(name)?.size ?? 0) > SMALL_PART_BYTES) refuse('WORKBOOK_TOO_LARGE');
    for await (const _ of this.part(name, reader));
  }

  private part(name: string, reader: XmlReader): AsyncGenerator<void> {
    const entry: ZipEntry = this.zip.entries.get(name) ?? refuse('WORKBOOK_UNREADABLE');
    // What the directory says is enough: an entry that turns out larger is refused.
    if (entry.size > this.left) refuse('WORKBOOK_TOO_LARGE');
    return readXml(this.counted(entry), reader);
  }

  private async *counted(entry: ZipEntry): AsyncGenerator<Uint8Array> {
    for await (const piece of this.zip.unpacked(entry)) {
      this.left -= piece.length;
      if (this.left < 0) refuse('WORKBOOK_TOO_LARGE');
      yield piece;
    }
  }
}

/** The name of the part a relation points at, seen from the folder of its owner; it never leaves the zip. */
const resolved = (folder: string, target: string): string => {
  const path: string[] = [];
  for (const step of partName(target.startsWith('/') ? target : folder + target).split('/'))
    if (step === '..') path.pop();
    else if (step !== '.') path.push(step);
  return path.join('/');
};

/** What an XML name cannot hold is written `_x000D_`. */
const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;

/** Few enough that a page being written, its texts as long as can be, takes little beside those that are. */
const TEXTS_A_PAGE = 256;

/**
 * The shared texts of a workbook, read from their part. Kept as pages of joined text, since a million small strings take
 * five times as much memory.
 */
class Texts implements XmlReader {
  private readonly pages: { readonly text: string; readonly ends: Uint32Array }[] = [];
  private page: string[] = [];
  /** Characters on the page, and whether one of them lies outside Latin-1: that makes the whole page twice as large. */
  private size = 0;
  private isWide = false;
  private current = '';
  private phonetic = 0;
  private isText = false;
  private left: number;
  private readonly most: number;

  constructor({ textBytes, texts }: WorkbookLimits) {
    this.left = textBytes;
    this.most = texts;
  }

  /** Undefined when there is no such text. */
  at(index: number): string | undefined {
    const page = this.pages[Math.floor(index / TEXTS_A_PAGE)];
    const place = index % TEXTS_A_PAGE;
    const end = page?.ends[place];
    return page && end !== undefined ? page.text.slice(place === 0 ? 0 : page.ends[place - 1], end) : undefined;
  }

  open(name: string): void {
    if (name === 'si') this.current = '';
    if (name === 'rPh') this.phonetic += 1;
    this.isText = name === 't' && this.phonetic === 0;
  }

  text(text: string): void {
    if (!this.isText) return;
    this.current += text;
    if (this.current.length > 8 * MAX_CELL) refuse('FIELD_TOO_LARGE');
  }

  close(name: string): void {
    this.isText = false;
    if (name === 'rPh') this.phonetic -= 1;
    if (name !== 'si') return;
    const text = unescaped(this.current);
    if (text.length > MAX_CELL) refuse('FIELD_TOO_LARGE');
    this.page.push(text);
    this.size += text.length;
    this.isWide ||= /[\u0100-\uffff]/.test(text);
    if (this.bytes() > this.left || this.pages.length * TEXTS_A_PAGE + this.page.length > this.most)
      refuse('WORKBOOK_TOO_LARGE');
    if (this.page.length === TEXTS_A_PAGE) this.finish();
  }

  private bytes(): number {
    return this.isWide ? this.size * 2 : this.size;
  }

  /** Puts the last page away. */
  finish(): void {
    let end = 0;
    const ends = Uint32Array.from(this.page, ({ length }) => {
      end += length;
      return end;
    });
    this.left -= this.bytes();
    this.pages.push({ text: this.page.join(''), ends });
    this.page = [];
    this.size = 0;
    this.isWide = false;
  }
}

const MISSING = '#N/A';

interface SheetContext {
  readonly texts: Texts;
  readonly formats: readonly CellFormat[];
  readonly counts1904: boolean;
  readonly decimal: DecimalSign;
  /** How many its cells may hold together. */
  readonly characters: number;
}

/** Reads the rows of one sheet into records. */
class SheetReader implements XmlReader {
  records: CsvRecord[] = [];
  line = 0;
  private readonly context: SheetContext;
  private left: number;
  private width: number | undefined;
  /** Elements around: worksheet, sheetData, row, c, v or is. */
  private depth = 0;
  private isData = false;
  private cells: string[] = [];
  /** Characters in the row. */
  private size = 0;
  /** Place of the cell, 0 = first. */
  private place = -1;
  private type = 'n';
  private style = 0;
  private value = '';
  private values = 0;
  private isFormula = false;
  private isValue = false;
  private phonetic = 0;

  constructor(context: SheetContext) {
    this.context = context;
    this.left = context.characters;
  }

  take(): readonly CsvRecord[] {
    const { records } = this;
    this.records = [];
    return records;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const { depth } = this;
    this.depth += 1;
    if (depth === 1) this.isData = name === 'sheetData';
    if (!this.isData || depth === 1) return;
    // A row in a row, or a cell in a cell, would be lost.
    if ((name === 'row') !== (depth === 2) || (name === 'c') !== (depth === 3))
      refuse('WORKBOOK_UNREADABLE', this.line);
    if (depth === 2) this.openRow(attributes.r);
    else if (depth === 3) this.openCell(attributes);
    else if (name === 'f') this.isFormula = true;
    else if (name === 'rPh') this.phonetic += 1;
    else if (name === 't') this.isValue = this.phonetic === 0;
    else if (name === 'v' || name === 'is') {
      this.values += 1;
      this.isValue = name === 'v';
    }
  }

  text(text: string): void {
    if (!this.isValue) return;
    this.value += text;
    if (this.value.length > 8 * MAX_CELL) refuse('FIELD_TOO_LARGE', this.line);
  }

  close(name: string): void {
    this.depth -= 1;
    this.isValue = false;
    if (!this.isData) return;
    if (this.depth === 3) this.closeCell();
    else if (this.depth === 2) this.closeRow();
    else if (name === 'rPh') this.phonetic -= 1;
  }

  private openRow(number: string | undefined): void {
    const line = number === undefined ? this.line + 1 : Number(number);
    // Rows out of order could stand for each other.
    if (!Number.isInteger(line) || line <= this.line || line > MAX_ROW) refuse('WORKBOOK_UNREADABLE', this.line);
    this.line = line;
    this.cells = [];
    this.size = 0;
    this.place = -1;
  }

  private openCell({ r, t, s }: Readonly<Record<string, string>>): void {
    const place = r === undefined ? this.place + 1 : columnOf(r, this.line);
    if (place === undefined || place <= this.place || place > MAX_PLACE) refuse('WORKBOOK_UNREADABLE', this.line);
    this.place = place;
    this.type = t ?? 'n';
    this.style = s === undefined ? 0 : Number(s);
    this.value = '';
    this.values = 0;
    this.isFormula = false;
    this.phonetic = 0;
  }

  private closeCell(): void {
    if (this.values > 1) refuse('WORKBOOK_UNREADABLE', this.line);
    const text = this.textOfCell();
    if (text === '') return;
    if (this.place >= MAX_COLUMNS) {
      if (text.trim() === '') return;
      if (this.width === undefined) refuse('HEADER_TOO_WIDE');
      refuse('FIELD_TOO_LARGE', this.line);
    }
    this.size += text.length;
    if (text.length > MAX_CELL || this.size > MAX_RECORD) refuse('FIELD_TOO_LARGE', this.line);
    this.left -= text.length;
    if (this.left < 0) refuse('WORKBOOK_TOO_LARGE');
    while (this.cells.length < this.place) this.cells.push('');
    this.cells.push(text);
  }

  private textOfCell(): string {
    const { value } = this;
    const { texts, formats, counts1904, decimal } = this.context;
    switch (this.type) {
      case 's':
        return value === '' ? '' : (texts.at(Number(value)) ?? refuse('WORKBOOK_UNREADABLE', this.line));
      case 'str':
      case 'inlineStr':
        return unescaped(value);
      case 'b':
        return value === '' ? '' : /^(?:1|true)$/i.test(value) ? 'ja' : 'nee';
      case 'd':
        return value.replace(/T00:00(?::00(?:\.0+)?)?Z?$/, '').replace('T', ' ');
      case 'e':
        return value;
      default:
        // A formula that no Excel has worked out yet.
        if (value === '') return this.isFormula ? MISSING : '';
        return textOfNumber(value.trim(), formats[this.style] ?? { kind: 'number' }, counts1904, decimal);
    }
  }

  private closeRow(): void {
    const { cells } = this;
    const filled = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
    if (filled === 0) return;
    this.width ??= filled;
    cells.length = Math.min(cells.length, Math.max(filled, this.width));
    while (cells.length < this.width) cells.push('');
    this.records.push({ line: this.line, cells });
  }
}

/** Place of a cell in its row, by its name (`AB12`); undefined when that names no column, or another row. */
const columnOf = (name: string, line: number): number | undefined => {
  let column = 0;
  let at = 0;
  for (; at < name.length; at++) {
    const letter = name.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return at > 0 && at <= 3 && Number(name.slice(at)) === line ? column - 1 : undefined;
};
