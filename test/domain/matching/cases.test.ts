import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ArrearId,
  type CaseNumber,
  caseIdOf,
  HouseholdKey,
  Instant,
  IsoDate,
  MunicipalityCode,
  CaseNumber as Number_,
  PartnerId,
  Period,
  signalIdOf,
  WorkerId,
} from '#domain/ids.ts';
import { decisionsAround } from '#domain/matching/around.ts';
import { casesNamed, casesOf, householdOf, type SignalCase } from '#domain/matching/cases.ts';
import { areUnrelated, comparePersons } from '#domain/matching/compare.ts';
import type { DecisionReason, MatchDecision } from '#domain/matching/decision.ts';
import { personOf, prepare } from '#domain/matching/person.ts';
import { comparer, contradicts, personsOf } from '#domain/matching/persons.ts';
import { PARTNER_TYPES, type PartnerType } from '#domain/signal/ddas.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { signal } from '#test/support/signal.ts';

const haarlem = MunicipalityCode.parse('0392');
/** Residents by a short name; none has anything in common with another but where it is said. */
const PEOPLE = {
  anna: { initials: 'A.B.', surname: 'Zwartkruis', dateOfBirth: '1980-05-06', phone: '0611111111' },
  annaShort: { initials: 'A.', surname: 'Zwartkruis', dateOfBirth: '1980-05-06', phone: '0611111111' },
  burak: { initials: 'B.', surname: 'Zwartkruis', dateOfBirth: '1978-11-30' },
  cor: { initials: 'C.', surname: 'Pietersen', dateOfBirth: '1999-01-02', phone: '0622222222' },
  daan: { initials: 'D.', surname: 'Okafor', dateOfBirth: '2001-07-19', phone: '0633333333' },
  eva: { initials: 'E.', surname: 'Wolters', dateOfBirth: '2000-03-15', phone: '0644444444' },
  shop: { initials: undefined, surname: 'Bakkerij Zonneveld B.V.' },
  stichting: { initials: undefined, surname: 'Stichting Wonen en Zorg' },
  office: { initials: undefined, surname: 'Administratiekantoor Visser BV' },
  bo: { initials: 'B.', surname: 'Vries', dateOfBirth: '2004-02-03', email: 'beheer@kamers.example' },
  lars: { initials: 'L.', surname: 'Vries', dateOfBirth: '1985-09-21', phone: '0611111111' },
  mia: { initials: 'M.', surname: 'Okafor', dateOfBirth: '1961-12-24', email: 'beheer@kamers.example' },
  nora: { initials: 'N.', surname: 'Rademaker', phone: '0622222222' },
  unnamed: { initials: undefined, surname: 'Bewoner', phone: '0611111111' },
} as const;
type Name = keyof typeof PEOPLE;

const DOORS = { '': '000000000001', A: '00000000000A', B: '00000000000B', elders: '0000000000EE' } as const;
type Door = keyof typeof DOORS;

interface Told {
  readonly door?: Door;
  readonly month?: string;
  readonly type?: PartnerType;
  readonly arrear?: string;
  readonly status?: 'betaald' | 'fout' | 'verplaatst';
  readonly at?: string;
}

/** One reported arrear; \`arrear\` is the first character of its id, by default that of the name with the type. */
const of = (name: Name, { door = '', month = '2026-04', type = 'Energie', arrear, status, at }: Told = {}): Signal => {
  const {
    dateOfBirth,
    phone,
    email,
    ...resident
  }: { dateOfBirth?: string; phone?: string; email?: string; initials?: string | undefined; surname: string } =
    PEOPLE[name];
  const letter = arrear ?? `${'ABCDEFGHJKMNPQ'.charAt(Object.keys(PEOPLE).indexOf(name))}${type.charAt(0)}`;
  const arrearId = ArrearId.parse(
    letter.replaceAll('H', '1').replaceAll('E', '2').replaceAll('W', '3').padEnd(16, '0'),
  );
  const period = Period.parse(month);
  const fresh = signal({
    arrearId,
    period,
    signalId: signalIdOf(arrearId, period),
    caseId: caseIdOf(haarlem, period, HouseholdKey.parse(DOORS[door])),
    partnerType: type,
    receivedAt: Instant.parse(at ?? `${month}-01T08:00:00.000Z`),
    resident: {
      surname: resident.surname,
      ...(resident.initials && { initials: resident.initials }),
      ...(dateOfBirth && { dateOfBirth: IsoDate.parse(dateOfBirth) }),
      ...(phone && { phone: { given: phone } }),
      ...(email && { email: { given: email } }),
    },
    address:
      door === 'elders'
        ? { postcode: '2033ZZ', houseNumber: 99 }
        : { postcode: '2011AB', houseNumber: 12, ...(door !== '' && { addition: door }) },
  });
  const closedAt = Instant.parse('2026-04-20T08:00:00.000Z');
  return status ? ({ ...fresh, status: 'WITHDRAWN', reason: status, closedAt } as Signal) : fresh;
};

