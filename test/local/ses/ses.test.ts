import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTemplateCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  ListIdentitiesCommand,
  SESClient,
  SendEmailCommand,
  type SendEmailCommandInput,
  SendRawEmailCommand,
} from '@aws-sdk/client-ses';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSes, type Ses } from '../../../infra/local/ses/ses.ts';
import { type TestClock, testClock } from '../s3/clock.ts';

let home: string;
let db: ClassicLevel;
let ses: Ses;
let server: Server;
let client: SESClient;
let clock: TestClock;
let told: Event[];

/** As EventBridge hands it on. */
type Event = Readonly<Record<string, unknown>> & { readonly detail: { readonly eventType: string } };

const open = async () => {
  db = new ClassicLevel(join(home, 'db'));
  ses = await openSes({
    directory: join(home, 'outbox'),
    db,
    clock,
    identities: ['meldpunt.example.nl', 'Only@Example.org'],
    onEvent: async (event) => void told.push(event as Event),
  });
};
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'meldpunt-ses-'));
  clock = testClock();
  told = [];
  await open();
  await ses.declareConfigurationSet('mails');
  server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const answer = await ses.handle(new URLSearchParams(Buffer.concat(chunks).toString()));
    res.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new SESClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await db.close();
  await rm(home, { recursive: true });
});

const outbox = () => readdir(join(home, 'outbox'));
const mail = (more: Partial<SendEmailCommandInput> = {}) =>
  client.send(
    new SendEmailCommand({
      Source: 'Meldpunt <post@meldpunt.example.nl>',
      Destination: { ToAddresses: ['levering@pre-wonen.example.nl'] },
      Message: {
        Subject: { Data: 'Uw levering is verwerkt: 12 één', Charset: 'UTF-8' },
        Body: { Text: { Data: 'Twaalf regels.\n.\nEén & <klaar>' }, Html: { Data: '<p>Twaalf regels.</p>' } },
      },
      ...more,
    }),
  );

it('writes an accepted mail as one standard .eml, named after time and message id', async () => {
  const { MessageId } = await mail({
    ConfigurationSetName: 'mails',
    ReplyToAddresses: ['help@meldpunt.example.nl'],
    Tags: [{ Name: 'kind', Value: 'receipt' }],
  });
  expect(await outbox()).toEqual([`20260302T090000500Z-${MessageId}.eml`]);
  const eml = await readFile(join(home, 'outbox', `20260302T090000500Z-${MessageId}.eml`), 'utf8');
  const [header = '', body = ''] = eml.split(/\r\n\r\n(.*)/s);
  const unfolded = header.replace(/\r\n /g, ' ');
  expect(unfolded).toContain('From: Meldpunt <post@meldpunt.example.nl>');
  expect(unfolded).toContain('To: levering@pre-wonen.example.nl');
  expect(unfolded).toContain('Reply-To: help@meldpunt.example.nl');
  expect(unfolded).toContain('Date: Mon, 02 Mar 2026 09:00:00 +0000');
  expect(unfolded).toContain(`Message-ID: <${MessageId}@eu-west-1.amazonses.com>`);
  expect(unfolded).toMatch(/^X-SES-CONFIGURATION-SET: mails\r?$/im);
  expect(unfolded).toMatch(/^X-SES-MESSAGE-TAGS: kind=receipt\r?$/im);
  expect(unfolded).toMatch(/Subject: =\?UTF-8\?/);
  expect(unfolded).toContain('multipart/alternative');
  expect(body).toContain('<p>Twaalf regels.</p>');
  expect(body).toMatch(/E=C3=A9n & <klaar>/);
  expect(clock.busy()).toBe(0);
});

