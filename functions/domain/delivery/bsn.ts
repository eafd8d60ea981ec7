import { cellText, parsePhone } from './values.ts';

/**
 * R-DEL-6: a citizen service number must not be in a landlord's file, and where it is found its digits go nowhere.
 * Found are nine digits in a row, or grouped as people write it (`123.456.782`, `1234 56 782`), that pass the 11-proof.
 * A telephone number that can exist is left alone: `+31 612345678` and, in its own column, a mobile number of which Excel
 * took the 0. Other bare numbers of nine digits there could be either, and then privacy goes first.
 * Eight digits (a first 0 lost in Excel) count only where numbers have no business: names, street and place; elsewhere
 * dates and customer numbers would be refused by chance, one in eleven.
 */
const NINE = /(?<!\d)(?:\d{9}|\d{3}([ .-])\d{3}\1\d{3}|\d{4}([ .-])\d{2}\2\d{3})(?!\d)/g;
const EIGHT = /(?<!\d)\d{8}(?!\d)/g;

/** The 11-proof of a BSN: digits weighed 9, 8 … 2, −1; all zeros do not count. */
export const passesElevenProof = (digits: string): boolean => {
  if (!/^\d{9}$/.test(digits) || /^0+$/.test(digits)) return false;
  const sum = [...digits].reduce((total, digit, i) => total + Number(digit) * (i === 8 ? -1 : 9 - i), 0);
  return sum % 11 === 0;
};

const isBsn = (text: string): boolean => passesElevenProof(text.replace(/\D/g, '').padStart(9, '0'));

/** Nine digits, grouped or not, or eight in a row: without them no number in a cell is looked at any closer. */
const MAY_HOLD = /\d{8}|\d{3}[ .-]\d{3}[ .-]\d{3}|\d{4}[ .-]\d\d[ .-]\d{3}/;

/** Digits as a reader sees them: full width made plain, invisible letters gone, every blank a blank. */
const seenIn = (cell: string): string =>
  /^[ -~]*$/.test(cell)
    ? cell
    : cell
        .normalize('NFKC')
        .replace(/\p{Cf}/gu, '')
        .replace(/\s/g, ' ');

/** The cell with every BSN in it replaced by asterisks; the same text when there is none. */
export const maskBsn = (cell: string, field: 'name' | 'phone' | 'other' = 'other'): string => {
  if (cell.length < 8) return cell;
  const seen = seenIn(cell);
  if (!MAY_HOLD.test(seen)) return cell;
  const mask = (found: string): string => (isBsn(found) ? '*'.repeat(9) : found);
  const nine = seen.replace(NINE, mask);
  const mayBePhone = (field === 'phone' ? /^\s*'?[+06]/ : /^\s*'?(?:\+|00)/).test(cell);
  if (nine !== seen && mayBePhone && parsePhone(cellText(cell)) !== undefined) return cell;
  const masked = field === 'name' ? nine.replace(EIGHT, mask) : nine;
  return masked === seen ? cell : masked;
};
