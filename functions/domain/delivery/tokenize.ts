import { FileRefused } from './file-refused.ts';

/** One record of a file, as text. */
export interface CsvRecord {
  /** Line on which it starts, first line = 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Longest record that is held in memory, in characters. */
export const MAX_RECORD = 262_144;

/**
 * The records of a CSV text in batches, the header included, blank lines left out. Line breaks of every kind, even mixed.
 * A quote inside an unquoted cell is text, as in Excel, and so is a cell with text behind its closing quote. `skipLines`
 * are passed over at the start. Memory: one piece and one record. Throws `FileRefused`.
 *
 * Own code beside csv-parse, which is its oracle in the tests (ADR 0019): most lines hold no quote, and those are split
 * by the engine itself, eight times as fast.
 */
export async function* recordsOf(
  text: AsyncIterable<string>,
  delimiter: string,
  skipLines = 0,
): AsyncGenerator<readonly CsvRecord[]> {
  const tokens = new Tokenizer(delimiter, skipLines);
  for await (const piece of text) {
    const batch = tokens.take(piece, false);
    if (batch.length > 0) yield batch;
  }
  const last = tokens.take('', true);
  if (last.length > 0) yield last;
}

/** Nothing to see; an old program may end a file with Ctrl-Z. */
const isBlank = (cells: readonly string[]): boolean => {
  for (const cell of cells) if (cell !== '' && cell.trim() !== '') return cells.length === 1 && cell === '\u001A';
  return true;
};

const breaksIn = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

class Tokenizer {
  private readonly delimiter: string;
  private rest = '';
  private line = 1;
  private skip: number;
  /** Cells of the first record: a quote left open is recognised by it. */
  private width: number | undefined;

  constructor(delimiter: string, skipLines: number) {
    this.delimiter = delimiter;
    this.skip = skipLines;
  }

  take(piece: string, isLast: boolean): CsvRecord[] {
    const text = this.rest === '' ? piece : this.rest + piece;
    const records: CsvRecord[] = [];
    const ends = new Marks(text, this.delimiter, isLast);
    let at = 0;
    let quote = text.indexOf('"');
    while (at < text.length) {
      const start = this.line;
      if (quote !== -1 && quote < at) quote = text.indexOf('"', at);
      const end = ends.after(at);
      let cells: readonly string[];
      if (quote === -1 || (end !== undefined && quote >= end)) {
        if (end === undefined) break;
        if (end - at > MAX_RECORD) throw new FileRefused({ code: 'FIELD_TOO_LARGE', line: start });
        cells = text.slice(at, end).split(this.delimiter);
        at = ends.behind(end);
        this.line += 1;
      } else {
        const found = this.quoted(text, at, ends, isLast);
        if (found === undefined) break;
        ({ cells, at } = found);
        this.line += 1 + found.breaks;
        if (found.breaks > 0 && this.swallowsRows(cells))
          throw new FileRefused({ code: 'QUOTE_NEVER_CLOSED', line: start });
      }
      if (this.skip > 0) this.skip -= 1;
      else if (!isBlank(cells)) {
        this.width ??= cells.findLastIndex((cell) => cell.trim() !== '') + 1;
        records.push({ line: start, cells });
      }
    }
    this.rest = at === 0 ? text : text.slice(at);
    if (isLast && this.rest !== '') throw new FileRefused({ code: 'QUOTE_NEVER_CLOSED', line: this.line });
    if (this.rest.length > MAX_RECORD) {
      const code = this.rest.includes('"') && breaksIn(this.rest) > 0 ? 'QUOTE_NEVER_CLOSED' : 'FIELD_TOO_LARGE';
      throw new FileRefused({ code, line: this.line });
    }
    return records;
  }

