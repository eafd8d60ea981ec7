import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SignalKind } from '#domain/delivery/delivery.ts';
import {
  ArrearId,
  type CaseId,
  Cents,
  caseIdOf,
  caseNumberOf,
  HouseholdKey,
  Instant,
  IsoDate,
  MunicipalityCode,
  PartnerId,
  Period,
  signalIdOf,
  TeamId,
} from '#domain/ids.ts';
import { flagsOf } from '#domain/ranking/flags.ts';
import { matched } from '#domain/ranking/matched.ts';
import type { RankingInput } from '#domain/ranking/measure.ts';
import { CRISIS_NEWS, MISSED_NEWS, newsOf } from '#domain/ranking/news.ts';
import { rankCases } from '#domain/ranking/ranking.ts';
import { worklistOf } from '#domain/ranking/worklist.ts';
import { linesOf } from '#domain/ranking/worklist-columns.ts';
import { worklistFile } from '#domain/ranking/worklist-file.ts';
import { PARTNER_TYPES, type PartnerType } from '#domain/signal/ddas.ts';
import type { Signal, SignalEventKind, SignalFacts, Term } from '#domain/signal/signal.ts';
import { configuration } from '#test/support/configuration.ts';
import { governingOf } from '#test/support/governing.ts';
import { signal } from '#test/support/signal.ts';

const haarlem = MunicipalityCode.parse('0392');
const april = Period.parse('2026-04');
const household = (n: number): HouseholdKey => HouseholdKey.parse(String(n).padStart(12, '0'));
const caseOf = (n: number, period = april): CaseId => caseIdOf(haarlem, period, household(n));
const arrear = (n: number): ArrearId => ArrearId.parse(String(n).padStart(16, '0'));
let serial = 0;
const reported = (inCase: CaseId, facts: Partial<SignalFacts> = {}): Signal => {
  serial += 1;
  const period = facts.period ?? april;
  return signal({ arrearId: arrear(serial), signalId: signalIdOf(arrear(serial), period), caseId: inCase, ...facts });
};
const cents = (n: number): Cents => Cents.parse(n);
const date = (text: string): IsoDate => IsoDate.parse(text);
const today = date('2026-04-20');
const ranked = (cases: readonly RankingInput[]) => rankCases(cases, today, []);
const order = (cases: readonly RankingInput[]): readonly string[] => ranked(cases).map(({ caseNumber }) => caseNumber);
const lcv = { ranking: { ruleSet: 'LCV', version: 1 } };
const input = (n: number, first: Partial<Signal> = {}, ...others: Partial<Signal>[]) => {
  const whole = (facts: Partial<Signal>) => ({ ...signal(), ...facts }) as Signal;
  return {
    caseNumber: caseNumberOf(caseOf(n)),
    signals: [whole(first), ...others.map(whole)],
    flags: [],
    policy: lcv,
  } satisfies RankingInput;
};

