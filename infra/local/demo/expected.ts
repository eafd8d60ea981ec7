import { type Day, dayOf, midnight, plusDays } from './days.ts';
import { AGREED, type Answer, ENDS_AT, type PlannedSignal, type Turn } from './plan.ts';

/**
 * What must have become of every signal when the story ends, told by hand from the rules (R-FLO-2, R-FLO-7, R-FEE-1 to 4,
 * R-SUS-1 to 4). Shares no code with the domain: that is what makes the comparison worth something.
 */
export interface Told {
  readonly kind: 'OUTCOME' | 'SUSPENSION_EXPIRED' | 'SUSPENSION_ENDED_EARLY';
  readonly on: Day;
  readonly outcome?: string;
  /** Last day of the schuldenrust it speaks of. */
  readonly until?: Day;
}

export interface Rest {
  readonly startsOn: Day;
  readonly lastDay: Day;
  readonly end: 'loopt nog' | 'afgelopen' | 'eerder beëindigd' | 'ingetrokken';
  readonly endedOn?: Day;
  readonly reason?: string;
}

export interface ExpectedSignal {
  readonly status: 'ASSIGNED' | 'TERM_EXPIRED' | 'SUSPENDED' | 'CLOSED' | 'WITHDRAWN';
  readonly result?: string;
  readonly execution: 'RUNNING' | 'SUCCEEDED';
  readonly amountCents: number;
  /** Kinds in order of time. */
  readonly history: readonly string[];
  readonly feedback: readonly Told[];
  /** Days on which the municipality's morning mail has news of this signal. */
  readonly heardOn: readonly Day[];
  readonly rest?: Rest;
}

/** What a municipality is mailed about: the rest it did itself. */
const NEWS: readonly string[] = [
  'RECEIVED',
  'REMINDED',
  'TERM_EXPIRED',
  'WITHDRAWN',
  'SUSPENSION_REMINDED',
  'SUSPENSION_EXPIRED',
  'SUSPENSION_ENDED_EARLY',
];
const MORNING = 'T05:55';

const ACCEPTED: readonly string[] = [
  '(Budget)advies en/of quick fix',
  'Vervolghulp en/of verwijzing',
  'Vervolghulp en/of verwijzing financieel',
  'Vervolghulp en/of verwijzing niet financieel',
];

/** What every partner is told beside an acceptance (R-FEE-2). */
const FOR_PARTNERS: Readonly<Record<string, string>> = {
  'Inwoner al bekend bij schuldhulpverlening': 'KNOWN_AT_DEBT_COUNSELLING',
  'Inwoner is overleden': 'RESIDENT_DECEASED',
  'Niet opgepakt: andere reden': 'NOT_TAKEN_UP',
  'Niet opgepakt: herhaalde melding': 'REPEAT_SIGNAL',
  'Niet opgepakt: onterecht signaal': 'UNFOUNDED_SIGNAL',
  'Persoon is geen inwoner (meer) in de gemeente': 'NO_RESIDENT',
};

/** Given when nobody answered in sixty days (R-FLO-7). */
export const CLOSING_RESULT = 'Definitief geen contact kunnen krijgen';

/** Haarlem and Zandvoort agreed to tell every outcome, elsewhere only what is meant for the partner. */
const toldOf = (municipality: string, result: string): string | undefined => {
  if (ACCEPTED.includes(result)) return 'HELP_ACCEPTED';
  return FOR_PARTNERS[result] ?? (municipality === '0392' || municipality === '0473' ? 'NO_HELP' : undefined);
};

const rests = ({ result = '', plan, resumes, suspend }: Answer): boolean =>
  ACCEPTED.includes(result) && plan !== undefined && resumes !== undefined && resumes !== 'nee' && suspend === 'j';

type Happening = { readonly at: string } & (Turn | { readonly kind: 'dayFourteen' | 'dayTwentyEight' | 'daySixty' });

