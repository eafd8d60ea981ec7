/**
 * The rows of the yearly CBS file of postcodes (`pc6hnr<yyyymmdd>_gwb.csv`, eight million of them): bytes in, numbers out,
 * nothing kept and no string made. What does not fit is refused by its line: half a table would send people elsewhere.
 */
export type CbsProblem =
  | { readonly code: 'HEADER' | 'EMPTY' }
  | {
      readonly code: 'COLUMNS' | 'POSTCODE' | 'HOUSE_NUMBER' | 'MUNICIPALITY';
      readonly line: number;
    }
  | { readonly code: 'MUNICIPALITY_UNKNOWN'; readonly line: number; readonly municipality: string };

/** A postcode as one number: four digits, two letters. */
const LETTERS = 26;
export const POSTCODES = 10_000 * LETTERS * LETTERS;
export const pc4Of = (postcode: number): number => Math.floor(postcode / (LETTERS * LETTERS));
export const postcodeText = (postcode: number): string => {
  const letters = postcode % (LETTERS * LETTERS);
  return `${pc4Of(postcode)}${String.fromCharCode(LETTER_A + Math.floor(letters / LETTERS), LETTER_A + (letters % LETTERS))}`;
};

export type OnRow = (postcode: number, houseNumber: number, municipality: number) => void;

const LETTER_A = 65;
const ZERO = 48;
const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
/** No line of the file comes near; a file without line ends is no table. */
const LONGEST_LINE = 500;

interface Columns {
  readonly delimiter: number;
  readonly count: number;
  readonly postcode: number;
  readonly houseNumber: number;
  readonly municipality: number;
  readonly year: number;
}

/** `PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025`, with commas in some years; other columns may stand between. */
const columnsOf = (header: string): Columns | undefined => {
  const plain = header
    .replace(/^\uFEFF|^ï»¿/, '')
    .replaceAll('"', '')
    .trim()
    .toLowerCase();
  const delimiter = [';', ','].find((each) => plain.includes(each));
  const names = delimiter === undefined ? [] : plain.split(delimiter);
  const place = (name: RegExp): number => names.findIndex((each) => name.test(each.trim()));
  const [postcode, houseNumber, municipality] = [place(/^pc6$/), place(/^huisnummer$/), place(/^gemeente_?\d{4}$/)];
  if (delimiter === undefined || postcode < 0 || houseNumber < 0 || municipality < 0) return undefined;
  const year = Number(names[municipality]?.trim().slice(-4));
  return { delimiter: delimiter.charCodeAt(0), count: names.length, postcode, houseNumber, municipality, year };
};

/** Upper case, as the file has it. */
const letterOf = (byte: number): number => (byte >= LETTER_A && byte < LETTER_A + LETTERS ? byte - LETTER_A : -1);
const digitOf = (byte: number): number => (byte >= ZERO && byte <= ZERO + 9 ? byte - ZERO : -1);

/** `1234AB` in `bytes[from..to)` as a number; -1 when it is none. */
const postcodeAt = (bytes: Uint8Array, from: number, to: number): number => {
  if (to - from !== 6) return -1;
  let value = 0;
  for (let i = from; i < from + 4; i += 1) {
    const digit = digitOf(bytes[i] ?? 0);
    if (digit < 0) return -1;
    value = value * 10 + digit;
  }
  const [first, second] = [letterOf(bytes[from + 4] ?? 0), letterOf(bytes[from + 5] ?? 0)];
  return value < 1000 || first < 0 || second < 0 ? -1 : (value * LETTERS + first) * LETTERS + second;
};

/** A whole number of at most `longest` digits, above 0; -1 when it is none. */
const numberAt = (bytes: Uint8Array, from: number, to: number, longest: number): number => {
  if (to === from || to - from > longest) return -1;
  let value = 0;
  for (let i = from; i < to; i += 1) {
    const digit = digitOf(bytes[i] ?? 0);
    if (digit < 0) return -1;
    value = value * 10 + digit;
  }
  return value === 0 ? -1 : value;
};

