import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ArnFormat, Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { DataStack } from '../stacks/data.ts';
import { alarm, type RunbookSection, sumOf } from './alarms.ts';
import type { Startable } from './rights.ts';

const root = resolve(import.meta.dirname, '../..');

/** Every `${Name}` in a definition, once, sorted. */
export const substitutionsIn = (definition: string): readonly string[] =>
  [...new Set([...definition.matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name ?? ''))].sort();

/** All that is asked is given and all that is given is asked; throws with the names that are not. */
export const checkSubstitutions = (file: string, asked: readonly string[], given: readonly string[]): void => {
  const missing = asked.filter((name) => !given.includes(name));
  const unused = given.filter((name) => !asked.includes(name));
  if (missing.length === 0 && unused.length === 0) return;
  throw new Error(
    [
      ...missing.map((name) => `${file} asks for \${${name}}, which is not given`),
      ...unused.map((name) => `${file} does not ask for \${${name}}, which is given`),
    ].join('\n'),
  );
};

export interface WorkflowProps {
  readonly data: DataStack;
  /** `statemachines/<machine>.asl.json`; also the last part of its name. */
  readonly machine: string;
  /** Functions by the name in `${…}`. The role may invoke these and nothing else. */
  readonly functions: Readonly<Record<string, { readonly functionArn: string }>>;
  readonly section: RunbookSection;
}

/** A Standard state machine from its file: logged without execution data, encrypted, traced, watched. */
export class Workflow extends Construct implements Startable {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const { data } = props;
    const file = `statemachines/${props.machine}.asl.json`;
    const definition = readFileSync(join(root, file), 'utf8');
    checkSubstitutions(file, substitutionsIn(definition), Object.keys(props.functions));
    const name = `${data.prefix}-${props.machine}`;
    const machine = new StateMachine(this, 'Machine', {
      stateMachineName: name,
      stateMachineType: StateMachineType.STANDARD,
      // Not fromFile: that hides the definition from tests and checks.
      definitionBody: DefinitionBody.fromString(definition),
      definitionSubstitutions: Object.fromEntries(
        Object.entries(props.functions).map(([key, { functionArn }]) => [key, functionArn]),
      ),
      logs: {
        destination: new LogGroup(this, 'Logs', {
          // This prefix spares the account's resource policy, which Step Functions otherwise fills up.
          logGroupName: `/aws/vendedlogs/states/${name}`,
          retention: data.stage.logRetentionDays,
          encryptionKey: data.operationsKey,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
      encryptionConfiguration: new CustomerManagedEncryptionConfiguration(data.operationsKey, Duration.minutes(15)),
      tracingEnabled: true,
    });
    machine.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: Object.values(props.functions).map(({ functionArn }) => functionArn),
      }),
    );
    this.arn = machine.stateMachineArn;
    const period = Duration.minutes(5);
    alarm(this, 'Fails', data.topic, {
      name: `${name}-fails`,
      says: `An execution of ${name} failed or timed out.`,
      section: props.section,
      metric: sumOf(
        {
          failed: machine.metricFailed({ period }),
          timedOut: machine.metricTimedOut({ period }),
        },
        period,
      ),
      threshold: 1,
    });
  }
}

/**
 * The ARN of a machine before it exists, for a function that the machine itself invokes: naming the resource there
 * would be a circle.
 */
export const arnOfMachine = (stack: Stack, data: DataStack, machine: string): Startable => ({
  arn: stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: `${data.prefix}-${machine}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  }),
});
