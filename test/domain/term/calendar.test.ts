import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Instant, IsoDate, Period } from '#domain/ids.ts';
import { addDays, addMonths, amsterdamDate, daysBetween, periodOf, startOfDay } from '#domain/term/calendar.ts';

const instant = (text: string): Instant => Instant.parse(text);
const day = (text: string): IsoDate => IsoDate.parse(text);
const moments = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2040-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => instant(date.toISOString()));
const dates = moments.map((at) => day(at.slice(0, 10)));

describe('calendar in Europe/Amsterdam', () => {
  it.each([
    ['2026-03-28T22:59:59.999Z', '2026-03-28'],
    ['2026-03-28T23:00:00.000Z', '2026-03-29'],
    ['2026-03-29T21:59:59.999Z', '2026-03-29'],
    ['2026-03-29T22:00:00.000Z', '2026-03-30'],
    ['2026-10-25T22:59:59.999Z', '2026-10-25'],
    ['2026-10-25T23:00:00.000Z', '2026-10-26'],
    ['2026-12-31T23:00:00.000Z', '2027-01-01'],
  ])('%s is on %s', (at, date) => {
    expect(amsterdamDate(instant(at))).toBe(date);
  });

  it.each([
    ['2026-03-29', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', '2026-10-24T22:00:00.000Z'],
    ['2026-10-26', '2026-10-25T23:00:00.000Z'],
  ])('%s starts at %s', (date, at) => {
    expect(startOfDay(day(date))).toBe(at);
  });

  it('[R-MAT-1] the matching period is the month in Amsterdam, not in UTC', () => {
    expect(periodOf(instant('2026-03-31T21:59:59.999Z'))).toBe('2026-03');
    expect(periodOf(instant('2026-03-31T22:00:00.000Z'))).toBe('2026-04');
  });

  it('agrees with the platform time zone data at every moment', () => {
    const oracle = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' });
    fc.assert(fc.property(moments, (at) => amsterdamDate(at) === oracle.format(new Date(at))));
  });

  it('the start of a day is its first moment: the millisecond before lies in the day before', () => {
    fc.assert(
      fc.property(dates, (date) => {
        const start = startOfDay(date);
        const before = instant(new Date(Date.parse(start) - 1).toISOString());
        return amsterdamDate(start) === date && amsterdamDate(before) === addDays(date, -1);
      }),
    );
  });

  it('adding days and counting them are each other’s inverse', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -4000, max: 4000 }), (date, n) => daysBetween(date, addDays(date, n)) === n),
    );
    expect(addDays(day('2028-02-28'), 1)).toBe('2028-02-29');
    expect(daysBetween(day('2026-03-28'), day('2026-03-30'))).toBe(2);
  });

  it('months roll over the year', () => {
    expect(addMonths(Period.parse('2026-11'), 3)).toBe('2027-02');
    expect(addMonths(Period.parse('2026-02'), -6)).toBe('2025-08');
  });
});