const member = (each: Signal) => ({ household: householdOf(each), arrearId: each.arrearId });
let decided = 0;
const worker = (
  kind: 'APART' | 'TOGETHER',
  one: readonly Signal[],
  other: readonly Signal[],
  reason: DecisionReason = kind === 'APART' ? 'andere persoon' : 'zelfde huishouden',
): MatchDecision => {
  decided += 1;
  return {
    decisionId: `W${decided}`,
    municipality: haarlem,
    kind,
    one: one.map(member),
    other: other.map(member),
    at: Instant.parse(new Date(Date.UTC(2026, 3, 2) + decided).toISOString()),
    decided: { by: WorkerId.parse('w17'), reason, source: 'X' },
  };
};
const model = (one: Signal, other: Signal): MatchDecision => ({
  ...worker('TOGETHER', [one], [other]),
  decided: { model: 'persoon 1', evidence: comparePersons(prepare(personOf(one)), prepare(personOf(other))) },
});

/** \`number formed: arrears\` of each case, in the order of the numbers. */
const told = (cases: readonly SignalCase[]): readonly string[] =>
  cases
    .map(
      ({ number, formed, signals }) =>
        `${number.slice(5)} ${formed}: ${signals
          .map(({ arrearId }) => arrearId.slice(0, 2))
          .sort()
          .join(' ')}`,
    )
    .sort();
const cases = (signals: readonly Signal[], ...decisions: MatchDecision[]): readonly string[] =>
  told(casesOf(signals, decisions));

describe('who is one household', () => {
  it('[R-MAT-1] one address in one month, whatever partner; another month is another case', () => {
    expect(
      cases([
        of('anna'),
        of('anna', { type: 'Huur' }),
        of('burak', { type: 'Water' }),
        of('anna', { month: '2026-05' }),
      ]),
    ).toEqual(['2604-000000000001 ADDRESS: A1 A2 C3', '2605-000000000001 ADDRESS: A2']);
  });

  it('[R-MAT-4] a couple with two names is one household', () => {
    expect(cases([of('anna', { type: 'Huur' }), of('cor')])).toEqual(['2604-000000000001 ADDRESS: A1 D2']);
  });

  it('[R-MAT-4] three who have nothing in common are strangers; a family among them stays together', () => {
    expect(cases([of('anna'), of('burak'), of('cor'), of('daan')])).toEqual(
      [
        '2604-000000000001.A200 SHARED_ADDRESS: A2 C2',
        '2604-000000000001.D200 SHARED_ADDRESS: D2',
        '2604-000000000001.2200 SHARED_ADDRESS: 22',
      ].sort(),
    );
  });

  it('[R-MAT-4] two tenants without anything in common are strangers, with what else is theirs', () => {
    expect(cases([of('cor', { type: 'Huur' }), of('daan', { type: 'Huur' }), of('cor', { type: 'Energie' })])).toEqual([
      '2604-000000000001.2100 SHARED_ADDRESS: 21',
      '2604-000000000001.D100 SHARED_ADDRESS: D1 D2',
    ]);
  });

  it.each(PARTNER_TYPES)(
    '[R-MAT-4] [R-WOR-2] two people with two names and %s: two tenancies are two homes, of any other contract a couple has two as well',
    (type) => {
      const [cor, daan] = [of('cor', { type, arrear: 'AA' }), of('daan', { type, arrear: 'BB' })];
      expect(cases([cor, daan])).toHaveLength(type === 'Huur' ? 2 : 1);
      const rent = of('daan', { type: 'Huur', arrear: 'CC' });
      expect(cases([cor, rent])).toHaveLength(type === 'Huur' ? 2 : 1);
      const another = (each: Signal): Signal => ({ ...each, partner: PartnerId.parse('ymere'), reference: 'Y-1' });
      expect(cases([another(cor), another(daan)])).toEqual(cases([cor, daan]));
    },
  );

  it.each([
    [
      'a firm at the address is nobody who lives there',
      [of('anna'), of('cor'), of('shop'), of('stichting'), of('office')],
      1,
    ],
    ['a mistake of a partner says nothing', [of('anna'), of('cor'), of('daan', { status: 'fout' })], 1],
    ['who moved does not live there', [of('anna'), of('cor'), of('daan', { status: 'verplaatst' })], 1],
    ['who paid still lives there', [of('anna'), of('cor'), of('daan', { status: 'betaald' })], 3],
  ] as const)('[R-MAT-4] %s', (_, signals, count) => {
    expect(casesOf(signals, [])).toHaveLength(count);
  });

  it.each([
    ['2025-10', 3],
    ['2025-09', 1],
  ])('[R-MAT-4] the months before count, six of them: of %s %i cases in April', (month, count) => {
    const april = casesOf([of('anna'), of('cor'), of('daan', { month }), of('eva', { month })], []).filter(
      ({ period }) => period === '2026-04',
    );
    expect(april).toHaveLength(count === 3 ? 2 : 1);
  });

  it('[R-MAT-4] a later month never changes an earlier one', () => {
    const april = [of('anna', { type: 'Huur' }), of('cor')];
    const may = [of('daan', { month: '2026-05', type: 'Huur' }), of('eva', { month: '2026-05', type: 'Huur' })];
    expect(cases([...april, ...may]).filter((line) => line.startsWith('2604'))).toEqual(cases(april));
  });

  it('[R-MAT-2] a case knows what was reported of the same residents before, and of nobody else', () => {
    const before = [of('cor', { month: '2026-02', type: 'Huur' }), of('daan', { month: '2026-02', type: 'Huur' })];
    const [now] = casesOf([...before, of('cor')], []).filter(({ period }) => period === '2026-04');
    expect(now?.earlier.map(({ signalId }) => signalId)).toEqual([before[0]?.signalId]);
    expect(now?.number).toBe('0392-2604-000000000001');
  });
});

