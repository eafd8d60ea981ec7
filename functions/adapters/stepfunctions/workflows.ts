import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { type Failure, failure } from '#domain/failure.ts';
import type { WorkflowStarter } from '#domain/ports.ts';
import { executionName } from '#domain/signal/execution-name.ts';

const CHANGED: Failure = 'SignalChanged';

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
  startSignal: ({ caseId, signalId }, round) =>
    start(required(arns.signal), executionName({ caseId, signalId, round }), { caseId, signalId }),
  startDelivery: (deliveryId, round) =>
    start(required(arns.delivery), round === 1 ? deliveryId : `${deliveryId}_${round}`, { deliveryId }),
  wake: async (taskToken, news) => {
    try {
      if (news === 'OVER') await client().send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
      // A name the machine catches: the wait itself has not come to its end.
      else await client().send(new SendTaskFailureCommand({ taskToken, error: CHANGED }));
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
