import { describe, expect, it } from 'vitest';
import { Cents, DeliveryId, Instant, IsoDate } from '#domain/ids.ts';
import { dueAt } from '#domain/signal/due.ts';
import type { ContactAttempt, Outcome, Signal, SignalStatus, Term } from '#domain/signal/signal.ts';
import {
  ALLOWED,
  assign,
  closeSettled,
  closeSuspension,
  correct,
  endSuspensionEarly,
  expireTerm,
  receive,
  recordContactAttempt,
  recordOutcome,
  remind,
  remindSuspension,
  suspend,
  type TransitionName,
  withdraw,
} from '#domain/signal/transition.ts';
import { suspensionTerms } from '#domain/suspension/suspension.ts';
import { termsOf } from '#domain/term/terms.ts';
import { signal as invented } from '#test/support/signal.ts';

const at = Instant.parse('2026-04-10T10:00:00.000Z');
const later = Instant.parse('2026-04-11T10:00:00.000Z');
const date = (text: string): IsoDate => IsoDate.parse(text);
const outcome: Outcome = { result: 'Vervolghulp en/of verwijzing', date: date('2026-04-09'), maySuspend: true };
const other: Outcome = { ...outcome, result: 'Inwoner is overleden' };
const attempt: ContactAttempt = { kind: 'Huisbezoek', reached: false, date: date('2026-04-08'), dayPart: 'Avond' };
const policy = {
  terms: { reminderDays: 14, escalationDays: 28, closingDays: 60 },
  suspension: { days: 30, reminderDaysBefore: 5 },
};
const terms = termsOf(at, policy);
const suspension = {
  startsOn: date('2026-04-09'),
  lastDay: date('2026-05-09'),
  acceptedOn: date('2026-04-09'),
  actionPlanOn: date('2026-04-09'),
  paymentResumesOn: date('2026-05-01'),
  fedBackOn: date('2026-04-10'),
};
const suspendedTerms: readonly Term[] = suspensionTerms(suspension, policy);
const early = { on: date('2026-04-20'), reason: 'plan gestopt' } as const;

const must = (moved: { ok: true; value: { signal: Signal } } | { ok: false; error: string }): Signal => {
  if (!moved.ok) throw new Error(moved.error);
  return moved.value.signal;
};

const facts = invented();
const received = receive(facts, at);
const assigned = must(assign(received, terms, at));
const expired = must(expireTerm(assigned, at));
const known = must(recordOutcome(assigned, outcome, at, 'uitkomsten'));
const suspended = must(suspend(known, suspension, suspendedTerms, at));
const closed = must(closeSettled(known, true, at));
const withdrawn = must(withdraw(assigned, 'betaald', at, 'levering'));
const inStatus: Readonly<Record<SignalStatus, Signal>> = {
  RECEIVED: received,
  ASSIGNED: assigned,
  TERM_EXPIRED: expired,
  OUTCOME_KNOWN: known,
  SUSPENDED: suspended,
  CLOSED: closed,
  WITHDRAWN: withdrawn,
};

const newer = {
  ...facts,
  amountCents: Cents.parse(999),
  delivery: { ...facts.delivery, deliveryId: DeliveryId.parse('ZZZZZZZZZZZZZZZZZZZZZZZZZZ'), receivedAt: later },
};

const run: Readonly<Record<TransitionName, (signal: Signal) => { ok: boolean; error?: string; value?: unknown }>> = {
  correct: (signal) => correct(signal, newer, at, 'levering'),
  withdraw: (signal) => withdraw(signal, 'fout', at, 'levering'),
  assign: (signal) => assign(signal, terms, at),
  remind: (signal) => remind(signal, at),
  expireTerm: (signal) => expireTerm(signal, at),
  recordContactAttempt: (signal) => recordContactAttempt(signal, attempt, at, 'uitkomsten'),
  recordOutcome: (signal) => recordOutcome(signal, other, at, 'uitkomsten'),
  suspend: (signal) => suspend(signal, suspension, suspendedTerms, at),
  remindSuspension: (signal) => remindSuspension(signal, at),
  endSuspensionEarly: (signal) => endSuspensionEarly(signal, early, at, 'uitkomsten'),
  closeSettled: (signal) => closeSettled(signal, false, at),
  closeSuspension: (signal) => closeSuspension(signal, at),
};

