import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  answers,
  Bench,
  fails,
  invoke,
  machineOf,
  SECOND,
  START,
  together,
  waitForToken,
} from '#test/support/stepfunctions.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open({ random: () => 0.5 });
});
afterEach(async () => bench.close());

const pass = (more: object) => ({ Type: 'Pass', End: true, ...more });
const outputOf = async (states: Record<string, object>, input: unknown = {}): Promise<unknown> => {
  const { status, output, error, cause } = await bench.run(machineOf(states), input);
  expect([status, error, cause]).toEqual(['SUCCEEDED', undefined, undefined]);
  return JSON.parse(output ?? '');
};

describe('Pass, Choice, Succeed and Fail', () => {
  it('hands the input on when there is no Output', async () => {
    expect(await outputOf({ A: pass({}) }, { a: 1 })).toEqual({ a: 1 });
  });

  it('takes the first rule that holds, else the Default', async () => {
    const states = {
      Which: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Next: 'Big' },
          { Condition: '{% $states.input.n > 5 %}', Next: 'Middle', Output: 'rule', Assign: { seen: true } },
        ],
        Default: 'Small',
        Output: 'default',
        Assign: { seen: false },
      },
      Big: pass({ Output: 'big' }),
      Middle: pass({ Output: ['{% $states.input %}', '{% $seen %}'] }),
      Small: pass({ Output: ['{% $states.input %}', '{% $seen %}'] }),
    };
    expect(await outputOf(states, { n: 11 })).toBe('big');
    expect(await outputOf(states, { n: 6 })).toEqual(['rule', true]);
    expect(await outputOf(states, { n: 1 })).toEqual(['default', false]);
  });

  it('fails without a rule that holds and without Default', async () => {
    const { status, error } = await bench.run(
      machineOf({ Which: { Type: 'Choice', Choices: [{ Condition: false, Next: 'End' }] }, End: { Type: 'Succeed' } }),
    );
    expect([status, error]).toEqual(['FAILED', 'States.NoChoiceMatched']);
  });

  it('fails with the words of a Fail state', async () => {
    const { status, error, cause, executionArn } = await bench.run(
      machineOf({ No: { Type: 'Fail', Error: 'Refused', Cause: "{% 'because of ' & $states.input.why %}" } }),
      { why: 'rain' },
    );
    expect([status, error, cause]).toEqual(['FAILED', 'Refused', 'because of rain']);
    expect(await bench.types(executionArn)).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
  });
});

describe('JSONata', () => {
  it('evaluates Assign and Output of a state on the same values', async () => {
    expect(
      await outputOf({
        A: pass({ Assign: { n: 1 }, End: undefined, Next: 'B' }),
        B: pass({ Assign: { n: '{% $n + 1 %}', m: '{% $n %}' }, Output: '{% $n %}', End: undefined, Next: 'C' }),
        C: pass({ Output: { n: '{% $n %}', m: '{% $m %}', before: '{% $states.input %}' } }),
      }),
    ).toEqual({ n: 2, m: 1, before: 1 });
  });

  it('follows the virtual clock in $now, $millis, $toMillis with a picture and the context', async () => {
    await bench.advance(90 * SECOND);
    const at = START + 90 * SECOND;
    const output = await outputOf({
      A: pass({
        Output: {
          now: '{% $now() %}',
          day: "{% $now('[Y0001]-[M01]-[D01]') %}",
          millis: '{% $millis() %}',
          time: "{% $toMillis('10:00', '[H01]:[m01]') %}",
          entered: '{% $states.context.State.EnteredTime %}',
          started: '{% $states.context.Execution.StartTime %}',
          names: '{% [$states.context.State.Name, $states.context.StateMachine.Name] %}',
        },
      }),
    });
    expect(output).toEqual({
      now: new Date(at).toISOString(),
      day: '2026-03-02',
      millis: at,
      time: Date.parse('2026-03-02T10:00:00.000Z'),
      entered: new Date(at).toISOString(),
      started: new Date(at).toISOString(),
      names: ['A', 'machine'],
    });
  });

  it("offers Step Functions' own functions", async () => {
    expect(
      await outputOf({
        A: pass({
          Output: {
            parse: '{% $parse(\'{"a":[1]}\') %}',
            range: '{% $range(0, 10, 5) %}',
            parts: '{% $partition([1,2,3], 2) %}',
            hash: "{% $hash('a', 'SHA-256') %}",
            random: '{% $random() %}',
            seeded: '{% $random(7) = $random(7) %}',
            uuid: '{% $length($uuid()) %}',
          },
        }),
      }),
    ).toEqual({
      parse: { a: [1] },
      range: [0, 5, 10],
      parts: [[1, 2], [3]],
      hash: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
      random: 0.5,
      seeded: true,
      uuid: 36,
    });
  });

  it.each([
    ['returns nothing', '{% $states.input.missing %}', 'returned nothing (undefined)'],
    ['compares apples with numbers', "{% 'a' > 1 %}", 'T2009'],
    ['gives a function', '{% $sum %}', 'unsupported result type'],
  ])('fails with States.QueryEvaluationError when an expression %s', async (_, expression, why) => {
    const { error, cause, executionArn } = await bench.run(machineOf({ A: pass({ Output: { deep: expression } }) }));
    expect(error).toBe('States.QueryEvaluationError');
    expect(cause).toContain(why);
    expect(cause).toContain("'Output/deep'");
    expect(await bench.types(executionArn)).toContain('EvaluationFailed');
  });
});

