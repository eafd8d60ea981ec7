import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { openClock } from '#infra/local/clock.ts';
import { openDatabase } from '#infra/local/database.ts';
import { openQueue, type WorkOutcome } from '#infra/local/queue.ts';
import { cleanUp, temporary } from './fixture.ts';

afterEach(cleanUp);

const START = Date.parse('2026-03-02T08:00:00Z');

it('does every piece of work until it is done, in any mix of new work, retries and restarts', async () => {
  // Per piece of work: when it comes (minutes) and how often it fails first.
  const pieces = fc.array(fc.record({ at: fc.integer({ min: 0, max: 20 }), fails: fc.integer({ min: 0, max: 3 }) }), {
    maxLength: 25,
  });
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 4 }), async (all, concurrency) => {
      const directory = await temporary();
      const tries = new Map<number, number>();
      let running = 0;
      const open = async () => {
        const db = await openDatabase(directory);
        const clock = await openClock({ db, mode: 'still', startAt: START });
        const queue = openQueue<number>({
          db,
          clock,
          name: 'work',
          concurrency,
          async work({ body, attempts }): Promise<WorkOutcome> {
            running += 1;
            expect(running).toBeLessThanOrEqual(concurrency);
            await new Promise((resolve) => setImmediate(resolve));
            running -= 1;
            expect(attempts).toBe(tries.get(body) ?? 0);
            tries.set(body, attempts + 1);
            return attempts < (all[body]?.fails ?? 0) ? { againAt: clock.now() + 90_000 } : 'done';
          },
        });
        const close = async () => {
          await queue.close();
          await clock.close();
          await db.close();
        };
        return { clock, queue, close };
      };
      let world = await open();
      for (let minute = 0; minute <= 20; minute += 1) {
        await world.clock.advanceTo(START + minute * 60_000);
        const due = all.flatMap(({ at }, n) => (at === minute ? [n] : []));
        if (due.length > 0) await world.queue.put(due);
        if (minute === 10) {
          await world.close();
          world = await open();
        }
      }
      await world.clock.advanceTo(START + 60 * 60_000);
      expect(await world.queue.size()).toBe(0);
      await world.close();
      expect([...tries].sort(([a], [b]) => a - b)).toEqual(all.map(({ fails }, n) => [n, fails + 1]));
    }),
    { numRuns: 25 },
  );
});

it('keeps what its worker could not take: a fault of the host is tried again a minute later', async () => {
  const db = await openDatabase(await temporary());
  const clock = await openClock({ db, mode: 'still', startAt: START });
  const seen: number[] = [];
  const queue = openQueue<string>({
    db,
    clock,
    name: 'work',
    concurrency: 1,
    async work({ attempts }) {
      seen.push(attempts);
      if (attempts < 2) throw new Error('a fault on purpose');
      return 'done';
    },
  });
  await queue.put(['x']);
  await clock.advanceTo(START + 59_000);
  expect(seen).toEqual([0]);
  await clock.advanceTo(START + 600_000);
  expect(seen).toEqual([0, 1, 2]);
  await queue.close();
  await clock.close();
  await db.close();
});
