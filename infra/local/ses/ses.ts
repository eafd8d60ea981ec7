import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClassicLevel } from 'classic-level';
import { AwsError, type LocalClock, REGION } from '../contract.ts';
import { toXml, type XmlNode } from '../xml.ts';
import { type Accepted, type EventType, eventsOf } from './events.ts';
import { addressOf, composeMail, type Outgoing, readRawMail, simulatorOf, stampRawMail } from './mail.ts';
import { list, only, required, tags } from './parameters.ts';

export type SesOptions = {
  /** Outbox: one .eml per mail. */
  readonly directory: string;
  readonly db: ClassicLevel<string, string>;
  readonly clock: LocalClock;
  /** Addresses and domains one may send from, besides those declared later. */
  readonly identities: readonly string[];
  /** What becomes of a mail, for the event bus: kept when this resolves. */
  readonly onEvent: (event: Readonly<Record<string, unknown>>) => Promise<void>;
};

/** What became of a mail; the file is in the outbox under `file`. */
export type SentMail = {
  readonly messageId: string;
  readonly at: number;
  readonly file: string;
  /** The simulator's verdict (bounce, complaint …) where a recipient is one of its addresses. */
  readonly simulated: readonly string[];
};

export type Ses = {
  /** Answers one call of the Query protocol with XML; errors too are answers. */
  handle(params: URLSearchParams): Promise<{ status: number; body: string }>;
  /** An address or a domain (with all under it) becomes a verified sender. */
  declareIdentity(identity: string): Promise<void>;
  declareConfigurationSet(name: string): Promise<void>;
  /** Events of these types go to the event bus, of mails with this configuration set. */
  declareEventDestination(configurationSet: string, types: readonly EventType[]): void;
  /** Every mail accepted, oldest first. */
  sent(): Promise<SentMail[]>;
};

type Posting = Pick<Accepted, 'action' | 'from' | 'recipients' | 'subject' | 'tags'> & {
  readonly configurationSet: string | undefined;
};

const NAMESPACE = 'http://ses.amazonaws.com/doc/2010-12-01/';
const DAY = 86_400_000;
const MAX_RECIPIENTS = 50;

