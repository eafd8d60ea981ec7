import type { Day } from './days.ts';
import { type Arrear, letter, SENDERS } from './letter.ts';
import {
  ADVICE,
  correctedLater,
  correctedMeanwhile,
  evictionInTime,
  evictionOverEaster,
  FINANCIAL,
  forwarded,
  gone,
  HELP,
  type Home,
  handedOver,
  hastened,
  joining,
  leading,
  NO_CONTACT,
  NO_RESIDENT,
  OWN_WAY,
  PAID,
  reopened,
  rooms,
  speltTwice,
  takenOver,
  tiers,
} from './lives.ts';
import type { Household, Municipality } from './people.ts';
import {
  type Answer,
  type PlannedDelivery,
  type PlannedGlimpse,
  type PlannedLine,
  type PlannedOutcomes,
  type PlannedSignal,
  SOURCES,
} from './plan.ts';

/** The look of which the report tells every term. */
export const OVER_EASTER = 'ontruiming over Pasen heen';

/** Help accepted, with all that schuldenrust asks. */
const accepted = (result: string, on: Day, resumes: Day, worker: string): Answer => ({
  result,
  on,
  plan: on,
  resumes,
  suspend: 'j',
  worker,
});

export interface Particulars {
  readonly deliveries: readonly PlannedDelivery[];
  readonly outcomes: readonly PlannedOutcomes[];
  readonly glimpses: readonly PlannedGlimpse[];
  /** For Zonnestroom's file of May: one for each tier of Haarlem. */
  readonly may: readonly Arrear[];
}

const line = (
  household: Household,
  answer: Answer,
  notes: readonly string[] = [],
  verdict: PlannedLine['verdict'] = 'taken',
): PlannedLine => ({
  about: { household, period: household.municipality === '0473' ? '2026-04' : '2026-03' },
  by: 'zaak',
  answer,
  verdict,
  notes,
});

/**
 * What is sent, written and seen of the people the story follows one by one; what must become of them stands in `lives.ts`.
 * Their signals are added to `signals`.
 */
