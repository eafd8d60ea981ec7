import { Temporal } from 'temporal-polyfill';
import type { Millis } from '../contract.ts';

/** The first moment after `after` at which the schedule is due; undefined when it never is again. */
export type ScheduleExpression = { readonly next: (after: Millis) => Millis | undefined };

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

type Field = { readonly name: string; readonly from: number; readonly to: number; readonly names?: readonly string[] };
const FIELDS = {
  minute: { name: 'minutes', from: 0, to: 59 },
  hour: { name: 'hours', from: 0, to: 23 },
  dayOfMonth: { name: 'day-of-month', from: 1, to: 31 },
  month: { name: 'month', from: 1, to: 12, names: MONTHS },
  dayOfWeek: { name: 'day-of-week', from: 1, to: 7, names: DAYS },
  year: { name: 'year', from: 1970, to: 2199 },
} satisfies Record<string, Field>;

/** Numbers of a cron field: `*`, lists, ranges, steps and names. */
const numbersOf = (text: string, field: Field, expression: string): ReadonlySet<number> => {
  const wrong = (): Error => new Error(`${expression}: ${field.name} "${text}" is not supported`);
  const numberOf = (part: string): number => {
    const named = field.names?.indexOf(part.toUpperCase()) ?? -1;
    const value = named >= 0 ? named + 1 : /^\d+$/.test(part) ? Number(part) : Number.NaN;
    if (!(value >= field.from && value <= field.to)) throw wrong();
    return value;
  };
  const numbers = new Set<number>();
  for (const item of text.split(',')) {
    const [range = '', step] = item.split('/');
    if (step !== undefined && !/^[1-9]\d*$/.test(step)) throw wrong();
    const [start = '', end] = range.split('-');
    const first = range === '*' ? field.from : numberOf(start);
    const last = range === '*' || (step !== undefined && end === undefined) ? field.to : numberOf(end ?? start);
    if (last < first) throw wrong();
    for (let value = first; value <= last; value += Number(step ?? 1)) numbers.add(value);
  }
  return numbers;
};

type DayTest = (date: Temporal.PlainDate) => boolean;

/** Sunday is 1 in AWS's cron, 7 in ISO. */
const awsDayOfWeek = (date: Temporal.PlainDate): number => (date.dayOfWeek % 7) + 1;

const dayOfMonthTest = (text: string, expression: string): DayTest => {
  if (text === 'L') return (date) => date.day === date.daysInMonth;
  const weekday = /^(\d{1,2})W$/.exec(text)?.[1];
  if (weekday !== undefined) {
    const [wanted = 0] = numbersOf(weekday, FIELDS.dayOfMonth, expression);
    return (date) => {
      if (wanted > date.daysInMonth) return false;
      // The working day (Monday to Friday) nearest to the wanted day, inside the month.
      const exact = date.with({ day: wanted });
      const shift = exact.dayOfWeek === 6 ? (wanted === 1 ? 2 : -1) : 0;
      const sunday = exact.dayOfWeek === 7 ? (wanted === date.daysInMonth ? -2 : 1) : 0;
      return date.equals(exact.add({ days: shift + sunday }));
    };
  }
  const days = numbersOf(text, FIELDS.dayOfMonth, expression);
  return (date) => days.has(date.day);
};

const dayOfWeekTest = (text: string, expression: string): DayTest => {
  const [, lastDay] = /^(\w+)L$/.exec(text) ?? [];
  if (text === 'L') return (date) => awsDayOfWeek(date) === 7;
  if (lastDay !== undefined) {
    const [wanted] = numbersOf(lastDay, FIELDS.dayOfWeek, expression);
    return (date) => awsDayOfWeek(date) === wanted && date.day + 7 > date.daysInMonth;
  }
  const [, day, nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (day !== undefined) {
    const [wanted] = numbersOf(day, FIELDS.dayOfWeek, expression);
    return (date) => awsDayOfWeek(date) === wanted && Math.ceil(date.day / 7) === Number(nth);
  }
  const days = numbersOf(text, FIELDS.dayOfWeek, expression);
  return (date) => days.has(awsDayOfWeek(date));
};

/**
 * A local time that the spring change skips does not run; one that comes twice in autumn runs once, the first time
 * (as EventBridge Scheduler documents).
 */
const cron = (expression: string, body: string, timeZone: string): ScheduleExpression => {
  const parts = body.trim().split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = parts;
  if (parts.length !== 6 || !minute || !hour || !dayOfMonth || !month || !dayOfWeek || !year) {
    throw new Error(`${expression}: six fields are needed`);
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new Error(`${expression}: exactly one of day-of-month and day-of-week must be ?`);
  }
  const minutes = [...numbersOf(minute, FIELDS.minute, expression)].sort((a, b) => a - b);
  const hours = [...numbersOf(hour, FIELDS.hour, expression)].sort((a, b) => a - b);
  const months = numbersOf(month, FIELDS.month, expression);
  const years = numbersOf(year, FIELDS.year, expression);
  const lastYear = Math.max(...years);
  const isDay = dayOfWeek === '?' ? dayOfMonthTest(dayOfMonth, expression) : dayOfWeekTest(dayOfWeek, expression);

  return {
    next(after) {
      let date = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(timeZone).toPlainDate();
      // A schedule that has no day in a whole cycle of leap years (30 February) never has one.
      const last = Math.min(lastYear, date.year + 9);
      while (date.year <= last) {
        if (!years.has(date.year)) date = new Temporal.PlainDate(date.year + 1, 1, 1);
        else if (!months.has(date.month)) date = date.with({ day: 1 }).add({ months: 1 });
        else {
          if (isDay(date)) {
            for (const at of hours) {
              for (const past of minutes) {
                const plain = date.toPlainDateTime({ hour: at, minute: past });
                const zoned = plain.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
                const exists = zoned.toPlainDateTime().equals(plain);
                if (exists && zoned.epochMilliseconds > after) return zoned.epochMilliseconds;
              }
            }
          }
          date = date.add({ days: 1 });
        }
      }
      return undefined;
    },
  };
};

/** `cron(…)` in a time zone, or `rate(…)` counted from `since`. Throws an Error that names what it does not know. */
export const parseSchedule = (expression: string, timeZone: string, since: Millis): ScheduleExpression => {
  const [, kind, body = ''] = /^(cron|rate)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'cron') return cron(expression, body, timeZone);
  const [, count, unit = ''] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(kind === 'rate' ? body : '') ?? [];
  const unitMs = UNITS[unit];
  if (count === undefined || unitMs === undefined) throw new Error(`${expression}: this schedule is not supported`);
  const every = Number(count) * unitMs;
  return { next: (after) => since + (Math.floor(Math.max(0, after - since) / every) + 1) * every };
};
