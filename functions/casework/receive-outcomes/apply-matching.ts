import { type CaseId, partsOfCaseId } from '#domain/ids.ts';
import { casesOf, caseWith, type SignalCase } from '#domain/matching/cases.ts';
import { putTogether, splitOff } from '#domain/matching/decide.ts';
import { householdsOf, type MatchDecision } from '#domain/matching/decision.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Matching, OutcomeProblem, Target } from '#domain/signal/outcome-line.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { caseMeant, type LineTaken } from './apply-line.ts';
import { type Seen, seenAt } from './decisions.ts';
import type { Ports, Run } from './receive-outcomes.ts';

/** The case that a line names, by its number or by a signal in it. */
const caseIn = (
  seen: Seen,
  place: CaseId,
  target: Target,
  column: 'zaak' | 'samenvoegen_met',
): Result<SignalCase, OutcomeProblem> => {
  const { signalId } = target;
  if (signalId === undefined) return caseMeant(seen, target, column);
  const found = caseWith(seen.cases, { caseId: place, signalId });
  return found ? ok(found) : err({ code: 'SIGNAL_UNKNOWN', column: column === 'zaak' ? 'signaal' : column });
};

const count = (signals: readonly Signal[]): string =>
  signals.length === 1 ? '1 signaal' : `${signals.length} signalen`;

/** What came of it. An answer that was given before stays: no decision undoes what a partner was told. */
const notesOf = ({ kind }: MatchDecision, changed: readonly SignalCase[], { outcomesId }: Run): readonly string[] => {
  const answered = changed
    .flatMap(({ signals }) => signals)
    .filter(({ history }) => history.some((entry) => entry.kind === 'OUTCOME_RECORDED' && entry.source !== outcomesId));
  const named = changed
    .map(({ number, signals }) => `${number} (${count(signals)})`)
    .sort()
    .join(' en ');
  return [
    kind === 'TOGETHER' ? `samengevoegd: zaak ${named}` : `gesplitst: zaak ${named}`,
    ...(answered.length > 0
      ? [`${count(answered)} al beantwoord: dat blijft staan, wat open is wacht op een uitkomst`]
      : []),
  ];
};

/**
 * Stores a copy under each household it speaks of, and answers what stands there: of two runs of one file at once, or one
 * that was interrupted, the word of the first in every copy.
 */
const store = async ({ matches }: Pick<Ports, 'matches'>, decision: MatchDecision): Promise<MatchDecision> => {
  const { decisionId, municipality } = decision;
  let stands = decision;
  for (const household of householdsOf(decision))
    if ((await matches.add(stands, household)) === 'conflict') {
      const there = await matches.ofHousehold(municipality, household);
      stands = there.find((each) => each.decisionId === decisionId) ?? stands;
    }
  return stands;
};

/**
 * Splits or puts together (R-MAT-4), in one decision that is stored once, whatever came in between. The cases follow from
 * what is stored, so nothing of a signal is written.
 */
export const applyMatching = async (
  ports: Ports,
  run: Run,
  { place, other }: { readonly place: CaseId; readonly other?: CaseId },
  { target, line }: { readonly target: Target; readonly line: number },
  matching: Matching,
): Promise<Result<LineTaken, OutcomeProblem>> => {
  const { outcomesId } = run;
  // By its line: the same split again, after a merge, is another decision.
  const decisionId = await ports.hash.digest(20, 'decision', outcomesId, String(line));
  const seen = await seenAt(ports, run, [place, ...(other ? [other] : [])]);
  const { households, decisions, signals, cases } = seen;
  const asked = { decisionId, by: matching.by, source: outcomesId, now: ports.clock.now(), decisions };

  const decide = (): Result<MatchDecision | 'KNOWN', OutcomeProblem> => {
    const own = caseIn(seen, place, target, 'zaak');
    if (!own.ok) return own;
    if (matching.kind === 'SPLIT') {
      const signal = own.value.signals.find(({ signalId }) => signalId === matching.signalId);
      if (!signal) return err({ code: 'SIGNAL_UNKNOWN', column: 'signaal' });
      const split = splitOff(signal, cases, { ...asked, reason: matching.reason });
      return split.ok ? split : err({ code: split.error, column: 'splitsen' });
    }
    const theirs = caseIn(seen, other ?? place, matching.with, 'samenvoegen_met');
    if (!theirs.ok) return theirs;
    const merged = putTogether(own.value, theirs.value, { ...asked, reason: matching.reason });
    return merged.ok ? merged : err({ code: merged.error, column: 'samenvoegen_met' });
  };
  const stored = await run.decisions.stored(households, decisionId);
  const decided = stored ? ok(stored) : decide();
  if (!decided.ok) return decided;
  if (decided.value === 'KNOWN') return ok({ verdict: 'al bekend', notes: [], signals: [] });
  const decision = await store(ports, decided.value);
  run.decisions.add(decision);
  const { period } = partsOfCaseId(place);
  const spoken = new Set([...decision.one, ...decision.other].map(({ arrearId }) => arrearId));
  const changed = casesOf(signals, [...decisions.filter((each) => each.decisionId !== decisionId), decision]).filter(
    (each) => each.period === period && each.signals.some(({ arrearId }) => spoken.has(arrearId)),
  );
  return ok({ verdict: 'verwerkt', notes: notesOf(decision, changed, run), signals: [] });
};
