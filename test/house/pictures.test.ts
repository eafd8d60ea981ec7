import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { edgesOf, type Node } from '../statemachines/file.ts';
import { type Machine, machines, PICTURES_PAGE, pictureOf, picturesPage, tableOf } from './pictures.ts';

const call = (name: string, over: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: `$\{${name}Function}` },
  ...over,
});

const drawnLines = (machine: Machine): readonly string[] =>
  pictureOf(machine)
    .split('\n')
    .slice(2, -3)
    .map((line) => line.slice(2));

describe('a picture of a machine', () => {
  it('draws each type its own way, and a wait for a token unlike a task', () => {
    expect(
      drawnLines({
        StartAt: 'Ask',
        States: {
          Ask: call('Ask', { Next: 'Sleep' }),
          Sleep: call('Sleep', { Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', Next: 'Pause' }),
          Pause: { Type: 'Wait', Next: 'Pick' },
          Pick: { Type: 'Choice', Choices: [], Default: 'Done' },
          Done: { Type: 'Succeed' },
          Broken: { Type: 'Fail' },
        },
      }),
    ).toEqual([
      'start(( )) --> Ask',
      'Ask["Ask"]',
      'Ask --> Sleep',
      'Sleep{{"Sleep"}}:::waits',
      'Sleep --> Pause',
      'Pause{{"Pause"}}:::waits',
      'Pause --> Pick',
      'Pick{"Pick"}',
      'Pick -->|"else"| Done',
      'Done(["Done"])',
      'Broken(["Broken"]):::fails',
    ]);
  });

  it('labels what is caught, a loop to itself included, and joins two errors on one arrow', () => {
    expect(
      drawnLines({
        StartAt: 'Sleep',
        States: {
          Sleep: call('Sleep', {
            Catch: [
              { ErrorEquals: ['States.Timeout'], Next: 'Sleep' },
              { ErrorEquals: ['OtherNews'], Next: 'Sleep' },
              { ErrorEquals: ['States.ALL'], Comment: 'gives up', Next: 'Done' },
            ],
            Next: 'Done',
          }),
          Done: { Type: 'Succeed' },
        },
      }).slice(2, 5),
    ).toEqual(['Sleep --> Done', 'Sleep -.->|"term passed<br>or OtherNews"| Sleep', 'Sleep -.->|"gives up"| Done']);
  });

  it('shortens conditions, keeps what Mermaid would take for its own, and never names a state end', () => {
    expect(
      drawnLines({
        StartAt: 'IsTheOutcomeAwaited',
        States: {
          IsTheOutcomeAwaited: {
            Type: 'Choice',
            Choices: [
              { Condition: '{% $states.input.waiting and $count($terms) > 0 %}', Next: 'end' },
              { Condition: '{% $n > 3 %}', Next: 'end' },
              { Condition: '{% $x = "a" %}', Comment: 'told', Next: 'Is this it?' },
            ],
          },
          end: { Type: 'Succeed' },
          'Is this it?': { Type: 'Pass' },
        },
      }),
    ).toEqual([
      'start(( )) --> IsTheOutcomeAwaited',
      'IsTheOutcomeAwaited{"IsTheOutcome<br>Awaited"}',
      'IsTheOutcomeAwaited -->|"waiting and<br>terms or n<br>#62; 3"| End',
      'IsTheOutcomeAwaited -->|"told"| Is_this_it_',
      'End(["end"])',
      'Is_this_it_["Is this it?"]',
    ]);
  });

  it('frames what a Map and a Parallel run', () => {
    const inner = (name: string): Machine => ({ StartAt: name, States: { [name]: call(name) } });
    expect(
      drawnLines({
        StartAt: 'Each',
        States: {
          Each: { Type: 'Map', ItemProcessor: inner('Route'), Next: 'Both' },
          Both: { Type: 'Parallel', Branches: [inner('Left'), inner('Right')] },
        },
      }),
    ).toEqual([
      'start(( )) --> Each',
      'subgraph Each["Each, for each"]',
      '  Route["Route"]',
      'end',
      'Each --> Both',
      'subgraph Both["Both, side by side"]',
      '  Left["Left"]',
      '  Right["Right"]',
      'end',
    ]);
  });

  it('tells below it what each state does, with each kind of retry once', () => {
    const retry = [{ ErrorEquals: ['TransientFailure', 'Lambda.Unknown'], IntervalSeconds: 2, MaxAttempts: 10 }];
    expect(
      tableOf({
        StartAt: 'First',
        States: {
          First: call('First', { Comment: 'Reads a | b.', Retry: retry, Next: 'Each' }),
          Each: {
            Type: 'Map',
            Comment: 'In any order.',
            ItemProcessor: {
              StartAt: 'Second',
              States: {
                Second: call('Second', { Retry: [...retry, { ErrorEquals: ['Busy'], MaxDelaySeconds: 9 }] }),
              },
            },
            Next: 'Done',
          },
          Done: { Type: 'Succeed' },
        },
      }),
    ).toBe(`| state | what it does | retried on | function |
|---|---|---|---|
| First | Reads a \\| b. | (1) | \`FirstFunction\` |
| Each | In any order. |  |  |
| Second |  | (1) (2) | \`SecondFunction\` |

- (1) \`TransientFailure\`, \`Lambda.Unknown\`: 10 times, first after 2 s, each wait 2 times the one before.
- (2) \`Busy\`: 3 times, first after 1 s, each wait 2 times the one before, at most 9 s.`);
  });
});

describe('statemachines/README.md', () => {
  it.each([...machines()])('draws every way in %s', (_, machine) => {
    const picture = pictureOf(machine);
    const ways = edgesOf(machine as unknown as Node).filter((way) => !way.endsWith('→ end'));
    expect(ways.length).toBeGreaterThan(3);
    const missing = ways.filter((way) => {
      const [from = '', to = ''] = way.split(' → ');
      return !new RegExp(`^ +${from} -\\.?->(?:\\|"[^"]*"\\|)? ${to}$`, 'm').test(picture);
    });
    expect(missing).toEqual([]);
  });

  it('is up to date: npm run rules', () => {
    expect(readFileSync(PICTURES_PAGE, 'utf8')).toBe(picturesPage());
  });
});