/** Surname, year of birth ('' for not known), partner type, a telephone or mailbox, and initials, which else differ. */
type Neighbour = readonly [surname: string, born: string, type: PartnerType, contact?: string, initials?: string];
/** One address, neighbours in order of receipt as `a`, `b`, `c`…: who is in one case with whom. */
const house = (neighbours: readonly Neighbour[]): string => {
  const letters = neighbours.map((_, i) => String.fromCharCode(97 + i));
  const signals = neighbours.map(([surname, born, type, contact = '', initials], i): Signal => {
    const each = of('cor', { type, arrear: `${i}X`, at: `2026-04-0${1 + i}T08:00:00.000Z` });
    const resident = {
      surname,
      initials: initials ?? `${'KLMNPRST'.charAt(i)}.`,
      ...(born && { dateOfBirth: IsoDate.parse(`${born}-0${1 + i}-1${i}`) }),
      ...(contact.includes('@') && { email: { given: contact } }),
      ...(contact && !contact.includes('@') && { phone: { given: contact } }),
    };
    return { ...each, resident };
  });
  return casesOf(signals, [])
    .map((found) => found.signals.map((each) => letters[signals.indexOf(each)]).join(''))
    .sort()
    .join(' ');
};

/** A couple with two names, and a third name with a tenancy. */
const withUnnamed = (name: string): readonly Neighbour[] => [
  ['Oosterwiek', '1980', 'Huur'],
  [name, '', 'Huur'],
  ['Okafor', '1982', 'Energie'],
];

