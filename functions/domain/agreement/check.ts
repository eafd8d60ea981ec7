import { type MunicipalityCode, UNKNOWN_PARTY } from '../ids.ts';
import { policyName } from '../ranking/policy.ts';
import { err, ok, type Result } from '../result.ts';
import { lastDayOf } from './active.ts';
import { mappings } from './check-mapping.ts';
import { rankings } from './check-ranking.ts';
import { rules } from './check-rules.ts';
import type { Agreement, Configuration } from './configuration.ts';
import { type Check, listed, type Problem } from './problem.ts';

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
  // What comes from nobody we know is filed under this name.
  const reserved = ({ id }: { readonly id: string }, path: string) => [
    id === UNKNOWN_PARTY && { path: `${path}.id`, text: `${id} kan geen naam zijn van een partij` },
  ];
  return [
    ...listed('partners', configuration.partners, reserved),
    ...listed('deliveringParties', configuration.deliveringParties, reserved),
    ...unique('policies', configuration.policies, (item) => item.id, 'id'),
    ...unique('rankings', configuration.rankings, policyName, 'version'),
    ...unique('deviations', configuration.deviations, (item) => item.id, 'id'),
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
  const agreements = new Map(configuration.agreements.map(({ id, municipality }) => [id, municipality]));
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
        absent(policies, policy, `${path}.policy`, 'basistekst'),
        type !== undefined && absent(rules, rule, `${path}.lcvVersion`, 'termijnregel voor'),
      ];
    }),
    ...listed('deviations', configuration.deviations, ({ municipality, agreement }, path) => [
      absent(municipalities, municipality, `${path}.municipality`, 'gemeente'),
      agreement !== undefined && absent(agreements, agreement, `${path}.agreement`, 'overeenkomst'),
      agreement !== undefined &&
        agreements.has(agreement) &&
        agreements.get(agreement) !== municipality && {
          path: `${path}.agreement`,
          text: `overeenkomst ${agreement} is van een andere gemeente`,
        },
    ]),
  ];
};

const END_OF_TIME = '9999-12-31';
const overlap = (a: Agreement, b: Agreement): boolean =>
  a.validFrom <= (lastDayOf(b) ?? END_OF_TIME) && b.validFrom <= (lastDayOf(a) ?? END_OF_TIME);

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
  ...listed('agreements', agreements, (agreement, path) => {
    const last = lastDayOf(agreement);
    return [
      last !== undefined &&
        last < agreement.validFrom && {
          path: `${path}.${last === agreement.validTo ? 'validTo' : 'cancelled'}`,
          text: `einde ${last} ligt voor begin ${agreement.validFrom}`,
        },
    ];
  }),
  ...listed('partnerTypeRules', partnerTypeRules, ({ minimumDaysOverdue, maximumDaysOverdue }, path) => [
    maximumDaysOverdue !== undefined &&
      maximumDaysOverdue < minimumDaysOverdue && {
        path: `${path}.maximumDaysOverdue`,
        text: 'het maximum is kleiner dan het minimum',
      },
  ]),
];

/**
 * Whether a configuration hangs together: ids once, references that exist, no agreements that overlap, base texts and
 * deviations that can be carried out on every day. `isMunicipality` says whether a code is in force; all problems at
 * once, never the first only.
 */
export const checkConfiguration = (
  configuration: Configuration,
  isMunicipality: (code: MunicipalityCode) => boolean,
): Result<Configuration, readonly Problem[]> => {
  const problems = [
    ...ids(configuration),
    ...references(configuration),
    ...dates(configuration),
    ...rankings(configuration),
    ...rules(configuration),
    ...mappings(configuration),
    ...listed('municipalities', configuration.municipalities, ({ code }, path) => [
      !isMunicipality(code) && { path: `${path}.code`, text: `${code} is geen gemeente die nu bestaat` },
    ]),
  ];
  return problems.length === 0 ? ok(configuration) : err(problems);
};
