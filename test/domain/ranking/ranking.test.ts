import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ArrearId,
  type CaseId,
  Cents,
  caseIdOf,
  HouseholdKey,
  Instant,
  IsoDate,
  MunicipalityCode,
  PartnerId,
  Period,
  signalIdOf,
} from '#domain/ids.ts';
import { flagsOf, reportedMonths } from '#domain/ranking/flags.ts';
import { newsOf } from '#domain/ranking/news.ts';
import { type RankingInput, rankCases } from '#domain/ranking/ranking.ts';
import { worklistFile, worklistOf } from '#domain/ranking/worklist.ts';
import { PARTNER_TYPES } from '#domain/signal/ddas.ts';
import type { Signal, SignalFacts } from '#domain/signal/signal.ts';
import { configuration } from '#test/support/configuration.ts';
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
const order = (cases: readonly RankingInput[]): readonly CaseId[] => rankCases(cases).map(({ caseId }) => caseId);
const input = (n: number, ...signals: Partial<SignalFacts>[]): RankingInput => ({
  caseId: caseOf(n),
  signals: signals.map((facts) => signal(facts)),
});

describe('ranking LCV 1', () => {
  it('[R-WOR-4] more signals first, then crisis, then late, then amount, then age', () => {
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
    expect(
      rankCases([input(1, { amountCents: cents(123_456), kind: 'ontruiming' }, { amountCents: cents(5) })]),
    ).toEqual([
      {
        caseId: caseOf(1),
        rank: 1,
        reasons: [
          '2 signalen',
          'crisis (ontruiming of einde levering)',
          'totaal € 1234,61',
          'oudste vervaldatum 2026-02-01',
        ],
      },
    ]);
  });

  it('[R-WOR-7] below the threshold of the policy comes after all others, and says so', () => {
    const small = { ...input(1, { amountCents: cents(99) }, { amountCents: cents(99) }), thresholdCents: cents(200) };
    const [first, last] = rankCases([small, input(2, { amountCents: cents(300) })]);
    expect([first?.caseId, last?.caseId]).toEqual([caseOf(2), caseOf(1)]);
    expect(last?.reasons[0]).toBe('onder het drempelbedrag');
  });

  const anyFacts = fc.record({
    amountCents: fc.integer({ min: 1, max: 500 }).map(cents),
    dueDate: fc.constantFrom(...['2026-01-01', '2026-02-01'].map(date)),
    kind: fc.constantFrom('vroeg', 'ontruiming'),
    collectionPhase: fc.constantFrom('achterstand', 'deurwaarder'),
  });
  const anyCases = fc
    .array(fc.array(anyFacts, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 })
    .map((cases) => cases.map((signals, i) => input(i, ...signals)));

  it('[R-WOR-2] who sent a signal never moves its rank', () => {
    fc.assert(
      fc.property(
        anyCases,
        fc.infiniteStream(fc.tuple(fc.stringMatching(/^[a-z]{1,9}$/), fc.constantFrom(...PARTNER_TYPES))),
        (cases, names) => {
          const renamed = cases.map((each) => ({
            ...each,
            signals: each.signals.map((one) => {
              const [partner, partnerType] = names.next().value;
              return { ...one, partner: PartnerId.parse(partner), partnerType, reference: partner };
            }),
          }));
          expect(rankCases(renamed)).toEqual(rankCases(cases));
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
        expect(rankCases(shuffled)).toEqual(rankCases(cases));
      }),
    );
  });
});

describe('flags', () => {
  const months = (...periods: string[]) =>
    reportedMonths(periods.map((period) => ({ caseId: caseOf(1, Period.parse(period)), status: 'CLOSED' as const })));

  it.each([
    [1, ['2026-04'], ['SINGLE']],
    [2, ['2026-04'], ['MULTIPLE']],
    [1, ['2025-10', '2026-04'], ['SINGLE', 'CONSECUTIVE']],
    [3, ['2026-03', '2026-04'], ['MULTIPLE', 'CONSECUTIVE']],
    [1, ['2025-09', '2026-04', '2026-05'], ['SINGLE']],
  ] as const)('[R-MAT-2] %i signals, reported in %j: %j', (count, periods, flags) => {
    expect(flagsOf(caseOf(1), count, months(...periods))).toEqual(flags);
  });

  it('[R-MAT-2] a withdrawn signal makes no case consecutive, another household neither', () => {
    const earlier = Period.parse('2026-03');
    const others = reportedMonths([
      { caseId: caseOf(1, earlier), status: 'WITHDRAWN' },
      { caseId: caseOf(2, earlier), status: 'CLOSED' },
    ]);
    expect(flagsOf(caseOf(1), 1, others)).toEqual(['SINGLE']);
  });
});

