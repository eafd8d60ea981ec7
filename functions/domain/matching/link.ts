import { candidatePairs } from './block.ts';
import { conflictOf, decisionOf, explain, patternOf, scoreOf } from './compare.ts';
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
  readonly split?: number;
}

/**
 * The pairs of records that are SAME or POSSIBLE, in the order of the records. Work and memory grow about as the records do:
 * only pairs that share a blocking key are compared. Says nothing of groups: who joins must not follow SAME blindly.
 */
export const linkPersons = <T>(records: readonly LinkRecord<T>[], options: LinkOptions = {}): readonly Link<T>[] => {
  const { model = PERSON_MODEL, split } = options;
  const persons = records.map(({ person }) => person);
  const links: (Link<T> & { readonly at: readonly [number, number] })[] = [];
  candidatePairs(
    persons,
    (i, j) => {
      const [a, b] = [records[i], records[j]];
      if (a === undefined || b === undefined) return;
      const pattern = patternOf(a.person, b.person);
      const decision = decisionOf(
        model,
        scoreOf(model, pattern, a.person, b.person),
        conflictOf(pattern, a.person, b.person),
      );
      if (decision !== 'DIFFERENT')
        links.push({ a: a.key, b: b.key, comparison: explain(model, pattern, a.person, b.person), at: [i, j] });
    },
    split,
  );
  return links.sort((x, y) => x.at[0] - y.at[0] || x.at[1] - y.at[1]).map(({ at: _, ...link }) => link);
};
