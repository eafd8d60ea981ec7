import type { ArrearRecord } from '#domain/delivery/delivery.ts';
import { type ArrearId, partsOfCaseId, type SignalRef } from '#domain/ids.ts';
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
      ofHousehold: async (municipality, household) => {
        const stored = await ports.signals.ofHousehold(municipality, household);
        const here = [...signals.values()].filter(({ caseId }) => {
          const place = partsOfCaseId(caseId);
          return place.municipality === municipality && place.household === household;
        });
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
    // What the file decides it remembers itself.
    matches: {
      add: () => Promise.resolve('written'),
      ofHousehold: (municipality, household) => ports.matches.ofHousehold(municipality, household),
    },
    workflows: { startSignal: () => Promise.resolve(), wake: () => Promise.resolve() },
  };
};
