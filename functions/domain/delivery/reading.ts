import type { DeliveringParty, UploadLimits } from '../agreement/configuration.ts';
import type { PartnerId } from '../ids.ts';
import { type DeliveryColumn, deliveryContract } from './columns.ts';
import { decodeText, type Sniffed, sniffer } from './decode.ts';
import type { FileRejection, Findings, RowRejection } from './delivery.ts';
import { delimiterOf, headerOf } from './dialect.ts';
import { FileRefused } from './file-refused.ts';
import type { ColumnMapping } from './mapping.ts';
import { type GoodRow, type RowContext, RowJudge } from './row.ts';
import { Fingerprint, SeenRows } from './seen-rows.ts';
import { Tallies } from './tally.ts';
import { type CsvRecord, recordsOf } from './tokenize.ts';
import { recordsOfWorkbook, WORKBOOK_LIMITS } from './workbook.ts';

/** An upload as it can be read: from its first byte, as often as asked. */
export interface DeliveryFile {
  readonly bytes: () => Promise<AsyncIterable<Uint8Array>>;
  readonly sizeBytes: number;
}

/** SHA-256 over pieces, which the domain cannot make itself. */
export interface Hash {
  update(bytes: Uint8Array): void;
  hex(): string;
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
export const examine = async (
  file: DeliveryFile,
  context: DeliveryContext,
  sha256: () => Hash,
  sink: RowSink,
): Promise<Examined> => {
  if (file.sizeBytes > context.limits.maxBytes) return { verdict: 'REFUSED', rejection: { code: 'FILE_TOO_LARGE' } };
  const { hash, sniffed } = await sniff(file, sha256());
  if (!sniffed.ok) return { verdict: 'REFUSED', sha256: hash, rejection: sniffed.error };
  try {
    return {
      verdict: 'READ',
      sha256: hash,
      ...(await new Pass(context, sink, Number.parseInt(hash.slice(0, 8), 16)).run(file, sniffed.value)),
    };
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return { verdict: 'REFUSED', sha256: hash, rejection: error.rejection };
  }
};

const sniff = async (file: DeliveryFile, sha256: Hash) => {
  const watch = sniffer();
  for await (const piece of await file.bytes()) {
    sha256.update(piece);
    watch.push(piece);
  }
  return { hash: sha256.hex(), sniffed: watch.finish() };
};

type Read = Omit<Extract<Examined, { verdict: 'READ' }>, 'verdict' | 'sha256'>;

/** The second reading: the records of a file, judged and counted. */
class Pass {
  private readonly context: DeliveryContext;
  private readonly sink: RowSink;
  private readonly seed: number;
  private readonly seen = new SeenRows();
  private readonly tallies = new Tallies();
  private mustErase = false;

  constructor(context: DeliveryContext, sink: RowSink, seed: number) {
    this.context = context;
    this.seed = seed;
    this.sink = sink;
  }

  async run(file: DeliveryFile, sniffed: Sniffed): Promise<Read> {
    const opened = sniffed.format === 'zip' ? await this.workbook(file) : await this.text(file, sniffed);
    let judge: RowJudge | undefined;
    let layout: FileLayout | undefined;
    for await (const records of opened.records) {
      let rows = records;
      if (judge === undefined || layout === undefined) {
        const [first, ...rest] = records;
        if (first === undefined) continue;
        ({ judge, layout } = this.header(first.cells, opened));
        await this.sink.begin(layout);
        rows = rest;
      }
      await this.sink.rows(this.judged(rows, judge));
    }
    if (layout === undefined) throw new FileRefused({ code: 'FILE_EMPTY' });
    return { layout, mustErase: this.mustErase, findings: this.tallies.findings };
  }

  private async text(file: DeliveryFile, sniffed: Extract<Sniffed, { format: 'text' }>): Promise<Opened> {
    const { mapping } = this.context.party;
    const contract = deliveryContract(this.context.own.size > 1, mapping);
    const delimiter = delimiterOf(sniffed.firstLine, contract, sniffed.declared);
    if (!delimiter.ok) throw new FileRefused(delimiter.error);
    const records = recordsOf(decodeText(await file.bytes(), sniffed.encoding), delimiter.value, sniffed.skipLines);
    return { format: 'csv', delimiter: delimiter.value, records, mapping };
  }

  private async workbook(file: DeliveryFile): Promise<Opened> {
    const { mapping } = this.context.party;
    // A number in a workbook is written as the party writes amounts: its rejections come back as text and read the same.
    const decimal = mapping?.amounts === 'komma' ? ',' : '.';
    const records = recordsOfWorkbook(() => file.bytes(), WORKBOOK_LIMITS, decimal);
    return { format: 'xlsx', delimiter: ';', records, mapping };
  }

  private header(cells: readonly string[], { format, delimiter, mapping }: Opened) {
    const header = headerOf<DeliveryColumn>(cells, deliveryContract(this.context.own.size > 1, mapping));
    if (!header.ok) throw new FileRefused(header.error);
    const names = header.value.own.map((place) => cells[place]?.replace(/^\uFEFF/, '').trim() ?? '');
    const layout: FileLayout = { format, delimiter, header: names };
    return { judge: new RowJudge(header.value, this.context, mapping, this.seed), layout };
  }

  private judged(records: readonly CsvRecord[], judge: RowJudge): readonly JudgedRow[] {
    const rows: JudgedRow[] = [];
    for (const { line, cells } of records) {
      if (this.tallies.read === this.context.limits.maxRows) throw new FileRefused({ code: 'TOO_MANY_ROWS' });
      const { outcome, partner, original, content, mustErase } = judge.judge(cells);
      this.mustErase ||= mustErase;
      rows.push(
        outcome.ok
          ? this.once(line, outcome.value, original, content)
          : this.refused({ line, ...outcome.error, original }, partner),
      );
    }
    return rows;
  }

  /** R-DEL-7: the same row again changes nothing; the same reference with other content is refused. */
  private once(line: number, row: GoodRow, original: readonly string[], content: Fingerprint): JudgedRow {
    const { partner } = row;
    switch (this.seen.see(new Fingerprint(this.seed).add(partner).add(row.reference), content)) {
      case 'other':
        return this.refused({ line, code: 'REFERENCE_TWICE', column: 'referentie', original }, partner);
      case 'same':
        this.tallies.duplicate(partner);
        return { verdict: 'duplicate', line, partner };
      case 'new':
        this.tallies.good(line, partner, row.action === 'melden' ? row.warnings : []);
        return { verdict: 'good', line, row, original };
    }
  }

  private refused(rejection: RowRejection, partner: PartnerId | undefined): JudgedRow {
    this.tallies.refused(rejection.line, partner, rejection);
    return { verdict: 'refused', ...(partner && { partner }), rejection };
  }
}

interface Opened {
  readonly format: FileLayout['format'];
  readonly delimiter: string;
  readonly records: AsyncIterable<readonly CsvRecord[]>;
  readonly mapping: ColumnMapping | undefined;
}
