import { randomUUID } from 'node:crypto';
import type { LocalClock, Millis } from './contract.ts';
import type { Database } from './database.ts';

/** One piece of work as it lies on disk. `attempts` counts the finished ones. */
export type Work<T> = { readonly id: string; readonly attempts: number; readonly since: Millis; readonly body: T };

/** Done, or to be tried again at a moment. */
export type WorkOutcome = 'done' | { readonly againAt: Millis };

export type DurableQueue<T> = {
  /** On disk when it resolves, all or none; then it is worked on at least once. */
  put(bodies: readonly T[]): Promise<readonly string[]>;
  /** What waits or is under way. */
  size(): Promise<number>;
  /** Takes no new work on; resolves when what runs is finished. */
  close(): Promise<void>;
};

const keyOf = (at: Millis, id: string): string => `${String(at).padStart(16, '0')}!${id}`;
const dueOf = (key: string): Millis => Number(key.slice(0, 16));

/**
 * Work that outlives the process: kept until `work` says it is done, at least once, in order of the moment it is due.
 * A rejection of `work` is a fault of the host: the entry stays and is tried again a (virtual) minute later.
 */
export const openQueue = <T>(options: {
  readonly db: Database;
  readonly clock: LocalClock;
  readonly name: string;
  readonly concurrency: number;
  readonly work: (work: Work<T>) => Promise<WorkOutcome>;
}): DurableQueue<T> => {
  const { clock, name, concurrency } = options;
  const db = options.db.sublevel<string, Work<T>>(name, { valueEncoding: 'json' });
  const underWay = new Map<string, Promise<void>>();
  let closed = false;
  /** What `next` found, until something changes: the clock asks far more often than anything does. */
  let found: { readonly due: Millis | undefined } | undefined;

  /** Nothing lies before it: what is deleted there costs time to step over until the database tidies up. */
  let floor = '';
  let writing = 0;
  const write = async (puts: ReadonlyArray<{ key: string; value: Work<T> }>, del?: string): Promise<void> => {
    writing += 1;
    try {
      const batch = puts.map((put) => ({ type: 'put' as const, ...put }));
      await db.batch(del === undefined ? batch : [...batch, { type: 'del', key: del }]);
    } finally {
      writing -= 1;
      for (const { key } of puts) if (key < floor) floor = key;
      found = undefined;
      clock.poke();
    }
  };

  const run = async (key: string, entry: Work<T>): Promise<void> => {
    const done = clock.begin();
    try {
      const outcome = await options.work(entry).catch((error: unknown): WorkOutcome => {
        console.error(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        return { againAt: clock.now() + 60_000 };
      });
      if (outcome === 'done') await write([], key);
      // Broken off by the stop: not counted, done again after the start.
      else if (!closed) {
        const again = { ...entry, attempts: entry.attempts + 1 };
        await write([{ key: keyOf(outcome.againAt, entry.id), value: again }], key);
      }
    } finally {
      underWay.delete(key);
      found = undefined;
      clock.poke();
      done();
    }
  };

  clock.register({
    name,
    pulls: true,
    async next() {
      // A full house looks again when a place comes free.
      if (closed || underWay.size >= concurrency) return undefined;
      if (found !== undefined) return found.due;
      const looked = { due: undefined as Millis | undefined };
      found = looked;
      const now = clock.now();
      const keys = await db.keys({ gte: floor, limit: underWay.size + 1 }).all();
      const free = keys.find((key) => !underWay.has(key));
      looked.due = free === undefined ? undefined : dueOf(free);
      // Changed while it looked: whoever changed it has poked the clock.
      if (found === looked && writing === 0) floor = keys[0] ?? keyOf(now, '');
      return looked.due;
    },
    async fire(now) {
      if (closed) return;
      found = undefined;
      for await (const key of db.keys({ gte: floor, lt: keyOf(now + 1, ''), limit: underWay.size + concurrency })) {
        if (underWay.size >= concurrency) return;
        if (underWay.has(key)) continue;
        // The iterator shows the past: this one may have been finished meanwhile.
        const entry = await db.get(key);
        if (entry !== undefined && !underWay.has(key) && !closed) underWay.set(key, run(key, entry));
      }
    },
  });

  return {
    async put(bodies) {
      const done = clock.begin();
      try {
        const since = clock.now();
        const entries = bodies.map((body): Work<T> => ({ id: randomUUID(), attempts: 0, since, body }));
        await write(entries.map((value) => ({ key: keyOf(since, value.id), value })));
        return entries.map(({ id }) => id);
      } finally {
        done();
      }
    },
    async size() {
      return (await db.keys().all()).length;
    },
    async close() {
      closed = true;
      await Promise.all(underWay.values());
    },
  };
};
