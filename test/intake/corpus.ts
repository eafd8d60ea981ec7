import type {
  FileRejection,
  Finding,
  RejectionReason,
  RowRejectionCode,
  WarningCode,
} from '#domain/delivery/delivery.ts';
import type { Receipt } from '#domain/delivery/receipt.ts';
import { type Cell, type Sheet, type WorkbookOptions, workbookOf } from '../support/workbook.ts';
import { zipOf } from '../support/zip.ts';
import { goodRow, type Row } from './pipeline.ts';

/**
 * Awkward files, each with the verdict it must get. Written for this project, by hand, from the rules (DOMAIN sections 3 and
 * 12), not from what the code says. They are received on 1 April 2026; without more they come from `elan-wonen`.
 */
export interface CorpusFile {
  readonly name: string;
  readonly party?: string;
  readonly bytes: () => string | Uint8Array;
  readonly verdict: FileVerdict | RowsVerdict;
}

/** The file is refused as a whole. */
export interface FileVerdict {
  readonly file: FileRejection;
}

export interface RowsVerdict {
  /** Rows that became a signal. */
  readonly accepted: number;
  readonly unchanged?: number;
  readonly withdrawn?: number;
  /** Each refused row. */
  readonly refused?: readonly RefusedRow[];
  readonly warnings?: readonly (readonly [line: number, code: WarningCode])[];
  /** What is stored under a reference, as far as it matters here. */
  readonly stored?: Readonly<Record<string, object>>;
}
type RefusedRow = readonly [
  line: number,
  code: RowRejectionCode,
  column?: string | undefined,
  reason?: RejectionReason | undefined,
];
/** Why the row is refused; the column is the one the value stands in, when no other is named. */
type Why = readonly [code: RowRejectionCode, reason?: RejectionReason | undefined, column?: string];

const byLine = (findings: readonly Finding[]) =>
  findings
    .flatMap(({ lines, code, column, reason }) => lines.map((line) => [line, code, column, reason] as const))
    .sort(([a], [b]) => a - b);

/** What a receipt says, in the words of the corpus. */
export const saidBy = ({
  file,
  refusals,
  warnings,
  counts,
}: Pick<Receipt, 'file' | 'refusals' | 'warnings' | 'counts'>) => {
  const { explanation: _why, remedy: _todo, ...rejection } = file ?? { explanation: '', remedy: '' };
  return {
    file: file && rejection,
    refused: byLine(refusals),
    warnings: byLine(warnings).map(([line, code]) => [line, code]),
    counts,
  };
};

/** What it should say. */
export const wantedOf = (verdict: CorpusFile['verdict']): ReturnType<typeof saidBy> => {
  const none = { accepted: 0, unchanged: 0, withdrawn: 0, corrected: 0, refused: 0, read: 0 };
  if ('file' in verdict) return { file: verdict.file, refused: [], warnings: [], counts: none };
  const { accepted, unchanged = 0, withdrawn = 0, refused = [], warnings = [] } = verdict;
  return {
    file: undefined,
    refused: refused.map(([line, code, column, reason]) => [line, code, column, reason]),
    warnings: warnings.map((each) => [...each]),
    counts: {
      ...none,
      accepted,
      unchanged,
      withdrawn,
      refused: refused.length,
      read: accepted + unchanged + withdrawn + refused.length,
    },
  };
};

// Writing files as others do: nothing is made safe, nothing is put right.
const COLUMNS = Object.keys(goodRow());
export interface Style {
  readonly delimiter?: string;
  readonly end?: string;
  /** Quotes around every cell, instead of where they are needed. */
  readonly quoteAll?: boolean;
  readonly lastEnd?: boolean;
  /** Behind every line. */
  readonly tail?: string;
  readonly columns?: readonly string[];
}

const text = (rows: readonly Row[], style: Style = {}): string => {
  const { delimiter = ';', end = '\r\n', quoteAll = false, lastEnd = true, tail = '' } = style;
  const columns = style.columns ?? [...new Set([COLUMNS, ...rows.map((row) => Object.keys(row))].flat())];
  const quoted = (cell: string): string =>
    quoteAll || cell.includes(delimiter) || /^"|[\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))].map(
    (cells) => cells.map(quoted).join(delimiter) + tail,
  );
  return lines.join(end) + (lastEnd ? end : '');
};

const HEADER = COLUMNS.join(';');
const row = (n: number, over: Row = {}): Row => goodRow({ referentie: `R-${n}`, huisnummer: String(10 + n), ...over });
const line = (n: number, over: Row = {}): string => COLUMNS.map((column) => row(n, over)[column]).join(';');
const lines = (...all: readonly string[]): string => `${all.join('\r\n')}\r\n`;
const bytes = (value: string, encoding: BufferEncoding, mark: readonly number[] = []): Uint8Array =>
  Buffer.concat([Buffer.from(mark), Buffer.from(value, encoding)]);
const bigEndian = (value: string, mark: readonly number[] = []): Uint8Array =>
  Buffer.concat([Buffer.from(mark), Buffer.from(value, 'utf16le').swap16()]);

const twoGood: RowsVerdict = { accepted: 2 };
const two = (style?: Style): string => text([row(1), row(2)], style);
const refusedFile = (code: FileRejection['code'], where: Omit<FileRejection, 'code'> = {}): FileVerdict => ({
  file: { code, ...where },
});

/** Passes the 11-proof: the number everybody tests with. */
const BSN = '123456782';

/** A file for one cell: a good row, then the row with this value in this column. */
const cell = (column: string, value: string, expected: object | Why, over: Row = {}): CorpusFile => ({
  name: `${column}: ${JSON.stringify(value)}${Object.keys(over).length === 0 ? '' : ` with ${JSON.stringify(over)}`}`,
  bytes: () => text([row(1), row(2, { ...over, [column]: value })]),
  verdict: Array.isArray(expected)
    ? { accepted: 1, refused: [[3, expected[0], expected[2] ?? column, expected[1]]] }
    : { accepted: 2, stored: { 'R-2': expected } },
});
const warned = (column: string, value: string, code: WarningCode): CorpusFile => ({
  name: `${column} with a warning: ${JSON.stringify(value)}`,
  bytes: () => text([row(1), row(2, { [column]: value })]),
  verdict: { accepted: 2, warnings: [[3, code]] },
});

/** The same in a workbook: a good row, then a row with this cell. */
const inSheet = (column: string, what: string, value: Cell, expected: object | Why): CorpusFile => ({
  name: `xlsx, ${column}: ${what}`,
  bytes: () => sheetOf([row(1), row(2)], {}, (name, n) => (n === 1 && name === column ? value : undefined)),
  verdict: Array.isArray(expected)
    ? { accepted: 1, refused: [[3, expected[0], expected[2] ?? column, expected[1]]] }
    : { accepted: 2, stored: { 'R-2': expected } },
});

const rowsOf = (
  rows: readonly Row[],
  instead: (column: string, row: number) => Cell = () => undefined,
): readonly (readonly Cell[])[] => {
  const columns = [...new Set([COLUMNS, ...rows.map((each) => Object.keys(each))].flat())];
  return [
    columns,
    ...rows.map((each, n) => columns.map((column) => instead(column, n) ?? (each[column] || undefined))),
  ];
};
const sheetOf = (
  rows: readonly Row[],
  how: WorkbookOptions = {},
  instead?: (column: string, row: number) => Cell,
): Uint8Array => workbookOf({ rows: rowsOf(rows, instead) }, { shared: true, ...how });

