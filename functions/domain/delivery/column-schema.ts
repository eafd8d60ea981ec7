import { type IsoDate, IsoDate as IsoDateSchema } from '../ids.ts';
import { addDays } from '../term/calendar.ts';
import {
  DELIVERY_COLUMNS,
  type DeliveryColumn,
  deliveryContract,
  MAX_LENGTH,
  MAX_LENGTH_ELSEWHERE,
  STEP_COLUMNS,
} from './columns.ts';
import { csvRow } from './csv.ts';
import { COLLECTION_PHASES, SIGNAL_KINDS, WITHDRAWAL_REASONS } from './delivery.ts';

/**
 * The columns of a delivery as a machine reads them: JSON Schema 2020-12 of one row, and a file to start from. Derived
 * from what the reader itself goes by (`columns.ts`, the lists of `delivery.ts`). It tells the forms to write; the reader
 * takes more of them.
 */
const YES_NO = ['j', 'n'] as const;
const [DAY, MONTH, YEAR] = ['(?:0[1-9]|[12]\\d|3[01])', '(?:0[1-9]|1[0-2])', '(?:1[89]|2[01])\\d{2}'];
const WRITTEN_DATE = `${DAY}-${MONTH}-${YEAR}|${YEAR}-${MONTH}-${DAY}|${YEAR}${MONTH}${DAY}`;
const DATE = `^(?:${WRITTEN_DATE})$`;
const ADDITION = '[\\p{L}\\p{N}][\\p{L}\\p{N} ./-]{0,11}';
/** Behind a house number: a letter, with an addition or not, or an addition alone. */
const SUFFIX = `\\p{L}(?!\\p{L})[ -]*(?:${ADDITION})?|(?!\\p{L}(?!\\p{L}))${ADDITION}`;
/** What Excel makes of `12-1`. */
const EXCEL_DATE = '(?:\\d{1,2}-\\d{1,2}-\\d{4}|\\d{4}-\\d{2}-\\d{2})$';

interface Told {
  readonly description: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** A value to show; a day is given as so many days before the day of delivery. */
  readonly example?: string | { readonly daysAgo: number };
}

const STEP = (step: string, daysAgo?: number): Told => ({
  description: `Stap van sociale incasso: ${step}. De datum, of j. Niet nodig als sociale_incasso j is.`,
  pattern: `^(?:[${YES_NO.join('')}]|${WRITTEN_DATE})$`,
  example: daysAgo === undefined ? 'j' : { daysAgo },
});

const TOLD: Readonly<Record<DeliveryColumn, Told>> = {
  partner: {
    description: 'De partner van wie de achterstand is. Alleen nodig als u voor meer dan één partner aanlevert.',
    pattern: '^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$',
  },
  referentie: { description: 'Uw eigen kenmerk van de achterstand. Elke maand hetzelfde.', example: 'VB-1001' },
  klantnummer: { description: 'Uw nummer van de klant of het contract. Nooit een BSN.', example: 'K1001' },
  voorletters: { description: 'Voorletters.', example: 'M.' },
  tussenvoegsel: { description: 'Tussenvoegsel, zoals van der.', example: 'de' },
  achternaam: { description: 'Achternaam, met accenten.', example: 'Voorbeeld' },
  geboortedatum: { description: 'Geboortedatum. Gewenst, niet verplicht.', pattern: DATE, example: '12-05-1979' },
  straat: { description: 'Straat.', example: 'Grote Houtstraat' },
  huisnummer: {
    description: 'Huisnummer van 1 tot 99999. Letter en toevoeging mogen erachter staan: 12-A, 12 a, 3 hs.',
    pattern: `^(?!0+(?!\\d)|${EXCEL_DATE})\\d{1,5}(?!\\d)(?: ?[-/ ]? ?(?:${SUFFIX}))?$`,
    example: '12',
  },
  huisletter: { description: 'Huisletter.', pattern: '^\\p{L}$', example: 'A' },
  toevoeging: { description: 'Huisnummertoevoeging.', pattern: `^(?!${EXCEL_DATE})${ADDITION}$` },
  postcode: {
    description: 'Postcode van het adres waar de inwoner staat ingeschreven; geen postbus.',
    pattern: '^[1-9]\\d{3} ?[A-Za-z]{2}$',
    example: '2011 SN',
  },
  woonplaats: { description: 'Woonplaats.', example: 'Haarlem' },
  telefoon: { description: 'Telefoonnummer.', example: '06 12345678' },
  email: { description: 'E-mailadres.', example: 'm.voorbeeld@example.nl' },
  bedrag: {
    description: 'Bedrag van de hele achterstand in euro’s, meer dan 0 en minder dan een miljard.',
    pattern: '^(?=.*[1-9])(?:(?:\\d{1,3}(?:\\.\\d{3}){1,2}|\\d{1,9}),\\d{2}|\\d{1,9}(?:\\.\\d{2})?)$',
    example: '1.234,56',
  },
  vervaldatum: {
    description: 'Dag waarop de oudste open rekening betaald had moeten zijn.',
    pattern: DATE,
    example: { daysAgo: 60 },
  },
  fase: { description: `Fase van de incasso. Leeg is ${COLLECTION_PHASES[0]}.`, enum: COLLECTION_PHASES },
  signaalsoort: { description: `Soort signaal. Leeg is ${SIGNAL_KINDS[0]}.`, enum: SIGNAL_KINDS },
  datum_einde_levering: {
    description: 'Dag waarop de levering eindigt. Alleen bij signaalsoort eindelevering, en dan verplicht.',
    pattern: DATE,
  },
  sociale_incasso: { description: 'j: alle vier de stappen van sociale incasso zijn gezet.', enum: YES_NO },
  datum_herinnering: STEP('een schriftelijke herinnering', 50),
  datum_contactpoging: STEP('moeite gedaan voor persoonlijk contact', 40),
  gewezen_op_schuldhulp: STEP('gewezen op schuldhulp'),
  aangekondigd: STEP('verteld dat gegevens naar de gemeente gaan'),
  bezwaar: {
    description: 'n. Heeft de inwoner bezwaar gemaakt tegen melden (j), lever de regel dan niet aan.',
    enum: YES_NO,
    example: 'n',
  },
  gemeente: { description: 'Gemeente van het adres. Wij kijken dit na; de postcode beslist.', example: 'Haarlem' },
  actie: {
    description: 'melden (ook als het leeg is), of intrekken van wat u eerder meldde.',
    enum: ['melden', 'intrekken'],
  },
  reden: {
    description: 'Waarom u intrekt. Alleen bij actie intrekken, en dan verplicht.',
    enum: WITHDRAWAL_REASONS,
  },
};

