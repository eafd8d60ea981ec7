import { CaseId } from '../ids.ts';
import type { HistoryEntry, Signal } from './signal.ts';

/** Leaving is part of an answer: its entry comes right behind that of the outcome. Arriving is not. */
const leaves = (history: readonly HistoryEntry[], i: number): boolean =>
  history[i]?.kind === 'HANDED_OVER' && /^OUTCOME_/.test(history[i - 1]?.kind ?? '');

/** The case in another municipality in which a signal goes on (R-ROU-4); undefined when it is here, or here again. */
export const handedOverTo = ({ history }: Pick<Signal, 'history'>): CaseId | undefined => {
  const i = history.findLastIndex(({ kind }) => kind === 'HANDED_OVER');
  return leaves(history, i) ? CaseId.parse(history[i]?.source) : undefined;
};

/**
 * Where a signal was before it came here last: handed over by another municipality, or moved by the partner who corrected
 * its address. Undefined when it was reported here.
 */
export const arrivedFrom = ({
  history,
}: Pick<Signal, 'history'>): { readonly place: CaseId; readonly how: 'HANDED_OVER' | 'MOVED' } | undefined =>
  history
    .flatMap(({ kind, source }, i) => {
      if ((kind !== 'MOVED' && kind !== 'HANDED_OVER') || leaves(history, i)) return [];
      const place = CaseId.safeParse(source);
      return place.success ? [{ place: place.data, how: kind }] : [];
    })
    .at(-1);
