import type { WithdrawalReason } from '../delivery/delivery.ts';
import type { Instant, IsoDate } from '../ids.ts';
import { err, type Result } from '../result.ts';
import { amsterdamDate } from '../term/calendar.ts';
import type {
  CollectionSuspension,
  ContactAttempt,
  EarlyEndReason,
  HistoryEntry,
  Outcome,
  Signal,
  SignalEventKind,
  SignalFacts,
  SignalState,
  SignalStatus,
  Term,
} from './signal.ts';

/**
 * Every way a signal can move. Pure: the answer is the next record and the statuses it may replace; the store makes
 * that list its condition, so the list here is the rule.
 */
export const ALLOWED = {
  correct: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED', 'CLOSED'],
  withdraw: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED'],
  assign: ['RECEIVED'],
  remind: ['ASSIGNED'],
  expireTerm: ['ASSIGNED'],
  recordContactAttempt: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED'],
  recordOutcome: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED'],
  suspend: ['OUTCOME_KNOWN'],
  remindSuspension: ['SUSPENDED'],
  endSuspensionEarly: ['SUSPENDED'],
  closeSettled: ['OUTCOME_KNOWN'],
  closeSuspension: ['SUSPENDED'],
} as const satisfies Record<string, readonly SignalStatus[]>;
export type TransitionName = keyof typeof ALLOWED;

export interface Transition {
  readonly signal: Signal;
  readonly allowed: readonly SignalStatus[];
}
export type Moved<E extends string = never> = Result<Transition, 'NOT_ALLOWED' | E>;

type Common = SignalFacts & Pick<Signal, 'version' | 'history' | 'contactAttempts' | 'taskToken'>;
type StatusOf<N extends TransitionName> = (typeof ALLOWED)[N][number];
type InStatus<S extends SignalStatus> = Extract<Signal, { status: S }>;

const WORKFLOW = 'workflow';

const may = <N extends TransitionName>(name: N, signal: Signal): signal is InStatus<StatusOf<N>> =>
  (ALLOWED[name] as readonly SignalStatus[]).includes(signal.status);

const move = (
  name: TransitionName,
  common: Common,
  state: SignalState,
  kinds: readonly SignalEventKind[],
  at: Instant,
  source: string,
): { readonly ok: true; readonly value: Transition } => {
  const history: readonly HistoryEntry[] = [...common.history, ...kinds.map((kind) => ({ kind, at, source }))];
  return {
    ok: true,
    value: { signal: { ...common, ...state, version: common.version + 1, history }, allowed: ALLOWED[name] },
  };
};

const recordOf = ({ version, history, contactAttempts, taskToken }: Common): Omit<Common, keyof SignalFacts> => ({
  version,
  history,
  contactAttempts,
  ...(taskToken === undefined ? {} : { taskToken }),
});

/** What every state shares; what a state adds is left behind when the signal moves on. */
const commonOf = (signal: Common): Common => ({ ...factsOf(signal), ...recordOf(signal) });

/** The execution has passed this wait: its token wakes nobody any more. */
const withoutToken = ({ taskToken: _, ...common }: Common): Common => common;

/** The facts of a signal, without its state. */
export const factsOf = (signal: SignalFacts): SignalFacts => ({
  signalId: signal.signalId,
  caseId: signal.caseId,
  arrearId: signal.arrearId,
  municipality: signal.municipality,
  period: signal.period,
  organisation: signal.organisation,
  agreement: signal.agreement,
  policy: signal.policy,
  partner: signal.partner,
  partnerType: signal.partnerType,
  reference: signal.reference,
  kind: signal.kind,
  ...(signal.endOfSupplyOn === undefined ? {} : { endOfSupplyOn: signal.endOfSupplyOn }),
  collectionPhase: signal.collectionPhase,
  amountCents: signal.amountCents,
  dueDate: signal.dueDate,
  resident: signal.resident,
  address: signal.address,
  socialCollection: signal.socialCollection,
  certainty: signal.certainty,
  warnings: signal.warnings,
  earlierPeriods: signal.earlierPeriods,
  delivery: signal.delivery,
  receivedAt: signal.receivedAt,
  contentHash: signal.contentHash,
});

