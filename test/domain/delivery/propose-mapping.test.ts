import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mappings } from '#domain/agreement/check-mapping.ts';
import type { DeliveryColumn } from '#domain/delivery/columns.ts';
import { ColumnMapping } from '#domain/delivery/mapping.ts';
import { type Answers, type Proposal, proposeMapping } from '#domain/delivery/propose-mapping.ts';
import { examine } from '#domain/delivery/reading.ts';
import { IsoDate } from '#domain/ids.ts';
import { againstRules } from '#infra/cli/assumed.ts';
import { sha256 } from '#infra/cli/own-file.ts';
import { configuration } from '../../support/configuration.ts';

const ON = IsoDate.parse('2026-04-01');

const fileOf = (text: string) => {
  const bytes = new TextEncoder().encode(text);
  const once = async function* () {
    yield bytes;
  };
  return { sizeBytes: bytes.length, bytes: async () => once() };
};
const csv = (lines: readonly string[], delimiter = ';'): string =>
  lines.map((line) => line.replaceAll('|', delimiter)).join('\r\n');

const propose = async (text: string, answers?: Answers): Promise<Proposal> => {
  const proposed = await proposeMapping(fileOf(text), answers);
  if (!proposed.ok) throw new Error(proposed.error.code);
  return proposed.value;
};

/** How many rows a delivery would take with it. */
const taken = async (text: string, mapping: ColumnMapping): Promise<number | string> => {
  const { context } = await againstRules({ mapping: ColumnMapping.parse(mapping) }, ON);
  const nothing = { begin: () => undefined, rows: () => undefined };
  const examined = await examine(fileOf(text), context, sha256, nothing);
  if (examined.verdict === 'REFUSED') return examined.rejection.code;
  const { read, refused, duplicates } = examined.findings.whole;
  return read - refused - duplicates;
};

/** What loading the configuration would say of it. */
const problemsOf = (mapping: ColumnMapping) =>
  mappings({
    ...configuration,
    deliveringParties: configuration.deliveringParties.map((party) => ({
      ...party,
      mapping: ColumnMapping.parse(mapping),
    })),
  });

const understood = ({ columns }: Proposal): Readonly<Record<string, string>> =>
  Object.fromEntries(columns.flatMap(({ header, column }) => (column ? [[column, header]] : [])));
const unread = ({ columns }: Proposal): readonly string[] =>
  columns.flatMap(({ header, column }) => (column ? [] : [header]));

interface Layout {
  readonly lines: readonly string[];
  readonly delimiter?: string;
  readonly answers?: Answers;
  readonly columns: Partial<Record<DeliveryColumn, string>>;
  readonly unread?: readonly string[];
  readonly dates?: string;
  readonly amounts?: string;
  /** Rows a delivery takes. */
  readonly taken: number;
}

