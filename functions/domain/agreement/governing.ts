import type { AgreementId, IsoDate, MunicipalityCode, PolicyId } from '../ids.ts';
import { later } from '../term/calendar.ts';
import {
  type AgreementPhase,
  type Deviation,
  type Policy,
  type PolicyRules,
  SUBJECTS,
  type Subject,
} from './configuration.ts';

/** Which text says so, where in it, and since when. */
export interface Clause {
  /** Title of the base text or of the deviation. */
  readonly document: string;
  readonly clause: string;
  /** First day on which a deviation says so; absent for the base text. */
  readonly since?: IsoDate;
  readonly phase?: AgreementPhase;
}

/** The rules that count for one signal on one day, and for each the clause that says so (R-AGR-3). */
export type Governing = PolicyRules & { readonly because: Readonly<Record<Subject, Clause>> };

/** Under what a signal was reported. */
export interface Governed {
  readonly policy: PolicyId;
  readonly agreement: AgreementId;
  readonly municipality: MunicipalityCode;
  /** Day of receipt, Europe/Amsterdam. */
  readonly receivedOn: IsoDate;
}

/**
 * What is about a list, not about one signal, counts as it is on the day of the list. All else was promised when the
 * signal came: it counts as it was that day, also when the agreement changed or ended since.
 */
const AS_OF_TODAY: readonly Subject[] = ['ranking', 'threshold', 'capacity'];

/** What a base text that is silent on a subject says of it. */
const NOT_AGREED = 'niet afgesproken';

type Change = Deviation['changes'][number];
interface Dated {
  readonly change: Change;
  readonly deviation: Deviation;
  readonly from: IsoDate;
  readonly to: IsoDate | undefined;
}

const earlier = (a: IsoDate | undefined, b: IsoDate | undefined): IsoDate | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** From which to which day each change of a deviation counts: its phase, within the life of the deviation. */
export const datedChanges = (deviation: Deviation): readonly Dated[] =>
  deviation.changes.flatMap((change) => {
    const whole = { change, deviation, from: deviation.validFrom, to: deviation.validTo };
    if (change.phase === undefined) return [whole];
    return deviation.phases
      .filter(({ phase }) => phase === change.phase)
      .map(({ from, to }) => ({
        ...whole,
        from: later(from, deviation.validFrom),
        to: earlier(to, deviation.validTo),
      }));
  });

/** One agreement's own annex goes before one of all agreements of the municipality; then the one that began last. */
const before = (a: Dated, b: Dated): number =>
  Number(b.deviation.agreement !== undefined) - Number(a.deviation.agreement !== undefined) ||
  (a.from < b.from ? 1 : -1);

/**
 * Which policy governs this signal on this day, and which clause says so (R-AGR-3, R-AGR-4). `policy` is the base text of
 * its agreement, `deviations` those of its municipality. An agreement that ended governs the signals that came under it.
 */
export const governing = (
  policy: Policy,
  deviations: readonly Deviation[],
  { agreement, municipality, receivedOn }: Governed,
  today: IsoDate,
): Governing => {
  const changes = deviations
    .filter((each) => each.municipality === municipality)
    .filter((each) => each.agreement === undefined || each.agreement === agreement)
    .flatMap(datedChanges)
    .sort(before);
  const rules: Record<string, unknown> = {};
  const because: Partial<Record<Subject, Clause>> = {};
  for (const subject of SUBJECTS) {
    const day = AS_OF_TODAY.includes(subject) ? today : receivedOn;
    const found = changes.find(
      ({ change, from, to }) => change.subject === subject && from <= day && (to === undefined || day <= to),
    );
    const value = found ? found.change.value : policy[subject];
    if (value !== null && value !== undefined) rules[subject] = value;
    because[subject] = found
      ? {
          document: found.deviation.title,
          clause: found.change.clause,
          since: found.from,
          ...(found.change.phase && { phase: found.change.phase }),
        }
      : { document: policy.title, clause: policy.clauses[subject] ?? NOT_AGREED };
  }
  return { ...(rules as PolicyRules), because: because as Governing['because'] };
};
