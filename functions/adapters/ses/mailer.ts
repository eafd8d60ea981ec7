import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { failure } from '#domain/failure.ts';
import { tagsOf } from '#domain/feedback/mail-about.ts';
import type { Mailer } from '#domain/ports.ts';

let shared: SESClient | undefined;
const client = (): SESClient => {
  shared ??= new SESClient({ maxAttempts: 5 });
  return shared;
};

/**
 * SES will not send it however often it is asked: the message, the address, or that sending is stopped or set up wrongly. In
 * its answer the names may lack `Exception`.
 */
const REFUSALS =
  /^(MessageRejected|MailFromDomainNotVerified|AccountSendingPaused|ConfigurationSet\w+|InvalidParameterValue|ValidationError)(Exception)?$/;
/** Too many a second, or a day. */
const THROTTLED = /^(Throttl|TooManyRequests|LimitExceeded)/;

/** Mail through SES, always with the configuration set: it demands TLS and reports what comes back, with the tags. */
export const mailer = (from: string, configurationSet: string): Mailer => ({
  send: async ({ to, subject, text, html, about }) => {
    try {
      await client().send(
        new SendEmailCommand({
          Source: from,
          Destination: { ToAddresses: [to] },
          ConfigurationSetName: configurationSet,
          Tags: Object.entries(tagsOf(about)).map(([Name, Value]) => ({ Name, Value })),
          Message: {
            Subject: { Data: subject, Charset: 'UTF-8' },
            Body: {
              Text: { Data: text, Charset: 'UTF-8' },
              Html: { Data: html, Charset: 'UTF-8' },
            },
          },
        }),
      );
      return 'sent';
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (REFUSALS.test(name)) return 'refused';
      throw THROTTLED.test(name) ? failure('TransientFailure') : error;
    }
  },
});
