import { describe, expect, it } from 'vitest';
import { isEndOfSupplyNear } from '#domain/delivery/end-of-supply.ts';
import { IsoDate } from '#domain/ids.ts';

describe('the notice of an end of supply', () => {
  it.each([
    // Goede Vrijdag, tweede paasdag and Koningsdag lie in between.
    ['2026-04-01', '2026-05-03', true],
    ['2026-04-01', '2026-05-04', false],
    // Hemelvaartsdag, a day by decree and tweede pinksterdag.
    ['2026-05-07', '2026-06-08', true],
    ['2026-05-07', '2026-06-09', false],
    ['2026-04-01', '2026-03-31', true],
    // The decree days of 2029 are not known: nobody is blamed.
    ['2028-12-28', '2028-12-29', false],
  ])('[R-DEL-12] reported on %s for %s: too near is %s', (on, end, near) => {
    expect(isEndOfSupplyNear(IsoDate.parse(on), IsoDate.parse(end))).toBe(near);
  });
});
