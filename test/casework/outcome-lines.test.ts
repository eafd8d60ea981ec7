import { describe, expect, it } from 'vitest';
import { ArrearId, Instant, IsoDate, PartnerId, Period, signalIdOf } from '#domain/ids.ts';
import type { Outcome, Signal } from '#domain/signal/signal.ts';
import { withdraw } from '#domain/signal/transition.ts';
import { assignSignal } from '#functions/casework/assign-signal/assign-signal.ts';
import { receiveOutcomes } from '#functions/casework/receive-outcomes/receive-outcomes.ts';
import { settleOutcome } from '#functions/casework/settle-outcome/settle-outcome.ts';
import type { MemoryPorts } from '#test/support/memory/ports.ts';
import { stateOf, survivesEveryCrash } from '#test/support/memory/replay.ts';
import { dropOnce, help, type Line, outcomesCsv, take, verdicts } from '#test/support/outcomes.ts';
import {
  accepted,
  answered,
  declined,
  pass,
  ref,
  reported,
  stored,
  suspended,
  TOKEN,
  wait,
  waiting,
} from './stages.ts';

const zaak = ref.caseId;
const noHelp = {
  resultaat: 'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering',
  resultaat_datum: '10-03-2026',
} as const;
const deceased = { resultaat: 'Inwoner is overleden', resultaat_datum: '10-03-2026' } as const;
const visit = { contact_soort: 'Huisbezoek', contact_bereikt: 'j', contact_datum: '2026-03-10' } as const;

const arrearId = ArrearId.parse('8K3QX9M2T4VB8C1D');
/** Another partner's signal of the same household. */
const second = reported({
  arrearId,
  signalId: signalIdOf(arrearId, Period.parse('2026-04')),
  reference: 'PW-7',
});
const join = async (ports: MemoryPorts, signal: Signal = second): Promise<void> => {
  await ports.signals.claim(signal.arrearId, signal.period, signal.caseId);
  await ports.signals.create(signal);
};
const secondOf = (ports: MemoryPorts): Signal => {
  const found = ports.signals.items.get(`${second.caseId}#${second.signalId}`);
  if (!found) throw new Error('no second signal');
  return found;
};

const atMarch = async (at = '2026-03-10T14:00:00.000Z'): Promise<MemoryPorts> => {
  const ports = await waiting();
  ports.clock.set(at);
  return ports;
};
const closed = async (outcome: Outcome = declined): Promise<MemoryPorts> => {
  const ports = await answered(outcome);
  await settleOutcome(ports, ref);
  return ports;
};
/** Suspended, and its execution waits. */
const resting = async (): Promise<MemoryPorts> => {
  const ports = await suspended();
  await wait(ports, 'guard');
  ports.clock.set('2026-03-12T09:00:00.000Z');
  return ports;
};
const lastEntries = (ports: MemoryPorts, count: number) => stored(ports).history.slice(-count);