describe('strangers who share something', () => {
  it.each<readonly [string, readonly Neighbour[], string]>([
    [
      'a mailbox of who lets the rooms ties nobody',
      [
        ['Mulder', '1999', 'Huur', 'beheer@kamers.example'],
        ['Okafor', '2001', 'Huur', 'beheer@kamers.example'],
        ['Wolters', '2003', 'Huur', 'beheer@kamers.example'],
      ],
      'a b c',
    ],
    [
      'nor of who guards two tenants whose birthdays nobody knows',
      [
        ['Mulder', '', 'Huur', 'Bewindvoering.Noord@kantoor.example'],
        ['Okafor', '', 'Huur', 'bewindvoering.noord@kantoor.example'],
      ],
      'a b',
    ],
    [
      'nor makes it one person under two names of those with one initial',
      [
        ['Mulder', '', 'Huur', 'beheer@kamers.example', 'K.'],
        ['Okafor', '', 'Huur', 'beheer@kamers.example', 'K.'],
      ],
      'a b',
    ],
    [
      'a telephone of three surnames ties nobody',
      [
        ['Mulder', '', 'Energie', '0612345670'],
        ['Okafor', '', 'Water', '0612345670'],
        ['Wolters', '', 'Zorg', '0612345670'],
      ],
      'a b c',
    ],
    [
      'nor a mailbox of three surnames, whatever it is called',
      [
        ['Mulder', '1999', 'Huur', 'pand12@wonen.example'],
        ['Okafor', '2001', 'Energie', 'pand12@wonen.example'],
        ['Wolters', '2003', 'Water', 'pand12@wonen.example'],
      ],
      'a b c',
    ],
    [
      'nor a telephone of two tenants with two names and two birthdays',
      [
        ['Mulder', '1999', 'Huur', '0612345670'],
        ['Okafor', '2001', 'Huur', '0612345670'],
      ],
      'a b',
    ],
    [
      'a telephone ties one tenant with whoever has it too',
      [
        ['Mulder', '1999', 'Huur', '0612345670'],
        ['Okafor', '2001', 'Energie', '0612345670'],
        ['Wolters', '2003', 'Huur', '0612345679'],
      ],
      'ab c',
    ],
    [
      'and two tenants while nothing says they are two',
      [
        ['Mulder', '1999', 'Huur', 'samen@mail.example'],
        ['Okafor', '', 'Huur', 'samen@mail.example'],
      ],
      'ab',
    ],
    [
      'a mailbox called by a name that begins like an office ties as others do',
      [
        ['Mulder', '', 'Huur', 'posthuma@mail.example'],
        ['Okafor', '', 'Huur', 'posthuma@mail.example'],
      ],
      'ab',
    ],
    [
      'two tenants are no family by a common surname',
      [
        ['Vries', '2004', 'Huur'],
        ['Vries', '1985', 'Huur'],
        ['Okafor', '2001', 'Huur'],
      ],
      'a b c',
    ],
    [
      'nor by a rare one, nor with whoever has the name of both',
      [
        ['Zwartkruis', '2004', 'Huur'],
        ['Zwartkruis', '1985', 'Huur'],
        ['Zwartkruis', '1990', 'Energie'],
        ['Okafor', '2001', 'Huur'],
      ],
      'a b c d',
    ],
    [
      'a family with two tenancies behind one door is one while nobody else lives there',
      [
        ['Vries', '1980', 'Huur'],
        ['Vries', '1982', 'Huur'],
        ['Vries', '2004', 'Energie'],
      ],
      'abc',
    ],
    [
      'father and mother with an arrear each are one household, whatever their names',
      [
        ['Zwartkruis', '1980', 'Huur'],
        ['Vries', '1982', 'Energie'],
        ['Vries-Zwartkruis', '2004', 'Zorg'],
      ],
      'abc',
    ],
    [
      'where three strangers live a rare surname keeps with the tenant, a common one does not',
      [
        ['Zwartkruis', '1980', 'Huur'],
        ['Zwartkruis-Bakker', '1982', 'Energie'],
        ['Vries', '1990', 'Huur'],
        ['Vries', '1992', 'Energie'],
        ['Okafor', '2001', 'Huur'],
      ],
      'ab c d e',
    ],
    [
      'a word of many surnames is no surname',
      [
        ['Ben Haddad', '1980', 'Huur'],
        ['Ben Zerouali', '1982', 'Energie'],
        ['Okafor', '2001', 'Huur'],
        ['Wolters', '2001', 'Zorg'],
      ],
      'a b c d',
    ],
    [
      'who is between joins nobody: one telephone with the first, one surname with the third',
      [
        ['Zwartkruis', '1980', 'Huur', '0612345670'],
        ['Oosterwiek', '1982', 'Energie', '0612345670'],
        ['Oosterwiek', '1985', 'Huur'],
        ['Okafor', '2001', 'Huur'],
      ],
      'a b c d',
    ],
    [
      'a family without a tenancy stays whole, next to one with',
      [
        ['Zwartkruis', '1980', 'Energie'],
        ['Zwartkruis', '1982', 'Zorg'],
        ['Zwartkruis', '2004', 'Water'],
        ['Oosterwiek', '1985', 'Huur'],
        ['Oosterwiek', '1986', 'Zorg'],
        ['Okafor', '2001', 'Huur'],
      ],
      'abc de f',
    ],
    [
      'a new tenant parts no couple of one name, however common',
      [
        ['Vries', '1980', 'Huur'],
        ['Vries', '1982', 'Energie'],
        ['Okafor', '2001', 'Huur'],
      ],
      'ab c',
    ],
    [
      'nor one of two names with one telephone; without, three strangers are three',
      [
        ['Vries', '1980', 'Huur', '0612345670'],
        ['Wolters', '1982', 'Energie', '0612345670'],
        ['Okafor', '2001', 'Huur'],
        ['Mulder', '2002', 'Zorg'],
      ],
      'ab c d',
    ],
    [
      'a firm is apart from who bears its name and has its telephone, and one with itself',
      [
        ['Oosterwiek', '1980', 'Huur', '0612345670'],
        ['Bakkerij Oosterwiek B.V.', '', 'Energie', '0612345670'],
        ['Okafor', '2001', 'Huur'],
        ['Bakkerij Oosterwiek b.v.', '', 'Water'],
        ['Kapsalon Zoef', '', 'Energie'],
      ],
      'a bd c e',
    ],
    [
      'a firm parts nobody, and stays with a household',
      [
        ['Oosterwiek', '1980', 'Huur'],
        ['Bakkerij Oosterwiek B.V.', '', 'Huur'],
        ['Okafor', '2001', 'Energie'],
      ],
      'abc',
    ],
    [
      'three strangers are three, also when two had one case before the third came: who came first says nothing',
      [
        ['Mulder', '1980', 'Huur'],
        ['Wolters', '1982', 'Energie'],
        ['Okafor', '2001', 'Huur'],
      ],
      'a b c',
    ],
    ...'NN|N.N.|Bewoner|De bewoners|Huidige bewoner(s)|Aan de bewoners van dit pand|Onbekend|Huurder|Naam onbekend|Familie|Fam.|x|-'
      .split('|')
      .map((name) => [`${name} is no resident`, withUnnamed(name), 'abc'] as const),
    ['a name that begins so is one', withUnnamed('Bewonerink'), 'a b c'],
    ['and so is a family that is named', withUnnamed('Familie Onbekendam'), 'a b c'],
    [
      'where strangers live who was not named is with nobody, whatever telephone is given',
      [
        ['Oosterwiek', '1980', 'Huur', '0612345670'],
        ['Okafor', '2001', 'Huur'],
        ['Bewoner', '', 'Energie', '0612345670'],
        ['Bewoner', '', 'Water', '0612345670'],
      ],
      'a b c d',
    ],
  ])('[R-MAT-4] %s', (_, neighbours, expected) => expect(house(neighbours)).toBe(expected));
});