  /** A record with a quote in it; undefined when it goes on behind this text, or when a quote is never closed. */
  private quoted(
    text: string,
    from: number,
    ends: Marks,
    isLast: boolean,
  ): { readonly cells: readonly string[]; readonly at: number; readonly breaks: number } | undefined {
    const cells: string[] = [];
    let breaks = 0;
    let at = from;
    for (;;) {
      let stop = at;
      let cell: string | undefined;
      if (text[at] === '"') {
        let close = text.indexOf('"', at + 1);
        while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
        // At the very end of a piece the next one may begin with the second half of a doubled quote.
        if (close === -1 || (close + 1 === text.length && !isLast)) return undefined;
        const inner = text.slice(at + 1, close);
        stop = close + 1;
        if (/[\r\n]/.test(inner)) breaks += breaksIn(inner);
        if (this.endsAt(text, stop)) cell = inner.includes('"') ? inner.replaceAll('""', '"') : inner;
      }
      // Unquoted, or text behind a closing quote: to the next delimiter or the end of the line.
      const delimiter = ends.delimiter(stop);
      const end = ends.after(stop);
      if (end === undefined && delimiter === -1) return undefined;
      const next = delimiter !== -1 && (end === undefined || delimiter < end) ? delimiter : (end ?? text.length);
      if (next - from > MAX_RECORD) throw new FileRefused({ code: 'FIELD_TOO_LARGE', line: this.line });
      cells.push(cell ?? text.slice(at, next));
      if (next !== delimiter) return { cells, at: ends.behind(next), breaks };
      at = next + this.delimiter.length;
    }
  }

  private endsAt(text: string, at: number): boolean {
    return at === text.length || text[at] === '\n' || text[at] === '\r' || text.startsWith(this.delimiter, at);
  }

  /**
   * A quote that was opened and closed rows later swallows them: the record then has another number of cells than the
   * header, or a cell with a whole row in it. Such a file is refused, since rows would be lost without anybody knowing.
   */
  private swallowsRows(cells: readonly string[]): boolean {
    const { width } = this;
    if (width === undefined) return false;
    const surplus = cells.slice(width);
    // A row swallowed into a cell ends in empty cells of its own, and these stand behind ours: so many parts less.
    return (
      cells.length < width ||
      surplus.some((cell) => cell.trim() !== '') ||
      cells.some((cell) => /[\r\n]/.test(cell) && cell.split(this.delimiter).length >= width - surplus.length)
    );
  }
}

/**
 * Where lines end in a text (CRLF, LF or CR, whichever comes first) and where delimiters stand. Asked with rising places,
 * it scans the text once.
 */
class Marks {
  private readonly text: string;
  private readonly sign: string;
  private readonly isLast: boolean;
  private lf: number;
  private cr: number;
  private next: number;

  constructor(text: string, sign: string, isLast: boolean) {
    this.text = text;
    this.sign = sign;
    this.isLast = isLast;
    this.lf = text.indexOf('\n');
    this.cr = text.indexOf('\r');
    this.next = text.indexOf(sign);
  }

  /** Place of the delimiter at or after `at`; -1 when there is none. */
  delimiter(at: number): number {
    if (this.next !== -1 && this.next < at) this.next = this.text.indexOf(this.sign, at);
    return this.next;
  }

  /** Place of the line break at or after `at`; the end of the last piece is one too; undefined when it lies further on. */
  after(at: number): number | undefined {
    if (this.lf !== -1 && this.lf < at) this.lf = this.text.indexOf('\n', at);
    if (this.cr !== -1 && this.cr < at) this.cr = this.text.indexOf('\r', at);
    const { lf, cr, text, isLast } = this;
    if (cr !== -1 && (lf === -1 || cr < lf)) return cr + 1 === text.length && !isLast ? undefined : cr;
    if (lf !== -1) return lf;
    return isLast ? text.length : undefined;
  }

  /** Where the line behind the break at `end` begins. */
  behind(end: number): number {
    if (end >= this.text.length) return this.text.length;
    return this.text[end] === '\r' && this.text[end + 1] === '\n' ? end + 2 : end + 1;
  }
}
