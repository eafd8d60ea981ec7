import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '#domain/delivery/delivery.ts';
import type { Scan, ScanVerdict } from '#domain/delivery/scan.ts';
import { type DeliveryId, Instant } from '#domain/ids.ts';
import { closeDelivery } from '#functions/intake/close-delivery/close-delivery.ts';
import { receiveUpload } from '#functions/intake/receive-upload/receive-upload.ts';
import { validateDelivery } from '#functions/intake/validate-delivery/validate-delivery.ts';
import { everyOrder } from '../support/memory/interleave.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory/ports.ts';
import { survivesEveryCrash } from '../support/memory/replay.ts';
import { configuration } from './configuration.ts';

const KEY = 'inbox/elan-wonen/lijst.csv';
const FILE = 'referentie;achternaam;postcode;huisnummer;bedrag;vervaldatum;sociale_incasso;bezwaar\n';
/** The scan's own clock: so many seconds past nine in Amsterdam. */
const moment = (second: number): Instant => Instant.parse(`2026-04-01T07:00:${String(second).padStart(2, '0')}.000Z`);
const says = (verdict: ScanVerdict, second: number): Scan => ({ verdict, at: moment(second) });

/** A world with one upload that nobody heard of yet; an hour after the scans. */
class Upload {
  readonly ports = memoryPorts({ now: '2026-04-01T08:00:00.000Z', configuration });
  versionId = '';

  static async put(body = FILE): Promise<Upload> {
    const upload = new Upload();
    upload.versionId = await upload.ports.objects.put('landing', KEY, body);
    return upload;
  }
  get id(): DeliveryId {
    return this.ports.ids.deliveryId('landing', KEY, this.versionId);
  }
  event(scan: Scan) {
    return { bucket: 'landing', key: KEY, versionId: this.versionId, scan };
  }
  hear(scan: Scan, ports: MemoryPorts = this.ports) {
    return receiveUpload(ports, this.event(scan));
  }
  get stored(): Delivery {
    const found = this.ports.deliveries.items.get(this.id);
    if (found === undefined) throw new Error('nothing was registered');
    return found;
  }
  /** Rounds that were started. */
  get rounds(): readonly number[] {
    return [...this.ports.workflows.deliveries].map((name) => Number(name.slice(this.id.length + 1) || '1'));
  }
  get isThere(): boolean {
    return this.ports.objects.keys('landing').includes(KEY);
  }
}

const HOLDING = ['THREATS_FOUND', 'UNSUPPORTED', 'ACCESS_DENIED', 'FAILED'] as const;

