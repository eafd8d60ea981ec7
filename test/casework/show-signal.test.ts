import { describe, expect, it } from 'vitest';
import { Reading } from '#domain/access.ts';
import { ArrearId, caseIdOf, HouseholdKey, Instant, IsoDate, signalIdOf } from '#domain/ids.ts';
import type { Comparison } from '#domain/matching/comparison.ts';
import { comparer } from '#domain/matching/persons.ts';
import { parseSignalKey } from '#domain/signal/execution-name.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { matchPersons } from '#functions/casework/publish-worklists/match-persons.ts';
import { showSignal } from '#functions/casework/show-signal/show-signal.ts';
import type { MemoryPorts } from '#test/support/memory/ports.ts';
import { crashAt } from '#test/support/memory/ports.ts';
import { endEarly, received, ref, reported, suspended, waiting } from './stages.ts';

const { caseId, signalId } = ref;
const reading = Reading.parse({ by: 'w-12', purpose: ' vraag van de inwoner ' });
const SURE: Comparison = { decision: 'SAME', score: 17, probability: 0.999, agreements: [], model: 'persoon 1' };
const show = (ports: MemoryPorts, id: string, over?: Reading) => {
  const key = parseSignalKey(id);
  if (!key) throw new Error(`no key in ${id}`);
  return showSignal(ports, { key, reading: over });
};
/** Everything in a signal that says something of a person, what they owe, or opens a door. */
const PERSONAL = ['Jansen', 'HC-1001', '2011AB', '06 12345678', ':123456', '2026-02-01', 'elan-wonen"', 'token-1'];

describe('a signal shown to operators', () => {
  it('[R-FLO-1] [R-FLO-2] [R-AGR-3] says where it stands, until when it waits, and which clause says so', async () => {
    const ports = await waiting();
    ports.clock.set('2026-03-05T08:00:00.000Z');
    const shown = await show(ports, signalId);
    expect(shown).toMatchObject({
      signalId,
      caseId,
      municipality: '0392',
      status: 'ASSIGNED',
      round: 1,
      organisation: 'haarlem-zandvoort',
      certainty: { municipality: 'exact', orElse: [] },
      earlier: [],
      workTray: 'nieuw',
      team: 'sdv',
      executionName: `${caseId}_${signalId}`,
      waiting: { for: 'OUTCOME', until: '2026-03-16T23:00:00.000Z' },
    });
    expect(shown.terms[0]).toEqual({
      kind: 'REMINDER',
      on: '2026-03-16',
      at: '2026-03-16T23:00:00.000Z',
      because:
        '14 dagen na 2 maart 2026 = 16 maart 2026 (Landelijk convenant vroegsignalering, Leeswijzer verhuurders; Wgs art. 4 lid 1)',
    });
    expect(shown.history.map(({ kind }) => kind)).toEqual(['RECEIVED', 'ASSIGNED']);
    expect(shown.governing).toHaveLength(12);
    expect(shown.governing).toContainEqual({
      subject: 'repeats',
      document: 'Landelijk convenant vroegsignalering',
      clause: 'niet afgesproken',
    });
    expect(shown.governing).toContainEqual({
      subject: 'threshold',
      document: 'Addendum Haarlem/Zandvoort 2021',
      clause: 'art. 5.3',
      since: '2021-07-01',
      phase: 'reguliere fase',
    });
    expect(shown).not.toHaveProperty('suspension');
  });

  it('before it is assigned the terms are those it will have, and nothing waits', async () => {
    const shown = await show(await received(), signalId);
    expect(shown.terms.map(({ kind, on }) => [kind, on])).toEqual([
      ['REMINDER', '2026-03-16'],
      ['FEEDBACK', '2026-03-16'],
      ['WARNING', '2026-03-27'],
      ['ESCALATION', '2026-03-30'],
      ['CLOSING', '2026-05-01'],
    ]);
    expect(shown).toMatchObject({ status: 'RECEIVED', waiting: null });
    expect(shown).not.toHaveProperty('team');
  });

  it('[R-SUS-1] shows the conditions of schuldenrust with their evidence', async () => {
    const { suspension } = await show(await suspended(), signalId);
    expect(suspension).toMatchObject({ startsOn: '2026-03-10', lastDay: '2026-04-09' });
    expect(suspension?.conditions.map(({ condition, holds, on }) => [condition, holds, on])).toEqual([
      ['PASSED_ON', true, '2026-03-02'],
      ['ACCEPTED_IN_PLAN', true, '2026-03-10'],
      ['FED_BACK', true, '2026-03-10'],
      ['PAYMENTS_RESUMED', true, '2026-04-01'],
      ['MUNICIPALITY_AGREES', true, '2026-03-10'],
      ['LAST_DAY_AHEAD', true, '2026-04-09'],
    ]);
  });

  it('is found by the name and the ARN of an execution, also of an earlier round', async () => {
    const ports = await received({ ...reported(), round: 2 });
    const name = `${caseId}_${signalId}`;
    for (const id of [name, `${name}_2`, `arn:aws:states:eu-west-1:000000000000:execution:meldpunt-dev-signal:${name}`])
      expect(await show(ports, id)).toMatchObject({ signalId, executionName: `${name}_2` });
  });

  it('[R-ROU-4] a bare id leads to where the signal lies now, the name of the execution to where it was', async () => {
    const ports = await received();
    const elsewhere = reported({ caseId: '0473-2604-9F3K2M8QZX7C' as Signal['caseId'] });
    await ports.signals.create(elsewhere);
    await ports.signals.repoint(elsewhere.arrearId, elsewhere.period, caseId, elsewhere.caseId);
    expect((await show(ports, signalId)).caseId).toBe(elsewhere.caseId);
    expect((await show(ports, `${caseId}_${signalId}`)).caseId).toBe(caseId);
  });

  it('one that does not exist is an error by name', async () => {
    const ports = await received();
    for (const id of ['0000000000000000-2604', `0392-2604-000000000000_${signalId}`])
      await expect(show(ports, id)).rejects.toMatchObject({ name: 'SignalMissing' });
  });
});

