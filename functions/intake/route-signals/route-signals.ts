import { concurrently } from '#domain/concurrently.ts';
import { rowsOfChunk } from '#domain/delivery/chunk.ts';
import type { Delivery, RoutedRow, RowResult, WarningCode } from '#domain/delivery/delivery.ts';
import { chunkKey, NDJSON, type Run, resultKey } from '#domain/delivery/places.ts';
import { failure, untilSettled } from '#domain/failure.ts';
import { type ArrearId, CaseId, type DeliveryId, type Period, type SignalRef, signalIdOf } from '#domain/ids.ts';
import type { Clock, DeliveryStore, KeyedHash, ObjectStore, SignalStore, WorkflowStarter } from '#domain/ports.ts';
import { handedOverTo } from '#domain/signal/hand-over.ts';
import {
  agreedOf,
  arrearIdOf,
  earlierPeriods,
  factsToStay,
  isHandedOver,
  type Report,
  reportedAgain,
  reportedFacts,
  type Withdrawal,
  withdrawnBy,
} from '#domain/signal/reported.ts';
import type { Signal, SignalFacts } from '#domain/signal/signal.ts';
import { knows, receive, withdraw } from '#domain/signal/transition.ts';
import { wholeText } from '#domain/whole-text.ts';

interface Ports {
  readonly deliveries: Pick<DeliveryStore, 'get'>;
  readonly signals: Pick<SignalStore, 'claim' | 'repoint' | 'arrear' | 'create' | 'get' | 'replace'>;
  readonly hash: KeyedHash;
  readonly objects: Pick<ObjectStore, 'read' | 'write'>;
  readonly landingBucket: string;
  readonly workflows: Pick<WorkflowStarter, 'startSignal' | 'wake'>;
  readonly clock: Clock;
}

type Settled = 'accepted' | 'corrected' | 'unchanged' | 'SIGNAL_WITHDRAWN';

/** Counts of one chunk, for the log. */
export type ChunkCounts = Readonly<Record<RowResult['result'], number>>;

/** Rows at work at once; the quota of StartExecution is the narrow place. */
const CONCURRENCY = 8;

/**
 * Applies one chunk: every good row becomes, corrects or withdraws a signal, and its workflow is started. May run twice,
 * also after a crash anywhere: what this delivery did to a signal stands in the signal's history, so a replay gives the
 * same results and moves nothing back. Rows of one chunk never share an arrear.
 */
export const routeSignals = async (
  ports: Ports,
  { deliveryId, chunk }: { readonly deliveryId: DeliveryId; readonly chunk: number },
): Promise<ChunkCounts> => {
  const delivery = await ports.deliveries.get(deliveryId);
  if (delivery?.status !== 'VALIDATED') throw failure('DeliveryMissing');
  const rows = await rowsOf(ports, delivery, chunk);
  const results = await concurrently(CONCURRENCY, rows, (row) =>
    row.action === 'melden' ? report(ports, delivery, row) : withdrawAll(ports, delivery, row),
  );
  const body = results.map((result) => `${JSON.stringify(result)}\n`).join('');
  await ports.objects.write(ports.landingBucket, resultKey(delivery, chunk), body, NDJSON);
  const counts = { accepted: 0, corrected: 0, unchanged: 0, withdrawn: 0, refused: 0 };
  for (const { result } of results) counts[result] += 1;
  return counts;
};

const rowsOf = async ({ objects, landingBucket }: Ports, run: Run, chunk: number): Promise<readonly RoutedRow[]> => {
  const bytes = await objects.read(landingBucket, chunkKey(run, chunk));
  if (bytes === undefined) throw failure('ChunkMissing');
  return rowsOfChunk(await wholeText(bytes));
};

const report = async (ports: Ports, delivery: Delivery, row: Report): Promise<RowResult> => {
  const reported = await reportedFacts(ports.hash, row, delivery);
  const { arrearId, period, caseId: target } = reported;
  const settled = await untilSettled(async () => {
    const { cases } = await ports.signals.claim(arrearId, period, target);
    const place = cases[period] ?? target;
    const facts: SignalFacts = { ...reported, earlierPeriods: earlierPeriods(cases, period) };
    return place === target ? settle(ports, facts) : move(ports, facts, place);
  });
  const { line, partner, reference, socialCollection } = row;
  if (settled.result === 'unchanged') return { line, partner, result: 'unchanged' };
  if (settled.result === 'SIGNAL_WITHDRAWN') return refused(row, settled.result, row.warnings);
  await ports.workflows.startSignal(settled.ref, settled.round);
  // As the partner addressed it: where a signal went that was handed over is not told (R-ROU-4).
  const { municipality } = row.route;
  return { line, partner, reference, result: settled.result, ...settled.ref, municipality, socialCollection };
};

