import type { Reading } from '#domain/access.ts';
import { SUBJECTS, type Subject } from '#domain/agreement/configuration.ts';
import type { Clause, Governing } from '#domain/agreement/governing.ts';
import { failure } from '#domain/failure.ts';
import {
  type CaseId,
  type CaseNumber,
  type Instant,
  type IsoDate,
  type MunicipalityCode,
  type OrganisationId,
  partsOfCaseId,
  partsOfSignalId,
  type SignalId,
  signalIdOf,
  type TeamId,
} from '#domain/ids.ts';
import { decisionsAround, signalsAround } from '#domain/matching/around.ts';
import { casesOf, caseWith, keyOfMember } from '#domain/matching/cases.ts';
import type { Comparison } from '#domain/matching/comparison.ts';
import { householdsOf, type MatchDecision, type Member } from '#domain/matching/decision.ts';
import { comparer, memberKey } from '#domain/matching/persons.ts';
import type { FormedBy } from '#domain/matching/signal-case.ts';
import type { AccessLog, Clock, ConfigurationStore, MatchStore, SignalStore } from '#domain/ports.ts';
import { trayWords } from '#domain/ranking/work-tray.ts';
import { otherMunicipalities } from '#domain/routing/route.ts';
import { executionName, type SignalKey } from '#domain/signal/execution-name.ts';
import type {
  CollectionSuspension,
  HistoryEntry,
  Outcome,
  Signal,
  SignalEventKind,
  SignalStatus,
  SuspensionEndReason,
  Term,
} from '#domain/signal/signal.ts';
import { type ConditionHeld, suspensionConditions } from '#domain/suspension/suspension.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { openTerms } from '#domain/term/terms.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'arrear' | 'get' | 'ofHousehold'>;
  readonly matches: Pick<MatchStore, 'ofHousehold'>;
  readonly configuration: Pick<ConfigurationStore, 'governing'>;
  readonly access: AccessLog;
  readonly clock: Clock;
}

/** What says something of a person, or of what they owe to whom. */
type Personal = Pick<
  Signal,
  | 'partner'
  | 'partnerType'
  | 'reference'
  | 'kind'
  | 'endOfSupplyOn'
  | 'collectionPhase'
  | 'correctedPhase'
  | 'knownAtTeam'
  | 'amountCents'
  | 'dueDate'
  | 'resident'
  | 'address'
  | 'contactAttempts'
  | 'earlierOutcomes'
> & { readonly outcome?: Outcome };

/** Why a signal is in its case, and what was decided about its arrear (R-MAT-3, R-MAT-4). */
interface Matching {
  /** The other signals of its case, each as it compares with this one. */
  readonly links: readonly { readonly signalId: SignalId; readonly evidence: Comparison }[];
  /** Oldest first; `with` are the signals at the other side, of its month where there are, else the last; also elsewhere. */
  readonly decisions: readonly (Pick<MatchDecision, 'kind' | 'at' | 'decided'> & {
    readonly with: readonly SignalId[];
  })[];
}

/** A signal for whoever keeps the system running: where it stands and why, and of the person only `personal`. */
export interface ShownSignal {
  readonly signalId: SignalId;
  readonly caseId: CaseId;
  /** What the municipality calls its case: keyed, and what lists and outcome lines are asked about. */
  readonly caseNumber: CaseNumber;
  /** How its signals came together; only with a purpose: it tells who lives with whom. */
  readonly formed?: FormedBy;
  readonly municipality: MunicipalityCode;
  readonly status: SignalStatus;
  readonly round: number;
  readonly organisation: OrganisationId;
  /** Which municipality it may be instead, when the postcode leaves room for doubt (R-ROU-1). */
  readonly certainty: { readonly municipality: Signal['certainty']; readonly orElse: readonly MunicipalityCode[] };
  /** The same arrear in earlier months, oldest first (R-DEL-5). */
  readonly earlier: readonly SignalId[];
  readonly workTray: string;
  readonly team?: TeamId;
  /** Of the execution of this round. */
  readonly executionName: string;
  readonly terms: readonly Term[];
  readonly history: readonly HistoryEntry[];
  /** What the execution waits for, and when it looks again by itself. */
  readonly waiting: { readonly for: 'OUTCOME' | 'SUSPENSION_END'; readonly until: Instant } | null;
  /** Which text says so, per thing that can be agreed on. */
  readonly governing: readonly (Clause & { readonly subject: Subject })[];
  readonly suspension?: Pick<CollectionSuspension, 'startsOn' | 'lastDay'> & {
    /** The reason only with a purpose. */
    readonly endedEarly?: { readonly on: IsoDate; readonly reason?: SuspensionEndReason };
    readonly conditions: readonly ConditionHeld[];
  };
  readonly personal?: Personal;
  /** Only with a purpose: it tells who is one person. */
  readonly matching?: Matching;
}

