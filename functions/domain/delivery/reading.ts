import type { DeliveringParty, UploadLimits } from '../agreement/configuration.ts';
import type { PartnerId } from '../ids.ts';
import type { FileRejection, Findings, RowRejection } from './delivery.ts';
import type { GoodRow, RowContext } from './row.ts';

/** An upload as it can be read: from its first byte, as often as asked. */
export interface DeliveryFile {
  readonly bytes: () => Promise<AsyncIterable<Uint8Array>>;
  readonly sizeBytes: number;
}

/** What the reading asks of the platform: hashes, which the domain cannot make itself. */
export interface Hashes {
  /** SHA-256 over pieces. */
  readonly sha256: () => { update(bytes: Uint8Array): void; hex(): string };
  /** 128 bits or more over a text; same text, same answer. */
  readonly fingerprint: (text: string) => string;
}

/** What became of one row. */
export type JudgedRow =
  | {
      readonly verdict: 'good';
      readonly line: number;
      readonly row: GoodRow;
      /** The sender's own cells. */
      readonly original: readonly string[];
    }
  /** The same row stands earlier in the file (R-DEL-7). */
  | { readonly verdict: 'duplicate'; readonly line: number; readonly partner: PartnerId }
  | { readonly verdict: 'refused'; readonly partner?: PartnerId; readonly rejection: RowRejection };

/** How the file was written; what the rejection file repeats. */
export interface FileLayout {
  readonly format: 'csv' | 'xlsx';
  /** `;` for a workbook: its rejections are a CSV. */
  readonly delimiter: string;
  /** The sender's own column names, without those of our rejection file. */
  readonly header: readonly string[];
}

export interface DeliveryContext extends RowContext {
  readonly party: DeliveringParty;
  readonly limits: UploadLimits;
}

/** Where the rows go, batch by batch, in the order of the file. `begin` comes once, before the first batch. */
export interface RowSink {
  begin(layout: FileLayout): void | Promise<void>;
  rows(batch: readonly JudgedRow[]): void | Promise<void>;
}

export type Examined =
  | { readonly verdict: 'REFUSED'; readonly sha256?: string; readonly rejection: FileRejection }
  | {
      readonly verdict: 'READ';
      readonly sha256: string;
      readonly layout: FileLayout;
      /** The bytes must go: a BSN or somebody who objected is in them (R-DEL-3, R-DEL-6). */
      readonly mustErase: boolean;
      readonly findings: Findings;
    };

/**
 * Reads a delivery and judges every row: the one truth of the Lambda, the dry run and `meldpunt check` (R-DEL-1 to 7,
 * R-DEL-11). Reads the bytes twice: hash and kind of file, then rows. Memory is bounded by the limits, not by the file.
 * Rows already given to the sink do not count when the file is refused half-way.
 */
export type Examine = (
  file: DeliveryFile,
  context: DeliveryContext,
  hashes: Hashes,
  sink: RowSink,
) => Promise<Examined>;
