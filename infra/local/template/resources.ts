import { z } from 'zod';
import { ACCOUNT, REGION } from '../contract.ts';
import { EVENT_TYPES } from '../ses/events.ts';

/**
 * The resource types the embedded cloud makes: which property names one, what Ref and GetAtt give, and which properties
 * it uses. The schemas are strict: a property that is neither here nor in the list of those without effect is an error.
 */
export type ResourceType = {
  /** Property with the physical name; without it one is made up from stack and logical id. */
  readonly nameProperty?: string;
  readonly maxNameLength?: number;
  readonly lowerCase?: boolean;
  readonly ref: (name: string) => string;
  readonly attributes: Readonly<Record<string, (name: string) => string>>;
};

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const same = (name: string): string => name;

export const keyArn = (id: string): string => arn('kms', `key/${id}`);
export const tableArn = (name: string): string => arn('dynamodb', `table/${name}`);
export const stateMachineArn = (name: string): string => arn('states', `stateMachine:${name}`);
const table: ResourceType = { nameProperty: 'TableName', ref: same, attributes: { Arn: tableArn } };

export const resourceTypes = {
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::Rule': {
    nameProperty: 'Name',
    maxNameLength: 64,
    ref: same,
    attributes: { Arn: (name) => arn('events', `rule/${name}`) },
  },
  'AWS::KMS::Alias': { nameProperty: 'AliasName', ref: same, attributes: {} },
  // Name and id are one: a UUID made of stack and logical id.
  'AWS::KMS::Key': { ref: same, attributes: { Arn: keyArn, KeyId: same } },
  'AWS::Lambda::EventInvokeConfig': { ref: same, attributes: {} },
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    maxNameLength: 64,
    ref: same,
    attributes: { Arn: (name) => arn('lambda', `function:${name}`) },
  },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    maxNameLength: 63,
    lowerCase: true,
    ref: same,
    attributes: { Arn: (name) => `arn:aws:s3:::${name}` },
  },
  'AWS::SES::ConfigurationSet': { nameProperty: 'Name', maxNameLength: 64, ref: same, attributes: {} },
  'AWS::SES::ConfigurationSetEventDestination': { ref: same, attributes: {} },
  'AWS::SES::EmailIdentity': { nameProperty: 'EmailIdentity', ref: same, attributes: {} },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    maxNameLength: 80,
    ref: (name) => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`,
    attributes: { Arn: (name) => arn('sqs', name), QueueName: same },
  },
  'AWS::Scheduler::Schedule': {
    nameProperty: 'Name',
    maxNameLength: 64,
    ref: same,
    attributes: { Arn: (name) => arn('scheduler', `schedule/default/${name}`) },
  },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    maxNameLength: 80,
    ref: stateMachineArn,
    attributes: { Arn: stateMachineArn, Name: same },
  },
} as const satisfies Record<string, ResourceType>;

const number = z.coerce.number();
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')]);
const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const index = z.strictObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.strictObject({ ProjectionType: z.string(), NonKeyAttributes: z.array(z.string()).optional() }),
});
const tableProperties = {
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.array(index).optional(),
  LocalSecondaryIndexes: z.array(index).optional(),
};
const delivery = {
  RetryPolicy: z
    .strictObject({ MaximumEventAgeInSeconds: number.optional(), MaximumRetryAttempts: number.optional() })
    .optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
  Input: z.string().optional(),
};
const state = z.enum(['ENABLED', 'DISABLED']).default('ENABLED');

export const properties = {
  'AWS::DynamoDB::GlobalTable': z.strictObject({
    ...tableProperties,
    Replicas: z.array(z.strictObject({ Region: z.string() })).length(1),
  }),
  'AWS::DynamoDB::Table': z.strictObject(tableProperties),
  'AWS::Events::Rule': z.strictObject({
    Name: z.string().optional(),
    EventBusName: z.literal('default').optional(),
    EventPattern: z.record(z.string(), z.unknown()).optional(),
    ScheduleExpression: z.string().optional(),
    State: state,
    Targets: z.array(z.strictObject({ Id: z.string(), Arn: z.string(), ...delivery })).default([]),
  }),
  'AWS::KMS::Alias': z.strictObject({ AliasName: z.string(), TargetKeyId: z.string() }),
  'AWS::KMS::Key': z
    .strictObject({
      Description: z.string().optional(),
      Enabled: z.literal(true).optional(),
      KeySpec: z.enum(['SYMMETRIC_DEFAULT', 'ECC_NIST_P256']).default('SYMMETRIC_DEFAULT'),
      KeyUsage: z.enum(['ENCRYPT_DECRYPT', 'SIGN_VERIFY']).default('ENCRYPT_DECRYPT'),
      MultiRegion: z.literal(false).optional(),
    })
    .refine(({ KeySpec, KeyUsage }) => (KeySpec === 'SYMMETRIC_DEFAULT') === (KeyUsage === 'ENCRYPT_DECRYPT'), {
      error: 'KeySpec and KeyUsage do not go together',
    }),
  'AWS::Lambda::EventInvokeConfig': z.strictObject({
    FunctionName: z.string(),
    Qualifier: z.literal('$LATEST'),
    MaximumEventAgeInSeconds: number.optional(),
    MaximumRetryAttempts: number.optional(),
    DestinationConfig: z
      .strictObject({ OnFailure: z.strictObject({ Destination: z.string().startsWith('arn:aws:sqs:') }).optional() })
      .optional(),
  }),
  'AWS::Lambda::Function': z.strictObject({
    FunctionName: z.string().optional(),
    Description: z.string().optional(),
    Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
    Handler: z.string().regex(/^[\w-]+\.\w+$/),
    Runtime: z.string().startsWith('nodejs'),
    PackageType: z.literal('Zip').optional(),
    Timeout: number.default(3),
    MemorySize: number.default(128),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
    ReservedConcurrentExecutions: number.optional(),
    DeadLetterConfig: z.strictObject({ TargetArn: z.string().startsWith('arn:aws:sqs:') }).optional(),
    LoggingConfig: z
      .strictObject({
        LogFormat: z.enum(['JSON', 'Text']).optional(),
        ApplicationLogLevel: z.string().optional(),
        LogGroup: z.string().optional(),
      })
      .optional(),
  }),
  'AWS::S3::Bucket': z.strictObject({
    BucketName: z.string().optional(),
    VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
    NotificationConfiguration: z
      .strictObject({ EventBridgeConfiguration: z.strictObject({ EventBridgeEnabled: flag.default(true) }) })
      .optional(),
  }),
  'AWS::SES::ConfigurationSet': z.strictObject({ Name: z.string().optional() }),
  'AWS::SES::ConfigurationSetEventDestination': z.strictObject({
    ConfigurationSetName: z.string(),
    EventDestination: z.strictObject({
      Name: z.string().optional(),
      Enabled: flag.default(false),
      MatchingEventTypes: z.array(z.enum(EVENT_TYPES)),
      EventBridgeDestination: z.strictObject({ EventBusArn: z.string().endsWith(':event-bus/default') }),
    }),
  }),
  'AWS::SES::EmailIdentity': z.strictObject({ EmailIdentity: z.string() }),
  'AWS::SQS::Queue': z.strictObject({
    QueueName: z.string().optional(),
    FifoQueue: z.literal(false).optional(),
    VisibilityTimeout: number.default(30),
  }),
  'AWS::Scheduler::Schedule': z.strictObject({
    Name: z.string().optional(),
    GroupName: z.string().optional(),
    FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().default('UTC'),
    State: state,
    Target: z.strictObject({ Arn: z.string(), ...delivery }),
  }),
  'AWS::StepFunctions::StateMachine': z.strictObject({
    StateMachineName: z.string().optional(),
    StateMachineType: z.literal('STANDARD').optional(),
    DefinitionString: z.string().optional(),
    Definition: z.record(z.string(), z.unknown()).optional(),
    DefinitionSubstitutions: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  }),
} as const satisfies Record<keyof typeof resourceTypes, z.ZodType>;

export type KnownType = keyof typeof resourceTypes;
export type Properties<T extends KnownType> = z.infer<(typeof properties)[T]>;
export const isKnownType = (type: string): type is KnownType => Object.hasOwn(resourceTypes, type);