/** A bare signal id is that of the case it lies in now; after a hand-over the name of the execution leads to the old one. */
const caseOf = async (
  { signals }: Pick<Ports, 'signals'>,
  { signalId, caseId }: SignalKey,
): Promise<CaseId | undefined> => {
  if (caseId !== undefined) return caseId;
  const { arrearId, period } = partsOfSignalId(signalId);
  return (await signals.arrear(arrearId))?.cases[period];
};

const termsFor = (signal: Signal, policy: Governing): readonly Term[] => {
  if ('terms' in signal) return signal.terms;
  const open = signal.status === 'RECEIVED' ? openTerms(signal, policy) : undefined;
  return open?.ok ? open.value : [];
};

const waitOf = (signal: Signal): ShownSignal['waiting'] => {
  const until = 'terms' in signal ? signal.terms[0]?.at : undefined;
  if (until === undefined || signal.taskToken === undefined) return null;
  return { for: signal.status === 'SUSPENDED' ? 'SUSPENSION_END' : 'OUTCOME', until };
};

const doubtsOf = ({ certainty, address, municipality, receivedAt }: Signal): readonly MunicipalityCode[] =>
  certainty === 'probable' ? otherMunicipalities(address.postcode, municipality, amsterdamDate(receivedAt)) : [];

/** Their details say something of a household. */
const TELLING: readonly SignalEventKind[] = [
  'FORWARDED',
  'PHASE_CORRECTED',
  'KNOWN_AT_TEAM',
  'REOPENED',
  'SUSPENSION_ENDED_EARLY',
];

const historyOf = ({ history }: Signal, all: boolean): readonly HistoryEntry[] =>
  history.map(({ detail, ...entry }) => ({
    ...entry,
    ...(detail !== undefined && (all || !TELLING.includes(entry.kind)) && { detail }),
  }));

const suspensionFor = (signal: Signal, policy: Governing, all: boolean): ShownSignal['suspension'] => {
  if (!('suspension' in signal) || !signal.suspension || !signal.outcome) return undefined;
  const { startsOn, lastDay, endedEarly, fedBackOn } = signal.suspension;
  const conditions = suspensionConditions(signal, signal.outcome, policy, fedBackOn);
  return { startsOn, lastDay, ...(endedEarly && { endedEarly: all ? endedEarly : { on: endedEarly.on } }), conditions };
};

const personalOf = (signal: Signal): Personal => ({
  partner: signal.partner,
  partnerType: signal.partnerType,
  reference: signal.reference,
  kind: signal.kind,
  ...(signal.endOfSupplyOn !== undefined && { endOfSupplyOn: signal.endOfSupplyOn }),
  collectionPhase: signal.collectionPhase,
  ...(signal.correctedPhase !== undefined && { correctedPhase: signal.correctedPhase }),
  ...(signal.knownAtTeam !== undefined && { knownAtTeam: signal.knownAtTeam }),
  amountCents: signal.amountCents,
  dueDate: signal.dueDate,
  resident: signal.resident,
  address: signal.address,
  contactAttempts: signal.contactAttempts,
  ...('outcome' in signal && signal.outcome && { outcome: signal.outcome }),
  earlierOutcomes: signal.earlierOutcomes,
});

interface Place extends Pick<ShownSignal, 'caseNumber'> {
  readonly formed: FormedBy;
  readonly matching: Matching;
}

