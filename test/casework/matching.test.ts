import { describe, expect, it } from 'vitest';
import {
  ArrearId,
  caseIdOf,
  HouseholdKey,
  Instant,
  MunicipalityCode,
  Period,
  signalIdOf,
  WorkerId,
} from '#domain/ids.ts';
import { memberOf } from '#domain/matching/decide.ts';
import type { MatchDecision } from '#domain/matching/decision.ts';
import { comparer } from '#domain/matching/persons.ts';
import type { PartnerType } from '#domain/signal/ddas.ts';
import { parseSignalKey } from '#domain/signal/execution-name.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { withdraw } from '#domain/signal/transition.ts';
import { assignSignal } from '#functions/casework/assign-signal/assign-signal.ts';
import { matchPersons } from '#functions/casework/publish-worklists/match-persons.ts';
import { receiveOutcomes } from '#functions/casework/receive-outcomes/receive-outcomes.ts';
import { showSignal } from '#functions/casework/show-signal/show-signal.ts';
import { everyOrder } from '#test/support/memory/interleave.ts';
import { type MemoryPorts, TransientFailure } from '#test/support/memory/ports.ts';
import { survivesEveryCrash } from '#test/support/memory/replay.ts';
import { answersTo, drop, dropOnce, type Line, outcomesCsv, take, verdicts } from '#test/support/outcomes.ts';
import { RECEIVED_AT, received, reported } from './stages.ts';

const haarlem = MunicipalityCode.parse('0392');
const HERE = HouseholdKey.parse('000000000001');
const THERE = HouseholdKey.parse('00000000000A');
const march = Period.parse('2026-03');

interface Told {
  readonly household?: HouseholdKey;
  readonly period?: Period;
  readonly partnerType?: PartnerType;
  readonly addition?: string;
  readonly phone?: string;
}
/** A signal of somebody called `surname`; `id` begins its arrear id. */
const of = (
  id: string,
  surname: string,
  { household = HERE, period = march, partnerType = 'Huur', addition, phone }: Told = {},
) => {
  const arrearId = ArrearId.parse(id.padEnd(16, '0'));
  return reported({
    arrearId,
    period,
    signalId: signalIdOf(arrearId, period),
    caseId: caseIdOf(haarlem, period, household),
    partnerType,
    reference: id,
    resident: { surname, initials: `${surname.charAt(0)}.`, ...(phone && { phone: { given: phone } }) },
    address: { postcode: '2011AB', houseNumber: 12, ...(addition && { addition }) },
  });
};

/** Three tenants of rooms, and the energy bill of the first. */
const anna = of('AA', 'Yilmaz', { phone: '0611111111' });
const annasEnergy = of('AE', 'Yilmaz', { partnerType: 'Energie', phone: '0611111111' });
const cor = of('CC', 'Pietersen');
const daan = of('DD', 'Okafor');
const ROOMS = [anna, annasEnergy, cor, daan] as const;
/** A couple with two names. */
const couple = [of('AE', 'Yilmaz', { partnerType: 'Energie' }), of('CC', 'Pietersen')] as const;
const elsewhere = of('WW', 'Wolters', { household: THERE });

const ADDRESS = '0392-2603-000000000001';
const SECOND = '2026-03-10T14:00:00.000Z';
const noHelp = {
  resultaat: 'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering',
  resultaat_datum: '10-03-2026',
} as const;
const split = (signal: Signal, koppeling_reden = 'andere persoon'): Line => ({
  signaal: signal.signalId,
  medewerker: 'w17',
  splitsen: 'j',
  koppeling_reden,
});
const merge = (zaak: string, samenvoegen_met: string, koppeling_reden = 'zelfde huishouden'): Line => ({
  zaak,
  medewerker: 'w17',
  samenvoegen_met,
  koppeling_reden,
});

const atWork = async (...signals: readonly Signal[]): Promise<MemoryPorts> => {
  const ports = await received(...signals);
  for (const each of signals) await assignSignal(ports, each);
  ports.clock.set(SECOND);
  return ports;
};
const statusOf = async (ports: MemoryPorts, signal: Signal): Promise<string | undefined> =>
  (await ports.signals.get(signal))?.status;
const statuses = (ports: MemoryPorts, signals: readonly Signal[]) =>
  Promise.all(signals.map((each) => statusOf(ports, each)));
const decisions = async (ports: MemoryPorts): Promise<readonly MatchDecision[]> => {
  const found: MatchDecision[] = [];
  for await (const { decision } of ports.matches.ofMunicipality(haarlem)) found.push(decision);
  return found;
};

/** Of which the `n`-th decision is not stored. */
const failing = (matches: MemoryPorts['matches'], n: number): MemoryPorts['matches'] => {
  let added = 0;
  const add: MemoryPorts['matches']['add'] = (...copy) => {
    added += 1;
    return added === n ? Promise.reject(new TransientFailure()) : matches.add(...copy);
  };
  return Object.assign(Object.create(matches), { add });
};

