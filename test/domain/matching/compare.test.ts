import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidatePairs } from '#domain/matching/block.ts';
import { areUnrelated, comparePersons } from '#domain/matching/compare.ts';
import { FIELDS, type Field } from '#domain/matching/comparison.ts';
import { estimateModel } from '#domain/matching/estimate.ts';
import { linkPersons, operatingPoint, raised } from '#domain/matching/link.ts';
import { PERSON_MODEL } from '#domain/matching/model.ts';
import { readName } from '#domain/matching/names.ts';
import { isBusiness, type Person, prepare } from '#domain/matching/person.ts';
import { cologne, jaroWinkler, oneSpelling, plain, typingErrors } from '#domain/matching/text.ts';

const ANNA: Person = {
  givenNames: 'A.M.',
  prefix: 'van den',
  surname: 'Oosterwiek',
  dateOfBirth: '1971-06-02',
  postcode: '2011SN',
  houseNumber: '12',
  phone: '+31612345678',
  email: 'anna@mail.example',
};
const compare = (a: Partial<Person>, b: Partial<Person>) =>
  comparePersons(prepare({ ...ANNA, ...a }), prepare({ ...ANNA, ...b }));
const levelOf = (field: Field, a: Partial<Person>, b: Partial<Person>): string | undefined =>
  compare(a, b).agreements.find((agreement) => agreement.field === field)?.level;

describe('text', () => {
  it.each([
    ['jansen', 'jansen', 0],
    ['jansen', 'janssen', 1],
    ['jansen', 'jasnen', 1],
    ['jansen', 'jonsen', 1],
    ['jansen', 'jnsem', 2],
    ['jansen', 'visser', 3],
  ])('typing errors between %s and %s: %i', (a, b, errors) => {
    expect(typingErrors(a, b, 2)).toBe(errors);
    expect(typingErrors(b, a, 2)).toBe(errors);
  });
  it('Jaro–Winkler, as published', () => {
    expect(jaroWinkler('martha', 'marhta')).toBeCloseTo(0.9611, 4);
    expect(jaroWinkler('dwayne', 'duane')).toBeCloseTo(0.84, 4);
    expect(jaroWinkler('dixon', 'dicksonx')).toBeCloseTo(0.8133, 4);
    expect(jaroWinkler('', 'a')).toBe(0);
  });
  it.each([
    ['mueller', '657'],
    ['breschnew', '17863'],
    ['wikipedia', '3412'],
    ['meyer', '67'],
    ['schmidt', '862'],
    ['hackl', '045'],
  ])('Cologne phonetics of %s', (name, code) => expect(cologne(name)).toBe(code));
  it('[R-MAT-3] one spelling, and no diacritics', () => {
    expect(['meijer', 'meyer', 'meier'].map(oneSpelling)).toEqual(Array(3).fill(oneSpelling('meijer')));
    expect(oneSpelling('schmidt')).toBe(oneSpelling('smit'));
    expect(oneSpelling('bakker')).not.toBe(oneSpelling('dekker'));
    expect(plain('Çelik Ĳsbrandy Łukasz')).toBe('celik ijsbrandy lukasz');
  });
});

