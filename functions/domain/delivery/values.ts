import parsePhoneNumber from 'libphonenumber-js/min';
import { z } from 'zod';
import { Cents, IsoDate } from '../ids.ts';
import { err, ok, type Result } from '../result.ts';
import { plainCell } from './csv.ts';

/**
 * What one cell of a file can say (DOMAIN section 12). Pure readers, shared by deliveries and outcomes.
 * All take the cell as `cellText` gives it.
 */

/** The cell as a person meant it: without Excel's `'`, outer blanks and line breaks, accents composed (NFC). */
export const cellText = (cell: string): string =>
  plainCell(cell.trim())
    .replace(/[\s\u00a0]+/g, ' ')
    .trim()
    .normalize('NFC');

/** Control characters other than tab and line breaks, and marks that turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
export const holdsControlCharacter = (cell: string): boolean => CONTROL.test(cell);

/** Excel turned a long number or an amount into `1,2E+08`: the digits are gone. */
export const isScientific = (text: string): boolean => /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(text);

/** `j`/`ja` or `n`/`nee`, in any case. */
export const parseYesNo = (text: string): Result<boolean, 'INVALID'> => {
  const word = text.toLowerCase();
  if (word === 'j' || word === 'ja') return ok(true);
  return word === 'n' || word === 'nee' ? ok(false) : err('INVALID');
};

/** `dd-mm-jjjj` (also `d-m-jjjj`, as Excel writes it), `jjjj-mm-dd` or `jjjjmmdd`; years 1800–2199; the day must exist. */
export const parseDate = (text: string): Result<IsoDate, 'INVALID'> => {
  const dutch = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(text);
  const parts = dutch
    ? [dutch[3], dutch[2], dutch[1]]
    : (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(text))?.slice(1);
  if (!parts) return err('INVALID');
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!exists || year < 1800 || year > 2199) return err('INVALID');
  return ok(IsoDate.parse(date.toISOString().slice(0, 10)));
};

export type AmountProblem = 'INVALID' | 'AMBIGUOUS' | 'SCIENTIFIC' | 'NOT_POSITIVE';

/**
 * `1.234,56`, `1234,56`, `1234.56` or whole euros, with or without `€`, to cents; more than 0, below a thousand million.
 * `1.234` and `1,234` can be read in two ways and are refused: AMBIGUOUS.
 */
export const parseAmount = (text: string): Result<Cents, AmountProblem> => {
  const bare = text.replace(/^€ ?| ?€$/g, '');
  if (isScientific(bare)) return err('SCIENTIFIC');
  if (/^\d{1,3}[.,]\d{3}$/.test(bare)) return err('AMBIGUOUS');
  if (/^-\d/.test(bare)) return err('NOT_POSITIVE');
  const match = /^(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}))?$/.exec(bare) ?? /^(\d+)(?:\.(\d{1,2}))?$/.exec(bare);
  const euros = match?.[1]?.replaceAll('.', '');
  if (euros === undefined || euros.length > 9) return err('INVALID');
  const cents = Number(euros) * 100 + Number((match?.[2] ?? '').padEnd(2, '0'));
  return cents > 0 ? ok(Cents.parse(cents)) : err('NOT_POSITIVE');
};

/** `1234 AB` in any spelling to `1234AB`. */
export const parsePostcode = (text: string): Result<string, 'INVALID'> => {
  const match = /^(?:NL-?)?([1-9]\d{3})[ .-]?([A-Z]{2})$/.exec(text.toUpperCase());
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
export const parseHouseNumber = (number: string, letter: string, addition: string): Result<HouseNumber, 'INVALID'> => {
  const match = /^(\d{1,5})(?!\d)(?: ?[-/ ]? ?([^-/ ].*))?$/.exec(number);
  const houseNumber = Number(match?.[1] ?? 0);
  if (houseNumber < 1) return err('INVALID');
  const rest = match?.[2] ?? '';
  const split = /^(\p{L})(?!\p{L})[ -]*(.*)$/u.exec(rest);
  const own = split ? { letter: split[1] ?? '', addition: split[2] ?? '' } : { letter: '', addition: rest };
  const given = letter + addition;
  if (rest !== '' && given !== '' && joined(rest) !== joined(given)) return err('INVALID');
  const used = given === '' ? own : { letter, addition };
  if (used.letter !== '' && !/^\p{L}$/u.test(used.letter)) return err('INVALID');
  if (used.addition !== '' && !ADDITION.test(used.addition)) return err('INVALID');
  return ok({
    houseNumber,
    ...(used.letter === '' ? {} : { houseLetter: used.letter }),
    ...(used.addition === '' ? {} : { addition: used.addition }),
  });
};

/** E.164 when it is a telephone number that can exist; Dutch when no country is given, also when Excel took its first 0. */
export const parsePhone = (text: string): string | undefined => {
  const phone = /\d{6}/.test(text.replace(/\D/g, '')) ? parsePhoneNumber(text, 'NL') : undefined;
  return phone?.isValid() ? phone.number : undefined;
};

const Email = z.email();
/** Lower case when it has the shape of an address. */
export const parseEmail = (text: string): string | undefined => {
  const email = Email.safeParse(text.toLowerCase());
  return email.success ? email.data : undefined;
};