const encodings: readonly CorpusFile[] = [
  {
    name: 'UTF-8',
    bytes: () => text([row(1, { achternaam: 'Çelik-Müller' })]),
    verdict: { accepted: 1, stored: { 'R-1': { resident: { surname: 'Çelik-Müller' } } } },
  },
  {
    name: 'UTF-8 with a byte order mark',
    bytes: () => `\uFEFF${text([row(1, { achternaam: 'Łukasiewicz' })])}`,
    verdict: { accepted: 1, stored: { 'R-1': { resident: { surname: 'Łukasiewicz' } } } },
  },
  {
    name: 'Windows-1252',
    bytes: () => bytes(text([row(1, { achternaam: 'Müller-Ibáñez', straat: 'Curaçaostraat' })]), 'latin1'),
    verdict: {
      accepted: 1,
      stored: { 'R-1': { resident: { surname: 'Müller-Ibáñez' }, address: { street: 'Curaçaostraat' } } },
    },
  },
  {
    name: 'UTF-8 and Windows-1252 in one file',
    bytes: () =>
      Buffer.concat([
        bytes(text([row(1, { achternaam: 'Müller' })]), 'utf8'),
        bytes(lines(line(2, { achternaam: 'André' })), 'latin1'),
      ]),
    verdict: refusedFile('FILE_MIXED'),
  },
  {
    name: 'Windows-1252 with two accents side by side',
    bytes: () =>
      bytes(text([row(1, { achternaam: 'Zoë-Éléonore' }), row(2, { straat: 'RUE DE LA PAIX À É' })]), 'latin1'),
    verdict: twoGood,
  },
  {
    name: 'Windows-1252 with signs Latin-1 has not: € and the curly apostrophe',
    bytes: () => bytes(text([row(1, { bedrag: '\u0080 12,50', achternaam: 'in \u0092t Veld' })]), 'latin1'),
    verdict: { accepted: 1, stored: { 'R-1': { amountCents: 1250, resident: { surname: 'in ’t Veld' } } } },
  },
  {
    name: 'UTF-16 little endian with a byte order mark, as Excel saves Unicode text: tabs',
    bytes: () => bytes(text([row(1, { achternaam: 'Łukasiewicz' })], { delimiter: '\t' }), 'utf16le', [0xff, 0xfe]),
    verdict: { accepted: 1, stored: { 'R-1': { resident: { surname: 'Łukasiewicz' } } } },
  },
  {
    name: 'UTF-16 big endian with a byte order mark',
    bytes: () => bigEndian(text([row(1, { achternaam: 'Łukasiewicz' })]), [0xfe, 0xff]),
    verdict: { accepted: 1, stored: { 'R-1': { resident: { surname: 'Łukasiewicz' } } } },
  },
  {
    name: 'UTF-16 without a byte order mark',
    bytes: () => bytes(two(), 'utf16le'),
    verdict: refusedFile('FILE_UTF16'),
  },
  { name: 'UTF-16 big endian without one', bytes: () => bigEndian(two()), verdict: refusedFile('FILE_UTF16') },
  {
    name: 'a UTF-8 mark and then a byte that is none',
    bytes: () => Buffer.concat([Buffer.from('\uFEFF'), bytes(text([row(1, { achternaam: 'Müller' })]), 'latin1')]),
    verdict: refusedFile('FILE_NOT_TEXT'),
  },
  {
    name: 'UTF-16 cut off in the middle of a letter',
    bytes: () => bytes(two(), 'utf16le', [0xff, 0xfe]).subarray(0, -1),
    verdict: refusedFile('FILE_NOT_TEXT'),
  },
  {
    name: 'letters of DOS: ü is no letter there',
    bytes: () => bytes(text([row(1), row(2, { achternaam: 'M\u0081ller' })]), 'latin1'),
    verdict: { accepted: 1, refused: [[3, 'CONTROL_CHARACTER', 'achternaam']] },
  },
  {
    name: 'an emoji and a letter with two marks',
    bytes: () => text([row(1, { straat: 'Plein 😀', achternaam: 'Nguyê\u0303n' })]),
    verdict: { accepted: 1, stored: { 'R-1': { resident: { surname: 'Nguyễn' }, address: { street: 'Plein 😀' } } } },
  },
];

const layouts: readonly CorpusFile[] = [
  { name: 'semicolons', bytes: () => two(), verdict: twoGood },
  {
    name: 'commas, amounts in quotes',
    bytes: () => text([row(1, { bedrag: '1.234,56' })], { delimiter: ',' }),
    verdict: { accepted: 1, stored: { 'R-1': { amountCents: 123456 } } },
  },
  { name: 'tabs', bytes: () => two({ delimiter: '\t' }), verdict: twoGood },
  { name: 'bars', bytes: () => two({ delimiter: '|' }), verdict: refusedFile('DELIMITER_UNKNOWN') },
  { name: 'colons', bytes: () => two({ delimiter: ':' }), verdict: refusedFile('DELIMITER_UNKNOWN') },
  {
    name: 'a header with semicolons above rows with commas',
    bytes: () => lines(HEADER, line(1).replaceAll(';', ','), line(2)),
    verdict: { accepted: 1, refused: [[2, 'ROW_TOO_SHORT']] },
  },
  {
    name: 'a delimiter in quotes',
    bytes: () => text([row(1, { straat: 'Hof; achter' })]),
    verdict: { accepted: 1, stored: { 'R-1': { address: { street: 'Hof; achter' } } } },
  },
  {
    name: 'a delimiter that is not in quotes',
    bytes: () => lines(HEADER, line(1), line(2).replace('Grote Houtstraat', 'Hof; achter')),
    verdict: { accepted: 1, refused: [[3, 'ROW_TOO_LONG']] },
  },
  {
    name: 'Excel’s own first line sep=;',
    bytes: () => `sep=;\r\n${two()}`,
    verdict: { accepted: 2, stored: { 'R-1': { delivery: { line: 3 } } } },
  },
  { name: 'sep=, in quotes', bytes: () => `"sep=,"\r\n${two({ delimiter: ',' })}`, verdict: twoGood },
  { name: 'SEP= with a tab', bytes: () => `SEP=\t\r\n${two({ delimiter: '\t' })}`, verdict: twoGood },
  {
    name: 'sep=| names a delimiter we do not take',
    bytes: () => `sep=|\r\n${two({ delimiter: '|' })}`,
    verdict: refusedFile('DELIMITER_UNKNOWN'),
  },
  { name: 'line feeds', bytes: () => two({ end: '\n' }), verdict: twoGood },
  { name: 'carriage returns of an old Mac', bytes: () => two({ end: '\r' }), verdict: twoGood },
  {
    name: 'line ends of every kind in one file',
    bytes: () => `${HEADER}\r${line(1)}\n${line(2)}\r\n${line(3, { bedrag: 'x' })}\r${line(4)}`,
    verdict: { accepted: 3, refused: [[4, 'AMOUNT_INVALID', 'bedrag']] },
  },
  {
    name: 'a quote closed in the next row, left of where it was opened',
    bytes: () => {
      const wide = `${HEADER};klantnummer;straat;woonplaats;gemeente`;
      return lines(wide, `${line(1)};K1;"Laan;Haarlem;`, `${line(2)};K2";;;`, `${line(3)};;;;`);
    },
    verdict: refusedFile('QUOTE_NEVER_CLOSED', { line: 2 }),
  },
  {
    name: 'an address on two lines, and empty columns behind every row',
    bytes: () => lines(`${HEADER};;;`, `${line(1)};;;`, `${line(2, { straat: '"Zijl\nweg"' })};;;`),
    verdict: { accepted: 2, stored: { 'R-2': { address: { street: 'Zijl weg' } } } },
  },
  { name: 'no line end at the end', bytes: () => two({ lastEnd: false }), verdict: twoGood },
  {
    name: 'blank lines before, between and after',
    bytes: () => `\r\n \r\n${lines(HEADER, line(1), '', ';;;;', line(2, { bedrag: 'x' }))}\r\n\r\n`,
    verdict: { accepted: 1, refused: [[7, 'AMOUNT_INVALID', 'bedrag']] },
  },
  {
    name: 'the end mark of DOS behind the last row',
    bytes: () => `${two()}\u001a`,
    verdict: twoGood,
  },
  { name: 'quotes around everything', bytes: () => two({ quoteAll: true }), verdict: twoGood },
  {
    name: 'doubled quotes',
    bytes: () => text([row(1, { straat: 'De "Hoek"' })], { quoteAll: true }),
    verdict: { accepted: 1, stored: { 'R-1': { address: { street: 'De "Hoek"' } } } },
  },
  {
    name: 'a quote inside a cell is text',
    bytes: () => lines(HEADER, line(1, { straat: 'Pad 5" breed' }), line(2)),
    verdict: { accepted: 2, stored: { 'R-1': { address: { street: 'Pad 5" breed' } } } },
  },
  {
    name: 'text behind a closing quote',
    bytes: () => lines(HEADER, line(1, { straat: '"De" Hoek' }), line(2)),
    verdict: { accepted: 2, stored: { 'R-1': { address: { street: '"De" Hoek' } } } },
  },
  {
    name: 'line breaks inside a cell',
    bytes: () => text([row(1, { straat: 'Boven\r\nde\nwinkel' }), row(2, { bedrag: 'x' })]),
    verdict: {
      accepted: 1,
      refused: [[5, 'AMOUNT_INVALID', 'bedrag']],
      stored: { 'R-1': { address: { street: 'Boven de winkel' } } },
    },
  },
  {
    name: 'a quote never closed',
    bytes: () => lines(HEADER, line(1), line(2, { straat: '"Hoek' }), line(3)),
    verdict: refusedFile('QUOTE_NEVER_CLOSED', { line: 3 }),
  },
  {
    name: 'a quote closed two rows later swallows nobody in silence',
    bytes: () => lines(HEADER, line(1, { straat: '"Hoek' }), line(2), line(3, { straat: 'Hoek"' }), line(4)),
    verdict: refusedFile('QUOTE_NEVER_CLOSED', { line: 2 }),
  },
  {
    name: 'a row without its last cells',
    bytes: () => lines(HEADER, line(1), 'R-2;Te kort', line(3)),
    verdict: { accepted: 2, refused: [[3, 'ROW_TOO_SHORT']] },
  },
  {
    name: 'delimiters behind every line, as Excel leaves them',
    bytes: () => two({ tail: ';;;;' }),
    verdict: twoGood,
  },
  {
    name: 'delimiters behind one row only',
    bytes: () => lines(HEADER, `${line(1)};;;`, line(2)),
    verdict: twoGood,
  },
  {
    name: 'a note behind a row',
    bytes: () => lines(HEADER, line(1), `${line(2)};;bellen!`),
    verdict: { accepted: 1, refused: [[3, 'ROW_TOO_LONG']] },
  },
  {
    name: 'columns in another order',
    bytes: () => two({ columns: COLUMNS.toReversed() }),
    verdict: { accepted: 2, stored: { 'R-1': { resident: { surname: 'Vreugdenhil' }, address: { houseNumber: 11 } } } },
  },
  {
    name: 'the totals of a spreadsheet under the rows',
    bytes: () => lines(HEADER, line(1), `Totaal${';'.repeat(10)}1.234,56;;;`),
    verdict: { accepted: 1, refused: [[3, 'VALUE_MISSING', 'bezwaar']] },
  },
];

