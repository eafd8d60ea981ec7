import { describe, expect, it } from 'vitest';
import { Configuration } from '#domain/agreement/configuration.ts';
import type { Receipt } from '#domain/delivery/receipt.ts';
import type { Scan } from '#domain/delivery/scan.ts';
import { type DeliveryId, Instant } from '#domain/ids.ts';
import { checkDelivery } from '#functions/intake/check-delivery/check-delivery.ts';
import { closeDelivery } from '#functions/intake/close-delivery/close-delivery.ts';
import { routeSignals } from '#functions/intake/route-signals/route-signals.ts';
import { validateDelivery } from '#functions/intake/validate-delivery/validate-delivery.ts';
import { everyOrder } from '../support/memory/interleave.ts';
import { crashAt, type MemoryPorts } from '../support/memory/ports.ts';
import { configuration } from './configuration.ts';
import { csvOf, goodRow, Pipeline, type Row } from './pipeline.ts';

/** An agency with two partners: of each two rows that validation refuses, and of one a row that routing refuses. */
const jansen = (over: Row) => goodRow({ partner: 'jansen-vastgoed', achternaam: 'VanJansen', ...over });
const deVries = (over: Row) => goodRow({ partner: 'de-vries-verhuur', achternaam: 'VanDeVries', ...over });
const FILE = csvOf([
  jansen({ referentie: 'J-1', bedrag: '1.234' }),
  deVries({ referentie: 'V-1', bedrag: '1.234' }),
  jansen({ referentie: 'J-2', bedrag: '0' }),
  deVries({ referentie: 'V-2', bedrag: '0' }),
  jansen({ referentie: 'J-3', bedrag: '50' }),
  jansen({ referentie: 'J-4', actie: 'intrekken', reden: 'betaald' }),
]);

/** What an operator loads in between: other reasons for the same rows, so that they take other bytes. */
const otherwise: Configuration = Configuration.parse({
  ...configuration,
  deliveringParties: configuration.deliveringParties.map((party) =>
    party.id === 'incasso-west'
      ? { ...party, mapping: { columns: [], words: [], fixed: [], defaults: [], amounts: 'punt' } }
      : party,
  ),
});

const route = async (ports: MemoryPorts, deliveryId: DeliveryId): Promise<void> => {
  const delivery = await ports.deliveries.get(deliveryId);
  if (delivery?.status !== 'VALIDATED') return;
  for (let chunk = 0; chunk < delivery.chunks; chunk += 1) await routeSignals(ports, { deliveryId, chunk });
};

const textOf = (ports: MemoryPorts, owner: string, id: DeliveryId, name: string): string =>
  ports.objects.text('exchange', `partners/${owner}/deliveries/${id}/${name}`) ?? '';

const receiptOf = (ports: MemoryPorts, owner: string, id: DeliveryId): Receipt =>
  JSON.parse(textOf(ports, owner, id, 'receipt.json')) as Receipt;

/** Line numbers of the file in a rejection file, in order. */
const linesOf = (ports: MemoryPorts, owner: string, id: DeliveryId): readonly string[] =>
  textOf(ports, owner, id, 'rejected.csv')
    .split('\r\n')
    .slice(1, -1)
    .map((line) => line.split(';')[0] ?? '');

/** A delivery of the agency that was received. */
const received = async (): Promise<{ readonly ports: MemoryPorts; readonly deliveryId: DeliveryId }> => {
  const pipeline = new Pipeline();
  return { deliveryId: await pipeline.put('incasso-west', FILE), ports: pipeline.ports };
};
const { deliveryId } = await received();

