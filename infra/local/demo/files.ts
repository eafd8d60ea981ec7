import { dutchDate } from './days.ts';

/** The files of the story as housing systems write them: each has its own habits. */
export const COLUMNS = [
  'partner',
  'referentie',
  'klantnummer',
  'voorletters',
  'tussenvoegsel',
  'achternaam',
  'geboortedatum',
  'straat',
  'huisnummer',
  'huisletter',
  'toevoeging',
  'postcode',
  'woonplaats',
  'telefoon',
  'email',
  'bedrag',
  'vervaldatum',
  'fase',
  'signaalsoort',
  'datum_herinnering',
  'datum_contactpoging',
  'gewezen_op_schuldhulp',
  'aangekondigd',
  'sociale_incasso',
  'bezwaar',
  'gemeente',
  'actie',
  'reden',
] as const;
export type Column = (typeof COLUMNS)[number];
export type Cells = Readonly<Partial<Record<Column, string>>>;

export interface Dialect {
  readonly delimiter: ';' | ',' | '\t';
  readonly encoding: 'utf-8' | 'utf-8-bom' | 'windows-1252';
  readonly lineEnd: '\r\n' | '\n';
  readonly columns: readonly Column[];
  /** How a column is called, when not by our own name. */
  readonly header: (column: Column) => string;
  readonly date: (day: string) => string;
  readonly amount: (cents: number) => string;
  /** `2011AB` as this system writes it. */
  readonly postcode: (postcode: string) => string;
  /** Empty columns that a spreadsheet leaves behind every line. */
  readonly trailing: number;
}

const without = (...left: readonly Column[]): readonly Column[] => COLUMNS.filter((column) => !left.includes(column));
const euros = (cents: number): [string, string] => [
  String(Math.floor(cents / 100)),
  String(cents % 100).padStart(2, '0'),
];
const thousands = (whole: string): string => whole.replace(/(\d)(?=(\d{3})+$)/g, '$1.');
const spaced = (postcode: string): string => `${postcode.slice(0, 4)} ${postcode.slice(4)}`;
const titled = (column: Column): string => column.charAt(0).toUpperCase() + column.slice(1).replaceAll('_', ' ');

const steps: readonly Column[] = ['datum_herinnering', 'datum_contactpoging', 'gewezen_op_schuldhulp', 'aangekondigd'];

/** Excel on Windows: BOM, semicolons, titles, empty columns at the end. */
export const EXCEL: Dialect = {
  delimiter: ';',
  encoding: 'utf-8-bom',
  lineEnd: '\r\n',
  columns: without('partner', 'sociale_incasso'),
  header: titled,
  date: dutchDate,
  amount: (cents) => `${thousands(euros(cents)[0])},${euros(cents)[1]}`,
  postcode: spaced,
  trailing: 3,
};

/** An old collection system: Windows-1252, and one column that says all four steps were taken. */
export const ANSI: Dialect = {
  delimiter: ';',
  encoding: 'windows-1252',
  lineEnd: '\r\n',
  columns: without(...steps, 'telefoon', 'gemeente'),
  header: (column) => column,
  date: (day) => day.replaceAll('-', ''),
  amount: (cents) => euros(cents).join(','),
  postcode: (postcode) => postcode,
  trailing: 0,
};

/** A database export: tabs, ISO dates, decimal points, capitals, its own order. */
export const EXPORT: Dialect = {
  delimiter: '\t',
  encoding: 'utf-8',
  lineEnd: '\n',
  columns: [...without('partner', ...steps)].reverse(),
  header: (column) => column.toUpperCase(),
  date: (day) => day,
  amount: (cents) => euros(cents).join('.'),
  postcode: (postcode) => postcode.toLowerCase(),
  trailing: 0,
};

/** Comma-separated, everything that needs it in quotes. */
export const COMMAS: Dialect = {
  ...EXCEL,
  delimiter: ',',
  encoding: 'utf-8',
  header: (column) => column,
  amount: (cents) => euros(cents).join(','),
  trailing: 0,
};

const quoted = (text: string, delimiter: string): string =>
  text.includes(delimiter) || text.includes('"') || text.includes('\n') ? `"${text.replaceAll('"', '""')}"` : text;

/** One row's cells in the order of the dialect; a row may be spoilt on the way (`shape`). */
export const line = (cells: readonly string[], { delimiter, trailing }: Dialect): string =>
  cells.map((cell) => quoted(cell, delimiter)).join(delimiter) + delimiter.repeat(trailing);

export const cellsOf = (cells: Cells, { columns }: Dialect): string[] => columns.map((column) => cells[column] ?? '');

/** The whole file as bytes. */
export const fileOf = (rows: readonly (readonly string[])[], dialect: Dialect): Uint8Array => {
  const header = line(dialect.columns.map(dialect.header), dialect);
  const text = [header, ...rows.map((row) => line(row, dialect))].map((each) => each + dialect.lineEnd).join('');
  switch (dialect.encoding) {
    case 'utf-8':
      return Buffer.from(text, 'utf8');
    case 'utf-8-bom':
      return Buffer.from(`\uFEFF${text}`, 'utf8');
    case 'windows-1252':
      return Buffer.from(text, 'latin1');
  }
};
