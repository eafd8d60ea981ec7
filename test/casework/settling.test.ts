import { describe, expect, it } from 'vitest';
import { Configuration } from '#domain/agreement/configuration.ts';
import { previewOf, suspensionEndFeedback } from '#domain/feedback/outcome.ts';
import { AgreementId, Cents, IsoDate, MunicipalityCode } from '#domain/ids.ts';
import type { Outcome, Signal } from '#domain/signal/signal.ts';
import { correctOutcome, type Moved, reopen } from '#domain/signal/transition.ts';
import { assignSignal } from '#functions/casework/assign-signal/assign-signal.ts';
import { endSuspension } from '#functions/casework/end-suspension/end-suspension.ts';
import { settleOutcome } from '#functions/casework/settle-outcome/settle-outcome.ts';
import { configuration } from '#test/support/configuration.ts';
import { governingOf } from '#test/support/governing.ts';
import { MemoryConfiguration, type MemoryPorts } from '#test/support/memory/ports.ts';
import { survivesEveryCrash } from '#test/support/memory/replay.ts';
import {
  accepted,
  answer,
  answered,
  declined,
  endEarly,
  fresh,
  kinds,
  pass,
  received,
  ref,
  reported,
  stored,
  suspended,
  takeBack,
  waiting,
} from './stages.ts';

const personal = ['Jansen', 'HC-1001', '2011AB', 'Huur'];
const date = (text: string): IsoDate => IsoDate.parse(text);
/** Under the national text alone: in Nijmegen nothing was agreed besides. */
const lcv = reported({
  municipality: MunicipalityCode.parse('0268'),
  agreement: AgreementId.parse('nijmegen-elan-wonen'),
  caseId: fresh.caseId,
});

const told = (ports: MemoryPorts) => [...ports.feedback.items.values()];
const toldKinds = (ports: MemoryPorts) => told(ports).map(({ kind, number }) => `${number} ${kind}`);

const change = async (ports: MemoryPorts, moved: Moved<string>) => {
  if (!moved.ok) throw new Error(moved.error);
  expect(await ports.signals.replace(moved.value.signal, moved.value.allowed)).toBe('written');
};
const correct = (ports: MemoryPorts, outcome: Outcome) =>
  change(ports, correctOutcome(stored(ports), outcome, ports.clock.now(), { source: 'rectificatie' }));
const again = (ports: MemoryPorts) =>
  change(ports, reopen(stored(ports), [], 'inwoner meldt zich', ports.clock.now(), { source: 'heropening' }));

/** Suspended from 10 March; on 20 March another outcome takes the place of the first. */
const corrected = async (outcome: Outcome) => {
  const ports = await suspended();
  ports.clock.set('2026-03-20T09:00:00.000Z');
  await correct(ports, outcome);
  return ports;
};
/** Every agreement hears at once. */
const immediate = Configuration.parse(
  JSON.parse(JSON.stringify(configuration).replaceAll('"delivery":"DIGEST"', '"delivery":"IMMEDIATE"')),
);
const atOnce = (ports: MemoryPorts): MemoryPorts => ({ ...ports, configuration: new MemoryConfiguration(immediate) });
/** Haarlem and the national text, but for what a partner is told. */
const telling = (told: object): Configuration =>
  Configuration.parse(
    JSON.parse(JSON.stringify(configuration), (key, value: unknown) => (key === 'told' ? told : value)),
  );

