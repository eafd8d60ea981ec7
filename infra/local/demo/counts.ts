import { tally } from './compare.ts';
import type { PlannedDelivery, PlannedOutcomes } from './plan.ts';

/** What the plan says of a delivery's counts. */
export const countsOf = ({ rows }: PlannedDelivery): Record<string, number> => {
  const count = (...verdicts: readonly unknown[]): number =>
    rows.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return {
    read: rows.length,
    accepted: count('accepted', 'corrected'),
    corrected: count('corrected'),
    refused: rows.filter(({ verdict }) => typeof verdict === 'object').length,
    unchanged: count('unchanged'),
    withdrawn: count('withdrawn'),
  };
};

/** What the plan says of a municipality's file. */
export const outcomeCounts = ({ lines }: PlannedOutcomes): Record<string, number> => {
  const verdicts = tally(lines.map(({ verdict }) => (typeof verdict === 'object' ? 'refused' : verdict)));
  const { taken = 0, known = 0, refused = 0 } = verdicts;
  return { read: lines.length, taken, alreadyKnown: known, refused };
};