const headers: readonly CorpusFile[] = [
  {
    name: 'capitals, spaces and hyphens in column names',
    bytes: () => two().replace(HEADER, HEADER.toUpperCase().replaceAll('_', ' - ').replaceAll(';', ' ; ')),
    verdict: twoGood,
  },
  {
    name: 'column names in quotes, one with a line break',
    bytes: () => two({ quoteAll: true }).replace('"sociale_incasso"', '"Sociale\nincasso"'),
    verdict: { accepted: 2, stored: { 'R-1': { delivery: { line: 3 } } } },
  },
  { name: 'a header without rows', bytes: () => lines(HEADER), verdict: { accepted: 0 } },
  { name: 'a header without a line end', bytes: () => HEADER, verdict: { accepted: 0 } },
  { name: 'nothing', bytes: () => '', verdict: refusedFile('FILE_EMPTY') },
  { name: 'a byte order mark and nothing', bytes: () => '\uFEFF', verdict: refusedFile('FILE_EMPTY') },
  { name: 'blanks', bytes: () => ' \t\r\n\r\n ', verdict: refusedFile('FILE_EMPTY') },
  { name: 'delimiters only', bytes: () => ';;;;\r\n;;;;\r\n', verdict: refusedFile('HEADER_MISSING') },
  { name: 'rows without a header', bytes: () => lines(line(1), line(2)), verdict: refusedFile('HEADER_MISSING') },
  {
    name: 'a title above the header',
    bytes: () => `Achterstanden;maart\r\n${two()}`,
    verdict: refusedFile('HEADER_MISSING'),
  },
  {
    name: 'the header once more in the middle, in capitals',
    bytes: () => lines(HEADER, line(1), HEADER.toUpperCase(), line(2)),
    verdict: { accepted: 2, refused: [[3, 'ROW_IS_HEADER']] },
  },
  {
    name: 'a column twice',
    bytes: () => lines(`${HEADER};Bedrag`, `${line(1)};5,00`),
    verdict: refusedFile('HEADER_DOUBLED', { column: 'bedrag' }),
  },
  {
    name: 'a column of which we know nothing',
    bytes: () => lines(`${HEADER};opmerking`, `${line(1)};bellen`),
    verdict: refusedFile('HEADER_UNKNOWN_COLUMN', { position: 15 }),
  },
  {
    name: 'a column without a name between the others',
    bytes: () => lines(HEADER.replace('straat', ';straat'), line(1).replace('Grote', ';Grote')),
    verdict: refusedFile('HEADER_UNKNOWN_COLUMN', { position: 4 }),
  },
  {
    name: 'a column missing',
    bytes: () => two({ columns: COLUMNS.filter((column) => column !== 'postcode') }),
    verdict: refusedFile('HEADER_INCOMPLETE', { column: 'postcode' }),
  },
  {
    name: 'no word on objections',
    bytes: () => two({ columns: COLUMNS.filter((column) => column !== 'bezwaar') }),
    verdict: refusedFile('HEADER_INCOMPLETE', { column: 'bezwaar' }),
  },
  {
    name: 'no word on the four steps',
    bytes: () => two({ columns: COLUMNS.filter((column) => column !== 'sociale_incasso') }),
    verdict: refusedFile('HEADER_INCOMPLETE', {
      column: 'datum_herinnering, datum_contactpoging, gewezen_op_schuldhulp, aangekondigd',
    }),
  },
  {
    name: 'two partners and no column that tells them apart',
    party: 'incasso-west',
    bytes: () => two(),
    verdict: refusedFile('HEADER_INCOMPLETE', { column: 'partner' }),
  },
  {
    name: 'a Cyrillic letter in a column name',
    bytes: () => two().replace('bedrag', 'b\u0435drag'),
    verdict: refusedFile('HEADER_LOOKALIKE', { position: 11 }),
  },
  {
    name: 'full width letters in a column name',
    bytes: () => two().replace('bedrag', 'ｂｅｄｒａｇ'),
    verdict: refusedFile('HEADER_LOOKALIKE', { position: 11 }),
  },
  {
    name: 'an invisible letter in a column name',
    bytes: () => two().replace('bedrag', 'bed\u200brag'),
    verdict: refusedFile('HEADER_LOOKALIKE', { position: 11 }),
  },
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map(
    (name): CorpusFile => ({
      name: `a column ${name}`,
      bytes: () => lines(`${HEADER};${name}`, `${line(1)};x`),
      verdict: refusedFile('HEADER_UNKNOWN_COLUMN', { position: 15 }),
    }),
  ),
  {
    name: 'ten thousand columns',
    bytes: () => lines(HEADER + Array.from({ length: 10_000 }, (_, n) => `;kolom${n}`).join(''), line(1)),
    verdict: refusedFile('HEADER_TOO_WIDE'),
  },
  {
    name: 'ten thousand columns without a name',
    bytes: () => lines(HEADER + ';'.repeat(10_000), line(1), line(2) + ';'.repeat(10_000)),
    verdict: twoGood,
  },
  {
    name: 'a first line of a megabyte',
    bytes: () => `${HEADER};${'x'.repeat(1_048_576)}\r\n${line(1)}`,
    verdict: refusedFile('FIELD_TOO_LARGE', { line: 1 }),
  },
  ...['BSN', 'bsn-nummer', 'Burger Service Nummer', 'burgerservicenummer huurder', 'SoFi-nummer', 'B.S.N.', 'ВSN'].map(
    (name): CorpusFile => ({
      name: `[R-DEL-6] a column ${name}`,
      bytes: () => lines(`${HEADER};${name}`, `${line(1)};${BSN}`),
      verdict: refusedFile('BSN_COLUMN'),
    }),
  ),
  {
    name: '[R-DEL-6] a BSN column between bars',
    bytes: () => `${two().trim().replaceAll('\r\n', '|\r\n').replace('bezwaar|', 'bezwaar|bsn').replaceAll(';', '|')}`,
    verdict: refusedFile('BSN_COLUMN'),
  },
];

