import { z } from 'zod';
import { CaseId, SignalId, SignalRef } from '../ids.ts';

/** One run of the workflow of a signal: `round` 1, and one more each time a closed signal goes on. */
export const SignalExecution = SignalRef.extend({ round: z.number().int().positive() });
export type SignalExecution = z.infer<typeof SignalExecution>;

/** `<caseId>_<signalId>`, from the second round on with `_<round>`: 51 characters at most, no personal data (R-PRI-3). */
export const executionName = ({ caseId, signalId, round }: SignalExecution): string =>
  round === 1 ? `${caseId}_${signalId}` : `${caseId}_${signalId}_${round}`;

const Round = z
  .string()
  .regex(/^[1-9]\d{0,5}$/)
  .transform(Number);

/** A run started by hand in place of one that is gone: the number is that of a round and must stay free. */
const AGAIN = /_again\d{0,3}$/;

/** The run a name was made for, also when it was started again by hand (`…_again`); undefined when it is no such name. */
export const parseExecutionName = (name: string): SignalExecution | undefined => {
  const [caseId, signalId, round, ...more] = name.replace(AGAIN, '').split('_');
  const parsed = z
    .object({ caseId: CaseId, signalId: SignalId, round: Round.optional() })
    .safeParse({ caseId, signalId, round });
  if (!parsed.success || more.length > 0 || parsed.data.round === 1) return undefined;
  return { ...parsed.data, round: parsed.data.round ?? 1 };
};

/** A signal as an operator names it: a bare signal id says nothing of the case or the round. */
export type SignalKey = SignalExecution | { readonly signalId: SignalId; readonly caseId?: undefined };

/** A signal id, the name of an execution or its whole ARN, spaces around it ignored; undefined when it is none of these. */
export const parseSignalKey = (text: string): SignalKey | undefined => {
  const given = text.trim();
  const signalId = SignalId.safeParse(given);
  if (signalId.success) return { signalId: signalId.data };
  return parseExecutionName(given.startsWith('arn:') ? (given.split(':').at(-1) ?? '') : given);
};
