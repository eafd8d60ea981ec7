import { grouped } from '../grouped.ts';
import { Instant, type WorkerId } from '../ids.ts';
import { err, ok, type Result } from '../result.ts';
import type { Signal } from '../signal/signal.ts';
import { caseWith, householdOf, keyOfMember, type SignalCase } from './cases.ts';
import type { MatchDecision, MERGE_REASONS, Member, SPLIT_REASONS } from './decision.ts';
import { type Comparer, comparer, memberKey, personsOf } from './persons.ts';

export type SplitReason = (typeof SPLIT_REASONS)[number];
export type MergeReason = (typeof MERGE_REASONS)[number];

/** What a worker asks for (R-MAT-4), and what is known when it is asked. */
interface Asked<R> {
  readonly decisionId: string;
  readonly by: WorkerId;
  /** The outcomes file. */
  readonly source: string;
  readonly now: Instant;
  readonly reason: R;
  /** All that was decided about these addresses. */
  readonly decisions: readonly MatchDecision[];
}

export const memberOf = (signal: Signal): Member => ({ household: householdOf(signal), arrearId: signal.arrearId });

/** Each arrear once, as it was said last. */
export const lastOf = (signals: readonly Signal[]): readonly Signal[] =>
  [...grouped(signals, memberKey)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, same]) => same.toSorted((a, b) => (a.period < b.period ? -1 : 1)).at(-1) ?? []);

const arrearsOf = ({ signals, earlier }: SignalCase): readonly Signal[] => lastOf([...earlier, ...signals]);

/** After every decision known: of two that speak of the same pair the later one holds, also within one millisecond. */
const afterAll = (now: Instant, decisions: readonly MatchDecision[]): Instant => {
  const last = decisions
    .map(({ at }) => at)
    .sort()
    .at(-1);
  return last === undefined || last < now ? now : Instant.parse(new Date(Date.parse(last) + 1).toISOString());
};

const decisionOf = <R extends SplitReason | MergeReason>(
  { decisionId, by, source, now, reason, decisions }: Asked<R>,
  kind: 'APART' | 'TOGETHER',
  one: readonly Signal[],
  other: readonly Signal[],
): MatchDecision => ({
  decisionId,
  municipality: (one[0] as Signal).municipality,
  kind,
  one: one.map(memberOf),
  other: other.map(memberOf),
  at: afterAll(now, decisions),
  decided: { by, reason, source },
});

/**
 * Takes a signal out of its case, with the other signals of the same person at its address; said of rooms, apart from all
 * who live there. Of a case that was put together wrongly all of its address leaves. KNOWN when a worker did so before,
 * NOTHING_TO_SPLIT when there is nobody to leave.
 */
export const splitOff = (
  signal: Signal,
  cases: readonly SignalCase[],
  asked: Asked<SplitReason>,
  comparing: Comparer = comparer(),
): Result<MatchDecision | 'KNOWN', 'NOTHING_TO_SPLIT'> => {
  const { reason, decisions } = asked;
  const own = caseWith(cases, signal);
  if (!own) return err('NOTHING_TO_SPLIT');
  const here = householdOf(signal);
  const isRooms = reason === 'kamers of begeleid wonen';
  const among = arrearsOf(own);
  const all = isRooms
    ? lastOf(
        cases
          .filter(({ period }) => period === own.period)
          .flatMap(({ signals, earlier }) => [...earlier, ...signals])
          .filter((each) => householdOf(each) === here),
      )
    : among;
  const isOwn = (each: Signal): boolean => memberKey(each) === memberKey(signal);
  const atHome = among.filter((each) => householdOf(each) === here);
  const isSide = reason === 'ten onrechte samengevoegd' && atHome.length < among.length;
  const person = personsOf(atHome, comparing).find((signals) => signals.some(isOwn)) ?? [];
  const leaving = new Set((isSide ? atHome : person).map(memberKey));
  const stays = all.filter((each) => !leaving.has(memberKey(each)));
  const [one, other] =
    stays.length > 0
      ? [all.filter((each) => leaving.has(memberKey(each))), stays]
      : [all.filter(isOwn), all.filter((each) => !isOwn(each))];
  const before = decisions.some(
    ({ kind, decided, one: left }) =>
      kind === 'APART' &&
      'by' in decided &&
      (!isRooms || decided.reason === reason) &&
      left.some((member) => keyOfMember(member) === memberKey(signal)),
  );
  const isAlone = among.every((each) => leaving.has(memberKey(each)));
  if (before && isAlone) return ok('KNOWN');
  return one.length === 0 || other.length === 0 ? err('NOTHING_TO_SPLIT') : ok(decisionOf(asked, 'APART', one, other));
};

/** Puts two cases of one month together: later months follow by themselves. KNOWN when a worker did so before. */
export const putTogether = (
  one: SignalCase,
  other: SignalCase,
  asked: Asked<MergeReason>,
): Result<MatchDecision | 'KNOWN', 'SAME_CASE' | 'MONTHS_DIFFER'> => {
  if (one === other) return one.formed === 'MERGED' ? ok('KNOWN') : err('SAME_CASE');
  if (one.period !== other.period) return err('MONTHS_DIFFER');
  return ok(decisionOf(asked, 'TOGETHER', arrearsOf(one), arrearsOf(other)));
};
