import { describe, expect, it } from 'vitest';
import { ArrearId, Instant, Period, signalIdOf } from '#domain/ids.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { withdraw } from '#domain/signal/transition.ts';
import { assignSignal } from '#functions/casework/assign-signal/assign-signal.ts';
import { receiveOutcomes } from '#functions/casework/receive-outcomes/receive-outcomes.ts';
import { settleOutcome } from '#functions/casework/settle-outcome/settle-outcome.ts';
import { everyOrder } from '#test/support/memory/interleave.ts';
import type { MemoryPorts } from '#test/support/memory/ports.ts';
import { answersTo, dropOnce, help, type Line, outcomesCsv, take } from '#test/support/outcomes.ts';
import { answered, declined, ref, reported, stored, TOKEN, wait, waiting } from './stages.ts';

const SECOND = '2026-03-10T14:00:00.000Z';
const zaak = ref.caseId;
const noHelp = {
  resultaat: 'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering',
  resultaat_datum: '10-03-2026',
} as const;
const deceased = { resultaat: 'Inwoner is overleden', resultaat_datum: '10-03-2026' } as const;

const atThatSecond = async (): Promise<MemoryPorts> => {
  const ports = await waiting();
  ports.clock.set(SECOND);
  return ports;
};
const file =
  (...lines: Line[]) =>
  async (ports: MemoryPorts) =>
    receiveOutcomes(ports, await dropOnce(ports, outcomesCsv(...lines), SECOND));
const answerOf = async (ports: MemoryPorts, ...lines: Line[]) =>
  answersTo(ports, await dropOnce(ports, outcomesCsv(...lines), SECOND)).receipt.answers;

/** The partner takes it back: written when nobody came between, else looked at again. */
const withdrawn = async (ports: MemoryPorts): Promise<void> => {
  for (;;) {
    const signal = await ports.signals.get(ref);
    if (!signal) throw new Error('no signal');
    const gone = withdraw(signal, 'betaald', ports.clock.now(), 'levering');
    if (!gone.ok) return;
    if ((await ports.signals.replace(gone.value.signal, gone.value.allowed)) === 'written') {
      if (signal.taskToken !== undefined) await ports.workflows.wake(signal.taskToken, 'OVER');
      return;
    }
  }
};
const only = (kinds: readonly string[]) => (signal: Signal) =>
  signal.history.map(({ kind }) => kind).filter((kind) => kinds.includes(kind));

describe('in the same second', () => {
  it('[R-DEL-9][R-FLO-6] a withdrawal and an outcome: it is withdrawn, and the line is answered as it went', async () => {
    for (const [first, second] of [
      [file({ zaak, ...help }), withdrawn],
      [withdrawn, file({ zaak, ...help })],
    ] as const)
      await everyOrder(atThatSecond, first, second, async (ports, order) => {
        const signal = stored(ports);
        expect(signal, order).toMatchObject({ status: 'WITHDRAWN', reason: 'betaald' });
        const events = only(['OUTCOME_RECORDED', 'WITHDRAWN'])(signal);
        const [answer] = await answerOf(ports, { zaak, ...help });
        if (events.length === 2) {
          expect(events, order).toEqual(['OUTCOME_RECORDED', 'WITHDRAWN']);
          expect(answer, order).toMatchObject({ verdict: 'verwerkt' });
        } else {
          expect(events, order).toEqual(['WITHDRAWN']);
          expect(answer, order).toMatchObject({ verdict: 'afgekeurd', code: 'WITHDRAWN' });
        }
        expect(ports.workflows.woken, order).toContain(TOKEN);
        await settleOutcome(ports, ref);
        expect(ports.feedback.items.size, order).toBe(0);
      });
  });

  it('[R-FLO-6] two files with two outcomes: one stands, the other is told so', async () => {
    const other = async (ports: MemoryPorts) => {
      const key = 'municipalities/0392/outcomes/ander.csv';
      const versionId = await ports.objects.put('exchange', key, outcomesCsv({ zaak, ...deceased }));
      const upload = { bucket: 'exchange', key, versionId, sizeBytes: 1, eventTime: SECOND };
      await receiveOutcomes(ports, upload);
    };
    await everyOrder(atThatSecond, file({ zaak, ...noHelp }), other, async (ports, order) => {
      const signal = stored(ports);
      expect(only(['OUTCOME_RECORDED'])(signal), order).toHaveLength(1);
      const [answer] = await answerOf(ports, { zaak, ...noHelp });
      const won = 'outcome' in signal && signal.outcome?.result === noHelp.resultaat;
      expect(answer, order).toMatchObject(
        won ? { verdict: 'verwerkt' } : { verdict: 'afgekeurd', code: 'CONTRADICTORY' },
      );
    });
  });

  it('[R-FLO-8] a corrected phase and the wait: whatever comes first, the execution waits for the new day', async () => {
    const setup = async (): Promise<MemoryPorts> => {
      const ports = await waiting();
      ports.clock.set('2026-03-03T09:00:00.000Z');
      return ports;
    };
    let asleepUntil: string | undefined;
    /** The execution goes to sleep until the term it knows of. */
    const sleeps = (ports: MemoryPorts) => {
      const signal = stored(ports);
      asleepUntil = 'terms' in signal ? signal.terms[0]?.on : undefined;
      return wait(ports, 'again');
    };
    for (const [first, second] of [
      [file({ zaak, fase: 'incasso' }), sleeps],
      [sleeps, file({ zaak, fase: 'incasso' })],
    ] as const)
      await everyOrder(setup, first, second, (ports, order) => {
        const signal = stored(ports);
        const [next] = 'terms' in signal ? signal.terms : [];
        expect(next, order).toMatchObject({ kind: 'FEEDBACK', on: '2026-03-09' });
        const sentBack = ports.workflows.woken.includes('again CHANGED');
        expect(sentBack ? '2026-03-09' : asleepUntil, order).toBe('2026-03-09');
      });
  });
});

