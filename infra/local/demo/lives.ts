import type { Day } from './days.ts';
import { type Arrear, SENDERS } from './letter.ts';
import type { Household, Municipality } from './people.ts';
import { type ExpectedLife, type PlannedSignal, SOURCES, type Told } from './plan.ts';

/**
 * What must become of the people the story follows one by one, day by day and by hand (R-FLO-3, R-FLO-4, R-FLO-6, R-FLO-8,
 * R-ROU-4, R-SUS-2). Nothing here is counted by a program.
 */
export const FINANCIAL = 'Vervolghulp en/of verwijzing financieel';
export const HELP = 'Vervolghulp en/of verwijzing';
export const ADVICE = '(Budget)advies en/of quick fix';
export const NO_CONTACT = 'Definitief geen contact kunnen krijgen';
export const PAID = 'Inwoner heeft zelf al betaald/betalingsregeling getroffen';
export const OWN_WAY = 'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering';
export const NO_RESIDENT = 'Persoon is geen inwoner (meer) in de gemeente';

const REMINDED = (words: string): string => `REMINDED ${words} (${SOURCES.terms})`;
const FEEDBACK_OVERDUE = (words: string): string => `FEEDBACK_OVERDUE ${words} (${SOURCES.feedback})`;
const REST_REMINDED = (words: string): string => `SUSPENSION_REMINDED ${words} (${SOURCES.suspension})`;

type Life = Omit<ExpectedLife, 'amountCents' | 'executions' | 'ahead' | 'tray'>;
const closed = (cents: number, life: Omit<Life, 'status'>, executions = 1): ExpectedLife => ({
  ...life,
  status: 'CLOSED',
  amountCents: cents,
  executions: Array.from({ length: executions }, () => 'SUCCEEDED'),
  ahead: [],
  tray: 'afgesloten',
});
const waiting = (cents: number, life: Pick<ExpectedLife, 'history' | 'ahead' | 'tray'>): ExpectedLife => ({
  ...life,
  status: 'ASSIGNED',
  amountCents: cents,
  executions: ['RUNNING'],
  feedback: [],
});
const over = (startsOn: Day, lastDay: Day) => ({ startsOn, lastDay, end: 'afgelopen', endedOn: lastDay }) as const;

/** What the partner hears when schuldenrust starts and ends as it was told. */
const restTold = (
  told: Omit<Told, 'kind' | 'outcome'> & { readonly rest: { readonly from: Day; readonly until: Day } },
  expired: string,
): readonly Told[] => [
  { kind: 'OUTCOME', outcome: 'HELP_ACCEPTED', ...told },
  { kind: 'SUSPENSION_EXPIRED', at: expired, number: told.number, until: told.rest.until },
];

export type Home = (municipality: Municipality, wide: boolean) => Household;

/** An eviction: spoken to within three working days, and help. */
export const evictionInTime = (household: Household): Arrear => ({
  household,
  person: 0,
  reference: 'EW-26-90006',
  cents: 985_000,
  dueDate: '2025-11-20',
  phase: 'deurwaarder',
  kind: 'ontruiming',
  life: closed(985_000, {
    result: FINANCIAL,
    history: [
      '2026-03-12T10:40 RECEIVED',
      '2026-03-12T10:40 ASSIGNED',
      // Spoken to on 16 March: nobody hears that the 17th passed.
      '2026-03-16T11:00 CONTACT_ATTEMPTED door sdv-02',
      '2026-03-18T16:20 OUTCOME_RECORDED door sdv-02',
      '2026-03-18T16:20 FED_BACK',
      '2026-03-18T16:20 SUSPENDED',
      `2026-04-12T00:00 ${REST_REMINDED('5 dagen voor 17 april 2026')}`,
      '2026-04-18T00:00 SUSPENSION_EXPIRED',
      '2026-04-18T00:00 FED_BACK',
      '2026-04-18T00:00 CLOSED',
    ],
    feedback: restTold(
      {
        at: '2026-03-18T16:20',
        number: 1,
        rest: { from: '2026-03-18', until: '2026-04-17' },
        resumes: '2026-03-25',
      },
      '2026-04-18T00:00',
    ),
    rest: over('2026-03-18', '2026-04-17'),
  }),
});

