import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { arrival } from '../constructs/arrival.ts';
import type { CodeOf } from '../constructs/bundle.ts';
import { Handler } from '../constructs/lambda.ts';
import { Rights, type Startable } from '../constructs/rights.ts';
import { Schedules } from '../constructs/schedule.ts';
import { arnOfMachine, Workflow } from '../constructs/workflow.ts';
import type { DataStack } from './data.ts';

export interface RoomProps extends StackProps {
  readonly data: DataStack;
  readonly code: CodeOf;
}

interface CaseworkProps extends RoomProps {
  /** The signal's workflow calls it where a partner hears at once. */
  readonly publishFeedback: Handler<'feedback/publish-feedback'>;
}

/** The signal's workflow, the municipality's outcomes and worklists. */
export class CaseworkStack extends Stack {
  readonly signalMachine: Startable;

  constructor(scope: Construct, id: string, { data, code, publishFeedback, ...props }: CaseworkProps) {
    super(scope, id, props);
    const TABLE_NAME = data.table.tableName;
    const step = { data, code, memoryMiB: 512, timeout: Duration.seconds(30), environment: { TABLE_NAME } };
    const self = arnOfMachine(this, data, 'signal');

    const assignSignal = new Handler(this, 'casework/assign-signal', {
      ...step,
      description: 'Hands a signal to its executing organisation and answers its terms',
      rights: new Rights(data)
        .records(['GM#*'], ['GetItem', 'PutItem', 'Query'])
        .records(['GM#*#MATCH'], ['Query'])
        .records(['ARREAR#*'], ['GetItem'])
        .records(['CONFIG'], ['GetItem', 'Query']),
    });
    const awaitChange = new Handler(this, 'casework/await-change', {
      ...step,
      description: 'Lets terms pass and keeps the token with which a waiting execution is woken',
      environment: { TABLE_NAME, SIGNAL_STATE_MACHINE_ARN: self.arn },
      rights: new Rights(data)
        .records(['GM#*'], ['GetItem', 'PutItem', 'UpdateItem'])
        .records(['CONFIG'], ['GetItem', 'Query'])
        .wakes(self),
    });
    const settleOutcome = new Handler(this, 'casework/settle-outcome', {
      ...step,
      description: 'Feedback by policy, then schuldenrust when its conditions hold, else close',
      rights: new Rights(data)
        .records(['GM#*'], ['GetItem', 'PutItem'])
        .records(['SP#*'], ['Query', 'PutItem'])
        .records(['CONFIG'], ['GetItem', 'Query']),
    });
    const endSuspension = new Handler(this, 'casework/end-suspension', {
      ...step,
      description: 'Tells the partner that schuldenrust is over and closes the signal',
      rights: new Rights(data)
        .records(['GM#*'], ['GetItem', 'PutItem'])
        .records(['SP#*'], ['Query', 'PutItem'])
        .records(['CONFIG'], ['GetItem', 'Query']),
    });

    const workflow = new Workflow(this, 'Signal', {
      data,
      machine: 'signal',
      section: 'signal-executions-fail',
      functions: {
        AssignSignalFunction: assignSignal.function,
        AwaitChangeFunction: awaitChange.function,
        SettleOutcomeFunction: settleOutcome.function,
        EndSuspensionFunction: endSuspension.function,
        PublishFeedbackFunction: publishFeedback.function,
      },
    });
    this.signalMachine = workflow;

    const mail = {
      MAIL_FROM: data.mail.from,
      MAIL_CONFIGURATION_SET: data.mail.configurationSetName,
    };
    const receiveOutcomes = new Handler(this, 'casework/receive-outcomes', {
      data,
      code,
      description: "Takes a municipality's outcomes, or shows what they would do, and wakes the executions that wait",
      asynchronous: true,
      memoryMiB: 1024,
      timeout: Duration.minutes(15),
      environment: {
        TABLE_NAME,
        EXCHANGE_BUCKET: data.exchange.bucketName,
        MATCHING_KEY_ID: data.matchingKey.keyArn,
        SIGNAL_STATE_MACHINE_ARN: workflow.arn,
        ...mail,
      },
      rights: new Rights(data)
        .records(['GM#*'], ['GetItem', 'PutItem', 'Query'])
        .records(['GM#*#MATCH'], ['PutItem', 'Query'])
        .records(['ARREAR#*'], ['GetItem', 'UpdateItem'])
        .records(['CONFIG'], ['GetItem', 'Query'])
        .records(['SP#*'], ['Query'])
        .records(['MARK#*'], ['GetItem', 'PutItem'])
        .records(['KEY#matching'], ['GetItem'])
        .matchingKey('Decrypt')
        .reads(data.exchange, 'municipalities/', 'by version')
        .writes(data.exchange, 'municipalities/')
        .mails()
        .starts(workflow)
        .wakes(workflow),
    });
    // Whatever is dropped there gets a verdict, also when it is no CSV. Our own files lie in other folders.
    arrival(this, 'OutcomesArrived', {
      bucket: data.exchange,
      key: { wildcard: 'municipalities/*/outcomes/*' },
      target: receiveOutcomes,
    });
    arrival(this, 'PreviewArrived', {
      bucket: data.exchange,
      key: { wildcard: 'municipalities/*/preview/*' },
      target: receiveOutcomes,
    });

    const publishWorklists = new Handler(this, 'casework/publish-worklists', {
      data,
      code,
      description: 'Writes the ranked worklists and mails what is new; on request a list, which is recorded first',
      asynchronous: true,
      memoryMiB: 1769,
      timeout: Duration.minutes(15),
      environment: { TABLE_NAME, EXCHANGE_BUCKET: data.exchange.bucketName, ...mail },
      rights: new Rights(data)
        .records(['GM#*'], ['Query'])
        // It may add what the model finds, and can change no signal.
        .records(['GM#*#MATCH'], ['PutItem', 'Query'])
        .records(['CONFIG'], ['GetItem', 'Query'])
        .records(['MARK#*'], ['GetItem', 'PutItem'])
        .records(['ACCESS#*'], ['PutItem'])
        .writes(data.exchange, 'municipalities/')
        .mails(),
    });
    new Schedules(this, 'PublishWorklistsSchedule', publishWorklists, [
      { name: 'daily', expression: 'cron(0 6 * * ? *)', input: {} },
      // A crisis is heard the same day (R-DEL-12): some 44 invocations a month more, and no mail when there is none.
      { name: 'crisis', expression: 'cron(0 12,16 ? * MON-FRI *)', input: { crisis: true } },
    ]);

    const showSignal = new Handler(this, 'casework/show-signal', {
      ...step,
      description: 'Shows where a signal stands and why; of the person only with a purpose, which is recorded first',
      rights: new Rights(data)
        .records(['GM#*', 'ARREAR#*'], ['GetItem'])
        .records(['GM#*', 'GM#*#MATCH'], ['Query'])
        .records(['CONFIG'], ['GetItem', 'Query'])
        .records(['ACCESS#*'], ['PutItem']),
    });

    const simulatePolicy = new Handler(this, 'casework/simulate-policy', {
      data,
      code,
      description: 'Counts what another threshold or ranking policy would do; writes nothing',
      memoryMiB: 1769,
      timeout: Duration.minutes(5),
      environment: { TABLE_NAME },
      rights: new Rights(data).records(['GM#*', 'GM#*#MATCH'], ['Query']).records(['CONFIG'], ['GetItem', 'Query']),
    });

    new CfnOutput(this, 'SignalStateMachine', { value: workflow.arn });
    new CfnOutput(this, 'PublishWorklistsFunction', { value: publishWorklists.function.functionName });
    new CfnOutput(this, 'ShowSignalFunction', { value: showSignal.function.functionName });
    new CfnOutput(this, 'SimulatePolicyFunction', { value: simulatePolicy.function.functionName });
  }
}