describe('what a worker decides', () => {
  const [anna, cor, burak] = [of('anna'), of('cor'), of('burak')];

  it('[R-MAT-4] a split takes a signal out, the others stay; the same person goes along, and a newcomer stays', () => {
    const split = worker('APART', [anna], [cor]);
    const more = [of('annaShort', { type: 'Water' }), of('eva', { type: 'Zorg', arrear: 'EZ' })];
    expect(cases([anna, cor], split)).toEqual(['2604-000000000001.A200 SPLIT: A2', '2604-000000000001.D200 SPLIT: D2']);
    const all = casesOf([anna, cor, burak, more[0] as Signal], [split]);
    expect(told(all)).toEqual(['2604-000000000001.A200 SPLIT: A2 B3', '2604-000000000001.C200 SPLIT: C2 D2']);
  });

  it('[R-MAT-4] a split holds next month, also when a partner gives the arrear another reference', () => {
    const split = worker('APART', [anna], [cor]);
    const may = [of('anna', { month: '2026-05', arrear: 'M0' }), of('cor', { month: '2026-05' })];
    expect(cases([anna, cor, ...may], split).filter((line) => line.startsWith('2605'))).toEqual([
      '2605-000000000001.D200 SPLIT: D2',
      '2605-000000000001.M000 SPLIT: M0',
    ]);
  });

  it('[R-MAT-4] rooms: every person a case of its own, also who comes later and those of one name', () => {
    const rooms = worker('APART', [anna], [burak], 'kamers of begeleid wonen');
    expect(casesOf([anna, burak, cor, of('annaShort', { type: 'Water' })], [rooms])).toHaveLength(3);
    const back = worker('TOGETHER', [anna], [burak], 'ten onrechte gesplitst');
    expect(cases([anna, burak, cor], rooms, back)).toEqual(['2604-000000000001 ADDRESS: A2 C2 D2']);
  });

  it('[R-MAT-4] a merge joins cases of two addresses, this month and the next', () => {
    const there = of('burak', { door: 'elders' });
    const merge = worker('TOGETHER', [anna, cor], [there]);
    expect(cases([anna, cor, there], merge)).toEqual(['2604-000000000001 MERGED: A2 C2 D2']);
    const may = [of('cor', { month: '2026-05' }), of('burak', { door: 'elders', month: '2026-05', type: 'Water' })];
    expect(cases([anna, cor, there, ...may], merge).filter((line) => line.startsWith('2605'))).toEqual([
      '2605-0000000000EE MERGED: C3 D2',
    ]);
  });

  it('[R-MAT-4] of two decisions the later one holds, in both directions', () => {
    const split = worker('APART', [anna], [cor]);
    const merge = worker('TOGETHER', [anna], [cor]);
    const again = worker('APART', [anna], [cor]);
    expect(casesOf([anna, cor], [split])).toHaveLength(2);
    expect(casesOf([anna, cor], [merge, split])).toHaveLength(1);
    expect(casesOf([anna, cor], [split, again, merge])).toHaveLength(2);
  });

  it('[R-MAT-4] strangers that a worker put together stay so, and the others stay apart', () => {
    const daan = of('daan');
    expect(cases([anna, cor, daan], worker('TOGETHER', [anna], [cor], 'ten onrechte gesplitst'))).toEqual([
      '2604-000000000001.2200 SHARED_ADDRESS: 22',
      '2604-000000000001.A200 MERGED: A2 D2',
    ]);
  });
  const parts = (signals: readonly Signal[], ...decisions: MatchDecision[]) =>
    cases(signals, ...decisions).map((line) => line.split(': ')[1]);
  it('[R-MAT-4] one line after the other: who is taken out and put together with one comes back to nobody else', () => {
    const here = [anna, burak, cor];
    const out = [worker('APART', [anna], [burak]), worker('APART', [burak], [cor])];
    expect(parts(here, ...out)).toEqual(['A2', 'C2', 'D2']);
    expect(parts(here, ...out, worker('TOGETHER', [anna], [burak]))).toEqual(['A2 C2', 'D2']);
  });
  it('[R-MAT-4] taken out, put back, and another taken out: who came meanwhile stays with the first', () => {
    const decisions = [
      worker('APART', [anna], [burak]),
      worker('TOGETHER', [anna], [burak]),
      worker('APART', [burak], [anna, cor]),
    ];
    expect(parts([anna, burak, cor], ...decisions)).toEqual(['A2 D2', 'C2']);
  });
  it('[R-MAT-4] rooms end for whom somebody puts together, and for all once everybody was', () => {
    const rooms = worker('APART', [anna], [burak, cor], 'kamers of begeleid wonen');
    const two = worker('TOGETHER', [anna], [burak], 'ten onrechte gesplitst');
    const all = worker('TOGETHER', [anna, burak], [cor], 'ten onrechte gesplitst');
    const here = [anna, burak, cor, of('unnamed')];
    expect(parts(here, rooms)).toEqual(['A2', 'C2', 'D2', 'Q2']);
    expect(parts(here, rooms, two)).toEqual(['A2 C2', 'D2', 'Q2']);
    // Who was not named, and came later, belongs to the address again.
    expect(parts(here, rooms, two, all)).toEqual(['A2 C2 D2 Q2']);
    // Not where one of them was taken out again in between.
    const out = worker('APART', [anna], [burak]);
    expect(parts(here, rooms, two, out, worker('TOGETHER', [anna], [cor]))).toEqual(['A2 D2', 'C2', 'Q2']);
  });
  it('[R-MAT-4] rooms leave together whom somebody put together before', () => {
    const daan = of('daan');
    const before = worker('TOGETHER', [cor], [daan]);
    const rooms = worker('APART', [anna], [burak, cor, daan], 'kamers of begeleid wonen');
    expect(parts([anna, burak, cor, daan], before, rooms)).toEqual(['22 D2', 'A2', 'C2']);
  });
  it('[R-MAT-4] taken apart and put together again, a home is not torn by a link to the next door', () => {
    const [home, door] = [of('daan'), of('daan', { door: 'A', type: 'Water' })];
    const decisions = [worker('APART', [home], [cor]), worker('TOGETHER', [home], [cor], 'ten onrechte gesplitst')];
    expect(parts([home, cor, door], ...decisions, model(home, door))).toEqual(['22 23 D2']);
  });
  it('[R-MAT-4] a home that leaves a case of two addresses takes nobody along who is elsewhere', () => {
    const [nora, next] = [of('nora', { door: 'elders' }), of('lars', { door: 'A' })];
    const decisions = [
      worker('TOGETHER', [anna], [nora]),
      worker('APART', [anna], [nora], 'ten onrechte samengevoegd'),
    ];
    expect(parts([anna, burak, nora, next], ...decisions)).toEqual(['A2 C2', 'M2', 'P2']);
  });
});

