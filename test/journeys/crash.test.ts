import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Meldpunt } from '../support/meldpunt.ts';

const startAt = '2026-04-01T09:00:00+02:00';

/** Runs the upload in a process that dies at its n-th AWS call; answers how far it got. */
const crash = (directory: string, nth: number): Promise<{ readonly signal: string | null; readonly output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'test/support/crash-child.ts', directory, startAt, String(nth)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    child.stdout.on('data', (data) => {
      output += String(data);
    });
    child.on('error', reject);
    child.on('close', (_, signal) => resolve({ signal, output }));
  });

/** What must be the same whether or not something crashed: all but moments and ids of workflows. */
const outcomeOf = async (meldpunt: Meldpunt) => ({
  receipts: await Promise.all(
    (await meldpunt.keys('partners/elan-wonen/deliveries/'))
      .filter((key) => key.endsWith('receipt.json'))
      .map(async (key) => (JSON.parse((await meldpunt.read(key)) ?? '') as { counts: unknown }).counts),
  ),
  signals: (await meldpunt.signals())
    .map(({ reference, status, history }) => ({
      reference,
      status,
      history: (history as { kind: string }[]).map(({ kind }) => kind),
    }))
    .sort((a, b) => (String(a.reference) < String(b.reference) ? -1 : 1)),
  running: (await meldpunt.executions('SignalStateMachine', 'RUNNING')).length,
  failed: [
    ...(await meldpunt.executions('SignalStateMachine', 'FAILED')),
    ...(await meldpunt.executions('DeliveryStateMachine', 'FAILED')),
  ].length,
  mails: (await meldpunt.mails()).length,
});

describe('a crash anywhere in a delivery', () => {
  let prepared: string;
  let expected: Awaited<ReturnType<typeof outcomeOf>>;
  let calls = 0;

  beforeAll(async () => {
    const first = await Meldpunt.open(startAt);
    prepared = await mkdtemp(join(tmpdir(), 'meldpunt-prepared-'));
    await first.cloud.stop();
    await cp(first.directory, prepared, { recursive: true });
    const whole = await crash(first.directory, 0);
    calls = Number(/^done (\d+)/.exec(whole.output)?.[1]);
    const reopened = await Meldpunt.reopen(first.directory);
    await reopened.settle();
    expected = await outcomeOf(reopened);
    await reopened.close();
  });
  afterAll(() => rm(prepared, { recursive: true, force: true }));

  it('an undisturbed delivery is the measure', () => {
    expect(calls).toBeGreaterThan(30);
    expect(expected).toMatchObject({ receipts: [{ read: 7, accepted: 6, refused: 1 }], running: 6, failed: 0 });
  });

  // Six points, from the call after the acknowledged upload to the mail. The use cases prove every call (test/intake).
  it.each([0.02, 0.15, 0.35, 0.55, 0.75, 0.95])(
    '[R-DEL-7] killed at %f of its AWS calls and started again: nothing double, nothing lost',
    async (part) => {
      const directory = await mkdtemp(join(tmpdir(), 'meldpunt-crash-'));
      await cp(prepared, directory, { recursive: true });
      const { signal } = await crash(directory, Math.max(3, Math.round(calls * part)));
      expect(signal).toBe('SIGKILL');
      const meldpunt = await Meldpunt.reopen(directory);
      try {
        await meldpunt.settle();
        // A call that was under way is retried on the clock: give the retries their time.
        await meldpunt.advanceTo(new Date(meldpunt.cloud.clock.now() + 15 * 60_000).toISOString());
        const found = await outcomeOf(meldpunt);
        // A mail may come twice when the crash fell between sending and noting it, never less than once.
        expect({ ...found, mails: Math.min(found.mails, expected.mails) }).toEqual(expected);
      } finally {
        await meldpunt.close();
      }
    },
  );
});