interface Outcome {
  readonly result: Settled;
  readonly ref: SignalRef;
  /** Of the execution that goes on with it. */
  readonly round: number;
}

const refused = (
  { line, partner, original }: Pick<RoutedRow, 'line' | 'partner' | 'original'>,
  code: 'SIGNAL_WITHDRAWN' | 'WITHDRAWAL_UNKNOWN',
  warnings: readonly WarningCode[] = [],
): RowResult => ({
  line,
  partner,
  result: 'refused',
  rejection: { line, code, column: 'referentie', original },
  ...(warnings.length > 0 && { warnings }),
});

/** The arrear belongs in this case this month: create its signal, or hold the row against the one that is there. */
const settle = async (ports: Ports, facts: SignalFacts): Promise<Outcome | undefined> => {
  const ref: SignalRef = { caseId: facts.caseId, signalId: facts.signalId };
  const fresh = receive(facts, ports.clock.now());
  if ((await ports.signals.create(fresh)) === 'written') return { ref, result: 'accepted', round: fresh.round };
  const stored = await ports.signals.get(ref);
  // Handed over between the claim and now: look again where it is.
  if (stored === undefined || handedOverTo(stored)) return undefined;
  const origin = originOf(stored);
  // Whoever moved it here may have stopped half-way: the one it came from must not stay open.
  if (origin) await leave(ports, { caseId: origin, signalId: facts.signalId }, facts);
  return correctStored(ports, stored, facts);
};

const correctStored = async (ports: Ports, stored: Signal, facts: SignalFacts): Promise<Outcome | undefined> => {
  const ref: SignalRef = { caseId: stored.caseId, signalId: stored.signalId };
  const before = resultBefore(stored, facts.delivery.deliveryId);
  if (before) {
    await lookAgain(ports, stored);
    return { ref, result: before, round: stored.round };
  }
  const again = reportedAgain(stored, facts, ports.clock.now());
  if (again.result !== 'corrected') return { ref, result: again.result, round: stored.round };
  const { signal, allowed } = again.transition;
  if ((await ports.signals.replace(signal, allowed)) === 'conflict') return undefined;
  if (stored.kind !== facts.kind || stored.collectionPhase !== facts.collectionPhase) await lookAgain(ports, stored);
  return { ref, result: 'corrected', round: signal.round };
};

/** Kind and phase of a signal decide on its terms (R-FLO-3): its execution counts them anew. */
const lookAgain = async ({ workflows }: Ports, { status, taskToken }: Signal): Promise<void> => {
  if (taskToken !== undefined && (status === 'ASSIGNED' || status === 'TERM_EXPIRED'))
    await workflows.wake(taskToken, 'CHANGED');
};

/** What an earlier run of this delivery made of this signal, by its history. */
const resultBefore = (stored: Signal, deliveryId: DeliveryId): 'accepted' | 'corrected' | undefined => {
  const entry = stored.history.find(
    ({ kind, source }) => source === deliveryId && (kind === 'RECEIVED' || kind === 'CORRECTED'),
  );
  if (entry === undefined) return undefined;
  return entry.kind === 'CORRECTED' || originOf(stored) ? 'corrected' : 'accepted';
};

/** The case a signal was moved from, as its first entries tell. */
const originOf = ({ history }: Signal): CaseId | undefined => {
  const [, moved] = history;
  const origin = moved?.kind === 'MOVED' ? CaseId.safeParse(moved.source) : undefined;
  return origin?.success ? origin.data : undefined;
};

/**
 * The address was corrected: the month's signal stands in another case. In this order, so that a crash anywhere leaves a
 * state a replay completes and no moment without a signal: create here, remembering where it came from; point the month
 * here; withdraw there and wake its workflow.
 */
const move = async (ports: Ports, facts: SignalFacts, from: CaseId): Promise<Outcome | undefined> => {
  const { signalId, arrearId, period, delivery } = facts;
  const here: SignalRef = { caseId: facts.caseId, signalId };
  const old = await ports.signals.get({ caseId: from, signalId });
  // Claimed and not yet written: its owner is at work, or its workflow will run it again.
  if (old === undefined) return undefined;
  const there = await ports.signals.get(here);
  const staying = factsToStay(old, there, facts);
  if (staying !== undefined || resultBefore(old, delivery.deliveryId)) {
    // It was on its way here when something newer came, or when this run stopped before.
    const isHalfMoved = there?.delivery.deliveryId === delivery.deliveryId && !isHandedOver(old, here.caseId, there);
    if (isHalfMoved) await leave(ports, here, facts);
    return correctStored(ports, old, staying ?? facts);
  }
  let round = there?.round ?? 1;
  if (there === undefined) {
    const agreed = old.municipality === facts.municipality ? agreedOf(old) : {};
    const fresh = receive({ ...facts, ...agreed, receivedAt: old.receivedAt }, ports.clock.now());
    const moved = { kind: 'MOVED', at: ports.clock.now(), source: from } as const;
    const created = await ports.signals.create({ ...fresh, ...answersOf(old), history: [...fresh.history, moved] });
    if (created === 'conflict') return undefined;
  } else if (!knows(there, delivery.deliveryId)) {
    // Another delivery stopped half-way with the same move.
    const corrected = await correctStored(ports, there, facts);
    if (corrected === undefined) return undefined;
    round = corrected.round;
  }
  if ((await ports.signals.repoint(arrearId, period, from, facts.caseId)) === 'conflict') return undefined;
  await leave(ports, { caseId: from, signalId }, facts);
  return { ref: here, result: 'corrected', round };
};

