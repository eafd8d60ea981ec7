import type { CollectionPhase, WithdrawalReason } from '../delivery/delivery.ts';
import type { CaseId, Instant, IsoDate, TeamId } from '../ids.ts';
import { err, ok, type Result } from '../result.ts';
import { amsterdamDate } from '../term/calendar.ts';
import type { ContactKind, EndResult } from './ddas.ts';
import { handedOverTo } from './hand-over.ts';
import {
  CORRECTED,
  type CollectionSuspension,
  type ContactAttempt,
  type EarlyEndReason,
  type HistoryEntry,
  type Origin,
  type Outcome,
  phaseOf,
  type ReopenReason,
  SAME_RESIDENT,
  type Signal,
  type SignalEventKind,
  type SignalFacts,
  type SignalState,
  type SignalStatus,
  type Term,
  type TermKind,
} from './signal.ts';

/**
 * Every way a signal can move. Pure: the answer is the next record and the statuses it may replace; the store makes
 * that list its condition, so the list here is the rule.
 */
export const ALLOWED = {
  correct: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED', 'CLOSED'],
  withdraw: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED'],
  assign: ['RECEIVED'],
  settleRepeat: ['RECEIVED'],
  takeUp: ['OUTCOME_KNOWN', 'CLOSED'],
  retime: ['ASSIGNED', 'TERM_EXPIRED'],
  passTerms: ['ASSIGNED', 'TERM_EXPIRED', 'SUSPENDED'],
  recordContactAttempt: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED'],
  forward: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED'],
  correctPhase: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED'],
  markKnownAtTeam: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED', 'OUTCOME_KNOWN', 'SUSPENDED'],
  recordOutcome: ['RECEIVED', 'ASSIGNED', 'TERM_EXPIRED'],
  correctOutcome: ['OUTCOME_KNOWN', 'SUSPENDED', 'CLOSED'],
  reopen: ['CLOSED'],
  suspend: ['OUTCOME_KNOWN'],
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

type Common = SignalFacts & Omit<Extract<Signal, { status: 'RECEIVED' }>, keyof SignalFacts | 'status'>;
type StatusOf<N extends TransitionName> = (typeof ALLOWED)[N][number];
type InStatus<S extends SignalStatus> = Extract<Signal, { status: S }>;

const BY_WORKFLOW: Origin = { source: 'workflow' };

const may = <N extends TransitionName>(name: N, signal: Signal): signal is InStatus<StatusOf<N>> =>
  (ALLOWED[name] as readonly SignalStatus[]).includes(signal.status);

const entry = (kind: SignalEventKind, at: Instant, { source, by }: Origin, detail?: string): HistoryEntry => ({
  kind,
  at,
  source,
  ...(by === undefined ? {} : { by }),
  ...(detail === undefined ? {} : { detail }),
});

const withEvents = <C extends Common>(common: C, events: readonly HistoryEntry[]): C => ({
  ...common,
  history: [...common.history, ...events],
});

const move = (
  name: TransitionName,
  common: Common,
  state: SignalState,
  kinds: readonly SignalEventKind[],
  at: Instant,
  origin: Origin = BY_WORKFLOW,
  detail?: string,
): { readonly ok: true; readonly value: Transition } => {
  const events = kinds.map((kind) => entry(kind, at, origin, detail));
  return {
    ok: true,
    value: { signal: { ...withEvents(common, events), ...state, version: common.version + 1 }, allowed: ALLOWED[name] },
  };
};

const recordOf = (signal: Common): Omit<Common, keyof SignalFacts> => ({
  version: signal.version,
  round: signal.round,
  history: signal.history,
  contactAttempts: signal.contactAttempts,
  ...(signal.team === undefined ? {} : { team: signal.team }),
  ...(signal.correctedPhase === undefined ? {} : { correctedPhase: signal.correctedPhase }),
  ...(signal.knownAtTeam === undefined ? {} : { knownAtTeam: signal.knownAtTeam }),
  earlierOutcomes: signal.earlierOutcomes,
  earlierSuspensions: signal.earlierSuspensions,
  ...(signal.taskToken === undefined ? {} : { taskToken: signal.taskToken }),
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
      return { status: signal.status, outcome: signal.outcome };
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
export const same = (a: unknown, b: unknown): boolean => {
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
  round: 1,
  history: [{ kind: 'RECEIVED', at, source: facts.delivery.deliveryId }],
  contactAttempts: [],
  earlierOutcomes: [],
  earlierSuspensions: [],
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
  const retimed = signal.kind !== facts.kind || signal.collectionPhase !== facts.collectionPhase;
  const waits = signal.status === 'ASSIGNED' || signal.status === 'TERM_EXPIRED';
  // Kind and phase decide on the terms: an execution that finds none counts them anew, also when no wake reached it.
  const state = waits && retimed ? { ...stateOf(signal), terms: [] } : stateOf(signal);
  // What it said before is not kept, so whether cases may be others by it is told here (R-WOR-1).
  const isOther =
    !same(signal.resident, facts.resident) ||
    !same(signal.address, facts.address) ||
    signal.partnerType !== facts.partnerType;
  const detail = isOther ? undefined : SAME_RESIDENT;
  return move('correct', corrected, state as SignalState, ['CORRECTED'], at, { source }, detail);
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
  return move('withdraw', commonOf(signal), state, [reason === 'verplaatst' ? 'MOVED' : 'WITHDRAWN'], at, { source });
};

/** Whether this source made this kind of change before: a file may come again after others changed the signal since. */
const did = ({ history }: Signal, kind: SignalEventKind, { source }: Origin, detail?: string): boolean =>
  history.some(
    (entry) => entry.kind === kind && entry.source === source && (detail === undefined || entry.detail === detail),
  );

/** Handed to the first team, with the terms that count for it, first one first (R-FLO-1, R-FLO-4). */
export const assign = (signal: Signal, terms: readonly Term[], team: TeamId, at: Instant): Moved =>
  may('assign', signal)
    ? move(
        'assign',
        { ...commonOf(signal), team: signal.team ?? team },
        { status: 'ASSIGNED', terms },
        ['ASSIGNED'],
        at,
      )
    : err('NOT_ALLOWED');

/** A repeat signal that the policy of the municipality closes (R-DEL-5): answered before anybody gets it. */
export const settleRepeat = (signal: Signal, outcome: Outcome, at: Instant, why: string): Moved =>
  may('settleRepeat', signal)
    ? move(
        'settleRepeat',
        commonOf(signal),
        { status: 'OUTCOME_KNOWN', outcome },
        ['OUTCOME_RECORDED'],
        at,
        BY_WORKFLOW,
        why,
      )
    : err('NOT_ALLOWED');

/** A repeat signal that was closed by policy must be looked at after all (R-DEL-5): it begins anew. */
export const takeUp = (signal: Signal, at: Instant, origin: Origin, why: string): Moved => {
  if (!may('takeUp', signal)) return err('NOT_ALLOWED');
  const common = { ...withoutToken(commonOf(signal)), ...setAside(signal, at), round: signal.round + 1 };
  return move('takeUp', common, { status: 'RECEIVED' }, ['REOPENED'], at, origin, why);
};

/** Phase or kind changed, and with it the terms that are left. */
export const retime = (signal: Signal, terms: readonly Term[], at: Instant): Moved<'ALREADY_KNOWN'> => {
  if (!may('retime', signal)) return err('NOT_ALLOWED');
  if (same(signal.terms, terms)) return err('ALREADY_KNOWN');
  return move('retime', commonOf(signal), { status: signal.status, terms }, ['TERMS_CHANGED'], at);
};

const PASSED: Readonly<Record<Exclude<TermKind, 'CLOSING' | 'SUSPENSION_END'>, SignalEventKind>> = {
  REMINDER: 'REMINDED',
  WARNING: 'WARNED',
  ESCALATION: 'TERM_EXPIRED',
  FEEDBACK: 'FEEDBACK_OVERDUE',
  FIRST_CONVERSATION: 'FIRST_CONVERSATION_OVERDUE',
  SUSPENSION_REMINDER: 'SUSPENSION_REMINDED',
};

/** In which somebody is spoken to; a letter or message that arrived is no conversation. */
const CONVERSATIONS: readonly ContactKind[] = ['Huisbezoek', 'Telefoon', 'Afspraak op locatie'];

/**
 * Whether the resident was spoken to since the day of receipt; with `by` on that day at the latest: then the passing of
 * the term is no news (R-FLO-3).
 */
export const conversationHeld = (
  { contactAttempts, receivedAt }: Pick<Signal, 'contactAttempts' | 'receivedAt'>,
  by?: IsoDate,
): boolean =>
  contactAttempts.some(
    ({ kind, reached, date }) =>
      CONVERSATIONS.includes(kind) && reached && amsterdamDate(receivedAt) <= date && (by === undefined || date <= by),
  );

const passOne = (signal: InStatus<StatusOf<'passTerms'>>, term: Term, closing: EndResult, at: Instant): Signal => {
  const terms = signal.terms.slice(1);
  const common = commonOf(signal);
  if (term.kind === 'CLOSING') {
    const outcome: Outcome = { result: closing, date: term.on, maySuspend: false, forCase: false };
    const state = { status: 'OUTCOME_KNOWN', outcome } as const;
    return { ...withEvents(common, [entry('OUTCOME_RECORDED', at, BY_WORKFLOW, term.because)]), ...state };
  }
  const quiet = term.kind === 'FIRST_CONVERSATION' && conversationHeld(signal, term.on);
  const kind = PASSED[term.kind as keyof typeof PASSED];
  const state: SignalState =
    term.kind === 'ESCALATION' && signal.status === 'ASSIGNED'
      ? { status: 'TERM_EXPIRED', terms }
      : ({ ...stateOf(signal), terms } as SignalState);
  return { ...withEvents(common, quiet ? [] : [entry(kind, at, BY_WORKFLOW, term.because)]), ...state };
};

/**
 * Every term that is over at `at`, in one step: reminder, warning, *termijn verstreken*, feedback or first conversation
 * too late, the reminder before the end of schuldenrust, and at the closing horizon the result of the policy (R-FLO-2,
 * R-FLO-3, R-FLO-7, R-SUS-3). A term leaves the list when it passed, so that each is said once. The end of schuldenrust is
 * not passed here: `closeSuspension` does. `NOTHING_DUE` when the first term is still ahead.
 */
export const passTerms = (signal: Signal, closing: EndResult, at: Instant): Moved<'NOTHING_DUE'> => {
  if (!may('passTerms', signal)) return err('NOT_ALLOWED');
  let passed: Signal = signal;
  while (may('passTerms', passed)) {
    const term = passed.terms[0];
    if (!term || at < term.at || term.kind === 'SUSPENSION_END') break;
    passed = passOne(passed, term, closing, at);
  }
  if (passed === signal) return err('NOTHING_DUE');
  return ok({ signal: { ...passed, version: signal.version + 1 }, allowed: [signal.status] });
};

/** What was tried to reach the resident (R-FLO-5). The same attempt again changes nothing. */
export const recordContactAttempt = (
  signal: Signal,
  attempt: ContactAttempt,
  at: Instant,
  origin: Origin,
): Moved<'ALREADY_KNOWN'> => {
  if (signal.contactAttempts.some((known) => same(known, attempt))) return err('ALREADY_KNOWN');
  if (!may('recordContactAttempt', signal)) return err('NOT_ALLOWED');
  const common = { ...commonOf(signal), contactAttempts: [...signal.contactAttempts, attempt] };
  return move('recordContactAttempt', common, stateOf(signal), ['CONTACT_ATTEMPTED'], at, origin);
};

/** To another team, or handed back (R-FLO-4, R-WOR-6). */
export const forward = (signal: Signal, team: TeamId, at: Instant, origin: Origin): Moved<'ALREADY_KNOWN'> => {
  if (signal.team === team || did(signal, 'FORWARDED', origin, team)) return err('ALREADY_KNOWN');
  if (!may('forward', signal)) return err('NOT_ALLOWED');
  return move('forward', { ...commonOf(signal), team }, stateOf(signal), ['FORWARDED'], at, origin, team);
};

/** The municipality corrects the collection phase (R-FLO-8); the terms follow when the execution looks again. */
export const correctPhase = (
  signal: Signal,
  phase: CollectionPhase,
  at: Instant,
  origin: Origin,
): Moved<'ALREADY_KNOWN'> => {
  if (phaseOf(signal) === phase || did(signal, 'PHASE_CORRECTED', origin, phase)) return err('ALREADY_KNOWN');
  if (!may('correctPhase', signal)) return err('NOT_ALLOWED');
  const common = { ...commonOf(signal), correctedPhase: phase };
  return move('correctPhase', common, stateOf(signal), ['PHASE_CORRECTED'], at, origin, phase);
};

/** Whether the neighbourhood team knows the household (R-WOR-4). */
export const markKnownAtTeam = (
  signal: Signal,
  known: boolean,
  at: Instant,
  origin: Origin,
): Moved<'ALREADY_KNOWN'> => {
  const detail = known ? 'ja' : 'nee';
  if ((signal.knownAtTeam ?? false) === known || did(signal, 'KNOWN_AT_TEAM', origin, detail))
    return err('ALREADY_KNOWN');
  if (!may('markKnownAtTeam', signal)) return err('NOT_ALLOWED');
  const common = { ...commonOf(signal), knownAtTeam: known };
  return move('markKnownAtTeam', common, stateOf(signal), ['KNOWN_AT_TEAM'], at, origin, detail);
};

/**
 * The municipality's answer (R-FLO-6: exactly one stands). The same again, also of a file that comes again after the
 * signal was reopened or corrected, is `ALREADY_KNOWN`; another one is `CONTRADICTORY` while open and `CLOSED` afterwards.
 * `goesOnIn`: the case in the municipality it is handed over to (R-ROU-4).
 */
export const recordOutcome = (
  signal: Signal,
  outcome: Outcome,
  at: Instant,
  origin: Origin,
  goesOnIn?: CaseId,
): Result<Transition, 'ALREADY_KNOWN' | 'CONTRADICTORY' | 'CLOSED'> => {
  const given =
    'outcome' in signal && signal.outcome !== undefined
      ? [...signal.earlierOutcomes, signal.outcome]
      : signal.earlierOutcomes;
  const again = did(signal, 'OUTCOME_RECORDED', origin) && given.some((known) => same(known, outcome));
  if (again || ('outcome' in signal && same(signal.outcome, outcome))) return err('ALREADY_KNOWN');
  if (may('recordOutcome', signal)) {
    const state: SignalState = { status: 'OUTCOME_KNOWN', outcome };
    return handedOver(move('recordOutcome', commonOf(signal), state, ['OUTCOME_RECORDED'], at, origin), goesOnIn);
  }
  return err(signal.status === 'CLOSED' || signal.status === 'WITHDRAWN' ? 'CLOSED' : 'CONTRADICTORY');
};

/** The answer, and right behind it in the history that the signal goes on in another case. */
const handedOver = (answered: ReturnType<typeof move>, to: CaseId | undefined): ReturnType<typeof move> => {
  const { signal, allowed } = answered.value;
  const answer = signal.history.at(-1);
  if (to === undefined || answer === undefined) return answered;
  const left: HistoryEntry = { ...answer, kind: 'HANDED_OVER', source: to };
  return { ok: true, value: { signal: { ...signal, history: [...signal.history, left] }, allowed } };
};

/** Where a signal may come back to that was there before (R-ROU-4). */
export const MAY_COME_BACK: readonly SignalStatus[] = ['CLOSED', 'WITHDRAWN'];

/**
 * The signal as it starts in the municipality it was handed over to (R-ROU-4): received there at `at`, with what became
 * of it elsewhere, so that the numbers of its outcomes go on. `before`: what lies there of it since an earlier stay.
 */
export const takeOver = (
  facts: SignalFacts,
  from: Signal,
  outcome: Outcome,
  at: Instant,
  origin: Origin,
  before?: Signal,
): Signal => {
  const here: Common = before
    ? { ...withoutToken(commonOf(before)), ...factsOf(facts), version: before.version + 1, round: before.round + 1 }
    : receive(facts, at);
  return {
    ...withEvents(here, [entry('HANDED_OVER', at, { ...origin, source: from.caseId })]),
    status: 'RECEIVED',
    ...(from.correctedPhase && { correctedPhase: from.correctedPhase }),
    earlierOutcomes: [...from.earlierOutcomes, outcome],
    earlierSuspensions: from.earlierSuspensions,
  };
};

/** What a later round leaves behind: the outcome that no longer stands and its suspension, ended when it still ran. */
const setAside = (
  signal: InStatus<'OUTCOME_KNOWN' | 'SUSPENDED' | 'CLOSED'>,
  at: Instant,
): Pick<Signal, 'earlierOutcomes' | 'earlierSuspensions'> => {
  const suspension = 'suspension' in signal ? signal.suspension : undefined;
  const ended =
    suspension && signal.status === 'SUSPENDED' && !suspension.endedEarly
      ? { ...suspension, endedEarly: { on: amsterdamDate(at), reason: CORRECTED } as const }
      : suspension;
  return {
    earlierOutcomes: [...signal.earlierOutcomes, signal.outcome],
    earlierSuspensions: ended ? [...signal.earlierSuspensions, ended] : signal.earlierSuspensions,
  };
};

/** A closed signal needs a new execution; one that is open is woken. */
const nextRound = ({ status, round }: Signal): number => (status === 'CLOSED' ? round + 1 : round);

/**
 * An outcome entered by mistake is replaced; what the partner was told of it is put right by the settlement. Not of a
 * signal that was handed over: it goes on elsewhere. `goesOnIn` as for `recordOutcome`.
 */
export const correctOutcome = (
  signal: Signal,
  outcome: Outcome,
  at: Instant,
  origin: Origin,
  goesOnIn?: CaseId,
): Moved<'ALREADY_KNOWN'> => {
  if ('outcome' in signal && same(signal.outcome, outcome)) return err('ALREADY_KNOWN');
  if (did(signal, 'OUTCOME_CORRECTED', origin) && signal.earlierOutcomes.some((known) => same(known, outcome)))
    return err('ALREADY_KNOWN');
  if (!may('correctOutcome', signal) || handedOverTo(signal)) return err('NOT_ALLOWED');
  const common = { ...commonOf(signal), ...setAside(signal, at), round: nextRound(signal) };
  const state: SignalState = { status: 'OUTCOME_KNOWN', outcome };
  return handedOver(move('correctOutcome', common, state, ['OUTCOME_CORRECTED'], at, origin), goesOnIn);
};

/**
 * A closed case is opened again (R-FLO-6), unless it was handed over: `terms` are those still ahead, counted anew where
 * they must be.
 */
export const reopen = (
  signal: Signal,
  terms: readonly Term[],
  reason: ReopenReason,
  at: Instant,
  origin: Origin,
): Moved<'ALREADY_KNOWN'> => {
  if (did(signal, 'REOPENED', origin)) return err('ALREADY_KNOWN');
  if (!may('reopen', signal) || handedOverTo(signal)) return err('NOT_ALLOWED');
  const status = terms.some(({ kind }) => kind === 'ESCALATION') ? 'ASSIGNED' : 'TERM_EXPIRED';
  const common = { ...withoutToken(commonOf(signal)), ...setAside(signal, at), round: nextRound(signal) };
  return move('reopen', common, { status, terms }, ['REOPENED'], at, origin, reason);
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
  return move('suspend', withoutToken(commonOf(signal)), state, ['FED_BACK', 'SUSPENDED'], at);
};

/**
 * Schuldenrust ends before its last day (R-SUS-4). The signal stays `SUSPENDED` until the workflow told the partner and
 * closed it. The same reason again is `ALREADY_KNOWN`; another one `CONTRADICTORY`; after the end it is `CLOSED`.
 */
export const endSuspensionEarly = (
  signal: Signal,
  end: { readonly on: IsoDate; readonly reason: EarlyEndReason },
  at: Instant,
  origin: Origin,
): Moved<'ALREADY_KNOWN' | 'CONTRADICTORY' | 'CLOSED'> => {
  const known = 'suspension' in signal ? signal.suspension?.endedEarly : undefined;
  if (known?.reason === end.reason || did(signal, 'SUSPENSION_ENDED_EARLY', origin, end.reason))
    return err('ALREADY_KNOWN');
  if (signal.status === 'CLOSED' || signal.status === 'WITHDRAWN') return err('CLOSED');
  if (!may('endSuspensionEarly', signal)) return err('NOT_ALLOWED');
  if (known) return err('CONTRADICTORY');
  const { status, outcome, suspension } = signal;
  const state: SignalState = { status, outcome, suspension: { ...suspension, endedEarly: end }, terms: [] };
  return move('endSuspensionEarly', commonOf(signal), state, ['SUSPENSION_ENDED_EARLY'], at, origin, end.reason);
};

/** Settled without schuldenrust: fed back where the policy says so, and closed (R-SUS-6). */
export const closeSettled = (signal: Signal, fedBack: boolean, at: Instant): Moved => {
  if (!may('closeSettled', signal)) return err('NOT_ALLOWED');
  const state: SignalState = { status: 'CLOSED', outcome: signal.outcome, closedAt: at };
  const kinds: readonly SignalEventKind[] = fedBack ? ['FED_BACK', 'CLOSED'] : ['CLOSED'];
  return move('closeSettled', withoutToken(commonOf(signal)), state, kinds, at);
};

/** Schuldenrust is over, early or at its end (R-SUS-3), and the partner was told. */
export const closeSuspension = (signal: Signal, at: Instant): Moved => {
  if (!may('closeSuspension', signal)) return err('NOT_ALLOWED');
  const { outcome, suspension } = signal;
  const kinds: readonly SignalEventKind[] = suspension.endedEarly
    ? ['FED_BACK', 'CLOSED']
    : ['SUSPENSION_EXPIRED', 'FED_BACK', 'CLOSED'];
  const state: SignalState = { status: 'CLOSED', outcome, suspension, closedAt: at };
  return move('closeSuspension', withoutToken(commonOf(signal)), state, kinds, at);
};