/** Who sent a signal may be read by no rule set: the property is held against each. */
describe('ranking', () => {
  it('[R-WOR-4] [R-FLO-8] a corrected phase counts before that of the file', () => {
    const corrected = input(1, { amountCents: cents(1), correctedPhase: 'deurwaarder' });
    const taken = input(2, { amountCents: cents(3), collectionPhase: 'deurwaarder', correctedPhase: 'incasso' });
    expect(order([taken, input(3, { amountCents: cents(2) }), corrected])).toEqual([1, 2, 3].map((n) => caseOf(n)));
  });

  it('[R-WOR-4] LCV 1: more signals first, then crisis, then late, then amount, then age', () => {
    const cases = [
      input(1, { amountCents: cents(10_000), dueDate: date('2026-02-02') }),
      input(2, { amountCents: cents(10_000), dueDate: date('2026-02-01') }),
      input(3, { amountCents: cents(10_001) }),
      input(4, { amountCents: cents(1), collectionPhase: 'deurwaarder' }),
      input(5, { amountCents: cents(2), warnings: ['OVERDUE_PAST_MAXIMUM'] }),
      input(6, { amountCents: cents(1), kind: 'ontruiming' }),
      input(7, { amountCents: cents(2), kind: 'eindelevering' }),
      input(8, { amountCents: cents(1) }, { amountCents: cents(1) }),
    ];
    expect(order(cases)).toEqual([8, 7, 6, 5, 4, 3, 2, 1].map((n) => caseOf(n)));
  });

  it('[R-WOR-3] every case says what counted', () => {
    expect(ranked([input(1, { amountCents: cents(123_456), kind: 'ontruiming' }, { amountCents: cents(5) })])).toEqual([
      {
        caseNumber: caseOf(1),
        rank: 1,
        reasons: [
          '2 signalen',
          'crisis (ontruiming of einde levering)',
          'totaal € 1.234,61',
          'oudste vervaldatum 2026-02-01',
        ],
      },
    ]);
  });

  it('[R-WOR-7] below the threshold of the policy comes after all others, and says so', () => {
    const policy = { ...lcv, threshold: { cents: cents(200) } };
    const small = { ...input(1, { amountCents: cents(99) }, { amountCents: cents(99) }), policy };
    const [first, last] = ranked([small, { ...input(2, { amountCents: cents(200) }), policy }]);
    expect([first?.caseNumber, last?.caseNumber]).toEqual([caseOf(2), caseOf(1)]);
    expect(last?.reasons[0]).toBe('onder het drempelbedrag');
  });

  const anyFacts = fc.record({
    amountCents: fc.integer({ min: 1, max: 500 }).map(cents),
    dueDate: fc.constantFrom(...['2026-01-01', '2026-02-01'].map(date)),
    kind: fc.constantFrom('vroeg', 'ontruiming'),
    collectionPhase: fc.constantFrom('achterstand', 'deurwaarder'),
  });
  const anyCases = fc
    .tuple(
      fc.array(fc.array(anyFacts, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 }),
      fc.constantFrom('LCV', 'HAARLEM'),
      fc.constantFrom({}, { threshold: { cents: cents(400) } }),
    )
    .map(([cases, ruleSet, threshold]) =>
      cases.map((signals, i) => ({
        ...input(i, ...signals),
        policy: { ranking: { ruleSet, version: 1 }, ...threshold },
      })),
    );

  it('[R-WOR-2] who sent a signal never moves its rank', () => {
    fc.assert(
      fc.property(
        anyCases,
        fc.infiniteStream(fc.tuple(fc.stringMatching(/^[a-z]{1,9}$/), fc.constantFrom(...PARTNER_TYPES))),
        (cases, names) => {
          const renamed = cases.map((each) => {
            const [first, ...others] = each.signals.map((one) => {
              const [partner, partnerType] = names.next().value;
              return { ...one, partner: PartnerId.parse(partner), partnerType, reference: partner };
            });
            return { ...each, signals: first ? ([first, ...others] as const) : each.signals };
          });
          expect(ranked(renamed)).toEqual(ranked(cases));
        },
      ),
    );
  });

  it('[R-WOR-3] is total: the order of reading never moves a rank', () => {
    fc.assert(
      fc.property(anyCases, fc.integer(), (cases, seed) => {
        const [shuffled = []] = fc.sample(fc.shuffledSubarray(cases, { minLength: cases.length }), {
          seed,
          numRuns: 1,
        });
        expect(ranked(shuffled)).toEqual(ranked(cases));
      }),
    );
  });
});

