import { z } from 'zod';
import { markStore } from '#adapters/dynamodb/marks.ts';
import { systemClock } from '#adapters/system/system.ts';
import { MailOwner } from '#domain/feedback/mail-about.ts';
import { MailReturned } from '#runtime/events.ts';
import { lambda } from '#runtime/lambda.ts';
import { recordMailEvent } from './record-mail-event.ts';

/** EventBridge: a mail came back or was not welcome. Or invoked by an operator with `{ "release": "partner#…" }`. */
export const handler = lambda({
  name: 'feedback/record-mail-event',
  input: z.union([MailReturned, z.strictObject({ release: MailOwner })]),
  ports: ({ TABLE_NAME }) => ({ marks: markStore(TABLE_NAME), clock: systemClock }),
  work: recordMailEvent,
  log: (recorded) => ({ ...recorded }),
  metrics: ({ bounced, complaints }) => ({ MailsBounced: bounced, MailComplaints: complaints }),
});