const arrearId = ArrearId.parse('8K3QX9M2T4VB8C1D');
const joining = reported({
  arrearId,
  signalId: signalIdOf(arrearId, Period.parse('2026-04')),
  reference: 'PW-7',
  receivedAt: Instant.parse(SECOND),
});
/** Another partner's signal joins the case: written, then its own execution assigns it. */
const joins = async (ports: MemoryPorts): Promise<void> => {
  await ports.signals.claim(joining.arrearId, joining.period, joining.caseId);
  await ports.signals.create(joining);
  await assignSignal(ports, joining);
};
const joinedOf = async (ports: MemoryPorts): Promise<Signal> => {
  const found = await ports.signals.get(joining);
  if (!found) throw new Error('did not join');
  return found;
};

describe('[R-FLO-1] a signal that joins its case while it is answered', () => {
  it('has the answer, whoever comes first at each step', async () => {
    for (const [first, second] of [
      [file({ zaak, ...noHelp }), joins],
      [joins, file({ zaak, ...noHelp })],
    ] as const) {
      const orders = await everyOrder(atThatSecond, first, second, async (ports, order) => {
        expect(stored(ports), order).toMatchObject({ status: 'OUTCOME_KNOWN' });
        expect(await joinedOf(ports), order).toMatchObject({
          status: 'OUTCOME_KNOWN',
          outcome: { result: noHelp.resultaat, date: '2026-03-10', forCase: true },
        });
        expect(only(['OUTCOME_RECORDED'])(await joinedOf(ports)), order).toHaveLength(1);
      });
      expect(orders).toBeGreaterThan(5);
    }
  });

  it('has the corrected answer, when the case is corrected at that moment', async () => {
    const closed = async (): Promise<MemoryPorts> => {
      const ports = await answered(declined);
      await settleOutcome(ports, ref);
      return ports;
    };
    const corrected = file({ zaak, ...deceased, correctie: 'j' });
    for (const [first, second] of [
      [corrected, joins],
      [joins, corrected],
    ] as const)
      await everyOrder(closed, first, second, async (ports, order) => {
        expect(stored(ports), order).toMatchObject({ outcome: { result: deceased.resultaat } });
        expect(await joinedOf(ports), order).toMatchObject({ outcome: { result: deceased.resultaat } });
      });
  });

  it.each([
    ['in a crisis', { kind: 'ontruiming' as const }, noHelp],
    ['of an answer about one signal', {}, { ...noHelp, resultaat: 'Niet opgepakt: andere reden' }],
  ])('[R-FLO-3] is left alone %s, when the case was read before it came', async (_, facts, answer) => {
    const ports = await atThatSecond();
    const ofHousehold = ports.signals.ofHousehold.bind(ports.signals);
    ports.signals.ofHousehold = async (...household) => {
      ports.signals.ofHousehold = ofHousehold;
      const before = await ofHousehold(...household);
      await ports.signals.create({ ...joining, ...facts });
      return before;
    };
    await take(ports, outcomesCsv({ zaak, ...answer }));
    expect(stored(ports)).toMatchObject({ status: 'OUTCOME_KNOWN' });
    expect(await joinedOf(ports)).toMatchObject({ status: 'RECEIVED' });
  });

  it('[R-FEE-3][R-SUS-1] has nothing of another arrear, when the case was read before it came', async () => {
    const ports = await atThatSecond();
    const ofHousehold = ports.signals.ofHousehold.bind(ports.signals);
    ports.signals.ofHousehold = async (...household) => {
      ports.signals.ofHousehold = ofHousehold;
      const before = await ofHousehold(...household);
      await ports.signals.create(joining);
      return before;
    };
    await take(ports, outcomesCsv({ zaak, ...help, regeling_bedrag: '75,00', regeling_vanaf: '01-04-2026' }));
    expect(stored(ports)).toMatchObject({ outcome: { maySuspend: true, arrangement: { monthlyCents: 7500 } } });
    expect(await joinedOf(ports)).toHaveProperty('outcome', {
      result: 'Vervolghulp en/of verwijzing',
      date: '2026-03-10',
      actionPlanOn: '2026-03-10',
      maySuspend: false,
      forCase: true,
    });
  });

  it('is left alone by an answer to another signal alone', async () => {
    const ports = await atThatSecond();
    await joins(ports);
    await take(ports, outcomesCsv({ signaal: ref.signalId, ...noHelp }));
    expect(await joinedOf(ports)).toMatchObject({ status: 'ASSIGNED' });
  });
});
