import type { Instant, IsoDate } from '../ids.ts';
import { arrivedFrom, handedOverTo } from '../signal/hand-over.ts';
import type { HistoryEntry, Signal, SignalEventKind } from '../signal/signal.ts';
import { amsterdamDate } from '../term/calendar.ts';
import type { Turn } from './turns.ts';
import type { Mark } from './worklist.ts';

type Told = Pick<Signal, 'history' | 'status'>;

/**
 * What somebody who works with a case must know, in the words of the list. The rest of a history they wrote themselves:
 * attempts, answers, a phase they corrected. Forwarded is for the colleague who gets it.
 */
const TELLING: Partial<Readonly<Record<SignalEventKind, string>>> = {
  RECEIVED: 'gemeld',
  CORRECTED: 'gewijzigd door de partner',
  REMINDED: 'streefdatum voorbij',
  WARNED: 'bijna te laat',
  FEEDBACK_OVERDUE: 'te laat met terugkoppelen',
  FIRST_CONVERSATION_OVERDUE: 'te laat met het eerste gesprek',
  TERM_EXPIRED: 'termijn verstreken',
  FORWARDED: 'doorgezet',
  REOPENED: 'heropend',
  SUSPENSION_REMINDED: 'schuldenrust loopt bijna af',
  SUSPENSION_EXPIRED: 'schuldenrust afgelopen',
  SUSPENSION_ENDED_EARLY: 'schuldenrust beëindigd',
  WITHDRAWN: 'ingetrokken door de partner',
  MOVED: 'adres verbeterd door de partner',
};

const wordsOf = (entry: HistoryEntry, signal: Told): string | undefined => {
  const { kind, source } = entry;
  if (kind === 'HANDED_OVER')
    return handedOverTo(signal) === source ? undefined : 'overgenomen van een andere gemeente';
  // An answer nobody gave: closed at the horizon, or as a repeat.
  if (kind === 'OUTCOME_RECORDED') return source === 'workflow' ? 'vanzelf afgesloten' : undefined;
  return TELLING[kind];
};

/** Since when a signal is with this municipality: reported here, or come from elsewhere. */
export const cameAt = (signal: Told): Instant | undefined => {
  const from = arrivedFrom(signal);
  const arrival = from && signal.history.findLast(({ kind, source }) => kind === from.how && source === from.place);
  return (arrival ?? signal.history[0])?.at;
};

export interface CaseNews {
  /** Absent when nothing happened since that a worker must know. */
  readonly mark?: Mark;
  /** What happened since, in Dutch, oldest first, each once. */
  readonly happened: readonly string[];
  /** The day something last happened that a worker must know, whenever that was. */
  readonly changedOn: IsoDate | undefined;
}

/**
 * What happened in a case from `since` on; without it, everything (R-WOR-1). `turns`: when it fell apart or grew together. Withdrawn: all of it, and the last part since.
 * New: all that is in it came since. Changed: anything else that a worker must know. Answers the same for the same
 * histories, so a list that is made again has the same marks.
 */
export const newsOfCase = (
  signals: readonly Told[],
  since: Instant | undefined,
  turns: readonly Turn[] = [],
): CaseNews => {
  const events = signals.flatMap((signal) =>
    signal.history.flatMap((entry) => {
      const words = wordsOf(entry, signal);
      return words === undefined ? [] : [{ at: entry.at, kind: entry.kind, words }];
    }),
  );
  const told = [...events, ...turns.map((turn) => ({ ...turn, kind: undefined }))].sort((a, b) =>
    a.at === b.at ? 0 : a.at < b.at ? -1 : 1,
  );
  const isSince = (at: Instant | undefined): boolean => at !== undefined && (since === undefined || since <= at);
  const fresh = told.filter(({ at }) => isSince(at));
  const last = told.at(-1)?.at;
  const marked = (): Mark | undefined => {
    if (fresh.length === 0) return undefined;
    const gone = signals.every(({ status }) => status === 'WITHDRAWN');
    if (gone && fresh.some(({ kind }) => kind === 'WITHDRAWN' || kind === 'MOVED')) return 'ingetrokken';
    return signals.every((signal) => isSince(cameAt(signal))) ? 'nieuw' : 'gewijzigd';
  };
  const mark = marked();
  return {
    ...(mark && { mark }),
    happened: [...new Set(fresh.map(({ words }) => words))],
    changedOn: last && amsterdamDate(last),
  };
};
