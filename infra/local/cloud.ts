import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type ClockMode, openClock } from './clock.ts';
import type { LambdaAnswer, Millis } from './contract.ts';
import { AwsError } from './contract.ts';
import { openDatabase } from './database.ts';
import { openDynamoDb } from './dynamodb/dynamodb.ts';
import { type Endpoint, openEndpoint } from './endpoint.ts';
import { openEvents } from './events/events.ts';
import { openKms } from './kms/kms.ts';
import { handleLambda } from './lambda/api.ts';
import { openLambda } from './lambda/lambda.ts';
import { openS3 } from './s3/s3.ts';
import { openSes, type Ses } from './ses/ses.ts';
import { openSqs, type Sqs } from './sqs/sqs.ts';
import { openStepFunctions, type StepFunctions } from './stepfunctions/stepfunctions.ts';
import { readAssembly } from './template/assembly.ts';
import { type Plan, planOf } from './template/plan.ts';

export type CloudOptions = {
  /** A CDK cloud assembly, inside the project so that the bundles find the AWS SDK. */
  readonly assembly: string;
  /** Where everything is kept: database, objects, mails, logs. */
  readonly directory: string;
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly mode: ClockMode;
  /** First moment of a new data directory. */
  readonly startAt?: Millis;
  /** Lambda workers per function. */
  readonly concurrency?: number;
};

export type Cloud = {
  readonly endpoint: string;
  /** Outputs of all stacks by name. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** AWS calls received, by `service.Action`. */
  readonly calls: ReadonlyMap<string, number>;
  readonly stepFunctions: StepFunctions;
  readonly ses: Ses;
  readonly sqs: Sqs;
  readonly mailDirectory: string;
  readonly logDirectory: string;
  readonly plan: Plan;
  invoke(functionName: string, payload: unknown): Promise<LambdaAnswer>;
  stop(): Promise<void>;
};

/** Starting an execution twice with one name and input is one start, as EventBridge needs it. */
const startExecution = async (states: StepFunctions, stateMachineArn: string, payload: unknown, id: string) => {
  try {
    const name = id.replace(/[^\w-]/g, '-').slice(0, 80);
    await states.handle('StartExecution', { stateMachineArn, name, input: JSON.stringify(payload) });
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'ExecutionAlreadyExists')) throw error;
  }
};

/**
 * Runs a synthesized CDK app on this machine. Applying the same template over an existing directory changes nothing;
 * another one updates functions, definitions, rules and schedules and keeps all data. Rejects with an Error that names
 * what the template asks for and this cloud has not.
 */
export const startCloud = async (options: CloudOptions): Promise<Cloud> => {
  // The whole template is read and understood before anything is opened.
  const plan = planOf(await readAssembly(options.assembly));
  // Lambda runs in UTC; workers share the zone of the process.
  process.env.TZ = 'UTC';
  const { directory } = options;
  const at = (name: string): string => join(directory, name);
  await mkdir(directory, { recursive: true });

  /** What was opened, to be closed in the opposite order. */
  const opened: Array<() => Promise<void>> = [];
  const stop = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const db = await openDatabase(at('db'));
    opened.push(() => db.close());
    const clock = await openClock({ db, mode: options.mode, startAt: options.startAt });
    opened.push(() => clock.close());
    // Nothing jumps before all is there.
    const ready = clock.begin();

    let url = '';
    const dynamodb = await openDynamoDb(at('dynamodb'));
    opened.push(() => dynamodb.close());
    const sqs = openSqs({ db, clock, endpoint: () => url });
    const kms = await openKms({ db, clock });
    const lambda = openLambda({
      db,
      clock,
      logDirectory: at('logs'),
      sendToQueue: sqs.send,
      ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
    });
    const stepFunctions = await openStepFunctions({ db, clock, lambda });
    const events = openEvents({
      db,
      clock,
      services: {
        lambda: lambda.invokeLater,
        states: (arn, payload, id) => startExecution(stepFunctions, arn, payload, id),
        sqs: sqs.send,
      },
    });
    const s3 = await openS3({ directory: at('objects'), db, clock, onEvent: events.publish });
    const ses = await openSes({ directory: at('mail'), db, clock, identities: [], onEvent: events.publish });
    let endpoint: Endpoint | undefined;
    // All at once, engines first: what a Lambda that is broken off now answers is no longer taken for its answer.
    opened.push(async () => {
      const engines = [stepFunctions.close(), events.close(), lambda.close(), s3.close()];
      await Promise.all([...engines, endpoint?.close()]);
    });

    endpoint = await openEndpoint({
      port: options.port,
      clock,
      services: {
        json: [stepFunctions, kms, sqs],
        s3: s3.handle,
        dynamodb: dynamodb.handle,
        lambda: (req, res) => handleLambda(lambda, req, res),
        ses: ses.handle,
      },
    });
    url = endpoint.url;

    for (const key of plan.keys) await kms.createKey(key);
    for (const { alias, key } of plan.aliases) await kms.createAlias(alias, key);
    for (const queue of plan.queues) sqs.createQueue(queue);
    for (const table of plan.tables) await dynamodb.ensureTable(table);
    for (const bucket of plan.buckets) await s3.createBucket(bucket);
    for (const identity of plan.identities) await ses.declareIdentity(identity);
    for (const name of plan.configurationSets) await ses.declareConfigurationSet(name);
    for (const { configurationSet, types } of plan.mailEvents) ses.declareEventDestination(configurationSet, types);
    for (const definition of plan.functions) await lambda.declare(definition);
    for (const policy of plan.asyncPolicies) lambda.declareAsyncPolicy(policy);
    for (const { name, definition } of plan.stateMachines) {
      await stepFunctions.createStateMachine({ name, definition, roleArn: 'arn:aws:iam::000000000000:role/local' });
    }
    for (const rule of plan.rules) events.declareRule(rule);
    for (const schedule of plan.schedules) await events.declareSchedule(schedule);
    lambda.open(url);
    events.open();
    ready();

    return {
      endpoint: url,
      outputs: plan.outputs,
      clock,
      calls: endpoint.calls,
      stepFunctions,
      ses,
      sqs,
      mailDirectory: at('mail'),
      logDirectory: at('logs'),
      plan,
      invoke: lambda.invoke,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
