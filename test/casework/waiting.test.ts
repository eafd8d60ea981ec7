import { describe, expect, it } from 'vitest';
import {
  ArrearId,
  Cents,
  caseIdOf,
  HouseholdKey,
  Instant,
  IsoDate,
  MunicipalityCode,
  PolicyId,
  SignalId,
  signalIdOf,
} from '#domain/ids.ts';
import type { Signal, SignalFacts, Term } from '#domain/signal/signal.ts';
import { correct, correctPhase, recordContactAttempt, recordOutcome } from '#domain/signal/transition.ts';
import { assignSignal } from '#functions/casework/assign-signal/assign-signal.ts';
import { awaitChange } from '#functions/casework/await-change/await-change.ts';
import type { MemoryPorts } from '#test/support/memory/ports.ts';
import { survivesEveryCrash } from '#test/support/memory/replay.ts';
import {
  accepted,
  answer,
  answered,
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
  wait,
  waiting,
} from './stages.ts';

const stranger = { ...ref, signalId: SignalId.parse('0000000000000000-2604') };
const withdrawn = async () => {
  const ports = await waiting();
  await takeBack(ports);
  return ports;
};
const personal = ['Jansen', 'HC-1001', '2011AB', 'elan-wonen', 'Huur'];
const termsOf = (ports: MemoryPorts): readonly Term[] => {
  const signal = stored(ports);
  return 'terms' in signal ? signal.terms : [];
};
const write = async (
  ports: MemoryPorts,
  moved: { ok: true; value: { signal: Signal; allowed: readonly Signal['status'][] } } | { ok: false; error: string },
) => {
  if (!moved.ok) throw new Error(moved.error);
  expect(await ports.signals.replace(moved.value.signal, moved.value.allowed)).toBe('written');
};