/** An eviction just before Easter: three working days later nobody had spoken to anyone. */
export const evictionOverEaster = (household: Household): Arrear => ({
  household,
  person: 0,
  reference: 'PW-26-90001',
  cents: 612_000,
  dueDate: '2025-12-15',
  phase: 'deurwaarder',
  kind: 'ontruiming',
  life: {
    status: 'SUSPENDED',
    result: FINANCIAL,
    executions: ['RUNNING'],
    amountCents: 612_000,
    history: [
      '2026-04-02T10:20 RECEIVED',
      '2026-04-02T10:20 ASSIGNED',
      `2026-04-10T00:00 FIRST_CONVERSATION_OVERDUE 3 werkdagen na 2 april 2026 = 9 april 2026; Goede Vrijdag en tweede paasdag tellen niet (${SOURCES.crisis})`,
      `2026-04-14T00:00 ${FEEDBACK_OVERDUE('5 werkdagen na 2 april 2026 = 13 april 2026; Goede Vrijdag en tweede paasdag tellen niet')}`,
      `2026-04-17T00:00 ${REMINDED('14 dagen na 2 april 2026 = 16 april 2026')}`,
      '2026-04-20T15:00 CONTACT_ATTEMPTED door sdv-05',
      '2026-04-20T15:00 OUTCOME_RECORDED door sdv-05',
      '2026-04-20T15:00 FED_BACK',
      '2026-04-20T15:00 SUSPENDED',
      `2026-05-15T00:00 ${REST_REMINDED('5 dagen voor 20 mei 2026')}`,
    ],
    feedback: [
      {
        kind: 'OUTCOME',
        at: '2026-04-20T15:00',
        number: 1,
        outcome: 'HELP_ACCEPTED',
        rest: { from: '2026-04-20', until: '2026-05-20' },
        resumes: '2026-05-01',
      },
    ],
    rest: { startsOn: '2026-04-20', lastDay: '2026-05-20', end: 'loopt nog' },
    ahead: ['SUSPENSION_END 2026-05-20'],
    tray: 'schuldenrust',
  },
});

/** From Schulddienstverlening to the wijkteam, to the budget coach, and back (R-FLO-4). */
export const forwarded = (household: Household): Arrear => ({
  household,
  person: 0,
  reference: 'EW-26-90001',
  cents: 143_050,
  dueDate: '2026-01-20',
  life: closed(143_050, {
    result: ADVICE,
    history: [
      '2026-03-09T09:40 RECEIVED',
      '2026-03-09T09:40 ASSIGNED',
      '2026-03-10T14:30 FORWARDED swt door sdv-07',
      '2026-03-16T11:00 KNOWN_AT_TEAM ja door swt-11',
      '2026-03-16T11:00 FORWARDED budgetcoach door swt-11',
      '2026-03-16T11:00 CONTACT_ATTEMPTED door swt-11',
      '2026-03-23T13:15 FORWARDED sdv door bc-03',
      `2026-03-24T00:00 ${REMINDED('14 dagen na 9 maart 2026 = 23 maart 2026')}`,
      `2026-03-24T00:00 ${FEEDBACK_OVERDUE('10 werkdagen na 9 maart 2026 = 23 maart 2026')}`,
      '2026-03-25T10:15 OUTCOME_RECORDED door sdv-07',
      '2026-03-25T10:15 FED_BACK',
      '2026-03-25T10:15 CLOSED',
    ],
    feedback: [
      {
        kind: 'OUTCOME',
        at: '2026-03-25T10:15',
        number: 1,
        outcome: 'HELP_ACCEPTED',
        rest: 'none',
        resumes: '2026-04-01',
        arrangement: { amount: '60,00', from: '2026-05-01' },
      },
    ],
  }),
});

