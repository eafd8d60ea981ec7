import { type Day, dayOf, longDay, midnight, plusDays, plusWorkingDays } from './days.ts';
import {
  AGREED,
  type Answer,
  ENDS_AT,
  type ExpectedLife,
  FEEDBACK_WITHIN,
  type PlannedSignal,
  type Rest,
  SOURCES,
  type Told,
  type Turn,
} from './plan.ts';

/**
 * What must have become of every signal when the story ends, told by hand from the rules (R-FLO-2, R-FLO-3, R-FLO-7,
 * R-FEE-1 to 4, R-SUS-1 to 4). Shares no code with the domain: that is what makes the comparison worth something.
 */
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
const CLOSING_RESULT = 'Definitief geen contact kunnen krijgen';

/** The addendum of Haarlem and Zandvoort. */
export const hasAddendum = (municipality: string): boolean => municipality === '0392' || municipality === '0473';

/** Haarlem and Zandvoort agreed to tell every outcome, elsewhere only what is meant for the partner. */
const codeOf = (municipality: string, result: string): string | undefined => {
  if (ACCEPTED.includes(result)) return 'HELP_ACCEPTED';
  return FOR_PARTNERS[result] ?? (hasAddendum(municipality) ? 'NO_HELP' : undefined);
};

const rests = ({ result = '', plan, resumes, suspend }: Answer): boolean =>
  ACCEPTED.includes(result) && plan !== undefined && resumes !== undefined && resumes !== 'nee' && suspend === 'j';

/** The items that go with it: all in Haarlem and Zandvoort (S4 art. 5.5), without the arrangement elsewhere. */
const itemsOf = (municipality: string, code: string, { resumes, arrangement }: Answer, rest: Told['rest']) => {
  if (!hasAddendum(municipality) && code !== 'HELP_ACCEPTED') return {};
  return {
    ...(rest && { rest }),
    ...(resumes !== undefined && { resumes }),
    ...(arrangement && hasAddendum(municipality) && { arrangement }),
  };
};

interface Term {
  readonly kind: 'REMINDER' | 'WARNING' | 'ESCALATION' | 'CLOSING' | 'FEEDBACK';
  readonly on: Day;
  readonly why: string;
}

/** In the order in which they are told when they end on one day. */
const termsOf = ({ receivedAt, household, phase }: PlannedSignal): readonly Term[] => {
  const received = dayOf(receivedAt);
  const calendar = (kind: Term['kind'], days: number): Term => {
    const on = plusDays(received, days);
    return { kind, on, why: `${days} dagen na ${longDay(received)} = ${longDay(on)} (${SOURCES.terms})` };
  };
  const days = FEEDBACK_WITHIN[phase ?? 'achterstand'];
  const { on, skipped } = plusWorkingDays(received, days);
  const last = skipped.at(-1);
  const without =
    last === undefined
      ? ''
      : skipped.length === 1
        ? `; ${last} telt niet`
        : `; ${skipped.slice(0, -1).join(', ')} en ${last} tellen niet`;
  const why = `${days} werkdagen na ${longDay(received)} = ${longDay(on)}${without} (${SOURCES.feedback})`;
  return [
    calendar('REMINDER', AGREED.reminder),
    calendar('WARNING', AGREED.warning),
    calendar('ESCALATION', AGREED.escalation),
    calendar('CLOSING', AGREED.closing),
    ...(hasAddendum(household.municipality) ? [{ kind: 'FEEDBACK', on, why } as const] : []),
  ];
};

const SAID = {
  REMINDER: 'REMINDED',
  WARNING: 'WARNED',
  ESCALATION: 'TERM_EXPIRED',
  FEEDBACK: 'FEEDBACK_OVERDUE',
} as const;

type Happening = { readonly at: string } & (Turn | { readonly kind: 'passed'; readonly term: Term });

