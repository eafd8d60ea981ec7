import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Feedback } from '#domain/feedback/feedback.ts';
import { tagsOf } from '#domain/feedback/mail-about.ts';
import { MAILBOXES } from '#domain/feedback/mailbox.ts';
import { IsoDate, MunicipalityCode, PartnerId, SignalId } from '#domain/ids.ts';
import type { Mail } from '#domain/ports.ts';
import { publishFeedback } from '#functions/feedback/publish-feedback/publish-feedback.ts';
import { type MailEvent, recordMailEvent } from '#functions/feedback/record-mail-event/record-mail-event.ts';
import { MailReturned } from '#runtime/events.ts';
import { configuration } from '#test/support/configuration.ts';
import { type MemoryPorts, memoryPorts } from '#test/support/memory/ports.ts';
import { survivesEveryCrash } from '#test/support/memory/replay.ts';

const PARTNER = PartnerId.parse('elan-wonen');
const HERE = 'incasso@elanwonen.example.nl';

let serial = 0;
const feedback = (date: string): Feedback => {
  serial += 1;
  return {
    partner: PARTNER,
    signalId: SignalId.parse(`${String(serial).padStart(16, '0')}-2603`),
    number: 1,
    reference: `HC-${serial}`,
    municipality: MunicipalityCode.parse('0392'),
    date: IsoDate.parse(date),
    kind: 'SUSPENSION_EXPIRED',
    on: IsoDate.parse(date),
  };
};

/** What SES tells, as its documentation shows it. */
const told = (mail: Mail, messageId: string, what: object, timestamp = '2026-03-10T16:00:00.123Z') => ({
  version: '0',
  'detail-type': 'as the rule asked for',
  source: 'aws.ses',
  time: '2026-03-10T16:00:02Z',
  detail: {
    ...what,
    mail: {
      timestamp,
      source: 'meldpunt@meldpunt.example.nl',
      messageId,
      destination: [mail.to],
      headers: [{ name: 'Subject', value: mail.subject }],
      tags: {
        'ses:configuration-set': ['meldpunt-dev-mail'],
        ...Object.fromEntries(Object.entries(tagsOf(mail.about)).map(([name, value]) => [name, [value]])),
      },
    },
  },
});
const BOUNCE = {
  eventType: 'Bounce',
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    bouncedRecipients: [
      { emailAddress: HERE, action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
    ],
    timestamp: '2026-03-10T16:00:01.000Z',
    feedbackId: 'feedback-1',
  },
};
const FULL = {
  eventType: 'Bounce',
  bounce: {
    bounceType: 'Transient',
    bounceSubType: 'MailboxFull',
    bouncedRecipients: [{ emailAddress: HERE, action: 'failed', status: '5.2.2' }],
  },
};
const OUT_OF_OFFICE = [
  { bounceType: 'Transient', bounceSubType: 'General', bouncedRecipients: [{ emailAddress: HERE }] },
  { bounceType: 'Undetermined', bounceSubType: 'Undetermined', bouncedRecipients: [] },
].map((bounce) => ({ eventType: 'Bounce', bounce }));
const COMPLAINT = {
  eventType: 'Complaint',
  complaint: { complainedRecipients: [{ emailAddress: HERE }], complaintSubType: null, complaintFeedbackType: 'abuse' },
};
const REJECT = { eventType: 'Reject', reject: { reason: 'Bad content' } };

const eventOf = (mail: Mail, messageId: string, what: object, timestamp?: string): MailEvent =>
  MailReturned.parse(told(mail, messageId, what, timestamp));
const kept = async (ports: MemoryPorts, owner = `partner#${PARTNER}`) =>
  JSON.parse((await ports.marks.get(MAILBOXES, owner)) ?? '{"problems":[]}').problems;
/** A partner with two items of feedback, just mailed about them. */
const mailed = async (): Promise<{ ports: MemoryPorts; mail: Mail }> => {
  const ports = memoryPorts({ now: '2026-03-10T16:00:00.000Z', configuration });
  for (const item of [feedback('2026-03-09'), feedback('2026-03-10')]) await ports.feedback.add(item);
  await publishFeedback(ports, { mail: true });
  const [mail] = ports.mailer.sent;
  if (!mail) throw new Error('no mail');
  return { ports, mail };
};
const nextDay = async (ports: MemoryPorts, date: string) => {
  ports.clock.set(`${date}T16:00:00.000Z`);
  const answer = await publishFeedback(ports, { mail: true });
  return { ...answer, text: ports.mailer.sent.at(-1)?.text };
};

