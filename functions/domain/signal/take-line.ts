import type { Governing } from '../agreement/governing.ts';
import type { CaseId, Instant, TeamId } from '../ids.ts';
import { err, ok, type Result } from '../result.ts';
import { type SuspensionCondition, suspensionConditions } from '../suspension/suspension.ts';
import { amsterdamDate } from '../term/calendar.ts';
import { openTerms, reopenedTerms } from '../term/terms.ts';
import { joining } from './case.ts';
import { handedOverTo } from './hand-over.ts';
import {
  type OutcomeColumn,
  type OutcomeLine,
  type OutcomeProblem,
  type OutcomeRejectionCode,
  outcomeProblem,
} from './outcome-line.ts';
import { type Origin, type Outcome, phaseOf, type Signal, type SignalEventKind } from './signal.ts';
import {
  correctOutcome,
  correctPhase,
  endSuspensionEarly,
  forward,
  markKnownAtTeam,
  recordContactAttempt,
  recordOutcome,
  reopen,
  retime,
  same,
  type Transition,
} from './transition.ts';

/** What a line is held against, beside the signal. */
export interface Circumstances {
  readonly policy: Governing;
  readonly now: Instant;
  readonly origin: Origin;
  /** Day the file was handed in: that of the end of schuldenrust. */
  readonly today: Outcome['date'];
  /** The line holds for another signal of its case: this one, which may have joined later, goes along (R-FLO-1). */
  readonly follows: boolean;
  /** It joined while the line was applied: it takes over what any signal that joins takes over. */
  readonly joined: boolean;
  /** The case in the municipality that takes the signal over. */
  readonly goesOnIn?: CaseId;
}

/** What a line makes of a signal. */
export interface Taken {
  /** As it is afterwards; one version later when the line changes it. */
  readonly signal: Signal;
  readonly changed: boolean;
  /** The file made it so: now, or when it came before. */
  readonly ours: boolean;
  /** What the waiting execution must hear, again when it was told before: a wake may have been lost. */
  readonly news?: 'OVER' | 'CHANGED';
  /** The signal begins a new round, which needs an execution of its own. */
  readonly newRound: boolean;
  /** Why the schuldenrust that the line asks for does not start. */
  readonly lacks: readonly SuspensionCondition[];
}

type Moved = Result<Transition, 'ALREADY_KNOWN' | 'NOT_ALLOWED' | 'CONTRADICTORY' | 'CLOSED' | 'BEYOND_CALENDAR'>;

/** One thing a line asks for. */
interface Step {
  readonly column: OutcomeColumn;
  readonly make: (signal: Signal) => Moved;
  readonly ours: (signal: Signal) => boolean;
  /** The code when the state of the signal does not allow it. */
  readonly otherwise: OutcomeRejectionCode;
}

const isOver = ({ status }: Signal): boolean => status === 'CLOSED' || status === 'WITHDRAWN';

/** Whether the file wrote this before, or did just now. */
const wrote = ({ history }: Signal, { source }: Origin, kinds: readonly SignalEventKind[], detail?: string): boolean =>
  history.some(
    (entry) =>
      kinds.includes(entry.kind) && entry.source === source && (detail === undefined || entry.detail === detail),
  );

/** Another file opened it again for this reason and with this answer, which stands: nothing is told again. */
const isRepeated = (signal: Signal, { reopen: reason, attempt, outcome }: OutcomeLine): boolean =>
  outcome !== undefined &&
  'outcome' in signal &&
  signal.outcome !== undefined &&
  isSame(signal.outcome, outcome) &&
  signal.history.findLast(({ kind }) => kind === 'REOPENED')?.detail === reason &&
  (attempt === undefined || signal.contactAttempts.some((known) => same(known, attempt)));

const reopening = (
  reason: NonNullable<OutcomeLine['reopen']>,
  line: OutcomeLine,
  { policy, now, origin, follows, goesOnIn }: Circumstances,
) => ({
  column: 'heropenen' as const,
  make: (signal: Signal): Moved => {
    if (!goesOnIn && isRepeated(signal, line)) return err('ALREADY_KNOWN');
    // Joined since: it is open, as the line asks.
    if (follows && !isOver(signal)) return err('ALREADY_KNOWN');
    const terms = reopenedTerms(signal, policy, now);
    return terms.ok ? reopen(signal, terms.value, reason, now, origin) : terms;
  },
  otherwise: 'NOT_CLOSED' as const,
});

/** Terms are corrected in the same write: an execution that is between two waits would not hear of it. */
const phasing = (phase: NonNullable<OutcomeLine['phase']>, { policy, now, origin }: Circumstances) => ({
  column: 'fase' as const,
  make: (signal: Signal): Moved => {
    const moved = correctPhase(signal, phase, now, origin);
    if (!moved.ok || (signal.status !== 'ASSIGNED' && signal.status !== 'TERM_EXPIRED')) return moved;
    const terms = openTerms(moved.value.signal, policy);
    if (!terms.ok) return terms;
    const retimed = retime(moved.value.signal, terms.value, now);
    return retimed.ok ? retimed : moved;
  },
  otherwise: 'CLOSED' as const,
});