it('refuses a sender that is no identity, and any other fault, and writes nothing', async () => {
  await mail({ Source: 'only@example.org' });
  await mail({ Source: 'x@sub.meldpunt.example.nl' });
  const before = await outbox();
  const cases: [Partial<SendEmailCommandInput>, string][] = [
    [{ Source: 'other@example.org' }, 'MessageRejected'],
    [{ Source: 'x@example.nl' }, 'MessageRejected'],
    [{ Source: 'x@notmeldpunt.example.nl' }, 'MessageRejected'],
    [{ ConfigurationSetName: 'none' }, 'ConfigurationSetDoesNotExistException'],
    [{ Destination: {} }, 'InvalidParameterValue'],
    [{ Destination: { ToAddresses: ['nobody'] } }, 'InvalidParameterValue'],
    [{ Destination: { ToAddresses: ['a@b.nl\r\nBcc: c@d.nl'] } }, 'InvalidParameterValue'],
    [{ Destination: { ToAddresses: Array.from({ length: 51 }, (_, i) => `a${i}@b.nl`) } }, 'MessageRejected'],
    [{ Tags: [{ Name: 'naam', Value: 'J. de Vries' }] }, 'InvalidParameterValue'],
    [{ SourceArn: 'arn:x' }, 'InvalidParameterValue'],
  ];
  for (const [more, name] of cases) {
    const error = await mail(more).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect([more, error?.name]).toEqual([more, name]);
  }
  expect(await outbox()).toEqual(before);
});

it("records the verdict of the mailbox simulator's addresses", async () => {
  const to = (address: string) => mail({ Destination: { ToAddresses: [address] } });
  await to('bounce@simulator.amazonses.com');
  clock.set('2026-03-02T10:00:00Z');
  await to('Klacht <complaint+label@simulator.amazonses.com>');
  clock.set('2026-03-02T11:00:00Z');
  await to('iemand@example.nl');
  expect((await ses.sent()).map((one) => one.simulated)).toEqual([['bounce'], ['complaint'], []]);
});

describe('the mailbox simulator', () => {
  const to = (address: string, more: Partial<SendEmailCommandInput> = {}) =>
    mail({ Destination: { ToAddresses: [address] }, ConfigurationSetName: 'mails', ...more });
  const types = () => told.map(({ 'detail-type': type, detail }) => [type, detail.eventType]);

  beforeEach(() => ses.declareEventDestination('mails', ['bounce', 'complaint']));

  it('tells a bounce as EventBridge does, with the tags of the mail', async () => {
    const { MessageId } = await to('bounce@simulator.amazonses.com', {
      Tags: [
        { Name: 'owner', Value: 'partner_23x' },
        { Name: 'kind', Value: 'feedback' },
      ],
    });
    expect(told).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Email Bounced',
        source: 'aws.ses',
        account: '000000000000',
        time: '2026-03-02T09:00:00Z',
        region: 'eu-west-1',
        resources: ['arn:aws:ses:eu-west-1:000000000000:configuration-set/mails'],
        detail: {
          eventType: 'Bounce',
          bounce: {
            feedbackId: expect.stringMatching(/-000000$/),
            bounceType: 'Permanent',
            bounceSubType: 'General',
            bouncedRecipients: [
              {
                emailAddress: 'bounce@simulator.amazonses.com',
                action: 'failed',
                status: '5.1.1',
                diagnosticCode: 'smtp; 550 5.1.1 user unknown',
              },
            ],
            timestamp: '2026-03-02T09:00:00.500Z',
            reportingMTA: 'dns; a7-30.smtp-out.eu-west-1.amazonses.com',
          },
          mail: expect.objectContaining({
            timestamp: '2026-03-02T09:00:00.500Z',
            source: 'Meldpunt <post@meldpunt.example.nl>',
            sourceArn: 'arn:aws:ses:eu-west-1:000000000000:identity/meldpunt.example.nl',
            messageId: MessageId,
            destination: ['bounce@simulator.amazonses.com'],
            tags: expect.objectContaining({
              'ses:configuration-set': ['mails'],
              'ses:from-domain': ['meldpunt.example.nl'],
              owner: ['partner_23x'],
              kind: ['feedback'],
            }),
          }),
        },
      },
    ]);
    expect(await outbox()).toHaveLength(1);
  });

  it('has an address for each ending, and other mail makes no event', async () => {
    for (const name of ['success', 'complaint+label', 'suppressionlist', 'ooto'])
      await to(`${name}@simulator.amazonses.com`);
    await to('iemand@example.nl');
    expect(types()).toEqual([
      ['Email Complaint Received', 'Complaint'],
      ['Email Bounced', 'Bounce'],
      ['Email Bounced', 'Bounce'],
    ]);
    expect(told[0]?.detail).toMatchObject({ complaint: { complaintFeedbackType: 'abuse' } });
    expect(told[1]?.detail).toMatchObject({ bounce: { bounceType: 'Permanent', bounceSubType: 'Suppressed' } });
    // An automatic answer: no recipient failed.
    expect(told[2]?.detail).toMatchObject({
      bounce: { bounceType: 'Transient', bouncedRecipients: [{ emailAddress: 'ooto@simulator.amazonses.com' }] },
    });
    expect(JSON.stringify(told[2])).not.toContain('"action"');
  });

  it('tells only through a configuration set with a destination for that type', async () => {
    await ses.declareConfigurationSet('others');
    await mail({ Destination: { ToAddresses: ['bounce@simulator.amazonses.com'] } });
    await to('bounce@simulator.amazonses.com', { ConfigurationSetName: 'others' });
    ses.declareEventDestination('others', ['complaint']);
    await to('bounce@simulator.amazonses.com', { ConfigurationSetName: 'others' });
    expect(types()).toEqual([]);
    const raw = ['From: post@meldpunt.example.nl', 'To: complaint@simulator.amazonses.com'];
    const marks = ['X-SES-CONFIGURATION-SET: others', 'X-SES-MESSAGE-TAGS: kind=receipt, owner=x', '', 'Tekst'];
    await client.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from([...raw, ...marks].join('\r\n')) } }));
    expect(told).toMatchObject([{ detail: { mail: { tags: { kind: ['receipt'], owner: ['x'] } } } }]);
  });
});