describe('an outcome where strangers live', () => {
  it('[R-MAT-4] [R-FLO-1] holds for one case, and the others wait', async () => {
    const ports = await atWork(...ROOMS);
    expect(await verdicts(ports, { zaak: `${ADDRESS}.AA00`, ...noHelp })).toEqual(['verwerkt (geldt voor 2 signalen)']);
    expect(await statuses(ports, ROOMS)).toEqual(['OUTCOME_KNOWN', 'OUTCOME_KNOWN', 'ASSIGNED', 'ASSIGNED']);
    expect(await verdicts(ports, { zaak: `${ADDRESS}.AE00`, ...noHelp })).toEqual([
      'al bekend (geldt voor 2 signalen)',
    ]);
  });

  it('[R-MAT-4] a number that means more cases is refused with those to choose from, and nothing of a person', async () => {
    const ports = await atWork(...ROOMS);
    const { receipt } = await take(
      ports,
      outcomesCsv({ zaak: ADDRESS, ...noHelp }, { zaak: `${ADDRESS}.ZZ00`, ...noHelp }),
    );
    expect(receipt.answers).toMatchObject([
      {
        verdict: 'afgekeurd',
        code: 'CASE_IN_PARTS',
        column: 'zaak',
        remedy: `Neem het nummer dat nu op de werklijst staat, of noem het signaal. Kies uit: ${ADDRESS}.AA00, ${ADDRESS}.CC00, ${ADDRESS}.DD00.`,
      },
      { verdict: 'afgekeurd', code: 'SIGNAL_UNKNOWN' },
    ]);
    expect(await statuses(ports, ROOMS)).toEqual(['ASSIGNED', 'ASSIGNED', 'ASSIGNED', 'ASSIGNED']);
    expect(
      await verdicts(
        ports,
        { zaak: ADDRESS, signaal: cor.signalId, ...noHelp },
        { zaak: `${ADDRESS}.AA00`, signaal: daan.signalId, ...noHelp },
      ),
    ).toEqual(['verwerkt', 'afgekeurd SIGNAL_UNKNOWN signaal']);
  });

  it('[R-MAT-4] a number that two parts have in common is refused with both, and answers neither', async () => {
    const [mine, other] = [of('AAAA1', 'Yilmaz'), of('AAAA2', 'Pietersen')];
    const ports = await atWork(mine, daan, other);
    const { receipt } = await take(ports, outcomesCsv({ zaak: `${ADDRESS}.AAAA`, ...noHelp }));
    expect(receipt.answers).toMatchObject([
      {
        code: 'CASE_IN_PARTS',
        column: 'zaak',
        remedy: expect.stringContaining(`Kies uit: ${ADDRESS}.AAAA1, ${ADDRESS}.AAAA2.`),
      },
    ]);
    expect(await statuses(ports, [mine, other])).toEqual(['ASSIGNED', 'ASSIGNED']);
    expect(await verdicts(ports, { zaak: `${ADDRESS}.AAAA2`, ...noHelp })).toEqual(['verwerkt']);
    expect(await statuses(ports, [mine, other])).toEqual(['ASSIGNED', 'OUTCOME_KNOWN']);
  });

  it('[R-MAT-4] [R-FLO-1] who joins follows the answer to its own case only', async () => {
    const ports = await atWork(anna, cor, daan);
    await take(ports, outcomesCsv({ zaak: `${ADDRESS}.AA00`, ...noHelp }));
    const water = of('AW', 'Yilmaz', { partnerType: 'Water', phone: '0611111111' });
    const stranger = of('EE', 'Wolters', { partnerType: 'Water' });
    for (const each of [water, stranger]) {
      await ports.signals.create(each);
      await assignSignal(ports, each);
    }
    expect(await statuses(ports, [water, stranger])).toEqual(['OUTCOME_KNOWN', 'ASSIGNED']);
  });

  it('[R-MAT-4] a file that comes again after a stranger moved in is answered as then', async () => {
    const ports = await atWork(...couple);
    const upload = await dropOnce(ports, outcomesCsv({ zaak: ADDRESS, ...noHelp }), SECOND);
    await receiveOutcomes(ports, upload);
    const first = answersTo(ports, upload).receipt;
    await ports.signals.create(daan);
    await receiveOutcomes(ports, upload);
    expect(answersTo(ports, upload).receipt.answers).toEqual(first.answers);
    expect(await statusOf(ports, daan)).toBe('RECEIVED');
  });
});

