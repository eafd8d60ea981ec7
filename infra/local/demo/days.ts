import { Temporal } from 'temporal-polyfill';

/**
 * Dates of the story. Own few lines on purpose: what the demo expects must not come from the code it checks.
 */
export type Day = string; // yyyy-mm-dd
const ZONE = 'Europe/Amsterdam';

export const plusDays = (day: Day, days: number): Day => Temporal.PlainDate.from(day).add({ days }).toString();
export const monthOf = (day: Day): string => day.slice(0, 7);
export const dayOf = (at: string): Day => at.slice(0, 10);

/** Epoch milliseconds of a local moment `yyyy-mm-ddThh:mm` in Amsterdam. */
export const millis = (at: string): number => Temporal.PlainDateTime.from(at).toZonedDateTime(ZONE).epochMilliseconds;

/** The first moment of a day, as a local moment. */
export const midnight = (day: Day): string => `${day}T00:00`;

/** Local moment `yyyy-mm-ddThh:mm` of an instant in ISO text. */
export const local = (instant: string): string =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(ZONE).toPlainDateTime().toString({ smallestUnit: 'minute' });

const WEEKDAYS = ['ma', 'di', 'wo', 'do', 'vr', 'za', 'zo'] as const;
const MONTHS = ['jan', 'feb', 'mrt', 'apr', 'mei', 'jun', 'jul', 'aug', 'sep', 'okt', 'nov', 'dec'] as const;

/** `ma  2 mrt`: fixed width. */
export const shortDay = (day: Day): string => {
  const date = Temporal.PlainDate.from(day);
  return `${WEEKDAYS[date.dayOfWeek - 1]} ${String(date.day).padStart(2)} ${MONTHS[date.month - 1]}`;
};

export const dayOfMonth = (day: Day): string => shortDay(day).slice(3).trim();

/** `dd-mm-jjjj`, as Dutch housing systems write it. */
export const dutchDate = (day: Day): string => day.split('-').reverse().join('-');
