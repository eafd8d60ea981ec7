import { describe, expect, it } from 'vitest';
import { Instant, IsoDate, PolicyId, SignalId } from '#domain/ids.ts';
import type { Signal, Term } from '#domain/signal/signal.ts';
import { assignSignal } from '#functions/casework/assign-signal/assign-signal.ts';
import { awaitChange } from '#functions/casework/await-change/await-change.ts';
import { endSuspension } from '#functions/casework/end-suspension/end-suspension.ts';
import { passTerm } from '#functions/casework/pass-term/pass-term.ts';
import { settleOutcome } from '#functions/casework/settle-outcome/settle-outcome.ts';
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
  TOKEN,
  takeBack,
  waiting,
} from './stages.ts';

const personal = ['Jansen', 'HC-1001', '2011AB', 'elan-wonen', 'Huur'];

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
        reference: 'HC-1001',
        municipality: '0392',
        date: '2026-03-10',
        kind: 'OUTCOME',
        outcome: 'HELP_ACCEPTED',
        suspension: { startsOn: '2026-03-10', lastDay: '2026-04-09' },
        paymentResumes: { from: '2026-04-01' },
      },
    ]);
    expect(stored(ports)).toMatchObject({ status: 'SUSPENDED', suspension: { fedBackOn: '2026-03-10' } });
    for (const word of personal) expect(JSON.stringify(settled)).not.toContain(word);
  });

  it('[R-FEE-2] [R-SUS-6] not accepted: closed, nothing suspended; the LCV tells nothing, Haarlem that no help came of it', async () => {
    const lcv = reported({ policy: PolicyId.parse('lcv') });
    for (const [signal, told] of [
      [lcv, []],
      [fresh, ['NO_HELP']],
    ] as const) {
      const ports = await received(signal);
      await assignSignal(ports, ref);
      await answer(ports, declined);
      expect(await settleOutcome(ports, ref)).toEqual({ waiting: false, terms: [] });
      expect(stored(ports)).toMatchObject({ status: 'CLOSED', outcome: declined });
      expect([...ports.feedback.items.values()].map((item) => 'outcome' in item && item.outcome)).toEqual(told);
      expect(kinds(ports).includes('FED_BACK')).toBe(told.length > 0);
    }
  });

  it('[R-FEE-4] accepted but payment cannot resume: told, not suspended', async () => {
    const ports = await answered({ ...accepted, paymentResumes: 'cannot' });
    expect(await settleOutcome(ports, ref)).toEqual({ waiting: false, terms: [] });
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
    expect(await settleOutcome(ports, ref)).toEqual({ waiting: false, terms: [] });
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
    expect(await settleOutcome(ports, ref)).toEqual({ waiting: false, terms: [] });
    expect([...ports.feedback.items.values()].map(({ kind }) => kind)).toEqual(['OUTCOME', 'SUSPENSION_ENDED_EARLY']);
    expect(stored(ports).status).toBe('WITHDRAWN');
  });

  it('[R-SUS-4] settled again after an early end still passes the wait, so that the end is told', async () => {
    const ports = await suspended();
    await endEarly(ports, 'plan gestopt');
    expect(await settleOutcome(ports, ref)).toMatchObject({ waiting: true, terms: [{ kind: 'SUSPENSION_END' }] });
  });

  it('refuses to settle what nobody answered: the execution fails where operators see it', async () => {
    await expect(settleOutcome(await waiting(), ref)).rejects.toMatchObject({ name: 'OutcomeMissing' });
  });

  it('survives a crash at every call', async () => {
    expect(await survivesEveryCrash(answered, (ports) => settleOutcome(ports, ref))).toBe(4);
    await survivesEveryCrash(
      () => answered(declined),
      (ports) => settleOutcome(ports, ref),
    );
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
    expect(await endSuspension(ports, ref)).toEqual({ ended: true });
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
    await expect(endSuspension(ports, ref)).rejects.toMatchObject({ name: 'SuspensionNotOver' });
    expect(stored(ports).status).toBe('SUSPENDED');
    expect(ports.feedback.items.size).toBe(1);
  });

  it('survives a crash at every call', async () => {
    for (const stage of [over, endedEarly, withdrawnMeanwhile])
      await survivesEveryCrash(stage, (ports) => endSuspension(ports, ref));
  });
});