describe('Task', () => {
  it("answers AWS's shape and tells the same story in the history", async () => {
    bench.functions.F = () => answers({ n: 2 });
    const { executionArn, output, status } = await bench.run(
      machineOf({ A: invoke('F', { Assign: { n: '{% $states.result.Payload.n %}' } }) }),
      { n: 1 },
    );
    const result = { ExecutedVersion: '$LATEST', Payload: { n: 2 }, StatusCode: 200 };
    expect([status, JSON.parse(output ?? '')]).toEqual(['SUCCEEDED', result]);
    expect(bench.calls).toMatchObject([{ name: 'F', payload: { n: 1 } }]);
    const resource = { resourceType: 'lambda', resource: 'invoke' };
    const text = JSON.stringify(result);
    const at = START / 1000;
    expect(await bench.history(executionArn)).toEqual([
      {
        timestamp: at,
        type: 'ExecutionStarted',
        id: 1,
        previousEventId: 0,
        executionStartedEventDetails: {
          input: '{"n":1}',
          inputDetails: { truncated: false },
          roleArn: 'arn:aws:iam::000000000000:role/test',
        },
      },
      {
        timestamp: at,
        type: 'TaskStateEntered',
        id: 2,
        previousEventId: 0,
        stateEnteredEventDetails: { name: 'A', input: '{"n":1}', inputDetails: { truncated: false } },
      },
      {
        timestamp: at,
        type: 'TaskScheduled',
        id: 3,
        previousEventId: 2,
        taskScheduledEventDetails: {
          ...resource,
          region: 'eu-west-1',
          parameters: '{"FunctionName":"F","Payload":{"n":1}}',
        },
      },
      { timestamp: at, type: 'TaskStarted', id: 4, previousEventId: 3, taskStartedEventDetails: resource },
      {
        timestamp: at,
        type: 'TaskSucceeded',
        id: 5,
        previousEventId: 4,
        taskSucceededEventDetails: { ...resource, output: text, outputDetails: { truncated: false } },
      },
      {
        timestamp: at,
        type: 'TaskStateExited',
        id: 6,
        previousEventId: 5,
        stateExitedEventDetails: {
          name: 'A',
          output: text,
          outputDetails: { truncated: false },
          assignedVariables: { n: '2' },
          assignedVariablesDetails: { truncated: false },
        },
      },
      {
        timestamp: at,
        type: 'ExecutionSucceeded',
        id: 7,
        previousEventId: 6,
        executionSucceededEventDetails: { output: text, outputDetails: { truncated: false } },
      },
    ]);
  });

  it('waits on AWS-like backoff, capped, and counts attempts per retrier', async () => {
    bench.functions.F = (_, nth) =>
      nth < 4 ? fails('Busy') : nth === 4 ? fails('Other') : nth === 5 ? fails('Busy') : answers('done');
    const retry = { IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 5, MaxDelaySeconds: 20 };
    const arn = await bench.start(
      await bench.machine(
        machineOf({
          A: invoke('F', {
            Retry: [
              { ErrorEquals: ['Busy'], ...retry },
              { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 100 },
            ],
            Output: '{% $states.context.State.RetryCount %}',
          }),
        }),
      ),
    );
    await bench.advance(1000 * SECOND);
    // 2, 6, 18, 20 (capped), then the other retrier's 100, then 20 again.
    expect(bench.calls.map(({ at }) => (at - START) / SECOND)).toEqual([0, 2, 8, 26, 46, 146, 166]);
    expect(await bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '6' });
    expect((await bench.engine.standing(arn))?.transitions).toBe(7);
  });

  it('draws FULL jitter from the given random', async () => {
    bench.functions.F = (_, nth) => (nth < 3 ? fails('Busy') : answers('done'));
    await bench.run(
      machineOf({
        A: invoke('F', { Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 8, JitterStrategy: 'FULL' }] }),
      }),
    );
    await bench.advance(100 * SECOND);
    expect(bench.calls.map(({ at }) => (at - START) / SECOND)).toEqual([0, 4, 12, 28]);
  });

  it('fails with error and cause of the function when attempts are used up', async () => {
    bench.functions.F = () => fails('Busy', 'come back');
    const { executionArn } = await bench.run(
      machineOf({ A: invoke('F', { Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }] }) }),
    );
    await bench.advance(10 * SECOND);
    expect(await bench.describe(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'Busy',
      cause: '{"errorType":"Busy","errorMessage":"come back"}',
    });
    expect(await bench.types(executionArn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed',
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed',
      'ExecutionFailed',
    ]);
  });

  it('catches by name, with Assign and Output of the error', async () => {
    bench.functions.F = () => fails('Busy', 'come back');
    expect(
      await outputOf({
        A: invoke('F', {
          Catch: [
            { ErrorEquals: ['Other'], Next: 'Wrong' },
            {
              ErrorEquals: ['States.ALL'],
              Assign: { why: '{% $states.errorOutput.Error %}' },
              Output: '{% $parse($states.errorOutput.Cause).errorMessage %}',
              Next: 'B',
            },
          ],
        }),
        B: pass({ Output: ['{% $why %}', '{% $states.input %}'] }),
        Wrong: { Type: 'Fail' },
      }),
    ).toEqual(['Busy', 'come back']);
  });

  it('catches what an expression of the state did wrong', async () => {
    bench.functions.F = () => answers({});
    expect(
      await outputOf({
        A: invoke('F', {
          Output: '{% $states.result.Payload.missing %}',
          Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Output: 'caught', Next: 'B' }],
        }),
        B: pass({}),
      }),
    ).toBe('caught');
  });

  it('lets States.ALL catch neither a too large payload nor States.Runtime', async () => {
    bench.functions.F = () => answers('x'.repeat(262_145));
    const { status, error } = await bench.run(
      machineOf({
        A: invoke('F', {
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
        }),
        B: pass({}),
      }),
    );
    expect([status, error]).toEqual(['FAILED', 'States.DataLimitExceeded']);
  });

  it('names a function that does not exist as AWS does', async () => {
    const { error } = await bench.run(machineOf({ A: invoke('Nobody') }));
    expect(error).toBe('Lambda.ResourceNotFoundException');
  });

  it('limits arguments and outputs to 256 KiB', async () => {
    const big = { Output: "{% $join($map([1..27000], function($n) { '0123456789' })) %}" };
    expect((await bench.run(machineOf({ A: pass(big) }))).error).toBe('States.DataLimitExceeded');
  });
});