/** Written by hand from DOMAIN.md: what becomes of every status under every transition; ✗ = NOT_ALLOWED. */
const STATUSES = ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED', 'CLOSED', 'WITHDRAWN'] as const;
const X = 'NOT_ALLOWED';
const EXPECTED: Readonly<Record<TransitionName, readonly string[]>> = {
  correct: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED', 'CLOSED', X],
  withdraw: ['WITHDRAWN', 'WITHDRAWN', 'WITHDRAWN', 'WITHDRAWN', 'WITHDRAWN', X, 'ALREADY_KNOWN'],
  assign: ['ASSIGNED', X, X, X, X, X, X],
  remind: [X, 'ASSIGNED', X, X, X, X, X],
  expireTerm: [X, 'TERM_EXPIRED', X, X, X, X, X],
  recordContactAttempt: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED', X, X],
  recordOutcome: [
    'OUTCOME_KNOWN',
    'OUTCOME_KNOWN',
    'OUTCOME_KNOWN',
    'CONTRADICTORY',
    'CONTRADICTORY',
    'CLOSED',
    'CLOSED',
  ],
  suspend: [X, X, X, 'SUSPENDED', X, X, X],
  remindSuspension: [X, X, X, X, 'SUSPENDED', X, X],
  endSuspensionEarly: [X, X, X, X, 'SUSPENDED', 'CLOSED', 'CLOSED'],
  closeSettled: [X, X, X, 'CLOSED', X, X, X],
  closeSuspension: [X, X, X, X, 'CLOSED', X, X],
};
/** In these columns a status name is the error of that name. */
const ERRORS = new Set([
  'recordOutcome CLOSED',
  'recordOutcome WITHDRAWN',
  'endSuspensionEarly CLOSED',
  'endSuspensionEarly WITHDRAWN',
]);

const table = (Object.keys(EXPECTED) as TransitionName[]).flatMap((name) =>
  STATUSES.map((status, i) => [name, status, EXPECTED[name][i] ?? ''] as const),
);

describe('the transition table', () => {
  it.each(table)('[R-FLO-1] %s of a signal that is %s: %s', (name, status, expected) => {
    const before = inStatus[status];
    const moved = run[name](before);
    const value = moved.value as { signal: Signal; allowed: readonly SignalStatus[] } | undefined;
    const isError = !(STATUSES as readonly string[]).includes(expected) || ERRORS.has(`${name} ${status}`);
    if (isError) {
      expect(moved).toMatchObject({ ok: false, error: expected });
      return;
    }
    expect(moved.ok && value?.signal.status).toBe(expected);
    expect(value?.signal.version).toBe(before.version + 1);
    expect(value?.signal.history.slice(0, before.history.length)).toEqual(before.history);
    expect(value?.signal.history.length).toBeGreaterThan(before.history.length);
    expect(value?.allowed).toBe(ALLOWED[name]);
    expect(value?.allowed).toContain(status);
  });

  it.each(table)('%s: its list says the same of %s', (name, status, expected) => {
    const refuses = !(STATUSES as readonly string[]).includes(expected) || ERRORS.has(`${name} ${status}`);
    expect((ALLOWED[name] as readonly string[]).includes(status)).toBe(!refuses);
  });
});

