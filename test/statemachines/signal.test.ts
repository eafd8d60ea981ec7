import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_EVENTS } from '#infra/local/stepfunctions/history.ts';
import { answers, Bench, DAY, fails, SECOND, START } from '#test/support/stepfunctions.ts';
import { edgesOf, type Node, stateMachine, statesOf, visited, walked } from './file.ts';
import { PATHS } from './paths.ts';

const REF = { caseId: '0392-2603-0123456789AB', signalId: '0123456789ABCDEF-2603' };
const term = (kind: string, days: number) => {
  const at = new Date(START + days * DAY).toISOString();
  return { kind, on: at.slice(0, 10), at, because: `dag ${days}` };
};
type Term = ReturnType<typeof term>;
const REMINDER = term('REMINDER', 14);
const WARNING = term('WARNING', 25);
const ESCALATION = term('ESCALATION', 28);
const CLOSING = term('CLOSING', 60);
const TERMS = [REMINDER, WARNING, ESCALATION, CLOSING];
/** Schuldenrust from day 70: its reminder and its end. */
const REST = [term('SUSPENSION_REMINDER', 95), term('SUSPENSION_END', 101)];

const ASSIGNED = ['AssignSignal', 'AwaitOutcome'];
const CLOSED = ['SettleOutcome', 'WhatFollows', 'SignalClosed'];
const SUSPENDED = ['SettleOutcome', 'WhatFollows', 'AwaitSuspensionEnd'];
const ENDED = ['EndSuspension', 'WhatFollows', 'SignalClosed'];

const { filled, definition } = stateMachine('signal');
const seen = new Set<string>();
let bench: Bench;
let arn: string;
/** What the municipality's terms and the suspension's are; `settle` gives the latter. */
let terms: readonly Term[];
let rest: readonly Term[];
/** The partner that hears at once. */
let publish: { readonly partner: string; readonly mail: boolean } | null;

const wakeOver = (taskToken: unknown) => bench.call('SendTaskSuccess', { taskToken, output: '{}' });
const wakeChanged = (taskToken: unknown) => bench.call('SendTaskFailure', { taskToken, error: 'SignalChanged' });

