import { grouped } from '../grouped.ts';
import { type CaseNumber, caseNumberOf } from '../ids.ts';
import { householdOf, isMistake, keyOfMember, type SignalCase } from '../matching/cases.ts';
import type { MatchDecision, Member } from '../matching/decision.ts';
import { type Comparer, memberKey } from '../matching/persons.ts';
import type { Signal } from '../signal/signal.ts';
import { type Past, pastOf, type Turn } from './turns.ts';
import type { CaseDecision } from './worklist.ts';

/** What was decided about the cases of a municipality, case by case. */
export interface Decided {
  /** In time, undone or not. */
  readonly on: (of: SignalCase) => readonly CaseDecision[];
  /** The other cases of its month that somebody took it apart from. */
  readonly partedFrom: (of: SignalCase) => readonly SignalCase[];
  /** In time. */
  readonly turns: (of: SignalCase) => readonly Turn[];
}

const membersOf = ({ one, other }: MatchDecision): readonly Member[] => [...one, ...other];
const inTime = (a: { readonly at: string }, b: { readonly at: string }): number =>
  a.at === b.at ? 0 : a.at < b.at ? -1 : 1;

/** `cases` are all that were made of `signals` and `decisions`. */
export const decidedIn = (
  signals: readonly Signal[],
  cases: readonly SignalCase[],
  decisions: readonly MatchDecision[],
  comparing: Comparer,
): Decided => {
  // Who is the same person elsewhere is told, and makes no case.
  const making = decisions.filter(({ kind }) => kind !== 'SAME_PERSON');
  const homes = making.flatMap((decision) =>
    [...new Set(membersOf(decision).map(({ household }) => household))].map((home) => ({ home, decision })),
  );
  const decisionsAt = grouped(homes, ({ home }) => home);
  const concerned = new Set(making.flatMap(membersOf).map(keyOfMember));
  const placesOf = grouped(
    cases.flatMap((each) => each.signals.map((signal) => ({ key: memberKey(signal), signal, each }))),
    ({ key }) => key,
  );
  const signalsAt = grouped(signals, householdOf);
  const mistakenAt = new Set(signals.filter(isMistake).map(householdOf));
  const caseOf = new Map(cases.flatMap((each) => each.signals.map((signal) => [signal, each] as const)));

  const pasts = new Map<string, Past>();
  /** Of its addresses and all that decisions tie to them; none where nobody decided, was told apart or reported by mistake. */
  const pastOfCase = (of: SignalCase): Past | undefined => {
    const near = new Set(of.signals.map(householdOf));
    if (of.formed === 'ADDRESS' && ![...near].some((home) => decisionsAt.has(home) || mistakenAt.has(home)))
      return undefined;
    const found = new Set<MatchDecision>();
    for (const home of near)
      for (const { decision } of decisionsAt.get(home) ?? []) {
        found.add(decision);
        for (const { household } of membersOf(decision)) near.add(household);
      }
    const key = [of.period, ...[...near].sort()].join(' ');
    const known = pasts.get(key);
    if (known) return known;
    const around = [...near].flatMap((home) => signalsAt.get(home) ?? []);
    const current = [
      ...new Set(around.flatMap((signal) => (signal.period === of.period ? (caseOf.get(signal) ?? []) : []))),
    ];
    const past = pastOf(of.period, around, [...found], current, comparing);
    pasts.set(key, past);
    return past;
  };

  /** Each decision about a case, with the signals of this month at either side; its own side first. */
  const sidesOf = (of: SignalCase) => {
    const held = new Set(of.signals.map(memberKey).filter((key) => concerned.has(key)));
    if (held.size === 0) return [];
    const isHere = (members: readonly Member[]): boolean => members.some((member) => held.has(keyOfMember(member)));
    const placed = (members: readonly Member[]) =>
      members.flatMap((member) =>
        (placesOf.get(keyOfMember(member)) ?? []).filter(({ each }) => each.period === of.period),
      );
    const about = new Set(of.signals.flatMap((signal) => decisionsAt.get(householdOf(signal)) ?? []));
    return [...new Set([...about].map(({ decision }) => decision))]
      .filter(({ one, other }) => isHere(one) || isHere(other))
      .sort(inTime)
      .map((decision) => {
        const { one, other } = decision;
        const [mine, theirs] = isHere(one) ? [one, other] : [other, one];
        return { decision, mine: placed(mine).filter(({ each }) => each === of), theirs: placed(theirs) };
      });
  };

  return {
    on: (of) =>
      sidesOf(of).map(({ decision, mine, theirs }): CaseDecision => {
        const then = pastOfCase(of)?.apart.get(decision) ?? [];
        const numbers = (side: typeof mine): readonly CaseNumber[] => [
          ...new Set(
            side
              .map(({ signal, each }) => {
                // Of a merge of another month the number its address would have.
                const now = decision.kind === 'TOGETHER' ? caseNumberOf(signal.caseId) : each.number;
                return then.find((one) => one.signals.includes(signal))?.number ?? now;
              })
              .filter((number) => number !== of.number),
          ),
        ];
        const others = numbers(theirs);
        return {
          kind: decision.kind === 'APART' ? 'APART' : 'TOGETHER',
          at: decision.at,
          decided: decision.decided,
          own: mine.map(({ signal }) => signal.signalId),
          others: theirs.map(({ signal }) => signal.signalId),
          cases: others.length > 0 ? others : numbers(mine),
        };
      }),
    partedFrom: (of) =>
      sidesOf(of).flatMap(({ decision, theirs }) => (decision.kind === 'APART' ? theirs.map(({ each }) => each) : [])),
    turns: (of) => {
      const past = pastOfCase(of);
      const turns = past ? of.signals.flatMap((signal) => past.turns.get(signal) ?? []) : [];
      return [...new Map(turns.map((turn) => [`${turn.at} ${turn.words}`, turn])).values()].sort(inTime);
    },
  };
};
