import { concurrently } from '#domain/concurrently.ts';
import type { MunicipalityCode } from '#domain/ids.ts';
import { newLinks } from '#domain/matching/across.ts';
import { householdsOf, type MatchDecision, type StoredDecision } from '#domain/matching/decision.ts';
import type { Comparer } from '#domain/matching/persons.ts';
import type { Clock, MatchStore } from '#domain/ports.ts';
import type { Signal } from '#domain/signal/signal.ts';

interface Ports {
  readonly matches: Pick<MatchStore, 'add' | 'ofMunicipality'>;
  readonly clock: Clock;
}

const AT_ONCE = 8;

/**
 * All decisions about who belongs together in a municipality, with those the model comes to now (R-MAT-3): stored once each
 * with their evidence, and only for pairs that were found. Of two runs at once the first one's stays; both say the same.
 * A copy that a run or an outcomes file left out when it was interrupted is added before a list is made by it: list and
 * outcome line see the same.
 */
export const matchPersons = async (
  { matches, clock }: Ports,
  municipality: MunicipalityCode,
  signals: readonly Signal[],
  comparing: Comparer,
): Promise<readonly MatchDecision[]> => {
  const known: MatchDecision[] = [];
  const halves: StoredDecision[] = [];
  for await (const stored of matches.ofMunicipality(municipality)) {
    known.push(stored.decision);
    if (stored.under.length < householdsOf(stored.decision).length) halves.push(stored);
  }
  const found = newLinks(municipality, signals, known, clock.now(), comparing);
  const all = [...halves, ...found.map((decision): StoredDecision => ({ decision, under: [] }))];
  await concurrently(AT_ONCE, all, async ({ decision, under }) => {
    // Where another run was first, its word is the one that gets the other copies.
    for (const household of householdsOf(decision).filter((each) => !under.includes(each)))
      if ((await matches.add(decision, household)) === 'conflict') return;
  });
  return [...known, ...found];
};
