import type { Instant } from '../ids.ts';
import type { Delivery } from './delivery.ts';

/** What a malware scan can say of an upload, in the scanner's own words; `RELEASED` is an operator who knows better. */
export const SCAN_VERDICTS = [
  'NO_THREATS_FOUND',
  'THREATS_FOUND',
  'UNSUPPORTED',
  'ACCESS_DENIED',
  'FAILED',
  'RELEASED',
] as const;
export type ScanVerdict = (typeof SCAN_VERDICTS)[number];

/** A verdict and the moment it was given: the later one counts, in whatever order they come. */
export interface Scan {
  readonly verdict: ScanVerdict;
  readonly at: Instant;
}

/** Whether an upload may be opened: where nothing is scanned always, else only when it is clean or was released. */
export const mayBeRead = (scan: Scan | undefined): boolean =>
  scan === undefined || scan.verdict === 'NO_THREATS_FOUND' || scan.verdict === 'RELEASED';

/** An upload that can still be held or let go. */
type Held = Extract<Delivery, { status: 'RECEIVED' | 'QUARANTINED' }>;

/** The delivery under another verdict. A new round is a new execution of its workflow. */
const moved = (delivery: Held, scan: Scan, status: Held['status']): Delivery => {
  const { status: before, ...source } = delivery;
  return { ...source, status, scan, round: (delivery.round ?? 1) + (status === before ? 0 : 1) };
};

/**
 * What a verdict makes of a delivery: the delivery as it must be stored; `undefined` when nothing changes (told twice, told
 * late, or of the same kind); `TOO_LATE` for a threat in a file that was opened already. At the same moment the
 * verdict that holds the file counts. A file that was erased stays held.
 */
export const judged = (delivery: Delivery, scan: Scan): Delivery | 'TOO_LATE' | undefined => {
  const known = delivery.scan;
  const isNews =
    known === undefined ||
    scan.at > known.at ||
    (scan.at === known.at && known.verdict === 'NO_THREATS_FOUND' && !mayBeRead(scan));
  if (!isNews || (delivery.status === 'QUARANTINED' && delivery.erased)) return undefined;
  if (mayBeRead(scan)) return delivery.status === 'QUARANTINED' ? moved(delivery, scan, 'RECEIVED') : undefined;
  return delivery.status === 'RECEIVED' || delivery.status === 'QUARANTINED'
    ? moved(delivery, scan, 'QUARANTINED')
    : 'TOO_LATE';
};
