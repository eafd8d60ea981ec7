import type { Policy } from '../agreement/configuration.ts';
import { passesElevenProof } from '../delivery/bsn.ts';
import { MAX_LENGTH } from '../delivery/columns.ts';
import { type Address, COLLECTION_PHASES, type CollectionPhase } from '../delivery/delivery.ts';
import type { ColumnContract } from '../delivery/dialect.ts';
import {
  cellText,
  holdsControlCharacter,
  parseAmount,
  parseDate,
  parseHouseNumber,
  parsePostcode,
  parseYesNo,
} from '../delivery/values.ts';
import { CaseNumber, type Cents, type IsoDate, type MunicipalityCode, SignalId, WorkerId } from '../ids.ts';
import type { MergeReason, SplitReason } from '../matching/decide.ts';
import { MERGE_REASONS, SPLIT_REASONS } from '../matching/decision.ts';
import { err, ok, type Result } from '../result.ts';
import { municipalityNamed, type Routed, route } from '../routing/route.ts';
import { CONTACT_KINDS, DAY_PARTS, END_RESULTS, type EndResult } from './ddas.ts';
import {
  type ContactAttempt,
  EARLY_END_REASONS,
  type EarlyEndReason,
  type Outcome,
  REOPEN_REASONS,
  type ReopenReason,
} from './signal.ts';

/** What belongs to an end result and says nothing without one. */
const WITH_RESULT = [
  'plan_van_aanpak',
  'betaling_hervat',
  'regeling_bedrag',
  'regeling_vanaf',
  'schuldenrust',
] as const;
const HAND_OVER = [
  'overdracht_postcode',
  'overdracht_huisnummer',
  'overdracht_huisletter',
  'overdracht_toevoeging',
  'overdracht_straat',
  'overdracht_woonplaats',
  'overdracht_gemeente',
] as const;

/** Columns of an outcomes file (DOMAIN section 12). Names are compared without case, blanks and `_`. */
export const OUTCOME_COLUMNS = [
  'zaak',
  'signaal',
  'medewerker',
  'resultaat',
  'resultaat_datum',
  ...WITH_RESULT,
  'correctie',
  'heropenen',
  'contact_soort',
  'contact_bereikt',
  'contact_datum',
  'contact_dagdeel',
  'fase',
  'doorzetten_naar',
  'bekend_wijkteam',
  'einde_schuldenrust',
  'samenvoegen_met',
  'splitsen',
  'koppeling_reden',
  ...HAND_OVER,
] as const;
export type OutcomeColumn = (typeof OUTCOME_COLUMNS)[number];

/** One of these says that something happened. */
const HAPPENED = [
  'resultaat',
  'heropenen',
  'contact_soort',
  'fase',
  'doorzetten_naar',
  'bekend_wijkteam',
  'einde_schuldenrust',
  'samenvoegen_met',
  'splitsen',
  'overdracht_postcode',
] as const;

export const outcomeContract: ColumnContract<OutcomeColumn> = {
  columns: OUTCOME_COLUMNS,
  missing: (has) => {
    if (!has('zaak') && !has('signaal')) return ['zaak'];
    if (!HAPPENED.some(has)) return ['resultaat'];
    return has('resultaat') && !has('resultaat_datum') ? ['resultaat_datum'] : [];
  },
};

