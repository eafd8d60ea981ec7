import { cp } from 'node:fs/promises';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, openClock } from '#infra/local/clock.ts';
import { AwsError } from '#infra/local/contract.ts';
import { type Database, openDatabase } from '#infra/local/database.ts';
import { type Events, openEvents } from '#infra/local/events/events.ts';
import { compilePattern } from '#infra/local/events/pattern.ts';
import { parseSchedule } from '#infra/local/events/schedule-expression.ts';
import { cleanUp, cleanups, temporary } from './fixture.ts';

afterEach(cleanUp);

const ZONE = 'Europe/Amsterdam';
const at = (text: string): number => Temporal.ZonedDateTime.from(`${text}[${ZONE}]`).epochMilliseconds;
const local = (moment: number | undefined): string | undefined =>
  moment === undefined
    ? undefined
    : Temporal.Instant.fromEpochMilliseconds(moment)
        .toZonedDateTimeISO(ZONE)
        .toString({ smallestUnit: 'minute' })
        .slice(0, 22);

describe('event patterns', () => {
  const event = {
    source: 'aws.s3',
    detail: {
      bucket: { name: 'landing' },
      object: { key: 'inbox/elan/maart 2026.csv', size: 12 },
      tags: ['a', 'b'],
      none: null,
    },
  };
  const cases: Array<[object, boolean]> = [
    [{ source: ['aws.s3'] }, true],
    [{ source: ['aws.s3', 'aws.sqs'], detail: { bucket: { name: ['other'] } } }, false],
    [{ detail: { object: { key: [{ prefix: 'inbox/' }] } } }, true],
    [{ detail: { object: { key: [{ prefix: 'work/' }, { suffix: '.csv' }] } } }, true],
    [{ detail: { object: { key: [{ suffix: { 'equals-ignore-case': '.CSV' } }] } } }, true],
    [{ detail: { object: { key: [{ prefix: { 'equals-ignore-case': 'INBOX/' } }] } } }, true],
    [{ detail: { object: { key: [{ wildcard: 'inbox/*/*.csv' }] } } }, true],
    [{ detail: { object: { key: [{ wildcard: 'inbox/*.txt' }] } } }, false],
    [{ detail: { object: { key: [{ wildcard: 'inbox/elan/maart.2026.csv' }] } } }, false],
    [{ detail: { object: { key: [{ 'anything-but': ['x'] }] } } }, true],
    [{ detail: { object: { key: [{ 'anything-but': { prefix: 'inbox/' } }] } } }, false],
    [{ detail: { object: { key: [{ 'anything-but': { suffix: ['.txt', '.pdf'] } }] } } }, true],
    [{ detail: { object: { size: [{ numeric: ['>', 10, '<=', 12] }] } } }, true],
    [{ detail: { object: { size: [{ numeric: ['<', 12] }] } } }, false],
    [{ detail: { object: { missing: [{ exists: false }] } } }, true],
    [{ detail: { object: { key: [{ exists: false }] } } }, false],
    [{ detail: { object: { size: [{ exists: true }] } } }, true],
    [{ detail: { absent: { deep: [{ exists: true }] } } }, false],
    [{ detail: { tags: ['b'] } }, true],
    [{ detail: { tags: ['c'] } }, false],
    [{ detail: { none: [null] } }, true],
    [{ source: [{ 'equals-ignore-case': 'AWS.S3' }] }, true],
  ];
  it.each(cases)('%j → %s', (pattern, expected) => {
    expect(compilePattern(pattern)(event)).toBe(expected);
  });

  it('names a matcher it does not know', () => {
    const refused: Array<[unknown, RegExp]> = [
      [{ detail: { ip: [{ cidr: '10.0.0.0/8' }] } }, /detail.ip: unknown matcher cidr/],
      [{ $or: [{ a: [1] }] }, /\$or is not supported/],
      [{ detail: { a: [{ 'anything-but': { cidr: 'x' } }] } }, /unknown matcher anything-but \{cidr\}/],
      [{ detail: { a: [{ prefix: { suffix: 'x' } }] } }, /unknown matcher prefix/],
      [{ detail: { a: 'not a list' } }, /detail.a/],
      [{ detail: { a: [{ numeric: ['~', 1] }] } }, /numeric/],
    ];
    for (const [pattern, message] of refused) expect(() => compilePattern(pattern)).toThrow(message);
  });
});

