import nodemailer from 'nodemailer';
import { AwsError, REGION } from '../contract.ts';

export type Outgoing = {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly configurationSet: string | undefined;
  /** `name=value` */
  readonly tags: readonly string[];
};

type Marks = Pick<Outgoing, 'configurationSet' | 'tags'>;

/** nodemailer's composer, sending to nowhere: it hands back the bytes. */
const composer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** The mail as MIME bytes, with SES's message id and the headers SES uses for configuration set and tags. */
export async function composeMail(mail: Outgoing, messageId: string, at: Date): Promise<Buffer> {
  for (const address of [mail.from, ...mail.to, ...mail.cc, ...mail.bcc, ...mail.replyTo]) addressOf(address);
  if (/[\r\n]/.test(mail.subject))
    throw new AwsError('InvalidParameterValue', 'Control characters not allowed in the subject');
  const { message } = await composer.sendMail({
    from: mail.from,
    to: [...mail.to],
    cc: [...mail.cc],
    bcc: [...mail.bcc],
    replyTo: [...mail.replyTo],
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: at,
    messageId: `<${messageId}@${REGION}.amazonses.com>`,
    headers: Object.fromEntries(marks(mail)),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return message as Buffer;
}

const marks = ({ configurationSet, tags }: Marks): [string, string][] => [
  ...(configurationSet === undefined
    ? []
    : ([['X-SES-CONFIGURATION-SET', configurationSet]] satisfies [string, string][])),
  ...(tags.length === 0 ? [] : ([['X-SES-MESSAGE-TAGS', tags.join(', ')]] satisfies [string, string][])),
];

/** The bare address in `a@b` or `Name <a@b>`. InvalidParameterValue when there is none. */
export function addressOf(text: string): string {
  const address = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim();
  if (/[\r\n]/.test(text) || !/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(address)) {
    throw new AwsError('InvalidParameterValue', 'Illegal address');
  }
  return address;
}

/** The verdict of the SES mailbox simulator for its own addresses, labels allowed (`bounce+x@…`). */
export function simulatorOf(address: string): string | undefined {
  const [local = '', domain = ''] = address.toLowerCase().split('@');
  return domain === 'simulator.amazonses.com' ? local.split('+')[0] : undefined;
}

/** What sending needs to know of a ready-made message: its header, unfolded. */
export function readRawMail(raw: Buffer): {
  from: string | undefined;
  recipients: string[];
  subject: string;
  configurationSet: string | undefined;
  /** `name=value` */
  tags: string[];
} {
  const header = headerOf(raw).replace(/\r?\n[ \t]+/g, ' ');
  const get = (name: string): string | undefined => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(header)?.[1]?.trim();
  const addresses = (name: string) => (get(name) ?? '').match(/[^\s<>,;:"]+@[^\s<>,;:"]+/g) ?? [];
  return {
    from: get('From'),
    recipients: ['To', 'Cc', 'Bcc'].flatMap(addresses),
    subject: get('Subject') ?? '',
    configurationSet: get('X-SES-CONFIGURATION-SET'),
    tags: (get('X-SES-MESSAGE-TAGS') ?? '').split(/\s*,\s*/).filter((tag) => tag !== ''),
  };
}

/** Puts SES's own Message-ID and date (and the marks) in place of the sender's. The body stays byte for byte. */
export function stampRawMail(raw: Buffer, messageId: string, at: Date, given: Marks): Buffer {
  const header = headerOf(raw);
  const own = new Map([
    ['Message-ID', `<${messageId}@${REGION}.amazonses.com>`],
    ['Date', at.toUTCString().replace('GMT', '+0000')],
    ...marks(given),
  ]);
  const replaced = new RegExp(`^(${[...own.keys()].join('|')}):.*(\\r?\\n[ \\t].*)*\\r?\\n?`, 'gim');
  const lines = [...own].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const kept = header.replace(replaced, '');
  return Buffer.concat([Buffer.from(lines + kept, 'latin1'), raw.subarray(header.length)]);
}

/** Bytes up to the empty line, as latin1 so that lengths are bytes. */
function headerOf(raw: Buffer): string {
  const text = raw.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  return end === null ? text : text.slice(0, end.index + (end[0].startsWith('\r') ? 2 : 1));
}
