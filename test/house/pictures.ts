import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATHS } from '../statemachines/paths.ts';

/**
 * The workflows as pictures. `npm run rules` writes statemachines/README.md from statemachines/*.asl.json; a test fails
 * when the page is stale.
 */
const FOLDER = 'statemachines';
export const PICTURES_PAGE = join(FOLDER, 'README.md');

interface Way {
  readonly Next: string;
  /** Stands on the edge instead of the error or the condition. */
  readonly Comment?: string;
}

interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly Arguments?: { readonly FunctionName?: string };
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly (Way & { readonly Condition: string })[];
  readonly Catch?: readonly (Way & { readonly ErrorEquals: readonly string[] })[];
  readonly Retry?: readonly Retrier[];
  readonly ItemProcessor?: Machine;
  readonly Branches?: readonly Machine[];
}

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts?: number;
  readonly MaxDelaySeconds?: number;
}

/** A state machine, the body of a Map or a branch of a Parallel. */
export interface Machine {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** Errors whose name does not say what they mean here. */
const ERROR_WORDS: Readonly<Record<string, string>> = {
  'States.Timeout': 'term passed',
  'States.ALL': 'any error',
  SignalChanged: 'signal changed',
};

/** Characters in a line of a text; a diamond grows both ways with its words. */
const LINE = 20;
const SHORT_LINE = 12;

/** A Mermaid text in lines of about this length, so that the picture stays narrow; a piece is never broken. */
const label = (pieces: readonly string[], length: number): string => {
  const lines: string[] = [];
  for (const piece of pieces) {
    const longer = `${lines.at(-1) ?? ''}${piece}`;
    if (lines.length > 0 && longer.length <= length) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return `"${lines.map((line) => line.trim().replace(/[#"<>]/g, (sign) => `#${sign.codePointAt(0)};`)).join('<br>')}"`;
};

const nameLabel = (name: string, length: number): string => label(name.split(/(?=[A-Z][a-z])/), length);
const wordsLabel = (text: string): string => label(text.split(/(?<= )/), SHORT_LINE);

/** `{% $states.input.waiting and $count($terms) > 0 %}` → `waiting and terms`. */
const shortCondition = (condition: string): string =>
  condition
    .replace(/^\{%\s*|\s*%\}$/g, '')
    .replace(/\$count\(([^()]*)\) > 0/g, '$1')
    .replace(/\$states\.(?:input|result|context)\.|\$(?=\w)/g, '');

/** A name Mermaid takes: letters and digits, and never its own word `end`. */
const idOf = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1).replace(/\W+/g, '_')}`;

const isWait = ({ Type, Resource }: State): boolean =>
  Type === 'Wait' || (Resource?.endsWith('.waitForTaskToken') ?? false);

const bodiesOf = ({ ItemProcessor, Branches = [] }: State): readonly Machine[] =>
  ItemProcessor ? [ItemProcessor] : Branches;

const shape = (name: string, state: State): string => {
  const text = nameLabel(name, state.Type === 'Choice' ? SHORT_LINE : LINE);
  if (isWait(state)) return `${idOf(name)}{{${text}}}:::waits`;
  switch (state.Type) {
    case 'Choice':
      return `${idOf(name)}{${text}}`;
    case 'Succeed':
      return `${idOf(name)}([${text}])`;
    case 'Fail':
      return `${idOf(name)}([${text}]):::fails`;
    default:
      return `${idOf(name)}[${text}]`;
  }
};

/** One arrow for all ways of one kind between the same two states. */
const edges = (name: string, { Next, Choices = [], Default, Catch = [] }: State): readonly string[] => {
  const found = new Map<string, string[]>();
  const add = (arrow: string, to: string, words?: string): void => {
    const key = `${idOf(name)} ${arrow} ${idOf(to)}`;
    found.set(key, [...(found.get(key) ?? []), ...(words === undefined ? [] : [words])]);
  };
  if (Next !== undefined) add('-->', Next);
  for (const { Condition, Comment, Next: to } of Choices) add('-->', to, Comment ?? shortCondition(Condition));
  if (Default !== undefined) add('-->', Default, 'else');
  for (const { ErrorEquals, Comment, Next: to } of Catch)
    add('-.->', to, Comment ?? ErrorEquals.map((error) => ERROR_WORDS[error] ?? error).join(' or '));
  return [...found].map(([key, words]) => {
    const [from = '', arrow = '', to = ''] = key.split(' ');
    return `${from} ${arrow}${words.length === 0 ? '' : `|${wordsLabel(words.join(' or '))}|`} ${to}`;
  });
};

const drawn = ({ States }: Machine): readonly string[] =>
  Object.entries(States).flatMap(([name, state]) => {
    const bodies = bodiesOf(state);
    const node =
      bodies.length === 0
        ? [shape(name, state)]
        : [
            `subgraph ${idOf(name)}[${label([`${name}${state.Type === 'Map' ? ', for each' : ', side by side'}`], LINE)}]`,
            ...bodies.flatMap(drawn).map((line) => `  ${line}`),
            'end',
          ];
    return [...node, ...edges(name, state)];
  });

/**
 * A Mermaid flowchart of a machine: hexagon = waits to be woken, diamond = choice, rounded = end, box in a frame = what
 * a Map or Parallel runs; a dashed arrow is a caught error. Retries are not drawn.
 */
export const pictureOf = (machine: Machine): string =>
  [
    // As narrow and low as it stays readable: a machine is one page.
    "%%{init: {'flowchart': {'rankSpacing': 40, 'nodeSpacing': 40, 'padding': 8}}}%%",
    'flowchart TD',
    `  start(( )) --> ${idOf(machine.StartAt)}`,
    ...drawn(machine).map((line) => `  ${line}`),
    '  classDef waits stroke-dasharray: 6 3',
    '  classDef fails stroke-width: 3px',
    '',
  ].join('\n');

const statesOf = ({ States }: Machine): readonly (readonly [string, State])[] =>
  Object.entries(States).flatMap(([name, state]) => [[name, state] as const, ...bodiesOf(state).flatMap(statesOf)]);

const retrySays = ({ ErrorEquals, IntervalSeconds = 1, BackoffRate = 2, MaxAttempts = 3, MaxDelaySeconds }: Retrier) =>
  `${ErrorEquals.map((error) => `\`${error}\``).join(', ')}: ${MaxAttempts} times, first after ${IntervalSeconds} s, each wait ${BackoffRate} times the one before${MaxDelaySeconds === undefined ? '' : `, at most ${MaxDelaySeconds} s`}.`;

/** Markdown: states with a function or a comment, and below them each kind of retry once. */
export const tableOf = (machine: Machine): string => {
  const kinds: string[] = [];
  const kindOf = (retrier: Retrier): number => {
    const says = retrySays(retrier);
    if (!kinds.includes(says)) kinds.push(says);
    return kinds.indexOf(says) + 1;
  };
  const rows = statesOf(machine).flatMap(([name, { Comment = '', Retry = [], Arguments }]) => {
    const called = /^\$\{(\w+)\}$/.exec(Arguments?.FunctionName ?? '')?.[1];
    if (Comment === '' && called === undefined) return [];
    const cells = [
      name,
      Comment.replaceAll('|', '\\|'),
      Retry.map((each) => `(${kindOf(each)})`).join(' '),
      called === undefined ? '' : `\`${called}\``,
    ];
    return [`| ${cells.join(' | ')} |`];
  });
  return [
    '| state | what it does | retried on | function |',
    '|---|---|---|---|',
    ...rows,
    ...(kinds.length === 0 ? [] : ['']),
    ...kinds.map((says, index) => `- (${index + 1}) ${says}`),
  ].join('\n');
};

