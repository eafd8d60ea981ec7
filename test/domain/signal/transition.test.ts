import { describe, expect, it } from 'vitest';
import { CaseId, Cents, DeliveryId, Instant, IsoDate, TeamId, WorkerId } from '#domain/ids.ts';
import { dueAt } from '#domain/signal/due.ts';
import {
  type ContactAttempt,
  type Outcome,
  outcomeNumber,
  phaseOf,
  type Signal,
  type SignalStatus,
  type Term,
  type TermKind,
} from '#domain/signal/signal.ts';
import {
  ALLOWED,
  assign,
  closeSettled,
  closeSuspension,
  conversationHeld,
  correct,
  correctOutcome,
  correctPhase,
  endSuspensionEarly,
  forward,
  markKnownAtTeam,
  passTerms,
  receive,
  recordContactAttempt,
  recordOutcome,
  reopen,
  retime,
  settleRepeat,
  suspend,
  type TransitionName,
  takeOver,
  takeUp,
  withdraw,
} from '#domain/signal/transition.ts';
import { signal as invented } from '#test/support/signal.ts';

const at = Instant.parse('2026-04-10T10:00:00.000Z');
const later = Instant.parse('2026-04-11T10:00:00.000Z');
const date = (text: string): IsoDate => IsoDate.parse(text);
const outcome: Outcome = {
  result: 'Vervolghulp en/of verwijzing',
  date: date('2026-04-09'),
  maySuspend: true,
  forCase: true,
};
const other: Outcome = { ...outcome, result: 'Inwoner is overleden' };
const repeat: Outcome = { ...outcome, result: 'Niet opgepakt: herhaalde melding', maySuspend: false, forCase: false };
const attempt: ContactAttempt = { kind: 'Huisbezoek', reached: false, date: date('2026-04-08'), dayPart: 'Avond' };
const SDV = TeamId.parse('sdv');
const SWT = TeamId.parse('swt');
const CLOSING_RESULT = 'Definitief geen contact kunnen krijgen';
/** Which worker did it, in which file. */
const from = (source: string) => ({ source, by: WorkerId.parse('swt.17') });

/** A term whose last day is `on`, without a change of the clocks in between. */
const term = (kind: TermKind, on: string): Term => ({
  kind,
  on: date(on),
  at: Instant.parse(`${on}T22:00:00.000Z`),
  because: `tot en met ${on}`,
});
const terms = [
  term('REMINDER', '2026-04-24'),
  term('WARNING', '2026-05-05'),
  term('ESCALATION', '2026-05-08'),
  term('CLOSING', '2026-06-09'),
];
const suspension = {
  startsOn: date('2026-04-09'),
  lastDay: date('2026-05-09'),
  acceptedOn: date('2026-04-09'),
  actionPlanOn: date('2026-04-09'),
  paymentResumesOn: date('2026-05-01'),
  fedBackOn: date('2026-04-10'),
};
const suspendedTerms = [term('SUSPENSION_REMINDER', '2026-05-03'), term('SUSPENSION_END', '2026-05-09')];
const early = { on: date('2026-04-20'), reason: 'plan gestopt' } as const;
/** The first moment at which a term of the list is over. */
const when = (kind: TermKind, list: readonly Term[] = [...terms, ...suspendedTerms]): Instant =>
  list.find((one) => one.kind === kind)?.at ?? at;

const must = (moved: { ok: true; value: { signal: Signal } } | { ok: false; error: string }): Signal => {
  if (!moved.ok) throw new Error(moved.error);
  return moved.value.signal;
};