const asItMustBe = (ports: MemoryPorts): void => {
  expect(linesOf(ports, 'incasso-west', deliveryId)).toEqual(['2', '3', '4', '5', '7']);
  expect(linesOf(ports, 'jansen-vastgoed', deliveryId)).toEqual(['2', '4', '7']);
  expect(linesOf(ports, 'de-vries-verhuur', deliveryId)).toEqual(['3', '5']);
  expect(textOf(ports, 'jansen-vastgoed', deliveryId, 'rejected.csv')).not.toMatch(/V-\d|VanDeVries/);
  expect(textOf(ports, 'de-vries-verhuur', deliveryId, 'rejected.csv')).not.toMatch(/J-\d|VanJansen/);
  expect(receiptOf(ports, 'incasso-west', deliveryId).counts).toMatchObject({ read: 6, accepted: 1, refused: 5 });
  expect(receiptOf(ports, 'de-vries-verhuur', deliveryId).counts).toMatchObject({ read: 2, refused: 2 });
  expect(ports.objects.keys('landing').filter((key) => key.startsWith('work/'))).toEqual([]);
};

describe('[R-DEL-1] the first write whose answer gets lost', () => {
  it('meets itself when it is tried again, and its rows are not taken away', async () => {
    const { ports, deliveryId } = await received();
    const twice: MemoryPorts['deliveries']['save'] = async (delivery, allowed) => {
      await ports.deliveries.save(delivery, allowed);
      return ports.deliveries.save(delivery, allowed);
    };
    const deliveries = { get: (id: DeliveryId) => ports.deliveries.get(id), save: twice };
    expect(await validateDelivery({ ...ports, deliveries }, { deliveryId })).toEqual({ verdict: 'ROUTE', chunks: 1 });
    await route(ports, deliveryId);
    expect(await closeDelivery(ports, { deliveryId })).toMatchObject({ read: 6, accepted: 1, refused: 5 });
  });
});

describe('two validations of one delivery, with another configuration in between', () => {
  const validate = (ports: MemoryPorts) => validateDelivery(ports, { deliveryId });
  const setup = async () => (await received()).ports;

  it('[R-AGR-5][R-DEL-1] the slow one changes nothing after the other closed: no row is lost, none goes to another', async () => {
    const bytes = new Set<number>();
    const orders = await everyOrder(
      setup,
      validate,
      async (ports) => {
        await ports.configuration.replace(otherwise);
        await validate(ports);
        await route(ports, deliveryId);
        await closeDelivery(ports, { deliveryId });
      },
      (ports) => {
        asItMustBe(ports);
        bytes.add(textOf(ports, 'de-vries-verhuur', deliveryId, 'rejected.csv').length);
      },
    );
    expect(orders).toBeGreaterThan(15);
    // Either may be the first that is through.
    expect(bytes.size).toBe(2);
  });

  it('[R-AGR-5][R-DEL-1] nor between the other and the closing', async () => {
    await everyOrder(
      setup,
      validate,
      async (ports) => {
        await ports.configuration.replace(otherwise);
        await validate(ports);
      },
      async (ports) => {
        await route(ports, deliveryId);
        await closeDelivery(ports, { deliveryId });
        asItMustBe(ports);
      },
    );
  });
});

describe('what lies in work/', () => {
  it('[R-AGR-5] a rejection file that is not as long as is known of it is not cut', async () => {
    for (const [file, spoil] of [
      ['rejected.csv', (text: string) => `${text}x`],
      ['rejected-runs.json', (text: string) => text.replace('"lengths":[', '"lengths":[1,')],
    ] as const) {
      const { ports } = await received();
      await validateDelivery(ports, { deliveryId });
      await route(ports, deliveryId);
      const key = `work/${deliveryId}/0000000001/${file}`;
      await ports.objects.put('landing', key, spoil(ports.objects.text('landing', key) ?? ''));
      await expect(closeDelivery(ports, { deliveryId })).rejects.toMatchObject({ name: 'RejectionsDiffer' });
      expect(ports.objects.keys('exchange')).toEqual([]);
      expect(await ports.deliveries.get(deliveryId)).toMatchObject({ status: 'VALIDATED' });
    }
  });

  it('[R-DEL-3] a file refused half-way leaves no row behind, and neither does one that stopped half-way', async () => {
    const good = Array.from({ length: 600 }, (_, n) => goodRow({ referentie: `R-${n}` }));
    const pipeline = new Pipeline();
    const { ports } = pipeline;
    const id = await pipeline.put('elan-wonen', `${csvOf([...good, goodRow({ bezwaar: 'j' })])}"nooit gesloten`);
    const { objects } = ports;
    const { write } = objects;
    let writes = 0;
    objects.write = (...args) => {
      writes += 1;
      return writes === 2 ? Promise.reject(new Error('stopped')) : write.apply(objects, args);
    };
    await expect(validateDelivery(ports, { deliveryId: id })).rejects.toThrow('stopped');
    const inWork = () => objects.keys('landing').filter((key) => key.startsWith('work/'));
    expect(inWork()).toEqual([]);
    expect(await validateDelivery(ports, { deliveryId: id })).toEqual({ verdict: 'REFUSED', chunks: 0 });
    expect(writes).toBeGreaterThan(3);
    expect(inWork()).toEqual([]);
    expect(objects.keys('exchange')).toEqual([]);
  });
});

