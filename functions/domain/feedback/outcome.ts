import type { PartnerOutcome, Policy } from '../agreement/configuration.ts';
import type { IsoDate } from '../ids.ts';
import type { EndResult } from '../signal/ddas.ts';
import type { Outcome, Signal } from '../signal/signal.ts';
import { suspensionOf } from '../suspension/suspension.ts';
import { amsterdamDate } from '../term/calendar.ts';
import type { Feedback, FeedbackContent, OutcomeFeedback } from './feedback.ts';

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

type FeedbackPolicy = Pick<Policy, 'acceptanceResults' | 'feedbackOn' | 'suspension'>;

/** The code a partner is told for an end result under a policy; undefined when it is told nothing (R-FEE-1, R-FEE-2). */
export const partnerOutcomeOf = (
  result: EndResult,
  { acceptanceResults, feedbackOn }: Pick<Policy, 'acceptanceResults' | 'feedbackOn'>,
): PartnerOutcome | undefined => {
  const outcome = acceptanceResults.includes(result) ? 'HELP_ACCEPTED' : TOLD[result];
  return feedbackOn.includes(outcome) ? outcome : undefined;
};

type Addressed = Pick<Signal, 'partner' | 'signalId' | 'reference' | 'municipality' | 'history'>;

const toPartner = <C extends FeedbackContent>(signal: Addressed, date: IsoDate, content: C) => ({
  partner: signal.partner,
  signalId: signal.signalId,
  reference: signal.reference,
  municipality: signal.municipality,
  date,
  ...content,
});

/**
 * The feedback on an outcome as it becomes ready on `date`; undefined when the policy tells the partner nothing.
 * Dates of suspension, resumed payment (R-FEE-4) and arrangement only belong to an acceptance.
 */
export const outcomeFeedback = (
  signal: Addressed,
  outcome: Outcome,
  policy: FeedbackPolicy,
  date: IsoDate,
): (Feedback & OutcomeFeedback) | undefined => {
  const told = partnerOutcomeOf(outcome.result, policy);
  if (told === undefined) return undefined;
  if (told !== 'HELP_ACCEPTED') return toPartner(signal, date, { kind: 'OUTCOME', outcome: told });
  const suspension = suspensionOf(signal, outcome, policy, date);
  const { paymentResumes, arrangement } = outcome;
  return toPartner(signal, date, {
    kind: 'OUTCOME',
    outcome: told,
    ...(suspension && { suspension: { startsOn: suspension.startsOn, lastDay: suspension.lastDay } }),
    ...(paymentResumes && { paymentResumes }),
    ...(arrangement && { arrangement }),
  });
};

/**
 * Tells the partner that schuldenrust is over (R-SUS-3, R-SUS-4): at the end of its last day, early, or with a
 * withdrawal after the partner was told of it (`told` is that feedback). Undefined when the partner knows of none.
 */
export const suspensionEndFeedback = (signal: Signal, date: IsoDate, told?: Feedback): Feedback | undefined => {
  const suspension = 'suspension' in signal ? signal.suspension : undefined;
  if (suspension?.endedEarly)
    return toPartner(signal, date, { kind: 'SUSPENSION_ENDED_EARLY', on: suspension.endedEarly.on });
  if (suspension) return toPartner(signal, date, { kind: 'SUSPENSION_EXPIRED', on: suspension.lastDay });
  // Withdrawn between the feedback and the start of the suspension it announced.
  if (signal.status === 'WITHDRAWN' && told?.kind === 'OUTCOME' && told.suspension)
    return toPartner(signal, date, { kind: 'SUSPENSION_ENDED_EARLY', on: amsterdamDate(signal.closedAt) });
  return undefined;
};
