import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { systemClock } from '#adapters/system/system.ts';
import { SignalRef } from '#domain/ids.ts';
import { Term } from '#domain/signal/signal.ts';
import { lambda } from '#runtime/lambda.ts';
import { passTerm } from './pass-term.ts';

/** A wait ended because its term passed. */
export const handler = lambda({
  name: 'casework/pass-term',
  input: SignalRef.extend({ term: Term }),
  ports: ({ TABLE_NAME }) => ({
    signals: signalStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    clock: systemClock,
  }),
  work: passTerm,
  about: ({ caseId, signalId }) => ({ caseId, signalId }),
});
