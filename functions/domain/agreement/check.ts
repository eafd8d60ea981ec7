import type { MunicipalityCode } from '../ids.ts';
import { RULE_SETS } from '../ranking/ranking.ts';
import { err, ok, type Result } from '../result.ts';
import type { Agreement, Configuration, Policy } from './configuration.ts';

/** What is wrong with a configuration: where, and in Dutch what. */
export interface Problem {
  /** As in JSON: `agreements[3].policy`. */
  readonly path: string;
  readonly text: string;
}

type Check = (configuration: Configuration) => readonly Problem[];

const listed = <T>(
  list: string,
  items: readonly T[],
  check: (item: T, path: string) => readonly (Problem | false | undefined)[],
): readonly Problem[] =>
  items.flatMap((item, i) => check(item, `${list}[${i}]`).filter((found) => found !== false && found !== undefined));

const ids: Check = (configuration) => {
  const unique = <T>(list: string, items: readonly T[], key: (item: T) => string, field: string) => {
    const seen = new Set<string>();
    return listed(list, items, (item, path) => {
      const id = key(item);
      const again = seen.has(id);
      seen.add(id);
      return [again && { path: `${path}.${field}`, text: `${id} komt meer dan één keer voor` }];
    });
  };
  return [
    ...unique('policies', configuration.policies, (item) => item.id, 'id'),
    ...unique('organisations', configuration.organisations, (item) => item.id, 'id'),
    ...unique('municipalities', configuration.municipalities, (item) => item.code, 'code'),
    ...unique('partners', configuration.partners, (item) => item.id, 'id'),
    ...unique('deliveringParties', configuration.deliveringParties, (item) => item.id, 'id'),
    ...unique('agreements', configuration.agreements, (item) => item.id, 'id'),
    ...unique('partnerTypeRules', configuration.partnerTypeRules, (item) => `${item.type} ${item.lcvVersion}`, 'type'),
  ];
};

const references: Check = (configuration) => {
  const organisations = new Set<string>(configuration.organisations.map(({ id }) => id));
  const partners = new Map<string, (typeof configuration.partners)[number]>(
    configuration.partners.map((partner) => [partner.id, partner]),
  );
  const municipalities = new Set<string>(configuration.municipalities.map(({ code }) => code));
  const policies = new Set<string>(configuration.policies.map(({ id }) => id));
  const rules = new Set(configuration.partnerTypeRules.map(({ type, lcvVersion }) => `${type} ${lcvVersion}`));
  const absent = (known: { has(id: string): boolean }, id: string, path: string, what: string) =>
    !known.has(id) && { path, text: `${what} ${id} bestaat niet` };
  return [
    ...listed('municipalities', configuration.municipalities, ({ organisation }, path) => [
      absent(organisations, organisation, `${path}.organisation`, 'uitvoerder'),
    ]),
    ...listed('deliveringParties', configuration.deliveringParties, (party, path) =>
      party.partners.map((id, i) => absent(partners, id, `${path}.partners[${i}]`, 'partner')),
    ),
    ...listed('agreements', configuration.agreements, ({ municipality, partner, policy, lcvVersion }, path) => {
      const type = partners.get(partner)?.type;
      const rule = `${type} ${lcvVersion}`;
      return [
        absent(municipalities, municipality, `${path}.municipality`, 'gemeente'),
        absent(partners, partner, `${path}.partner`, 'partner'),
        absent(policies, policy, `${path}.policy`, 'werkafspraak'),
        type !== undefined && absent(rules, rule, `${path}.lcvVersion`, 'termijnregel voor'),
      ];
    }),
  ];
};

const END_OF_TIME = '9999-12-31';
const overlap = (a: Agreement, b: Agreement): boolean =>
  a.validFrom <= (b.validTo ?? END_OF_TIME) && b.validFrom <= (a.validTo ?? END_OF_TIME);

