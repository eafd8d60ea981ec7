import type { IsoDate } from '../ids.ts';
import { policyNamed } from '../ranking/ranking.ts';
import { REPEAT } from '../signal/repeat.ts';
import { addDays } from '../term/calendar.ts';
import { dutchDate } from '../term/explain.ts';
import {
  type Agreement,
  type Configuration,
  type Deviation,
  type Policy,
  type PolicyRules,
  SILENT,
  SUBJECTS,
  type Subject,
} from './configuration.ts';
import { datedChanges, governing } from './governing.ts';
import { type Check, listed, type Problem } from './problem.ts';

/** A subject with what is agreed about it. */
type Ruled = { [S in Subject]: { readonly subject: S; readonly value: PolicyRules[S] | null | undefined } }[Subject];

/** Without these a partner would not know that it must wait, or that payment cannot resume (R-SUS-1, R-FEE-4). */
const NEEDED = ['SUSPENSION', 'PAYMENT_RESUMES'] as const;
const TELL_ACCEPTANCE =
  'hulpacceptatie moet altijd worden teruggekoppeld, met schuldenrust en hervatten van de betaling (R-FEE-1, R-SUS-1, R-FEE-4)';

/** What cannot be carried out about one subject, whatever the others say. */
const wrongWith = (ruled: Ruled, rankings: Configuration['rankings']): string | false => {
  if (ruled.value === null || ruled.value === undefined) return false;
  switch (ruled.subject) {
    case 'terms': {
      const { reminderDays, warningDays, escalationDays, closingDays } = ruled.value;
      const rises = reminderDays < warningDays && warningDays < escalationDays && escalationDays < closingDays;
      return !rises && 'herinnering, waarschuwing, verstrijken en sluiten moeten in deze volgorde vallen';
    }
    case 'feedback': {
      const told: readonly string[] = ruled.value.told.HELP_ACCEPTED ?? [];
      return NEEDED.some((item) => !told.includes(item)) && TELL_ACCEPTANCE;
    }
    case 'closing':
      return ruled.value.result === REPEAT && 'wat niemand behandelde, is daarmee nog geen herhaalde melding';
    case 'suspension': {
      const { days, reminderDaysBefore } = ruled.value;
      return reminderDaysBefore >= days && 'de herinnering valt voor het begin van de schuldenrust';
    }
    case 'ranking': {
      const { ruleSet, version } = ruled.value;
      return policyNamed(rankings, ruled.value) === undefined && `regelset ${ruleSet} ${version} bestaat niet`;
    }
    case 'teams': {
      const ids = ruled.value.teams.map(({ id }) => id);
      if (new Set(ids).size < ids.length) return 'een team komt meer dan één keer voor';
      return !ids.includes(ruled.value.first) && `team ${ruled.value.first} staat niet bij de teams`;
    }
    case 'capacity': {
      const { otherChannels } = ruled.value;
      if (new Set(otherChannels).size < otherChannels.length)
        return 'een manier van benaderen komt meer dan één keer voor';
      return (
        otherChannels.at(-1) !== 'brief' && 'de laatste manier is brief: een telefoon of e-mailadres is er niet altijd'
      );
    }
    default:
      return false;
  }
};

/** What cannot be carried out about subjects together: each can be changed without the other. */
const wrongTogether = ({
  closing,
  acceptance,
  repeats,
  feedback,
}: PolicyRules): { readonly subject: Subject; readonly text: string } | undefined => {
  if (acceptance.results.includes(closing.result))
    return { subject: 'closing', text: 'wie niemand sprak, heeft geen hulp geaccepteerd' };
  if (repeats && acceptance.results.includes(REPEAT))
    return { subject: 'repeats', text: 'een herhaalde melding is geen geaccepteerde hulp' };
  // Nobody looked at it: then the partner must at least hear that.
  if (repeats && feedback.told.REPEAT_SIGNAL === undefined)
    return { subject: 'repeats', text: 'wie herhaalde meldingen sluit, moet dat terugkoppelen (R-DEL-5, R-FEE-2)' };
  return undefined;
};

const SILENT_WORDS: Readonly<Record<(typeof SILENT)[number], string>> = {
  repeats: 'zeg waar in de tekst staat dat herhaalde meldingen sluiten',
  capacity: 'zeg waar in de tekst staat hoeveel huisbezoeken er zijn',
};

const policyProblems = (
  policy: Policy,
  path: string,
  rankings: Configuration['rankings'],
): readonly (Problem | false | undefined)[] => {
  const together = wrongTogether(policy);
  return [
    ...SUBJECTS.map((subject) => {
      const text = wrongWith({ subject, value: policy[subject] } as Ruled, rankings);
      return text !== false && { path: `${path}.${subject}`, text };
    }),
    together && { path: `${path}.${together.subject}`, text: together.text },
    ...SILENT.map(
      (subject) =>
        policy[subject] !== undefined &&
        policy.clauses[subject] === undefined && { path: `${path}.clauses`, text: SILENT_WORDS[subject] },
    ),
  ];
};

/** Phases follow each other without overlap or gap, from the first to the last day of the deviation (R-AGR-4). */
const phaseProblems = (
  { validFrom, validTo, phases }: Deviation,
  path: string,
): readonly (Problem | false | undefined)[] => {
  let next: IsoDate | undefined = validFrom;
  const problems = phases.map(({ phase, from, to }, i) => {
    const at = `${path}.phases[${i}]`;
    const wanted = next;
    next = to && addDays(to, 1);
    if (to !== undefined && to < from) return { path: at, text: `einde ${to} ligt voor begin ${from}` };
    return (
      from !== wanted && {
        path: at,
        text: wanted ? `${phase} moet beginnen op ${wanted}` : 'de vorige fase heeft geen einde',
      }
    );
  });
  // An end that was set later may lie within any phase; a phase must not stop before it.
  const stops = phases.length > 0 && next !== undefined && (validTo === undefined || next <= validTo);
  return [...problems, stops && { path: `${path}.phases`, text: `na ${next} is er geen fase meer` }];
};

