import type { RoutedRow } from '#domain/delivery/delivery.ts';
import { type CaseId, type Instant, type Period, signalIdOf } from '#domain/ids.ts';
import type { KeyedHash, SignalStore } from '#domain/ports.ts';
import {
  arrearIdOf,
  factsToStay,
  type Report,
  reportedAgain,
  reportedFacts,
  type Source,
  type Withdrawal,
  withdrawnBy,
} from '#domain/signal/reported.ts';

export interface Ports {
  readonly signals: Pick<SignalStore, 'arrear' | 'get'>;
  readonly hash: KeyedHash;
}

export type Foreseen = 'accepted' | 'corrected' | 'unchanged' | 'withdrawn' | 'WITHDRAWAL_UNKNOWN' | 'SIGNAL_WITHDRAWN';

/**
 * What would become of a good row when it was delivered now (R-DEL-11): the decisions of route-signals over what is stored,
 * of which nothing is written. Rows of one file never share an arrear, so each can be foreseen by itself.
 */
export const foresee = (ports: Ports, row: RoutedRow, source: Source, now: Instant): Promise<Foreseen> =>
  row.action === 'melden' ? report(ports, row, source, now) : withdrawal(ports, row, source, now);

const report = async ({ signals, hash }: Ports, row: Report, source: Source, now: Instant): Promise<Foreseen> => {
  const facts = await reportedFacts(hash, row, source);
  const { arrearId, caseId: target, period, signalId } = facts;
  const place = (await signals.arrear(arrearId))?.cases[period];
  const old = place && (await signals.get({ caseId: place, signalId }));
  // Not reported this month; or claimed this moment, and the delivery that did it is still at work.
  if (old === undefined) return 'accepted';
  if (place === target) return reportedAgain(old, facts, now).result;
  const there = await signals.get({ caseId: target, signalId });
  const staying = factsToStay(old, there, facts);
  return staying ? reportedAgain(old, staying, now).result : 'corrected';
};

const withdrawal = async (
  { signals, hash }: Ports,
  row: Withdrawal,
  source: Source,
  now: Instant,
): Promise<Foreseen> => {
  const arrearId = await arrearIdOf(hash, row);
  const cases = Object.entries((await signals.arrear(arrearId))?.cases ?? {}) as [Period, CaseId][];
  const found = await Promise.all(
    cases.map(([period, caseId]) => signals.get({ caseId, signalId: signalIdOf(arrearId, period) })),
  );
  const stored = found.filter((signal) => signal !== undefined);
  if (stored.length === 0) return 'WITHDRAWAL_UNKNOWN';
  return stored.some((signal) => withdrawnBy(signal, row, source, now)) ? 'withdrawn' : 'unchanged';
};
