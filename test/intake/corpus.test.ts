import { describe, expect, it } from 'vitest';
import { Configuration } from '#domain/agreement/configuration.ts';
import type { AmountFormat } from '#domain/delivery/mapping.ts';
import { type Cell, workbookOf } from '../support/workbook.ts';
import { configuration } from './configuration.ts';
import { CORPUS, type CorpusFile, saidBy, wantedOf } from './corpus.ts';
import { csvOf, goodRow, Pipeline } from './pipeline.ts';

const judge = async ({ bytes, party = 'elan-wonen', verdict }: CorpusFile): Promise<void> => {
  const pipeline = new Pipeline();
  const receipt = await pipeline.deliver(party, bytes());
  expect(saidBy(receipt)).toEqual(wantedOf(verdict));
  expect(receipt.verdict).toBe('file' in verdict ? 'geweigerd' : 'verwerkt');
  expect(pipeline.signals()).toHaveLength('file' in verdict ? 0 : verdict.accepted);
  const { stored = {} } = 'file' in verdict ? {} : verdict;
  for (const [reference, facts] of Object.entries(stored)) expect(pipeline.signals(reference)).toMatchObject([facts]);
};

describe.each(Object.entries(CORPUS))('awkward files: %s', (_group, files) => {
  it.each(files.map((file) => [file.name, file] as const))('%s', (_name, file) => judge(file));
});

