import { describe, expect, it } from 'vitest';
import { parseDefinition } from '#infra/local/stepfunctions/definition.ts';
import { invoke, machineOf, waitForToken } from '#test/support/stepfunctions.ts';

const problemsOf = (definition: unknown): string => {
  try {
    parseDefinition(typeof definition === 'string' ? definition : JSON.stringify(definition));
    return '';
  } catch (error) {
    expect(error).toMatchObject({ code: 'InvalidDefinition', status: 400 });
    return (error as Error).message;
  }
};
const pass = (more: object = {}) => ({ Type: 'Pass', End: true, ...more });
const task = (more: object) => machineOf({ A: invoke('F', more) });
const retry = (more: object) => task({ Retry: [{ ErrorEquals: ['Busy'], ...more }] });
const map = (more: object) =>
  machineOf({
    M: { Type: 'Map', ItemProcessor: { StartAt: 'I', States: { I: pass() }, ...more }, End: true },
  });

describe('what is unknown is an error that names it', () => {
  it.each([
    ['JSONPath', { StartAt: 'A', States: { A: pass() } }, '/QueryLanguage'],
    ['a JSONPath state', machineOf({ A: pass({ QueryLanguage: 'JSONPath' }) }), '/States/A/QueryLanguage'],
    ['a JSONPath field', machineOf({ A: pass({ ResultPath: '$.x' }) }), '/States/A/ResultPath: unknown field'],
    ['a field of the machine', machineOf({ A: pass() }, { Tracing: true }), '/Tracing: unknown field'],
    ['a state type', machineOf({ A: { Type: 'Loop' } }), '/States/A/Type: unknown state type "Loop"'],
    ['HeartbeatSeconds', task({ HeartbeatSeconds: 5 }), '/States/A/HeartbeatSeconds: unknown field'],
    ['Credentials', task({ Credentials: {} }), '/States/A/Credentials: unknown field'],
    ['a resource', task({ Resource: 'arn:aws:states:::sqs:sendMessage' }), '/States/A/Resource: unknown resource'],
    [
      'an argument of lambda:invoke',
      task({ Arguments: { FunctionName: 'F', Qualifier: '1' } }),
      '/States/A/Arguments/Qualifier: unknown field',
    ],
    ['a field of Retry', retry({ MaxAttemps: 1 }), '/States/A/Retry/0/MaxAttemps: unknown field'],
    ['a jitter', retry({ JitterStrategy: 'SOME' }), '/States/A/Retry/0/JitterStrategy'],
    ['a States error', retry({ ErrorEquals: ['States.Http.Socket'] }), 'unknown error States.Http.Socket'],
    ['a distributed Map', map({ ProcessorConfig: { Mode: 'DISTRIBUTED' } }), '/ProcessorConfig/Mode: unknown mode'],
    ['a field of ProcessorConfig', map({ ProcessorConfig: { ExecutionType: 'STANDARD' } }), '/ExecutionType'],
    [
      'a field in an inner state',
      map({ States: { I: pass({ Result: 1 }) } }),
      '/States/M/ItemProcessor/States/I/Result',
    ],
    [
      'a function',
      machineOf({ A: pass({ Output: '{% $nope(1) %}' }) }),
      '/States/A/Output: calls unknown function $nope',
    ],
    ['$eval', machineOf({ A: pass({ Output: "{% $eval('1') %}" }) }), 'calls unknown function $eval'],
    ['a variable', machineOf({ A: pass({ Output: '{% $typo %}' }) }), 'reads variable $typo, which no state assigns'],
    [
      '$states.result without a result',
      machineOf({ A: pass({ Output: '{% $states.result %}' }) }),
      'reads $states.result, which does not exist here (input, context do)',
    ],
    [
      '$states.errorOutput outside of Catch',
      task({ Output: '{% $states.errorOutput.Error %}' }),
      'reads $states.errorOutput',
    ],
  ])('%s', (_, definition, words) => {
    expect(problemsOf(definition)).toContain(words);
  });
});

