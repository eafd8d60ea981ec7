import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgreementId, type CaseId, IsoDate, PartnerId, PolicyId, partsOfCaseId } from '#domain/ids.ts';
import { recordOutcome } from '#domain/signal/transition.ts';
import { closeDelivery } from '#functions/intake/close-delivery/close-delivery.ts';
import { receiveUpload } from '#functions/intake/receive-upload/receive-upload.ts';
import { routeSignals } from '#functions/intake/route-signals/route-signals.ts';
import { validateDelivery } from '#functions/intake/validate-delivery/validate-delivery.ts';
import { crashAt } from '../support/memory/ports.ts';
import { configuration } from './configuration.ts';
import { csvOf, goodRow, Pipeline, type Row } from './pipeline.ts';

const rows = (count: number, over: (n: number) => Row = () => ({})): readonly Row[] =>
  Array.from({ length: count }, (_, n) => goodRow({ referentie: `R-${n}`, huisnummer: String(n + 1), ...over(n) }));

/** All that lasts, without moments: to compare a run with crashes to one without. */
const stateOf = (pipeline: Pipeline): unknown => {
  const { ports } = pipeline;
  const objects = [...ports.objects.items].map(([key, versions]) => [
    key,
    Buffer.from(versions.at(-1)?.body ?? []).toString(),
  ]);
  return structuredClone({
    objects: objects.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    deliveries: [...ports.deliveries.items.values()],
    signals: [...ports.signals.items].sort(([a], [b]) => (a < b ? -1 : 1)),
    arrears: [...ports.signals.arrears].sort(([a], [b]) => (a < b ? -1 : 1)),
    started: [...ports.workflows.signals.keys()].sort(),
    woken: [...new Set(ports.workflows.woken)].sort(),
  });
};

describe('receive-upload', () => {
  const upload = (key: string, sizeBytes: number) => ({
    bucket: 'landing',
    key,
    versionId: 'v',
    sizeBytes,
    eventTime: '2026-04-01T08:00:00Z',
  });

  it.each([
    ['inbox/elan-wonen/', 0],
    ['inbox/', 0],
    ['work/x/y.csv', 1],
    ['uit/inbox/elan-wonen/x.csv', 1],
  ])('ignores %s of %i bytes: nothing was delivered', async (key, sizeBytes) => {
    const { ports } = new Pipeline();
    expect(await receiveUpload(ports, upload(key, sizeBytes))).toEqual({ outcome: 'ignored' });
    expect(ports.deliveries.items.size).toBe(0);
  });

  it.each([
    ['inbox/los.csv', 'onbekend'],
    ['inbox//lijst.csv', 'onbekend'],
    ['inbox/Geen Partij!/lijst.csv', 'onbekend'],
    ['inbox/elan-wonen/', 'elan-wonen'],
  ])('whatever holds bytes gets a verdict: %s', async (key, party) => {
    const { ports } = new Pipeline();
    expect(await receiveUpload(ports, upload(key, 1))).toMatchObject({ outcome: 'started' });
    expect([...ports.deliveries.items.values()]).toMatchObject([{ party, key }]);
  });

  it('[R-DEL-7] the same event twice registers and starts one delivery; any file name will do', async () => {
    const pipeline = new Pipeline();
    const name = 'map/dubbel +%é\n gebeurtenis.csv';
    const id = await pipeline.put('elan-wonen', csvOf([goodRow()]), name);
    const { bucket, key, versionId, sizeBytes } = (await pipeline.ports.deliveries.get(id)) ?? ({} as never);
    await receiveUpload(pipeline.ports, { bucket, key, versionId, sizeBytes, eventTime: '2026-04-01T09:00:00Z' });
    expect(pipeline.ports.deliveries.items.size).toBe(1);
    expect([...pipeline.ports.workflows.deliveries]).toEqual([id]);
    expect(await pipeline.ports.deliveries.get(id)).toMatchObject({ receivedAt: '2026-04-01T08:01:00.000Z' });
    await pipeline.run(id);
    expect(pipeline.file('elan-wonen', id, 'receipt.json')).not.toMatch(/dubbel/);
  });
});

