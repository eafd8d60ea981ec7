import { concurrently } from '#domain/concurrently.ts';
import type { MunicipalityCode } from '#domain/ids.ts';
import { newLinks } from '#domain/matching/across.ts';
import type { MatchDecision } from '#domain/matching/decision.ts';
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
 */
export const matchPersons = async (
  { matches, clock }: Ports,
  municipality: MunicipalityCode,
  signals: readonly Signal[],
  comparing: Comparer,
): Promise<readonly MatchDecision[]> => {
  const known: MatchDecision[] = [];
  for await (const decision of matches.ofMunicipality(municipality)) known.push(decision);
  const found = newLinks(municipality, signals, known, clock.now(), comparing);
  await concurrently(AT_ONCE, found, (decision) => matches.add(decision));
  return [...known, ...found];
};
