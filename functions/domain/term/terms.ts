import type { Governing } from '../agreement/governing.ts';
import type { SignalKind } from '../delivery/delivery.ts';
import type { Instant, IsoDate } from '../ids.ts';
import { ok, type Result } from '../result.ts';
import { phaseOf, type Signal, type SignalEventKind, type Term, type TermKind } from '../signal/signal.ts';
import { conversationHeld } from '../signal/transition.ts';
import { addBusinessDays } from './business-days.ts';
import { addDays, amsterdamDate, startOfDay } from './calendar.ts';
import type { BusinessDays, CalendarDays } from './days.ts';
import { explainBusinessDays, explainCalendarDays } from './explain.ts';

/** Home or supply is about to be lost: the first conversation is due in business days (R-FLO-3, R-DEL-12). */
export const CRISIS_KINDS: readonly SignalKind[] = ['eindelevering', 'ontruiming'];

type Timed = Pick<Signal, 'receivedAt' | 'kind' | 'collectionPhase' | 'correctedPhase'>;
type Terms = Result<readonly Term[], 'BEYOND_CALENDAR'>;
type Source = keyof Governing['because'] & ('terms' | 'feedbackTerm' | 'crisisTerm');

/** The last day counts in full: a term passes at the first moment of the day after it. */
const termOn = (kind: TermKind, on: IsoDate, counted: string, policy: Governing, source: Source): Term => {
  const { document, clause } = policy.because[source];
  return { kind, on, at: startOfDay(addDays(on, 1)), because: `${counted} (${document}, ${clause})` };
};

const calendarTerm = (kind: TermKind, from: IsoDate, days: CalendarDays, policy: Governing): Term =>
  termOn(kind, addDays(from, days), explainCalendarDays(from, days), policy, 'terms');

const businessTerm = (
  kind: TermKind,
  from: IsoDate,
  { businessDays, decreeDays }: { readonly businessDays: BusinessDays; readonly decreeDays: boolean },
  policy: Governing,
  source: Source,
): Result<Term, 'BEYOND_CALENDAR'> => {
  const counted = addBusinessDays(from, businessDays, { decreeDays });
  if (!counted.ok) return counted;
  const explained = explainBusinessDays(from, businessDays, { decreeDays });
  return explained.ok ? ok(termOn(kind, counted.value.on, explained.value, policy, source)) : explained;
};

const inOrder = (terms: readonly Term[]): readonly Term[] =>
  terms.toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1));

/**
 * Every term of a signal under the rules that govern it, first one first (R-FLO-2, R-FLO-3, R-FLO-7): calendar days for
 * treatment, business days for feedback (by collection phase, where agreed) and for the first conversation in a crisis;
 * all counted from the day of receipt in Europe/Amsterdam. `BEYOND_CALENDAR`: the holidays of that year are not known yet.
 */
export const termsOf = (signal: Timed, policy: Governing): Terms => {
  const received = amsterdamDate(signal.receivedAt);
  const { reminderDays, warningDays, escalationDays, closingDays } = policy.terms;
  const terms = [
    calendarTerm('REMINDER', received, reminderDays, policy),
    calendarTerm('WARNING', received, warningDays, policy),
    calendarTerm('ESCALATION', received, escalationDays, policy),
    calendarTerm('CLOSING', received, closingDays, policy),
  ];
  if (policy.feedbackTerm) {
    const { businessDays, decreeDays } = policy.feedbackTerm;
    const days = { businessDays: businessDays[phaseOf(signal)], decreeDays };
    const term = businessTerm('FEEDBACK', received, days, policy, 'feedbackTerm');
    if (!term.ok) return term;
    terms.push(term.value);
  }
  if (CRISIS_KINDS.includes(signal.kind)) {
    const term = businessTerm('FIRST_CONVERSATION', received, policy.crisisTerm, policy, 'crisisTerm');
    if (!term.ok) return term;
    terms.push(term.value);
  }
  return ok(inOrder(terms));
};

/** What in the history says that a term has passed. */
const SAID: Readonly<Partial<Record<TermKind, SignalEventKind>>> = {
  REMINDER: 'REMINDED',
  WARNING: 'WARNED',
  ESCALATION: 'TERM_EXPIRED',
  FEEDBACK: 'FEEDBACK_OVERDUE',
  FIRST_CONVERSATION: 'FIRST_CONVERSATION_OVERDUE',
};

/**
 * The terms that have still to pass: those nothing in the history speaks of since the signal was received here; before
 * that it may have been here already, until it was handed over. A reopened signal keeps the ones that were ahead when it
 * was opened again, and its closing horizon counts from that day.
 */
export const openTerms = (signal: Timed & Pick<Signal, 'history' | 'contactAttempts'>, policy: Governing): Terms => {
  const all = termsOf(signal, policy);
  if (!all.ok) return all;
  const history = signal.history.filter(({ at }) => signal.receivedAt <= at);
  const reopened = history.findLast(({ kind }) => kind === 'REOPENED')?.at;
  const said = new Set(history.map(({ kind }) => kind));
  const left = all.value.filter((term) => {
    const event = SAID[term.kind];
    // A conversation in time leaves no entry: without this its term would come back each time the terms are counted.
    const met = term.kind === 'FIRST_CONVERSATION' && conversationHeld(signal, term.on);
    const ahead = reopened === undefined || reopened < term.at;
    return ahead && !met && !(event && said.has(event)) && term.kind !== 'CLOSING';
  });
  const horizon =
    reopened === undefined
      ? all.value.filter(({ kind }) => kind === 'CLOSING')
      : [calendarTerm('CLOSING', amsterdamDate(reopened), policy.terms.closingDays, policy)];
  return ok(inOrder([...left, ...horizon]));
};

/** The terms of a signal that is opened again at `now` (R-FLO-6). */
export const reopenedTerms = (signal: Signal, policy: Governing, now: Instant): Terms =>
  openTerms({ ...signal, history: [...signal.history, { kind: 'REOPENED', at: now, source: '' }] }, policy);