/** Why a line was not taken. Dutch explanation and remedy per code: `signal/outcome-advice.ts`. */
export const OUTCOME_REJECTION_CODES = [
  'ROW_TOO_SHORT',
  'ROW_TOO_LONG',
  'VALUE_MISSING',
  'VALUE_INVALID',
  'FIELD_TOO_LONG',
  'DATE_INVALID',
  'DATE_IN_FUTURE',
  'DATE_BEFORE_RECEIPT',
  'AMOUNT_INVALID',
  'WORKER_INVALID',
  'RESULT_UNKNOWN',
  'CONTACT_UNKNOWN',
  'PHASE_UNKNOWN',
  'TEAM_UNKNOWN',
  'REASON_UNKNOWN',
  'REOPEN_REASON_UNKNOWN',
  'SUSPENSION_WITHOUT_HELP',
  'SUSPENSION_INCOMPLETE',
  'ARRANGEMENT_FOR_CASE',
  'COMBINATION',
  'CORRECTION_WITHOUT_RESULT',
  'CORRECTION_AND_REOPENING',
  'POSTCODE_INVALID',
  'HOUSE_NUMBER_INVALID',
  'POSTCODE_UNKNOWN',
  'POSTCODE_PO_BOX',
  'HAND_OVER_OTHER_RESULT',
  'HAND_OVER_SAME_MUNICIPALITY',
  'HAND_OVER_MUNICIPALITY_DIFFERS',
  'SIGNAL_UNKNOWN',
  'OTHER_MUNICIPALITY',
  'CONTRADICTORY',
  'CLOSED',
  'WITHDRAWN',
  'HANDED_OVER',
  'NOT_CLOSED',
  'NOTHING_TO_CORRECT',
  'NOT_SUSPENDED',
  'CASE_IN_PARTS',
  'MATCHING_REASON_UNKNOWN',
  'MATCHING_WITH_OTHER',
  'SAME_CASE',
  'MONTHS_DIFFER',
  'NOTHING_TO_SPLIT',
] as const;
export type OutcomeRejectionCode = (typeof OUTCOME_REJECTION_CODES)[number];

export interface OutcomeProblem {
  readonly code: OutcomeRejectionCode;
  readonly column?: OutcomeColumn;
  /** What would have been right: names of teams of the agreement, numbers of cases, closed reasons; never of persons. */
  readonly choices?: readonly string[];
}

/** Where a resident lives now, and the municipality that address lies in (R-ROU-4). */
export interface NewAddress extends Routed {
  readonly address: Address;
}

export const NO_RESIDENT: EndResult = 'Persoon is geen inwoner (meer) in de gemeente';

/** A case or a signal, as people name it. */
export interface Target {
  readonly number?: CaseNumber;
  readonly signalId?: SignalId;
}

/** That cases are one, or that a signal does not belong in its case (R-MAT-4). Always by somebody, and for a reason. */
export type Matching = { readonly by: WorkerId } & (
  | { readonly kind: 'MERGE'; readonly with: Target; readonly reason: MergeReason }
  | { readonly kind: 'SPLIT'; readonly signalId: SignalId; readonly reason: SplitReason }
);

/** What one line says, read and checked by itself. Reopening comes before all else on its line, the outcome last. */
export interface OutcomeLine {
  readonly target: Target;
  /** Who did it. */
  readonly by?: WorkerId;
  readonly reopen?: ReopenReason;
  readonly phase?: CollectionPhase;
  readonly knownAtTeam?: boolean;
  /** Id or name of a team: which there are is a matter of the agreement. */
  readonly team?: string;
  readonly attempt?: ContactAttempt;
  readonly outcome?: Outcome;
  /** The outcome takes the place of one that was entered by mistake. */
  readonly correction: boolean;
  readonly handOver?: NewAddress;
  readonly earlyEnd?: EarlyEndReason;
  /** Alone on its line. */
  readonly matching?: Matching;
}

/** A refusal inside the reading of a line; never leaves this file. */
class Refused {
  readonly problem: OutcomeProblem;
  constructor(code: OutcomeRejectionCode, column: OutcomeColumn, choices?: readonly string[]) {
    this.problem = { code, column, ...(choices && { choices }) };
  }
}

/** Whose file it is, and the day it was handed in. */
export interface LineContext {
  readonly municipality: MunicipalityCode;
  readonly today: IsoDate;
}

