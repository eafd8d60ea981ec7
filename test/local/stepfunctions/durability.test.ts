import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LambdaAnswer } from '#infra/local/contract.ts';
import {
  answers,
  Bench,
  DAY,
  fails,
  invoke,
  machineOf,
  SECOND,
  START,
  waitForToken,
} from '#test/support/stepfunctions.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open({ random: () => 0.5 });
});
afterEach(async () => bench.close());

const never = () => new Promise<LambdaAnswer>(() => undefined);
/** Until the engine has made so many calls. */
const called = async (times: number): Promise<void> => {
  while (bench.calls.length < times) await new Promise((resolve) => setTimeout(resolve, 1));
};
const killed = async (): Promise<void> => {
  await bench.crash();
  await bench.reopen();
};

describe('after a crash', () => {
  it('waits on, to the same moment', async () => {
    const arn = await bench.start(
      await bench.machine(machineOf({ W: { Type: 'Wait', Seconds: 28 * 86_400, End: true } })),
    );
    await bench.advance(10 * DAY);
    await killed();
    await bench.advance(18 * DAY - 1);
    expect(await bench.describe(arn)).toMatchObject({ status: 'RUNNING' });
    await bench.advance(1);
    expect(await bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED', stopDate: (START + 28 * DAY) / 1000 });
  });

  it('makes a call again that was under way, with the same payload and without a second event', async () => {
    bench.functions.F = (_, nth) => (nth === 0 ? never() : answers('second'));
    const arn = await bench.start(
      await bench.machine(machineOf({ A: invoke('F', { Output: '{% $states.result.Payload %}' }) })),
      { n: 1 },
    );
    await called(1);
    await killed();
    await bench.settled();
    expect(bench.calls.map(({ payload }) => payload)).toEqual([{ n: 1 }, { n: 1 }]);
    expect(await bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"second"' });
    expect((await bench.types(arn)).filter((type) => type === 'TaskScheduled')).toHaveLength(1);
  });

  it('makes a call again with the same token, and hears the token it gave before', async () => {
    bench.functions.F = (_, nth) => (nth === 0 ? never() : answers('stored'));
    const arn = await bench.start(await bench.machine(machineOf({ A: waitForToken('F') })));
    await called(1);
    await killed();
    await bench.settled();
    const [first, second] = bench.calls.map(({ payload }) => payload.token);
    expect(first).toBe(second);
    await killed();
    expect(bench.calls).toHaveLength(2);
    await bench.call('SendTaskSuccess', { taskToken: first, output: '"woken"' });
    expect(await bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"woken"' });
  });

  it('retries at the moment it had drawn', async () => {
    bench.functions.F = (_, nth) => (nth === 0 ? fails('Busy') : answers('done'));
    await bench.run(
      machineOf({
        A: invoke('F', { Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 100, JitterStrategy: 'FULL' }] }),
      }),
    );
    await killed();
    await bench.advance(1000 * SECOND);
    expect(bench.calls.map(({ at }) => at - START)).toEqual([0, 50 * SECOND]);
  });

  it('goes on with the open iterations of a Map and no others', async () => {
    bench.functions.F = ({ n }, nth) => (n === 2 && nth < 3 ? never() : answers(n));
    const arn = await bench.start(
      await bench.machine(
        machineOf({
          M: {
            Type: 'Map',
            Items: '{% [1, 2, 3, 4] %}',
            MaxConcurrency: 2,
            ItemSelector: { n: '{% $states.context.Map.Item.Value %}' },
            ItemProcessor: {
              StartAt: 'Each',
              States: { Each: invoke('F', { Output: '{% $states.result.Payload %}' }) },
            },
            End: true,
          },
        }),
      ),
    );
    await called(4);
    await killed();
    await bench.settled();
    expect(await bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '[1,2,3,4]' });
    expect(bench.calls.filter(({ payload }) => payload.n === 2)).toHaveLength(2);
  });

  it('finds what StartExecution acknowledged, and starts it no second time', async () => {
    bench.functions.F = never;
    const machine = await bench.machine(machineOf({ A: invoke('F') }));
    const arn = await bench.start(machine, {}, 'name');
    await killed();
    expect(await bench.start(machine, {}, 'name')).toBe(arn);
    expect(await bench.history(arn)).toHaveLength(4);
  });
});

it('loses and doubles nothing when the process dies before any of its writes', { timeout: 30_000 }, async () => {
  const definition = machineOf({
    A: invoke('F', { Next: 'W', End: undefined, Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 10 }] }),
    W: { Type: 'Wait', Seconds: 50, Next: 'B' },
    B: waitForToken('G', { TimeoutSeconds: 60, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'M' }] }),
    M: {
      Type: 'Map',
      Items: [1, 2],
      ItemProcessor: { StartAt: 'I', States: { I: invoke('H') } },
      Output: 'done',
      Next: 'C',
    },
    C: { Type: 'Succeed' },
  });
  bench.functions.G = () => answers('g');
  bench.functions.H = () => answers('h');
  const machine = await bench.machine(definition);
  const end = START + 120 * SECOND;

  let survived = false;
  for (let writes = 0; !survived; writes += 1) {
    const offset = bench.clock.now() - START;
    bench.functions.F = () => (bench.clock.now() === START + offset ? fails('Busy') : answers('f'));
    bench.calls.length = 0;
    const name = `e${writes}`;
    const story = async (): Promise<true> => {
      await bench.start(machine, {}, name);
      await bench.clock.advanceTo(end + offset);
      return true;
    };
    const dropped = bench.dropWritesAfter(writes).then(() => false as const);
    survived = await Promise.race([dropped, story()]);
    await killed();
    // Whoever was not answered asks again, and may find that it has ended.
    const arn = `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
    await bench.start(machine, {}, name).catch((error) => expect(error.code).toBe('ExecutionAlreadyExists'));
    await bench.clock.advanceTo(Math.max(end + offset, bench.clock.now()));

    expect(await bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED', stopDate: (end + offset) / 1000 });
    const events = await bench.history(arn);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter(({ type }) => type.endsWith('StateEntered'))).toHaveLength(7);
    // Two of F, one of G, two of H; the crash may have doubled what was under way, at most both iterations.
    expect(bench.calls.length).toBeGreaterThanOrEqual(5);
    expect(bench.calls.length).toBeLessThanOrEqual(7);
    expect(bench.engine.statistics().ended.FAILED).toBe(0);
    if (survived) expect(writes).toBeGreaterThan(7);
  }
  const lists = await Promise.all(
    ['RUNNING', 'SUCCEEDED'].map((statusFilter) =>
      bench.call('ListExecutions', { stateMachineArn: machine, statusFilter }),
    ),
  );
  expect(lists.map(({ executions }) => (executions as unknown[]).length)).toEqual([0, expect.any(Number)]);
});

it('keeps nothing of waiting executions but their timers, and fires each once', { timeout: 30_000 }, async () => {
  bench.functions.F = () => answers('stored');
  const machine = await bench.machine(
    machineOf({
      A: waitForToken('F', { TimeoutSeconds: 86_400, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'B' }] }),
      B: { Type: 'Succeed' },
    }),
  );
  await Promise.all(Array.from({ length: 200 }, (_, n) => bench.start(machine, { n }, `e${n}`)));
  await bench.settled();
  await killed();
  await bench.advance(2 * DAY);
  expect(bench.engine.statistics().ended).toEqual({ SUCCEEDED: 200, FAILED: 0, TIMED_OUT: 0, ABORTED: 0 });
  expect(bench.calls).toHaveLength(200);
});
