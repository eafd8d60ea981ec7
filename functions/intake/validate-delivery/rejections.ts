import type { RowRejection } from '#domain/delivery/delivery.ts';
import { JSON_TYPE, type Run, rejectedKey, rejectedRunsKey } from '#domain/delivery/places.ts';
import type { FileLayout } from '#domain/delivery/reading.ts';
import type { SenderWords } from '#domain/delivery/rejection.ts';
import { RejectionFile } from '#domain/delivery/rejection-file.ts';
import { type RejectedRuns, RunsOfOwners } from '#domain/delivery/rejection-runs.ts';
import type { PartnerId } from '#domain/ids.ts';
import type { ObjectStore } from '#domain/ports.ts';

interface Ports {
  readonly objects: Pick<ObjectStore, 'write'>;
  readonly landingBucket: string;
}

/**
 * The refused rows of a delivery, as the party will read them: the closing brings them to its folder and erases them here
 * (R-DEL-3). Beside them lies of which partner each stretch is, in bytes: the closing cuts the partners' parts without
 * reading a row (R-AGR-5).
 */
export class Rejections {
  private readonly ports: Ports;
  private readonly run: Run;
  private readonly file: RejectionFile;
  private readonly runs = new RunsOfOwners();

  /** `words`: the party's mapping, for what we say to it. */
  constructor(ports: Ports, run: Run, words: SenderWords = {}) {
    this.ports = ports;
    this.run = run;
    this.file = new RejectionFile(ports.objects, ports.landingBucket, rejectedKey(run), words);
  }

  open(layout: Pick<FileLayout, 'header'>): void {
    this.file.open(layout);
  }

  /** `partner`: whose row it is, as far as it names one of the party's. */
  async add(rejection: RowRejection, partner?: PartnerId): Promise<void> {
    const before = this.file.bytes;
    const bytes = await this.file.add(rejection);
    this.runs.add(this.file.bytes - before - bytes, undefined);
    this.runs.add(bytes, partner);
  }

  /** After the last row; answers the length of the file, 0 when there is none. */
  async close(): Promise<number> {
    const bytes = await this.file.close();
    const runs: RejectedRuns = this.runs.runs;
    const { objects, landingBucket } = this.ports;
    if (bytes > 0) await objects.write(landingBucket, rejectedRunsKey(this.run), JSON.stringify(runs), JSON_TYPE);
    return bytes;
  }

  /** The file is refused as a whole, or reading it failed: nothing is written. */
  async stop(): Promise<void> {
    await this.file.stop();
  }
}
