import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { feedbackStore } from '#adapters/dynamodb/feedback.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { systemClock } from '#adapters/system/system.ts';
import { SignalRef } from '#domain/ids.ts';
import { lambda } from '#runtime/lambda.ts';
import { settleOutcome } from './settle-outcome.ts';

/** The municipality answered, or the closing horizon passed. */
export const handler = lambda({
  name: 'casework/settle-outcome',
  input: SignalRef,
  ports: ({ TABLE_NAME }) => ({
    signals: signalStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    feedback: feedbackStore(TABLE_NAME),
    clock: systemClock,
  }),
  work: settleOutcome,
  about: ({ caseId, signalId }) => ({ caseId, signalId }),
});
