import type { Configuration } from '#domain/agreement/configuration.ts';
import { csvRow } from '#domain/delivery/csv.ts';
import type { Receipt } from '#domain/delivery/receipt.ts';
import type { DeliveryId } from '#domain/ids.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { type Closing, closeDelivery } from '#functions/intake/close-delivery/close-delivery.ts';
import { receiveUpload } from '#functions/intake/receive-upload/receive-upload.ts';
import { routeSignals } from '#functions/intake/route-signals/route-signals.ts';
import { validateDelivery } from '#functions/intake/validate-delivery/validate-delivery.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory/ports.ts';
import { configuration } from './configuration.ts';

export type Row = Readonly<Record<string, string>>;

/** A row on which every rule holds on 1 April 2026, in Haarlem. */
export const goodRow = (over: Row = {}): Row => ({
  referentie: 'HC-1',
  achternaam: 'Vreugdenhil',
  geboortedatum: '14-03-1981',
  straat: 'Grote Houtstraat',
  huisnummer: '12',
  toevoeging: '',
  postcode: '2011 SN',
  woonplaats: 'Haarlem',
  telefoon: '06 12345678',
  email: 'p.vreugdenhil@example.nl',
  bedrag: '1.234,56',
  vervaldatum: '01-01-2026',
  sociale_incasso: 'j',
  bezwaar: 'n',
  ...over,
});

export const csvOf = (rows: readonly Row[], delimiter = ';'): string => {
  const columns = [...new Set([goodRow(), ...rows].flatMap((row) => Object.keys(row)))];
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => csvRow(cells, delimiter))
    .join('');
};

/** The four use cases of intake on memory ports, in the order of the delivery workflow. */
export class Pipeline {
  readonly ports: MemoryPorts;
  private minutes = 0;

  constructor(chunkBytes?: number, agreed: Configuration = configuration) {
    this.ports = memoryPorts({
      now: '2026-04-01T08:00:00.000Z',
      configuration: agreed,
      ...(chunkBytes === undefined ? {} : { chunkBytes }),
    });
  }

  /** Puts a file and registers it, a minute later than the one before. */
  async put(party: string, body: string | Uint8Array, name = 'lijst.csv', eventTime?: string): Promise<DeliveryId> {
    this.minutes += 1;
    const at = eventTime ?? `2026-04-01T08:${String(this.minutes).padStart(2, '0')}:00Z`;
    const key = `inbox/${party}/${name}`;
    const versionId = await this.ports.objects.put('landing', key, body);
    const upload = { bucket: 'landing', key, versionId, sizeBytes: body.length, eventTime: at };
    const received = await receiveUpload(this.ports, upload);
    if (received.outcome !== 'started') throw new Error('ignored');
    return received.deliveryId;
  }

  async run(deliveryId: DeliveryId, ports = this.ports): Promise<Closing> {
    const { verdict, chunks } = await validateDelivery(ports, { deliveryId });
    if (verdict === 'ROUTE')
      for (let chunk = 0; chunk < chunks; chunk++) await routeSignals(ports, { deliveryId, chunk });
    return closeDelivery(ports, { deliveryId });
  }

  async deliver(party: string, body: string | Uint8Array | readonly Row[]): Promise<Receipt> {
    const bytes = Array.isArray(body) ? csvOf(body as readonly Row[]) : (body as string | Uint8Array);
    const deliveryId = await this.put(party, bytes);
    await this.run(deliveryId);
    return this.receipt(party, deliveryId);
  }

  file(owner: string, deliveryId: string, name: string): string | undefined {
    return this.ports.objects.text('exchange', `partners/${owner}/deliveries/${deliveryId}/${name}`);
  }

  receipt(owner: string, deliveryId: string): Receipt {
    return JSON.parse(this.file(owner, deliveryId, 'receipt.json') ?? 'null') as Receipt;
  }

  signals(reference?: string): readonly Signal[] {
    const all = [...this.ports.signals.items.values()];
    return reference === undefined ? all : all.filter((signal) => signal.reference === reference);
  }
}