describe('an outcome of one room, when strangers are no longer told apart', () => {
  const born = (signal: Signal, dateOfBirth: string): Signal =>
    ({ ...signal, resident: { ...signal.resident, dateOfBirth } }) as Signal;
  const annas = (id: string, partnerType: PartnerType) => born(of(id, 'Yilmaz', { partnerType }), '1980-05-06');
  const anna = annas('AA', 'Huur');
  const annasEnergy = annas('AE', 'Energie');
  const cors = of('CC', 'Pietersen', { partnerType: 'Energie' });
  const daans = of('DD', 'Okafor', { partnerType: 'Water' });
  /** Three strangers, of whom one was reported by mistake. */
  const rooms = () => atWork(anna, annasEnergy, cors, daans);
  const mistaken = async (ports: MemoryPorts, signal: Signal): Promise<void> => {
    const stored = await ports.signals.get(signal);
    const moved = stored && withdraw(stored, 'fout', ports.clock.now(), 'levering');
    if (!moved?.ok) throw new Error('not withdrawn');
    expect(await ports.signals.replace(moved.value.signal, moved.value.allowed)).toBe('written');
  };
  const comesIn = async (ports: MemoryPorts, base: Signal): Promise<string | undefined> => {
    const at = ports.clock.now();
    const signal: Signal = { ...base, receivedAt: at, history: [{ kind: 'RECEIVED', at, source: 'x' }] };
    await ports.signals.create(signal);
    await assignSignal(ports, signal);
    return statusOf(ports, signal);
  };
  const room = { zaak: `${ADDRESS}.AA00`, ...noHelp };

  it('[R-MAT-4] its number answers nobody else: it is refused with the number of now', async () => {
    const ports = await atWork(anna, annasEnergy, cors, daans, elsewhere);
    await mistaken(ports, daans);
    const { receipt } = await take(ports, outcomesCsv(room, merge(elsewhere.caseId, room.zaak)));
    expect(receipt.answers).toMatchObject([
      { code: 'CASE_IN_PARTS', column: 'zaak', remedy: expect.stringContaining(`Kies uit: ${ADDRESS}.`) },
      { code: 'CASE_IN_PARTS', column: 'samenvoegen_met' },
    ]);
    expect(await statuses(ports, [anna, cors])).toEqual(['ASSIGNED', 'ASSIGNED']);
    expect(await verdicts(ports, { ...room, signaal: anna.signalId })).toEqual(['verwerkt']);
  });

  it('[R-MAT-4] nor is it taken for that of both whose arrears begin alike', async () => {
    const [mine, other] = [of('AAAA1', 'Yilmaz'), of('AAAA2', 'Pietersen', { partnerType: 'Energie' })];
    const ports = await atWork(mine, other, daans);
    await mistaken(ports, daans);
    for (const part of ['AAAA', 'AAAA1', 'AAAA2'])
      expect(await verdicts(ports, { ...room, zaak: `${ADDRESS}.${part}` })).toEqual(['afgekeurd CASE_IN_PARTS zaak']);
    expect(await statuses(ports, [mine, other])).toEqual(['ASSIGNED', 'ASSIGNED']);
  });

  it('[R-MAT-4] its number stays good where nobody else is left, and where a worker put them together', async () => {
    const alone = await atWork(anna, annasEnergy, cor);
    await mistaken(alone, cor);
    expect(await verdicts(alone, { ...room, zaak: `${ADDRESS}.AE00` })).toEqual([
      'verwerkt (geldt voor 2 van de 3 signalen)',
    ]);
    const joined = await rooms();
    await take(joined, outcomesCsv(merge(`${ADDRESS}.AA00`, `${ADDRESS}.CC00`)));
    await mistaken(joined, daans);
    expect(await verdicts(joined, { ...room, zaak: `${ADDRESS}.CC00` })).toEqual([
      'verwerkt (geldt voor 3 van de 4 signalen)',
    ]);
  });

  it('[R-MAT-4] [R-FLO-1] the answer is followed by its own resident only', async () => {
    const ports = await rooms();
    await take(ports, outcomesCsv(room));
    await mistaken(ports, daans);
    ports.clock.set('2026-03-12T14:00:00.000Z');
    expect(await comesIn(ports, of('CE', 'Pietersen', { partnerType: 'Water' }))).toBe('ASSIGNED');
    expect(await comesIn(ports, annas('AW', 'Water'))).toBe('OUTCOME_KNOWN');
    // Who followed it is no example for others either.
    expect(await comesIn(ports, of('CF', 'Pietersen', { partnerType: 'Zorg' }))).toBe('ASSIGNED');
  });

  it('[R-MAT-4] [R-FLO-1] and by whom a worker put together with them before', async () => {
    const ports = await rooms();
    await take(ports, outcomesCsv(room, merge(room.zaak, `${ADDRESS}.CC00`)));
    ports.clock.set('2026-03-12T14:00:00.000Z');
    expect(await comesIn(ports, of('CE', 'Pietersen', { partnerType: 'Water' }))).toBe('OUTCOME_KNOWN');
    expect(await statuses(ports, [cors, daans])).toEqual(['ASSIGNED', 'ASSIGNED']);
  });

  it('[R-MAT-4] a file that comes again says what it said then', async () => {
    const ports = await rooms();
    const upload = await dropOnce(ports, outcomesCsv(room), SECOND);
    await receiveOutcomes(ports, upload);
    const first = answersTo(ports, upload).receipt.answers;
    ports.clock.set('2026-03-10T14:05:00.000Z');
    await mistaken(ports, daans);
    await receiveOutcomes(ports, upload);
    expect(answersTo(ports, upload).receipt.answers).toEqual(first);
    expect(await statuses(ports, [anna, annasEnergy, cors])).toEqual(['OUTCOME_KNOWN', 'OUTCOME_KNOWN', 'ASSIGNED']);
  });

  it('[R-MAT-4] whenever the mistake is taken back, the answer reaches nobody else', async () => {
    const orders = await everyOrder(
      rooms,
      async (ports) => receiveOutcomes(ports, await dropOnce(ports, outcomesCsv(room), SECOND)),
      (ports) => mistaken(ports, daans),
      async (ports, order) => expect(await statusOf(ports, cors), order).toBe('ASSIGNED'),
    );
    expect(orders).toBeGreaterThan(10);
  });
});

