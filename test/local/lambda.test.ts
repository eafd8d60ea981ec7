import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '#infra/local/cloud.ts';
import { assemblyOf, cleanUp, cleanups, lambdaOf, temporary } from './fixture.ts';

const START = Date.parse('2026-03-28T22:00:00Z');
const FAILED = 'arn:aws:sqs:eu-west-1:000000000000:failed';

const work = `
let calls = 0;
export const handler = async (event, context) => {
  calls += 1;
  if (event.what === 'date') {
    const date = new Date();
    return {
      now: Date.now(), iso: date.toISOString(), text: Date(), given: new Date(2026, 0, 2).getDate(), parsed: Date.parse('2026-01-01'),
      kind: Object.prototype.toString.call(date), is: date instanceof Date, same: date.constructor === Date, name: Date.name,
      sub: new (class Day extends Date { day() { return this.getUTCDate(); } })().day(), zone: date.getTimezoneOffset(),
    };
  }
  if (event.what === 'env') return { env: { ...process.env }, context: { ...context, left: context.getRemainingTimeInMillis() } };
  if (event.what === 'throw') { const error = new Error('said no'); error.name = 'TransientFailure'; throw error; }
  if (event.what === 'sleep') { await new Promise((resolve) => setTimeout(resolve, event.ms)); return { calls }; }
  if (event.what === 'exit') process.exit(7);
  if (event.what === 'spin') for (;;);
  if (event.what === 'log') { console.log(JSON.stringify({ level: 'INFO', said: 'so' })); console.log('plain'); return null; }
  if (event.what === 'count') return { calls };
  return undefined;
};`;
const broken = `throw new SyntaxError('no good');`;
const flaky = `
export const handler = async (event) => { console.log(JSON.stringify({ tried: event.id, at: new Date().toISOString() })); throw new Error('never'); };`;

let cloud: Cloud;
let client: LambdaClient;
beforeAll(async () => {
  const assembly = await assemblyOf(
    {
      App: {
        Resources: {
          Role: { Type: 'AWS::IAM::Role' },
          Failed: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'failed' } },
          Work: lambdaOf('work', { Timeout: 1, MemorySize: 256, Environment: { Variables: { COLOUR: 'blue' } } }),
          One: lambdaOf('one', { ReservedConcurrentExecutions: 1 }),
          Broken: lambdaOf('broken'),
          Flaky: lambdaOf('flaky'),
          Retries: {
            Type: 'AWS::Lambda::EventInvokeConfig',
            Properties: {
              FunctionName: { Ref: 'Flaky' },
              Qualifier: '$LATEST',
              MaximumRetryAttempts: 2,
              DestinationConfig: { OnFailure: { Destination: FAILED } },
            },
          },
        },
      },
    },
    { work, one: work, broken, flaky },
  );
  cloud = await startCloud({ assembly, directory: await temporary(), port: 0, mode: 'still', startAt: START });
  client = new LambdaClient({
    endpoint: cloud.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  cleanups.push(() => cloud.stop());
  cleanups.push(async () => client.destroy());
});
afterAll(cleanUp);

