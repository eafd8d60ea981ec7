import { decodeText, type Sniffed, sniffer } from '#domain/delivery/decode.ts';
import type { FileRejection } from '#domain/delivery/delivery.ts';
import { delimiterOf, type Header, headerOf } from '#domain/delivery/dialect.ts';
import { FileRefused } from '#domain/delivery/file-refused.ts';
import { allRecords, type CsvRecord } from '#domain/delivery/tokenize.ts';
import { recordsOfWorkbook } from '#domain/delivery/workbook.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { type OutcomeColumn, outcomeContract } from '#domain/signal/outcome-line.ts';

export interface OutcomesFile {
  readonly delimiter: string;
  readonly header: Header<OutcomeColumn>;
  /** The sender's own header cells, without ours of an earlier rejection file. */
  readonly headerCells: readonly string[];
  readonly rows: readonly CsvRecord[];
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

interface Records {
  readonly delimiter: string;
  readonly records: readonly CsvRecord[];
}

/** The records of a CSV, or of a workbook as it comes out of Excel. */
const recordsOf = async (pieces: readonly Uint8Array[], sniffed: Sniffed): Promise<Result<Records, FileRejection>> => {
  try {
    if (sniffed.format === 'zip') {
      const records: CsvRecord[] = [];
      for await (const batch of recordsOfWorkbook(async () => each(pieces))) records.push(...batch);
      return ok({ delimiter: ';', records });
    }
    const { encoding, firstLine, declared, skipLines } = sniffed;
    const delimiter = delimiterOf(firstLine, outcomeContract, declared);
    if (!delimiter.ok) return delimiter;
    let text = '';
    for await (const part of decodeText(each(pieces), encoding)) text += part;
    return ok({ delimiter: delimiter.value, records: allRecords(text, delimiter.value, skipLines) });
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return err(error.rejection);
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
  const read = await recordsOf(pieces, sniffed.value);
  if (!read.ok) return read;
  const { delimiter, records } = read.value;
  const [first, ...rows] = records;
  if (!first) return err({ code: 'FILE_EMPTY' });
  const header = headerOf(first.cells, outcomeContract);
  if (!header.ok) return header;
  const headerCells = header.value.own.map((place) => first.cells[place] ?? '');
  return ok({ delimiter, header: header.value, headerCells, rows });
};
