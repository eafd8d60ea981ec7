import anyAscii from 'any-ascii';
import { err, ok, type Result } from '../result.ts';
import type { FileRejection } from './delivery.ts';

/**
 * How a file is written: its delimiter and its header, against a contract of column names. Names are compared without
 * case, blanks, `_` and `-`. Own code, because a schema would echo unknown names, which may be personal data.
 */
export interface ColumnContract<C extends string> {
  readonly columns: readonly C[];
  /** The columns that are missing, seen those that are there. */
  readonly missing: (has: (column: C) => boolean) => readonly C[];
  /** Names of the sender's own for columns of ours, `null` for one that is left out; they go before ours. By `nameOf`. */
  readonly renamed?: ReadonlyMap<string, C | null>;
  /** Columns whose value does not come from the file. */
  readonly given?: ReadonlySet<C>;
}

export interface Header<C extends string> {
  /** Place of each column of ours in a row. */
  readonly index: ReadonlyMap<C, number>;
  /** The column at each place. */
  readonly columnAt: readonly (C | undefined)[];
  /** The names as they are compared, by place. */
  readonly names: readonly string[];
  /** Place of the longest name of ours: few values are as long. */
  readonly longestAt: number;
  /** Number of cells a row must have; empty ones after them are ignored. */
  readonly width: number;
  /** Places of the sender's own columns: all but those of our rejection file. */
  readonly own: readonly number[];
}

/** Columns the meldpunt adds to a rejection file; ignored when the corrected file comes back. */
export const REJECTION_COLUMNS = ['regel', 'code', 'kolom', 'uitleg', 'oplossing'] as const;

