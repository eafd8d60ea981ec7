import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_EVENTS } from '#infra/local/stepfunctions/history.ts';
import { answers, Bench, DAY, fails, SECOND, START } from '#test/support/stepfunctions.ts';
import { edgesOf, type Node, stateMachine, statesOf, visited, walked } from './file.ts';

const REF = { caseId: '0392-2603-0123456789AB', signalId: '0123456789ABCDEF-2603' };
const term = (kind: string, days: number) => {
  const at = new Date(START + days * DAY).toISOString();
  return { kind, on: at.slice(0, 10), at };
};
type Term = ReturnType<typeof term>;
const REMINDER = term('REMINDER', 14);
const ESCALATION = term('ESCALATION', 28);
const CLOSING = term('CLOSING', 60);
const TERMS = [REMINDER, ESCALATION, CLOSING];
/** Schuldenrust from day 70: its reminder and its end. */
const REST = [term('SUSPENSION_REMINDER', 95), term('SUSPENSION_END', 101)];

const ASSIGNED = ['AssignSignal', 'IsOutcomeAwaited', 'AwaitOutcome'];
const PASSED = ['PassTerm', 'IsOutcomeAwaited'];
const CLOSED = ['SettleOutcome', 'IsCollectionSuspended', 'SignalClosed'];
const SUSPENDED = ['SettleOutcome', 'IsCollectionSuspended', 'AwaitSuspensionEnd'];
const ENDED = ['EndSuspension', 'SignalClosed'];

const { filled, definition } = stateMachine('signal');
const seen = new Set<string>();
let bench: Bench;
let arn: string;
/** What the municipality's terms and the suspension's are; `settle` gives the latter. */
let terms: readonly Term[];
let rest: readonly Term[];

beforeEach(async () => {
  bench = await Bench.open({ random: () => 0.5 });
  terms = TERMS;
  rest = [];
  const left = (all: readonly Term[]) => answers({ waiting: all.length > 0, terms: all });
  Object.assign(bench.functions, {
    AssignSignalFunction: () => left(terms),
    AwaitChangeFunction: () => answers({ waiting: true }),
    PassTermFunction: (payload: { term: Term }) => {
      const of = String(payload.term.kind).startsWith('SUSPENSION') ? rest : terms;
      return left(of.slice(of.findIndex(({ kind }) => kind === payload.term.kind) + 1));
    },
    SettleOutcomeFunction: () => left(rest),
    EndSuspensionFunction: () => answers({ ended: true }),
  });
  arn = await bench.start(
    await bench.engine.createStateMachine({ name: 'signal', definition: filled, roleArn: 'arn:aws:iam::0:role/r' }),
    REF,
  );
});

afterEach(async () => {
  for (const edge of walked(await bench.history(arn))) seen.add(edge);
  await bench.close();
});

const until = (days: number) => bench.clock.advanceTo(START + days * DAY);
/** What the municipality, the partner or an early end does: wakes whoever waits. */
const wake = async (): Promise<void> => {
  const taskToken = bench.calls.findLast(({ name }) => name === 'AwaitChangeFunction')?.payload.taskToken;
  await bench.call('SendTaskSuccess', { taskToken, output: '{}' });
  await bench.settled();
};
const route = async () => visited(await bench.history(arn));
const status = async () => (await bench.describe(arn)).status;
const figures = async () => {
  const { events, transitions } = (await bench.engine.standing(arn)) ?? {};
  return { events, transitions };
};
const payloadsOf = (name: string) => bench.calls.filter((call) => call.name === name).map(({ payload }) => payload);

