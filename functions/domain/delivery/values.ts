import parsePhoneNumber from 'libphonenumber-js/min';
import metadata from 'libphonenumber-js/min/metadata';
import { z } from 'zod';
import type { Cents, IsoDate } from '../ids.ts';
import { err, ok, type Result } from '../result.ts';
import { plainCell } from './csv.ts';
import type { AmountFormat, DateFormat } from './mapping.ts';

/**
 * What one cell of a file can say (DOMAIN section 12). Pure readers, shared by deliveries and outcomes.
 * All take the cell as `cellText` gives it.
 */

/** Printable, without anything `cellText` would change: no `'` in front, no double or outer blanks, composed accents. */
const PLAIN = /^[!-&(-~\u00a1-\u00ac\u00ae-\u024f](?: ?[!-~\u00a1-\u00ac\u00ae-\u024f])*$/;
/** Such a cell means what it says and holds no control character. */
export const isPlain = (cell: string): boolean => PLAIN.test(cell);

/** The cell as a person meant it: without Excel's `'`, outer blanks and line breaks, accents composed (NFC). */
export const cellText = (cell: string): string =>
  cell === '' || isPlain(cell)
    ? cell
    : plainCell(cell.trim())
        .replace(/[\s\u00a0]+/g, ' ')
        .trim()
        .normalize('NFC');

/** What nobody sees: control characters but tab and line breaks, invisible letters, marks that turn the direction of writing. */
const CONTROL = /[\p{Cf}\p{Co}\p{Cs}]|[^\P{Cc}\t\r\n]/u;
export const holdsControlCharacter = (cell: string): boolean => CONTROL.test(cell);

/** Excel turned a long number or an amount into `1,2E+08`: the digits are gone. */
export const isScientific = (text: string): boolean => /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(text);

/** `j`/`ja` or `n`/`nee`, in any case. */
export const parseYesNo = (text: string): Result<boolean, 'INVALID'> => {
  if (text.length > 3) return err('INVALID');
  const word = text.toLowerCase();
  if (word === 'j' || word === 'ja') return ok(true);
  return word === 'n' || word === 'nee' ? ok(false) : err('INVALID');
};

export type DateProblem = 'INVALID' | 'TWO_WAYS' | 'SHORT_YEAR' | 'EXCEL_ERROR' | 'EXCEL_DATE';

/** What a cell holds when its formula failed: `#N/B`, `#VERW!`, `#N/A`, `#REF!` … */
export const isExcelError = (text: string): boolean =>
  /^#(?:N\/[AB]|REF!|VERW!|VALUE!|WAARDE!|DIV\/0!|DEEL\/0!|NAME\?|NAAM\?|NULL!|LEEG!|NUM!|GETAL!)$/i.test(text);

const MONTH = '(?:jan|feb|mrt|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)';
const MONTH_DATE = new RegExp(`^(?:\\d{1,2}[-/]${MONTH}\\.?(?:[-/]\\d{2,4})?|${MONTH}\\.?-\\d{2,4})$`, 'i');
/** What Excel makes of `12-1` or `1-26`: a month with its name. */
export const isMonthDate = (text: string): boolean => MONTH_DATE.test(text);
/** The same, or a whole date: in a house number neither is one. */
export const isExcelDate = (text: string): boolean =>
  isMonthDate(text) || /^(?:\d{4}-\d\d-\d\d|\d{1,2}-\d{1,2}-\d{4})$/.test(text);

/** Places of day, month and year in each way of writing. */
const DATE_PATTERNS: Readonly<Record<DateFormat, readonly [RegExp, day: number, month: number, year: number]>> = {
  'dd-mm-jjjj': [/^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/, 1, 2, 3],
  'mm-dd-jjjj': [/^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/, 2, 1, 3],
  'jjjj-mm-dd': [/^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/, 3, 2, 1],
  jjjjmmdd: [/^(\d{4})(\d\d)(\d\d)$/, 3, 2, 1],
  ddmmjjjj: [/^(\d\d)(\d\d)(\d{4})$/, 1, 2, 3],
};
const DUTCH = [/^(\d{1,2})-(\d{1,2})-(\d{4})$/, 1, 2, 3] as const;
const ISO = [/^(\d{4})-(\d\d)-(\d\d)$/, 3, 2, 1] as const;
const OURS = [DUTCH, ISO, DATE_PATTERNS.jjjjmmdd] as const;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysIn = (year: number, month: number): number =>
  month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : (DAYS[month - 1] ?? 0);
const padded = (number: number): string => (number < 10 ? `0${number}` : String(number));

const DASH = 45;
const digits = (text: string, from: number, to: number): number => {
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
};

/** `dd-mm-jjjj` to the letter: what nearly every date of a file is. */
const readUsual = (text: string): IsoDate | undefined => {
  if (text.length !== 10 || text.charCodeAt(2) !== DASH || text.charCodeAt(5) !== DASH) return undefined;
  const [year, month, day] = [digits(text, 6, 10), digits(text, 3, 5), digits(text, 0, 2)];
  if (!(year >= 1800 && year <= 2199 && day >= 1 && day <= daysIn(year, month))) return undefined;
  return `${text.slice(6)}-${text.slice(3, 5)}-${text.slice(0, 2)}` as IsoDate;
};

const readDate = (text: string, format: DateFormat | undefined): Result<IsoDate, DateProblem> => {
  // A database writes midnight behind a date; another time is more than a date.
  const bare = text.length > 10 ? text.replace(/[ T]0?0:00(?::00(?:\.0+)?)?Z?$/, '') : text;
  for (const [pattern, d, m, y] of format === undefined ? OURS : [DATE_PATTERNS[format], ISO]) {
    const match = pattern.exec(bare);
    if (!match) continue;
    const [year, month, day] = [Number(match[y]), Number(match[m]), Number(match[d])];
    if (year < 1800 || year > 2199 || day < 1 || day > daysIn(year, month)) return err('INVALID');
    // Just proved to be one; the schema's own proof takes longer than all of this.
    return ok(`${year}-${padded(month)}-${padded(day)}` as IsoDate);
  }
  if (isExcelError(bare)) return err('EXCEL_ERROR');
  if (isMonthDate(bare)) return err('EXCEL_DATE');
  if (/^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}$/.test(bare)) return err('SHORT_YEAR');
  const [, one, other] = /^(\d{1,2})[/.](\d{1,2})[/.]\d{4}$/.exec(bare) ?? [];
  return err(one !== undefined && Number(one) <= 12 && Number(other) <= 12 ? 'TWO_WAYS' : 'INVALID');
};