describe('names', () => {
  it.each([
    ['v.d. Berg', ['berg']],
    ['van den Berg', ['berg']],
    ['vdBerg', ['berg']],
    ['Berg, van den', ['berg']],
    ['Berg van den', ['berg']],
    ['v/d Berg', ['berg']],
    ['Jansen-de Vries', ['jansen', 'vries']],
    ['Jansen de Vries', ['jansen', 'vries']],
    ['Jansen e/v de Vries', ['jansen', 'vries']],
    ['de Vries geb. Jansen', ['vries', 'jansen']],
    ["in 't Veld", ['veld']],
    ["O'Brien", ['obrien']],
    ['El Idrissi', ['idrissi']],
    ['erven van J. Jansen', ['jansen']],
    ['t.a.v. mw. drs. Jansen', ['jansen']],
  ])('[R-MAT-3] surnames of %s', (surname, surnames) => expect(readName({ surname }).surnames).toEqual(surnames));
  it.each([
    ['J.P.', [], 'jp'],
    ['JP', [], 'jp'],
    ['J P', [], 'jp'],
    ['Jan Peter', ['jan', 'peter'], 'jp'],
    ['Jan-Peter', ['jan', 'peter'], 'jp'],
    ['J. (Jan)', ['jan'], 'j'],
    ['Dhr. J.P.', [], 'jp'],
    ['', [], ''],
  ])('[R-MAT-3] given names of %s', (givenNames, given, initials) =>
    expect(readName({ givenNames, surname: 'Jansen' })).toMatchObject({ given, initials }),
  );
  it('a form of address and a generation are kept', () => {
    expect(readName({ givenNames: 'mw. A.', surname: 'Jansen sr.' })).toMatchObject({ sex: 'V', generation: 'SR' });
  });
  it.each([
    'Jansen B.V.',
    'Jansen BV',
    'Stichting De Brug',
    'V.O.F. Jansen',
    'Bakkerij Jansen',
    'Jansen t.h.o.d.n. De Hoek',
  ])('[R-MAT-3] %s is a business, and never linked, not even to itself', (surname) => {
    expect(isBusiness({ surname })).toBe(true);
    expect(compare({ surname }, { surname }).decision).toBe('DIFFERENT');
  });
  it.each(['Bakker', 'de Boer', 'Smid', 'Jansen van Dam', 'van Stichten'])('%s is a person', (surname) =>
    expect(isBusiness({ surname })).toBe(false),
  );
});

describe('how far fields agree', () => {
  it.each([
    ['1971-06-02', '1971-06-02', 'EXACT'],
    ['1971-06-02', '1971-02-06', 'SWAPPED_DAY_MONTH'],
    ['1971-06-12', '1971-06-13', 'TYPO'],
    ['1971-06-12', '1971-06-21', 'TYPO'],
    ['1971-06-12', '1971-01-01', 'PLACEHOLDER'],
    ['1971-07-01', '1971-09-23', 'PLACEHOLDER'],
    ['1971-06-12', '1971-06-25', 'TWO_PARTS'],
    ['1971-06-12', '1971-10-25', 'YEAR'],
    ['1966-06-12', '1996-06-12', 'OTHER_DECADE'],
    ['1971-06-12', '1984-10-25', 'DIFFERENT'],
    ['1971-06-12', 'onbekend', 'MISSING'],
  ])('[R-MAT-3] born %s and %s: %s', (a, b, level) => {
    expect(levelOf('dateOfBirth', { dateOfBirth: a }, { dateOfBirth: b })).toBe(level);
    expect(levelOf('dateOfBirth', { dateOfBirth: b }, { dateOfBirth: a })).toBe(level);
  });
  it.each([
    ['surname', { surname: 'Oosterwijk' }, { surname: 'Oosterwyk' }, 'SPELLING'],
    ['surname', { surname: 'Vreugdenhil' }, { surname: 'Vreugdehil' }, 'TYPO'],
    ['surname', { surname: 'Jansen-de Vries' }, { surname: 'Jansen' }, 'SHARED'],
    ['surname', { prefix: 'de', surname: 'Wit' }, { prefix: 'van der', surname: 'Wit' }, 'OTHER_PREFIX'],
    ['surname', { surname: 'Mulder' }, { surname: 'Mulders' }, 'SIMILAR'],
    ['surname', { surname: 'Mulder' }, { surname: 'Muldre' }, 'TYPO'],
    ['surname', { surname: 'Kuiper' }, { surname: 'Kuijper' }, 'SPELLING'],
    ['surname', { surname: 'Jansen' }, { surname: 'Visser' }, 'DIFFERENT'],
    ['givenNames', { givenNames: 'Jan Peter' }, { givenNames: 'Jan' }, 'EXACT'],
    ['givenNames', { givenNames: 'J.P.' }, { givenNames: 'Jan Peter' }, 'INITIALS'],
    ['givenNames', { givenNames: 'J.P.' }, { givenNames: 'J' }, 'INITIAL'],
    ['givenNames', { givenNames: 'J.P.' }, { givenNames: 'P.J.' }, 'REORDERED'],
    ['givenNames', { givenNames: 'J.P.' }, { givenNames: 'J.W.' }, 'PARTLY'],
    ['givenNames', { givenNames: 'Johannes' }, { givenNames: 'Hans' }, 'SIMILAR'],
    ['givenNames', { givenNames: 'Jan' }, { givenNames: 'Klaas' }, 'DIFFERENT'],
    ['givenNames', { givenNames: 'Thomas', surname: 'Peters' }, { givenNames: 'Peters', surname: 'Thomas' }, 'SWAPPED'],
    ['phone', { phone: '06-12345678' }, { phone: '+31 6 12345678' }, 'EXACT'],
    ['email', { email: 'a.nna+huur@gmail.com' }, { email: 'Anna@googlemail.com' }, 'EXACT'],
    ['email', { email: 'zonnetje@mail.example' }, { email: 'zonnetje@elders.example' }, 'SAME_NAME'],
    ['email', { email: 'oosterwiek@mail.example' }, { email: 'oosterwiek@elders.example' }, 'MISSING'],
    ['address', { addition: '1' }, { addition: '2' }, 'OTHER_ADDITION'],
    ['address', { addition: '1' }, {}, 'NEARLY'],
  ] as const)('[R-MAT-3] %s of %j and %j: %s', (field, a, b, level) => expect(levelOf(field, a, b)).toBe(level));
});

