import { expect, it } from 'vitest';
import { ArrearId, caseIdOf, HouseholdKey, IsoDate, MunicipalityCode, Period, signalIdOf } from '#domain/ids.ts';
import { casesOf } from '#domain/matching/cases.ts';
import { comparer } from '#domain/matching/persons.ts';
import { signal } from '#test/support/signal.ts';

const haarlem = MunicipalityCode.parse('0392');
const april = Period.parse('2026-04');
const caseId = caseIdOf(haarlem, april, HouseholdKey.parse('9F3K2M8QZX7C'));

/** Residents of a town hall's letter address: every second one is called Jansen, and all have its telephone. */
const residents = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const arrearId = ArrearId.parse(`7K3QX9M2T4VB${String(i).padStart(4, '0')}`);
    return signal({
      arrearId,
      signalId: signalIdOf(arrearId, april),
      caseId,
      partnerType: 'Zorg',
      resident: {
        surname:
          i % 2 === 0 ? 'Jansen' : `Vreugd${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + (i % 23))}`,
        initials: `${String.fromCharCode(65 + (i % 26))}.${String.fromCharCode(65 + (i % 17))}.`,
        dateOfBirth: IsoDate.parse(`${1950 + (i % 50)}-0${1 + (i % 9)}-1${i % 10}`),
        phone: { given: '0235550000', e164: '+31235550000' },
      },
    });
  });

it('[R-MAT-4] at an address of very many nobody is family of anybody', () => {
  const cases = casesOf(residents(60), []);
  expect(cases).toHaveLength(60);
  expect(new Set(cases.map(({ formed }) => formed))).toEqual(new Set(['SHARED_ADDRESS']));
});

it('compares about as many pairs per resident at a large address as at a small one', () => {
  const comparedOf = (count: number): number => {
    const comparing = comparer();
    let compared = 0;
    casesOf(residents(count), [], {
      ...comparing,
      compare: (a, b) => {
        compared += 1;
        return comparing.compare(a, b);
      },
    });
    return compared / count;
  };
  expect(comparedOf(1_600)).toBeLessThan(4 * Math.max(1, comparedOf(200)));
});
