import { z } from 'zod';
import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { markStore } from '#adapters/dynamodb/marks.ts';
import { mailer } from '#adapters/ses/mailer.ts';
import { systemClock } from '#adapters/system/system.ts';
import { lambda } from '#runtime/lambda.ts';
import { remindPartners } from './remind-partners.ts';

/** By schedule, once a month; or invoked by an operator with `{}`, to see for whom nothing came. */
export const handler = lambda({
  name: 'upkeep/remind-partners',
  input: z.object({}),
  ports: ({ TABLE_NAME, MAIL_FROM, MAIL_CONFIGURATION_SET }) => ({
    configuration: configurationStore(TABLE_NAME),
    marks: markStore(TABLE_NAME),
    mailer: mailer(MAIL_FROM, MAIL_CONFIGURATION_SET),
    clock: systemClock,
  }),
  work: remindPartners,
  log: ({ silent, ...counts }) => ({ silent: silent.length, ...counts }),
  metrics: ({ silent, mailsRefused, mailsStopped }) => ({
    PartnersSilent: silent.length,
    MailsRefused: mailsRefused,
    MailsStopped: mailsStopped,
  }),
});