/**
 * `dd-mm-jjjj` (also `d-m-jjjj`, as Excel writes it), `jjjj-mm-dd` or `jjjjmmdd`; years 1800–2199; the day must exist.
 * With a `format` only that one, whatever its separator, and `jjjj-mm-dd`. `1/2/2026` can be read in two ways, and a year
 * of two digits in more.
 */
export const parseDate = (text: string, format?: DateFormat): Result<IsoDate, DateProblem> => {
  const usual = format === undefined || format === 'dd-mm-jjjj' ? readUsual(text) : undefined;
  if (usual !== undefined) return ok(usual);
  return text.length > 30 ? err('INVALID') : readDate(text, format);
};

export type AmountProblem =
  | 'INVALID'
  | 'AMBIGUOUS'
  | 'DECIMALS'
  | 'SCIENTIFIC'
  | 'NOT_POSITIVE'
  | 'EXCEL_ERROR'
  | 'EXCEL_DATE';

const COMMA = /^(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}|-{1,2}|))?$/;
const POINT = /^(\d+)(?:\.(\d{1,2}))?$/;
const ENGLISH = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/;

const amountParts = (bare: string, format: AmountFormat | undefined): RegExpExecArray | null => {
  if (format === 'komma') return COMMA.exec(bare);
  return format === 'punt' ? ENGLISH.exec(bare) : (COMMA.exec(bare) ?? POINT.exec(bare));
};

/**
 * `1.234,56`, `1234,56`, `1234.56`, `12,-` or whole euros, with or without `€`, to cents; more than 0, below a thousand
 * million. `1.234` and `1,234` can be read in two ways and are refused, unless the party's `format` says which it is.
 */
export const parseAmount = (text: string, format?: AmountFormat): Result<Cents, AmountProblem> => {
  const bare = text.charCodeAt(0) === EURO || text.charCodeAt(text.length - 1) === EURO ? withoutEuro(text) : text;
  if (format === 'centen') return /^\d{1,11}$/.test(bare) ? positive(Number(bare)) : noAmount(bare);
  if (format === undefined && /^\d{1,3}[.,]\d{3}$/.test(bare)) return err('AMBIGUOUS');
  const match = amountParts(bare, format);
  const euros = match?.[1]?.replace(/[.,]/g, '');
  if (euros === undefined || euros.length > 9) return noAmount(bare);
  const [, , cents = ''] = match ?? [];
  return positive(Number(euros) * 100 + (cents.startsWith('-') ? 0 : Number(cents.padEnd(2, '0'))));
};

const EURO = 8364;
const withoutEuro = (text: string): string => text.replace(/^€ ?| ?€$/g, '');

const positive = (cents: number): Result<Cents, AmountProblem> =>
  // A whole number by its making.
  cents > 0 ? ok(cents as Cents) : err('NOT_POSITIVE');

