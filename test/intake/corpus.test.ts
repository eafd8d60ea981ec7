import { describe, expect, it } from 'vitest';
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
