import { activeAgreement, type NoAgreementReason } from '#domain/agreement/active.ts';
import type { WarningCode } from '#domain/delivery/delivery.ts';
import { untilSettled } from '#domain/failure.ts';
import { type CaseId, caseIdOf, HouseholdKey } from '#domain/ids.ts';
import { householdParts } from '#domain/matching/keys.ts';
import { municipalityName } from '#domain/reference/reference.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { arrivedFrom, handedOverTo } from '#domain/signal/hand-over.ts';
import type { NewAddress } from '#domain/signal/outcome-line.ts';
import type { Origin, Signal, SignalFacts } from '#domain/signal/signal.ts';
import { correct, factsOf, isNewer, knows, MAY_COME_BACK, takeOver, withdraw } from '#domain/signal/transition.ts';
import type { Ports, Run } from './receive-outcomes.ts';

type HandOverPorts = Pick<Ports, 'signals' | 'configuration' | 'hash' | 'workflows'>;

/** Where a signal goes on, and what lies there of it already. */
export interface Destination {
  readonly facts: SignalFacts;
  readonly there?: Signal;
}

const WHY: Readonly<Record<NoAgreementReason, string>> = {
  NONE: 'er is geen overeenkomst tussen deze partner en de gemeente',
  ENDED: 'de overeenkomst is afgelopen tussen deze partner en de gemeente',
  NOT_STARTED: 'de overeenkomst is nog niet ingegaan tussen deze partner en de gemeente',
  NOT_SIGNED: 'de overeenkomst is nog niet getekend tussen deze partner en de gemeente',
  OTHER_MELDPUNT: 'een ander meldpunt staat in de overeenkomst tussen deze partner en de gemeente',
};

/** What was concluded from the old address no longer holds. */
const OF_ADDRESS: readonly WarningCode[] = ['MUNICIPALITY_DIFFERS', 'ROUTE_PROBABLE'];

/**
 * Where the signal goes on under its new address (R-ROU-4): received there at this moment, so that its terms count from
 * now. Otherwise in Dutch why not: the partner has no active agreement there, or the signal lies there in use.
 */
export const destinationOf = async (
  { configuration, hash, signals }: HandOverPorts,
  { today, now }: Run,
  signal: Signal,
  { municipality, address, certainty }: NewAddress,
): Promise<Result<Destination, string>> => {
  const [agreements, meldpunt, taker, household] = await Promise.all([
    configuration.agreementsOf(signal.partner),
    configuration.meldpunt(),
    configuration.municipality(municipality),
    hash.digest(12, ...householdParts(address)),
  ]);
  const agreement = activeAgreement(agreements, municipality, today, meldpunt);
  if (!agreement.ok || !taker)
    return err(`${WHY[agreement.ok ? 'NONE' : agreement.error]} ${municipalityName(municipality)}`);
  const { id, policy } = agreement.value;
  const facts: SignalFacts = {
    ...factsOf(signal),
    caseId: caseIdOf(municipality, signal.period, HouseholdKey.parse(household)),
    municipality,
    organisation: taker.organisation,
    agreement: id,
    policy,
    address,
    certainty,
    warnings: [
      ...signal.warnings.filter((code) => !OF_ADDRESS.includes(code)),
      ...(certainty === 'probable' ? (['ROUTE_PROBABLE'] as const) : []),
    ],
    receivedAt: now,
  };
  const there = await signals.get(facts);
  if (there && !isOnItsWay(there, signal) && !MAY_COME_BACK.includes(there.status))
    return err(`het signaal loopt al bij de gemeente ${municipalityName(municipality)}`);
  return ok({ facts, ...(there && { there }) });
};

/** Whether a hand-over from here has begun there, and perhaps broke off. What was called off begins anew. */
const isOnItsWay = (there: Signal, { caseId }: Signal): boolean => {
  const arrived = arrivedFrom(there);
  const calledOff = there.status === 'WITHDRAWN' && there.reason === 'verplaatst';
  return arrived?.how === 'HANDED_OVER' && arrived.place === caseId && !handedOverTo(there) && !calledOff;
};

/** The partner corrected the signal here after it was written there: the corrected facts go along. */
const catchUp = async ({ signals }: HandOverPorts, there: Signal, facts: SignalFacts, now: Run['now']) => {
  if (knows(there, facts.delivery.deliveryId) || !isNewer(facts, there)) return 'written';
  const corrected = correct(there, facts, now, facts.delivery.deliveryId);
  return corrected.ok ? signals.replace(corrected.value.signal, corrected.value.allowed) : 'written';
};

/**
 * Writes the signal there and points the month there, before it is answered here: a crash in between leaves no moment
 * without a signal, and the line that comes again completes it. `left` is the signal as it will be stored here. False is a
 * lost race.
 */
export const arrive = async (
  ports: HandOverPorts,
  { now }: Run,
  left: Extract<Signal, { status: 'OUTCOME_KNOWN' }>,
  { facts, there }: Destination,
  origin: Origin,
): Promise<boolean> => {
  const { signals } = ports;
  const taken = () => takeOver(facts, left, left.outcome, now, origin, there);
  const written =
    there === undefined
      ? await signals.create(taken())
      : isOnItsWay(there, left)
        ? await catchUp(ports, there, facts, now)
        : await signals.replace(taken(), MAY_COME_BACK);
  if (written === 'conflict') return false;
  return (await signals.repoint(left.arrearId, left.period, left.caseId, facts.caseId)) === 'written';
};

/** Starts what arrived, again when it was started before. */
export const begin = async ({ signals, workflows }: HandOverPorts, caseId: CaseId, { signalId }: Signal) => {
  const there = await signals.get({ caseId, signalId });
  if (there) await workflows.startSignal({ caseId, signalId }, there.round);
};

/**
 * The signal was withdrawn or answered otherwise while it was handed over: the month points here again, and what was
 * begun there ends for the same reason.
 */
export const callOff = async (
  { signals, workflows }: HandOverPorts,
  { now, outcomesId }: Run,
  signal: Signal,
  { facts }: Destination,
): Promise<void> => {
  const { caseId, arrearId, period } = signal;
  await untilSettled(async () => {
    const there = await signals.get(facts);
    if (!there || !isOnItsWay(there, signal) || handedOverTo(signal) === there.caseId) return true;
    // A conflict: the month points neither there nor here, at a place the signal went to since.
    await signals.repoint(arrearId, period, there.caseId, caseId);
    const reason = signal.status === 'WITHDRAWN' ? signal.reason : 'verplaatst';
    const ended = withdraw(there, reason, now, outcomesId);
    if (ended.ok && (await signals.replace(ended.value.signal, ended.value.allowed)) === 'conflict') return undefined;
    if (there.taskToken !== undefined) await workflows.wake(there.taskToken, 'OVER');
    return true;
  });
};
