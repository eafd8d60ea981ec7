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
    case 'SUSPENDED': {
      const next = signal.terms.find((term) => term.at > last) ?? signal.terms.at(-1);
      return next && plusHour(next.at);
    }
    case 'CLOSED':
    case 'WITHDRAWN':
      return undefined;
  }
};

const plusHour = (at: Instant): Instant => Instant.parse(new Date(Date.parse(at) + HOUR).toISOString());
