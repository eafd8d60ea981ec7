import { Temporal } from 'temporal-polyfill';
import { Instant, IsoDate, Period } from '../ids.ts';

/**
 * The only place that knows time zones. Terms of the field are calendar dates in Europe/Amsterdam; moments are UTC.
 * Plain dates carry the terms and are turned into a moment once, here: hours added to a moment would shift at DST.
 */
const ZONE = 'Europe/Amsterdam';

/** Amsterdam's offset is whole hours (since 1940), so one UTC hour lies in one date. Bounded: a file holds few moments. */
const dateOfHour = new Map<string, IsoDate>();

/** Calendar date in Europe/Amsterdam at a moment. Exact from 1940 on. */
export const amsterdamDate = (at: Instant): IsoDate => {
  const hour = at.slice(0, 13);
  const known = dateOfHour.get(hour);
  if (known !== undefined) return known;
  const date = IsoDate.parse(Temporal.Instant.from(at).toZonedDateTimeISO(ZONE).toPlainDate().toString());
  if (dateOfHour.size > 10_000) dateOfHour.clear();
  dateOfHour.set(hour, date);
  return date;
};

/** Time of the clock in Europe/Amsterdam at a moment: `09:14:05`. */
export const amsterdamTime = (at: Instant): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO(ZONE).toPlainTime().toString({ smallestUnit: 'second' });

/** Calendar month in Europe/Amsterdam at a moment: the matching period (R-MAT-1). */
export const periodOf = (at: Instant): Period => Period.parse(amsterdamDate(at).slice(0, 7));

/** A plain date has no zone; counted in UTC every day is as long as the next. */
const DAY = 86_400_000;

/** Calendar days from one date to another; negative when `to` lies before `from`. */
export const daysBetween = (from: IsoDate, to: IsoDate): number => (Date.parse(to) - Date.parse(from)) / DAY;

/** The date `days` calendar days later (or earlier, when negative). */
export const addDays = (date: IsoDate, days: number): IsoDate =>
  IsoDate.parse(new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10));

/** Whole years from one date to another: an age. Born on 29 February, one year older on 1 March. */
export const yearsBetween = (from: IsoDate, to: IsoDate): number =>
  Number(to.slice(0, 4)) - Number(from.slice(0, 4)) - (to.slice(5) < from.slice(5) ? 1 : 0);

/** The later of two dates. */
export const later = (a: IsoDate, b: IsoDate): IsoDate => (a < b ? b : a);

const startOfDate = new Map<IsoDate, Instant>();

/** First moment of a date in Europe/Amsterdam. */
export const startOfDay = (date: IsoDate): Instant => {
  const known = startOfDate.get(date);
  if (known !== undefined) return known;
  const start = Temporal.PlainDate.from(date).toZonedDateTime(ZONE).toInstant();
  const instant = Instant.parse(start.toString({ fractionalSecondDigits: 3 }));
  if (startOfDate.size > 10_000) startOfDate.clear();
  startOfDate.set(date, instant);
  return instant;
};

/** The month `months` later (or earlier, when negative). */
export const addMonths = (period: Period, months: number): Period => {
  const count = 12 * Number(period.slice(0, 4)) + Number(period.slice(5)) - 1 + months;
  return Period.parse(`${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`);
};

/** The last day of a month. */
export const lastDayOf = (period: Period): IsoDate => addDays(IsoDate.parse(`${addMonths(period, 1)}-01`), -1);

/** The same day of the month `months` later, or the last day of a month that is too short. */
export const monthsAfter = (date: IsoDate, months: number): IsoDate =>
  IsoDate.parse(Temporal.PlainDate.from(date).add({ months }).toString());
