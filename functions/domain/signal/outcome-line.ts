import type { Policy } from '../agreement/configuration.ts';
import type { ColumnContract } from '../delivery/dialect.ts';
import { cellText, holdsControlCharacter, parseAmount, parseDate, parseYesNo } from '../delivery/values.ts';
import { CaseId, type Cents, type IsoDate, SignalId } from '../ids.ts';
import { err, ok, type Result } from '../result.ts';
import { CONTACT_KINDS, DAY_PARTS, END_RESULTS } from './ddas.ts';
import { type ContactAttempt, EARLY_END_REASONS, type EarlyEndReason, type Outcome } from './signal.ts';

/** Columns of an outcomes file (DOMAIN section 12). Names are compared without case, blanks and `_`. */
export const OUTCOME_COLUMNS = [
  'zaak',
  'signaal',
  'resultaat',
  'resultaat_datum',
  'plan_van_aanpak',
  'betaling_hervat',
  'regeling_bedrag',
  'regeling_vanaf',
  'schuldenrust',
  'contact_soort',
  'contact_bereikt',
  'contact_datum',
  'contact_dagdeel',
  'einde_schuldenrust',
] as const;
export type OutcomeColumn = (typeof OUTCOME_COLUMNS)[number];

export const outcomeContract: ColumnContract<OutcomeColumn> = {
  columns: OUTCOME_COLUMNS,
  missing: (has) => {
    if (!has('zaak') && !has('signaal')) return 'zaak';
    if (!has('resultaat') && !has('contact_soort') && !has('einde_schuldenrust')) return 'resultaat';
    if (has('resultaat') && !has('resultaat_datum')) return 'resultaat_datum';
    return undefined;
  },
};

/** Why a line was not taken. */
export const OUTCOME_REJECTION_CODES = [
  'ROW_TOO_SHORT',
  'ROW_TOO_LONG',
  'VALUE_MISSING',
  'VALUE_INVALID',
  'DATE_INVALID',
  'DATE_IN_FUTURE',
  'DATE_BEFORE_RECEIPT',
  'AMOUNT_INVALID',
  'RESULT_UNKNOWN',
  'CONTACT_UNKNOWN',
  'REASON_UNKNOWN',
  'SUSPENSION_WITHOUT_HELP',
  'SUSPENSION_INCOMPLETE',
  'COMBINATION',
  'SIGNAL_UNKNOWN',
  'OTHER_MUNICIPALITY',
  'CONTRADICTORY',
  'CLOSED',
  'NOT_SUSPENDED',
] as const;
export type OutcomeRejectionCode = (typeof OUTCOME_REJECTION_CODES)[number];

export interface OutcomeProblem {
  readonly code: OutcomeRejectionCode;
  readonly column?: OutcomeColumn;
}

/** What one line says, read and checked by itself. */
export interface OutcomeLine {
  readonly target: { readonly caseId?: CaseId; readonly signalId?: SignalId };
  readonly attempt?: ContactAttempt;
  readonly outcome?: Outcome;
  readonly earlyEnd?: EarlyEndReason;
}

/** A refusal inside the reading of a line; never leaves this file. */
class Refused {
  readonly problem: OutcomeProblem;
  constructor(code: OutcomeRejectionCode, column: OutcomeColumn) {
    this.problem = { code, column };
  }
}

/** Reads the cells of one line; the first fault throws `Refused`. */
const reader = (cell: (column: OutcomeColumn) => string, today: IsoDate) => {
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
  const yesNo = (column: OutcomeColumn, value: string): boolean => read(column, parseYesNo(value), 'VALUE_INVALID');
  /** A value of a closed list, letter for letter. */
  const oneOf = <T extends string>(
    list: readonly T[],
    column: OutcomeColumn,
    value: string,
    code: OutcomeRejectionCode,
  ): T => {
    const found = list.find((known) => known === value);
    if (found === undefined) throw new Refused(code, column);
    return found;
  };
  return { text, needed, read, date, past, yesNo, oneOf };
};
type Reader = ReturnType<typeof reader>;

const attemptOf = ({ text, needed, past, yesNo, oneOf }: Reader): ContactAttempt | undefined => {
  const kind = text('contact_soort');
  if (kind === undefined) {
    const lost = (['contact_bereikt', 'contact_datum', 'contact_dagdeel'] as const).some((column) => text(column));
    if (lost) throw new Refused('VALUE_MISSING', 'contact_soort');
    return undefined;
  }
  const dayPart = text('contact_dagdeel');
  return {
    kind: oneOf(CONTACT_KINDS, 'contact_soort', kind, 'CONTACT_UNKNOWN'),
    reached: yesNo('contact_bereikt', needed('contact_bereikt')),
    date: past('contact_datum', needed('contact_datum')),
    ...(dayPart && { dayPart: oneOf(DAY_PARTS, 'contact_dagdeel', dayPart, 'CONTACT_UNKNOWN') }),
  };
};