/** Reads the cells of one line; the first fault throws `Refused`. */
const reader = (cell: (column: OutcomeColumn) => string, { municipality, today }: LineContext) => {
  const text = (column: OutcomeColumn): string | undefined => {
    const raw = cell(column);
    if (holdsControlCharacter(raw)) throw new Refused('VALUE_INVALID', column);
    return cellText(raw) || undefined;
  };
  const needed = (column: OutcomeColumn): string => {
    const value = text(column);
    if (value === undefined) throw new Refused('VALUE_MISSING', column);
    return value;
  };
  const read = <T>(column: OutcomeColumn, result: Result<T, unknown>, code: OutcomeRejectionCode): T => {
    if (!result.ok) throw new Refused(code, column);
    return result.value;
  };
  const date = (column: OutcomeColumn, value: string): IsoDate => read(column, parseDate(value), 'DATE_INVALID');
  const past = (column: OutcomeColumn, value: string): IsoDate => {
    const found = date(column, value);
    if (found > today) throw new Refused('DATE_IN_FUTURE', column);
    return found;
  };
  const yesNo = (column: OutcomeColumn): boolean | undefined => {
    const value = text(column);
    return value === undefined ? undefined : read(column, parseYesNo(value), 'VALUE_INVALID');
  };
  /** A value of a closed list, letter for letter; undefined when the cell is empty. */
  const oneOf = <T extends string>(
    list: readonly T[],
    column: OutcomeColumn,
    code: OutcomeRejectionCode,
  ): T | undefined => {
    const value = text(column);
    const found = list.find((known) => known === value);
    if (value !== undefined && found === undefined) throw new Refused(code, column);
    return found;
  };
  /** The first of these columns that is not empty. */
  const filled = (columns: readonly OutcomeColumn[]): OutcomeColumn | undefined =>
    columns.find((column) => text(column) !== undefined);
  return { text, needed, read, date, past, yesNo, oneOf, filled, municipality, today };
};
type Reader = ReturnType<typeof reader>;

const targetOf = ({ text }: Reader): OutcomeLine['target'] => {
  const [caseText, signalText] = [text('zaak'), text('signaal')];
  const number = caseText === undefined ? undefined : CaseNumber.safeParse(caseText);
  const signalId = signalText === undefined ? undefined : SignalId.safeParse(signalText);
  if (number === undefined && signalId === undefined) throw new Refused('VALUE_MISSING', 'zaak');
  if (number && !number.success) throw new Refused('SIGNAL_UNKNOWN', 'zaak');
  if (signalId && !signalId.success) throw new Refused('SIGNAL_UNKNOWN', 'signaal');
  return { ...(number && { number: number.data }), ...(signalId && { signalId: signalId.data }) };
};

/** The other case of a merge: by its number, or by a signal in it. */
const otherOf = (text: string): Target => {
  const number = CaseNumber.safeParse(text);
  if (number.success) return { number: number.data };
  const signalId = SignalId.safeParse(text);
  if (!signalId.success) throw new Refused('SIGNAL_UNKNOWN', 'samenvoegen_met');
  return { signalId: signalId.data };
};

const matchingOf = (line: Reader, { signalId }: Target, by: WorkerId | undefined): Matching | undefined => {
  const { text, needed, yesNo } = line;
  const other = text('samenvoegen_met');
  const splits = yesNo('splitsen') ?? false;
  if (other === undefined && !splits) {
    if (text('splitsen') !== undefined) throw new Refused('VALUE_INVALID', 'splitsen');
    if (text('koppeling_reden') !== undefined) throw new Refused('VALUE_MISSING', 'samenvoegen_met');
    return undefined;
  }
  if (other !== undefined && splits) throw new Refused('MATCHING_WITH_OTHER', 'splitsen');
  if (by === undefined) throw new Refused('VALUE_MISSING', 'medewerker');
  needed('koppeling_reden');
  const reasonOf = <R extends string>(list: readonly R[]): R => {
    const reason = list.find((known) => known === text('koppeling_reden'));
    if (reason === undefined) throw new Refused('MATCHING_REASON_UNKNOWN', 'koppeling_reden', list);
    return reason;
  };
  if (other !== undefined) return { kind: 'MERGE', by, with: otherOf(other), reason: reasonOf(MERGE_REASONS) };
  if (signalId === undefined) throw new Refused('VALUE_MISSING', 'signaal');
  return { kind: 'SPLIT', by, signalId, reason: reasonOf(SPLIT_REASONS) };
};

/** A code of the organisation's own; a name, an address or a BSN would make the history personal. */
export const parseWorker = (text: string): Result<WorkerId, 'INVALID'> => {
  const worker = WorkerId.safeParse(cellText(text));
  return worker.success && !passesElevenProof(worker.data) ? ok(worker.data) : err('INVALID');
};

const workerOf = ({ text, read }: Reader): WorkerId | undefined => {
  const value = text('medewerker');
  return value === undefined ? undefined : read('medewerker', parseWorker(value), 'WORKER_INVALID');
};