const binaries: readonly CorpusFile[] = [
  { name: 'a PDF', bytes: () => '%PDF-1.7\n1 0 obj', verdict: refusedFile('FILE_NOT_TEXT') },
  {
    name: 'a picture',
    bytes: () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    verdict: refusedFile('FILE_NOT_TEXT'),
  },
  { name: 'gzip', bytes: () => Buffer.from('1f8b0800000000000003', 'hex'), verdict: refusedFile('FILE_NOT_TEXT') },
  {
    name: 'a zip with a CSV in it',
    bytes: () => zipOf([{ name: 'lijst.csv', data: two() }]),
    verdict: refusedFile('FILE_NOT_TEXT'),
  },
  {
    name: 'NUL in a row',
    bytes: () => two().replace('Grote', 'Gr\u0000te'),
    verdict: refusedFile('FILE_NOT_TEXT'),
  },
  { name: 'a web page', bytes: () => '<!DOCTYPE html><html>Inloggen</html>', verdict: refusedFile('FILE_NOT_CSV') },
  { name: 'JSON', bytes: () => '[{"referentie": "R-1", "bedrag": 12}]', verdict: refusedFile('FILE_NOT_CSV') },
  { name: 'a letter', bytes: () => 'Geachte heer of mevrouw\n\nHierbij.', verdict: refusedFile('FILE_NOT_CSV') },
];

const sizes: readonly CorpusFile[] = [
  {
    name: 'a cell of a megabyte',
    bytes: () => lines(HEADER, line(1), line(2, { straat: 'a'.repeat(1_048_576) }), line(3)),
    verdict: refusedFile('FIELD_TOO_LARGE', { line: 3 }),
  },
  {
    name: 'a cell of a megabyte in quotes',
    bytes: () => lines(HEADER, line(1), line(2, { straat: `"${'a'.repeat(1_048_576)}"` }), line(3)),
    verdict: refusedFile('FIELD_TOO_LARGE', { line: 3 }),
  },
  {
    name: 'a row of a hundred thousand cells',
    bytes: () => lines(HEADER, line(1), line(2) + ';x'.repeat(100_000), line(3)),
    verdict: { accepted: 2, refused: [[3, 'ROW_TOO_LONG']] },
  },
  cell('referentie', 'R'.repeat(65), ['FIELD_TOO_LONG']),
  cell('achternaam', 'A'.repeat(201), ['FIELD_TOO_LONG']),
  cell('klantnummer', '7'.repeat(41), ['FIELD_TOO_LONG']),
  cell('straat', `${'s'.repeat(120)}${' '.repeat(500)}`, { address: { street: 's'.repeat(120) } }),
];

const amounts: readonly CorpusFile[] = [
  ...(
    [
      ['1.234,56', 123456],
      ['1234,56', 123456],
      ['1234.56', 123456],
      ['1234', 123400],
      ['1.234.567,89', 123456789],
      ['12,5', 1250],
      ['12.5', 1250],
      ['1.234,5', 123450],
      ['€ 1.234,56', 123456],
      ['€12,50', 1250],
      ['12,50 €', 1250],
      ['\u00a0€\u00a012,50', 1250],
      ['12,-', 1200],
      ['€ 1.250,--', 125000],
      ['0,01', 1],
      ["'12,50", 1250],
      ['0012,50', 1250],
      ['999999999,99', 99999999999],
    ] as const
  ).map(([value, amountCents]) => cell('bedrag', value, { amountCents })),
  ...(
    [
      ['', 'VALUE_MISSING', undefined],
      ['1.234', 'AMOUNT_INVALID', 'AMOUNT_AMBIGUOUS'],
      ['1,234', 'AMOUNT_INVALID', 'AMOUNT_AMBIGUOUS'],
      ['€ 12.500', 'AMOUNT_INVALID', 'AMOUNT_AMBIGUOUS'],
      ['1,234.56', 'AMOUNT_INVALID', undefined],
      ['12.34.56', 'AMOUNT_INVALID', undefined],
      ['1.23.456,00', 'AMOUNT_INVALID', undefined],
      ['12,345.6', 'AMOUNT_INVALID', undefined],
      ['1234,567', 'AMOUNT_INVALID', 'AMOUNT_DECIMALS'],
      ['1 234,56', 'AMOUNT_INVALID', undefined],
      ['12 50', 'AMOUNT_INVALID', undefined],
      ['0', 'AMOUNT_INVALID', 'AMOUNT_NOT_POSITIVE'],
      ['0,00', 'AMOUNT_INVALID', 'AMOUNT_NOT_POSITIVE'],
      ['-12,50', 'AMOUNT_INVALID', 'AMOUNT_NOT_POSITIVE'],
      ['€ -12,50', 'AMOUNT_INVALID', 'AMOUNT_NOT_POSITIVE'],
      ['1,2E+3', 'AMOUNT_INVALID', 'SCIENTIFIC_NUMBER'],
      ['1E3', 'AMOUNT_INVALID', 'SCIENTIFIC_NUMBER'],
      ['#N/B', 'AMOUNT_INVALID', 'EXCEL_ERROR'],
      ['#WAARDE!', 'AMOUNT_INVALID', 'EXCEL_ERROR'],
      ['12-jan', 'AMOUNT_INVALID', 'EXCEL_DATE'],
      ['twaalf euro', 'AMOUNT_INVALID', undefined],
      ['１２,５０', 'AMOUNT_INVALID', undefined],
      ['1000000000', 'AMOUNT_INVALID', undefined],
      ['Infinity', 'AMOUNT_INVALID', undefined],
      ['0x10', 'AMOUNT_INVALID', undefined],
    ] as const
  ).map(([value, code, reason]) => cell('bedrag', value, [code, reason])),
];

