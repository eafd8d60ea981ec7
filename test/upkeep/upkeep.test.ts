import { describe, expect, it } from 'vitest';
import { PartnerId } from '#domain/ids.ts';
import { loadConfiguration } from '#functions/upkeep/load-configuration/load-configuration.ts';
import { sweepSignals } from '#functions/upkeep/sweep-signals/sweep-signals.ts';
import { answered, received, ref, suspended, waiting } from '#test/casework/stages.ts';
import { configuration } from '#test/support/configuration.ts';
import { type MemoryPorts, memoryPorts } from '#test/support/memory/ports.ts';
import { survivesEveryCrash } from '#test/support/memory/replay.ts';

describe('load configuration', () => {
  it('[R-AGR-1] loads the sample, counts what it loaded, and makes the matching key', async () => {
    const ports = memoryPorts();
    expect(await loadConfiguration(ports, { configuration })).toEqual({
      loaded: {
        partnerTypeRules: configuration.partnerTypeRules.length,
        rankings: configuration.rankings.length,
        policies: 1,
        deviations: 2,
        organisations: 3,
        municipalities: 4,
        partners: 5,
        deliveringParties: 5,
        agreements: configuration.agreements.length,
      },
      ending: {},
      merging: {},
    });
    expect(await ports.configuration.partner(PartnerId.parse('ymere'))).toMatchObject({ name: 'Ymere' });
    expect(await ports.matchingKey.ensure()).toBe('exists');
    await loadConfiguration(ports, { configuration });
    expect(await ports.configuration.partners()).toHaveLength(5);
  });

  it('[R-AGR-1] says how it read notice', async () => {
    const cancelled = { on: '2026-01-15', by: 'partner' };
    const [first, ...others] = configuration.agreements;
    const answer = await loadConfiguration(memoryPorts(), {
      configuration: { ...configuration, agreements: [{ ...first, cancelled }, ...others] },
    });
    expect(answer).toMatchObject({
      ending: { 'haarlem-elan-wonen': 'opgezegd door de partner op 15 januari 2026, laatste dag 15 april 2026' },
    });
  });

  it('[R-AGR-3] refuses what would change the rules of signals that run, as of the day it is in Amsterdam', async () => {
    const [haarlem, ...others] = configuration.deviations;
    const ended = { ...configuration, deviations: [{ ...haarlem, validTo: '2026-04-01' }, ...others] };
    const ports = memoryPorts({ now: '2026-04-01T22:00:00.000Z', configuration });
    expect(await loadConfiguration(ports, { configuration: ended })).toEqual({
      problems: [
        {
          path: 'deviations[0]',
          text: 'afwijking haarlem-2021 geldt al: alleen wat na vandaag komt kan nog veranderen',
        },
      ],
    });
    expect(await ports.configuration.stored()).toEqual(configuration);
    ports.clock.set('2026-04-01T21:59:59.999Z');
    expect(await loadConfiguration(ports, { configuration: ended })).toHaveProperty('loaded');
    expect(await loadConfiguration(ports, { configuration: ended })).toHaveProperty('loaded');
  });

  it('[R-AGR-2] the sample holds an agreement that only one side signed', () => {
    expect(configuration.agreements.filter((one) => one.signedByPartner === undefined)).toHaveLength(1);
  });

  it.each([
    ['nothing at all', undefined, ''],
    ['a list too few', { ...configuration, partners: undefined }, 'partners'],
    ['a key too many', { ...configuration, extra: 1 }, ''],
    [
      'a wrong address',
      { ...configuration, partners: [{ ...configuration.partners[0], contact: { name: 'x', email: 'geen adres' } }] },
      'partners[0].contact.email',
    ],
    [
      'an unknown end result',
      { ...configuration, policies: [{ ...configuration.policies[0], closing: { result: 'klaar' } }] },
      'policies[0].closing.result',
    ],
    [
      'more than thirty days',
      {
        ...configuration,
        policies: [{ ...configuration.policies[0], suspension: { days: 31, reminderDaysBefore: 5 } }],
      },
      'policies[0].suspension.days',
    ],
    [
      'a feedback term that leaves a phase out',
      {
        ...configuration,
        policies: [
          { ...configuration.policies[0], feedbackTerm: { businessDays: { achterstand: 10 }, decreeDays: true } },
        ],
      },
      'policies[0].feedbackTerm.businessDays.incasso',
    ],
    [
      'a municipality that is no more',
      {
        ...configuration,
        municipalities: configuration.municipalities.map((one) =>
          one.code === '0473' ? { ...one, code: '0480' } : one,
        ),
      },
      'municipalities[1].code',
    ],
  ])('%s: names the problem and changes nothing', async (_, spoilt, path) => {
    const ports = memoryPorts({ configuration });
    const answer = await loadConfiguration(ports, { configuration: spoilt });
    expect('problems' in answer && answer.problems.map((problem) => problem.path)).toContain(path);
    expect(await ports.configuration.municipalities()).toEqual(configuration.municipalities);
  });

  it('survives a crash at every call', async () => {
    const load = (ports: MemoryPorts) => loadConfiguration(ports, { configuration });
    expect(await survivesEveryCrash(() => memoryPorts(), load)).toBe(3);
  });
});