describe('a verdict of the malware scan', () => {
  it('[R-PRI-6] clean goes on; size and moment of receipt are what S3 has, not when it was scanned', async () => {
    const upload = await Upload.put();
    expect(await upload.hear(says('NO_THREATS_FOUND', 30))).toEqual({ outcome: 'started', deliveryId: upload.id });
    expect(upload.stored).toMatchObject({
      status: 'RECEIVED',
      party: 'elan-wonen',
      sizeBytes: FILE.length,
      receivedAt: '2026-04-01T06:00:00.000Z',
      scan: { verdict: 'NO_THREATS_FOUND', at: '2026-04-01T07:00:30.000Z' },
    });
    expect(upload.rounds).toEqual([1]);
  });

  it.each(HOLDING)('[R-PRI-6] %s is held: it stays where it is, and its workflow tells the sender', async (verdict) => {
    const upload = await Upload.put();
    expect(await upload.hear(says(verdict, 30))).toEqual({ outcome: 'quarantined', deliveryId: upload.id });
    expect(upload.stored).toMatchObject({ status: 'QUARANTINED', scan: { verdict } });
    expect(upload.rounds).toEqual([1]);
    expect(upload.isThere).toBe(true);
  });

  const CLEAN = 'NO_THREATS_FOUND';
  const THREAT = 'THREATS_FOUND';
  it.each<[string, readonly (readonly [ScanVerdict, number])[], string, readonly number[]]>([
    [
      'clean twice starts once',
      [
        [CLEAN, 1],
        [CLEAN, 1],
      ],
      'RECEIVED',
      [1],
    ],
    [
      'clean by two scans starts once',
      [
        [CLEAN, 1],
        [CLEAN, 2],
      ],
      'RECEIVED',
      [1],
    ],
    [
      'a threat twice is told once',
      [
        [THREAT, 1],
        [THREAT, 1],
      ],
      'QUARANTINED',
      [1],
    ],
    [
      'a threat after clean stops it',
      [
        [CLEAN, 1],
        [THREAT, 2],
      ],
      'QUARANTINED',
      [1, 2],
    ],
    [
      'clean that comes late lets nothing go',
      [
        [THREAT, 2],
        [CLEAN, 1],
      ],
      'QUARANTINED',
      [1],
    ],
    [
      'a new scan lets it go',
      [
        ['FAILED', 1],
        [CLEAN, 2],
      ],
      'RECEIVED',
      [1, 2],
    ],
    [
      'what the old scan said holds it no more',
      [
        [THREAT, 1],
        [CLEAN, 2],
        [THREAT, 1],
      ],
      'RECEIVED',
      [1, 2],
    ],
    [
      'and it can be held again',
      [
        [THREAT, 1],
        [CLEAN, 2],
        [THREAT, 3],
      ],
      'QUARANTINED',
      [1, 2, 3],
    ],
    [
      'of two threats the later counts',
      [
        ['UNSUPPORTED', 1],
        [THREAT, 3],
        [CLEAN, 2],
      ],
      'QUARANTINED',
      [1],
    ],
    [
      'of two cleans the later counts',
      [
        [CLEAN, 1],
        [CLEAN, 3],
        [THREAT, 2],
      ],
      'RECEIVED',
      [1],
    ],
    [
      'at one moment the threat counts',
      [
        [CLEAN, 1],
        [THREAT, 1],
      ],
      'QUARANTINED',
      [1, 2],
    ],
    [
      'in either order',
      [
        [THREAT, 1],
        [CLEAN, 1],
      ],
      'QUARANTINED',
      [1],
    ],
  ])('[R-PRI-6] %s', async (_, verdicts, status, rounds) => {
    const upload = await Upload.put();
    for (const [verdict, second] of verdicts) await upload.hear(says(verdict, second));
    expect(upload.stored.status).toBe(status);
    expect(upload.rounds).toEqual(rounds);
  });

  it('[R-PRI-6] whatever order they come in, and however often, the latest verdict decides', async () => {
    const verdict = fc.constantFrom<ScanVerdict>(...HOLDING, CLEAN, CLEAN, CLEAN);
    const scan = fc.tuple(verdict, fc.integer({ min: 0, max: 6 }));
    await fc.assert(
      fc.asyncProperty(fc.array(scan, { minLength: 1, maxLength: 8 }), async (heard) => {
        const upload = await Upload.put();
        for (const [each, second] of heard) await upload.hear(says(each, second));
        const last = Math.max(...heard.map(([, second]) => second));
        const isClean = heard.every(([each, second]) => second < last || each === CLEAN);
        expect(upload.stored.status).toBe(isClean ? 'RECEIVED' : 'QUARANTINED');
        // Whatever it is now was started, and nothing was started twice.
        expect(upload.rounds.at(-1)).toBe(upload.stored.round ?? 1);
        expect(new Set(upload.rounds).size).toBe(upload.rounds.length);
      }),
    );
  });

  it('[R-PRI-6] two at once, in every order between two calls: the threat holds it, and that is told', async () => {
    for (const [first, second] of [
      [says(CLEAN, 1), says(THREAT, 2)],
      [says(THREAT, 2), says(CLEAN, 1)],
    ] as const)
      for (const before of [[], [says('FAILED', 0)]]) {
        let upload = await Upload.put();
        const setup = async () => {
          upload = await Upload.put();
          for (const scan of before) await upload.hear(scan);
          return upload.ports;
        };
        await everyOrder(
          setup,
          (ports) => upload.hear(first, ports),
          (ports) => upload.hear(second, ports),
          (_, order) => {
            expect(upload.stored, order).toMatchObject({ status: 'QUARANTINED', scan: says(THREAT, 2) });
            expect(upload.rounds, order).toContain(upload.stored.round ?? 1);
          },
        );
      }
  });

  it('[R-PRI-6] broken off anywhere and told again, it ends the same', async () => {
    for (const heard of [
      [says(CLEAN, 1)],
      [says(THREAT, 1)],
      [says(CLEAN, 1), says(THREAT, 2)],
      [says(THREAT, 1), says(CLEAN, 2)],
    ]) {
      let upload = await Upload.put();
      await survivesEveryCrash(
        async () => {
          upload = await Upload.put();
          for (const scan of heard.slice(0, -1)) await upload.hear(scan);
          return upload.ports;
        },
        (ports) => upload.hear(heard.at(-1) as Scan, ports),
      );
    }
  });

  it('[R-PRI-6] a threat in what was opened already is told, and changes nothing: no step opens the file again', async () => {
    const upload = await Upload.put();
    await upload.hear(says(CLEAN, 1));
    await validateDelivery(upload.ports, { deliveryId: upload.id });
    const before = upload.stored;
    expect(before.status).toBe('VALIDATED');
    expect(await upload.hear(says(THREAT, 2))).toEqual({ outcome: 'too late', deliveryId: upload.id });
    expect(upload.stored).toEqual(before);
    expect(await upload.hear(says(CLEAN, 3))).toMatchObject({ outcome: 'started' });
    expect(upload.rounds).toEqual([1]);
  });

  it('[R-PRI-6] a threat that comes while the file is read stops it before anything of it is routed', async () => {
    const upload = await Upload.put();
    await upload.hear(says(CLEAN, 1));
    const { ports } = upload;
    const reading = {
      ...ports,
      deliveries: Object.assign(Object.create(ports.deliveries), {
        save: async (...args: Parameters<typeof ports.deliveries.save>) => {
          await upload.hear(says(THREAT, 2));
          return ports.deliveries.save(...args);
        },
      }),
    };
    expect(await validateDelivery(reading, { deliveryId: upload.id })).toEqual({ verdict: 'REFUSED', chunks: 0 });
    expect(upload.stored.status).toBe('QUARANTINED');
  });

  it('where nothing is scanned all goes on; an event of S3 that comes after a verdict says nothing new', async () => {
    const upload = await Upload.put();
    const created = { bucket: 'landing', key: KEY, sizeBytes: 5, eventTime: '2026-04-01T06:00:00Z' };
    await upload.hear(says(THREAT, 1));
    expect(await receiveUpload(upload.ports, { ...created, versionId: upload.versionId })).toMatchObject({
      outcome: 'quarantined',
    });
    expect(upload.stored.status).toBe('QUARANTINED');
    const other = await Upload.put();
    await receiveUpload(other.ports, { ...created, versionId: other.versionId });
    expect(other.stored).toMatchObject({ status: 'RECEIVED', sizeBytes: 5 });
    await other.hear(says(THREAT, 1));
    expect(other.stored.status).toBe('QUARANTINED');
  });

  it('of an object that is gone before anybody heard of it fails by name, and is not passed over', async () => {
    const upload = await Upload.put();
    await upload.ports.objects.erase('landing', KEY, upload.versionId);
    await expect(upload.hear(says(CLEAN, 1))).rejects.toMatchObject({ name: 'UploadMissing' });
  });

  it('a folder made by hand is no delivery', async () => {
    const { ports } = await Upload.put();
    const versionId = await ports.objects.put('landing', 'inbox/elan-wonen/', '');
    const event = { bucket: 'landing', key: 'inbox/elan-wonen/', versionId, scan: says(CLEAN, 1) };
    expect(await receiveUpload(ports, event)).toEqual({ outcome: 'ignored' });
  });
});

