import type { Signal } from '../signal/signal.ts';
import { addMonths } from '../term/calendar.ts';
import { householdOf, inTime, isByWorker, keyOfMember, LOOK_BACK, type SignalCase } from './cases.ts';
import { lastOf } from './decide.ts';
import type { MatchDecision, Member } from './decision.ts';
import { type Comparer, comparer, memberKey, personsOf } from './persons.ts';

/** Whether somebody lives at an address of this case, in the months that count for it, who is no part of it (R-MAT-4). */
export const isPart = ({ period, signals, earlier }: SignalCase, cases: readonly SignalCase[]): boolean => {
  const own = new Set([...earlier, ...signals].map(memberKey));
  const households = new Set(signals.map(householdOf));
  const from = addMonths(period, -LOOK_BACK);
  return cases
    .filter((other) => from <= other.period && other.period <= period)
    .some((other) => other.signals.some((each) => households.has(householdOf(each)) && !own.has(memberKey(each))));
};

/**
 * Those of a case whom an answer for some of them is about, given for a room: all while strangers are told apart there,
 * else who is surely one with them: the same person (R-MAT-3), or put together with them by a worker (R-MAT-4). That
 * strangers are no longer told apart makes nobody one.
 */
export const oneWith = (
  isSome: (signal: Signal) => boolean,
  { isFamily, signals, earlier }: SignalCase,
  decisions: readonly MatchDecision[],
  comparing: Comparer = comparer(),
): readonly Signal[] => {
  if (isFamily) return signals;
  const workers = decisions.filter(isByWorker).toSorted(inTime);
  const isOf = (members: readonly Member[], signal: Signal): boolean =>
    members.some((member) => keyOfMember(member) === memberKey(signal));
  const areTogether = (a: Signal, b: Signal): boolean =>
    workers.findLast(({ one, other }) => (isOf(one, a) && isOf(other, b)) || (isOf(one, b) && isOf(other, a)))?.kind ===
    'TOGETHER';
  const some = new Set(signals.filter(isSome).map(memberKey));
  let others = personsOf(lastOf([...earlier, ...signals]), comparing);
  let found = others.filter((person) => person.some((each) => some.has(memberKey(each))));
  for (let next = found; next.length > 0; found = [...found, ...next]) {
    others = others.filter((person) => !next.includes(person));
    const last = next.flat();
    next = others.filter((person) => person.some((a) => last.some((b) => areTogether(a, b))));
  }
  const keys = new Set(found.flat().map(memberKey));
  return signals.filter((each) => keys.has(memberKey(each)));
};
