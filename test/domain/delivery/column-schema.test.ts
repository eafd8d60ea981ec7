import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliverySchema, deliveryTemplate, neededOf } from '#domain/delivery/column-schema.ts';
import { DELIVERY_COLUMNS, type DeliveryColumn } from '#domain/delivery/columns.ts';
import { examine, type JudgedRow } from '#domain/delivery/reading.ts';
import { cellText, parseAmount, parseHouseNumber, parsePostcode } from '#domain/delivery/values.ts';
import { IsoDate } from '#domain/ids.ts';
import { againstRules } from '#infra/cli/assumed.ts';
import { sha256 } from '#infra/cli/own-file.ts';

const ON = IsoDate.parse('2026-04-01');
type Row = Partial<Record<DeliveryColumn, string>>;

const judge = async (text: string): Promise<readonly JudgedRow[]> => {
  const { context } = await againstRules({ type: 'Energie' }, ON);
  const bytes = new TextEncoder().encode(text);
  const file = {
    sizeBytes: bytes.length,
    bytes: async () =>
      (async function* () {
        yield bytes;
      })(),
  };
  const rows: JudgedRow[] = [];
  const examined = await examine(file, context, sha256, {
    begin: () => undefined,
    rows: (batch) => void rows.push(...batch),
  });
  if (examined.verdict === 'REFUSED') throw new Error(examined.rejection.code);
  return rows;
};
const judgeRow = async (row: Row): Promise<string> => {
  const columns = Object.keys(row);
  const [judged] = await judge(`${columns.join(';')}\n${columns.map((c) => row[c as DeliveryColumn]).join(';')}\n`);
  return judged?.verdict === 'refused' ? judged.rejection.code : (judged?.verdict ?? 'nothing');
};

/** As much of JSON Schema as ours uses. */
interface Schema {
  readonly [keyword: string]: unknown;
}
const isValid = (schema: Schema, value: unknown): boolean => {
  const row = value as Readonly<Record<string, unknown>>;
  const every = (key: string, holds: (each: Schema) => boolean) => ((schema[key] ?? []) as Schema[]).every(holds);
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  if (typeof value === 'string') {
    if (schema.enum !== undefined && !(schema.enum as string[]).includes(value)) return false;
    if (schema.const !== undefined && schema.const !== value) return false;
    if (schema.pattern !== undefined && !new RegExp(schema.pattern as string, 'u').test(value)) return false;
    return value.length <= ((schema.maxLength as number) ?? 999) && value.length >= ((schema.minLength as number) ?? 0);
  }
  if (((schema.required ?? []) as string[]).some((name) => !(name in row))) return false;
  if (properties.some(([name, each]) => name in row && !isValid(each, row[name]))) return false;
  const known = properties.map(([name]) => name);
  if (schema.additionalProperties === false && Object.keys(row).some((name) => !known.includes(name))) return false;
  if (!every('allOf', (each) => isValid(each, row))) return false;
  if (schema.anyOf && !(schema.anyOf as Schema[]).some((each) => isValid(each, row))) return false;
  if (!schema.if) return true;
  const branch = isValid(schema.if as Schema, row) ? schema.then : schema.else;
  return branch === undefined || isValid(branch as Schema, row);
};

const schema = deliverySchema() as unknown as Schema;
const properties = schema.properties as Record<DeliveryColumn, Schema>;
const good: Row = {
  referentie: 'VB-1',
  achternaam: 'Voorbeeld',
  postcode: '2011 SN',
  huisnummer: '12',
  bedrag: '99,95',
  vervaldatum: '01-01-2026',
  bezwaar: 'n',
  sociale_incasso: 'j',
};
const without = (column: DeliveryColumn): Row =>
  Object.fromEntries(Object.entries(good).filter(([name]) => name !== column));

