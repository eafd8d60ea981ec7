/** Dates of birth as people write them, in any file. */

const MONTHS: ReadonlyMap<string, string> = new Map(
  [
    'jan januari january',
    'feb februari february',
    'mrt maa mar maart march',
    'apr april',
    'mei may',
    'jun juni june',
    'jul juli july',
    'aug augustus august',
    'sep sept september',
    'okt oct oktober october',
    'nov november',
    'dec december',
  ].flatMap((names, at) => names.split(' ').map((name) => [name, String(at + 1).padStart(2, '0')] as const)),
);

const two = (part: string): string => part.padStart(2, '0');

/** Four digits, or two that are no day and as a year not yet come: `84`, but not `12`. */
const yearOf = (text: string): string | undefined =>
  /^\d{4}$/.test(text) ? text : /^\d\d$/.test(text) && Number(text) > 31 ? `19${text}` : undefined;

/** `12 mei 1980`, `May 12th, 1980`, `12-MEI-80`. */
const inWords = (text: string): string | undefined => {
  const words = text.toLowerCase().match(/[a-z]+|\d+/g) ?? [];
  const month = words.map((word) => MONTHS.get(word)).find((found) => found !== undefined);
  const [first = '', second = '', ...more] = words.filter((word) => /^\d/.test(word));
  const [year, day] = yearOf(second) ? [yearOf(second), first] : [yearOf(first), second];
  return month === undefined || year === undefined || more.length > 0 || !/^\d{1,2}$/.test(day)
    ? undefined
    : `${year}-${month}-${two(day)}`;
};

/** Whether days and months of a column stand the American way round: a second part above 12, and no first one. */
export const isMonthFirst = (dates: readonly string[]): boolean => {
  let seen = false;
  for (const date of dates) {
    const [, first, second] = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](?:\d{4}|\d\d$)/.exec(date) ?? [];
    if (Number(first) > 12) return false;
    seen ||= Number(second) > 12;
  }
  return seen;
};

const isDay = (month: string, day: string): boolean => Number(month) <= 12 && Number(day) <= 31;

/** `19840312`, or else `12031984`. */
const fromDigits = (text: string): string => {
  const [y, m, d] = [text.slice(0, 4), text.slice(4, 6), text.slice(6)];
  const [day, month, year] = [text.slice(0, 2), text.slice(2, 4), text.slice(4)];
  return isDay(m, d) || !isDay(month, day) ? `${y}-${m}-${d}` : `${year}-${month}-${day}`;
};

/**
 * yyyy-mm-dd from the ways people write a date; undefined when it is none of them, or may mean more than one day. An
 * impossible day stays: it is compared too.
 */
export const dateOf = (text: string, monthFirst: boolean): string | undefined => {
  if (/^\d{8}$/.test(text)) return fromDigits(text);
  if (/[a-z]{3}/i.test(text)) return inWords(text);
  const [, first = '', middle = '', third = ''] = /^(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:$|[T ])/.exec(text) ?? [];
  const year = yearOf(first);
  if (year !== undefined) return third.length > 2 ? undefined : `${year}-${two(middle)}-${two(third)}`;
  const last = first.length > 2 ? undefined : yearOf(third);
  if (last === undefined) return undefined;
  return monthFirst ? `${last}-${two(first)}-${two(middle)}` : `${last}-${two(middle)}-${two(first)}`;
};
