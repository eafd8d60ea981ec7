import { describe, expect, it } from 'vitest';
import { checkChain, checker } from '#domain/certificate/verify.ts';
import { cryptography } from '#infra/cli/certificates.ts';
import {
  accepted,
  certificateLines,
  certificatesOf,
  certifyRows,
  chainLines,
  deliveryId,
} from '../support/certificates.ts';
import { configuration } from '../support/configuration.ts';
import { everyOrder } from '../support/memory/interleave.ts';
import { crashAt, type MemoryPorts, memoryPorts } from '../support/memory/ports.ts';

const fresh = (): MemoryPorts => memoryPorts({ configuration });
const rows = [accepted(1), accepted(2), accepted(3)];

/** Everything of it holds: each certificate, and the chain as published, which is the one in the table. */
const holds = (ports: MemoryPorts, deliveries: readonly number[]): void => {
  const chain = checkChain(chainLines(ports), cryptography);
  expect(chain.problems).toEqual([]);
  expect(chain.links).toBe(ports.chain.items.length);
  for (const n of deliveries) {
    expect(ports.chain.items.filter(({ statement }) => statement.deliveryId === deliveryId(n))).toHaveLength(1);
    const lines = certificateLines(ports, n);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(checker(cryptography, { chain })(line).problems).toEqual([]);
  }
};

