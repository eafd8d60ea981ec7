import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORPUS, type CorpusFile, saidBy, wantedOf } from '../intake/corpus.ts';
import { configuration } from '../support/configuration.ts';
import { Meldpunt } from '../support/meldpunt.ts';

/** The main ones of the corpus, each of a landlord of its own, on one embedded cloud. */
const MAIN: readonly string[] = [
  'UTF-8 with a byte order mark',
  'Windows-1252 with signs Latin-1 has not: € and the curly apostrophe',
  'UTF-16 little endian with a byte order mark, as Excel saves Unicode text: tabs',
  'UTF-16 without a byte order mark',
  'UTF-16 cut off in the middle of a letter',
  'Excel’s own first line sep=;',
  'line ends of every kind in one file',
  'a quote never closed',
  'a note behind a row',
  'a header without rows',
  'a Cyrillic letter in a column name',
  'ten thousand columns',
  '[R-DEL-6] a column BSN',
  '[R-DEL-6] klantnummer: "123.456.782"',
  'a cell of a megabyte',
  'bedrag: "1.234"',
  'vervaldatum: "01-02-03"',
  'huisnummer: "12-jan"',
  'bezwaar: "j"',
  '[R-DEL-7] the same row twice',
  '[R-DEL-9] a withdrawal for a reason that is none',
  'a rejection file that comes back as it is',
  'xlsx, texts only',
  'xlsx, vervaldatum: a date',
  'xlsx, bedrag: a number with noise',
  'xlsx, rows with gaps and blank rows; the line is Excel’s',
  'xlsx, a sheet with notes beside the rows',
  'xlsx with a password, or the old .xls',
  'xlsx with a bomb in it',
  'xlsx with a billion laughs',
];
const all = Object.values(CORPUS).flat();
const files = MAIN.map((name, n) => {
  const file = all.find((each) => each.name === name);
  if (file === undefined) throw new Error(`not in the corpus: ${name}`);
  return [name, file, `verhuurder-${n}`] as const;
});

/** Each file's landlord delivers for itself alone, and has an agreement with Haarlem. */
const made = <T extends { readonly id: string }>(models: readonly T[], id: string, over: (name: string) => object) => [
  ...models,
  ...files.map(([, , name]) => ({ ...models.find((each) => each.id === id), id: name, ...over(name) })),
];

describe('awkward files through the whole delivery', () => {
  let meldpunt: Meldpunt;

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-04-01T09:00:00+02:00', {
      ...configuration,
      partners: made(configuration.partners, 'elan-wonen', () => ({})),
      deliveringParties: made(configuration.deliveringParties, 'elan-wonen', (name) => ({ partners: [name] })),
      agreements: made(configuration.agreements, 'haarlem-elan-wonen', (name) => ({ partner: name })),
    });
  });
  afterAll(() => meldpunt?.close());

  const stored = async (partner: string) => (await meldpunt.signals()).filter((signal) => signal.partner === partner);

  it.each(files)('%s', async (_name, { bytes, verdict }: CorpusFile, party) => {
    const receipt = await meldpunt.upload(party, bytes() as Uint8Array);
    expect(saidBy(receipt as unknown as Parameters<typeof saidBy>[0])).toEqual(wantedOf(verdict));
    expect(await stored(party)).toHaveLength('file' in verdict ? 0 : verdict.accepted);
    const kept = (await meldpunt.keys(`partners/${party}/`)).map((key) => key.split('/').at(-1));
    expect(kept.includes('rejected.csv')).toBe('refused' in verdict && (verdict.refused ?? []).length > 0);
  });

  it('[R-DEL-6] [R-DEL-3] an upload is gone when it was refused, or holds a BSN or an objection; others are kept', async () => {
    for (const [name, { verdict }, party] of files) {
      const isErased = 'file' in verdict || /R-DEL-6|bezwaar/.test(name);
      const left = await meldpunt.keys(`inbox/${party}/`, 'LandingBucket');
      expect([name, left.length]).toEqual([name, isErased ? 0 : 1]);
    }
  });

  it('no delivery is left open', async () => {
    expect(await meldpunt.executions('DeliveryStateMachine', 'RUNNING')).toEqual([]);
    expect(await meldpunt.executions('DeliveryStateMachine', 'FAILED')).toEqual([]);
    expect(await meldpunt.executions('DeliveryStateMachine', 'SUCCEEDED')).toHaveLength(files.length);
  });
});
