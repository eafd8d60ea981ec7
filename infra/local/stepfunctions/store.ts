import { AwsError, type Millis } from '../contract.ts';
import { type Execution, type ExecutionStatus, keyOf } from './execution.ts';
import type { HistoryEvent } from './history.ts';
import type { Effects } from './interpreter.ts';

interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** What is asked of the database: an abstract-level with sorted text keys and atomic batches, or a sublevel of one. */
export interface Database {
  get(key: string): Promise<string | undefined>;
  getMany(keys: string[]): Promise<(string | undefined)[]>;
  batch(operations: Operation[]): Promise<void>;
  iterator(range: Range): AsyncIterable<[string, string]>;
}

export interface Machine {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly definition: string;
  readonly revisionId: string;
  readonly createdAt: Millis;
  readonly updatedAt?: Millis;
}

/**
 * Where things lie. A slash parts the keys: no name may hold one.
 *   m/<machine>                              the machine
 *   d/<hash>                                 a definition's text
 *   x/<machine>/<name>                       an execution
 *   h/<machine>/<name>/<event id>            its history
 *   l/<machine>/<status>/<newest first>/<name>  list of executions, once under ALL and once under the status
 *   t/<due>/<machine>/<name>/<owner>         a timer
 *   a/<machine>/<name>                       a Lambda call is under way
 */
const KEY = {
  machine: (name: string) => `m/${name}`,
  definition: (hash: string) => `d/${hash}`,
  execution: (key: string) => `x/${key}`,
  active: (key: string) => `a/${key}`,
  events: (key: string) => `h/${key}/`,
  event: (key: string, id: number) => `h/${key}/${padded(id, 6)}`,
  list: (machine: string, status: string) => `l/${machine}/${status}/`,
};
const padded = (value: number, length: number): string => String(value).padStart(length, '0');
const DUE_LENGTH = 15;
const LATEST = 10 ** DUE_LENGTH - 1;
/** The first key after all that start with `prefix`, which ends in a slash. */
const after = (prefix: string): string => `${prefix.slice(0, -1)}0`;

export const timerKey = (due: Millis, key: string, owner: string): string =>
  `t/${padded(Math.max(0, Math.ceil(due)), DUE_LENGTH)}/${key}/${owner}`;
export const dueOf = (timer: string): Millis => Number(timer.slice(2, 2 + DUE_LENGTH));
export const executionOf = (timer: string): string => timer.split('/').slice(2, 4).join('/');

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** Everything on disk; nothing of an execution is kept in memory. One batch per step. */
export class Store {
  private readonly db: Database;
  /** No timer lies before this: passes over what LevelDB remembers of removed ones. */
  private floor: Millis = 0;
  /** The earliest timer set since the pass under way began. */
  private lowest: Millis = Number.POSITIVE_INFINITY;

  constructor(db: Database) {
    this.db = db;
  }

  async machine(name: string): Promise<Machine | undefined> {
    return parsed(await this.db.get(KEY.machine(name)));
  }

  async saveMachine(machine: Machine, definition: string): Promise<void> {
    await this.db.batch([
      { type: 'put', key: KEY.definition(machine.definition), value: definition },
      { type: 'put', key: KEY.machine(machine.name), value: JSON.stringify(machine) },
    ]);
  }

  async machines(page: PageRequest): Promise<Page<Machine>> {
    return this.page(KEY.machine(''), page, (values) => values.map((value) => JSON.parse(value)));
  }

  async definition(hash: string): Promise<string> {
    const text = await this.db.get(KEY.definition(hash));
    if (text === undefined) throw new Error(`definition ${hash} is gone`);
    return text;
  }

  async execution(key: string): Promise<Execution | undefined> {
    return parsed(await this.db.get(KEY.execution(key)));
  }

