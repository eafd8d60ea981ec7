import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type ClockMode, openClock, parseClockMode, plusDuration } from '#infra/local/clock.ts';
import type { Millis } from '#infra/local/contract.ts';
import { openDatabase } from '#infra/local/database.ts';
import { cleanUp, cleanups, temporary } from './fixture.ts';

const START = Date.parse('2026-03-27T08:00:00Z');
const DAY = 86_400_000;

afterEach(cleanUp);

const open = async (mode: ClockMode, startAt: number | undefined = START, directory?: string) => {
  const place = directory ?? (await temporary());
  const db = await openDatabase(place);
  const clock = await openClock({ db, mode, startAt });
  const close = async () => {
    await clock.close();
    await db.close();
  };
  return { clock, close, directory: place };
};

/** Timers in memory that write down when they fire; `work` may start more. */
const timers = (name: string, pulls: boolean, fired: string[], due: Millis[], work?: (at: Millis) => void) => ({
  name,
  pulls,
  next: () => (due.length === 0 ? undefined : Math.min(...due)),
  async fire(now: Millis) {
    for (const at of [...due].sort((a, b) => a - b)) {
      if (at > now) continue;
      due.splice(due.indexOf(at), 1);
      fired.push(`${name}@${(at - START) / DAY}`);
      work?.(at);
    }
  },
});

describe('the clock of the embedded cloud', () => {
  it('stands still until it is moved, and then fires what comes due in order, schedules included', async () => {
    const { clock, close } = await open('still');
    cleanups.push(close);
    const fired: string[] = [];
    clock.register(timers('wait', true, fired, [START + 14 * DAY, START + 2 * DAY]));
    clock.register(timers('daily', false, fired, [START + DAY, START + 3 * DAY, START + 40 * DAY]));
    expect(clock.now()).toBe(START);
    await clock.advanceTo(START + 30 * DAY);
    expect(fired).toEqual(['daily@1', 'wait@2', 'daily@3', 'wait@14']);
    expect(clock.now()).toBe(START + 30 * DAY);
  });

  it('lets work finish before it goes on, and fires what that work set', async () => {
    const { clock, close } = await open('still');
    cleanups.push(close);
    const fired: string[] = [];
    const due: Millis[] = [START + DAY];
    const seen: number[] = [];
    clock.register(
      timers('wait', true, fired, due, (at) => {
        const done = clock.begin();
        setTimeout(() => {
          seen.push((clock.now() - START) / DAY);
          if (at < START + 3 * DAY) due.push(at + DAY);
          done();
        }, 15);
      }),
    );
    await clock.advanceTo(START + 10 * DAY);
    expect(fired).toEqual(['wait@1', 'wait@2', 'wait@3']);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('jumps to waiting timers while nothing is under way; schedules alone do not pull it', async () => {
    const { clock, close } = await open('jump');
    cleanups.push(close);
    const fired: string[] = [];
    const hold = clock.begin();
    clock.register(timers('wait', true, fired, [START + 28 * DAY]));
    clock.register(timers('daily', false, fired, [START + DAY, START + 100 * DAY]));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(fired).toEqual([]);
    hold();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(fired).toEqual(['daily@1', 'wait@28']);
    expect(clock.now() - START).toBeGreaterThanOrEqual(28 * DAY);
    expect(clock.now() - START).toBeLessThan(28 * DAY + 10_000);
  });

  it('runs N times as fast', async () => {
    const { clock, close } = await open(3600);
    cleanups.push(close);
    const fired: string[] = [];
    clock.register(timers('wait', true, fired, [START + 720_000]));
    const before = clock.now();
    const real = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const speed = (clock.now() - before) / (Date.now() - real);
    expect(speed).toBeGreaterThan(3400);
    expect(speed).toBeLessThan(3800);
    expect(fired).toHaveLength(1);
  });

  it('waits for a moment further off than a timeout can be', async () => {
    const { clock, close } = await open('real');
    cleanups.push(close);
    const fired: string[] = [];
    clock.register(timers('wait', true, fired, [clock.now() + 365 * DAY]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(fired).toEqual([]);
    await clock.advanceTo(clock.now() + 366 * DAY);
    expect(fired).toHaveLength(1);
  });

  it('never goes back: not when asked, not after a restart in any mode', async () => {
    const modes: ClockMode[] = ['still', 'jump', 'real', 3600, 'real', 'still', 3600, 'jump'];
    const directory = await temporary();
    let last = 0;
    for (const mode of modes) {
      const { clock, close } = await open(mode, last === 0 ? START + 400 * DAY : 0, directory);
      expect(clock.now()).toBeGreaterThanOrEqual(last);
      await clock.advanceTo(clock.now() + DAY);
      await new Promise((resolve) => setTimeout(resolve, 10));
      last = clock.now();
      await expect(clock.advanceTo(last - 1_000)).rejects.toThrow(/never goes back/);
      await close();
    }
  });

  it('a fast clock that is killed does not go back either', async () => {
    const directory = await temporary();
    const db = await openDatabase(directory);
    const clock = await openClock({ db, mode: 3600, startAt: START });
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    const seen = clock.now();
    // Killed: nothing is written on the way out.
    await db.close();
    const again = await open('still', undefined, directory);
    cleanups.push(again.close);
    expect(again.clock.now()).toBeGreaterThanOrEqual(seen);
    await clock.close().catch(() => undefined);
  });

  it('reads modes and durations, and refuses others', () => {
    expect(['real', 'jump', 'still', 'x3600', 'x0', 'x', 'fast', '3600'].map(parseClockMode)).toEqual([
      ...['real', 'jump', 'still', 3600],
      ...[undefined, undefined, undefined, undefined],
    ]);
    expect(plusDuration(START, 'P30D')).toBe(START + 30 * DAY);
    expect(plusDuration(Date.parse('2026-01-31T00:00:00Z'), 'P1M')).toBe(Date.parse('2026-02-28T00:00:00Z'));
    expect(plusDuration(START, 'PT90M')).toBe(START + 5_400_000);
    expect(() => plusDuration(START, 'a month')).toThrow(RangeError);
  });

  it('fires any set of timers in the order of their moments', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 12 }), async (days) => {
        const { clock, close } = await open('still');
        const fired: string[] = [];
        const half = Math.ceil(days.length / 2);
        const at = (list: number[]) => list.map((day) => START + day * DAY);
        clock.register(timers('t', true, fired, at(days.slice(0, half))));
        clock.register(timers('t', false, fired, at(days.slice(half))));
        await clock.advanceTo(START + 60 * DAY);
        await close();
        const expected = days.filter((day) => day <= 60).sort((a, b) => a - b);
        expect(fired).toEqual(expected.map((day) => `t@${day}`));
      }),
      { numRuns: 15 },
    );
  });
});
