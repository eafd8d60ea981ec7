/**
 * What a number in a workbook says, given its number format: the text our cell readers take. Dates as `jjjj-mm-dd`, numbers
 * as plain decimals, and zeros in front where the format shows them.
 */
export type CellFormat =
  | { readonly kind: 'number' }
  /** `day-month` and `month-year` are what Excel makes of `12-1` or `1-26`: not a whole date. */
  | { readonly kind: 'date' | 'day-month' | 'month-year' | 'time' }
  /** Whole numbers filled out: `00000`, `"HV-"0000`. */
  | { readonly kind: 'digits'; readonly pattern: readonly DigitToken[] };

type DigitToken = { readonly place: '0' | '#' } | { readonly literal: string };

const NUMBER: CellFormat = { kind: 'number' };

/** What Excel lets one format hold; a longer code is none. */
const MAX_CODE = 255;

/** Formats that a workbook names by number only. */
const BUILT_IN: Readonly<Record<number, CellFormat>> = {
  14: { kind: 'date' },
  15: { kind: 'date' },
  16: { kind: 'day-month' },
  17: { kind: 'month-year' },
  18: { kind: 'time' },
  19: { kind: 'time' },
  20: { kind: 'time' },
  21: { kind: 'time' },
  22: { kind: 'date' },
  45: { kind: 'time' },
  47: { kind: 'time' },
};

/** The format of a cell: by its number, or by its code when the workbook gives one. */
export const formatOf = (id: number, code: string | undefined): CellFormat => {
  if (code === undefined) return BUILT_IN[id] ?? NUMBER;
  if (code.length > MAX_CODE) return NUMBER;
  const positive = /^(?:"[^"]*"|\\.|[^;"\\])*/.exec(code)?.[0] ?? '';
  return dateFormatOf(positive) ?? digitFormatOf(positive) ?? NUMBER;
};

const dateFormatOf = (code: string): CellFormat | undefined => {
  if (/\[(?:h+|m+|s+|u+)\]/i.test(code)) return NUMBER;
  // What is never closed runs to the end, so that no sign is looked at twice.
  const bare = code.replace(/"[^"]*"?|\\.?|[_*].?|\[[^\]]*\]?|general|standaard|am\/pm|a\/p/gi, '');
  const shows = (letters: RegExp): boolean => letters.test(bare);
  const year = shows(/[yj]/i);
  const day = shows(/d/i);
  const hour = shows(/[hsu]/i);
  if (year && day) return { kind: 'date' };
  if (day) return { kind: 'day-month' };
  if (year || (shows(/m/i) && !hour)) return { kind: 'month-year' };
  return hour ? { kind: 'time' } : undefined;
};

const digitFormatOf = (code: string): CellFormat | undefined => {
  const pattern: DigitToken[] = [];
  // Money keeps its number; so does what holds a condition, a decimal point, a thousands sign, a percentage or a blank of some width.
  const bare = code.replace(/\[(?:\$-[^[\]]*|[a-z]+)\]/gi, '');
  const token = /"([^"]*)"|\\(.)|([0#])|([ ()+:'-])/gy;
  while (token.lastIndex < bare.length) {
    const found = token.exec(bare);
    if (!found) return undefined;
    const [, quoted, escaped, place, plain] = found;
    pattern.push(place === '0' || place === '#' ? { place } : { literal: quoted ?? escaped ?? plain ?? '' });
  }
  const places = pattern.filter((each) => 'place' in each).length;
  const literals = pattern.map((each) => ('literal' in each ? each.literal : '')).join('');
  if (places === 0 || /[€$£]/.test(literals)) return undefined;
  return places > 1 || literals.trim() !== '' ? { kind: 'digits', pattern } : undefined;
};

/** Days between the two ways Excel counts dates. */
const SINCE_1904 = 1_462;
const LAST_DAY = 2_958_465;
const MONTHS = ['jan', 'feb', 'mrt', 'apr', 'mei', 'jun', 'jul', 'aug', 'sep', 'okt', 'nov', 'dec'];

