import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '#infra/local/cloud.ts';
import { assemblyOf, cleanUp, cleanups, lambdaOf, temporary, waitThenCall } from './fixture.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const DAY = 86_400_000;
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

const onUpload = `
import { StartExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
const states = new SFNClient({});
export const handler = async (event) => {
  const { key } = event.detail.object;
  await states.send(new StartExecutionCommand({ stateMachineArn: process.env.FLOW, name: key.replace(/\\W/g, '-'), input: JSON.stringify({ key }) }));
};`;
const onTerm = `
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
const dynamodb = new DynamoDBClient({});
export const handler = async ({ key }) => {
  const item = { pk: { S: key }, at: { S: new Date().toISOString() } };
  await dynamodb.send(new PutItemCommand({ TableName: process.env.TABLE, Item: item }));
  return { key };
};`;

const Resources = {
  Role: { Type: 'AWS::IAM::Role' },
  Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: {} } },
  Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/data', TargetKeyId: arnOf('Key') } },
  Records: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'records',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    },
  },
  Landing: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: 'landing',
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    },
  },
  Identity: { Type: 'AWS::SES::EmailIdentity', Properties: { EmailIdentity: 'example.nl' } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'failed' } },
  OnUpload: lambdaOf('upload', { Environment: { Variables: { FLOW: { Ref: 'Flow' } } } }),
  OnTerm: lambdaOf('term', { Environment: { Variables: { TABLE: { Ref: 'Records' } } } }),
  Flow: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      StateMachineName: 'flow',
      DefinitionString: waitThenCall('$' + '{OnTerm}', 28 * 86_400),
      DefinitionSubstitutions: { OnTerm: arnOf('OnTerm') },
    },
  },
  Arrived: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [{ Ref: 'Landing' }] }, object: { key: [{ prefix: 'inbox/' }] } },
      },
      Targets: [{ Id: 'T', Arn: arnOf('OnUpload'), DeadLetterConfig: { Arn: arnOf('Queue') } }],
    },
  },
};