export const particulars = (home: Home, signals: PlannedSignal[]): Particulars => {
  const [kept, missed] = [home('0392', true), home('0473', true)];
  const [passedOn, hasty, mistaken, away, helped] = [
    home('0392', true),
    home('0392', true),
    home('0392', true),
    home('0392', true),
    home('0392', true),
  ];
  const [moving, wrong, silent] = [home('0392', true), home('0268', true), home('0363', true)];
  /** The same people at another address. */
  const moved = (to: Municipality, who: Household): Household => ({ ...home(to, true), persons: who.persons });
  const arrived = moved('0268', moving);
  const roomsOf = home('0392', true);
  let stranger = home('0392', true).persons[0];
  while (stranger.surname === roomsOf.persons[0].surname) stranger = home('0392', true).persons[0];
  const shared: Household = { ...roomsOf, persons: [roomsOf.persons[0], stranger], rooms: true };
  const twice: Household = { ...home('0392', true), letter: '', addition: 'bis' };
  const { silent: unreached, rent: roomRent, energy: roomEnergy } = rooms(shared);
  const { rent: doorRent, energy: doorEnergy } = speltTwice(twice);
  const { bailiff, ordinary, known, young, may } = tiers(home);

  const sent = (
    sender: keyof typeof SENDERS,
    name: string,
    at: string,
    file: string,
    remark: string,
    arrears: readonly Arrear[],
  ): PlannedDelivery => {
    const under = letter(signals, SENDERS[sender], { name, at, file, remark });
    for (const each of arrears) under.good(each);
    return under.sealed();
  };
  const deliveries = [
    sent(
      'elan',
      'elan-nagekomen',
      '2026-03-09T09:40',
      'Huurachterstand maart 2026 (nagekomen).csv',
      'vijf huishoudens om te volgen, twee kamers achter één voordeur, en een adres met toevoeging',
      [
        forwarded(passedOn),
        hastened(hasty),
        correctedLater(mistaken),
        gone(away),
        leading(helped),
        unreached,
        roomRent,
        doorRent,
      ],
    ),
    sent(
      'energy',
      'energie-nagekomen',
      '2026-03-09T10:05',
      'export-20260309.txt.csv',
      'nog drie om te volgen, en twee die al bekend zijn',
      [handedOver(moving), correctedMeanwhile(wrong), reopened(silent), roomEnergy, doorEnergy],
    ),
    sent(
      'elan',
      'elan-ontruiming',
      '2026-03-12T10:40',
      'Ontruiming 12 maart.csv',
      'een ontruiming: binnen drie werkdagen een gesprek',
      [evictionInTime(kept)],
    ),
    sent(
      'energy',
      'energie-later',
      '2026-03-18T08:05',
      'export-20260318.txt.csv',
      'sluit aan bij een zaak waarin al hulp is',
      [joining(helped)],
    ),
    sent('pre', 'pre-ontruiming', '2026-04-02T10:20', 'ontruiming.csv', 'een ontruiming, vlak voor Pasen', [
      evictionOverEaster(missed),
    ]),
  ];
  signals.push(takenOver(arrived));

  const file = (municipality: Municipality, at: string, lines: readonly PlannedLine[]): PlannedOutcomes => ({
    name: `uitkomsten-${at.slice(0, 10)}`,
    at,
    municipality,
    lines,
  });
  const correction = line(wrong, { result: OWN_WAY, on: '2026-03-30', correction: 'j', worker: 'fec-5' }, [
    'gecorrigeerd',
  ]);
  const inMay = (household: Household, answer: Answer): PlannedLine => ({
    ...line(household, answer),
    about: { household, period: '2026-05' },
  });
  const outcomes: readonly PlannedOutcomes[] = [
    file('0392', '2026-03-10T14:30', [
      line(passedOn, { team: 'Sociaal wijkteam', worker: 'sdv-07' }),
      line(hasty, { phase: 'deurwaarder', worker: 'sdv-02' }),
      line(mistaken, { result: OWN_WAY, on: '2026-03-10', worker: 'sdv-02' }),
      line(moving, { movedTo: arrived, worker: 'sdv-07' }, ['overgedragen aan de gemeente Nijmegen']),
      line(away, { result: NO_RESIDENT, on: '2026-03-10', movedTo: moved('0363', away), worker: 'sdv-07' }, [
        'niet overgedragen: er is geen overeenkomst tussen deze partner en de gemeente Amsterdam',
      ]),
      line(helped, accepted(FINANCIAL, '2026-03-10', '2026-03-17', 'sdv-02')),
      {
        ...line(shared, { result: PAID, on: '2026-03-10', worker: 'sdv-02' }, ['geldt voor 2 signalen']),
        about: { household: shared, period: '2026-03', person: 1 },
      },
    ]),
    file('0392', '2026-03-16T11:00', [
      line(passedOn, {
        knownAtTeam: 'j',
        team: 'budgetcoach',
        contact: { kind: 'Kaartje', reached: 'n', on: '2026-03-13', dayPart: 'Middag' },
        worker: 'swt-11',
      }),
      line(hasty, { result: PAID, on: '2026-03-16', worker: 'sdv-02' }),
      line(kept, {
        contact: { kind: 'Huisbezoek', reached: 'j', on: '2026-03-16', dayPart: 'Ochtend' },
        worker: 'sdv-02',
      }),
      line(moving, { result: PAID, on: '2026-03-16' }, [], { refused: 'HANDED_OVER' }),
      line(twice, { result: PAID, on: '2026-03-16', worker: 'sdv-02' }, ['geldt voor 2 signalen']),
    ]),
    file('0363', '2026-03-17T11:30', [
      line(silent, {
        contact: { kind: 'Brief', reached: 'n', on: '2026-03-13', dayPart: 'Ochtend' },
        result: NO_CONTACT,
        on: '2026-03-17',
        worker: 'vea-21',
      }),
    ]),
    file('0268', '2026-03-18T09:20', [
      line(wrong, accepted(FINANCIAL, '2026-03-17', '2026-03-24', 'fec-5')),
      line(arrived, accepted(HELP, '2026-03-17', '2026-03-24', 'fec-5')),
    ]),
    file('0392', '2026-03-18T16:20', [line(kept, accepted(FINANCIAL, '2026-03-18', '2026-03-25', 'sdv-02'))]),
    file('0392', '2026-03-23T13:15', [
      line(passedOn, { team: 'Schulddienstverlening', worker: 'bc-03' }),
      line(mistaken, { ...accepted(FINANCIAL, '2026-03-20', '2026-03-27', 'sdv-02'), correction: 'j' }, [
        'gecorrigeerd',
      ]),
    ]),
    file('0392', '2026-03-25T10:15', [
      line(passedOn, {
        ...accepted(ADVICE, '2026-03-24', '2026-04-01', 'sdv-07'),
        suspend: 'n',
        arrangement: { amount: '60,00', from: '2026-05-01' },
      }),
    ]),
    {
      ...file('0268', '2026-03-30T10:00', [correction]),
      name: 'voorbeeld-2026-03-30',
      remark: 'eerst als voorbeeld: er verandert niets',
      preview: [
        {
          partner: 'energie',
          reference: 'EN-26-90002',
          feedback: [{ kind: 'RETRACTED' }, { kind: 'SUSPENSION_ENDED_EARLY', lastDay: '2026-03-30' }],
        },
      ],
    },
    file('0268', '2026-03-30T10:30', [correction]),
    file('0363', '2026-03-30T14:00', [line(silent, { reopen: 'inwoner meldt zich', worker: 'vea-08' }, ['heropend'])]),
    file('0363', '2026-04-08T10:20', [line(silent, accepted(HELP, '2026-04-07', '2026-04-14', 'vea-08'))]),
    file('0473', '2026-04-20T15:00', [
      line(missed, {
        ...accepted(FINANCIAL, '2026-04-20', '2026-05-01', 'sdv-05'),
        contact: { kind: 'Huisbezoek', reached: 'j', on: '2026-04-15', dayPart: 'Avond' },
      }),
    ]),
    file('0392', '2026-05-08T09:50', [
      inMay(ordinary, {
        contact: { kind: 'Telefoon', reached: 'n', on: '2026-05-07', dayPart: 'Middag' },
        worker: 'sdv-05',
      }),
      inMay(known, { knownAtTeam: 'j', worker: 'sdv-07' }),
      inMay(young, { team: 'Budgetcoach', worker: 'sdv-07' }),
    ]),
  ];

  const look = (title: string, at: string, household: Household, cells: PlannedGlimpse['cells']): PlannedGlimpse => ({
    title,
    at,
    household,
    period: at < '2026-04' ? '2026-03' : at < '2026-05' ? '2026-04' : '2026-05',
    cells,
  });
  const tier = (title: string, household: Household, rang: string, why: string, cells: PlannedGlimpse['cells']) =>
    look(title, '2026-05-16T07:00', household, {
      rang,
      reden_rangorde: `${why}; oudste vervaldatum 2026-03-10`,
      ...cells,
    });
  const glimpses: readonly PlannedGlimpse[] = [
    look('doorgezet naar het wijkteam', '2026-03-11T07:00', passedOn, {
      werkbakje: 'doorgezet: Sociaal wijkteam',
      team: 'Sociaal wijkteam',
      uiterlijk_terugkoppelen: '2026-03-23',
    }),
    look('fase verbeterd, eerder terugkoppelen', '2026-03-11T07:00', hasty, {
      werkbakje: 'nieuw',
      fase: 'deurwaarder',
      uiterlijk_terugkoppelen: '2026-03-16',
    }),
    look('overgedragen', '2026-03-11T07:00', moving, {
      werkbakje: 'afgesloten',
      status: 'afgesloten, overgedragen aan een andere gemeente',
    }),
    look('overgenomen van Haarlem', '2026-03-11T07:00', arrived, {
      werkbakje: 'nieuw',
      status: 'open, overgenomen van een andere gemeente',
      ontvangen: '2026-03-10',
      uiterlijk: '2026-04-07',
      uiterlijk_terugkoppelen: '',
    }),
    look('ontruiming, nog die dag gehoord', '2026-03-12T12:30', kept, {
      rang: '1',
      werkbakje: 'crisis',
      team: 'Schulddienstverlening',
      reden_rangorde: 'prioriteit I: bij de deurwaarder; 1 signaal; totaal € 9.850,00; oudste vervaldatum 2025-11-20',
      uiterlijk_gesprek: '2026-03-17',
      uiterlijk_terugkoppelen: '2026-03-19',
      contact_partners: 'Elan Wonen: Team terugkoppeling, 023 555 01 01, werkdagen van 9.00 tot 17.00 uur',
      termijnen: [
        `eerste gesprek: 3 werkdagen na 12 maart 2026 = 17 maart 2026 (${SOURCES.crisis})`,
        `terugkoppelen: 5 werkdagen na 12 maart 2026 = 19 maart 2026 (${SOURCES.feedback})`,
        `streefdatum: 14 dagen na 12 maart 2026 = 26 maart 2026 (${SOURCES.terms})`,
        `waarschuwing: 25 dagen na 12 maart 2026 = 6 april 2026 (${SOURCES.terms})`,
        `uiterlijk: 28 dagen na 12 maart 2026 = 9 april 2026 (${SOURCES.terms})`,
        `sluit vanzelf: 60 dagen na 12 maart 2026 = 11 mei 2026 (${SOURCES.terms})`,
      ].join(' | '),
    }),
    look('bij de budgetcoach', '2026-03-17T07:00', passedOn, {
      werkbakje: 'doorgezet: Budgetcoach',
      team: 'Budgetcoach',
      kenmerken: 'enkelvoudig | bekend bij het wijkteam',
      contactpogingen: '1, laatst 2026-03-13 Kaartje (niet bereikt)',
    }),
    look('na het huisbezoek', '2026-03-17T07:00', kept, { werkbakje: 'in behandeling' }),
    look('terug bij Schulddienstverlening', '2026-03-24T07:00', passedOn, {
      werkbakje: 'in behandeling',
      team: 'Schulddienstverlening',
      status: 'herinnerd',
    }),
    look('heropend', '2026-03-31T07:00', silent, {
      werkbakje: 'in behandeling',
      status: 'open, heropend (inwoner meldt zich)',
    }),
    look(OVER_EASTER, '2026-04-02T12:30', missed, {
      werkbakje: 'crisis',
      uiterlijk_gesprek: '2026-04-09',
      uiterlijk_terugkoppelen: '2026-04-13',
      termijnen: [
        `eerste gesprek: 3 werkdagen na 2 april 2026 = 9 april 2026; Goede Vrijdag en tweede paasdag tellen niet (${SOURCES.crisis})`,
        `terugkoppelen: 5 werkdagen na 2 april 2026 = 13 april 2026; Goede Vrijdag en tweede paasdag tellen niet (${SOURCES.feedback})`,
        `streefdatum: 14 dagen na 2 april 2026 = 16 april 2026 (${SOURCES.terms})`,
        `waarschuwing: 25 dagen na 2 april 2026 = 27 april 2026 (${SOURCES.terms})`,
        `uiterlijk: 28 dagen na 2 april 2026 = 30 april 2026 (${SOURCES.terms})`,
        `sluit vanzelf: 60 dagen na 2 april 2026 = 1 juni 2026 (${SOURCES.terms})`,
      ].join(' | '),
    }),
    tier('op 1, bij de deurwaarder', bailiff, '1', 'prioriteit I: bij de deurwaarder; 1 signaal; totaal € 310,00', {
      uiterlijk_terugkoppelen: '2026-05-13',
    }),
    tier('op 2, boven de drempel', ordinary, '2', 'prioriteit II: € 75,00 of meer; 1 signaal; totaal € 185,00', {
      uiterlijk_terugkoppelen: '2026-05-22',
      termijnen: [
        `streefdatum: 14 dagen na 6 mei 2026 = 20 mei 2026 (${SOURCES.terms})`,
        `terugkoppelen: 10 werkdagen na 6 mei 2026 = 22 mei 2026; Hemelvaartsdag en een aangewezen vrije dag tellen niet (${SOURCES.feedback})`,
        `waarschuwing: 25 dagen na 6 mei 2026 = 31 mei 2026 (${SOURCES.terms})`,
        `uiterlijk: 28 dagen na 6 mei 2026 = 3 juni 2026 (${SOURCES.terms})`,
        `sluit vanzelf: 60 dagen na 6 mei 2026 = 5 juli 2026 (${SOURCES.terms})`,
      ].join(' | '),
    }),
    tier(
      'op 3, bekend bij het wijkteam',
      known,
      '3',
      'prioriteit III: minder dan € 75,00, bekend bij het wijkteam; 1 signaal; totaal € 62,50',
      {},
    ),
    tier(
      'op 4, voor de budgetcoach',
      young,
      '4',
      'prioriteit IV: minder dan € 75,00, voor de budgetcoach; 1 signaal; totaal € 48,00',
      { werkbakje: 'doorgezet: Budgetcoach' },
    ),
  ];
  return { deliveries, outcomes, glimpses, may };
};