/** Given for the case, a part or the signal, it is the same answer. */
const isSame = (known: Outcome, outcome: Outcome): boolean =>
  same({ ...known, forPart: undefined }, { ...outcome, forCase: known.forCase, forPart: undefined });

const answering = (
  outcome: Outcome,
  { correction, reopen: reopens }: OutcomeLine,
  { now, origin, follows, goesOnIn }: Circumstances,
) => ({
  column: 'resultaat' as const,
  make: (signal: Signal): Moved => {
    const stands = 'outcome' in signal ? signal.outcome : undefined;
    const given = stands && isSame(stands, outcome) ? stands : outcome;
    const replaced = wrote(signal, origin, ['REOPENED', 'OUTCOME_CORRECTED']);
    // A later line of this very file took its place, in a run that broke off.
    if (!reopens && replaced && signal.earlierOutcomes.some((old) => isSame(old, given))) return err('ALREADY_KNOWN');
    if (!correction) return recordOutcome(signal, given, now, origin, goesOnIn);
    const corrected = correctOutcome(signal, given, now, origin, goesOnIn);
    // Joined since: it has no outcome yet that could be wrong.
    const joined = !corrected.ok && corrected.error === 'NOT_ALLOWED' && follows && !isOver(signal);
    return joined ? recordOutcome(signal, given, now, origin, goesOnIn) : corrected;
  },
  otherwise: correction ? ('NOTHING_TO_CORRECT' as const) : ('CLOSED' as const),
});

/** Whether this file brought one of `items`: they and their entries in the history go side by side, up to the last. */
const brought = <T>(
  items: readonly T[],
  { history }: Signal,
  { source }: Origin,
  kinds: readonly SignalEventKind[],
  isIt: (item: T) => boolean,
): boolean => {
  const entries = history.filter(({ kind }) => kinds.includes(kind));
  const first = entries.length - items.length;
  return items.some((item, i) => isIt(item) && entries[first + i]?.source === source);
};

const outcomesOf = (signal: Signal): readonly Outcome[] => [
  ...signal.earlierOutcomes,
  ...('outcome' in signal && signal.outcome ? [signal.outcome] : []),
];

/** What the line asks for, in the order in which it happens: reopened first, answered last. */
const stepsOf = (line: OutcomeLine, team: TeamId | undefined, given: Circumstances): readonly Step[] => {
  const { reopen: reopens, phase, knownAtTeam, attempt, outcome, earlyEnd } = line;
  const { now, origin, today } = given;
  const by = (kinds: readonly SignalEventKind[], detail?: string) => (signal: Signal) =>
    wrote(signal, origin, kinds, detail);
  return [
    reopens && { ...reopening(reopens, line, given), ours: by(['REOPENED']) },
    phase && { ...phasing(phase, given), ours: by(['PHASE_CORRECTED'], phase) },
    knownAtTeam !== undefined && {
      column: 'bekend_wijkteam' as const,
      make: (signal: Signal) => markKnownAtTeam(signal, knownAtTeam, now, origin),
      ours: by(['KNOWN_AT_TEAM'], knownAtTeam ? 'ja' : 'nee'),
      otherwise: 'CLOSED' as const,
    },
    team && {
      column: 'doorzetten_naar' as const,
      make: (signal: Signal) => forward(signal, team, now, origin),
      ours: by(['FORWARDED'], team),
      otherwise: 'CLOSED' as const,
    },
    attempt && {
      column: 'contact_soort' as const,
      make: (signal: Signal) => recordContactAttempt(signal, attempt, now, origin),
      ours: (signal: Signal) =>
        brought(signal.contactAttempts, signal, origin, ['CONTACT_ATTEMPTED'], (known) => same(known, attempt)),
      otherwise: 'CLOSED' as const,
    },
    outcome && {
      ...answering(outcome, line, given),
      ours: (signal: Signal) =>
        brought(outcomesOf(signal), signal, origin, ['OUTCOME_RECORDED', 'OUTCOME_CORRECTED'], (known) =>
          isSame(known, outcome),
        ),
    },
    earlyEnd && {
      column: 'einde_schuldenrust' as const,
      make: (signal: Signal): Moved => {
        const ended = endSuspensionEarly(signal, { on: today, reason: earlyEnd }, now, origin);
        return ended.ok || ended.error === 'ALREADY_KNOWN' ? ended : err('NOT_ALLOWED');
      },
      ours: by(['SUSPENSION_ENDED_EARLY'], earlyEnd),
      otherwise: 'NOT_SUSPENDED' as const,
    },
  ].filter((step) => typeof step === 'object');
};

