import type { Governing } from '../agreement/governing.ts';
import type { Resident } from '../delivery/delivery.ts';
import { failure } from '../failure.ts';
import { euros } from '../feedback/amount.ts';
import { grouped } from '../grouped.ts';
import { type CaseId, type Cents, Cents as CentsSchema, IsoDate } from '../ids.ts';
import { phaseOf, type Signal } from '../signal/signal.ts';
import { yearsBetween } from '../term/calendar.ts';
import { CRISIS_KINDS } from '../term/terms.ts';

type Facts = 'kind' | 'collectionPhase' | 'correctedPhase' | 'amountCents' | 'dueDate' | 'warnings' | 'knownAtTeam';

/** All that ranking may know of a signal. Partner and partner type are not among it: equal treatment (R-WOR-2). */
export type RankedSignal = Pick<Signal, Facts> & { readonly resident: Pick<Resident, 'dateOfBirth'> };

export interface RankingInput {
  readonly caseId: CaseId;
  /** Its open signals; at least one. */
  readonly signals: readonly RankedSignal[];
  /** As they count on the day of the list. */
  readonly policy: Pick<Governing, 'ranking' | 'threshold'>;
}

export interface RankedCase {
  readonly caseId: CaseId;
  /** 1 = first. */
  readonly rank: number;
  /** In Dutch, in the order in which they counted. */
  readonly reasons: readonly string[];
}

export const totalOf = (signals: readonly Pick<Signal, 'amountCents'>[]): Cents =>
  CentsSchema.parse(signals.reduce((total, { amountCents }) => total + amountCents, 0));

/** From this age on a resident counts as known at the neighbourhood team (R-WOR-4). */
const KNOWN_FROM_AGE = 65;

interface Measured {
  readonly caseId: CaseId;
  readonly threshold: Cents | undefined;
  readonly belowThreshold: boolean;
  readonly count: number;
  readonly total: Cents;
  readonly oldest: IsoDate;
  /** Supply or home is about to be lost. */
  readonly crisis: boolean;
  readonly bailiff: boolean;
  /** Past the maximum age of a signal (R-DEL-4). */
  readonly old: boolean;
  readonly known: boolean;
  readonly aged: boolean;
}

const measure = ({ caseId, signals, policy }: RankingInput, today: IsoDate): Measured => {
  const total = totalOf(signals);
  const threshold = policy.threshold?.cents;
  const [oldest] = signals.map(({ dueDate }) => dueDate).sort();
  return {
    caseId,
    threshold,
    belowThreshold: threshold !== undefined && total < threshold,
    count: signals.length,
    total,
    oldest: oldest ?? IsoDate.parse('9999-12-31'),
    crisis: signals.some(({ kind }) => CRISIS_KINDS.includes(kind)),
    bailiff: signals.some((signal) => phaseOf(signal) === 'deurwaarder'),
    old: signals.some(({ warnings }) => warnings.includes('OVERDUE_PAST_MAXIMUM')),
    known: signals.some(({ knownAtTeam }) => knownAtTeam === true),
    aged: signals.some(
      ({ resident: { dateOfBirth } }) =>
        dateOfBirth !== undefined && yearsBetween(dateOfBirth, today) >= KNOWN_FROM_AGE,
    ),
  };
};

interface RuleSet {
  readonly name: string;
  readonly version: number;
  /** What counts first, and what next when that is equal: lower comes first. */
  readonly order: (measured: Measured) => readonly (number | string)[];
  readonly reasons: (measured: Measured) => readonly string[];
}

const sizeOf = ({ count, total, oldest }: Measured): readonly [string, string, string] => [
  count === 1 ? '1 signaal' : `${count} signalen`,
  `totaal € ${euros(total)}`,
  `oudste vervaldatum ${oldest}`,
];

const urgencyOf = ({ crisis, bailiff, old }: Measured): 0 | 1 | 2 => (crisis ? 2 : bailiff || old ? 1 : 0);

const URGENCY: Readonly<Record<ReturnType<typeof urgencyOf>, readonly string[]>> = {
  0: [],
  1: ['laat signaal (deurwaarder of over de maximale achterstand)'],
  2: ['crisis (ontruiming of einde levering)'],
};

