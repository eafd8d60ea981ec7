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

/** The case a signal was in before it came here: handed over by another municipality, or moved by a corrected address. */
export const cameFrom = ({ history }: Pick<Signal, 'history'>): CaseId | undefined =>
  history
    .flatMap(({ kind, source }, i) => {
      const arrival = kind === 'MOVED' || (kind === 'HANDED_OVER' && !leaves(history, i));
      const place = arrival ? CaseId.safeParse(source) : undefined;
      return place?.success ? [place.data] : [];
    })
    .at(-1);
