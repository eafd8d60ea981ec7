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
    number: 1,
    date: IsoDate.parse(date),
    kind: 'OUTCOME',
    outcome: 'NO_RESIDENT',
    replaces: false,
  };
};
/** Help accepted, collection rests. */
const rest = (date: string, startsOn: string, lastDay: string, reference?: string): Feedback => ({
  ...feedback(date, 'elan-wonen', reference),
  kind: 'OUTCOME',
  outcome: 'HELP_ACCEPTED',
  replaces: false,
  suspension: { startsOn: IsoDate.parse(startsOn), lastDay: IsoDate.parse(lastDay) },
});
const at = async (now: string, ...items: Feedback[]): Promise<MemoryPorts> => {
  const ports = memoryPorts({ now, configuration });
  for (const item of items) await ports.feedback.add(item);
  return ports;
};
const files = (ports: MemoryPorts): readonly string[] => ports.objects.keys('exchange');
const text = (ports: MemoryPorts, name: string): string =>
  ports.objects.text('exchange', `partners/elan-wonen/${name}`) ?? '';
/** Each of the five partners has a list of running suspensions from the first day on, as CSV and as JSON. */
const LISTS = 5 * 2;
/** That list is there already. */
const opened = async (now: string, ...items: Feedback[]): Promise<MemoryPorts> => {
  const ports = await at(now);
  await publishFeedback(ports, { mail: false });
  for (const item of items) await ports.feedback.add(item);
  return ports;
};

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
      files: 3 * 2 + LISTS,
      mails: 2,
      mailsRefused: 0,
      mailsStopped: 0,
    });
    expect(files(ports).filter((key) => key.includes('/feedback/'))).toEqual([
      'partners/elan-wonen/feedback/2026-03-10.csv',
      'partners/elan-wonen/feedback/2026-03-10.json',
      'partners/elan-wonen/feedback/2026-03-11.csv',
      'partners/elan-wonen/feedback/2026-03-11.json',
      'partners/ymere/feedback/2026-03-11.csv',
      'partners/ymere/feedback/2026-03-11.json',
    ]);
    expect(ports.objects.text('exchange', 'partners/ymere/feedback/2026-03-11.csv')).toContain(
      'YM-1;2026-03-11;Haarlem;geen inwoner (meer) van de gemeente;',
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
    const ports = await opened('2026-03-10T16:00:00.000Z', feedback('2026-03-10'));
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 1 });
    await ports.feedback.add(feedback('2026-03-10'));
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 0, files: 2 });
    ports.clock.set('2026-03-11T16:00:00.000Z');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 1, files: 0 });
    expect(ports.mailer.sent.at(-1)?.text).toContain('- Nieuwe terugkoppelingen: 1');
    ports.clock.set('2026-03-12T16:00:00.000Z');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 0, files: 0 });
  });

  it('without mail only files are written, and what is there already is left alone', async () => {
    const ports = await opened('2026-03-10T22:50:00.000Z', feedback('2026-03-10'));
    expect(await publishFeedback(ports, { mail: false })).toMatchObject({ files: 2, mails: 0 });
    expect(await publishFeedback(ports, { mail: false })).toMatchObject({ files: 0, mails: 0 });
    ports.clock.set('2026-03-11T16:00:00.000Z');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ files: 0, mails: 1 });
  });

  it('[R-FEE-6] a mail that is refused is visible, loses nothing, and is tried again', async () => {
    const ports = await opened('2026-03-10T16:00:00.000Z', feedback('2026-03-10'));
    ports.mailer.refusing.add('incasso@elanwonen.example.nl');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ files: 2, mails: 0, mailsRefused: 1 });
    ports.mailer.refusing.clear();
    ports.clock.set('2026-04-20T16:00:00.000Z');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 1, mailsRefused: 0 });
    expect(ports.mailer.sent[0]?.text).toContain('- Nieuwe terugkoppelingen: 1');
  });

  it('feedback of just before midnight, added after the evening run, reaches its day’s file the next day', async () => {
    const ports = await opened('2026-03-10T22:50:00.000Z', feedback('2026-03-10'));
    await publishFeedback(ports, { mail: false });
    await ports.feedback.add(feedback('2026-03-10', 'elan-wonen', 'LAAT'));
    ports.clock.set('2026-03-11T16:00:00.000Z');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ files: 2 });
    expect(ports.objects.text('exchange', 'partners/elan-wonen/feedback/2026-03-10.csv')).toContain('LAAT');
  });

  it('[R-FEE-5] the machine’s file says what the CSV says, and names its schema', async () => {
    const ports = await opened('2026-03-11T16:00:00.000Z', rest('2026-03-11', '2026-03-10', '2026-04-09', 'RUST'));
    await publishFeedback(ports, { mail: false });
    const read = JSON.parse(text(ports, 'feedback/2026-03-11.json'));
    expect(read).toMatchObject({ schema: 'meldpunt/feedback/1', partner: 'elan-wonen', date: '2026-03-11' });
    expect(read.feedback).toMatchObject([
      { reference: 'RUST', outcome: 'HELP_ACCEPTED', suspension: { startsOn: '2026-03-10', lastDay: '2026-04-09' } },
    ]);
    expect(text(ports, 'feedback/2026-03-11.csv')).toContain(
      'RUST;2026-03-11;Haarlem;hulp geaccepteerd;ja;2026-03-10;2026-04-09;',
    );
  });

  it('[R-SUS-5] lists what rests, writes it only when it changes, and takes it off the day after its last', async () => {
    const ports = await opened('2026-03-11T16:00:00.000Z', rest('2026-03-11', '2026-03-10', '2026-04-09', 'RUST'));
    // The day's feedback twice, the list twice, the changes of the day.
    expect(await publishFeedback(ports, { mail: false })).toMatchObject({ files: 5 });
    expect(text(ports, 'suspensions/current.csv')).toContain('RUST;Haarlem;2026-03-10;2026-04-09;');
    expect(JSON.parse(text(ports, 'suspensions/current.json'))).toMatchObject({
      schema: 'meldpunt/suspensions/1',
      suspensions: [{ reference: 'RUST', municipality: '0392', startsOn: '2026-03-10', lastDay: '2026-04-09' }],
    });
    expect(JSON.parse(text(ports, 'suspensions/changes/2026-03-11.json'))).toMatchObject({
      changes: [{ what: 'STARTED', reference: 'RUST', lastDay: '2026-04-09' }],
    });
    for (const now of ['2026-03-11T22:50:00.000Z', '2026-03-20T16:00:00.000Z', '2026-04-09T21:50:00.000Z']) {
      ports.clock.set(now);
      expect(await publishFeedback(ports, { mail: false }), now).toMatchObject({ files: 0 });
    }
    // Ten past midnight in Amsterdam: nothing else happened.
    ports.clock.set('2026-04-09T22:10:00.000Z');
    expect(await publishFeedback(ports, { mail: false })).toMatchObject({ files: 3 });
    expect(JSON.parse(text(ports, 'suspensions/current.json')).suspensions).toEqual([]);
    expect(JSON.parse(text(ports, 'suspensions/changes/2026-04-10.json')).changes).toMatchObject([
      { what: 'ENDED', reference: 'RUST', lastDay: '2026-04-09' },
    ]);
  });

  it('[R-SUS-5] after a week without a run the days in between are written too', async () => {
    const ports = await opened('2026-04-05T16:00:00.000Z', rest('2026-03-11', '2026-03-10', '2026-04-09'));
    await publishFeedback(ports, { mail: false });
    ports.clock.set('2026-04-16T16:00:00.000Z');
    await publishFeedback(ports, { mail: false });
    expect(JSON.parse(text(ports, 'suspensions/changes/2026-04-10.json')).changes).toMatchObject([{ what: 'ENDED' }]);
  });

  it('[R-FEE-5] one partner at once: its files, a mail now, and the digest does not count it again', async () => {
    const ports = await opened('2026-03-10T09:00:00.000Z', feedback('2026-03-10'), feedback('2026-03-10', 'ymere'));
    const partner = PartnerId.parse('elan-wonen');
    const now = { mail: true, immediate: true, partner };
    expect(await publishFeedback(ports, now)).toMatchObject({ partners: 1, files: 2, mails: 1 });
    ports.clock.set('2026-03-10T14:00:00.000Z');
    expect(await publishFeedback(ports, now)).toMatchObject({ files: 0, mails: 0 });
    await ports.feedback.add(feedback('2026-03-10'));
    await ports.feedback.add(feedback('2026-03-10'));
    expect(await publishFeedback(ports, now)).toMatchObject({ files: 2, mails: 1 });
    await ports.feedback.add(feedback('2026-03-10'));
    ports.clock.set('2026-03-10T16:00:00.000Z');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ partners: 5, mails: 2 });
    const counts = ports.mailer.sent
      .filter(({ to }) => to.includes('elanwonen'))
      .map((mail) => /terugkoppelingen: (\d+)/.exec(mail.text)?.[1]);
    expect(counts).toEqual(['1', '2', '1']);
    // After the digest of the day what comes at once is still mailed, what can wait is not.
    await ports.feedback.add(feedback('2026-03-10'));
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 0 });
    expect(await publishFeedback(ports, now)).toMatchObject({ mails: 1 });
  });

  it('[R-FEE-5] a file of outcomes is one mail, not hundreds: what comes within a quarter of an hour waits for the next', async () => {
    const ports = await opened('2026-03-10T09:00:00.000Z', feedback('2026-03-10'));
    const now = { mail: true, immediate: true, partner: PartnerId.parse('elan-wonen') };
    await publishFeedback(ports, now);
    for (const minute of ['01', '07', '14']) {
      await ports.feedback.add(feedback('2026-03-10'));
      ports.clock.set(`2026-03-10T09:${minute}:00.000Z`);
      expect(await publishFeedback(ports, now), minute).toMatchObject({ files: 2, mails: 0 });
    }
    ports.clock.set('2026-03-10T16:00:00.000Z');
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 1 });
    expect(ports.mailer.sent.at(-1)?.text).toContain('- Nieuwe terugkoppelingen: 3');
  });

  it('a partner nobody knows any more has nothing to publish', async () => {
    const ports = await opened('2026-03-10T09:00:00.000Z');
    const partner = PartnerId.parse('opgeheven');
    expect(await publishFeedback(ports, { mail: true, immediate: true, partner })).toMatchObject({ partners: 0 });
  });

  it('two runs side by side: the one that read less does not have the last word', async () => {
    const ports = await opened('2026-03-10T09:00:00.000Z', feedback('2026-03-10', 'elan-wonen', 'EERST'));
    const write = ports.objects.write.bind(ports.objects);
    let late = true;
    ports.objects.write = async (...file) => {
      if (late) {
        late = false;
        // Another run reads more and is done before this one writes what it had read.
        await ports.feedback.add(feedback('2026-03-10', 'elan-wonen', 'LATER'));
        await publishFeedback(ports, { mail: false });
      }
      return write(...file);
    };
    await publishFeedback(ports, { mail: false });
    for (const name of ['feedback/2026-03-10.csv', 'feedback/2026-03-10.json'])
      for (const reference of ['EERST', 'LATER']) expect(text(ports, name)).toContain(reference);
  });

  it('survives a crash at every call', async () => {
    const items = [
      feedback('2026-03-10'),
      feedback('2026-03-09'),
      feedback('2026-03-10', 'ymere'),
      rest('2026-03-10', '2026-03-08', '2026-04-07'),
    ];
    const calls = await survivesEveryCrash(
      () => at('2026-03-10T16:00:00.000Z', ...items),
      async (ports) => {
        await publishFeedback(ports, { mail: true });
        return 'done';
      },
    );
    expect(calls).toBeGreaterThan(15);
    const at14 = '2026-03-10T14:00:00.000Z';
    await survivesEveryCrash(
      () => at(at14, ...items),
      async (ports) => {
        await publishFeedback(ports, { mail: true, immediate: true, partner: PartnerId.parse('elan-wonen') });
        return 'done';
      },
    );
  });
});
