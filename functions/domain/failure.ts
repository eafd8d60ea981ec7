/**
 * Names of the errors thrown when the world is not as it must be. They are contract: the state machines retry
 * `TransientFailure` only, the others fail the execution where an operator sees them by name.
 */
export const FAILURES = [
  'TransientFailure',
  'InvalidInput',
  'ConfigurationMissing',
  'MatchingKeyUnreadable',
  'StateMachineNotGiven',
  'SignalMissing',
  'PolicyMissing',
  'CalendarEnded',
  'SignalChanged',
  'OutcomeMissing',
  'MunicipalityUnknown',
  'OrganisationMissing',
  'OutcomesFileMissing',
  'DeliveryMissing',
  'UploadMissing',
  'ChunkMissing',
  'ResultMissing',
  'CountsDoNotAddUp',
  'RejectionsDiffer',
  'CertificatesDiffer',
] as const;
export type Failure = (typeof FAILURES)[number];

/** An error with a name and no message: a message could quote what must stay inside. */
export const failure = (name: Failure): Error => Object.assign(new Error(), { name });

/** How often a lost race is run again before the call is left to the retry of the workflow. */
const ATTEMPTS = 8;

/** Reads, decides and writes until no other writer came between; `undefined` from `attempt` is a lost race. */
export const untilSettled = async <T>(attempt: () => Promise<T | undefined>): Promise<T> => {
  for (let i = 0; i < ATTEMPTS; i += 1) {
    const answer = await attempt();
    if (answer !== undefined) return answer;
  }
  throw failure('TransientFailure');
};