const dates: readonly CorpusFile[] = [
  ...(
    [
      ['01-02-2026', '2026-02-01'],
      ['1-2-2026', '2026-02-01'],
      ['2026-02-01', '2026-02-01'],
      ['20260201', '2026-02-01'],
      ["'01-02-2026", '2026-02-01'],
      [' 01-02-2026 ', '2026-02-01'],
      ['29-02-2024', '2024-02-29'],
      ['2026-02-01T00:00:00', '2026-02-01'],
      ['01-02-2026 0:00', '2026-02-01'],
    ] as const
  ).map(([value, dueDate]) => cell('vervaldatum', value, { dueDate })),
  ...(
    [
      ['', 'VALUE_MISSING', undefined],
      ['01-02-03', 'DATE_INVALID', 'DATE_SHORT_YEAR'],
      ['31-12-25', 'DATE_INVALID', 'DATE_SHORT_YEAR'],
      ['1/2/2026', 'DATE_INVALID', 'DATE_TWO_WAYS'],
      ['02/01/2026', 'DATE_INVALID', 'DATE_TWO_WAYS'],
      ['31/01/2026', 'DATE_INVALID', undefined],
      ['01/31/2026', 'DATE_INVALID', undefined],
      ['01.02.2026', 'DATE_INVALID', 'DATE_TWO_WAYS'],
      ['31.01.2026', 'DATE_INVALID', undefined],
      ['2026-02-01 12:30', 'DATE_INVALID', undefined],
      ['31-02-2026', 'DATE_INVALID', undefined],
      ['29-02-2026', 'DATE_INVALID', undefined],
      ['00-01-2026', 'DATE_INVALID', undefined],
      ['2026-13-01', 'DATE_INVALID', undefined],
      ['13-2026', 'DATE_INVALID', undefined],
      ['2026-1-5', 'DATE_INVALID', undefined],
      ['01022026', 'DATE_INVALID', undefined],
      ['1 februari 2026', 'DATE_INVALID', undefined],
      ['2026-02-01T12:30:00', 'DATE_INVALID', undefined],
      ['01-02-20266', 'DATE_INVALID', undefined],
      ['01-01-1700', 'DATE_INVALID', undefined],
      ['12-jan', 'DATE_INVALID', 'EXCEL_DATE'],
      ['jan-26', 'DATE_INVALID', 'EXCEL_DATE'],
      ['#N/B', 'DATE_INVALID', 'EXCEL_ERROR'],
      ['morgen', 'DATE_INVALID', undefined],
      ['02-04-2026', 'DATE_IN_FUTURE', undefined],
      ['01-04-2026', 'TOO_EARLY', undefined],
      ['03-03-2026', 'TOO_EARLY', undefined],
    ] as const
  ).map(([value, code, reason]) => cell('vervaldatum', value, [code, reason])),
  cell('vervaldatum', '02-03-2026', { dueDate: '2026-03-02' }),
  cell('geboortedatum', '', { resident: { surname: 'Vreugdenhil' } }),
  cell('geboortedatum', '14-03-81', ['DATE_INVALID', 'DATE_SHORT_YEAR']),
  cell('geboortedatum', '00-00-0000', ['DATE_INVALID']),
  cell('geboortedatum', '02-04-2026', ['DATE_IN_FUTURE']),
  warned('geboortedatum', '02-04-2008', 'BIRTH_DATE_UNUSUAL'),
  warned('geboortedatum', '31-03-1910', 'BIRTH_DATE_UNUSUAL'),
  cell('geboortedatum', '01-04-2008', { resident: { dateOfBirth: '2008-04-01' } }),
];

const addresses: readonly CorpusFile[] = [
  ...(
    [
      ['12', { houseNumber: 12 }],
      ['012', { houseNumber: 12 }],
      ['12A', { houseNumber: 12, houseLetter: 'A' }],
      ['12 a', { houseNumber: 12, houseLetter: 'a' }],
      ['12-A', { houseNumber: 12, houseLetter: 'A' }],
      ['12A3', { houseNumber: 12, houseLetter: 'A', addition: '3' }],
      ['3 hs', { houseNumber: 3, addition: 'hs' }],
      ['12-1', { houseNumber: 12, addition: '1' }],
      ['12 bis', { houseNumber: 12, addition: 'bis' }],
      ['12-II', { houseNumber: 12, addition: 'II' }],
      ['1E3', { houseNumber: 1, houseLetter: 'E', addition: '3' }],
      ['99999', { houseNumber: 99999 }],
    ] as const
  ).map(([value, address]) => cell('huisnummer', value, { address })),
  ...(
    [
      ['', 'VALUE_MISSING', undefined],
      ['0', 'HOUSE_NUMBER_INVALID', undefined],
      ['100000', 'HOUSE_NUMBER_INVALID', undefined],
      ['-12', 'HOUSE_NUMBER_INVALID', undefined],
      ['A12', 'HOUSE_NUMBER_INVALID', undefined],
      ['12,5', 'HOUSE_NUMBER_INVALID', undefined],
      ['12.0', 'HOUSE_NUMBER_INVALID', undefined],
      ['1,00E+03', 'HOUSE_NUMBER_INVALID', undefined],
      ['12-jan', 'HOUSE_NUMBER_INVALID', 'EXCEL_DATE'],
      ['jan-12', 'HOUSE_NUMBER_INVALID', 'EXCEL_DATE'],
      ['12-01-2026', 'HOUSE_NUMBER_INVALID', 'EXCEL_DATE'],
      ['12-1-2026', 'HOUSE_NUMBER_INVALID', 'EXCEL_DATE'],
      ['2026-01-12', 'HOUSE_NUMBER_INVALID', 'EXCEL_DATE'],
      ['#N/B', 'HOUSE_NUMBER_INVALID', 'EXCEL_ERROR'],
      ['Kerkstraat 12', 'HOUSE_NUMBER_INVALID', undefined],
      ['12 t/m 14 en 16', 'HOUSE_NUMBER_INVALID', undefined],
    ] as const
  ).map(([value, code, reason]) => cell('huisnummer', value, [code, reason])),
  cell('toevoeging', '2', { address: { houseNumber: 12, houseLetter: 'A', addition: '2' } }, { huisnummer: '12A' }),
  cell('toevoeging', '-2', { address: { houseNumber: 12, addition: '2' } }),
  cell('toevoeging', '(achter)', { address: { houseNumber: 12, addition: 'achter' } }),
  cell('huisletter', 'A1', { address: { houseNumber: 12, houseLetter: 'A', addition: '1' } }),
  cell('toevoeging', '2-mrt', ['HOUSE_NUMBER_INVALID', 'EXCEL_DATE', 'toevoeging']),
  cell('huisletter', 'B', ['HOUSE_NUMBER_INVALID', undefined, 'huisnummer'], { huisnummer: '12A' }),
  cell('huisletter', 'a', { address: { houseNumber: 12, houseLetter: 'a' } }, { huisnummer: '12A' }),
  cell('huisletter', 'AB', ['HOUSE_NUMBER_INVALID', undefined, 'huisnummer']),
  ...['2011SN', '2011 sn', '2011-SN', '2011  SN', ' 2011 SN', 'NL-2011 SN', 'NL 2011 SN', '2011\u00a0SN'].map((value) =>
    cell('postcode', value, { address: { postcode: '2011SN' } }),
  ),
  ...['2011', 'SN 2011', '0111 SN', '02011 SN', '2011 S1', '20l1 SN', '2011 SNN', '２０１１ SN', 'B-2000', '#N/B'].map(
    (value) => cell('postcode', value, ['POSTCODE_INVALID', value === '#N/B' ? 'EXCEL_ERROR' : undefined]),
  ),
  cell('postcode', '', ['VALUE_MISSING']),
  cell('postcode', '1000 AA', ['POSTCODE_PO_BOX']),
  {
    name: 'a municipality without an agreement',
    bytes: () => text([row(1), row(2, { postcode: '9711 LM' })]),
    verdict: { accepted: 1, refused: [[3, 'NO_AGREEMENT', undefined, 'AGREEMENT_NONE']] },
  },
];

