import { ACCOUNT, AwsError, type LocalClock, type Millis, REGION } from '../contract.ts';
import type { Database } from '../database.ts';
import { openQueue, type WorkOutcome } from '../queue.ts';
import { compilePattern, type Matches } from './pattern.ts';
import { parseSchedule, type ScheduleExpression } from './schedule-expression.ts';

export type Target = {
  readonly arn: string;
  /** What the target gets instead of the event. */
  readonly input?: unknown;
  readonly deadLetterQueue?: string | undefined;
  readonly maximumRetryAttempts?: number | undefined;
  readonly maximumEventAgeSeconds?: number | undefined;
};

export type Rule = { readonly name: string; readonly pattern: unknown; readonly targets: readonly Target[] };

export type Schedule = {
  readonly name: string;
  readonly expression: string;
  /** IANA name; rules of the event bus are always UTC. */
  readonly timeZone: string;
  readonly targets: readonly Target[];
  /** Whose schedule it is: a rule's targets without an input get an event, a schedule's an empty object. */
  readonly kind: 'rule' | 'schedule';
};

export type Events = {
  declareRule(rule: Rule): void;
  declareSchedule(schedule: Schedule): Promise<void>;
  /** All rules and schedules are declared: from here on schedules fire. */
  open(): void;
  /** Hands an event to every rule it matches: on disk for each target when this resolves. */
  publish(event: Readonly<Record<string, unknown>>): Promise<void>;
  close(): Promise<void>;
};

type Delivery = { readonly id: string; readonly target: Target; readonly payload: unknown };
type KeptSchedule = { readonly expression: string; readonly since: Millis; readonly next: Millis | undefined };

/** What a target's service does with a payload; `id` is the same each time one delivery is tried. */
export type TargetServices = {
  readonly lambda: (arn: string, payload: unknown) => Promise<unknown>;
  readonly states: (arn: string, payload: unknown, id: string) => Promise<unknown>;
  readonly sqs: (arn: string, body: string, attributes?: Readonly<Record<string, string>>) => Promise<unknown>;
};

const SERVICES = ['lambda', 'states', 'sqs'] as const;
/** EventBridge's own: 24 hours and 185 attempts. */
const DEFAULTS = { maximumEventAgeSeconds: 86_400, maximumRetryAttempts: 185 };
/** As EventBridge Scheduler: a schedule fires within this time of its moment, or not at all. */
const PRECISION = 60_000;
const MAX_BACKOFF = 15 * 60_000;

const serviceOf = (arn: string): (typeof SERVICES)[number] => {
  const service = SERVICES.find((each) => each === arn.split(':')[2]);
  if (service === undefined) throw new Error(`A target of this kind is not supported: ${arn}`);
  return service;
};

