import { Duration } from 'aws-cdk-lib';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { FunctionName } from '#runtime/environment.ts';
import type { Handler } from './lambda.ts';
import { isScanned } from './malware-scan.ts';

export interface ArrivalProps<N extends FunctionName> {
  readonly bucket: Bucket;
  /** How EventBridge matches the key: `{ prefix }` or `{ wildcard }`. */
  readonly key: { readonly prefix: string } | { readonly wildcard: string };
  readonly target: Handler<N>;
}

/** Calls the function with an event, at least once, for a day if need be; what cannot be handed over waits in its queue. */
export const delivery = <N extends FunctionName>({ function: called, failed }: Handler<N>): LambdaFunction =>
  new LambdaFunction(called, { deadLetterQueue: failed.queue, maxEventAge: Duration.hours(24), retryAttempts: 185 });

/** Where uploads are scanned, an object arrives with its verdict, whatever that is: the function decides by it. */
const patternOf = ({ bucket, key }: Pick<ArrivalProps<FunctionName>, 'bucket' | 'key'>): EventPattern =>
  isScanned(bucket)
    ? {
        source: ['aws.guardduty'],
        detailType: ['GuardDuty Malware Protection Object Scan Result'],
        detail: { s3ObjectDetails: { bucketName: [bucket.bucketName], objectKey: [key] } },
      }
    : {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [bucket.bucketName] }, object: { key: [key] } },
      };

/** Every object that arrives under a key calls the function; one event or the other (`UploadArrived`). */
export const arrival = <N extends FunctionName>(scope: Construct, id: string, props: ArrivalProps<N>): Rule =>
  new Rule(scope, id, { eventPattern: patternOf(props), targets: [delivery(props.target)] });
