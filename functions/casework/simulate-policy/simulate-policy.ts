import { z } from 'zod';
import { rankingProblems } from '#domain/agreement/check-ranking.ts';
import { inDutch, type Problem, schemaProblems } from '#domain/agreement/problem.ts';
import { failure } from '#domain/failure.ts';
import type { Cents, MunicipalityCode, Period } from '#domain/ids.ts';
import { newLinks } from '#domain/matching/across.ts';
import type { MatchDecision } from '#domain/matching/decision.ts';
import { type Comparer, comparer } from '#domain/matching/persons.ts';
import type { Clock, ConfigurationStore, MatchStore, SignalStore } from '#domain/ports.ts';
import { matched } from '#domain/ranking/matched.ts';
import { policyName, RankingPolicy } from '#domain/ranking/policy.ts';
import { policyNamed } from '#domain/ranking/ranking.ts';
import { readRules } from '#domain/ranking/read-rules.ts';
import { compareRankings, named, type Simulation, simulateThresholds, unanswered } from '#domain/ranking/simulate.ts';
import { isOpen, type WorklistCase, worklistOf } from '#domain/ranking/worklist.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { amsterdamDate, periodOf } from '#domain/term/calendar.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'ofMunicipality'>;
  readonly matches: Pick<MatchStore, 'ofMunicipality'>;
  readonly configuration: Pick<ConfigurationStore, 'municipalities' | 'governing' | 'rankings'>;
  readonly clock: Clock;
}

/** A ranking policy that is loaded or shipped. */
export const Version = z.strictObject({ name: z.string(), version: z.number().int() });
export type Version = z.infer<typeof Version>;

export interface SimulationAsked {
  readonly municipality: MunicipalityCode;
  /** This month when absent. */
  readonly period?: Period | undefined;
  readonly thresholds?: readonly Cents[] | undefined;
  /** `from`: the one in force when absent. `to`: a `Version`, or a whole ranking policy that is stored nowhere. */
  readonly compare?: { readonly from?: Version | undefined; readonly to: unknown } | undefined;
}

export type SimulationAnswer = Simulation | { readonly problems: readonly Problem[] };

type Found = { readonly policy: RankingPolicy } | { readonly problems: readonly Problem[] };

const foundOf = (policies: readonly RankingPolicy[], { name, version }: Version, path: string): Found => {
  const policy = policyNamed(policies, { ruleSet: name, version });
  return policy ? { policy } : { problems: [{ path, text: `regelset ${name} ${version} bestaat niet` }] };
};

/** A policy by its name, or a draft: whole, and not under a name that is taken. */
const wantedOf = (policies: readonly RankingPolicy[], to: unknown): Found => {
  const version = Version.safeParse(to);
  if (version.success) return foundOf(policies, version.data, 'to');
  const draft = RankingPolicy.safeParse(to, { error: inDutch });
  if (!draft.success) return { problems: schemaProblems(draft.error) };
  const { name, version: number } = draft.data;
  const taken = policyNamed(policies, { ruleSet: name, version: number }) !== undefined;
  const text = `regelset ${policyName(draft.data)} bestaat al: geef het ontwerp een volgende versie`;
  const problems = [...(taken ? [{ path: 'version', text }] : []), ...rankingProblems(draft.data)];
  return problems.length > 0 ? { problems } : { policy: draft.data };
};

/** In cents: more than a case owes, and twice as much can still be counted up to. */
const HIGHEST_THRESHOLD = 100_000_000;

const thresholdProblems = (thresholds: readonly Cents[]): readonly Problem[] =>
  thresholds.flatMap((cents, i) =>
    cents > HIGHEST_THRESHOLD ? { path: `thresholds[${i}]`, text: 'een drempelbedrag is hoogstens € 1.000.000' } : [],
  );