describe('one person or two', () => {
  it('[R-MAT-3] tells on what it rests, field by field, and adds up', () => {
    const { decision, score, probability, agreements, model } = compare({}, { surname: 'v.d. Oosterwiek', prefix: '' });
    expect(decision).toBe('SAME');
    expect(agreements.map(({ field }) => field)).toEqual(FIELDS);
    expect(model).toBe(`persoon ${PERSON_MODEL.version}`);
    expect(probability).toBeGreaterThan(0.999);
    // Against relatives, who share surname, address and sometimes a telephone.
    const sum = agreements.reduce((total, { weight }) => total + weight, PERSON_MODEL.prior.relatives);
    expect(score).toBeCloseTo(sum, 1);
  });
  it('[R-MAT-3] a rare surname says more than a common one', () => {
    const far = { postcode: '1011AB', houseNumber: '3', phone: undefined, email: undefined };
    const [rare, common] = ['Zwartkruis', 'de Jong'].map((surname) =>
      compare({ surname, ...far }, { surname, ...far, houseNumber: '77', postcode: '3011AB' }),
    );
    expect(rare?.score).toBeGreaterThan((common?.score ?? 0) + 2);
  });
  it.each([
    ['twins, with full names', { givenNames: 'Jan' }, { givenNames: 'Klaas' }, 'DIFFERENT'],
    ['father and son', { givenNames: 'J. sr.' }, { givenNames: 'J. jr.' }, 'DIFFERENT'],
    ['Mr and Mrs', { givenNames: 'dhr. A.' }, { givenNames: 'mw. A.' }, 'DIFFERENT'],
    ['born in another year', {}, { dateOfBirth: '1993-10-17' }, 'POSSIBLE'],
  ])('[R-MAT-4] never one: %s', (_, a, b, decision) => expect(compare(a, b).decision).toBe(decision));
  it('[R-MAT-4] unrelated: no surname, telephone or mailbox in common', () => {
    const one = prepare(ANNA);
    const other = { ...ANNA, surname: 'Visser', prefix: undefined, phone: undefined, email: undefined };
    expect(areUnrelated(one, prepare(other))).toBe(true);
    expect(areUnrelated(one, prepare({ ...other, surname: 'Visser-Oosterwiek' }))).toBe(false);
    expect(areUnrelated(one, prepare({ ...other, phone: '0612345678' }))).toBe(false);
    expect(areUnrelated(one, prepare({ ...other, email: 'ANNA@mail.example' }))).toBe(false);
  });
  it('[R-MAT-3] the same whichever comes first, and whatever is in the fields', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '',
        'Jan',
        'J.P.',
        'van den Berg',
        'Berg, van den',
        'Bérg-Jansen',
        '1971-06-02',
        '1971-02-30',
        'a@b.nl',
      ),
    );
    const person = fc.record({
      givenNames: word,
      prefix: word,
      surname: word,
      dateOfBirth: word,
      street: word,
      houseNumber: word,
      addition: word,
      postcode: word,
      city: word,
      phone: word,
      email: word,
    });
    fc.assert(
      fc.property(person, person, (a, b) => {
        const [one, other] = [prepare(a), prepare(b)];
        expect(comparePersons(other, one)).toEqual(comparePersons(one, other));
        expect(areUnrelated(other, one)).toBe(areUnrelated(one, other));
      }),
      { numRuns: 500 },
    );
  });
});

