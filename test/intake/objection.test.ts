import { describe, expect, it } from 'vitest';
import { csvOf, goodRow, Pipeline } from './pipeline.ts';

/** Everything stored after a delivery, but for the sender's own rejection file. */
const stored = async (rows: Parameters<typeof csvOf>[0]) => {
  const pipeline = new Pipeline();
  const id = await pipeline.put('elan-wonen', csvOf(rows));
  await pipeline.run(id);
  const places = (['landing', 'exchange'] as const).flatMap((bucket) =>
    pipeline.ports.objects.keys(bucket).map((key) => ({ key, text: pipeline.ports.objects.text(bucket, key) ?? '' })),
  );
  const holding = places.filter(({ text }) => text.includes('Bezwaarmaker')).map(({ key }) => key);
  return { holding, signals: JSON.stringify(pipeline.signals()), receipt: pipeline.receipt('elan-wonen', id) };
};

describe('[R-DEL-3] somebody who objected', () => {
  it.each(['j', 'Ja', 'J.', 'ja.', 'true', '1', 'x', 'WAAR', 'j\u200b'])(
    'bezwaar %j: the upload goes, and only the rejection file holds the row',
    async (bezwaar) => {
      const { holding, signals, receipt } = await stored([
        goodRow(),
        goodRow({ referentie: 'HC-2', achternaam: 'Bezwaarmaker', bezwaar }),
      ]);
      expect(receipt.counts).toMatchObject({ read: 2, accepted: 1, refused: 1 });
      expect(signals).not.toContain('Bezwaarmaker');
      expect(holding).toEqual([expect.stringMatching(/\/rejected\.csv$/)]);
    },
  );

  it.each([
    { actie: 'intrekken', reden: 'bezwaar', bezwaar: '' },
    { actie: 'intrekken', reden: 'bezwaar', bezwaar: 'j' },
    { actie: 'intrekken', reden: 'betaald', bezwaar: 'j' },
  ])('withdrawn with more cells than it needs (%j): none of them is kept', async (over) => {
    const pipeline = new Pipeline();
    await pipeline.deliver('elan-wonen', [goodRow()]);
    const id = await pipeline.put('elan-wonen', csvOf([goodRow({ achternaam: 'Bezwaarmaker', ...over })]));
    expect(await pipeline.run(id)).toMatchObject({ withdrawn: 1 });
    for (const bucket of ['landing', 'exchange'])
      for (const key of pipeline.ports.objects.keys(bucket))
        expect(pipeline.ports.objects.text(bucket, key), key).not.toContain('Bezwaarmaker');
  });
});

describe('[R-DEL-6] a row that was masked', () => {
  it('comes back as it was written, and is refused again: no two residents become one', async () => {
    const pipeline = new Pipeline();
    for (const [referentie, achternaam] of [
      ['123456782', 'Aalders'],
      ['111222333', 'Bakker'],
    ] as const) {
      const first = await pipeline.deliver('elan-wonen', [goodRow({ referentie, achternaam })]);
      const returned = pipeline.file('elan-wonen', first.deliveryId, 'rejected.csv') ?? '';
      expect(returned).toContain('*********');
      const again = await pipeline.deliver('elan-wonen', returned);
      expect(again.counts).toMatchObject({ read: 1, accepted: 0, refused: 1 });
      expect(again.refusals).toMatchObject([{ code: 'BSN_IN_FIELD', column: 'referentie' }]);
    }
    expect(pipeline.signals()).toEqual([]);
  });
});