const invoke = async (name: string, payload: object) => {
  const answer = await client.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) }));
  return { error: answer.FunctionError, value: JSON.parse(new TextDecoder().decode(answer.Payload)) as unknown };
};
const logOf = async (name: string) => {
  const text = await readFile(join(cloud.logDirectory, `${name}.ndjson`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('the Lambda host', () => {
  it('gives a function the time of the cloud, in UTC', async () => {
    const { value } = await invoke('work', { what: 'date' });
    expect(value).toEqual({
      now: START,
      iso: '2026-03-28T22:00:00.000Z',
      text: expect.stringMatching(/^Sat Mar 28 2026 22:00:00 GMT\+0000/),
      given: 2,
      parsed: Date.parse('2026-01-01'),
      kind: '[object Date]',
      is: true,
      same: true,
      name: 'Date',
      sub: 28,
      zone: 0,
    });
  });

  it('gives it its own environment and nothing of the host', async () => {
    const { value } = await invoke('arn:aws:lambda:eu-west-1:000000000000:function:work', { what: 'env' });
    const { env, context } = value as { env: Record<string, string>; context: Record<string, unknown> };
    expect(env).toMatchObject({
      COLOUR: 'blue',
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_LAMBDA_FUNCTION_NAME: 'work',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};/),
    });
    expect(Object.keys(env)).not.toContain('PATH');
    expect(context).toMatchObject({
      functionName: 'work',
      memoryLimitInMB: '256',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:work',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(context.left).toBeGreaterThan(0);
    expect(context.left).toBeLessThanOrEqual(1_000);
  });

  it('an error carries its own name; one process is used again after it', async () => {
    const before = (await invoke('work', { what: 'count' })).value as { calls: number };
    const { error, value } = await invoke('work', { what: 'throw' });
    expect(error).toBe('Unhandled');
    expect(value).toMatchObject({ errorType: 'TransientFailure', errorMessage: 'said no' });
    expect(await cloud.invoke('work', { what: 'throw' })).toEqual({
      ok: false,
      errorType: 'TransientFailure',
      errorMessage: 'said no',
    });
    expect((await invoke('work', { what: 'count' })).value).toEqual({ calls: before.calls + 3 });
  });

  it('ends what takes too long, waiting or busy, and what leaves; the next call starts afresh', async () => {
    for (const payload of [{ what: 'sleep', ms: 60_000 }, { what: 'spin' }]) {
      const { value } = await invoke('work', payload);
      expect(value).toMatchObject({
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/after 1.00 seconds/),
      });
    }
    expect((await invoke('work', { what: 'exit' })).value).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect((await invoke('work', { what: 'count' })).value).toEqual({ calls: 1 });
  });

  it('says why a function cannot start', async () => {
    expect((await invoke('broken', {})).value).toMatchObject({ errorType: 'SyntaxError', errorMessage: 'no good' });
  });

  it('runs one invocation at a time in each worker, and no more workers than allowed', async () => {
    const began = performance.now();
    const answers = await Promise.all([1, 2, 3].map(() => invoke('one', { what: 'sleep', ms: 150 })));
    expect(answers.map(({ value }) => (value as { calls: number }).calls).sort()).toEqual([1, 2, 3]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(440);
  });

  it('keeps what it says as NDJSON', async () => {
    await invoke('work', { what: 'log' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const log = await logOf('work');
    expect(log).toContainEqual({ level: 'INFO', said: 'so' });
    expect(log).toContainEqual({ timestamp: '2026-03-28T22:00:00.000Z', message: 'plain' });
    expect(log).toContainEqual(expect.objectContaining({ type: 'platform.report', status: 'timeout' }));
  });

  it('answers nothing as null, refuses unknown functions and what it cannot do by name', async () => {
    expect((await invoke('work', {})).value).toBeNull();
    await expect(invoke('nobody', {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(client.send(new InvokeCommand({ FunctionName: 'work', LogType: 'Tail' }))).rejects.toThrow(
      /LogType Tail/,
    );
    const { Functions = [] } = await client.send(new ListFunctionsCommand({}));
    expect(Functions.map(({ FunctionName }) => FunctionName)).toEqual(['work', 'one', 'broken', 'flaky']);
  });

  it('tries an event again after one and two minutes, then leaves it in the queue with the reason', async () => {
    const event = { FunctionName: 'flaky', InvocationType: 'Event', Payload: JSON.stringify({ id: 'e1' }) } as const;
    expect((await client.send(new InvokeCommand(event))).StatusCode).toBe(202);
    await cloud.clock.settled();
    await cloud.clock.advanceTo(START + 10 * 60_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const tries = (await logOf('flaky')).filter((line) => line.tried === 'e1');
    expect(tries.map(({ at }) => (Date.parse(String(at)) - START) / 60_000)).toEqual([0, 1, 3]);
    const { Messages } = await cloud.sqs.handle('ReceiveMessage', { QueueUrl: 'failed', MaxNumberOfMessages: 10 });
    const [message, ...more] = Messages as Array<{ Body: string }>;
    expect(more).toEqual([]);
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { id: 'e1' },
      responsePayload: { errorType: 'Error', errorMessage: 'never' },
    });
  });
});