describe('what the model joins', () => {
  const bare = of('anna', { type: 'Water' });
  const full = of('annaShort', { door: 'A' });

  it('[R-MAT-3] one front door spelt two ways is one case', () => {
    expect(cases([bare, full], model(bare, full))).toEqual(['2604-000000000001 MATCHED: A3 B2']);
  });

  it('[R-MAT-4] only the linked person moves, with who is tied to her; a stranger at the bare address stays', () => {
    expect(cases([bare, full, of('cor'), of('burak')], model(bare, full))).toEqual([
      '2604-000000000001.A300 MATCHED: A3 B2 C2',
      '2604-000000000001.D200 SHARED_ADDRESS: D2',
    ]);
  });

  it('[R-MAT-4] never two doors by way of an address without one', () => {
    const other = of('cor', { door: 'B' });
    const all = [bare, of('cor', { type: 'Water' }), full, other];
    expect(cases(all, model(bare, full), model(all[1] as Signal, other))).toEqual([
      '2604-000000000001.A300 MATCHED: A3 B2',
      '2604-00000000000B MATCHED: D2 D3',
    ]);
  });

  it('[R-MAT-4] a worker beats the model, and next month it does not join again', () => {
    const may = [
      of('anna', { type: 'Water', month: '2026-05', arrear: 'P1' }),
      of('annaShort', { door: 'A', month: '2026-05', arrear: 'P2' }),
    ];
    const [one, other] = may as [Signal, Signal];
    const decisions = [model(bare, full), worker('APART', [bare], [full]), model(one, other)];
    expect(casesOf([bare, full, ...may], decisions)).toHaveLength(4);
    expect(casesOf(may, decisions)).toHaveLength(2);
  });

  it('[R-MAT-4] a link counts only while the persons still look the same', () => {
    expect(casesOf([of('cor', { type: 'Water', arrear: 'A3' }), full], [model(bare, full)])).toHaveLength(2);
  });

  it('[R-MAT-3] the same person at another address is told, and joined to nothing', () => {
    const there = of('anna', { door: 'elders' });
    expect(casesOf([bare, there], [{ ...model(bare, there), kind: 'SAME_PERSON' }])).toHaveLength(2);
  });
});

describe('numbers', () => {
  const number = (text: string): CaseNumber => Number_.parse(`0392-2604-${text}`);

  it('[R-MAT-4] a bare number of an address in parts means more than one; a part is found by any of its signals', () => {
    const found = casesOf([of('anna'), of('burak'), of('cor'), of('daan')], []);
    const named = (text: string) => casesNamed(found, number(text)).map((each) => each.number.slice(10));
    expect(named('000000000001')).toHaveLength(3);
    expect(named('000000000001.C200')).toEqual(['000000000001.A200']);
    expect(named('000000000001.Z200')).toEqual([]);
    expect(named('0000000000EE')).toEqual([]);
  });

  it('[R-MAT-4] a case of two addresses has one number and is found by both', () => {
    const [here, there] = [of('anna'), of('cor', { door: 'elders' })];
    const found = casesOf([here, there], [worker('TOGETHER', [here], [there])]);
    for (const text of ['000000000001', '0000000000EE', '000000000001.A200'])
      expect(casesNamed(found, number(text))).toEqual(found);
  });

  it('[R-MAT-4] a part is as long as tells it from others at its address; a short one of before means more', () => {
    const [mine, other] = [of('anna', { arrear: 'AAAA1' }), of('cor', { arrear: 'AAAA2' })];
    const parts = (...signals: Signal[]) => casesOf(signals, []).map((each) => each.number.slice(23));
    expect(parts(mine, of('daan'), of('eva')).sort()).toEqual(['2200', 'AAAA', 'F200'].sort());
    const found = casesOf([mine, of('daan'), other], []);
    expect(parts(mine, of('daan'), other).sort()).toEqual(['2200', 'AAAA1', 'AAAA2'].sort());
    const named = (part: string) =>
      casesNamed(found, number(`000000000001.${part}`)).map(({ signals: [{ arrearId }] }) => arrearId);
    expect(named('AAAA').sort()).toEqual([mine.arrearId, other.arrearId]);
    expect(named('AAAA1')).toEqual([mine.arrearId]);
    expect(named(other.arrearId)).toEqual([other.arrearId]);
  });

  it('[R-MAT-4] also from an arrear that is not the oldest of its case, and from one of a month before', () => {
    const part = (signals: readonly Signal[], of: Signal) =>
      casesOf(signals, [])
        .find((each) => each.signals.includes(of))
        ?.number.slice(23);
    const cors = of('cor', { arrear: 'AAAA2' });
    const second = of('anna', { arrear: 'AAAA1', at: '2026-04-02T08:00:00.000Z' });
    expect(part([of('anna', { arrear: 'BB' }), second, cors, of('daan')], cors)).toBe('AAAA2');
    expect(part([of('anna', { arrear: 'AAAA1', month: '2026-03' }), cors, of('daan')], cors)).toBe('AAAA2');
    expect(part([of('anna', { arrear: 'AAAA1', door: 'elders' }), of('anna'), cors, of('daan')], cors)).toBe('AAAA');
  });
});

