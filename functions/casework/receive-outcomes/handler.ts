import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { feedbackStore } from '#adapters/dynamodb/feedback.ts';
import { markStore } from '#adapters/dynamodb/marks.ts';
import { matchStore } from '#adapters/dynamodb/matches.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { keyedHash } from '#adapters/kms/matching-key.ts';
import { objectStore } from '#adapters/s3/objects.ts';
import { mailer } from '#adapters/ses/mailer.ts';
import { workflowStarter } from '#adapters/stepfunctions/workflows.ts';
import { objectIds, systemClock } from '#adapters/system/system.ts';
import { ObjectCreated } from '#runtime/events.ts';
import { lambda } from '#runtime/lambda.ts';
import { receiveOutcomes } from './receive-outcomes.ts';

/** EventBridge: a municipality dropped a file with outcomes, or one to see a preview of. */
export const handler = lambda({
  name: 'casework/receive-outcomes',
  input: ObjectCreated,
  ports: ({ TABLE_NAME, EXCHANGE_BUCKET, MAIL_FROM, MAIL_CONFIGURATION_SET, ...env }) => ({
    signals: signalStore(TABLE_NAME),
    matches: matchStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    feedback: feedbackStore(TABLE_NAME),
    marks: markStore(TABLE_NAME),
    objects: objectStore,
    exchangeBucket: EXCHANGE_BUCKET,
    mailer: mailer(MAIL_FROM, MAIL_CONFIGURATION_SET),
    workflows: workflowStarter({ signal: env.SIGNAL_STATE_MACHINE_ARN }),
    hash: keyedHash(TABLE_NAME, env.MATCHING_KEY_ID),
    ids: objectIds,
    clock: systemClock,
  }),
  work: receiveOutcomes,
  log: ({ read, taken, refused, fileRefused }) => ({ read, taken, refused, fileRefused }),
  metrics: ({ refused, fileRefused, mailsRefused }) => ({
    OutcomeFilesRefused: fileRefused ? 1 : 0,
    OutcomeLinesRefused: refused,
    MailsRefused: mailsRefused,
  }),
});