describe('ranking HAARLEM 1', () => {
  const haarlemRules = { ranking: { ruleSet: 'HAARLEM', version: 1 } };
  const phases = [haarlemRules, { ...haarlemRules, threshold: { cents: cents(7_500) } }];
  const born = (dateOfBirth: string) => ({ resident: { surname: 'Jansen', dateOfBirth: date(dateOfBirth) } });
  const first = (policy: RankingInput['policy'], ...signals: Partial<Signal>[]): string | undefined =>
    ranked([{ ...input(1, ...signals), policy }])[0]?.reasons[0];
  const [unset = haarlemRules, regular = haarlemRules] = phases;
  const small = { amountCents: cents(7_499) };

  it.each([
    ['I, at the bailiff', [{ ...small, collectionPhase: 'deurwaarder' }], 'prioriteit I: bij de deurwaarder'],
    ['I, corrected to it', [{ ...small, correctedPhase: 'deurwaarder' }], 'prioriteit I: bij de deurwaarder'],
    ['I, eviction', [{ ...small, kind: 'ontruiming' }], 'prioriteit I: ontruiming of einde levering'],
    ['I, end of supply', [{ ...small, kind: 'eindelevering' }], 'prioriteit I: ontruiming of einde levering'],
    ['II, the threshold itself', [{ amountCents: cents(7_500) }], 'prioriteit II: € 75,00 of meer'],
    ['II, together', [{ amountCents: cents(7_000) }, { amountCents: cents(500) }], 'prioriteit II: € 75,00 of meer'],
    ['III, marked', [{ ...small, knownAtTeam: true }], 'prioriteit III: minder dan € 75,00, bekend bij het wijkteam'],
    ['III, 65 today', [{ ...small, ...born('1961-04-20') }], 'prioriteit III: minder dan € 75,00, 65 jaar of ouder'],
    [
      'IV, 65 tomorrow',
      [{ ...small, ...born('1961-04-21') }],
      'prioriteit IV: minder dan € 75,00, voor de budgetcoach',
    ],
    [
      'IV, not bailiff yet',
      [{ ...small, collectionPhase: 'incasso' }],
      'prioriteit IV: minder dan € 75,00, voor de budgetcoach',
    ],
  ] as const)('[R-WOR-4] [R-WOR-3] tier %s', (_, signals, reason) => {
    expect(first(regular, ...signals)).toBe(reason);
  });

  it('[R-WOR-4] [R-AGR-4] while the threshold is unset all are II, but for I', () => {
    expect(first(unset, { amountCents: cents(1) })).toBe('prioriteit II: er geldt geen drempelbedrag');
    expect(first(unset, { amountCents: cents(1), knownAtTeam: true })).toBe(
      'prioriteit II: er geldt geen drempelbedrag',
    );
    expect(first(unset, { collectionPhase: 'deurwaarder' })).toBe('prioriteit I: bij de deurwaarder');
  });

  it('[R-WOR-4] tiers in order, and within one more signals, then amount, then age', () => {
    const cases = [
      input(1, { amountCents: cents(100) }),
      input(2, { amountCents: cents(100), knownAtTeam: true }),
      input(3, { amountCents: cents(9_000), dueDate: date('2026-02-02') }),
      input(4, { amountCents: cents(9_000), dueDate: date('2026-02-01') }),
      input(5, { amountCents: cents(9_001) }),
      input(6, { amountCents: cents(4_000) }, { amountCents: cents(4_000) }),
      input(7, { amountCents: cents(1), collectionPhase: 'deurwaarder' }),
      input(8, { amountCents: cents(2), kind: 'eindelevering' }),
    ].map((each) => ({ ...each, policy: regular }));
    expect(order(cases)).toEqual([8, 7, 6, 5, 4, 3, 2, 1].map((n) => caseOf(n)));
  });

  it('[R-WOR-3] shows tier, number, amount and age', () => {
    expect(ranked([{ ...input(1, { amountCents: cents(8_000) }), policy: regular }])[0]?.reasons).toEqual([
      'prioriteit II: € 75,00 of meer',
      '1 signaal',
      'totaal € 80,00',
      'oudste vervaldatum 2026-02-01',
    ]);
  });

  it('[R-WOR-3] two rule sets do not compare: each has its own ranks', () => {
    const both = [{ ...input(1, {}), policy: regular }, input(2, {}), { ...input(3, {}, {}), policy: regular }];
    expect(ranked(both).map(({ caseNumber, rank }) => [caseNumber, rank])).toEqual([
      [caseOf(3), 1],
      [caseOf(1), 2],
      [caseOf(2), 1],
    ]);
  });

  it('a rule set that does not exist is an error by name', () => {
    const policy = { ranking: { ruleSet: 'HAARLEM', version: 2 } };
    expect(() => ranked([{ ...input(1, {}), policy }])).toThrow(expect.objectContaining({ name: 'PolicyMissing' }));
  });
});

