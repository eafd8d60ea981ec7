import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { IsoDate } from '#domain/ids.ts';
import { addBusinessDays, type BusinessCalendar, calendarEndsWithin, holidaysOf } from '#domain/term/business-days.ts';
import { addDays, daysBetween } from '#domain/term/calendar.ts';
import { BusinessDays, CalendarDays } from '#domain/term/days.ts';

const day = (text: string): IsoDate => IsoDate.parse(text);
const business = (days: number): BusinessDays => BusinessDays.parse(days);
const LAW: BusinessCalendar = { decreeDays: true };
const CONTRACT: BusinessCalendar = { decreeDays: false };

/** The date and the names passed over, as one line. */
const add = (from: string, days: number, calendar = LAW): string => {
  const end = addBusinessDays(day(from), business(days), calendar);
  return end.ok ? [end.value.on, ...end.value.skipped.map(({ name }) => name)].join(' | ') : end.error;
};
const listed = (year: number, calendar: BusinessCalendar): readonly string[] =>
  holidaysOf(year, calendar).map(({ on, name }) => `${on} ${name}`);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('holidays of the Algemene termijnenwet', () => {
  it.each([
    [
      2021,
      [
        '2021-01-01 Nieuwjaarsdag',
        '2021-04-02 Goede Vrijdag',
        '2021-04-05 tweede paasdag',
        '2021-04-27 Koningsdag',
        '2021-05-05 Bevrijdingsdag',
        '2021-05-13 Hemelvaartsdag',
        '2021-05-14 een aangewezen vrije dag',
        '2021-05-24 tweede pinksterdag',
        '2021-12-25 eerste kerstdag',
        '2021-12-26 tweede kerstdag',
      ],
    ],
    [
      2026,
      [
        '2026-01-01 Nieuwjaarsdag',
        '2026-01-02 een aangewezen vrije dag',
        '2026-04-03 Goede Vrijdag',
        '2026-04-06 tweede paasdag',
        '2026-04-27 Koningsdag',
        '2026-05-05 Bevrijdingsdag',
        '2026-05-14 Hemelvaartsdag',
        '2026-05-15 een aangewezen vrije dag',
        '2026-05-25 tweede pinksterdag',
        '2026-12-25 eerste kerstdag',
        '2026-12-26 tweede kerstdag',
      ],
    ],
    [
      2027,
      [
        '2027-01-01 Nieuwjaarsdag',
        '2027-03-26 Goede Vrijdag',
        '2027-03-29 tweede paasdag',
        '2027-04-27 Koningsdag',
        '2027-05-05 Bevrijdingsdag',
        '2027-05-06 Hemelvaartsdag',
        '2027-05-07 een aangewezen vrije dag',
        '2027-05-17 tweede pinksterdag',
        '2027-12-25 eerste kerstdag',
        '2027-12-26 tweede kerstdag',
      ],
    ],
    [
      2028,
      [
        '2028-01-01 Nieuwjaarsdag',
        '2028-04-14 Goede Vrijdag',
        '2028-04-17 tweede paasdag',
        '2028-04-27 Koningsdag',
        '2028-04-28 een aangewezen vrije dag',
        '2028-05-05 Bevrijdingsdag',
        '2028-05-25 Hemelvaartsdag',
        '2028-05-26 een aangewezen vrije dag',
        '2028-06-05 tweede pinksterdag',
        '2028-12-25 eerste kerstdag',
        '2028-12-26 tweede kerstdag',
      ],
    ],
  ])('[R-FLO-3] %i has these holidays and no others', (year, expected) => {
    expect(listed(year, LAW)).toEqual(expected);
    expect(listed(year, CONTRACT)).toEqual(expected.filter((line) => !line.endsWith('een aangewezen vrije dag')));
  });

  it('[R-FLO-3] the decrees since the task began in 2021 are all there', () => {
    const years = [2021, 2022, 2023, 2024, 2025, 2026, 2027, 2028];
    const decreed = years.flatMap((year) => holidaysOf(year, LAW)).filter(({ name }) => name.startsWith('een '));
    expect(decreed.map(({ on }) => on).join(' ')).toBe(
      '2021-05-14 2022-05-27 2023-04-28 2023-05-19 2024-05-10 2024-12-27 2025-05-30 ' +
        '2026-01-02 2026-05-15 2027-05-07 2028-04-28 2028-05-26',
    );
  });

  // The earliest and latest there can be (2285, 1943), the two exceptions of the Gregorian rule (1954, 1981 and their
  // like: 2049, 2076), a century without and one with a leap day, and the years at hand.
  it.each([
    ...['1943-04-25', '1954-04-18', '1981-04-19', '2000-04-23', '2014-04-20', '2016-03-27', '2019-04-21', '2020-04-12'],
    ...['2022-04-17', '2023-04-09', '2024-03-31', '2025-04-20', '2029-04-01', '2030-04-21', '2035-03-25', '2038-04-25'],
    ...['2049-04-18', '2076-04-19', '2100-03-28', '2285-03-22'],
  ])('[R-FLO-3] Easter on %s: the five days that follow from it', (easter) => {
    const sunday = Temporal.PlainDate.from(easter);
    const on = (days: number): string => sunday.add({ days }).toString();
    const lines = listed(sunday.year, CONTRACT);
    expect(lines).toEqual(
      expect.arrayContaining([
        `${on(-2)} Goede Vrijdag`,
        `${on(1)} tweede paasdag`,
        `${on(39)} Hemelvaartsdag`,
        `${on(50)} tweede pinksterdag`,
      ]),
    );
    expect(lines).toHaveLength(9);
  });

  it.each([
    [2014, '2014-04-26'],
    [2024, '2024-04-27'],
    [2025, '2025-04-26'],
    [2026, '2026-04-27'],
    [2031, '2031-04-26'],
  ])('[R-FLO-3] Koningsdag of %i is on %s: the day before when the 27th is a Sunday', (year, on) => {
    expect(holidaysOf(year, LAW).filter(({ name }) => name === 'Koningsdag')).toEqual([{ on, name: 'Koningsdag' }]);
  });
});