describe('what is held', () => {
  const held = async (verdict: ScanVerdict = 'UNSUPPORTED') => {
    const upload = await Upload.put();
    await upload.hear(says(verdict, 1));
    return upload;
  };
  const run = async ({ ports, id }: Upload) => {
    await validateDelivery(ports, { deliveryId: id });
    return closeDelivery(ports, { deliveryId: id });
  };

  it('[R-DEL-1][R-PRI-6] is refused at once with what to do; not one byte of it is read', async () => {
    const upload = await held('THREATS_FOUND');
    const read: string[] = [];
    const { objects } = upload.ports;
    const watched = {
      ...upload.ports,
      objects: Object.assign(Object.create(objects), {
        read: (bucket: string, key: string) => {
          read.push(`${bucket}/${key}`);
          return objects.read(bucket, key);
        },
      }),
    };
    await validateDelivery(watched, { deliveryId: upload.id });
    expect(await closeDelivery(watched, { deliveryId: upload.id })).toMatchObject({
      verdict: 'geweigerd',
      reason: 'FILE_IN_QUARANTINE',
      mail: 'sent',
    });
    expect(read).toEqual([]);
    expect(upload.isThere).toBe(true);
    expect(upload.stored.status).toBe('QUARANTINED');
    const receipt = JSON.parse(
      objects.text('exchange', `partners/elan-wonen/deliveries/${upload.id}/receipt.json`) ?? '',
    );
    expect(receipt).toMatchObject({ verdict: 'geweigerd', file: { code: 'FILE_IN_QUARANTINE' } });
    expect(upload.ports.mailer.sent).toHaveLength(1);
    await run(upload);
    expect(upload.ports.mailer.sent).toHaveLength(1);
  });

  it('[R-PRI-6] goes on when an operator lets it go: a second execution, a second mail, the receipt of what was in it', async () => {
    const upload = await held();
    await run(upload);
    expect(await receiveUpload(upload.ports, { release: upload.id })).toEqual({
      outcome: 'started',
      deliveryId: upload.id,
    });
    expect(await receiveUpload(upload.ports, { release: upload.id })).toMatchObject({ outcome: 'started' });
    expect(upload.rounds).toEqual([1, 2]);
    expect(upload.stored).toMatchObject({ status: 'RECEIVED', scan: { verdict: 'RELEASED' }, round: 2 });
    expect(await upload.hear(says('UNSUPPORTED', 1))).toMatchObject({ outcome: 'started' });
    expect(await run(upload)).toMatchObject({ verdict: 'verwerkt', mail: 'sent' });
    expect(upload.ports.mailer.sent).toHaveLength(2);
    expect(await receiveUpload(upload.ports, { release: upload.id })).toEqual({ outcome: 'not held' });
  });

  it('[R-PRI-6] a newer scan holds again what an operator let go', async () => {
    const upload = await held();
    await receiveUpload(upload.ports, { release: upload.id });
    await upload.hear({ verdict: 'THREATS_FOUND', at: Instant.parse('2026-04-01T08:00:01.000Z') });
    expect(upload.stored).toMatchObject({ status: 'QUARANTINED', round: 3 });
  });

  it('[R-PRI-6] can be erased: the bytes go, the record stays, and nothing lets it go any more', async () => {
    const upload = await held('THREATS_FOUND');
    expect(await receiveUpload(upload.ports, { erase: upload.id })).toEqual({ outcome: 'erased' });
    expect(await receiveUpload(upload.ports, { erase: upload.id })).toEqual({ outcome: 'erased' });
    expect(upload.isThere).toBe(false);
    expect(await receiveUpload(upload.ports, { release: upload.id })).toEqual({ outcome: 'gone' });
    await upload.hear(says('NO_THREATS_FOUND', 9));
    expect(upload.stored).toMatchObject({ status: 'QUARANTINED', erased: true });
  });

  it('what is not held, or not known, or gone by itself, is not let go and not erased', async () => {
    const clean = await held('NO_THREATS_FOUND');
    for (const order of [{ release: clean.id }, { erase: clean.id }])
      expect(await receiveUpload(clean.ports, order)).toEqual({ outcome: 'not held' });
    expect(clean.isThere).toBe(true);
    const { ports } = await Upload.put();
    expect(await receiveUpload(ports, { release: clean.id })).toEqual({ outcome: 'not held' });
    const expired = await held();
    await expired.ports.objects.erase('landing', KEY, expired.versionId);
    expect(await receiveUpload(expired.ports, { release: expired.id })).toEqual({ outcome: 'gone' });
  });

  it('[R-PRI-6] let go and erased at once: it is one or the other, never let go without its bytes', async () => {
    for (const [first, second] of [
      ['release', 'erase'],
      ['erase', 'release'],
    ] as const) {
      let upload = await held();
      const order = (name: 'release' | 'erase') => (ports: MemoryPorts) =>
        receiveUpload(ports, name === 'release' ? { release: upload.id } : { erase: upload.id });
      await everyOrder(
        async () => {
          upload = await held();
          return upload.ports;
        },
        order(first),
        order(second),
        (_, when) => expect(upload.stored.status === 'RECEIVED', when).toBe(upload.isThere),
      );
    }
  });

  it('[R-PRI-6] an order that is broken off is given again and ends the same', async () => {
    for (const name of ['release', 'erase'] as const) {
      let upload = await held();
      await survivesEveryCrash(
        async () => {
          upload = await held();
          return upload.ports;
        },
        (ports) => receiveUpload(ports, name === 'release' ? { release: upload.id } : { erase: upload.id }),
      );
    }
  });
});