const stateOf = (signal: Signal): SignalState => {
  switch (signal.status) {
    case 'RECEIVED':
      return { status: signal.status };
    case 'ASSIGNED':
    case 'TERM_EXPIRED':
      return { status: signal.status, terms: signal.terms };
    case 'OUTCOME_KNOWN':
      return { status: signal.status, outcome: signal.outcome, termExpired: signal.termExpired };
    case 'SUSPENDED':
      return { status: signal.status, outcome: signal.outcome, suspension: signal.suspension, terms: signal.terms };
    case 'CLOSED':
      return {
        status: signal.status,
        outcome: signal.outcome,
        ...(signal.suspension ? { suspension: signal.suspension } : {}),
        closedAt: signal.closedAt,
      };
    case 'WITHDRAWN':
      return {
        status: signal.status,
        reason: signal.reason,
        closedAt: signal.closedAt,
        ...(signal.outcome ? { outcome: signal.outcome } : {}),
        ...(signal.suspension ? { suspension: signal.suspension } : {}),
      };
  }
};

/** Plain data compared by content, whatever the order of keys. */
const same = (a: unknown, b: unknown): boolean => {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && same(value, right.get(key)));
};

/** A new signal, version 1. `at` is the moment of receipt of the delivery. */
export const receive = (facts: SignalFacts, at: Instant): Signal => ({
  ...factsOf(facts),
  status: 'RECEIVED',
  version: 1,
  history: [{ kind: 'RECEIVED', at, source: facts.delivery.deliveryId }],
  contactAttempts: [],
});

/**
 * Whether facts come from a delivery that was not received earlier than that of others. S3 tells the second only: of
 * deliveries of the same moment the one that is applied last counts, and each is applied once.
 */
export const isNewer = (facts: Pick<SignalFacts, 'delivery'>, than: Pick<SignalFacts, 'delivery'>): boolean =>
  facts.delivery.receivedAt >= than.delivery.receivedAt;

/** Whether this source (a delivery) ever wrote to this signal. */
export const knows = (signal: Signal, source: string): boolean =>
  signal.history.some((entry) => entry.source === source);

/**
 * Replaces the facts by those of a later delivery (R-DEL-7). Status, terms, outcome and the moment of first receipt
 * stay. `ALREADY_KNOWN`: this delivery wrote to it before. `STALE`: a later delivery did.
 */
export const correct = (
  signal: Signal,
  facts: SignalFacts,
  at: Instant,
  source: string,
): Moved<'ALREADY_KNOWN' | 'STALE'> => {
  if (!may('correct', signal)) return err('NOT_ALLOWED');
  if (knows(signal, facts.delivery.deliveryId)) return err('ALREADY_KNOWN');
  if (!isNewer(facts, signal)) return err('STALE');
  const { signalId, caseId, arrearId, municipality, period, receivedAt } = signal;
  const identity = { signalId, caseId, arrearId, municipality, period, receivedAt };
  // Not spread over the old facts: an optional fact that is gone in the new row must not linger.
  const corrected: Common = { ...recordOf(signal), ...factsOf(facts), ...identity };
  return move('correct', corrected, stateOf(signal), ['CORRECTED'], at, source);
};

/**
 * Withdrawn by the partner (R-DEL-9), or moved to another case. A running suspension ends early with it
 * (R-SUS-4). The token stays: the execution must still be woken.
 */
