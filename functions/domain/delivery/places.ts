import { base32 } from '../base32.ts';
import { DeliveryId, type MunicipalityCode, type RunId } from '../ids.ts';

/**
 * One id per object version: the same event gives the same id, and the id says nothing of the sender's file name. The
 * hash is given: who drops a file knows with this where its answer will lie.
 */
export const versionIdOf = (
  sha256: (text: string) => Uint8Array,
  bucket: string,
  key: string,
  versionId: string,
): DeliveryId => DeliveryId.parse(base32(sha256(JSON.stringify([bucket, key, versionId])), 26));

/** Object keys of a delivery. `work/` in the landing bucket lives a few days; `partners/` in the exchange bucket is theirs. */
const numbered = (name: string, chunk: number): string => `${name}-${String(chunk).padStart(5, '0')}.ndjson`;

/**
 * One reading of a delivery. Each has a folder of its own: a reading that was given up by its caller may still be at work,
 * and what it writes must not mix with that of the one that counts.
 */
export interface Run {
  readonly deliveryId: DeliveryId;
  readonly run: RunId;
}

/** All that is kept of a delivery until it closes. */
export const workFolder = (id: DeliveryId): string => `work/${id}/`;
export const runFolder = ({ deliveryId, run }: Run): string => `${workFolder(deliveryId)}${run}/`;

export const chunkKey = (run: Run, chunk: number): string => `${runFolder(run)}${numbered('chunk', chunk)}`;
export const resultKey = (run: Run, chunk: number): string => `${runFolder(run)}${numbered('result', chunk)}`;

/** What validation found (`Findings`), for the closing. */
export const findingsKey = (run: Run): string => `${runFolder(run)}findings.json`;

/** The rows that validation refused, as the party will read them. */
export const rejectedKey = (run: Run): string => `${runFolder(run)}rejected.csv`;

/** Of whom each stretch of those is (`RejectedRuns`), for the closing. */
export const rejectedRunsKey = (run: Run): string => `${runFolder(run)}rejected-runs.json`;

/** Days the files in `partners/` lie ready, counted from the day they were written. */
export const FILES_KEPT = 270;

type DeliveryFile = 'receipt.json' | 'receipt.html' | 'rejected.csv' | 'certificates.ndjson';
/** `owner`: a partner or a delivering party. */
export const deliveryFolder = (owner: string, id: DeliveryId): string => `partners/${owner}/deliveries/${id}/`;
export const deliveryFileKey = (owner: string, id: DeliveryId, file: DeliveryFile): string =>
  `${deliveryFolder(owner, id)}${file}`;

/** The answer to a dry run (R-DEL-11): a folder beside `partners/`, because it is kept for days only. */
export const checkFolder = (party: string, id: DeliveryId): string => `checks/${party}/${id}/`;
/** Days the answer to a dry run lies ready. */
export const CHECKS_KEPT = 27;
export const checkFileKey = (
  party: string,
  id: DeliveryId,
  file: Exclude<DeliveryFile, 'certificates.ndjson'>,
): string => `${checkFolder(party, id)}${file}`;

/** `preview.json` takes the place of all others when nothing was stored. */
type OutcomesFile = 'receipt.json' | 'answers.csv' | 'rejected.csv' | 'preview.json';
/** The answer to a file with outcomes; `onbekend` when its folder is no municipality's. */
export const outcomesFileKey = (
  municipality: MunicipalityCode | 'onbekend',
  id: DeliveryId,
  file: OutcomesFile,
): string => `municipalities/${municipality}/outcome-receipts/${id}/${file}`;

export const NDJSON = 'application/x-ndjson';
export const CSV = 'text/csv; charset=utf-8';
export const HTML = 'text/html; charset=utf-8';
export const JSON_TYPE = 'application/json';