describe('transitions', () => {
  it('[R-DEL-7] a correction keeps status, terms, outcome, first receipt and attempts, and replaces the facts', () => {
    const tried = must(recordContactAttempt(suspended, attempt, at, 'u'));
    const corrected = must(correct(tried, newer, later, 'levering-2'));
    expect(corrected).toMatchObject({
      status: 'SUSPENDED',
      outcome,
      suspension,
      terms: suspendedTerms,
      contactAttempts: [attempt],
      amountCents: 999,
      receivedAt: facts.receivedAt,
      delivery: { receivedAt: later },
    });
  });

  it('[R-DEL-7] an optional fact that is gone in the corrected row is gone', () => {
    const ends = receive({ ...facts, kind: 'eindelevering', endOfSupplyOn: date('2026-05-20') }, at);
    expect('endOfSupplyOn' in must(correct(ends, newer, later, 'levering-2'))).toBe(false);
  });

  it('[R-DEL-7] an earlier delivery never comes back over a later one', () => {
    const corrected = must(correct(received, newer, later, 'x'));
    const middle = {
      ...facts,
      delivery: { ...facts.delivery, deliveryId: DeliveryId.parse('YYYYYYYYYYYYYYYYYYYYYYYYYY') },
    };
    expect(correct(corrected, middle, later, 'y')).toEqual({ ok: false, error: 'STALE' });
    expect(correct(received, facts, later, 'y')).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
  });

  it('[R-FLO-6] the same outcome again is known in every later state, in any order of its fields', () => {
    const { maySuspend, date: on, result } = outcome;
    for (const state of [known, suspended, closed])
      expect(recordOutcome(state, { maySuspend, date: on, result }, later, 'nog eens')).toEqual({
        ok: false,
        error: 'ALREADY_KNOWN',
      });
  });

  it('[R-FLO-7] remembers that the answer came after the term', () => {
    expect(known).toMatchObject({ termExpired: false });
    expect(must(recordOutcome(expired, outcome, at, 'u'))).toMatchObject({ termExpired: true });
  });

  it('[R-FLO-5] the same attempt counts once, another one of the day counts too', () => {
    const tried = must(recordContactAttempt(assigned, attempt, at, 'u'));
    expect(recordContactAttempt(tried, { ...attempt }, at, 'u')).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
    expect(must(recordContactAttempt(tried, { ...attempt, kind: 'Kaartje' }, at, 'u')).contactAttempts).toHaveLength(2);
  });

  it('[R-FLO-2] a reminder happens once and leaves the other terms', () => {
    const reminded = must(remind(assigned, at));
    expect(reminded).toMatchObject({ terms: terms.slice(1) });
    expect(remind(reminded, at)).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
    const remindedSuspension = must(remindSuspension(suspended, at));
    expect(remindedSuspension).toMatchObject({ terms: suspendedTerms.slice(1) });
    expect(remindSuspension(remindedSuspension, at)).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
  });

  it('[R-SUS-4] a withdrawal ends a running suspension early and keeps it', () => {
    expect(must(withdraw(suspended, 'betaald', at, 'l'))).toMatchObject({
      status: 'WITHDRAWN',
      outcome,
      suspension: { ...suspension, endedEarly: { on: '2026-04-10', reason: 'volledig betaald' } },
    });
    expect(must(withdraw(suspended, 'fout', at, 'l'))).toMatchObject({
      suspension: { endedEarly: { reason: 'ingetrokken' } },
    });
  });

  it('[R-SUS-4] an early end is known once; another reason contradicts it; after the close it is over', () => {
    const ended = must(endSuspensionEarly(suspended, early, at, 'u'));
    expect(ended).toMatchObject({ status: 'SUSPENDED', terms: [], suspension: { endedEarly: early } });
    expect(endSuspensionEarly(ended, early, later, 'u')).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
    const otherReason = { ...early, reason: 'volledig betaald' } as const;
    expect(endSuspensionEarly(ended, otherReason, later, 'u')).toEqual({ ok: false, error: 'CONTRADICTORY' });
    const over = must(closeSuspension(ended, later));
    expect(endSuspensionEarly(over, early, later, 'u')).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
    expect(endSuspensionEarly(over, otherReason, later, 'u')).toEqual({ ok: false, error: 'CLOSED' });
    expect(over.history.map(({ kind }) => kind)).not.toContain('SUSPENSION_EXPIRED');
  });

  it('keeps the token while somebody may have to wake the execution, and drops it when the wait is behind it', () => {
    const waiting: Signal = { ...assigned, taskToken: 'token' };
    const answered = must(recordOutcome(waiting, outcome, at, 'u'));
    expect([answered, must(withdraw(waiting, 'fout', at, 'l'))].map(({ taskToken }) => taskToken)).toEqual([
      'token',
      'token',
    ]);
    for (const past of [
      must(remind(waiting, at)),
      must(expireTerm(waiting, at)),
      must(suspend(answered, suspension, suspendedTerms, at)),
      must(closeSettled(answered, true, at)),
    ])
      expect('taskToken' in past).toBe(false);
  });

  it('is due at its first term or an hour after its last news, and never once it is over', () => {
    expect(dueAt(received)).toBe('2026-04-10T11:00:00.000Z');
    expect(dueAt(assigned)).toBe('2026-04-24T23:00:00.000Z');
    expect(dueAt(must(endSuspensionEarly(suspended, early, later, 'u')))).toBe('2026-04-11T11:00:00.000Z');
    expect([closed, withdrawn].map(dueAt)).toEqual([undefined, undefined]);
  });
});