/** SES v1 that posts nothing: every accepted mail becomes a standard .eml file. */
export async function openSes({ directory, db, clock, identities, onEvent }: SesOptions): Promise<Ses> {
  await mkdir(directory, { recursive: true });
  const identityTable = db.sublevel<string, string>('ses-identities', { valueEncoding: 'utf8' });
  const setTable = db.sublevel<string, string>('ses-configuration-sets', { valueEncoding: 'utf8' });
  const sentTable = db.sublevel<string, SentMail>('ses-sent', { valueEncoding: 'json' });
  const destinations: { readonly configurationSet: string; readonly types: readonly EventType[] }[] = [];
  const declareIdentity = (identity: string) => identityTable.put(identity.toLowerCase(), '');
  for (const identity of identities) await declareIdentity(identity);

  async function mayUse(from: string, set: string | undefined): Promise<void> {
    const address = addressOf(from).toLowerCase();
    const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
    const wanted = [address, ...labels.map((_, i) => labels.slice(i).join('.'))];
    if (!(await identityTable.hasMany(wanted)).includes(true)) {
      throw new AwsError(
        'MessageRejected',
        `Email address is not verified. The following identities failed the check in region ${REGION.toUpperCase()}: ${from}`,
      );
    }
    if (set !== undefined && !(await setTable.has(set))) {
      throw new AwsError('ConfigurationSetDoesNotExist', `Configuration set <${set}> does not exist.`);
    }
  }

  /** File first, then its events, the record and the answer: an answered mail is there after a crash. */
  async function post(
    { action, from, recipients, subject, configurationSet, tags }: Posting,
    build: (messageId: string, at: Date) => Promise<Buffer>,
  ): Promise<string> {
    if (recipients.length === 0) throw new AwsError('InvalidParameterValue', "Missing required header 'To'.");
    if (recipients.length > MAX_RECIPIENTS)
      throw new AwsError('MessageRejected', `Recipient count exceeds ${MAX_RECIPIENTS}.`);
    const simulated = [...new Set(recipients.flatMap((one) => simulatorOf(addressOf(one)) ?? []))];
    const done = clock.begin();
    try {
      const at = clock.now();
      const messageId = `0102${at.toString(16).padStart(12, '0')}-${randomUUID()}-000000`;
      const file = `${new Date(at).toISOString().replace(/[-:.]/g, '')}-${messageId}.eml`;
      const content = await build(messageId, new Date(at));
      // A reader of the outbox sees whole mails only.
      await writeFile(join(directory, `.${file}.part`), content);
      await rename(join(directory, `.${file}.part`), join(directory, file));
      if (configurationSet !== undefined) {
        const told = eventsOf({ messageId, at, action, from, recipients, subject, configurationSet, tags });
        for (const { type, event } of told)
          for (const each of destinations)
            if (each.configurationSet === configurationSet && each.types.includes(type)) await onEvent(event);
      }
      await sentTable.put(`${String(at).padStart(16, '0')}-${messageId}`, { messageId, at, file, simulated });
      return messageId;
    } finally {
      done();
    }
  }

  const actions: Readonly<Record<string, (params: URLSearchParams) => Promise<XmlNode>>> = {
    async SendEmail(params) {
      only(params, [
        /^(Source|ReturnPath|ConfigurationSetName)$/,
        /^Destination\.(To|Cc|Bcc)Addresses\.member\.\d+$/,
        /^ReplyToAddresses\.member\.\d+$/,
        /^Message\.(Subject|Body\.Text|Body\.Html)\.(Data|Charset)$/,
        /^Tags\.member\.\d+\.(Name|Value)$/,
      ]);
      const set = params.get('ConfigurationSetName') ?? undefined;
      const mail: Outgoing = {
        from: required(params, 'Source'),
        to: list(params, 'Destination.ToAddresses'),
        cc: list(params, 'Destination.CcAddresses'),
        bcc: list(params, 'Destination.BccAddresses'),
        replyTo: list(params, 'ReplyToAddresses'),
        subject: required(params, 'Message.Subject.Data'),
        text: params.get('Message.Body.Text.Data') ?? undefined,
        html: params.get('Message.Body.Html.Data') ?? undefined,
        configurationSet: set,
        tags: tags(params),
      };
      if (mail.text === undefined && mail.html === undefined)
        throw new AwsError('InvalidParameterValue', 'Message.Body must hold Text or Html');
      await mayUse(mail.from, set);
      const posting = { ...mail, action: 'SendEmail', recipients: [...mail.to, ...mail.cc, ...mail.bcc] };
      return { MessageId: await post(posting, (id, at) => composeMail(mail, id, at)) };
    },

    async SendRawEmail(params) {
      only(params, [
        /^(Source|RawMessage\.Data|ConfigurationSetName)$/,
        /^Destinations\.member\.\d+$/,
        /^Tags\.member\.\d+\.(Name|Value)$/,
      ]);
      const raw = Buffer.from(required(params, 'RawMessage.Data'), 'base64');
      const mail = readRawMail(raw);
      const from = params.get('Source') ?? mail.from;
      if (from === undefined) throw new AwsError('InvalidParameterValue', "Missing required header 'From'.");
      const set = params.get('ConfigurationSetName') ?? mail.configurationSet;
      await mayUse(from, set);
      const named = list(params, 'Destinations');
      const marks = { configurationSet: set, tags: [...mail.tags, ...tags(params)] };
      const posting = { ...marks, action: 'SendRawEmail', from, subject: mail.subject };
      return {
        MessageId: await post({ ...posting, recipients: named.length > 0 ? named : mail.recipients }, async (id, at) =>
          stampRawMail(raw, id, at, marks),
        ),
      };
    },

    async GetSendQuota(params) {
      only(params, []);
      const since = String(clock.now() - DAY).padStart(16, '0');
      const last = (await sentTable.keys({ gt: since }).all()).length;
      return { Max24HourSend: '50000.0', MaxSendRate: '14.0', SentLast24Hours: `${last}.0` };
    },

    async ListIdentities(params) {
      only(params, [/^(IdentityType|MaxItems|NextToken)$/]);
      const type = params.get('IdentityType');
      const all = (await identityTable.keys().all()).filter(
        (one) => type === null || (type === 'EmailAddress') === one.includes('@'),
      );
      return { Identities: { member: all } };
    },

    async GetIdentityVerificationAttributes(params) {
      only(params, [/^Identities\.member\.\d+$/]);
      const asked = list(params, 'Identities');
      const known = await identityTable.hasMany(asked.map((one) => one.toLowerCase()));
      const entry = asked.filter((_, i) => known[i]).map((key) => ({ key, value: { VerificationStatus: 'Success' } }));
      return { VerificationAttributes: { entry } };
    },
  };

  return {
    async handle(params) {
      const action = params.get('Action') ?? '';
      const RequestId = randomUUID();
      try {
        const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
        if (run === undefined)
          throw new AwsError('InvalidAction', `The local SES does not know ${action || 'a call without Action'}`);
        const result = await run(params);
        const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId } };
        return { status: 200, body: toXml(`${action}Response`, content, NAMESPACE) };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const content = { Error: { Type: 'Sender', Code: error.code, Message: error.message }, RequestId };
        return { status: error.status, body: toXml('ErrorResponse', content, NAMESPACE) };
      }
    },
    declareIdentity,
    declareConfigurationSet: (name) => setTable.put(name, ''),
    declareEventDestination: (configurationSet, types) => void destinations.push({ configurationSet, types }),
    sent: () => sentTable.values().all(),
  };
}