const facts = invented();
const received = receive(facts, at);
const assigned = must(assign(received, terms, SDV, at));
const expired = must(passTerms(assigned, CLOSING_RESULT, when('ESCALATION')));
const known = must(recordOutcome(assigned, outcome, at, from('uitkomsten')));
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
  assign: (signal) => assign(signal, terms, SDV, at),
  retime: (signal) => retime(signal, terms.slice(2), at),
  passTerms: (signal) => passTerms(signal, CLOSING_RESULT, Instant.parse('2026-08-01T00:00:00.000Z')),
  recordContactAttempt: (signal) => recordContactAttempt(signal, attempt, at, from('u')),
  forward: (signal) => forward(signal, SWT, at, from('u')),
  correctPhase: (signal) => correctPhase(signal, 'incasso', at, from('u')),
  markKnownAtTeam: (signal) => markKnownAtTeam(signal, true, at, from('u')),
  recordOutcome: (signal) => recordOutcome(signal, other, at, from('u')),
  settleRepeat: (signal) => settleRepeat(signal, repeat, at, 'waarom'),
  takeUp: (signal) => takeUp(signal, at, from('levering'), 'bedrag is hoger geworden'),
  correctOutcome: (signal) => correctOutcome(signal, other, at, from('u')),
  reopen: (signal) => reopen(signal, terms, 'inwoner meldt zich', at, from('u')),
  suspend: (signal) => suspend(signal, suspension, suspendedTerms, at),
  endSuspensionEarly: (signal) => endSuspensionEarly(signal, early, at, from('u')),
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
  settleRepeat: ['OUTCOME_KNOWN', X, X, X, X, X, X],
  takeUp: [X, X, X, 'RECEIVED', X, 'RECEIVED', X],
  retime: [X, 'ASSIGNED', 'TERM_EXPIRED', X, X, X, X],
  // Months later: whoever waited for an answer is closed by the horizon, schuldenrust waits for its own end.
  passTerms: [X, 'OUTCOME_KNOWN', 'OUTCOME_KNOWN', X, 'SUSPENDED', X, X],
  recordContactAttempt: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED', X, X],
  forward: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED', X, X],
  correctPhase: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED', X, X],
  markKnownAtTeam: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED', X, X],
  correctOutcome: [X, X, X, 'OUTCOME_KNOWN', 'OUTCOME_KNOWN', 'OUTCOME_KNOWN', X],
  reopen: [X, X, X, X, X, 'ASSIGNED', X],
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
    for (const prior of value?.allowed ?? []) expect(ALLOWED[name]).toContain(prior);
    expect(value?.allowed).toContain(status);
  });

  it.each(table)('%s: its list says the same of %s', (name, status, expected) => {
    const refuses = !(STATUSES as readonly string[]).includes(expected) || ERRORS.has(`${name} ${status}`);
    expect((ALLOWED[name] as readonly string[]).includes(status)).toBe(!refuses);
  });
});