const arrangementOf = ({ text, needed, read, date }: Reader): { monthlyCents: Cents; from: IsoDate } | undefined => {
  if (text('regeling_bedrag') === undefined && text('regeling_vanaf') === undefined) return undefined;
  return {
    monthlyCents: read('regeling_bedrag', parseAmount(needed('regeling_bedrag')), 'AMOUNT_INVALID'),
    from: date('regeling_vanaf', needed('regeling_vanaf')),
  };
};

const outcomeOf = (line: Reader): Outcome | undefined => {
  const { text, needed, past, date, yesNo, oneOf } = line;
  const result = text('resultaat');
  if (result === undefined) {
    const lost = OUTCOME_COLUMNS.slice(3, 9).some((column) => text(column) !== undefined);
    if (lost) throw new Refused('VALUE_MISSING', 'resultaat');
    return undefined;
  }
  const plan = text('plan_van_aanpak');
  const resumes = text('betaling_hervat');
  const cannot = resumes !== undefined && /^n(?:ee)?$/i.test(resumes);
  const arrangement = arrangementOf(line);
  const maySuspend = text('schuldenrust');
  return {
    result: oneOf(END_RESULTS, 'resultaat', result, 'RESULT_UNKNOWN'),
    date: past('resultaat_datum', needed('resultaat_datum')),
    ...(plan && { actionPlanOn: past('plan_van_aanpak', plan) }),
    ...(resumes && { paymentResumes: cannot ? ('cannot' as const) : { from: date('betaling_hervat', resumes) } }),
    ...(arrangement && { arrangement }),
    maySuspend: maySuspend !== undefined && yesNo('schuldenrust', maySuspend),
  };
};

const targetOf = ({ text }: Reader): OutcomeLine['target'] => {
  const [caseText, signalText] = [text('zaak'), text('signaal')];
  const caseId = caseText === undefined ? undefined : CaseId.safeParse(caseText);
  const signalId = signalText === undefined ? undefined : SignalId.safeParse(signalText);
  if (caseId === undefined && signalId === undefined) throw new Refused('VALUE_MISSING', 'zaak');
  if (caseId && !caseId.success) throw new Refused('SIGNAL_UNKNOWN', 'zaak');
  if (signalId && !signalId.success) throw new Refused('SIGNAL_UNKNOWN', 'signaal');
  return { ...(caseId && { caseId: caseId.data }), ...(signalId && { signalId: signalId.data }) };
};

/**
 * Reads one line by itself: DDAS values letter for letter, dates in the three spellings of DOMAIN section 12, none after
 * `today` but those of resumed payment and arrangement. What the line means for a signal is decided where the signal is known.
 */
