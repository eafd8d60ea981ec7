import type { Instant, IsoDate } from '../ids.ts';
import { ok, type Result } from '../result.ts';
import { addBusinessDays, type BusinessCalendar } from './business-days.ts';
import { addDays, amsterdamDate, amsterdamTime } from './calendar.ts';
import type { BusinessDays, CalendarDays } from './days.ts';

/** Written out: these sentences are stored, and must not change with the language data of a platform. */
const MONTHS = [
  ...['januari', 'februari', 'maart', 'april', 'mei', 'juni'],
  ...['juli', 'augustus', 'september', 'oktober', 'november', 'december'],
];

/** `april 2021`, the month of a date. */
export const dutchMonth = (date: IsoDate): string => `${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)}`;

/** `26 april 2021`. */
export const dutchDate = (date: IsoDate): string => `${Number(date.slice(8))} ${dutchMonth(date)}`;

/** `26 april 2021 om 09:14:05 uur`, the clock of Amsterdam. */
export const dutchMoment = (at: Instant): string => `${dutchDate(amsterdamDate(at))} om ${amsterdamTime(at)} uur`;

/** `26 april 2021 om 09:14 uur`: where nobody asks for the second. */
export const dutchMinute = (at: Instant): string =>
  `${dutchDate(amsterdamDate(at))} om ${amsterdamTime(at).slice(0, 5)} uur`;

/** `28 dagen na 1 april 2026 = 29 april 2026`: calendar days, the first one not counted (R-FLO-2). */
export const explainCalendarDays = (from: IsoDate, days: CalendarDays): string =>
  `${days} ${days === 1 ? 'dag' : 'dagen'} na ${dutchDate(from)} = ${dutchDate(addDays(from, days))}`;

const notCounted = (names: readonly string[]): string => {
  if (names.length < 2) return names.map((name) => `; ${name} telt niet`).join('');
  return `; ${names.slice(0, -1).join(', ')} en ${names.at(-1)} tellen niet`;
};

/**
 * `10 werkdagen na 26 april 2021 = 12 mei 2021; Koningsdag en Bevrijdingsdag tellen niet`: business days and the holidays
 * that made them longer (R-FLO-3). BEYOND_CALENDAR as addBusinessDays.
 */
export const explainBusinessDays = (
  from: IsoDate,
  days: BusinessDays,
  calendar: BusinessCalendar,
): Result<string, 'BEYOND_CALENDAR'> => {
  const end = addBusinessDays(from, days, calendar);
  if (!end.ok) return end;
  const { on, skipped } = end.value;
  const counted = `${days} ${days === 1 ? 'werkdag' : 'werkdagen'} na ${dutchDate(from)} = ${dutchDate(on)}`;
  return ok(counted + notCounted(skipped.map(({ name }) => name)));
};