/** The default (R-WOR-4): more signals first, then crisis and late signals, amount, age; below the threshold last (R-WOR-7). */
const LCV: RuleSet = {
  name: 'LCV',
  version: 1,
  order: (measured) => [
    Number(measured.belowThreshold),
    -measured.count,
    -urgencyOf(measured),
    -measured.total,
    measured.oldest,
  ],
  reasons: (measured) => {
    const [count, total, oldest] = sizeOf(measured);
    const below = measured.belowThreshold ? ['onder het drempelbedrag'] : [];
    return [...below, count, ...URGENCY[urgencyOf(measured)], total, oldest];
  },
};

/**
 * Nearly at the bailiff is where home or supply is about to be lost. Phase incasso is not: that is the ordinary way
 * there, and has its own shorter clock.
 */
const tierOf = ({ bailiff, crisis, belowThreshold, known, aged }: Measured): 1 | 2 | 3 | 4 => {
  if (bailiff || crisis) return 1;
  if (!belowThreshold) return 2;
  return known || aged ? 3 : 4;
};

const tierWords = (measured: Measured): string => {
  const { bailiff, known, threshold } = measured;
  const less = `minder dan € ${euros(threshold ?? measured.total)}`;
  switch (tierOf(measured)) {
    case 1:
      return bailiff ? 'prioriteit I: bij de deurwaarder' : 'prioriteit I: ontruiming of einde levering';
    case 2:
      return threshold === undefined
        ? 'prioriteit II: er geldt geen drempelbedrag'
        : `prioriteit II: € ${euros(threshold)} of meer`;
    case 3:
      return `prioriteit III: ${less}, ${known ? 'bekend bij het wijkteam' : `${KNOWN_FROM_AGE} jaar of ouder`}`;
    case 4:
      return `prioriteit IV: ${less}, voor de budgetcoach`;
  }
};

/**
 * Haarlem's tiers (R-WOR-4): I at the bailiff or nearly, II at or above the threshold and everything while a phase leaves
 * it unset (R-AGR-4), III known at the neighbourhood team, IV the rest, for the budget coach. Known is who the municipality
 * marked, which is how it says that there are children, and whoever is 65 or older. Within a tier more signals come first,
 * then amount and age.
 */
const HAARLEM: RuleSet = {
  name: 'HAARLEM',
  version: 1,
  order: (measured) => [tierOf(measured), -measured.count, -measured.total, measured.oldest],
  reasons: (measured) => [tierWords(measured), ...sizeOf(measured)],
};

/** The rule sets there are (R-WOR-3): a policy names one with its version. Readable rules only. */
export const RULE_SETS: readonly RuleSet[] = [LCV, HAARLEM];

const compare = (a: readonly (number | string)[], b: readonly (number | string)[]): number => {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : (a[at] ?? '') < (b[at] ?? '') ? -1 : 1;
};

const rankBy = ({ order, reasons }: RuleSet, cases: readonly Measured[]): readonly RankedCase[] =>
  cases
    // The case id makes the order total, so that the same cases always rank the same.
    .map((measured) => ({ measured, key: [...order(measured), measured.caseId] }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ measured }, i) => ({ caseId: measured.caseId, rank: i + 1, reasons: reasons(measured) }));

/**
 * Ranks cases, each by the rule set in force for it on the day of the list (R-WOR-4), and says of each what counted
 * (R-WOR-3). Nothing about the sender is read (R-WOR-2). Rule sets do not compare with each other: each has its own ranks
 * from 1. Throws `PolicyMissing` for a rule set that does not exist, which no checked configuration names.
 */
export const rankCases = (cases: readonly RankingInput[], today: IsoDate): readonly RankedCase[] =>
  [...grouped(cases, ({ policy: { ranking } }) => `${ranking.ruleSet} ${ranking.version}`)].flatMap(([name, group]) => {
    const ruleSet = RULE_SETS.find((known) => `${known.name} ${known.version}` === name);
    if (!ruleSet) throw failure('PolicyMissing');
    return rankBy(
      ruleSet,
      group.map((each) => measure(each, today)),
    );
  });