describe('waiting for the outcome', () => {
  it('[R-FLO-1] woken before the first term: 6 transitions, 24 events', async () => {
    await until(3);
    await wake();
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual([...ASSIGNED, ...CLOSED]);
    expect(await figures()).toEqual({ transitions: 6, events: 24 });
  });

  it('[R-FLO-2] reminded on day 14, then woken: 9 transitions', async () => {
    await until(20);
    await wake();
    expect(await route()).toEqual([...ASSIGNED, ...PASSED, 'AwaitOutcome', ...CLOSED]);
    expect(await figures()).toMatchObject({ transitions: 9 });
    expect(payloadsOf('PassTermFunction')).toEqual([{ ...REF, term: REMINDER }]);
    expect(bench.calls.find(({ name }) => name === 'PassTermFunction')?.at).toBe(START + 14 * DAY);
  });

  it('[R-FLO-2, R-FLO-7] woken after the escalation of day 28', async () => {
    await until(40);
    await wake();
    expect(await route()).toEqual([...ASSIGNED, ...PASSED, 'AwaitOutcome', ...PASSED, 'AwaitOutcome', ...CLOSED]);
    expect(await figures()).toMatchObject({ transitions: 12 });
  });

  it('[R-FLO-7] nobody answers: every term passes at its moment, the last one closes', async () => {
    await until(61);
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual([
      ...ASSIGNED,
      ...[REMINDER, ESCALATION].flatMap(() => [...PASSED, 'AwaitOutcome']),
      ...PASSED,
      ...CLOSED,
    ]);
    const passed = bench.calls.filter(({ name }) => name === 'PassTermFunction');
    expect(passed.map(({ at, payload }) => [(at - START) / DAY, payload.term])).toEqual([
      [14, REMINDER],
      [28, ESCALATION],
      [60, CLOSING],
    ]);
  });

  it('waits with the term and a token of its own each time', async () => {
    await until(61);
    const waits = payloadsOf('AwaitChangeFunction');
    expect(waits).toMatchObject(TERMS.map((one) => ({ ...REF, waitingFor: 'OUTCOME', term: one })));
    expect(new Set(waits.map(({ taskToken }) => taskToken)).size).toBe(3);
  });

  it('a token of a wait that passed wakes nobody', async () => {
    await until(1);
    const taskToken = payloadsOf('AwaitChangeFunction')[0]?.taskToken;
    await until(15);
    await expect(bench.call('SendTaskSuccess', { taskToken, output: '{}' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
    expect(await status()).toBe('RUNNING');
  });

  it('a change that came before the token was stored wakes at once', async () => {
    bench.functions.AwaitChangeFunction = async ({ taskToken }) => {
      await bench.call('SendTaskSuccess', { taskToken, output: '{}' });
      return answers({ waiting: false });
    };
    await bench.settled();
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual([...ASSIGNED, ...CLOSED]);
  });

  it('[R-DEL-9] withdrawn or answered before it was assigned: waits for nothing', async () => {
    terms = [];
    await bench.settled();
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual(['AssignSignal', 'IsOutcomeAwaited', ...CLOSED]);
  });

  it('answered in the moment the term passed: PassTerm sees it and the wait is over', async () => {
    bench.functions.PassTermFunction = () => answers({ waiting: false, terms: [] });
    await until(15);
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual([...ASSIGNED, ...PASSED, ...CLOSED]);
  });

  it('a clock of the function that is behind costs another second, not the term', async () => {
    const left = bench.functions.PassTermFunction;
    bench.functions.PassTermFunction = (payload, nth) =>
      nth === 0 ? answers({ waiting: true, terms: TERMS }) : (left?.(payload, nth) ?? fails('Missing'));
    await until(15);
    const moments = bench.calls
      .filter(({ name }) => name === 'PassTermFunction')
      .map(({ at }) => at - START - 14 * DAY);
    expect(moments).toEqual([0, 1 * SECOND]);
    expect(payloadsOf('PassTermFunction').map((payload) => payload.term)).toEqual([REMINDER, REMINDER]);
  });

  it('a term that passed before the signal was assigned is passed a second later', async () => {
    terms = [term('REMINDER', -1), ESCALATION];
    await until(1);
    expect(bench.calls.find(({ name }) => name === 'PassTermFunction')?.at).toBe(START + SECOND);
    expect(await status()).toBe('RUNNING');
  });
});

describe('schuldenrust', () => {
  const accepted = async (): Promise<void> => {
    rest = REST;
    await until(7);
    await wake();
  };

  it('[R-SUS-3] reminds, expires, ends: 13 transitions', async () => {
    await accepted();
    await until(102);
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual([
      ...ASSIGNED,
      ...SUSPENDED,
      ...['PassSuspensionTerm', 'IsSuspensionLeft', 'AwaitSuspensionEnd'],
      ...['PassSuspensionTerm', 'IsSuspensionLeft'],
      ...ENDED,
    ]);
    expect(await figures()).toMatchObject({ transitions: 13 });
    expect(
      bench.calls.filter(({ at }) => at > START + 7 * DAY).map(({ name, at }) => [name, (at - START) / DAY]),
    ).toEqual([
      ['PassTermFunction', 95],
      ['AwaitChangeFunction', 95],
      ['PassTermFunction', 101],
      ['EndSuspensionFunction', 101],
    ]);
  });

  it.each([
    ['before its reminder', 80, []],
    ['after its reminder', 98, ['PassSuspensionTerm', 'IsSuspensionLeft', 'AwaitSuspensionEnd']],
  ])('[R-SUS-4] ended early or withdrawn %s', async (_, day, between) => {
    await accepted();
    await until(day);
    await wake();
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual([...ASSIGNED, ...SUSPENDED, ...between, ...ENDED]);
  });

  it('without a reminder it only ends', async () => {
    rest = REST.slice(1);
    await until(7);
    await wake();
    await until(102);
    expect(await route()).toEqual([...ASSIGNED, ...SUSPENDED, 'PassSuspensionTerm', 'IsSuspensionLeft', ...ENDED]);
    expect(payloadsOf('AwaitChangeFunction')[1]).toMatchObject({ ...REF, waitingFor: 'SUSPENSION_END', term: REST[1] });
  });
});

describe('bounds', () => {
  /** Every term of both kinds passes: nothing takes longer. */
  const longest = async (): Promise<void> => {
    rest = REST;
    await until(120);
    expect(await status()).toBe('SUCCEEDED');
  };

  it('the longest way has 21 transitions and 88 events', async () => {
    await longest();
    expect(await figures()).toEqual({ transitions: 21, events: 88 });
  });

  it('with ten failures of every call it stays under 500 events of the 25,000', async () => {
    for (const [name, script] of Object.entries(bench.functions))
      bench.functions[name] = (payload, nth) => (nth % 11 === 10 ? script(payload, nth) : fails('TransientFailure'));
    await longest();
    const { events = Number.POSITIVE_INFINITY } = await figures();
    expect(events).toBeLessThan(500);
    expect(events).toBeLessThan(MAX_EVENTS / 50);
  });
});

describe('failures', () => {
  const tasks = Object.entries(statesOf(definition)).filter(([, { Type }]) => Type === 'Task');
  const errorsOf = ({ Retry }: Node): readonly string[] => (Retry as { ErrorEquals: string[] }[])[0]?.ErrorEquals ?? [];
  const functionOf = (state: Node): string => String((state.Arguments as Node).FunctionName);
  /** The longest way, on which every task is entered; `name` fails when `now` says so. */
  const failing = async (state: Node, error: string, times: number, days = 120): Promise<void> => {
    rest = REST;
    const name = functionOf(state);
    const script = bench.functions[name];
    if (script === undefined) throw new Error(name);
    // Two tasks share a function: they are told apart by what they are called with.
    const mine = (payload: Node): boolean => {
      const { waitingFor } = (state.Arguments as { Payload: Node }).Payload;
      if (waitingFor !== undefined) return payload.waitingFor === waitingFor;
      const suspension = String((payload.term as Term | undefined)?.kind).startsWith('SUSPENSION');
      return name !== 'PassTermFunction' || suspension === (state === statesOf(definition).PassSuspensionTerm);
    };
    let failed = 0;
    bench.functions[name] = (payload, nth) =>
      mine(payload) && failed++ < times ? fails(error, '') : script(payload, nth);
    await until(days);
  };

  it.each(tasks.flatMap(([name, state]) => errorsOf(state).map((error) => [name, error, state] as const)))(
    '%s is tried again after %s',
    async (_, error, state) => {
      await failing(state, error, 2);
      expect(await status()).toBe('SUCCEEDED');
      const failures = (await bench.history(arn)).filter(({ type }) => type === 'TaskFailed');
      expect(failures.map(({ taskFailedEventDetails: details }) => details?.error)).toEqual([error, error]);
      expect(await figures()).toMatchObject({ transitions: 21 + 2 });
    },
  );

  it.each(tasks)('%s fails the execution by the name of what is wrong, without a second try', async (_, state) => {
    await failing(state, 'SignalMissing', 1);
    expect(await bench.describe(arn)).toMatchObject({
      status: 'FAILED',
      error: 'SignalMissing',
      cause: '{"errorType":"SignalMissing","errorMessage":""}',
    });
  });

  it('gives up after ten more attempts, within twenty minutes, and can then be redriven', async () => {
    const { AssignSignal } = statesOf(definition);
    if (AssignSignal === undefined) throw new Error('AssignSignal');
    await failing(AssignSignal, 'TransientFailure', 11, 1);
    expect(await bench.describe(arn)).toMatchObject({ status: 'FAILED', error: 'TransientFailure' });
    const attempts = bench.calls.map(({ at }) => at);
    expect(attempts).toHaveLength(11);
    expect(Math.max(...attempts)).toBeLessThan(START + 1200 * SECOND);
    await bench.call('RedriveExecution', { executionArn: arn });
    await until(120);
    expect(await status()).toBe('SUCCEEDED');
  });
});

it('[R-PRI-3] hands on ids, terms and flags, whatever else a function answers', async () => {
  const CANARY = 'Canarie-0612345678';
  rest = REST;
  for (const [name, script] of Object.entries(bench.functions))
    bench.functions[name] = async (payload, nth) => {
      const answer = await script(payload, nth);
      return answer.ok ? answers({ ...(answer.payload as object), resident: CANARY }) : answer;
    };
  await until(120);
  expect(await status()).toBe('SUCCEEDED');
  expect(JSON.stringify(bench.calls)).not.toContain(CANARY);
  expect(JSON.stringify(await bench.describe(arn))).not.toContain(CANARY);
  const told = (await bench.history(arn)).filter(({ type }) => !['TaskSucceeded', 'TaskSubmitted'].includes(type));
  expect(JSON.stringify(told)).not.toContain(CANARY);
});

it('survives a crash in any wait', async () => {
  rest = REST;
  for (const day of [1, 15, 29, 62, 96, 120]) {
    await until(day);
    await bench.crash();
    await bench.reopen();
  }
  expect(await status()).toBe('SUCCEEDED');
  expect(await figures()).toMatchObject({ transitions: 21 });
  expect(bench.calls).toHaveLength(13);
});

it('every way in the file was walked above, and no other', () => {
  const inside = (edges: Iterable<string>) => [...edges].filter((edge) => !edge.endsWith('→ end')).sort();
  expect(inside(seen)).toEqual(inside(edgesOf(definition)));
});