/** It was with the bailiff: the partner hears it in 5 working days, on the last of them (R-FLO-8). */
export const hastened = (household: Household): Arrear => ({
  household,
  person: 0,
  reference: 'EW-26-90002',
  cents: 98_000,
  dueDate: '2026-01-20',
  life: closed(98_000, {
    result: PAID,
    history: [
      '2026-03-09T09:40 RECEIVED',
      '2026-03-09T09:40 ASSIGNED',
      '2026-03-10T14:30 PHASE_CORRECTED deurwaarder door sdv-02',
      '2026-03-10T14:30 TERMS_CHANGED',
      '2026-03-16T11:00 OUTCOME_RECORDED door sdv-02',
      '2026-03-16T11:00 FED_BACK',
      '2026-03-16T11:00 CLOSED',
    ],
    feedback: [{ kind: 'OUTCOME', at: '2026-03-16T11:00', number: 1, outcome: 'NO_HELP', rest: 'none' }],
  }),
});

/** Closed by mistake, and corrected: help after all, and schuldenrust. On the last of the 10 working days. */
export const correctedLater = (household: Household): Arrear => ({
  household,
  person: 0,
  reference: 'EW-26-90003',
  cents: 120_000,
  dueDate: '2026-01-20',
  life: closed(
    120_000,
    {
      result: FINANCIAL,
      history: [
        '2026-03-09T09:40 RECEIVED',
        '2026-03-09T09:40 ASSIGNED',
        '2026-03-10T14:30 OUTCOME_RECORDED door sdv-02',
        '2026-03-10T14:30 FED_BACK',
        '2026-03-10T14:30 CLOSED',
        '2026-03-23T13:15 OUTCOME_CORRECTED door sdv-02',
        '2026-03-23T13:15 FED_BACK',
        '2026-03-23T13:15 SUSPENDED',
        `2026-04-14T00:00 ${REST_REMINDED('5 dagen voor 19 april 2026')}`,
        '2026-04-20T00:00 SUSPENSION_EXPIRED',
        '2026-04-20T00:00 FED_BACK',
        '2026-04-20T00:00 CLOSED',
      ],
      feedback: [
        { kind: 'OUTCOME', at: '2026-03-10T14:30', number: 1, outcome: 'NO_HELP', rest: 'none' },
        ...restTold(
          {
            at: '2026-03-23T13:15',
            number: 2,
            replaces: true,
            rest: { from: '2026-03-20', until: '2026-04-19' },
            resumes: '2026-03-27',
          },
          '2026-04-20T00:00',
        ),
      ],
      rest: over('2026-03-20', '2026-04-19'),
    },
    2,
  ),
});

/** Corrected while schuldenrust runs: nothing of what the partner was told holds (R-FEE-2, LCV). */
export const correctedMeanwhile = (household: Household): Arrear => ({
  household,
  person: 0,
  reference: 'EN-26-90002',
  cents: 23_415,
  dueDate: '2026-01-12',
  life: closed(23_415, {
    result: OWN_WAY,
    history: [
      '2026-03-09T10:05 RECEIVED',
      '2026-03-09T10:05 ASSIGNED',
      '2026-03-18T09:20 OUTCOME_RECORDED door fec-5',
      '2026-03-18T09:20 FED_BACK',
      '2026-03-18T09:20 SUSPENDED',
      '2026-03-30T10:30 OUTCOME_CORRECTED door fec-5',
      '2026-03-30T10:30 FED_BACK',
      '2026-03-30T10:30 CLOSED',
    ],
    feedback: [
      {
        kind: 'OUTCOME',
        at: '2026-03-18T09:20',
        number: 1,
        outcome: 'HELP_ACCEPTED',
        rest: { from: '2026-03-17', until: '2026-04-16' },
        resumes: '2026-03-24',
      },
      { kind: 'RETRACTED', at: '2026-03-30T10:30', number: 2 },
      { kind: 'SUSPENSION_ENDED_EARLY', at: '2026-03-30T10:30', number: 2, until: '2026-03-30' },
    ],
    earlierRests: ['2026-03-17 2026-04-16 2026-03-30 uitkomst gecorrigeerd'],
  }),
});