/** Plays one signal's life by itself. */
const playedOut = (signal: PlannedSignal): ExpectedLife => {
  const { municipality } = signal.household;
  const terms = termsOf(signal);
  const happenings: Happening[] = [
    ...signal.turns,
    ...terms.map((term) => ({ kind: 'passed' as const, at: midnight(plusDays(term.on, 1)), term })),
  ];
  const history: string[] = [];
  const happened = (at: string, ...what: readonly string[]): void => {
    history.push(...what.map((each) => `${at} ${each}`));
  };
  happened(signal.receivedAt, 'RECEIVED', 'ASSIGNED');
  const feedback: Told[] = [];
  let status = 'ASSIGNED' as ExpectedLife['status'];
  let amountCents = signal.amountCents;
  let result: string | undefined;
  let rest: Rest | undefined;
  let contacted = false;
  const waits = (): boolean => status === 'ASSIGNED' || status === 'TERM_EXPIRED';

  const answered = (at: string, answer: Answer, why = ''): void => {
    result = answer.result ?? '';
    happened(at, `OUTCOME_RECORDED${why}`);
    const code = codeOf(municipality, result);
    const from = code !== undefined && rests(answer) ? answer.on : undefined;
    const until = from === undefined ? undefined : plusDays(from, AGREED.suspension);
    if (code !== undefined) {
      happened(at, 'FED_BACK');
      const told = from === undefined || until === undefined ? ('none' as const) : { from, until };
      feedback.push({
        kind: 'OUTCOME',
        at,
        number: 1,
        outcome: code,
        ...itemsOf(municipality, code, answer, told),
      });
    }
    if (from === undefined || until === undefined) {
      happened(at, 'CLOSED');
      status = 'CLOSED';
      return;
    }
    status = 'SUSPENDED';
    happened(at, 'SUSPENDED');
    rest = { startsOn: from, lastDay: until, end: 'loopt nog' };
  };

  const restPasses = (now: string): void => {
    if (status !== 'SUSPENDED' || rest === undefined) return;
    const remindAt = midnight(plusDays(rest.lastDay, -AGREED.suspensionReminder));
    const reminded = `${AGREED.suspensionReminder} dagen voor ${longDay(rest.lastDay)} (${SOURCES.suspension})`;
    if (remindAt <= now && !history.some((each) => each.includes('SUSPENSION_REMINDED')))
      happened(remindAt, `SUSPENSION_REMINDED ${reminded}`);
    const end = midnight(plusDays(rest.lastDay, 1));
    if (end > now) return;
    happened(end, 'SUSPENSION_EXPIRED', 'FED_BACK', 'CLOSED');
    feedback.push({ kind: 'SUSPENSION_EXPIRED', at: end, number: 1, until: rest.lastDay });
    rest = { ...rest, end: 'afgelopen', endedOn: rest.lastDay };
    status = 'CLOSED';
  };

  const passed = (at: string, { kind, why }: Term): void => {
    if (!waits()) return;
    if (kind === 'CLOSING') {
      answered(at, { result: CLOSING_RESULT }, ` ${why}`);
      return;
    }
    happened(at, `${SAID[kind]} ${why}`);
    if (kind === 'ESCALATION') status = 'TERM_EXPIRED';
  };

  for (const each of happenings.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
    if (each.at > ENDS_AT) break;
    restPasses(each.at);
    switch (each.kind) {
      case 'corrected':
        // Of the plan only an amount is.
        happened(each.at, 'CORRECTED zelfde bewoner');
        amountCents = each.amountCents;
        break;
      case 'contact':
        happened(each.at, 'CONTACT_ATTEMPTED');
        contacted = true;
        break;
      case 'withdrawn':
        happened(each.at, 'WITHDRAWN');
        if (rest !== undefined && status === 'SUSPENDED') {
          const on = dayOf(each.at);
          feedback.push({ kind: 'SUSPENSION_ENDED_EARLY', at: each.at, number: 1, until: on });
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
        happened(each.at, `SUSPENSION_ENDED_EARLY ${each.reason}`, 'FED_BACK', 'CLOSED');
        feedback.push({ kind: 'SUSPENSION_ENDED_EARLY', at: each.at, number: 1, until: dayOf(each.at) });
        rest = { ...rest, end: 'eerder beëindigd', endedOn: dayOf(each.at), reason: each.reason };
        status = 'CLOSED';
        break;
      case 'passed':
        passed(each.at, each.term);
        break;
    }
  }
  restPasses(ENDS_AT);

  const inOrder = terms.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  return {
    status,
    ...(result === undefined ? {} : { result }),
    executions: [status === 'CLOSED' || status === 'WITHDRAWN' ? 'SUCCEEDED' : 'RUNNING'],
    amountCents,
    history,
    feedback,
    ...(rest === undefined ? {} : { rest }),
    ahead: waits()
      ? inOrder.filter(({ on }) => midnight(plusDays(on, 1)) > ENDS_AT).map(({ kind, on }) => `${kind} ${on}`)
      : status === 'SUSPENDED'
        ? restAhead(rest)
        : [],
    tray: status === 'ASSIGNED' ? (contacted ? 'in behandeling' : 'nieuw') : (TRAYS[status] ?? status),
  };
};

const TRAYS: Readonly<Record<string, string>> = {
  TERM_EXPIRED: 'termijn verstreken',
  SUSPENDED: 'schuldenrust',
  CLOSED: 'afgesloten',
  WITHDRAWN: 'ingetrokken',
};

/** The reminder comes at the start of its day: the day before it is the last one without. */
const restAhead = (rest: Rest | undefined): readonly string[] => {
  if (rest === undefined) return [];
  const remindOn = plusDays(rest.lastDay, -AGREED.suspensionReminder);
  return [
    ...(midnight(remindOn) > ENDS_AT ? [`SUSPENSION_REMINDER ${plusDays(remindOn, -1)}`] : []),
    `SUSPENSION_END ${rest.lastDay}`,
  ];
};

/** A life that is written out in the plan, or else as its turns make it. */
export const expectedOf = (signal: PlannedSignal): ExpectedLife => signal.life ?? playedOut(signal);
