import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Capacity } from '#domain/agreement/configuration.ts';
import {
  ArrearId,
  type CaseNumber,
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
} from '#domain/ids.ts';
import { approachesOf } from '#domain/ranking/capacity.ts';
import { matched } from '#domain/ranking/matched.ts';
import { type PolicyOf, type WorklistCase, worklistOf } from '#domain/ranking/worklist.ts';
import { PARTNER_TYPES } from '#domain/signal/ddas.ts';
import type { ContactAttempt, Signal } from '#domain/signal/signal.ts';
import { governingOf } from '#test/support/governing.ts';
import { signal } from '#test/support/signal.ts';

const today = IsoDate.parse('2026-04-20');
const date = (text: string): IsoDate => IsoDate.parse(text);
let serial = 0;

interface Told extends Partial<Omit<Signal, 'amountCents'>> {
  readonly euros?: number;
  readonly month?: string;
  readonly municipality?: MunicipalityCode;
}

/** One open signal of household `n`; the larger the amount, the higher it ranks. */
const reported = (n: number, { euros = 100, month = '2026-04', ...facts }: Told = {}): Signal => {
  serial += 1;
  const period = Period.parse(month);
  const municipality = facts.municipality ?? MunicipalityCode.parse('0268');
  const arrearId = ArrearId.parse(String(serial).padStart(16, '0'));
  return {
    ...signal(),
    municipality,
    period,
    arrearId,
    signalId: signalIdOf(arrearId, period),
    caseId: caseIdOf(municipality, period, HouseholdKey.parse(String(n).padStart(12, '0'))),
    amountCents: Cents.parse(euros * 100),
    ...facts,
  } as Signal;
};

const caseOf = (first: Signal, ...others: Signal[]): WorklistCase => ({
  number: caseNumberOf(first.caseId),
  caseId: first.caseId,
  formed: 'ADDRESS',
  signals: [first, ...others],
  shown: [first, ...others],
  persons: [],
  flags: [],
  related: [],
  possible: [],
  decisions: [],
  turns: [],
});

const capacity = (over: Partial<Capacity> = {}): Capacity => ({
  homeVisits: 2,
  crisis: 'ALWAYS',
  otherChannels: ['telefoon', 'e-mail', 'brief'],
  ...over,
});
const under =
  (agreed: Capacity | undefined): PolicyOf =>
  (each) => ({ ...governingOf(each), ...(agreed && { capacity: agreed }) });

const approaches = (
  cases: readonly WorklistCase[],
  agreed: Capacity | null = capacity(),
  answered: readonly Signal[] = [],
): ReadonlyMap<CaseNumber, string> =>
  new Map(
    [
      ...approachesOf(
        cases,
        matched([...cases.flatMap(({ signals }) => signals), ...answered], []),
        under(agreed ?? undefined),
        today,
        [],
      ),
    ].map(([number, { channel, because }]) => [number, `${channel}: ${because}`]),
  );
const of = (found: ReadonlyMap<CaseNumber, string>, each: WorklistCase): string | undefined => found.get(each.number);

const visit = (day: string, over: Partial<ContactAttempt> = {}): ContactAttempt => ({
  kind: 'Huisbezoek',
  reached: true,
  date: date(day),
  dayPart: 'Ochtend',
  ...over,
});
const { phone, ...silent } = signal().resident;
const mail = { given: 'x@example.nl', normalised: 'x@example.nl' };

