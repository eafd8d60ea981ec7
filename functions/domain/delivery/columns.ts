import { type ColumnContract, nameOf } from './dialect.ts';
import type { ColumnMapping } from './mapping.ts';

/** Columns of a delivery (DOMAIN section 12). */
export const DELIVERY_COLUMNS = [
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
  'datum_einde_levering',
  'sociale_incasso',
  'datum_herinnering',
  'datum_contactpoging',
  'gewezen_op_schuldhulp',
  'aangekondigd',
  'bezwaar',
  'gemeente',
  'actie',
  'reden',
] as const;
export type DeliveryColumn = (typeof DELIVERY_COLUMNS)[number];

/** The four steps of R-DEL-2, in the order in which a partner takes them. */
export const STEP_COLUMNS = [
  'datum_herinnering',
  'datum_contactpoging',
  'gewezen_op_schuldhulp',
  'aangekondigd',
] as const satisfies readonly DeliveryColumn[];

/** What the partner itself stands for in every row: the steps (R-DEL-2) and that nobody objected (R-DEL-3). */
export const ATTESTED_COLUMNS = [
  'sociale_incasso',
  ...STEP_COLUMNS,
  'bezwaar',
] as const satisfies readonly DeliveryColumn[];
export type AttestedColumn = (typeof ATTESTED_COLUMNS)[number];
export const isAttested = (column: DeliveryColumn | null): column is AttestedColumn =>
  (ATTESTED_COLUMNS as readonly (DeliveryColumn | null)[]).includes(column);

const NEEDED_TO_REPORT = [
  'achternaam',
  'postcode',
  'huisnummer',
  'bedrag',
  'vervaldatum',
  'bezwaar',
] as const satisfies readonly DeliveryColumn[];

/** Longest value a column may hold, in characters. */
export const MAX_LENGTH: Readonly<Partial<Record<DeliveryColumn, number>>> = {
  referentie: 64,
  klantnummer: 40,
  voorletters: 40,
  tussenvoegsel: 40,
  achternaam: 200,
  straat: 120,
  woonplaats: 80,
  telefoon: 40,
  email: 254,
  gemeente: 80,
};
export const MAX_LENGTH_ELSEWHERE = 60;
/** Of a column the party keeps for itself. */
export const MAX_LENGTH_IGNORED = 1_000;

/**
 * What a header must hold. A file with the column `actie` may withdraw only, and then needs the reference and no more;
 * its report rows are then checked cell by cell. With a mapping the party's own names count, and what it gives itself: of
 * every row in place of a column, and of an empty cell of a column that is there. Who says of the whole file that all
 * steps were taken has no columns that say it of one row: an empty cell would be taken for a step.
 */
export const deliveryContract = (partnerNeeded: boolean, mapping?: ColumnMapping): ColumnContract<DeliveryColumn> => {
  const fixed = new Map(mapping?.fixed.map(({ column, value }) => [column, value]));
  const defaults = new Set(mapping?.defaults.map(({ column }) => column));
  const saysAll = fixed.has('sociale_incasso') || defaults.has('sociale_incasso');
  return {
    columns: DELIVERY_COLUMNS,
    renamed: new Map(mapping?.columns.map(({ header, column }) => [nameOf(header), column])),
    given: new Set([...fixed.keys(), ...(saysAll ? STEP_COLUMNS : [])]),
    missing: (isThere) => {
      const mayWithdraw = isThere('actie') && fixed.get('actie')?.toLowerCase() !== 'melden';
      const steps = saysAll ? (['sociale_incasso'] as const) : STEP_COLUMNS;
      const needed: readonly DeliveryColumn[] = [
        ...(partnerNeeded && !defaults.has('partner') ? (['partner'] as const) : []),
        'referentie',
        ...(mayWithdraw ? [] : NEEDED_TO_REPORT),
        ...(mayWithdraw || isThere('sociale_incasso') ? [] : steps),
      ];
      return needed.filter((column) => !isThere(column));
    },
  };
};
