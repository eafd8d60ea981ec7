import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectedOf } from './expected.ts';
import { roundsOf, type Stored, signalExecutions, storedSignals } from './found.ts';
import type { Execution, Observed } from './observe.ts';
import { type ExpectedLife, type PlannedSignal, type Story, signalKey } from './plan.ts';
import { timeline } from './timeline.ts';

type Is = (after: ExpectedLife, signal: PlannedSignal) => boolean;
const happened = ({ history }: ExpectedLife, kind: string): boolean =>
  history.some((each) => each.includes(` ${kind}`));

/** The lives worth reading: one signal for each way a story can go. */
const LIVES: readonly (readonly [file: string, title: string, is: Is])[] = [
  [
    'schuldenrust-afgelopen',
    'schuldenrust over de zomertijd heen',
    (s, { life }) => !life && s.rest?.end === 'afgelopen' && s.rest.startsOn < '2026-03-29',
  ],
  ['schuldenrust-eerder-voorbij', 'betaling niet hervat', (s) => s.rest?.reason === 'betaling niet hervat'],
  ['schuldenrust-loopt-nog', 'hulp aangenomen in april', (s, { life }) => !life && s.status === 'SUSPENDED'],
  ['laat-antwoord', 'hulp na dag 28, meteen gehoord', (s) => happened(s, 'TERM_EXPIRED') && s.rest !== undefined],
  [
    'geen-antwoord',
    'na zestig dagen afgesloten',
    (s) => s.status === 'CLOSED' && happened(s, 'TERM_EXPIRED') && s.feedback.length === 0,
  ],
  ['ingetrokken', 'ingetrokken door de partner', (s) => s.status === 'WITHDRAWN'],
  [
    'ontruiming-op-tijd',
    'ontruiming, op tijd gesproken',
    (s, { kind }) => kind !== undefined && !happened(s, 'FIRST_'),
  ],
  ['ontruiming-over-pasen', 'ontruiming, over Pasen heen te laat', (s) => happened(s, 'FIRST_CONVERSATION_OVERDUE')],
  ['doorgezet', 'naar wijkteam, budgetcoach en terug', (s) => happened(s, 'FORWARDED swt')],
  ['fase-verbeterd', 'fase verbeterd: eerder terugkoppelen', (s) => happened(s, 'PHASE_CORRECTED')],
  [
    'gecorrigeerd-na-afsluiten',
    'na afsluiten gecorrigeerd',
    (s) => happened(s, 'OUTCOME_CORRECTED') && s.rest !== undefined,
  ],
  ['gecorrigeerd-in-schuldenrust', 'in schuldenrust gecorrigeerd', (s) => s.earlierRests !== undefined],
  ['heropend', 'heropend, en dan hulp', (s) => happened(s, 'REOPENED')],
  ['overgedragen', 'Haarlem draagt over aan Nijmegen', (s, { takenOver }) => !takenOver && happened(s, 'HANDED_OVER')],
  ['overgenomen', 'Nijmegen neemt over van Haarlem', (_, { takenOver }) => takenOver === true],
  [
    'aangesloten',
    'sluit aan bij een beantwoorde zaak',
    (s) => s.history.some((each) => /T08:05 OUTCOME_RECORDED$/.test(each)),
  ],
  ['wacht-nog', 'pas aangeleverd', (s) => s.status === 'ASSIGNED'],
];

export interface Life {
  readonly file: string;
  readonly title: string;
  readonly signal: Stored;
  readonly executions: readonly Execution[];
}

export const livesOf = (story: Story, observed: Observed): readonly Life[] => {
  const stored = storedSignals(observed);
  const executions = signalExecutions(observed);
  const ends = story.signals.map((signal) => ({ signal, after: expectedOf(signal) }));
  return LIVES.flatMap(([file, title, is]) => {
    const found = ends.find(({ after, signal }) => is(after, signal));
    const signal = found && stored.get(signalKey(found.signal));
    return signal ? [{ file, title, signal, executions: roundsOf(executions, signal) }] : [];
  });
};

export const writeTimelines = async (lives: readonly Life[], folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const { file, title, signal, executions } of lives)
    await writeFile(join(folder, `${file}.txt`), timeline(title, signal, executions));
};
