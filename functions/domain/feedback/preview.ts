import type { Governing } from '../agreement/governing.ts';
import type { IsoDate, PartnerId, SignalId } from '../ids.ts';
import type { Signal } from '../signal/signal.ts';
import type { Feedback, ToldSuspension } from './feedback.ts';
import { contentFields } from './file.ts';
import { previewOf, suspensionEndFeedback } from './outcome.ts';

/** What the partner of one signal would see of a line, in the words of its own feedback file. */
export interface PartnerView {
  readonly signalId: SignalId;
  readonly reference: string;
  readonly partner: PartnerId;
  readonly feedback: readonly object[];
  /** Why it would see nothing, in Dutch. */
  readonly why?: string;
  readonly suspension?: ToldSuspension;
}

const settlementOf = (
  signal: Signal,
  rules: Governing,
  today: IsoDate,
  told: readonly Feedback[],
): { readonly feedback: readonly Feedback[]; readonly suspension?: ToldSuspension; readonly why: string } => {
  switch (signal.status) {
    case 'OUTCOME_KNOWN':
      return {
        ...previewOf(signal, signal.outcome, rules, today, told),
        why: 'dit resultaat wordt volgens de afspraken niet teruggekoppeld, of is al teruggekoppeld',
      };
    case 'SUSPENDED': {
      const end = signal.suspension.endedEarly && suspensionEndFeedback(signal, today, told);
      return { feedback: end ? [end] : [], why: 'er is niets nieuws voor de partner: de schuldenrust loopt' };
    }
    case 'CLOSED':
    case 'WITHDRAWN':
      return { feedback: [], why: 'er is niets nieuws voor de partner: het signaal is afgesloten' };
    default:
      return { feedback: [], why: 'er is nog geen uitkomst' };
  }
};

/** `signal` as it would be after the line; `told` all feedback on it so far. Exactly what settling would tell on `today`. */
export const partnerView = (
  signal: Signal,
  rules: Governing,
  today: IsoDate,
  told: readonly Feedback[],
): PartnerView => {
  const { feedback, suspension, why } = settlementOf(signal, rules, today, told);
  return {
    signalId: signal.signalId,
    reference: signal.reference,
    partner: signal.partner,
    feedback: feedback.map(contentFields),
    ...(feedback.length === 0 && { why }),
    ...(suspension && { suspension: { startsOn: suspension.startsOn, lastDay: suspension.lastDay } }),
  };
};
