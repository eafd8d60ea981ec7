import { describe, expect, it } from 'vitest';
import { IsoDate } from '#domain/ids.ts';
import { BusinessDays, CalendarDays } from '#domain/term/days.ts';
import { dutchDate, explainBusinessDays, explainCalendarDays } from '#domain/term/explain.ts';

const day = (text: string): IsoDate => IsoDate.parse(text);
const explain = (from: string, days: number, decreeDays = true) =>
  explainBusinessDays(day(from), BusinessDays.parse(days), { decreeDays });

describe('a term explained in Dutch', () => {
  it.each([
    ['2026-01-01', '1 januari 2026'],
    ['2024-02-29', '29 februari 2024'],
    ['2026-03-09', '9 maart 2026'],
    ['2021-04-26', '26 april 2021'],
    ['2021-05-12', '12 mei 2021'],
    ['2026-06-30', '30 juni 2026'],
    ['2026-07-15', '15 juli 2026'],
    ['2026-08-08', '8 augustus 2026'],
    ['2026-09-10', '10 september 2026'],
    ['2026-10-25', '25 oktober 2026'],
    ['2026-11-11', '11 november 2026'],
    ['2026-12-31', '31 december 2026'],
  ])('%s is %s', (date, text) => {
    expect(dutchDate(day(date))).toBe(text);
  });

  it('[R-FLO-2] calendar days', () => {
    const sentence = (from: string, days: number): string => explainCalendarDays(day(from), CalendarDays.parse(days));
    expect(sentence('2026-04-01', 28)).toBe('28 dagen na 1 april 2026 = 29 april 2026');
    expect(sentence('2026-03-16', 14)).toBe('14 dagen na 16 maart 2026 = 30 maart 2026');
    expect(sentence('2026-12-31', 1)).toBe('1 dag na 31 december 2026 = 1 januari 2027');
  });

  it.each([
    ['2021-04-26', 10, '10 werkdagen na 26 april 2021 = 12 mei 2021; Koningsdag en Bevrijdingsdag tellen niet'],
    ['2026-04-24', 1, '1 werkdag na 24 april 2026 = 28 april 2026; Koningsdag telt niet'],
    ['2026-06-01', 5, '5 werkdagen na 1 juni 2026 = 8 juni 2026'],
    ['2026-04-02', 3, '3 werkdagen na 2 april 2026 = 9 april 2026; Goede Vrijdag en tweede paasdag tellen niet'],
    [
      '2026-04-20',
      16,
      '16 werkdagen na 20 april 2026 = 18 mei 2026; Koningsdag, Bevrijdingsdag, Hemelvaartsdag en een aangewezen vrije dag tellen niet',
    ],
    [
      '2028-04-26',
      20,
      '20 werkdagen na 26 april 2028 = 31 mei 2028; Koningsdag, een aangewezen vrije dag, Bevrijdingsdag, Hemelvaartsdag en een aangewezen vrije dag tellen niet',
    ],
  ])('[R-FLO-3] business days: from %s, %i', (from, days, sentence) => {
    expect(explain(from, days)).toEqual({ ok: true, value: sentence });
  });

  it('[R-FLO-3] business days of a contract without decree days', () => {
    expect(explain('2026-04-20', 16, false)).toEqual({
      ok: true,
      value: '16 werkdagen na 20 april 2026 = 15 mei 2026; Koningsdag, Bevrijdingsdag en Hemelvaartsdag tellen niet',
    });
  });

  it('[R-FLO-3] no sentence about days that are not known', () => {
    expect(explain('2028-12-20', 20)).toEqual({ ok: false, error: 'BEYOND_CALENDAR' });
    // @ts-expect-error a term in business days is not one in calendar days
    explainCalendarDays(day('2026-06-01'), BusinessDays.parse(5));
  });
});
