import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { FunctionName } from '#runtime/environment.ts';
import type { Handler } from './lambda.ts';

export interface ArrivalProps<N extends FunctionName> {
  readonly bucket: Bucket;
  /** How EventBridge matches the key: `{ prefix }` or `{ wildcard }`. */
  readonly key: { readonly prefix: string } | { readonly wildcard: string };
  readonly target: Handler<N>;
}

/** Calls the function with an event, at least once, for a day if need be; what cannot be handed over waits in its queue. */
export const delivery = <N extends FunctionName>({ function: called, failed }: Handler<N>): LambdaFunction =>
  new LambdaFunction(called, { deadLetterQueue: failed.queue, maxEventAge: Duration.hours(24), retryAttempts: 185 });

/** Every object that arrives under a key calls the function. */
export const arrival = <N extends FunctionName>(scope: Construct, id: string, props: ArrivalProps<N>): Rule =>
  new Rule(scope, id, {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [props.bucket.bucketName] }, object: { key: [props.key] } },
    },
    targets: [delivery(props.target)],
  });
