import { describe, expect, it } from 'vitest';
import { Configuration } from '#domain/agreement/configuration.ts';
import {
  ArrearId,
  Cents,
  caseIdOf,
  HouseholdKey,
  Instant,
  IsoDate,
  MunicipalityCode,
  Period,
  signalIdOf,
} from '#domain/ids.ts';
import { repeatOutcome } from '#domain/signal/repeat.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { closeSettled, settleRepeat } from '#domain/signal/transition.ts';
import { assignSignal } from '#functions/casework/assign-signal/assign-signal.ts';
import { settleOutcome } from '#functions/casework/settle-outcome/settle-outcome.ts';
import { routeSignals } from '#functions/intake/route-signals/route-signals.ts';
import { validateDelivery } from '#functions/intake/validate-delivery/validate-delivery.ts';
import { csvOf, goodRow, Pipeline } from '#test/intake/pipeline.ts';
import { configuration } from '#test/support/configuration.ts';
import { type MemoryPorts, memoryPorts } from '#test/support/memory/ports.ts';
import { survivesEveryCrash } from '#test/support/memory/replay.ts';
import { declined, reported } from './stages.ts';

/** The sample, with a policy for repeat signals in Haarlem. */
const agreed = Configuration.parse({
  ...configuration,
  deviations: [
    ...configuration.deviations,
    {
      id: 'haarlem-herhaald',
      title: 'Bijlage herhaalde meldingen',
      municipality: '0392',
      validFrom: '2025-01-01',
      phases: [],
      changes: [{ subject: 'repeats', clause: 'art. 3', value: { close: 'WHEN_NOT_HIGHER', withinMonths: 6 } }],
    },
  ],
});
const FEBRUARY = Period.parse('2026-02');
const MARCH = Period.parse('2026-03');
const arrearId = ArrearId.parse('7K3QX9M2T4VB8C1D');
const caseIn = (period: Period) => caseIdOf(MunicipalityCode.parse('0392'), period, HouseholdKey.parse('9F3K2M8QZX7C'));
const march = reported({ period: MARCH, earlierPeriods: [FEBRUARY] });
const answeredSignal: Signal = {
  ...reported({ period: FEBRUARY }),
  status: 'CLOSED',
  outcome: declined,
  closedAt: Instant.parse('2026-02-12T10:00:00.000Z'),
  history: [{ kind: 'OUTCOME_RECORDED', at: Instant.parse('2026-02-12T10:00:00.000Z'), source: 'uitkomsten' }],
};
const ref = { caseId: march.caseId, signalId: march.signalId };

const given = async (earlier: Signal | undefined, signal = march, others: readonly Signal[] = []) => {
  const ports = memoryPorts({ now: '2026-03-02T09:00:00.000Z', configuration: agreed });
  if (earlier) await ports.signals.create(earlier);
  for (const each of [signal, ...others]) await ports.signals.create(each);
  await ports.signals.claim(arrearId, FEBRUARY, caseIn(FEBRUARY));
  await ports.signals.claim(arrearId, MARCH, signal.caseId);
  return ports;
};
const stored = (ports: MemoryPorts) => ports.signals.get(ref);

