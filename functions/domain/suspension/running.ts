import { type Feedback, inOrder, type ToldSuspension } from '../feedback/feedback.ts';
import type { IsoDate } from '../ids.ts';

/** What a partner knows of the schuldenrust of one signal. `ended`: it was told that it is over. */
export interface Known extends ToldSuspension {
  readonly ended: boolean;
}

const until = (known: Known | undefined, on: IsoDate, ended: boolean): Known | undefined =>
  known && { ...known, lastDay: on < known.lastDay ? on : known.lastDay, ended: known.ended || ended };

/** One word more of feedback: it starts, moves or shortens what is known, and never makes a shortened one longer by itself. */
const heard = (known: Known | undefined, feedback: Feedback): Known | undefined => {
  switch (feedback.kind) {
    case 'OUTCOME':
      return feedback.suspension && feedback.suspension !== 'none'
        ? { ...feedback.suspension, ended: false }
        : until(known, feedback.date, false);
    case 'RETRACTED':
      return until(known, feedback.date, false);
    case 'SUSPENSION_ENDED_EARLY':
    case 'SUSPENSION_EXPIRED':
      return until(known, feedback.on, true);
  }
};

/** The suspension of one signal as its feedback tells it, the last word counting; undefined when none was ever told. */
export const knownSuspension = (feedback: readonly Feedback[]): Known | undefined =>
  inOrder(feedback).reduce<Known | undefined>(heard, undefined);
