import type { Governing } from '../agreement/governing.ts';
import { failure } from '../failure.ts';
import type { Clock, ConfigurationStore } from '../ports.ts';
import type { Signal } from '../signal/signal.ts';
import { amsterdamDate } from '../term/calendar.ts';
import type { PolicyOf } from './worklist.ts';

interface Ports {
  readonly configuration: Pick<ConfigurationStore, 'governing'>;
  readonly clock: Clock;
}

/**
 * The rules for each of these signals, with ranking, threshold and capacity as they are today. Asked once for all that came
 * alike. Throws `PolicyMissing`.
 */
export const readRules = async ({ configuration, clock }: Ports, signals: readonly Signal[]): Promise<PolicyOf> => {
  const today = amsterdamDate(clock.now());
  const known = new Map<string, Governing>();
  const rules = new Map<Signal, Governing>();
  for (const signal of signals) {
    const { policy, agreement, municipality, receivedAt } = signal;
    const alike = [policy, agreement, municipality, amsterdamDate(receivedAt)].join(' ');
    const found = known.get(alike) ?? (await configuration.governing(signal, today));
    if (!found) throw failure('PolicyMissing');
    known.set(alike, found);
    rules.set(signal, found);
  }
  return (signal) => {
    const found = rules.get(signal);
    if (!found) throw failure('PolicyMissing');
    return found;
  };
};
