import type { Configuration } from '#domain/agreement/configuration.ts';
import { type Governing, governing } from '#domain/agreement/governing.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { configuration } from './configuration.ts';

/** The rules of a configuration (by default the sample) for a signal, as on its day of receipt. */
export const governingOf = (signal: Signal, of: Configuration = configuration): Governing => {
  const policy = of.policies.find(({ id }) => id === signal.policy);
  if (!policy) throw new Error(`no policy ${signal.policy}`);
  const receivedOn = amsterdamDate(signal.receivedAt);
  return governing(policy, of.deviations, { ...signal, receivedOn }, receivedOn);
};
