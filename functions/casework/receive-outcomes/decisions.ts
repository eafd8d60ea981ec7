import { type CaseId, type DeliveryId, type HouseholdKey, type MunicipalityCode, partsOfCaseId } from '#domain/ids.ts';
import { type DecisionsOf, decisionsAround, signalsAround } from '#domain/matching/around.ts';
import { casesOf, type SignalCase } from '#domain/matching/cases.ts';
import { householdsOf, type MatchDecision } from '#domain/matching/decision.ts';
import type { Signal } from '#domain/signal/signal.ts';
import type { Ports, Run } from './receive-outcomes.ts';

/**
 * What was decided about households, as the lines of one file see it: what the file itself decided, now or when it came
 * before, counts from its line on.
 */
export interface Decisions {
  /** As they were read last, for whatever line. */
  readonly known: DecisionsOf;
  /** As they are now. */
  readonly now: DecisionsOf;
  readonly isOwn: (decision: MatchDecision) => boolean;
  /** What an earlier run of this file stored, under one of these households at least. */
  readonly stored: (households: readonly HouseholdKey[], decisionId: string) => Promise<MatchDecision | undefined>;
  readonly add: (decision: MatchDecision) => void;
}

export const decisionsOf = (
  { matches }: Pick<Ports, 'matches'>,
  municipality: MunicipalityCode,
  outcomesId: DeliveryId,
): Decisions => {
  const read = new Map<HouseholdKey, Promise<readonly MatchDecision[]>>();
  const own: MatchDecision[] = [];
  const anew = (household: HouseholdKey): Promise<readonly MatchDecision[]> => {
    const found = matches.ofHousehold(municipality, household);
    read.set(household, found);
    return found;
  };
  const once = (household: HouseholdKey) => read.get(household) ?? anew(household);
  const isOwn = ({ decided }: MatchDecision): boolean => 'source' in decided && decided.source === outcomesId;
  const seenBy =
    (reading: DecisionsOf): DecisionsOf =>
    async (household) => [
      ...(await reading(household)).filter((decision) => !isOwn(decision)),
      ...own.filter((decision) => householdsOf(decision).includes(household)),
    ];
  return {
    known: seenBy(once),
    now: seenBy(anew),
    isOwn,
    stored: async (households, decisionId) =>
      (await Promise.all(households.map(once))).flat().find((each) => each.decisionId === decisionId),
    add: (decision) => own.push(decision),
  };
};

/** Some places with all that decisions tie to them. */
export interface Seen {
  readonly households: readonly HouseholdKey[];
  readonly decisions: readonly MatchDecision[];
  readonly signals: readonly Signal[];
  /** As they are now. */
  readonly cases: readonly SignalCase[];
}

/**
 * What is at these places. A file takes minutes, and another worker may take apart meanwhile: what was decided is read
 * after the signals, so that an answer goes to nobody who was apart when its line was read. With `known` for `reading` no
 * decision is read again.
 */
export const seenAt = async (
  ports: Ports,
  run: Run,
  places: readonly CaseId[],
  reading: DecisionsOf = run.decisions.now,
): Promise<Seen> => {
  const { municipality, decisions } = run;
  const before = await decisionsAround(decisions.known, ...places.map((place) => partsOfCaseId(place).household));
  const near = await signalsAround(ports.signals, municipality, before);
  const now = await decisionsAround(reading, ...before.households);
  const since = now.households.filter((household) => !before.households.includes(household));
  const signals = [...near, ...(await signalsAround(ports.signals, municipality, { ...now, households: since }))];
  return { ...now, signals, cases: casesOf(signals, now.decisions) };
};
