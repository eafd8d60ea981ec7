import anyAscii from 'any-ascii';
import type { IsoDate, MunicipalityCode } from '../ids.ts';
import { knownMunicipalities, municipalityChanges } from '../reference/reference.ts';

/** How a province is written behind a name: `Bergen (NH)`, `Beek L.`, `Laren Gld`. */
const PROVINCE_WORDS: Readonly<Record<string, readonly string[]>> = {
  Drenthe: ['dr', 'drenthe'],
  Flevoland: ['fl', 'flevoland'],
  Fryslân: ['fr', 'frl', 'friesland', 'fryslan'],
  Gelderland: ['gld', 'gelderland'],
  Groningen: ['gr', 'gn', 'groningen'],
  Limburg: ['l', 'lb', 'li', 'limb', 'limburg'],
  'Noord-Brabant': ['nb', 'nbr', 'noordbrabant', 'brabant'],
  'Noord-Holland': ['nh', 'noordholland'],
  Overijssel: ['o', 'ov', 'overijssel'],
  Utrecht: ['ut', 'utr', 'utrecht'],
  Zeeland: ['z', 'ze', 'zl', 'zeeland'],
  'Zuid-Holland': ['zh', 'zuidholland'],
};

/** One spelling of a name: without capitals, diacritics, blanks and signs, and abbreviations written out. */
const plainName = (text: string): string =>
  anyAscii(text.normalize('NFC'))
    .toLowerCase()
    .trim()
    .replace(/^(?:de )?(?:gemeente|gem|gmte)\b\.?|[ ,(]+(?:gemeente|gem)\b[.)]*$/g, '')
    .replace(/&|\+/g, ' en ')
    .replace(/\ba\s*[/.]\s*d\b\.?/g, 'aan den')
    .replace(/\bst\.?(?=[ -]|$)|\bst\./g, 'sint')
    .replace(/[^a-z0-9]/g, '');

/** As CBS tells two of one name apart: `Bergen (NH.)`. */
const withoutProvince = (name: string): string => name.replace(/ \([^)]*\)$/, '');

interface Meaning {
  readonly code: MunicipalityCode;
  /** The first day on which it means this one, when a reorganisation made it so. */
  readonly from?: string;
}

let byName: ReadonlyMap<string, readonly Meaning[]> | undefined;

const namesOf = (): ReadonlyMap<string, readonly Meaning[]> => {
  const names = new Map<string, Meaning[]>();
  const add = (name: string, meaning: Meaning): void => {
    const key = plainName(name);
    const known = names.get(key) ?? [];
    if (known.every(({ code }) => code !== meaning.code)) known.push(meaning);
    names.set(key, known);
  };
  for (const { code, name, otherNames, province } of knownMunicipalities()) {
    const short = withoutProvince(name);
    const number = String(Number(code));
    const inProvince = PROVINCE_WORDS[province]?.map((word) => `${short} ${word}`) ?? [];
    for (const text of [name, short, ...otherNames, ...inProvince, code, number, `GM${code}`, `GM${number}`])
      add(text, { code });
  }
  // A partner that still writes the name of before a merger is not wrong about the address.
  for (const { on, from, fromName, to } of municipalityChanges())
    for (const code of to)
      for (const text of [fromName, from, String(Number(from)), `GM${from}`, `GM${Number(from)}`])
        add(text, { code, from: on });
  return names;
};

/**
 * Municipalities that a text can mean on a day (without one: ever): CBS or BAG name, alias, name of before a merger, or CBS
 * code with or without `GM`; with or without `gemeente` and province, however it is spelled. Empty when it means none; more
 * than one for a name that two have (Bergen) or a municipality that was split.
 */
export const municipalityNamed = (text: string, on?: IsoDate): readonly MunicipalityCode[] => {
  byName ??= namesOf();
  return (byName.get(plainName(text)) ?? [])
    .filter(({ from }) => on === undefined || from === undefined || from <= on)
    .map(({ code }) => code);
};