export const readOutcomeLine = (
  cell: (column: OutcomeColumn) => string,
  today: IsoDate,
): Result<OutcomeLine, OutcomeProblem> => {
  try {
    const line = reader(cell, today);
    const target = targetOf(line);
    const attempt = attemptOf(line);
    const outcome = outcomeOf(line);
    const reason = line.text('einde_schuldenrust');
    const earlyEnd = reason && line.oneOf(EARLY_END_REASONS, 'einde_schuldenrust', reason, 'REASON_UNKNOWN');
    if (!attempt && !outcome && !earlyEnd) return err({ code: 'VALUE_MISSING', column: 'resultaat' });
    if (outcome && earlyEnd) return err({ code: 'COMBINATION', column: 'einde_schuldenrust' });
    return ok({ target, ...(attempt && { attempt }), ...(outcome && { outcome }), ...(earlyEnd && { earlyEnd }) });
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
  policy: Pick<Policy, 'acceptanceResults'>,
): OutcomeProblem | undefined => {
  if (date < receivedOn) return { code: 'DATE_BEFORE_RECEIPT', column: 'resultaat_datum' };
  if (!maySuspend) return undefined;
  if (!policy.acceptanceResults.includes(result)) return { code: 'SUSPENSION_WITHOUT_HELP', column: 'schuldenrust' };
  if (actionPlanOn === undefined) return { code: 'SUSPENSION_INCOMPLETE', column: 'plan_van_aanpak' };
  return paymentResumes === undefined ? { code: 'SUSPENSION_INCOMPLETE', column: 'betaling_hervat' } : undefined;
};

/** What the municipality reads per code, in plain Dutch; never a value of the file. */
export const OUTCOME_ADVICE: Readonly<
  Record<OutcomeRejectionCode, { readonly explanation: string; readonly remedy: string }>
> = {
  ROW_TOO_SHORT: {
    explanation: 'Deze regel heeft minder kolommen dan de kopregel.',
    remedy: 'Laat de scheidingstekens staan, ook als een waarde leeg is.',
  },
  ROW_TOO_LONG: {
    explanation: 'Deze regel heeft meer kolommen dan de kopregel.',
    remedy: 'Staat het scheidingsteken in een waarde? Zet die waarde dan tussen dubbele aanhalingstekens.',
  },
  VALUE_MISSING: {
    explanation: 'Deze waarde is nodig en ontbreekt.',
    remedy:
      'Vul de kolom in. Noem een zaak of signaal, en een resultaat, een contactpoging of het einde van schuldenrust.',
  },
  VALUE_INVALID: {
    explanation: 'Deze waarde kennen wij niet in deze kolom.',
    remedy: 'Gebruik j of n, en plak geen onzichtbare tekens mee.',
  },
  DATE_INVALID: {
    explanation: 'Dit is geen bestaande datum, of de datum is anders geschreven dan afgesproken.',
    remedy: 'Schrijf de datum als dd-mm-jjjj, jjjj-mm-dd of jjjjmmdd.',
  },
  DATE_IN_FUTURE: {
    explanation: 'Deze datum ligt na vandaag.',
    remedy: 'Controleer de datum en lever de regel opnieuw aan.',
  },
  DATE_BEFORE_RECEIPT: {
    explanation: 'Deze datum ligt voor de dag waarop het signaal is gemeld.',
    remedy: 'Controleer de datum en de zaak. De dag van ontvangst staat op de werklijst.',
  },
  AMOUNT_INVALID: {
    explanation: 'Dit is geen bedrag dat wij kunnen lezen.',
    remedy: 'Schrijf het bedrag als 1.234,56 of 1234,56 of 1234.56. Het bedrag moet meer zijn dan 0.',
  },
  RESULT_UNKNOWN: {
    explanation: 'Dit resultaat staat niet in de landelijke lijst (DDAS).',
    remedy: 'Neem het resultaat letter voor letter over uit de lijst met eindresultaten.',
  },
  CONTACT_UNKNOWN: {
    explanation: 'Deze soort contact of dit dagdeel staat niet in de landelijke lijst (DDAS).',
    remedy: 'Neem de waarde letter voor letter over uit de lijst.',
  },
  REASON_UNKNOWN: {
    explanation: 'Deze reden voor het einde van schuldenrust kennen wij niet.',
    remedy: `Gebruik een van deze redenen: ${EARLY_END_REASONS.join(', ')}.`,
  },
  SUSPENSION_WITHOUT_HELP: {
    explanation: 'Schuldenrust kan alleen als de inwoner hulp heeft geaccepteerd.',
    remedy: 'Zet schuldenrust op n, of controleer het resultaat.',
  },
  SUSPENSION_INCOMPLETE: {
    explanation: 'Voor schuldenrust ontbreekt een voorwaarde.',
    remedy: 'Vul de datum van het plan van aanpak in, en vanaf wanneer de inwoner weer betaalt (of nee).',
  },
  COMBINATION: {
    explanation: 'Een resultaat en het einde van schuldenrust kunnen niet op dezelfde regel staan.',
    remedy: 'Lever ze aan op twee regels, het einde pas als de schuldenrust loopt.',
  },
  SIGNAL_UNKNOWN: {
    explanation: 'Deze zaak of dit signaal kennen wij niet.',
    remedy: 'Neem het nummer over van de werklijst.',
  },
  OTHER_MUNICIPALITY: {
    explanation: 'Deze zaak is niet van uw gemeente.',
    remedy: 'Controleer het nummer. Er is niets veranderd.',
  },
  CONTRADICTORY: {
    explanation: 'Er is al een andere uitkomst vastgelegd.',
    remedy: 'Kijk op de werklijst welke uitkomst er staat. Klopt die niet? Neem contact op met het meldpunt.',
  },
  CLOSED: {
    explanation: 'Deze zaak is al afgesloten of ingetrokken.',
    remedy: 'U hoeft niets te doen. Moet de zaak weer open? Neem contact op met het meldpunt.',
  },
  NOT_SUSPENDED: {
    explanation: 'Voor deze zaak loopt geen schuldenrust.',
    remedy: 'Controleer het nummer en de werklijst.',
  },
};
