import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Instant, IsoDate, Period } from '#domain/ids.ts';
import { addDays, addMonths, amsterdamDate, daysBetween, periodOf, startOfDay } from '#domain/term/calendar.ts';
import { explainTerms, termsOf } from '#domain/term/terms.ts';

const instant = (text: string): Instant => Instant.parse(text);
const day = (text: string): IsoDate => IsoDate.parse(text);
const moments = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2040-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => instant(date.toISOString()));
const dates = moments.map((at) => day(at.slice(0, 10)));
const HOUR = 3_600_000;

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

describe('terms of a signal', () => {
  const policy = { terms: { reminderDays: 14, escalationDays: 28, closingDays: 60 } };

  it('[R-FLO-2] [R-FLO-7] day 14, 28 and 60 count in full and pass at midnight in Amsterdam, over the change to summer time', () => {
    expect(termsOf(instant('2026-03-16T22:30:00.000Z'), policy)).toEqual([
      { kind: 'REMINDER', on: '2026-03-30', at: '2026-03-30T22:00:00.000Z' },
      { kind: 'ESCALATION', on: '2026-04-13', at: '2026-04-13T22:00:00.000Z' },
      { kind: 'CLOSING', on: '2026-05-15', at: '2026-05-15T22:00:00.000Z' },
    ]);
  });

  it('[R-FLO-2] late in the evening counts as the Amsterdam day, whatever UTC says', () => {
    const [reminder] = termsOf(instant('2026-03-31T22:30:00.000Z'), policy);
    expect(reminder?.on).toBe('2026-04-15');
  });

  it('[R-FLO-2] a term never passes within its days nor more than a day and an hour of clock change after them', () => {
    const terms = fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
      .map(([a, b, c]) => ({ reminderDays: a, escalationDays: a + b, closingDays: a + b + c }));
    fc.assert(
      fc.property(moments, terms, (received, days) => {
        const wanted = [days.reminderDays, days.escalationDays, days.closingDays];
        const found = termsOf(received, { terms: days });
        return found.every(({ on, at }, i) => {
          const n = wanted[i] ?? 0;
          const passed = Date.parse(at) - Date.parse(received);
          const counted = daysBetween(amsterdamDate(received), on);
          return counted === n && passed > n * 24 * HOUR - HOUR && passed <= (n + 1) * 24 * HOUR + HOUR;
        });
      }),
    );
  });

  it('says how they were counted', () => {
    expect(explainTerms(instant('2026-03-02T08:00:00.000Z'), policy)).toBe(
      'ontvangen 2026-03-02; liefst voor het einde van 2026-03-16 (14 dagen), uiterlijk op 2026-03-30 (28 dagen)',
    );
  });
});