const overlaps = (agreements: readonly Agreement[]): readonly Problem[] => {
  const between = new Map<string, Agreement[]>();
  return listed('agreements', agreements, (agreement, path) => {
    const pair = `${agreement.municipality} ${agreement.partner}`;
    const earlier = between.get(pair) ?? [];
    between.set(pair, [...earlier, agreement]);
    const other = earlier.find((one) => overlap(one, agreement));
    return [other && { path, text: `loopt tegelijk met overeenkomst ${other.id}` }];
  });
};

const dates: Check = ({ agreements, partnerTypeRules }) => [
  ...overlaps(agreements),
  ...listed('agreements', agreements, ({ validFrom, validTo }, path) => [
    validTo !== undefined &&
      validTo < validFrom && { path: `${path}.validTo`, text: `einde ${validTo} ligt voor begin ${validFrom}` },
  ]),
  ...listed('partnerTypeRules', partnerTypeRules, ({ minimumDaysOverdue, maximumDaysOverdue }, path) => [
    maximumDaysOverdue !== undefined &&
      maximumDaysOverdue < minimumDaysOverdue && {
        path: `${path}.maximumDaysOverdue`,
        text: 'het maximum is kleiner dan het minimum',
      },
  ]),
];

const policyProblems = (policy: Policy, path: string): readonly (Problem | false)[] => {
  const { reminderDays, escalationDays, closingDays } = policy.terms;
  const { days, reminderDaysBefore } = policy.suspension;
  const { ruleSet, version } = policy.ranking;
  return [
    !(reminderDays < escalationDays && escalationDays < closingDays) && {
      path: `${path}.terms`,
      text: 'herinnering, verstrijken en sluiten moeten in deze volgorde vallen',
    },
    policy.acceptanceResults.includes(policy.closingResult) && {
      path: `${path}.closingResult`,
      text: 'wie niemand sprak, heeft geen hulp geaccepteerd',
    },
    !policy.feedbackOn.includes('HELP_ACCEPTED') && {
      path: `${path}.feedbackOn`,
      text: 'hulpacceptatie moet altijd worden teruggekoppeld (R-FEE-1)',
    },
    reminderDaysBefore >= days && {
      path: `${path}.suspension.reminderDaysBefore`,
      text: 'de herinnering valt voor het begin van de schuldenrust',
    },
    !RULE_SETS.some((known) => known.name === ruleSet && known.version === version) && {
      path: `${path}.ranking`,
      text: `regelset ${ruleSet} ${version} bestaat niet`,
    },
  ];
};

/** Agreements of one municipality must rank alike: else who sent a signal would move its rank (R-WOR-2). */
const equalRanking: Check = ({ agreements, policies }) => {
  const ranking = new Map<string, string>(policies.map((policy) => [policy.id, JSON.stringify(policy.ranking)]));
  const first = new Map<string, string | undefined>();
  return listed('agreements', agreements, ({ municipality, policy }, path) => {
    const own = ranking.get(policy);
    if (!first.has(municipality)) first.set(municipality, own);
    return [
      first.get(municipality) !== own && {
        path: `${path}.policy`,
        text: `gemeente ${municipality} moet alle partners met dezelfde regels rangschikken (R-WOR-2)`,
      },
    ];
  });
};

/**
 * Whether a configuration hangs together: ids once, references that exist, no agreements that overlap, policies that can
 * be carried out. `isMunicipality` says whether a code is in force; all problems at once, never the first only.
 */
export const checkConfiguration = (
  configuration: Configuration,
  isMunicipality: (code: MunicipalityCode) => boolean,
): Result<Configuration, readonly Problem[]> => {
  const problems = [
    ...ids(configuration),
    ...references(configuration),
    ...dates(configuration),
    ...listed('policies', configuration.policies, policyProblems),
    ...equalRanking(configuration),
    ...listed('municipalities', configuration.municipalities, ({ code }, path) => [
      !isMunicipality(code) && { path: `${path}.code`, text: `${code} is geen gemeente die nu bestaat` },
    ]),
  ];
  return problems.length === 0 ? ok(configuration) : err(problems);
};
