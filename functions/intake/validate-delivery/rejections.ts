import type { DeliverySource, RowRejection } from '#domain/delivery/delivery.ts';
import { deliveryFileKey, JSON_TYPE, rejectedRunsKey } from '#domain/delivery/places.ts';
import type { FileLayout } from '#domain/delivery/reading.ts';
import type { SenderWords } from '#domain/delivery/rejection.ts';
import { RejectionFile } from '#domain/delivery/rejection-file.ts';
import { type RejectedRuns, RunsOfOwners } from '#domain/delivery/rejection-runs.ts';
import type { PartnerId } from '#domain/ids.ts';
import type { ObjectStore } from '#domain/ports.ts';

interface Ports {
  readonly objects: Pick<ObjectStore, 'write'>;
  readonly landingBucket: string;
  readonly exchangeBucket: string;
}

/**
 * The refused rows of a delivery, in the party's own folder and nowhere else (R-DEL-3). Beside the chunks lies of which
 * partner each stretch of it is, in bytes: the closing cuts the partners' parts from it without reading a row (R-AGR-5).
 */
export class Rejections {
  private readonly ports: Ports;
  private readonly delivery: Pick<DeliverySource, 'deliveryId' | 'party'>;
  private readonly file: RejectionFile;
  private readonly runs = new RunsOfOwners();

  /** `words`: the party's mapping, for what we say to it. */
  constructor(ports: Ports, delivery: Pick<DeliverySource, 'deliveryId' | 'party'>, words: SenderWords = {}) {
    this.ports = ports;
    this.delivery = delivery;
    const key = deliveryFileKey(delivery.party, delivery.deliveryId, 'rejected.csv');
    this.file = new RejectionFile(ports.objects, ports.exchangeBucket, key, words);
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

  /** After the last row; answers the length of the party's file, 0 when there is none. */
  async close(): Promise<number> {
    const bytes = await this.file.close();
    const runs: RejectedRuns = this.runs.runs;
    if (bytes > 0)
      await this.ports.objects.write(
        this.ports.landingBucket,
        rejectedRunsKey(this.delivery.deliveryId),
        JSON.stringify(runs),
        JSON_TYPE,
      );
    return bytes;
  }

  /** The file is refused as a whole, or reading it failed: nothing is written. */
  async stop(): Promise<void> {
    await this.file.stop();
  }
}
