import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SignalRef } from '#domain/ids.ts';
import { safeFailure } from '#runtime/failure.ts';
import { lambda } from '#runtime/lambda.ts';

const ref = { caseId: '0392-2604-9F3K2M8QZX7C', signalId: '7K3QX9M2T4VB8C1D-2604' };
const context = { awsRequestId: 'request' } as Context;
const CANARY = 'Kanarievogelsang';

describe('the edge of a Lambda', () => {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    process.env.TABLE_NAME = 'table';
    for (const method of ['info', 'error', 'warn', 'log'] as const)
      vi.spyOn(console, method).mockImplementation((...parts) => void lines.push(parts.map(String).join(' ')));
    // Powertools writes through a console of its own, on these streams.
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        lines.push(String(text));
        return true;
      });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    delete process.env.TABLE_NAME;
  });

  const make = (work: () => Promise<number>, ports = () => ({})) =>
    lambda({
      name: 'casework/assign-signal',
      input: SignalRef,
      ports,
      work,
      about: ({ caseId, signalId }) => ({ caseId, signalId }),
      log: (rows) => ({ rows }),
      metrics: (rows) => ({ RowsRead: rows }),
    });
  const parsed = () =>
    lines
      .flatMap((line) => line.split('\n'))
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));

  it('answers, and writes one line with ids and counts, and the metric', async () => {
    expect(await make(async () => 3)(ref, context)).toBe(3);
    expect(parsed()).toMatchObject([
      { message: 'done', ...ref, rows: 3 },
      { RowsRead: 3, service: 'casework/assign-signal' },
    ]);
  });

  it('writes no line for metrics that are not there', async () => {
    await make(async () => 0)(ref, context);
    expect(parsed()).toHaveLength(1);
    expect(lines.join()).not.toContain('metrics');
  });

  it('builds its ports once', async () => {
    const ports = vi.fn(() => ({}));
    const handler = make(async () => 0, ports);
    await handler(ref, context);
    await handler(ref, context);
    expect(ports).toHaveBeenCalledTimes(1);
  });

  it('[R-PRI-3] lets a failure leave with its name and nothing of its message', async () => {
    const failing = make(async () => {
      throw Object.assign(new Error(`cannot read ${CANARY}`), { name: 'PolicyMissing' });
    });
    const error = await failing(ref, context).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ name: 'PolicyMissing', message: 'PolicyMissing' });
    expect(`${(error as Error).stack}`).not.toContain(CANARY);
    expect(parsed()).toMatchObject([{ message: 'failed', ...ref, failure: { name: 'PolicyMissing' } }]);
    expect(lines.join()).not.toContain(CANARY);
  });

  it('[R-PRI-3] refuses an event of another shape by name, without repeating it', async () => {
    await expect(make(async () => 1)({ caseId: CANARY }, context)).rejects.toMatchObject({ name: 'InvalidInput' });
    expect(lines.join()).not.toContain(CANARY);
  });

  it('refuses an environment that lacks something', async () => {
    delete process.env.TABLE_NAME;
    await expect(make(async () => 1)(ref, context)).rejects.toThrow();
  });
});

describe('what a failure is called', () => {
  it.each([
    ['throttled', Object.assign(new Error(), { name: 'ThrottlingException' }), 'TransientFailure'],
    [
      'a server error',
      Object.assign(new Error(), { name: 'Odd', $metadata: { httpStatusCode: 503 } }),
      'TransientFailure',
    ],
    ['marked retryable', Object.assign(new Error(), { name: 'Odd', $retryable: {} }), 'TransientFailure'],
    ['no connection', Object.assign(new Error(), { code: 'ECONNREFUSED' }), 'TransientFailure'],
    [
      'denied',
      Object.assign(new Error(), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }),
      'AccessDeniedException',
    ],
    ['a broken record', new TypeError('x'), 'TypeError'],
    ['no error at all', 'text', 'UnknownFailure'],
  ])('%s', (_, error, name) => {
    expect(safeFailure(error).name).toBe(name);
  });

  it('frames hold no path of a machine', () => {
    const { frames } = safeFailure(new Error('x'));
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.join()).not.toContain(process.cwd());
  });
});
