import type { FeedbackItem, PartnerOutcome } from '../agreement/configuration.ts';
import type { Governing } from '../agreement/governing.ts';
import type { IsoDate, PartnerId } from '../ids.ts';
import type { EndResult } from '../signal/ddas.ts';
import { type CollectionSuspension, type Outcome, outcomeNumber, type Signal } from '../signal/signal.ts';
import { type Known, knownSuspension } from '../suspension/running.ts';
import { suspensionOf } from '../suspension/suspension.ts';
import { amsterdamDate } from '../term/calendar.ts';
import { termsOf } from '../term/terms.ts';
import {
  type Feedback,
  type FeedbackContent,
  inOrder,
  type SuspensionEndFeedback,
  type ToldItems,
  type ToldSuspension,
} from './feedback.ts';

/**
 * What a partner may hear of each end result when it is no acceptance (R-FEE-2, R-FEE-3). `NO_HELP` covers everything
 * that says something of the resident: whether they answered, wanted help, pay themselves or are helped elsewhere.
 */
const TOLD: Readonly<Record<EndResult, Exclude<PartnerOutcome, 'HELP_ACCEPTED'>>> = {
  '(Budget)advies en/of quick fix': 'NO_HELP',
  'Definitief geen contact kunnen krijgen': 'NO_HELP',
  'Geen reactie na eerder contact': 'NO_HELP',
  'Inwoner al bekend bij schuldhulpverlening': 'KNOWN_AT_DEBT_COUNSELLING',
  'Inwoner heeft al een ander lopend traject': 'NO_HELP',
  'Inwoner heeft zelf al betaald/betalingsregeling getroffen': 'NO_HELP',
  'Inwoner is overleden': 'RESIDENT_DECEASED',
  'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering': 'NO_HELP',
  'Niet opgepakt: andere reden': 'NOT_TAKEN_UP',
  'Niet opgepakt: herhaalde melding': 'REPEAT_SIGNAL',
  'Niet opgepakt: onterecht signaal': 'UNFOUNDED_SIGNAL',
  'Persoon is geen inwoner (meer) in de gemeente': 'NO_RESIDENT',
  'Vervolghulp en/of verwijzing': 'NO_HELP',
  'Vervolghulp en/of verwijzing financieel': 'NO_HELP',
  'Vervolghulp en/of verwijzing niet financieel': 'NO_HELP',
  'Verwijzing zonder tussenkomst inwoner': 'NO_HELP',
};

/** How each item is said. Written out field by field, so that nothing else of the outcome comes along. */
const ITEMS: Readonly<
  Record<FeedbackItem, (outcome: Outcome, suspension: CollectionSuspension | undefined) => ToldItems>
> = {
  SUSPENSION: (_, suspension) => ({
    suspension: suspension ? { startsOn: suspension.startsOn, lastDay: suspension.lastDay } : 'none',
  }),
  PAYMENT_RESUMES: ({ paymentResumes }) =>
    paymentResumes
      ? { paymentResumes: paymentResumes === 'cannot' ? paymentResumes : { from: paymentResumes.from } }
      : {},
  ARRANGEMENT: ({ arrangement }) =>
    arrangement ? { arrangement: { monthlyCents: arrangement.monthlyCents, from: arrangement.from } } : {},
};

/** The code a partner is told for an end result; undefined when it is told nothing (R-FEE-1, R-FEE-2). */
export const partnerOutcomeOf = (
  result: EndResult,
  { acceptance, feedback: { told } }: Pick<Governing, 'acceptance' | 'feedback'>,
): PartnerOutcome | undefined => {
  const outcome = acceptance.results.includes(result) ? 'HELP_ACCEPTED' : TOLD[result];
  return told[outcome] === undefined ? undefined : outcome;
};

type Addressed = Pick<Signal, 'partner' | 'signalId' | 'reference' | 'municipality' | 'earlierOutcomes'>;
type Answered = Addressed & Pick<Signal, 'history' | 'receivedAt' | 'earlierSuspensions'>;

const toPartner = (signal: Addressed, date: IsoDate, content: FeedbackContent): Feedback => ({
  partner: signal.partner,
  signalId: signal.signalId,
  number: outcomeNumber(signal),
  reference: signal.reference,
  municipality: signal.municipality,
  date,
  ...content,
});

/** After a hand-over two municipalities answer for one signal: neither takes back what the other said (R-ROU-4). */
const saidHere = ({ municipality }: Pick<Signal, 'municipality'>, told: readonly Feedback[]): readonly Feedback[] =>
  inOrder(told.filter((each) => each.municipality === municipality));

const endOf = ({ lastDay }: Known, on: IsoDate): SuspensionEndFeedback =>
  on <= lastDay ? { kind: 'SUSPENSION_ENDED_EARLY', on } : { kind: 'SUSPENSION_EXPIRED', on: lastDay };

/** Suspensions the partner was told of by outcomes before this one, also those that never came to run. */
const suspensionsIn = (told: readonly Feedback[], before: number): readonly ToldSuspension[] =>
  told.flatMap((each) =>
    each.number < before && each.kind === 'OUTCOME' && each.suspension && each.suspension !== 'none'
      ? [each.suspension]
      : [],
  );

/** What follows from an outcome: exactly the feedback that is still to be added, and the suspension that starts. */
export interface Settlement {
  readonly feedback: readonly Feedback[];
  readonly suspension?: CollectionSuspension;
}