const refusal = (signal: Signal, error: string, { column, otherwise }: Step): OutcomeProblem => {
  if (signal.status === 'WITHDRAWN') return { code: 'WITHDRAWN', column };
  if (handedOverTo(signal)) return { code: 'HANDED_OVER', column };
  return { code: error === 'CONTRADICTORY' || error === 'CLOSED' ? error : otherwise, column };
};

/**
 * The line as it holds for this signal. One that joined its case later takes over the outcome from the day it came; what
 * was tried before that was not tried for it.
 */
const lineFor = (
  signal: Signal,
  line: OutcomeLine,
  { policy, follows, joined }: Circumstances,
): Result<OutcomeLine, OutcomeProblem> => {
  const receivedOn = amsterdamDate(signal.receivedAt);
  const { outcome, attempt, ...rest } = line;
  const early = attempt !== undefined && attempt.date < receivedOn;
  if (early && !(follows && outcome)) return err({ code: 'DATE_BEFORE_RECEIPT', column: 'contact_datum' });
  const takesOver = joined || (follows && outcome !== undefined && outcome.date < receivedOn);
  const given = outcome && takesOver ? joining(outcome, receivedOn) : outcome;
  const problem = given && outcomeProblem(given, receivedOn, policy);
  if (problem) return err(problem);
  return ok({ ...rest, ...(given && { outcome: given }), ...(attempt && !early && { attempt }) });
};

const teamOf = ({ team }: OutcomeLine, { policy }: Circumstances): Result<TeamId | undefined, OutcomeProblem> => {
  const { teams } = policy.teams;
  const found = teams.find(({ id, name }) => id === team || name === team);
  return team === undefined || found
    ? ok(found?.id)
    : err({ code: 'TEAM_UNKNOWN', column: 'doorzetten_naar', choices: teams.map(({ name }) => name) });
};

const newsOf = (
  signal: Signal,
  { correction, earlyEnd, phase, outcome }: OutcomeLine,
  { origin }: Circumstances,
): Taken['news'] => {
  switch (signal.status) {
    case 'OUTCOME_KNOWN':
      if (!outcome || !isSame(signal.outcome, outcome)) return undefined;
      return correction ? 'CHANGED' : 'OVER';
    case 'SUSPENDED':
      return earlyEnd && signal.suspension.endedEarly ? 'OVER' : undefined;
    case 'ASSIGNED':
    case 'TERM_EXPIRED':
      return phase && phaseOf(signal) === phase && wrote(signal, origin, ['PHASE_CORRECTED'], phase)
        ? 'CHANGED'
        : undefined;
    default:
      return undefined;
  }
};

/** Told on the day of the file at the earliest. A schuldenrust that runs or ran lacks nothing. */
const lacksOf = (signal: Signal, { outcome }: OutcomeLine, { policy, today }: Circumstances): Taken['lacks'] => {
  if (!outcome?.maySuspend || (signal.status !== 'OUTCOME_KNOWN' && signal.status !== 'CLOSED')) return [];
  if (!isSame(signal.outcome, outcome) || ('suspension' in signal && signal.suspension)) return [];
  const conditions = suspensionConditions(signal, signal.outcome, policy, today);
  return conditions.flatMap(({ condition, holds }) => (holds ? [] : [condition]));
};

/**
 * What one line makes of one signal, as a whole or not at all. Pure, so that a preview says what the line itself would do.
 * The same line of the same file again changes nothing, also when others changed the signal since. `BEYOND_CALENDAR`: the
 * holidays a term needs are not known yet.
 */
export const takeLine = (
  signal: Signal,
  said: OutcomeLine,
  given: Circumstances,
): Result<Taken, OutcomeProblem | 'BEYOND_CALENDAR'> => {
  const held = lineFor(signal, said, given);
  if (!held.ok) return held;
  const line = held.value;
  const team = teamOf(line, given);
  if (!team.ok) return team;
  let current = signal;
  let ours = false;
  for (const step of stepsOf(line, team.value, given)) {
    const moved = step.make(current);
    if (moved.ok) current = moved.value.signal;
    else if (moved.error === 'BEYOND_CALENDAR') return err(moved.error);
    else if (moved.error !== 'ALREADY_KNOWN') return err(refusal(current, moved.error, step));
    ours ||= step.ours(current);
  }
  const changed = current !== signal;
  const after = changed ? { ...current, version: signal.version + 1 } : signal;
  const news = newsOf(after, line, given);
  return ok({
    signal: after,
    changed,
    ours,
    ...(news && { news }),
    newRound: ours && after.round > 1 && (line.reopen !== undefined || line.correction),
    lacks: lacksOf(after, line, given),
  });
};