describe('capacity', () => {
  it('[R-WOR-5] says nothing where nothing was agreed', () => {
    expect(approaches([caseOf(reported(1))], null).size).toBe(0);
  });

  it('[R-WOR-5] the first by rank get a visit, the others the first way that can be used, in the order agreed', () => {
    const [a, b, c, d, e] = [
      caseOf(reported(1, { euros: 500 })),
      caseOf(reported(2, { euros: 400 })),
      caseOf(reported(3, { euros: 300 })),
      caseOf(reported(4, { euros: 200, resident: { ...silent, email: mail } })),
      caseOf(reported(5, { euros: 100, resident: { ...silent, phone: { given: 'geen' } } })),
    ] as const;
    const found = approaches([e, c, a, d, b]);
    expect([a, b, c, d, e].map((each) => of(found, each))).toEqual([
      'huisbezoek: huisbezoek naar rang: 1 van 2 in april 2026',
      'huisbezoek: huisbezoek naar rang: 2 van 2 in april 2026',
      'telefoon: geen huisbezoek over (2 in april 2026, 0 gehouden), telefoonnummer bekend',
      'e-mail: geen huisbezoek over (2 in april 2026, 0 gehouden), e-mailadres bekend',
      'brief: geen huisbezoek over (2 in april 2026, 0 gehouden), geen telefoonnummer of e-mailadres bekend',
    ]);
    const letters = approaches([a], capacity({ homeVisits: 0, otherChannels: ['brief'] }));
    expect(of(letters, a)).toBe('brief: geen huisbezoek over (0 in april 2026, 0 gehouden), zo is afgesproken');
    const both = caseOf(reported(6, { resident: { ...silent, email: mail, phone: { given: '1', e164: '+311' } } }));
    const mailFirst = approaches([both], capacity({ homeVisits: 0, otherChannels: ['e-mail', 'telefoon', 'brief'] }));
    expect(of(mailFirst, both)).toMatch(/^e-mail: /);
  });

  it('[R-WOR-5] a visit that was held this month counts off, whatever became of the case; a door that stayed shut does not', () => {
    const [high, low] = [caseOf(reported(1, { euros: 500 })), caseOf(reported(2, { euros: 400 }))];
    const outcome = { result: 'Inwoner is overleden', date: today, maySuspend: false, forCase: true } as const;
    const answered = (n: number, ...contactAttempts: ContactAttempt[]): Signal => ({
      ...reported(n, { month: '2026-03', contactAttempts }),
      status: 'CLOSED',
      outcome,
      closedAt: signal().receivedAt,
    });
    const held = approaches([high, low], capacity(), [answered(9, visit('2026-04-01'))]);
    expect([of(held, high), of(held, low)]).toEqual([
      'huisbezoek: huisbezoek naar rang: 2 van 2 in april 2026',
      'telefoon: geen huisbezoek over (2 in april 2026, 1 gehouden), telefoonnummer bekend',
    ]);
    const notHeld = [
      answered(9, visit('2026-03-31')),
      answered(8, visit('2026-04-02', { reached: false })),
      answered(7, visit('2026-04-02', { kind: 'Kaartje' })),
    ];
    expect(of(approaches([high, low], capacity(), notHeld), low)).toMatch(/^huisbezoek: /);
  });

  it('[R-WOR-5] one visit stands at each signal of its case and at those of other months, and counts once', () => {
    const [march, april] = [
      reported(1, { month: '2026-03', contactAttempts: [visit('2026-04-02')] }),
      reported(1, { contactAttempts: [visit('2026-04-02')] }),
    ];
    const twin = reported(1, { contactAttempts: [visit('2026-04-02')] });
    const low = caseOf(reported(2, { euros: 1 }));
    const found = approaches([caseOf(april, twin), caseOf(march), low]);
    expect(of(found, low)).toBe('huisbezoek: huisbezoek naar rang: 2 van 2 in april 2026');
    expect(of(found, caseOf(april))).toBe('telefoon: huisbezoek gehouden op 2 april 2026, telefoonnummer bekend');
    expect(of(found, caseOf(march))).toBe(`telefoon: samen met zaak ${april.caseId}`);
  });

  it('[R-WOR-5] months and partners are combined: one household is one visit, and its other cases say with which', () => {
    const [old, now] = [
      caseOf(reported(1, { month: '2026-02', euros: 900 })),
      caseOf(reported(1, { euros: 10 }), reported(1, { euros: 10, partner: PartnerId.parse('ymere') })),
    ];
    const [second, third] = [caseOf(reported(2, { euros: 9 })), caseOf(reported(3, { euros: 8 }))];
    const found = approaches([old, second, now, third]);
    expect([now, old, second, third].map((each) => of(found, each))).toEqual([
      'huisbezoek: huisbezoek naar rang: 1 van 2 in april 2026',
      `huisbezoek: samen met zaak ${now.number}`,
      'huisbezoek: huisbezoek naar rang: 2 van 2 in april 2026',
      'telefoon: geen huisbezoek over (2 in april 2026, 0 gehouden), telefoonnummer bekend',
    ]);
  });

  it('[R-WOR-5] what is left after the cases of this month goes to earlier ones, the highest of all those months first', () => {
    const now = caseOf(reported(1, { euros: 1 }));
    const [march, february] = [
      caseOf(reported(2, { month: '2026-03', euros: 300 })),
      caseOf(reported(3, { month: '2026-02', euros: 900 })),
    ];
    const found = approaches([march, february, now]);
    expect([now, february, march].map((each) => of(found, each))).toEqual([
      'huisbezoek: huisbezoek naar rang: 1 van 2 in april 2026',
      'huisbezoek: huisbezoek dat over is voor eerdere maanden: 2 van 2 in april 2026',
      'telefoon: geen huisbezoek over (2 in april 2026, 0 gehouden), telefoonnummer bekend',
    ]);
  });

  it('[R-WOR-5] where a home is about to be lost and nobody was spoken to, a visit comes also when none is left, if so agreed', () => {
    const [a, b, c] = [
      reported(1, { euros: 900 }),
      reported(2, { euros: 800 }),
      reported(3, { euros: 1, kind: 'ontruiming' }),
    ];
    const cases = [caseOf(a), caseOf(b), caseOf(c)];
    const always = approaches(cases, capacity({ homeVisits: 1 }));
    expect(of(always, caseOf(c))).toBe('huisbezoek: crisis, altijd een huisbezoek: 1 van 1 in april 2026');
    expect(of(always, caseOf(a))).toMatch(/^telefoon: /);
    expect(of(approaches(cases, capacity({ homeVisits: 0 })), caseOf(c))).toMatch(/^huisbezoek: crisis, /);
    // In LCV 1 one crisis comes before one signal that is none.
    const byRank = approaches(cases, capacity({ homeVisits: 0, crisis: 'BY_RANK' }));
    expect(of(byRank, caseOf(c))).toMatch(/^telefoon: /);
    const spoken = { ...c, contactAttempts: [visit('2026-04-02', { kind: 'Telefoon' })] };
    expect(of(approaches([caseOf(spoken)], capacity({ homeVisits: 0 })), caseOf(spoken))).toMatch(/^telefoon: /);
  });

  it('[R-WOR-5] each municipality has its own capacity; strangers at one address are two doors', () => {
    const zandvoort = MunicipalityCode.parse('0473');
    const [here, there] = [caseOf(reported(1)), caseOf(reported(2, { municipality: zandvoort }))];
    const own: PolicyOf = (each) => ({
      ...governingOf(each),
      ...(each.municipality === zandvoort && { capacity: capacity() }),
    });
    expect([...approachesOf([here, there], [], own, today, []).keys()]).toEqual([there.number]);
    const [room, other] = [reported(1, { euros: 500 }), reported(1, { euros: 400 })].map((each) => ({
      ...caseOf(each),
      number: caseNumberOf(each.caseId, ArrearId.parse(`${each.arrearId.slice(-4)}000000000000`)),
    }));
    if (!room || !other) throw new Error('two rooms');
    const found = approaches([room, other], capacity({ homeVisits: 1 }));
    expect([of(found, room), of(found, other)]).toEqual([
      'huisbezoek: huisbezoek naar rang: 1 van 1 in april 2026',
      expect.stringMatching(/^telefoon: geen huisbezoek over /),
    ]);
  });

  describe('of rooms behind one front door', () => {
    const [march, april] = [Period.parse('2026-03'), Period.parse('2026-04')];
    /** One tenant's rent: another arrear each month, so that the room has another number each month. */
    const rent = (tenant: string, arrear: string, facts: Told): Signal => {
      const arrearId = ArrearId.parse(arrear.padEnd(16, '0'));
      const resident = {
        initials: `${tenant[0]}.`,
        surname: tenant,
        dateOfBirth: date('1980-05-06'),
        ...(phone && { phone }),
      };
      const month = facts.month === undefined ? april : march;
      return { ...reported(1, { ...facts, resident }), arrearId, signalId: signalIdOf(arrearId, month) };
    };
    const numberOf = ({ caseId, arrearId }: Signal) => caseNumberOf(caseId, arrearId);
    const tenants = ['Yilmaz', 'Pietersen', 'Okafor'];
    const inMarch = (facts: Told) => tenants.map((name, i) => rent(name, `MA${i}A`, { month: '2026-03', ...facts }));
    const inApril = tenants.map((name, i) => rent(name, `AP${i}A`, { euros: 300 - i }));
    const on = (months: readonly Period[], signals: readonly Signal[]): ReadonlyMap<CaseNumber, string> => {
      const found = matched(signals, []);
      const cases = months.flatMap((month) => worklistOf(month, found, under(capacity()), today));
      return new Map(
        [...approachesOf(cases, found, under(capacity()), today, [])].map(([n, { because }]) => [n, because]),
      );
    };

    it('[R-MAT-4] a room that goes on from an earlier case is behind the door of that one, and no other room is', () => {
      const [first, ...others] = inApril;
      const earlier = inMarch({});
      const found = on([march, april], [...earlier, ...inApril]);
      expect(first && found.get(numberOf(first))).toBe('huisbezoek naar rang: 1 van 2 in april 2026');
      expect(earlier.map((each) => found.get(numberOf(each)))).toEqual(
        inApril.map((each) => `samen met zaak ${numberOf(each)}`),
      );
      expect(others.map((each) => found.get(numberOf(each)))).toEqual([
        'huisbezoek naar rang: 2 van 2 in april 2026',
        'geen huisbezoek over (2 in april 2026, 0 gehouden), telefoonnummer bekend',
      ]);
    });

    it('a visit that stands at a month that is on no list any more was at the door of its own room, and counts once', () => {
      const closed = { status: 'CLOSED', closedAt: signal().receivedAt } as Partial<Signal>;
      const held = { contactAttempts: [visit('2026-04-02')] };
      const [room, ...rooms] = inMarch(closed as Told);
      const [now, ...others] = inApril;
      if (!room || !now) throw new Error('three rooms');
      for (const open of [now, { ...now, ...held }]) {
        const found = on([april], [{ ...room, ...held }, ...rooms, open, ...others]);
        expect(inApril.map((each) => found.get(numberOf(each)))).toEqual([
          'huisbezoek gehouden op 2 april 2026, telefoonnummer bekend',
          'huisbezoek naar rang: 2 van 2 in april 2026',
          'geen huisbezoek over (2 in april 2026, 1 gehouden), telefoonnummer bekend',
        ]);
      }
    });
  });

  it('[R-WOR-5] a visit to what was one case that day counts once after it fell apart; two rooms are two visits', () => {
    const stranger = (surname: string, facts: Told): Signal => {
      const arrearId = ArrearId.parse(surname.slice(0, 1).padEnd(16, '0'));
      return {
        ...reported(1, { partnerType: 'Energie', resident: { surname, initials: 'A.' } }),
        arrearId,
        signalId: signalIdOf(arrearId, Period.parse('2026-04')),
        receivedAt: Instant.parse('2026-04-01T08:00:00.000Z'),
        ...facts,
      } as Signal;
    };
    const held = (came: string) => {
      const signals = [
        stranger('Zwartkruis', { contactAttempts: [visit('2026-04-08')] }),
        stranger('Pietersen', { contactAttempts: [visit('2026-04-08')] }),
        stranger('Bakker', { receivedAt: Instant.parse(`${came}T08:00:00.000Z`) }),
        reported(2, { euros: 1 }),
      ].map((each): Signal => ({ ...each, history: [{ kind: 'RECEIVED', at: each.receivedAt, source: 'levering' }] }));
      const found = matched(signals, []);
      const policyOf = under(capacity({ homeVisits: 3 }));
      const cases = worklistOf(Period.parse('2026-04'), found, policyOf, today);
      const because = [...approachesOf(cases, found, policyOf, today, []).values()].map((each) => each.because);
      expect(cases).toHaveLength(4);
      return because.filter((text) => text.startsWith('huisbezoek naar rang')).length;
    };
    // Of three visits one was held: two are left, for the stranger who came and for the other home.
    expect(held('2026-04-09')).toBe(2);
    // Strangers when they were visited: two visits were held.
    expect(held('2026-04-07')).toBe(1);
  });

  it('[R-WOR-2] [R-WOR-5] never more doors than the capacity, every open case an approach, and none of it by who sent the signal', () => {
    const anyCase = fc.record({
      n: fc.integer({ min: 1, max: 9 }),
      month: fc.constantFrom('2026-02', '2026-03', '2026-04'),
      euros: fc.integer({ min: 1, max: 9 }),
    });
    const different = fc.uniqueArray(anyCase, { selector: ({ n, month }) => `${n} ${month}`, maxLength: 12 });
    const senders = fc.infiniteStream(fc.tuple(fc.stringMatching(/^[a-z]{1,9}$/), fc.constantFrom(...PARTNER_TYPES)));
    fc.assert(
      fc.property(different, fc.integer({ min: 0, max: 6 }), senders, (told, homeVisits, names) => {
        const cases = told.map(({ n, ...facts }) => caseOf(reported(n, facts)));
        const agreed = capacity({ homeVisits });
        const found = approaches(cases, agreed);
        expect(found.size).toBe(cases.length);
        const doors = new Set(
          [...found].filter(([, text]) => text.startsWith('huisbezoek')).map(([number]) => number.slice(10)),
        );
        expect(doors.size).toBe(Math.min(homeVisits, new Set(told.map(({ n }) => n)).size));
        const renamed = cases.map(({ signals: [first] }) => {
          const [partner, partnerType] = names.next().value;
          return caseOf({ ...(first as Signal), partner: PartnerId.parse(partner), partnerType, reference: partner });
        });
        expect(approaches(renamed, agreed)).toEqual(found);
      }),
    );
  });
});