describe('flags', () => {
  const of = (...partnerTypes: PartnerType[]) => partnerTypes.map((partnerType) => ({ partnerType }));
  const earlier = (...periods: string[]) =>
    periods.map((text) => {
      const period = Period.parse(text);
      return { period, number: caseNumberOf(caseOf(1, period)) };
    });

  it.each([
    [of('Huur'), [], ['SINGLE: 1 signaal: Huur 1']],
    [of('Huur', 'Energie', 'Huur'), [], ['MULTIPLE: 3 signalen: Energie 1, Huur 2']],
    [[], [], ['SINGLE: 0 signalen']],
    [
      of('Water'),
      ['2026-02', '2026-03'],
      [
        'SINGLE: 1 signaal: Water 1',
        'CONSECUTIVE: eerder gemeld: 2026-02 (zaak 0392-2602-000000000001), 2026-03 (zaak 0392-2603-000000000001)',
      ],
    ],
  ] as const)('[R-MAT-2] of %j after %j: %j, with what they rest on', (signals, periods, flags) => {
    expect(flagsOf(signals, earlier(...periods)).map(({ flag, because }) => `${flag}: ${because}`)).toEqual(flags);
  });
});

describe('the worklist', () => {
  const closedAt = Instant.parse('2026-04-09T08:00:00.000Z');
  const outcome = {
    result: 'Inwoner is overleden',
    date: date('2026-04-09'),
    maySuspend: false,
    forCase: true,
  } as const;
  const names = {
    organisation: 'SDV',
    partnerOf: (id: PartnerId) => configuration.partners.find((partner) => partner.id === id),
  };
  const fileOf = (signals: readonly Signal[]): string =>
    [...worklistFile(linesOf(worklistOf(april, matched(signals, []), governingOf, today), governingOf, names))].join(
      '',
    );
  const rows = (signals: readonly Signal[]): readonly Record<string, string>[] =>
    parse(fileOf(signals), { columns: true, delimiter: ';', bom: true });
  const row = (...signals: Signal[]): Record<string, string> => rows(signals)[0] ?? {};
  const entry = (kind: SignalEventKind, detail?: string) => ({
    kind,
    at: closedAt,
    source: kind === 'HANDED_OVER' ? '0473-2604-0123456789AB' : 'x',
    ...(detail !== undefined && { detail }),
  });
  const attempt = (on: string, reached: boolean) =>
    ({ kind: 'Huisbezoek', reached, date: date(on), dayPart: 'Ochtend' }) as const;

  it('[R-WOR-1] [R-WOR-3] lists who must be approached first, answered cases last and without a rank', () => {
    const answered: Signal = { ...reported(caseOf(1)), status: 'CLOSED', outcome, closedAt };
    const small = reported(caseOf(2), { amountCents: cents(8_000) });
    const large = reported(caseOf(3), { amountCents: cents(9_000) });
    const list = worklistOf(april, matched([answered, small, large], []), governingOf, today);
    expect(list.map((each) => [each.caseId, each.ranked?.rank])).toEqual([
      [caseOf(3), 1],
      [caseOf(2), 2],
      [caseOf(1), undefined],
    ]);
  });

  it('[R-DEL-9] keeps withdrawn signals in sight but not in counts, amounts or rank', () => {
    const stands = reported(caseOf(1), { amountCents: cents(100) });
    const gone: Signal = {
      ...reported(caseOf(1), { amountCents: cents(900) }),
      status: 'WITHDRAWN',
      reason: 'betaald',
      closedAt,
    };
    expect(row(stands, gone)).toMatchObject({
      kenmerken: 'enkelvoudig',
      signalen: '1',
      totaalbedrag: '1,00',
      werkbakje: 'nieuw',
      status: 'open | ingetrokken (betaald)',
    });
    expect(row(gone)).toMatchObject({ rang: '', signalen: '0', totaalbedrag: '0,00', werkbakje: 'ingetrokken' });
  });

  it('[R-WOR-3] [R-FLO-2] [R-FLO-3] [R-AGR-7] shows what a caseworker needs', () => {
    const one = reported(caseOf(1), { earlierPeriods: [Period.parse('2026-03')] });
    expect(row(one)).toEqual({
      rang: '1',
      werkbakje: 'nieuw',
      zaak: caseOf(1),
      uitvoerder: 'SDV',
      team: 'Schulddienstverlening',
      reden_rangorde: 'prioriteit II: € 75,00 of meer; 1 signaal; totaal € 1.234,56; oudste vervaldatum 2026-02-01',
      regelset: 'HAARLEM 1 (Addendum Haarlem/Zandvoort 2021, art. 5.3)',
      kenmerken: 'enkelvoudig',
      signalen: '1',
      signalen_ids: one.signalId,
      partners: 'Elan Wonen (Huur) € 1.234,56, vervallen 2026-02-01, achterstand, herhaald: 2026-03',
      fase: 'achterstand',
      totaalbedrag: '1234,56',
      einde_levering: '',
      naam: 'P. Jansen',
      geboortedatum: '',
      adres: '12, 2011AB Haarlem',
      telefoon: '06 12345678',
      email: '',
      contact_partners: 'Elan Wonen: Team terugkoppeling, 023 555 01 01, werkdagen van 9.00 tot 17.00 uur',
      contactpogingen: '',
      ontvangen: '2026-04-01',
      streefdatum: '2026-04-15',
      uiterlijk: '2026-04-29',
      uiterlijk_terugkoppelen: '2026-04-17',
      uiterlijk_gesprek: '',
      termijnen: [
        'streefdatum: 14 dagen na 1 april 2026 = 15 april 2026 (Landelijk convenant vroegsignalering, Leeswijzer verhuurders; Wgs art. 4 lid 1)',
        'terugkoppelen: 10 werkdagen na 1 april 2026 = 17 april 2026; Goede Vrijdag en tweede paasdag tellen niet (Addendum Haarlem/Zandvoort 2021, art. 5.4)',
        'waarschuwing: 25 dagen na 1 april 2026 = 26 april 2026 (Landelijk convenant vroegsignalering, Leeswijzer verhuurders; Wgs art. 4 lid 1)',
        'uiterlijk: 28 dagen na 1 april 2026 = 29 april 2026 (Landelijk convenant vroegsignalering, Leeswijzer verhuurders; Wgs art. 4 lid 1)',
        'sluit vanzelf: 60 dagen na 1 april 2026 = 31 mei 2026 (Landelijk convenant vroegsignalering, Leeswijzer verhuurders; Wgs art. 4 lid 1)',
      ].join(' | '),
      status: 'open',
      nieuws: 'nieuw',
      gebeurd: 'gemeld',
      gewijzigd_op: '2026-04-01',
      nieuws_sinds: 'eerste lijst',
      postcode: '2011AB',
      aanpak: '',
      aanpak_reden: '',
      personen: expect.any(String),
      kenmerken_uitleg: expect.any(String),
      andere_zaken: '',
      koppeling: '',
    });
  });

  it('[R-FLO-3] [R-DEL-12] [R-FLO-8] shows the clock of a crisis, a supply that ends soon and the phase as corrected', () => {
    const crisis: Signal = {
      ...reported(caseOf(1), {
        partner: PartnerId.parse('energie'),
        kind: 'eindelevering',
        endOfSupplyOn: date('2026-04-20'),
        warnings: ['END_OF_SUPPLY_NEAR'],
      }),
      correctedPhase: 'incasso',
    };
    expect(row(crisis)).toMatchObject({
      werkbakje: 'crisis',
      fase: 'incasso',
      einde_levering: '2026-04-20 (minder dan 20 werkdagen na de melding)',
      uiterlijk_gesprek: '2026-04-08',
      uiterlijk_terugkoppelen: '2026-04-10',
      contact_partners: 'Zonnestroom Energie: Team terugkoppeling, 088 555 01 05, werkdagen van 8.00 tot 18.00 uur',
    });
    expect(row(crisis).partners).toContain('(Huur) € 1.234,56, vervallen 2026-02-01, incasso, eindelevering');
  });

  it('of several signals the first day counts, and each explanation stands once', () => {
    const later = reported(caseOf(1), { receivedAt: Instant.parse('2026-04-08T08:00:00.000Z') });
    const both = row(reported(caseOf(1)), later);
    expect(both).toMatchObject({
      ontvangen: '2026-04-01 | 2026-04-08',
      streefdatum: '2026-04-15',
      uiterlijk: '2026-04-29',
    });
    expect(both.termijnen?.split(' | ').filter((text) => text.startsWith('streefdatum'))).toHaveLength(2);
    expect(row(reported(caseOf(2)), reported(caseOf(2))).termijnen?.match(/streefdatum/g)).toHaveLength(1);
  });

  it('of a signal that waits the stored terms are explained: those that passed are gone', () => {
    const terms = [
      {
        kind: 'SUSPENSION_END',
        on: date('2026-05-09'),
        at: Instant.parse('2026-05-09T22:00:00.000Z'),
        because: 'uitleg',
      },
    ] as const;
    const suspension = {
      startsOn: date('2026-04-09'),
      lastDay: date('2026-05-09'),
      acceptedOn: date('2026-04-09'),
      actionPlanOn: date('2026-04-09'),
      paymentResumesOn: date('2026-04-09'),
      fedBackOn: date('2026-04-09'),
    };
    expect(row({ ...reported(caseOf(1)), status: 'SUSPENDED', outcome, suspension, terms })).toMatchObject({
      rang: '',
      werkbakje: 'schuldenrust',
      streefdatum: '',
      uiterlijk: '',
      termijnen: 'einde schuldenrust: uitleg',
      status: 'schuldenrust tot en met 2026-05-09',
    });
  });

  it('[R-FLO-5] counts attempts and shows the last; one for the case counts once', () => {
    const tried = (attempts: Signal['contactAttempts']): Signal => ({
      ...reported(caseOf(1)),
      contactAttempts: attempts,
    });
    const [a, b] = [attempt('2026-04-09', false), attempt('2026-04-07', true)];
    expect(row(tried([a, b]), tried([a])).contactpogingen).toBe('2, laatst 2026-04-09 Huisbezoek (niet bereikt)');
  });

  it('[R-DEL-5] says of a repeat signal that was closed by policy which month it repeats, and by which clause', () => {
    const base = reported(caseOf(1), { earlierPeriods: [Period.parse('2026-03')] });
    const repeat = {
      result: 'Niet opgepakt: herhaalde melding',
      date: today,
      maySuspend: false,
      forCase: false,
    } as const;
    const why = 'zelfde achterstand als in 2026-03, bedrag niet hoger (Bijlage, art. 3)';
    const byPolicy = { ...entry('OUTCOME_RECORDED', why), source: 'workflow' };
    const shut: Signal = { ...base, status: 'CLOSED', outcome: repeat, closedAt, history: [byPolicy] };
    expect(row(shut)).toMatchObject({
      rang: '',
      status: `afgesloten als herhaalde melding: ${why}`,
      partners: expect.stringContaining('herhaald: 2026-03'),
    });
    expect(row({ ...shut, history: [entry('OUTCOME_RECORDED')] }).status).toBe('afgesloten');
  });

  it('[R-ROU-1] says that the municipality is not certain, and which other it may be', () => {
    const address = { ...reported(caseOf(1)).address, postcode: '6574AA' };
    const municipality = MunicipalityCode.parse('1945');
    const doubtful = { ...reported(caseOf(1), { address, certainty: 'probable' }), municipality };
    expect(row(doubtful).kenmerken).toBe('enkelvoudig | gemeente niet zeker: adres kan ook in Nijmegen liggen');
    expect(row({ ...doubtful, certainty: 'exact' }).kenmerken).toBe('enkelvoudig');
  });

  it('[R-FLO-6] [R-ROU-4] says what was opened again, taken over or handed over', () => {
    const base = reported(caseOf(1));
    const [first] = base.history;
    if (!first) throw new Error('no history');
    const reopened: Signal = { ...base, history: [first, entry('REOPENED', 'inwoner meldt zich')] };
    const takenOver: Signal = { ...base, history: [first, entry('HANDED_OVER')] };
    const handedOver: Signal = {
      ...base,
      status: 'CLOSED',
      outcome,
      closedAt,
      history: [first, entry('OUTCOME_RECORDED'), entry('HANDED_OVER'), entry('CLOSED')],
    };
    expect(row(reopened)).toMatchObject({ status: 'open, heropend (inwoner meldt zich)', werkbakje: 'in behandeling' });
    expect(row(takenOver).status).toBe('open, overgenomen van een andere gemeente');
    expect(row(handedOver).status).toBe('afgesloten, overgedragen aan een andere gemeente');
  });

  describe('work trays', () => {
    const swt = TeamId.parse('swt');
    const base = reported(caseOf(1));
    const crisis = { ...base, kind: 'ontruiming' } as const;
    const terms: readonly Term[] = [];
    it.each<[string, Signal, string]>([
      ['new', base, 'nieuw'],
      ['assigned', { ...base, status: 'ASSIGNED', terms, team: TeamId.parse('sdv') }, 'nieuw'],
      ['tried to reach', { ...base, contactAttempts: [attempt('2026-04-02', false)] }, 'in behandeling'],
      ['forwarded', { ...base, status: 'ASSIGNED', terms, team: swt }, 'doorgezet: Sociaal wijkteam'],
      ['late', { ...base, status: 'TERM_EXPIRED', terms, team: swt }, 'termijn verstreken'],
      ['crisis', { ...crisis, status: 'TERM_EXPIRED', terms }, 'crisis'],
      ['crisis, nobody at home', { ...crisis, contactAttempts: [attempt('2026-04-02', false)] }, 'crisis'],
      ['crisis, spoken to', { ...crisis, contactAttempts: [attempt('2026-04-02', true)] }, 'in behandeling'],
      ['answered', { ...base, status: 'OUTCOME_KNOWN', outcome }, 'uitkomst bekend'],
      ['closed', { ...base, status: 'CLOSED', outcome, closedAt }, 'afgesloten'],
    ])('[R-FLO-4] %s', (_, each, tray) => {
      expect(row(each).werkbakje).toBe(tray);
    });

    it('[R-FLO-4] a case lies in the tray of its most urgent signal, with all teams that have it', () => {
      const forwarded: Signal = { ...reported(caseOf(1)), status: 'ASSIGNED', terms, team: swt };
      expect(row(forwarded, reported(caseOf(1)))).toMatchObject({
        werkbakje: 'nieuw',
        team: 'Sociaal wijkteam | Schulddienstverlening',
      });
    });
  });
});