describe('personal data of a signal', () => {
  it('[R-PRI-3] [R-PRI-5] stay inside without a purpose, and nobody is recorded', async () => {
    const ports = await suspended();
    const text = JSON.stringify(await show(ports, signalId));
    for (const word of PERSONAL) expect(text).not.toContain(word);
    expect(text).not.toContain('Vervolghulp');
    expect(ports.access.items).toEqual([]);
  });

  it('[R-PRI-5] are shown to who says why, and who, when, what and why are recorded', async () => {
    const ports = await suspended();
    ports.clock.set('2026-03-12T09:30:00.000Z');
    const shown = await show(ports, signalId, reading);
    expect(shown.personal).toMatchObject({
      reference: 'HC-1001',
      resident: { surname: 'Jansen' },
      address: { postcode: '2011AB' },
      amountCents: 123_456,
      contactAttempts: [],
      outcome: { result: 'Vervolghulp en/of verwijzing' },
    });
    expect(ports.access.items).toEqual([
      {
        by: 'w-12',
        purpose: 'vraag van de inwoner',
        municipality: '0392',
        at: '2026-03-12T09:30:00.000Z',
        caseId,
        signalId,
      },
    ]);
    expect(JSON.stringify(shown)).not.toContain('vraag van de inwoner');
    expect(JSON.stringify(shown)).not.toContain('token-1');
  });

  it('[R-PRI-5] are not shown when the record cannot be kept', async () => {
    const ports = await suspended();
    const { ports: failing } = crashAt({ access: ports.access }, 1);
    const key = { signalId };
    await expect(showSignal({ ...ports, ...failing }, { key, reading })).rejects.toMatchObject({
      name: 'TransientFailure',
    });
    expect(ports.access.items).toEqual([]);
  });

  it('[R-PRI-5] details of what happened that say something of the household come with a purpose only', async () => {
    const ports = await suspended();
    await endEarly(ports, 'plan gestopt');
    const bare = await show(ports, signalId);
    expect(bare.suspension?.endedEarly).toEqual({ on: '2026-03-10' });
    expect(JSON.stringify(bare)).not.toContain('plan gestopt');
    const whole = await show(ports, signalId, reading);
    expect(whole.suspension?.endedEarly).toEqual({ on: '2026-03-10', reason: 'plan gestopt' });
    expect(whole.history.at(-1)).toMatchObject({ kind: 'SUSPENSION_ENDED_EARLY', detail: 'plan gestopt' });
  });

  it('[R-PRI-5] [R-FLO-4] [R-FLO-8] to which team and to which phase it went come with a purpose only', async () => {
    const ports = await received();
    const at = Instant.parse('2026-03-05T08:00:00.000Z');
    const told = [
      { kind: 'FORWARDED', at, source: 'uitkomsten', detail: 'budgetcoach' },
      { kind: 'PHASE_CORRECTED', at, source: 'uitkomsten', detail: 'deurwaarder' },
    ] as const;
    ports.signals.items.set(`${caseId}#${signalId}`, { ...reported(), history: told });
    expect((await show(ports, signalId)).history).toEqual([
      { kind: 'FORWARDED', at, source: 'uitkomsten' },
      { kind: 'PHASE_CORRECTED', at, source: 'uitkomsten' },
    ]);
    expect((await show(ports, signalId, reading)).history).toEqual(told);
  });

  it.each([
    { by: 'w-12', purpose: 'kort' },
    { by: 'w-12', purpose: `${'x'.repeat(201)}` },
    { by: 'w-12', purpose: 'twee\nregels' },
    { by: 'P. de Vries', purpose: 'vraag van de inwoner' },
    { by: 'w-12' },
    { purpose: 'vraag van de inwoner' },
  ])('[R-PRI-5] no purpose: %j', (given) => {
    expect(Reading.safeParse(given).success).toBe(false);
  });

  it('[R-PRI-5] [R-MAT-4] how its case came about comes with a purpose only; its number is what people ask about', async () => {
    const arrearId = ArrearId.parse('ZZZZ000000000000');
    const tenant = reported({
      arrearId,
      signalId: signalIdOf(arrearId, reported().period),
      resident: { initials: 'C.', surname: 'Pietersen', dateOfBirth: IsoDate.parse('1970-02-05') },
    });
    const ports = await received(reported(), tenant);
    const caseNumber = `${caseId}.ZZZZ`;
    const bare = await show(ports, tenant.signalId);
    expect(bare).toMatchObject({ caseNumber });
    expect(JSON.stringify(bare)).not.toMatch(/"(formed|matching)"|SHARED_ADDRESS/);
    expect(await show(ports, tenant.signalId, reading)).toMatchObject({ caseNumber, formed: 'SHARED_ADDRESS' });
  });

  it('[R-MAT-3] [R-PRI-5] the same person elsewhere is named by its signal, and not told when nobody is left to name', async () => {
    const resident = { surname: 'Zwartkruis', initials: 'A.', dateOfBirth: IsoDate.parse('1980-05-06') };
    const contact = { phone: { given: '0611111111', e164: '+31611111111' } };
    const at = (id: string, household: string, postcode: string) => {
      const arrearId = ArrearId.parse(id.padEnd(16, '0'));
      const { period, municipality } = reported();
      return reported({
        arrearId,
        signalId: signalIdOf(arrearId, period),
        caseId: caseIdOf(municipality, period, HouseholdKey.parse(household.padStart(12, '0'))),
        partnerType: 'Energie',
        resident: { ...resident, ...contact },
        address: { postcode, houseNumber: 12 },
      });
    };
    const [here, there] = [at('AA', '1', '2011AB'), at('BB', '2', '2033ZZ')];
    const ports = await received(here, there);
    await matchPersons(ports, here.municipality, [here, there], comparer());
    expect((await show(ports, here.signalId, reading)).matching?.decisions).toMatchObject([
      { kind: 'SAME_PERSON', with: [there.signalId] },
    ]);
    ports.signals.items.delete(`${there.caseId}#${there.signalId}`);
    expect((await show(ports, here.signalId, reading)).matching?.decisions).toEqual([]);
  });

  it('[R-MAT-3] without a purpose no other address is read for who is the same person', async () => {
    const ports = await received();
    const member = (household: string) => ({
      household: HouseholdKey.parse(household),
      arrearId: reported().arrearId,
    });
    const own = member('9F3K2M8QZX7C');
    const decided = { model: 'persoon 1', evidence: SURE };
    const told = { decisionId: 'M1', municipality: reported().municipality, kind: 'SAME_PERSON' as const, decided };
    const at = Instant.parse('2026-03-03T08:00:00.000Z');
    await ports.matches.add({ ...told, one: [own], other: [member('00000000000A')], at }, own.household);
    const read: string[] = [];
    const ofHousehold: MemoryPorts['signals']['ofHousehold'] = (municipality, household) => {
      read.push(household);
      return ports.signals.ofHousehold(municipality, household);
    };
    const counted = { ...ports, signals: Object.assign(Object.create(ports.signals), { ofHousehold }) };
    await show(counted, signalId);
    expect(read).toEqual([own.household]);
    await show(counted, signalId, reading);
    expect(read).toEqual([own.household, own.household, '00000000000A']);
  });

  it('[R-PRI-5] what a signal gets later stays inside until somebody decides otherwise', async () => {
    const ports = await received();
    const at = Instant.parse('2026-03-05T08:00:00.000Z');
    const later = { ...reported(), remark: 'Kanarie', lastSeen: IsoDate.parse('2026-03-05'), at };
    ports.signals.items.set(`${caseId}#${signalId}`, later as Signal);
    expect(JSON.stringify(await show(ports, signalId, reading))).not.toContain('Kanarie');
  });
});