describe('the corpus', () => {
  it('holds some four hundred files, no name twice', () => {
    const names = Object.values(CORPUS)
      .flat()
      .map(({ name }) => name);
    expect(names.length).toBeGreaterThan(400);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('[R-DEL-2] amounts of a workbook, as the party writes them, and its rejections as they come back', () => {
  const writing = (amounts: AmountFormat | undefined) =>
    Configuration.parse({
      ...configuration,
      deliveringParties: configuration.deliveringParties.map((party) =>
        party.id === 'elan-wonen' ? { ...party, mapping: { ...(amounts && { amounts }) } } : party,
      ),
    });
  const columns = Object.keys(goodRow());
  const sheetWith = (bedrag: Cell): Uint8Array => {
    const rowWith = (over: Readonly<Record<string, string>>): readonly Cell[] => {
      const row = goodRow(over);
      return columns.map((column) => (column === 'bedrag' ? bedrag : row[column]));
    };
    return workbookOf({
      rows: [columns, rowWith({ referentie: 'R-1' }), rowWith({ referentie: 'R-2', postcode: 'fout' })],
    });
  };

  it.each<[AmountFormat | 'none', Cell, number | undefined]>([
    ['none', 1234.56, 123_456],
    ['none', 1234, 123_400],
    ['none', { n: '1234.0', format: 0 }, 123_400],
    ['none', 0.5, 50],
    ['none', 12.345, undefined],
    ['none', '1.234,56', 123_456],
    ['none', '1234.56', 123_456],
    ['none', '1.234', undefined],
    ['komma', 1234.56, 123_456],
    ['komma', { n: '1234.5600000000001', format: '#,##0.00' }, 123_456],
    ['komma', 1234, 123_400],
    ['komma', 0.5, 50],
    ['komma', 12.345, undefined],
    ['komma', '1.234,56', 123_456],
    ['komma', '1.234', 123_400],
    ['komma', '1234.56', undefined],
    ['punt', 1234.56, 123_456],
    ['punt', 1234, 123_400],
    ['punt', 0.5, 50],
    ['punt', 12.345, undefined],
    ['punt', '1,234.56', 123_456],
    ['punt', '1,234', 123_400],
    ['punt', '1234,56', undefined],
    ['centen', 123456, 123_456],
    ['centen', { n: '123456.0', format: 0 }, 123_456],
    ['centen', 1234.56, undefined],
    ['centen', '123456', 123_456],
    ['centen', '1234,56', undefined],
  ])('%s: %j is %s cents', async (amounts, bedrag, cents) => {
    const pipeline = new Pipeline(undefined, writing(amounts === 'none' ? undefined : amounts));
    const id = await pipeline.put('elan-wonen', sheetWith(bedrag));
    await pipeline.run(id);
    const rejected = pipeline.file('elan-wonen', id, 'rejected.csv') ?? '';
    expect(rejected).toContain(';fout;');
    const again = await pipeline.deliver('elan-wonen', rejected.replaceAll(';fout;', ';2011 SN;'));
    const stored = (reference: string) => pipeline.signals(reference).map(({ amountCents }) => amountCents);
    expect([stored('R-1'), stored('R-2')]).toEqual(cents === undefined ? [[], []] : [[cents], [cents]]);
    expect(again.refusals.map(({ code }) => code)).toEqual(cents === undefined ? ['AMOUNT_INVALID'] : []);
  });
});

describe('[R-DEL-2] a workbook whose whole numbers end on .0', () => {
  const columns = Object.keys(goodRow());

  it('is read as Java meant it, and its references are those of a CSV', async () => {
    const pipeline = new Pipeline();
    const numbers: Readonly<Record<string, Cell>> = {
      referentie: { n: '100045.0', format: 0 },
      huisnummer: { n: '12.0', format: 0 },
      telefoon: { n: '6.12345678E8', format: '0000000000' },
      vervaldatum: { n: '20260101.0', format: 0 },
      bedrag: { n: '1234.0', format: 0 },
    };
    const row = goodRow();
    const bytes = workbookOf({ rows: [columns, columns.map((column) => numbers[column] ?? row[column])] });
    expect(await pipeline.deliver('elan-wonen', bytes)).toMatchObject({ counts: { read: 1, accepted: 1 } });
    expect(
      await pipeline.deliver('elan-wonen', [
        goodRow({ referentie: '100045', bedrag: '1234,00', telefoon: '0612345678' }),
      ]),
    ).toMatchObject({
      counts: { read: 1, refused: 0 },
    });
    expect(pipeline.signals()).toMatchObject([
      {
        reference: '100045',
        amountCents: 123_400,
        dueDate: '2026-01-01',
        address: { houseNumber: 12 },
        resident: { phone: { given: '0612345678', e164: '+31612345678' } },
      },
    ]);
  });
});

describe('awkward names of files', () => {
  const body = csvOf([goodRow()]);

  it.each([
    '../ymere/lijst.csv',
    '..',
    '/lijst.csv',
    'maart/2026/lijst.csv',
    'März 😀\u202etxt.csv',
    "=cmd|' /C calc'!A0.csv",
    `${'a'.repeat(900)}.csv`,
    'lijst.xlsx',
    '%2e%2e%2fymere%2flijst.csv',
    '<script>alert(1)</script>.csv',
  ])('inbox/elan-wonen/%s is a file of elan-wonen, and its name is told nowhere', async (name) => {
    const pipeline = new Pipeline();
    const id = await pipeline.put('elan-wonen', body, name);
    expect(await pipeline.run(id)).toMatchObject({ verdict: 'verwerkt', accepted: 1 });
    expect(pipeline.signals()).toMatchObject([{ partner: 'elan-wonen' }]);
    const keys = pipeline.ports.objects.keys('exchange').filter((key) => !key.startsWith('public/'));
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(key).toMatch(/^partners\/elan-wonen\/deliveries\/[^/]+\/[a-z.]+$/);
    const said = JSON.stringify([pipeline.receipt('elan-wonen', id), pipeline.ports.mailer.sent]);
    if (name.length > 3) expect(said).not.toContain(name);
  });

  it.each([
    ['..', 'elan-wonen/lijst.csv'],
    ['', 'elan-wonen/lijst.csv'],
    ['.', 'elan-wonen/lijst.csv'],
    ['ELAN-WONEN', 'lijst.csv'],
    ['elan-wonen ', 'lijst.csv'],
    ['elan-wonen%2F..%2Fymere', 'lijst.csv'],
    ['\u0435lan-wonen', 'lijst.csv'],
    ['elan\u2010wonen', 'lijst.csv'],
    ['__proto__', 'lijst.csv'],
    ['constructor', 'lijst.csv'],
  ])('inbox/%s/%s is of nobody we know', async (folder, name) => {
    const pipeline = new Pipeline();
    const id = await pipeline.put(folder, body, name);
    expect(await pipeline.run(id)).toMatchObject({ verdict: 'geweigerd', reason: 'PARTY_UNKNOWN', mail: 'none' });
    expect(pipeline.signals()).toEqual([]);
    for (const key of pipeline.ports.objects.keys('exchange')) expect(key).not.toMatch(/elan-wonen|ymere|\.\./);
  });
});