describe('[R-DEL-10] certify', () => {
  it('says what stands of each accepted or corrected row, and of no other', async () => {
    const ports = fresh();
    await certifyRows(ports, 1, [
      accepted(1),
      { line: 3, result: 'unchanged', partner: accepted(1).partner },
      { line: 4, result: 'withdrawn', partner: accepted(1).partner },
      { ...accepted(2), result: 'corrected' },
      {
        line: 6,
        result: 'refused',
        partner: accepted(1).partner,
        rejection: { line: 6, code: 'TOO_EARLY', original: ['Jansen'] },
      },
    ]);
    const found = certificatesOf(ports, 1);
    expect(found.map(({ report }) => report.reference)).toEqual(['HC-1', 'HC-2']);
    expect(found[0]?.report).toEqual({
      signalId: '0000000000000001-2604',
      partner: { id: 'elan-wonen', name: 'Elan Wonen' },
      reference: 'HC-1',
      municipality: { code: '0392', name: 'Haarlem' },
      receivedAt: '2026-04-01T07:59:58.000Z',
      socialCollection: {
        reminder: '2026-01-10',
        contactAttempt: '2026-01-20',
        pointedAtDebtHelp: 'attested',
        announced: 'attested',
      },
      deliveryId: '00000000000000000000000001',
    });
    expect(found[0]?.statement).toEqual({
      schema: 'meldpunt/certificate/1',
      meldpunt: configuration.meldpunt,
      sequence: 1,
      previous: null,
      deliveryId: '00000000000000000000000001',
      receivedAt: '2026-04-01T07:59:58.000Z',
      signedAt: '2026-04-01T08:00:00.000Z',
      root: expect.stringMatching(/^[0-9a-f]{64}$/),
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    holds(ports, [1]);
  });

  it('writes nothing for a delivery without accepted rows', async () => {
    const ports = fresh();
    await certifyRows(ports, 1, [{ line: 2, result: 'unchanged', partner: accepted(1).partner }]);
    expect(ports.chain.items).toEqual([]);
    expect(ports.objects.keys('exchange')).toEqual([]);
  });

  it('[R-AGR-5] gives each partner its own and the agency all; one says nothing of another, nor of how much it has', async () => {
    const certified = async (others: number) => {
      const ports = fresh();
      const mine = [accepted(1), accepted(2)];
      const theirs = Array.from({ length: others }, (_, i) =>
        accepted(100 + i, { partner: 'pre-wonen', reference: `GEHEIM-${i}` }),
      );
      await certifyRows(ports, 1, [...theirs.slice(0, 1), ...mine, ...theirs.slice(1)], 'incasso');
      holds(ports, []);
      expect(certificateLines(ports, 1, 'incasso')).toHaveLength(2 + others);
      expect(certificateLines(ports, 1, 'pre-wonen')).toHaveLength(others);
      return certificatesOf(ports, 1, 'elan-wonen');
    };
    const [few, many] = [await certified(1), await certified(500)];
    for (const [small, large] of few.map((each, i) => [each, many[i]] as const)) {
      const text = JSON.stringify(large);
      expect(text).not.toMatch(/GEHEIM|pre-wonen|Pré/);
      expect(large?.report.party).toMatchObject({ id: 'incasso' });
      expect(large?.proof.length).toBe(small.proof.length);
    }
    expect(many.map(({ report }) => report.reference)).toEqual(['HC-1', 'HC-2']);
  });

  it('survives a crash before and after every call: the same certificates, one link', async () => {
    const calm = fresh();
    await certifyRows(calm, 1, rows);
    const wanted = certificateLines(calm, 1);
    const { ports: counted, calls } = crashAt(fresh(), 0);
    await certifyRows(counted, 1, rows);
    expect(calls()).toBeGreaterThanOrEqual(9);
    for (let n = 1; n <= calls(); n += 1)
      for (const when of ['before', 'after'] as const) {
        const ports = fresh();
        await expect(certifyRows(crashAt(ports, n, when).ports, 1, rows)).rejects.toMatchObject({
          name: 'TransientFailure',
        });
        // Somebody else comes in between, and it is later when it goes on.
        ports.clock.set('2026-04-01T08:05:00.000Z');
        await certifyRows(ports, 2, [accepted(9)]);
        await certifyRows(ports, 1, rows);
        holds(ports, [1, 2]);
        const [first] = ports.chain.items;
        if (first?.statement.deliveryId === deliveryId(1) && first.statement.signedAt < ports.clock.now())
          expect(certificateLines(ports, 1), `crash ${when} call ${n}`).toEqual(wanted);
      }
  });

  it('keeps moment and signature at a replay, also when names have changed since', async () => {
    const ports = fresh();
    await certifyRows(ports, 1, rows);
    const before = certificateLines(ports, 1);
    ports.clock.set('2026-04-02T08:00:00.000Z');
    await ports.configuration.replace({
      ...configuration,
      partners: configuration.partners.map((partner) => ({ ...partner, name: `${partner.name} BV` })),
    });
    await certifyRows(ports, 1, rows);
    expect(certificateLines(ports, 1)).toEqual(before);
    await certifyRows(ports, 2, [accepted(9)]);
    expect(certificatesOf(ports, 2)[0]?.report.partner.name).toBe('Elan Wonen BV');
  });

  it('refuses to certify other rows than those that were signed', async () => {
    const ports = fresh();
    await certifyRows(ports, 1, rows);
    await expect(certifyRows(ports, 1, [...rows, accepted(4)])).rejects.toMatchObject({ name: 'CertificatesDiffer' });
    expect(certificateLines(ports, 1)).toHaveLength(3);
  });

  it('two closings of one delivery, in every order, make one link and the same certificates', async () => {
    const orders = await everyOrder(
      fresh,
      (ports) => certifyRows(ports, 1, rows),
      (ports) => certifyRows(ports, 1, rows),
      (ports) => {
        expect(ports.chain.items).toHaveLength(1);
        holds(ports, [1]);
      },
    );
    expect(orders).toBeGreaterThan(8);
  });

  it('two deliveries, in every order, make two links that hang together', async () => {
    await everyOrder(
      fresh,
      (ports) => certifyRows(ports, 1, rows),
      (ports) => certifyRows(ports, 2, [accepted(8), accepted(9)]),
      (ports) => {
        expect(ports.chain.items.map(({ statement }) => statement.sequence)).toEqual([1, 2]);
        holds(ports, [1, 2]);
      },
    );
  });

  it('many closings at once wait their turn', async () => {
    const ports = fresh();
    await Promise.all([1, 2, 3, 4, 5].flatMap((n) => [1, 2].map(() => certifyRows(ports, n, [accepted(n)]))));
    expect(ports.chain.items).toHaveLength(5);
    holds(ports, [1, 2, 3, 4, 5]);
  });
});