/** Every machine of the folder by name, as it lies there: `${…}` not filled in. */
export const machines = (): ReadonlyMap<string, Machine> =>
  new Map(
    readdirSync(FOLDER)
      .filter((file) => file.endsWith('.asl.json'))
      .sort()
      .map((file) => [file, JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Machine]),
  );

export const picturesPage = (): string =>
  `<!-- Generated by \`npm run rules\`; do not edit. -->
# The workflows

Drawn from the files beside this page. A hexagon waits to be woken, at most until its term; a diamond chooses; a dashed arrow
is an error that is expected. Retries are not drawn but stand in the tables.
${[...machines()]
  .map(
    ([file, machine]) => `
## [${file}](${file})

${machine.Comment ?? ''}

\`\`\`mermaid
${pictureOf(machine)}\`\`\`

${tableOf(machine)}
`,
  )
  .join('')}
## What a signal's ways cost

Transitions are what Step Functions bills, events are at most 25,000 per execution. Each moment at which terms pass is one
transition.

| way | transitions | events |
|---|---|---|
${Object.entries(PATHS)
  .map(([path, { transitions, events }]) => `| ${path} | ${transitions} | ${events} |`)
  .join('\n')}
`;

if (process.argv[1]?.endsWith('test/house/pictures.ts')) writeFileSync(PICTURES_PAGE, picturesPage());
