import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, Bench, DAY, fails, together } from '#test/support/stepfunctions.ts';
import { edgesOf, stateMachine, visited } from './file.ts';

const ID = 'DELIVERY0000000000000000AB';
const { filled, definition } = stateMachine('delivery');
let bench: Bench;
let arn: string;
let verdict: object;

beforeEach(async () => {
  bench = await Bench.open({ random: () => 0.5 });
  verdict = { verdict: 'ROUTE', chunks: 3 };
  Object.assign(bench.functions, {
    ValidateDeliveryFunction: () => answers(verdict),
    RouteSignalsFunction: () => answers({ written: 250 }),
    CloseDeliveryFunction: () => answers({ accepted: 750 }),
  });
  const machine = { name: 'delivery', definition: filled, roleArn: 'arn:aws:iam::0:role/r' };
  arn = await bench.start(await bench.engine.createStateMachine(machine), { deliveryId: ID });
});
afterEach(async () => bench.close());

const route = async () => visited(await bench.history(arn));
const chunks = () =>
  bench.calls.filter(({ name }) => name === 'RouteSignalsFunction').map(({ payload }) => Number(payload.chunk));
const ROUTED = ['ValidateDelivery', 'HasChunks', 'RouteChunks', ...Array(3).fill('RouteSignals')];
const CLOSED = ['CloseDelivery', 'DeliveryClosed'];

it('[R-DEL-1] validates, routes every chunk, closes with the counts', async () => {
  await bench.settled();
  expect(await bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"accepted":750}' });
  expect(await route()).toEqual([...ROUTED, ...CLOSED]);
  // Chunks run side by side, in no order.
  expect([...chunks()].sort()).toEqual([0, 1, 2]);
  expect(bench.calls.map(({ payload: { chunk, ...rest } }) => rest)).toEqual(Array(5).fill({ deliveryId: ID }));
  expect(bench.calls.map(({ name }) => name)).toEqual([
    'ValidateDeliveryFunction',
    ...Array(3).fill('RouteSignalsFunction'),
    'CloseDeliveryFunction',
  ]);
});

it.each([
  ['a refused file', { verdict: 'REFUSED', chunks: 0 }],
  ['[R-DEL-8] a file without a good row', { verdict: 'ROUTE', chunks: 0 }],
])('%s is closed without routing', async (_, given) => {
  verdict = given;
  await bench.settled();
  expect(await bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await route()).toEqual(['ValidateDelivery', 'HasChunks', ...CLOSED]);
});

it('the ways above are all there are', () => {
  expect([...edgesOf(definition)].sort()).toEqual(
    [
      'ValidateDelivery → HasChunks',
      'HasChunks → RouteChunks',
      'HasChunks → CloseDelivery',
      'RouteChunks → CloseDelivery',
      'RouteSignals → end',
      'CloseDelivery → DeliveryClosed',
      'DeliveryClosed → end',
    ].sort(),
  );
});

it('routes at most four chunks at once, and the 400 of 100,000 rows in under 3,000 events', async () => {
  verdict = { verdict: 'ROUTE', chunks: 400 };
  const { script, most } = together(4, () => answers({ written: 250 }));
  bench.functions.RouteSignalsFunction = script;
  await bench.settled();
  expect(await bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(most()).toBe(4);
  expect([...chunks()].sort((one, other) => one - other)).toEqual(Array.from({ length: 400 }, (_, index) => index));
  // 7 a chunk: the 25,000 of AWS are reached past 3,500 chunks, some 890,000 rows in one file.
  expect(await bench.engine.standing(arn)).toMatchObject({ events: 400 * 7 + 20, transitions: 405 });
});

describe('failures', () => {
  it.each(['ValidateDeliveryFunction', 'RouteSignalsFunction', 'CloseDeliveryFunction'])(
    '%s is tried again, that call only',
    async (name) => {
      const script = bench.functions[name];
      bench.functions[name] = (payload, nth) =>
        nth < 2 ? fails(nth === 0 ? 'TransientFailure' : 'Sandbox.Timedout') : (script?.(payload, nth) ?? fails('No'));
      await bench.advance(DAY);
      expect(await bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"accepted":750}' });
      expect(bench.calls).toHaveLength(5 + 2);
      expect([...new Set(chunks())].sort()).toEqual([0, 1, 2]);
    },
  );

  it.each([
    ['ValidateDeliveryFunction', 'UploadMissing', 1],
    ['RouteSignalsFunction', 'ChunkMissing', 4],
    ['CloseDeliveryFunction', 'CountsDoNotAddUp', 5],
  ])('%s fails the execution with %s, which an operator then sees', async (name, error, calls) => {
    bench.functions[name] = () => fails(error, '');
    await bench.advance(DAY);
    expect(await bench.describe(arn)).toMatchObject({ status: 'FAILED', error });
    expect(bench.calls.length).toBeLessThanOrEqual(calls);
  });

  it('a chunk that fails for good fails the delivery; redriven it routes and closes', async () => {
    const script = bench.functions.RouteSignalsFunction;
    bench.functions.RouteSignalsFunction = ({ chunk }) => (chunk === 1 ? fails('ChunkMissing', '') : answers({}));
    await bench.settled();
    expect(await bench.types(arn)).toContain('MapIterationFailed');
    bench.functions.RouteSignalsFunction = script ?? (() => fails('No'));
    await bench.call('RedriveExecution', { executionArn: arn });
    await bench.settled();
    expect(await bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"accepted":750}' });
  });
});

it('[R-PRI-3] hands on ids and counts, whatever else a function answers', async () => {
  const CANARY = 'Canarie-0612345678';
  verdict = { verdict: 'ROUTE', chunks: 3, resident: CANARY };
  bench.functions.RouteSignalsFunction = () => answers({ resident: CANARY });
  await bench.settled();
  expect(await bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(JSON.stringify([bench.calls, await bench.describe(arn)])).not.toContain(CANARY);
  const told = (await bench.history(arn)).filter(({ type }) => type !== 'TaskSucceeded');
  expect(JSON.stringify(told)).not.toContain(CANARY);
});