describe('two closings of one delivery', () => {
  it('[R-DEL-1] say the same, of one moment', async () => {
    const orders = await everyOrder(
      async () => {
        const { ports } = await received();
        await validateDelivery(ports, { deliveryId });
        await route(ports, deliveryId);
        return ports;
      },
      (ports) => closeDelivery(ports, { deliveryId }),
      async (ports) => {
        ports.clock.set('2026-04-01T08:20:00.000Z');
        await closeDelivery(ports, { deliveryId });
      },
      async (ports) => {
        const stored = await ports.deliveries.get(deliveryId);
        if (stored?.status !== 'CLOSED') throw new Error('not closed');
        for (const owner of ['incasso-west', 'jansen-vastgoed', 'de-vries-verhuur'])
          expect(receiptOf(ports, owner, deliveryId).closedAt).toBe(stored.closedAt);
        expect(linesOf(ports, 'incasso-west', deliveryId)).toEqual(['2', '3', '4', '5', '7']);
        expect(linesOf(ports, 'jansen-vastgoed', deliveryId)).toEqual(['2', '4', '7']);
        expect(ports.objects.keys('landing').filter((key) => key.startsWith('work/'))).toEqual([]);
        const mailed = ports.mailer.sent.map(({ to }) => to);
        expect(new Set(mailed).size).toBe(3);
        // Only both between looking for the mark and setting it.
        expect(mailed.length).toBeLessThanOrEqual(4);
      },
    );
    expect(orders).toBeGreaterThan(30);
  });

  it('[R-DEL-1] of a file refused as a whole too', async () => {
    await everyOrder(
      async () => {
        const { ports } = await received();
        await ports.deliveries.save(
          {
            ...(await ports.deliveries.get(deliveryId)),
            status: 'REFUSED',
            rejection: { code: 'FILE_EMPTY' },
          } as never,
          ['RECEIVED'],
        );
        return ports;
      },
      (ports) => closeDelivery(ports, { deliveryId }),
      async (ports) => {
        ports.clock.set('2026-04-01T08:20:00.000Z');
        await closeDelivery(ports, { deliveryId });
      },
      async (ports) => {
        const stored = await ports.deliveries.get(deliveryId);
        expect(stored).toMatchObject({ closedAt: receiptOf(ports, 'incasso-west', deliveryId).closedAt });
      },
    );
  });
});

