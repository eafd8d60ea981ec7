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

/** Days of the story on which no term is counted, copied by hand from the Algemene termijnenwet and the decree on 2026. */
const FREE: Readonly<Record<Day, string>> = {
  '2026-04-03': 'Goede Vrijdag',
  '2026-04-06': 'tweede paasdag',
  '2026-04-27': 'Koningsdag',
  '2026-05-05': 'Bevrijdingsdag',
  '2026-05-14': 'Hemelvaartsdag',
  '2026-05-15': 'een aangewezen vrije dag',
  '2026-05-25': 'tweede pinksterdag',
};

/** The day so many working days later, the first day not counted, and the free days on the way. */
export const plusWorkingDays = (day: Day, days: number): { readonly on: Day; readonly skipped: readonly string[] } => {
  const skipped: string[] = [];
  let on = day;
  for (let left = days; left > 0; ) {
    on = plusDays(on, 1);
    if (isWeekend(on)) continue;
    const free = FREE[on];
    if (free === undefined) left -= 1;
    else skipped.push(free);
  }
  return { on, skipped };
};

export const isWeekend = (day: Day): boolean => Temporal.PlainDate.from(day).dayOfWeek > 5;

const WEEKDAYS = ['ma', 'di', 'wo', 'do', 'vr', 'za', 'zo'] as const;
const MONTHS = ['jan', 'feb', 'mrt', 'apr', 'mei', 'jun', 'jul', 'aug', 'sep', 'okt', 'nov', 'dec'] as const;

/** `ma  2 mrt`: fixed width. */
export const shortDay = (day: Day): string => {
  const date = Temporal.PlainDate.from(day);
  return `${WEEKDAYS[date.dayOfWeek - 1]} ${String(date.day).padStart(2)} ${MONTHS[date.month - 1]}`;
};

export const dayOfMonth = (day: Day): string => shortDay(day).slice(3).trim();

const LONG_MONTHS = [
  ...['januari', 'februari', 'maart', 'april', 'mei', 'juni'],
  ...['juli', 'augustus', 'september', 'oktober', 'november', 'december'],
];

/** `2 maart 2026` */
export const longDay = (day: Day): string => {
  const date = Temporal.PlainDate.from(day);
  return `${date.day} ${LONG_MONTHS[date.month - 1]} ${date.year}`;
};

/** `dd-mm-jjjj`, as Dutch housing systems write it. */
export const dutchDate = (day: Day): string => day.split('-').reverse().join('-');