describe('what workers do', () => {
  it('[R-FLO-4] from the first team to another, by code or by name, and handed back', async () => {
    const ports = await atMarch();
    expect(stored(ports).team).toBe('sdv');
    const file = await take(ports, outcomesCsv({ zaak, doorzetten_naar: 'swt', medewerker: 'sdv.17' }));
    expect(file.receipt.answers).toEqual([{ line: 2, target: zaak, verdict: 'verwerkt' }]);
    expect(stored(ports)).toMatchObject({ team: 'swt', status: 'ASSIGNED' });
    expect(lastEntries(ports, 1)).toEqual([
      { kind: 'FORWARDED', at: '2026-03-10T14:00:00.000Z', source: file.id, by: 'sdv.17', detail: 'swt' },
    ]);
    expect(await verdicts(ports, { zaak, doorzetten_naar: 'Sociaal wijkteam' })).toEqual(['al bekend']);
    expect(await verdicts(ports, { zaak, doorzetten_naar: 'Schulddienstverlening' })).toEqual(['verwerkt']);
    expect(stored(ports).team).toBe('sdv');
    expect(ports.workflows.woken).toEqual([]);
  });

  it('[R-FLO-4] an unknown team is answered with those there are', async () => {
    const { receipt } = await take(await atMarch(), outcomesCsv({ zaak, doorzetten_naar: 'CANARY' }));
    expect(receipt.answers).toMatchObject([
      {
        code: 'TEAM_UNKNOWN',
        remedy:
          'Gebruik de code of de naam van een team. Kies uit: Schulddienstverlening, Sociaal wijkteam, Budgetcoach, Schuldhulpverlening.',
      },
    ]);
    expect(JSON.stringify(receipt)).not.toContain('CANARY');
  });

  it('[R-WOR-6] known at debt counselling: forwarded there, and answered so', async () => {
    const ports = await atMarch();
    const known = { resultaat: 'Inwoner al bekend bij schuldhulpverlening', resultaat_datum: '10-03-2026' };
    expect(await verdicts(ports, { zaak, doorzetten_naar: 'shv', ...known })).toEqual(['verwerkt']);
    expect(stored(ports)).toMatchObject({ team: 'shv', status: 'OUTCOME_KNOWN', outcome: { result: known.resultaat } });
    expect(lastEntries(ports, 2).map(({ kind }) => kind)).toEqual(['FORWARDED', 'OUTCOME_RECORDED']);
  });

  it.each([
    'Administratief',
    'Afspraak op locatie',
    'Brief',
    'Huisbezoek',
    'Kaartje',
    'Mail',
    'Onbekend',
    'Overige',
    'SMS/Whatsapp',
    'Telefoon',
  ])('[R-FLO-5] a contact attempt: %s, reached or not, at each part of the day', async (kind) => {
    const ports = await atMarch();
    const attempt = (dagdeel: string, bereikt: string) => ({
      zaak,
      contact_soort: kind,
      contact_bereikt: bereikt,
      contact_datum: '09-03-2026',
      contact_dagdeel: dagdeel,
    });
    expect(await verdicts(ports, attempt('Ochtend', 'n'), attempt('Middag', 'n'), attempt('Avond', 'j'))).toEqual([
      'verwerkt',
      'verwerkt',
      'verwerkt',
    ]);
    expect(stored(ports).contactAttempts).toEqual([
      { kind, reached: false, date: '2026-03-09', dayPart: 'Ochtend' },
      { kind, reached: false, date: '2026-03-09', dayPart: 'Middag' },
      { kind, reached: true, date: '2026-03-09', dayPart: 'Avond' },
    ]);
  });

  it('[R-FLO-5] nobody was tried before the signal was received', async () => {
    const ports = await atMarch();
    const attempt = (contact_datum: string) => ({ zaak, ...visit, contact_datum });
    expect(await verdicts(ports, attempt('2026-03-01'), attempt('2026-03-02'))).toEqual([
      'afgekeurd DATE_BEFORE_RECEIPT contact_datum',
      'verwerkt',
    ]);
    expect(stored(ports).contactAttempts).toMatchObject([{ date: '2026-03-02' }]);
  });

  it('[R-FLO-1][R-FLO-5] a signal that joined after the visit has the answer, not the visit', async () => {
    const ports = await atMarch('2026-03-12T09:00:00.000Z');
    await join(ports, { ...second, receivedAt: Instant.parse('2026-03-11T09:00:00.000Z') });
    expect(await verdicts(ports, { zaak, ...visit, ...noHelp })).toEqual(['verwerkt (geldt voor 2 signalen)']);
    expect([stored(ports).contactAttempts.length, secondOf(ports).contactAttempts.length]).toEqual([1, 0]);
    expect(secondOf(ports)).toMatchObject({ status: 'OUTCOME_KNOWN' });
  });

  it.each([
    [{ betaling_hervat: 'nee' }, 'de inwoner gaat niet weer betalen voordat de schuldenrust afloopt'],
    [{ betaling_hervat: '10-04-2026' }, 'de inwoner gaat niet weer betalen voordat de schuldenrust afloopt'],
  ])('[R-SUS-1] says why the schuldenrust that was asked for does not start: %j', async (over, why) => {
    // Help was accepted on 10 March: the last day is 9 April.
    const ports = await atMarch();
    const line = { zaak, ...help, ...over };
    expect(await verdicts(ports, line)).toEqual([`verwerkt (geen schuldenrust: ${why})`]);
    await settleOutcome(ports, ref);
    expect(stored(ports).status).toBe('CLOSED');
    expect(await verdicts(ports, line)).toEqual([`al bekend (geen schuldenrust: ${why})`]);
    expect(await verdicts(await atMarch(), { zaak, ...help, betaling_hervat: '09-04-2026' })).toEqual(['verwerkt']);
  });

  it('[R-SUS-1] says so when its last day is over', async () => {
    const ports = await atMarch('2026-04-10T09:00:00.000Z');
    expect(await verdicts(ports, { zaak, ...help })).toEqual([
      'verwerkt (geen schuldenrust: de laatste dag ervan is al voorbij)',
    ]);
    expect(await verdicts(await atMarch('2026-04-09T09:00:00.000Z'), { zaak, ...help })).toEqual(['verwerkt']);
  });

  it('[R-FLO-5] of attempts it is told which this file brought and which were known', async () => {
    const ports = await atMarch();
    await take(ports, outcomesCsv({ zaak, ...visit }));
    const letter = { ...visit, contact_soort: 'Brief' };
    expect(await verdicts(ports, { zaak, ...letter }, { zaak, ...visit })).toEqual(['verwerkt', 'al bekend']);
    expect(stored(ports).contactAttempts).toHaveLength(2);
  });

  it('[R-FLO-8] a corrected phase changes the days for feedback in the same write, and wakes who waits', async () => {
    const ports = await atMarch('2026-03-03T09:00:00.000Z');
    const feedbackBy = () => {
      const signal = stored(ports);
      return 'terms' in signal ? signal.terms.filter(({ kind }) => kind === 'FEEDBACK').map(({ on }) => on) : [];
    };
    // 2 March is a Monday: ten business days later, or five.
    expect(feedbackBy()).toEqual(['2026-03-16']);
    expect(await verdicts(ports, { zaak, fase: 'Deurwaarder', medewerker: 'sdv-3' })).toEqual(['verwerkt']);
    expect(feedbackBy()).toEqual(['2026-03-09']);
    expect(lastEntries(ports, 2)).toMatchObject([
      { kind: 'PHASE_CORRECTED', by: 'sdv-3', detail: 'deurwaarder' },
      { kind: 'TERMS_CHANGED', source: 'workflow' },
    ]);
    expect(ports.workflows.woken).toEqual([`${TOKEN} CHANGED`]);
    const before = stored(ports);
    const { terms } = await assignSignal(ports, ref);
    expect(terms[0]).toMatchObject({ kind: 'FEEDBACK', on: '2026-03-09' });
    expect(stored(ports)).toEqual(before);
  });

  it('[R-FLO-8] the same phase again is known and wakes nobody: a list may name it on every line', async () => {
    const ports = await atMarch();
    expect(await verdicts(ports, { zaak, fase: 'achterstand' })).toEqual(['al bekend']);
    await take(ports, outcomesCsv({ zaak, fase: 'incasso' }));
    expect(await verdicts(ports, { zaak, fase: 'incasso' })).toEqual(['al bekend']);
    expect(ports.workflows.woken).toEqual([`${TOKEN} CHANGED`]);
  });

  it('[R-FLO-8] after the term passed a longer one does not come back', async () => {
    const ports = await waiting();
    await take(ports, outcomesCsv({ zaak, fase: 'incasso' }));
    await pass(ports);
    expect(stored(ports).history.map(({ kind }) => kind)).toContain('FEEDBACK_OVERDUE');
    expect(await verdicts(ports, { zaak, fase: 'achterstand' })).toEqual(['verwerkt']);
    const signal = stored(ports);
    expect('terms' in signal && signal.terms.some(({ kind }) => kind === 'FEEDBACK')).toBe(false);
  });

  it('[R-WOR-4] whether the neighbourhood team knows the household', async () => {
    const ports = await atMarch();
    expect(await verdicts(ports, { zaak, bekend_wijkteam: 'j' }, { zaak, bekend_wijkteam: 'ja' })).toEqual([
      'verwerkt',
      'verwerkt',
    ]);
    expect(stored(ports).knownAtTeam).toBe(true);
    expect(await verdicts(ports, { zaak, bekend_wijkteam: 'n' })).toEqual(['verwerkt']);
    expect(stored(ports).knownAtTeam).toBe(false);
  });

  it('a line is one write, whatever it says; who did it stands at each part', async () => {
    const ports = await atMarch();
    const { version } = stored(ports);
    const all = { fase: 'incasso', bekend_wijkteam: 'j', doorzetten_naar: 'budgetcoach', ...visit, ...help };
    expect(await verdicts(ports, { zaak, medewerker: 'w_9', ...all })).toEqual(['verwerkt']);
    expect(stored(ports).version).toBe(version + 1);
    expect(lastEntries(ports, 6).map(({ kind, by }) => [kind, by])).toEqual([
      ['PHASE_CORRECTED', 'w_9'],
      ['TERMS_CHANGED', undefined],
      ['KNOWN_AT_TEAM', 'w_9'],
      ['FORWARDED', 'w_9'],
      ['CONTACT_ATTEMPTED', 'w_9'],
      ['OUTCOME_RECORDED', 'w_9'],
    ]);
    // Once: the outcome says it all.
    expect(ports.workflows.woken).toEqual([TOKEN]);
  });

  it('a line that cannot be taken whole is not taken in part', async () => {
    const ports = await answered();
    const before = stored(ports);
    expect(await verdicts(ports, { zaak, fase: 'incasso', doorzetten_naar: 'swt', ...visit, ...deceased })).toEqual([
      'afgekeurd CONTRADICTORY resultaat',
    ]);
    expect(stored(ports)).toEqual(before);
  });
});

