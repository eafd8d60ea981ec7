import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { failure } from '#domain/failure.ts';
import type { WorkflowStarter } from '#domain/ports.ts';

let shared: SFNClient | undefined;
const client = (): SFNClient => {
  // StartExecution has a quota per account: throttling is met with patience, not with failure.
  shared ??= new SFNClient({ maxAttempts: 8, retryMode: 'adaptive' });
  return shared;
};

const start = async (stateMachineArn: string, name: string, input: Readonly<Record<string, string>>): Promise<void> => {
  try {
    await client().send(
      new StartExecutionCommand({
        stateMachineArn,
        name,
        input: JSON.stringify(input),
      }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
};

/** Executions are named after what they drive, so that starting twice starts once. */
export const workflowStarter = (arns: { readonly signal?: string; readonly delivery?: string }): WorkflowStarter => ({
  startSignal: ({ caseId, signalId }) => start(required(arns.signal), `${caseId}_${signalId}`, { caseId, signalId }),
  startDelivery: (deliveryId) => start(required(arns.delivery), deliveryId, { deliveryId }),
  wake: async (taskToken) => {
    try {
      await client().send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
    } catch (error) {
      // Nobody waits there any more: the execution timed out or was woken already, and reads the truth itself.
      if (!(error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken))
        throw error;
    }
  },
});

const required = (arn: string | undefined): string => {
  if (arn === undefined) throw failure('StateMachineNotGiven');
  return arn;
};
