import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { FunctionName } from '#runtime/environment.ts';
import type { Handler } from './lambda.ts';

export interface ScheduleEntry {
  /** Last part of its name. */
  readonly name: string;
  /** `cron(…)` or `rate(…)`; a cron is read in Dutch time, summer and winter. */
  readonly expression: string;
  readonly input: Readonly<Record<string, boolean | string>>;
}

/** Calls one function at fixed moments. What could not be handed over waits in the function's own queue. */
export class Schedules<N extends FunctionName> extends Construct {
  constructor(scope: Construct, id: string, target: Handler<N>, entries: readonly ScheduleEntry[]) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.function.functionArn] }),
    );
    for (const statement of target.failed.statements()) role.addToPolicy(statement);
    for (const { name, expression, input } of entries) {
      new CfnSchedule(this, name, {
        name: `${target.name}-${name}`,
        scheduleExpression: expression,
        scheduleExpressionTimezone: 'Europe/Amsterdam',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: target.function.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify(input),
          // An hour: the next turn does what this one could not.
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
          deadLetterConfig: { arn: target.failed.queue.queueArn },
        },
      });
    }
  }
}
