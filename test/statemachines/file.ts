import { readFileSync } from 'node:fs';
import type { HistoryEvent } from '#infra/local/stepfunctions/history.ts';

export type Node = { readonly [field: string]: unknown };

/** A state machine as it lies in the repository, with each `${Name}` filled in by its own name. */
export const stateMachine = (name: 'signal' | 'delivery') => {
  const text = readFileSync(new URL(`../../statemachines/${name}.asl.json`, import.meta.url), 'utf8');
  const filled = text.replace(/\$\{(\w+)\}/g, '$1');
  return { text, filled, definition: JSON.parse(filled) as Node };
};

/** Every state of the machine and of the Maps in it, by name. */
export const statesOf = (container: Node): Readonly<Record<string, Node>> => {
  const states = container.States as Record<string, Node>;
  return Object.assign(
    {},
    states,
    ...Object.values(states).flatMap(({ ItemProcessor: inner }) => (inner ? [statesOf(inner as Node)] : [])),
  );
};

/** Every way from a state to the next, as `A → B`; the end of the execution or of an iteration is `end`. */
export const edgesOf = (definition: Node): readonly string[] =>
  Object.entries(statesOf(definition)).flatMap(([name, state]) => {
    const choices = (state.Choices ?? []) as Node[];
    const catches = (state.Catch ?? []) as Node[];
    const nexts = [state.Next, state.Default, ...choices.map(({ Next }) => Next), ...catches.map(({ Next }) => Next)];
    const known = nexts.filter((next) => next !== undefined);
    return (known.length === 0 ? ['end'] : known).map((next) => `${name} → ${next}`);
  });

/** The ways an execution without Map went. */
export const walked = (events: readonly HistoryEvent[]): readonly string[] => {
  const names = visited(events);
  return names.map((name, index) => `${name} → ${names[index + 1] ?? 'end'}`);
};

/** Names of the states entered, in order. */
export const visited = (events: readonly HistoryEvent[]): readonly string[] =>
  events.flatMap(({ stateEnteredEventDetails: entered }) => (entered ? [String(entered.name)] : []));

/** Every expression in the file, with where it stands. */
export const expressionsOf = (value: unknown, path = ''): readonly { path: string; source: string }[] => {
  if (typeof value === 'string') return value.startsWith('{%') ? [{ path, source: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => expressionsOf(part, `${path}/${key}`));
};
