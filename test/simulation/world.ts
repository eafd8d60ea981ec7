import type { Configuration } from '#domain/agreement/configuration.ts';
import type { WorkflowStarter } from '#domain/ports.ts';
import { executionName } from '#domain/signal/execution-name.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { assignSignal } from '#functions/casework/assign-signal/assign-signal.ts';
import { awaitChange } from '#functions/casework/await-change/await-change.ts';
import { endSuspension } from '#functions/casework/end-suspension/end-suspension.ts';
import { receiveOutcomes } from '#functions/casework/receive-outcomes/receive-outcomes.ts';
import { settleOutcome } from '#functions/casework/settle-outcome/settle-outcome.ts';
import { closeDelivery } from '#functions/intake/close-delivery/close-delivery.ts';
import { receiveUpload } from '#functions/intake/receive-upload/receive-upload.ts';
import { routeSignals } from '#functions/intake/route-signals/route-signals.ts';
import { validateDelivery } from '#functions/intake/validate-delivery/validate-delivery.ts';
import { AwsError } from '#infra/local/contract.ts';
import { csvOf, type Row } from '#test/intake/pipeline.ts';
import { stateMachine } from '#test/statemachines/file.ts';
import { crashAt, type MemoryPorts, memoryPorts, TransientFailure } from '#test/support/memory/ports.ts';
import { answers, Bench, fails, ROLE, START } from '#test/support/stepfunctions.ts';

type Use = (ports: MemoryPorts, payload: never) => Promise<unknown>;

/** A token nobody waits for any more, or an execution that exists already: what the real adapter calls success. */
const BEHIND = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken', 'ExecutionAlreadyExists'];
const unlessBehind = async (call: Promise<unknown>): Promise<void> => {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof AwsError && BEHIND.includes(error.code))) throw error;
  }
};

/**
 * The use cases on memory ports, driven by the real state machine in the embedded Step Functions. `faults` says at which
 * port call each invocation of a function fails: 0 = at none, negative = after that call did its work.
 */
export class World {
  readonly ports: MemoryPorts;
  readonly bench: Bench;
  readonly executions = new Set<string>();
  readonly files: { bucket: string; key: string; versionId: string; sizeBytes: number; eventTime: string }[] = [];
  private readonly faults: readonly number[];
  private invocations = 0;
  private readonly failures = new Map<string, number>();

  private constructor(ports: MemoryPorts, bench: Bench, faults: readonly number[]) {
    this.ports = ports;
    this.bench = bench;
    this.faults = faults;
  }

  static async open(configuration: Configuration, faults: readonly number[]): Promise<World> {
    const bench = await Bench.open({ random: () => 0.5 });
    const machine = await bench.engine.createStateMachine({
      name: 'signal',
      definition: stateMachine('signal').filled,
      roleArn: ROLE,
    });
    const memory = memoryPorts({ now: new Date(START).toISOString(), configuration });
    const workflows: WorkflowStarter = {
      startSignal: ({ caseId, signalId }, round) => {
        const name = executionName({ caseId, signalId, round });
        world.executions.add(`${machine.replace(':stateMachine:', ':execution:')}:${name}`);
        return unlessBehind(bench.start(machine, { caseId, signalId }, name));
      },
      startDelivery: async () => {},
      wake: (taskToken, news) =>
        unlessBehind(
          news === 'OVER'
            ? bench.call('SendTaskSuccess', { taskToken, output: '{}' })
            : bench.call('SendTaskFailure', { taskToken, error: 'SignalChanged' }),
        ),
    };
    const world: World = new World({ ...memory, workflows } as MemoryPorts, bench, faults);
    const uses: Readonly<Record<string, Use>> = {
      AssignSignalFunction: assignSignal,
      AwaitChangeFunction: awaitChange,
      SettleOutcomeFunction: settleOutcome,
      EndSuspensionFunction: endSuspension,
      PublishFeedbackFunction: async () => ({}),
    };
    for (const [name, use] of Object.entries(uses))
      bench.functions[name] = async (payload) => {
        try {
          return answers(await world.attempt(`${name} ${payload.signalId}`, (ports) => use(ports, payload as never)));
        } catch (error) {
          return fails((error as Error).name, '');
        }
      };
    return world;
  }