/** The default event bus and the scheduler: matches, and delivers at least once with retries and a DLQ per target. */
export const openEvents = (options: {
  readonly db: Database;
  readonly clock: LocalClock;
  readonly services: TargetServices;
}): Events => {
  const { clock, services } = options;
  const kept = options.db.sublevel<string, KeptSchedule>('schedules', { valueEncoding: 'json' });
  const rules: Array<Rule & { readonly matches: Matches }> = [];
  const schedules = new Map<string, { schedule: Schedule; expression: ScheduleExpression; state: KeptSchedule }>();
  let open = false;
  let openGate: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    openGate = resolve;
  });

  const deliver = async ({ id, target, payload }: Delivery): Promise<void> => {
    const service = serviceOf(target.arn);
    if (service === 'lambda') await services.lambda(target.arn, payload);
    else if (service === 'states') await services.states(target.arn, payload, id);
    else await services.sqs(target.arn, typeof payload === 'string' ? payload : JSON.stringify(payload));
  };

  const deliveries = openQueue<Delivery>({
    db: options.db,
    clock,
    name: 'deliveries',
    concurrency: 16,
    async work({ attempts, since, body }): Promise<WorkOutcome> {
      try {
        await deliver(body);
        return 'done';
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const { target } = body;
        const againAt = clock.now() + Math.min(MAX_BACKOFF, 1_000 * 2 ** attempts);
        const age = (target.maximumEventAgeSeconds ?? DEFAULTS.maximumEventAgeSeconds) * 1000;
        const allowed = target.maximumRetryAttempts ?? DEFAULTS.maximumRetryAttempts;
        // Only a fault of the service may pass; a target that is gone or refuses stays so.
        const mayPass = error.status >= 500 || error.status === 429;
        if (mayPass && attempts < allowed && againAt - since <= age) return { againAt };
        if (target.deadLetterQueue !== undefined) {
          await services.sqs(target.deadLetterQueue, JSON.stringify(body.payload), {
            ERROR_CODE: error.code,
            ERROR_MESSAGE: error.message,
            TARGET_ARN: target.arn,
          });
        } else console.error(`An event for ${target.arn} is lost: ${error.code} (it has no DLQ)`);
        return 'done';
      }
    },
  });

  const publish = async (event: Readonly<Record<string, unknown>>): Promise<void> => {
    await gate;
    // Whoever publishes keeps the event and comes again after the start.
    if (!open) throw new AwsError('ServiceUnavailable', 'The embedded cloud is stopping', 503);
    const matching = rules.filter(({ matches }) => matches(event));
    const entries = matching.flatMap(({ name, targets }) =>
      targets.map((target, index): Delivery => {
        const payload = target.input === undefined ? event : target.input;
        return { id: `${String(event.id)}_${name.slice(-24)}_${index}`, target, payload };
      }),
    );
    if (entries.length > 0) await deliveries.put(entries);
  };

  const scheduledEvent = (name: string, at: Millis) => ({
    version: '0',
    id: `${name}-${at}`,
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ACCOUNT,
    time: new Date(at).toISOString().replace(/\.\d{3}/, ''),
    region: REGION,
    resources: [`arn:aws:events:${REGION}:${ACCOUNT}:rule/${name}`],
    detail: {},
  });

  const fireSchedule = async (entry: { schedule: Schedule; expression: ScheduleExpression; state: KeptSchedule }) => {
    const { schedule, expression, state } = entry;
    const at = state.next ?? 0;
    const payload = schedule.kind === 'rule' ? scheduledEvent(schedule.name, at) : {};
    await deliveries.put(
      schedule.targets.map((target, index) => ({
        id: `${schedule.name.slice(-40)}-${at}-${index}`,
        target,
        payload: target.input === undefined ? payload : target.input,
      })),
    );
    // Killed between these two writes it fires twice; targets must bear that on AWS as well.
    entry.state = { ...state, next: expression.next(Math.max(at, clock.now())) };
    await kept.put(schedule.name, entry.state);
  };

  clock.register({
    name: 'schedules',
    pulls: false,
    next() {
      if (!open) return undefined;
      let first: Millis | undefined;
      for (const { state } of schedules.values()) {
        if (state.next !== undefined && (first === undefined || state.next < first)) first = state.next;
      }
      return first;
    },
    async fire(now) {
      for (const entry of schedules.values()) {
        if (entry.state.next !== undefined && entry.state.next <= now) await fireSchedule(entry);
      }
    },
  });

  return {
    declareRule(rule) {
      for (const { arn } of rule.targets) serviceOf(arn);
      rules.push({ ...rule, matches: compilePattern(rule.pattern) });
    },
    async declareSchedule(schedule) {
      for (const { arn } of schedule.targets) serviceOf(arn);
      const id = `${schedule.expression} ${schedule.timeZone}`;
      const before = await kept.get(schedule.name);
      const same = before?.expression === id;
      const since = same ? before.since : clock.now();
      const expression = parseSchedule(schedule.expression, schedule.timeZone, since);
      // What was missed while the cloud was off is not made up for.
      const stillDue = same && before.next !== undefined && before.next > clock.now() - PRECISION;
      const state = { expression: id, since, next: stillDue ? before.next : expression.next(clock.now()) };
      await kept.put(schedule.name, state);
      schedules.set(schedule.name, { schedule, expression, state });
    },
    open() {
      open = true;
      openGate();
      clock.poke();
    },
    publish,
    async close() {
      open = false;
      openGate();
      await deliveries.close();
    },
  };
};
