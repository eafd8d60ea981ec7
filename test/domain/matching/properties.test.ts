import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrearId, caseIdOf, HouseholdKey, IsoDate, MunicipalityCode, Period } from '#domain/ids.ts';
import { comparePersons, patternOf, scoreAtMost, scoreOf } from '#domain/matching/compare.ts';
import { linkPersons } from '#domain/matching/link.ts';
import { PERSON_MODEL } from '#domain/matching/model.ts';
import { type Person, type PreparedPerson, prepare } from '#domain/matching/person.ts';
import { comparer, personsOf } from '#domain/matching/persons.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { dice } from '#infra/local/demo/random.ts';
import { type GeneratedRecord, generateRecords, HOUSEHOLD_KINDS } from '#test/support/households.ts';
import { signal } from '#test/support/signal.ts';

/** Seeds of these tests: apart from those on which weights were chosen (below 1,000). */
const seeds = fc.integer({ min: 50_000, max: 90_000 });

/** Whatever a file may hold, with a preference for what looks alike. */
const anyPerson: fc.Arbitrary<Person> = fc.record(
  {
    surname: fc.oneof(
      fc.constantFrom('de Jong', 'Jong, de', 'de Jong-Bos', 'Bos', 'É', ''),
      fc.string({ unit: 'grapheme' }),
    ),
    givenNames: fc.oneof(fc.constantFrom('J.P.', 'Jan', 'JP', 'dhr. J', 'Jan & Anna'), fc.string({ unit: 'grapheme' })),
    prefix: fc.constantFrom('', 'van den', 'v.d.', 'de'),
    dateOfBirth: fc.oneof(fc.constantFrom('1984-03-12', '1984-12-03', '1984-01-01', '', 'x'), fc.string()),
    postcode: fc.constantFrom('2011SN', '2011 SN', '2033AB', ''),
    houseNumber: fc.constantFrom('12', '012', '13', ''),
    addition: fc.constantFrom('', 'A', 'a', '1hoog', '1'),
    phone: fc.oneof(fc.constantFrom('0612345678', '+31612345678', '06-12345679', '0'), fc.string()),
    email: fc.oneof(fc.constantFrom('j@mail.example', 'J@MAIL.example', 'j'), fc.string()),
  },
  { requiredKeys: ['surname'] },
);

const linksOf = (records: readonly GeneratedRecord[]): readonly string[] =>
  linkPersons(records.map(({ key, person }) => ({ key, person: prepare(person) })))
    .map(({ a, b, comparison: { decision, score } }) => `${[a, b].sort().join(' ')} ${decision} ${score}`)
    .sort();

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const idOf = (at: number): string =>
  Array.from({ length: 16 }, (_, place) => ALPHABET[Math.floor(at / 32 ** (15 - place)) % 32]).join('');
const municipality = MunicipalityCode.parse('0392');
const period = Period.parse('2026-04');

/** The record as a signal of its household, for what works on signals. */
const signalOf = ({ person, trueHousehold }: Pick<GeneratedRecord, 'person' | 'trueHousehold'>, at: number): Signal => {
  const { givenNames, prefix, surname, dateOfBirth, phone, email } = person;
  return signal({
    arrearId: ArrearId.parse(idOf(at)),
    period,
    caseId: caseIdOf(municipality, period, HouseholdKey.parse(idOf(trueHousehold).slice(4))),
    resident: {
      surname,
      ...(givenNames !== undefined && { initials: givenNames }),
      ...(prefix !== undefined && { prefix }),
      ...(dateOfBirth !== undefined && { dateOfBirth: IsoDate.parse(dateOfBirth) }),
      ...(phone !== undefined && { phone: { given: phone } }),
      ...(email !== undefined && { email: { given: email } }),
    },
    address: {
      houseNumber: Number(person.houseNumber),
      postcode: person.postcode ?? '',
      ...(person.addition !== undefined && { addition: person.addition }),
    },
  });
};

