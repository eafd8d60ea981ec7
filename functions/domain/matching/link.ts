import { candidatePairs } from './block.ts';
import { conflictOf, decisionOf, explain, patternOf, scoreAtMost, scoreOf } from './compare.ts';
import type { Comparison } from './comparison.ts';
import { PERSON_MODEL, type PersonModel } from './model.ts';
import type { PreparedPerson } from './person.ts';

export interface LinkRecord<T> {
  readonly key: T;
  readonly person: PreparedPerson;
}

export interface Link<T> {
  readonly a: T;
  readonly b: T;
  readonly comparison: Comparison;
}

export interface LinkOptions {
  readonly model?: PersonModel;
  /** Records from this place on are a second list: only pairs between the lists are compared. */
  readonly split?: number | undefined;
  /** Only pairs of which this holds are compared. */
  readonly among?: ((a: number, b: number) => boolean) | undefined;
  /** Told of SAME only. */
  readonly surely?: boolean;
  /** Told at the end: how many pairs were compared. */
  readonly onCompared?: (pairs: number) => void;
}

/**
 * The pairs of records that are SAME or (unless `surely`) POSSIBLE, in the order of the records. Work and memory grow about as the records do:
 * only pairs that share a blocking key are compared. Says nothing of groups: who joins must not follow SAME blindly.
 */
export const linkPersons = <T>(records: readonly LinkRecord<T>[], options: LinkOptions = {}): readonly Link<T>[] => {
  const { model = PERSON_MODEL, split, among, surely, onCompared } = options;
  const least = surely ? model.thresholds.same : model.thresholds.possible;
  let compared = 0;
  const persons = records.map(({ person }) => person);
  const links: Link<T>[] = [];
  candidatePairs(
    persons,
    (i, j) => {
      const [a, b] = [records[i], records[j]];
      if (a === undefined || b === undefined || among?.(i, j) === false) return;
      compared += 1;
      if (scoreAtMost(model, a.person, b.person) < least) return;
      const pattern = patternOf(a.person, b.person, model);
      const decision = decisionOf(
        model,
        scoreOf(model, pattern, a.person, b.person),
        conflictOf(pattern, a.person, b.person),
      );
      if (decision === 'SAME' || (decision === 'POSSIBLE' && !surely))
        links.push({ a: a.key, b: b.key, comparison: explain(model, pattern, a.person, b.person) });
    },
    split,
  );
  onCompared?.(compared);
  return links;
};

/** Of so many pairs one may be wrong: a quarter of what we promise, since a model is never quite right. */
const ONE_WRONG_IN = 4_000;

/**
 * The score from which pairs are SAME: `same`, or lower where the pairs taken together hold no more wrong ones than that, as
 * the model expects: one that is less than certain is taken along by many that are. For links made with `same` as low as
 * `possible`.
 */
export const operatingPoint = (links: readonly Link<unknown>[], same: number): number => {
  const sorted = links
    .filter(({ comparison }) => comparison.decision === 'SAME')
    .map(({ comparison }) => comparison)
    .sort((a, b) => b.score - a.score);
  let wrong = 0;
  let point = same;
  sorted.forEach(({ score, probability }, index) => {
    wrong += 1 - probability;
    if (wrong * ONE_WRONG_IN <= index + 1) point = Math.min(point, score);
  });
  return point;
};

/** The links with what scores under `same` no more than POSSIBLE. */
export const raised = <T>(links: readonly Link<T>[], same: number): readonly Link<T>[] =>
  links.map((link) =>
    link.comparison.decision === 'SAME' && link.comparison.score < same
      ? { ...link, comparison: { ...link.comparison, decision: 'POSSIBLE' } }
      : link,
  );
