import { answerAll } from './answers.ts';
import { sendAll } from './deliveries.ts';
import type { Story } from './plan.ts';
import { dice } from './random.ts';

/** The whole story for a seed: the same people, files and answers every time. `scale` 1 is 300 rows. */
export const story = (seed: number, scale = 1): Story => {
  const throws = dice(seed);
  const { deliveries, signals, outcomes, glimpses } = sendAll(throws, scale);
  const answered = [...answerAll(throws, signals), ...outcomes].sort((a, b) => (a.at < b.at ? -1 : 1));
  for (const { turns } of signals) turns.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return { seed, deliveries, outcomes: answered, glimpses, signals };
};
