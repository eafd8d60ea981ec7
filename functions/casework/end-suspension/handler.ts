import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { feedbackStore } from '#adapters/dynamodb/feedback.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { systemClock } from '#adapters/system/system.ts';
import { SignalRef } from '#domain/ids.ts';
import { lambda } from '#runtime/lambda.ts';
import { endSuspension } from './end-suspension.ts';

/** Schuldenrust is over: expired or ended early. */
export const handler = lambda({
  name: 'casework/end-suspension',
  input: SignalRef,
  ports: ({ TABLE_NAME }) => ({
    signals: signalStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    feedback: feedbackStore(TABLE_NAME),
    clock: systemClock,
  }),
  work: endSuspension,
  about: ({ caseId, signalId }) => ({ caseId, signalId }),
});