const people: readonly CorpusFile[] = [
  cell('achternaam', '', ['VALUE_MISSING']),
  cell('achternaam', 'J\ufffdnsen', ['VALUE_INVALID', 'LETTERS_LOST']),
  cell('achternaam', '   ', ['VALUE_MISSING']),
  cell('achternaam', '#N/B', ['VALUE_INVALID', 'EXCEL_ERROR']),
  cell('achternaam', '#NAAM?', ['VALUE_INVALID', 'EXCEL_ERROR']),
  cell('achternaam', 'van  der\tBerg', { resident: { surname: 'van der Berg' } }),
  cell('achternaam', "'t Hart", { resident: { surname: "'t Hart" } }),
  cell('achternaam', '=HYPERLINK("http://kwaad.example";"klik")', {
    resident: { surname: '=HYPERLINK("http://kwaad.example";"klik")' },
  }),
  cell('achternaam', 'O\u0301scar', { resident: { surname: 'Óscar' } }),
  cell('referentie', '', ['VALUE_MISSING']),
  cell('referentie', '1,23E+11', ['VALUE_INVALID', 'SCIENTIFIC_NUMBER']),
  cell('referentie', '1.23457E+11', ['VALUE_INVALID', 'SCIENTIFIC_NUMBER']),
  cell('referentie', '#VERW!', ['VALUE_INVALID', 'EXCEL_ERROR']),
  cell('referentie', 'jan-26', ['VALUE_INVALID', 'EXCEL_DATE']),
  cell('klantnummer', '4,5E+8', ['VALUE_INVALID', 'SCIENTIFIC_NUMBER']),
  cell('klantnummer', '0042', { resident: { customerNumber: '0042' } }),
  cell('telefoon', '0612345678', { resident: { phone: { given: '0612345678', e164: '+31612345678' } } }),
  cell('telefoon', '612345678', { resident: { phone: { e164: '+31612345678' } } }),
  cell('telefoon', '+31 6 12345678', { resident: { phone: { e164: '+31612345678' } } }),
  cell('telefoon', '0031 (0)6 12345678', { resident: { phone: { e164: '+31612345678' } } }),
  cell('telefoon', '+32 470 12 34 56', { resident: { phone: { e164: '+32470123456' } } }),
  warned('telefoon', '12', 'PHONE_UNUSABLE'),
  warned('telefoon', 'geen', 'PHONE_UNUSABLE'),
  warned('telefoon', '6,12E+08', 'PHONE_UNUSABLE'),
  warned('telefoon', '0612345678 / 0687654321', 'PHONE_UNUSABLE'),
  cell('email', 'P.Vreugdenhil@Example.NL', { resident: { email: { normalised: 'p.vreugdenhil@example.nl' } } }),
  warned('email', 'geen', 'EMAIL_UNUSABLE'),
  warned('email', 'a@b', 'EMAIL_UNUSABLE'),
  warned('email', 'een@example.nl; twee@example.nl', 'EMAIL_UNUSABLE'),
  cell('straat', 'Grote\u0007straat', ['CONTROL_CHARACTER']),
  cell('straat', 'Grote\u202etaarts', ['CONTROL_CHARACTER']),
  cell('straat', 'Grote\u2066straat', ['CONTROL_CHARACTER']),
  cell('achternaam', 'Jan\u200bsen', ['CONTROL_CHARACTER']),
  cell('achternaam', 'Jan\u00adsen', ['CONTROL_CHARACTER']),
  cell('gemeente', 'haarlem', { municipality: '0392' }),
  warned('gemeente', 'Zandvoort', 'MUNICIPALITY_DIFFERS'),
];

const rules: readonly CorpusFile[] = [
  ...['n', 'N', 'nee', 'NEE', ' n '].map((value) => cell('bezwaar', value, { reference: 'R-2' })),
  ...['j', 'J', 'ja', ' Ja '].map((value) => cell('bezwaar', value, ['RESIDENT_OBJECTED'])),
  cell('bezwaar', '', ['VALUE_MISSING']),
  ...['x', '0', 'false', 'onwaar', 'n.v.t.', '?'].map((value) => cell('bezwaar', value, ['VALUE_INVALID'])),
  {
    name: '[R-DEL-3] an objection goes before everything else that is wrong',
    bytes: () => text([row(1), row(2, { bezwaar: 'j', bedrag: 'x', postcode: '' })]),
    verdict: { accepted: 1, refused: [[3, 'RESIDENT_OBJECTED', 'bezwaar']] },
  },
  cell('fase', '', { collectionPhase: 'achterstand' }),
  cell('fase', 'INCASSO', { collectionPhase: 'incasso' }),
  cell('fase', 'deurwaarder ', { collectionPhase: 'deurwaarder' }),
  cell('fase', 'aanmaning', ['VALUE_INVALID']),
  cell('signaalsoort', 'Ontruiming', { kind: 'ontruiming' }),
  cell('signaalsoort', 'crisis', ['VALUE_INVALID']),
  cell('signaalsoort', 'eindelevering', ['VALUE_MISSING', undefined, 'datum_einde_levering']),
  cell('datum_einde_levering', '01-06-2026', ['VALUE_INVALID']),
  cell('datum_einde_levering', '01-06-2026', { endOfSupplyOn: '2026-06-01' }, { signaalsoort: 'eindelevering' }),
  cell('sociale_incasso', 'nee', ['SOCIAL_COLLECTION_INCOMPLETE', undefined, 'datum_herinnering']),
  cell('sociale_incasso', '', ['SOCIAL_COLLECTION_INCOMPLETE', undefined, 'datum_herinnering']),
  cell('sociale_incasso', 'x', ['VALUE_INVALID']),
  cell('datum_herinnering', '01-02-2026', { socialCollection: { reminder: '2026-02-01', announced: 'attested' } }),
  cell('datum_herinnering', '02-04-2026', ['DATE_IN_FUTURE']),
  cell('datum_herinnering', '31-02-2026', ['DATE_INVALID']),
  cell('datum_contactpoging', '1/2/2026', ['DATE_INVALID', 'DATE_TWO_WAYS']),
  cell('gewezen_op_schuldhulp', 'n', ['SOCIAL_COLLECTION_INCOMPLETE']),
  {
    name: '[R-DEL-2] three of four steps in their own columns',
    bytes: () => {
      const steps = { datum_herinnering: '01-02-2026', datum_contactpoging: 'j', gewezen_op_schuldhulp: 'ja' };
      return text([row(1, { ...steps, sociale_incasso: '', aangekondigd: '' })]);
    },
    verdict: { accepted: 0, refused: [[2, 'SOCIAL_COLLECTION_INCOMPLETE', 'aangekondigd']] },
  },
  cell('partner', 'ymere', ['PARTNER_NOT_YOURS']),
  cell('partner', 'niemand', ['PARTNER_UNKNOWN']),
  cell('partner', 'Elan-Wonen', { partner: 'elan-wonen' }),
  cell('partner', '__proto__', ['PARTNER_UNKNOWN']),
  cell('actie', 'verwijderen', ['VALUE_INVALID']),
  cell('actie', 'intrekken', ['VALUE_MISSING', undefined, 'reden']),
  {
    name: '[R-DEL-4] energy past its maximum is taken with a warning',
    party: 'energie-noord',
    bytes: () => text([row(1, { postcode: '1012 AB', vervaldatum: '01-12-2025', woonplaats: 'Amsterdam' })]),
    verdict: { accepted: 1, warnings: [[2, 'OVERDUE_PAST_MAXIMUM']] },
  },
  {
    name: '[R-DEL-4] a kind of partner without rules',
    party: 'waterbedrijf',
    bytes: () => text([row(1)]),
    verdict: { accepted: 0, refused: [[2, 'NO_RULE_FOR_TYPE']] },
  },
  {
    name: '[R-AGR-5] a row for a partner whose agreement ended',
    party: 'incasso-west',
    bytes: () =>
      text([
        row(1, { partner: 'jansen-vastgoed' }),
        row(2, { partner: 'de-vries-verhuur', postcode: '1012 AB' }),
        row(3, { partner: '' }),
      ]),
    verdict: {
      accepted: 1,
      refused: [
        [3, 'NO_AGREEMENT', undefined, 'AGREEMENT_ENDED'],
        [4, 'VALUE_MISSING', 'partner'],
      ],
    },
  },
];