describe('settle', () => {
  it('[R-FEE-1] [R-SUS-1] [R-SUS-2] acceptance: fed back, then schuldenrust', async () => {
    const ports = await answered();
    const settled = await settleOutcome(ports, ref);
    expect(settled.terms.map(({ kind, at }) => [kind, at])).toEqual([
      ['SUSPENSION_REMINDER', '2026-04-03T22:00:00.000Z'],
      ['SUSPENSION_END', '2026-04-09T22:00:00.000Z'],
    ]);
    expect([...ports.feedback.items.values()]).toEqual([
      {
        partner: 'elan-wonen',
        signalId: ref.signalId,
        number: 1,
        reference: 'HC-1001',
        municipality: '0392',
        date: '2026-03-10',
        kind: 'OUTCOME',
        outcome: 'HELP_ACCEPTED',
        replaces: false,
        suspension: { startsOn: '2026-03-10', lastDay: '2026-04-09' },
        paymentResumes: { from: '2026-04-01' },
      },
    ]);
    expect(stored(ports)).toMatchObject({ status: 'SUSPENDED', suspension: { fedBackOn: '2026-03-10' } });
    for (const word of personal) expect(JSON.stringify(settled)).not.toContain(word);
  });

  it('[R-FEE-2] [R-SUS-6] not accepted: closed, nothing suspended; the LCV tells nothing, Haarlem that no help came of it', async () => {
    for (const [signal, told] of [
      [lcv, []],
      [fresh, ['NO_HELP']],
    ] as const) {
      const ports = await received(signal);
      await assignSignal(ports, ref);
      await answer(ports, declined);
      expect(await settleOutcome(ports, ref)).toEqual({ waiting: false, terms: [], publish: null });
      expect(stored(ports)).toMatchObject({ status: 'CLOSED', outcome: declined });
      expect([...ports.feedback.items.values()].map((item) => 'outcome' in item && item.outcome)).toEqual(told);
      expect(kinds(ports).includes('FED_BACK')).toBe(told.length > 0);
    }
  });

  it.each([
    ['everything that is needed is fed back', { HELP_ACCEPTED: ['SUSPENSION', 'PAYMENT_RESUMES'] }, 1, 'SUSPENDED'],
    ['the acceptance is fed back without its dates', { HELP_ACCEPTED: ['PAYMENT_RESUMES'] }, 1, 'CLOSED'],
    ['the acceptance is not fed back', {}, 0, 'CLOSED'],
  ])(
    '[R-SUS-1] all else the same, schuldenrust starts only when it is fed back: %s',
    async (_, words, count, status) => {
      const ports = { ...(await answered()), configuration: new MemoryConfiguration(telling(words)) };
      expect(await settleOutcome(ports, ref)).toMatchObject({ waiting: status === 'SUSPENDED' });
      expect(stored(ports)).toMatchObject({ status, outcome: accepted });
      expect('suspension' in stored(ports)).toBe(status === 'SUSPENDED');
      expect(ports.feedback.items.size).toBe(count);
      expect(told(ports).some((each) => 'suspension' in each)).toBe(status === 'SUSPENDED');
    },
  );

  it('[R-FEE-4] accepted but payment cannot resume: told, not suspended', async () => {
    const ports = await answered({ ...accepted, paymentResumes: 'cannot' });
    expect(await settleOutcome(ports, ref)).toEqual({ waiting: false, terms: [], publish: null });
    expect([...ports.feedback.items.values()]).toMatchObject([{ outcome: 'HELP_ACCEPTED', paymentResumes: 'cannot' }]);
    expect(stored(ports).status).toBe('CLOSED');
  });

  it('the first date stays: a replay the day after changes neither feedback nor suspension', async () => {
    const ports = await answered();
    const replace = ports.signals.replace.bind(ports.signals);
    ports.signals.replace = () => Promise.reject(new Error('lost'));
    await expect(settleOutcome(ports, ref)).rejects.toThrow('lost');
    ports.signals.replace = replace;
    ports.clock.set('2026-03-11T09:00:00.000Z');
    await settleOutcome(ports, ref);
    expect(stored(ports)).toMatchObject({ suspension: { fedBackOn: '2026-03-10', lastDay: '2026-04-09' } });
    expect([...ports.feedback.items.values()]).toMatchObject([{ date: '2026-03-10' }]);
  });

  it('a withdrawn signal has nothing to settle', async () => {
    const ports = await waiting();
    await takeBack(ports);
    expect(await settleOutcome(ports, ref)).toEqual({ waiting: false, terms: [], publish: null });
    expect(ports.feedback.items.size).toBe(0);
  });

  it('[R-SUS-4] a withdrawal between feedback and suspension takes back what the partner was told', async () => {
    const ports = await answered();
    const { replace } = ports.signals;
    ports.signals.replace = async () => {
      ports.signals.replace = replace;
      await takeBack(ports);
      return 'conflict';
    };
    expect(await settleOutcome(ports, ref)).toEqual({ waiting: false, terms: [], publish: null });
    expect([...ports.feedback.items.values()].map(({ kind }) => kind)).toEqual(['OUTCOME', 'SUSPENSION_ENDED_EARLY']);
    expect(stored(ports).status).toBe('WITHDRAWN');
  });

  it('[R-SUS-4] settled again after an early end still passes the wait, so that the end is told', async () => {
    const ports = await suspended();
    await endEarly(ports, 'plan gestopt');
    expect(await settleOutcome(ports, ref)).toEqual({ waiting: true, terms: [], publish: null });
  });

  it('[R-FEE-3] a correction that keeps acceptance moves the dates, and the partner hears no end', async () => {
    const ports = await corrected({ ...accepted, date: date('2026-03-12'), actionPlanOn: date('2026-03-12') });
    expect(await settleOutcome(ports, ref)).toMatchObject({ waiting: true, terms: [{}, { on: '2026-04-09' }] });
    expect(told(ports).slice(1)).toMatchObject([
      {
        number: 2,
        date: '2026-03-20',
        replaces: true,
        // Thirty days from the first day of rest, not from the corrected one.
        suspension: { startsOn: '2026-03-12', lastDay: '2026-04-09' },
      },
    ]);
    expect(stored(ports)).toMatchObject({
      status: 'SUSPENDED',
      suspension: { startsOn: '2026-03-12', lastDay: '2026-04-09', fedBackOn: '2026-03-20' },
      earlierSuspensions: [
        { startsOn: '2026-03-10', endedEarly: { on: '2026-03-20', reason: 'uitkomst gecorrigeerd' } },
      ],
    });
  });

  it('[R-SUS-4] a correction that drops acceptance replaces what was told and ends schuldenrust', async () => {
    const ports = await corrected({ ...declined, date: date('2026-03-12') });
    expect(await settleOutcome(ports, ref)).toEqual({ waiting: false, terms: [], publish: null });
    expect(told(ports).slice(1)).toMatchObject([
      { number: 2, kind: 'OUTCOME', outcome: 'NO_HELP', replaces: true, suspension: 'none' },
      { number: 2, kind: 'SUSPENSION_ENDED_EARLY', on: '2026-03-20' },
    ]);
    expect(stored(ports).status).toBe('CLOSED');
  });

  it('[R-FEE-2] what the agreement does not tell is not told after a correction either: the earlier word is taken back', async () => {
    const ports = await received(lcv);
    await assignSignal(ports, ref);
    ports.clock.set('2026-03-10T14:00:00.000Z');
    await answer(ports, accepted);
    await settleOutcome(ports, ref);
    ports.clock.set('2026-03-20T09:00:00.000Z');
    await correct(ports, declined);
    await settleOutcome(ports, ref);
    expect(toldKinds(ports)).toEqual(['1 OUTCOME', '2 RETRACTED', '2 SUSPENSION_ENDED_EARLY']);
    // Taken back is taken back: a third answer replaces nothing, and one that is not told takes nothing back.
    await correct(ports, { ...declined, result: 'Inwoner is overleden' });
    await settleOutcome(ports, ref);
    expect(told(ports).at(-1)).toMatchObject({ number: 3, outcome: 'RESIDENT_DECEASED', replaces: false });
  });

  it('[R-SUS-2] a second acceptance rests on until thirty days after the first, and not at all afterwards', async () => {
    for (const [on, lastDay] of [
      ['2026-03-25', '2026-04-09'],
      ['2026-04-10', undefined],
    ] as const) {
      const ports = await suspended();
      ports.clock.set('2026-03-20T09:00:00.000Z');
      await endEarly(ports, 'betaling niet hervat');
      await endSuspension(ports, ref);
      ports.clock.set(`${on}T09:00:00.000Z`);
      await again(ports);
      await answer(ports, { ...accepted, date: date(on), actionPlanOn: date(on) });
      const settled = await settleOutcome(ports, ref);
      expect(settled.waiting).toBe(lastDay !== undefined);
      expect(told(ports).at(-1)).toMatchObject({
        number: 2,
        kind: 'OUTCOME',
        replaces: true,
        suspension: lastDay ? { startsOn: on, lastDay } : 'none',
      });
    }
  });

  it('[R-SUS-2] corrected before it began to rest, it still counts from what the partner was told', async () => {
    const ports = await answered({ ...accepted, date: date('2026-03-05') });
    const { replace } = ports.signals;
    ports.signals.replace = async () => {
      ports.signals.replace = replace;
      await correct(ports, declined);
      await correct(ports, accepted);
      return 'conflict';
    };
    await settleOutcome(ports, ref);
    expect(toldKinds(ports)).toEqual(['1 OUTCOME', '3 OUTCOME']);
    expect(stored(ports)).toMatchObject({ status: 'SUSPENDED', suspension: { lastDay: '2026-04-04' } });
  });

  it('never adds feedback on an outcome after a later one was settled', async () => {
    const ports = await answered();
    const late = stored(ports);
    await correct(ports, declined);
    await settleOutcome(ports, ref);
    const get = ports.signals.get.bind(ports.signals);
    let reads = 0;
    ports.signals.get = async (asked) => (reads++ === 0 ? late : get(asked));
    await settleOutcome(ports, ref);
    expect(reads).toBe(2);
    expect(toldKinds(ports)).toEqual(['2 OUTCOME']);
  });

  const filed = { partner: 'elan-wonen', mail: false };

  it('[R-FEE-1] on day 28 an acceptance is published at once, without a mail; on other days the digest is early enough', async () => {
    for (const [at, publish] of [
      ['2026-03-29T21:59:00.000Z', null],
      // 28 days after 2 March is 30 March, which began at 22:00 UTC: summer time came that night.
      ['2026-03-29T22:00:00.000Z', filed],
      ['2026-04-20T09:00:00.000Z', null],
    ] as const) {
      const ports = await received(lcv);
      await assignSignal(ports, ref);
      ports.clock.set(at);
      await answer(ports, { ...accepted, date: date('2026-03-29') });
      expect((await settleOutcome(ports, ref)).publish, at).toEqual(publish);
      expect((await settleOutcome(ports, ref)).publish, `${at} again`).toEqual(publish);
    }
  });

  it('[R-FEE-2] [R-FLO-3] Haarlem hears on the last business day at once, whatever the outcome', async () => {
    // Ten business days after Monday 2 March.
    for (const [at, publish] of [
      ['2026-03-13T15:00:00.000Z', null],
      ['2026-03-16T22:55:00.000Z', filed],
      ['2026-03-17T08:00:00.000Z', null],
    ] as const) {
      const ports = await waiting();
      ports.clock.set(at);
      await answer(ports, declined);
      expect((await settleOutcome(ports, ref)).publish, at).toEqual(publish);
    }
  });

  it('[R-FEE-5] where the agreement says so every word is published at once, and nothing when there is none', async () => {
    const ports = atOnce(await answered());
    expect((await settleOutcome(ports, ref)).publish).toEqual({ partner: 'elan-wonen', mail: true });
    ports.clock.set('2026-03-20T09:00:00.000Z');
    await endEarly(ports, 'plan gestopt');
    expect((await endSuspension(ports, ref)).publish).toEqual({ partner: 'elan-wonen', mail: true });
    const silent = atOnce(await received(lcv));
    await assignSignal(silent, ref);
    await answer(silent, declined);
    expect((await settleOutcome(silent, ref)).publish).toBe(null);
  });

  it('[R-FEE-2] takes back what a settlement that came too late told of an outcome that was corrected meanwhile', async () => {
    const ports = await received(lcv);
    await assignSignal(ports, ref);
    ports.clock.set('2026-03-10T14:00:00.000Z');
    await answer(ports, accepted);
    const { feedback } = previewOf(stored(ports), accepted, governingOf(stored(ports)), date('2026-03-10'), []);
    await correct(ports, { ...declined, date: date('2026-03-10') });
    await settleOutcome(ports, ref);
    expect(toldKinds(ports)).toEqual([]);
    for (const late of feedback) await ports.feedback.add(late);
    await settleOutcome(ports, ref);
    expect(toldKinds(ports)).toEqual(['1 OUTCOME', '2 RETRACTED', '2 SUSPENSION_ENDED_EARLY']);
  });

  it('[R-SUS-4] a record that was moved away says nothing of the schuldenrust of the one it went to', async () => {
    const ports = await suspended();
    const [first] = told(ports);
    if (!first) throw new Error('nothing told');
    const left = { ...stored(ports), status: 'WITHDRAWN', reason: 'verplaatst', closedAt: ports.clock.now() } as const;
    const { outcome: _outcome, suspension: _suspension, ...before } = left as typeof left & Record<string, unknown>;
    const withdrawnBefore = before as unknown as Extract<Signal, { status: 'WITHDRAWN' }>;
    expect(suspensionEndFeedback(withdrawnBefore, date('2026-03-12'), [{ ...first, number: 1 }])).toBeUndefined();
  });

  it('leaves a signal alone that was opened again before the execution heard that it had settled', async () => {
    const ports = await answered(declined);
    await settleOutcome(ports, ref);
    await again(ports);
    expect(await settleOutcome(ports, ref)).toEqual({ waiting: false, terms: [], publish: null });
    expect(await endSuspension(ports, ref)).toEqual({ waiting: false, terms: [], publish: null });
  });

  it('fails by name without rules', async () => {
    const ports = { ...(await answered()), configuration: new MemoryConfiguration({ ...configuration, policies: [] }) };
    await expect(settleOutcome(ports, ref)).rejects.toMatchObject({ name: 'PolicyMissing', message: '' });
  });

  it('refuses to settle what nobody answered: the execution fails where operators see it', async () => {
    await expect(settleOutcome(await waiting(), ref)).rejects.toMatchObject({ name: 'OutcomeMissing' });
  });

  it('survives a crash at every call', async () => {
    expect(await survivesEveryCrash(answered, (ports) => settleOutcome(ports, ref))).toBe(5);
    const stages = [
      () => answered(declined),
      () => answered({ ...accepted, arrangement: { monthlyCents: Cents.parse(5000), from: date('2026-04-01') } }),
      () => corrected({ ...accepted, date: date('2026-03-12') }),
      () => corrected(declined),
    ];
    for (const stage of stages) await survivesEveryCrash(stage, (ports) => settleOutcome(ports, ref));
  });
});