it('sends a ready-made message as it is, under its own id and date', async () => {
  const raw = [
    'From: post@meldpunt.example.nl',
    'To: a@example.nl,',
    ' b@example.nl',
    'Message-ID: <own@x>',
    'Subject: Klaar',
    '',
    'De tekst: één.',
    '',
    'Message-ID: <in@body>',
  ].join('\r\n');
  const { MessageId } = await client.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) } }));
  const [file = ''] = await outbox();
  const eml = await readFile(join(home, 'outbox', file), 'utf8');
  expect(eml.match(/^Message-ID:.*$/gm)).toEqual([
    `Message-ID: <${MessageId}@eu-west-1.amazonses.com>`,
    'Message-ID: <in@body>',
  ]);
  expect(eml.endsWith('\r\n\r\nDe tekst: één.\r\n\r\nMessage-ID: <in@body>')).toBe(true);
  const strange = new SendRawEmailCommand({
    RawMessage: { Data: Buffer.from('From: x@else.nl\r\nTo: a@b.nl\r\n\r\nx') },
  });
  await expect(client.send(strange)).rejects.toMatchObject({ name: 'MessageRejected' });
});

it('tells quota and identities, also after a reopening', async () => {
  await mail();
  clock.set('2026-03-03T08:00:00Z');
  await mail();
  await db.close();
  await open();
  expect((await client.send(new GetSendQuotaCommand({}))).SentLast24Hours).toBe(2);
  clock.set('2026-03-03T10:00:00Z');
  expect((await client.send(new GetSendQuotaCommand({}))).SentLast24Hours).toBe(1);
  await ses.declareIdentity('later@example.org');
  const { Identities } = await client.send(new ListIdentitiesCommand({}));
  expect(Identities).toEqual(['later@example.org', 'meldpunt.example.nl', 'only@example.org']);
  const { VerificationAttributes } = await client.send(
    new GetIdentityVerificationAttributesCommand({ Identities: ['meldpunt.example.nl', 'unknown.nl'] }),
  );
  expect(VerificationAttributes).toEqual({ 'meldpunt.example.nl': { VerificationStatus: 'Success' } });
  await mail({ ConfigurationSetName: 'mails' });
});

it('names an action it does not know', async () => {
  const template = new CreateTemplateCommand({ Template: { TemplateName: 'x', SubjectPart: 'y' } });
  await expect(client.send(template)).rejects.toMatchObject({
    name: 'InvalidAction',
    message: expect.stringContaining('CreateTemplate'),
  });
});
