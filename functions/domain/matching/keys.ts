import anyAscii from 'any-ascii';
import type { Address, ReportRow } from '../delivery/delivery.ts';
import type { PartnerId } from '../ids.ts';

/**
 * What the keyed hashes are made of (R-MAT-5). The first part names the purpose, so that no hash of one kind can equal
 * one of another. Personal data: goes into `KeyedHash.digest` and nowhere else.
 */

/** Words of one meaning behind a house number, as people write them and as the register (BAG) does. */
const SAME_WORD: Readonly<Record<string, string>> = {
  HUIS: 'HS',
  BIS: 'BS',
  ZWART: 'ZW',
  ROOD: 'RD',
  BOVEN: 'BOV',
  BENEDEN: 'BEN',
};
const SAME_WORDS = Object.entries(SAME_WORD);
/** `II` can hardly be anything but the second floor; a single `I` or `V` may be the letter of a house. */
const ROMAN: Readonly<Record<string, string>> = { II: '2', III: '3', IV: '4' };
const SINGLE_ROMAN: Readonly<Record<string, string>> = { ...ROMAN, I: '1', V: '5' };
/** Says that what stands before it is a floor: `1hoog`, `2e hg`, `I-hoog`, `3e etage`. Without a floor it is a word. */
const FLOOR = /\b(\d+|I{1,3}|I?V) ?(?:(?:E|DE|STE) ?)?(?:HOOG|HG|ETAGE|VERD)\b/g;

/** `AHUIS` is `A` and `huis`, `BISA` is `bis` and `A`: one letter may touch a word, in front or behind. */
const wordOf = (letters: string): string => {
  for (const [word, short] of SAME_WORDS) {
    const at = letters.indexOf(word);
    if (at === 0 || at === 1) {
      const behind = letters.slice(at + word.length);
      if (behind.length <= 1) return `${letters.slice(0, at)}${short}${behind}`;
    }
  }
  return ROMAN[letters] ?? letters;
};

/**
 * What stands behind a house number, one spelling for all ways to write it; '' when nothing does. Letter and addition
 * count together, since one partner writes `12-A` as letter and another as addition. Signs, case and leading zeros do not
 * count, but `1-2` is not `12`. In doubt two doors (R-MAT-4): `H` is not `huis`, `1E` not the first floor, `0` not nothing.
 */
export const doorOf = (houseLetter = '', addition = ''): string => {
  if (houseLetter === '' && addition === '') return '';
  const text = anyAscii(`${houseLetter} ${addition}`)
    .toUpperCase()
    .replace(/[^A-Z0-9]+|(?<=\d)(?=[A-Z])|(?<=[A-Z])(?=\d)/g, ' ')
    .replace(FLOOR, (_, floor: string) => SINGLE_ROMAN[floor] ?? floor);
  return (text.match(/[A-Z]+|\d+/g) ?? [])
    .map((part) => (/\d/.test(part) ? part.replace(/^0+(?=\d)/, '') : wordOf(part)))
    .join(' ')
    .replace(/(?<!\d) | (?!\d)/g, '');
};

/** One address = one household (R-MAT-1); another door behind the same number is another household (R-MAT-4). */
export const householdParts = ({ postcode, houseNumber, houseLetter, addition }: Address): readonly string[] => [
  'household',
  postcode,
  String(houseNumber),
  doorOf(houseLetter, addition),
];

/** The same arrear month after month: the partner and its own reference, to the letter. */
export const arrearParts = (partner: PartnerId, reference: string): readonly string[] => ['arrear', partner, reference];

/** Plain data as JSON with its keys sorted, so that the same content always gives the same text. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** What the partner said in a row, to tell a repeated row from a corrected one (R-DEL-7); not what we concluded from it. */
export const contentParts = ({ warnings: _, ...row }: ReportRow): readonly string[] => ['content', canonicalJson(row)];