describe('news for the digest', () => {
  const at = (hour: number): Instant => Instant.parse(`2026-04-01T0${hour}:00:00.000Z`);
  const heard = (kinds: readonly SignalEventKind[], kind: SignalKind = 'vroeg') => ({
    kind,
    history: kinds.map((each, i) => ({ kind: each, at: at(i + 1), source: 'x' })),
  });

  it('counts what happened after the last mail, up to the moment given', () => {
    const signals = [heard(['RECEIVED', 'ASSIGNED', 'REMINDED', 'TERM_EXPIRED', 'WITHDRAWN'])];
    expect(newsOf(signals, undefined, at(9)).map(({ count }) => count)).toEqual([1, 1, 1, 1]);
    expect(newsOf(signals, at(3), at(4))).toEqual([{ label: 'Termijn verstreken', count: 1 }]);
    expect(newsOf(signals, at(5), at(9))).toEqual([]);
  });

  it('[R-FLO-2] [R-FLO-3] [R-FLO-4] tells of what asks for work, and not of what was written down', () => {
    const told = newsOf(
      [
        heard(['RECEIVED', 'HANDED_OVER', 'ASSIGNED', 'WARNED', 'FIRST_CONVERSATION_OVERDUE'], 'ontruiming'),
        heard(['CONTACT_ATTEMPTED', 'FORWARDED', 'FEEDBACK_OVERDUE', 'OUTCOME_RECORDED', 'CLOSED', 'REOPENED']),
      ],
      undefined,
      at(9),
    );
    expect(told).toEqual([
      { label: 'Nieuwe signalen', count: 1 },
      { label: 'Crisis (ontruiming of einde levering), nieuw of gewijzigd', count: 1 },
      { label: 'Overgenomen van of overgedragen aan een andere gemeente', count: 1 },
      { label: 'Heropend', count: 1 },
      { label: 'Doorgezet naar een ander team', count: 1 },
      { label: 'Bijna te laat: de laatste dag komt dichtbij', count: 1 },
      { label: 'Te laat met het eerste gesprek (crisis)', count: 1 },
      { label: 'Te laat met terugkoppelen aan de partner', count: 1 },
    ]);
  });

  it('[R-AGR-7] missed terms and crisis signals can be told apart', () => {
    const signals = [heard(['RECEIVED', 'TERM_EXPIRED']), heard(['RECEIVED', 'REMINDED'], 'eindelevering')];
    expect(newsOf(signals, undefined, at(9), MISSED_NEWS)).toEqual([{ label: 'Termijn verstreken', count: 1 }]);
    expect(newsOf(signals, undefined, at(9), [CRISIS_NEWS]).map(({ count }) => count)).toEqual([1]);
    expect(newsOf(signals.slice(0, 1), undefined, at(9), [CRISIS_NEWS])).toEqual([]);
  });
});
