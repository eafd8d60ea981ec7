import { err, ok, type Result } from '../result.ts';
import type { FileRejection } from './delivery.ts';

/**
 * How a file is written: its delimiter and its header, against a contract of column names. Names are compared without
 * case, blanks, `_` and `-`. Own code, because a schema would echo unknown names, which may be personal data.
 */
export interface ColumnContract<C extends string> {
  readonly columns: readonly C[];
  /** The first column that is missing, seen those that are there. */
  readonly missing: (has: (column: C) => boolean) => C | undefined;
}

export interface Header<C extends string> {
  /** Place of each column of ours in a row. */
  readonly index: ReadonlyMap<C, number>;
  /** The column at each place. */
  readonly columnAt: readonly (C | undefined)[];
  /** Number of cells a row must have; empty ones after them are ignored. */
  readonly width: number;
  /** Places of the sender's own columns: all but those of our rejection file. */
  readonly own: readonly number[];
}

/** Columns the meldpunt adds to a rejection file; ignored when the corrected file comes back. */
export const REJECTION_COLUMNS = ['regel', 'code', 'kolom', 'uitleg', 'oplossing'] as const;

export const DELIMITERS = [';', ',', '\t'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

const nameOf = (cell: string): string =>
  cell
    .replace(/^\uFEFF/, '')
    .replace(/["'\s\u00a0_-]/g, '')
    .toLowerCase();

const BSN_NAME = /bsn|burgerservice|sofin|^sofi$/;

/** The delimiter under which the first line names most of our columns. */
export const delimiterOf = (firstLine: string, columns: readonly string[]): Result<Delimiter, FileRejection> => {
  const known = new Set<string>([...columns, ...REJECTION_COLUMNS].map(nameOf));
  const count = (delimiter: string): number =>
    firstLine.split(delimiter).filter((cell) => known.has(nameOf(cell)) || BSN_NAME.test(nameOf(cell))).length;
  const best = DELIMITERS.map((delimiter) => ({ delimiter, names: count(delimiter) })).reduce((a, b) =>
    b.names > a.names ? b : a,
  );
  if (best.names > 0) return ok(best.delimiter);
  const other = ['|', ':', '^', '~', ' '].find((each) => count(each) > 1);
  // A BSN goes before all else: such a file is erased.
  if (other !== undefined && firstLine.split(other).some((cell) => BSN_NAME.test(nameOf(cell))))
    return err({ code: 'BSN_COLUMN' });
  if (other !== undefined) return err({ code: 'DELIMITER_UNKNOWN' });
  if (/^\s*[<{[]/.test(firstLine)) return err({ code: 'FILE_NOT_CSV' });
  return err({ code: DELIMITERS.some((d) => firstLine.includes(d)) ? 'HEADER_MISSING' : 'FILE_NOT_CSV' });
};

/** The header once more, as when two exports were put behind each other. */
export const repeatsHeader = <C extends string>(cells: readonly string[], { index }: Header<C>): boolean =>
  [...index].every(([column, place]) => nameOf(cells[place] ?? '') === nameOf(column));

/** The header record against the contract. What it refuses it names by place or by our own column name, never by its text. */
export const headerOf = <C extends string>(
  cells: readonly string[],
  contract: ColumnContract<C>,
): Result<Header<C>, FileRejection> => {
  const names = cells.map(nameOf);
  const width = names.findLastIndex((name) => name !== '') + 1;
  const ours = new Map<string, C>(contract.columns.map((column) => [nameOf(column), column]));
  const added = new Set<string>(REJECTION_COLUMNS.filter((column) => !ours.has(column)));
  const index = new Map<C, number>();
  const columnAt: (C | undefined)[] = [];
  const own: number[] = [];
  if (names.some((name) => BSN_NAME.test(name))) return err({ code: 'BSN_COLUMN' });
  if (!names.some((name) => ours.has(name))) return err({ code: 'HEADER_MISSING' });
  for (const [place, name] of names.slice(0, width).entries()) {
    if (added.has(name)) continue;
    own.push(place);
    const column = ours.get(name);
    if (column === undefined) return err({ code: 'HEADER_UNKNOWN_COLUMN', position: place + 1 });
    if (index.has(column)) return err({ code: 'HEADER_DOUBLED', column });
    index.set(column, place);
    columnAt[place] = column;
  }
  const missing = contract.missing((column) => index.has(column));
  return missing === undefined
    ? ok({ index, columnAt, width, own })
    : err({ code: 'HEADER_INCOMPLETE', column: missing });
};
