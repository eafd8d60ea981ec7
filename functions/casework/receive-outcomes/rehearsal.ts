import type { ArrearRecord } from '#domain/delivery/delivery.ts';
import type { ArrearId, SignalRef } from '#domain/ids.ts';
import type { Signal } from '#domain/signal/signal.ts';
import type { Ports } from './receive-outcomes.ts';

const keyOf = ({ caseId, signalId }: SignalRef): string => `${caseId}#${signalId}`;

/**
 * The same ports, of which nothing reaches the world: what is written is seen by this rehearsal only, and nobody is woken.
 * A preview is then the very run that the file would have.
 */
export const rehearsal = (ports: Ports): Ports => {
  const signals = new Map<string, Signal>();
  const arrears = new Map<ArrearId, ArrearRecord>();
  const write = (signal: Signal) => {
    signals.set(keyOf(signal), signal);
    return Promise.resolve('written' as const);
  };
  const arrear = async (id: ArrearId) => arrears.get(id) ?? ports.signals.arrear(id);
  return {
    ...ports,
    signals: {
      get: async (ref) => signals.get(keyOf(ref)) ?? ports.signals.get(ref),
      ofCase: async (caseId) => {
        const stored = await ports.signals.ofCase(caseId);
        const here = [...signals.values()].filter((signal) => signal.caseId === caseId);
        const others = stored.filter((signal) => !signals.has(keyOf(signal)));
        return [...others, ...here];
      },
      arrear,
      create: write,
      replace: write,
      repoint: async (arrearId, period, _from, to) => {
        const cases = (await arrear(arrearId))?.cases;
        arrears.set(arrearId, { arrearId, cases: { ...cases, [period]: to } });
        return 'written';
      },
    },
    workflows: { startSignal: () => Promise.resolve(), wake: () => Promise.resolve() },
  };
};
