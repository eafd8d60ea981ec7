import type { Agreement, Comparison, Field } from '../matching/comparison.ts';
import type { Levels } from '../matching/model.ts';

/** Evidence of a link between persons, in Dutch and without a value of either (R-MAT-3). */
export const FIELD_WORDS: Readonly<Record<Field, string>> = {
  surname: 'achternaam',
  givenNames: 'voornamen',
  dateOfBirth: 'geboortedatum',
  phone: 'telefoon',
  email: 'e-mail',
  address: 'adres',
};

const LEVEL_WORDS: { readonly [F in Field]: Readonly<Record<Levels[F][number], string>> } = {
  surname: {
    EXACT: 'gelijk',
    OTHER_PREFIX: 'ander tussenvoegsel',
    SHARED: 'deel gelijk (naam van partner)',
    SPELLING: 'andere spelling',
    TYPO: 'typfout',
    SWAPPED: 'verwisseld met voornaam',
    DIFFERENT: 'anders',
  },
  givenNames: {
    EXACT: 'gelijk',
    TYPO: 'typfout',
    INITIALS: 'voorletters gelijk',
    INITIAL: 'eerste voorletter gelijk',
    REORDERED: 'andere volgorde',
    PARTLY: 'deels gelijk',
    SWAPPED: 'verwisseld met achternaam',
    DIFFERENT: 'anders',
  },
  dateOfBirth: {
    EXACT: 'gelijk',
    SWAPPED_DAY_MONTH: 'dag en maand verwisseld',
    TYPO: 'typfout',
    PLACEHOLDER: 'alleen het jaar ingevuld',
    TWO_PARTS: 'twee van dag, maand en jaar gelijk',
    DIFFERENT: 'anders',
  },
  phone: { EXACT: 'gelijk', TYPO: 'typfout', DIFFERENT: 'anders' },
  email: { EXACT: 'gelijk', SAME_NAME: 'zelfde naam, andere aanbieder', TYPO: 'typfout', DIFFERENT: 'anders' },
  address: {
    EXACT: 'gelijk',
    NEARLY: 'bijna gelijk',
    OTHER_ADDITION: 'andere toevoeging',
    STREET: 'zelfde straat',
    CITY: 'zelfde plaats',
    DIFFERENT: 'anders',
  },
};

/** `typfout`; `onbekend` when one of the two does not have it. */
export const levelWords = ({ field, level }: Pick<Agreement, 'field' | 'level'>): string =>
  level === 'MISSING' ? 'onbekend' : ((LEVEL_WORDS[field] as Readonly<Record<string, string>>)[level] ?? level);

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
  const says = comparison.decision === 'SAME' ? 'zeker' : 'mogelijk';
  return `${fields.join(', ')}; ${says} ${certaintyWords(comparison)} (${comparison.model})`;
};
