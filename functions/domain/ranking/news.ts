import type { Instant } from '../ids.ts';
import type { Signal, SignalEventKind } from '../signal/signal.ts';

/** What a municipality is told of by mail, in this order (R-FLO-2, R-DEL-9, R-SUS-3). */
export const NEWS = [
  { label: 'Nieuwe signalen', kinds: ['RECEIVED'] },
  { label: 'Herinneringen: streefdatum voorbij', kinds: ['REMINDED'] },
  { label: 'Termijn verstreken', kinds: ['TERM_EXPIRED'] },
  { label: 'Ingetrokken door de partner', kinds: ['WITHDRAWN'] },
  { label: 'Schuldenrust loopt bijna af', kinds: ['SUSPENSION_REMINDED'] },
  { label: 'Schuldenrust afgelopen of beëindigd', kinds: ['SUSPENSION_EXPIRED', 'SUSPENSION_ENDED_EARLY'] },
] as const satisfies readonly { readonly label: string; readonly kinds: readonly SignalEventKind[] }[];

/** Counts of what happened after `after` up to and including `until`; nothing with a count of 0. */
export const newsOf = (
  signals: readonly Pick<Signal, 'history'>[],
  after: Instant | undefined,
  until: Instant,
): readonly { readonly label: string; readonly count: number }[] => {
  const happened = signals
    .flatMap(({ history }) => history)
    .filter(({ at }) => (after === undefined || after < at) && at <= until);
  return NEWS.map(({ label, kinds }) => ({
    label,
    count: happened.filter(({ kind }) => (kinds as readonly SignalEventKind[]).includes(kind)).length,
  })).filter(({ count }) => count > 0);
};