describe('one result stands', () => {
  it.each([
    '(Budget)advies en/of quick fix',
    'Definitief geen contact kunnen krijgen',
    'Geen reactie na eerder contact',
    'Inwoner al bekend bij schuldhulpverlening',
    'Inwoner heeft al een ander lopend traject',
    'Inwoner heeft zelf al betaald/betalingsregeling getroffen',
    'Inwoner is overleden',
    'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering',
    'Niet opgepakt: andere reden',
    'Niet opgepakt: herhaalde melding',
    'Niet opgepakt: onterecht signaal',
    'Persoon is geen inwoner (meer) in de gemeente',
    'Vervolghulp en/of verwijzing',
    'Vervolghulp en/of verwijzing financieel',
    'Vervolghulp en/of verwijzing niet financieel',
    'Verwijzing zonder tussenkomst inwoner',
  ])('[R-FLO-6] %s: taken letter for letter, and no other beside it', async (result) => {
    const ports = await atMarch();
    const line = { zaak, resultaat: result, resultaat_datum: '2026-03-09' };
    expect(await verdicts(ports, line)).toEqual(['verwerkt']);
    expect(stored(ports)).toMatchObject({ status: 'OUTCOME_KNOWN', outcome: { result, date: '2026-03-09' } });
    expect(await verdicts(ports, line)).toEqual(['al bekend']);
    expect(await verdicts(ports, { ...line, resultaat_datum: '2026-03-10' })).toEqual([
      'afgekeurd CONTRADICTORY resultaat',
    ]);
    await settleOutcome(ports, ref);
    expect(await verdicts(ports, { ...line, resultaat_datum: '2026-03-10' })).toEqual(['afgekeurd CLOSED resultaat']);
    expect(await verdicts(ports, line)).toEqual(['al bekend']);
  });

  it('[R-FLO-6] the same answer for the case as for its signal is known', async () => {
    const ports = await atMarch();
    await take(ports, outcomesCsv({ signaal: ref.signalId, ...noHelp }));
    expect(await verdicts(ports, { zaak, ...noHelp })).toEqual(['al bekend']);
    expect(stored(ports)).toMatchObject({ outcome: { forCase: false } });
  });

  it('[R-FLO-6] an outcome entered by mistake is replaced: before it was settled', async () => {
    const ports = await answered();
    const { receipt, id } = await take(ports, outcomesCsv({ zaak, ...noHelp, correctie: 'j', medewerker: 'swt2' }));
    expect(receipt.answers).toEqual([{ line: 2, target: zaak, verdict: 'verwerkt', notes: ['gecorrigeerd'] }]);
    expect(stored(ports)).toMatchObject({
      status: 'OUTCOME_KNOWN',
      round: 1,
      outcome: { result: noHelp.resultaat },
      earlierOutcomes: [{ result: accepted.result }],
    });
    expect(lastEntries(ports, 1)).toMatchObject([{ kind: 'OUTCOME_CORRECTED', source: id, by: 'swt2' }]);
  });

  it('[R-FLO-6][R-SUS-4] during schuldenrust: it ends, and the execution looks again', async () => {
    const ports = await resting();
    expect(await verdicts(ports, { zaak, ...noHelp, correctie: 'j' })).toEqual(['verwerkt (gecorrigeerd)']);
    expect(stored(ports)).toMatchObject({
      status: 'OUTCOME_KNOWN',
      earlierSuspensions: [{ endedEarly: { on: '2026-03-12', reason: 'uitkomst gecorrigeerd' } }],
    });
    expect(ports.workflows.woken).toEqual(['guard CHANGED']);
    expect(ports.workflows.signals.size).toBe(0);
  });

  it('[R-FLO-6] after it was closed: a new execution settles it', async () => {
    const ports = await closed();
    expect(await verdicts(ports, { zaak, ...help, correctie: 'j' })).toEqual(['verwerkt (gecorrigeerd)']);
    expect(stored(ports)).toMatchObject({ status: 'OUTCOME_KNOWN', round: 2, outcome: { result: accepted.result } });
    expect([...ports.workflows.signals.keys()]).toEqual([expect.stringMatching(/_2$/)]);
    await settleOutcome(ports, ref);
    expect(stored(ports).status).toBe('SUSPENDED');
  });

  it('[R-FLO-6] a case that closed is opened again when the resident calls, with the answer on the same line or later', async () => {
    const later = await closed();
    later.clock.set('2026-03-12T09:00:00.000Z');
    expect(await verdicts(later, { zaak, heropenen: 'inwoner meldt zich' })).toEqual(['verwerkt (heropend)']);
    expect(stored(later)).toMatchObject({
      status: 'ASSIGNED',
      round: 2,
      earlierOutcomes: [{ result: declined.result }],
    });
    expect([...later.workflows.signals.keys()]).toEqual([expect.stringMatching(/_2$/)]);

    const atOnce = await closed();
    atOnce.clock.set('2026-03-12T09:00:00.000Z');
    const line = { zaak, heropenen: 'inwoner meldt zich', ...visit, ...help, resultaat_datum: '12-03-2026' };
    expect(await verdicts(atOnce, line)).toEqual(['verwerkt (heropend)']);
    expect(stored(atOnce)).toMatchObject({ status: 'OUTCOME_KNOWN', round: 2, outcome: { result: accepted.result } });
    expect(lastEntries(atOnce, 3).map(({ kind, detail }) => [kind, detail])).toEqual([
      ['REOPENED', 'inwoner meldt zich'],
      ['CONTACT_ATTEMPTED', undefined],
      ['OUTCOME_RECORDED', undefined],
    ]);
    expect([...atOnce.workflows.signals.keys()]).toEqual([expect.stringMatching(/_2$/)]);
  });

  it('[R-FLO-6] the same reopening with the same answer in another file is known: nothing begins or is told again', async () => {
    const ports = await closed();
    ports.clock.set('2026-03-12T09:00:00.000Z');
    const line = { zaak, heropenen: 'inwoner meldt zich', ...visit, ...deceased, resultaat_datum: '12-03-2026' };
    expect(await verdicts(ports, line)).toEqual(['verwerkt (heropend)']);
    await settleOutcome(ports, ref);
    const before = stored(ports);
    expect(before).toMatchObject({ status: 'CLOSED', round: 2 });
    const told = ports.feedback.items.size;
    expect(await verdicts(ports, line)).toEqual(['al bekend']);
    expect(stored(ports)).toEqual(before);
    expect([ports.workflows.signals.size, ports.feedback.items.size]).toEqual([1, told]);

    for (const other of [
      { heropenen: 'nieuwe informatie' },
      { ...noHelp, resultaat_datum: '12-03-2026' },
      { contact_datum: '2026-03-12' },
    ]) {
      const { round } = stored(ports);
      expect(await verdicts(ports, { ...line, ...other })).toEqual(['verwerkt (heropend)']);
      expect(stored(ports).round).toBe(round + 1);
      await settleOutcome(ports, ref);
      expect(await verdicts(ports, { ...line, ...other })).toEqual(['al bekend']);
      await take(ports, outcomesCsv({ ...line, heropenen: 'ten onrechte gesloten' }));
      await settleOutcome(ports, ref);
      await take(ports, outcomesCsv(line));
      await settleOutcome(ports, ref);
    }
  });

  it('[R-FLO-7] after the closing horizon a late answer still comes in, as a reopening or as a correction', async () => {
    const horizon = async () => {
      const ports = await waiting();
      while (stored(ports).status !== 'OUTCOME_KNOWN') await pass(ports);
      await settleOutcome(ports, ref);
      ports.clock.set('2026-05-20T09:00:00.000Z');
      return ports;
    };
    const late = { zaak, ...help, resultaat_datum: '19-05-2026', plan_van_aanpak: '19-05-2026' };
    const ports = await horizon();
    const { receipt } = await take(ports, outcomesCsv(late));
    expect(receipt.answers).toMatchObject([
      {
        verdict: 'afgekeurd',
        code: 'CLOSED',
        explanation: expect.stringContaining('uiterste termijn'),
        remedy: expect.stringMatching(/heropenen.*correctie/),
      },
    ]);
    expect(await verdicts(ports, { ...late, heropenen: 'inwoner meldt zich' })).toEqual(['verwerkt (heropend)']);
    expect(stored(ports)).toMatchObject({ round: 2, outcome: { date: '2026-05-19' } });
    expect(await verdicts(await horizon(), { ...late, correctie: 'j' })).toEqual(['verwerkt (gecorrigeerd)']);
  });

  it('[R-DEL-9] what was withdrawn is not answered, corrected or opened again', async () => {
    const ports = await atMarch();
    const gone = withdraw(stored(ports), 'betaald', ports.clock.now(), 'levering');
    if (gone.ok) await ports.signals.replace(gone.value.signal, gone.value.allowed);
    const before = stored(ports);
    expect(
      await verdicts(
        ports,
        { zaak, ...noHelp },
        { zaak, ...noHelp, correctie: 'j' },
        { zaak, heropenen: 'nieuwe informatie' },
        { zaak, ...visit },
        { zaak, einde_schuldenrust: 'plan gestopt' },
      ),
    ).toEqual([
      'afgekeurd WITHDRAWN resultaat',
      'afgekeurd WITHDRAWN resultaat',
      'afgekeurd WITHDRAWN heropenen',
      'afgekeurd WITHDRAWN contact_soort',
      'afgekeurd WITHDRAWN einde_schuldenrust',
    ]);
    expect(stored(ports)).toEqual(before);
  });
});

