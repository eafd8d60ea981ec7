import { describe, expect, it } from 'vitest';
import { receiveOutcomes } from '#functions/casework/receive-outcomes/receive-outcomes.ts';
import { settleOutcome } from '#functions/casework/settle-outcome/settle-outcome.ts';
import type { MemoryPorts } from '#test/support/memory/ports.ts';
import { stateOf } from '#test/support/memory/replay.ts';
import { answersTo, drop, help, type Line, outcomesCsv, take } from '#test/support/outcomes.ts';
import { answered, declined, ref, stored, suspended, waiting } from './stages.ts';

const zaak = ref.caseId;
const noHelp = {
  resultaat: 'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering',
  resultaat_datum: '10-03-2026',
} as const;

const atMarch = async (): Promise<MemoryPorts> => {
  const ports = await waiting();
  ports.clock.set('2026-03-10T14:00:00.000Z');
  return ports;
};
const show = async (ports: MemoryPorts, ...lines: Line[]) => {
  const upload = await drop(ports, outcomesCsv(...lines), '0392', 'preview');
  const answer = await receiveOutcomes(ports, upload);
  return { answer, ...answersTo(ports, upload) };
};
const lasting = (ports: MemoryPorts) => {
  const { objects, ...rest } = stateOf(ports);
  return { ...rest, objects: objects.filter((each) => !/preview/.test(each)) };
};

