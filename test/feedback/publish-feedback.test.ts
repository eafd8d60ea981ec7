import { describe, expect, it } from 'vitest';
import type { Feedback } from '#domain/feedback/feedback.ts';
import { IsoDate, MunicipalityCode, PartnerId, SignalId } from '#domain/ids.ts';
import { publishFeedback } from '#functions/feedback/publish-feedback/publish-feedback.ts';
import { configuration } from '#test/support/configuration.ts';
import { type MemoryPorts, memoryPorts } from '#test/support/memory/ports.ts';
import { survivesEveryCrash } from '#test/support/memory/replay.ts';

let serial = 0;
const feedback = (date: string, partner = 'elan-wonen', reference?: string): Feedback => {
  serial += 1;
  return {
    partner: PartnerId.parse(partner),
    signalId: SignalId.parse(`${String(serial).padStart(16, '0')}-2603`),
    reference: reference ?? `HC-${serial}`,
    municipality: MunicipalityCode.parse('0392'),
    date: IsoDate.parse(date),
    kind: 'OUTCOME',
    outcome: 'NO_RESIDENT',
  };
};
const at = async (now: string, ...items: Feedback[]): Promise<MemoryPorts> => {
  const ports = memoryPorts({ now, configuration });
  for (const item of items) await ports.feedback.add(item);
  return ports;
};
const files = (ports: MemoryPorts): readonly string[] => ports.objects.keys('exchange');

describe('feedback for partners', () => {
  it('[R-FEE-5] lies in the partner’s own place, a file per day, and mail says how much and where', async () => {
    const ports = await at(
      '2026-03-11T16:00:00.000Z',
      feedback('2026-03-10'),
      feedback('2026-03-11'),
      feedback('2026-03-11', 'ymere', 'YM-1'),
    );
    expect(await publishFeedback(ports, { mail: true })).toEqual({
      partners: 5,
      files: 3,
      mails: 2,
      mailsRefused: 0,
      mailsStopped: 0,
    });
    expect(files(ports)).toEqual([
      'partners/elan-wonen/feedback/2026-03-10.csv',
      'partners/elan-wonen/feedback/2026-03-11.csv',
      'partners/ymere/feedback/2026-03-11.csv',
    ]);
    expect(ports.objects.text('exchange', 'partners/ymere/feedback/2026-03-11.csv')).toContain(
      'YM-1;2026-03-11;Haarlem;geen inwoner (meer) van de gemeente;nee',
    );
    const mail = ports.mailer.sent.find(({ to }) => to.includes('elanwonen'));
    expect(mail).toMatchObject({ to: 'incasso@elanwonen.example.nl' });
    expect(mail?.text).toContain('- Nieuwe terugkoppelingen: 2');
    expect(mail?.text).toContain('partners/elan-wonen/feedback/');
    expect(JSON.stringify(ports.mailer.sent)).not.toMatch(/HC-|YM-1|Haarlem/);
  });

  it('[R-PRI-1] a partner’s file holds its own feedback only', async () => {
    const ports = await at(
      '2026-03-11T16:00:00.000Z',
      feedback('2026-03-11', 'elan-wonen', 'EIGEN'),
      feedback('2026-03-11', 'ymere', 'ANDER'),
    );
    await publishFeedback(ports, { mail: false });
    expect(ports.objects.text('exchange', 'partners/elan-wonen/feedback/2026-03-11.csv')).not.toContain('ANDER');
  });

  it('[R-FEE-5] mails at most once a day, and never without news', async () => {
    const ports = await at('2026-03-10T16:00:00.000Z', feedback('2026-03-10'));
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 1 });
    await ports.feedback.add(feedback('2026-03-10'));
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 0, files: 1 });
    ports.clock.set('2026-03-11T16:00:00.000Z');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 1, files: 0 });
    expect(ports.mailer.sent.at(-1)?.text).toContain('- Nieuwe terugkoppelingen: 1');
    ports.clock.set('2026-03-12T16:00:00.000Z');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 0, files: 0 });
  });

  it('without mail only files are written, and what is there already is left alone', async () => {
    const ports = await at('2026-03-10T22:50:00.000Z', feedback('2026-03-10'));
    expect(await publishFeedback(ports, { mail: false })).toMatchObject({ files: 1, mails: 0 });
    expect(await publishFeedback(ports, { mail: false })).toMatchObject({ files: 0, mails: 0 });
    ports.clock.set('2026-03-11T16:00:00.000Z');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ files: 0, mails: 1 });
  });

  it('[R-FEE-6] a mail that is refused is visible, loses nothing, and is tried again', async () => {
    const ports = await at('2026-03-10T16:00:00.000Z', feedback('2026-03-10'));
    ports.mailer.refusing.add('incasso@elanwonen.example.nl');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ files: 1, mails: 0, mailsRefused: 1 });
    ports.mailer.refusing.clear();
    ports.clock.set('2026-04-20T16:00:00.000Z');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 1, mailsRefused: 0 });
    expect(ports.mailer.sent[0]?.text).toContain('- Nieuwe terugkoppelingen: 1');
  });

  it('feedback of just before midnight, added after the evening run, reaches its day’s file the next day', async () => {
    const ports = await at('2026-03-10T22:50:00.000Z', feedback('2026-03-10'));
    await publishFeedback(ports, { mail: false });
    await ports.feedback.add(feedback('2026-03-10', 'elan-wonen', 'LAAT'));
    ports.clock.set('2026-03-11T16:00:00.000Z');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ files: 1 });
    expect(ports.objects.text('exchange', 'partners/elan-wonen/feedback/2026-03-10.csv')).toContain('LAAT');
  });

  it('survives a crash at every call', async () => {
    const items = [feedback('2026-03-10'), feedback('2026-03-09'), feedback('2026-03-10', 'ymere')];
    const calls = await survivesEveryCrash(
      () => at('2026-03-10T16:00:00.000Z', ...items),
      async (ports) => {
        await publishFeedback(ports, { mail: true });
        return 'done';
      },
    );
    expect(calls).toBeGreaterThan(15);
  });
});