/** Nobody was reached; the resident calls later and accepts help, after day 28 (R-FLO-6). */
export const reopened = (household: Household): Arrear => ({
  household,
  person: 0,
  reference: 'EN-26-90004',
  cents: 31_260,
  dueDate: '2026-01-12',
  life: closed(
    31_260,
    {
      result: HELP,
      history: [
        '2026-03-09T10:05 RECEIVED',
        '2026-03-09T10:05 ASSIGNED',
        '2026-03-17T11:30 CONTACT_ATTEMPTED door vea-21',
        '2026-03-17T11:30 OUTCOME_RECORDED door vea-21',
        '2026-03-17T11:30 CLOSED',
        '2026-03-30T14:00 REOPENED inwoner meldt zich door vea-08',
        // The reminder of 23 March was behind it.
        `2026-04-04T00:00 WARNED 25 dagen na 9 maart 2026 = 3 april 2026 (${SOURCES.terms})`,
        `2026-04-07T00:00 TERM_EXPIRED 28 dagen na 9 maart 2026 = 6 april 2026 (${SOURCES.terms})`,
        '2026-04-08T10:20 OUTCOME_RECORDED door vea-08',
        '2026-04-08T10:20 FED_BACK',
        '2026-04-08T10:20 SUSPENDED',
        `2026-05-02T00:00 ${REST_REMINDED('5 dagen voor 7 mei 2026')}`,
        '2026-05-08T00:00 SUSPENSION_EXPIRED',
        '2026-05-08T00:00 FED_BACK',
        '2026-05-08T00:00 CLOSED',
      ],
      // That nobody was reached is no business of the partner: nothing is replaced.
      feedback: restTold(
        {
          at: '2026-04-08T10:20',
          number: 2,
          rest: { from: '2026-04-07', until: '2026-05-07' },
          resumes: '2026-04-14',
        },
        '2026-05-08T00:00',
      ),
      rest: over('2026-04-07', '2026-05-07'),
    },
    2,
  ),
});

/** Answered with its case, as nobody's help was needed; the partner hears that in Haarlem. */
const paid = (
  household: Household,
  person: 0 | 1,
  reference: string,
  cents: number,
  days: readonly [string, string],
) => {
  const [received, answered] = days;
  return {
    household,
    person,
    reference,
    cents,
    dueDate: '2026-01-20',
    life: closed(cents, {
      result: PAID,
      history: [
        `${received} RECEIVED`,
        `${received} ASSIGNED`,
        `${answered} OUTCOME_RECORDED door sdv-02`,
        `${answered} FED_BACK`,
        `${answered} CLOSED`,
      ],
      feedback: [{ kind: 'OUTCOME', at: answered, number: 1, outcome: 'NO_HELP', rest: 'none' }],
    }),
  } as const satisfies Arrear;
};

/**
 * Two rooms of one landlord behind one front door, of people who are strangers (R-MAT-4). One of them owes Zonnestroom too:
 * that is a case, and its answer says nothing of the other, whom nobody ever reaches.
 */
export const rooms = (house: Household) => ({
  silent: {
    household: house,
    person: 0,
    reference: 'EW-26-90007',
    cents: 41_000,
    dueDate: '2026-01-20',
    life: closed(41_000, {
      result: NO_CONTACT,
      history: [
        '2026-03-09T09:40 RECEIVED',
        '2026-03-09T09:40 ASSIGNED',
        `2026-03-24T00:00 ${REMINDED('14 dagen na 9 maart 2026 = 23 maart 2026')}`,
        `2026-03-24T00:00 ${FEEDBACK_OVERDUE('10 werkdagen na 9 maart 2026 = 23 maart 2026')}`,
        `2026-04-04T00:00 WARNED 25 dagen na 9 maart 2026 = 3 april 2026 (${SOURCES.terms})`,
        `2026-04-07T00:00 TERM_EXPIRED 28 dagen na 9 maart 2026 = 6 april 2026 (${SOURCES.terms})`,
        `2026-05-09T00:00 OUTCOME_RECORDED 60 dagen na 9 maart 2026 = 8 mei 2026 (${SOURCES.terms})`,
        '2026-05-09T00:00 FED_BACK',
        '2026-05-09T00:00 CLOSED',
      ],
      feedback: [{ kind: 'OUTCOME', at: '2026-05-09T00:00', number: 1, outcome: 'NO_HELP', rest: 'none' }],
    }),
  } as const satisfies Arrear,
  rent: paid(house, 1, 'EW-26-90008', 52_500, ['2026-03-09T09:40', '2026-03-10T14:30']),
  energy: paid(house, 1, 'EN-26-90005', 12_040, ['2026-03-09T10:05', '2026-03-10T14:30']),
});