export const withdraw = (
  signal: Signal,
  reason: WithdrawalReason | 'verplaatst',
  at: Instant,
  source: string,
): Moved<'ALREADY_KNOWN'> => {
  if (signal.status === 'WITHDRAWN') return err('ALREADY_KNOWN');
  if (!may('withdraw', signal)) return err('NOT_ALLOWED');
  const early: EarlyEndReason = reason === 'betaald' ? 'volledig betaald' : 'ingetrokken';
  const state: SignalState = {
    status: 'WITHDRAWN',
    reason,
    closedAt: at,
    ...('outcome' in signal ? { outcome: signal.outcome } : {}),
    ...('suspension' in signal
      ? {
          suspension: {
            ...signal.suspension,
            endedEarly: signal.suspension.endedEarly ?? { on: amsterdamDate(at), reason: early },
          },
        }
      : {}),
  };
  return move('withdraw', commonOf(signal), state, [reason === 'verplaatst' ? 'MOVED' : 'WITHDRAWN'], at, source);
};

/** Handed to the executing organisation, with the terms that count for it, first one first. */
export const assign = (signal: Signal, terms: readonly Term[], at: Instant): Moved =>
  may('assign', signal)
    ? move('assign', commonOf(signal), { status: 'ASSIGNED', terms }, ['ASSIGNED'], at, WORKFLOW)
    : err('NOT_ALLOWED');

/** Day 14 passed without outcome (R-FLO-2). */
export const remind = (signal: Signal, at: Instant): Moved<'ALREADY_KNOWN'> => {
  if (!may('remind', signal)) return err('NOT_ALLOWED');
  if (!signal.terms.some((term) => term.kind === 'REMINDER')) return err('ALREADY_KNOWN');
  const terms = signal.terms.filter((term) => term.kind !== 'REMINDER');
  return move('remind', withoutToken(commonOf(signal)), { status: 'ASSIGNED', terms }, ['REMINDED'], at, WORKFLOW);
};

/** Day 28 passed without outcome: *termijn verstreken*, still answerable (R-FLO-7). */
export const expireTerm = (signal: Signal, at: Instant): Moved => {
  if (!may('expireTerm', signal)) return err('NOT_ALLOWED');
  const terms = signal.terms.filter((term) => term.kind === 'CLOSING');
  const state: SignalState = { status: 'TERM_EXPIRED', terms };
  return move('expireTerm', withoutToken(commonOf(signal)), state, ['TERM_EXPIRED'], at, WORKFLOW);
};

/** An attempt to reach the resident (R-FLO-5). The same attempt counts once. */
export const recordContactAttempt = (
  signal: Signal,
  attempt: ContactAttempt,
  at: Instant,
  source: string,
): Moved<'ALREADY_KNOWN'> => {
  if (signal.contactAttempts.some((known) => same(known, attempt))) return err('ALREADY_KNOWN');
  if (!may('recordContactAttempt', signal)) return err('NOT_ALLOWED');
  const common = { ...commonOf(signal), contactAttempts: [...signal.contactAttempts, attempt] };
  return move('recordContactAttempt', common, stateOf(signal), ['CONTACT_ATTEMPTED'], at, source);
};

/**
 * The municipality's answer, or the closing result of the policy (R-FLO-6: exactly one). The same again is
 * `ALREADY_KNOWN` in every later state; another one is `CONTRADICTORY` while open and `CLOSED` afterwards.
 */
export const recordOutcome = (
  signal: Signal,
  outcome: Outcome,
  at: Instant,
  source: string,
): Result<Transition, 'ALREADY_KNOWN' | 'CONTRADICTORY' | 'CLOSED'> => {
  if (may('recordOutcome', signal)) {
    const termExpired = signal.status === 'TERM_EXPIRED';
    const state: SignalState = { status: 'OUTCOME_KNOWN', outcome, termExpired };
    return move('recordOutcome', commonOf(signal), state, ['OUTCOME_RECORDED'], at, source);
  }
  if (signal.outcome !== undefined && same(signal.outcome, outcome)) return err('ALREADY_KNOWN');
  return err(signal.status === 'CLOSED' || signal.status === 'WITHDRAWN' ? 'CLOSED' : 'CONTRADICTORY');
};

