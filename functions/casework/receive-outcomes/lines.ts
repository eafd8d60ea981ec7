import { CsvError, type InfoRecord, parse } from 'csv-parse/sync';
import { decodeText, sniffer } from '#domain/delivery/decode.ts';
import type { FileRejection } from '#domain/delivery/delivery.ts';
import { delimiterOf, type Header, headerOf } from '#domain/delivery/dialect.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { OUTCOME_COLUMNS, type OutcomeColumn, outcomeContract } from '#domain/signal/outcome-line.ts';

export interface OutcomesFile {
  readonly delimiter: string;
  readonly header: Header<OutcomeColumn>;
  /** The sender's own header cells, without ours of an earlier rejection file. */
  readonly headerCells: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** A municipality's answers of a month are a few megabytes at most; the whole file is held while it is applied. */
const MAX_BYTES = 16 * 1024 * 1024;

const collected = async (body: AsyncIterable<Uint8Array>): Promise<Uint8Array[] | undefined> => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > MAX_BYTES) return undefined;
    pieces.push(piece);
  }
  return pieces;
};

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const linesIn = (cells: readonly string[]): number =>
  cells.reduce((total, cell) => total + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 1);

const recordsOf = (text: string, delimiter: string): Result<readonly string[][], FileRejection> => {
  let line = 1;
  let seen = 1;
  try {
    return ok(
      parse(text, {
        delimiter,
        record_delimiter: ['\r\n', '\n', '\r'],
        relax_quotes: true,
        relax_column_count: true,
        max_record_size: 65_536,
        on_record: (cells: string[], { lines }: InfoRecord) => {
          line += linesIn(cells);
          seen = lines;
          return cells;
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // A record that grew over the end of its line is a quote left open.
    const lines = Number((error as { lines?: unknown }).lines ?? seen) - seen;
    const unclosed = error.code === 'CSV_QUOTE_NOT_CLOSED' || lines > 1;
    return err({ code: unclosed ? 'QUOTE_NEVER_CLOSED' : 'FIELD_TOO_LARGE', line });
  }
};

/** An outcomes file read as a whole, before any of it is applied: a file that is broken half-way changes nothing. */
export const readOutcomesFile = async (
  body: AsyncIterable<Uint8Array>,
): Promise<Result<OutcomesFile, FileRejection>> => {
  const pieces = await collected(body);
  if (!pieces) return err({ code: 'TOO_MANY_ROWS' });
  const watch = sniffer();
  for (const piece of pieces) watch.push(piece);
  const sniffed = watch.finish();
  if (!sniffed.ok) return sniffed;
  const delimiter = delimiterOf(sniffed.value.firstLine, OUTCOME_COLUMNS);
  if (!delimiter.ok) return delimiter;
  let text = '';
  for await (const part of decodeText(each(pieces), sniffed.value.encoding)) text += part;
  const records = recordsOf(text, delimiter.value);
  if (!records.ok) return records;

  let line = 1;
  const rows = records.value.map((cells) => {
    const row = { line, cells };
    line += linesIn(cells);
    return row;
  });
  const [first, ...rest] = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (!first) return err({ code: 'FILE_EMPTY' });
  const header = headerOf(first.cells, outcomeContract);
  if (!header.ok) return header;
  const headerCells = header.value.own.map((place) => first.cells[place] ?? '');
  return ok({ delimiter: delimiter.value, header: header.value, headerCells, rows: rest });
};