/** So many people of invented names, each once or twice; the second time with a slip. */
const people = (count: number): readonly { readonly key: number; readonly truth: number; readonly person: Person }[] =>
  Array.from({ length: count }, (_, index) => {
    const truth = index % 5 === 4 ? index - 4 : index;
    const name = (seed: number): string =>
      [3, 7, 11, 15]
        .map((place) => Math.imul(seed + 1, 0x9e3779b1) >>> place)
        .map((bits) => 'bdfgklmnprst'.charAt(bits % 12) + 'aeiou'.charAt((bits >>> 4) % 5))
        .join('');
    const bits = Math.imul(truth + 7, 0x85ebca6b) >>> 3;
    const [month, day] = [1 + (bits % 12), 2 + ((bits >>> 4) % 27)];
    const born = `${1930 + ((bits >>> 9) % 70)}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
    const slip = truth !== index;
    return {
      key: index,
      truth,
      person: {
        givenNames: name(truth % 211),
        surname: `${name(truth)}${slip ? 'x' : ''}`,
        dateOfBirth: born,
        postcode: `${1000 + (truth % 8999)}AB`,
        houseNumber: String(1 + (truth % 97)),
      },
    };
  });

describe('linking lists', () => {
  const records = people(1_000).map((each) => ({ ...each, person: prepare(each.person) }));
  it('[R-MAT-3] finds who comes twice, nobody else, each pair once and in order', () => {
    const links = linkPersons(records.map(({ person, ...key }) => ({ key, person })));
    const same = links.filter(({ comparison }) => comparison.decision === 'SAME');
    expect(same.every(({ a, b }) => a.truth === b.truth)).toBe(true);
    expect(same.length).toBe(200);
    expect(new Set(links.map(({ a, b }) => `${a.key}|${b.key}`)).size).toBe(links.length);
    expect(links.every(({ a, b }) => a.key < b.key)).toBe(true);
  });
  it('[R-MAT-3] one list against another: never two of one list', () => {
    const links = linkPersons(records, { split: 500 });
    expect(links.every(({ a, b }) => a < 500 && b >= 500)).toBe(true);
    expect(
      linkPersons([...records, ...records], { split: 1_000 }).filter(({ comparison }) => comparison.decision === 'SAME')
        .length,
    ).toBe(1_000 + 400);
  });
  it('[R-MAT-3] pairs that are compared grow with the records, not with their square', () => {
    const compared = (count: number): number => {
      let pairs = 0;
      candidatePairs(
        people(count).map(({ person }) => prepare(person)),
        () => {
          pairs += 1;
        },
      );
      return pairs;
    };
    expect(compared(8_000)).toBeLessThan(12 * compared(1_000));
  });
  it('[R-MAT-3] weights estimated without the truth: the same every time, and near what happened', () => {
    const persons = records.map(({ person }) => person);
    const { model, expected } = estimateModel(persons);
    expect(estimateModel(persons).model).toEqual(model);
    expect(expected).toBeGreaterThan(180);
    expect(expected).toBeLessThan(220);
    // A letter too many in each second surname, and no slip elsewhere.
    expect(model.fields.surname.TYPO.same).toBeGreaterThan(0.85);
    expect(model.fields.dateOfBirth.EXACT.same).toBeGreaterThan(0.95);
  });
  it('the operating point takes along what is nearly certain among many that are', () => {
    const link = (score: number) => ({
      a: 1,
      b: 2,
      comparison: { decision: 'SAME', score, probability: 1 / (1 + 2 ** -score), agreements: [], model: '' } as const,
    });
    const certain = Array.from({ length: 1_000 }, () => link(20));
    expect(operatingPoint([...certain, link(4)], 10)).toBe(4);
    expect(operatingPoint([...certain, link(1)], 10)).toBe(10);
    expect(raised([link(4), link(20)], 10).map(({ comparison }) => comparison.decision)).toEqual(['POSSIBLE', 'SAME']);
  });
});
