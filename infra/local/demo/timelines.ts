import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storedSignals } from './check.ts';
import { type ExpectedSignal, expectedOf } from './expected.ts';
import type { Observed } from './observe.ts';
import type { PlannedSignal, Story } from './plan.ts';
import { timeline } from './timeline.ts';

/** The lives worth reading: one signal for each way a story can go. */
const LIVES: readonly (readonly [file: string, title: string, is: (after: ExpectedSignal) => boolean])[] = [
  [
    'schuldenrust-afgelopen',
    'Hulp aangenomen, dertig dagen schuldenrust over de zomertijd heen, afgelopen',
    (s) => s.rest?.end === 'afgelopen' && s.rest.startsOn < '2026-03-29',
  ],
  [
    'schuldenrust-eerder-voorbij',
    'Schuldenrust eindigt eerder: de betaling werd niet hervat',
    (s) => s.rest?.reason === 'betaling niet hervat',
  ],
  ['schuldenrust-loopt-nog', 'Schuldenrust loopt nog als het verhaal eindigt', (s) => s.status === 'SUSPENDED'],
  [
    'laat-antwoord',
    'Termijn verstreken, toch nog hulp aangenomen',
    (s) => s.history.includes('TERM_EXPIRED') && s.rest !== undefined,
  ],
  [
    'geen-antwoord',
    'Nooit antwoord: na zestig dagen afgesloten',
    (s) => s.status === 'CLOSED' && s.history.includes('TERM_EXPIRED') && s.feedback.length === 0,
  ],
  ['ingetrokken', 'Ingetrokken terwijl de gemeente aan zet was', (s) => s.status === 'WITHDRAWN'],
  ['wacht-nog', 'Pas aangeleverd: wacht op de gemeente', (s) => s.status === 'ASSIGNED'],
];

const keyOf = ({ partner, reference, period }: PlannedSignal): string => `${partner} ${reference} ${period}`;

export const writeTimelines = async (story: Story, observed: Observed, folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const stored = storedSignals(observed);
  const ends = story.signals.map((signal) => ({ signal, after: expectedOf(signal) }));
  for (const [file, title, is] of LIVES) {
    const found = ends.find(({ after }) => is(after));
    const item = found && stored.get(keyOf(found.signal));
    const name = `${String(item?.caseId)}_${String(item?.signalId)}`;
    const execution = observed.executions.signal.find((each) => each.name === name);
    if (execution) await writeFile(join(folder, `${file}.txt`), timeline(title, execution));
  }
};
