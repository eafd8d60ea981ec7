import type { Delivery, ReportRow, Route, RoutedRow, WithdrawalRow } from '../delivery/delivery.ts';
import { ArrearId, type CaseId, caseIdOf, HouseholdKey, type Instant, type Period, signalIdOf } from '../ids.ts';
import { arrearParts, contentParts, householdParts } from '../matching/keys.ts';
import type { KeyedHash } from '../ports.ts';
import { periodOf } from '../term/calendar.ts';
import { arrivedFrom, handedOverTo } from './hand-over.ts';
import { whyTakeUp } from './repeat.ts';
import type { Signal, SignalFacts } from './signal.ts';
import { correct, isNewer, type Transition, takeUp, withdraw } from './transition.ts';

/**
 * What a good row comes to, held against what is stored: the decisions that route-signals carries out and a dry run only
 * foretells (R-DEL-7, R-DEL-9, R-DEL-11).
 */
export type Report = ReportRow & Pick<RoutedRow, 'line' | 'original'> & { readonly route: Route };
export type Withdrawal = WithdrawalRow & Pick<RoutedRow, 'line' | 'original'>;

/** The delivery a row came in. */
export type Source = Pick<Delivery, 'deliveryId' | 'party' | 'receivedAt'>;

/** What the partner said, without what we added to it. */
const contentOf = ({ line: _line, original: _original, route: _route, ...row }: Report): ReportRow => row;

/** The signal a row would be when nothing of its arrear is stored. */
export const reportedFacts = async (
  hash: KeyedHash,
  row: Report,
  { deliveryId, party, receivedAt }: Source,
): Promise<SignalFacts> => {
  const period = periodOf(receivedAt);
  const [arrear, household, contentHash] = await Promise.all([
    hash.digest(16, ...arrearParts(row.partner, row.reference)),
    hash.digest(12, ...householdParts(row.address)),
    hash.digest(26, ...contentParts(contentOf(row))),
  ]);
  const arrearId = ArrearId.parse(arrear);
  const { municipality } = row.route;
  return {
    signalId: signalIdOf(arrearId, period),
    caseId: caseIdOf(municipality, period, HouseholdKey.parse(household)),
    arrearId,
    period,
    contentHash,
    earlierPeriods: [],
    municipality,
    organisation: row.route.organisation,
    agreement: row.route.agreement,
    policy: row.route.policy,
    partnerType: row.route.partnerType,
    certainty: row.route.certainty,
    partner: row.partner,
    reference: row.reference,
    kind: row.kind,
    ...(row.endOfSupplyOn === undefined ? {} : { endOfSupplyOn: row.endOfSupplyOn }),
    collectionPhase: row.collectionPhase,
    amountCents: row.amountCents,
    dueDate: row.dueDate,
    resident: row.resident,
    address: row.address,
    socialCollection: row.socialCollection,
    warnings: row.warnings,
    delivery: { deliveryId, party, receivedAt, line: row.line },
    receivedAt,
  };
};

/** The arrear a row is about. */
export const arrearIdOf = async (hash: KeyedHash, { partner, reference }: RoutedRow): Promise<ArrearId> =>
  ArrearId.parse(await hash.digest(16, ...arrearParts(partner, reference)));

/** The months before in which the arrear was reported (R-DEL-5). */
export const earlierPeriods = (cases: Readonly<Record<Period, CaseId>>, period: Period): readonly Period[] =>
  (Object.keys(cases) as Period[]).filter((month) => month < period).sort();

/** A signal finishes under what it came under, also when a successor of the agreement began since (R-AGR-3). */
export const agreedOf = ({ organisation, agreement, policy }: SignalFacts) => ({ organisation, agreement, policy });

export type Again =
  | { readonly result: 'unchanged' | 'SIGNAL_WITHDRAWN' }
  | { readonly result: 'corrected'; readonly transition: Transition };

/** The arrear was reported this month: the row changes nothing, comes too late, or corrects the signal. */
export const reportedAgain = (stored: Signal, facts: SignalFacts, at: Instant): Again => {
  if (!isNewer(facts, stored)) return { result: 'unchanged' };
  if (stored.status === 'WITHDRAWN') return { result: 'SIGNAL_WITHDRAWN' };
  if (stored.contentHash === facts.contentHash) return { result: 'unchanged' };
  const corrected = correct(stored, { ...facts, ...agreedOf(stored) }, at, facts.delivery.deliveryId);
  if (!corrected.ok) return { result: 'unchanged' };
  return { result: 'corrected', transition: takenUp(stored, corrected.value, at) };
};

/** Corrected, and in the same write taken up when that is needed of a repeat signal that was closed by policy (R-DEL-5). */
const takenUp = (stored: Signal, corrected: Transition, at: Instant): Transition => {
  const why = whyTakeUp(stored, corrected.signal);
  if (why === undefined) return corrected;
  const open = takeUp(corrected.signal, at, { source: corrected.signal.delivery.deliveryId }, why);
  if (!open.ok) return corrected;
  return { signal: { ...open.value.signal, version: corrected.signal.version }, allowed: open.value.allowed };
};

/** Whether the signal that the month points at was handed over from `here`, where the row still sees it. */
export const isHandedOver = (signal: Signal, here: CaseId, there: Signal | undefined): boolean => {
  const arrived = arrivedFrom(signal);
  const tookOver = arrived?.how === 'HANDED_OVER' && arrived.place === here;
  return tookOver || (there !== undefined && handedOverTo(there) !== undefined);
};

/**
 * The row has another address than the month's signal, `old`; `there` is what stands at the address of the row. The facts
 * that `old` takes where it is, or `undefined` when the signal moves to the row's address.
 */
export const factsToStay = (old: Signal, there: Signal | undefined, facts: SignalFacts): SignalFacts | undefined => {
  // The partner does not know the new address and is not told it: what else it says counts there (R-ROU-4).
  if (isHandedOver(old, facts.caseId, there)) return { ...facts, address: old.address, certainty: old.certainty };
  if (!isNewer(facts, old) || old.status === 'WITHDRAWN') return facts;
  // Moved away from here before: it cannot come back under the same id, so it stays and takes the new facts.
  if (there?.status === 'WITHDRAWN') return facts;
  // Answered: another spelling of the address neither ends schuldenrust nor asks the municipality again (R-SUS-4, R-FLO-6).
  const stays = old.municipality === facts.municipality && there === undefined && 'outcome' in old;
  return stays ? facts : undefined;
};

/** What a withdrawal does to one signal of its arrear; the transition when it closes it. */
export const withdrawnBy = (
  signal: Signal,
  { reason }: Pick<WithdrawalRow, 'reason'>,
  { deliveryId, receivedAt }: Source,
  at: Instant,
): Transition | undefined => {
  // Reported anew after this withdrawal was sent: the later word counts.
  if (signal.delivery.receivedAt > receivedAt) return undefined;
  const withdrawn = withdraw(signal, reason, at, deliveryId);
  return withdrawn.ok ? withdrawn.value : undefined;
};