describe('assign', () => {
  it('[R-FLO-1][R-FLO-2][R-FLO-3][R-FLO-4] hands over to the first team, with the terms of the agreement', async () => {
    const ports = await received();
    const { terms } = await assignSignal(ports, ref);
    // Haarlem: 10 business days after Monday 2 March, 14, 25, 28 and 60 calendar days.
    expect(terms.map(({ kind, on }) => [kind, on])).toEqual([
      ['REMINDER', '2026-03-16'],
      ['FEEDBACK', '2026-03-16'],
      ['WARNING', '2026-03-27'],
      ['ESCALATION', '2026-03-30'],
      ['CLOSING', '2026-05-01'],
    ]);
    expect(stored(ports)).toMatchObject({ status: 'ASSIGNED', team: 'sdv', terms, version: 2 });
    for (const word of personal) expect(JSON.stringify(terms)).not.toContain(word);
  });

  it('a second time changes nothing', async () => {
    const ports = await received();
    const first = await assignSignal(ports, ref);
    const after = stored(ports);
    expect(await assignSignal(ports, ref)).toEqual(first);
    expect(stored(ports)).toEqual(after);
  });

  it('has nothing to wait for when it was withdrawn or answered before', async () => {
    for (const before of [takeBack, (ports: MemoryPorts) => answer(ports, accepted)]) {
      const ports = await received();
      await before(ports);
      expect(await assignSignal(ports, ref)).toEqual({ terms: [] });
    }
  });

  it('[R-FLO-8][R-FLO-3] counts anew for one that waits and changed', async () => {
    const ports = await waiting();
    await write(ports, correctPhase(stored(ports), 'incasso', ports.clock.now(), { source: 'uitkomsten' }));
    const { terms } = await assignSignal(ports, ref);
    expect(terms[0]).toMatchObject({ kind: 'FEEDBACK', on: '2026-03-09' });
    expect(terms[0]?.because).toMatch(/^5 werkdagen na 2 maart 2026 = 9 maart 2026 \(/);
    expect(kinds(ports).slice(-2)).toEqual(['PHASE_CORRECTED', 'TERMS_CHANGED']);
  });

  it('[R-DEL-12] an eviction announced later gets its three business days, counted from the report', async () => {
    const ports = await waiting();
    const facts: SignalFacts = {
      ...fresh,
      kind: 'ontruiming',
      delivery: {
        ...fresh.delivery,
        deliveryId: 'ZZZZZZZZZZZZZZZZZZZZZZZZZZ' as SignalFacts['delivery']['deliveryId'],
      },
    };
    const [known = null] = termsOf(ports);
    await write(ports, correct(stored(ports), facts, ports.clock.now(), 'levering-2'));
    // Also when no wake reached it: whoever waits for the terms of before is sent back.
    const wanted = { ...ref, waitingFor: 'OUTCOME', term: known, taskToken: 'token-2' } as const;
    expect(await awaitChange(ports, wanted)).toEqual({ waiting: false });
    expect(ports.workflows.woken).toEqual(['token-2 CHANGED']);
    expect((await assignSignal(ports, ref)).terms[0]).toMatchObject({ kind: 'FIRST_CONVERSATION', on: '2026-03-05' });
  });

  it('[R-FLO-3] a conversation that was held in time does not bring its term back when the terms are counted anew', async () => {
    const ports = await received(reported({ kind: 'ontruiming' }));
    const spoken = { kind: 'Telefoon', reached: true, date: IsoDate.parse('2026-03-03') } as const;
    await assignSignal(ports, ref);
    ports.clock.set('2026-03-03T12:00:00.000Z');
    await write(ports, recordContactAttempt(stored(ports), spoken, ports.clock.now(), { source: 'uitkomsten' }));
    ports.clock.set('2026-03-06T12:00:00.000Z');
    await write(ports, correctPhase(stored(ports), 'incasso', ports.clock.now(), { source: 'fase' }));
    const { terms } = await assignSignal(ports, ref);
    expect(terms.map(({ kind }) => kind)).not.toContain('FIRST_CONVERSATION');
    expect(await wait(ports, 'token-2')).toEqual({ waiting: true });
    expect(await assignSignal(ports, ref)).toEqual({ terms });
    expect(kinds(ports)).not.toContain('FIRST_CONVERSATION_OVERDUE');
  });

  it('fails by name without its signal, its policy, or the holidays of the year', async () => {
    const lost = await received(reported({ policy: PolicyId.parse('verdwenen') }));
    await expect(assignSignal(lost, ref)).rejects.toMatchObject({ name: 'PolicyMissing', message: '' });
    await expect(assignSignal(lost, stranger)).rejects.toMatchObject({ name: 'SignalMissing', message: '' });
    const late = await received(reported({ receivedAt: Instant.parse('2028-12-28T09:00:00.000Z') }));
    await expect(assignSignal(late, ref)).rejects.toMatchObject({ name: 'CalendarEnded', message: '' });
  });

  it('survives a crash at every call', async () => {
    expect(
      await survivesEveryCrash(
        () => received(),
        (ports) => assignSignal(ports, ref),
      ),
    ).toBe(5);
  });
});

describe('a signal that joins a case', () => {
  const arrearId = ArrearId.parse('9K3QX9M2T4VB8C1D');
  const joiner = reported({
    arrearId,
    signalId: signalIdOf(arrearId, fresh.period),
    receivedAt: Instant.parse('2026-03-12T08:00:00.000Z'),
  });
  const joined = { caseId: joiner.caseId, signalId: joiner.signalId };
  const outcomeOf = async (ports: MemoryPorts) => {
    const signal = await ports.signals.get(joined);
    return signal && 'outcome' in signal ? signal.outcome : undefined;
  };
  /** The first signal is answered on 10 March, the second comes two days later. */
  const late = async (outcome = accepted) => {
    const ports = await answered(outcome);
    await ports.signals.create(joiner);
    ports.clock.set('2026-03-12T08:00:01.000Z');
    return ports;
  };

  it('[R-FLO-1] follows the answer of the case, from the day it came', async () => {
    const ports = await late();
    expect(await assignSignal(ports, joined)).toEqual({ terms: [] });
    expect(await outcomeOf(ports)).toMatchObject({ result: accepted.result, date: '2026-03-12' });
  });

  it('[R-FEE-3][R-SUS-1] takes over nothing that is about the arrear of another partner', async () => {
    const arrangement = { monthlyCents: Cents.parse(7_500), from: IsoDate.parse('2026-04-01') };
    const ports = await late({ ...accepted, arrangement });
    await assignSignal(ports, joined);
    expect(await outcomeOf(ports)).toEqual({
      result: 'Vervolghulp en/of verwijzing',
      date: '2026-03-12',
      actionPlanOn: '2026-03-10',
      maySuspend: false,
      forCase: true,
    });
  });

  it.each(['eindelevering', 'ontruiming'] as const)(
    '[R-FLO-1][R-FLO-3] a crisis (%s) follows nobody: it waits for a conversation',
    async (kind) => {
      const ports = await answered();
      await ports.signals.create({ ...joiner, kind });
      expect((await assignSignal(ports, joined)).terms.map((term) => term.kind)).toContain('FIRST_CONVERSATION');
      expect(await outcomeOf(ports)).toBeUndefined();
    },
  );

  it.each([
    'Niet opgepakt: andere reden',
    'Niet opgepakt: herhaalde melding',
    'Niet opgepakt: onterecht signaal',
  ] as const)('[R-FLO-1] does not follow what is about one signal: %s', async (result) => {
    const ports = await late({ result, date: accepted.date, maySuspend: false, forCase: true });
    expect((await assignSignal(ports, joined)).terms).not.toEqual([]);
    expect(await outcomeOf(ports)).toBeUndefined();
  });

  it('[R-FLO-1] does not follow an answer for one signal only, a horizon that passed, nor a withdrawal', async () => {
    const alone = await late({ ...accepted, forCase: false });
    expect((await assignSignal(alone, joined)).terms).not.toEqual([]);
    const gone = await withdrawn();
    await gone.signals.create(joiner);
    expect((await assignSignal(gone, joined)).terms).not.toEqual([]);
  });

  it('[R-ROU-4] does not follow one that was handed over: a worker decides whether it goes along', async () => {
    const ports = await waiting();
    const gone = { ...accepted, result: 'Persoon is geen inwoner (meer) in de gemeente', maySuspend: false } as const;
    const elsewhere = caseIdOf(MunicipalityCode.parse('0473'), fresh.period, HouseholdKey.parse('9F3K2M8QZX7C'));
    const at = ports.clock.now();
    await write(ports, recordOutcome(stored(ports), gone, at, { source: 'uitkomsten' }, elsewhere));
    await ports.signals.create(joiner);
    expect((await assignSignal(ports, joined)).terms).not.toEqual([]);
  });

  it('[R-SUS-4] does not follow into a schuldenrust that ended early: a worker decides', async () => {
    const ports = await suspended();
    await endEarly(ports, 'plan gestopt');
    await ports.signals.create(joiner);
    expect((await assignSignal(ports, joined)).terms).not.toEqual([]);
  });

  it('[R-FLO-1] answered while it was being assigned: it looks after it was assigned, so nothing is missed', async () => {
    const ports = await waiting();
    await ports.signals.create(joiner);
    const replace = ports.signals.replace.bind(ports.signals);
    ports.signals.replace = async (signal, allowed) => {
      ports.signals.replace = replace;
      const written = await replace(signal, allowed);
      await answer(ports, accepted);
      return written;
    };
    expect(await assignSignal(ports, joined)).toEqual({ terms: [] });
    expect(await outcomeOf(ports)).toMatchObject({ result: accepted.result });
  });

  it('survives a crash at every call', async () => {
    await survivesEveryCrash(late, (ports) => assignSignal(ports, joined));
  });
});

describe('await a change', () => {
  it('keeps the token while the signal waits', async () => {
    const ports = await waiting();
    expect(stored(ports).taskToken).toBe(TOKEN);
    expect(await wait(ports, 'token-2')).toEqual({ waiting: true });
    expect(stored(ports).taskToken).toBe('token-2');
    expect(ports.workflows.woken).toEqual([]);
  });

  it.each([
    ['answered', () => answered()],
    ['suspended', () => suspended()],
    ['withdrawn', withdrawn],
  ])('wakes at once when the signal is %s already', async (_, stage) => {
    const ports = await stage();
    const before = stored(ports);
    const wanted = { ...ref, waitingFor: 'OUTCOME', term: null, taskToken: 'token-2' } as const;
    expect(await awaitChange(ports, wanted)).toEqual({ waiting: false });
    expect(ports.workflows.woken).toEqual(['token-2']);
    expect(stored(ports)).toEqual(before);
  });

  it('[R-SUS-4] wakes at once when the suspension ended early already', async () => {
    const ports = await suspended();
    expect(await wait(ports, 'token-2')).toEqual({ waiting: true });
    await endEarly(ports, 'plan gestopt');
    expect(await wait(ports, 'token-3')).toEqual({ waiting: false });
    expect(ports.workflows.woken).toEqual(['token-3']);
  });

  it('[R-FLO-6] sends back to settle when the outcome was corrected during schuldenrust', async () => {
    const ports = await answered();
    const wanted = { ...ref, waitingFor: 'SUSPENSION_END', term: null, taskToken: 'token-2' } as const;
    expect(await awaitChange(ports, wanted)).toEqual({ waiting: false });
    expect(ports.workflows.woken).toEqual(['token-2 CHANGED']);
  });

  it('sends back an execution that waits for another term than the stored one', async () => {
    const ports = await waiting();
    const before = stored(ports);
    const wanted = { ...ref, waitingFor: 'OUTCOME', term: termsOf(ports)[1] ?? null, taskToken: 'token-2' } as const;
    expect(await awaitChange(ports, wanted)).toEqual({ waiting: false });
    expect(ports.workflows.woken).toEqual(['token-2 CHANGED']);
    expect(stored(ports)).toEqual(before);
  });

  it('loses no wake when the answer comes between reading and storing', async () => {
    const ports = await waiting();
    const get = ports.signals.get.bind(ports.signals);
    let raced = false;
    ports.signals.get = async (asked) => {
      const read = await get(asked);
      if (!raced) {
        raced = true;
        await answer(ports, accepted);
      }
      return read;
    };
    expect(await wait(ports, 'token-2')).toEqual({ waiting: false });
    expect(ports.workflows.woken).toEqual(['token-2']);
  });

  it('leaves it to the workflow to try again when others keep writing', async () => {
    const ports = await waiting();
    ports.signals.storeTaskToken = async () => 'conflict';
    await expect(wait(ports, 'token-2')).rejects.toMatchObject({ name: 'TransientFailure' });
  });

  it('survives a crash at every call', async () => {
    await survivesEveryCrash(waiting, (ports) => wait(ports, 'token-2'));
    const taken = { ...ref, waitingFor: 'OUTCOME', term: null, taskToken: 'token-2' } as const;
    await survivesEveryCrash(answered, (ports) => awaitChange(ports, taken));
  });
});

describe('terms that pass', () => {
  it('[R-FLO-2][R-FLO-3][R-FLO-7] reminds, warns, expires, closes by policy; answerable in between', async () => {
    const ports = await waiting();
    for (const [status, ...said] of [
      // Day 14 and the tenth business day are the same Monday.
      ['ASSIGNED', 'REMINDED', 'FEEDBACK_OVERDUE'],
      ['ASSIGNED', 'WARNED'],
      ['TERM_EXPIRED', 'TERM_EXPIRED'],
    ] as const) {
      expect(await pass(ports)).toEqual({ waiting: true });
      expect(stored(ports).status).toBe(status);
      expect(kinds(ports).slice(-said.length)).toEqual(said);
    }
    expect(await pass(ports)).toEqual({ waiting: false });
    expect(stored(ports)).toMatchObject({
      status: 'OUTCOME_KNOWN',
      outcome: {
        result: 'Definitief geen contact kunnen krijgen',
        date: '2026-05-01',
        maySuspend: false,
        forCase: false,
      },
    });
    expect(ports.workflows.woken).toEqual(['after CLOSING']);
  });

  it('one that passed keeps the token of the wait that follows, in the same write', async () => {
    const ports = await waiting();
    const { version } = stored(ports);
    await pass(ports);
    expect(stored(ports)).toMatchObject({ taskToken: 'after REMINDER', version: version + 1 });
  });

  it('says each once, however often the wait begins again', async () => {
    const ports = await waiting();
    await pass(ports);
    const after = stored(ports);
    expect(await wait(ports, 'after REMINDER')).toEqual({ waiting: true });
    expect(stored(ports)).toEqual(after);
  });

  it('a timer that is early changes nothing and is sent back', async () => {
    const ports = await waiting();
    const before = stored(ports);
    const [, , warning] = termsOf(ports);
    ports.clock.set('2026-03-16T22:59:59.999Z');
    const early = { ...ref, waitingFor: 'OUTCOME', term: warning ?? null, taskToken: 'token-2' } as const;
    expect(await awaitChange(ports, early)).toEqual({ waiting: false });
    expect(ports.workflows.woken).toEqual(['token-2 CHANGED']);
    expect(stored(ports)).toEqual(before);
  });

  it('[R-SUS-3] reminds of the end of schuldenrust, then lets it end', async () => {
    const ports = await suspended();
    expect(await pass(ports)).toEqual({ waiting: true });
    expect(kinds(ports).at(-1)).toBe('SUSPENSION_REMINDED');
    expect(await pass(ports)).toEqual({ waiting: false });
    expect(ports.workflows.woken).toEqual(['after SUSPENSION_END']);
    expect(stored(ports).status).toBe('SUSPENDED');
  });

  it('[R-FLO-7] an answer in the moment the horizon passes: one of both stands', async () => {
    const ports = await waiting();
    for (let i = 0; i < 3; i += 1) await pass(ports);
    const replace = ports.signals.replace.bind(ports.signals);
    ports.signals.replace = async () => {
      ports.signals.replace = replace;
      await answer(ports, { ...accepted, date: IsoDate.parse('2026-05-02') });
      return 'conflict';
    };
    expect(await pass(ports)).toEqual({ waiting: false });
    expect(stored(ports)).toMatchObject({ outcome: { result: accepted.result } });
    expect(recordOutcome(stored(ports), accepted, ports.clock.now(), { source: 'later' })).toEqual({
      ok: false,
      error: 'CONTRADICTORY',
    });
  });

  it('survives a crash at every call, at every term', async () => {
    for (let passed = 0; passed < 4; passed += 1) {
      const stage = async () => {
        const ports = await waiting();
        for (let i = 0; i < passed; i += 1) await pass(ports);
        return ports;
      };
      const [term] = termsOf(await stage());
      const [next = null] = termsOf(await stage()).filter(({ at }) => at > (term?.at ?? ''));
      // The workflow holds the term and the token once and for all.
      const wanted = { ...ref, waitingFor: 'OUTCOME', term: next, taskToken: 'token' } as const;
      await survivesEveryCrash(stage, (ports) => {
        ports.clock.set(term?.at ?? '');
        return awaitChange(ports, wanted);
      });
    }
  });
});

it('[R-AGR-3] another municipality, another agreement: no feedback term outside Haarlem', async () => {
  const elsewhere = reported({ municipality: MunicipalityCode.parse('0268') });
  const ports = await received({ ...elsewhere, caseId: fresh.caseId });
  expect((await assignSignal(ports, ref)).terms.map(({ kind }) => kind)).toEqual([
    'REMINDER',
    'WARNING',
    'ESCALATION',
    'CLOSING',
  ]);
});