const contract = deliveryContract(false);
/** Columns a header cannot be without, seen the columns that it has. */
const missingFrom = (present: readonly DeliveryColumn[]): readonly DeliveryColumn[] =>
  contract.missing((column) => present.includes(column));

/** What every row needs, whatever it says; a report needs `NEEDED_TO_REPORT` as well. */
const NEEDED = missingFrom(['actie']);
const NEEDED_TO_REPORT = missingFrom(['sociale_incasso']).filter((column) => !NEEDED.includes(column));

/** Whether a column must be there: always, only in some files, or not. */
export const neededOf = (column: DeliveryColumn): 'yes' | 'sometimes' | 'no' => {
  if ([...NEEDED, ...NEEDED_TO_REPORT].includes(column)) return 'yes';
  const steps: readonly DeliveryColumn[] = [...STEP_COLUMNS, 'sociale_incasso', 'partner'];
  return steps.includes(column) ? 'sometimes' : 'no';
};

const shown = (date: IsoDate): string => date.split('-').reverse().join('-');
const EXAMPLE_DAY = IsoDateSchema.parse('2026-04-01');
const exampleOf = ({ example }: Told, on: IsoDate): string | undefined =>
  typeof example === 'object' ? shown(addDays(on, -example.daysAgo)) : example;

const property = (column: DeliveryColumn) => {
  const told = TOLD[column];
  const example = exampleOf(told, EXAMPLE_DAY) ?? told.enum?.[0];
  return {
    type: 'string',
    description: told.description,
    maxLength: MAX_LENGTH[column] ?? MAX_LENGTH_ELSEWHERE,
    // A column that is not needed may stand empty.
    ...(told.enum ? { enum: neededOf(column) === 'yes' ? told.enum : ['', ...told.enum] } : {}),
    ...(told.pattern ? { pattern: neededOf(column) === 'yes' ? told.pattern : `^$|${told.pattern}` } : {}),
    ...(example === undefined ? {} : { examples: [example] }),
  };
};

const filled = (column: DeliveryColumn) => ({
  required: [column],
  properties: { [column]: { minLength: 1 } },
});
const is = (column: DeliveryColumn, value: string) => ({
  required: [column],
  properties: { [column]: { const: value } },
});

/** JSON Schema of one row of a delivery: an object with a text per column. */
export const deliverySchema = () => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:meldpunt:levering:1',
  title: 'Regel van een levering aan het Meldpunt Vroegsignalering',
  description:
    'Een regel van het bestand (CSV of .xlsx), met een tekst per kolom. Volgorde van de kolommen, hoofdletters, spaties, _ en - in de namen maken niet uit.',
  type: 'object',
  properties: Object.fromEntries(DELIVERY_COLUMNS.map((column) => [column, property(column)])),
  additionalProperties: false,
  allOf: NEEDED.map(filled),
  if: is('actie', 'intrekken'),
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: filled('reden'),
  else: {
    allOf: [
      ...NEEDED_TO_REPORT.map(filled),
      { anyOf: [is('sociale_incasso', 'j'), { allOf: STEP_COLUMNS.map(filled) }] },
      {
        if: is('signaalsoort', 'eindelevering'),
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: filled('datum_einde_levering'),
        else: { properties: { datum_einde_levering: { const: '' } } },
      },
    ],
  },
});

/** Columns of the template: all but those that only some deliveries have. */
const TEMPLATE_COLUMNS = DELIVERY_COLUMNS.filter((column) => column !== 'partner');

/** Two example rows: a report and a withdrawal, dated so that they would be taken on day `on`. */
const exampleRows = (on: IsoDate): readonly (readonly string[])[] => [
  TEMPLATE_COLUMNS.map((column) => exampleOf(TOLD[column], on) ?? ''),
  TEMPLATE_COLUMNS.map(
    (column) => ({ referentie: 'VB-0990', actie: 'intrekken', reden: 'betaald' })[column as string] ?? '',
  ),
];

/** A CSV to start from, with BOM so that Excel shows accents: the column names, with example rows when a day is given. */
export const deliveryTemplate = (examplesOn?: IsoDate): string =>
  `\uFEFF${[TEMPLATE_COLUMNS, ...(examplesOn === undefined ? [] : exampleRows(examplesOn))].map((row) => csvRow(row)).join('')}`;