describe('transitions', () => {
  it('[R-DEL-7] a correction keeps status, terms, outcome, first receipt and attempts, and replaces the facts', () => {
    const tried = must(recordContactAttempt(suspended, attempt, at, from('u')));
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

  it('[R-WOR-1] a correction says when it changed nothing of who lives where', () => {
    const details = [
      newer,
      { ...newer, resident: { ...newer.resident, surname: 'Okafor' } },
      { ...newer, address: { ...newer.address, addition: 'A' } },
      { ...newer, partnerType: 'Water' as const },
    ].map((facts) => must(correct(received, facts, later, 'x')).history.at(-1)?.detail);
    expect(details).toEqual(['zelfde bewoner', undefined, undefined, undefined]);
  });

  it('[R-FLO-6] the same outcome again is known in every later state, in any order of its fields', () => {
    const { forCase, maySuspend, date: on, result } = outcome;
    for (const state of [known, suspended, closed])
      expect(recordOutcome(state, { maySuspend, forCase, date: on, result }, later, from('nog eens'))).toEqual({
        ok: false,
        error: 'ALREADY_KNOWN',
      });
  });

  it('[R-FLO-6] a correction replaces the outcome, keeps the old one, and says who did it', () => {
    const corrected = must(correctOutcome(closed, other, later, from('correctie')));
    expect(corrected).toMatchObject({ status: 'OUTCOME_KNOWN', outcome: other, earlierOutcomes: [outcome], round: 2 });
    expect(outcomeNumber(corrected)).toBe(2);
    expect(corrected.history.at(-1)).toEqual({
      kind: 'OUTCOME_CORRECTED',
      at: later,
      source: 'correctie',
      by: 'swt.17',
    });
    expect(must(correctOutcome(known, other, later, from('correctie')))).toMatchObject({ round: 1 });
  });

  it('[R-FLO-6] the file with the first outcome, come again after a correction or a reopening, changes nothing', () => {
    const corrected = must(correctOutcome(closed, other, later, from('correctie')));
    const reopened = must(reopen(closed, terms, 'nieuwe informatie', later, from('heropening')));
    for (const state of [corrected, reopened])
      expect(recordOutcome(state, outcome, later, from('uitkomsten'))).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
    const back = must(correctOutcome(corrected, outcome, later, from('terug')));
    expect(correctOutcome(back, other, later, from('correctie'))).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
    const closedAgain = must(closeSettled(must(recordOutcome(reopened, other, later, from('nieuw'))), false, later));
    expect(reopen(closedAgain, terms, 'nieuwe informatie', later, from('heropening'))).toEqual({
      ok: false,
      error: 'ALREADY_KNOWN',
    });
  });

  it('[R-FLO-6] reopened: a new round with the terms still ahead; late when day 28 is behind it', () => {
    const reopened = must(reopen(closed, terms, 'inwoner meldt zich', later, from('u')));
    expect(reopened).toMatchObject({ status: 'ASSIGNED', terms, round: 2, earlierOutcomes: [outcome] });
    expect(reopened.history.at(-1)).toMatchObject({ kind: 'REOPENED', detail: 'inwoner meldt zich' });
    expect(must(reopen(closed, terms.slice(3), 'inwoner meldt zich', later, from('u'))).status).toBe('TERM_EXPIRED');
  });

  it('[R-SUS-2] a correction during schuldenrust ends it and keeps it, so that no second one can be longer', () => {
    const corrected = must(correctOutcome(suspended, other, later, from('u')));
    expect(corrected).toMatchObject({
      status: 'OUTCOME_KNOWN',
      round: 1,
      earlierSuspensions: [{ ...suspension, endedEarly: { on: '2026-04-11', reason: 'uitkomst gecorrigeerd' } }],
    });
    const over = must(closeSuspension(suspended, later));
    expect(must(reopen(over, terms, 'nieuwe informatie', later, from('u'))).earlierSuspensions).toEqual([suspension]);
  });

  it('[R-FLO-4] to another team and handed back; the same file again changes nothing', () => {
    const forwarded = must(forward(assigned, SWT, at, from('heen')));
    expect(forwarded).toMatchObject({ team: 'swt', terms });
    expect(forwarded.history.at(-1)).toMatchObject({ kind: 'FORWARDED', detail: 'swt', by: 'swt.17' });
    const back = must(forward(forwarded, SDV, later, from('terug')));
    expect(back.team).toBe('sdv');
    expect(forward(back, SWT, later, from('heen'))).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
    expect(must(assign(must(forward(received, SWT, at, from('u'))), terms, SDV, at)).team).toBe('swt');
  });

  it('[R-FLO-8] the corrected phase stands, whatever a later delivery says', () => {
    const phased = must(correctPhase(assigned, 'deurwaarder', at, from('u')));
    expect(phaseOf(phased)).toBe('deurwaarder');
    expect(phaseOf(must(correct(phased, newer, later, 'levering-2')))).toBe('deurwaarder');
    expect(correctPhase(phased, 'deurwaarder', later, from('nog eens'))).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
  });

  it('[R-ROU-4] handed over: here an outcome, there a new signal that knows where it came from', () => {
    const to = CaseId.parse('0473-2604-9F3K2M8QZX7C');
    const gone = { ...outcome, result: 'Persoon is geen inwoner (meer) in de gemeente', maySuspend: false } as const;
    const here = must(recordOutcome(assigned, gone, at, from('u'), to));
    expect(here.history.slice(-2)).toMatchObject([{ kind: 'OUTCOME_RECORDED' }, { kind: 'HANDED_OVER', source: to }]);
    expect(here.version).toBe(assigned.version + 1);
    const there = takeOver({ ...facts, caseId: to, receivedAt: later }, assigned, gone, later, from('u'));
    expect(there).toMatchObject({ status: 'RECEIVED', version: 1, round: 1, caseId: to, earlierOutcomes: [gone] });
    expect(there.history).toMatchObject([{ kind: 'RECEIVED' }, { kind: 'HANDED_OVER', source: assigned.caseId }]);
    expect(outcomeNumber(there)).toBe(2);
  });

  it('[R-FLO-5] the same attempt counts once, another one of the day counts too', () => {
    const tried = must(recordContactAttempt(assigned, attempt, at, from('u')));
    expect(recordContactAttempt(tried, { ...attempt }, at, from('u'))).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
    expect(
      must(recordContactAttempt(tried, { ...attempt, kind: 'Kaartje' }, at, from('u'))).contactAttempts,
    ).toHaveLength(2);
  });

  it('[R-FLO-2] each term passes once, at its moment, with its reason', () => {
    expect(passTerms(assigned, CLOSING_RESULT, Instant.parse('2026-04-24T21:59:59.999Z'))).toEqual({
      ok: false,
      error: 'NOTHING_DUE',
    });
    const reminded = must(passTerms(assigned, CLOSING_RESULT, when('REMINDER')));
    expect(reminded).toMatchObject({ status: 'ASSIGNED', terms: terms.slice(1) });
    expect(reminded.history.at(-1)).toEqual({
      kind: 'REMINDED',
      at: when('REMINDER'),
      source: 'workflow',
      detail: 'tot en met 2026-04-24',
    });
    expect(passTerms(reminded, CLOSING_RESULT, when('REMINDER'))).toEqual({ ok: false, error: 'NOTHING_DUE' });
  });

  it('[R-FLO-2][R-FLO-7] what passed while nobody looked is said in one step, in order, each once', () => {
    const passed = must(passTerms(assigned, CLOSING_RESULT, when('CLOSING')));
    expect(passed.history.slice(assigned.history.length).map(({ kind }) => kind)).toEqual([
      'REMINDED',
      'WARNED',
      'TERM_EXPIRED',
      'OUTCOME_RECORDED',
    ]);
    expect(passed).toMatchObject({
      status: 'OUTCOME_KNOWN',
      version: assigned.version + 1,
      outcome: { result: CLOSING_RESULT, date: '2026-06-09', maySuspend: false, forCase: false },
    });
  });

  it('[R-FLO-3] a first conversation in time is no news, one that came too late or reached nobody is', () => {
    const crisis = [term('FIRST_CONVERSATION', '2026-04-15'), ...terms];
    const waiting = must(assign(received, crisis, SDV, at));
    const spoken = (reached: boolean, on: string): Signal =>
      must(recordContactAttempt(waiting, { ...attempt, reached, date: date(on) }, at, from('u')));
    const heard = (signal: Signal) =>
      must(passTerms(signal, CLOSING_RESULT, when('FIRST_CONVERSATION', crisis))).history.at(-1)?.kind;
    expect(heard(spoken(true, '2026-04-15'))).toBe('CONTACT_ATTEMPTED');
    expect(heard(spoken(true, '2026-04-16'))).toBe('FIRST_CONVERSATION_OVERDUE');
    expect(heard(spoken(false, '2026-04-12'))).toBe('FIRST_CONVERSATION_OVERDUE');
    expect(heard(waiting)).toBe('FIRST_CONVERSATION_OVERDUE');
  });

  it.each([
    ['Huisbezoek', '2026-04-15', true],
    ['Telefoon', '2026-04-01', true],
    ['Afspraak op locatie', '2026-04-10', true],
    ['Telefoon', '2026-03-31', false],
    ['Telefoon', '2026-04-16', false],
    ['Administratief', '2026-04-10', false],
    ['Brief', '2026-04-10', false],
    ['Kaartje', '2026-04-10', false],
    ['Mail', '2026-04-10', false],
    ['SMS/Whatsapp', '2026-04-10', false],
    ['Onbekend', '2026-04-10', false],
    ['Overige', '2026-04-10', false],
  ] as const)('[R-FLO-3] %s on %s as the first conversation: %s', (kind, on, held) => {
    // Received on 1 April.
    const spoken = { ...received, contactAttempts: [{ kind, reached: true, date: date(on) }] };
    expect(conversationHeld(spoken, date('2026-04-15'))).toBe(held);
  });

  it('[R-SUS-3] the reminder before the end of schuldenrust passes once, the end is not passed', () => {
    const reminded = must(passTerms(suspended, CLOSING_RESULT, when('SUSPENSION_END')));
    expect(reminded).toMatchObject({ status: 'SUSPENDED', terms: suspendedTerms.slice(1) });
    expect(passTerms(reminded, CLOSING_RESULT, when('SUSPENSION_END'))).toEqual({ ok: false, error: 'NOTHING_DUE' });
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
    const ended = must(endSuspensionEarly(suspended, early, at, from('u')));
    expect(ended).toMatchObject({ status: 'SUSPENDED', terms: [], suspension: { endedEarly: early } });
    expect(endSuspensionEarly(ended, early, later, from('u'))).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
    const otherReason = { ...early, reason: 'volledig betaald' } as const;
    expect(endSuspensionEarly(ended, otherReason, later, from('u'))).toEqual({ ok: false, error: 'CONTRADICTORY' });
    const over = must(closeSuspension(ended, later));
    expect(endSuspensionEarly(over, early, later, from('u'))).toEqual({ ok: false, error: 'ALREADY_KNOWN' });
    expect(endSuspensionEarly(over, otherReason, later, from('u'))).toEqual({ ok: false, error: 'CLOSED' });
    expect(over.history.map(({ kind }) => kind)).not.toContain('SUSPENSION_EXPIRED');
  });

  it('keeps the token while somebody may have to wake the execution, and drops it when the wait is behind it', () => {
    const waiting: Signal = { ...assigned, taskToken: 'token' };
    const answered = must(recordOutcome(waiting, outcome, at, from('u')));
    expect([answered, must(withdraw(waiting, 'fout', at, 'l'))].map(({ taskToken }) => taskToken)).toEqual([
      'token',
      'token',
    ]);
    for (const past of [
      must(reopen({ ...closed, taskToken: 'token' }, terms, 'nieuwe informatie', at, from('u'))),
      must(suspend(answered, suspension, suspendedTerms, at)),
      must(closeSettled(answered, true, at)),
    ])
      expect('taskToken' in past).toBe(false);
  });

  it('is due at its first term or an hour after its last news, and never once it is over', () => {
    expect(dueAt(received)).toBe('2026-04-10T11:00:00.000Z');
    expect(dueAt(assigned)).toBe('2026-04-24T23:00:00.000Z');
    expect(dueAt(must(endSuspensionEarly(suspended, early, later, from('u'))))).toBe('2026-04-11T11:00:00.000Z');
    expect([closed, withdrawn].map(dueAt)).toEqual([undefined, undefined]);
  });
});