describe('a mail that fails for ever', () => {
  const failing = (ports: MemoryPorts, to: string): (() => void) => {
    const { mailer } = ports;
    const { send } = mailer;
    mailer.send = (mail) =>
      mail.to === to
        ? Promise.reject(Object.assign(new Error(), { name: 'ServiceUnavailable' }))
        : send.call(mailer, mail);
    return () => {
      mailer.send = send;
    };
  };

  it.each(['team@incasso-west.example.nl', 'team@jansen-vastgoed.example.nl', 'team@de-vries-verhuur.example.nl'])(
    '[R-DEL-3][R-DEL-6] keeps no upload, no file and no other mail back: %s',
    async (to) => {
      const pipeline = new Pipeline();
      const { ports } = pipeline;
      const body = csvOf([jansen({ referentie: 'J-1', bezwaar: 'j' }), deVries({ referentie: 'V-1' })]);
      const id = await pipeline.put('incasso-west', body);
      const heal = failing(ports, to);
      for (let tries = 0; tries < 3; tries += 1)
        await expect(pipeline.run(id)).rejects.toMatchObject({ name: 'ServiceUnavailable' });
      expect(ports.objects.keys('landing')).toEqual([]);
      expect(await ports.deliveries.get(id)).toMatchObject({ status: 'CLOSED', mustErase: true });
      for (const owner of ['incasso-west', 'jansen-vastgoed', 'de-vries-verhuur'])
        expect(receiptOf(ports, owner, id)).toMatchObject({ verdict: 'verwerkt' });
      expect(ports.mailer.sent).toHaveLength(2);
      heal();
      expect(await pipeline.run(id)).toMatchObject({ read: 2, refused: 2, mail: 'sent', mailsRefused: 0 });
      expect(ports.mailer.sent.map((mail) => mail.to).toSorted()).toEqual([
        'team@de-vries-verhuur.example.nl',
        'team@incasso-west.example.nl',
        'team@jansen-vastgoed.example.nl',
      ]);
    },
  );

  it('[R-AGR-5] not even that of the last of many partners', async () => {
    const [landlord] = configuration.partners;
    const partners = Array.from({ length: 20 }, (_, n) => ({
      ...landlord,
      id: `verhuurder-${n}`,
      contact: { name: 'Team', email: `team@verhuurder-${n}.example.nl` },
    }));
    const [agency] = configuration.deliveringParties.filter(({ id }) => id === 'incasso-west');
    const many = Configuration.parse({
      ...configuration,
      partners,
      deliveringParties: [{ ...agency, partners: partners.map(({ id }) => id) }],
      agreements: [],
    });
    const pipeline = new Pipeline(undefined, many);
    const { ports } = pipeline;
    const id = await pipeline.put('incasso-west', csvOf(partners.map((partner) => goodRow({ partner: partner.id }))));
    failing(ports, 'team@incasso-west.example.nl');
    await expect(pipeline.run(id)).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(ports.mailer.sent.map(({ to }) => to).toSorted()).toEqual(
      partners.map(({ contact }) => contact.email).toSorted(),
    );
  });

  it('a mail that is refused is counted, also when it is to a partner', async () => {
    const { ports } = await received();
    ports.mailer.refusing.add('team@jansen-vastgoed.example.nl');
    await validateDelivery(ports, { deliveryId });
    await route(ports, deliveryId);
    const closing = { mail: 'sent', mailsRefused: 1 };
    expect(await closeDelivery(ports, { deliveryId })).toMatchObject(closing);
    expect(await closeDelivery(ports, { deliveryId })).toMatchObject(closing);
    expect(ports.mailer.sent).toHaveLength(2);
  });

  it('[R-DEL-11] keeps no upload of a dry run, and is sent when the event comes again', async () => {
    const { ports, upload } = await dropped();
    const heal = failing(ports, 'team@elan-wonen.example.nl');
    await expect(checkDelivery(ports, upload)).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(ports.objects.keys('landing')).toEqual([]);
    heal();
    const late = { outcome: 'gone', read: 0, refused: 0 };
    expect(await checkDelivery(ports, upload)).toEqual({ ...late, mail: 'sent' });
    expect(await checkDelivery(ports, upload)).toEqual({ ...late, mail: 'none' });
    expect(ports.mailer.sent).toHaveLength(1);
    expect(ports.mailer.sent[0]?.text).toContain('- Afgekeurd: 1');
  });
});

/** A dry run of one good row and one refused row. */
const dropped = async () => {
  const { ports } = new Pipeline();
  const key = 'check/elan-wonen/proef.csv';
  const versionId = await ports.objects.put('landing', key, csvOf([goodRow(), goodRow({ bedrag: '0' })]));
  return { ports, upload: { bucket: 'landing', key, versionId } };
};