describe('schedules', () => {
  const next = (expression: string, after: string): string | undefined =>
    local(parseSchedule(expression, ZONE, 0).next(at(after)));

  it.each([
    ['cron(0 6 * * ? *)', '2026-03-02T05:59', '2026-03-02T06:00+01:00'],
    ['cron(0 6 * * ? *)', '2026-03-02T06:00', '2026-03-03T06:00+01:00'],
    ['cron(0/15 8-17 ? * MON-FRI *)', '2026-03-06T17:45', '2026-03-09T08:00+01:00'],
    ['cron(30 9 1 * ? *)', '2026-01-31T12:00', '2026-02-01T09:30+01:00'],
    ['cron(0 7 L * ? *)', '2026-02-03T00:00', '2026-02-28T07:00+01:00'],
    ['cron(0 7 ? * 2#1 *)', '2026-03-03T00:00', '2026-04-06T07:00+02:00'],
    ['cron(0 7 ? * 6L *)', '2026-03-03T00:00', '2026-03-27T07:00+01:00'],
    ['cron(0 7 15W * ? *)', '2026-02-02T00:00', '2026-02-16T07:00+01:00'],
    ['cron(0 7 1W * ? *)', '2026-08-01T00:00', '2026-08-03T07:00+02:00'],
    ['cron(5,10 0 1 JAN,JUL ? 2027)', '2026-03-02T00:00', '2027-01-01T00:05+01:00'],
    ['cron(0 0 29 2 ? *)', '2026-03-02T00:00', '2028-02-29T00:00+01:00'],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it('skips a local time that the spring change skips, and runs once where autumn has it twice', () => {
    expect(next('cron(30 2 * * ? *)', '2026-03-28T12:00')).toBe('2026-03-30T02:30+02:00');
    const autumn = parseSchedule('cron(30 2 * * ? *)', ZONE, 0);
    const first = autumn.next(at('2026-10-24T12:00'));
    expect(local(first)).toBe('2026-10-25T02:30+02:00');
    expect(local(autumn.next(first ?? 0))).toBe('2026-10-26T02:30+01:00');
  });

  it('a schedule that never comes is never due, one it does not know is named', () => {
    expect(parseSchedule('cron(0 0 30 2 ? *)', ZONE, 0).next(at('2026-01-01T00:00'))).toBeUndefined();
    expect(parseSchedule('cron(0 0 1 1 ? 2020)', ZONE, 0).next(at('2026-01-01T00:00'))).toBeUndefined();
    for (const wrong of [
      'at(2026-01-01T00:00:00)',
      'rate(0 hours)',
      'rate(2 weeks)',
      'cron(0 0 * * * *)',
      'cron(61 0 * * ? *)',
      'cron(0 0 ? * FOO *)',
      'cron(0 0)',
    ]) {
      expect(() => parseSchedule(wrong, ZONE, 0)).toThrow(wrong);
    }
  });

  it('a rate counts from its beginning', () => {
    const { next: due } = parseSchedule('rate(2 hours)', ZONE, 1_000);
    expect(
      [due(0), due(1_000), due(7_201_000), due(20_000_000)].map((each) => ((each ?? 0) - 1_000) / 3_600_000),
    ).toEqual([2, 2, 4, 6]);
  });

  it('the next moment is later, on the wanted local time, with none in between', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 3 * 365 * 24 * 60 }),
        (hour, minute, minutes) => {
          const after = at('2025-01-01T00:00') + minutes * 60_000;
          const due = parseSchedule(`cron(${minute} ${hour} * * ? *)`, ZONE, 0).next(after) ?? 0;
          const zoned = Temporal.Instant.fromEpochMilliseconds(due).toZonedDateTimeISO(ZONE);
          expect([zoned.hour, zoned.minute]).toEqual([hour, minute]);
          expect(due).toBeGreaterThan(after);
          // At most a day, an hour more in autumn; a day more where spring skips it.
          expect(due - after).toBeLessThanOrEqual((hour === 2 ? 49 : 25) * 3_600_000);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('rules and the scheduler', () => {
  const LAMBDA = 'arn:aws:lambda:eu-west-1:000000000000:function:work';
  const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:failed';

  type World = {
    readonly clock: Clock;
    readonly events: Events;
    readonly seen: unknown[];
    readonly dead: unknown[];
    readonly close: () => Promise<void>;
  };
  const open = async (
    directory: string,
    startAt: number,
    lambda: (payload: unknown) => Promise<void> = async () => {},
  ): Promise<World> => {
    const db: Database = await openDatabase(directory);
    const clock = await openClock({ db, mode: 'still', startAt });
    const seen: unknown[] = [];
    const dead: unknown[] = [];
    const events = openEvents({
      db,
      clock,
      services: {
        async lambda(_, payload) {
          seen.push(payload);
          await lambda(payload);
        },
        states: async (_, payload, id) => void seen.push([id, payload]),
        sqs: async (arn, body, attributes) => void dead.push({ arn, body: JSON.parse(body) as unknown, attributes }),
      },
    });
    const close = async () => {
      await events.close();
      await clock.close();
      await db.close();
    };
    return { clock, events, seen, dead, close };
  };

  it('hands an event to every target of the rules it matches, again while the service fails, then to the DLQ', async () => {
    const faults = [
      new AwsError('ServiceException', 'busy', 500),
      new AwsError('TooManyRequestsException', 'busy', 429),
    ];
    const world = await open(await temporary(), at('2026-03-02T08:00'), async () => {
      const fault = faults.shift();
      if (fault !== undefined) throw fault;
    });
    cleanups.push(world.close);
    const target = { arn: LAMBDA, deadLetterQueue: QUEUE };
    world.events.declareRule({ name: 'one', pattern: { source: ['a'] }, targets: [target] });
    world.events.declareRule({ name: 'other', pattern: { source: ['b'] }, targets: [target] });
    world.events.open();
    await world.events.publish({ id: '1', source: 'a' });
    await world.clock.advanceTo(world.clock.now() + 60_000);
    expect(world.seen).toEqual([1, 2, 3].map(() => ({ id: '1', source: 'a' })));
    expect(world.dead).toEqual([]);

    faults.push(new AwsError('ResourceNotFoundException', 'gone', 404));
    await world.events.publish({ id: '2', source: 'a' });
    await world.clock.settled();
    expect(world.dead).toEqual([
      {
        arn: QUEUE,
        body: { id: '2', source: 'a' },
        attributes: { ERROR_CODE: 'ResourceNotFoundException', ERROR_MESSAGE: 'gone', TARGET_ARN: LAMBDA },
      },
    ]);
  });

  it('fires schedules in Dutch time over a change of the clocks, with their input', async () => {
    const world = await open(await temporary(), at('2026-03-27T12:00'));
    cleanups.push(world.close);
    const moments: Array<string | undefined> = [];
    const targets = [{ arn: LAMBDA, input: { mail: true } }];
    await world.events.declareSchedule({
      name: 'daily',
      expression: 'cron(0 6 * * ? *)',
      timeZone: ZONE,
      targets,
      kind: 'schedule',
    });
    world.events.open();
    for (let day = 28; day <= 31; day += 1) {
      const before = world.seen.length;
      await world.clock.advanceTo(at(`2026-03-${day}T05:59`));
      expect(world.seen.length).toBe(before);
      await world.clock.advanceTo(at(`2026-03-${day}T06:00`));
      expect(world.seen.length).toBe(before + 1);
      moments.push(local(world.clock.now()));
    }
    expect(moments).toEqual(['2026-03-28T06:00+01:00', ...[29, 30, 31].map((day) => `2026-03-${day}T06:00+02:00`)]);
    expect(world.seen[0]).toEqual({ mail: true });
  });

  it('goes on after a restart: keeps its rate, does not make up for what was missed', async () => {
    const directory = await temporary();
    const start = at('2026-03-02T08:00');
    const hourly = {
      name: 'hourly',
      expression: 'rate(1 hour)',
      timeZone: 'UTC',
      targets: [{ arn: LAMBDA }],
      kind: 'rule' as const,
    };
    const first = await open(directory, start);
    await first.events.declareSchedule(hourly);
    first.events.open();
    await first.clock.advanceTo(start + 90 * 60_000);
    expect(first.seen).toHaveLength(1);
    expect(first.seen[0]).toMatchObject({ 'detail-type': 'Scheduled Event', source: 'aws.events' });
    await first.close();

    // The clock runs on while nobody looks at schedules.
    const db = await openDatabase(directory);
    const clock = await openClock({ db, mode: 'still' });
    await clock.advanceTo(start + 400 * 60_000);
    await clock.close();
    await db.close();

    const again = await open(directory, 0);
    cleanups.push(again.close);
    await again.events.declareSchedule(hourly);
    again.events.open();
    await again.clock.settled();
    expect(again.seen).toHaveLength(0);
    await again.clock.advanceTo(start + 420 * 60_000);
    expect(again.seen).toHaveLength(1);
  });

  it('an event accepted before a kill is delivered after the start', async () => {
    const directory = await temporary();
    let release: () => void = () => {};
    const stuck = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = await open(directory, at('2026-03-02T08:00'), () => stuck);
    first.events.declareRule({ name: 'one', pattern: { source: ['a'] }, targets: [{ arn: LAMBDA }] });
    first.events.open();
    await first.events.publish({ id: '1', source: 'a' });
    // What lies on disk now is what a kill leaves.
    const left = await temporary();
    await cp(directory, left, { recursive: true });
    const again = await open(left, 0);
    cleanups.push(again.close);
    again.events.open();
    await again.clock.settled();
    expect(again.seen).toEqual([{ id: '1', source: 'a' }]);
    release();
    await first.close();
  });

  it('refuses a target it cannot reach', async () => {
    const world = await open(await temporary(), 0);
    cleanups.push(world.close);
    const targets = [{ arn: 'arn:aws:sns:eu-west-1:000000000000:topic' }];
    expect(() => world.events.declareRule({ name: 'x', pattern: {}, targets })).toThrow(/arn:aws:sns/);
  });
});
