import { z } from 'zod';
import { accessLog } from '#adapters/dynamodb/access.ts';
import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { markStore } from '#adapters/dynamodb/marks.ts';
import { matchStore } from '#adapters/dynamodb/matches.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { objectStore } from '#adapters/s3/objects.ts';
import { mailer } from '#adapters/ses/mailer.ts';
import { systemClock } from '#adapters/system/system.ts';
import { Reading } from '#domain/access.ts';
import { IsoDate, MunicipalityCode, Period } from '#domain/ids.ts';
import { lambda } from '#runtime/lambda.ts';
import {
  type PublishedWorklists,
  publishWorklists,
  type WrittenWorklists,
  writeWorklist,
} from './publish-worklists.ts';

const Asked = Reading.extend({ municipality: MunicipalityCode, period: Period.optional(), since: IsoDate.optional() });

/** By schedule every morning, at noon and in the afternoon for crisis signals; or asked for, by whom and why. */
export const handler = lambda({
  name: 'casework/publish-worklists',
  input: z.union([Asked, z.strictObject({ crisis: z.boolean().optional() })]),
  ports: ({ TABLE_NAME, EXCHANGE_BUCKET, MAIL_FROM, MAIL_CONFIGURATION_SET }) => ({
    signals: signalStore(TABLE_NAME),
    matches: matchStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    marks: markStore(TABLE_NAME),
    access: accessLog(TABLE_NAME),
    objects: objectStore,
    exchangeBucket: EXCHANGE_BUCKET,
    mailer: mailer(MAIL_FROM, MAIL_CONFIGURATION_SET),
    clock: systemClock,
  }),
  work: (ports, asked): Promise<PublishedWorklists | WrittenWorklists> =>
    'municipality' in asked ? writeWorklist(ports, asked) : publishWorklists(ports, asked),
  log: (made) => ('lists' in made ? { files: 2 * made.lists.length } : { ...made }),
  metrics: (made) => ('lists' in made ? {} : { MailsRefused: made.mailsRefused, MailsStopped: made.mailsStopped }),
});
