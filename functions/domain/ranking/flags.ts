import { type CaseId, type Period, partsOfCaseId } from '../ids.ts';
import type { Signal } from '../signal/signal.ts';
import { addMonths } from '../term/calendar.ts';

/** R-MAT-2: not exclusive; a case can be MULTIPLE and CONSECUTIVE. */
export const CASE_FLAGS = ['SINGLE', 'MULTIPLE', 'CONSECUTIVE'] as const;
export type CaseFlag = (typeof CASE_FLAGS)[number];

/** How far back an earlier signal at the address counts, in months (R-MAT-2). */
const LOOK_BACK = 6;

/** Months in which each household of a municipality was reported; withdrawn signals do not count. */
export const reportedMonths = (
  signals: Iterable<Pick<Signal, 'caseId' | 'status'>>,
): ReadonlyMap<string, ReadonlySet<Period>> => {
  const months = new Map<string, Set<Period>>();
  for (const { caseId, status } of signals) {
    if (status === 'WITHDRAWN') continue;
    const { household, period } = partsOfCaseId(caseId);
    months.set(household, (months.get(household) ?? new Set()).add(period));
  }
  return months;
};

/** The flags of a case with `count` signals that stand, seen the months in which its household was reported. */
export const flagsOf = (
  caseId: CaseId,
  count: number,
  months: ReadonlyMap<string, ReadonlySet<Period>>,
): readonly CaseFlag[] => {
  const { household, period } = partsOfCaseId(caseId);
  const from = addMonths(period, -LOOK_BACK);
  const earlier = [...(months.get(household) ?? [])].some((month) => from <= month && month < period);
  return [
    ...(count > 1 ? (['MULTIPLE'] as const) : (['SINGLE'] as const)),
    ...(earlier ? (['CONSECUTIVE'] as const) : []),
  ];
};
