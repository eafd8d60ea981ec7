import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DataStack } from '../stacks/data.ts';
import { alarm } from './alarms.ts';

/**
 * Where an event ends that a function could not take: from its rule or schedule (never delivered) or from Lambda
 * (delivered, failed to the last retry). Kept for 14 days; anything in it raises the alarm.
 */
export class FailedEvents extends Construct {
  readonly queue: Queue;
  readonly #data: DataStack;

  constructor(scope: Construct, id: string, props: { readonly name: string; readonly data: DataStack }) {
    super(scope, id);
    this.#data = props.data;
    this.queue = new Queue(this, 'Queue', {
      queueName: `${props.name}-failed`,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.data.operationsKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    alarm(this, 'NotEmpty', props.data.topic, {
      name: `${props.name}-failed`,
      says: `Events for ${props.name} failed to the last retry and wait in its queue.`,
      section: 'failed-events-are-waiting',
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      threshold: 1,
    });
  }

  /** What a role needs to put an event here. */
  statements(): readonly PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [this.#data.operationsKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `sqs.${Stack.of(this).region}.amazonaws.com` } },
      }),
    ];
  }
}
