import { z } from 'zod';

/**
 * Two ways to count a term, kept apart by brand: a term in business days given to the calendar-day count (or the other
 * way round) would be a wrong date that looks right. A term is at least one day: the day of the event never counts.
 */
export const CalendarDays = z.number().int().positive().brand<'CalendarDays'>();
export type CalendarDays = z.infer<typeof CalendarDays>;

/** Days that are no Saturday, Sunday or holiday: see business-days.ts. */
export const BusinessDays = z.number().int().positive().brand<'BusinessDays'>();
export type BusinessDays = z.infer<typeof BusinessDays>;