describe('keys that senders choose', () => {
  const part = fc.oneof(
    fc.constantFrom(
      '..',
      '.',
      '',
      '%2e%2e',
      '%2F',
      'elan-wonen',
      'Elan-Wonen',
      '__proto__',
      'partners',
      'work',
      '\n',
      '\u0000',
      'é',
      '\u202E',
      '-',
      'a-',
      '../../partners/ymere',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ minLength: 30, maxLength: 60 }),
  );
  const key = fc.array(part, { minLength: 1, maxLength: 40 }).map((parts) => `inbox/${parts.join('/')}`.slice(0, 1024));

  it('[R-DEL-1] name a party or `onbekend`, and no place of ours is ever made of them', async () => {
    await fc.assert(
      fc.asyncProperty(key, async (name) => {
        const ports = memoryPorts({ now: '2026-04-01T08:00:00.000Z', configuration });
        const versionId = await ports.objects.put('landing', name, 'geen lijst');
        const event = { bucket: 'landing', key: name, versionId, sizeBytes: 10, eventTime: '2026-04-01T07:00:00Z' };
        const received = await receiveUpload(ports, event);
        if (received.outcome !== 'started') throw new Error(received.outcome);
        const { deliveryId } = received;
        const [stored] = [...ports.deliveries.items.values()];
        const folder = name.split('/')[1] ?? '';
        const isParty = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(folder) && name.split('/').length > 2;
        expect(stored).toMatchObject({ deliveryId, key: name, party: isParty ? folder : 'onbekend' });
        expect([...ports.workflows.deliveries]).toEqual([deliveryId]);
        await validateDelivery(ports, { deliveryId });
        await closeDelivery(ports, { deliveryId });
        const place = `partners/${isParty ? folder : 'onbekend'}/deliveries/${deliveryId}/`;
        for (const written of ports.objects.keys('exchange')) expect(written.startsWith(place), written).toBe(true);
        expect(ports.objects.keys('exchange').length).toBeGreaterThan(0);
        expect(ports.objects.keys('landing').filter((each) => each !== name)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