describe('a preview', () => {
  it('[R-FEE-3] shows what each partner would read, in the words of its own file, and stores nothing', async () => {
    const ports = await atMarch();
    const before = lasting(ports);
    const { answer, preview, receipt, answers } = await show(ports, { zaak, ...help }, { zaak, resultaat: 'anders' });
    expect(lasting(ports)).toEqual(before);
    expect(answer).toEqual({ read: 2, taken: 1, alreadyKnown: 0, refused: 1, fileRefused: false, mailsRefused: 0 });
    expect(receipt).toEqual({});
    expect(answers).toBeUndefined();
    expect(preview).toMatchObject({ verdict: 'voorbeeld', municipality: '0392', counts: { read: 2, taken: 1 } });
    expect(preview?.answers).toEqual([
      {
        line: 2,
        target: zaak,
        verdict: 'verwerkt',
        partners: [
          {
            signalId: ref.signalId,
            reference: 'HC-1001',
            partner: 'elan-wonen',
            feedback: [
              {
                kind: 'OUTCOME',
                outcome: 'HELP_ACCEPTED',
                replaces: false,
                suspension: { startsOn: '2026-03-10', lastDay: '2026-04-09' },
                paymentResumes: { from: '2026-04-01' },
              },
            ],
            suspension: { startsOn: '2026-03-10', lastDay: '2026-04-09' },
          },
        ],
      },
      {
        line: 3,
        verdict: 'afgekeurd',
        code: 'RESULT_UNKNOWN',
        column: 'resultaat',
        explanation: 'Dit resultaat staat niet in de landelijke lijst (DDAS).',
        remedy: 'Neem het resultaat letter voor letter over uit de lijst met eindresultaten.',
      },
    ]);
  });

  it('[R-FEE-3] says the same as what the partner is told when the file is handed in', async () => {
    const lines = [{ zaak, ...help, regeling_bedrag: '75,00', regeling_vanaf: '2026-05-01' }];
    const ports = await atMarch();
    const { preview } = await show(ports, ...lines);
    await take(ports, outcomesCsv(...lines));
    await settleOutcome(ports, ref);
    const [told] = [...ports.feedback.items.values()];
    const {
      partner: _,
      signalId: __,
      number: ___,
      reference: ____,
      municipality: _____,
      date: ______,
      ...content
    } = told ?? {};
    expect(preview?.answers[0]?.partners?.[0]?.feedback).toEqual([JSON.parse(JSON.stringify(content))]);
    const signal = stored(ports);
    expect('suspension' in signal && signal.suspension).toMatchObject(
      preview?.answers[0]?.partners?.[0]?.suspension ?? {},
    );
  });

  it.each([
    ['nothing was answered yet', atMarch, { zaak, fase: 'incasso' }, 'er is nog geen uitkomst'],
    [
      'it is known and was settled',
      async () => {
        const ports = await answered(declined);
        await settleOutcome(ports, ref);
        return ports;
      },
      { zaak, ...noHelp },
      'er is niets nieuws voor de partner: het signaal is afgesloten',
    ],
    ['schuldenrust runs on', suspended, { zaak, ...help }, 'er is niets nieuws voor de partner: de schuldenrust loopt'],
  ] as const)('[R-FEE-2] says why a partner reads nothing: %s', async (_, setup, line, why) => {
    const { preview } = await show(await setup(), line);
    expect(preview?.answers[0]?.partners).toMatchObject([{ feedback: [], why }]);
  });

  it('[R-SUS-4] shows the end of schuldenrust, and what a correction takes back', async () => {
    const ports = await suspended();
    ports.clock.set('2026-03-20T09:00:00.000Z');
    const ended = await show(ports, { zaak, einde_schuldenrust: 'plan gestopt' });
    expect(ended.preview?.answers[0]?.partners?.[0]?.feedback).toEqual([
      { kind: 'SUSPENSION_ENDED_EARLY', lastDay: '2026-03-20' },
    ]);
    const corrected = await show(ports, { zaak, ...noHelp, correctie: 'j' });
    expect(corrected.preview?.answers[0]).toMatchObject({
      notes: ['gecorrigeerd'],
      partners: [
        {
          feedback: [
            { kind: 'OUTCOME', outcome: 'NO_HELP', replaces: true },
            { kind: 'SUSPENSION_ENDED_EARLY', lastDay: '2026-03-20' },
          ],
        },
      ],
    });
    expect(stored(ports)).toMatchObject({ status: 'SUSPENDED' });
  });

  it('[R-ROU-4] of a hand-over says where it would go, and tells the partner no more than that they left', async () => {
    const ports = await atMarch();
    const before = lasting(ports);
    const { preview } = await show(ports, { zaak, overdracht_postcode: '2042 AB', overdracht_huisnummer: '3' });
    expect(lasting(ports)).toEqual(before);
    expect(preview?.answers).toMatchObject([
      {
        verdict: 'verwerkt',
        notes: ['overgedragen aan de gemeente Zandvoort'],
        partners: [{ feedback: [{ kind: 'OUTCOME', outcome: 'NO_RESIDENT' }] }],
      },
    ]);
    expect(JSON.stringify(preview)).not.toMatch(/2042/);
  });

  it('lines see those before them, as they would', async () => {
    const { preview } = await show(
      await atMarch(),
      { zaak, doorzetten_naar: 'swt' },
      { zaak, ...noHelp },
      { zaak, ...help, correctie: 'j' },
      { zaak, ...noHelp },
    );
    expect(preview?.answers.map(({ verdict }) => verdict)).toEqual(['verwerkt', 'verwerkt', 'verwerkt', 'verwerkt']);
    expect(preview?.answers[2]?.partners?.[0]?.feedback).toMatchObject([{ outcome: 'HELP_ACCEPTED' }]);
  });

  it('a file that cannot be read, or a folder of nobody, is told in the preview as well', async () => {
    const ports = await atMarch();
    const upload = await drop(ports, 'zomaar een brief', '0392', 'preview');
    expect(await receiveOutcomes(ports, upload)).toMatchObject({ fileRefused: true });
    expect(answersTo(ports, upload).preview).toMatchObject({ verdict: 'geweigerd', file: { code: 'FILE_NOT_CSV' } });
    const nobody = await drop(ports, outcomesCsv({ zaak, ...help }), '0999', 'preview');
    await receiveOutcomes(ports, nobody);
    expect(answersTo(ports, nobody, '0999').preview).toMatchObject({ file: { code: 'MUNICIPALITY_UNKNOWN' } });
    expect(ports.mailer.sent).toEqual([]);
  });

  it('a folder with that name further down is no preview', async () => {
    const ports = await atMarch();
    const key = 'municipalities/0392/outcomes/preview/x.csv';
    const body = outcomesCsv({ zaak, ...noHelp });
    const versionId = await ports.objects.put('exchange', key, body);
    const upload = { bucket: 'exchange', key, versionId, sizeBytes: body.length, eventTime: ports.clock.now() };
    expect(await receiveOutcomes(ports, upload)).toMatchObject({ taken: 1 });
    expect(stored(ports).status).toBe('OUTCOME_KNOWN');
  });
});