describe('a case and its signals', () => {
  const two = async (at?: string): Promise<MemoryPorts> => {
    const ports = await atMarch(at);
    await join(ports);
    return ports;
  };

  it('[R-FLO-1] is answered, corrected and opened again as a whole, and the answer says for how many', async () => {
    const ports = await two();
    expect(await verdicts(ports, { zaak, ...noHelp })).toEqual(['verwerkt (geldt voor 2 signalen)']);
    expect(await verdicts(ports, { zaak, ...deceased, correctie: 'j' })).toEqual([
      'verwerkt (geldt voor 2 signalen) (gecorrigeerd)',
    ]);
    for (const { signalId } of [ref, second]) await settleOutcome(ports, { caseId: zaak, signalId });
    expect([stored(ports).status, secondOf(ports).status]).toEqual(['CLOSED', 'CLOSED']);
    expect(await verdicts(ports, { zaak, heropenen: 'ten onrechte gesloten' })).toEqual([
      'verwerkt (geldt voor 2 signalen) (heropend)',
    ]);
    expect([stored(ports), secondOf(ports)]).toMatchObject([
      { status: 'ASSIGNED', round: 2 },
      { status: 'ASSIGNED', round: 2 },
    ]);
    expect(ports.workflows.signals.size).toBe(2);
  });

  it('[R-FLO-1] a withdrawn signal of the case is left alone, and the answer says so', async () => {
    const ports = await two();
    const gone = withdraw(secondOf(ports), 'fout', ports.clock.now(), 'levering');
    if (gone.ok) await ports.signals.replace(gone.value.signal, gone.value.allowed);
    expect(await verdicts(ports, { zaak, ...noHelp })).toEqual(['verwerkt (geldt voor 1 van de 2 signalen)']);
    expect(secondOf(ports)).toMatchObject({ status: 'WITHDRAWN' });
  });

  it('[R-FLO-1] a signal that joined since goes along when its case is corrected or answered again', async () => {
    const ports = await closed();
    ports.clock.set('2026-03-12T09:00:00.000Z');
    await join(ports, { ...second, receivedAt: Instant.parse('2026-03-11T09:00:00.000Z') });
    expect(await verdicts(ports, { zaak, ...deceased, correctie: 'j' })).toEqual([
      'verwerkt (geldt voor 2 signalen) (gecorrigeerd)',
    ]);
    expect([stored(ports), secondOf(ports)]).toMatchObject([
      { round: 2, outcome: { result: deceased.resultaat, date: '2026-03-10' } },
      { round: 1, outcome: { result: deceased.resultaat, date: '2026-03-11' }, earlierOutcomes: [] },
    ]);

    const again = await closed();
    again.clock.set('2026-03-12T09:00:00.000Z');
    await join(again, { ...second, receivedAt: Instant.parse('2026-03-11T09:00:00.000Z') });
    const line = { zaak, heropenen: 'inwoner meldt zich', ...help, resultaat_datum: '12-03-2026' };
    expect(await verdicts(again, line)).toEqual(['verwerkt (geldt voor 2 signalen) (heropend)']);
    expect([stored(again).status, secondOf(again).status]).toEqual(['OUTCOME_KNOWN', 'OUTCOME_KNOWN']);
  });

  const later = { ...second, receivedAt: Instant.parse('2026-03-11T09:00:00.000Z') };

  it('[R-FEE-3][R-SUS-1] what is about one arrear is not for a signal that came after the answer', async () => {
    const ports = await atMarch('2026-03-12T09:00:00.000Z');
    await join(ports, later);
    expect(await verdicts(ports, { zaak, ...help })).toEqual(['verwerkt (geldt voor 2 signalen)']);
    expect(stored(ports)).toMatchObject({ outcome: { maySuspend: true, paymentResumes: { from: '2026-04-01' } } });
    expect(secondOf(ports)).toMatchObject({ status: 'OUTCOME_KNOWN' });
    expect('outcome' in secondOf(ports) && secondOf(ports)).toHaveProperty('outcome', {
      result: 'Vervolghulp en/of verwijzing',
      date: '2026-03-11',
      actionPlanOn: '2026-03-10',
      maySuspend: false,
      forCase: true,
    });
    expect(await verdicts(ports, { zaak, ...help })).toEqual(['al bekend (geldt voor 2 signalen)']);
  });

  it('[R-FLO-1] what a worker says of the case is also for a crisis in it, and for what concerns one signal', async () => {
    const ports = await atMarch();
    await join(ports, { ...second, kind: 'ontruiming' });
    const repeat = { resultaat: 'Niet opgepakt: herhaalde melding', resultaat_datum: '10-03-2026' };
    expect(await verdicts(ports, { zaak, ...repeat })).toEqual(['verwerkt (geldt voor 2 signalen)']);
    expect(secondOf(ports)).toMatchObject({ status: 'OUTCOME_KNOWN', outcome: { result: repeat.resultaat } });
  });

  const arrangement = { regeling_bedrag: '75,00', regeling_vanaf: '01-04-2026' };

  it('[R-FEE-3] an arrangement is not for a case in which more partners have a signal', async () => {
    const ports = await atMarch();
    await join(ports, { ...second, partner: PartnerId.parse('pre-wonen') });
    const before = stored(ports);
    const { receipt } = await take(ports, outcomesCsv({ zaak, ...help, ...arrangement }));
    expect(receipt.answers).toMatchObject([
      {
        verdict: 'afgekeurd',
        code: 'ARRANGEMENT_FOR_CASE',
        column: 'regeling_bedrag',
        remedy: 'Noem het signaal: een regeling geldt voor één achterstand.',
      },
    ]);
    expect(stored(ports)).toEqual(before);
    expect(await verdicts(ports, { signaal: ref.signalId, ...help, ...arrangement })).toEqual(['verwerkt']);
  });

  it('[R-FEE-3] of one partner, or when the other partner took it back, it is', async () => {
    const one = await two();
    expect(await verdicts(one, { zaak, ...help, ...arrangement })).toEqual(['verwerkt (geldt voor 2 signalen)']);

    const gone = await atMarch();
    const other = { ...second, partner: PartnerId.parse('pre-wonen') };
    const left = withdraw(other, 'fout', gone.clock.now(), 'levering');
    if (left.ok) await join(gone, left.value.signal);
    expect(await verdicts(gone, { zaak, ...help, ...arrangement })).toEqual([
      'verwerkt (geldt voor 1 van de 2 signalen)',
    ]);
  });

  it('[R-FLO-1][R-FEE-3] a file that comes again is not for what came since', async () => {
    const ports = await atMarch();
    const file = await take(ports, outcomesCsv({ zaak, ...help, ...arrangement }));
    const since = Instant.parse('2026-03-10T15:00:00.000Z');
    const crisis = reported({ ...second, kind: 'ontruiming', partner: PartnerId.parse('pre-wonen') });
    await join(ports, { ...crisis, receivedAt: since, history: [{ kind: 'RECEIVED', at: since, source: 'levering' }] });
    ports.clock.set('2026-03-11T09:00:00.000Z');
    expect(await receiveOutcomes(ports, file.upload)).toEqual(file.answer);
    expect(secondOf(ports).status).toBe('RECEIVED');
  });

  it('[R-FLO-1] who answered one signal by itself does not answer the case', async () => {
    const ports = await two();
    expect(await verdicts(ports, { signaal: second.signalId, ...noHelp })).toEqual(['verwerkt']);
    expect([stored(ports).status, secondOf(ports).status]).toEqual(['ASSIGNED', 'OUTCOME_KNOWN']);
    expect(await verdicts(ports, { zaak, ...deceased })).toEqual(['verwerkt (geldt voor 1 van de 2 signalen)']);
    expect([stored(ports), secondOf(ports)]).toMatchObject([
      { outcome: { result: deceased.resultaat } },
      { outcome: { result: noHelp.resultaat } },
    ]);
  });

  it('lines of a case and of its signals go in the order of the file', async () => {
    const lines: Line[] = [
      { zaak, ...noHelp },
      { signaal: second.signalId, ...deceased, correctie: 'j' },
      { zaak, ...noHelp },
    ];
    const ports = await two();
    expect(await verdicts(ports, ...lines)).toEqual([
      'verwerkt (geldt voor 2 signalen)',
      'verwerkt (gecorrigeerd)',
      'verwerkt (geldt voor 2 signalen)',
    ]);
    expect(secondOf(ports)).toMatchObject({ outcome: { result: deceased.resultaat } });
  });
});