/** Invented, each in the manner of a system: nobody lives in them. */
const LAYOUTS: Readonly<Record<string, Layout>> = {
  'a housing system with short names and slashes in dates': {
    lines: [
      'Contractnr|Debiteurnr|Huurder|Voorl.|Tussenv.|Geb.dat.|Straat|Hnr|Toev.|Pc|Plaats|Tel.nr|E-mail|Openstaand|Oudste vervaldag|Herinnering 1|Huisbezoek|Gewezen op hulp|Aankondiging gemeente|Bezwaar|Opm.',
      'C1001|D51|Jansen|P.||12/05/1979|Houtstraat|12||2011 SN|Haarlem|0612345678|p@example.nl|1.234,56|15/01/2026|20/01/2026|25/01/2026|ja|ja|nee|belt niet',
      'C1002|D52|Vries|A.|de|03/11/1990|Zijlweg|45|B|2013 DC|Haarlem|0235555555||812,00|01/02/2026|10/02/2026|20/02/2026|ja|ja|nee|',
    ],
    columns: {
      referentie: 'Contractnr',
      klantnummer: 'Debiteurnr',
      achternaam: 'Huurder',
      voorletters: 'Voorl.',
      tussenvoegsel: 'Tussenv.',
      geboortedatum: 'Geb.dat.',
      straat: 'Straat',
      huisnummer: 'Hnr',
      toevoeging: 'Toev.',
      postcode: 'Pc',
      woonplaats: 'Plaats',
      telefoon: 'Tel.nr',
      email: 'E-mail',
      bedrag: 'Openstaand',
      vervaldatum: 'Oudste vervaldag',
      datum_herinnering: 'Herinnering 1',
      datum_contactpoging: 'Huisbezoek',
      gewezen_op_schuldhulp: 'Gewezen op hulp',
      aangekondigd: 'Aankondiging gemeente',
      bezwaar: 'Bezwaar',
    },
    unread: ['Opm.'],
    dates: 'dd-mm-jjjj',
    taken: 2,
  },
  'a database export: underscores, dates without signs, amounts in cents': {
    lines: [
      'HUURDERNUMMER,DOSSIERNR,ACHTERNAAM,HUISNR,POSTCODE,ACHTERSTAND_CENTEN,DATUM_OUDSTE_POST,SOCIALE_INCASSO,BEZWAAR_JN',
      '5001,2026-1,Jansen,12,2011SN,123456,20260115,1,0',
      '5002,2026-2,Vries,45,2013DC,81200,20260201,1,0',
    ],
    delimiter: ',',
    columns: {
      klantnummer: 'HUURDERNUMMER',
      referentie: 'DOSSIERNR',
      achternaam: 'ACHTERNAAM',
      huisnummer: 'HUISNR',
      postcode: 'POSTCODE',
      bedrag: 'ACHTERSTAND_CENTEN',
      vervaldatum: 'DATUM_OUDSTE_POST',
      sociale_incasso: 'SOCIALE_INCASSO',
      bezwaar: 'BEZWAAR_JN',
    },
    amounts: 'centen',
    taken: 2,
  },
  'English amounts, and points in dates': {
    lines: [
      'Kenmerk|Naam|Huisnummer|Postcode|Huurachterstand|Achterstand sinds|Aanmaning 1|Telefonisch contact|Schuldhulp|Vooraankondiging|Opt-out',
      'K-1|Jansen|12a|2011 SN|1,234.56|15.01.2026|20.01.2026|25.01.2026|x|x|nee',
      'K-2|Vries|45|2013 DC|812.00|01.02.2026|10.02.2026|20.02.2026|x|x|nee',
    ],
    columns: {
      referentie: 'Kenmerk',
      achternaam: 'Naam',
      huisnummer: 'Huisnummer',
      postcode: 'Postcode',
      bedrag: 'Huurachterstand',
      vervaldatum: 'Achterstand sinds',
      datum_herinnering: 'Aanmaning 1',
      datum_contactpoging: 'Telefonisch contact',
      gewezen_op_schuldhulp: 'Schuldhulp',
      aangekondigd: 'Vooraankondiging',
      bezwaar: 'Opt-out',
    },
    dates: 'dd-mm-jjjj',
    amounts: 'punt',
    taken: 2,
  },
  'American dates': {
    lines: [
      'Zaaknr|Naam huurder|Hsnr|Pcode|Saldo|Vervaldatum|Sociale incasso|Bezwaar',
      'Z1|Jansen|12|2011 SN|99,95|01/25/2026|j|n',
      'Z2|Vries|45|2013 DC|812,00|02/01/2026|j|n',
    ],
    columns: {
      referentie: 'Zaaknr',
      achternaam: 'Naam huurder',
      huisnummer: 'Hsnr',
      postcode: 'Pcode',
      bedrag: 'Saldo',
      vervaldatum: 'Vervaldatum',
      sociale_incasso: 'Sociale incasso',
      bezwaar: 'Bezwaar',
    },
    dates: 'mm-dd-jjjj',
    taken: 2,
  },
  'day, month and year run together': {
    lines: [
      'Ref|Familienaam|Huisnr|PC|Bedrag|Vervdat|Geboortedat|Sociale incasso|Bezwaar AVG',
      'R1|Jansen|12|2011 SN|99,95|15012026|12051979|ja|nee',
      'R2|Vries|45|2013 DC|812,00|01022026|03111990|ja|nee',
    ],
    columns: {
      referentie: 'Ref',
      achternaam: 'Familienaam',
      huisnummer: 'Huisnr',
      postcode: 'PC',
      bedrag: 'Bedrag',
      vervaldatum: 'Vervdat',
      geboortedatum: 'Geboortedat',
      sociale_incasso: 'Sociale incasso',
      bezwaar: 'Bezwaar AVG',
    },
    dates: 'ddmmjjjj',
    taken: 2,
  },
  'words of a collection agency, and what it knows of the phase': {
    lines: [
      'Dossiernummer|Opdrachtgever|Debiteur|Huisnr.|Toevoeging|Postc.|Woonpl.|Hoofdsom|Verval|Incassofase|Datum 1e herinnering|Belpoging|Hulp aangeboden|Brief vroegsignalering|Bezwaar gemaakt',
      'I-1|jansen-vastgoed|Jansen|12||2011 SN|Haarlem|1.234,56|15-01-2026|Deurw.|20-01-2026|25-01-2026|true|true|false',
      'I-2|jansen-vastgoed|Vries|45|2|2013 DC|Haarlem|812,00|01-02-2026|Minnelijk|10-02-2026|20-02-2026|true|true|false',
    ],
    columns: {
      referentie: 'Dossiernummer',
      partner: 'Opdrachtgever',
      achternaam: 'Debiteur',
      huisnummer: 'Huisnr.',
      toevoeging: 'Toevoeging',
      postcode: 'Postc.',
      woonplaats: 'Woonpl.',
      bedrag: 'Hoofdsom',
      vervaldatum: 'Verval',
      fase: 'Incassofase',
      datum_herinnering: 'Datum 1e herinnering',
      datum_contactpoging: 'Belpoging',
      gewezen_op_schuldhulp: 'Hulp aangeboden',
      aangekondigd: 'Brief vroegsignalering',
      bezwaar: 'Bezwaar gemaakt',
    },
    taken: 2,
  },
  'our own names: nothing to map': {
    lines: [
      'referentie|achternaam|huisnummer|postcode|bedrag|vervaldatum|sociale_incasso|bezwaar',
      'A|Jansen|12|2011 SN|99,95|15-01-2026|j|n',
    ],
    columns: {
      referentie: 'referentie',
      achternaam: 'achternaam',
      huisnummer: 'huisnummer',
      postcode: 'postcode',
      bedrag: 'bedrag',
      vervaldatum: 'vervaldatum',
      sociale_incasso: 'sociale_incasso',
      bezwaar: 'bezwaar',
    },
    taken: 1,
  },
  'a customer number for want of a reference': {
    lines: [
      'Klantnr|Bewoner|Hnr|Pc|Totaal openstaand|Oudste post|Stappen gezet|Bezwaar',
      '70001|Jansen|12|2011 SN|99,95|15-01-2026|j|n',
      '70002|Vries|45|2013 DC|812,00|01-02-2026|j|n',
    ],
    columns: {
      referentie: 'Klantnr',
      achternaam: 'Bewoner',
      huisnummer: 'Hnr',
      postcode: 'Pc',
      bedrag: 'Totaal openstaand',
      vervaldatum: 'Oudste post',
      sociale_incasso: 'Stappen gezet',
      bezwaar: 'Bezwaar',
    },
    taken: 2,
  },
  'names that say nothing, known by the shape of what is in them': {
    lines: [
      'Kenmerk|Naam|Nr|Veld5|Veld6|Veld7|Achterstand|Vervaldatum|Sociale incasso|Bezwaar',
      'K1|Jansen|12|2011 SN|p@example.nl|0612345678|99,95|15-01-2026|j|n',
      'K2|Vries|45|2013 DC|a@example.nl|0612345679|812,00|01-02-2026|j|n',
      'K3|Smit|46|2013 DC|s@example.nl|0235555555|10,00|01-02-2026|j|n',
    ],
    columns: {
      referentie: 'Kenmerk',
      achternaam: 'Naam',
      huisnummer: 'Nr',
      postcode: 'Veld5',
      email: 'Veld6',
      telefoon: 'Veld7',
      bedrag: 'Achterstand',
      vervaldatum: 'Vervaldatum',
      sociale_incasso: 'Sociale incasso',
      bezwaar: 'Bezwaar',
    },
    taken: 3,
  },
  'tabs, and midnight behind every date of a database': {
    lines: [
      'dossier_id|achternaam|huisnummer|postcode|openstaand_saldo|vervaldatum|sociale_incasso|bezwaar|aangemaakt_op',
      '1001|Jansen|12|2011SN|1234.56|2026-01-15 00:00:00|1|0|2026-03-01 10:11:12',
      '1002|Vries|45|2013DC|812.00|2026-02-01 00:00:00|1|0|2026-03-01 10:11:12',
    ],
    delimiter: '\t',
    columns: {
      referentie: 'dossier_id',
      achternaam: 'achternaam',
      huisnummer: 'huisnummer',
      postcode: 'postcode',
      bedrag: 'openstaand_saldo',
      vervaldatum: 'vervaldatum',
      sociale_incasso: 'sociale_incasso',
      bezwaar: 'bezwaar',
    },
    unread: ['aangemaakt_op'],
    taken: 2,
  },
  'what the export lacks, said by who knows': {
    lines: [
      'Vorderingsnr|Relatienaam|Huisnr|Postcode|Restant|Datum achterstand|Bezwaar',
      'V1|Jansen|12|2011 SN|812|15-01-2026|',
      'V2|Vries|45|2013 DC|99|01-02-2026|',
    ],
    answers: {
      amounts: 'komma',
      fixed: [{ column: 'sociale_incasso', value: 'j' }],
      defaults: [{ column: 'bezwaar', value: 'n' }],
    },
    columns: {
      referentie: 'Vorderingsnr',
      achternaam: 'Relatienaam',
      huisnummer: 'Huisnr',
      postcode: 'Postcode',
      bedrag: 'Restant',
      vervaldatum: 'Datum achterstand',
      bezwaar: 'Bezwaar',
    },
    amounts: 'komma',
    taken: 2,
  },
  'a column somebody pointed at, and one that must be left alone': {
    lines: [
      'Nummer|Naam|Huisnr|Postcode|Huur|Schuld|Vervaldatum|Sociale incasso|Bezwaar|Partner',
      'N1|Jansen|12|2011 SN|700,00|1.400,00|15-01-2026|j|n|Klaas de Boer',
      'N2|Vries|45|2013 DC|650,00|650,00|01-02-2026|j|n|',
    ],
    answers: {
      columns: [
        { header: 'Nummer', column: 'referentie' },
        { header: 'Partner', column: null },
      ],
    },
    columns: {
      referentie: 'Nummer',
      achternaam: 'Naam',
      huisnummer: 'Huisnr',
      postcode: 'Postcode',
      bedrag: 'Schuld',
      vervaldatum: 'Vervaldatum',
      sociale_incasso: 'Sociale incasso',
      bezwaar: 'Bezwaar',
    },
    unread: ['Huur', 'Partner'],
    taken: 2,
  },
};

