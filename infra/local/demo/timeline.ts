import { dayOf, local, shortDay } from './days.ts';
import type { Stored } from './found.ts';
import type { Execution } from './observe.ts';

/** A signal's life to read: what happened to it and why, and which step of its workflow came with it. */
const STEPS: Readonly<Record<string, string>> = {
  AssignSignal: 'wijst toe en telt de termijnen',
  AwaitOutcome: 'wacht op antwoord van de gemeente',
  SettleOutcome: 'verwerkt het antwoord',
  PublishFeedback: 'legt de terugkoppeling meteen klaar',
  AwaitSuspensionEnd: 'wacht op het eind van schuldenrust',
  EndSuspension: 'laat de partner weten dat schuldenrust voorbij is',
  SignalClosed: 'klaar',
};
const TURNS: Readonly<Record<string, string>> = {
  TaskTimedOut: 'de tijd is om',
  TaskFailed: 'er is iets veranderd',
  ExecutionFailed: 'MISLUKT',
  ExecutionTimedOut: 'MISLUKT: te lang',
  ExecutionAborted: 'GESTOPT',
};

const HAPPENED: Readonly<Record<string, string>> = {
  RECEIVED: 'gemeld',
  CORRECTED: 'verbeterd door de partner',
  ASSIGNED: 'aan de uitvoerder gegeven',
  TERMS_CHANGED: 'termijnen opnieuw geteld',
  REMINDED: 'herinnering',
  WARNED: 'waarschuwing',
  FEEDBACK_OVERDUE: 'te laat met terugkoppelen',
  FIRST_CONVERSATION_OVERDUE: 'te laat met het eerste gesprek',
  TERM_EXPIRED: 'termijn verstreken',
  CONTACT_ATTEMPTED: 'contact gezocht',
  FORWARDED: 'doorgezet',
  PHASE_CORRECTED: 'fase verbeterd',
  KNOWN_AT_TEAM: 'bekend bij het wijkteam',
  OUTCOME_RECORDED: 'uitkomst',
  OUTCOME_CORRECTED: 'uitkomst gecorrigeerd',
  FED_BACK: 'terugkoppeling',
  SUSPENDED: 'schuldenrust begint',
  SUSPENSION_REMINDED: 'schuldenrust loopt bijna af',
  SUSPENSION_ENDED_EARLY: 'schuldenrust eerder voorbij',
  SUSPENSION_EXPIRED: 'schuldenrust afgelopen',
  WITHDRAWN: 'ingetrokken door de partner',
  HANDED_OVER: 'overgedragen',
  REOPENED: 'heropend',
  CLOSED: 'afgesloten',
};

interface Line {
  readonly at: string;
  readonly words: string;
}

/** What happened, in words: `termijn verstreken: 28 dagen na …`. */
export const happenings = ({ history = [] }: Stored): readonly Line[] =>
  history.map(({ at, kind, detail, by, source }) => {
    const more = kind === 'HANDED_OVER' ? `andere kant ${source}` : detail;
    return { at, words: `${HAPPENED[kind] ?? kind}${more ? `: ${more}` : ''}${by ? ` (${by})` : ''}` };
  });

const steps = ({ events, name }: Execution): readonly Line[] =>
  events.flatMap((event) => {
    const step = event.stateEnteredEventDetails?.name;
    const words = step === undefined ? TURNS[event.type ?? ''] : STEPS[step];
    if (words === undefined || event.timestamp === undefined) return [];
    const round = /_\d+$/.exec(name)?.[0].slice(1);
    const shown = round === undefined ? '' : ` ${round}`;
    return [
      { at: event.timestamp.toISOString(), words: `  · werkstroom${shown}: ${words}${step ? ` (${step})` : ''}` },
    ];
  });

/** Everything of one signal, in order of time: first what happened in a moment, then what its workflow did. */
export const timeline = (title: string, signal: Stored, executions: readonly Execution[]): string => {
  const lines = [...happenings(signal), ...executions.flatMap(steps)].sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
  );
  const running = executions.some(({ status }) => status === 'RUNNING');
  return [
    title,
    ...executions.map(({ name, status }) => `${name}: ${status}`),
    '',
    ...lines.map(({ at, words }) => `${shortDay(dayOf(local(at)))} ${local(at).slice(11)}  ${words}`),
    ...(running ? ['… en wacht nog'] : []),
    '',
  ].join('\n');
};

/** State transitions as Step Functions bills them: every state entered. */
export const transitions = ({ events }: Execution): number =>
  events.filter(({ stateEnteredEventDetails }) => stateEnteredEventDetails !== undefined).length;