/** Born on days that share neither year, month nor day: no slip of the pen. */
const bornApart = (a: Signal, b: Signal): boolean => {
  const [one, other] = [a.resident.dateOfBirth?.split('-'), b.resident.dateOfBirth?.split('-')];
  return one !== undefined && other !== undefined && one.every((part, at) => part !== other[at]);
};

const groupsOf = (signals: readonly Signal[]): readonly string[] =>
  personsOf(signals, comparer())
    .map((group) =>
      group
        .map(({ arrearId }) => arrearId)
        .sort()
        .join(' '),
    )
    .sort();

describe('what holds for any records', () => {
  it('[R-MAT-3] two records compare the same whichever comes first', () => {
    fc.assert(
      fc.property(anyPerson, anyPerson, (one, other) => {
        const [a, b] = [prepare(one), prepare(other)];
        expect(comparePersons(a, b)).toEqual(comparePersons(b, a));
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(seeds, (seed) => {
        const persons = generateRecords({ seed, records: 12, errors: 2 }).map(({ person }) => prepare(person));
        for (const a of persons) for (const b of persons) expect(comparePersons(a, b)).toEqual(comparePersons(b, a));
      }),
      { numRuns: 30 },
    );
  });
  it('[R-MAT-3] no score is higher than what day of birth, telephone and mailbox leave room for', () => {
    const isBounded = (a: PreparedPerson, b: PreparedPerson): boolean =>
      a.isBusiness ||
      b.isBusiness ||
      scoreOf(PERSON_MODEL, patternOf(a, b), a, b) <= scoreAtMost(PERSON_MODEL, a, b) + 1e-9;
    fc.assert(
      fc.property(anyPerson, anyPerson, (one, other) => isBounded(prepare(one), prepare(other))),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(seeds, (seed) => {
        const persons = generateRecords({ seed, records: 40, errors: 2 }).map(({ person }) => prepare(person));
        return persons.every((a) => persons.every((b) => isBounded(a, b)));
      }),
      { numRuns: 30 },
    );
  });
  it('[R-MAT-3] asked for what is sure or for some pairs only, the same is found of those', () => {
    const records = generateRecords({ seed: 61_000, records: 400, errors: 2 }).map(({ person }, key) => ({
      key,
      person: prepare(person),
    }));
    const all = linkPersons(records);
    const sure = all.filter(({ comparison }) => comparison.decision === 'SAME');
    expect([sure.length > 20, all.length - sure.length > 20]).toEqual([true, true]);
    expect(linkPersons(records, { surely: true })).toEqual(sure);
    const isOdd = (a: number, b: number): boolean => (a + b) % 2 === 1;
    expect(linkPersons(records, { among: isOdd })).toEqual(all.filter(({ a, b }) => isOdd(a, b)));
  });
  it('[R-MAT-3] the order of records does not change who is linked', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const records = generateRecords({ seed, records: 250, errors: 2 });
        const { shuffled } = dice(seed);
        expect(linksOf(shuffled(records))).toEqual(linksOf(records));
      }),
      { numRuns: 20 },
    );
  });
  it('[R-MAT-4] records that come in change nothing between those that were there', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 20, max: 200 }), (seed, before) => {
        const records = generateRecords({ seed, records: 250, errors: 2 });
        const there = records.slice(0, before);
        const keys = new Set(there.map(({ key }) => key));
        const isSame = (link: string): boolean => link.includes(' SAME ');
        const afterwards = linksOf(records).filter((link) => link.split(' ', 2).every((key) => keys.has(key)));
        expect(afterwards.filter(isSame)).toEqual(linksOf(there).filter(isSame));
      }),
      { numRuns: 30 },
    );
  });
  it('[R-MAT-4] a stranger at the address neither splits nor merges the persons there', () => {
    const stranger = { surname: 'Quispelaar', givenNames: 'Xaviera Q.', dateOfBirth: '1931-12-31' };
    fc.assert(
      fc.property(seeds, fc.constantFrom(...HOUSEHOLD_KINDS), (seed, kind) => {
        const records = generateRecords({ seed, records: 12, kinds: [kind], errors: 2 });
        const signals = records.map(signalOf);
        const one = signalOf(
          {
            person: { ...records[0]?.person, ...stranger, phone: '0699999999', email: 'xq@mail.example' },
            trueHousehold: records[0]?.trueHousehold ?? 0,
          },
          5_000,
        );
        expect(groupsOf([one, ...signals])).toEqual([...groupsOf(signals), one.arrearId].sort());
      }),
      { numRuns: 120 },
    );
  });
  it('[R-MAT-4] no chain of likenesses makes one person of two who were born apart', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(...HOUSEHOLD_KINDS), (seed, kind) => {
        const signals = generateRecords({ seed, records: 30, kinds: [kind], errors: 3 }).map(signalOf);
        for (const group of personsOf(signals, comparer()))
          expect(group.some((a) => group.some((b) => bornApart(a, b)))).toBe(false);
      }),
      { numRuns: 150 },
    );
    // A father and a son with one name and telephone, and one report that does not say which of them it is about.
    const one = {
      surname: 'Vreugdenhil',
      givenNames: 'J.P.',
      postcode: '2011SN',
      houseNumber: '12',
      phone: '0612300001',
    };
    const signals = [{ ...one, dateOfBirth: '1950-03-12' }, one, { ...one, dateOfBirth: '1984-06-25' }].map(
      (person, at) => signalOf({ person, trueHousehold: 1 }, at),
    );
    for (const order of [
      [0, 1, 2],
      [1, 0, 2],
      [2, 1, 0],
    ]) {
      const found = personsOf(
        order.map((at) => signals[at] as Signal),
        comparer(),
      );
      expect(found.some((group) => group.some((a) => group.some((b) => bornApart(a, b))))).toBe(false);
      expect(found.flat()).toHaveLength(3);
    }
  });
  it('[R-MAT-4] a report with an initial makes no one person of twins with names alike', () => {
    const at = { surname: 'Wit', prefix: 'de', dateOfBirth: '1999-02-11', postcode: '2011SN', houseNumber: '12' };
    const signals = ['A.', 'Anna', 'Anne'].map((givenNames, n) =>
      signalOf({ person: { ...at, givenNames }, trueHousehold: 1 }, n),
    );
    for (const order of [signals, signals.toReversed(), dice(1).shuffled(signals)]) {
      const found = personsOf(order, comparer());
      expect(found.map((group) => group.length).sort()).toEqual([1, 2]);
      const names = found.map((group) => group.map(({ resident }) => resident.initials).join());
      expect(names.some((each) => each.includes('Anna') && each.includes('Anne'))).toBe(false);
    }
  });
  it('[R-MAT-3] two records to the letter alike are one person only where they say enough', () => {
    const same = (person: Person): string => comparePersons(prepare(person), prepare(person)).decision;
    const place = { postcode: '2011SN', houseNumber: '12', city: 'Haarlem' };
    const common = { prefix: 'de', surname: 'Jong' };
    for (const little of [
      common,
      { ...common, city: 'Haarlem' },
      { ...common, givenNames: 'J.' },
      { ...common, givenNames: 'Jan' },
      { ...common, ...place },
      { ...common, dateOfBirth: '1980-01-01' },
      { surname: 'Mohamed', givenNames: 'A.', dateOfBirth: '1980-01-01' },
      { surname: '', ...place, phone: '0612300001' },
    ])
      expect(same(little), JSON.stringify(little)).not.toBe('SAME');
    for (const enough of [
      { ...common, ...place, givenNames: 'J.P.', dateOfBirth: '1980-05-17' },
      { ...common, ...place, givenNames: 'Jan', dateOfBirth: '1980-05-17', phone: '0612300001' },
      {
        surname: 'Vreugdenhil',
        givenNames: 'J.P.',
        dateOfBirth: '1980-05-17',
        phone: '0612300001',
        email: 'j@mail.example',
      },
    ])
      expect(same(enough), JSON.stringify(enough)).toBe('SAME');
  });
});