describe('a mapping is proposed for', () => {
  it.each(Object.entries(LAYOUTS))(
    '[R-DEL-1] %s',
    async (_, { lines, delimiter, answers, taken: rows, ...expected }) => {
      const text = csv(lines, delimiter);
      const proposal = await propose(text, answers);
      expect(understood(proposal)).toEqual(expected.columns);
      expect(unread(proposal)).toEqual(expected.unread ?? []);
      expect(proposal.mapping.dates).toBe(expected.dates);
      expect(proposal.mapping.amounts).toBe(expected.amounts);
      expect([proposal.missing, proposal.questions]).toEqual([[], []]);
      expect(proposal.ready).toBe(true);
      expect(await taken(text, proposal.mapping)).toBe(rows);
    },
  );
});

const START = 'Kenmerk|Naam|Huisnr|Postcode';
const END = 'Sociale incasso|Bezwaar';
const lines = (middle: string, ...rows: readonly string[]): string =>
  csv([`${START}|${middle}|${END}`, ...rows.map((row, i) => `K${i}|Jansen|12|2011 SN|${row}|j|n`)]);

describe('what can be read in two ways is asked', () => {
  it.each([
    ['dates of which no day is past 12', lines('Saldo|Vervaldatum', '9,95|01/02/2026', '8,00|03/04/2026'), '--datums'],
    [
      'amounts with three digits behind a point',
      lines('Saldo|Vervaldatum', '1.234|15-01-2026', '812.500|15-01-2026'),
      '--bedragen',
    ],
    [
      'whole numbers: euros or cents',
      lines('Saldo|Vervaldatum', '81200|15-01-2026', '99|15-01-2026'),
      '--bedragen centen',
    ],
    [
      'two columns that both are the amount',
      lines('Achterstand|Openstaand|Vervaldatum', '9,95|8,00|15-01-2026'),
      'Welke kolom is bedrag',
    ],
    ['years of two digits', lines('Saldo|Vervaldatum', '9,95|15-01-26'), 'twee cijfers'],
    [
      'dates in several ways',
      lines('Saldo|Vervaldatum', '9,95|25/01/2026', '9,95|01/25/2026'),
      'verschillende manieren',
    ],
    [
      'words of a phase nobody told us',
      lines(
        'Saldo|Vervaldatum|Incassofase',
        ...'minnelijk deurw. minnelijk Fase-7'.split(' ').map((fase) => `9,95|15-01-2026|${fase}`),
      ),
      'niet kennen',
    ],
    [
      'an objection column that is empty',
      csv([
        `${START}|Saldo|Vervaldatum|${END}`,
        'K1|Jansen|12|2011 SN|9,95|15-01-2026|j|',
        'K2|Smit|12|2011 SN|9,95|15-01-2026|j|n',
      ]),
      '--leeg bezwaar=n',
    ],
    [
      'a column without a name',
      csv([`${START}||Saldo|Vervaldatum|${END}`, 'K1|Jansen|12|2011 SN|x|9,95|15-01-2026|j|n']),
      'kolom 5',
    ],
    [
      'a BSN column',
      csv([`${START}|BSN|Saldo|Vervaldatum|${END}`, 'K1|Jansen|12|2011 SN||9,95|15-01-2026|j|n']),
      'burgerservicenummer',
    ],
  ])('[R-DEL-1] %s', async (_, text, question) => {
    const proposal = await propose(text);
    expect(proposal.questions.join('\n')).toContain(question);
    expect(proposal.ready).toBe(false);
  });

  it('a value that was fixed takes the place of the column', async () => {
    const text = lines('Saldo|Vervaldatum|Fase', '9,95|15-01-2026|7');
    const { mapping, columns } = await propose(text, { fixed: [{ column: 'fase', value: 'incasso' }] });
    expect(columns[6]).toMatchObject({ header: 'Fase', why: 'u gaf fase zelf een waarde' });
    expect(mapping.columns).toContainEqual({ header: 'Fase', column: null });
    expect(problemsOf(mapping)).toEqual([]);
    expect(await taken(text, mapping)).toBe(1);
  });

  it.each([
    [1, 'Kolom ‘Bezwaar’ is leeg in 1 regel. Betekent leeg: geen bezwaar?'],
    [2, 'Kolom ‘Bezwaar’ is leeg in 2 regels. Betekent leeg: geen bezwaar?'],
  ])('counts %i empty cells as a person would', async (count, question) => {
    const empty = Array.from({ length: count }, (_, i) => `E${i}|Jansen|12|2011 SN|9,95|15-01-2026|j|`);
    const { questions } = await propose(
      csv([`${START}|Saldo|Vervaldatum|${END}`, 'K|Jansen|12|2011 SN|9,95|15-01-2026|j|n', ...empty]),
    );
    expect(questions).toEqual([`${question} Zeg dat dan met --leeg bezwaar=n.`]);
  });

  it('[R-DEL-1] an address in one cell cannot be mapped, and is named', async () => {
    const text = csv([
      'Kenmerk|Naam|Adres|Postcode|Saldo|Vervaldatum',
      'K1|Jansen|Houtstraat 12|2011 SN|9,95|15-01-2026',
    ]);
    const { missing, questions } = await propose(text);
    expect(missing.map(({ column }) => column)).toContain('huisnummer');
    expect(questions.join()).toContain('‘Adres’');
  });

  it('[R-DEL-2][R-DEL-3] steps and objection are never made up', async () => {
    const { missing, mapping } = await propose(
      csv([`${START}|Saldo|Vervaldatum`, 'K1|Jansen|12|2011 SN|9,95|15-01-2026']),
    );
    expect(missing.map(({ column }) => column)).toEqual([
      'bezwaar',
      'datum_herinnering',
      'datum_contactpoging',
      'gewezen_op_schuldhulp',
      'aangekondigd',
    ]);
    expect([mapping.fixed, mapping.defaults]).toEqual([[], []]);
  });

  it('the monthly rent is not taken for the arrear', async () => {
    const { missing } = await propose(lines('Huur per maand|Vervaldatum', '700,00|15-01-2026'));
    expect(missing.map(({ column }) => column)).toEqual(['bedrag']);
  });
});