describe('waiting for a token', () => {
  it('ends with what SendTaskSuccess says', async () => {
    bench.functions.F = () => answers('stored');
    const { executionArn, status } = await bench.run(
      machineOf({ A: waitForToken('F', { Output: '{% $states.result %}' }) }),
    );
    expect(status).toBe('RUNNING');
    const taskToken = bench.calls[0]?.payload.token;
    await bench.call('SendTaskHeartbeat', { taskToken });
    await bench.call('SendTaskSuccess', { taskToken, output: '{"woken":true}' });
    expect(await bench.describe(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"woken":true}' });
    expect(await bench.types(executionArn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    await expect(bench.call('SendTaskSuccess', { taskToken, output: '{}' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
  });

  it('may be woken before the function that got the token answers', async () => {
    bench.functions.F = async ({ token }) => {
      await bench.call('SendTaskSuccess', { taskToken: token, output: '"early"' });
      return answers('late');
    };
    const { output, executionArn } = await bench.run(machineOf({ A: waitForToken('F') }));
    expect(output).toBe('"early"');
    expect(await bench.types(executionArn)).not.toContain('TaskSubmitted');
  });

  it('fails with what SendTaskFailure says, and can be caught', async () => {
    bench.functions.F = () => answers('stored');
    const { executionArn } = await bench.run(
      machineOf({
        A: waitForToken('F', { Catch: [{ ErrorEquals: ['Withdrawn'], Next: 'B' }] }),
        B: pass({ Output: '{% $states.input.Error %}' }),
      }),
    );
    await bench.call('SendTaskFailure', { taskToken: bench.calls[0]?.payload.token, error: 'Withdrawn' });
    await bench.settled();
    expect(await bench.describe(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '"Withdrawn"' });
  });

  it('times out to the second, 28 days later, by an expression', async () => {
    bench.functions.F = () => answers('stored');
    const seconds = 28 * 86_400;
    const { executionArn } = await bench.run(
      machineOf({
        A: waitForToken('F', {
          TimeoutSeconds: '{% $states.input.days * 86400 %}',
          Catch: [{ ErrorEquals: ['States.Timeout'], Output: '{% $now() %}', Next: 'B' }],
        }),
        B: pass({}),
      }),
      { days: 28 },
    );
    await bench.advance(seconds * SECOND - 1);
    expect(await bench.describe(executionArn)).toMatchObject({ status: 'RUNNING' });
    expect((await bench.engine.standing(executionArn))?.waiting).toEqual([
      { state: 'A', since: START, until: START + seconds * SECOND },
    ]);
    await bench.advance(1);
    expect(await bench.describe(executionArn)).toMatchObject({ output: '"2026-03-30T08:00:00.000Z"' });
    const events = await bench.history(executionArn);
    expect(events.find(({ type }) => type === 'TaskScheduled')).toMatchObject({
      taskScheduledEventDetails: { timeoutInSeconds: seconds, resource: 'invoke.waitForTaskToken' },
    });
    expect(events.find(({ type }) => type === 'TaskTimedOut')).toMatchObject({
      taskTimedOutEventDetails: { error: 'States.Timeout' },
    });
  });

  it.each([
    ['[]', 'InvalidToken'],
    ['never', 'InvalidToken'],
    [Buffer.from('["machine/nobody",0,"x"]').toString('base64url'), 'TaskDoesNotExist'],
  ])('refuses token %s with %s', async (taskToken, code) => {
    await expect(bench.call('SendTaskSuccess', { taskToken, output: '{}' })).rejects.toMatchObject({ code });
  });
});

describe('Wait', () => {
  it.each([
    ['Seconds', { Seconds: '{% $states.input.s %}' }],
    ['Timestamp', { Timestamp: '{% $fromMillis($millis() + $states.input.s * 1000) %}' }],
  ])('waits by %s', async (_, field) => {
    const { executionArn } = await bench.run(
      machineOf({ W: { Type: 'Wait', Next: 'A', ...field }, A: pass({ Output: '{% $millis() %}' }) }),
      { s: 60 },
    );
    expect(await bench.types(executionArn)).toEqual(['ExecutionStarted', 'WaitStateEntered']);
    await bench.advance(100 * SECOND);
    expect(await bench.describe(executionArn)).toMatchObject({ output: String(START + 60 * SECOND) });
  });

  it('goes on at once when the moment has passed', async () => {
    const { status } = await bench.run(
      machineOf({ W: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', End: true } }),
    );
    expect(status).toBe('SUCCEEDED');
  });

  it('ends an execution past its own TimeoutSeconds', async () => {
    const { executionArn } = await bench.run(
      machineOf({ W: { Type: 'Wait', Seconds: 100, End: true } }, { TimeoutSeconds: 10 }),
    );
    await bench.advance(200 * SECOND);
    expect(await bench.describe(executionArn)).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(await bench.types(executionArn)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionTimedOut']);
  });
});

describe('Map and Parallel', () => {
  const map = (more: object, states: Record<string, object> = { Each: invoke('F') }) => ({
    Type: 'Map',
    Items: '{% $states.input %}',
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: Object.keys(states)[0], States: states },
    End: true,
    ...more,
  });

  it('keeps the order of the items and at most MaxConcurrency under way', async () => {
    const { script, most } = together(2, async ({ n }) => {
      // The first item is the last to be done.
      if (n === 1) await new Promise((resolve) => setTimeout(resolve, 50));
      return answers(Number(n) * 10);
    });
    bench.functions.F = script;
    const output = await outputOf(
      {
        M: map(
          {
            MaxConcurrency: 2,
            ItemSelector: {
              n: '{% $states.context.Map.Item.Value %}',
              i: '{% $states.context.Map.Item.Index %}',
              of: '{% $count($states.input) %}',
            },
            Output: '{% $states.result %}',
          },
          { Each: invoke('F', { Output: ['{% $states.result.Payload %}', '{% $states.context.Map.Item.Index %}'] }) },
        ),
      },
      [1, 2, 3, 4],
    );
    expect(output).toEqual([
      [10, 0],
      [20, 1],
      [30, 2],
      [40, 3],
    ]);
    expect(most()).toBe(2);
    expect(bench.calls.map(({ payload }) => payload)).toContainEqual({ n: 4, i: 3, of: 4 });
  });

  it('sees outer variables inside and keeps inner ones apart', async () => {
    expect(
      await outputOf(
        {
          A: pass({ Assign: { outer: 'o' }, End: undefined, Next: 'M' }),
          M: map(
            {},
            {
              I: pass({ Assign: { inner: '{% $outer & $states.input %}' }, End: undefined, Next: 'J' }),
              J: { Type: 'Wait', Seconds: 0, Next: 'K' },
              K: pass({ Output: '{% $inner %}' }),
            },
          ),
        },
        ['a', 'b'],
      ),
    ).toEqual(['oa', 'ob']);
  });

  it('tells its iterations in the history', async () => {
    const { executionArn } = await bench.run(machineOf({ M: map({ MaxConcurrency: 1 }, { I: pass({}) }) }), [1, 2]);
    expect(await bench.types(executionArn)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapIterationStarted',
      'PassStateEntered',
      'PassStateExited',
      'MapIterationSucceeded',
      'MapIterationStarted',
      'PassStateEntered',
      'PassStateExited',
      'MapIterationSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('is done at once without items, and fails when there is no array', async () => {
    expect(await outputOf({ M: map({}, { I: pass({}) }) }, [])).toEqual([]);
    expect((await bench.run(machineOf({ M: map({}, { I: pass({}) }) }), 'x')).error).toBe(
      'States.QueryEvaluationError',
    );
  });

  it('fails with its first failing iteration, stops the others, and can be caught', async () => {
    bench.functions.F = ({ n }) => (n === 2 ? fails('Bad') : answers('stored'));
    const { executionArn, output } = await bench.run(
      machineOf({
        M: map(
          {
            ItemSelector: { n: '{% $states.context.Map.Item.Value %}' },
            Catch: [{ ErrorEquals: ['Bad'], Output: '{% $states.errorOutput.Error %}', Next: 'B' }],
          },
          {
            Each: invoke('F', { End: undefined, Next: 'Hold' }),
            Hold: { Type: 'Wait', Seconds: 1000, End: true },
          },
        ),
        B: pass({}),
      }),
      [1, 2, 3],
    );
    expect(output).toBe('"Bad"');
    const types = await bench.types(executionArn);
    expect(types).toContain('MapIterationFailed');
    expect(types.filter((type) => type === 'MapIterationAborted')).toHaveLength(2);
    expect(types.slice(-6)).toEqual([
      'MapIterationAborted',
      'MapStateFailed',
      'MapStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('retries a Map as a whole', async () => {
    bench.functions.F = (_, nth) => (nth === 1 ? fails('Bad') : answers(nth));
    const { executionArn } = await bench.run(
      machineOf({ M: map({ MaxConcurrency: 1, Retry: [{ ErrorEquals: ['Bad'] }], Output: 'done' }) }),
      [{}, {}],
    );
    await bench.advance(10 * SECOND);
    expect(await bench.describe(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
    expect(bench.calls).toHaveLength(4);
  });

  it('runs branches of Parallel side by side', async () => {
    bench.functions.F = ({ n }) => answers(n);
    const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });
    expect(
      await outputOf({
        P: {
          Type: 'Parallel',
          Arguments: { n: 7 },
          Branches: [branch('One', invoke('F', { Output: '{% $states.result.Payload %}' })), branch('Two', pass({}))],
          End: true,
        },
      }),
    ).toEqual([7, { n: 7 }]);
  });
});

it('ends an endless loop at 25,000 events, as AWS does', { timeout: 30_000 }, async () => {
  const { status, error, cause, executionArn } = await bench.run(
    machineOf({ A: pass({ End: undefined, Next: 'B' }), B: pass({ End: undefined, Next: 'A' }) }),
  );
  expect([status, error]).toEqual(['FAILED', 'States.Runtime']);
  expect(cause).toContain('maximum number of history events (25000)');
  expect((await bench.engine.standing(executionArn))?.events).toBe(25_000);
});
