import type {
  Delivery,
  DeliveryCounts,
  Findings,
  RowRejectionCode,
  RowResult,
  Tally,
  WarningCode,
} from '#domain/delivery/delivery.ts';
import { findingsKey, type Run, resultKey } from '#domain/delivery/places.ts';
import { NO_ROWS, type Processed } from '#domain/delivery/receipt.ts';
import { Gathered } from '#domain/delivery/tally.ts';
import { failure } from '#domain/failure.ts';
import type { MunicipalityCode, PartnerId } from '#domain/ids.ts';
import type { ObjectStore } from '#domain/ports.ts';
import { wholeText } from '#domain/whole-text.ts';

interface Ports {
  readonly objects: Pick<ObjectStore, 'read'>;
  readonly landingBucket: string;
}
type Validated = Extract<Delivery, { status: 'VALIDATED' }>;

/** The whole text of an object that must be there. */
export const textOf = async (objects: Ports['objects'], bucket: string, key: string): Promise<string> => {
  const bytes = await objects.read(bucket, key);
  if (bytes === undefined) throw failure('ResultMissing');
  return wholeText(bytes);
};

/** What became of the rows, chunk by chunk. */
export async function* resultsOf(
  { objects, landingBucket }: Ports,
  delivery: Run & Pick<Validated, 'chunks'>,
): AsyncGenerator<RowResult> {
  for (let chunk = 0; chunk < delivery.chunks; chunk += 1) {
    const text = await textOf(objects, landingBucket, resultKey(delivery, chunk));
    for (const line of text.split('\n')) if (line !== '') yield JSON.parse(line) as RowResult;
  }
}

/** What became of the rows of the whole, or of one partner. */
export interface Sums extends Processed {
  /** Where accepted signals went. */
  readonly municipalities: ReadonlySet<MunicipalityCode>;
}

class Part {
  private counts: DeliveryCounts;
  private readonly refusals: Gathered<RowRejectionCode>;
  private readonly warnings: Gathered<WarningCode>;
  private readonly municipalities = new Set<MunicipalityCode>();

  constructor({ read, refused, duplicates, refusals, warnings }: Tally) {
    this.counts = { ...NO_ROWS, read, refused, unchanged: duplicates };
    this.refusals = new Gathered(refusals);
    this.warnings = new Gathered(warnings);
  }

  add(row: RowResult): void {
    const { result } = row;
    const { accepted } = this.counts;
    if (result === 'corrected') this.counts = { ...this.counts, accepted: accepted + 1 };
    this.counts = { ...this.counts, [result]: this.counts[result] + 1 };
    if (row.result === 'refused') {
      this.refusals.add(row.rejection, row.line);
      for (const code of row.warnings ?? []) this.warnings.take({ code }, row.line);
    }
    if (row.result === 'accepted' || row.result === 'corrected') this.municipalities.add(row.municipality);
  }

  get sums(): Sums {
    const { counts, municipalities } = this;
    return { counts, refusals: this.refusals.findings, warnings: this.warnings.findings, municipalities };
  }
}

const NOTHING: Tally = { read: 0, refused: 0, duplicates: 0, refusals: [], warnings: [] };

export const NO_SUMS: Sums = new Part(NOTHING).sums;

/** Everything that became of the rows. `read` is what validation counted, so that a lost result shows. */
export const sumUp = async (
  ports: Ports,
  delivery: Validated,
): Promise<{
  readonly whole: Sums;
  readonly partners: ReadonlyMap<PartnerId, Sums>;
  /** Rows refused after validation. */
  readonly lateRefusals: number;
}> => {
  const findings = JSON.parse(await textOf(ports.objects, ports.landingBucket, findingsKey(delivery))) as Findings;
  const whole = new Part(findings.whole);
  const known = Object.entries(findings.partners) as [PartnerId, Tally][];
  const partners = new Map(known.map(([partner, tally]) => [partner, new Part(tally)]));
  let lateRefusals = 0;
  for await (const row of resultsOf(ports, delivery)) {
    const part = partners.get(row.partner) ?? new Part(NOTHING);
    partners.set(row.partner, part);
    whole.add(row);
    part.add(row);
    if (row.result === 'refused') lateRefusals += 1;
  }
  const parts = [...partners].map(([partner, part]) => [partner, part.sums] as const);
  return { whole: whole.sums, partners: new Map(parts), lateRefusals };
};
