import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { matchStore } from '#adapters/dynamodb/matches.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { systemClock } from '#adapters/system/system.ts';
import { SignalRef } from '#domain/ids.ts';
import { lambda } from '#runtime/lambda.ts';
import { assignSignal } from './assign-signal.ts';

/** First step of a signal's workflow. */
export const handler = lambda({
  name: 'casework/assign-signal',
  input: SignalRef,
  ports: ({ TABLE_NAME }) => ({
    signals: signalStore(TABLE_NAME),
    matches: matchStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    clock: systemClock,
  }),
  work: assignSignal,
  about: ({ caseId, signalId }) => ({ caseId, signalId }),
});
