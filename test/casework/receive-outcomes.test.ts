import { describe, expect, it } from 'vitest';
import { ArrearId, caseIdOf, HouseholdKey, MunicipalityCode, Period, signalIdOf } from '#domain/ids.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { receiveOutcomes } from '#functions/casework/receive-outcomes/receive-outcomes.ts';
import { settleOutcome } from '#functions/casework/settle-outcome/settle-outcome.ts';
import type { MemoryPorts } from '#test/support/memory/ports.ts';
import { stateOf, survivesEveryCrash } from '#test/support/memory/replay.ts';
import { drop, dropOnce, HEADER, help, type Line, outcomesCsv, take } from '#test/support/outcomes.ts';
import { workbookOf } from '#test/support/workbook.ts';
import { answered, fresh, kinds, ref, reported, stored, suspended, TOKEN, waiting } from './stages.ts';

const april = Period.parse('2026-04');
const secondArrear = ArrearId.parse('8K3QX9M2T4VB8C1D');
/** A second partner's signal of the same household: the same case. */
const second = reported({ arrearId: secondArrear, signalId: signalIdOf(secondArrear, april), reference: 'PW-7' });

const csv = outcomesCsv;
/** A new address that lies in Zandvoort. */
const zandvoort = {
  overdracht_postcode: '2042 AB',
  overdracht_huisnummer: '3',
  overdracht_woonplaats: 'Zandvoort',
} as const;
const codes = async (ports: MemoryPorts, ...lines: Line[]): Promise<readonly (string | undefined)[]> => {
  const { rejected = '' } = await take(ports, csv(...lines));
  return rejected
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(';').slice(0, 3).join(' '));
};

const atMarch = async (): Promise<MemoryPorts> => {
  const ports = await waiting();
  ports.clock.set('2026-03-10T14:00:00.000Z');
  return ports;
};
const twoSignals = async (): Promise<MemoryPorts> => {
  const ports = await atMarch();
  await ports.signals.create(second);
  await ports.signals.claim(second.arrearId, second.period, second.caseId);
  return ports;
};
const secondOf = (ports: MemoryPorts): Signal | undefined =>
  ports.signals.items.get(`${second.caseId}#${second.signalId}`);

/** A workbook with our header and these rows. */
const answeredIn = (data: string): Uint8Array => {
  const header = HEADER.split(';').map((name) => `<c t="str"><v>${name}</v></c>`);
  return workbookOf({ data: `<row>${header.join('')}</row>${data}` });
};