describe('what cannot run is refused', () => {
  it.each([
    ['text that is no JSON', '{', 'is no JSON'],
    ['a list', [], '/: must be an object'],
    ['no states', { QueryLanguage: 'JSONata', StartAt: 'A', States: {} }, '/States'],
    ['no StartAt', { QueryLanguage: 'JSONata', States: { A: pass() } }, '/StartAt: is missing'],
    ['an unknown StartAt', machineOf({ A: pass() }, { StartAt: 'B' }), '/StartAt: names unknown state B'],
    ['an unknown Next', machineOf({ A: pass({ End: undefined, Next: 'B' }) }), '/States/A/Next: names unknown state B'],
    [
      'an unknown Next of a Catch',
      task({ Catch: [{ ErrorEquals: ['X'], Next: 'B' }] }),
      '/States/A/Catch/0/Next: names unknown state B',
    ],
    [
      'an unknown Default',
      machineOf({ C: { Type: 'Choice', Choices: [{ Condition: true, Next: 'C' }], Default: 'D' } }),
      '/States/C/Default: names unknown state D',
    ],
    ['a state nobody reaches', machineOf({ A: pass(), B: pass() }), '/States/B: cannot be reached'],
    ['neither Next nor End', machineOf({ A: { Type: 'Pass' } }), '/States/A: must have either Next or End'],
    ['both Next and End', machineOf({ A: pass({ Next: 'A' }) }), '/States/A: must have either Next or End'],
    ['Retry that is no list', task({ Retry: {} }), '/States/A/Retry: must be a list'],
    ['no error names', retry({ ErrorEquals: [] }), '/ErrorEquals: must be a list'],
    ['States.ALL beside others', retry({ ErrorEquals: ['States.ALL', 'X'] }), 'States.ALL must stand alone'],
    ['a fraction of an attempt', retry({ MaxAttempts: 1.5 }), '/MaxAttempts: must be a whole number'],
    ['a shrinking backoff', retry({ BackoffRate: 0.5 }), '/BackoffRate'],
    ['a timeout of 0', task({ TimeoutSeconds: 0 }), '/States/A/TimeoutSeconds: must be a whole number from 1'],
    ['Wait without a time', machineOf({ W: { Type: 'Wait', End: true } }), 'either Seconds or Timestamp'],
    ['a broken expression', machineOf({ A: pass({ Output: '{% 1 + %}' }) }), '/States/A/Output: is no JSONata'],
    ['a half-open expression', machineOf({ A: pass({ Output: '{% 1' }) }), 'must start with {% and end with %}'],
    ['a blank before an expression', machineOf({ A: pass({ Output: ' {% 1 %}' }) }), 'must start with {%'],
    ['the variable states', machineOf({ A: pass({ Assign: { states: 1 } }) }), '/Assign/states: is no name'],
    [
      'an outer variable assigned inside',
      machineOf({
        A: pass({ Assign: { x: 1 }, End: undefined, Next: 'M' }),
        M: { Type: 'Map', ItemProcessor: { StartAt: 'I', States: { I: pass({ Assign: { x: 2 } }) } }, End: true },
      }),
      'assigns $x, which an outer scope assigns',
    ],
    ['two states of one name', map({ StartAt: 'M', States: { M: pass() } }), 'has a name that another state has'],
    ['no condition', machineOf({ C: { Type: 'Choice', Choices: [{ Next: 'C' }] } }), '/Choices/0/Condition'],
  ])('%s', (_, definition, words) => {
    expect(problemsOf(definition)).toContain(words);
  });

  it('names every problem at once', () => {
    const words = problemsOf(machineOf({ A: pass({ Result: 1 }), B: { Type: 'Loop' } }));
    for (const path of ['/States/A/Result', '/States/B/Type']) expect(words).toContain(path);
  });
});

it('reads what the product uses', () => {
  expect(
    parseDefinition(
      JSON.stringify(
        machineOf({
          A: waitForToken('F', {
            TimeoutSeconds: '{% $max([1, 2]) %}',
            Output: '{% ($f := function($x) { $x }; $map([1], $f) ~> $count) %}',
          }),
        }),
      ),
    ),
  ).toMatchObject({ startAt: 'A', states: { A: { type: 'Task', waitForToken: true } } });
});
