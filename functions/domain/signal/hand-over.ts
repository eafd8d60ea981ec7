import { CaseId } from '../ids.ts';
import type { HistoryEntry, Signal } from './signal.ts';

/** A kind may be one this version does not know yet. */
type Events = readonly (Pick<HistoryEntry, 'source'> & { readonly kind: string })[];
interface Arrival {
  readonly place: CaseId;
  readonly how: 'HANDED_OVER' | 'MOVED';
}

/** Leaving is part of an answer: its entry comes right behind that of the outcome. Arriving is not. */
const leaves = (history: Events, i: number): boolean =>
  history[i]?.kind === 'HANDED_OVER' && /^OUTCOME_/.test(history[i - 1]?.kind ?? '');

/** The case in another municipality in which a signal goes on (R-ROU-4); undefined when it is here, or here again. */
export const handedOverTo = ({ history }: Pick<Signal, 'history'>): CaseId | undefined => {
  const i = history.findLastIndex(({ kind }) => kind === 'HANDED_OVER');
  return leaves(history, i) ? CaseId.parse(history[i]?.source) : undefined;
};

/** The case a signal came from at entry `i` of its history; undefined when that entry says something else. */
export const arrivalAt = (history: Events, i: number): Arrival | undefined => {
  const { kind: how, source } = history[i] ?? {};
  if ((how !== 'MOVED' && how !== 'HANDED_OVER') || leaves(history, i)) return undefined;
  const place = CaseId.safeParse(source);
  return place.success ? { place: place.data, how } : undefined;
};

/**
 * Where a signal was before it came here last: handed over by another municipality, or moved by the partner who corrected
 * its address. Undefined when it was reported here.
 */
export const arrivedFrom = ({ history }: Pick<Signal, 'history'>): Arrival | undefined =>
  history.flatMap((_, i) => arrivalAt(history, i) ?? []).at(-1);
