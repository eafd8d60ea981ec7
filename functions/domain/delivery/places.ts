import type { DeliveryId } from '../ids.ts';

/** Object keys of a delivery. `work/` in the landing bucket lives a few days; `partners/` in the exchange bucket is theirs. */
const numbered = (name: string, chunk: number): string => `${name}-${String(chunk).padStart(5, '0')}.ndjson`;

export const chunkKey = (id: DeliveryId, chunk: number): string => `work/${id}/${numbered('chunk', chunk)}`;
export const resultKey = (id: DeliveryId, chunk: number): string => `work/${id}/${numbered('result', chunk)}`;

type DeliveryFile = 'receipt.json' | 'rejected.csv' | 'certificates.ndjson';
/** `owner`: a partner or a delivering party. */
export const deliveryFileKey = (owner: string, id: DeliveryId, file: DeliveryFile): string =>
  `partners/${owner}/deliveries/${id}/${file}`;

export const NDJSON = 'application/x-ndjson';
export const CSV = 'text/csv; charset=utf-8';
export const JSON_TYPE = 'application/json';