describe('what comes back of a mail', () => {
  it('[R-FEE-6] is kept with its office, readable, once per mail', async () => {
    const { ports, mail } = await mailed();
    const event = eventOf(mail, 'message-1', BOUNCE);
    for (let i = 0; i < 2; i += 1) expect(await recordMailEvent(ports, event)).toEqual({ bounced: 1, complaints: 0 });
    expect(await kept(ports)).toEqual([
      {
        number: 1,
        what: 'BOUNCE',
        detail: 'Permanent/General',
        kind: 'feedback',
        messageId: 'message-1',
        to: HERE,
        sentAt: '2026-03-10T16:00:00.123Z',
        recordedAt: '2026-03-10T16:00:00.000Z',
      },
    ]);
  });

  it('[R-FEE-6] a bounced digest is mailed again the next day with what is new, and no file is written again', async () => {
    const { ports, mail } = await mailed();
    const files = structuredClone(ports.objects.items);
    await recordMailEvent(ports, eventOf(mail, 'message-1', FULL));
    expect(await publishFeedback(ports, { mail: true })).toMatchObject({ mails: 0 });
    expect(ports.objects.items).toEqual(files);
    await ports.feedback.add(feedback('2026-03-11'));
    expect(await nextDay(ports, '2026-03-11')).toMatchObject({
      mails: 1,
      text: expect.stringContaining('- Nieuwe terugkoppelingen: 3'),
    });
    expect(await nextDay(ports, '2026-03-12')).toMatchObject({ mails: 0, mailsStopped: 0 });
  });

  it.each(OUT_OF_OFFICE)('[R-FEE-6] an automatic answer is no bounce: that mail arrived', async (answer) => {
    const { ports, mail } = await mailed();
    expect(await recordMailEvent(ports, eventOf(mail, 'message-1', answer))).toEqual({ bounced: 0, complaints: 0 });
    expect(await kept(ports)).toEqual([]);
    expect(await nextDay(ports, '2026-03-11')).toMatchObject({ mails: 0 });
  });

  it('[R-FEE-6] a mail that SES rejects is mailed again too', async () => {
    const { ports, mail } = await mailed();
    expect(await recordMailEvent(ports, eventOf(mail, 'message-1', REJECT))).toEqual({ bounced: 1, complaints: 0 });
    expect(await nextDay(ports, '2026-03-11')).toMatchObject({ mails: 1 });
  });

  it('[R-FEE-6] after a complaint the office is not mailed; that there is news for it stays visible', async () => {
    const { ports, mail } = await mailed();
    expect(await recordMailEvent(ports, eventOf(mail, 'message-1', COMPLAINT))).toEqual({ bounced: 0, complaints: 1 });
    expect(await nextDay(ports, '2026-03-11')).toMatchObject({ mails: 0, mailsStopped: 0 });
    await ports.feedback.add(feedback('2026-03-12'));
    expect(await nextDay(ports, '2026-03-12')).toMatchObject({ mails: 0, mailsStopped: 1 });
    await recordMailEvent(ports, { release: `partner#${PARTNER}` });
    expect(await nextDay(ports, '2026-03-13')).toMatchObject({
      mails: 1,
      text: expect.stringContaining('- Nieuwe terugkoppelingen: 1'),
    });
  });

  it('[R-FEE-6] five in a row and it waits for another address, which then hears of everything', async () => {
    const { ports, mail } = await mailed();
    await recordMailEvent(ports, eventOf(mail, 'message-10', BOUNCE));
    for (const date of ['2026-03-11', '2026-03-12', '2026-03-13', '2026-03-14']) {
      expect([date, (await nextDay(ports, date)).mails]).toEqual([date, 1]);
      const repeat = ports.mailer.sent.at(-1) ?? mail;
      await recordMailEvent(ports, eventOf(repeat, `message-of-${date}`, BOUNCE, `${date}T16:00:00Z`));
    }
    expect(await nextDay(ports, '2026-03-15')).toMatchObject({ mails: 0, mailsStopped: 1 });
    expect(await kept(ports)).toHaveLength(5);
    await ports.configuration.replace({
      ...configuration,
      partners: configuration.partners.map((partner) =>
        partner.id === PARTNER ? { ...partner, contact: { ...partner.contact, email: 'nieuw@example.nl' } } : partner,
      ),
    });
    expect(await nextDay(ports, '2026-03-16')).toMatchObject({
      mails: 1,
      mailsStopped: 0,
      text: expect.stringContaining('- Nieuwe terugkoppelingen: 2'),
    });
    expect(ports.mailer.sent.at(-1)?.to).toBe('nieuw@example.nl');
  });

  it('[R-FEE-6] survives a crash at every call', async () => {
    const { mail } = await mailed();
    const calls = await survivesEveryCrash(
      () => memoryPorts({ now: '2026-03-10T16:00:05.000Z', configuration }),
      (ports) => recordMailEvent(ports, eventOf(mail, 'message-1', BOUNCE)),
    );
    expect(calls).toBe(2);
  });

  it('[R-FEE-6] events at the same moment are all kept', async () => {
    const { ports, mail } = await mailed();
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((id) => recordMailEvent(ports, eventOf(mail, id, id === 'd' ? COMPLAINT : BOUNCE))),
    );
    expect((await kept(ports)).map(({ messageId }: { messageId: string }) => messageId).sort()).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  it('[R-PRI-3] an event without our tags, or about a person, is refused', async () => {
    const { mail } = await mailed();
    const event = told(mail, 'message-1', BOUNCE);
    const { tags: _, ...untagged } = event.detail.mail;
    expect(MailReturned.safeParse({ ...event, detail: { ...event.detail, mail: untagged } }).success).toBe(false);
    const person = { ...event.detail.mail, tags: { owner: ['person_231'], kind: ['feedback'] } };
    expect(MailReturned.safeParse({ ...event, detail: { ...event.detail, mail: person } }).success).toBe(false);
  });
});

/** What becomes of the mail of each day, and how many items lie ready that day. */
const Day = fc.record({
  items: fc.integer({ min: 0, max: 3 }),
  bounces: fc.boolean(),
  copies: fc.integer({ min: 1, max: 3 }),
});

describe('whatever comes back', () => {
  const dateOf = (i: number): string => new Date(Date.UTC(2026, 2, 10 + i)).toISOString().slice(0, 10);
  const countOf = (mail: Mail): number => Number(/terugkoppelingen: (\d+)/.exec(mail.text)?.[1]);

  it('[R-FEE-6] every item is told once in the mails that arrived, at most one a day; a row of five stops it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(Day, { minLength: 1, maxLength: 14 }),
        fc.infiniteStream(fc.nat(9)),
        async (days, order) => {
          const ports = memoryPorts({ now: '2026-03-10T16:00:00.000Z', configuration });
          let added = 0;
          let arrived = 0;
          let row = 0;
          let all: MailEvent[] = [];
          for (const [i, { items, bounces, copies }] of days.entries()) {
            for (let n = 0; n < items; n += 1) await ports.feedback.add(feedback(dateOf(i)));
            added += items;
            ports.clock.set(`${dateOf(i)}T16:00:00.000Z`);
            const before = ports.mailer.sent.length;
            for (let n = 0; n < copies; n += 1) await publishFeedback(ports, { mail: true });
            const [mail, ...more] = ports.mailer.sent.slice(before);
            expect(more).toEqual([]);
            if (row === 5) expect(mail).toBeUndefined();
            else if (added > arrived) expect(mail && countOf(mail)).toBe(added - arrived);
            else expect(mail).toBeUndefined();
            if (mail === undefined) continue;
            if (bounces) {
              row += 1;
              all = [...all, eventOf(mail, `message-${i}`, BOUNCE, `${dateOf(i)}T16:00:00.500Z`)];
              // Told up to three times, and what was told before once more, in any order.
              const again = [...Array.from({ length: copies }, () => all.at(-1)), ...all];
              for (const event of again.sort(() => (order.next().value ?? 0) - 4.5))
                if (event) await recordMailEvent(ports, event);
            } else {
              row = 0;
              arrived = added;
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
