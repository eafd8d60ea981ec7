import { describe, expect, it } from 'vitest';
import { dateOf, isMonthFirst } from '#infra/cli/linkage-dates.ts';

describe('a date of birth, as people write it', () => {
  it.each([
    ['1984-03-12', '1984-03-12'],
    ['1984/3/12 00:00:00', '1984-03-12'],
    ['1984-03-12T00:00:00Z', '1984-03-12'],
    ['19840312', '1984-03-12'],
    ['12031984', '1984-03-12'],
    ['12-3-1984', '1984-03-12'],
    ['12.03.1984', '1984-03-12'],
    ['12 mei 1980', '1980-05-12'],
    ['12 May 1980', '1980-05-12'],
    ['May 12th, 1980', '1980-05-12'],
    ['1 mrt. 1980', '1980-03-01'],
    ['12-OKT-1980', '1980-10-12'],
    ['1980-mei-12', '1980-05-12'],
    // Two digits: a year only when they are no day, and no year that has come.
    ['12-03-84', '1984-03-12'],
    ['84-03-12', '1984-03-12'],
    ['12 mei 80', '1980-05-12'],
    ['12-03-12', undefined],
    ['12-03-25', undefined],
    ['1 mei 12', undefined],
    ['12 mai 1980', undefined],
    ['mei 1980', undefined],
    ['onbekend', undefined],
    ['1984', undefined],
    ['1984-03-1984', undefined],
    ['', undefined],
  ])('%s is %s', (text, date) => {
    expect(dateOf(text, false)).toBe(date);
  });
  it('the American way round where a column shows it', () => {
    expect(isMonthFirst(['03/12/1984', '03/25/1984'])).toBe(true);
    expect(isMonthFirst(['03/12/84', '03/25/84'])).toBe(true);
    expect(isMonthFirst(['03/12/1984', '25/03/1984', '03/25/1984'])).toBe(false);
    expect(isMonthFirst(['03/12/1984'])).toBe(false);
    expect(dateOf('03/12/1984', true)).toBe('1984-03-12');
    expect(dateOf('03/12/84', true)).toBe('1984-03-12');
  });
});
