import { setImmediate as turn } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import type { LocalClock, Millis, TimerSource } from './contract.ts';
import type { Database } from './database.ts';
import { newSharedTime, sharedTime } from './shared-time.ts';

/**
 * real: as the wall clock · a number N: N times as fast · jump: as the wall clock, and on to the next pulling timer
 * whenever nothing is under way · still: only `advanceTo` moves it.
 */
export type ClockMode = 'real' | 'jump' | 'still' | number;

export type Clock = LocalClock & {
  readonly mode: ClockMode;
  /**
   * Moves on to `at`, firing every timer on the way in order, schedules included; all work finishes in between.
   * Resolves when nothing is under way any more. Rejects a moment in the past.
   */
  advanceTo(at: Millis): Promise<void>;
  /** Resolves as soon as nothing is under way and nothing is due. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

/** What is kept on disk: no moment after `at` was ever shown before `real`; since then the time passes at `speed`. */
type Kept = { readonly at: Millis; readonly real: Millis; readonly speed: number };

const LONGEST_TIMEOUT = 2 ** 31 - 1;
/** A fast clock is written to disk this often, always this far ahead twice over. */
const KEEP_EVERY = 1_000;
const KEY = 'now';

/** `real`, `jump`, `still` or `x3600`; undefined when it is none of these. */
export const parseClockMode = (text: string): ClockMode | undefined => {
  if (text === 'real' || text === 'jump' || text === 'still') return text;
  const speed = /^x(\d{1,7})$/.exec(text)?.[1];
  return speed !== undefined && Number(speed) > 0 ? Number(speed) : undefined;
};

/** `at` plus an ISO 8601 duration; days and months are those of the UTC calendar. Throws RangeError on anything else. */
export const plusDuration = (at: Millis, duration: string): Millis =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('UTC').add(Temporal.Duration.from(duration))
    .epochMilliseconds;

const speedOf = (mode: ClockMode): number => (typeof mode === 'number' ? mode : mode === 'still' ? 0 : 1);

/** A kept clock never goes back. One that ran at real speed ran on while the cloud was off, as a wall clock does. */
const beginning = (kept: Kept | undefined, startAt: Millis | undefined): Millis => {
  const real = Date.now();
  if (kept === undefined) return startAt ?? real;
  return Math.max(kept.at, kept.speed === 1 ? kept.at + (real - kept.real) : kept.at);
};

export const openClock = async (options: {
  readonly db: Database;
  readonly mode: ClockMode;
  /** Only for a new data directory: the first moment. */
  readonly startAt?: Millis | undefined;
}): Promise<Clock> => {
  const { mode } = options;
  const speed = speedOf(mode);
  const db = options.db.sublevel<string, Kept>('clock', { valueEncoding: 'json' });
  const shared = newSharedTime();
  const time = sharedTime(shared);
  const sources: TimerSource[] = [];
  const settling: Array<() => void> = [];
  const targets: Array<{ at: Millis; resolve: () => void }> = [];
  let busy = 0;
  let closed = false;
  let poked = false;
  let wake: () => void = () => {};

  /** Disk first: a moment somebody saw is never unlearnt. */
  const moveTo = async (at: Millis): Promise<void> => {
    const to = Math.max(at, time.now());
    await db.put(KEY, { at: speed > 1 ? to + 2 * KEEP_EVERY * speed : to, real: Date.now(), speed });
    time.set(Math.max(to, time.now()), speed);
  };

  const poke = (): void => {
    poked = true;
    wake();
  };

  /** Until poked, or until the real moment at which a timer comes due. */
  const sleep = async (due: Millis | undefined): Promise<void> => {
    if (poked || closed) return;
    const wait = due === undefined || speed === 0 ? undefined : Math.max(1, (due - time.now()) / speed);
    await new Promise<void>((resolve) => {
      const timeout = wait === undefined ? undefined : setTimeout(resolve, Math.min(wait, LONGEST_TIMEOUT));
      wake = () => {
        clearTimeout(timeout);
        resolve();
      };
    });
    wake = () => {};
  };

  const nextTimers = async (): Promise<Array<{ source: TimerSource; at: Millis }>> => {
    const timers = await Promise.all(sources.map(async (source) => ({ source, at: await source.next() })));
    return timers
      .flatMap(({ source, at }) => (at === undefined ? [] : [{ source, at }]))
      .sort((one, other) => one.at - other.at);
  };

  /** One look at the world: fires, moves or sleeps. */
  const step = async (): Promise<void> => {
    poked = false;
    const timers = await nextTimers();
    const first = timers[0];
    if (first !== undefined && first.at <= time.now()) {
      await first.source.fire(time.now());
      // Lets what was started come under way, and the host answer requests in between.
      await turn();
      return;
    }
    if (busy > 0) return sleep(first?.at);
    // Work is handed on from one part to the next: only a whole turn of the event loop without any is rest.
    await turn();
    if (busy > 0 || poked) return;
    for (const resolve of settling.splice(0)) resolve();
    const target = targets[0];
    if (target !== undefined) {
      if (first !== undefined && first.at <= target.at) return moveTo(first.at);
      await moveTo(target.at);
      targets.shift();
      target.resolve();
      return;
    }
    if (mode === 'jump' && first !== undefined && timers.some(({ source }) => source.pulls)) return moveTo(first.at);
    return sleep(first?.at);
  };

  await moveTo(beginning(await db.get(KEY), options.startAt));
  const keeper = speed > 1 ? setInterval(() => void moveTo(time.now()), KEEP_EVERY).unref() : undefined;

  const running = (async () => {
    while (!closed) await step();
  })();
  // A part that cannot fire its timers would wait for ever unnoticed: better to stop; everything is on disk.
  running.catch((error: unknown) => {
    if (closed) return;
    setImmediate(() => {
      throw error;
    });
  });

  return {
    mode,
    shared,
    now: time.now,
    iso: () => new Date(time.now()).toISOString(),
    register(source) {
      sources.push(source);
      poke();
    },
    poke,
    begin() {
      busy += 1;
      let open = true;
      return () => {
        if (!open) return;
        open = false;
        busy -= 1;
        if (busy === 0) poke();
      };
    },
    async advanceTo(at) {
      if (at < time.now())
        throw new RangeError(`The clock is at ${new Date(time.now()).toISOString()} and never goes back`);
      await new Promise<void>((resolve) => {
        targets.push({ at, resolve });
        targets.sort((one, other) => one.at - other.at);
        poke();
      });
    },
    async settled() {
      await new Promise<void>((resolve) => {
        settling.push(resolve);
        poke();
      });
    },
    async close() {
      closed = true;
      clearInterval(keeper);
      poke();
      await running.catch(() => undefined);
      // Every waiter gets its answer: nothing will come any more.
      for (const resolve of settling.splice(0)) resolve();
      for (const { resolve } of targets.splice(0)) resolve();
      await db.put(KEY, { at: time.now(), real: Date.now(), speed });
    },
  };
};
