import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  type HistoryEvent,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';

/** Names of the stack outputs the demo uses. */
export interface Outputs {
  readonly LandingBucket: string;
  readonly ExchangeBucket: string;
  readonly Table: string;
  readonly DeliveryStateMachine: string;
  readonly SignalStateMachine: string;
  readonly LoadConfigurationFunction: string;
}

export const outputsOf = (all: Readonly<Record<string, string>>): Outputs => {
  const named = (name: keyof Outputs): string => {
    const value = all[name];
    if (value === undefined) throw new Error(`The template has no output ${name}`);
    return value;
  };
  return {
    LandingBucket: named('LandingBucket'),
    ExchangeBucket: named('ExchangeBucket'),
    Table: named('Table'),
    DeliveryStateMachine: named('DeliveryStateMachine'),
    SignalStateMachine: named('SignalStateMachine'),
    LoadConfigurationFunction: named('LoadConfigurationFunction'),
  };
};

/** Calls that run side by side: enough to be quick, few enough for two cores. */
const AT_ONCE = 8;

export const inParallel = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = new Array<R>(items.length);
  const left = items.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [i, item] of left) results[i] = await work(item);
    }),
  );
  return results;
};

/** Partners, municipalities and operators: what each can do from outside, through the AWS API and nothing else. */
export const outside = (endpoint: string, outputs: Outputs) => {
  const common = { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' } };
  const s3 = new S3Client({ ...common, forcePathStyle: true });
  const lambda = new LambdaClient(common);
  const sfn = new SFNClient(common);
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(common));

  const put = async (Bucket: string, Key: string, Body: Uint8Array | string): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/csv' }));
  };
  const keys = async (bucket: string, prefix: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
      for (const { Key } of Contents) if (Key !== undefined) found.push(Key);
    return found;
  };
  const bytes = async (Bucket: string, Key: string): Promise<Uint8Array> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    if (Body === undefined) throw new Error(`${Key} is empty`);
    return Body.transformToByteArray();
  };

  return {
    /** A delivering party uploads a file. */
    deliver: (party: string, file: string, body: Uint8Array) =>
      put(outputs.LandingBucket, `inbox/${party}/${file}`, body),
    /** A municipality drops its answers, or asks in `preview` what they would do. */
    answer: (municipality: string, folder: 'outcomes' | 'preview', name: string, body: string) =>
      put(outputs.ExchangeBucket, `municipalities/${municipality}/${folder}/${name}.csv`, body),
    /** Everything that lies in the exchange bucket under a folder. */
    exchanged: (prefix: string) => keys(outputs.ExchangeBucket, prefix),
    read: (key: string) => bytes(outputs.ExchangeBucket, key),
    async invoke(name: string, payload: unknown): Promise<unknown> {
      const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) }));
      const value: unknown = answer.Payload ? JSON.parse(new TextDecoder().decode(answer.Payload)) : undefined;
      if (answer.FunctionError !== undefined) throw new Error(`${name} failed: ${JSON.stringify(value)}`);
      return value;
    },
    /** The whole table, as an operator may look at it. */
    async items(): Promise<Record<string, unknown>[]> {
      const found: Record<string, unknown>[] = [];
      for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: outputs.Table }))
        found.push(...Items);
      return found;
    },
    async executions(stateMachineArn: string): Promise<ExecutionListItem[]> {
      const found: ExecutionListItem[] = [];
      for await (const { executions = [] } of paginateListExecutions({ client: sfn }, { stateMachineArn }))
        found.push(...executions);
      return found;
    },
    execution: (executionArn: string) => sfn.send(new DescribeExecutionCommand({ executionArn })),
    async history(executionArn: string): Promise<HistoryEvent[]> {
      const found: HistoryEvent[] = [];
      for await (const { events = [] } of paginateGetExecutionHistory({ client: sfn }, { executionArn }))
        found.push(...events);
      return found;
    },
    close(): void {
      for (const client of [s3, lambda, sfn, dynamodb]) client.destroy();
    },
  };
};
export type Outside = ReturnType<typeof outside>;