describe('the worklist', () => {
  const policyOf = () => {
    const [policy] = configuration.policies;
    if (!policy) throw new Error('no policy');
    return policy;
  };
  const closedAt = Instant.parse('2026-04-09T08:00:00.000Z');
  const outcome = { result: 'Inwoner is overleden', date: date('2026-04-09'), maySuspend: false } as const;
  const rows = (signals: readonly Signal[]): readonly Record<string, string>[] => {
    const text = worklistFile(worklistOf(signals, signals, policyOf), 'SDV', (id) => `naam ${id}`);
    return parse(text, { columns: true, delimiter: ';', bom: true });
  };

  it('[R-WOR-1] [R-WOR-3] lists who must be approached first, answered cases last and without a rank', () => {
    const answered: Signal = { ...reported(caseOf(1)), status: 'CLOSED', outcome, closedAt };
    const small = reported(caseOf(2), { amountCents: cents(100) });
    const large = reported(caseOf(3), { amountCents: cents(200) });
    const list = worklistOf([answered, small, large], [answered, small, large], policyOf);
    expect(list.map(({ caseId, ranked }) => [caseId, ranked?.rank])).toEqual([
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
    const [each] = worklistOf([stands, gone], [stands, gone], policyOf);
    expect(each?.flags).toEqual(['SINGLE']);
    expect(each?.ranked?.reasons).toContain('totaal € 1,00');
    const text = worklistFile(worklistOf([stands, gone], [stands, gone], policyOf), 'SDV', (id) => id);
    expect(text).toContain('open | ingetrokken (betaald)');
  });

  it('[R-WOR-3] [R-FLO-2] shows what a caseworker needs', () => {
    const one = reported(caseOf(1), { earlierPeriods: [Period.parse('2026-03')] });
    const [row] = rows([one]);
    expect(row).toEqual({
      rang: '1',
      zaak: caseOf(1),
      uitvoerder: 'SDV',
      reden_rangorde: '1 signaal; totaal € 1234,56; oudste vervaldatum 2026-02-01',
      regelset: 'LCV 1',
      kenmerken: 'enkelvoudig',
      signalen: '1',
      signalen_ids: one.signalId,
      partners: 'naam elan-wonen (Huur) € 1234,56, vervallen 2026-02-01, achterstand, herhaald: 2026-03',
      totaalbedrag: '1234,56',
      naam: 'P. Jansen',
      geboortedatum: '',
      adres: '12, 2011AB Haarlem',
      telefoon: '06 12345678',
      email: '',
      ontvangen: '2026-04-01',
      streefdatum: '2026-04-15',
      uiterlijk: '2026-04-29',
      termijnen:
        'ontvangen 2026-04-01; liefst voor het einde van 2026-04-15 (14 dagen), uiterlijk op 2026-04-29 (28 dagen)',
      status: 'open',
    });
  });
});

describe('news for the digest', () => {
  it('counts what happened after the last mail, up to the moment given', () => {
    const at = (hour: number): Instant => Instant.parse(`2026-04-01T0${hour}:00:00.000Z`);
    const kinds = ['RECEIVED', 'ASSIGNED', 'REMINDED', 'TERM_EXPIRED', 'WITHDRAWN'] as const;
    const history = kinds.map((kind, i) => ({ kind, at: at(i + 1), source: 'x' }));
    expect(newsOf([{ history }], undefined, at(9)).map(({ count }) => count)).toEqual([1, 1, 1, 1]);
    expect(newsOf([{ history }], at(3), at(4))).toEqual([{ label: 'Termijn verstreken', count: 1 }]);
    expect(newsOf([{ history }], at(5), at(9))).toEqual([]);
  });
});
