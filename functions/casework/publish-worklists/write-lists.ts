import type { SignalPartner } from '#domain/agreement/configuration.ts';
import type { Instant, MunicipalityCode, PartnerId, Period } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, ObjectStore } from '#domain/ports.ts';
import { approachesOf } from '#domain/ranking/capacity.ts';
import type { RankingPolicy } from '#domain/ranking/policy.ts';
import { isOpen, type PolicyOf, type WorklistCase, worklistOf } from '#domain/ranking/worklist.ts';
import { worklistFile } from '#domain/ranking/worklist-file.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { addDays, amsterdamDate, periodOf, startOfDay } from '#domain/term/calendar.ts';
import { type Held, readRules } from './read-organisation.ts';

interface Ports {
  readonly configuration: Pick<ConfigurationStore, 'governing' | 'rankings'>;
  readonly objects: Pick<ObjectStore, 'write'>;
  readonly exchangeBucket: string;
  readonly clock: Clock;
}

/** A finished month is written again while something happened in it during these days, so that its last file is right. */
const QUIET_DAYS = 7;

/** The months that need a file: this one, and earlier ones with open cases or late news. */
const monthsOf = (signals: readonly Signal[], now: Instant): readonly Period[] => {
  const recent = startOfDay(addDays(amsterdamDate(now), -QUIET_DAYS));
  const lively = signals.filter((signal) => isOpen(signal) || (signal.history.at(-1)?.at ?? '') >= recent);
  return [...new Set([periodOf(now), ...lively.map(({ period }) => period)])].sort();
};

/** The cases of each month, ranked among all of the organisation, and how to approach them over all months together. */
const casesByMonth = (
  all: readonly Signal[],
  policyOf: PolicyOf,
  rankings: readonly RankingPolicy[],
  now: Instant,
): ReadonlyMap<Period, readonly WorklistCase[]> => {
  const today = amsterdamDate(now);
  const lists = monthsOf(all, now).map((month) => {
    const ofMonth = all.filter(({ period }) => period === month);
    return [month, worklistOf(ofMonth, all, policyOf, today, rankings)] as const;
  });
  const approaches = approachesOf(
    lists.flatMap(([, cases]) => cases),
    all,
    policyOf,
    today,
    rankings,
  );
  const approached = (each: WorklistCase): WorklistCase => {
    const approach = approaches.get(each.number);
    return approach ? { ...each, approach } : each;
  };
  return new Map(lists.map(([month, cases]) => [month, cases.map(approached)]));
};

/** Files of the municipalities in `wanted`, each with its own cases only (R-PRI-1). Answers how many. */
export const writeLists = async (
  ports: Ports,
  { organisation, signals }: Held,
  wanted: readonly MunicipalityCode[],
  partnerOf: (id: PartnerId) => SignalPartner | undefined,
): Promise<number> => {
  const all = [...signals.values()].flat();
  const policyOf = await readRules(ports, all);
  const now = ports.clock.now();
  const wantedMonths = new Map(wanted.map((code) => [code, new Set(monthsOf(signals.get(code) ?? [], now))]));
  let files = 0;
  for (const [month, cases] of casesByMonth(all, policyOf, await ports.configuration.rankings(), now)) {
    for (const code of wanted) {
      if (!wantedMonths.get(code)?.has(month)) continue;
      const own = cases.filter(({ shown: [{ municipality }] }) => municipality === code);
      const key = `municipalities/${code}/worklists/${month}.csv`;
      const text = worklistFile(own, policyOf, { organisation: organisation.name, partnerOf });
      await ports.objects.write(ports.exchangeBucket, key, text, 'text/csv; charset=utf-8');
      files += 1;
    }
  }
  return files;
};
