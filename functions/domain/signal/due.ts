import { Instant } from '../ids.ts';
import type { Signal } from './signal.ts';

const HOUR = 3_600_000;

/**
 * By when the workflow must have moved this signal, an hour of grace included; undefined once nothing more is to come.
 * A signal found past this moment has lost its execution: the sweep repairs or alarms.
 */
export const dueAt = (signal: Signal): Instant | undefined => {
  const last = signal.history.at(-1)?.at ?? signal.receivedAt;
  switch (signal.status) {
    case 'RECEIVED':
    case 'OUTCOME_KNOWN':
      return plusHour(last);
    case 'ASSIGNED':
    case 'TERM_EXPIRED':
    case 'SUSPENDED':
      // Passed terms leave the list; a suspension that ended early has none left and waits only for its workflow.
      return plusHour(signal.terms[0]?.at ?? last);
    case 'CLOSED':
    case 'WITHDRAWN':
      return undefined;
  }
};

const plusHour = (at: Instant): Instant => Instant.parse(new Date(Date.parse(at) + HOUR).toISOString());
