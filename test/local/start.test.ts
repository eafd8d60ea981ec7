import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { projectDirectory } from '#infra/local/assembly.ts';
import { assemblyOf, cleanUp, cleanups, lambdaOf, temporary, waitThenCall } from './fixture.ts';

afterEach(cleanUp);

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const after = `
export const handler = async (event) => {
  if (event.slow) await new Promise((resolve) => setTimeout(resolve, event.slow));
  return { heard: event.word };
};`;
const flow = (seconds: number) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineName: `flow-${seconds}`,
    DefinitionString: waitThenCall('$' + '{After}', seconds),
    DefinitionSubstitutions: { After: arnOf('After') },
  },
});
const assembly = () =>
  assemblyOf(
    {
      App: {
        Resources: {
          Role: { Type: 'AWS::IAM::Role' },
          Records: {
            Type: 'AWS::DynamoDB::Table',
            Properties: {
              TableName: 'records',
              AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
              KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
            },
          },
          Landing: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'landing' } },
          After: lambdaOf('after'),
          Long: flow(28 * 86_400),
          Short: flow(0),
        },
        Outputs: { Long: { Value: { Ref: 'Long' } }, Short: { Value: { Ref: 'Short' } } },
      },
    },
    { after },
  );

/** Starts the CLI as npm does; resolves with what it says once it runs or has ended. */
const start = async (
  ...args: string[]
): Promise<{ child: ChildProcess; output: () => string; exit: Promise<number | null> }> => {
  const child = spawn(process.execPath, ['--import', 'tsx', join('infra', 'local', 'start.ts'), ...args], {
    cwd: projectDirectory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  cleanups.push(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  await new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('Stop with Ctrl-C')) resolve();
      });
    }
    void exit.then(() => resolve());
  });
  return { child, output: () => text, exit };
};

const clientsOf = async (directory: string) => {
  const outputs = JSON.parse(await readFile(join(directory, 'outputs.json'), 'utf8')) as Record<string, string>;
  const configuration = {
    endpoint: outputs.endpoint ?? '',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const clients = {
    s3: new S3Client(configuration),
    states: new SFNClient(configuration),
    dynamodb: new DynamoDBClient(configuration),
  };
  cleanups.push(async () => {
    for (const client of Object.values(clients)) client.destroy();
  });
  const move = (advance: string) =>
    fetch(`${outputs.endpoint}/_local/clock`, { method: 'POST', body: JSON.stringify({ advance }) });
  return { ...clients, outputs, move };
};

describe('npm start', { timeout: 90_000 }, () => {
  it('after kill -9 everything acknowledged is there and every execution goes on', async () => {
    const directory = await temporary();
    const args = ['--assembly', await assembly(), '--data', directory, '--port', '0', '--clock', 'still'];
    const first = await start(...args);
    const before = await clientsOf(directory);
    const started = async (machine: string, input: object) =>
      (await before.states.send(new StartExecutionCommand({ stateMachineArn: machine, input: JSON.stringify(input) })))
        .executionArn;
    const waiting = await started(before.outputs.Long ?? '', { word: 'waited' });
    const keys = Array.from({ length: 30 }, (_, n) => `k${n}`);
    await Promise.all(
      keys.flatMap((key): Promise<unknown>[] => [
        before.dynamodb.send(new PutItemCommand({ TableName: 'records', Item: { pk: { S: key } } })),
        before.s3.send(new PutObjectCommand({ Bucket: 'landing', Key: key, Body: key })),
      ]),
    );
    // Killed while its Lambda works.
    const working = await started(before.outputs.Short ?? '', { word: 'worked', slow: 1_500 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    const moment = ((await (await fetch(`${before.outputs.endpoint}/_local/clock`)).json()) as { now: string }).now;
    first.child.kill('SIGKILL');
    await first.exit;

    await start(...args);
    const now = await clientsOf(directory);
    const clock = (await (await fetch(`${now.outputs.endpoint}/_local/clock`)).json()) as { now: string };
    expect(Date.parse(clock.now)).toBeGreaterThanOrEqual(Date.parse(moment));
    for (const key of keys) {
      const { Item } = await now.dynamodb.send(new GetItemCommand({ TableName: 'records', Key: { pk: { S: key } } }));
      expect(Item).toEqual({ pk: { S: key } });
      const object = await now.s3.send(new GetObjectCommand({ Bucket: 'landing', Key: key }));
      expect(await object.Body?.transformToString()).toBe(key);
    }
    const describeExecution = (executionArn: string | undefined) =>
      now.states.send(new DescribeExecutionCommand({ executionArn }));
    expect((await describeExecution(waiting)).status).toBe('RUNNING');
    expect((await now.move('P28D')).status).toBe(200);
    for (const [arn, word] of [
      [waiting, 'waited'],
      [working, 'worked'],
    ]) {
      const { status, output } = await describeExecution(arn);
      expect([status, JSON.parse(output ?? 'null')]).toEqual(['SUCCEEDED', { heard: word }]);
    }
  });

  it('stops cleanly when asked, with a Lambda under way, and goes on after the next start', async () => {
    const directory = await temporary();
    const args = ['--assembly', await assembly(), '--data', directory, '--port', '0', '--clock', 'still'];
    const first = await start(...args);
    expect(first.output()).toContain('aws --endpoint-url http://127.0.0.1:');
    const before = await clientsOf(directory);
    const { executionArn } = await before.states.send(
      new StartExecutionCommand({
        stateMachineArn: before.outputs.Short,
        input: JSON.stringify({ word: 'x', slow: 2_000 }),
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    first.child.kill('SIGTERM');
    expect(await first.exit).toBe(0);
    expect(first.output()).toContain('Stopped.');

    await start(...args);
    const now = await clientsOf(directory);
    await now.move('PT1M');
    const { status, output } = await now.states.send(new DescribeExecutionCommand({ executionArn }));
    expect([status, output]).toEqual(['SUCCEEDED', '{"heard":"x"}']);
  });

  it('says plainly that a directory or a port is taken, or that it is used wrongly', async () => {
    const directory = await temporary();
    const common = ['--assembly', await assembly(), '--clock', 'still'];
    await start(...common, '--data', directory, '--port', '0');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(async () => void server.close());
    const { port } = server.address() as AddressInfo;
    const runs: Array<[string[], RegExp]> = [
      [[...common, '--data', directory, '--port', '0'], /is in use by another run/],
      [[...common, '--data', await temporary(), '--port', String(port)], new RegExp(`^Port ${port} is in use`)],
      [['--clock', 'fast'], /^--clock fast: give real, jump/],
      [['--port', '99999'], /^--port 99999 is no port/],
      [['--verbose'], /--verbose.*npm start -- /s],
    ];
    await Promise.all(
      runs.map(async ([args, message]) => {
        const run = await start(...args);
        expect(await run.exit).not.toBe(0);
        expect(run.output()).toMatch(message);
        expect(run.output()).not.toContain('    at ');
      }),
    );
  });

  it('tells what it does not do', async () => {
    const [help, ignored] = await Promise.all([start('--help'), start('--show-ignored')]);
    expect([await help.exit, await ignored.exit]).toEqual([0, 0]);
    expect(help.output()).toContain('--clock');
    expect(ignored.output()).toContain('AWS::IAM::Role: no access control on one machine');
  });
});