describe('a delivery', () => {
  it('[R-DEL-1][R-DEL-10] leaves receipt, rejection file, certificates and one mail, with counts that add up', async () => {
    const pipeline = new Pipeline();
    const all = rows(600, (n) => (n % 10 === 3 ? { bedrag: 'veel' } : {}));
    const receipt = await pipeline.deliver('elan-wonen', [...all, goodRow({ ...all[0] })]);
    expect(receipt.counts).toEqual({ read: 601, accepted: 540, corrected: 0, refused: 60, unchanged: 1, withdrawn: 0 });
    const { deliveryId } = receipt;
    const rejected = pipeline.file('elan-wonen', deliveryId, 'rejected.csv')?.trimEnd().split('\r\n') ?? [];
    expect(rejected).toHaveLength(61);
    const certificates = pipeline.file('elan-wonen', deliveryId, 'certificates.ndjson')?.trimEnd().split('\n') ?? [];
    expect(certificates).toHaveLength(540);
    expect(JSON.parse(certificates[0] ?? '').report).toMatchObject({
      partner: { id: 'elan-wonen' },
      reference: 'R-0',
      municipality: { code: '0392' },
      receivedAt: receipt.receivedAt,
      deliveryId,
    });
    expect(pipeline.ports.mailer.sent).toHaveLength(1);
    expect(pipeline.ports.mailer.sent[0]?.text).toMatch(/Gelezen regels: 601/);
    expect(pipeline.ports.workflows.signals.size).toBe(540);
  });

  it('[R-DEL-1] a corrected rejection file can be uploaded as it is', async () => {
    const pipeline = new Pipeline();
    const wrong = goodRow({ referentie: '=HC-1', bedrag: 'veel', achternaam: "'s-Gravezande" });
    const { deliveryId } = await pipeline.deliver('elan-wonen', [wrong]);
    const rejected = pipeline.file('elan-wonen', deliveryId, 'rejected.csv') ?? '';
    expect(rejected).toContain("'=HC-1");
    expect((await pipeline.deliver('elan-wonen', rejected)).refusals).toMatchObject([{ code: 'AMOUNT_INVALID' }]);
    const receipt = await pipeline.deliver('elan-wonen', rejected.replace('veel', '12,00'));
    expect(receipt.counts).toMatchObject({ read: 1, accepted: 1 });
    expect(pipeline.signals('=HC-1')[0]?.resident.surname).toBe("'s-Gravezande");
  });

  it('[R-DEL-8] a header without rows is valid', async () => {
    const receipt = await new Pipeline().deliver('elan-wonen', csvOf([]));
    expect(receipt).toMatchObject({ verdict: 'verwerkt', counts: { read: 0, accepted: 0 } });
  });

  it('[R-DEL-7] the same file again changes nothing; a correction replaces with history; an older one never comes back', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver('elan-wonen', [goodRow()]);
    const before = pipeline.signals();
    expect((await pipeline.deliver('elan-wonen', [goodRow()])).counts).toMatchObject({ accepted: 0, unchanged: 1 });
    expect(pipeline.signals()).toEqual(before);
    const late = await pipeline.put('elan-wonen', csvOf([goodRow({ bedrag: '1,00' })]));
    const receipt = await pipeline.deliver('elan-wonen', [goodRow({ bedrag: '999,00' })]);
    expect(receipt.counts).toMatchObject({ accepted: 1, corrected: 1 });
    expect(await pipeline.run(late)).toMatchObject({ accepted: 0, unchanged: 1 });
    expect(pipeline.signals()).toMatchObject([{ amountCents: 99_900, receivedAt: before[0]?.receivedAt }]);
    expect(pipeline.signals()[0]?.history.map(({ kind }) => kind)).toEqual(['RECEIVED', 'CORRECTED']);
  });

  it('[R-DEL-7] two corrections within the same second: the last one applied counts', async () => {
    const pipeline = new Pipeline();
    const at = '2026-04-01T09:00:00Z';
    for (const bedrag of ['1,00', '2,00', '3,00'])
      await pipeline.run(await pipeline.put('elan-wonen', csvOf([goodRow({ bedrag })]), 'x.csv', at));
    expect(pipeline.signals()).toMatchObject([{ amountCents: 300 }]);
  });

  it('[R-DEL-7] a reference twice in a file: the same is unchanged, another is refused', async () => {
    const pipeline = new Pipeline();
    const file = [goodRow(), goodRow(), goodRow({ bedrag: '1,00' })];
    const receipt = await pipeline.deliver('elan-wonen', file);
    expect(receipt.counts).toMatchObject({ read: 3, accepted: 1, unchanged: 1, refused: 1 });
    expect(receipt.refusals).toMatchObject([{ code: 'REFERENCE_TWICE' }]);
  });

  it('[R-DEL-9] a withdrawal needs the reference only, closes every open signal of the arrear and wakes its workflow', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver('elan-wonen', [goodRow()]);
    await pipeline.run(await pipeline.put('elan-wonen', csvOf([goodRow()]), 'mei.csv', '2026-05-04T08:00:00Z'));
    expect(pipeline.signals()).toHaveLength(2);
    expect(pipeline.signals()[1]?.earlierPeriods).toEqual(['2026-04']);
    for (const signal of pipeline.signals())
      await pipeline.ports.signals.storeTaskToken(signal, 1, `token-${signal.period}`, ['RECEIVED']);
    const file = 'referentie;actie;reden\r\nHC-1;intrekken;betaald\r\nHC-9;intrekken;fout\r\n';
    const id = await pipeline.put('elan-wonen', file, 'in.csv', '2026-05-05T08:00:00Z');
    expect(await pipeline.run(id)).toMatchObject({ read: 2, withdrawn: 1, refused: 1 });
    expect(pipeline.signals()).toMatchObject([
      { status: 'WITHDRAWN', reason: 'betaald' },
      { status: 'WITHDRAWN', reason: 'betaald' },
    ]);
    expect(pipeline.ports.workflows.woken).toEqual(['token-2026-04', 'token-2026-05']);
    expect(pipeline.file('elan-wonen', id, 'rejected.csv')).toMatch(/^3;WITHDRAWAL_UNKNOWN;.*;HC-9;intrekken;fout\r$/m);
    const again = await pipeline.put('elan-wonen', file, 'in.csv', '2026-05-06T08:00:00Z');
    expect(await pipeline.run(again)).toMatchObject({ withdrawn: 0, unchanged: 1, refused: 1 });
  });

  it('[R-DEL-9] what was withdrawn is not quietly reported again in the same month', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver('elan-wonen', [goodRow()]);
    await pipeline.deliver('elan-wonen', 'referentie;actie;reden\nHC-1;intrekken;bezwaar\n');
    const receipt = await pipeline.deliver('elan-wonen', [goodRow({ bedrag: '5,00' })]);
    expect(receipt.refusals).toMatchObject([{ code: 'SIGNAL_WITHDRAWN' }]);
    expect(pipeline.signals()).toMatchObject([{ status: 'WITHDRAWN' }]);
  });

  it('[R-AGR-3] a signal finishes under the agreement it came under, also when it is corrected under the next', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver('elan-wonen', [goodRow()]);
    const ours = ({ municipality, partner }: { municipality: string; partner: string }) =>
      municipality === '0392' && partner === 'elan-wonen';
    await pipeline.ports.configuration.replace({
      ...configuration,
      agreements: configuration.agreements.map((each) =>
        ours(each) ? { ...each, id: AgreementId.parse('opvolger'), policy: PolicyId.parse('nieuw') } : each,
      ),
    });
    for (const over of [{ bedrag: '5,00' }, { toevoeging: 'hs' }])
      expect((await pipeline.deliver('elan-wonen', [goodRow(over)])).counts).toMatchObject({ corrected: 1 });
    expect(pipeline.signals().map(({ agreement, policy }) => [agreement, policy])).toEqual([
      ['0392-elan-wonen', 'lcv'],
      ['0392-elan-wonen', 'lcv'],
    ]);
    await pipeline.deliver('elan-wonen', [goodRow({ referentie: 'HC-2', huisnummer: '99' })]);
    expect(pipeline.signals('HC-2')).toMatchObject([{ agreement: 'opvolger', policy: 'nieuw' }]);
  });

  it('[R-SUS-4][R-FLO-6] another spelling of the address of an answered signal keeps the answer', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver('elan-wonen', [goodRow()]);
    const [first] = pipeline.signals();
    if (!first) throw new Error('no signal');
    const outcome = {
      result: 'Vervolghulp en/of verwijzing',
      date: IsoDate.parse('2026-04-01'),
      maySuspend: true,
      forCase: true,
    } as const;
    const answered = recordOutcome(first, outcome, first.receivedAt, { source: 'uitkomsten' });
    if (!answered.ok) throw new Error(answered.error);
    await pipeline.ports.signals.replace(answered.value.signal, answered.value.allowed);
    const receipt = await pipeline.deliver('elan-wonen', [goodRow({ toevoeging: 'hs' })]);
    expect(receipt.counts).toMatchObject({ accepted: 1, corrected: 1 });
    expect(pipeline.signals()).toMatchObject([
      { status: 'OUTCOME_KNOWN', outcome, caseId: first.caseId, address: { addition: 'hs' } },
    ]);
  });

  it('[R-DEL-7][R-ROU-1] a corrected address moves the signal, keeps its moment of receipt, and leaves no second one open', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver('elan-wonen', [goodRow()]);
    const [first] = pipeline.signals();
    if (!first) throw new Error('no signal');
    await pipeline.ports.signals.storeTaskToken(first, 1, 'token', ['RECEIVED']);
    const receipt = await pipeline.deliver('elan-wonen', [goodRow({ postcode: '2042 AA' })]);
    expect(receipt.counts).toMatchObject({ accepted: 1, corrected: 1 });
    const [old, moved] = pipeline.signals();
    expect(old).toMatchObject({ municipality: '0392', status: 'WITHDRAWN', reason: 'verplaatst' });
    expect(moved).toMatchObject({ municipality: '0473', status: 'RECEIVED', receivedAt: first.receivedAt });
    expect(pipeline.ports.workflows.woken).toEqual(['token']);
    expect(pipeline.ports.workflows.signals.size).toBe(2);
    const back = await pipeline.deliver('elan-wonen', [goodRow({ bedrag: '7,00' })]);
    expect(back.counts).toMatchObject({ accepted: 1, corrected: 1 });
    expect(pipeline.signals().filter(({ status }) => status === 'RECEIVED')).toMatchObject([
      { municipality: '0473', amountCents: 700 },
    ]);
  });

  it('[R-MAT-1][R-MAT-4] two partners, one address: one case; another addition: another case', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver('elan-wonen', [goodRow({ huisnummer: '12-A' })]);
    await pipeline.deliver('pre-wonen', [goodRow({ huisnummer: '12', toevoeging: 'a', postcode: '2011sn' })]);
    await pipeline.deliver('ymere', [goodRow({ huisnummer: '12 B' })]);
    const cases = pipeline.signals().map(({ caseId }) => caseId);
    expect(cases[0]).toBe(cases[1]);
    expect(cases[2]).not.toBe(cases[0]);
    expect(partsOfCaseId(cases[0] as CaseId)).toMatchObject({ municipality: '0392', period: '2026-04' });
  });

  it('[R-AGR-5] an agency delivers for two partners; each sees its own rows only', async () => {
    const pipeline = new Pipeline();
    const [jansen, deVries] = ['jansen-vastgoed', 'de-vries-verhuur'].map((id) => PartnerId.parse(id));
    const receipt = await pipeline.deliver('incasso-west', [
      goodRow({ partner: 'jansen-vastgoed', referentie: 'J-1' }),
      goodRow({ partner: 'jansen-vastgoed', referentie: 'J-2', bedrag: 'x' }),
      goodRow({ partner: 'de-vries-verhuur', referentie: 'V-1', postcode: '1012 AB' }),
      goodRow({ partner: '', referentie: 'L-1' }),
    ]);
    const { deliveryId } = receipt;
    expect(receipt.counts).toMatchObject({ read: 4, accepted: 1, refused: 3 });
    expect(pipeline.receipt(String(jansen), deliveryId).counts).toMatchObject({ read: 2, accepted: 1, refused: 1 });
    expect(pipeline.receipt(String(deVries), deliveryId).counts).toMatchObject({ read: 1, accepted: 0, refused: 1 });
    expect(pipeline.file(String(jansen), deliveryId, 'certificates.ndjson')).toMatch(/"J-1"/);
    expect(pipeline.file(String(deVries), deliveryId, 'certificates.ndjson')).toBeUndefined();
    expect(pipeline.signals()).toMatchObject([{ partner: 'jansen-vastgoed', delivery: { party: 'incasso-west' } }]);
    expect(pipeline.file('incasso-west', deliveryId, 'rejected.csv')).toMatch(/afgelopen/);
  });

  it('[R-DEL-4] past the maximum of its type: accepted with a warning', async () => {
    const pipeline = new Pipeline();
    const receipt = await pipeline.deliver('energie-noord', [
      goodRow({ postcode: '1012 AB', referentie: 'E-1', vervaldatum: '01-01-2025' }),
      goodRow({ postcode: '1012 AB', referentie: 'E-2', vervaldatum: '11-02-2026' }),
      goodRow({ postcode: '1012 AB', referentie: 'E-3', vervaldatum: '10-02-2026' }),
    ]);
    expect(receipt.counts).toMatchObject({ accepted: 2, refused: 1 });
    expect(receipt.warnings).toMatchObject([{ code: 'OVERDUE_PAST_MAXIMUM', count: 1 }]);
    expect(receipt.refusals).toMatchObject([{ code: 'TOO_EARLY', count: 1 }]);
  });

  it('[R-PRI-3] receipt, mail and answers hold no personal data', async () => {
    const pipeline = new Pipeline();
    const canary = { achternaam: 'Kanarie', straat: 'Kanarie', email: 'kanarie@example.nl', klantnummer: 'Kanarie' };
    const file = csvOf([goodRow({ ...canary, referentie: 'Kanarie', bedrag: 'Kanarie' }), goodRow(canary)]);
    const id = await pipeline.put('elan-wonen', file, 'Kanarie.csv');
    await validateDelivery(pipeline.ports, { deliveryId: id });
    const routed = await routeSignals(pipeline.ports, { deliveryId: id, chunk: 0 });
    const answer = await closeDelivery(pipeline.ports, { deliveryId: id });
    const told = [answer, routed, pipeline.file('elan-wonen', id, 'receipt.json'), pipeline.ports.mailer.sent];
    expect(JSON.stringify([told, pipeline.ports.objects.keys('exchange')])).not.toMatch(/kanarie/i);
    expect(pipeline.file('elan-wonen', id, 'certificates.ndjson')).not.toMatch(/kanarie/i);
  });

  it('a lost result file is never closed over: the counts must add up', async () => {
    const pipeline = new Pipeline();
    const id = await pipeline.put('elan-wonen', csvOf(rows(2)));
    await pipeline.run(id);
    const stored = await pipeline.ports.deliveries.get(id);
    expect(stored).toMatchObject({ status: 'CLOSED' });
    const other = new Pipeline();
    const again = await other.put('elan-wonen', csvOf(rows(2)));
    await validateDelivery(other.ports, { deliveryId: again });
    await expect(closeDelivery(other.ports, { deliveryId: again })).rejects.toMatchObject({ name: 'ResultMissing' });
    await other.ports.objects.put('landing', `work/${again}/0000000001/result-00000.ndjson`, '');
    await expect(closeDelivery(other.ports, { deliveryId: again })).rejects.toMatchObject({
      name: 'CountsDoNotAddUp',
    });
  });
});