/** One person behind one front door, of which only Elan Wonen writes the addition: one case from the next morning (R-MAT-3). */
export const speltTwice = (house: Household) => ({
  rent: paid(house, 0, 'EW-26-90009', 66_000, ['2026-03-09T09:40', '2026-03-16T11:00']),
  energy: paid({ ...house, addition: '' }, 0, 'EN-26-90006', 18_330, ['2026-03-09T10:05', '2026-03-16T11:00']),
});

/** Moved to Nijmegen, where Zonnestroom has an agreement: the signal goes on there (R-ROU-4). */
export const handedOver = (household: Household): Arrear => ({
  household,
  person: 0,
  reference: 'EN-26-90001',
  cents: 27_580,
  dueDate: '2026-01-12',
  life: closed(27_580, {
    result: NO_RESIDENT,
    history: [
      '2026-03-09T10:05 RECEIVED',
      '2026-03-09T10:05 ASSIGNED',
      '2026-03-10T14:30 OUTCOME_RECORDED door sdv-07',
      '2026-03-10T14:30 HANDED_OVER door sdv-07',
      '2026-03-10T14:30 FED_BACK',
      '2026-03-10T14:30 CLOSED',
    ],
    feedback: [{ kind: 'OUTCOME', at: '2026-03-10T14:30', number: 1, outcome: 'NO_RESIDENT', rest: 'none' }],
  }),
});

export const takenOver = (household: Household): PlannedSignal => ({
  partner: SENDERS.energy.partner,
  reference: 'EN-26-90001',
  period: '2026-03',
  household,
  person: 0,
  receivedAt: '2026-03-10T14:30',
  amountCents: 27_580,
  takenOver: true,
  life: closed(27_580, {
    result: HELP,
    history: [
      '2026-03-10T14:30 RECEIVED',
      '2026-03-10T14:30 HANDED_OVER door sdv-07',
      '2026-03-10T14:30 ASSIGNED',
      '2026-03-18T09:20 OUTCOME_RECORDED door fec-5',
      '2026-03-18T09:20 FED_BACK',
      '2026-03-18T09:20 SUSPENDED',
      `2026-04-11T00:00 ${REST_REMINDED('5 dagen voor 16 april 2026')}`,
      '2026-04-17T00:00 SUSPENSION_EXPIRED',
      '2026-04-17T00:00 FED_BACK',
      '2026-04-17T00:00 CLOSED',
    ],
    // What Haarlem said stands: Nijmegen does not take it back.
    feedback: restTold(
      {
        at: '2026-03-18T09:20',
        number: 2,
        rest: { from: '2026-03-17', until: '2026-04-16' },
        resumes: '2026-03-24',
      },
      '2026-04-17T00:00',
    ),
    rest: over('2026-03-17', '2026-04-16'),
  }),
  turns: [],
});

/** Moved to Amsterdam, where Elan has no agreement: the partner hears that the resident is gone, and that is all. */
export const gone = (household: Household): Arrear => ({
  household,
  person: 0,
  reference: 'EW-26-90004',
  cents: 88_840,
  dueDate: '2026-01-20',
  life: closed(88_840, {
    result: NO_RESIDENT,
    history: [
      '2026-03-09T09:40 RECEIVED',
      '2026-03-09T09:40 ASSIGNED',
      '2026-03-10T14:30 OUTCOME_RECORDED door sdv-07',
      '2026-03-10T14:30 FED_BACK',
      '2026-03-10T14:30 CLOSED',
    ],
    feedback: [{ kind: 'OUTCOME', at: '2026-03-10T14:30', number: 1, outcome: 'NO_RESIDENT', rest: 'none' }],
  }),
});

