import { Readable } from 'node:stream';
import { CsvError, type InfoRecord, parse } from 'csv-parse';
import type { FileRejection } from '#domain/delivery/delivery.ts';

/** A whole file that cannot be read on: thrown inside the reading of a stream, caught where the verdict is given. */
export class FileRefused extends Error {
  readonly rejection: FileRejection;
  constructor(rejection: FileRejection) {
    super('FileRefused');
    this.name = 'FileRefused';
    this.rejection = rejection;
  }
}

export interface CsvRecord {
  /** Line on which the record starts, first line = 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Largest record that is held in memory, in bytes. */
const MAX_RECORD_BYTES = 262_144;

const breaksIn = (cells: readonly string[]): number =>
  cells.reduce((total, cell) => total + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

/**
 * A quote that was opened and closed rows later swallows them: the record then has another number of cells than the
 * header, or a cell with a whole row in it. Such a file is refused, since rows would be lost without anybody knowing.
 */
const swallowsRows = (cells: readonly string[], width: number, delimiter: string): boolean => {
  const multiline = cells.filter((cell) => /[\r\n]/.test(cell));
  if (multiline.length === 0) return false;
  const surplus = cells.slice(width).some((cell) => cell.trim() !== '');
  return cells.length < width || surplus || multiline.some((cell) => cell.split(delimiter).length >= width);
};

/**
 * The records of a CSV text, the header included, blank lines left out; line breaks of every kind, even mixed. A quote
 * inside an unquoted cell is text, as in Excel. Memory: one record. Throws `FileRefused`.
 */
export async function* recordsOf(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<CsvRecord> {
  let line = 1;
  let seen = 1;
  /** Where the records that were parsed and not yet taken start. */
  const starts: number[] = [];
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: MAX_RECORD_BYTES,
    on_record: (cells: string[], info: InfoRecord) => {
      starts.push(line);
      // Own count: csv-parse counts a CRLF inside quotes twice.
      line += 1 + breaksIn(cells);
      seen = info.lines;
      return cells;
    },
  });
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error));
  let width: number | undefined;
  try {
    for await (const cells of source.pipe(parser) as AsyncIterable<string[]>) {
      const start = starts.shift() ?? 0;
      if (isBlank(cells)) continue;
      width ??= cells.findLastIndex((cell) => cell.trim() !== '') + 1;
      if (swallowsRows(cells, width, delimiter)) throw new FileRefused({ code: 'QUOTE_NEVER_CLOSED', line: start });
      yield { line: start, cells };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const lines = Number((error as { lines?: unknown }).lines ?? seen) - seen;
    const unclosed = error.code === 'CSV_QUOTE_NOT_CLOSED' || lines > 1;
    throw new FileRefused({ code: unclosed ? 'QUOTE_NEVER_CLOSED' : 'FIELD_TOO_LARGE', line });
  } finally {
    source.destroy();
  }
}
