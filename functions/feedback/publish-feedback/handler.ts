import { z } from 'zod';
import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { feedbackStore } from '#adapters/dynamodb/feedback.ts';
import { markStore } from '#adapters/dynamodb/marks.ts';
import { objectStore } from '#adapters/s3/objects.ts';
import { mailer } from '#adapters/ses/mailer.ts';
import { systemClock } from '#adapters/system/system.ts';
import { PartnerId } from '#domain/ids.ts';
import { lambda } from '#runtime/lambda.ts';
import { publishFeedback } from './publish-feedback.ts';

/** By schedule: files three times a day, one digest. By a signal's workflow: one partner, at once. */
export const handler = lambda({
  name: 'feedback/publish-feedback',
  input: z.object({ mail: z.boolean(), partner: PartnerId.exactOptional(), immediate: z.boolean().exactOptional() }),
  ports: ({ TABLE_NAME, EXCHANGE_BUCKET, MAIL_FROM, MAIL_CONFIGURATION_SET }) => ({
    feedback: feedbackStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    marks: markStore(TABLE_NAME),
    objects: objectStore,
    exchangeBucket: EXCHANGE_BUCKET,
    mailer: mailer(MAIL_FROM, MAIL_CONFIGURATION_SET),
    clock: systemClock,
  }),
  work: publishFeedback,
  log: (published) => ({ ...published }),
  metrics: ({ mailsRefused, mailsStopped }) => ({ MailsRefused: mailsRefused, MailsStopped: mailsStopped }),
});