/** A case with help since 10 March, joined by an energy signal on 18 March: that has its 30 days from its own day on. */
export const leading = (household: Household): Arrear => ({
  household,
  person: 0,
  reference: 'EW-26-90005',
  cents: 176_025,
  dueDate: '2026-01-20',
  life: closed(176_025, {
    result: FINANCIAL,
    history: [
      '2026-03-09T09:40 RECEIVED',
      '2026-03-09T09:40 ASSIGNED',
      '2026-03-10T14:30 OUTCOME_RECORDED door sdv-02',
      '2026-03-10T14:30 FED_BACK',
      '2026-03-10T14:30 SUSPENDED',
      `2026-04-04T00:00 ${REST_REMINDED('5 dagen voor 9 april 2026')}`,
      '2026-04-10T00:00 SUSPENSION_EXPIRED',
      '2026-04-10T00:00 FED_BACK',
      '2026-04-10T00:00 CLOSED',
    ],
    feedback: restTold(
      {
        at: '2026-03-10T14:30',
        number: 1,
        rest: { from: '2026-03-10', until: '2026-04-09' },
        resumes: '2026-03-17',
      },
      '2026-04-10T00:00',
    ),
    rest: over('2026-03-10', '2026-04-09'),
  }),
});

/** It hears that help was accepted; schuldenrust is for whoever is paid again, which nobody said of this partner. */
export const joining = (household: Household): Arrear => ({
  household,
  person: 1,
  reference: 'EN-26-90003',
  cents: 19_990,
  dueDate: '2026-01-26',
  life: closed(19_990, {
    result: FINANCIAL,
    history: [
      '2026-03-18T08:05 RECEIVED',
      '2026-03-18T08:05 ASSIGNED',
      '2026-03-18T08:05 OUTCOME_RECORDED',
      '2026-03-18T08:05 FED_BACK',
      '2026-03-18T08:05 CLOSED',
    ],
    feedback: [{ kind: 'OUTCOME', at: '2026-03-18T08:05', number: 1, outcome: 'HELP_ACCEPTED', rest: 'none' }],
  }),
});

const MAY = ['2026-05-06T08:05 RECEIVED', '2026-05-06T08:05 ASSIGNED'] as const;
const MAY_AHEAD = ['REMINDER 2026-05-20', 'WARNING 2026-05-31', 'ESCALATION 2026-06-03', 'CLOSING 2026-07-05'];
/** 10 working days, without Ascension day and the free day after it. */
const MAY_FEEDBACK = ['REMINDER 2026-05-20', 'FEEDBACK 2026-05-22', ...MAY_AHEAD.slice(1)];

/** Four that wait when the story ends: one for each tier of Haarlem (R-WOR-4). */
export const tiers = (home: Home) => {
  const [bailiff, ordinary, known, small] = [
    home('0392', true),
    home('0392', true),
    home('0392', true),
    home('0392', true),
  ];
  const [first, second] = small.persons;
  const young: Household = { ...small, persons: [{ ...first, birthDate: '1990-05-04' }, second] };
  const arrear = (reference: string, household: Household, cents: number, life: ExpectedLife): Arrear => ({
    household,
    person: 0,
    reference,
    cents,
    dueDate: '2026-03-10',
    life,
  });
  const may: readonly Arrear[] = [
    {
      ...arrear(
        'EN-26-90011',
        bailiff,
        31_000,
        waiting(31_000, {
          history: [...MAY, `2026-05-14T00:00 ${FEEDBACK_OVERDUE('5 werkdagen na 6 mei 2026 = 13 mei 2026')}`],
          ahead: MAY_AHEAD,
          tray: 'nieuw',
        }),
      ),
      phase: 'deurwaarder',
    },
    arrear(
      'EN-26-90012',
      ordinary,
      18_500,
      waiting(18_500, {
        history: [...MAY, '2026-05-08T09:50 CONTACT_ATTEMPTED door sdv-05'],
        ahead: MAY_FEEDBACK,
        tray: 'in behandeling',
      }),
    ),
    arrear(
      'EN-26-90013',
      known,
      6_250,
      waiting(6_250, {
        history: [...MAY, '2026-05-08T09:50 KNOWN_AT_TEAM ja door sdv-07'],
        ahead: MAY_FEEDBACK,
        tray: 'nieuw',
      }),
    ),
    arrear(
      'EN-26-90014',
      young,
      4_800,
      waiting(4_800, {
        history: [...MAY, '2026-05-08T09:50 FORWARDED budgetcoach door sdv-07'],
        ahead: MAY_FEEDBACK,
        tray: 'doorgezet: Budgetcoach',
      }),
    ),
  ];
  return { bailiff, ordinary, known, young, may };
};