const noAmount = (bare: string): Result<never, AmountProblem> => {
  if (isScientific(bare)) return err('SCIENTIFIC');
  if (isExcelError(bare)) return err('EXCEL_ERROR');
  if (isMonthDate(bare)) return err('EXCEL_DATE');
  if (/^\d+[.,]\d{3,}$/.test(bare)) return err('DECIMALS');
  return err(/^-\d/.test(bare) ? 'NOT_POSITIVE' : 'INVALID');
};

/** `1234 AB` in any spelling to `1234AB`. */
export const parsePostcode = (text: string): Result<string, 'INVALID'> => {
  const match = /^(?:NL[- ]?)?([1-9]\d{3})[ .-]?([A-Z]{2})$/.exec(text.toUpperCase());
  return match ? ok(`${match[1]}${match[2]}`) : err('INVALID');
};

export interface HouseNumber {
  readonly houseNumber: number;
  readonly houseLetter?: string;
  readonly addition?: string;
}

const ADDITION = /^[\p{L}\p{N}][\p{L}\p{N} ./-]{0,11}$/u;
const joined = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase();

/**
 * House number 1–99999 with letter and addition, from their own columns or from one cell: `12-A`, `12 a`, `12A3`, `3 hs`.
 * A letter or addition given twice must be the same.
 */
export const parseHouseNumber = (number: string, letter: string, suffix: string): Result<HouseNumber, 'INVALID'> => {
  // `-2`, `/2` and `(achter)`: how some systems set it apart in its own column.
  const addition = suffix.replace(/^[-/ ]+(?=[^-/ ])/, '').replace(/^\((.*)\)$/, '$1');
  const match = /^(\d{1,5})(?!\d)(?: ?[-/ ]? ?([^-/ ].*))?$/.exec(number);
  const houseNumber = Number(match?.[1] ?? 0);
  if (houseNumber < 1) return err('INVALID');
  const rest = match?.[2] ?? '';
  if (rest === '' && letter === '') return houseNumberOf(houseNumber, { letter, addition });
  const own = lettered(rest);
  const split = lettered(letter);
  const given = addition === '' && split.letter !== '' ? split : { letter, addition };
  if (rest === '') return houseNumberOf(houseNumber, given);
  if (letter + addition === '') return houseNumberOf(houseNumber, own);
  // `12A` with addition `2`: each says another part.
  if (letter === '' && own.letter !== '' && own.addition === '' && joined(rest) !== joined(addition))
    return houseNumberOf(houseNumber, { letter: own.letter, addition });
  return joined(rest) === joined(letter + addition) ? houseNumberOf(houseNumber, given) : err('INVALID');
};

interface Suffix {
  readonly letter: string;
  readonly addition: string;
}

/** `A3`, `a 3`, `a-3` are a letter and an addition; `hs`, `2` an addition alone. */
const lettered = (text: string): Suffix => {
  const split = /^(\p{L})(?!\p{L})[ -]*(.*)$/u.exec(text);
  return split ? { letter: split[1] ?? '', addition: split[2] ?? '' } : { letter: '', addition: text };
};

const houseNumberOf = (houseNumber: number, { letter, addition }: Suffix): Result<HouseNumber, 'INVALID'> => {
  if (letter !== '' && !/^\p{L}$/u.test(letter)) return err('INVALID');
  if (addition !== '' && !ADDITION.test(addition)) return err('INVALID');
  if (letter === '') return ok(addition === '' ? { houseNumber } : { houseNumber, addition });
  return ok(addition === '' ? { houseNumber, houseLetter: letter } : { houseNumber, houseLetter: letter, addition });
};

/** Ten digits as a Dutch number is written, with the blanks and signs people use. */
export const DUTCH_PHONE = /^0[1-9](?:[ -]?\d){8}$/;
/** The numbers that exist, from the library's own tables: asking it for each of a million rows takes longer than all else. */
const [, , dutchNumbers = ''] = metadata.countries.NL as unknown as readonly [string, string, string];
const EXISTS = new RegExp(`^(?:${dutchNumbers})$`);

/** E.164 when it is a telephone number that can exist; Dutch when no country is given, also when Excel took its first 0. */
export const parsePhone = (text: string): string | undefined => {
  if (DUTCH_PHONE.test(text)) {
    const national = text.replace(/[ -]/g, '').slice(1);
    return EXISTS.test(national) ? `+31${national}` : undefined;
  }
  const phone = /\d{6}/.test(text.replace(/\D/g, '')) ? parsePhoneNumber(text, 'NL') : undefined;
  return phone?.isValid() ? phone.number : undefined;
};

/** Lower case when it has the shape of an address. */
export const parseEmail = (text: string): string | undefined => {
  const lower = text.toLowerCase();
  return z.regexes.email.test(lower) ? lower : undefined;
};