describe('a dry run', () => {
  const answers = (ports: MemoryPorts): readonly string[] =>
    ports.objects.keys('exchange').map((key) => key.split('/').at(-1) ?? '');
  const answerOf = (ports: MemoryPorts): Receipt => {
    const key = ports.objects.keys('exchange').find((each) => each.endsWith('/receipt.json')) ?? '';
    return JSON.parse(ports.objects.text('exchange', key) ?? 'null') as Receipt;
  };
  const clean: Scan = { verdict: 'NO_THREATS_FOUND', at: Instant.parse('2026-04-01T08:00:00.000Z') };
  const threat: Scan = { verdict: 'THREATS_FOUND', at: Instant.parse('2026-04-01T08:01:00.000Z') };

  it.each([
    ['a clean verdict under way, a threat later', clean, threat],
    ['a threat under way, an older clean verdict beside it', threat, clean],
  ])('[R-DEL-11] %s: the latest verdict is the answer', async (_, slow, other) => {
    const { upload } = await dropped();
    let outcome = '';
    let held = 0;
    await everyOrder(
      async () => (await dropped()).ports,
      (ports) => checkDelivery(ports, { ...upload, scan: slow }),
      async (ports) => {
        outcome = (await checkDelivery(ports, { ...upload, scan: other })).outcome;
      },
      (ports, order) => {
        const { verdict, file } = answerOf(ports);
        expect(ports.objects.keys('landing'), order).toEqual([]);
        expect(ports.mailer.sent.length, order).toBeGreaterThanOrEqual(1);
        const kept = [verdict, file?.code, ...answers(ports)];
        // The first was through before the other was heard: there is nothing left to hold.
        if (slow === clean && outcome === 'gone') {
          expect(kept, order).toEqual(['gecontroleerd', undefined, 'receipt.html', 'receipt.json', 'rejected.csv']);
          return;
        }
        held += 1;
        if (verdict === 'geweigerd')
          expect(kept, order).toEqual(['geweigerd', 'FILE_IN_QUARANTINE', 'receipt.html', 'receipt.json']);
        // The clean one came first, and was through before the threat was looked at.
        else expect([slow, outcome, order]).toEqual([threat, 'checked', expect.stringMatching(/call [1-3] /)]);
      },
    );
    expect(held).toBeGreaterThan(8);
  });

  it('[R-DEL-11] stopped at any call, the event again: one answer, no upload, and the mail was sent', async () => {
    const { upload, ports: counted } = await dropped();
    const counting = crashAt(counted, 0);
    await checkDelivery(counting.ports, upload);
    const wanted = answerOf(counted);
    expect(wanted).toMatchObject({ verdict: 'gecontroleerd', counts: { read: 2, accepted: 1, refused: 1 } });
    for (let n = 1; n <= counting.calls(); n += 1)
      for (const when of ['before', 'after'] as const) {
        const { ports } = await dropped();
        await expect(checkDelivery(crashAt(ports, n, when).ports, upload)).rejects.toMatchObject({
          name: 'TransientFailure',
        });
        await checkDelivery(ports, upload);
        expect(answerOf(ports), `${when} ${n}`).toEqual(wanted);
        expect(answers(ports), `${when} ${n}`).toEqual(['receipt.html', 'receipt.json', 'rejected.csv']);
        expect(ports.objects.keys('landing'), `${when} ${n}`).toEqual([]);
        expect(new Set(ports.mailer.sent.map(({ text }) => text)).size, `${when} ${n}`).toBe(1);
      }
  });

  it('[R-DEL-11] its marks go by themselves, after its answer went', async () => {
    const { ports, upload } = await dropped();
    await checkDelivery(ports, upload);
    const marks = [...ports.marks.items.keys()].map((name) => [name.split('#')[1], ports.marks.ends.get(name)]);
    // Thirty days after 1 April, at midnight in Amsterdam.
    expect(marks).toEqual([
      ['verdict', '2026-04-30T22:00:00.000Z'],
      ['mail', '2026-04-30T22:00:00.000Z'],
    ]);
  });
});