describe('outcomes of a municipality', () => {
  it('[R-FLO-6] stores what was answered, wakes the execution, and says so', async () => {
    const ports = await atMarch();
    const line = { ...help, signaal: ref.signalId, regeling_bedrag: '1.075,00', regeling_vanaf: '2026-05-01' };
    const { answer, receipt, rejected } = await take(ports, csv(line));
    expect(answer).toEqual({ read: 1, taken: 1, alreadyKnown: 0, refused: 0, fileRefused: false, mailsRefused: 0 });
    expect(stored(ports)).toMatchObject({
      status: 'OUTCOME_KNOWN',
      outcome: {
        result: 'Vervolghulp en/of verwijzing',
        date: '2026-03-10',
        actionPlanOn: '2026-03-10',
        paymentResumes: { from: '2026-04-01' },
        arrangement: { monthlyCents: 107_500, from: '2026-05-01' },
        maySuspend: true,
      },
    });
    expect(ports.workflows.woken).toEqual([TOKEN]);
    expect(receipt).toMatchObject({ verdict: 'verwerkt', counts: { read: 1, taken: 1 }, refusals: [] });
    expect(rejected).toBeUndefined();
    expect(ports.mailer.sent).toMatchObject([{ to: 'schulden@haarlem.example.nl', subject: 'Uitkomsten verwerkt' }]);
  });

  it('[R-FLO-1] an outcome of the case completes all its signals', async () => {
    const ports = await twoSignals();
    const { answer } = await take(ports, csv({ ...help, zaak: ref.caseId }));
    expect(answer).toMatchObject({ read: 1, taken: 1 });
    expect([stored(ports).status, secondOf(ports)?.status]).toEqual(['OUTCOME_KNOWN', 'OUTCOME_KNOWN']);
  });

  it('[R-FLO-1] a signal that joined the case after the day of the answer has it from the day it came', async () => {
    const late = reported({ arrearId: secondArrear, signalId: second.signalId });
    const ports = await atMarch();
    await ports.signals.create({ ...late, receivedAt: ports.clock.now() });
    await take(ports, csv({ ...help, zaak: ref.caseId, resultaat_datum: '09-03-2026', plan_van_aanpak: '09-03-2026' }));
    expect([stored(ports), secondOf(ports)]).toMatchObject([
      { status: 'OUTCOME_KNOWN', outcome: { date: '2026-03-09' } },
      { status: 'OUTCOME_KNOWN', outcome: { date: '2026-03-10' } },
    ]);
  });

  it('[R-FLO-5] [R-FLO-7] contact attempts are kept, wake nobody, and an answer may come after the term', async () => {
    const ports = await atMarch();
    const contact = {
      contact_soort: 'Huisbezoek',
      contact_bereikt: 'n',
      contact_datum: '09-03-2026',
      contact_dagdeel: 'Avond',
    };
    const { answer } = await take(
      ports,
      csv({ zaak: ref.caseId, ...contact }, { zaak: ref.caseId, ...contact, contact_soort: 'Kaartje' }),
    );
    expect(answer).toMatchObject({ read: 2, taken: 2 });
    expect(stored(ports)).toMatchObject({
      status: 'ASSIGNED',
      contactAttempts: [
        { kind: 'Huisbezoek', reached: false, date: '2026-03-09', dayPart: 'Avond' },
        { kind: 'Kaartje' },
      ],
    });
    expect(ports.workflows.woken).toEqual([]);
  });

  it('[R-SUS-4] ends schuldenrust early with its reason and wakes the execution that guards it', async () => {
    const ports = await suspended();
    const signal = stored(ports);
    await ports.signals.storeTaskToken(ref, signal.version, 'guard', ['SUSPENDED']);
    ports.clock.set('2026-03-20T09:00:00.000Z');
    const { answer } = await take(ports, csv({ zaak: ref.caseId, einde_schuldenrust: 'plan gestopt' }));
    expect(answer).toMatchObject({ taken: 1 });
    expect(stored(ports)).toMatchObject({ suspension: { endedEarly: { on: '2026-03-20', reason: 'plan gestopt' } } });
    expect(ports.workflows.woken).toEqual(['guard']);
  });

  it('the same outcome twice: already known; a lost wake is made good, a settled signal is left in peace', async () => {
    const ports = await answered();
    const before = stored(ports);
    const again = csv({ ...help, zaak: ref.caseId });
    expect((await take(ports, again)).answer).toMatchObject({ taken: 0, alreadyKnown: 1, refused: 0 });
    expect(ports.workflows.woken).toEqual([TOKEN]);
    expect(stored(ports)).toEqual(before);
    await settleOutcome(ports, ref);
    const settled = stored(ports);
    await ports.signals.storeTaskToken(ref, settled.version, 'guard', ['SUSPENDED']);
    expect((await take(ports, again)).answer).toMatchObject({ alreadyKnown: 1 });
    expect(ports.workflows.woken).toEqual([TOKEN]);
  });

  it('the same event twice reads the same, mails once', async () => {
    const ports = await atMarch();
    const upload = await drop(ports, csv({ ...help, zaak: ref.caseId }));
    const first = await receiveOutcomes(ports, upload);
    expect(await receiveOutcomes(ports, upload)).toEqual(first);
    expect(ports.mailer.sent).toHaveLength(1);
    expect(kinds(ports).filter((kind) => kind === 'OUTCOME_RECORDED')).toHaveLength(1);
  });

  it('survives a crash at every call', async () => {
    const contact = { contact_soort: 'Telefoon', contact_bereikt: 'j', contact_datum: '2026-03-09' };
    const body = csv(
      { ...help, ...contact, zaak: ref.caseId },
      { zaak: ref.caseId, ...help, resultaat: 'bestaat niet' },
      { zaak: ref.caseId, ...contact },
    );
    const calls = await survivesEveryCrash(twoSignals, async (ports) =>
      receiveOutcomes(ports, await dropOnce(ports, body, '2026-03-10T14:00:00Z')),
    );
    expect(calls).toBeGreaterThan(15);
  });
});