beforeEach(async () => {
  bench = await Bench.open({ random: () => 0.5 });
  terms = TERMS;
  rest = [];
  publish = null;
  Object.assign(bench.functions, {
    AssignSignalFunction: () => answers({ terms }),
    // As the real one: when the last term is over there is nothing left to wait for.
    AwaitChangeFunction: async ({ term: awaited, taskToken }: { term: Term | null; taskToken: string }) => {
      if (awaited === null) await wakeOver(taskToken);
      return answers({ waiting: awaited !== null });
    },
    SettleOutcomeFunction: () => answers({ waiting: rest.length > 0, terms: rest, publish }),
    PublishFeedbackFunction: () => answers({ partners: 1 }),
    EndSuspensionFunction: () => answers({ waiting: false, terms: [], publish }),
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
const wake = async (how = wakeOver): Promise<void> => {
  await how(bench.calls.findLast(({ name }) => name === 'AwaitChangeFunction')?.payload.taskToken);
  await bench.settled();
};
const route = async () => visited(await bench.history(arn));
/** A path costs what statemachines/README.md says. */
const costs = async (path: keyof typeof PATHS) => expect(await figures(), path).toEqual(PATHS[path]);
const status = async () => (await bench.describe(arn)).status;
const figures = async () => {
  const { events, transitions } = (await bench.engine.standing(arn)) ?? {};
  return { events, transitions };
};
const payloadsOf = (name: string) => bench.calls.filter((call) => call.name === name).map(({ payload }) => payload);

describe('waiting for the outcome', () => {
  it('[R-FLO-1] assigned, nobody reached, closed within a fortnight: 5 transitions', async () => {
    await until(3);
    await wake();
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual([...ASSIGNED, ...CLOSED]);
    await costs('answered within a fortnight, closed');
  });

  it.each([
    ['answered after the reminder', 20, 1],
    ['answered after the warning', 26, 2],
    ['answered after day 28', 40, 3],
  ] as const)('[R-FLO-2][R-FLO-7] %s: a transition for each term that passed', async (path, day, passed) => {
    await until(day);
    await wake();
    expect(await route()).toEqual([...ASSIGNED, ...Array(passed).fill('AwaitOutcome'), ...CLOSED]);
    await costs(path);
  });

  it('[R-FLO-7] nobody answers: every term passes at its moment, the last one closes: 9 transitions', async () => {
    await until(61);
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual([...ASSIGNED, ...Array(4).fill('AwaitOutcome'), ...CLOSED]);
    await costs('never answered, closed at the horizon');
    const waits = bench.calls.filter(({ name }) => name === 'AwaitChangeFunction');
    expect(waits.map(({ at, payload }) => [(at - START) / DAY, payload.term])).toEqual([
      [0, REMINDER],
      [14, WARNING],
      [25, ESCALATION],
      [28, CLOSING],
      [60, null],
    ]);
  });

  it('[R-FLO-3] Haarlem: the tenth business day is day 14, and both terms pass in one transition', async () => {
    terms = [REMINDER, term('FEEDBACK', 14), ...TERMS.slice(1)];
    await until(61);
    expect(await status()).toBe('SUCCEEDED');
    await costs('Haarlem: never answered, closed at the horizon');
    expect(payloadsOf('AwaitChangeFunction').map((payload) => payload.term)).toEqual([...TERMS, null]);
  });

  it('waits with a token of its own each time', async () => {
    await until(61);
    const waits = payloadsOf('AwaitChangeFunction');
    expect(waits[0]).toMatchObject({ ...REF, waitingFor: 'OUTCOME' });
    expect(new Set(waits.map(({ taskToken }) => taskToken)).size).toBe(5);
  });

  it('[R-FLO-3][R-FLO-8] changed while it waits: the terms are counted anew', async () => {
    await until(3);
    terms = [term('FEEDBACK', 7), ...TERMS];
    await wake(wakeChanged);
    await until(8);
    expect(await route()).toEqual([...ASSIGNED, ...ASSIGNED, 'AwaitOutcome']);
    expect(payloadsOf('AwaitChangeFunction').map((payload) => payload.term)).toEqual([REMINDER, terms[0], REMINDER]);
    await wake();
    expect(await status()).toBe('SUCCEEDED');
    await costs('phase corrected while waiting, then answered');
  });

  it('a token of a wait that passed wakes nobody', async () => {
    await until(1);
    const taskToken = payloadsOf('AwaitChangeFunction')[0]?.taskToken;
    await until(15);
    await expect(wakeOver(taskToken)).rejects.toMatchObject({ code: 'TaskTimedOut' });
    await expect(wakeChanged(taskToken)).rejects.toMatchObject({ code: 'TaskTimedOut' });
    expect(await status()).toBe('RUNNING');
  });

  it('[R-DEL-9] answered or withdrawn before the token was stored: wakes at once', async () => {
    terms = [];
    await bench.settled();
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual([...ASSIGNED, ...CLOSED]);
  });

  it('a function that says its clock is behind costs a second, not the term', async () => {
    const script = bench.functions.AwaitChangeFunction;
    bench.functions.AwaitChangeFunction = async (payload, nth) => {
      if (nth !== 1) return script?.(payload, nth) ?? fails('Missing');
      await wakeChanged(payload.taskToken);
      return answers({ waiting: false });
    };
    await until(15);
    expect(payloadsOf('AwaitChangeFunction').map((payload) => payload.term)).toEqual([
      REMINDER,
      WARNING,
      REMINDER,
      WARNING,
    ]);
    expect(bench.calls.at(-1)?.at).toBe(START + 14 * DAY + SECOND);
  });
});

describe('feedback at once', () => {
  beforeEach(() => {
    publish = { partner: 'elan-wonen', mail: true };
  });

  it('[R-FEE-2] the partner that agreed on it hears it before the signal closes', async () => {
    await until(3);
    await wake();
    expect(await route()).toEqual([...ASSIGNED, 'SettleOutcome', 'WhatFollows', 'PublishFeedback', ...CLOSED.slice(1)]);
    expect(payloadsOf('PublishFeedbackFunction')).toEqual([{ partner: 'elan-wonen', mail: true, immediate: true }]);
  });

  it('[R-FEE-6] when that cannot be done the signal goes on, and the digest brings it', async () => {
    bench.functions.PublishFeedbackFunction = () => fails('AccessDenied');
    rest = REST;
    await until(3);
    await wake();
    await until(102);
    expect(await status()).toBe('SUCCEEDED');
    expect(payloadsOf('PublishFeedbackFunction')).toHaveLength(2);
  });
});

describe('schuldenrust', () => {
  const accepted = async (): Promise<void> => {
    rest = REST;
    await until(7);
    await wake();
  };

  it('[R-SUS-3] reminds, expires, ends: 10 transitions', async () => {
    await accepted();
    await until(102);
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual([...ASSIGNED, ...SUSPENDED, ...Array(2).fill('AwaitSuspensionEnd'), ...ENDED]);
    await costs('help accepted in a week, schuldenrust to its end');
    expect(
      bench.calls.filter(({ at }) => at > START + 7 * DAY).map(({ name, at }) => [name, (at - START) / DAY]),
    ).toEqual([
      ['AwaitChangeFunction', 95],
      ['AwaitChangeFunction', 101],
      ['EndSuspensionFunction', 101],
    ]);
  });

  it.each([
    ['before its reminder', 80, []],
    ['after its reminder', 98, ['AwaitSuspensionEnd']],
  ])('[R-SUS-4] ended early or withdrawn %s', async (_, day, between) => {
    await accepted();
    await until(day);
    await wake();
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual([...ASSIGNED, ...SUSPENDED, ...between, ...ENDED]);
    if (between.length === 0) await costs('help accepted in a week, schuldenrust ended early');
  });

  it('[R-FLO-6] the outcome is corrected during schuldenrust: settled again', async () => {
    await accepted();
    await until(80);
    rest = [];
    await wake(wakeChanged);
    expect(await status()).toBe('SUCCEEDED');
    expect(await route()).toEqual([...ASSIGNED, ...SUSPENDED, ...CLOSED]);
    await costs('outcome corrected during schuldenrust');
  });

  it('[R-FLO-6] the outcome is corrected in the moment schuldenrust ends: settled again', async () => {
    bench.functions.EndSuspensionFunction = () => {
      rest = [];
      return fails('SignalChanged');
    };
    await accepted();
    await until(102);
    expect(await status()).toBe('SUCCEEDED');
    expect((await route()).slice(-4)).toEqual(['EndSuspension', ...CLOSED]);
  });
});

describe('bounds', () => {
  /** Every term of both kinds passes, with those of a crisis and of Haarlem, and the partner hears all at once. */
  const longest = async (): Promise<void> => {
    terms = [term('FIRST_CONVERSATION', 3), term('FEEDBACK', 7), ...TERMS];
    rest = REST;
    publish = { partner: 'elan-wonen', mail: true };
    await until(120);
    expect(await status()).toBe('SUCCEEDED');
  };

  it('the longest way without corrections is counted', async () => {
    await longest();
    await costs('all six terms, schuldenrust to its end, each message at once');
  });

  it('with ten failures of every call it stays under 600 events of the 25,000', async () => {
    for (const [name, script] of Object.entries(bench.functions))
      bench.functions[name] = (payload, nth) => (nth % 11 === 10 ? script(payload, nth) : fails('TransientFailure'));
    await longest();
    const { events = Number.POSITIVE_INFINITY } = await figures();
    expect(events).toBeLessThan(600);
    expect(events).toBeLessThan(MAX_EVENTS / 40);
  });

  it('a hundred changes while it waits stay under 2,500 events', async () => {
    for (let i = 0; i < 100; i += 1) {
      await until(3);
      await wake(wakeChanged);
    }
    await wake();
    expect(await status()).toBe('SUCCEEDED');
    expect((await figures()).events).toBeLessThan(2500);
  });
});

describe('failures', () => {
  const tasks = Object.entries(statesOf(definition)).filter(([, { Type }]) => Type === 'Task');
  const errorsOf = ({ Retry }: Node): readonly string[] => (Retry as { ErrorEquals: string[] }[])[0]?.ErrorEquals ?? [];
  const functionOf = (state: Node): string => String((state.Arguments as Node).FunctionName);
  /** The longest way, on which every task is entered; `name` fails when `now` says so. */
  const failing = async (state: Node, error: string, times: number, days = 120): Promise<void> => {
    rest = REST;
    publish = { partner: 'elan-wonen', mail: true };
    const name = functionOf(state);
    const script = bench.functions[name];
    if (script === undefined) throw new Error(name);
    // Two tasks share a function: they are told apart by what they are called with.
    const mine = (payload: Node): boolean => {
      const { waitingFor } = (state.Arguments as { Payload: Node }).Payload;
      return waitingFor === undefined || payload.waitingFor === waitingFor;
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
      expect(await figures()).toMatchObject({ transitions: 18 + 2 });
    },
  );

  /** Feedback that cannot be published at once comes with the digest. */
  const deadly = tasks.filter(([name]) => name !== 'PublishFeedback');
  it.each(deadly)('%s fails the execution by the name of what is wrong, without a second try', async (_, state) => {
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
  expect(await figures()).toMatchObject({ transitions: 14 });
  expect(bench.calls).toHaveLength(11);
});

it('every way in the file was walked above, and no other', () => {
  const inside = (edges: Iterable<string>) => [...new Set(edges)].filter((edge) => !edge.endsWith('→ end')).sort();
  expect(inside(seen)).toEqual(inside(edgesOf(definition)));
});