describe('a worker splits', () => {
  it('[R-MAT-4] takes a signal out of its case with a reason, once, and the decision says who and why', async () => {
    const ports = await atWork(...couple);
    const [energy, rent] = couple;
    const file = await take(ports, outcomesCsv(split(energy)));
    expect(file.receipt.answers).toMatchObject([
      {
        verdict: 'verwerkt',
        target: energy.signalId,
        notes: [`gesplitst: zaak ${ADDRESS}.AE00 (1 signaal) en ${ADDRESS}.CC00 (1 signaal)`],
      },
    ]);
    expect(await decisions(ports)).toEqual([
      {
        decisionId: expect.stringMatching(/^[0-9A-Z]{20}$/),
        municipality: '0392',
        kind: 'APART',
        one: [{ household: HERE, arrearId: energy.arrearId }],
        other: [{ household: HERE, arrearId: rent.arrearId }],
        at: SECOND,
        decided: { by: 'w17', reason: 'andere persoon', source: file.id },
      },
    ]);
    expect(await verdicts(ports, split(energy))).toEqual(['al bekend']);
    expect(await verdicts(ports, { zaak: `${ADDRESS}.AE00`, ...noHelp })).toEqual(['verwerkt']);
    expect(await statuses(ports, couple)).toEqual(['OUTCOME_KNOWN', 'ASSIGNED']);
  });

  it('[R-MAT-4] undoes nothing that was answered, and says so', async () => {
    const ports = await atWork(...couple);
    await take(ports, outcomesCsv({ zaak: ADDRESS, ...noHelp }));
    const [answer] = await verdicts(ports, split(couple[0]));
    expect(answer).toContain('(2 signalen al beantwoord: dat blijft staan, wat open is wacht op een uitkomst)');
    expect(await statuses(ports, couple)).toEqual(['OUTCOME_KNOWN', 'OUTCOME_KNOWN']);
  });

  it('[R-MAT-4] and puts together again: the opposite line undoes it, and both stay known', async () => {
    const ports = await atWork(...couple);
    await take(ports, outcomesCsv(split(couple[0])));
    expect(await verdicts(ports, merge(`${ADDRESS}.AE00`, `${ADDRESS}.CC00`, 'ten onrechte gesplitst'))).toEqual([
      `verwerkt (samengevoegd: zaak ${ADDRESS} (2 signalen))`,
    ]);
    expect(await decisions(ports)).toHaveLength(2);
    expect(await verdicts(ports, { zaak: ADDRESS, ...noHelp })).toEqual(['verwerkt (geldt voor 2 signalen)']);
  });

  it('[R-MAT-4] [R-FLO-1] a line that puts two together answers nobody who was not named', async () => {
    const [a, b, c] = [
      of('AE', 'Yilmaz', { partnerType: 'Energie' }),
      of('BE', 'Yilmaz', { partnerType: 'Water' }),
      cor,
    ];
    const ports = await atWork(a, b);
    await verdicts(ports, split(a));
    await ports.signals.create(c);
    await ports.signals.claim(c.arrearId, c.period, c.caseId);
    await assignSignal(ports, c);
    expect(
      await verdicts(ports, split(b), merge(`${ADDRESS}.AE00`, `${ADDRESS}.BE00`), {
        zaak: `${ADDRESS}.AE00`,
        ...noHelp,
      }),
    ).toEqual([
      `verwerkt (gesplitst: zaak ${ADDRESS}.BE00 (1 signaal) en ${ADDRESS}.CC00 (1 signaal))`,
      `verwerkt (samengevoegd: zaak ${ADDRESS}.AE00 (2 signalen))`,
      'verwerkt (geldt voor 2 signalen)',
    ]);
    expect(await statuses(ports, [a, b, c])).toEqual(['OUTCOME_KNOWN', 'OUTCOME_KNOWN', 'ASSIGNED']);
  });
  it('[R-MAT-4] the same split again after a merge counts, also when the file comes again', async () => {
    const ports = await atWork(...couple);
    const again = merge(`${ADDRESS}.AE00`, `${ADDRESS}.CC00`, 'ten onrechte gesplitst');
    const file = outcomesCsv(split(couple[0]), again, split(couple[0]), split(couple[0]));
    for (const time of [SECOND, '2026-03-10T15:00:00.000Z']) {
      ports.clock.set(time);
      const upload = await dropOnce(ports, file, SECOND);
      await receiveOutcomes(ports, upload);
      expect(answersTo(ports, upload).receipt.answers.map(({ verdict }) => verdict)).toEqual([
        'verwerkt',
        'verwerkt',
        'verwerkt',
        'al bekend',
      ]);
      expect((await decisions(ports)).map(({ kind }) => kind)).toEqual(['APART', 'TOGETHER', 'APART']);
      expect(await verdicts(ports, { zaak: ADDRESS, ...noHelp })).toEqual(['afgekeurd CASE_IN_PARTS zaak']);
    }
  });

  it('[R-MAT-4] lines of one file count in their order: split, then answer one part', async () => {
    const ports = await atWork(...couple);
    expect(
      await verdicts(
        ports,
        { zaak: ADDRESS, contact_soort: 'Brief', contact_bereikt: 'n', contact_datum: '10-03-2026' },
        split(couple[0]),
        { zaak: ADDRESS, ...noHelp },
        { zaak: `${ADDRESS}.CC00`, ...noHelp },
      ),
    ).toEqual([
      'verwerkt (geldt voor 2 signalen)',
      `verwerkt (gesplitst: zaak ${ADDRESS}.AE00 (1 signaal) en ${ADDRESS}.CC00 (1 signaal))`,
      'afgekeurd CASE_IN_PARTS zaak',
      'verwerkt',
    ]);
    expect(await statuses(ports, couple)).toEqual(['ASSIGNED', 'OUTCOME_KNOWN']);
  });
});