const names = fc.constantFrom(...(Object.keys(PEOPLE) as Name[]));
const oneSignal = fc.record({
  name: names,
  door: fc.constantFrom(...(Object.keys(DOORS) as Door[])),
  month: fc.constantFrom('2025-09', '2025-12', '2026-03', '2026-04'),
  type: fc.constantFrom<PartnerType[]>('Huur', 'Energie', 'Water'),
  status: fc.option(fc.constantFrom('betaald', 'fout', 'verplaatst'), { nil: undefined, freq: 6 }),
});
/** Each arrear at most once in a month at an address. */
const town = fc
  .uniqueArray(oneSignal, {
    maxLength: 12,
    selector: ({ name, door, month, type }) => `${name} ${door} ${month} ${type}`,
  })
  .map((told) => told.map(({ name, status, ...rest }) => of(name, { ...rest, ...(status && { status }) })));
const decisionsOn = (signals: readonly Signal[]): fc.Arbitrary<readonly MatchDecision[]> =>
  new Set(signals.map(({ arrearId }) => arrearId)).size < 2
    ? fc.constant([])
    : fc.array(
        fc
          .record({
            pair: fc.tuple(fc.nat(signals.length - 1), fc.nat(signals.length - 1)),
            how: fc.constantFrom('APART', 'ROOMS', 'TOGETHER', 'BACK', 'MODEL', 'SAME_PERSON'),
          })
          .filter(({ pair: [i, j] }) => signals[i]?.arrearId !== signals[j]?.arrearId)
          .map(({ pair: [i, j], how }): MatchDecision => {
            const [a, b] = [signals[i], signals[j]] as [Signal, Signal];
            if (how === 'MODEL') return model(a, b);
            if (how === 'SAME_PERSON') return { ...model(a, b), kind: 'SAME_PERSON' };
            if (how === 'ROOMS') return worker('APART', [a], [b], 'kamers of begeleid wonen');
            if (how === 'BACK') return worker('TOGETHER', [a], [b], 'ten onrechte gesplitst');
            return worker(how as 'APART' | 'TOGETHER', [a], [b]);
          }),
        { maxLength: 6 },
      );
const situation = town.chain((signals) => decisionsOn(signals).map((decisions) => ({ signals, decisions })));
/** Of 64 who have nothing in common, one. */
const stranger = (at: number, arrear: string): Signal => {
  const each = of('anna', { arrear });
  const surname = `${'BDGKLMPR'.charAt(at % 8)}${['oem', 'ijk', 'ast', 'euv', 'und', 'olf', 'esp', 'art'][at >> 3]}`;
  return { ...each, resident: { surname: surname.repeat(2), initials: `${'ABCDEFGH'.charAt(at % 8)}.` } } as Signal;
};
const sets = (found: readonly SignalCase[]): readonly string[] =>
  found
    .map(
      ({ number, formed, signals }) =>
        `${number} ${formed} ${signals.map((each) => each.caseId + each.signalId).join()}`,
    )
    .sort();