describe('a crash at any call, before or after it did its work, and a replay', () => {
  const story: readonly (readonly [string, string])[] = [
    ['elan-wonen', csvOf(rows(4))],
    [
      'elan-wonen',
      csvOf([
        ...rows(2, (n) => ({ bedrag: '77,00', ...(n === 1 ? { postcode: '2042 AA' } : {}) })),
        goodRow({ referentie: 'R-8', huisnummer: '8' }),
        goodRow({ referentie: 'R-9', huisnummer: '9', bezwaar: 'j' }),
        goodRow({ referentie: 'R-2', actie: 'intrekken', reden: 'betaald' }),
        goodRow({ referentie: 'R-99', actie: 'intrekken', reden: 'betaald' }),
      ]),
    ],
  ];
  const play = async (crash?: { readonly n: number; readonly when: 'before' | 'after' }) => {
    const pipeline = new Pipeline();
    const [first, second] = story;
    if (!first || !second) throw new Error('no story');
    await pipeline.run(await pipeline.put(...first));
    for (const signal of pipeline.signals())
      await pipeline.ports.signals.storeTaskToken(signal, 1, `token-${signal.reference}`, ['RECEIVED']);
    const id = await pipeline.put(...second);
    const crashing = crashAt(pipeline.ports, crash?.n ?? Number.POSITIVE_INFINITY, crash?.when);
    const run = pipeline.run(id, crashing.ports);
    if (crash) await expect(run).rejects.toMatchObject({ name: 'TransientFailure' });
    else await run;
    const closing = await pipeline.run(id);
    return { pipeline, calls: crashing.calls(), closing };
  };

  it('[R-DEL-7] ends in the same state with the same counts', async () => {
    const calm = await play();
    expect(calm.closing).toMatchObject({ read: 6, accepted: 3, corrected: 2, refused: 2, withdrawn: 1, unchanged: 0 });
    expect(calm.calls).toBeGreaterThan(40);
    const wanted = stateOf(calm.pipeline);
    let mailedTwice = 0;
    for (const when of ['before', 'after'] as const)
      for (let n = 1; n <= calm.calls; n++) {
        const { pipeline, closing } = await play({ n, when });
        expect({ n, when, closing }).toEqual({ n, when, closing: calm.closing });
        expect({ n, when, state: stateOf(pipeline) }).toEqual({ n, when, state: wanted });
        const mails = pipeline.ports.mailer.sent.length;
        expect(mails).toBeGreaterThanOrEqual(2);
        if (mails > 2) mailedTwice += 1;
      }
    // Only a stop after the mail went out and before it was marked: at the answer of send, or at the mark itself.
    expect(mailedTwice).toBe(2);
  }, 60_000);
});

describe('properties', () => {
  it('[R-DEL-1] rows read = accepted + refused + unchanged + withdrawn, whatever the rows are', async () => {
    const cell = fc.oneof(
      fc.constantFrom('', 'j', 'n', '0', '12', '2011 SN', '01-01-2026', '"', '=1', "'"),
      fc.string(),
    );
    const row = fc.record(
      { referentie: cell, bedrag: cell, huisnummer: cell, postcode: cell, bezwaar: cell, actie: cell, telefoon: cell },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(';', ',', '\t'),
        async (all, d) => {
          const pipeline = new Pipeline(7);
          const text = csvOf(
            all.map((over) => goodRow(over)),
            d,
          );
          const id = await pipeline.put('elan-wonen', text.replaceAll('\u0000', ''));
          const { read, accepted, refused, unchanged, withdrawn, verdict } = await pipeline.run(id);
          expect(read).toBe(accepted + refused + unchanged + withdrawn);
          expect(verdict === 'verwerkt' ? read : all.length).toBe(all.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});
