import { describe, expect, it } from 'vitest';
import { Configuration } from '#domain/agreement/configuration.ts';
import { partsOfCaseId } from '#domain/ids.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { assignSignal } from '#functions/casework/assign-signal/assign-signal.ts';
import { receiveOutcomes } from '#functions/casework/receive-outcomes/receive-outcomes.ts';
import { settleOutcome } from '#functions/casework/settle-outcome/settle-outcome.ts';
import { csvOf, goodRow, Pipeline, type Row } from '#test/intake/pipeline.ts';
import { configuration } from '#test/support/configuration.ts';
import { everyOrder } from '#test/support/memory/interleave.ts';
import type { MemoryPorts } from '#test/support/memory/ports.ts';
import { survivesEveryCrash } from '#test/support/memory/replay.ts';
import { drop, dropOnce, type Line, outcomesCsv, take, verdicts } from '#test/support/outcomes.ts';

const NO_RESIDENT = 'Persoon is geen inwoner (meer) in de gemeente';
const zandvoort = { overdracht_postcode: '2042 AB', overdracht_huisnummer: '3', overdracht_toevoeging: 'hs' } as const;
const amsterdam = { overdracht_postcode: '1012 JS', overdracht_huisnummer: '1' } as const;
const back = { overdracht_postcode: '2011 SN', overdracht_huisnummer: '12' } as const;

/** Reported in Haarlem on 1 April; today is 9 April, a Thursday. */
const reported = async (...parties: readonly string[]): Promise<Pipeline> => {
  const pipeline = new Pipeline();
  await pipeline.ports.configuration.replace(configuration);
  for (const party of parties.length > 0 ? parties : ['elan-wonen'])
    await pipeline.deliver(party, [goodRow({ referentie: `${party}-1` })]);
  for (const { caseId, signalId } of pipeline.signals()) await assignSignal(pipeline.ports, { caseId, signalId });
  pipeline.ports.clock.set('2026-04-09T10:00:00.000Z');
  return pipeline;
};
const portsOf = async (...parties: readonly string[]): Promise<MemoryPorts> => (await reported(...parties)).ports;

const at = (ports: MemoryPorts, code: string, partner = 'elan-wonen'): readonly Signal[] =>
  [...ports.signals.items.values()].filter(
    (signal) => signal.municipality === code && signal.partner === partner && signal.status !== 'WITHDRAWN',
  );