describe('[R-DEL-5] a repeat signal under a policy', () => {
  it('is answered before anybody gets it, with the clause, and told to the partner', async () => {
    const ports = await given(answeredSignal);
    expect(await assignSignal(ports, ref)).toEqual({ terms: [] });
    expect(await stored(ports)).toMatchObject({
      status: 'OUTCOME_KNOWN',
      version: 2,
      outcome: { result: 'Niet opgepakt: herhaalde melding', date: '2026-03-02', forCase: false },
      history: [
        { kind: 'RECEIVED' },
        {
          kind: 'OUTCOME_RECORDED',
          source: 'workflow',
          detail: 'zelfde achterstand als in 2026-02, bedrag niet hoger (Bijlage herhaalde meldingen, art. 3)',
        },
      ],
    });
    expect(await settleOutcome(ports, ref)).toMatchObject({ waiting: false });
    expect(await stored(ports)).toMatchObject({ status: 'CLOSED' });
    expect(await ports.feedback.ofSignal(march.partner, march.signalId)).toMatchObject([
      { kind: 'OUTCOME', outcome: 'REPEAT_SIGNAL', number: 1 },
    ]);
  });

  it('a second time changes nothing', async () => {
    const ports = await given(answeredSignal);
    await assignSignal(ports, ref);
    const before = await stored(ports);
    expect(await assignSignal(ports, ref)).toEqual({ terms: [] });
    expect(await stored(ports)).toEqual(before);
  });

  it('survives a crash at every call', async () => {
    await survivesEveryCrash(
      () => given(answeredSignal),
      (ports) => assignSignal(ports, ref),
    );
  });

  const higher = { ...march, amountCents: Cents.parse(march.amountCents + 1) };
  it.each([
    ['its amount rose', () => given(answeredSignal, higher)],
    ['the earlier one cannot be found', () => given(undefined)],
    ['it is an eviction', () => given(answeredSignal, { ...march, kind: 'ontruiming' })],
    ['it came before the policy began', () => given(answeredSignal, { ...march, receivedAt: early })],
  ])('is assigned when %s', async (_, setup) => {
    const ports = await setup();
    expect((await assignSignal(ports, ref)).terms).not.toEqual([]);
    expect(await stored(ports)).toMatchObject({ status: 'ASSIGNED' });
  });
  const early = Instant.parse('2024-12-30T09:00:00.000Z');

  it('follows an answer to its case instead: that says more', async () => {
    const other = reported({ period: MARCH, arrearId: ArrearId.parse('0000000000000001') });
    const leading: Signal = {
      ...other,
      status: 'CLOSED',
      outcome: declined,
      closedAt: Instant.parse('2026-03-02T08:30:00.000Z'),
      history: [{ kind: 'OUTCOME_RECORDED', at: Instant.parse('2026-03-02T08:30:00.000Z'), source: 'uitkomsten' }],
    };
    expect(leading.caseId).toBe(march.caseId);
    const ports = await given(answeredSignal, march, [leading]);
    expect(await assignSignal(ports, ref)).toEqual({ terms: [] });
    expect(await stored(ports)).toMatchObject({ outcome: { result: declined.result, forCase: true } });
  });

  it('a withdrawal that comes between counts', async () => {
    const ports = await given(answeredSignal);
    const replace = ports.signals.replace.bind(ports.signals);
    ports.signals.replace = async () => {
      ports.signals.replace = replace;
      const withdrawn = { reason: 'betaald', closedAt: ports.clock.now() } as const;
      await replace({ ...march, version: 2, status: 'WITHDRAWN', ...withdrawn }, ['RECEIVED']);
      return 'conflict';
    };
    expect(await assignSignal(ports, ref)).toEqual({ terms: [] });
    expect(await stored(ports)).toMatchObject({ status: 'WITHDRAWN' });
  });

  it('knows the signal by its id in the earlier month', () => {
    expect(answeredSignal.signalId).toBe(signalIdOf(arrearId, FEBRUARY));
    expect(answeredSignal.caseId).toBe(caseIn(FEBRUARY));
  });
});

describe('[R-DEL-5][R-DEL-7] a repeat signal that was closed, corrected to a higher amount', () => {
  const closedByPolicy = async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver('elan-wonen', [goodRow()]);
    const [fresh] = pipeline.signals('HC-1');
    if (!fresh) throw new Error('no signal');
    const at = pipeline.ports.clock.now();
    const settled = settleRepeat(fresh, repeatOutcome(IsoDate.parse('2026-04-01')), at, 'waarom');
    if (!settled.ok) throw new Error('not settled');
    const closed = closeSettled(settled.value.signal, true, at);
    if (!closed.ok) throw new Error('not closed');
    for (const { signal, allowed } of [settled.value, closed.value])
      expect(await pipeline.ports.signals.replace(signal, allowed)).toBe('written');
    const deliveryId = await pipeline.put('elan-wonen', csvOf([goodRow({ bedrag: '1.234,57' })]));
    await validateDelivery(pipeline.ports, { deliveryId });
    return { pipeline, deliveryId };
  };

  it('begins anew in a second round, also over a crash at every call', async () => {
    const { deliveryId } = await closedByPolicy();
    const setup = async () => (await closedByPolicy()).pipeline.ports;
    await survivesEveryCrash(setup, (ports) => routeSignals(ports, { deliveryId, chunk: 0 }));
    const ports = await setup();
    await routeSignals(ports, { deliveryId, chunk: 0 });
    expect([...ports.signals.items.values()]).toMatchObject([
      {
        status: 'RECEIVED',
        round: 2,
        amountCents: 123_457,
        earlierOutcomes: [{ result: 'Niet opgepakt: herhaalde melding' }],
        history: [
          { kind: 'RECEIVED' },
          { kind: 'OUTCOME_RECORDED' },
          { kind: 'FED_BACK' },
          { kind: 'CLOSED' },
          { kind: 'CORRECTED', source: deliveryId },
          { kind: 'REOPENED', source: deliveryId, detail: 'bedrag is hoger geworden' },
        ],
      },
    ]);
    expect([...ports.workflows.signals.keys()]).toHaveLength(2);
  });
});