describe('lines that are not taken', () => {
  const zaak = ref.caseId;
  const elsewhere = caseIdOf(MunicipalityCode.parse('0363'), april, HouseholdKey.parse('9F3K2M8QZX7C'));
  const nobody = caseIdOf(MunicipalityCode.parse('0392'), april, HouseholdKey.parse('000000000000'));

  it.each([
    ['OTHER_MUNICIPALITY zaak', { ...help, zaak: elsewhere }],
    ['SIGNAL_UNKNOWN zaak', { ...help, zaak: nobody }],
    ['SIGNAL_UNKNOWN zaak', { ...help, zaak: 'Jansen' }],
    ['SIGNAL_UNKNOWN signaal', { ...help, signaal: 'ZZZZZZZZZZZZZZZZ-2604' }],
    ['SIGNAL_UNKNOWN signaal', { ...help, zaak, signaal: 'ZZZZZZZZZZZZZZZZ-2604' }],
    ['VALUE_MISSING zaak', help],
    ['VALUE_MISSING resultaat', { zaak }],
    ['VALUE_MISSING resultaat', { zaak, resultaat_datum: '10-03-2026' }],
    ['VALUE_MISSING resultaat_datum', { ...help, zaak, resultaat_datum: '' }],
    ['VALUE_MISSING contact_soort', { zaak, contact_datum: '2026-03-09' }],
    ['VALUE_MISSING contact_bereikt', { zaak, contact_soort: 'Brief', contact_datum: '2026-03-09' }],
    ['VALUE_MISSING regeling_vanaf', { ...help, zaak, regeling_bedrag: '75,00' }],
    ['VALUE_INVALID schuldenrust', { ...help, zaak, schuldenrust: 'misschien' }],
    ['RESULT_UNKNOWN resultaat', { ...help, zaak, resultaat: 'vervolghulp en/of verwijzing' }],
    ['RESULT_UNKNOWN resultaat', { ...help, zaak, resultaat: 'Inwoner regelt het zelf' }],
    [
      'CONTACT_UNKNOWN contact_soort',
      { zaak, contact_soort: 'Postduif', contact_bereikt: 'n', contact_datum: '2026-03-09' },
    ],
    [
      'CONTACT_UNKNOWN contact_dagdeel',
      { zaak, contact_soort: 'Brief', contact_bereikt: 'n', contact_datum: '2026-03-09', contact_dagdeel: 'Nacht' },
    ],
    ['REASON_UNKNOWN einde_schuldenrust', { zaak, einde_schuldenrust: 'zomaar' }],
    ['DATE_INVALID resultaat_datum', { ...help, zaak, resultaat_datum: '31-02-2026' }],
    ['DATE_IN_FUTURE resultaat_datum', { ...help, zaak, resultaat_datum: '11-03-2026' }],
    ['DATE_IN_FUTURE plan_van_aanpak', { ...help, zaak, plan_van_aanpak: '11-03-2026' }],
    ['DATE_BEFORE_RECEIPT resultaat_datum', { ...help, zaak, resultaat_datum: '01-03-2026' }],
    ['AMOUNT_INVALID regeling_bedrag', { ...help, zaak, regeling_bedrag: 'veel', regeling_vanaf: '01-05-2026' }],
    ['SUSPENSION_WITHOUT_HELP schuldenrust', { ...help, zaak, resultaat: 'Inwoner is overleden' }],
    ['SUSPENSION_INCOMPLETE plan_van_aanpak', { ...help, zaak, plan_van_aanpak: '' }],
    ['SUSPENSION_INCOMPLETE betaling_hervat', { ...help, zaak, betaling_hervat: '' }],
    ['COMBINATION einde_schuldenrust', { ...help, zaak, einde_schuldenrust: 'plan gestopt' }],
    ['COMBINATION einde_schuldenrust', { zaak, heropenen: 'inwoner meldt zich', einde_schuldenrust: 'plan gestopt' }],
    ['COMBINATION einde_schuldenrust', { zaak, ...zandvoort, einde_schuldenrust: 'plan gestopt' }],
    ['NOT_SUSPENDED einde_schuldenrust', { zaak, einde_schuldenrust: 'plan gestopt' }],
    ['WORKER_INVALID medewerker', { ...help, zaak, medewerker: 'CANARY' }],
    ['WORKER_INVALID medewerker', { ...help, zaak, medewerker: 'p. canary' }],
    ['WORKER_INVALID medewerker', { ...help, zaak, medewerker: 'canary@haarlem.example.nl' }],
    ['WORKER_INVALID medewerker', { ...help, zaak, medewerker: '123456782' }],
    ['PHASE_UNKNOWN fase', { zaak, fase: 'aanmaning' }],
    ['TEAM_UNKNOWN doorzetten_naar', { zaak, doorzetten_naar: 'wijkteam' }],
    ['VALUE_INVALID bekend_wijkteam', { zaak, bekend_wijkteam: 'misschien' }],
    ['REOPEN_REASON_UNKNOWN heropenen', { zaak, heropenen: 'zomaar' }],
    ['NOT_CLOSED heropenen', { zaak, heropenen: 'inwoner meldt zich' }],
    ['NOT_CLOSED heropenen', { ...help, zaak, heropenen: 'inwoner meldt zich' }],
    ['VALUE_INVALID correctie', { ...help, zaak, correctie: 'x' }],
    ['NOTHING_TO_CORRECT resultaat', { ...help, zaak, correctie: 'j' }],
    ['CORRECTION_WITHOUT_RESULT correctie', { zaak, correctie: 'j' }],
    ['CORRECTION_AND_REOPENING heropenen', { ...help, zaak, correctie: 'j', heropenen: 'nieuwe informatie' }],
    ['VALUE_MISSING overdracht_postcode', { zaak, ...zandvoort, overdracht_postcode: '' }],
    ['VALUE_MISSING overdracht_postcode', { zaak, overdracht_woonplaats: 'Zandvoort' }],
    ['VALUE_MISSING overdracht_huisnummer', { zaak, ...zandvoort, overdracht_huisnummer: '' }],
    ['POSTCODE_INVALID overdracht_postcode', { zaak, ...zandvoort, overdracht_postcode: '2042' }],
    ['HOUSE_NUMBER_INVALID overdracht_huisnummer', { zaak, ...zandvoort, overdracht_huisnummer: 'drie' }],
    ['POSTCODE_UNKNOWN overdracht_postcode', { zaak, ...zandvoort, overdracht_postcode: '1002 AA' }],
    ['POSTCODE_PO_BOX overdracht_postcode', { zaak, ...zandvoort, overdracht_postcode: '2000 AB' }],
    ['FIELD_TOO_LONG overdracht_straat', { zaak, ...zandvoort, overdracht_straat: 'x'.repeat(121) }],
    ['HAND_OVER_SAME_MUNICIPALITY overdracht_postcode', { zaak, ...zandvoort, overdracht_postcode: '2011 SN' }],
    ['HAND_OVER_MUNICIPALITY_DIFFERS overdracht_gemeente', { zaak, ...zandvoort, overdracht_gemeente: '0363' }],
    ['HAND_OVER_OTHER_RESULT resultaat', { ...help, zaak, ...zandvoort }],
    ['VALUE_MISSING resultaat', { zaak, ...zandvoort, schuldenrust: 'j' }],
    ['DATE_IN_FUTURE resultaat_datum', { zaak, ...zandvoort, resultaat_datum: '11-03-2026' }],
    ['DATE_BEFORE_RECEIPT resultaat_datum', { zaak, ...zandvoort, resultaat_datum: '01-03-2026' }],
    [
      'SUSPENSION_WITHOUT_HELP schuldenrust',
      {
        ...help,
        zaak,
        ...zandvoort,
        resultaat: 'Persoon is geen inwoner (meer) in de gemeente',
      },
    ],
  ] as const)('%s', async (verdict, line) => {
    const ports = await atMarch();
    const before = stateOf(ports);
    const { rejected = '', receipt, answers = '' } = await take(ports, csv(line));
    expect(rejected.split('\r\n')[1]?.split(';').slice(0, 3).join(' ')).toBe(`2 ${verdict}`);
    const [code, column] = verdict.split(' ');
    expect(receipt.answers).toMatchObject([
      {
        line: 2,
        verdict: 'afgekeurd',
        code,
        column,
        explanation: expect.stringMatching(/\.$/),
        remedy: expect.stringMatching(/\.$/),
      },
    ]);
    expect(answers.split('\r\n')[1]).toMatch(new RegExp(`^2;[^;]*;afgekeurd;${code};${column};`));
    const after = stateOf(ports);
    for (const part of ['signals', 'arrears', 'started', 'woken'] as const) expect(after[part]).toEqual(before[part]);
    // A name or address of a worker comes back nowhere, not even in the sender's own lines.
    for (const text of [rejected, answers, JSON.stringify(receipt)]) expect(text).not.toMatch(/canary|123456782/i);
  });

  it('another outcome than the known one is contradictory, after the close it is too late; neither changes anything', async () => {
    const ports = await answered();
    const other = { zaak, resultaat: 'Inwoner is overleden', resultaat_datum: '10-03-2026' };
    expect(await codes(ports, other)).toEqual(['2 CONTRADICTORY resultaat']);
    const closed = await answered({
      result: 'Niet opgepakt: andere reden',
      date: stored(ports).dueDate,
      maySuspend: false,
      forCase: true,
    });
    await settleOutcome(closed, ref);
    const before = stored(closed);
    expect(await codes(closed, other)).toEqual(['2 CLOSED resultaat']);
    expect(stored(closed)).toEqual(before);
  });

  it('a refused outcome takes its contact attempt with it: a line is taken as a whole', async () => {
    const ports = await answered();
    const contact = { contact_soort: 'Telefoon', contact_bereikt: 'j', contact_datum: '2026-03-09' };
    await codes(ports, { zaak, ...contact, resultaat: 'Inwoner is overleden', resultaat_datum: '10-03-2026' });
    expect(stored(ports).contactAttempts).toEqual([]);
  });

  it('[R-FEE-4] that payment cannot resume is an answer, also with schuldenrust = j', async () => {
    const ports = await atMarch();
    const { answer } = await take(ports, csv({ ...help, zaak, betaling_hervat: 'nee' }));
    expect(answer).toMatchObject({ taken: 1 });
    expect(stored(ports)).toMatchObject({ outcome: { paymentResumes: 'cannot' } });
  });

  it('good lines go on beside bad ones; counts add up; the corrected rejection file can be dropped as it is', async () => {
    const ports = await twoSignals();
    const bad = { ...help, signaal: second.signalId, resultaat: '=cmd()' };
    const { receipt, rejected = '' } = await take(ports, csv({ ...help, signaal: ref.signalId }, bad));
    expect(receipt.counts).toEqual({ read: 2, taken: 1, alreadyKnown: 0, refused: 1 });
    expect(receipt.refusals).toMatchObject([{ code: 'RESULT_UNKNOWN', count: 1 }]);
    expect(rejected).toContain(`;'=cmd();`);
    const corrected = rejected.replace("'=cmd()", 'Inwoner is overleden').replace(';j;', ';n;');
    expect((await take(ports, corrected)).receipt.counts).toEqual({ read: 1, taken: 1, alreadyKnown: 0, refused: 0 });
    expect(secondOf(ports)?.status).toBe('OUTCOME_KNOWN');
  });

  it('[R-PRI-3] neither receipt nor mail nor answer repeats what a line said', async () => {
    const ports = await atMarch();
    const { answer, receipt } = await take(
      ports,
      csv({ zaak: 'CANARY Jansen', resultaat: 'CANARY' }, { ...help, zaak }),
    );
    for (const text of [answer, receipt, ports.mailer.sent]) {
      expect(JSON.stringify(text)).not.toMatch(/CANARY/);
      expect(JSON.stringify(text)).not.toContain(ref.signalId);
    }
  });

  it('short and long rows are refused one by one', async () => {
    const ports = await atMarch();
    const { rejected = '' } = await take(ports, `${csv({ ...help, zaak })};te;veel\r\n${zaak};x\r\n`);
    expect(rejected).toMatch(/^2;ROW_TOO_LONG;.*;te;veel$/m);
    expect(rejected).toContain('ROW_TOO_SHORT');
    expect(stored(ports).status).toBe('ASSIGNED');
  });
});