describe('a worker puts together', () => {
  it('[R-MAT-4] two cases are one from then on, whichever number is used', async () => {
    const ports = await atWork(anna, elsewhere);
    const there = elsewhere.caseId;
    expect(await verdicts(ports, merge(ADDRESS, there))).toEqual([
      `verwerkt (samengevoegd: zaak ${ADDRESS} (2 signalen))`,
    ]);
    expect(await verdicts(ports, merge(there, anna.signalId))).toEqual(['al bekend']);
    expect(await verdicts(ports, { zaak: there, ...noHelp })).toEqual(['verwerkt (geldt voor 2 signalen)']);
    expect(await statuses(ports, [anna, elsewhere])).toEqual(['OUTCOME_KNOWN', 'OUTCOME_KNOWN']);
  });

  it('[R-MAT-4] closes nothing by itself; what comes in later follows the answer of the whole case', async () => {
    const ports = await atWork(anna, elsewhere);
    await take(ports, outcomesCsv({ zaak: ADDRESS, ...noHelp }));
    ports.clock.set('2026-03-11T09:00:00.000Z');
    await take(ports, outcomesCsv(merge(ADDRESS, elsewhere.caseId)));
    await assignSignal(ports, elsewhere);
    expect(await statusOf(ports, elsewhere)).toBe('ASSIGNED');
    ports.clock.set('2026-03-12T09:00:00.000Z');
    const base = of('WE', 'Wolters', { household: THERE, partnerType: 'Energie' });
    const at = Instant.parse('2026-03-12T08:59:00.000Z');
    const late: Signal = { ...base, receivedAt: at, history: [{ kind: 'RECEIVED', at, source: 'x' }] };
    await ports.signals.create(late);
    await assignSignal(ports, late);
    expect(await statusOf(ports, late)).toBe('OUTCOME_KNOWN');
  });

  it.each([
    ['of another municipality', { samenvoegen_met: '0473-2603-000000000001' }, 'OTHER_MUNICIPALITY samenvoegen_met'],
    ['nobody knows', { samenvoegen_met: '0392-2603-00000000000Z' }, 'SIGNAL_UNKNOWN samenvoegen_met'],
    ['that is no number', { samenvoegen_met: 'hiernaast' }, 'SIGNAL_UNKNOWN samenvoegen_met'],
    ['of another month', { samenvoegen_met: '0392-2602-00000000000A' }, 'MONTHS_DIFFER samenvoegen_met'],
    ['that is the same', { samenvoegen_met: ADDRESS }, 'SAME_CASE samenvoegen_met'],
    ['without a reason', { koppeling_reden: '' }, 'VALUE_MISSING koppeling_reden'],
    ['for a reason of a split', { koppeling_reden: 'andere persoon' }, 'MATCHING_REASON_UNKNOWN koppeling_reden'],
    ['without a worker', { medewerker: '' }, 'VALUE_MISSING medewerker'],
    ['with a result on the line', noHelp, 'MATCHING_WITH_OTHER resultaat'],
    ['and split at once', { splitsen: 'j' }, 'MATCHING_WITH_OTHER splitsen'],
  ])('[R-MAT-4] not with a case %s', async (_, over, problem) => {
    const ports = await atWork(
      anna,
      elsewhere,
      of('WW', 'Wolters', { household: THERE, period: Period.parse('2026-02') }),
    );
    const line = { ...merge(ADDRESS, elsewhere.caseId), ...over };
    expect(await verdicts(ports, line)).toEqual([`afgekeurd ${problem}`]);
    expect(await decisions(ports)).toEqual([]);
  });

  it.each([
    ['a case', { signaal: '', zaak: ADDRESS }, 'VALUE_MISSING signaal'],
    ['what is alone', {}, 'NOTHING_TO_SPLIT splitsen'],
    ['with n', { splitsen: 'n' }, 'VALUE_INVALID splitsen'],
    ['for another reason', { koppeling_reden: 'zomaar' }, 'MATCHING_REASON_UNKNOWN koppeling_reden'],
  ])('[R-MAT-4] %s cannot be split', async (_, over, problem) => {
    expect(await verdicts(await atWork(anna), { ...split(anna), ...over })).toEqual([`afgekeurd ${problem}`]);
  });

  it('says which reasons there are', async () => {
    const { receipt } = await take(await atWork(...couple), outcomesCsv(split(couple[0], 'CANARY')));
    expect(receipt.answers[0]?.remedy).toBe(
      'Neem de reden letter voor letter over uit de lijst. Kies uit: andere persoon, kamers of begeleid wonen, ten onrechte samengevoegd.',
    );
    expect(JSON.stringify(receipt)).not.toContain('CANARY');
  });
});

