import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  GetExecutionHistoryCommand,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendJson, sendJsonError } from '#infra/local/http.ts';
import { answers, Bench, DAY, fails, invoke, machineOf, SECOND, START } from '#test/support/stepfunctions.ts';

const WAIT = machineOf({ W: { Type: 'Wait', Seconds: 60, End: true } });
const ARN = 'arn:aws:states:eu-west-1:000000000000';
let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(async () => bench.close());

describe('state machines', () => {
  it('are listed and described with the definition as given', async () => {
    const arn = await bench.machine(WAIT, 'one');
    await bench.machine(WAIT, 'two');
    expect(await bench.call('DescribeStateMachine', { stateMachineArn: arn })).toMatchObject({
      stateMachineArn: `${ARN}:stateMachine:one`,
      name: 'one',
      type: 'STANDARD',
      status: 'ACTIVE',
      definition: JSON.stringify(WAIT),
      creationDate: START / 1000,
    });
    const first = await bench.call('ListStateMachines', { maxResults: 1 });
    const second = await bench.call('ListStateMachines', { maxResults: 1, nextToken: first.nextToken });
    expect([first.stateMachines, second.stateMachines]).toMatchObject([[{ name: 'one' }], [{ name: 'two' }]]);
    expect(second.nextToken).toBeUndefined();
    expect(await bench.call('ListTagsForResource', { resourceArn: arn })).toEqual({ tags: [] });
  });

  it('take a new definition, under which executions under way do not go on', async () => {
    const arn = await bench.machine(WAIT);
    const old = await bench.start(arn);
    const changed = machineOf({ P: { Type: 'Pass', Output: 'new', End: true } });
    expect(await bench.machine(changed)).toBe(arn);
    const fresh = await bench.start(arn);
    await bench.advance(60 * SECOND);
    expect(await bench.describe(old)).toMatchObject({ status: 'SUCCEEDED', output: '{}' });
    expect(await bench.describe(fresh)).toMatchObject({ status: 'SUCCEEDED', output: '"new"' });
    expect(await bench.call('DescribeStateMachineForExecution', { executionArn: old })).toMatchObject({
      definition: JSON.stringify(WAIT),
    });
  });

  it('keep their revision when nothing changed', async () => {
    const stateMachineArn = await bench.machine(WAIT);
    const { revisionId } = await bench.call('DescribeStateMachine', { stateMachineArn });
    await bench.machine(WAIT);
    expect(await bench.call('DescribeStateMachine', { stateMachineArn })).toMatchObject({ revisionId });
  });
});

describe('StartExecution', () => {
  it('is idempotent while the execution runs with the same input, and only then', async () => {
    const arn = await bench.machine(WAIT);
    const first = await bench.start(arn, { a: 1 }, 'name');
    await bench.advance(SECOND);
    expect(await bench.call('StartExecution', { stateMachineArn: arn, input: '{"a":1}', name: 'name' })).toEqual({
      executionArn: first,
      startDate: START / 1000,
    });
    const exists = { code: 'ExecutionAlreadyExists' };
    await expect(bench.start(arn, { a: 2 }, 'name')).rejects.toMatchObject(exists);
    await bench.advance(60 * SECOND);
    await expect(bench.start(arn, { a: 1 }, 'name')).rejects.toMatchObject(exists);
    expect((await bench.call('ListExecutions', { stateMachineArn: arn })).executions).toHaveLength(1);
  });

  it('starts once when asked twice at the same time', async () => {
    bench.functions.F = () => answers(1);
    const arn = await bench.machine(machineOf({ A: invoke('F') }));
    const started = await Promise.all([1, 2, 3].map(() => bench.start(arn, {}, 'name')));
    await bench.settled();
    expect(new Set(started).size).toBe(1);
    expect(bench.calls).toHaveLength(1);
  });

  it('names an execution without a name itself', async () => {
    expect(await bench.start(await bench.machine(WAIT))).toMatch(/:execution:machine:[0-9a-f-]{36}$/);
  });

  it.each([
    [{ name: 'a b' }, 'InvalidName'],
    [{ name: 'a/b' }, 'InvalidName'],
    [{ name: 'x'.repeat(81) }, 'InvalidName'],
    [{ input: '{' }, 'InvalidExecutionInput'],
    [{ input: `"${'x'.repeat(262_143)}"` }, 'ValidationException'],
    [{ stateMachineArn: `${ARN}:stateMachine:nobody` }, 'StateMachineDoesNotExist'],
    [{ stateMachineArn: 'machine' }, 'InvalidArn'],
    [{ stateMachineArn: undefined }, 'ValidationException'],
  ])('refuses %j with %s', async (input, code) => {
    const stateMachineArn = await bench.machine(WAIT);
    await expect(bench.call('StartExecution', { stateMachineArn, ...input })).rejects.toMatchObject({ code });
  });
});

