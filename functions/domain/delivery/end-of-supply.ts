import type { IsoDate } from '../ids.ts';
import { addBusinessDays } from '../term/business-days.ts';
import { BusinessDays } from '../term/days.ts';

/** An end of supply is reported at least this long before it (R-DEL-12). */
export const END_OF_SUPPLY_NOTICE: BusinessDays = BusinessDays.parse(20);

/**
 * Whether an end of supply reported on `on` comes too soon to help in time (R-DEL-12): in less than 20 business days, the
 * day of receipt not counted. Where the calendar is not known yet nobody is blamed.
 */
export const isEndOfSupplyNear = (on: IsoDate, endOfSupplyOn: IsoDate): boolean => {
  const earliest = addBusinessDays(on, END_OF_SUPPLY_NOTICE, { decreeDays: true });
  return earliest.ok && endOfSupplyOn < earliest.value.on;
};