describe('business days', () => {
  it.each([
    // The worked example: Tuesday 27 April and Wednesday 5 May do not count.
    ['2021-04-26', 10, '2021-05-12 | Koningsdag | Bevrijdingsdag'],
    // From Wednesday over Ascension Day, the decree day after it and a weekend.
    ['2026-05-13', 1, '2026-05-18 | Hemelvaartsdag | een aangewezen vrije dag'],
    ['2025-12-31', 1, '2026-01-05 | Nieuwjaarsdag | een aangewezen vrije dag'],
    // Crisis, before Easter.
    ['2026-04-02', 3, '2026-04-09 | Goede Vrijdag | tweede paasdag'],
    ['2026-04-02', 20, '2026-05-06 | Goede Vrijdag | tweede paasdag | Koningsdag | Bevrijdingsdag'],
    // Koningsdag 2025 is on Saturday the 26th: Monday the 28th is a day like any other.
    ['2025-04-25', 1, '2025-04-28'],
    // Christmas in a weekend is not made up for, on one half of it only the Monday is lost.
    ['2021-12-24', 1, '2021-12-27'],
    ['2022-12-23', 1, '2022-12-27 | tweede kerstdag'],
    ['2026-12-24', 1, '2026-12-28 | eerste kerstdag'],
    // From a Saturday, a Sunday and a holiday.
    ['2026-06-06', 1, '2026-06-08'],
    ['2026-06-07', 1, '2026-06-08'],
    ['2026-04-27', 1, '2026-04-28'],
    // Ascension Day and 5 May on one day: both names, one day.
    ['2016-05-04', 1, '2016-05-06 | Bevrijdingsdag | Hemelvaartsdag'],
  ])('[R-FLO-3] from %s, %i further: %s', (from, days, expected) => {
    expect(add(from, days)).toBe(expected);
  });

  it('[R-FLO-3] a contract may leave the decree days out', () => {
    expect(add('2026-05-13', 1, CONTRACT)).toBe('2026-05-15 | Hemelvaartsdag');
    expect(add('2025-12-31', 1, CONTRACT)).toBe('2026-01-02 | Nieuwjaarsdag');
  });

  it('[R-FLO-3] neither summer time nor the zone of the machine moves a day', () => {
    for (const zone of ['Europe/Amsterdam', 'Pacific/Kiritimati', 'America/Los_Angeles']) {
      vi.stubEnv('TZ', zone);
      expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
      expect(add('2026-03-27', 1)).toBe('2026-03-30');
      expect(add('2026-03-27', 5)).toBe('2026-04-07 | Goede Vrijdag | tweede paasdag');
      expect(add('2026-10-23', 1)).toBe('2026-10-26');
      expect(add('2026-10-23', 6)).toBe('2026-11-02');
    }
  });

  it('[R-FLO-3] past the last known decree a count is an error, not a guess', () => {
    expect(add('2028-12-28', 1)).toBe('2028-12-29');
    expect(add('2028-12-28', 2)).toBe('BEYOND_CALENDAR');
    expect(add('2031-05-01', 1)).toBe('BEYOND_CALENDAR');
  });

  it('[R-FLO-3] without decree days there is no such end', () => {
    expect(add('2028-12-28', 2, CONTRACT)).toBe('2029-01-02 | Nieuwjaarsdag');
  });

  it('[R-FLO-3] warns before the known decrees run out', () => {
    const days = CalendarDays.parse(180);
    expect(calendarEndsWithin(day('2028-07-03'), days)).toBe(false);
    expect(calendarEndsWithin(day('2028-07-04'), days)).toBe(true);
    expect(calendarEndsWithin(day('2029-02-01'), days)).toBe(true);
  });

  it('[R-FLO-2] [R-FLO-3] the two kinds of days do not fit each other', () => {
    // @ts-expect-error a term in calendar days is not one in business days
    addBusinessDays(day('2026-06-01'), CalendarDays.parse(5), LAW);
    // @ts-expect-error and the other way round
    calendarEndsWithin(day('2026-06-01'), business(5));
    expect([0, -1, 1.5].map((days) => BusinessDays.safeParse(days).success)).toEqual([false, false, false]);
    expect([0, -1, 1.5].map((days) => CalendarDays.safeParse(days).success)).toEqual([false, false, false]);
  });
});