export const DELIMITERS = [';', ',', '\t'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** A longer one is no name, and is not looked at any closer. */
const MAX_NAME = 120;

/** No file of the field has more; a header beyond it is an accident or an attack. */
export const MAX_COLUMNS = 256;

/** A column name as names are compared. */
export const nameOf = (cell: string): string =>
  cell
    .replace(/^\uFEFF/, '')
    .replace(/["'\s\u00a0_-]/g, '')
    .toLowerCase();

/** Letters of other alphabets that look like Latin ones; any-ascii takes them by their sound. */
const LOOKALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  [...'аaвbеeкkмmнhоoрpсcтtуyхxіiјjѕsԁdɡgոnνvοoρpτtυuαaβbεeκkιi'.matchAll(/(.)(.)/gu)].map(([, from, to]) => [
    from,
    to,
  ]),
);
/** The name as it looks: accents, full width and letters of other alphabets made plain. */
const looksOf = (name: string): string =>
  name.length > MAX_NAME || /^[ -~]*$/.test(name)
    ? name
    : anyAscii([...name.normalize('NFKC')].map((sign) => LOOKALIKES[sign] ?? sign).join('')).toLowerCase();

const BSN_NAME = /bsn|burgerservice|sofin|^sofi$/;
/** Whether a name, as names are compared, is one of a BSN. */
export const isBsnName = (name: string): boolean => BSN_NAME.test(looksOf(name).replace(/[^a-z]/g, ''));

/**
 * The delimiter under which the first line names most columns of ours, or of the sender's own names for them; or the one
 * the file `declared` (Excel's `sep=;`).
 */
export const delimiterOf = (
  firstLine: string,
  { columns, renamed = new Map() }: Pick<ColumnContract<string>, 'columns' | 'renamed'>,
  declared?: string,
): Result<Delimiter, FileRejection> => {
  const known = new Set<string>([...columns, ...REJECTION_COLUMNS].map(nameOf).concat([...renamed.keys()]));
  const isKnown = (cell: string): boolean => {
    const name = nameOf(cell);
    return known.has(name) || isBsnName(name) || known.has(looksOf(name));
  };
  const count = (delimiter: string): number => firstLine.split(delimiter, MAX_COLUMNS).filter(isKnown).length;
  const best = DELIMITERS.map((delimiter) => ({ delimiter, names: count(delimiter) })).reduce((a, b) =>
    b.names > a.names ? b : a,
  );
  const stated = DELIMITERS.find((delimiter) => delimiter === declared);
  if (stated !== undefined && count(stated) > 0) return ok(stated);
  if (best.names > 0) return ok(best.delimiter);
  const other = ['|', ':', '^', '~', ' '].find((each) => count(each) > 1);
  // A BSN goes before all else: such a file is erased.
  if (other !== undefined && firstLine.split(other).some((cell) => isBsnName(nameOf(cell))))
    return err({ code: 'BSN_COLUMN' });
  if (other !== undefined) return err({ code: 'DELIMITER_UNKNOWN' });
  if (/^\s*[<{[]/.test(firstLine)) return err({ code: 'FILE_NOT_CSV' });
  return err({ code: DELIMITERS.some((d) => firstLine.includes(d)) ? 'HEADER_MISSING' : 'FILE_NOT_CSV' });
};

/** The header once more, as when two exports were put behind each other. */
export const repeatsHeader = (cells: readonly string[], { index, names, longestAt }: Header<string>): boolean => {
  if ((cells[longestAt] ?? '').length < (names[longestAt] ?? '').length) return false;
  for (const place of index.values()) if (nameOf(cells[place] ?? '') !== names[place]) return false;
  return true;
};

/** Places of our own five columns: where they stand in front, as we write them, or all five wherever nobody claims a name. */
const addedPlaces = (names: readonly string[], isClaimed: (name: string) => boolean): ReadonlySet<number> => {
  if (REJECTION_COLUMNS.every((column, place) => names[place] === column))
    return new Set(REJECTION_COLUMNS.map((_, place) => place));
  const places = REJECTION_COLUMNS.map((column) => (isClaimed(column) ? -1 : names.indexOf(column)));
  return new Set(places.includes(-1) ? [] : places);
};

/** The header record against the contract. What it refuses it names by place or by our own column name, never by its text. */
export const headerOf = <C extends string>(
  cells: readonly string[],
  { columns, missing, renamed = new Map(), given = new Set() }: ColumnContract<C>,
): Result<Header<C>, FileRejection> => {
  const names = cells.map(nameOf);
  const width = names.findLastIndex((name) => name !== '') + 1;
  if (width > MAX_COLUMNS) return err({ code: 'HEADER_TOO_WIDE' });
  const ours = new Map<string, C | null>([...columns.map((column) => [nameOf(column), column] as const), ...renamed]);
  const index = new Map<C, number>();
  const columnAt: (C | undefined)[] = [];
  const own: number[] = [];
  if (names.some(isBsnName)) return err({ code: 'BSN_COLUMN' });
  const added = addedPlaces(names, (name) => ours.has(name));
  const looks = new Set(ours.keys());
  const isAlike = (name: string): boolean => !ours.has(name) && looks.has(looksOf(name));
  if (!names.some((name) => ours.has(name) || isAlike(name))) return err({ code: 'HEADER_MISSING' });
  for (const [place, name] of names.slice(0, width).entries()) {
    if (added.has(place)) continue;
    own.push(place);
    const column = (cells[place] ?? '').length > 2 * MAX_NAME ? undefined : ours.get(name);
    if (column === null) continue;
    if (column === undefined)
      return err({ code: isAlike(name) ? 'HEADER_LOOKALIKE' : 'HEADER_UNKNOWN_COLUMN', position: place + 1 });
    if (given.has(column)) return err({ code: 'HEADER_GIVEN', column });
    if (index.has(column)) return err({ code: 'HEADER_DOUBLED', column });
    index.set(column, place);
    columnAt[place] = column;
  }
  const absent = missing((column) => index.has(column) || given.has(column));
  const longer = (a: number, b: number): number => ((names[b] ?? '').length > (names[a] ?? '').length ? b : a);
  const longestAt = [...index.values()].reduce(longer, -1);
  return absent.length === 0
    ? ok({ index, columnAt, names, longestAt, width, own })
    : err({ code: 'HEADER_INCOMPLETE', column: absent.join(', ') });
};