describe('the columns of a delivery as JSON Schema', () => {
  it('has every column, described, and says it is of 2020-12', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(Object.keys(properties)).toEqual([...DELIVERY_COLUMNS]);
    for (const column of DELIVERY_COLUMNS) {
      expect(properties[column]?.description, column).toMatch(/^[A-Zjmn].+\.$/);
      expect(properties[column]?.maxLength, column).toBeGreaterThan(0);
    }
  });

  it('lists the values of columns that have few', () => {
    expect(properties.fase.enum).toEqual(['', 'achterstand', 'incasso', 'deurwaarder']);
    expect(properties.signaalsoort.enum).toEqual(['', 'vroeg', 'geactualiseerd', 'eindelevering', 'ontruiming']);
    expect(properties.reden.enum).toEqual(['', 'betaald', 'fout', 'bezwaar']);
    expect(properties.actie.enum).toEqual(['', 'melden', 'intrekken']);
    expect(properties.bezwaar.enum).toEqual(['j', 'n']);
    expect(properties.sociale_incasso.enum).toEqual(['', 'j', 'n']);
    expect([properties.referentie.maxLength, properties.email.maxLength, properties.fase.maxLength]).toEqual([
      64, 254, 60,
    ]);
  });

  it('knows what must be there', () => {
    const needed = DELIVERY_COLUMNS.filter((column) => neededOf(column) === 'yes');
    expect(needed).toEqual(['referentie', 'achternaam', 'huisnummer', 'postcode', 'bedrag', 'vervaldatum', 'bezwaar']);
  });

  it('every example of it is read', async () => {
    for (const column of DELIVERY_COLUMNS) {
      const [example] = (properties[column]?.examples ?? []) as string[];
      if (example === undefined || ['actie', 'reden'].includes(column)) continue;
      const row = { ...good, [column]: example };
      expect(isValid(schema, row), column).toBe(true);
      expect(await judgeRow(row), column).toBe('good');
    }
  });

  const rows: readonly (readonly [string, Row])[] = [
    ['a plain row', good],
    [
      'steps with dates',
      {
        ...without('sociale_incasso'),
        datum_herinnering: '01-02-2026',
        datum_contactpoging: 'j',
        gewezen_op_schuldhulp: '20260210',
        aangekondigd: '2026-02-11',
      },
    ],
    [
      'a step missing',
      {
        ...without('sociale_incasso'),
        datum_herinnering: '01-02-2026',
        datum_contactpoging: 'j',
        gewezen_op_schuldhulp: 'j',
        aangekondigd: '',
      },
    ],
    ['end of supply', { ...good, signaalsoort: 'eindelevering', datum_einde_levering: '01-09-2026' }],
    ['end of supply without its day', { ...good, signaalsoort: 'eindelevering', datum_einde_levering: '' }],
    [
      'a day of end of supply with an early signal',
      { ...good, signaalsoort: 'vroeg', datum_einde_levering: '01-09-2026' },
    ],
    ['a withdrawal', { referentie: 'VB-1', actie: 'intrekken', reden: 'fout' }],
    ['a withdrawal without a reason', { referentie: 'VB-1', actie: 'intrekken', reden: '' }],
    ['a reason we do not know', { referentie: 'VB-1', actie: 'intrekken', reden: 'zomaar' }],
    ['no reference', { ...good, referentie: '' }],
    ['a postcode that is none', { ...good, postcode: '0011 SN' }],
    ['an amount that is none', { ...good, bedrag: 'veel' }],
    ['an amount that can be read in two ways', { ...good, bedrag: '1.234' }],
    ['a house number with a letter', { ...good, huisnummer: '12-A' }],
    ['a house number of six digits', { ...good, huisnummer: '123456' }],
    ['a phase we do not know', { ...good, fase: 'later' }],
    ['a date with slashes', { ...good, vervaldatum: '01/01/2026' }],
    ['a reference that is too long', { ...good, referentie: 'x'.repeat(65) }],
  ];
  it.each(rows)('agrees with the reader on %s', async (_, row) => {
    expect(isValid(schema, row)).toBe((await judgeRow(row)) === 'good');
  });

  const values: readonly (readonly [DeliveryColumn, readonly string[], readonly string[]])[] = [
    [
      'bedrag',
      ['0,01', '0.10', '99,95', '1.234,56', '12.345.678,90', '999.999.999,99', '999999999', '1234', '1234.56'],
      ['0', '0,00', '0.00', '000', '1.234', '12.34.56,00', '1000000000', '1.000.000.000,00', '-5,00', '1,234.56', ''],
    ],
    [
      'huisnummer',
      ['1', '99999', '012', '12-A', '12 a', '12A3', '3 hs', '12a-3', '12/2', '12 - bis', '100', '2026'],
      ['0', '000', '0A', '123456', '12 ?', '12-', '12 a?', '12-01-2026', '2026-01-12', 'A12', '12 - 1234567890123', ''],
    ],
    [
      'vervaldatum',
      ['01-01-2026', '31-12-2025', '29-02-2024', '2026-01-31', '20260131'],
      ['99-99-9999', '00-01-2026', '32-01-2026', '01-13-2026', '01-00-2026', '2026-13-01', '2026-01-32', '20261301'],
    ],
    ['geboortedatum', ['12-05-1979', '1979-05-12', '19790512', ''], ['12-05-1799', '12-05-0179', '31121', '00000000']],
    [
      'datum_herinnering',
      ['j', '01-02-2026', '2026-02-01', '20260201'],
      ['x', '45-02-2026', '2026-02-45', '1-13-2026'],
    ],
    ['toevoeging', ['bis', '2', 'A.1', ''], ['?', '1234567890123', '01-02-2026']],
    ['postcode', ['2011SN', '2011 SN', '2011 sn'], ['0111 SN', '2011', '2011 S', '2011  SNX', '']],
    ['partner', ['elan-wonen', 'a', ''], ['-elan', 'elan wonen', 'élan']],
  ];
  it.each(values)('takes and refuses of %s what the reader takes and refuses', async (column, taken, refused) => {
    for (const [list, isTaken] of [[taken, true] as const, [refused, false] as const])
      for (const value of list) {
        const row = { ...good, [column]: value };
        expect([value, isValid(schema, row), await judgeRow(row)], value).toEqual([
          value,
          isTaken,
          isTaken ? 'good' : expect.not.stringMatching('good'),
        ]);
      }
  });
  it('lets no amount, house number or addition through that the reader would refuse', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0129.,-/ aAhé?('), maxLength: 9 }).map(cellText);
    const agrees = (column: DeliveryColumn, isRead: (value: string) => boolean) =>
      fc.assert(
        fc.property(text, (value) => value === '' || !isValid(properties[column], value) || isRead(value)),
        { numRuns: 3_000 },
      );
    agrees('bedrag', (value) => parseAmount(value).ok);
    agrees('huisnummer', (value) => parseHouseNumber(value, '', '').ok);
    agrees('toevoeging', (value) => parseHouseNumber('12', '', value).ok);
    agrees('postcode', (value) => parsePostcode(value).ok);
  });
  it('cannot say of a month how many days it has: the reader does', async () => {
    for (const vervaldatum of ['31-04-2025', '30-02-2026', '29-02-2026'])
      expect([isValid(schema, { ...good, vervaldatum }), await judgeRow({ ...good, vervaldatum })]).toEqual([
        true,
        'DATE_INVALID',
      ]);
  });

  it('the template holds every column but partner, and its example rows would be taken today', async () => {
    const empty = deliveryTemplate();
    expect(empty).toBe(`\uFEFF${DELIVERY_COLUMNS.filter((column) => column !== 'partner').join(';')}\r\n`);
    expect(await judge(empty)).toEqual([]);
    for (const day of ['2026-01-15', '2026-04-01'])
      expect((await judge(deliveryTemplate(IsoDate.parse(day)))).map(({ verdict }) => verdict)).toEqual([
        'good',
        'good',
      ]);
  });
});

describe('infra/files.md', () => {
  const table =
    readFileSync('infra/files.md', 'utf8')
      .split('## Delivery')[1]
      ?.split('\n\n')
      .find((part) => part.startsWith('| column')) ?? '';
  const lines = table
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const names = (text = ''): readonly string[] => [...text.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name);

  it('names the columns of a delivery in their order', () => {
    expect(lines.flatMap(([, columns]) => names(columns))).toEqual([...DELIVERY_COLUMNS]);
  });

  it.each([...DELIVERY_COLUMNS])('says of %s what the schema says', (column) => {
    const [, columns, needed = '', rule = ''] = lines.find(([, each]) => names(each).includes(column)) ?? [];
    const others = names(columns).filter((each) => each !== column);
    const isNeeded = neededOf(column) === 'yes';
    expect(needed.startsWith('yes') || new RegExp(`\\b${column}\\b`).test(needed)).toBe(
      isNeeded || /^yes, or/.test(needed),
    );
    const values = ((properties[column]?.enum ?? []) as string[]).filter((value) => value.length > 1);
    expect(
      values.filter((value) => !names(rule).includes(value)),
      others.join(),
    ).toEqual([]);
  });
});
