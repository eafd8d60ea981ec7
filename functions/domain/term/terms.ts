import type { Policy } from '../agreement/configuration.ts';
import type { Instant } from '../ids.ts';
import type { Term, TermKind } from '../signal/signal.ts';
import { addDays, amsterdamDate, startOfDay } from './calendar.ts';

/**
 * The terms of a signal by its policy (R-FLO-2, R-FLO-7): calendar days after the day of receipt in Europe/Amsterdam.
 * Day 28 counts in full: a term passes at the first moment of the day after it. First term first.
 */
export const termsOf = (receivedAt: Instant, { terms }: Pick<Policy, 'terms'>): readonly Term[] => {
  const received = amsterdamDate(receivedAt);
  const term = (kind: TermKind, days: number): Term => {
    const on = addDays(received, days);
    return { kind, on, at: startOfDay(addDays(on, 1)) };
  };
  return [
    term('REMINDER', terms.reminderDays),
    term('ESCALATION', terms.escalationDays),
    term('CLOSING', terms.closingDays),
  ];
};

/** In Dutch how the two terms that bind the municipality were counted, for whoever has to meet them. */
export const explainTerms = (receivedAt: Instant, policy: Pick<Policy, 'terms'>): string => {
  const [reminder, escalation] = termsOf(receivedAt, policy);
  const { reminderDays, escalationDays } = policy.terms;
  return (
    `ontvangen ${amsterdamDate(receivedAt)}; liefst voor het einde van ${reminder?.on} (${reminderDays} dagen), ` +
    `uiterlijk op ${escalation?.on} (${escalationDays} dagen)`
  );
};