const again: readonly CorpusFile[] = [
  {
    name: '[R-DEL-7] the same row twice',
    bytes: () => text([row(1), row(1), row(2), row(1)]),
    verdict: { accepted: 2, unchanged: 2 },
  },
  {
    name: '[R-DEL-7] the same row in another spelling: which of them is meant is for the sender to say',
    bytes: () => text([row(1), row(1, { bedrag: '1234.56', postcode: '2011sn' })]),
    verdict: { accepted: 1, refused: [[3, 'REFERENCE_TWICE', 'referentie']] },
  },
  {
    name: '[R-DEL-7] one reference with two amounts',
    bytes: () => text([row(1), row(1, { bedrag: '5,00' }), row(2)]),
    verdict: {
      accepted: 2,
      refused: [[3, 'REFERENCE_TWICE', 'referentie']],
      stored: { 'R-1': { amountCents: 123456 } },
    },
  },
  {
    name: 'references that differ in case only are two',
    bytes: () => text([row(1, { referentie: 'hc-1' }), row(2, { referentie: 'HC-1' })]),
    verdict: {
      accepted: 2,
      stored: { 'hc-1': { address: { houseNumber: 11 } }, 'HC-1': { address: { houseNumber: 12 } } },
    },
  },
  {
    name: 'references that differ in blanks only are one',
    bytes: () => text([row(1, { referentie: 'A  1' }), row(1, { referentie: ' A 1 ' })]),
    verdict: { accepted: 1, unchanged: 1 },
  },
  {
    name: 'references that differ in how an accent is written are one',
    bytes: () => text([row(1, { referentie: 'Zoë-1' }), row(1, { referentie: 'Zoe\u0308-1' })]),
    verdict: { accepted: 1, unchanged: 1 },
  },
  {
    name: 'references made of names JavaScript has',
    bytes: () => text([row(1, { referentie: '__proto__' }), row(2, { referentie: 'constructor' })]),
    verdict: twoGood,
  },
  {
    name: '[R-DEL-9] a withdrawal of what was never reported',
    bytes: () => lines('referentie;actie;reden', 'R-9;intrekken;betaald'),
    verdict: { accepted: 0, refused: [[2, 'WITHDRAWAL_UNKNOWN', 'referentie']] },
  },
  {
    name: '[R-DEL-9] a withdrawal for a reason that is none',
    bytes: () => lines('referentie;actie;reden', 'R-9;intrekken;verhuisd', 'R-8;INTREKKEN;'),
    verdict: {
      accepted: 0,
      refused: [
        [2, 'VALUE_INVALID', 'reden'],
        [3, 'VALUE_MISSING', 'reden'],
      ],
    },
  },
  {
    name: '[R-DEL-9] a report in a file for withdrawals only',
    bytes: () => lines('referentie;actie;reden', 'R-9;melden;'),
    verdict: { accepted: 0, refused: [[2, 'VALUE_MISSING', 'bezwaar']] },
  },
  {
    name: '[R-DEL-9] reported and withdrawn in one file: one reference, two wishes',
    bytes: () => text([row(1), row(1, { actie: 'intrekken', reden: 'betaald' })]),
    verdict: { accepted: 1, refused: [[3, 'REFERENCE_TWICE', 'referentie']] },
  },
  {
    name: 'a rejection file that comes back as it is',
    bytes: () =>
      `\uFEFF${lines(
        `regel;code;kolom;uitleg;oplossing;${HEADER}`,
        `3;AMOUNT_INVALID;bedrag;Dit is geen bedrag.;"Schrijf het bedrag als 1.234,56";${line(1)}`,
        `7;TOO_EARLY;vervaldatum;x;y;${line(2, { telefoon: "'+31612345678" })}`,
      )}`,
    verdict: { accepted: 2, stored: { 'R-2': { resident: { phone: { e164: '+31612345678' } } } } },
  },
];

const numbers: readonly CorpusFile[] = [
  ...(
    [
      ['klantnummer', BSN],
      ['klantnummer', '123.456.782'],
      ['klantnummer', '123 456 782'],
      ['klantnummer', '123-456-782'],
      ['klantnummer', '1234.56.782'],
      ['klantnummer', '123\u00a0456\u00a0782'],
      ['klantnummer', `BSN${BSN}`],
      ['klantnummer', `'${BSN}`],
      ['klantnummer', '１２３４５６７８２'],
      ['klantnummer', '1234\u200b56782'],
      ['klantnummer', `${BSN}.0`],
      ['klantnummer', '123/456/782'],
      ['klantnummer', '123_456_782'],
      ['klantnummer', '123.456-782'],
      ['klantnummer', '123  456  782'],
      ['klantnummer', '12 34 56 782'],
      ['klantnummer', '1 2 3 4 5 6 7 8 2'],
      ['klantnummer', '١٢٣٤٥٦٧٨٢'],
      ['klantnummer', '1234\u034f56782'],
      ['klantnummer', `+31612345678;${BSN}`.replace(';', ' of ')],
      ['telefoon', `0612345678 x${BSN}`],
      ['telefoon', `0612345678 / ${BSN}`],
      ['straat', 'Zijlweg 123456 782'],
      ['achternaam', 'Jansen 1 23 456 782'],
      ['achternaam', '*********'],
      ['referentie', '*********'],
      ['referentie', `HV/${BSN}`],
      ['achternaam', `Jansen (${BSN})`],
      ['voorletters', '11222335'],
      ['email', `${BSN}@example.nl`],
      ['huisnummer', BSN],
      ['toevoeging', BSN],
      ['bedrag', BSN],
      ['telefoon', BSN],
      ['gemeente', BSN],
    ] as const
  ).map(
    ([column, value]): CorpusFile => ({
      ...cell(column, value, ['BSN_IN_FIELD']),
      name: `[R-DEL-6] ${column}: ${JSON.stringify(value)}`,
    }),
  ),
  {
    name: '[R-DEL-6] behind the last column',
    bytes: () => lines(HEADER, line(1), `${line(2)};${BSN}`),
    verdict: { accepted: 1, refused: [[3, 'BSN_IN_FIELD']] },
  },
  {
    name: '[R-DEL-6] in a row too short',
    bytes: () => lines(HEADER, line(1), `R-2;${BSN}`),
    verdict: { accepted: 1, refused: [[3, 'BSN_IN_FIELD', 'achternaam']] },
  },
  {
    name: '[R-DEL-6] in our own column of a rejection file',
    bytes: () => lines(`regel;code;kolom;uitleg;oplossing;${HEADER}`, `3;;;${BSN};;${line(1)}`, `4;;;;;${line(2)}`),
    verdict: { accepted: 1, refused: [[2, 'BSN_IN_FIELD']] },
  },
  cell('klantnummer', '2026-00123', { resident: { customerNumber: '2026-00123' } }),
  cell('klantnummer', '+31612345678', { resident: { customerNumber: '+31612345678' } }),
  cell('straat', '2e van der Helststraat 12 t/m 14', { address: { street: '2e van der Helststraat 12 t/m 14' } }),
  cell('klantnummer', '123456789', { resident: { customerNumber: '123456789' } }),
  cell('klantnummer', '1234567820', { resident: { customerNumber: '1234567820' } }),
  cell('klantnummer', '11222335', { resident: { customerNumber: '11222335' } }),
];

const HEADER_CELLS = rowsOf([])[0] ?? [];
const notes: Sheet = { rows: [['Toelichting'], ['Bel ons gerust']] };