/** What a municipality holds, as if nobody was answered in the month; with what the model would find for its next list, which is not stored. */
const readMunicipality = async (
  { signals, matches, clock }: Ports,
  code: MunicipalityCode,
  period: Period,
  comparing: Comparer,
) => {
  const own: Signal[] = [];
  for await (const signal of signals.ofMunicipality(code))
    own.push(signal.period === period ? unanswered(signal) : signal);
  const known: MatchDecision[] = [];
  for await (const { decision } of matches.ofMunicipality(code)) known.push(decision);
  return { signals: own, decisions: [...known, ...newLinks(code, own, known, clock.now(), comparing)] };
};

/**
 * What other thresholds (R-WOR-7) or another ranking policy (R-WOR-4) would do with the cases of a municipality in a month,
 * by the facts as they are today and as if none was answered yet. Ranks are those of the list, among all municipalities of
 * its organisation (R-WOR-1). Writes nothing. Answers counts, and case numbers with their ranks: nothing of a person, and
 * nothing of another municipality (R-PRI-1). Throws `MunicipalityUnknown`.
 */
export const simulatePolicy = async (
  ports: Ports,
  { municipality: code, period: asked, thresholds, compare }: SimulationAsked,
): Promise<SimulationAnswer> => {
  const municipalities = await ports.configuration.municipalities();
  const municipality = municipalities.find((each) => each.code === code);
  if (!municipality) throw failure('MunicipalityUnknown');
  const rankings = await ports.configuration.rankings();
  const to = compare && wantedOf(rankings, compare.to);
  const base = compare?.from && foundOf(rankings, compare.from, 'from');
  const problems = [
    ...thresholdProblems(thresholds ?? []),
    ...[to, base].flatMap((found) => (found && 'problems' in found ? found.problems : [])),
  ];
  if (problems.length > 0) return { problems };

  const now = ports.clock.now();
  const today = amsterdamDate(now);
  const period = asked ?? periodOf(now);
  const comparing = comparer();
  const own = await readMunicipality(ports, code, period, comparing);
  const answer = { municipality: { code, name: municipality.name }, period };
  const first = own.signals.find((signal) => signal.period === period && signal.status !== 'WITHDRAWN');
  if (!first) return answer;

  const held = [own];
  // Only for the places between theirs.
  if (to)
    for (const each of municipalities)
      if (each.organisation === municipality.organisation && each.code !== code)
        held.push(await readMunicipality(ports, each.code, period, comparing));
  const all = held.flatMap(({ signals }) => signals);
  const policyOf = await readRules(ports, all);
  const { ranking, threshold } = policyOf(first);
  const inForce = policyNamed(rankings, ranking);
  if (!inForce) throw failure('PolicyMissing');
  const decisions = held.flatMap((each) => each.decisions);
  const found = matched(all, decisions, comparing);
  const standing = worklistOf(period, found, policyOf, today, rankings).filter(
    ({ shown: [{ status }] }) => status !== 'WITHDRAWN',
  );
  const cases = standing.filter(({ shown: [signal] }) => signal.municipality === code);
  const others = standing.filter(({ shown: [signal] }) => {
    const { ruleSet, version } = policyOf(signal).ranking;
    return signal.municipality !== code && ruleSet === ranking.ruleSet && version === ranking.version;
  });
  const ours = found.filter((each) => each.municipality === code);
  const waiting = new Set(
    own.signals.filter((signal) => isOpen(signal) && signal.period !== period).map((signal) => signal.period),
  );
  const otherMonths = (): readonly WorklistCase[] =>
    [...waiting].sort().flatMap((month) => worklistOf(month, ours, policyOf, today, rankings));
  const from = base && 'policy' in base ? base.policy : inForce;
  return {
    ...answer,
    inForce: {
      ranking: named(inForce),
      ...(threshold && { thresholdCents: threshold.cents }),
    },
    ...(thresholds && { thresholds: simulateThresholds(cases, policyOf, today, inForce, thresholds) }),
    ...(to &&
      'policy' in to && {
        comparison: compareRankings(
          cases,
          { others, otherMonths: otherMonths(), found: ours },
          policyOf,
          today,
          from,
          to.policy,
        ),
      }),
  };
};
