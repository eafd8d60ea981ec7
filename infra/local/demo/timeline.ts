import { dayOf, local, shortDay } from './days.ts';
import type { Execution } from './observe.ts';

/** An execution as a story: when it entered which step, and why it went on. */
const STEPS: Readonly<Record<string, string>> = {
  AssignSignal: 'aan de uitvoerder gegeven',
  AwaitOutcome: 'wacht op antwoord van de gemeente',
  PassTerm: 'een termijn is voorbij',
  SettleOutcome: 'antwoord verwerkt: terugkoppeling, en schuldenrust als dat mag',
  AwaitSuspensionEnd: 'schuldenrust: wacht op het eind',
  PassSuspensionTerm: 'schuldenrust: een termijn is voorbij',
  EndSuspension: 'schuldenrust voorbij: de partner hoort het',
  SignalClosed: 'afgesloten',
};
const TURNS: Readonly<Record<string, string>> = {
  ExecutionStarted: 'gestart',
  TaskTimedOut: '… de tijd is om',
  ExecutionSucceeded: 'klaar',
  ExecutionFailed: 'MISLUKT',
  ExecutionTimedOut: 'MISLUKT: te lang',
  ExecutionAborted: 'GESTOPT',
};

export const timeline = (title: string, { name, status, events }: Execution): string => {
  const lines = events.flatMap((event) => {
    const step = event.stateEnteredEventDetails?.name;
    const words = step === undefined ? TURNS[event.type ?? ''] : STEPS[step];
    if (words === undefined || event.timestamp === undefined) return [];
    const at = local(event.timestamp.toISOString());
    return [`${shortDay(dayOf(at))} ${at.slice(11)}  ${words}${step === undefined ? '' : `  (${step})`}`];
  });
  return [title, `${name}: ${status}`, '', ...lines, ...(status === 'RUNNING' ? ['… en wacht nog'] : []), ''].join(
    '\n',
  );
};

/** State transitions as Step Functions bills them: every state entered. */
export const transitions = ({ events }: Execution): number =>
  events.filter(({ stateEnteredEventDetails }) => stateEnteredEventDetails !== undefined).length;
