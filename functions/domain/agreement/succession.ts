import type { IsoDate } from '../ids.ts';
import { policyName, type RankingPolicy } from '../ranking/policy.ts';
import { addDays } from '../term/calendar.ts';
import { lastDayOf } from './active.ts';
import type { Agreement, Configuration, Deviation } from './configuration.ts';
import { datedChanges } from './governing.ts';
import { listed, type Problem } from './problem.ts';

/**
 * How many days signals can run on after the last day on which they came in: closing horizon 60 and schuldenrust 30, and
 * as much again for a case that is opened once more within the half year it is kept.
 */
const RUN_ON = 366;

/** The same whatever the order of keys: a store may give them back in another. */
const contentOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** What a deviation said up to and including today, as far as signals can still run under it; undefined when nothing. */
const saidBy = (deviation: Deviation, today: IsoDate): string | undefined => {
  const said = datedChanges(deviation)
    .filter(({ from, to }) => from <= today && (to === undefined || addDays(today, -RUN_ON) <= to))
    .map(({ change, from, to }) => contentOf([change, from, to !== undefined && to < today && to]));
  return said.length === 0
    ? undefined
    : contentOf([deviation.title, deviation.municipality, deviation.agreement, said.sort()]);
};

const canRunUnder = (agreement: Agreement, today: IsoDate): boolean =>
  agreement.validFrom <= today && addDays(today, -RUN_ON) <= (lastDayOf(agreement) ?? today);

const byId = <T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.id, item]));

/**
 * Whether `wanted` may take the place of what is `stored`: what was promised to signals that came in up to and including
 * today stays (R-AGR-3). A base text never changes; of a deviation that began only what comes after today may; agreements
 * and deviations stay while signals can run under them, and with an agreement its base text, partner and municipality. A
 * ranking policy stays as it is: lists that were worked with name it (R-WOR-3).
 */
export const checkSuccession = (stored: Configuration, wanted: Configuration, today: IsoDate): readonly Problem[] => {
  const policies = byId(stored.policies);
  const rankings = new Map(stored.rankings.map((ranking) => [policyName(ranking), ranking]));
  const nextOf = ({ name }: RankingPolicy): number =>
    Math.max(
      ...[...stored.rankings, ...wanted.rankings].filter((each) => each.name === name).map(({ version }) => version),
    ) + 1;
  const deviations = byId(stored.deviations);
  const kept = { agreements: byId(wanted.agreements), deviations: byId(wanted.deviations) };
  const running = byId(stored.agreements.filter((agreement) => canRunUnder(agreement, today)));
  const isNews = ({ municipality, agreement }: Deviation): boolean =>
    ![...running.values()].some((each) => each.municipality === municipality && each.id === (agreement ?? each.id));
  return [
    ...listed('policies', wanted.policies, (policy, path) => {
      const before = policies.get(policy.id);
      return [
        before !== undefined &&
          contentOf(before) !== contentOf(policy) && {
            path,
            text: `basistekst ${policy.id} verandert niet; maak een afwijking met een datum of een nieuwe basistekst`,
          },
      ];
    }),
    ...listed('rankings', wanted.rankings, (ranking, path) => {
      const before = rankings.get(policyName(ranking));
      return [
        before !== undefined &&
          contentOf(before) !== contentOf(ranking) && {
            path,
            text: `regelset ${policyName(ranking)} verandert niet: lijsten noemen haar; maak versie ${nextOf(ranking)}`,
          },
      ];
    }),
    ...[...rankings.keys()]
      .filter((name) => !wanted.rankings.some((ranking) => policyName(ranking) === name))
      .map((name) => ({ path: 'rankings', text: `regelset ${name} ontbreekt: lijsten noemen haar; laat haar staan` })),
    ...listed('deviations', wanted.deviations, (deviation, path) => {
      const stored = deviations.get(deviation.id);
      const before = stored && saidBy(stored, today);
      const after = saidBy(deviation, today);
      if (before === after) return [];
      if (before === undefined)
        return [
          !isNews(deviation) && {
            path: `${path}.validFrom`,
            text: 'er lopen al signalen: een nieuwe afwijking begint na vandaag',
          },
        ];
      return [{ path, text: `afwijking ${deviation.id} geldt al: alleen wat na vandaag komt kan nog veranderen` }];
    }),
    ...listed('agreements', wanted.agreements, (agreement, path) => {
      const before = running.get(agreement.id);
      const under = ({ municipality, partner, policy }: Agreement) => [municipality, partner, policy].join();
      return [
        before !== undefined &&
          under(before) !== under(agreement) && {
            path,
            text: `onder overeenkomst ${agreement.id} lopen signalen: gemeente, partner en basistekst blijven`,
          },
      ];
    }),
    ...[...running.keys()]
      .filter((id) => !kept.agreements.has(id))
      .map((id) => ({
        path: 'agreements',
        text: `overeenkomst ${id} ontbreekt: er kunnen signalen onder lopen; geef haar een einde`,
      })),
    ...stored.deviations
      .filter((deviation) => !kept.deviations.has(deviation.id) && saidBy(deviation, today) !== undefined)
      .map(({ id }) => ({
        path: 'deviations',
        text: `afwijking ${id} ontbreekt: er kunnen signalen onder lopen; geef haar een einde`,
      })),
  ];
};