/** The sign before the decimals of a number. */
export type DecimalSign = '.' | ',';

/** A number as it stands in a sheet, to text. What is no number stays as it is. */
export const textOfNumber = (
  raw: string,
  format: CellFormat,
  counts1904: boolean,
  decimal: DecimalSign = '.',
): string => {
  const text = plainNumber(raw);
  if (text === undefined) return raw;
  const shown = shownUnder(format, text, counts1904);
  return shown ?? (decimal === '.' ? text : text.replace('.', decimal));
};

/** What a format other than a number's makes of it; undefined when it stays a plain number. */
const shownUnder = (format: CellFormat, text: string, counts1904: boolean): string | undefined => {
  switch (format.kind) {
    case 'number':
      return undefined;
    case 'digits':
      return /^[1-9]\d*$/.test(text) ? filled(text, format.pattern) : undefined;
    default:
      return textOfDate(Number(text), format.kind, counts1904);
  }
};

/**
 * A number without the noise of binary fractions, never scientific as long as Excel holds all digits. Beyond its 15 digits
 * they are lost: then it is written as Excel shows it, and the readers refuse it.
 */
const plainNumber = (raw: string): string | undefined => {
  if (/^(?:0|-?[1-9]\d{0,13})(?:\.[1-9])?$/.test(raw)) return raw;
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?$/i.test(raw)) return undefined;
  const value = Number(Number(raw).toPrecision(15));
  if (!Number.isFinite(value)) return undefined;
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-9)) return value.toExponential().toUpperCase();
  const text = size < 1e-6 ? value.toFixed(20).replace(/\.?0+$/, '') : String(value);
  // `1.234` could be taken for a thousand and more: with a fourth decimal nobody does.
  return /\.\d{3}$/.test(text) ? `${text}0` : text;
};

const filled = (digits: string, pattern: readonly DigitToken[]): string => {
  let left = digits;
  let text = '';
  const first = pattern.findIndex((token) => 'place' in token);
  for (let i = pattern.length - 1; i >= 0; i--) {
    const token = pattern[i];
    if (token === undefined) continue;
    if ('literal' in token) text = token.literal + text;
    else {
      const taken = i === first ? left : left.slice(-1);
      left = left.slice(0, left.length - taken.length);
      text = (taken === '' && token.place === '0' ? '0' : taken) + text;
    }
  }
  return text;
};

const pad = (value: number): string => String(value).padStart(2, '0');

const textOfDate = (serial: number, kind: 'date' | 'day-month' | 'month-year' | 'time', counts1904: boolean) => {
  const seconds = Math.round(serial * 86_400);
  const inDay = seconds % 86_400;
  const days = (seconds - inDay) / 86_400 + (counts1904 ? SINCE_1904 : 0);
  if (seconds < 0 || days > LAST_DAY) return undefined;
  const clock = `${pad(Math.floor(inDay / 3600))}:${pad(Math.floor(inDay / 60) % 60)}:${pad(inDay % 60)}`;
  if (kind === 'time') return clock;
  const [year, month, day] = partsOf(days);
  if (kind === 'day-month') return `${day}-${MONTHS[month - 1]}`;
  if (kind === 'month-year') return `${MONTHS[month - 1]}-${pad(year % 100)}`;
  const date = `${year}-${pad(month)}-${pad(day)}`;
  return inDay === 0 ? date : `${date} ${clock}`;
};

/** Year, month and day; Excel counts 29 February 1900, which never was, and a day 0 before the first. */
const partsOf = (days: number): readonly [number, number, number] => {
  if (days === 60) return [1900, 2, 29];
  if (days === 0) return [1900, 1, 0];
  const date = new Date(Date.UTC(1899, 11, days < 60 ? 31 : 30) + days * 86_400_000);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
};
