import type { HouseholdKey, MunicipalityCode } from '../ids.ts';
import type { SignalStore } from '../ports.ts';
import type { Signal } from '../signal/signal.ts';
import { casesOf, type SignalCase } from './cases.ts';
import type { MatchDecision } from './decision.ts';

/** What was decided about a household, from a store or as known by now. */
export type DecisionsOf = (household: HouseholdKey) => Promise<readonly MatchDecision[]>;

/** A household with all that decisions tie to it: the cases here are those of the list of the whole municipality. */
export interface Around {
  readonly households: readonly HouseholdKey[];
  readonly decisions: readonly MatchDecision[];
}

/** A decision is stored under each household it speaks of, so that following them finds all that may matter. */
export const decisionsAround = async (decisionsOf: DecisionsOf, ...start: readonly HouseholdKey[]): Promise<Around> => {
  const decisions = new Map<string, MatchDecision>();
  const households = new Set(start);
  for (const household of households)
    for (const decision of await decisionsOf(household)) {
      decisions.set(decision.decisionId, decision);
      // Who is the same person elsewhere is told, and joins nothing.
      if (decision.kind !== 'SAME_PERSON')
        for (const member of [...decision.one, ...decision.other]) households.add(member.household);
    }
  return { households: [...households], decisions: [...decisions.values()] };
};

/** The signals of these households, of every month. */
export const signalsAround = async (
  signals: Pick<SignalStore, 'ofHousehold'>,
  municipality: MunicipalityCode,
  { households }: Pick<Around, 'households'>,
): Promise<readonly Signal[]> =>
  (await Promise.all(households.map((household) => signals.ofHousehold(municipality, household)))).flat();

/** The cases of a household and of what decisions tie to it: as on the list of the whole municipality. */
export const casesAround = async (
  signals: Pick<SignalStore, 'ofHousehold'>,
  municipality: MunicipalityCode,
  around: Around,
): Promise<readonly SignalCase[]> => casesOf(await signalsAround(signals, municipality, around), around.decisions);