  /** Writes one step: the execution, its new events, its timers and its place in the lists, all or nothing. */
  async save(execution: Execution, effects: Effects, before: ExecutionStatus | undefined): Promise<void> {
    const key = keyOf(execution);
    const put = (at: string, value: unknown): Operation => ({ type: 'put', key: at, value: JSON.stringify(value) });
    const operations: Operation[] = [put(KEY.execution(key), execution)];
    for (const event of effects.events) operations.push(put(KEY.event(key, event.id), event));
    for (const [timer, set] of effects.timers) operations.push(set ? put(timer, 0) : { type: 'del', key: timer });
    const active = Object.values(execution.branches).some(
      ({ pending }) => pending?.kind === 'task' && !pending.submitted,
    );
    operations.push(active ? put(KEY.active(key), 0) : { type: 'del', key: KEY.active(key) });
    if (before !== execution.status) {
      const place = `${padded(LATEST - execution.startedAt, DUE_LENGTH)}/${execution.name}`;
      if (before === undefined) operations.push(put(KEY.list(execution.machine, 'ALL') + place, key));
      else operations.push({ type: 'del', key: KEY.list(execution.machine, before) + place });
      operations.push(put(KEY.list(execution.machine, execution.status) + place, key));
    }
    await this.db.batch(operations);
    for (const [timer, set] of effects.timers) {
      if (!set) continue;
      this.lowest = Math.min(this.lowest, dueOf(timer));
      this.floor = Math.min(this.floor, dueOf(timer));
    }
  }

  /** Newest first. */
  async executions(machine: string, status: ExecutionStatus | undefined, page: PageRequest): Promise<Page<Execution>> {
    return this.page(KEY.list(machine, status ?? 'ALL'), page, async (values) => {
      const records = await this.db.getMany(values.map((value) => KEY.execution(JSON.parse(value))));
      return records.flatMap((record) => parsed<Execution>(record) ?? []);
    });
  }

  async history(key: string, page: PageRequest & { readonly reverse: boolean }): Promise<Page<HistoryEvent>> {
    return this.page(KEY.events(key), page, (values) => values.map((value) => JSON.parse(value)));
  }

  /** Executions that had a Lambda call under way. */
  async *active(): AsyncGenerator<string> {
    for await (const [key] of this.db.iterator({ gt: 'a/', lt: after('a/') })) yield key.slice(2);
  }

  async nextTimer(): Promise<Millis | undefined> {
    for await (const key of this.timers(LATEST, 1)) return dueOf(key);
    return undefined;
  }

  /** One pass over the timers due at `now` or before, oldest first; done when `fire` is done with each of them. */
  async pass(now: Millis, fire: (timer: string) => Promise<void>): Promise<void> {
    this.lowest = Number.POSITIVE_INFINITY;
    for await (const key of this.timers(now)) await fire(key);
    this.floor = Math.min(now, this.lowest);
  }

  private async *timers(until: Millis, limit = -1): AsyncGenerator<string> {
    const range = { gte: `t/${padded(this.floor, DUE_LENGTH)}/`, lt: after(`t/${padded(until, DUE_LENGTH)}/`), limit };
    for await (const [key] of this.db.iterator(range)) yield key;
  }

  private async page<T>(
    prefix: string,
    { maxResults, nextToken, reverse = false }: PageRequest & { readonly reverse?: boolean },
    read: (values: readonly string[]) => readonly T[] | Promise<readonly T[]>,
  ): Promise<Page<T>> {
    const from = nextToken === undefined ? undefined : prefix + fromToken(nextToken);
    const range = reverse ? { lt: from ?? after(prefix), gt: prefix } : { gt: from ?? prefix, lt: after(prefix) };
    const rows: [string, string][] = [];
    for await (const row of this.db.iterator({ ...range, reverse, limit: maxResults + 1 })) rows.push(row);
    const shown = rows.slice(0, maxResults);
    const last = shown.at(-1);
    return {
      items: await read(shown.map(([, value]) => value)),
      ...(rows.length > maxResults && last ? { nextToken: toToken(last[0].slice(prefix.length)) } : {}),
    };
  }
}

export interface PageRequest {
  readonly maxResults: number;
  readonly nextToken?: string | undefined;
}

const toToken = (place: string): string => Buffer.from(`p:${place}`).toString('base64url');
const fromToken = (token: string): string => {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith('p:')) throw new AwsError('InvalidToken', "Invalid Token: 'nextToken'");
  return text.slice(2);
};

const parsed = <T>(text: string | undefined): T | undefined => (text === undefined ? undefined : JSON.parse(text));
