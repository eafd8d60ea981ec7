import { z } from 'zod';
import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { workflowStarter } from '#adapters/stepfunctions/workflows.ts';
import { systemClock } from '#adapters/system/system.ts';
import { SignalRef } from '#domain/ids.ts';
import { Term } from '#domain/signal/signal.ts';
import { lambda } from '#runtime/lambda.ts';
import { awaitChange } from './await-change.ts';

/** Keeps the token with which a waiting execution is woken. */
export const handler = lambda({
  name: 'casework/await-change',
  input: SignalRef.extend({
    waitingFor: z.enum(['OUTCOME', 'SUSPENSION_END']),
    term: Term.nullable(),
    taskToken: z.string().min(1),
  }),
  ports: ({ TABLE_NAME, SIGNAL_STATE_MACHINE_ARN }) => ({
    signals: signalStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    workflows: workflowStarter({ signal: SIGNAL_STATE_MACHINE_ARN }),
    clock: systemClock,
  }),
  work: awaitChange,
  about: ({ caseId, signalId }) => ({ caseId, signalId }),
});
