import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storedSignals } from './check.ts';
import { type ExpectedSignal, expectedOf } from './expected.ts';
import type { Execution, Observed } from './observe.ts';
import type { PlannedSignal, Story } from './plan.ts';
import { timeline } from './timeline.ts';

/** The lives worth reading: one signal for each way a story can go. */
const LIVES: readonly (readonly [file: string, title: string, is: (after: ExpectedSignal) => boolean])[] = [
  [
    'schuldenrust-afgelopen',
    'schuldenrust over de zomertijd heen',
    (s) => s.rest?.end === 'afgelopen' && s.rest.startsOn < '2026-03-29',
  ],
  ['schuldenrust-eerder-voorbij', 'betaling niet hervat', (s) => s.rest?.reason === 'betaling niet hervat'],
  ['schuldenrust-loopt-nog', 'hulp aangenomen in april', (s) => s.status === 'SUSPENDED'],
  ['laat-antwoord', 'hulp na dag 28', (s) => s.history.includes('TERM_EXPIRED') && s.rest !== undefined],
  [
    'geen-antwoord',
    'na zestig dagen afgesloten',
    (s) => s.status === 'CLOSED' && s.history.includes('TERM_EXPIRED') && s.feedback.length === 0,
  ],
  ['ingetrokken', 'gemeente was aan zet', (s) => s.status === 'WITHDRAWN'],
  ['wacht-nog', 'pas aangeleverd', (s) => s.status === 'ASSIGNED'],
];

const keyOf = ({ partner, reference, period }: PlannedSignal): string => `${partner} ${reference} ${period}`;

export interface Life {
  readonly file: string;
  readonly title: string;
  readonly execution: Execution;
}

export const livesOf = (story: Story, observed: Observed): readonly Life[] => {
  const stored = storedSignals(observed);
  const executions = new Map(observed.executions.signal.map((execution) => [execution.name, execution]));
  const ends = story.signals.map((signal) => ({ signal, after: expectedOf(signal) }));
  return LIVES.flatMap(([file, title, is]) => {
    const found = ends.find(({ after }) => is(after));
    const item = found && stored.get(keyOf(found.signal));
    const execution = executions.get(`${String(item?.caseId)}_${String(item?.signalId)}`);
    return execution ? [{ file, title, execution }] : [];
  });
};

export const writeTimelines = async (lives: readonly Life[], folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const { file, title, execution } of lives)
    await writeFile(join(folder, `${file}.txt`), timeline(title, execution));
};