describe('business days on any day', () => {
  /** Up to half a year before the horizon: 80 business days always fit. */
  const dates = fc.integer({ min: 0, max: 5290 }).map((days) => addDays(day('2014-01-01'), days));
  const calendars = fc.constantFrom(LAW, CONTRACT);
  const terms = fc.integer({ min: 1, max: 40 }).map(business);
  const end = (from: IsoDate, days: BusinessDays, calendar: BusinessCalendar) => {
    const found = addBusinessDays(from, days, calendar);
    if (!found.ok) throw new Error(found.error);
    return found.value;
  };

  it('[R-FLO-3] a term ends on a business day: no weekend, no holiday', () => {
    fc.assert(
      fc.property(dates, terms, calendars, (from, days, calendar) => {
        const { on } = end(from, days, calendar);
        const { dayOfWeek, year } = Temporal.PlainDate.from(on);
        expect(dayOfWeek).toBeLessThan(6);
        expect(holidaysOf(year, calendar).map((holiday) => holiday.on)).not.toContain(on);
      }),
    );
  });

  it('[R-FLO-3] counting back gives the days that were added', () => {
    fc.assert(
      fc.property(dates, terms, calendars, (from, days, calendar) => {
        const { on } = end(from, days, calendar);
        const passed = Array.from({ length: daysBetween(from, on) }, (_, i) => addDays(from, i + 1));
        const worked = passed.filter((date) => {
          const { dayOfWeek, year } = Temporal.PlainDate.from(date);
          return dayOfWeek < 6 && holidaysOf(year, calendar).every((holiday) => holiday.on !== date);
        });
        expect(worked).toHaveLength(days);
        expect(worked.at(-1)).toBe(on);
      }),
    );
  });

  it('[R-FLO-3] two terms after each other are one term, and pass over the same holidays', () => {
    fc.assert(
      fc.property(dates, terms, terms, calendars, (from, a, b, calendar) => {
        const first = end(from, a, calendar);
        const second = end(first.on, b, calendar);
        expect(end(from, business(a + b), calendar)).toEqual({
          on: second.on,
          skipped: [...first.skipped, ...second.skipped],
        });
      }),
    );
  });

  it('[R-FLO-3] a later start or a longer term never ends earlier; a decree day never shortens one', () => {
    fc.assert(
      fc.property(dates, terms, calendars, (from, days, calendar) => {
        const { on } = end(from, days, calendar);
        expect(end(addDays(from, 1), days, calendar).on >= on).toBe(true);
        expect(end(from, business(days + 1), calendar).on > on).toBe(true);
        expect(end(from, days, LAW).on >= end(from, days, CONTRACT).on).toBe(true);
      }),
    );
  });

  it('[R-FLO-3] the days between are business days, weekend days and the holidays named', () => {
    fc.assert(
      fc.property(dates, terms, calendars, (from, days, calendar) => {
        const { on, skipped } = end(from, days, calendar);
        const start = Temporal.PlainDate.from(from);
        const length = start.until(on).days;
        const weekend = Array.from({ length }, (_, i) => start.add({ days: i + 1 })).filter((d) => d.dayOfWeek > 5);
        expect(days + weekend.length + new Set(skipped.map((holiday) => holiday.on)).size).toBe(length);
        const order = skipped.map((holiday) => holiday.on);
        expect(order).toEqual([...order].sort());
      }),
    );
  });
});
