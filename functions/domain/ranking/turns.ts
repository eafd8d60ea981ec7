import { grouped } from '../grouped.ts';
import { type CaseNumber, type Instant, type Period, partsOfCaseNumber } from '../ids.ts';
import { casesOf, householdOf, isMistake, LOOK_BACK, type SignalCase } from '../matching/cases.ts';
import type { MatchDecision } from '../matching/decision.ts';
import type { Comparer } from '../matching/persons.ts';
import { arrivedFrom } from '../signal/hand-over.ts';
import { type HistoryEntry, SAME_RESIDENT, type Signal } from '../signal/signal.ts';
import { addMonths } from '../term/calendar.ts';
import { cameAt } from './marks.ts';

/** Other cases were made of the signals of a case: they fell apart or grew together (R-MAT-1, R-MAT-4). */
export interface Turn {
  readonly at: Instant;
  /** `adres gesplitst, was zaak …`, `samengevoegd met zaak …`, `langer nummer, was zaak …`. */
  readonly words: string;
  /** The case each of its signals was in until then, where that can be told. */
  readonly was: ReadonlyMap<Signal, CaseNumber>;
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
  // Another arrear that begins alike came: the same case, under a number that tells it apart.
  const isLonger = was?.part !== undefined && number.startsWith(old.number);
  if (isLonger && lost.length === 0) return `langer nummer, was zaak ${old.number}`;
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

const mayRemake = ({ kind, detail }: HistoryEntry): boolean => kind === 'CORRECTED' && detail !== SAME_RESIDENT;

/** Nobody knows what a correction replaced, so its words say no more than that the cases may be others now. */
const REMADE = 'indeling van het adres misschien gewijzigd na een verbetering door de partner';

/**
 * The turns of cases beside that of a signal that was corrected: at its address, or at one that was put together with it.
 * Where one case is left it holds that signal, which tells of itself.
 */
const remade = (
  signals: readonly Signal[],
  decisions: readonly MatchDecision[],
  current: readonly SignalCase[],
  came: ReadonlyMap<Signal, Instant>,
): readonly (readonly [Signal, Turn])[] => {
  if (current.length < 2) return [];
  const together = decisions.flatMap(({ kind, one, other }) =>
    kind === 'TOGETHER' ? [[...one, ...other].map(({ household }) => household)] : [],
  );
  return signals.flatMap((corrected) => {
    const home = householdOf(corrected);
    const moments = corrected.history.filter(mayRemake);
    if (moments.length === 0) return [];
    const near = new Set([home, ...together.filter((homes) => homes.includes(home)).flat()]);
    const beside = current.filter(
      (each) => !each.signals.includes(corrected) && each.signals.some((signal) => near.has(householdOf(signal))),
    );
    return moments.flatMap(({ at }) =>
      beside
        .flatMap((each) => each.signals.filter((signal) => (came.get(signal) ?? at) < at))
        .map((signal) => [signal, { at, words: REMADE, was: new Map() }] as const),
    );
  });
};

/**
 * The cases of a month made again as they were at each moment that a signal came or was taken back as a mistake, or that
 * somebody decided. `signals` are those of addresses that `decisions` tie together, of this month and before, `current`
 * their cases of this month now. What was corrected counts as it is now; that it was is a turn of the cases beside it.
 */
export const pastOf = (
  period: Period,
  signals: readonly Signal[],
  decisions: readonly MatchDecision[],
  current: readonly SignalCase[],
  comparing: Comparer,
): Past => {
  const from = addMonths(period, -LOOK_BACK);
  const inView = signals.filter((signal) => from <= signal.period && signal.period <= period);
  const earlier = inView.filter((signal) => signal.period < period);
  const came = arrivals(inView.filter((signal) => signal.period === period));
  const [first = ''] = [...came.values()].sort();
  // Each mistake as it stood until it was taken back.
  const mistakes = inView.flatMap((signal) =>
    isMistake(signal) && 'closedAt' in signal
      ? [{ signal, until: signal.closedAt, standing: { ...signal, status: 'RECEIVED' } as Signal }]
      : [],
  );
  const asOf = (at: Instant): ((signal: Signal) => Signal) => {
    const stood = new Map<Signal, Signal>(
      mistakes.flatMap(({ signal, until, standing }) => (at < until ? [[signal, standing]] : [])),
    );
    return (signal) => stood.get(signal) ?? signal;
  };
  const originals = new Map<Signal, Signal>(mistakes.map(({ signal, standing }) => [standing, signal]));
  const known = (signal: Signal): Signal => originals.get(signal) ?? signal;
  const since = (at: Instant): boolean => first <= at;
  // Of the same moment what came or went did so before somebody decided about it.
  const steps = [
    ...[...new Set([...came.values(), ...mistakes.map(({ until }) => until).filter(since)])].map((at) => ({
      at,
      order: 0,
    })),
    ...[...new Set(decisions.map(({ at }) => at))].filter(since).map((at) => ({ at, order: 1 })),
  ].sort((a, b) => (a.at === b.at ? a.order - b.order : a.at < b.at ? -1 : 1));
  const turns = new Map<Signal, readonly Turn[]>();
  const add = (signal: Signal, turn: Turn) => turns.set(signal, [...(turns.get(signal) ?? []), turn]);
  const apart = new Map<MatchDecision, readonly SignalCase[]>();
  let before: readonly SignalCase[] = [];
  if (steps.length > 1)
    for (const step of steps) {
      const { at, order } = step;
      const here = [...came].flatMap(([signal, arrived]) => (arrived <= at ? signal : []));
      const made = decisions.filter((decision) => (order === 1 ? decision.at <= at : decision.at < at));
      const then = asOf(at);
      const now =
        step === steps.at(-1)
          ? current
          : casesOf([...earlier, ...here].map(then), made, comparing, period).map((each) => ({
              ...each,
              signals: each.signals.map(known) as [Signal, ...Signal[]],
            }));
      for (const decision of made)
        if (decision.at === at) apart.set(decision, decision.kind === 'APART' ? now : before);
      for (const each of now) {
        const olds = before.filter((old) => old.signals.some((signal) => each.signals.includes(signal)));
        const words = turnWords(each, olds, now);
        if (words === undefined) continue;
        const was = new Map(
          olds.flatMap((old) =>
            old.signals.flatMap((signal) => (each.signals.includes(signal) ? [[signal, old.number]] : [])),
          ),
        );
        for (const signal of was.keys()) add(signal, { at, words, was });
      }
      before = now;
    }
  for (const [signal, turn] of remade(inView, decisions, current, came)) add(signal, turn);
  return { turns, apart };
};