describe('whatever comes between', () => {
  const lines = [
    split(couple[0]),
    { zaak: `${ADDRESS}.CC00`, ...noHelp },
    merge(`${ADDRESS}.AE00`, elsewhere.caseId, 'zelfde persoon'),
    { zaak: elsewhere.caseId, ...noHelp, resultaat: 'Inwoner is overleden' },
  ];

  it('[R-MAT-4] survives a crash at every call, and comes to the same', async () => {
    const other = of('AW', 'Yilmaz', { partnerType: 'Water' });
    const apart: MatchDecision = {
      decisionId: 'W1',
      municipality: haarlem,
      kind: 'APART',
      one: [memberOf(other)],
      other: couple.map(memberOf),
      at: Instant.parse(RECEIVED_AT),
      decided: { by: WorkerId.parse('w18'), reason: 'andere persoon', source: 'x' },
    };
    await survivesEveryCrash(
      async () => {
        const ports = await atWork(...couple, other);
        await ports.matches.add(apart, HERE);
        return ports;
      },
      async (ports) =>
        receiveOutcomes(ports, await dropOnce(ports, outcomesCsv({ zaak: `${ADDRESS}.AE00`, ...noHelp }), SECOND)),
    );
    const calls = await survivesEveryCrash(
      () => atWork(...couple, elsewhere),
      async (ports) => receiveOutcomes(ports, await dropOnce(ports, outcomesCsv(...lines), SECOND)),
    );
    expect(calls).toBeGreaterThan(15);
    const ports = await atWork(...couple, elsewhere);
    await receiveOutcomes(ports, await dropOnce(ports, outcomesCsv(...lines), SECOND));
    const results = await Promise.all([...couple, elsewhere].map(async (each) => ports.signals.get(each)));
    expect(results.map((each) => each && 'outcome' in each && each.outcome?.result)).toEqual([
      'Inwoner is overleden',
      noHelp.resultaat,
      'Inwoner is overleden',
    ]);
  });

  it('[R-MAT-4] a merge that was interrupted gets the copy that is missing, as it was said, whatever a worker did since', async () => {
    const ports = await atWork(anna, elsewhere);
    const upload = await dropOnce(ports, outcomesCsv(merge(ADDRESS, elsewhere.caseId)), SECOND);
    const half = { ...ports, matches: failing(ports.matches, 2) };
    await expect(receiveOutcomes(half, upload)).rejects.toMatchObject({ name: 'TransientFailure' });
    expect(ports.matches.items.size).toBe(1);
    ports.clock.set('2026-03-10T14:02:00.000Z');
    expect(await verdicts(ports, split(anna, 'ten onrechte samengevoegd'))).toEqual([
      `verwerkt (gesplitst: zaak ${ADDRESS} (1 signaal) en ${elsewhere.caseId} (1 signaal))`,
    ]);
    ports.clock.set('2026-03-10T14:04:00.000Z');
    await receiveOutcomes(ports, upload);
    const copies = [...ports.matches.items].map(
      ([key, { kind, at }]) => `${key.slice(5, 17)} ${kind} ${at.slice(11, 16)}`,
    );
    expect(copies.sort()).toEqual([
      `${HERE} APART 14:02`,
      `${HERE} TOGETHER 14:00`,
      `${THERE} APART 14:02`,
      `${THERE} TOGETHER 14:00`,
    ]);
    expect(await verdicts(ports, { zaak: elsewhere.caseId, ...noHelp })).toEqual(['verwerkt']);
    expect(await statuses(ports, [anna, elsewhere])).toEqual(['ASSIGNED', 'OUTCOME_KNOWN']);
  });

  it('[R-MAT-4] and is found under whichever household it lies, also when others came to the same since', async () => {
    const ports = await atWork(anna, elsewhere);
    const upload = await dropOnce(ports, outcomesCsv(merge(elsewhere.caseId, ADDRESS)), SECOND);
    const half = { ...ports, matches: failing(ports.matches, 2) };
    await expect(receiveOutcomes(half, upload)).rejects.toMatchObject({ name: 'TransientFailure' });
    const [first] = await decisions(ports);
    await take(ports, outcomesCsv(split(anna, 'ten onrechte samengevoegd')));
    await take(ports, outcomesCsv(merge(ADDRESS, elsewhere.caseId, 'ten onrechte gesplitst')));
    await receiveOutcomes(ports, upload);
    expect(answersTo(ports, upload).receipt.answers).toMatchObject([{ verdict: 'verwerkt' }]);
    for (const household of [HERE, THERE])
      expect(await ports.matches.ofHousehold(haarlem, household)).toContainEqual(first);
  });

  it('[R-MAT-4] a signal that joins while its case is split or answered has the answer of its own case', async () => {
    const water = of('CW', 'Pietersen', { partnerType: 'Water' });
    const joins = async (ports: MemoryPorts) => {
      await ports.signals.create(water);
      await assignSignal(ports, water);
    };
    const file = async (ports: MemoryPorts) =>
      receiveOutcomes(
        ports,
        await dropOnce(ports, outcomesCsv(split(couple[0]), { zaak: `${ADDRESS}.AE00`, ...noHelp }), SECOND),
      );
    for (const [first, second] of [
      [file, joins],
      [joins, file],
    ] as const)
      await everyOrder(
        () => atWork(...couple),
        first,
        second,
        async (ports, order) => {
          expect(await statuses(ports, [...couple, water]), order).toEqual(['OUTCOME_KNOWN', 'ASSIGNED', 'ASSIGNED']);
        },
      );
  });

  it.each(['matches', 'signals'] as const)(
    '[R-MAT-4] a file that began before a split was done answers nobody who was taken apart (at the first read of %s)',
    async (port) => {
      const ports = await atWork(...couple);
      let answers: readonly string[] = [];
      const store = ports[port];
      const ofHousehold: MemoryPorts['matches']['ofHousehold'] & MemoryPorts['signals']['ofHousehold'] = async (
        ...at
      ) => {
        const before = await store.ofHousehold(...at);
        if (answers.length === 0) answers = await verdicts(ports, split(couple[0]));
        return before as never;
      };
      const late = { ...ports, [port]: Object.assign(Object.create(store), { ofHousehold }) };
      const { receipt } = await take(late, outcomesCsv({ zaak: ADDRESS, ...noHelp }));
      expect(answers[0]).toContain('verwerkt');
      expect(receipt.answers).toMatchObject([{ verdict: 'afgekeurd', code: 'CASE_IN_PARTS' }]);
      expect(await statuses(ports, couple)).toEqual(['ASSIGNED', 'ASSIGNED']);
    },
  );

  it.each([
    ['is through', 0],
    ['broke off after its first signal', 2],
  ])(
    '[R-MAT-4] a file that %s and comes again answers nobody who was put together with them since',
    async (_, crash) => {
      const ports = await atWork(...couple, elsewhere);
      const upload = await dropOnce(ports, outcomesCsv({ zaak: ADDRESS, ...noHelp }), SECOND);
      let writes = 0;
      const replace: MemoryPorts['signals']['replace'] = (...given) => {
        writes += 1;
        return writes === crash ? Promise.reject(new TransientFailure()) : ports.signals.replace(...given);
      };
      const first = { ...ports, signals: Object.assign(Object.create(ports.signals), { replace }) };
      if (crash > 0) await expect(receiveOutcomes(first, upload)).rejects.toMatchObject({ name: 'TransientFailure' });
      else await receiveOutcomes(first, upload);
      expect((await statuses(ports, couple)).filter((each) => each === 'ASSIGNED')).toHaveLength(crash > 0 ? 1 : 0);
      ports.clock.set('2026-03-10T14:05:00.000Z');
      await take(ports, outcomesCsv(merge(ADDRESS, elsewhere.caseId)));
      ports.clock.set('2026-03-10T14:10:00.000Z');
      await receiveOutcomes(ports, upload);
      expect(answersTo(ports, upload).receipt.answers).toMatchObject([
        { verdict: 'verwerkt', notes: ['geldt voor 2 signalen'] },
      ]);
      expect(await statuses(ports, [...couple, elsewhere])).toEqual(['OUTCOME_KNOWN', 'OUTCOME_KNOWN', 'ASSIGNED']);
      // A file of after the merge means all of them.
      expect(await verdicts(ports, { zaak: ADDRESS, ...noHelp })).toEqual(['verwerkt (geldt voor 3 signalen)']);
    },
  );

  it('[R-MAT-4] a preview decides nothing, and its later lines see what those before would', async () => {
    const ports = await atWork(...couple, elsewhere);
    const upload = await drop(ports, outcomesCsv(...lines), '0392', 'preview');
    await receiveOutcomes(ports, upload);
    const { preview } = answersTo(ports, upload);
    expect(preview?.answers.map(({ verdict }) => verdict)).toEqual(['verwerkt', 'verwerkt', 'verwerkt', 'verwerkt']);
    expect(preview?.answers[3]?.partners).toHaveLength(2);
    expect(ports.matches.items.size).toBe(0);
    expect(await statuses(ports, [...couple, elsewhere])).toEqual(['ASSIGNED', 'ASSIGNED', 'ASSIGNED']);
  });
});