const isPrefixed = (bytes: Uint8Array, from: number): boolean => bytes[from] === 71 && bytes[from + 1] === 77;

export interface CbsReader {
  /** The next bytes of the file; the first thing wrong, after which nothing more may be given. */
  push(bytes: Uint8Array): CbsProblem | undefined;
  /** The file is over. */
  end(): CbsProblem | undefined;
  /** Rows read. */
  readonly rows: () => number;
  /** The year in the header. */
  readonly year: () => number;
}

/** Calls `onRow` for every row. `known` has a 1 at the code of every municipality that may stand in the file. */
export const cbsReader = (known: Uint8Array, onRow: OnRow): CbsReader => {
  let columns: Columns | undefined;
  let line = 0;
  let rows = 0;
  let rest = new Uint8Array(0);

  const rowAt = (bytes: Uint8Array, from: number, to: number, { delimiter, ...places }: Columns) => {
    let [postcode, houseNumber, municipality] = [-1, -1, -1];
    let column = 0;
    for (let i = from, start = from; i <= to; i += 1) {
      if (i < to && bytes[i] !== delimiter) continue;
      const isQuoted = i - start >= 2 && bytes[start] === QUOTE && bytes[i - 1] === QUOTE;
      const [first, last] = isQuoted ? [start + 1, i - 1] : [start, i];
      if (column === places.postcode) postcode = postcodeAt(bytes, first, last);
      else if (column === places.houseNumber) houseNumber = numberAt(bytes, first, last, 5);
      else if (column === places.municipality)
        municipality = numberAt(bytes, isPrefixed(bytes, first) ? first + 2 : first, last, 4);
      column += 1;
      start = i + 1;
    }
    if (column !== places.count) return { code: 'COLUMNS', line } as const;
    if (postcode < 0) return { code: 'POSTCODE', line } as const;
    if (houseNumber < 0) return { code: 'HOUSE_NUMBER', line } as const;
    if (municipality < 0) return { code: 'MUNICIPALITY', line } as const;
    if (known[municipality] !== 1)
      return { code: 'MUNICIPALITY_UNKNOWN', line, municipality: String(municipality).padStart(4, '0') } as const;
    rows += 1;
    onRow(postcode, houseNumber, municipality);
    return undefined;
  };

  const lineAt = (bytes: Uint8Array, from: number, end: number): CbsProblem | undefined => {
    line += 1;
    const to = end > from && bytes[end - 1] === RETURN ? end - 1 : end;
    if (columns === undefined) {
      columns = to - from > LONGEST_LINE ? undefined : columnsOf(String.fromCharCode(...bytes.subarray(from, to)));
      return columns ? undefined : { code: 'HEADER' };
    }
    return to === from ? undefined : rowAt(bytes, from, to, columns);
  };

  return {
    push: (piece) => {
      let bytes = piece;
      if (rest.length > 0) {
        bytes = new Uint8Array(rest.length + piece.length);
        bytes.set(rest);
        bytes.set(piece, rest.length);
      }
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        const problem = lineAt(bytes, from, end);
        if (problem) return problem;
        from = end + 1;
      }
      // A copy: the piece belongs to whoever gave it.
      rest = bytes.slice(from);
      if (rest.length <= LONGEST_LINE) return undefined;
      return columns ? { code: 'COLUMNS', line: line + 1 } : { code: 'HEADER' };
    },
    end: () => {
      const problem = rest.length > 0 ? lineAt(rest, 0, rest.length) : undefined;
      if (problem) return problem;
      if (columns === undefined) return { code: 'HEADER' };
      return rows === 0 ? { code: 'EMPTY' } : undefined;
    },
    rows: () => rows,
    year: () => columns?.year ?? 0,
  };
};