/** A file with these columns behind those that every file needs. */
const fileWith = (names: string, ...rows: readonly string[]): string =>
  csv([
    `${START}|Saldo|Vervaldatum|${names}`,
    ...rows.map((row, i) => `K${i}|Jansen|12|2011 SN|9,95|15-01-2026|${row}`),
  ]);
const NO_OBJECTION = { column: 'bezwaar', value: 'n' } as const;
const ALL_STEPS = { column: 'sociale_incasso', value: 'j' } as const;
const FOUR = 'Datum herinnering|Contactpoging|Schuldhulp|Aankondiging';

describe('[R-DEL-2][R-DEL-3] an objection or a step that a file tells of is never mapped away', () => {
  const both: Answers = { fixed: [NO_OBJECTION, ALL_STEPS] };
  const cases: readonly (readonly [string, string, Answers, string])[] = [
    ['a fixed objection, and a column of ours', fileWith('Bezwaar', 'Ja', 'nee'), both, '‘Bezwaar’ zegt het per regel'],
    ['one with another name', fileWith('Opt-out', 'x', ''), both, '‘Opt-out’ zegt het per regel'],
    ['one with accents and signs', fileWith('Bézwaar (J/N)?', 'Ja'), both, 'zegt het per regel'],
    ['one of which the values say nothing', fileWith('Bezwaar', '12-01-2026'), both, '‘Bezwaar’ zegt het per regel'],
    ['an empty one', fileWith('Bezwaar', ''), both, '‘Bezwaar’ zegt het per regel'],
    ['a name that is about it', fileWith('Datum bezwaar', '12-01-2026'), both, '‘Datum bezwaar’ zegt het per regel'],
    ['a name that usually is', fileWith('AVG', 'ja', 'nee'), both, '‘AVG’ zegt misschien per regel'],
    ['twice the same name', fileWith('Bezwaar|Bezwaar', 'j|n'), both, '‘Bezwaar’ zegt het per regel'],
    [
      'left out by who knows the file',
      fileWith('Bezwaar', 'Ja'),
      { ...both, columns: [{ header: 'Bezwaar', column: null }] },
      '‘Bezwaar’ zegt het per regel',
    ],
    [
      'read as something else',
      fileWith('Bezwaar', 'Ja'),
      { ...both, columns: [{ header: 'bezwaar', column: 'huisletter' }] },
      '‘Bezwaar’ zegt het per regel',
    ],
    [
      'two columns of objections',
      fileWith('Sociale incasso|Bezwaar|Opt-out', 'j|n|j'),
      {},
      'De kolommen ‘Bezwaar’ en ‘Opt-out’ gaan allebei over bezwaar.',
    ],
    [
      'an empty cell that means none, beside the day of an objection',
      fileWith('Sociale incasso|Bezwaar|Datum bezwaar', 'j||12-01-2026'),
      { defaults: [NO_OBJECTION] },
      'De kolommen ‘Bezwaar’ en ‘Datum bezwaar’ gaan allebei over bezwaar.',
    ],
    [
      'the day of an objection beside whether there is one',
      fileWith('Sociale incasso|Bezwaar|Datum bezwaar', 'j|n|12-01-2026'),
      {},
      'Staat er in ‘Bezwaar’ een j bij ieder die bezwaar heeft?',
    ],
    [
      'a name that says the opposite',
      fileWith('Sociale incasso|Toestemming', 'j|nee'),
      { columns: [{ header: 'Toestemming', column: 'bezwaar' }] },
      'het omgekeerde van bezwaar',
    ],
    [
      'a name that may say either',
      fileWith('Sociale incasso|AVG', 'j|nee'),
      {},
      'Betekent ja in kolom ‘AVG’ dat de inwoner bezwaar heeft?',
    ],
    [
      'a name that only holds the word',
      fileWith('Sociale incasso|Bezwaar van bewoner', 'j|nee'),
      {},
      'Zegt kolom ‘Bezwaar van bewoner’ wie bezwaar heeft?',
    ],
    [
      'words for objections that we do not know',
      fileWith('Sociale incasso|Opt-out', 'j|afgemeld', 'j|-'),
      {},
      'die wij voor bezwaar niet kennen, in 1 regel',
    ],
    [
      'all steps said, and a column of them',
      fileWith('Sociale incasso|Bezwaar', 'n|n'),
      { fixed: [ALL_STEPS] },
      'U gaf zelf een waarde voor sociale_incasso, maar kolom ‘Sociale incasso’ zegt het per regel.',
    ],
    [
      'all steps said, and a column of one',
      fileWith('Herinnering 1|Bezwaar', '|n'),
      { fixed: [ALL_STEPS] },
      'Ontbreekt een andere stap? Geef dan alleen die een vaste waarde.',
    ],
    [
      'an empty cell that means all steps, and a column of one',
      fileWith('Sociale incasso|Datum herinnering|Bezwaar', '||n'),
      { defaults: [ALL_STEPS] },
      '‘Datum herinnering’ zegt het per regel',
    ],
    [
      'a step said, and a column of it',
      fileWith(`${FOUR}|Bezwaar`, '|j|j|j|n'),
      { fixed: [{ column: 'datum_herinnering', value: 'j' }] },
      '‘Datum herinnering’ zegt het per regel',
    ],
    [
      'a step left out',
      fileWith(`${FOUR}|Bezwaar`, '|j|j|j|n'),
      {
        columns: [{ header: 'Datum herinnering', column: null }],
        fixed: [{ column: 'datum_herinnering', value: 'j' }],
      },
      '‘Datum herinnering’ zegt het per regel',
    ],
    [
      'a name that usually is a step',
      fileWith('Contact|Bezwaar', 'nee|n'),
      { fixed: [ALL_STEPS] },
      '‘Contact’ zegt misschien per regel',
    ],
    [
      'two columns of all steps',
      fileWith('Sociale incasso|Stappen gezet|Bezwaar', 'j|n|n'),
      {},
      'gaan allebei over sociale_incasso',
    ],
    [
      'steps in words of dates',
      fileWith('Stappen gezet|Bezwaar', '01-02-2026|n'),
      {},
      'Kolom ‘Stappen gezet’ gaat over sociale_incasso',
    ],
  ];
  it.each(cases)('%s', async (_, text, answers, question) => {
    const { ready, questions, mapping } = await propose(text, answers);
    expect(questions.join('\n')).toContain(question);
    expect(ready).toBe(false);
    // Also who does not look at the question cannot deliver the file with it.
    const left = mapping.columns.filter(({ column }) => column === null).map(({ header }) => header);
    expect(left.filter((header) => /bezwaar|opt-out|incasso|gezet|herinnering/i.test(header))).toEqual([]);
  });

  it('a default does not stand in for a column that is not there', async () => {
    const none = await propose(fileWith('Sociale incasso', 'j'), { defaults: [NO_OBJECTION] });
    expect([none.missing.map(({ column }) => column), none.ready]).toEqual([['bezwaar'], false]);
    expect(await taken(fileWith('Sociale incasso', 'j'), none.mapping)).toBe('HEADER_INCOMPLETE');
    const steps = await propose(fileWith('Bezwaar', 'n'), {
      defaults: (['datum_herinnering', 'datum_contactpoging', 'gewezen_op_schuldhulp', 'aangekondigd'] as const).map(
        (column) => ({ column, value: 'j' }),
      ),
    });
    expect(steps.missing).toHaveLength(4);
    const all = await propose(fileWith('Bezwaar', 'n'), { defaults: [ALL_STEPS] });
    expect(all.missing.map(({ column }) => column)).toEqual(['sociale_incasso']);
  });

  it('whatever columns and answers there are, no row is taken in which a column says an objection', async () => {
    const objection = [
      'Bezwaar',
      'Opt-out',
      'Bezwaar AVG',
      'Datum bezwaar',
      'BEZWAAR_JN',
      'Objection',
      'Bézwaar',
      'Bezwaren',
    ];
    const more = ['Sociale incasso', 'Herinnering 1', 'Contactpoging', 'Schuldhulp', 'Aankondiging', 'Actie', 'Brief'];
    const column = fc.constantFrom<DeliveryColumn>('bezwaar', 'sociale_incasso', 'actie', 'aangekondigd');
    const given = fc.array(fc.record({ column, value: fc.constantFrom('n', 'j', 'melden') }), { maxLength: 3 });
    const said = fc.record({
      header: fc.constantFrom('Bezwaar', 'Opt-out', 'BEZWAAR_JN', 'Sociale incasso'),
      column: fc.constantFrom<DeliveryColumn | null>(null, 'bezwaar', 'toevoeging', 'sociale_incasso'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...objection), { minLength: 1, maxLength: 2 }),
        fc.subarray(more),
        fc.constantFrom('ja', 'X', '1', 'true'),
        fc.record({ columns: fc.array(said, { maxLength: 2 }), fixed: given, defaults: given }),
        async (names, others, objects, answers) => {
          const cells = [
            ...others.map((name) => (name === 'Actie' ? '' : 'j')),
            ...names.map((_, i) => (i === 0 ? objects : 'n')),
          ];
          const text = fileWith([...others, ...names].join('|'), cells.join('|'));
          const { mapping, ready } = await propose(text, answers);
          if (problemsOf(mapping).length > 0) expect(ready).toBe(false);
          else
            expect([
              0,
              'HEADER_INCOMPLETE',
              'HEADER_GIVEN',
              'HEADER_DOUBLED',
              'HEADER_UNKNOWN_COLUMN',
              'HEADER_LOOKALIKE',
            ]).toContain(await taken(text, mapping));
        },
      ),
      { numRuns: 300 },
    );
  });

  const OURS = 'referentie|achternaam|huisnummer|postcode|bedrag|vervaldatum';
  const ours = (names: string, row: string): string =>
    csv([`${OURS}|${names}`, `K|Jansen|12|2011 SN|9,95|15-01-2026|${row}`]);
  const mappingWith = (over: Partial<ColumnMapping>): ColumnMapping => ColumnMapping.parse(over);
  it.each<readonly [string, string, Partial<ColumnMapping>, number | string]>([
    ['an empty cell', ours('sociale_incasso|bezwaar', 'j|'), { defaults: [NO_OBJECTION] }, 1],
    ['an objection', ours('sociale_incasso|bezwaar', 'j|ja'), { defaults: [NO_OBJECTION] }, 0],
    ['no column at all', ours('sociale_incasso', 'j'), { defaults: [NO_OBJECTION] }, 'HEADER_INCOMPLETE'],
    ['no column, where rows may withdraw', ours('sociale_incasso|actie', 'j|'), { defaults: [NO_OBJECTION] }, 0],
    ['no column of steps, where rows may withdraw', ours('bezwaar|actie', 'n|'), { defaults: [ALL_STEPS] }, 0],
    [
      'a fixed value for a column that is there',
      ours('sociale_incasso|bezwaar', 'j|j'),
      { fixed: [NO_OBJECTION] },
      'HEADER_GIVEN',
    ],
    [
      'all steps said, and a step not taken',
      ours('bezwaar|aangekondigd', 'n|'),
      { fixed: [ALL_STEPS] },
      'HEADER_GIVEN',
    ],
    [
      'nothing said of objections, because every row reports',
      ours('sociale_incasso', 'j'),
      { fixed: [{ column: 'actie', value: 'melden' }] },
      'HEADER_INCOMPLETE',
    ],
  ])('the reader, of %s', async (_, text, over, expected) => {
    expect(await taken(text, mappingWith(over))).toBe(expected);
  });
});