describe('the model decides', () => {
  const born = { phone: '0611111111' };
  const bare = of('AA', 'Zonneveldt', born);
  const full = of('AE', 'Zonneveldt', { household: THERE, partnerType: 'Energie', addition: 'A', ...born });
  const far: Signal = {
    ...of('AW', 'Zonneveldt', { household: HouseholdKey.parse('0000000000EE'), partnerType: 'Water', ...born }),
    address: { postcode: '2033ZZ', houseNumber: 99 },
  };
  const dated = (signal: Signal): Signal =>
    ({ ...signal, resident: { ...signal.resident, dateOfBirth: '1980-05-06' } }) as Signal;
  const all = [bare, full, far].map(dated);

  it('[R-MAT-3] one front door spelt two ways is joined, the same person elsewhere told; once, with the evidence', async () => {
    const ports = await received(...all);
    ports.clock.set('2026-03-10T14:00:00.000Z');
    const first = await matchPersons(ports, haarlem, all, comparer());
    expect(first.map(({ kind, decided }) => [kind, 'model' in decided && decided.evidence.decision])).toEqual([
      ['TOGETHER', 'SAME'],
      ['SAME_PERSON', 'SAME'],
      ['SAME_PERSON', 'SAME'],
    ]);
    const stored = ports.matches.items.size;
    expect(await matchPersons(ports, haarlem, all.toReversed(), comparer())).toEqual(first);
    expect(ports.matches.items.size).toBe(stored);
    expect(JSON.stringify([...ports.matches.items.values()])).not.toMatch(/Zonneveldt|0611111111|1980|2011AB/);
  });

  it('[R-MAT-3] survives a crash at every call, also between two copies of a decision: a later run adds what is missing', async () => {
    const calls = await survivesEveryCrash(
      () => received(...all),
      async (ports) => {
        const known = await matchPersons(ports, haarlem, all, comparer());
        return known.map(({ decisionId }) => decisionId).sort();
      },
    );
    expect(calls).toBe(7);
  });

  it('[R-MAT-4] joins nothing where a worker took them apart, also with a new arrear', async () => {
    const ports = await received(...all);
    ports.clock.set('2026-03-10T14:00:00.000Z');
    await matchPersons(ports, haarlem, all.slice(0, 2), comparer());
    await take(ports, outcomesCsv(split(full, 'ten onrechte samengevoegd')));
    const more = dated(of('AZ', 'Zonneveldt', { household: THERE, partnerType: 'Zorg', addition: 'A', ...born }));
    await ports.signals.create(more);
    await matchPersons(ports, haarlem, [...all.slice(0, 2), more], comparer());
    expect((await decisions(ports)).map(({ kind }) => kind).sort()).toEqual(['APART', 'TOGETHER']);
    expect(await verdicts(ports, { zaak: full.caseId, ...noHelp })).toEqual(['verwerkt (geldt voor 2 signalen)']);
    expect(await statusOf(ports, bare)).toBe('RECEIVED');
  });
});

describe('a signal shown', () => {
  it('[R-MAT-3] [R-PRI-5] with a purpose tells what it was put together on and who took it apart; without, its case only', async () => {
    const ports = await atWork(...ROOMS);
    await take(ports, outcomesCsv(split(annasEnergy)));
    const key = parseSignalKey(annasEnergy.signalId);
    if (!key) throw new Error('no key');
    const bare = await showSignal(ports, { key });
    expect(bare).toMatchObject({ caseNumber: `${ADDRESS}.AE00` });
    for (const personal of ['formed', 'matching']) expect(bare).not.toHaveProperty(personal);
    const full = await showSignal(ports, { key, reading: { by: 'w17' as never, purpose: 'vraag van een collega' } });
    expect(full.matching).toMatchObject({
      links: [],
      decisions: [
        { kind: 'APART', at: SECOND, with: [anna.signalId], decided: { by: 'w17', reason: 'andere persoon' } },
      ],
    });
    expect(RECEIVED_AT < SECOND).toBe(true);
  });
});
