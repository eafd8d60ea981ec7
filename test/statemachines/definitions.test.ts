import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { FAILURES } from '#domain/failure.ts';
import { parseDefinition } from '#infra/local/stepfunctions/definition.ts';
import { compiler, type Json, type Scope } from '#infra/local/stepfunctions/expressions.ts';
import { expressionsOf, type Node, stateMachine, statesOf } from './file.ts';

const NOW = Date.parse('2026-03-02T08:00:00.000Z');

describe.each(['signal', 'delivery'] as const)('%s.asl.json', (name) => {
  const { text, filled, definition } = stateMachine(name);
  const tasks = Object.entries(statesOf(definition)).filter(([, { Type }]) => Type === 'Task');

  it('is accepted by asl-validator and by the embedded Step Functions', () => {
    const { errors } = aslValidator(JSON.parse(filled), { checkPaths: true, checkArn: true });
    expect(errors).toEqual([]);
    expect(() => parseDefinition(filled)).not.toThrow();
  });

  it('stays far under the 1 MB a definition may have, and says of every task what it is for', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(100_000);
    for (const [state, { Comment }] of tasks) if (state !== 'RouteSignals') expect(Comment, state).toBeTypeOf('string');
  });

  it('retries in every task what may pass by itself, and no other failure of ours', () => {
    for (const [state, { Retry }] of tasks) {
      expect(Retry, state).toEqual([
        {
          ErrorEquals: [
            'TransientFailure',
            'Lambda.ServiceException',
            'Lambda.AWSLambdaException',
            'Lambda.SdkClientException',
            'Lambda.TooManyRequestsException',
            'Lambda.Unknown',
            // The function's own timeout and a dead runtime: each call may run twice.
            'Sandbox.Timedout',
            'Runtime.ExitError',
          ],
          IntervalSeconds: 2,
          BackoffRate: 2,
          MaxAttempts: 10,
          MaxDelaySeconds: 300,
          JitterStrategy: 'FULL',
        },
      ]);
      const [{ ErrorEquals }] = Retry as [{ ErrorEquals: string[] }];
      expect(FAILURES.filter((failure) => ErrorEquals.includes(failure))).toEqual(['TransientFailure']);
    }
  });

  it('catches the passing of a term, a change, and what the digest makes good: any other failure stays visible', () => {
    for (const [state, { Catch = [], Resource, TimeoutSeconds }] of tasks) {
      const waits = String(Resource).endsWith('.waitForTaskToken');
      expect(TimeoutSeconds !== undefined, state).toBe(waits);
      const caught = (Catch as { ErrorEquals: string[] }[]).flatMap(({ ErrorEquals }) => ErrorEquals);
      const wanted: Readonly<Record<string, readonly string[]>> = {
        PublishFeedback: ['States.ALL'],
        EndSuspension: ['SignalChanged'],
      };
      expect(caught, state).toEqual(waits ? ['States.Timeout', 'SignalChanged'] : (wanted[state] ?? []));
    }
  });

  it('[R-PRI-3] gives a function nothing but ids, terms, flags and the token', () => {
    const ids = ['caseId', 'signalId', 'deliveryId', 'chunk', 'term', 'waitingFor', 'taskToken'];
    const known = [...ids, 'partner', 'mail', 'immediate'];
    for (const [state, { Arguments }] of tasks) {
      const { Payload, ...rest } = Arguments as { Payload: Node };
      expect(Object.keys(rest), state).toEqual(['FunctionName']);
      expect(known, state).toEqual(expect.arrayContaining(Object.keys(Payload)));
    }
  });
});

const TERM = { kind: 'REMINDER', on: '2026-03-15', at: '2026-03-15T23:00:00.000Z' };
const REF = { caseId: '0392-2603-0123456789AB', signalId: '0123456789ABCDEF-2603' };

interface Case {
  readonly states?: Partial<Scope['states']>;
  readonly variables?: Scope['variables'];
  readonly gives: Json;
}