const workbooks: readonly CorpusFile[] = [
  { name: 'xlsx, texts only', bytes: () => sheetOf([row(1), row(2)]), verdict: twoGood },
  { name: 'xlsx, texts in the cells', bytes: () => sheetOf([row(1), row(2)], { shared: false }), verdict: twoGood },
  { name: 'xlsx, a header without rows', bytes: () => sheetOf([]), verdict: { accepted: 0 } },
  { name: 'xlsx, an empty sheet', bytes: () => workbookOf({ rows: [] }), verdict: refusedFile('FILE_EMPTY') },
  {
    name: 'xlsx, rows with gaps and blank rows; the line is Excel’s',
    bytes: () =>
      workbookOf({ rows: [[], ...rowsOf([row(1)]), [], [' '], ...rowsOf([row(2, { bedrag: 'x' })]).slice(1)] }),
    verdict: { accepted: 1, refused: [[6, 'AMOUNT_INVALID', 'bedrag']] },
  },
  {
    name: 'xlsx, a sheet with notes beside the rows: hidden it does not count, empty neither',
    bytes: () => workbookOf([{ rows: rowsOf([row(1)]) }, { ...notes, state: 'hidden' }, { rows: [] }]),
    verdict: { accepted: 1 },
  },
  {
    name: 'xlsx, a sheet with notes beside the rows',
    bytes: () => workbookOf([{ rows: rowsOf([row(1)]) }, notes]),
    verdict: refusedFile('WORKBOOK_SHEETS'),
  },
  {
    name: 'xlsx, a title above the header',
    bytes: () => workbookOf({ rows: [['Achterstanden maart'], ...rowsOf([row(1)])] }),
    verdict: refusedFile('HEADER_MISSING'),
  },
  {
    name: 'xlsx, a Cyrillic letter in a column name',
    bytes: () => workbookOf({ rows: [HEADER_CELLS.map((name) => (name === 'bedrag' ? 'b\u0435drag' : name))] }),
    verdict: refusedFile('HEADER_LOOKALIKE', { position: 11 }),
  },
  {
    name: '[R-DEL-6] xlsx, a BSN column',
    bytes: () => workbookOf({ rows: [[...HEADER_CELLS, 'BSN'], ['R-1']] }),
    verdict: refusedFile('BSN_COLUMN'),
  },
  {
    name: 'xlsx, three hundred columns',
    bytes: () => workbookOf({ rows: [Array.from({ length: 300 }, (_, n) => `kolom${n}`)] }),
    verdict: refusedFile('HEADER_TOO_WIDE'),
  },
  {
    name: 'xlsx, a note behind a row',
    bytes: () => workbookOf({ rows: [...rowsOf([row(1)]), [...(rowsOf([row(2)])[1] ?? []), undefined, 'bellen']] }),
    verdict: { accepted: 1, refused: [[3, 'ROW_TOO_LONG']] },
  },
  inSheet('vervaldatum', 'a date', { n: 46054, format: 14 }, { dueDate: '2026-02-01' }),
  inSheet(
    'vervaldatum',
    'a date with a time of 0',
    { n: 46054, format: 'dd-mm-yyyy hh:mm' },
    { dueDate: '2026-02-01' },
  ),
  inSheet('vervaldatum', 'a date shown the American way', { n: 46054, format: 'mm/dd/yy' }, { dueDate: '2026-02-01' }),
  inSheet('vervaldatum', 'a date and a time', { n: '46054.5', format: 22 }, ['DATE_INVALID']),
  inSheet('vervaldatum', 'a date as a bare number', 46054, ['DATE_INVALID']),
  inSheet('vervaldatum', 'a day without a year', { n: 46054, format: 'd-mmm' }, ['DATE_INVALID', 'EXCEL_DATE']),
  inSheet('vervaldatum', 'the day that never was', { n: 60, format: 14 }, ['DATE_INVALID']),
  inSheet('vervaldatum', 'text', '01-02-2026', { dueDate: '2026-02-01' }),
  inSheet('vervaldatum', 'text in two ways', '1/2/2026', ['DATE_INVALID', 'DATE_TWO_WAYS']),
  inSheet('bedrag', 'a number', 1234.56, { amountCents: 123456 }),
  inSheet('bedrag', 'a number with noise', { n: '1234.5600000000001', format: '#,##0.00' }, { amountCents: 123456 }),
  inSheet('bedrag', 'a whole number', { n: 1234, format: '"€" #,##0' }, { amountCents: 123400 }),
  inSheet('bedrag', 'a fraction of cents', 12.345, ['AMOUNT_INVALID', 'AMOUNT_DECIMALS']),
  inSheet('bedrag', 'less than nothing', -5, ['AMOUNT_INVALID', 'AMOUNT_NOT_POSITIVE']),
  inSheet('bedrag', 'text in two ways', '1.234', ['AMOUNT_INVALID', 'AMOUNT_AMBIGUOUS']),
  inSheet('bedrag', 'an error', (name) => `<c r="${name}" t="e"><v>#N/A</v></c>`, ['AMOUNT_INVALID', 'EXCEL_ERROR']),
  inSheet('bedrag', 'a formula', (name) => `<c r="${name}"><f>1+1</f><v>2</v></c>`, { amountCents: 200 }),
  inSheet('bedrag', 'a formula nobody worked out', (name) => `<c r="${name}"><f>1+1</f></c>`, [
    'AMOUNT_INVALID',
    'EXCEL_ERROR',
  ]),
  inSheet('huisnummer', '12-1 that became a date', { n: 46034, format: 16 }, ['HOUSE_NUMBER_INVALID', 'EXCEL_DATE']),
  inSheet('huisnummer', '12-1 that became a whole date', { n: 46034, format: 14 }, [
    'HOUSE_NUMBER_INVALID',
    'EXCEL_DATE',
  ]),
  inSheet('huisnummer', 'a number', 12, { address: { houseNumber: 12 } }),
  inSheet('postcode', 'a number, its letters lost', 2011, ['POSTCODE_INVALID']),
  inSheet('postcode', 'letters by the format', { n: 2011, format: '0000" SN"' }, { address: { postcode: '2011SN' } }),
  inSheet('telefoon', 'a number, its zero lost', 612345678, { resident: { phone: { e164: '+31612345678' } } }),
  inSheet(
    'telefoon',
    'zeros by the format',
    { n: 612345678, format: '0000000000' },
    {
      resident: { phone: { given: '0612345678', e164: '+31612345678' } },
    },
  ),
  {
    name: 'xlsx, referentie: nine and fifteen digits keep them all',
    bytes: () =>
      sheetOf([row(1), row(2)], {}, (name, n) => (name === 'referentie' ? [400123456, 123456789012345][n] : undefined)),
    verdict: { accepted: 2, stored: { '400123456': { address: { houseNumber: 11 } }, '123456789012345': {} } },
  },
  inSheet('referentie', 'more digits than Excel holds', { n: '1.23456789012346E+17', format: 1 }, [
    'VALUE_INVALID',
    'SCIENTIFIC_NUMBER',
  ]),
  inSheet('referentie', '1-26 that became a month', { n: 46023, format: 17 }, ['VALUE_INVALID', 'EXCEL_DATE']),
  inSheet('bezwaar', 'false', false, { reference: 'R-2' }),
  inSheet('bezwaar', 'true', true, ['RESIDENT_OBJECTED']),
  inSheet('sociale_incasso', 'true', true, { socialCollection: { reminder: 'attested' } }),
  inSheet('toevoeging', 'a BSN as a number', Number(BSN), ['BSN_IN_FIELD']),
  inSheet('straat', 'a line break', 'Boven\nde winkel', { address: { street: 'Boven de winkel' } }),
  inSheet('straat', 'a control character', (name) => `<c r="${name}" t="inlineStr"><is><t>Gr_x0007_te</t></is></c>`, [
    'CONTROL_CHARACTER',
  ]),
  inSheet(
    'achternaam',
    'rich text',
    (name) => `<c r="${name}" t="inlineStr"><is><r><t>van </t></r><r><t>Dijk</t></r></is></c>`,
    {
      resident: { surname: 'van Dijk' },
    },
  ),
  inSheet('achternaam', 'a formula as text', '=1+1', { resident: { surname: '=1+1' } }),
  {
    name: 'xlsx with a password, or the old .xls',
    bytes: () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504)]),
    verdict: refusedFile('WORKBOOK_PROTECTED'),
  },
  {
    name: 'xlsx cut off half-way',
    bytes: () => sheetOf([row(1)]).subarray(0, 1500),
    verdict: refusedFile('WORKBOOK_UNREADABLE'),
  },
  {
    name: 'xlsx with a bomb in it',
    bytes: () =>
      sheetOf([row(1)], {
        entries: (all) =>
          all.map((entry) => (entry.name.includes('sheet1') ? { ...entry, size: 5_000_000_000, big: true } : entry)),
      }),
    verdict: refusedFile('WORKBOOK_TOO_LARGE'),
  },
  {
    name: 'xlsx with a billion laughs',
    bytes: () =>
      workbookOf({
        xml: '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>',
      }),
    verdict: refusedFile('WORKBOOK_UNREADABLE'),
  },
  {
    name: 'xlsx whose rows lie over each other',
    bytes: () => workbookOf({ data: '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>' }),
    verdict: refusedFile('WORKBOOK_UNREADABLE', { line: 1 }),
  },
  {
    name: 'an OpenDocument sheet',
    bytes: () => zipOf([{ name: 'mimetype', data: 'application/vnd.oasis.opendocument.spreadsheet', stored: true }]),
    verdict: refusedFile('FILE_NOT_TEXT'),
  },
];

export const CORPUS: Readonly<Record<string, readonly CorpusFile[]>> = {
  encodings,
  layouts,
  headers,
  binaries,
  sizes,
  amounts,
  dates,
  addresses,
  people,
  rules,
  again,
  numbers,
  workbooks,
};
