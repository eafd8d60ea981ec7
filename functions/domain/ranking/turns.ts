import { grouped } from '../grouped.ts';
import { type CaseNumber, type Instant, type Period, partsOfCaseNumber } from '../ids.ts';
import { casesOf, type SignalCase } from '../matching/cases.ts';
import type { MatchDecision } from '../matching/decision.ts';
import type { Comparer } from '../matching/persons.ts';
import { arrivedFrom } from '../signal/hand-over.ts';
import type { Signal } from '../signal/signal.ts';
import { cameAt } from './marks.ts';

/** Other cases were made of the signals of a case: they fell apart or grew together (R-MAT-1, R-MAT-4). */
export interface Turn {
  readonly at: Instant;
  /** `adres gesplitst, was zaak …`, `samengevoegd met zaak …`. */
  readonly words: string;
}

/** How the cases of some addresses came to be what they are. */
export interface Past {
  readonly turns: ReadonlyMap<Signal, readonly Turn[]>;
  /** By decision, the cases while what it parts or puts together was apart; none for one of before this month. */
  readonly apart: ReadonlyMap<MatchDecision, readonly SignalCase[]>;
}

const named = (numbers: readonly CaseNumber[]): string => numbers.map((number) => `zaak ${number}`).join(' en ');

/** `olds` are the cases in which its signals were. */
const turnWords = (
  { number, signals }: SignalCase,
  olds: readonly SignalCase[],
  all: readonly SignalCase[],
): string | undefined => {
  const [old, second] = olds;
  if (!old) return undefined;
  const others = olds.map((each) => each.number).filter((each) => each !== number);
  if (second) return `samengevoegd${others.length === olds.length ? ', was' : ' met'} ${named(others)}`;
  const lost = old.signals.filter((signal) => !signals.includes(signal));
  if (old.number === number) {
    const left = all.filter((each) => lost.some((signal) => each.signals.includes(signal)));
    return left.length === 0 ? undefined : `gesplitst van ${named(left.map((each) => each.number))}`;
  }
  const [was, is] = [old.number, number].map((each) => partsOfCaseNumber(each));
  return `${was?.caseId === is?.caseId && is?.part !== undefined ? 'adres ' : ''}gesplitst, was zaak ${old.number}`;
};

/** When the list could first show each signal: those of one delivery at once. */
const arrivals = (signals: readonly Signal[]): ReadonlyMap<Signal, Instant> =>
  new Map(
    [...grouped(signals, (signal) => (arrivedFrom(signal) && cameAt(signal)) ?? signal.receivedAt).values()].flatMap(
      (together) => {
        const [at] = together
          .map((signal) => cameAt(signal) ?? signal.receivedAt)
          .sort()
          .slice(-1);
        return together.map((signal) => [signal, at ?? signal.receivedAt] as const);
      },
    ),
  );

/**
 * The cases of a month made again as they were at each moment that a signal came or somebody decided. `signals` are those
 * of addresses that `decisions` tie together, of this month and before, `current` their cases of this month now. What was
 * withdrawn or corrected counts as it is now.
 */
export const pastOf = (
  period: Period,
  signals: readonly Signal[],
  decisions: readonly MatchDecision[],
  current: readonly SignalCase[],
  comparing: Comparer,
): Past => {
  const earlier = signals.filter((signal) => signal.period < period);
  const came = arrivals(signals.filter((signal) => signal.period === period));
  const [first = ''] = [...came.values()].sort();
  // Of the same moment what came was there before somebody decided about it.
  const steps = [
    ...[...new Set(came.values())].map((at) => ({ at, order: 0 })),
    ...[...new Set(decisions.map(({ at }) => at))].filter((at) => first <= at).map((at) => ({ at, order: 1 })),
  ].sort((a, b) => (a.at === b.at ? a.order - b.order : a.at < b.at ? -1 : 1));
  const turns = new Map<Signal, readonly Turn[]>();
  const apart = new Map<MatchDecision, readonly SignalCase[]>();
  if (steps.length < 2) return { turns, apart };
  let before: readonly SignalCase[] = [];
  for (const step of steps) {
    const { at, order } = step;
    const here = [...came].flatMap(([signal, since]) => (since <= at ? signal : []));
    const known = decisions.filter((decision) => (order === 1 ? decision.at <= at : decision.at < at));
    const now = step === steps.at(-1) ? current : casesOf([...earlier, ...here], known, comparing, period);
    for (const decision of known) if (decision.at === at) apart.set(decision, decision.kind === 'APART' ? now : before);
    for (const each of now) {
      const olds = before.filter((old) => old.signals.some((signal) => each.signals.includes(signal)));
      const words = turnWords(each, olds, now);
      if (words === undefined) continue;
      for (const signal of olds.flatMap((old) => old.signals))
        if (each.signals.includes(signal)) turns.set(signal, [...(turns.get(signal) ?? []), { at, words }]);
    }
    before = now;
  }
  return { turns, apart };
};
