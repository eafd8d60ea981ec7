import type { Comparison } from '#domain/matching/comparison.ts';
import { linkPersons } from '#domain/matching/link.ts';
import type { PersonModel } from '#domain/matching/model.ts';
import { prepare } from '#domain/matching/person.ts';
import type { GeneratedRecord, HouseholdKind } from './households.ts';

/** Pairs of records, counted. */
export interface Score {
  /** Of one person, in truth. */
  readonly pairs: number;
  /** Called SAME, and those of them that are. */
  readonly same: number;
  readonly right: number;
  /** Called POSSIBLE, and those of them that are one person. */
  readonly possible: number;
  readonly possiblyRight: number;
}
export const precision = ({ same, right }: Score): number => (same === 0 ? 1 : right / same);
export const recall = ({ pairs, right }: Score): number => (pairs === 0 ? 1 : right / pairs);
export const f1 = (score: Score): number => {
  const [p, r] = [precision(score), recall(score)];
  return p + r === 0 ? 0 : (2 * p * r) / (p + r);
};

export const pairsIn = (count: number): number => (count * (count - 1)) / 2;

const NOTHING: Score = { pairs: 0, same: 0, right: 0, possible: 0, possiblyRight: 0 };
const plus = (score: Score, more: Partial<Score>): Score => ({
  pairs: score.pairs + (more.pairs ?? 0),
  same: score.same + (more.same ?? 0),
  right: score.right + (more.right ?? 0),
  possible: score.possible + (more.possible ?? 0),
  possiblyRight: score.possiblyRight + (more.possiblyRight ?? 0),
});

/** Several sets as one. */
export const together = (scores: readonly Score[]): Score => scores.reduce(plus, NOTHING);

export interface LinkedPair {
  readonly a: GeneratedRecord;
  readonly b: GeneratedRecord;
  readonly isOne: boolean;
  readonly comparison: Comparison;
}

export const linked = (records: readonly GeneratedRecord[], model?: PersonModel): readonly LinkedPair[] =>
  linkPersons(
    records.map((record) => ({ key: record, person: prepare(record.person) })),
    model && { model },
  ).map(({ a, b, comparison }) => ({ a, b, comparison, isOne: a.truePerson === b.truePerson }));

/** All pairs together, and by the kind of household of the first of each pair. */
export const scored = (
  records: readonly GeneratedRecord[],
  links: readonly LinkedPair[] = linked(records),
): { readonly all: Score; readonly kinds: ReadonlyMap<HouseholdKind, Score> } => {
  const kinds = new Map<HouseholdKind, Score>();
  let all = NOTHING;
  const count = (kind: HouseholdKind, more: Partial<Score>): void => {
    all = plus(all, more);
    kinds.set(kind, plus(kinds.get(kind) ?? NOTHING, more));
  };
  const persons = new Map<number, [HouseholdKind, number]>();
  for (const { truePerson, kind } of records) persons.set(truePerson, [kind, (persons.get(truePerson)?.[1] ?? 0) + 1]);
  for (const [kind, records] of persons.values()) count(kind, { pairs: pairsIn(records) });
  for (const { a, comparison, isOne } of links)
    count(
      a.kind,
      comparison.decision === 'SAME'
        ? { same: 1, right: Number(isOne) }
        : { possible: 1, possiblyRight: Number(isOne) },
    );
  return { all, kinds };
};