const hasCli = (() => {
  try {
    execFileSync('aws', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

let cloud: Cloud;
let configuration: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
beforeAll(async () => {
  const assembly = await assemblyOf(
    { App: { Resources, Outputs: { Flow: { Value: { Ref: 'Flow' } }, Landing: { Value: { Ref: 'Landing' } } } } },
    { upload: onUpload, term: onTerm },
  );
  cloud = await startCloud({ assembly, directory: await temporary(), port: 0, mode: 'still', startAt: START });
  cleanups.push(() => cloud.stop());
  configuration = {
    endpoint: cloud.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
});
afterAll(cleanUp);

const using = <T extends { destroy(): void }>(client: T): T => {
  cleanups.push(async () => client.destroy());
  return client;
};
const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${cloud.endpoint}${path}`, { method: 'POST', body: JSON.stringify(body), headers });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};
const scope = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=local/20260302/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
});

describe('the endpoint', () => {
  it('serves every service on one port and counts the calls', async () => {
    const before = new Map(cloud.calls);
    const states = using(new SFNClient(configuration));
    await using(new DynamoDBClient(configuration)).send(new DescribeTableCommand({ TableName: 'records' }));
    const { KeyMetadata } = await using(new KMSClient(configuration)).send(
      new DescribeKeyCommand({ KeyId: 'alias/data' }),
    );
    expect(KeyMetadata?.Arn).toMatch(/^arn:aws:kms:eu-west-1:000000000000:key\//);
    const Message = { Subject: { Data: 'x' }, Body: { Text: { Data: 'y' } } };
    await using(new SESClient(configuration)).send(
      new SendEmailCommand({ Source: 'a@example.nl', Destination: { ToAddresses: ['b@example.org'] }, Message }),
    );
    await states.send(new ListExecutionsCommand({ stateMachineArn: cloud.outputs.Flow }));
    await expect(
      states.send(
        new StartExecutionCommand({ stateMachineArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:no' }),
      ),
    ).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    const called = [
      'dynamodb.DescribeTable',
      'kms.DescribeKey',
      'ses.SendEmail',
      'states.ListExecutions',
      'states.StartExecution',
    ];
    const counted = called.map((name) => [name, (cloud.calls.get(name) ?? 0) - (before.get(name) ?? 0)]);
    expect(counted).toEqual(called.map((name) => [name, 1]));
  });

  it('an upload runs through rule, Lambda and workflow, and 28 days pass when the clock is told', async () => {
    const s3 = using(new S3Client(configuration));
    const states = using(new SFNClient(configuration));
    await s3.send(new PutObjectCommand({ Bucket: 'landing', Key: 'inbox/a b.csv', Body: 'x' }));
    await s3.send(new PutObjectCommand({ Bucket: 'landing', Key: 'work/ignored.csv', Body: 'x' }));
    await cloud.clock.settled();
    const list = () => states.send(new ListExecutionsCommand({ stateMachineArn: cloud.outputs.Flow }));
    expect((await list()).executions?.map(({ name, status }) => [name, status])).toEqual([
      ['inbox-a-b-csv', 'RUNNING'],
    ]);

    const moved = await post('/_local/clock', { advance: 'P28D' });
    expect(moved).toEqual({ status: 200, body: { now: new Date(START + 28 * DAY).toISOString(), mode: 'still' } });
    const [execution] = (await list()).executions ?? [];
    expect(execution?.status).toBe('SUCCEEDED');
    expect(execution?.stopDate?.getTime()).toBe(START + 28 * DAY);
    expect(cloud.calls.get('dynamodb.PutItem')).toBe(1);
  });

  it('tells and moves the clock, never back', async () => {
    const to = new Date(cloud.clock.now() + DAY).toISOString();
    expect((await post('/_local/clock', { to })).body.now).toBe(to);
    expect(await (await fetch(`${cloud.endpoint}/_local/clock`)).json()).toEqual({ now: to, mode: 'still' });
    for (const wrong of [
      { to: '2020-01-01T00:00:00Z' },
      { advance: '3 days' },
      { advance: 'P' },
      {},
      { advance: 'P1D', to },
    ]) {
      expect((await post('/_local/clock', wrong)).status).toBe(400);
    }
    expect(await (await fetch(`${cloud.endpoint}/_local/health`)).json()).toEqual({ status: 'ok', now: to });
  });

  it('names a service or an action it has not', async () => {
    expect(await post('/', {}, scope('textract'))).toEqual({
      status: 404,
      body: expect.objectContaining({
        __type: 'UnknownServiceException',
        message: expect.stringContaining('textract'),
      }),
    });
    expect((await post('/', {})).body.message).toMatch(/not signed/);
    const targets: Array<[string, string]> = [
      ['states', 'AWSStepFunctions.CreateActivity'],
      ['kms', 'TrentService.ScheduleKeyDeletion'],
      ['sqs', 'AmazonSQS.SendMessageBatch'],
      ['dynamodb', 'DynamoDB_20120810.CreateBackup'],
    ];
    for (const [service, target] of targets) {
      const { status, body } = await post('/', {}, { ...scope(service), 'x-amz-target': target });
      expect(status).toBe(400);
      expect(body.message).toContain(target.split('.')[1]);
    }
    // Without a signature the target says which service is meant.
    expect((await post('/', {}, { 'x-amz-target': 'AmazonSQS.ListQueues' })).body).toEqual({
      QueueUrls: [`${cloud.endpoint}/000000000000/failed`],
    });
    expect((await post('/', [], { ...scope('kms'), 'x-amz-target': 'TrentService.Encrypt' })).body.__type).toBe(
      'SerializationException',
    );
  });

  it('keeps messages for who looks: seen once, back after the visibility timeout, gone when deleted', async () => {
    type Answer = {
      Messages: Array<{ Body: string; ReceiptHandle: string; MessageAttributes: object }>;
      Attributes: object;
    };
    const call = async (action: string, input: object): Promise<Partial<Answer>> =>
      (
        await post(
          '/',
          { QueueUrl: `${cloud.endpoint}/000000000000/failed`, ...input },
          { ...scope('sqs'), 'x-amz-target': `AmazonSQS.${action}` },
        )
      ).body as never;
    await cloud.sqs.send('arn:aws:sqs:eu-west-1:000000000000:failed', 'body', { ERROR_CODE: 'X' });
    const first = await call('ReceiveMessage', {});
    expect(first.Messages?.[0]).toMatchObject({
      Body: 'body',
      MessageAttributes: { ERROR_CODE: { StringValue: 'X' } },
    });
    expect(await call('ReceiveMessage', {})).toEqual({});
    await cloud.clock.advanceTo(cloud.clock.now() + 31_000);
    const again = await call('ReceiveMessage', {});
    expect(again.Messages).toHaveLength(1);
    await call('DeleteMessage', { ReceiptHandle: again.Messages?.[0]?.ReceiptHandle });
    expect((await call('GetQueueAttributes', { AttributeNames: ['All'] })).Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
    expect(
      (await post('/', { QueueUrl: 'nobody' }, { ...scope('sqs'), 'x-amz-target': 'AmazonSQS.PurgeQueue' })).body
        .__type,
    ).toBe('QueueDoesNotExist');
  });

  it.runIf(hasCli)('works with the AWS CLI', { timeout: 60_000 }, async () => {
    const aws = async (...args: string[]): Promise<string> => {
      const env = {
        ...process.env,
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_DEFAULT_REGION: 'eu-west-1',
      };
      return (await promisify(execFile)('aws', ['--endpoint-url', cloud.endpoint, ...args], { env })).stdout;
    };
    const [queues, machines, functions, listed] = await Promise.all([
      aws('sqs', 'list-queues'),
      aws('stepfunctions', 'list-state-machines'),
      aws('lambda', 'list-functions', '--query', 'Functions[].FunctionName', '--output', 'text'),
      aws('s3', 'ls', 's3://landing/inbox/'),
    ]);
    expect(JSON.parse(queues)).toEqual({ QueueUrls: [`${cloud.endpoint}/000000000000/failed`] });
    expect(JSON.parse(machines).stateMachines[0].name).toBe('flow');
    expect(functions.trim().split(/\s+/)).toEqual(['upload', 'term']);
    expect(listed).toContain('a b.csv');
    await aws(
      'sqs',
      'send-message',
      '--queue-url',
      `${cloud.endpoint}/000000000000/failed`,
      '--message-body',
      'from the CLI',
    );
    const received = await aws('sqs', 'receive-message', '--queue-url', `${cloud.endpoint}/000000000000/failed`);
    expect(JSON.parse(received).Messages[0].Body).toBe('from the CLI');
    await expect(aws('sqs', 'get-queue-url', '--queue-name', 'nobody')).rejects.toThrow(
      /NonExistentQueue|QueueDoesNotExist/,
    );
  });
});