describe('sweep', () => {
  it('starts the workflow of a signal that nobody moved within the hour', async () => {
    const ports = await received();
    ports.clock.set('2026-03-02T08:59:00.000Z');
    expect(await sweepSignals(ports, {})).toEqual({ checked: 0, started: 0, stuck: 0, calendarEnds: false });
    ports.clock.set('2026-03-02T09:01:00.000Z');
    expect(await sweepSignals(ports, {})).toMatchObject({ checked: 1, started: 1, stuck: 0 });
    expect([...ports.workflows.signals.values()]).toEqual([ref]);
  });

  it('a signal that was started in vain for a day is stuck: somebody must look', async () => {
    const ports = await received();
    ports.clock.set('2026-03-03T10:00:00.000Z');
    expect(await sweepSignals(ports, {})).toMatchObject({ checked: 1, started: 1, stuck: 1 });
  });

  it.each([
    ['waits past its term', waiting, '2026-03-16T22:30:00.000Z', '2026-03-17T00:01:00.000Z'],
    ['is answered but not settled', () => answered(), '2026-03-10T14:59:00.000Z', '2026-03-10T15:01:00.000Z'],
    ['rests past its reminder', suspended, '2026-04-03T22:30:00.000Z', '2026-04-03T23:01:00.000Z'],
  ] as const)('a signal that %s is stuck, an hour after it should have moved', async (_, stage, fine, late) => {
    const ports = await stage();
    ports.clock.set(fine);
    expect(await sweepSignals(ports, {})).toMatchObject({ stuck: 0 });
    ports.clock.set(late);
    expect(await sweepSignals(ports, {})).toMatchObject({ checked: 1, started: 0, stuck: 1 });
    expect(ports.workflows.signals.size).toBe(0);
  });

  it('believes the signal, not the index: one that moved on meanwhile is no case', async () => {
    const ports = await waiting();
    ports.clock.set('2026-03-17T00:01:00.000Z');
    const get = ports.signals.get.bind(ports.signals);
    ports.signals.get = async (asked) => {
      const signal = await get(asked);
      return signal?.status === 'ASSIGNED' ? { ...signal, terms: signal.terms.slice(2) } : signal;
    };
    expect(await sweepSignals(ports, {})).toMatchObject({ checked: 1, started: 0, stuck: 0 });
  });

  it('[R-FLO-6] starts a later round that was written and not started', async () => {
    const ports = await answered();
    const [signal] = ports.signals.items.values();
    if (!signal) throw new Error('no signal');
    await ports.signals.replace({ ...signal, round: 2, version: signal.version + 1 }, [signal.status]);
    ports.clock.set('2026-03-10T15:01:00.000Z');
    expect(await sweepSignals(ports, {})).toMatchObject({ started: 1, stuck: 1 });
    expect([...ports.workflows.signals.keys()]).toEqual([`${ref.caseId}_${ref.signalId}_2`]);
  });

  it('[R-FLO-3] warns half a year before the known holidays end', async () => {
    for (const [now, calendarEnds] of [
      ['2028-07-03T12:00:00.000Z', false],
      ['2028-07-04T12:00:00.000Z', true],
    ] as const) {
      const ports = memoryPorts({ now });
      expect(await sweepSignals(ports, {})).toMatchObject({ calendarEnds });
    }
  });

  it('survives a crash at every call', async () => {
    const stage = async () => {
      const ports = await received();
      ports.clock.set('2026-03-02T10:00:00.000Z');
      return ports;
    };
    expect(await survivesEveryCrash(stage, (ports) => sweepSignals(ports, {}))).toBe(3);
  });
});