describe('a file that comes again', () => {
  const changed: readonly (readonly [string, () => Promise<MemoryPorts>, readonly Line[], readonly Line[]])[] = [
    ['an outcome, opened again since', atMarch, [{ zaak, ...noHelp }], [{ zaak, heropenen: 'nieuwe informatie' }]],
    ['an outcome, corrected since', atMarch, [{ zaak, ...noHelp }], [{ zaak, ...deceased, correctie: 'j' }]],
    [
      'a correction, opened again since',
      closed,
      [{ zaak, ...deceased, correctie: 'j' }],
      [{ zaak, heropenen: 'nieuwe informatie' }],
    ],
    [
      'a reopening, answered and closed since',
      closed,
      [{ zaak, heropenen: 'inwoner meldt zich' }],
      [{ zaak, ...deceased }],
    ],
    [
      'a reopening with its answer, corrected since',
      closed,
      [{ zaak, heropenen: 'inwoner meldt zich', ...deceased }],
      [{ zaak, ...noHelp, correctie: 'j' }],
    ],
    ['a phase, corrected back since', atMarch, [{ zaak, fase: 'incasso' }], [{ zaak, fase: 'achterstand' }]],
    ['a team, handed back since', atMarch, [{ zaak, doorzetten_naar: 'swt' }], [{ zaak, doorzetten_naar: 'sdv' }]],
    [
      'what the team knows, corrected since',
      atMarch,
      [{ zaak, bekend_wijkteam: 'j' }],
      [{ zaak, bekend_wijkteam: 'n' }],
    ],
    [
      'an early end, corrected and accepted again since',
      resting,
      [{ zaak, einde_schuldenrust: 'plan gestopt' }],
      [{ zaak, ...help, correctie: 'j', betaling_hervat: '02-04-2026' }],
    ],
    ['an attempt, closed since', atMarch, [{ zaak, ...visit }], [{ zaak, ...noHelp }]],
  ];

  it.each(changed)('changes nothing after others did: %s', async (_, setup, lines, since) => {
    const ports = await setup();
    const first = await take(ports, outcomesCsv(...lines));
    expect(first.answer).toMatchObject({ taken: 1 });
    const settle = async () => {
      if (stored(ports).status === 'OUTCOME_KNOWN') await settleOutcome(ports, ref);
    };
    await settle();
    expect((await take(ports, outcomesCsv(...since))).answer).toMatchObject({ taken: 1 });
    await settle();
    const before = stored(ports);
    ports.clock.set('2026-03-25T09:00:00.000Z');
    expect(await receiveOutcomes(ports, first.upload)).toEqual(first.answer);
    expect(stored(ports)).toEqual(before);
  });

  it('an outcome that was known is not given again when a later line of the same file opened the case', async () => {
    const ports = await closed();
    const upload = await dropOnce(
      ports,
      outcomesCsv({ zaak, ...noHelp }, { zaak, heropenen: 'nieuwe informatie' }),
      '2026-03-10T14:00:00Z',
    );
    const first = await receiveOutcomes(ports, upload);
    const before = stored(ports);
    expect(before.status).toBe('ASSIGNED');
    expect(await receiveOutcomes(ports, upload)).toEqual(first);
    expect(stored(ports)).toEqual(before);
  });

  it('the next day reads the dates as on the day it was dropped', async () => {
    const ports = await resting();
    const body = outcomesCsv(
      { zaak, einde_schuldenrust: 'plan gestopt' },
      { zaak, ...visit, contact_datum: '2026-03-13' },
    );
    const upload = await dropOnce(ports, body, '2026-03-12T22:59:59Z');
    ports.clock.set('2026-03-14T06:00:00.000Z');
    expect(await receiveOutcomes(ports, upload)).toMatchObject({ taken: 1, refused: 1 });
    expect(stored(ports)).toMatchObject({ suspension: { endedEarly: { on: '2026-03-12' } } });
  });

  const whole: readonly Line[] = [
    { zaak, fase: 'incasso', ...visit },
    { zaak, doorzetten_naar: 'swt', bekend_wijkteam: 'j', medewerker: 'w1' },
    { signaal: second.signalId, ...deceased },
    { zaak, ...help },
    { zaak, ...noHelp, correctie: 'j' },
    { zaak, heropenen: 'inwoner meldt zich' },
    { zaak, doorzetten_naar: 'onbekend' },
  ];
  it.each([
    ['open', atMarch],
    ['in schuldenrust', resting],
    ['closed', closed],
  ] as const)('survives a crash at every call, of a case that is %s', async (_, setup) => {
    const calls = await survivesEveryCrash(
      async () => {
        const ports = await setup();
        await join(ports);
        return ports;
      },
      async (ports) => receiveOutcomes(ports, await dropOnce(ports, outcomesCsv(...whole), '2026-03-12T10:00:00Z')),
    );
    expect(calls).toBeGreaterThan(25);
  });
});