/** What was answered before it moved: the numbers of its outcomes go on, so that no feedback meets an older one. */
const answersOf = (old: Signal): Pick<Signal, 'earlierOutcomes' | 'earlierSuspensions'> => ({
  earlierOutcomes: 'outcome' in old && old.outcome ? [...old.earlierOutcomes, old.outcome] : old.earlierOutcomes,
  earlierSuspensions:
    'suspension' in old && old.suspension ? [...old.earlierSuspensions, old.suspension] : old.earlierSuspensions,
});

/** Withdraws the signal a move left behind and wakes its workflow; one that is gone or closed stays as it is. */
const leave = (ports: Ports, ref: SignalRef, { delivery }: SignalFacts): Promise<true> =>
  untilSettled(async () => {
    const signal = await ports.signals.get(ref);
    if (signal === undefined) return true;
    const left = withdraw(signal, 'verplaatst', ports.clock.now(), delivery.deliveryId);
    if (left.ok && (await ports.signals.replace(left.value.signal, left.value.allowed)) === 'conflict')
      return undefined;
    const isLeft = left.ok || (signal.status === 'WITHDRAWN' && signal.reason === 'verplaatst');
    if (isLeft && signal.taskToken !== undefined) await ports.workflows.wake(signal.taskToken, 'OVER');
    return true;
  });

/** R-DEL-9: every open signal of the arrear closes; the record stays, and its workflow wakes to end. */
const withdrawAll = async (ports: Ports, delivery: Delivery, row: Withdrawal): Promise<RowResult> => {
  const { line, partner } = row;
  const arrearId = await arrearIdOf(ports.hash, row);
  const outcomes: ('withdrawn' | 'unchanged' | 'absent')[] = [];
  const seen = new Set<CaseId>();
  // Read again after it is done: a signal that was handed over meanwhile is in another case by now.
  for (let left = await casesOf(ports, arrearId); left.length > 0; left = await casesOf(ports, arrearId, seen)) {
    for (const [period, caseId] of left) {
      const ref: SignalRef = { caseId, signalId: signalIdOf(arrearId, period) };
      outcomes.push(await untilSettled(() => withdrawOne(ports, delivery, ref, row)));
      seen.add(caseId);
    }
  }
  if (outcomes.includes('withdrawn')) return { line, partner, result: 'withdrawn' };
  return outcomes.includes('unchanged') ? { line, partner, result: 'unchanged' } : refused(row, 'WITHDRAWAL_UNKNOWN');
};

/** Where the signals of an arrear are, oldest month first, but for what was seen. */
const casesOf = async ({ signals }: Ports, arrearId: ArrearId, seen: ReadonlySet<CaseId> = new Set()) => {
  const cases = Object.entries((await signals.arrear(arrearId))?.cases ?? {}) as [Period, CaseId][];
  return cases.filter(([, caseId]) => !seen.has(caseId)).sort(([a], [b]) => (a < b ? -1 : 1));
};

const withdrawOne = async (
  ports: Ports,
  delivery: Delivery,
  ref: SignalRef,
  row: Withdrawal,
): Promise<'withdrawn' | 'unchanged' | 'absent' | undefined> => {
  const signal = await ports.signals.get(ref);
  if (signal === undefined) return 'absent';
  const own = signal.history.some(({ kind, source }) => kind === 'WITHDRAWN' && source === delivery.deliveryId);
  if (!own) {
    const withdrawn = withdrawnBy(signal, row, delivery, ports.clock.now());
    if (withdrawn === undefined) return 'unchanged';
    if ((await ports.signals.replace(withdrawn.signal, withdrawn.allowed)) === 'conflict') return undefined;
  }
  if (signal.taskToken !== undefined) await ports.workflows.wake(signal.taskToken, 'OVER');
  return 'withdrawn';
};
