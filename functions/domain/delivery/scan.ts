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

/** Whether a verdict counts in the place of a known one: the later does, and of two at the same moment the one that holds. */
export const isNews = (scan: Scan, known: Scan | undefined): boolean =>
  known === undefined || scan.at > known.at || (scan.at === known.at && mayBeRead(known) && !mayBeRead(scan));

/**
 * What a verdict makes of a delivery: the delivery as it must be stored; `undefined` when it is no news; `TOO_LATE` for a
 * threat in a file that was opened already. The latest verdict counts, in whatever order they come; of two at the same
 * moment the one that holds the file. A file that was erased stays held.
 */
export const judged = (delivery: Delivery, scan: Scan): Delivery | 'TOO_LATE' | undefined => {
  const { scan: known, status } = delivery;
  if (!isNews(scan, known) || (status === 'QUARANTINED' && delivery.erased)) return undefined;
  if (status === 'RECEIVED' || status === 'QUARANTINED')
    return moved(delivery, scan, mayBeRead(scan) ? 'RECEIVED' : 'QUARANTINED');
  return mayBeRead(scan) ? undefined : 'TOO_LATE';
};