/** The case a signal is in, with what put it there; `all`: also who is the same person at other addresses. */
const placeOf = async ({ signals, matches }: Ports, signal: Signal, all: boolean): Promise<Place> => {
  const { municipality, household } = partsOfCaseId(signal.caseId);
  const around = await decisionsAround((each) => matches.ofHousehold(municipality, each), household);
  const comparing = comparer();
  const near = await signalsAround(signals, municipality, around);
  const own = caseWith(casesOf(near, around.decisions, comparing), signal);
  if (!own) throw failure('SignalMissing');
  const links = own.signals
    .filter(({ signalId }) => signalId !== signal.signalId)
    .map((other) => ({ signalId: other.signalId, evidence: comparing.compare(signal, other) }));
  const speaks = (members: MatchDecision['one']): boolean =>
    members.some((member) => keyOfMember(member) === memberKey(signal));
  const about = around.decisions.filter(({ one, other }) => speaks(one) || speaks(other));
  // Who is the same person elsewhere is no part of the case: those addresses are read to name the signal, no more.
  const elsewhere = new Set(about.flatMap(householdsOf).filter((each) => all && !around.households.includes(each)));
  const known = [...near, ...(await signalsAround(signals, municipality, { households: [...elsewhere] }))];
  const signalOf = (member: Member): SignalId | undefined => {
    const same = known
      .filter((each) => memberKey(each) === keyOfMember(member))
      .toSorted((a, b) => (a.period < b.period ? -1 : 1));
    return (same.find(({ period }) => period === signal.period) ?? same.at(-1))?.signalId;
  };
  const decisions = about
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ kind, at, decided, one, other }) => ({
      kind,
      at,
      decided,
      with: (speaks(one) ? other : one).flatMap((member) => signalOf(member) ?? []),
    }))
    .filter((told) => told.kind !== 'SAME_PERSON' || told.with.length > 0);
  return { caseNumber: own.number, formed: own.formed, matching: { links, decisions } };
};

/** Field by field: what a signal gets later is not shown before somebody decides that it may be. */
const shown = (signal: Signal, policy: Governing, place: Place, all: boolean): ShownSignal => {
  const { signalId, caseId, round } = signal;
  const suspension = suspensionFor(signal, policy, all);
  return {
    signalId,
    caseId,
    caseNumber: place.caseNumber,
    municipality: signal.municipality,
    status: signal.status,
    round,
    organisation: signal.organisation,
    certainty: { municipality: signal.certainty, orElse: doubtsOf(signal) },
    earlier: signal.earlierPeriods.map((period) => signalIdOf(signal.arrearId, period)),
    workTray: trayWords(signal, policy),
    ...(signal.team !== undefined && { team: signal.team }),
    executionName: executionName({ caseId, signalId, round }),
    terms: termsFor(signal, policy),
    history: historyOf(signal, all),
    waiting: waitOf(signal),
    governing: SUBJECTS.map((subject) => ({ subject, ...policy.because[subject] })),
    ...(suspension && { suspension }),
    ...(all && { personal: personalOf(signal), formed: place.formed, matching: place.matching }),
  };
};

const find = async (ports: Pick<Ports, 'signals'>, key: SignalKey): Promise<Signal> => {
  const caseId = await caseOf(ports, key);
  const signal = caseId && (await ports.signals.get({ caseId, signalId: key.signalId }));
  if (!signal) throw failure('SignalMissing');
  return signal;
};

/**
 * Shows a signal by its id or its execution: state, terms with their reasons, history, what it waits for, and which clauses
 * govern it. No personal data, unless somebody says who they are and why: then that is recorded first, and without the
 * record nothing is shown (R-PRI-5). The task token never leaves. Throws `SignalMissing` when there is none.
 */
export const showSignal = async (
  ports: Ports,
  { key, reading }: { readonly key: SignalKey; readonly reading?: Reading | undefined },
): Promise<ShownSignal> => {
  const signal = await find(ports, key);
  const { municipality, caseId, signalId } = signal;
  const now = ports.clock.now();
  const policy = await ports.configuration.governing(signal, amsterdamDate(now));
  if (!policy) throw failure('PolicyMissing');
  const place = await placeOf(ports, signal, reading !== undefined);
  if (reading) await ports.access.record({ ...reading, municipality, at: now, caseId, signalId });
  return shown(signal, policy, place, reading !== undefined);
};