/**
 * What settling `outcome` on `today` does: the one place that decides what a partner hears (R-FEE-1 to R-FEE-4, R-SUS-1,
 * R-SUS-6). For a preview and for the settlement itself.
 *
 * `signal` as it is with the outcome recorded or corrected (its number follows from the earlier ones); `rules` those that
 * govern it; `told` all feedback on the signal so far. Told before by an earlier outcome and not now: RETRACTED. A
 * suspension the partner knows of and that does not go on: its end, without why. What was added by a settlement that broke
 * off keeps its date, and the suspension is decided by that date. Nothing, when a later outcome was settled already.
 */
export const previewOf = (
  signal: Answered,
  outcome: Outcome,
  rules: Pick<Governing, 'acceptance' | 'feedback' | 'suspension'>,
  today: IsoDate,
  told: readonly Feedback[],
): Settlement => {
  const number = outcomeNumber(signal);
  const said = saidHere(signal, told);
  if (said.some((each) => each.number > number)) return { feedback: [] };
  const now = said.filter((each) => each.number === number);
  const before = said.filter((each) => each.number < number);
  const stands = before.findLast(({ kind }) => kind === 'OUTCOME' || kind === 'RETRACTED')?.kind === 'OUTCOME';

  const code = partnerOutcomeOf(outcome.result, rules);
  const items = (code && rules.feedback.told[code]) ?? [];
  const date = now.find(({ kind }) => kind === 'OUTCOME')?.date ?? today;
  const suspension = suspensionOf(
    { ...signal, earlierSuspensions: [...signal.earlierSuspensions, ...suspensionsIn(told, number)] },
    outcome,
    rules,
    items.includes('SUSPENSION') ? date : undefined,
  );
  const known = knownSuspension(before);

  const contents: FeedbackContent[] = [];
  if (code) {
    let along: ToldItems = {};
    for (const item of items) along = { ...along, ...ITEMS[item](outcome, suspension) };
    contents.push({ kind: 'OUTCOME', outcome: code, replaces: stands, ...along });
  } else if (stands) contents.push({ kind: 'RETRACTED' });
  if (known && !known.ended && !suspension) contents.push(endOf(known, today));
  return {
    feedback: contents
      .filter(({ kind }) => now.every((each) => each.kind !== kind))
      .map((content) => toPartner(signal, today, content)),
    ...(suspension && { suspension }),
  };
};

/**
 * Tells the partner that schuldenrust is over (R-SUS-3, R-SUS-4): at the end of its last day, early, or with a withdrawal,
 * also when that came before the suspension it was told of. Never a later day than it was told. Undefined when the partner
 * knows of none or heard its end.
 */
export const suspensionEndFeedback = (
  signal: Extract<Signal, { status: 'SUSPENDED' | 'WITHDRAWN' }>,
  today: IsoDate,
  told: readonly Feedback[],
): Feedback | undefined => {
  // What was told of a later outcome is another record's: of the case this one was moved to.
  const own = signal.earlierOutcomes.length + (signal.outcome ? 1 : 0);
  const known = knownSuspension(saidHere(signal, told).filter(({ number }) => number <= own));
  if (!known || known.ended) return undefined;
  const early = signal.suspension?.endedEarly?.on;
  const on = early ?? (signal.status === 'WITHDRAWN' ? amsterdamDate(signal.closedAt) : today);
  return toPartner(signal, today, endOf(known, on));
};

/** What the partner was told of the outcome that stands, in order. */
export const saidOf = (
  signal: Pick<Signal, 'municipality' | 'earlierOutcomes'>,
  told: readonly Feedback[],
): readonly Feedback[] => saidHere(signal, told).filter(({ number }) => number === outcomeNumber(signal));

/** Whose feedback must lie ready at once, and whether a mail says so. */
export interface AtOnce {
  readonly partner: PartnerId;
  /** Only where agreed: else the one digest of the day tells it (R-FEE-5). */
  readonly mail: boolean;
}

/**
 * What cannot wait for the runs of the day of what the partner was told (`said`): all of it where agreed, and without a
 * mail what was told on its last day, when minutes count: acceptance on the day the LCV's term is over (R-FEE-1), any
 * outcome on the last business day agreed for it (R-FLO-3). `null`, as JSON has it, when those are early enough.
 */
export const publishAtOnce = (
  { partner, ...signal }: Pick<Signal, 'partner' | 'receivedAt' | 'kind' | 'collectionPhase' | 'correctedPhase'>,
  rules: Governing,
  said: readonly Feedback[],
): AtOnce | null => {
  if (said.length === 0) return null;
  if (rules.feedback.delivery === 'IMMEDIATE') return { partner, mail: true };
  const terms = termsOf(signal, rules);
  // Past the known calendar: too early is no fault, too late is.
  if (!terms.ok) return { partner, mail: false };
  const isLastDay = (kind: 'ESCALATION' | 'FEEDBACK', date: IsoDate): boolean =>
    terms.value.some((term) => term.kind === kind && term.on === date);
  const urgent = said.some(
    (each) =>
      each.kind === 'OUTCOME' &&
      ((each.outcome === 'HELP_ACCEPTED' && isLastDay('ESCALATION', each.date)) || isLastDay('FEEDBACK', each.date)),
  );
  return urgent ? { partner, mail: false } : null;
};
