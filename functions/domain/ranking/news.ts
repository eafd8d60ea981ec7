import type { Instant } from '../ids.ts';
import type { Signal, SignalEventKind } from '../signal/signal.ts';
import { CRISIS_KINDS } from '../term/terms.ts';

type Told = Pick<Signal, 'history' | 'kind'>;
interface Heading {
  readonly label: string;
  readonly kinds: readonly SignalEventKind[];
  /** Only of these signals; of all when absent. */
  readonly of?: (signal: Told) => boolean;
}

const isCrisis = ({ kind }: Told): boolean => CRISIS_KINDS.includes(kind);

/** Somebody is about to lose home or supply, or a later row says so: the municipality hears it the same day (R-DEL-12). */
export const CRISIS_NEWS: Heading = {
  label: 'Crisis (ontruiming of einde levering), nieuw of gewijzigd',
  kinds: ['RECEIVED', 'CORRECTED'],
  of: isCrisis,
};

/** Terms that were not met: also told to who watches over them (R-AGR-7). */
export const MISSED_NEWS: readonly Heading[] = [
  { label: 'Te laat met het eerste gesprek (crisis)', kinds: ['FIRST_CONVERSATION_OVERDUE'] },
  { label: 'Te laat met terugkoppelen aan de partner', kinds: ['FEEDBACK_OVERDUE'] },
  { label: 'Termijn verstreken', kinds: ['TERM_EXPIRED'] },
];

/**
 * What a municipality is told of by mail, in this order (R-FLO-2, R-FLO-3, R-FLO-4, R-DEL-9, R-SUS-3): what asks for work
 * and what ends it. What the municipality wrote itself and needs no colleague is no news.
 */
export const NEWS: readonly Heading[] = [
  { label: 'Nieuwe signalen', kinds: ['RECEIVED'] },
  CRISIS_NEWS,
  { label: 'Overgenomen van of overgedragen aan een andere gemeente', kinds: ['HANDED_OVER'] },
  { label: 'Heropend', kinds: ['REOPENED'] },
  { label: 'Doorgezet naar een ander team', kinds: ['FORWARDED'] },
  { label: 'Herinneringen: streefdatum voorbij', kinds: ['REMINDED'] },
  { label: 'Bijna te laat: de laatste dag komt dichtbij', kinds: ['WARNED'] },
  ...MISSED_NEWS,
  { label: 'Ingetrokken door de partner', kinds: ['WITHDRAWN'] },
  { label: 'Schuldenrust loopt bijna af', kinds: ['SUSPENSION_REMINDED'] },
  { label: 'Schuldenrust afgelopen of beëindigd', kinds: ['SUSPENSION_EXPIRED', 'SUSPENSION_ENDED_EARLY'] },
];

/** Counts of what happened after `after` up to and including `until`; nothing with a count of 0. */
export const newsOf = (
  signals: readonly Told[],
  after: Instant | undefined,
  until: Instant,
  headings: readonly Heading[] = NEWS,
): readonly { readonly label: string; readonly count: number }[] => {
  const happened = signals.flatMap((signal) =>
    signal.history
      .filter(({ at }) => (after === undefined || after < at) && at <= until)
      .map(({ kind }) => ({ signal, kind })),
  );
  return headings
    .map(({ label, kinds, of }) => ({
      label,
      count: happened.filter(({ kind, signal }) => kinds.includes(kind) && (of?.(signal) ?? true)).length,
    }))
    .filter(({ count }) => count > 0);
};