const attemptOf = ({ needed, past, yesNo, oneOf, filled }: Reader): ContactAttempt | undefined => {
  const kind = oneOf(CONTACT_KINDS, 'contact_soort', 'CONTACT_UNKNOWN');
  if (kind === undefined) {
    if (filled(['contact_bereikt', 'contact_datum', 'contact_dagdeel']))
      throw new Refused('VALUE_MISSING', 'contact_soort');
    return undefined;
  }
  needed('contact_bereikt');
  const dayPart = oneOf(DAY_PARTS, 'contact_dagdeel', 'CONTACT_UNKNOWN');
  return {
    kind,
    reached: yesNo('contact_bereikt') ?? false,
    date: past('contact_datum', needed('contact_datum')),
    ...(dayPart && { dayPart }),
  };
};

const phaseOf = ({ text, read }: Reader): CollectionPhase | undefined => {
  const value = text('fase')?.toLowerCase();
  if (value === undefined) return undefined;
  const found = COLLECTION_PHASES.find((known) => known === value);
  return read('fase', found ? ok(found) : err('UNKNOWN'), 'PHASE_UNKNOWN');
};

const arrangementOf = ({ needed, read, date, filled }: Reader): { monthlyCents: Cents; from: IsoDate } | undefined => {
  if (!filled(['regeling_bedrag', 'regeling_vanaf'])) return undefined;
  return {
    monthlyCents: read('regeling_bedrag', parseAmount(needed('regeling_bedrag')), 'AMOUNT_INVALID'),
    from: date('regeling_vanaf', needed('regeling_vanaf')),
  };
};

const outcomeOf = (line: Reader, forCase: boolean, handedOver: boolean): Outcome | undefined => {
  const { text, needed, past, date, yesNo, oneOf, filled, today } = line;
  const result = oneOf(END_RESULTS, 'resultaat', 'RESULT_UNKNOWN');
  if (result === undefined) {
    if (filled(handedOver ? WITH_RESULT : ['resultaat_datum', ...WITH_RESULT]))
      throw new Refused('VALUE_MISSING', 'resultaat');
    if (!handedOver) return undefined;
    const given = text('resultaat_datum');
    const on = given === undefined ? today : past('resultaat_datum', given);
    return { result: NO_RESIDENT, date: on, maySuspend: false, forCase };
  }
  if (handedOver && result !== NO_RESIDENT) throw new Refused('HAND_OVER_OTHER_RESULT', 'resultaat');
  const plan = text('plan_van_aanpak');
  const resumes = text('betaling_hervat');
  const cannot = resumes !== undefined && /^n(?:ee)?$/i.test(resumes);
  const arrangement = arrangementOf(line);
  return {
    result,
    date: past('resultaat_datum', needed('resultaat_datum')),
    ...(plan && { actionPlanOn: past('plan_van_aanpak', plan) }),
    ...(resumes && { paymentResumes: cannot ? ('cannot' as const) : { from: date('betaling_hervat', resumes) } }),
    ...(arrangement && { arrangement }),
    maySuspend: yesNo('schuldenrust') ?? false,
    forCase,
  };
};

const newAddressOf = ({ text, needed, read, filled, municipality, today }: Reader): NewAddress | undefined => {
  if (!filled(HAND_OVER)) return undefined;
  const postcode = read('overdracht_postcode', parsePostcode(needed('overdracht_postcode')), 'POSTCODE_INVALID');
  const house = parseHouseNumber(
    needed('overdracht_huisnummer'),
    text('overdracht_huisletter') ?? '',
    text('overdracht_toevoeging') ?? '',
  );
  const number = read('overdracht_huisnummer', house, 'HOUSE_NUMBER_INVALID');
  const atMost = (column: OutcomeColumn, length = 0): string | undefined => {
    const value = text(column);
    if (value && value.length > length) throw new Refused('FIELD_TOO_LONG', column);
    return value;
  };
  const street = atMost('overdracht_straat', MAX_LENGTH.straat);
  const city = atMost('overdracht_woonplaats', MAX_LENGTH.woonplaats);
  const routed = route(postcode, number.houseNumber, today, number.houseLetter, number.addition);
  if (!routed.ok) throw new Refused(routed.error, 'overdracht_postcode');
  const named = text('overdracht_gemeente');
  if (named !== undefined && !municipalityNamed(named, today).includes(routed.value.municipality))
    throw new Refused('HAND_OVER_MUNICIPALITY_DIFFERS', 'overdracht_gemeente');
  if (routed.value.municipality === municipality)
    throw new Refused('HAND_OVER_SAME_MUNICIPALITY', 'overdracht_postcode');
  return { address: { ...(street && { street }), ...number, postcode, ...(city && { city }) }, ...routed.value };
};