const one = (ports: MemoryPorts, code: string, partner?: string): Signal => {
  const [found, ...more] = at(ports, code, partner);
  if (!found || more.length > 0) throw new Error(`${more.length + (found ? 1 : 0)} signals in ${code}`);
  return found;
};
const living = (ports: MemoryPorts): readonly Signal[] =>
  [...ports.signals.items.values()].filter(({ status }) => ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED'].includes(status));
const pointsAt = (ports: MemoryPorts): readonly string[] =>
  [...ports.signals.arrears.values()].flatMap(({ cases }) =>
    Object.values(cases).map((place) => partsOfCaseId(place).municipality),
  );

const lineOf = (ports: MemoryPorts, line: Line): string => outcomesCsv({ zaak: one(ports, '0392').caseId, ...line });
const handOver = async (ports: MemoryPorts, line: Line = zandvoort) => take(ports, lineOf(ports, line));
/** The partner uploads once more, later than before. */
const deliver = async (ports: MemoryPorts, row: Row, minute = 30): Promise<void> => {
  const pipeline = new Pipeline();
  Object.assign(pipeline, { ports });
  const body = csvOf([goodRow({ referentie: 'elan-wonen-1', ...row })]);
  const delivery = await pipeline.put('elan-wonen', body, `lijst-${minute}.csv`, `2026-04-09T09:${minute}:00Z`);
  await pipeline.run(delivery);
};
const withdrawal: Row = { actie: 'intrekken', reden: 'betaald' };

describe('a person who moved away', () => {
  it('[R-ROU-4] goes on in the municipality of the new address, received there now, with history on both sides', async () => {
    const ports = await portsOf();
    const before = one(ports, '0392');
    const { id, receipt } = await handOver(ports, {
      ...zandvoort,
      overdracht_straat: 'Kostverlorenstraat',
      medewerker: 'sdv-2',
    });
    expect(receipt.answers).toEqual([
      { line: 2, target: before.caseId, verdict: 'verwerkt', notes: ['overgedragen aan de gemeente Zandvoort'] },
    ]);
    const here = one(ports, '0392');
    const there = one(ports, '0473');
    expect(here).toMatchObject({
      status: 'OUTCOME_KNOWN',
      version: before.version + 1,
      outcome: { result: NO_RESIDENT, date: '2026-04-09', maySuspend: false },
      address: { postcode: '2011SN', houseNumber: 12 },
    });
    expect(here.history.slice(-2)).toEqual([
      { kind: 'OUTCOME_RECORDED', at: '2026-04-09T10:00:00.000Z', source: id, by: 'sdv-2' },
      { kind: 'HANDED_OVER', at: '2026-04-09T10:00:00.000Z', source: there.caseId, by: 'sdv-2' },
    ]);
    expect(there).toMatchObject({
      status: 'RECEIVED',
      signalId: before.signalId,
      reference: 'elan-wonen-1',
      organisation: 'haarlem-zandvoort',
      agreement: 'zandvoort-elan-wonen',
      address: { postcode: '2042AB', houseNumber: 3, addition: 'hs', street: 'Kostverlorenstraat' },
      resident: before.resident,
      amountCents: 123_456,
      receivedAt: '2026-04-09T10:00:00.000Z',
      period: '2026-04',
      earlierOutcomes: [{ result: NO_RESIDENT }],
    });
    expect(there.caseId).toMatch(/^0473-2604-/);
    expect(there.history.map(({ kind, source }) => [kind, source])).toEqual([
      ['RECEIVED', before.delivery.deliveryId],
      ['HANDED_OVER', before.caseId],
    ]);
    expect(pointsAt(ports)).toEqual(['0473']);
    expect([...ports.workflows.signals.values()]).toContainEqual({ caseId: there.caseId, signalId: there.signalId });
  });

  it('[R-ROU-4][R-FLO-2] its terms count from the day it was handed over', async () => {
    const ports = await portsOf();
    await handOver(ports);
    const { terms } = await assignSignal(ports, one(ports, '0473'));
    expect(terms.map(({ kind, on }) => [kind, on])).toEqual([
      ['REMINDER', '2026-04-23'],
      // Ten business days after 9 April; King's day, the 27th, is no business day.
      ['FEEDBACK', '2026-04-23'],
      ['WARNING', '2026-05-04'],
      ['ESCALATION', '2026-05-07'],
      ['CLOSING', '2026-06-08'],
    ]);
  });

  it('[R-ROU-4][R-FEE-3] the partner hears that they are no resident, never where they went; then what comes of it there', async () => {
    const ports = await portsOf();
    await handOver(ports);
    await settleOutcome(ports, one(ports, '0392'));
    const told = () => [...ports.feedback.items.values()];
    expect(told()).toMatchObject([{ kind: 'OUTCOME', outcome: 'NO_RESIDENT', number: 1, municipality: '0392' }]);
    expect(JSON.stringify(told())).not.toMatch(/2042|0473|Zandvoort/);
    const accepted = {
      zaak: one(ports, '0473').caseId,
      resultaat: 'Vervolghulp en/of verwijzing',
      resultaat_datum: '09-04-2026',
    };
    expect((await take(ports, outcomesCsv(accepted), '0473')).answer).toMatchObject({ taken: 1 });
    await settleOutcome(ports, one(ports, '0473'));
    expect(told()).toMatchObject([
      { number: 1, outcome: 'NO_RESIDENT' },
      { number: 2, outcome: 'HELP_ACCEPTED', municipality: '0473', replaces: false },
    ]);
  });

  it('[R-ROU-4] the given municipality is checked, by code or name; the date may be given', async () => {
    const ports = await portsOf();
    const { receipt } = await handOver(ports, {
      ...zandvoort,
      overdracht_gemeente: '0473',
      resultaat: NO_RESIDENT,
      resultaat_datum: '08-04-2026',
    });
    expect(receipt.answers).toMatchObject([{ verdict: 'verwerkt' }]);
    expect(one(ports, '0392')).toMatchObject({ outcome: { date: '2026-04-08' } });
  });

  const changedAgreement = (change: object): Configuration =>
    Configuration.parse({
      ...configuration,
      agreements: configuration.agreements.map((each) =>
        each.id === 'zandvoort-elan-wonen' ? { ...each, ...change } : each,
      ),
    });
  it.each([
    ['er is geen overeenkomst tussen deze partner en de gemeente Amsterdam', amsterdam, configuration],
    [
      'er is geen overeenkomst tussen deze partner en de gemeente Utrecht',
      { overdracht_postcode: '3511 LN', overdracht_huisnummer: '5' },
      configuration,
    ],
    [
      'de overeenkomst is afgelopen tussen deze partner en de gemeente Zandvoort',
      zandvoort,
      changedAgreement({ validTo: '2026-04-08' }),
    ],
    [
      'de overeenkomst is nog niet ingegaan tussen deze partner en de gemeente Zandvoort',
      zandvoort,
      changedAgreement({ validFrom: '2026-04-10' }),
    ],
    [
      'de overeenkomst is nog niet getekend tussen deze partner en de gemeente Zandvoort',
      zandvoort,
      changedAgreement({ signedByMunicipality: undefined }),
    ],
    [
      'een ander meldpunt staat in de overeenkomst tussen deze partner en de gemeente Zandvoort',
      zandvoort,
      changedAgreement({ meldpunt: 'elders' }),
    ],
  ])('[R-ROU-4] without agreement there it is answered here, and said why: %s', async (why, address, agreed) => {
    const ports = await portsOf();
    await ports.configuration.replace(agreed);
    const { receipt } = await handOver(ports, address);
    expect(receipt.answers).toMatchObject([{ verdict: 'verwerkt', notes: [`niet overgedragen: ${why}`] }]);
    expect(one(ports, '0392')).toMatchObject({ status: 'OUTCOME_KNOWN', outcome: { result: NO_RESIDENT } });
    expect(ports.signals.items.size).toBe(1);
    expect(pointsAt(ports)).toEqual(['0392']);
  });

  it('[R-ROU-4][R-FLO-1] of a case each signal goes where its own partner may report', async () => {
    const ports = await portsOf('elan-wonen', 'ymere');
    const zaak = one(ports, '0392').caseId;
    expect(one(ports, '0392', 'ymere').caseId).toBe(zaak);
    expect(await verdicts(ports, { zaak, ...amsterdam })).toEqual([
      'verwerkt (geldt voor 2 signalen) (overgedragen aan de gemeente Amsterdam) (niet overgedragen: er is geen overeenkomst tussen deze partner en de gemeente Amsterdam)',
    ]);
    expect(at(ports, '0363', 'elan-wonen')).toEqual([]);
    expect(one(ports, '0363', 'ymere')).toMatchObject({ agreement: 'amsterdam-ymere', status: 'RECEIVED' });
    expect([one(ports, '0392'), one(ports, '0392', 'ymere')]).toMatchObject([
      { status: 'OUTCOME_KNOWN' },
      { status: 'OUTCOME_KNOWN' },
    ]);
  });

  it('[R-ROU-4] a closed case is opened again and handed over on one line; a wrong outcome is corrected into it', async () => {
    for (const extra of [{ heropenen: 'nieuwe informatie' }, { correctie: 'j' }]) {
      const ports = await portsOf();
      const zaak = one(ports, '0392').caseId;
      await take(ports, outcomesCsv({ zaak, resultaat: 'Inwoner is overleden', resultaat_datum: '08-04-2026' }));
      await settleOutcome(ports, one(ports, '0392'));
      expect((await handOver(ports, { ...zandvoort, ...extra })).receipt.answers).toMatchObject([
        { verdict: 'verwerkt', notes: expect.arrayContaining(['overgedragen aan de gemeente Zandvoort']) },
      ]);
      expect(one(ports, '0392')).toMatchObject({ status: 'OUTCOME_KNOWN', round: 2 });
      expect(one(ports, '0473').earlierOutcomes.map(({ result }) => result)).toEqual([
        'Inwoner is overleden',
        NO_RESIDENT,
      ]);
    }
  });

  it('[R-ROU-4] once gone it is not corrected or opened again here', async () => {
    const ports = await portsOf();
    await handOver(ports);
    const zaak = one(ports, '0392').caseId;
    const wrong = { zaak, resultaat: 'Inwoner is overleden', resultaat_datum: '09-04-2026' };
    expect(await verdicts(ports, { ...wrong, correctie: 'j' }, wrong)).toEqual([
      'afgekeurd HANDED_OVER resultaat',
      'afgekeurd HANDED_OVER resultaat',
    ]);
    await settleOutcome(ports, one(ports, '0392'));
    expect(await verdicts(ports, { zaak, heropenen: 'nieuwe informatie' })).toEqual([
      'afgekeurd HANDED_OVER heropenen',
    ]);
    expect(await verdicts(ports, { zaak, ...zandvoort })).toEqual([
      'al bekend (overgedragen aan de gemeente Zandvoort)',
    ]);
  });

  it('[R-ROU-4] known without the new address: it takes a reopening to hand it over', async () => {
    const ports = await portsOf();
    const zaak = one(ports, '0392').caseId;
    const gone = { zaak, resultaat: NO_RESIDENT, resultaat_datum: '09-04-2026' };
    await take(ports, outcomesCsv(gone));
    await settleOutcome(ports, one(ports, '0392'));
    expect(await verdicts(ports, { ...gone, ...zandvoort })).toEqual([
      'al bekend (niet overgedragen: dit resultaat was al bekend. Vul op deze regel heropenen in om alsnog over te dragen)',
    ]);
    expect(at(ports, '0473')).toEqual([]);
    expect(await verdicts(ports, { ...gone, ...zandvoort, heropenen: 'nieuwe informatie' })).toEqual([
      'verwerkt (heropend) (overgedragen aan de gemeente Zandvoort)',
    ]);
  });

  it('[R-ROU-4] comes back to the address it left: the old record goes on, with new terms', async () => {
    const ports = await portsOf();
    const { caseId } = one(ports, '0392');
    await handOver(ports);
    await settleOutcome(ports, one(ports, '0392'));
    await assignSignal(ports, one(ports, '0473'));
    ports.clock.set('2026-04-20T10:00:00.000Z');
    const returned = await take(ports, outcomesCsv({ zaak: one(ports, '0473').caseId, ...back }), '0473');
    expect(returned.receipt.answers).toMatchObject([{ notes: ['overgedragen aan de gemeente Haarlem'] }]);
    const here = one(ports, '0392');
    expect(here).toMatchObject({
      caseId,
      status: 'RECEIVED',
      round: 2,
      receivedAt: '2026-04-20T10:00:00.000Z',
      earlierOutcomes: [{ date: '2026-04-09' }, { date: '2026-04-20' }],
    });
    expect(here.history.slice(-2).map(({ kind, source }) => [kind, source])).toEqual([
      ['CLOSED', 'workflow'],
      ['HANDED_OVER', one(ports, '0473').caseId],
    ]);
    expect(pointsAt(ports)).toEqual(['0392']);
    expect([...ports.workflows.signals.keys()]).toContainEqual(expect.stringMatching(/^0392.*_2$/));
    const { terms } = await assignSignal(ports, here);
    expect(terms[0]).toMatchObject({ kind: 'REMINDER', on: '2026-05-04' });
    expect(
      await verdicts(ports, { zaak: caseId, resultaat: 'Inwoner is overleden', resultaat_datum: '20-04-2026' }),
    ).toEqual(['verwerkt']);
    await settleOutcome(ports, one(ports, '0392'));
    expect([...ports.feedback.items.values()].map(({ number }) => number)).toEqual([1, 3]);
  });

  it('survives a crash at every call, also of a case, also back again', async () => {
    const calls = await survivesEveryCrash(
      () => portsOf('elan-wonen', 'ymere'),
      async (ports) => receiveOutcomes(ports, await dropOnce(ports, lineOf(ports, zandvoort), '2026-04-09T10:00:00Z')),
    );
    expect(calls).toBeGreaterThan(25);
    const named = async (ports: MemoryPorts) => {
      const body = outcomesCsv({ signaal: '', ...zandvoort }).replace(/\r\n;;/, `\r\n;${one(ports, '0392').signalId};`);
      return receiveOutcomes(ports, await dropOnce(ports, body, '2026-04-09T10:00:00Z'));
    };
    await survivesEveryCrash(() => portsOf(), named);
    const goneFirst = async () => {
      const ports = await portsOf();
      await receiveOutcomes(ports, await dropOnce(ports, lineOf(ports, zandvoort), '2026-04-09T10:00:00Z'));
      await settleOutcome(ports, one(ports, '0392'));
      ports.clock.set('2026-04-20T10:00:00.000Z');
      return ports;
    };
    await survivesEveryCrash(goneFirst, async (ports) => {
      const [place = ''] = [...ports.signals.items.values()].flatMap((signal) =>
        signal.municipality === '0473' ? [signal.caseId] : [],
      );
      const key = 'municipalities/0473/outcomes/terug.csv';
      const body = outcomesCsv({ zaak: place, ...back });
      const versionId =
        ports.objects.items.get(`exchange/${key}`)?.[0]?.versionId ?? (await ports.objects.put('exchange', key, body));
      const upload = { bucket: 'exchange', key, versionId, sizeBytes: body.length, eventTime: '2026-04-20T10:00:00Z' };
      return receiveOutcomes(ports, upload);
    });
  });

  it('the same file later changes nothing, also when the line names the signal that is gone', async () => {
    const ports = await portsOf();
    const { signalId } = one(ports, '0392');
    const first = await take(ports, outcomesCsv({ signaal: signalId, ...zandvoort }));
    await settleOutcome(ports, one(ports, '0392'));
    const there = one(ports, '0473');
    await take(ports, outcomesCsv({ zaak: there.caseId, ...back, overdracht_huisnummer: '14' }), '0473');
    const before = [...ports.signals.items.values()];
    expect(await receiveOutcomes(ports, first.upload)).toMatchObject({ read: 1 });
    expect([...ports.signals.items.values()]).toEqual(before);
  });
});

describe('what the partner sends afterwards', () => {
  const gone = async (): Promise<MemoryPorts> => {
    const ports = await portsOf();
    await handOver(ports);
    await settleOutcome(ports, one(ports, '0392'));
    return ports;
  };

  it('[R-ROU-4][R-DEL-7] the same row again, with the old address, changes nothing', async () => {
    const ports = await gone();
    const before = [...ports.signals.items.values()];
    await deliver(ports, {});
    expect([...ports.signals.items.values()]).toEqual(before);
    expect(pointsAt(ports)).toEqual(['0473']);
  });

  it('[R-ROU-4][R-DEL-7] a corrected amount reaches the new municipality; its address stays', async () => {
    const ports = await gone();
    const old = one(ports, '0392');
    await deliver(ports, { bedrag: '2.000,00' });
    expect(one(ports, '0473')).toMatchObject({
      amountCents: 200_000,
      address: { postcode: '2042AB' },
      organisation: 'haarlem-zandvoort',
      agreement: 'zandvoort-elan-wonen',
    });
    expect(one(ports, '0392')).toEqual(old);
  });

  it('[R-ROU-4][R-DEL-9] a withdrawal reaches the new municipality; here the case stays closed', async () => {
    const ports = await gone();
    const old = one(ports, '0392');
    await deliver(ports, withdrawal);
    expect(living(ports)).toEqual([]);
    expect([...ports.signals.items.values()]).toMatchObject([
      { municipality: '0392', status: 'CLOSED' },
      { municipality: '0473', status: 'WITHDRAWN', reason: 'betaald' },
    ]);
    expect(one(ports, '0392')).toEqual(old);
  });

  it('[R-ROU-4][R-DEL-7] another address moves it on, and the numbers of its outcomes go on', async () => {
    const ports = await gone();
    await deliver(ports, { postcode: '2042 AB', huisnummer: '99' });
    expect(living(ports)).toMatchObject([
      { municipality: '0473', address: { houseNumber: 99 }, earlierOutcomes: [{ result: NO_RESIDENT }] },
    ]);
  });
});

describe('[R-ROU-4] whatever comes between two steps of a hand-over', () => {
  const act = (ports: MemoryPorts) =>
    dropOnce(ports, outcomesCsv({ zaak: haarlem, ...zandvoort }), '2026-04-09T10:00:00Z').then((upload) =>
      receiveOutcomes(ports, upload),
    );
  let haarlem = '';
  const setup = async (): Promise<MemoryPorts> => {
    const ports = await portsOf();
    haarlem = one(ports, '0392').caseId;
    return ports;
  };
  const outcomes = (line: Line) => async (ports: MemoryPorts) =>
    receiveOutcomes(ports, await drop(ports, outcomesCsv({ zaak: haarlem, ...line })));
  const home = (ports: MemoryPorts) => {
    const [place] = pointsAt(ports);
    return [...ports.signals.items.values()].filter(({ municipality }) => municipality === place);
  };

  it('[R-DEL-9] a withdrawal is never lost, and no signal lives on', async () => {
    const orders = await everyOrder(
      setup,
      act,
      (ports) => deliver(ports, withdrawal),
      (ports, order) => {
        expect(living(ports), order).toEqual([]);
        expect(home(ports), order).toMatchObject([{ status: 'WITHDRAWN', reason: 'betaald' }]);
      },
    );
    expect(orders).toBeGreaterThan(12);
  });

  it('[R-DEL-9] nor when the hand-over comes between two steps of the withdrawal', async () => {
    await everyOrder(
      setup,
      (ports) => deliver(ports, withdrawal),
      act,
      (ports, order) => {
        expect(living(ports), order).toEqual([]);
        expect(home(ports), order).toMatchObject([{ status: 'WITHDRAWN', reason: 'betaald' }]);
      },
    );
  });

  it('[R-DEL-7] a corrected amount is in the signal that lives on', async () => {
    for (const [first, second] of [
      [act, (ports: MemoryPorts) => deliver(ports, { bedrag: '2.000,00' })],
      [(ports: MemoryPorts) => deliver(ports, { bedrag: '2.000,00' }), act],
    ] as const)
      await everyOrder(setup, first, second, (ports, order) => {
        expect(living(ports), order).toMatchObject([{ municipality: '0473', amountCents: 200_000 }]);
      });
  });

  it('[R-DEL-7] a corrected address leaves one signal that lives, and the month points at it', async () => {
    const moved = (ports: MemoryPorts) => deliver(ports, { postcode: '2011 SN', huisnummer: '99' });
    for (const [first, second] of [
      [act, moved],
      [moved, act],
    ] as const)
      await everyOrder(setup, first, second, (ports, order) => {
        const [alive, ...more] = living(ports);
        expect(more, order).toEqual([]);
        expect(alive && pointsAt(ports), order).toEqual([alive?.municipality]);
      });
  });

  it('[R-FLO-6] another outcome wins or loses as a whole', async () => {
    const other = outcomes({ resultaat: 'Inwoner is overleden', resultaat_datum: '09-04-2026' });
    for (const [first, second] of [
      [act, other],
      [other, act],
    ] as const)
      await everyOrder(setup, first, second, (ports, order) => {
        const here = [...ports.signals.items.values()].find(({ municipality }) => municipality === '0392');
        const left = here && 'outcome' in here && here.outcome?.result === NO_RESIDENT;
        expect(
          living(ports).map(({ municipality }) => municipality),
          order,
        ).toEqual(left ? ['0473'] : []);
        expect(pointsAt(ports), order).toEqual([left ? '0473' : '0392']);
      });
  });
});
