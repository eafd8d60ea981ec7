import anyAscii from 'any-ascii';
import { cellText, DUTCH_PHONE, parsePhone } from './values.ts';

/**
 * R-DEL-6: a citizen service number must not be in a landlord's file, and where it is found its digits go nowhere.
 * Found are nine digits that pass the 11-proof: in a row, or grouped as people write it (`123.456.782`, `1234 56 782`,
 * `12 34 56 782`, each digit apart), whatever the signs between; where numbers have no business (names, street and place)
 * however they are spread, and eight in a row as well (a first 0 lost in Excel). Elsewhere dates and customer numbers would
 * be refused by chance, one in eleven. Digits of other scripts count, and invisible letters between them do not help.
 * A telephone number that can exist is left alone when it is all the cell says: `+31 612345678` and, in its own column, a
 * mobile number of which Excel took the 0. Other bare numbers of nine digits there could be either: privacy goes first.
 */
const BETWEEN = '[ ./,_\\u2013-]{1,2}';
const GROUPED = new RegExp(
  `(?<!\\d)(?:\\d{9}|\\d{3}${BETWEEN}\\d{3}${BETWEEN}\\d{3}|\\d{4}${BETWEEN}\\d{2}${BETWEEN}\\d{3}|` +
    `\\d{2}${BETWEEN}\\d{2}${BETWEEN}\\d{2}${BETWEEN}\\d{3}|\\d(?:${BETWEEN}\\d){8})(?!\\d)`,
  'g',
);
const SPREAD = /(?<!\d[\s\p{P}]{0,2})\d(?:[\s\p{P}]{0,2}\d){8}(?![\s\p{P}]{0,2}\d)/gu;
const EIGHT = /(?<!\d)\d{8}(?!\d)/g;

/** What a cell must hold before any of this is looked for; most cells do not. */
const MAY_HOLD = /\d{8}|\d{2,4}[^\da-z]{1,2}\d{2,3}[^\da-z]{1,2}\d\d|\d[^\da-z]{1,2}\d[^\da-z]{1,2}\d[^\da-z]/i;
const MAY_SPREAD = /(?:\d.*){8}/s;

/** The 11-proof of a BSN: digits weighed 9, 8 … 2, −1; all zeros do not count. */
export const passesElevenProof = (digits: string): boolean => {
  if (!/^\d{9}$/.test(digits) || /^0+$/.test(digits)) return false;
  const sum = [...digits].reduce((total, digit, i) => total + Number(digit) * (i === 8 ? -1 : 9 - i), 0);
  return sum % 11 === 0;
};

const isBsn = (text: string): boolean => passesElevenProof(text.replace(/\D/g, '').padStart(9, '0'));
const mask = (found: string): string => (isBsn(found) ? MASK : found);

/** What stands in place of a BSN in everything we write. */
export const MASK = '*'.repeat(9);

/** Digits as a reader sees them: of any script made plain, invisible letters gone, every blank a blank. */
const seenIn = (cell: string): string =>
  /^[ -~]*$/.test(cell)
    ? cell
    : cell
        .replace(/[\p{Nd}\p{No}]/gu, (digit) => anyAscii(digit))
        .replace(/[\p{Cf}\p{Mn}]/gu, '')
        .replace(/[\s\p{Cc}]/gu, ' ');

/** All the cell says is one telephone number. */
const isPhone = (cell: string, field: 'name' | 'phone' | 'other'): boolean => {
  const start = field === 'phone' ? /^(?:\+|0|6\d{8}$)[\d ()./-]*$/ : /^(?:\+|00)[\d ()./-]*$/;
  const text = cellText(cell);
  return start.test(text) && parsePhone(text) !== undefined;
};

/** Signs that are a digit, or may be one in another script: for short cells, that cannot hold nine, all there is to look at. */
const digitsIn = (cell: string): number => {
  let digits = 0;
  for (let at = 0; at < cell.length; at += 1) {
    const sign = cell.charCodeAt(at);
    if ((sign >= 48 && sign <= 57) || sign > 127) digits += 1;
  }
  return digits;
};

/** The cell with every BSN in it replaced by asterisks; the same text when there is none. */
export const maskBsn = (cell: string, field: 'name' | 'phone' | 'other' = 'other'): string => {
  const least = field === 'name' ? 8 : 9;
  if (cell.length < least || (cell.length < 14 && digitsIn(cell) < least)) return cell;
  if (field === 'phone' && DUTCH_PHONE.test(cell)) return cell;
  const seen = seenIn(cell);
  if (!(field === 'name' ? MAY_SPREAD : MAY_HOLD).test(seen)) return cell;
  const grouped = seen.replace(GROUPED, mask);
  if (grouped !== seen && isPhone(cell, field)) return cell;
  const masked = field === 'name' ? grouped.replace(SPREAD, mask).replace(EIGHT, mask) : grouped;
  return masked === seen ? cell : masked;
};