/** What cannot be meant on one line. */
const sensible = (line: OutcomeLine, { filled }: Reader): void => {
  const { outcome, correction, reopen, earlyEnd, matching } = line;
  const more = matching && filled(HAPPENED.filter((column) => column !== 'samenvoegen_met' && column !== 'splitsen'));
  if (more) throw new Refused('MATCHING_WITH_OTHER', more);
  if (correction && !outcome) throw new Refused('CORRECTION_WITHOUT_RESULT', 'correctie');
  if (correction && reopen) throw new Refused('CORRECTION_AND_REOPENING', 'heropenen');
  if (earlyEnd && (outcome || reopen)) throw new Refused('COMBINATION', 'einde_schuldenrust');
};

/**
 * Reads one line by itself: DDAS values letter for letter, dates in the three spellings of DOMAIN section 12, none after
 * `today` but those of resumed payment and arrangement. A new address means that the person is no resident, from `today`
 * when the line gives no date. What the line means for a signal is decided where the signal is known (`take-line.ts`).
 */
export const readOutcomeLine = (
  cell: (column: OutcomeColumn) => string,
  context: LineContext,
): Result<OutcomeLine, OutcomeProblem> => {
  try {
    const line = reader(cell, context);
    const target = targetOf(line);
    const by = workerOf(line);
    const reopen = line.oneOf(REOPEN_REASONS, 'heropenen', 'REOPEN_REASON_UNKNOWN');
    const attempt = attemptOf(line);
    const phase = phaseOf(line);
    const team = line.text('doorzetten_naar');
    const knownAtTeam = line.yesNo('bekend_wijkteam');
    const handOver = newAddressOf(line);
    const outcome = outcomeOf(line, target.signalId === undefined, handOver !== undefined);
    const earlyEnd = line.oneOf(EARLY_END_REASONS, 'einde_schuldenrust', 'REASON_UNKNOWN');
    const matching = matchingOf(line, target, by);
    const said: OutcomeLine = {
      target,
      ...(by && { by }),
      ...(reopen && { reopen }),
      ...(phase && { phase }),
      ...(knownAtTeam !== undefined && { knownAtTeam }),
      ...(team && { team }),
      ...(attempt && { attempt }),
      ...(outcome && { outcome }),
      correction: line.yesNo('correctie') ?? false,
      ...(handOver && { handOver }),
      ...(earlyEnd && { earlyEnd }),
      ...(matching && { matching }),
    };
    sensible(said, line);
    if (!line.filled(HAPPENED)) return err({ code: 'VALUE_MISSING', column: 'resultaat' });
    return ok(said);
  } catch (refused) {
    if (refused instanceof Refused) return err(refused.problem);
    throw refused;
  }
};

/**
 * Whether an outcome can be true of a signal under its policy: not before it was received, and schuldenrust only with
 * accepted help, a plan and an answer about payment (R-SUS-1). `nee` to payment is an answer: the partner is told (R-FEE-4).
 */
export const outcomeProblem = (
  { result, date, maySuspend, actionPlanOn, paymentResumes }: Outcome,
  receivedOn: IsoDate,
  { acceptance }: Pick<Policy, 'acceptance'>,
): OutcomeProblem | undefined => {
  if (date < receivedOn) return { code: 'DATE_BEFORE_RECEIPT', column: 'resultaat_datum' };
  if (!maySuspend) return undefined;
  if (!acceptance.results.includes(result)) return { code: 'SUSPENSION_WITHOUT_HELP', column: 'schuldenrust' };
  if (actionPlanOn === undefined) return { code: 'SUSPENSION_INCOMPLETE', column: 'plan_van_aanpak' };
  return paymentResumes === undefined ? { code: 'SUSPENSION_INCOMPLETE', column: 'betaling_hervat' } : undefined;
};