/** The cells of a line behind its first two. */
const REST = ';'.repeat(HEADER.split(';').length - 2);

describe('files that cannot be read', () => {
  it.each([
    ['FILE_EMPTY', ''],
    ['FILE_NOT_CSV', 'zomaar een brief'],
    ['FILE_NOT_TEXT', Uint8Array.from([0x25, 0x50, 0x44, 0x46, 0, 0, 1])],
    ['WORKBOOK_UNREADABLE', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 1])],
    ['FILE_UTF16', Uint8Array.from([0x7a, 0, 0x61, 0])],
    ['HEADER_INCOMPLETE', 'zaak;contact_datum\r\nx;y'],
    ['HEADER_UNKNOWN_COLUMN', 'zaak;resultaat;resultaat_datum;opmerking\r\n'],
    ['HEADER_DOUBLED', 'zaak;zaak;resultaat;resultaat_datum\r\n'],
    ['BSN_COLUMN', 'zaak;resultaat;resultaat_datum;bsn\r\n'],
    ['QUOTE_NEVER_CLOSED', `${csv({ ...help, zaak: ref.caseId })}\r\n"nooit dicht;x\r\n`],
  ] as const)('%s: a receipt that says so, and nothing of it applied', async (code, body) => {
    const ports = await atMarch();
    const { answer, receipt } = await take(ports, body);
    expect(answer).toMatchObject({ fileRefused: true, read: 0 });
    expect(receipt).toMatchObject({ verdict: 'geweigerd', file: { code }, counts: { read: 0 } });
    expect(stored(ports).status).toBe('ASSIGNED');
    expect(ports.mailer.sent).toMatchObject([{ subject: 'Uitkomsten niet verwerkt' }]);
  });

  it('[R-FLO-6] a worklist answered in Excel itself is read as it is', async () => {
    const ports = await atMarch();
    const cells = csv({ ...help, zaak: ref.caseId })
      .split('\r\n')
      .map((line) => line.split(';'));
    const { receipt } = await take(ports, workbookOf({ rows: cells }));
    expect(receipt).toMatchObject({ verdict: 'verwerkt', counts: { read: 1, taken: 1 } });
    expect(stored(ports).status).not.toBe('ASSIGNED');
  });

  it.each<[string, string, () => string | Uint8Array]>([
    ['a CSV of more lines than there are cases', 'TOO_MANY_ROWS', () => `${HEADER}\r\n${'x\r\n'.repeat(50_001)}`],
    [
      'a workbook of more rows than there are cases',
      'TOO_MANY_ROWS',
      () => answeredIn('<row><c><v>1</v></c></row>'.repeat(50_001)),
    ],
    [
      'a workbook that is nothing but large',
      'WORKBOOK_TOO_LARGE',
      () => answeredIn(`<row>${'<c><v>1</v></c>'.repeat(200)}</row>`.repeat(23_000)),
    ],
    [
      'a workbook of something else, its end not read',
      'HEADER_MISSING',
      () => workbookOf({ data: `<row><c><v>1</v></c></row>${'<row><c><v>1</v></c></row>'.repeat(10_000)}<niet` }),
    ],
  ])('%s is refused before it is held', async (_name, code, body) => {
    const ports = await atMarch();
    const { receipt } = await take(ports, body());
    expect(receipt).toMatchObject({ verdict: 'geweigerd', file: { code }, counts: { read: 0 } });
    if (code === 'TOO_MANY_ROWS') expect(receipt.file?.explanation).toContain('50.000 regels');
    expect(stored(ports).status).toBe('ASSIGNED');
  });

  it('a header without lines is a file in which nothing happened', async () => {
    const { receipt } = await take(await atMarch(), HEADER);
    expect(receipt).toMatchObject({ verdict: 'verwerkt', counts: { read: 0, taken: 0, alreadyKnown: 0, refused: 0 } });
  });

  it.each([
    ['QUOTE_NEVER_CLOSED', `${HEADER}\r\nx;"y\r\nz"${REST}\r\n"nooit dicht;x\r\n`],
    ['QUOTE_NEVER_CLOSED', `${HEADER}\r\n\r\n\r\n"${'x;y\r\n'.repeat(20_000)}`],
    ['FIELD_TOO_LARGE', `${HEADER}\r\nx;"y\r\nz"${REST}\r\n${'x'.repeat(300_000)};x\r\n`],
  ])('%s names its line, and the mail says what to do', async (code, body) => {
    const ports = await atMarch();
    expect((await take(ports, body)).receipt).toMatchObject({ file: { code, line: 4 } });
    expect(ports.mailer.sent[0]?.text).toContain('Het gaat om regel 4.');
  });

  it.each([
    ['FILE_EMPTY', '', 'werklijst'],
    ['BSN_COLUMN', 'zaak;resultaat;resultaat_datum;bsn\r\n', 'Verwijder dit bestand'],
  ])('%s tells a municipality what it can do, not a partner', async (code, body, todo) => {
    const ports = await atMarch();
    expect((await take(ports, body)).receipt.file).toMatchObject({ code, remedy: expect.stringContaining(todo) });
  });

  it.each([
    ['municipalities/0999/outcomes/x.csv', '0999'],
    ['municipalities/Jansen/outcomes/x.csv', 'onbekend'],
    ['municipalities/0392x/outcomes/x.csv', 'onbekend'],
  ])('[R-PRI-1] the folder of no municipality gets a receipt and changes nothing: %s', async (key, municipality) => {
    const ports = await atMarch();
    const body = csv({ ...help, zaak: ref.caseId });
    const versionId = await ports.objects.put('exchange', key, body);
    const upload = { bucket: 'exchange', key, versionId, sizeBytes: body.length, eventTime: ports.clock.now() };
    expect(await receiveOutcomes(ports, upload)).toMatchObject({ fileRefused: true, read: 0 });
    const [receipt = ''] = ports.objects.keys('exchange').filter((each) => each.endsWith('receipt.json'));
    expect(receipt).toMatch(new RegExp(`^municipalities/${municipality}/outcome-receipts/`));
    expect(JSON.parse(ports.objects.text('exchange', receipt) ?? '{}')).toMatchObject({
      verdict: 'geweigerd',
      file: { code: 'MUNICIPALITY_UNKNOWN' },
    });
    expect(ports.mailer.sent).toEqual([]);
    expect(stored(ports).status).toBe('ASSIGNED');
  });

  it('a folder made by hand is no file of outcomes', async () => {
    const ports = await atMarch();
    const key = 'municipalities/0392/outcomes/';
    const versionId = await ports.objects.put('exchange', key, '');
    const upload = { bucket: 'exchange', key, versionId, sizeBytes: 0, eventTime: ports.clock.now() };
    expect(await receiveOutcomes(ports, upload)).toMatchObject({ read: 0, fileRefused: false });
    expect(ports.objects.keys('exchange')).toEqual([key]);
  });

  it('[R-FEE-6] a mail that is refused is a number in the answer; the receipt is there', async () => {
    const ports = await atMarch();
    ports.mailer.refusing.add('schulden@haarlem.example.nl');
    const { answer, receipt } = await take(ports, csv({ ...help, zaak: fresh.caseId }));
    expect(answer).toMatchObject({ taken: 1, mailsRefused: 1 });
    expect(receipt.counts.taken).toBe(1);
  });
});