  /** Runs once, with the fault that is next in line; nothing fails for ever: what failed five times in a row does not. */
  private async attempt<T>(key: string, work: (ports: MemoryPorts) => Promise<T>): Promise<T> {
    const failed = this.failures.get(key) ?? 0;
    const fault = failed < 5 ? (this.faults[this.invocations++ % Math.max(1, this.faults.length)] ?? 0) : 0;
    this.failures.set(key, failed + 1);
    this.ports.clock.set(new Date(this.bench.clock.now()).toISOString());
    const when = fault < 0 ? 'after' : 'before';
    const answer = await work(fault === 0 ? this.ports : crashAt(this.ports, Math.abs(fault), when).ports);
    this.failures.set(key, 0);
    return answer;
  }

  /** As Lambda does with an event: again after a fault, then without. */
  private async invoked<T>(work: (ports: MemoryPorts) => Promise<T>): Promise<T> {
    try {
      return await this.attempt('event', work);
    } catch (error) {
      if (!(error instanceof TransientFailure) && (error as Error).name !== 'TransientFailure') throw error;
      this.ports.clock.set(new Date(this.bench.clock.now()).toISOString());
      return work(this.ports);
    }
  }

  async until(days: number): Promise<void> {
    await this.bench.clock.advanceTo(START + days * 86_400_000);
  }

  today(daysAgo = 0): string {
    return new Date(this.bench.clock.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
  }

  /** Moments of events are whole seconds. */
  private eventTime(): string {
    return new Date(this.bench.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  }

  async deliver(party: string, rows: readonly Row[]): Promise<void> {
    const key = `inbox/${party}/lijst.csv`;
    const body = csvOf(rows);
    const versionId = await this.ports.objects.put('landing', key, body);
    const upload = { bucket: 'landing', key, versionId, sizeBytes: body.length, eventTime: this.eventTime() };
    const received = await this.invoked((ports) => receiveUpload(ports, upload));
    if (received.outcome !== 'started') throw new Error('ignored');
    const { deliveryId } = received;
    const { verdict, chunks } = await this.invoked((ports) => validateDelivery(ports, { deliveryId }));
    if (verdict === 'ROUTE')
      for (let chunk = 0; chunk < chunks; chunk += 1)
        await this.invoked((ports) => routeSignals(ports, { deliveryId, chunk }));
    await this.invoked((ports) => closeDelivery(ports, { deliveryId }));
    await this.bench.settled();
  }

  async outcomes(municipality: string, line: Row): Promise<void> {
    const key = `municipalities/${municipality}/outcomes/uitkomsten-${this.files.length}.csv`;
    const body = [Object.keys(line), Object.values(line)].map((cells) => cells.join(';')).join('\r\n');
    const versionId = await this.ports.objects.put('exchange', key, body);
    const eventTime = this.eventTime();
    this.files.push({ bucket: 'exchange', key, versionId, sizeBytes: body.length, eventTime });
    await this.replay(this.files.length - 1);
  }

  /** The event of an outcomes file comes, for the first time or again. */
  async replay(index: number): Promise<void> {
    const upload = this.files[index];
    if (upload) await this.invoked((ports) => receiveOutcomes(ports, upload));
    await this.bench.settled();
  }

  signals(): readonly Signal[] {
    return [...this.ports.signals.items.values()].sort((a, b) => (a.signalId < b.signalId ? -1 : 1));
  }

  async statuses(): Promise<readonly string[]> {
    return Promise.all([...this.executions].map(async (arn) => (await this.bench.describe(arn)).status));
  }

  close(): Promise<void> {
    return this.bench.close();
  }
}