describe('lists and histories', () => {
  it('list the newest first, by status, page by page', async () => {
    const arn = await bench.machine(WAIT);
    for (const name of ['a', 'b', 'c']) {
      await bench.start(arn, {}, name);
      await bench.advance(30 * SECOND);
    }
    const list = async (more: object = {}) => {
      const names: string[] = [];
      let nextToken: unknown;
      do {
        const page = await bench.call('ListExecutions', { stateMachineArn: arn, maxResults: 2, nextToken, ...more });
        names.push(
          ...(page.executions as { name: string; status: string }[]).map((one) => `${one.name} ${one.status}`),
        );
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return names;
    };
    expect(await list()).toEqual(['c RUNNING', 'b SUCCEEDED', 'a SUCCEEDED']);
    expect(await list({ statusFilter: 'SUCCEEDED' })).toEqual(['b SUCCEEDED', 'a SUCCEEDED']);
    expect(await list({ statusFilter: 'RUNNING' })).toEqual(['c RUNNING']);
    await expect(list({ nextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidToken' });
    await expect(list({ statusFilter: 'ASLEEP' })).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it('give a history forwards and backwards, in pages, without data when asked so', async () => {
    const executionArn = await bench.start(await bench.machine(WAIT), { secret: 1 });
    await bench.advance(60 * SECOND);
    const ids = async (more: object) => {
      const seen: number[] = [];
      let nextToken: unknown;
      do {
        const page = await bench.call('GetExecutionHistory', { executionArn, maxResults: 2, nextToken, ...more });
        seen.push(...(page.events as { id: number }[]).map(({ id }) => id));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return seen;
    };
    expect(await ids({})).toEqual([1, 2, 3, 4]);
    expect(await ids({ reverseOrder: true })).toEqual([4, 3, 2, 1]);
    const bare = await bench.call('GetExecutionHistory', { executionArn, includeExecutionData: false });
    expect(JSON.stringify(bare)).not.toContain('secret');
    expect(bare.events).toMatchObject([
      { type: 'ExecutionStarted' },
      { stateEnteredEventDetails: { name: 'W' } },
      {},
      {},
    ]);
  });
});

describe('StopExecution and RedriveExecution', () => {
  it('stops once, keeps the first answer, and drops the timer', async () => {
    const executionArn = await bench.start(await bench.machine(WAIT));
    await bench.call('StopExecution', { executionArn, error: 'Moved', cause: 'to another case' });
    await bench.advance(SECOND);
    await bench.call('StopExecution', { executionArn, error: 'Again' });
    expect(await bench.describe(executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'Moved',
      cause: 'to another case',
      stopDate: START / 1000,
    });
    await bench.advance(DAY);
    expect(await bench.types(executionArn)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionAborted']);
  });

  it('redrives a failed execution from the state that failed, under its own definition and variables', async () => {
    bench.functions.F = (_, nth) => (nth === 0 ? fails('Bug') : answers(nth));
    const { executionArn } = await bench.run(
      machineOf({
        P: { Type: 'Pass', Assign: { kept: 'k' }, Next: 'A' },
        A: invoke('F', { Output: '{% $kept & $states.context.Execution.RedriveCount %}' }),
      }),
    );
    expect(await bench.describe(executionArn)).toMatchObject({ status: 'FAILED', redriveStatus: 'REDRIVABLE' });
    await bench.call('RedriveExecution', { executionArn });
    await bench.settled();
    expect(await bench.describe(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '"k1"',
      redriveCount: 1,
      redriveStatus: 'NOT_REDRIVABLE',
    });
    // As on AWS: the task is scheduled again, its state is not entered again.
    expect((await bench.types(executionArn)).slice(-8)).toEqual([
      'TaskFailed',
      'ExecutionFailed',
      'ExecutionRedriven',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    await expect(bench.call('RedriveExecution', { executionArn })).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
    });
    const stateMachineArn = `${ARN}:stateMachine:machine`;
    const failed = await bench.call('ListExecutions', { stateMachineArn, statusFilter: 'FAILED' });
    expect(failed.executions).toEqual([]);
  });

  it('redrives nothing after 14 days', async () => {
    bench.functions.F = () => fails('Bug');
    const { executionArn } = await bench.run(machineOf({ A: invoke('F') }));
    await bench.advance(15 * DAY);
    await expect(bench.call('RedriveExecution', { executionArn })).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
    });
  });
});

describe('what is unknown is an error that names it', () => {
  it.each(['DescribeExecution', 'StopExecution', 'RedriveExecution', 'GetExecutionHistory'])(
    '%s of an execution that is not there',
    async (action) => {
      const executionArn = `${ARN}:execution:machine:nobody`;
      await expect(bench.call(action, { executionArn })).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
    },
  );

  it('an action', async () => {
    await expect(bench.call('StartSyncExecution', {})).rejects.toMatchObject({
      code: 'UnknownOperationException',
      message: expect.stringContaining('StartSyncExecution'),
    });
  });

  it('a parameter', async () => {
    await expect(bench.call('ListStateMachines', { colour: 'red' })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining('colour'),
    });
  });
});

describe('through the AWS SDK', () => {
  let server: Server;
  let client: SFNClient;
  beforeEach(async () => {
    server = createServer(async (request, response) => {
      try {
        const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
        sendJson(response, 200, await bench.engine.handle(action, JSON.parse(await text(request))));
      } catch (error) {
        sendJsonError(response, error);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = new SFNClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });
  afterEach(async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('dates, histories and errors arrive as the SDK types them', async () => {
    const stateMachineArn = await bench.machine(WAIT);
    const input = JSON.stringify({ a: 1 });
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, name: 'n', input }));
    await bench.advance(60 * SECOND);
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: 'SUCCEEDED', startDate: new Date(START), output: input });
    const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events).toMatchObject([
      { type: 'ExecutionStarted', timestamp: new Date(START), executionStartedEventDetails: { input } },
      { type: 'WaitStateEntered', stateEnteredEventDetails: { name: 'W' } },
      { type: 'WaitStateExited', stateExitedEventDetails: { name: 'W', output: input } },
      { type: 'ExecutionSucceeded', timestamp: new Date(START + 60 * SECOND) },
    ]);
    await expect(client.send(new StartExecutionCommand({ stateMachineArn, name: 'n', input }))).rejects.toBeInstanceOf(
      ExecutionAlreadyExists,
    );
    const names: (string | undefined)[] = [];
    for await (const { executions } of paginateListExecutions({ client, pageSize: 1 }, { stateMachineArn }))
      names.push(...(executions ?? []).map(({ name }) => name));
    expect(names).toEqual(['n']);
  });
});
