import { Instant, IsoDate, type SignalRef } from '#domain/ids.ts';
import type { EarlyEndReason, Outcome, Signal, SignalFacts, Term } from '#domain/signal/signal.ts';
import { endSuspensionEarly, receive, recordOutcome, withdraw } from '#domain/signal/transition.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { assignSignal } from '#functions/casework/assign-signal/assign-signal.ts';
import { awaitChange } from '#functions/casework/await-change/await-change.ts';
import { settleOutcome } from '#functions/casework/settle-outcome/settle-outcome.ts';
import { configuration } from '#test/support/configuration.ts';
import { type MemoryPorts, memoryPorts } from '#test/support/memory/ports.ts';
import { signal as invented } from '#test/support/signal.ts';

/** Signals brought to a stage of their workflow with the use cases themselves, on memory ports. */
export const RECEIVED_AT = '2026-03-02T08:00:00.000Z';
export const TOKEN = 'token-1';
const receivedAt = Instant.parse(RECEIVED_AT);

/** A reported signal; by default of Haarlem, received on 2 March 2026. */
export const reported = (facts: Partial<SignalFacts> = {}): Signal => {
  const base = invented({ receivedAt, ...facts });
  return receive({ ...base, delivery: { ...base.delivery, receivedAt } }, receivedAt);
};
export const fresh = reported();
export const ref: SignalRef = { caseId: fresh.caseId, signalId: fresh.signalId };

export const accepted: Outcome = {
  result: 'Vervolghulp en/of verwijzing',
  date: IsoDate.parse('2026-03-10'),
  actionPlanOn: IsoDate.parse('2026-03-10'),
  paymentResumes: { from: IsoDate.parse('2026-04-01') },
  maySuspend: true,
  forCase: true,
};
export const declined: Outcome = {
  result: 'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering',
  date: IsoDate.parse('2026-03-10'),
  maySuspend: false,
  forCase: true,
};

export const received = async (...signals: Signal[]): Promise<MemoryPorts> => {
  const ports = memoryPorts({ now: RECEIVED_AT, configuration });
  for (const each of signals.length > 0 ? signals : [fresh]) {
    await ports.signals.create(each);
    await ports.signals.claim(each.arrearId, each.period, each.caseId);
  }
  return ports;
};

export const stored = (ports: MemoryPorts): Signal => {
  const found = ports.signals.items.get(`${ref.caseId}#${ref.signalId}`);
  if (!found) throw new Error('no signal');
  return found;
};
export const kinds = (ports: MemoryPorts): readonly string[] => stored(ports).history.map(({ kind }) => kind);
const termsOf = (ports: MemoryPorts): readonly Term[] => {
  const signal = stored(ports);
  return 'terms' in signal ? signal.terms : [];
};

/** The execution waits, as the workflow asks it: for the term that is next once those that are over have passed. */
export const wait = (ports: MemoryPorts, taskToken: string) => {
  const waitingFor = stored(ports).status === 'SUSPENDED' ? 'SUSPENSION_END' : 'OUTCOME';
  const now = ports.clock.now();
  const term = termsOf(ports).find(({ at }) => now < at) ?? null;
  return awaitChange(ports, { ...ref, waitingFor, term, taskToken });
};

/** Assigned, and its execution waits with `TOKEN`. */
export const waiting = async (): Promise<MemoryPorts> => {
  const ports = await received();
  await assignSignal(ports, ref);
  await wait(ports, TOKEN);
  return ports;
};

/** Lets the first stored term pass at its moment, as the workflow does: the wait times out and begins again. */
export const pass = (ports: MemoryPorts): Promise<{ waiting: boolean }> => {
  const [term] = termsOf(ports);
  if (!term) throw new Error('no term');
  ports.clock.set(term.at);
  return wait(ports, `after ${term.kind}`);
};

const change = async (
  ports: MemoryPorts,
  moved: ReturnType<typeof recordOutcome> | ReturnType<typeof withdraw> | ReturnType<typeof endSuspensionEarly>,
) => {
  if (!moved.ok) throw new Error(moved.error);
  if ((await ports.signals.replace(moved.value.signal, moved.value.allowed)) !== 'written') throw new Error('conflict');
};

export const answer = (ports: MemoryPorts, outcome: Outcome) =>
  change(ports, recordOutcome(stored(ports), outcome, ports.clock.now(), { source: 'uitkomsten' }));
export const takeBack = (ports: MemoryPorts) =>
  change(ports, withdraw(stored(ports), 'betaald', ports.clock.now(), 'levering'));
export const endEarly = (ports: MemoryPorts, reason: EarlyEndReason) => {
  const on = amsterdamDate(ports.clock.now());
  return change(ports, endSuspensionEarly(stored(ports), { on, reason }, ports.clock.now(), { source: 'uitkomsten' }));
};

/** Answered on 10 March, not settled yet. */
export const answered = async (outcome: Outcome = accepted): Promise<MemoryPorts> => {
  const ports = await waiting();
  ports.clock.set('2026-03-10T14:00:00.000Z');
  await answer(ports, outcome);
  return ports;
};

/** Schuldenrust runs, from 10 March to 9 April. */
export const suspended = async (): Promise<MemoryPorts> => {
  const ports = await answered();
  await settleOutcome(ports, ref);
  return ports;
};