describe('end of schuldenrust', () => {
  const over = async () => {
    const ports = await suspended();
    await pass(ports);
    await pass(ports);
    return ports;
  };
  const endedEarly = async () => {
    const ports = await suspended();
    ports.clock.set('2026-03-20T09:00:00.000Z');
    await endEarly(ports, 'betaling niet hervat');
    return ports;
  };
  const withdrawnMeanwhile = async () => {
    const ports = await suspended();
    ports.clock.set('2026-03-20T09:00:00.000Z');
    await takeBack(ports);
    return ports;
  };

  it('[R-SUS-2] [R-SUS-3] expires at midnight after its last day, and the partner hears it', async () => {
    const ports = await over();
    expect(await endSuspension(ports, ref)).toEqual({ waiting: false, terms: [], publish: null });
    expect([...ports.feedback.items.values()].at(-1)).toMatchObject({
      kind: 'SUSPENSION_EXPIRED',
      on: '2026-04-09',
      date: '2026-04-10',
    });
    expect(kinds(ports).slice(-3)).toEqual(['SUSPENSION_EXPIRED', 'FED_BACK', 'CLOSED']);
  });

  it('[R-SUS-4] ends early, and the partner hears that, not why', async () => {
    const ports = await endedEarly();
    await endSuspension(ports, ref);
    expect([...ports.feedback.items.values()].at(-1)).toEqual({
      partner: 'elan-wonen',
      signalId: ref.signalId,
      number: 1,
      reference: 'HC-1001',
      municipality: '0392',
      date: '2026-03-20',
      kind: 'SUSPENSION_ENDED_EARLY',
      on: '2026-03-20',
    });
    expect(kinds(ports)).not.toContain('SUSPENSION_EXPIRED');
    expect(stored(ports)).toMatchObject({
      status: 'CLOSED',
      suspension: { endedEarly: { reason: 'betaling niet hervat' } },
    });
  });

  it('[R-SUS-4] [R-DEL-9] ends with a withdrawal, which stays a withdrawal', async () => {
    const ports = await withdrawnMeanwhile();
    await endSuspension(ports, ref);
    expect([...ports.feedback.items.values()].at(-1)).toMatchObject({
      kind: 'SUSPENSION_ENDED_EARLY',
      on: '2026-03-20',
    });
    expect(stored(ports).status).toBe('WITHDRAWN');
  });

  it('[R-SUS-2] never ends a moment before its time', async () => {
    const ports = await suspended();
    ports.clock.set('2026-04-09T21:59:59.999Z');
    await expect(endSuspension(ports, ref)).rejects.toMatchObject({ name: 'SignalChanged' });
    expect(stored(ports).status).toBe('SUSPENDED');
    expect(ports.feedback.items.size).toBe(1);
  });

  it('[R-SUS-2] an early end that comes after the last day is no longer rest', async () => {
    const ports = await suspended();
    ports.clock.set('2026-04-10T07:00:00.000Z');
    await endEarly(ports, 'plan gestopt');
    await endSuspension(ports, ref);
    expect(told(ports).at(-1)).toMatchObject({ kind: 'SUSPENSION_EXPIRED', on: '2026-04-09', date: '2026-04-10' });
  });

  it('sends the execution back to settle an outcome that was corrected in the same moment', async () => {
    const ports = await corrected(declined);
    await expect(endSuspension(ports, ref)).rejects.toMatchObject({ name: 'SignalChanged' });
    expect(toldKinds(ports)).toEqual(['1 OUTCOME']);
  });

  it('[R-SUS-4] a withdrawal right after a correction still ends what the partner was told', async () => {
    const ports = await corrected(declined);
    await takeBack(ports);
    await endSuspension(ports, ref);
    expect(toldKinds(ports)).toEqual(['1 OUTCOME', '2 SUSPENSION_ENDED_EARLY']);
    await endSuspension(ports, ref);
    expect(toldKinds(ports)).toHaveLength(2);
  });

  it('survives a crash at every call', async () => {
    for (const stage of [over, endedEarly, withdrawnMeanwhile])
      await survivesEveryCrash(stage, (ports) => endSuspension(ports, ref));
  });
});