/** Schuldenrust starts: fed back to the partner and all conditions of R-SUS-1 hold. */
export const suspend = (
  signal: Signal,
  suspension: CollectionSuspension,
  terms: readonly Term[],
  at: Instant,
): Moved => {
  if (!may('suspend', signal)) return err('NOT_ALLOWED');
  const state: SignalState = { status: 'SUSPENDED', outcome: signal.outcome, suspension, terms };
  return move('suspend', withoutToken(commonOf(signal)), state, ['FED_BACK', 'SUSPENDED'], at, WORKFLOW);
};

/** The municipality is reminded of the coming end of schuldenrust (R-SUS-3). */
export const remindSuspension = (signal: Signal, at: Instant): Moved<'ALREADY_KNOWN'> => {
  if (!may('remindSuspension', signal)) return err('NOT_ALLOWED');
  if (!signal.terms.some((term) => term.kind === 'SUSPENSION_REMINDER')) return err('ALREADY_KNOWN');
  const { status, outcome, suspension } = signal;
  const terms = signal.terms.filter((term) => term.kind !== 'SUSPENSION_REMINDER');
  const state: SignalState = { status, outcome, suspension, terms };
  return move('remindSuspension', withoutToken(commonOf(signal)), state, ['SUSPENSION_REMINDED'], at, WORKFLOW);
};

/**
 * Schuldenrust ends before its last day (R-SUS-4). The signal stays `SUSPENDED` until the workflow told the partner and
 * closed it. The same reason again is `ALREADY_KNOWN`; another one `CONTRADICTORY`; after the end it is `CLOSED`.
 */
export const endSuspensionEarly = (
  signal: Signal,
  end: { readonly on: IsoDate; readonly reason: EarlyEndReason },
  at: Instant,
  source: string,
): Moved<'ALREADY_KNOWN' | 'CONTRADICTORY' | 'CLOSED'> => {
  const known = 'suspension' in signal ? signal.suspension?.endedEarly : undefined;
  if (known?.reason === end.reason) return err('ALREADY_KNOWN');
  if (signal.status === 'CLOSED' || signal.status === 'WITHDRAWN') return err('CLOSED');
  if (!may('endSuspensionEarly', signal)) return err('NOT_ALLOWED');
  if (known) return err('CONTRADICTORY');
  const { status, outcome, suspension } = signal;
  const state: SignalState = { status, outcome, suspension: { ...suspension, endedEarly: end }, terms: [] };
  return move('endSuspensionEarly', commonOf(signal), state, ['SUSPENSION_ENDED_EARLY'], at, source);
};

/** Settled without schuldenrust: fed back where the policy says so, and closed (R-SUS-6). */
export const closeSettled = (signal: Signal, fedBack: boolean, at: Instant): Moved => {
  if (!may('closeSettled', signal)) return err('NOT_ALLOWED');
  const state: SignalState = { status: 'CLOSED', outcome: signal.outcome, closedAt: at };
  const kinds: readonly SignalEventKind[] = fedBack ? ['FED_BACK', 'CLOSED'] : ['CLOSED'];
  return move('closeSettled', withoutToken(commonOf(signal)), state, kinds, at, WORKFLOW);
};

/** Schuldenrust is over, early or at its end (R-SUS-3), and the partner was told. */
export const closeSuspension = (signal: Signal, at: Instant): Moved => {
  if (!may('closeSuspension', signal)) return err('NOT_ALLOWED');
  const { outcome, suspension } = signal;
  const kinds: readonly SignalEventKind[] = suspension.endedEarly
    ? ['FED_BACK', 'CLOSED']
    : ['SUSPENSION_EXPIRED', 'FED_BACK', 'CLOSED'];
  const state: SignalState = { status: 'CLOSED', outcome, suspension, closedAt: at };
  return move('closeSuspension', withoutToken(commonOf(signal)), state, kinds, at, WORKFLOW);
};
