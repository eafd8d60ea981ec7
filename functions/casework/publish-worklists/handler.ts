import { z } from 'zod';
import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { markStore } from '#adapters/dynamodb/marks.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { objectStore } from '#adapters/s3/objects.ts';
import { mailer } from '#adapters/ses/mailer.ts';
import { systemClock } from '#adapters/system/system.ts';
import { MunicipalityCode } from '#domain/ids.ts';
import { lambda } from '#runtime/lambda.ts';
import { publishWorklists } from './publish-worklists.ts';

/** By schedule every morning, at noon and in the afternoon for crisis signals, or asked for with a municipality. */
export const handler = lambda({
  name: 'casework/publish-worklists',
  input: z.object({ municipality: MunicipalityCode.optional(), crisis: z.boolean().optional() }),
  ports: ({ TABLE_NAME, EXCHANGE_BUCKET, MAIL_FROM, MAIL_CONFIGURATION_SET }) => ({
    signals: signalStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    marks: markStore(TABLE_NAME),
    objects: objectStore,
    exchangeBucket: EXCHANGE_BUCKET,
    mailer: mailer(MAIL_FROM, MAIL_CONFIGURATION_SET),
    clock: systemClock,
  }),
  work: publishWorklists,
  log: (published) => ({ ...published }),
  metrics: ({ mailsRefused, mailsStopped }) => ({ MailsRefused: mailsRefused, MailsStopped: mailsStopped }),
});