/** Plays one signal's life by itself. */
export const expectedOf = (signal: PlannedSignal): ExpectedSignal => {
  const received = dayOf(signal.receivedAt);
  const after = (days: number): string => midnight(plusDays(received, days + 1));
  const happenings: Happening[] = [
    ...signal.turns,
    { kind: 'dayFourteen', at: after(AGREED.reminder) },
    { kind: 'dayTwentyEight', at: after(AGREED.escalation) },
    { kind: 'daySixty', at: after(AGREED.closing) },
  ];
  const history: string[] = [];
  const heardOn: Day[] = [];
  const happened = (at: string, ...kinds: readonly string[]): void => {
    history.push(...kinds);
    if (!kinds.some((kind) => NEWS.includes(kind))) return;
    heardOn.push(at.slice(10) <= MORNING ? dayOf(at) : plusDays(dayOf(at), 1));
  };
  happened(signal.receivedAt, 'RECEIVED', 'ASSIGNED');
  const feedback: Told[] = [];
  let status = 'ASSIGNED' as ExpectedSignal['status'];
  let amountCents = signal.amountCents;
  let result: string | undefined;
  let rest: Rest | undefined;

  const answered = (at: string, answer: Answer): void => {
    result = answer.result ?? '';
    happened(at, 'OUTCOME_RECORDED');
    const outcome = toldOf(signal.household.municipality, result);
    const starts = outcome !== undefined && rests(answer) && answer.on !== undefined;
    const lastDay = starts ? plusDays(answer.on, AGREED.suspension) : undefined;
    if (outcome !== undefined) {
      happened(at, 'FED_BACK');
      feedback.push({ kind: 'OUTCOME', on: dayOf(at), outcome, ...(lastDay === undefined ? {} : { until: lastDay }) });
    }
    if (!starts || lastDay === undefined) {
      happened(at, 'CLOSED');
      status = 'CLOSED';
      return;
    }
    status = 'SUSPENDED';
    happened(at, 'SUSPENDED');
    rest = { startsOn: answer.on, lastDay, end: 'loopt nog' };
  };

  const restPasses = (now: string): void => {
    if (status !== 'SUSPENDED' || rest === undefined) return;
    const remindAt = midnight(plusDays(rest.lastDay, -AGREED.suspensionReminder));
    if (remindAt <= now && !history.includes('SUSPENSION_REMINDED')) happened(remindAt, 'SUSPENSION_REMINDED');
    const end = plusDays(rest.lastDay, 1);
    if (midnight(end) > now) return;
    happened(midnight(end), 'SUSPENSION_EXPIRED', 'FED_BACK', 'CLOSED');
    feedback.push({ kind: 'SUSPENSION_EXPIRED', on: end, until: rest.lastDay });
    rest = { ...rest, end: 'afgelopen', endedOn: rest.lastDay };
    status = 'CLOSED';
  };

  for (const each of happenings.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
    if (each.at > ENDS_AT) break;
    restPasses(each.at);
    switch (each.kind) {
      case 'corrected':
        happened(each.at, 'CORRECTED');
        amountCents = each.amountCents;
        break;
      case 'contact':
        happened(each.at, 'CONTACT_ATTEMPTED');
        break;
      case 'withdrawn':
        happened(each.at, 'WITHDRAWN');
        if (rest !== undefined && status === 'SUSPENDED') {
          const on = dayOf(each.at);
          feedback.push({ kind: 'SUSPENSION_ENDED_EARLY', on, until: on });
          const reason = each.reason === 'betaald' ? 'volledig betaald' : 'ingetrokken';
          rest = { ...rest, end: 'ingetrokken', endedOn: on, reason };
        }
        status = 'WITHDRAWN';
        break;
      case 'answered':
        answered(each.at, each.answer);
        break;
      case 'endedEarly':
        if (rest === undefined) break;
        happened(each.at, 'SUSPENSION_ENDED_EARLY', 'FED_BACK', 'CLOSED');
        feedback.push({ kind: 'SUSPENSION_ENDED_EARLY', on: dayOf(each.at), until: dayOf(each.at) });
        rest = { ...rest, end: 'eerder beëindigd', endedOn: dayOf(each.at), reason: each.reason };
        status = 'CLOSED';
        break;
      case 'dayFourteen':
        if (status === 'ASSIGNED') happened(each.at, 'REMINDED');
        break;
      case 'dayTwentyEight':
        if (status !== 'ASSIGNED') break;
        happened(each.at, 'TERM_EXPIRED');
        status = 'TERM_EXPIRED';
        break;
      case 'daySixty':
        if (status === 'TERM_EXPIRED') answered(each.at, { result: CLOSING_RESULT });
        break;
    }
  }
  restPasses(ENDS_AT);

  return {
    status,
    ...(result === undefined ? {} : { result }),
    execution: status === 'CLOSED' || status === 'WITHDRAWN' ? 'SUCCEEDED' : 'RUNNING',
    amountCents,
    history,
    feedback,
    heardOn,
    ...(rest === undefined ? {} : { rest }),
  };
};