/** About the list of a whole municipality. */
const OF_A_LIST: readonly Subject[] = ['ranking', 'threshold', 'capacity'];

const deviationProblems = (
  deviation: Deviation,
  path: string,
  rankings: Configuration['rankings'],
): readonly (Problem | false | undefined)[] => {
  const { validFrom, validTo } = deviation;
  const phases = new Set(deviation.phases.map(({ phase }) => phase));
  return [
    validTo !== undefined &&
      validTo < validFrom && { path: `${path}.validTo`, text: `einde ${validTo} ligt voor begin ${validFrom}` },
    ...phaseProblems(deviation, path),
    ...deviation.changes.flatMap((change, i) => {
      const at = `${path}.changes[${i}]`;
      const wrong = wrongWith(change, rankings);
      return [
        wrong !== false && { path: `${at}.value`, text: wrong },
        change.phase !== undefined &&
          !phases.has(change.phase) && { path: `${at}.phase`, text: `de afwijking heeft geen ${change.phase}` },
        // Else who sent a signal would move its rank.
        deviation.agreement !== undefined &&
          OF_A_LIST.includes(change.subject) && {
            path: `${at}.subject`,
            text: 'rangorde, drempelbedrag en capaciteit gelden voor de hele gemeente (R-WOR-2)',
          },
      ];
    }),
  ];
};

/** Of two changes of one thing that begin on one day nobody could say which counts. */
const sameDay: Check = ({ deviations }) => {
  const seen = new Map<string, Deviation>();
  return listed('deviations', deviations, (deviation, path) =>
    datedChanges(deviation)
      .filter(({ from, to }) => to === undefined || from <= to)
      .map(({ change, from }) => {
        const key = `${deviation.municipality} ${deviation.agreement} ${change.subject} ${from}`;
        const other = seen.get(key);
        seen.set(key, deviation);
        const text = `${change.subject} verandert op ${from} ook door afwijking ${other?.id}`;
        return other !== undefined && { path: `${path}.changes[${deviation.changes.indexOf(change)}]`, text };
      }),
  );
};

/** Days on which what is agreed in a municipality may become different. */
const turningDays = (deviation: Deviation): readonly IsoDate[] =>
  datedChanges(deviation).flatMap(({ from, to }) => [from, ...(to === undefined ? [] : [addDays(to, 1)])]);

/** The rules of an agreement on a day, when its base text exists. */
const rulesOn = ({ policies, deviations }: Configuration, { id, policy, municipality }: Agreement, day: IsoDate) => {
  const base = policies.find((each) => each.id === policy);
  return base && governing(base, deviations, { policy, agreement: id, municipality, receivedOn: day }, day);
};

/** Base text and deviations together must give a policy that can be carried out, on every day. */
const combined: Check = (configuration) =>
  listed('deviations', configuration.deviations, (deviation, path) => {
    const agreements = configuration.agreements.filter(
      ({ id, municipality }) => municipality === deviation.municipality && id === (deviation.agreement ?? id),
    );
    const found = turningDays(deviation).flatMap((day) =>
      agreements.flatMap((agreement) => {
        const rules = rulesOn(configuration, agreement, day);
        const wrong = rules && wrongTogether(rules);
        return wrong ? [{ path, text: `op ${dutchDate(day)} bij ${agreement.id}: ${wrong.text}` }] : [];
      }),
    );
    return found.slice(0, 1);
  });

const rankingOf = (configuration: Configuration, agreement: Agreement, day: IsoDate): string => {
  const rules = rulesOn(configuration, agreement, day);
  return JSON.stringify([rules?.ranking.ruleSet, rules?.ranking.version, rules?.threshold?.cents, rules?.capacity]);
};

/** Agreements of one municipality must rank alike on every day: else who sent a signal would move its rank (R-WOR-2). */
const equalRanking: Check = (configuration) => {
  const { agreements, deviations } = configuration;
  const oldest = new Map<string, Agreement>();
  for (const agreement of agreements) {
    const known = oldest.get(agreement.municipality);
    if (!known || agreement.validFrom < known.validFrom) oldest.set(agreement.municipality, agreement);
  }
  return listed('agreements', agreements, (agreement, path) => {
    const { municipality, validFrom } = agreement;
    const first = oldest.get(municipality);
    if (first === undefined || first.policy === agreement.policy) return [];
    const days = deviations.filter((each) => each.municipality === municipality).flatMap(turningDays);
    const unequal = [validFrom, ...days.filter((day) => day > validFrom)].some(
      (day) => rankingOf(configuration, first, day) !== rankingOf(configuration, agreement, day),
    );
    return [
      unequal && {
        path: `${path}.policy`,
        text: `gemeente ${municipality} moet alle partners met dezelfde regels rangschikken (R-WOR-2)`,
      },
    ];
  });
};

/** What is agreed can be carried out on every day: in the base text, in each deviation, and in both together (R-AGR-3, R-AGR-4). */
export const rules: Check = (configuration) => [
  ...listed('policies', configuration.policies, (policy, path) => policyProblems(policy, path, configuration.rankings)),
  ...listed('deviations', configuration.deviations, (deviation, path) =>
    deviationProblems(deviation, path, configuration.rankings),
  ),
  ...sameDay(configuration),
  ...combined(configuration),
  ...equalRanking(configuration),
];