describe('privacy', () => {
  it('[R-PRI-3] a file without a header is refused, and its first row repeated nowhere', async () => {
    const proposed = await proposeMapping(fileOf('K1;Jansen;12;2011 SN;p@example.nl;9,95;15-01-2026\n'));
    expect(proposed).toEqual({ ok: false, error: { code: 'HEADER_MISSING' } });
  });

  it('[R-PRI-3] answers shapes, never values', async () => {
    const text = lines('Saldo|Vervaldatum|Opmerking', '1234,56|15-01-2026|geheim-xyz 4711');
    const proposal = await propose(text);
    expect(JSON.stringify(proposal)).not.toMatch(/Jansen|2011|1234|geheim|xyz|4711|15-01/);
    expect(proposal.columns.find(({ header }) => header === 'Opmerking')?.shapes).toEqual(['aa-aa 9999']);
  });

  it('a name that is too long to be one, and more columns than there are, are asked about', async () => {
    const long = await propose(fileWith(`Sociale incasso|Bezwaar|${'x'.repeat(121)}`, 'j|n|1'));
    expect([long.ready, long.questions.join()]).toEqual([false, expect.stringContaining('kolom 9')]);
    const names = (count: number) => Array.from({ length: count }, (_, i) => `Veld ${i}`).join('|');
    // All 256, but for the four that have a name of ours.
    expect((await propose(fileWith(`${END}|${names(248)}`, 'j|n'))).mapping.columns).toHaveLength(252);
    expect((await propose(fileWith(`${END}|${names(249)}`, 'j|n'))).ready).toBe(false);
  });

  const NAMES = [
    'x'.repeat(130),
    ...[
      'Naam',
      'Pc',
      'Saldo',
      'Bezwaar',
      'bezwaar',
      'Opt-out',
      'Datum bezwaar',
      'Toestemming',
      'AVG',
      'Vervaldag',
      'BSN',
    ],
    ...[
      'Sociale incasso',
      'Stappen gezet',
      'Herinnering 1',
      'Contact',
      'Schuldhulp',
      'Fase',
      'Actie',
      'Reden',
      'Soort',
    ],
    ...['Kenmerk', 'Hnr', 'Opdrachtgever', 'Gemeente', '__proto__', 'constructor', 'regel', 'code', ''],
  ];
  const CELLS = [
    ...['', 'j', 'nee', 'x', '0', '1.234', '01/02/2026', '12-12-26', '2011 SN', "'=1", '€ 12,-', '#N/B', 'incasso'],
    ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'bezwaar', 'ja, op 12-1', '\u200B', '\uD800'],
  ];
  it('whatever the file holds, it answers, with a mapping that can be stored', async () => {
    const name = fc.oneof(fc.constantFrom(...NAMES), fc.string());
    const cell = fc.oneof(fc.constantFrom(...CELLS), fc.string());
    await fc.assert(
      fc.asyncProperty(
        fc.array(name, { minLength: 1, maxLength: 8 }),
        fc.array(fc.array(cell, { maxLength: 9 }), { maxLength: 6 }),
        async (header, rows) => {
          const quoted = (cells: readonly string[]) => cells.map((each) => `"${each.replaceAll('"', '""')}"`).join(';');
          const proposed = await proposeMapping(fileOf([header, ...rows].map(quoted).join('\n')));
          if (proposed.ok) expect(problemsOf(proposed.value.mapping)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