it('the answers can be read in a spreadsheet, and hold nothing but ids, words of ours and teams', async () => {
  const ports = await atMarch();
  await join(ports);
  const { answers = '', receipt } = await take(
    ports,
    outcomesCsv({ zaak, ...noHelp }, { zaak, ...noHelp }, { zaak: 'Jansen', ...noHelp }),
  );
  expect(answers.split('\r\n').map((line) => line.split(';'))).toEqual([
    ['\uFEFFregel', 'zaak_of_signaal', 'antwoord', 'code', 'kolom', 'uitleg', 'oplossing', 'opmerkingen'],
    ['2', zaak, 'verwerkt', '', '', '', '', 'geldt voor 2 signalen'],
    ['3', zaak, 'verwerkt', '', '', '', '', 'geldt voor 2 signalen'],
    [
      '4',
      '',
      'afgekeurd',
      'SIGNAL_UNKNOWN',
      'zaak',
      'Deze zaak of dit signaal kennen wij niet.',
      'Neem het nummer over van de werklijst.',
      '',
    ],
    [''],
  ]);
  expect(receipt.counts).toEqual({ read: 3, taken: 2, alreadyKnown: 0, refused: 1 });
  expect(stateOf(ports).mails).toHaveLength(1);
  expect(IsoDate.safeParse(receipt.readAt.slice(0, 10)).success).toBe(true);
});
