import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { DataStack } from '../stacks/data.ts';

/** DynamoDB actions the product uses. No Scan, no transactions. */
export type TableAction = 'GetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'BatchWriteItem';

/** Key families of the table: who may touch which is the first wall around personal data (R-PRI-1). */
export type KeyFamily =
  | 'GM#*'
  /** Decisions about who belongs together: lies within the family above, so that a wall can be put around it alone. */
  | 'GM#*#MATCH'
  | 'ARREAR#*'
  | 'DELIVERY#*'
  | 'CONFIG'
  | 'SP#*'
  | 'MARK#*'
  | 'KEY#matching'
  | 'ACCESS#*'
  | 'CHAIN';

/** A state machine as others see it: only its ARN. */
export interface Startable {
  readonly arn: string;
}

/**
 * What one function may do, written by hand: each call adds one statement. Keys of KMS follow from what is used and
 * only through the service that uses them.
 */
export class Rights {
  readonly #data: DataStack;
  readonly #statements: PolicyStatement[] = [];
  readonly #dataKeyThrough = new Set<'dynamodb' | 's3'>();

  constructor(data: DataStack) {
    this.#data = data;
  }

  /** Items whose partition key belongs to one of the families. */
  records(families: readonly KeyFamily[], actions: readonly TableAction[]): this {
    this.#dataKeyThrough.add('dynamodb');
    return this.#allow(
      actions.map((action) => `dynamodb:${action}`),
      [this.#data.table.tableArn],
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': families } },
    );
  }

  /** The sparse index of what should have moved. It holds keys, no content. */
  dueIndex(): this {
    this.#dataKeyThrough.add('dynamodb');
    return this.#allow(['dynamodb:Query'], [`${this.#data.table.tableArn}/index/due`]);
  }

  /** Whole objects under a prefix. Listing is what makes an absent object a 404 and not a 403. */
  reads(bucket: Bucket, prefix: string, how: 'latest' | 'by version' = 'latest'): this {
    this.#dataKeyThrough.add('s3');
    this.#allow([how === 'latest' ? 's3:GetObject' : 's3:GetObjectVersion'], [bucket.arnForObjects(`${prefix}*`)]);
    return this.#allow(['s3:ListBucket'], [bucket.bucketArn]);
  }

  writes(bucket: Bucket, prefix: string): this {
    this.#dataKeyThrough.add('s3');
    return this.#allow(['s3:PutObject', 's3:AbortMultipartUpload'], [bucket.arnForObjects(`${prefix}*`)]);
  }

  /** Removes a version for good (R-DEL-3, R-DEL-6); `folders`: also without knowing what is in them. */
  erases(bucket: Bucket, prefix: string, how: 'versions' | 'folders' = 'versions'): this {
    if (how === 'folders')
      this.#allow(['s3:ListBucketVersions'], [bucket.bucketArn], { StringLike: { 's3:prefix': `${prefix}*` } });
    return this.#allow(['s3:DeleteObjectVersion'], [bucket.arnForObjects(`${prefix}*`)]);
  }

  /** Sends mail from the meldpunt's own address, through its configuration set and no other. */
  mails(): this {
    const { identityArn, configurationSetArn, from } = this.#data.mail;
    return this.#allow(['ses:SendEmail'], [identityArn, configurationSetArn], {
      StringEquals: { 'ses:FromAddress': from },
    });
  }

  starts(machine: Startable): this {
    return this.#allow(['states:StartExecution'], [machine.arn]).#workflowKey(machine);
  }

  /** Answers a task token of the machine. */
  wakes(machine: Startable): this {
    return this.#allow(['states:SendTaskFailure', 'states:SendTaskSuccess'], [machine.arn]).#workflowKey(machine);
  }

  /** The key that wraps the matching key (R-MAT-5). */
  matchingKey(action: 'Decrypt' | 'GenerateDataKeyWithoutPlaintext'): this {
    return this.#allow([`kms:${action}`], [this.#data.matchingKey.keyArn]);
  }

  /** Signs certificates (R-DEL-10): whole statements of ours, not a digest of something else. */
  signsCertificates(): this {
    const key = this.#data.signingKey.keyArn;
    return this.#allow(['kms:GetPublicKey'], [key]).#allow(['kms:Sign'], [key], {
      StringEquals: { 'kms:MessageType': 'RAW', 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
    });
  }

  /** All statements, for a function in `stack`. */
  statements(stack: Stack): readonly PolicyStatement[] {
    if (this.#dataKeyThrough.size === 0) return this.#statements;
    const through = [...this.#dataKeyThrough].sort();
    return [
      ...this.#statements,
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
        resources: [this.#data.dataKey.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': through.map((service) => `${service}.${stack.region}.amazonaws.com`) },
        },
      }),
    ];
  }

  /** Executions are encrypted with the operations key: their callers need it too, for this machine only. */
  #workflowKey(machine: Startable): this {
    return this.#allow(['kms:Decrypt', 'kms:GenerateDataKey'], [this.#data.operationsKey.keyArn], {
      StringEquals: { 'kms:EncryptionContext:aws:states:stateMachineArn': machine.arn },
    });
  }

  #allow(actions: readonly string[], resources: readonly string[], conditions: Record<string, unknown> = {}): this {
    this.#statements.push(new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
    return this;
  }
}
