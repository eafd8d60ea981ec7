import type { Municipality, SignalPartner } from '#domain/agreement/configuration.ts';
import { grouped } from '#domain/grouped.ts';
import type { Instant, IsoDate, PartnerId, Period } from '#domain/ids.ts';
import type { MatchDecision } from '#domain/matching/decision.ts';
import { comparer } from '#domain/matching/persons.ts';
import type { Clock, ConfigurationStore, MatchStore, ObjectStore } from '#domain/ports.ts';
import { approachesOf } from '#domain/ranking/capacity.ts';
import { type Matched, matched } from '#domain/ranking/matched.ts';
import type { RankingPolicy } from '#domain/ranking/policy.ts';
import { readRules } from '#domain/ranking/read-rules.ts';
import { isOpen, type Mark, type PolicyOf, type WorklistCase, worklistOf } from '#domain/ranking/worklist.ts';
import { type Line, linesOf } from '#domain/ranking/worklist-columns.ts';
import { worklistFile } from '#domain/ranking/worklist-file.ts';
import { worklistWorkbook } from '#domain/ranking/worklist-workbook.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { addDays, amsterdamDate, periodOf, startOfDay } from '#domain/term/calendar.ts';
import { matchPersons } from './match-persons.ts';
import { encoded, packed } from './pack.ts';
import type { Held } from './read-organisation.ts';

interface Ports {
  readonly configuration: Pick<ConfigurationStore, 'governing' | 'rankings'>;
  readonly matches: Pick<MatchStore, 'add' | 'ofMunicipality'>;
  readonly objects: Pick<ObjectStore, 'write'>;
  readonly exchangeBucket: string;
  readonly clock: Clock;
}

/** The lists of one municipality that are wanted. */
export interface Wanted {
  readonly municipality: Municipality;
  /** What happened after it is marked. */
  readonly since: Instant | undefined;
  /** Only this month; every month that needs one when absent. */
  readonly period?: Period | undefined;
  /** Asked since a day of somebody's own choice: beside the list of all, not in its place. */
  readonly ownSince?: IsoDate | undefined;
}

/** A list that was written: where, and what is on it, in counts. */
export interface WrittenList {
  readonly period: Period;
  readonly keys: readonly string[];
  readonly cases: number;
  readonly since?: Instant;
  readonly trays: Readonly<Record<string, number>>;
  readonly marks: Readonly<Partial<Record<Mark, number>>>;
}

/** A finished month is written again while something happened in it during these days, so that its last file is right. */
const QUIET_DAYS = 7;
const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The months that need a file: this one, and earlier ones with open cases or late news. */
const monthsOf = (signals: readonly Signal[], now: Instant): readonly Period[] => {
  const recent = startOfDay(addDays(amsterdamDate(now), -QUIET_DAYS));
  const lively = signals.filter((signal) => isOpen(signal) || (signal.history.at(-1)?.at ?? '') >= recent);
  return [...new Set([periodOf(now), ...lively.map(({ period }) => period)])].sort();
};

/** The cases of every month: who belongs together as known and as found just now; of it only the cases are kept. */
const findCases = async (ports: Ports, signals: Held['signals']): Promise<readonly Matched[]> => {
  const comparing = comparer();
  const decisions: MatchDecision[] = [];
  for (const [code, own] of signals) decisions.push(...(await matchPersons(ports, code, own, comparing)));
  return matched([...signals.values()].flat(), decisions, comparing);
};

/** The cases of each month, ranked among all of the organisation, and how to approach them over all months together. */
const casesByMonth = (
  months: readonly Period[],
  found: readonly Matched[],
  policyOf: PolicyOf,
  rankings: readonly RankingPolicy[],
  today: IsoDate,
): ReadonlyMap<Period, readonly WorklistCase[]> => {
  const lists = months.map((month) => [month, worklistOf(month, found, policyOf, today, rankings)] as const);
  const approaches = approachesOf(
    lists.flatMap(([, cases]) => cases),
    found,
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

const countsOf = <K extends string>(groups: ReadonlyMap<K, readonly unknown[]>): Record<K, number> =>
  Object.fromEntries([...groups].map(([key, { length }]) => [key, length])) as Record<K, number>;

/** What is on a list, in counts. */
const summaryOf = (lines: readonly Line[]): Pick<WrittenList, 'cases' | 'trays' | 'marks'> => ({
  cases: lines.length,
  trays: countsOf(grouped(lines, ({ tray }) => tray)),
  marks: countsOf(
    grouped(
      lines.flatMap(({ news }) => news.mark ?? []),
      (mark) => mark,
    ),
  ),
});

/** Files of the municipalities in `wanted`, CSV and workbook, each with its own cases only (R-PRI-1). */
export const writeLists = async (
  ports: Ports,
  { organisation, signals }: Held,
  wanted: readonly Wanted[],
  partnerOf: (id: PartnerId) => SignalPartner | undefined,
): Promise<readonly WrittenList[]> => {
  const all = [...signals.values()].flat();
  const policyOf = await readRules(ports, all);
  const rankings = await ports.configuration.rankings();
  const now = ports.clock.now();
  const asked = wanted.flatMap(({ period }) => period ?? []);
  const months = [...new Set([...monthsOf(all, now), ...asked])].sort();
  const lists = [...casesByMonth(months, await findCases(ports, signals), policyOf, rankings, amsterdamDate(now))].map(
    ([period, cases]) => ({ period, cases: grouped(cases, ({ shown: [first] }) => first.municipality) }),
  );
  const written: WrittenList[] = [];
  for (const { municipality, since, period: only, ownSince } of wanted) {
    const { code, name } = municipality;
    const waiting = lists.map(({ period, cases }) => ({
      period,
      waiting: (cases.get(code) ?? []).filter(({ ranked }) => ranked !== undefined).length,
    }));
    const needed = only === undefined ? monthsOf(signals.get(code) ?? [], now) : [only];
    for (const { period, cases } of lists) {
      if (!needed.includes(period)) continue;
      const facts = { organisation: organisation.name, partnerOf, since };
      const lines = linesOf(cases.get(code) ?? [], policyOf, facts);
      const key = `municipalities/${code}/worklists/${period}${ownSince === undefined ? '' : `-sinds-${ownSince}`}`;
      const write = (form: string, body: AsyncIterable<Uint8Array>, type: string): Promise<void> =>
        ports.objects.write(ports.exchangeBucket, `${key}.${form}`, body, type);
      await write('csv', encoded(worklistFile(lines)), 'text/csv; charset=utf-8');
      const otherMonths = waiting.filter((other) => other.waiting > 0 && other.period !== period);
      const book = worklistWorkbook(lines, { ...facts, municipality: name, period, at: now, rankings, otherMonths });
      await write('xlsx', packed(book), WORKBOOK);
      written.push({
        period,
        keys: [`${key}.csv`, `${key}.xlsx`],
        ...(since !== undefined && { since }),
        ...summaryOf(lines),
      });
    }
  }
  return written;
};
