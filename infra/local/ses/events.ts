import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from '../contract.ts';
import { addressOf, simulatorOf } from './mail.ts';

/** Types of events a configuration set can hand to the event bus here. No virus scanner: nothing is ever rejected. */
export const EVENT_TYPES = ['bounce', 'complaint', 'reject'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What is known of an accepted mail. */
export type Accepted = {
  readonly messageId: string;
  readonly at: number;
  readonly action: string;
  readonly from: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly configurationSet: string;
  /** `name=value` */
  readonly tags: readonly string[];
};

type Told = { readonly type: EventType; readonly event: Readonly<Record<string, unknown>> };

const mailOf = ({ messageId, at, action, from, recipients, subject, configurationSet, tags }: Accepted) => {
  const domain = addressOf(from).split('@')[1] ?? '';
  const to = [...recipients];
  const named = tags.map((tag) => [tag.slice(0, tag.indexOf('=')), [tag.slice(tag.indexOf('=') + 1)]]);
  return {
    timestamp: new Date(at).toISOString(),
    source: from,
    sourceArn: `arn:aws:ses:${REGION}:${ACCOUNT}:identity/${domain}`,
    sendingAccountId: ACCOUNT,
    messageId,
    destination: to,
    headersTruncated: false,
    headers: [
      { name: 'From', value: from },
      { name: 'To', value: to.join(', ') },
      { name: 'Subject', value: subject },
    ],
    commonHeaders: { from: [from], to, messageId, subject },
    tags: {
      'ses:operation': [action],
      'ses:configuration-set': [configurationSet],
      'ses:source-ip': ['127.0.0.1'],
      'ses:from-domain': [domain],
      'ses:caller-identity': ['local'],
      ...Object.fromEntries(named),
    },
  };
};

/** What the mailbox simulator does with an address of its own; undefined when it only takes the mail. */
const reaction = (emailAddress: string, at: number) => {
  const timestamp = new Date(at).toISOString();
  const feedbackId = `0102${at.toString(16).padStart(12, '0')}-${randomUUID()}-000000`;
  const reportingMTA = `dns; a7-30.smtp-out.${REGION}.amazonses.com`;
  const hard = (bounceSubType: string, diagnosticCode: string) => ({
    type: 'bounce' as const,
    detailType: 'Email Bounced',
    detail: {
      eventType: 'Bounce',
      bounce: {
        feedbackId,
        bounceType: 'Permanent',
        bounceSubType,
        bouncedRecipients: [{ emailAddress, action: 'failed', status: '5.1.1', diagnosticCode }],
        timestamp,
        reportingMTA,
      },
    },
  });
  switch (simulatorOf(emailAddress)) {
    case 'bounce':
      return hard('General', 'smtp; 550 5.1.1 user unknown');
    case 'suppressionlist':
      return hard(
        'Suppressed',
        'Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address.',
      );
    case 'ooto':
      // An automatic answer is told as a bounce, but names no failure.
      return {
        type: 'bounce' as const,
        detailType: 'Email Bounced',
        detail: {
          eventType: 'Bounce',
          bounce: {
            feedbackId,
            bounceType: 'Transient',
            bounceSubType: 'General',
            bouncedRecipients: [{ emailAddress }],
            timestamp,
          },
        },
      };
    case 'complaint':
      return {
        type: 'complaint' as const,
        detailType: 'Email Complaint Received',
        detail: {
          eventType: 'Complaint',
          complaint: {
            feedbackId,
            complaintSubType: null,
            complainedRecipients: [{ emailAddress }],
            timestamp,
            userAgent: 'Amazon SES Mailbox Simulator',
            complaintFeedbackType: 'abuse',
            arrivalDate: timestamp,
          },
        },
      };
    default:
      return undefined;
  }
};

/** The events AWS publishes for a mail to the mailbox simulator, as they come out of EventBridge. Other mail makes none. */
export const eventsOf = (mail: Accepted): readonly Told[] =>
  mail.recipients.flatMap((recipient): Told[] => {
    const told = reaction(addressOf(recipient), mail.at);
    if (told === undefined) return [];
    const event = {
      version: '0',
      id: randomUUID(),
      'detail-type': told.detailType,
      source: 'aws.ses',
      account: ACCOUNT,
      time: new Date(mail.at).toISOString().replace(/\.\d{3}/, ''),
      region: REGION,
      resources: [`arn:aws:ses:${REGION}:${ACCOUNT}:configuration-set/${mail.configurationSet}`],
      detail: { ...told.detail, mail: mailOf(mail) },
    };
    return [{ type: told.type, event }];
  });
