import { decodeText, type Sniffed, sniffer } from '#domain/delivery/decode.ts';
import type { FileRejection } from '#domain/delivery/delivery.ts';
import { delimiterOf, type Header, headerOf } from '#domain/delivery/dialect.ts';
import { FileRefused } from '#domain/delivery/file-refused.ts';
import { type CsvRecord, recordsOf } from '#domain/delivery/tokenize.ts';
import { recordsOfWorkbook, type WorkbookLimits } from '#domain/delivery/workbook.ts';
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
/** A worklist of the largest municipality is a tenth of this. */
const MAX_ROWS = 50_000;
/** As for a delivery, for so many rows; all of them are held. */
const LIMITS: WorkbookLimits = {
  unpackedBytes: 67_108_864,
  textBytes: 8_000_000,
  texts: 400_000,
  characters: 16_000_000,
};

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

interface Opened {
  readonly delimiter: string;
  readonly records: AsyncIterable<readonly CsvRecord[]>;
}

/** The records of a CSV, or of a workbook as it comes out of Excel. */
const opened = (pieces: readonly Uint8Array[], sniffed: Sniffed): Result<Opened, FileRejection> => {
  if (sniffed.format === 'zip')
    return ok({ delimiter: ';', records: recordsOfWorkbook(async () => each(pieces), LIMITS) });
  const { encoding, firstLine, declared, skipLines } = sniffed;
  const delimiter = delimiterOf(firstLine, outcomeContract, declared);
  if (!delimiter.ok) return delimiter;
  const records = recordsOf(decodeText(each(pieces), encoding), delimiter.value, skipLines);
  return ok({ delimiter: delimiter.value, records });
};

/** Its rows, once the header is known to be one: a file of something else is not read to its end. */
const readRows = async ({ delimiter, records }: Opened): Promise<Result<OutcomesFile, FileRejection>> => {
  let header: Header<OutcomeColumn> | undefined;
  let headerCells: readonly string[] = [];
  const rows: CsvRecord[] = [];
  for await (const batch of records) {
    for (const record of batch) {
      if (header !== undefined) {
        rows.push(record);
        continue;
      }
      const read = headerOf(record.cells, outcomeContract);
      if (!read.ok) return read;
      header = read.value;
      headerCells = header.own.map((place) => record.cells[place] ?? '');
    }
    if (rows.length > MAX_ROWS) return err({ code: 'TOO_MANY_ROWS' });
  }
  return header === undefined ? err({ code: 'FILE_EMPTY' }) : ok({ delimiter, header, headerCells, rows });
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
  const file = opened(pieces, sniffed.value);
  if (!file.ok) return file;
  try {
    return await readRows(file.value);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return err(error.rejection);
  }
};
