import fc from 'fast-check';
import type { Governing } from '#domain/agreement/governing.ts';
import type { Feedback } from '#domain/feedback/feedback.ts';
import { previewOf, suspensionEndFeedback } from '#domain/feedback/outcome.ts';
import { Cents, Instant, type IsoDate } from '#domain/ids.ts';
import { END_RESULTS } from '#domain/signal/ddas.ts';
import { EARLY_END_REASONS, type Outcome, type Signal } from '#domain/signal/signal.ts';
import {
  assign,
  closeSettled,
  closeSuspension,
  correctOutcome,
  endSuspensionEarly,
  recordOutcome,
  reopen,
  suspend,
  type Transition,
  withdraw,
} from '#domain/signal/transition.ts';
import { suspensionTerms } from '#domain/suspension/suspension.ts';
import { addDays } from '#domain/term/calendar.ts';

/** One thing that happens to a signal, so many days after the one before. What is not allowed at that moment passes by. */
export interface Step {
  readonly gap: number;
  readonly what: 'answer' | 'reopen' | 'early' | 'withdraw';
  readonly result: number;
  readonly daysAgo: number;
  readonly extras: number;
  /** When the workflow settles an answer: at once, only the next day, or it breaks off after the first word. */
  readonly settles: 'now' | 'tomorrow' | 'half';
}

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    gap: fc.nat(14),
    what: fc.constantFrom('answer' as const, 'answer' as const, 'answer' as const, 'reopen', 'early', 'withdraw'),
    // Half of the answers are acceptances.
    result: fc.oneof(fc.nat(END_RESULTS.length - 1), fc.constant(END_RESULTS.indexOf('Vervolghulp en/of verwijzing'))),
    daysAgo: fc.nat(6),
    // 2 is: with a plan, payment resumed and collection may be suspended; 10 with an arrangement besides.
    extras: fc.oneof(fc.nat(31), fc.constant(2), fc.constant(10)),
    settles: fc.constantFrom('now' as const, 'now' as const, 'tomorrow' as const, 'half' as const),
  }),
  { minLength: 1, maxLength: 9 },
);

export const outcomeOf = ({ result, daysAgo, extras }: Step, today: IsoDate): Outcome => {
  const date = addDays(today, -daysAgo);
  return {
    result: END_RESULTS[result] ?? 'Inwoner is overleden',
    date,
    ...(extras & 1 ? {} : { actionPlanOn: date }),
    ...(extras & 2 ? { paymentResumes: extras & 4 ? ('cannot' as const) : { from: addDays(today, 20) } } : {}),
    ...(extras & 8 ? { arrangement: { monthlyCents: Cents.parse(5000), from: today } } : {}),
    maySuspend: (extras & 16) === 0,
    forCase: true,
  };
};

export interface Story {
  readonly signal: Signal;
  /** In the order in which it was added. */
  readonly feedback: readonly Feedback[];
  readonly lastDay: IsoDate;
}

/** Plays steps on the pure functions of the domain, day by day from `from`, and 40 days on. */
export const play = (reported: Signal, rules: Governing, from: IsoDate, happening: readonly Step[]): Story => {
  let signal = reported;
  let today = from;
  const feedback: Feedback[] = [];
  const at = (): Instant => Instant.parse(`${today}T10:00:00.000Z`);
  const origin = () => ({ source: `bestand ${today} ${signal.version}` });
  const take = (moved: { readonly ok: true; readonly value: Transition } | { readonly ok: false }) => {
    if (moved.ok) signal = moved.value.signal;
    return moved.ok;
  };
  const add = (each: Feedback) => {
    const there = feedback.some(({ number, kind }) => number === each.number && kind === each.kind);
    if (!there) feedback.push(each);
  };
  const settle = (half: boolean) => {
    if (signal.status !== 'OUTCOME_KNOWN') return;
    const settled = previewOf(signal, signal.outcome, rules, today, feedback);
    for (const each of half ? settled.feedback.slice(0, 1) : settled.feedback) add(each);
    if (half) return;
    const { suspension } = settled;
    if (suspension) take(suspend(signal, suspension, suspensionTerms(suspension, rules), at()));
    else take(closeSettled(signal, settled.feedback.length > 0, at()));
  };
  const end = () => {
    if (signal.status !== 'SUSPENDED' && signal.status !== 'WITHDRAWN') return;
    const over = suspensionEndFeedback(signal, today, feedback);
    if (over) add(over);
    if (signal.status === 'SUSPENDED') take(closeSuspension(signal, at()));
  };
  const nextDay = () => {
    settle(false);
    today = addDays(today, 1);
    if (signal.status === 'SUSPENDED' && signal.suspension.lastDay < today) end();
  };

  take(assign(signal, [], rules.teams.first, at()));
  for (const step of happening) {
    for (let i = 0; i < step.gap; i += 1) nextDay();
    if (step.what === 'answer') {
      const outcome = outcomeOf(step, today);
      const answered = take(recordOutcome(signal, outcome, at(), origin()));
      if (!answered) take(correctOutcome(signal, outcome, at(), origin()));
      if (step.settles !== 'tomorrow') settle(step.settles === 'half');
    } else if (step.what === 'reopen') take(reopen(signal, [], 'inwoner meldt zich', at(), origin()));
    else if (step.what === 'early') {
      const reason = EARLY_END_REASONS[step.extras % EARLY_END_REASONS.length] ?? 'plan gestopt';
      if (take(endSuspensionEarly(signal, { on: today, reason }, at(), origin()))) end();
    } else if (take(withdraw(signal, 'betaald', at(), origin().source))) end();
  }
  for (let i = 0; i < 40; i += 1) nextDay();
  return { signal, feedback, lastDay: today };
};