/** What each expression of both files gives: a new one fails here until it has its cases. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  '{% $states.context.Execution.Input.caseId %}': [
    { states: { context: { Execution: { Input: REF } } }, gives: REF.caseId },
  ],
  '{% $states.context.Execution.Input.signalId %}': [
    { states: { context: { Execution: { Input: REF } } }, gives: REF.signalId },
  ],
  '{% $states.input.deliveryId %}': [{ states: { input: { deliveryId: 'D' } }, gives: 'D' }],
  '{% $states.input.chunk %}': [{ states: { input: { chunk: 0 } }, gives: 0 }],
  '{% $deliveryId %}': [{ variables: { deliveryId: 'D' }, gives: 'D' }],
  '{% $ref.caseId %}': [{ variables: { ref: REF }, gives: REF.caseId }],
  '{% $ref.signalId %}': [{ variables: { ref: REF }, gives: REF.signalId }],
  '{% $exists($terms[$next]) ? $terms[$next] : null %}': [
    { variables: { terms: [TERM], next: 0 }, gives: TERM },
    { variables: { terms: [TERM], next: 1 }, gives: null },
    { variables: { terms: [], next: 0 }, gives: null },
    { variables: { terms: [{ ...TERM, kind: 'WARNING' }, TERM], next: 1 }, gives: TERM },
  ],
  // Terms that end on one day pass together; the next is the first one ahead.
  '{% $count($terms[$toMillis(at) <= $millis()]) %}': [
    { variables: { terms: [{ at: '2026-03-02T08:00:00.000Z' }, { at: '2026-03-02T08:00:00.001Z' }] }, gives: 1 },
    { variables: { terms: [{ at: '2026-03-01T23:00:00.000Z' }, { at: '2026-03-01T23:00:00.000Z' }] }, gives: 2 },
    { variables: { terms: [{ at: '2026-03-03T23:00:00.000Z' }] }, gives: 0 },
    { variables: { terms: [] }, gives: 0 },
  ],
  '{% $waiting %}': [{ variables: { waiting: true }, gives: true }],
  '{% $publish.partner %}': [{ variables: { publish: { partner: 'elan-wonen', mail: true } }, gives: 'elan-wonen' }],
  '{% $publish.mail %}': [{ variables: { publish: { partner: 'elan-wonen', mail: false } }, gives: false }],
  '{% $publish != null %}': [
    { variables: { publish: { partner: 'elan-wonen', mail: false } }, gives: true },
    { variables: { publish: null }, gives: false },
  ],
  '{% $states.result.Payload.publish %}': [
    { states: { result: { Payload: { publish: null } } }, gives: null },
    { states: { result: { Payload: { publish: { partner: 'e', mail: true } } } }, gives: { partner: 'e', mail: true } },
  ],
  '{% $states.result.Payload %}': [{ states: { result: { Payload: { counts: 1 } } }, gives: { counts: 1 } }],
  '{% $states.result.Payload.waiting %}': [{ states: { result: { Payload: { waiting: false } } }, gives: false }],
  '{% $states.result.Payload.verdict %}': [{ states: { result: { Payload: { verdict: 'ROUTE' } } }, gives: 'ROUTE' }],
  '{% $states.result.Payload.chunks %}': [{ states: { result: { Payload: { chunks: 3 } } }, gives: 3 }],
  // A list of one or of none stays a list: JSONata unwraps where it can.
  '{% $states.result.Payload.terms %}': [
    { states: { result: { Payload: { terms: [] } } }, gives: [] },
    { states: { result: { Payload: { terms: [TERM] } } }, gives: [TERM] },
  ],
  '{% $states.context.Task.Token %}': [{ states: { context: { Task: { Token: 'T' } } }, gives: 'T' }],
  '{% $states.context.Map.Item.Value %}': [
    { states: { context: { Map: { Item: { Index: 1, Value: 0 } } } }, gives: 0 },
  ],
  "{% $states.input.verdict = 'ROUTE' and $states.input.chunks > 0 %}": [
    { states: { input: { verdict: 'ROUTE', chunks: 1 } }, gives: true },
    { states: { input: { verdict: 'ROUTE', chunks: 0 } }, gives: false },
    { states: { input: { verdict: 'REFUSED', chunks: 0 } }, gives: false },
  ],
  '{% [0..($states.input.chunks - 1)] %}': [
    { states: { input: { chunks: 1 } }, gives: [0] },
    { states: { input: { chunks: 3 } }, gives: [0, 1, 2] },
  ],
  // To the second, never before the term; a term that passed already is a wait of one second, none at all an hour.
  '{% $exists($terms[$next]) ? $max([1, $ceil(($toMillis($terms[$next].at) - $millis()) / 1000)]) : 3600 %}': [
    { variables: { next: 0, terms: [{ at: '2026-03-30T08:00:00.000Z' }] }, gives: 28 * 86_400 },
    { variables: { next: 0, terms: [{ at: '2026-03-02T08:00:01.001Z' }] }, gives: 2 },
    { variables: { next: 0, terms: [{ at: '2026-03-02T08:00:00.000Z' }] }, gives: 1 },
    { variables: { next: 1, terms: [TERM, { at: '2026-02-01T08:00:00.000Z' }] }, gives: 1 },
    { variables: { next: 1, terms: [TERM] }, gives: 3600 },
    { variables: { next: 0, terms: [] }, gives: 3600 },
  ],
};

describe('expressions', () => {
  const used = [
    ...new Set(
      ['signal', 'delivery'].flatMap((name) =>
        expressionsOf(stateMachine(name as 'signal').definition).map(({ source }) => source),
      ),
    ),
  ];

  it('each have their cases, and each case its expression', () => {
    expect(Object.keys(CASES).sort()).toEqual([...used].sort());
  });

  it.each(Object.entries(CASES).flatMap(([source, cases]) => cases.map((one) => [source, one] as const)))(
    '%s → %j',
    async (source, { states, variables = {}, gives }) => {
      const problems: string[] = [];
      const template = compiler((_, message) => problems.push(message)).compile(source, '/', [
        'input',
        'context',
        'result',
      ]);
      expect(problems).toEqual([]);
      const scope = { states: { input: {}, context: {}, ...states }, variables, now: NOW, random: () => 0 };
      expect(await template(scope)).toEqual(gives);
    },
  );
});
