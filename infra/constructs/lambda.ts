import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  EventInvokeConfig,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Environment, environments, type FunctionName } from '#runtime/environment.ts';
import type { DataStack } from '../stacks/data.ts';
import { alarm, sumOf } from './alarms.ts';
import type { CodeOf } from './bundle.ts';
import { FailedEvents } from './failed-events.ts';
import type { Rights } from './rights.ts';

/** Set for every function beside its own environment: stack traces that name our files. */
export const COMMON_ENVIRONMENT = { NODE_OPTIONS: '--enable-source-maps' } as const;

export interface HandlerProps<N extends FunctionName> {
  readonly data: DataStack;
  readonly code: CodeOf;
  /** What it does, for whoever meets it in the console. */
  readonly description: string;
  readonly environment: Environment<N>;
  readonly rights: Rights;
  readonly memoryMiB: number;
  readonly timeout: Duration;
  /** Called by a rule or a schedule: Lambda retries, and what fails to the end waits in a queue. */
  readonly asynchronous?: boolean;
}

/** The one construct every function comes from. `name` is its folder: `functions/<name>/handler.ts`. */
export class Handler<N extends FunctionName> extends Construct {
  readonly function: LambdaFunction;
  readonly name: string;
  readonly #failed: FailedEvents | undefined;

  constructor(scope: Construct, name: N, props: HandlerProps<N>) {
    super(scope, pascal(name));
    this.name = `${props.data.prefix}-${verbNoun(name)}`;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.data.stage.logRetentionDays,
      encryptionKey: props.data.operationsKey,
    });
    // A role of our own: the one CDK makes carries a managed policy that may write to every log group.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    for (const statement of props.rights.statements(Stack.of(this))) role.addToPolicy(statement);
    this.function = new LambdaFunction(this, 'Function', {
      functionName: this.name,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code(name),
      role,
      memorySize: props.memoryMiB,
      timeout: props.timeout,
      environment: {
        // What is known now is checked now; names of other resources are still tokens, but never empty.
        ...environments[name].parse(props.environment),
        ...COMMON_ENVIRONMENT,
      },
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      logGroup,
    });
    const period = Duration.minutes(15);
    alarm(this, 'Fails', props.data.topic, {
      name: `${this.name}-fails`,
      says: `${this.name} failed or was throttled five times or more in 15 minutes.`,
      section: 'a-function-fails',
      metric: sumOf(
        {
          errors: this.function.metricErrors({ period }),
          throttles: this.function.metricThrottles({ period }),
        },
        period,
      ),
      threshold: 5,
    });
    this.#failed = props.asynchronous === true ? this.#retries(props.data, role) : undefined;
  }

  /** Where events end that this function could not take. */
  get failed(): FailedEvents {
    if (this.#failed === undefined) throw new Error(`${this.name} is not asynchronous: it has no queue`);
    return this.#failed;
  }

  #retries(data: DataStack, role: Role): FailedEvents {
    const failed = new FailedEvents(this, 'Failed', { name: this.name, data });
    for (const statement of failed.statements()) role.addToPolicy(statement);
    new EventInvokeConfig(this, 'Retries', {
      function: this.function,
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
      // Not SqsDestination: it grants more of the key than sending needs.
      onFailure: { bind: () => ({ destination: failed.queue.queueArn }) },
    });
    return failed;
  }
}

const verbNoun = (name: FunctionName): string => name.slice(name.indexOf('/') + 1);
const pascal = (name: FunctionName): string =>
  verbNoun(name).replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
