import type { Agreement, Comparison, Field } from '../matching/comparison.ts';

/** Evidence of a link between persons, in Dutch and without a value of either (R-MAT-3). */
export const FIELD_WORDS: Readonly<Record<Field, string>> = {
  surname: 'achternaam',
  givenNames: 'voornamen',
  dateOfBirth: 'geboortedatum',
  phone: 'telefoon',
  email: 'e-mail',
  address: 'adres',
};

/** Levels of the model by field, where a level does not say the same of each. A test holds them against the model. */
const LEVEL_WORDS: Readonly<Record<string, string>> = {
  MISSING: 'onbekend',
  EXACT: 'gelijk',
  DIFFERENT: 'anders',
  TYPO: 'typfout',
  SIMILAR: 'lijkt erop',
  OTHER_PREFIX: 'ander tussenvoegsel',
  SHARED: 'deel gelijk (naam van partner)',
  SPELLING: 'andere spelling',
  'surname SWAPPED': 'verwisseld met voornaam',
  'givenNames SWAPPED': 'verwisseld met achternaam',
  INITIALS: 'voorletters gelijk',
  INITIAL: 'eerste voorletter gelijk',
  REORDERED: 'andere volgorde',
  PARTLY: 'deels gelijk',
  SWAPPED_DAY_MONTH: 'dag en maand verwisseld',
  PLACEHOLDER: 'alleen het jaar ingevuld',
  TWO_PARTS: 'twee van dag, maand en jaar gelijk',
  YEAR: 'zelfde jaar',
  OTHER_DECADE: 'ander decennium',
  SAME_NAME: 'zelfde naam, andere aanbieder',
  NEARLY: 'bijna gelijk',
  OTHER_ADDITION: 'andere toevoeging',
  STREET: 'zelfde straat',
  CITY: 'zelfde plaats',
};

/** `typfout`; `onbekend` when one of the two does not have it. */
export const levelWords = ({ field, level }: Pick<Agreement, 'field' | 'level'>): string =>
  LEVEL_WORDS[`${field} ${level}`] ?? LEVEL_WORDS[level] ?? level;

/** `zeker 99,9 %`, never more certain than a model can be. */
export const certaintyWords = ({ probability }: Pick<Comparison, 'probability'>): string => {
  const tenths = Math.min(999, Math.floor(probability * 1000));
  return `${Math.floor(tenths / 10)},${tenths % 10} %`;
};

/** `achternaam gelijk, geboortedatum dag en maand verwisseld; zeker 99,9 % (persoon 1)`: what is known of both, no value. */
export const evidenceWords = (comparison: Comparison): string => {
  const fields = comparison.agreements
    .filter(({ level }) => level !== 'MISSING')
    .map((agreement) => `${FIELD_WORDS[agreement.field]} ${levelWords(agreement)}`);
  const says =
    comparison.decision === 'DIFFERENT'
      ? 'niet dezelfde persoon'
      : `${comparison.decision === 'SAME' ? 'zeker' : 'mogelijk'} ${certaintyWords(comparison)}`;
  return `${fields.join(', ')}; ${says} (${comparison.model})`;
};
