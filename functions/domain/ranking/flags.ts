import type { CaseNumber, Period } from '../ids.ts';
import type { PartnerType } from '../signal/ddas.ts';
import type { Signal } from '../signal/signal.ts';

/** R-MAT-2: not exclusive; a case can be MULTIPLE and CONSECUTIVE. */
export const CASE_FLAGS = ['SINGLE', 'MULTIPLE', 'CONSECUTIVE'] as const;
export type CaseFlag = (typeof CASE_FLAGS)[number];

/** A flag of R-MAT-2 as a fact, with what it rests on, in Dutch. No partner is named: facts per partner type. */
export interface FlagFact {
  readonly flag: CaseFlag;
  readonly because: string;
}

/** `Energie 1, Huur 2`, in the order of the alphabet. */
const perType = (signals: readonly Pick<Signal, 'partnerType'>[]): string => {
  const counts = new Map<PartnerType, number>();
  for (const { partnerType } of signals) counts.set(partnerType, (counts.get(partnerType) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, count]) => `${type} ${count}`)
    .join(', ');
};

/** The flags of a case: `standing` are its signals that were not withdrawn, `earlier` the cases it goes on from. */
export const flagsOf = (
  standing: readonly Pick<Signal, 'partnerType'>[],
  earlier: readonly { readonly number: CaseNumber; readonly period: Period }[],
): readonly FlagFact[] => {
  const count = standing.length === 1 ? '1 signaal' : `${standing.length} signalen`;
  return [
    {
      flag: standing.length > 1 ? 'MULTIPLE' : 'SINGLE',
      because: standing.length === 0 ? count : `${count}: ${perType(standing)}`,
    },
    ...(earlier.length > 0
      ? [
          {
            flag: 'CONSECUTIVE' as const,
            because: `eerder gemeld: ${earlier.map(({ number, period }) => `${period} (zaak ${number})`).join(', ')}`,
          },
        ]
      : []),
  ];
};