describe('whatever happens', () => {
  it('[R-MAT-1] every signal is in exactly one case of its month, and no number is given twice', () => {
    fc.assert(
      fc.property(situation, ({ signals, decisions }) => {
        const found = casesOf(signals, decisions);
        expect(found.flatMap((each) => each.signals).length).toBe(signals.length);
        expect(new Set(found.flatMap((each) => each.signals)).size).toBe(signals.length);
        for (const each of found) for (const { period } of each.signals) expect(period).toBe(each.period);
        expect(new Set(found.map(({ number }) => number)).size).toBe(found.length);
        for (const each of found) expect(casesNamed(found, each.number)).toEqual([each]);
      }),
    );
  });

  it('[R-MAT-4] [R-WOR-3] sixty strangers have sixty numbers, however alike the ids of their arrears, in any order', () => {
    const arrears = fc.uniqueArray(fc.nat(4095), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(arrears, (ids) => {
        const signals = ids.map((id, at) => stranger(at, id.toString(2).padStart(16, '0')));
        const found = casesOf(signals, []);
        expect(new Set(found.map(({ number }) => number)).size).toBe(60);
        for (const each of found) expect(casesNamed(found, each.number)).toEqual([each]);
        expect(sets(casesOf(signals.toReversed(), []))).toEqual(sets(found));
      }),
      { numRuns: 20 },
    );
  });

  it('[R-MAT-3] the order of signals and decisions does not matter', () => {
    fc.assert(
      fc.property(situation, fc.infiniteStream(fc.nat(1000)), ({ signals, decisions }, random) => {
        const shuffled = <T>(items: readonly T[]): readonly T[] =>
          items
            .map((item) => [random.next().value as number, item] as const)
            .toSorted(([a], [b]) => a - b)
            .map(([, item]) => item);
        expect(sets(casesOf(shuffled(signals), shuffled(decisions)))).toEqual(sets(casesOf(signals, decisions)));
      }),
    );
  });

  it('[R-MAT-4] the cases of a household alone, with what decisions tie to it, are those of the whole municipality', async () => {
    await fc.assert(
      fc.asyncProperty(situation, async ({ signals, decisions }) => {
        const all = casesOf(signals, decisions);
        for (const { caseId } of signals) {
          const home = householdOf({ caseId });
          const speaks = ({ one, other }: MatchDecision, household: HouseholdKey) =>
            [...one, ...other].some((each) => each.household === household);
          const around = await decisionsAround(
            async (household) => decisions.filter((decision) => speaks(decision, household)),
            home,
          );
          const near = signals.filter((each) => around.households.includes(householdOf(each)));
          const ours = casesOf(near, around.decisions);
          const same = all.filter((each) => each.signals.some((one) => around.households.includes(householdOf(one))));
          expect(sets(ours)).toEqual(sets(same));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('[R-MAT-4] whoever was taken apart last by a worker is in no case together', () => {
    fc.assert(
      fc.property(situation, ({ signals, decisions }) => {
        const [a, b] = signals;
        fc.pre(a !== undefined && b !== undefined && a.arrearId !== b.arrearId);
        if (!a || !b) return;
        const found = casesOf(signals, [...decisions, worker('APART', [a], [b])]);
        for (const each of found) {
          const has = (one: Signal) =>
            each.signals.some((other) => other.arrearId === one.arrearId && householdOf(other) === householdOf(one));
          expect(has(a) && has(b)).toBe(false);
        }
      }),
    );
  });

  it('[R-MAT-4] without a worker no case holds two doors with a letter, nor two addresses that differ otherwise', () => {
    fc.assert(
      fc.property(
        town.chain((signals) => decisionsOn(signals).map((decisions) => ({ signals, decisions }))),
        (given) => {
          const byModel = given.decisions.filter(({ decided: how }) => 'model' in how);
          for (const { signals } of casesOf(given.signals, byModel)) {
            const doors = new Set(signals.flatMap(({ address }) => address.addition ?? []));
            expect(doors.size).toBeLessThan(2);
          }
        },
      ),
    );
  });
});

describe('whoever lives at one address', () => {
  /** Every arrear at one address in one month, received in the order given. */
  const address = fc
    .uniqueArray(fc.tuple(names, fc.constantFrom<PartnerType[]>('Huur', 'Energie')), {
      maxLength: 9,
      selector: (told) => told.join(),
    })
    .map((told) => told.map(([name, type]) => of(name, { type })));
  const comparing = comparer();

  it('[R-MAT-4] where it is in parts, no part holds two tenancies of two persons, nor a firm or an unnamed one with a person', () => {
    fc.assert(
      fc.property(address, (signals) => {
        const found = casesOf(signals, []);
        fc.pre(found.length > 1);
        const persons = personsOf(signals, comparing);
        for (const { signals: together } of found) {
          const living = persons.filter((person) => together.some((each) => person.includes(each)));
          expect(
            living.filter((person) => person.some(({ partnerType }) => partnerType === 'Huur')).length,
          ).toBeLessThan(2);
          expect(new Set(together.map(comparing.isNobody)).size).toBe(1);
        }
      }),
    );
  });

  it('[R-MAT-4] who is in one part has something in common with each of the others in it', () => {
    fc.assert(
      fc.property(address, (signals) => {
        const found = casesOf(signals, []);
        fc.pre(found.length > 1);
        const persons = personsOf(signals, comparing);
        const own = (signal: Signal) => persons.find((person) => person.includes(signal)) ?? [signal];
        const isTied = (a: Signal, b: Signal): boolean =>
          own(a) === own(b) ||
          own(a).some((x) => own(b).some((y) => !areUnrelated(comparing.person(x), comparing.person(y))));
        for (const { signals: together } of found)
          for (const a of together) for (const b of together) expect(isTied(a, b)).toBe(true);
      }),
    );
  });
});

describe('persons', () => {
  const people = fc.uniqueArray(names, { minLength: 1, maxLength: 9 }).map((chosen) => chosen.map((name) => of(name)));

  it('[R-MAT-3] nobody is one person with somebody they contradict, whoever stands between', () => {
    fc.assert(
      fc.property(people, (signals) => {
        const comparing = comparer();
        for (const person of personsOf(signals, comparing))
          for (const a of person)
            for (const b of person) if (a !== b) expect(contradicts(comparing.compare(a, b))).toBe(false);
      }),
    );
  });

  it('[R-MAT-3] one more signal parts only whom it contradicts', () => {
    fc.assert(
      fc.property(people, names, (signals, name) => {
        const more = of(name, { arrear: 'ZZ' });
        const comparing = comparer();
        const after = personsOf([...signals, more], comparing);
        for (const person of personsOf(signals, comparing))
          for (const a of person)
            for (const b of person) {
              const together = after.some((each) => each.includes(a) && each.includes(b));
              if (!together) expect(person.some((each) => contradicts(comparing.compare(each, more)))).toBe(true);
            }
      }),
    );
  });

  it('[R-MAT-3] who was not named is one person with nobody, whatever else agrees', () => {
    const unnamed = (arrear: string) => of('unnamed', { arrear });
    const dated = (signal: Signal): Signal => ({
      ...signal,
      resident: { ...signal.resident, dateOfBirth: IsoDate.parse('1980-05-06') },
    });
    expect(personsOf([unnamed('A1'), unnamed('A2')].map(dated), comparer())).toHaveLength(2);
  });

  it('[R-MAT-3] a writes her initials in full, another partner does not: one person; a brother is another', () => {
    const found = personsOf([of('anna'), of('annaShort'), of('burak'), of('cor')], comparer());
    expect(found.map((person) => person.map(({ arrearId }) => arrearId.charAt(0)).join('')).sort()).toEqual([
      'AB',
      'C',
      'D',
    ]);
  });
});
