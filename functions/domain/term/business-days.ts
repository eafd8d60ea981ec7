import { IsoDate } from '../ids.ts';
import { err, ok, type Result } from '../result.ts';
import { addDays, daysBetween } from './calendar.ts';
import type { BusinessDays, CalendarDays } from './days.ts';

/** What counts as a holiday. `decreeDays`: also the days a royal decree equates with one; a contract may leave them out. */
export interface BusinessCalendar {
  readonly decreeDays: boolean;
}

/** A holiday and its Dutch name as it stands in running text. */
export interface NamedDay {
  readonly on: IsoDate;
  readonly name: string;
}

/**
 * Days equated with a holiday by royal decree (Algemene termijnenwet art. 3 lid 3), three years at a time: the decree of
 * 20 September 2019 and the two that followed it. Earlier years have none here and need none: municipalities have this
 * task since 2021, so no term began before. A new decree adds its days and moves CALENDAR_KNOWN_UNTIL.
 */
const DECREE_DAYS = [
  ...['2020-05-22', '2021-05-14', '2022-05-27'],
  ...['2023-04-28', '2023-05-19', '2024-05-10', '2024-12-27', '2025-05-30'],
  ...['2026-01-02', '2026-05-15', '2027-05-07', '2028-04-28', '2028-05-26'],
].map((on) => ({ on: IsoDate.parse(on), name: 'een aangewezen vrije dag' }));

/** Last day for which the decree days are known. Past it a count that needs them is an error, not a guess. */
export const CALENDAR_KNOWN_UNTIL: IsoDate = IsoDate.parse('2028-12-31');

/** True from `days` calendar days before the last known day on: time to add the next decree. */
export const calendarEndsWithin = (today: IsoDate, days: CalendarDays): boolean =>
  daysBetween(today, CALENDAR_KNOWN_UNTIL) <= days;

/** 0 is Sunday. A plain date has no zone: read in UTC it stays on its day. */
const weekday = (date: IsoDate): number => new Date(Date.parse(date)).getUTCDay();

/** Easter Sunday in the Gregorian calendar: the rule of Oudin (1940), as days from 28 March. */
const easter = (year: number): IsoDate => {
  const century = Math.floor(year / 100);
  const golden = year % 19;
  const epact = (century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 19 * golden + 15) % 30;
  const late = epact === 29 || (epact === 28 && golden > 10);
  const moon = late ? epact - 1 : epact;
  const sunday = (year + Math.floor(year / 4) + moon + 2 - century + Math.floor(century / 4)) % 7;
  return addDays(IsoDate.parse(`${year}-03-28`), moon - sunday);
};

/** By the law itself (art. 3 lid 1 and 2) as it reads since 2014, when Koningsdag came; Saturdays and Sundays included. */
const lawful = (year: number): readonly NamedDay[] => {
  const on = (monthDay: string): IsoDate => IsoDate.parse(`${year}-${monthDay}`);
  const fromEaster = (days: number): IsoDate => addDays(easter(year), days);
  return [
    { on: on('01-01'), name: 'Nieuwjaarsdag' },
    { on: fromEaster(-2), name: 'Goede Vrijdag' },
    { on: fromEaster(1), name: 'tweede paasdag' },
    { on: on(weekday(on('04-27')) === 0 ? '04-26' : '04-27'), name: 'Koningsdag' },
    { on: on('05-05'), name: 'Bevrijdingsdag' },
    { on: fromEaster(39), name: 'Hemelvaartsdag' },
    { on: fromEaster(50), name: 'tweede pinksterdag' },
    { on: on('12-25'), name: 'eerste kerstdag' },
    { on: on('12-26'), name: 'tweede kerstdag' },
  ];
};

const known = new Map<string, readonly NamedDay[]>();

/** The holidays of a year by date, also those in a weekend. Years past CALENDAR_KNOWN_UNTIL come without decree days. */
export const holidaysOf = (year: number, { decreeDays }: BusinessCalendar): readonly NamedDay[] => {
  const key = `${year} ${decreeDays}`;
  const found = known.get(key);
  if (found) return found;
  const decreed = decreeDays ? DECREE_DAYS.filter(({ on }) => on.startsWith(`${year}-`)) : [];
  const days = [...lawful(year), ...decreed].sort((a, b) => daysBetween(b.on, a.on));
  known.set(key, days);
  return days;
};

const holidaysOn = (date: IsoDate, calendar: BusinessCalendar): readonly NamedDay[] =>
  holidaysOf(Number(date.slice(0, 4)), calendar).filter(({ on }) => on === date);

const isWeekend = (date: IsoDate): boolean => weekday(date) % 6 === 0;

const isBeyond = (date: IsoDate, calendar: BusinessCalendar): boolean =>
  calendar.decreeDays && date > CALENDAR_KNOWN_UNTIL;

/**
 * The business day that lies `days` business days after `from`, which itself does not count (R-FLO-3). `skipped` are the
 * holidays passed over in order, for whoever wants to know why; those in a weekend changed nothing and are not among them.
 */
export const addBusinessDays = (
  from: IsoDate,
  days: BusinessDays,
  calendar: BusinessCalendar,
): Result<{ readonly on: IsoDate; readonly skipped: readonly NamedDay[] }, 'BEYOND_CALENDAR'> => {
  const skipped: NamedDay[] = [];
  let on = from;
  for (let left: number = days; left > 0; ) {
    on = addDays(on, 1);
    if (isBeyond(on, calendar)) return err('BEYOND_CALENDAR');
    if (isWeekend(on)) continue;
    const holidays = holidaysOn(on, calendar);
    if (holidays.length === 0) left -= 1;
    skipped.push(...holidays);
  }
  return ok({ on, skipped });
};
