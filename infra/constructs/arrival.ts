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

/** Every object that arrives under a key calls the function, at least once, for a day if need be. */
export const arrival = <N extends FunctionName>(scope: Construct, id: string, props: ArrivalProps<N>): Rule =>
  new Rule(scope, id, {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [props.bucket.bucketName] }, object: { key: [props.key] } },
    },
    targets: [
      new LambdaFunction(props.target.function, {
        deadLetterQueue: props.target.failed.queue,
        maxEventAge: Duration.hours(24),
        retryAttempts: 185,
      }),
    ],
  });
