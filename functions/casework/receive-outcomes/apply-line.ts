import type { Governing } from '#domain/agreement/governing.ts';
import { failure, untilSettled } from '#domain/failure.ts';
import {
  type CaseId,
  type CaseNumber,
  type Instant,
  type PartnerId,
  partsOfCaseId,
  partsOfCaseNumber,
  partsOfSignalId,
  type SignalId,
} from '#domain/ids.ts';
import { isPart, oneWith } from '#domain/matching/belonging.ts';
import { casesNamed, casesOf, isNamed, type SignalCase } from '#domain/matching/cases.ts';
import type { MatchDecision } from '#domain/matching/decision.ts';
import { municipalityName } from '#domain/reference/reference.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { mayFollow } from '#domain/signal/case.ts';
import { arrivedFrom, handedOverTo } from '#domain/signal/hand-over.ts';
import { NO_SUSPENSION } from '#domain/signal/outcome-advice.ts';
import type { OutcomeLine, OutcomeProblem, Target } from '#domain/signal/outcome-line.ts';
import type { Origin, Signal, SignalEventKind } from '#domain/signal/signal.ts';
import { type Circumstances, type Taken, takeLine } from '#domain/signal/take-line.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { type Seen, seenAt } from './decisions.ts';
import { arrive, begin, callOff, type Destination, destinationOf } from './hand-over.ts';
import type { Ports, Run } from './receive-outcomes.ts';

/** What became of a line. */
export interface LineTaken {
  readonly verdict: 'verwerkt' | 'al bekend';
  readonly notes: readonly string[];
  /** The signals it is about, as they are afterwards. */
  readonly signals: readonly Signal[];
}

/** What became of a line at one signal. */
interface SignalAnswer {
  readonly signal: Signal;
  readonly result: Result<Pick<Taken, 'ours' | 'lacks'>, OutcomeProblem>;
  /** Why it was not handed over, though asked. */
  readonly stays?: string;
}

/** The rules of one agreement and day are looked up once per file. */
export const rulesOf = async ({ configuration }: Pick<Ports, 'configuration'>, { rules }: Run, signal: Signal) => {
  const { policy, agreement, municipality, receivedAt } = signal;
  const key = [policy, agreement, municipality, amsterdamDate(receivedAt)].join(' ');
  const found: Governing | undefined = rules.get(key) ?? (await configuration.governing(signal));
  if (!found) throw failure('PolicyMissing');
  rules.set(key, found);
  return found;
};

/** Where a signal has been, the last place first. */
const placesOf = async (
  { signals }: Pick<Ports, 'signals'>,
  signalId: SignalId,
): Promise<readonly { readonly place: CaseId; readonly signal: Signal | undefined }[]> => {
  const { arrearId, period } = partsOfSignalId(signalId);
  const places: { readonly place: CaseId; readonly signal: Signal | undefined }[] = [];
  let next = (await signals.arrear(arrearId))?.cases[period];
  while (next !== undefined && places.every(({ place }) => place !== next)) {
    const signal = await signals.get({ caseId: next, signalId });
    places.push({ place: next, signal });
    next = signal && arrivedFrom(signal)?.place;
  }
  return places;
};

/**
 * The case of this municipality that a line is about. A signal that left is followed back to where this file wrote to it,
 * so that a line that comes again finds what it did; of other municipalities nothing is told (R-PRI-1).
 */
export const placeOf = async (
  ports: Pick<Ports, 'signals'>,
  { municipality, outcomesId }: Run,
  { number, signalId }: Target,
  named: 'line' | 'merge' = 'line',
): Promise<Result<CaseId, OutcomeProblem>> => {
  const column = named === 'merge' ? 'samenvoegen_met' : signalId === undefined ? 'zaak' : 'signaal';
  const isOurs = (place: CaseId): boolean => partsOfCaseId(place).municipality === municipality;
  const other = err({ code: 'OTHER_MUNICIPALITY', column } as const);
  if (number !== undefined) {
    const { caseId } = partsOfCaseNumber(number);
    return isOurs(caseId) ? ok(caseId) : other;
  }
  const places = signalId === undefined ? [] : await placesOf(ports, signalId);
  if (places.length === 0) return err({ code: 'SIGNAL_UNKNOWN', column });
  const ours = places.filter(({ place }) => isOurs(place));
  const written = ours.find(({ signal }) => signal?.history.some(({ source }) => source === outcomesId));
  const [last] = ours;
  const found = written ?? last;
  return found ? ok(found.place) : other;
};

/** Whether the number of a part finds a case under another number now, with others than the one it was of (R-MAT-4). */
const hasOthers = (found: SignalCase, number: CaseNumber, decisions: readonly MatchDecision[]): boolean => {
  if (found.number === number || partsOfCaseNumber(number).part === undefined) return false;
  // One after the other: a number of before can begin the arrears of two.
  return found.signals
    .filter((signal) => isNamed(signal, number))
    .some((named) => {
      const own = oneWith((signal) => signal === named, found, decisions);
      return found.signals.some((signal) => signal.status !== 'WITHDRAWN' && !own.includes(signal));
    });
};

/**
 * The one case a number means. Of an address in parts the number of the part is needed; that of a part is no good where
 * strangers are no longer told apart: it would answer another's debt.
 */
export const caseMeant = (
  { cases, decisions }: Pick<Seen, 'cases' | 'decisions'>,
  { number }: Target,
  column: 'zaak' | 'samenvoegen_met',
): Result<SignalCase, OutcomeProblem> => {
  const [found, ...more] = number === undefined ? [] : casesNamed(cases, number);
  if (number === undefined || !found) return err({ code: 'SIGNAL_UNKNOWN', column });
  return more.length === 0 && !hasOthers(found, number, decisions)
    ? ok(found)
    : err({ code: 'CASE_IN_PARTS', column, choices: [found, ...more].map((each) => each.number).sort() });
};

interface Meant {
  readonly signals: readonly Signal[];
  readonly problem?: OutcomeProblem;
  /** Of a line about a case: what there is around it. */
  readonly seen?: Seen;
  /** Others at its address are no part of the case. */
  readonly forPart?: boolean;
}

/** The signals a line is about: one, or those of a case; with why not, when its number means more cases than one. */
const signalsMeant = async (ports: Ports, run: Run, place: CaseId, target: Target): Promise<Meant> => {
  const { number, signalId } = target;
  const hasPart = number !== undefined && partsOfCaseNumber(number).part !== undefined;
  const one = signalId && !hasPart ? await ports.signals.get({ caseId: place, signalId }) : undefined;
  if (one) return { signals: [one] };
  const unknown = { code: 'SIGNAL_UNKNOWN', column: signalId === undefined ? 'zaak' : 'signaal' } as const;
  if (number === undefined) return { signals: [], problem: unknown };
  const seen = await seenAt(ports, run, [place]);
  const { cases } = seen;
  const named = casesNamed(cases, number).flatMap(({ signals }) => signals);
  if (signalId !== undefined) {
    const there = named.filter((each) => each.signalId === signalId);
    return there.length > 0 ? { signals: there } : { signals: [], problem: unknown };
  }
  const meant = caseMeant(seen, target, 'zaak');
  if (!meant.ok) return { signals: named, problem: meant.error, seen };
  return { signals: meant.value.signals, seen, forPart: isPart(meant.value, cases) };
};

const originOf = ({ by }: OutcomeLine, { outcomesId }: Run): Origin => ({ source: outcomesId, ...(by && { by }) });

/** How a signal stands to a line about its case. */
type Stance = Pick<Circumstances, 'follows' | 'joined'>;
const ITSELF: Stance = { follows: false, joined: false };

const circumstances = async (
  ports: Ports,
  run: Run,
  line: OutcomeLine,
  signal: Signal,
  stance: Stance,
): Promise<Circumstances> => ({
  policy: await rulesOf(ports, run, signal),
  // Of this write, not of the file: news is told by its moment, and a long file takes minutes.
  now: ports.clock.now(),
  today: run.today,
  origin: originOf(line, run),
  ...stance,
});

/** Another change than this line's came first, and stands. */
const OVERTAKEN: readonly OutcomeProblem['code'][] = [
  'WITHDRAWN',
  'CLOSED',
  'CONTRADICTORY',
  'HANDED_OVER',
  'NOT_CLOSED',
  'NOTHING_TO_CORRECT',
];

/** Lets the execution know; success when nobody waits any more. */
const tell = async ({ workflows }: Ports, { signal, news, newRound }: Taken): Promise<void> => {
  if (news && signal.taskToken !== undefined) await workflows.wake(signal.taskToken, news);
  if (newRound) await workflows.startSignal(signal, signal.round);
};

/** Writes the signal as the line leaves it, after what must stand elsewhere first. False is a lost race. */
const write = async (
  ports: Ports,
  run: Run,
  before: Signal,
  after: Signal,
  destination: Destination | undefined,
  origin: Origin,
): Promise<boolean> => {
  const leaves = handedOverTo(after) !== undefined && handedOverTo(before) === undefined;
  if (destination && leaves && after.status === 'OUTCOME_KNOWN')
    if (!(await arrive(ports, run, after, destination, origin))) return false;
  return (await ports.signals.replace(after, [before.status])) === 'written';
};

/** Holds a line against one signal, and stores what it makes of it in one write. */
const applyTo = (ports: Ports, run: Run, line: OutcomeLine, found: Signal, stance: Stance): Promise<SignalAnswer> => {
  let signal: Signal | undefined = found;
  return untilSettled(async () => {
    const before = signal ?? (await ports.signals.get(found));
    if (!before) throw failure('SignalMissing');
    signal = undefined;
    const destination = line.handOver && (await destinationOf(ports, run, before, line.handOver));
    const goesTo = destination?.ok ? destination.value : undefined;
    const given = await circumstances(ports, run, line, before, stance);
    const taken = takeLine(before, line, { ...given, ...(goesTo && { goesOnIn: goesTo.facts.caseId }) });
    if (!taken.ok) {
      if (taken.error === 'BEYOND_CALENDAR') throw failure('CalendarEnded');
      if (goesTo && OVERTAKEN.includes(taken.error.code)) await callOff(ports, run, before, goesTo);
      return { signal: before, result: err(taken.error) };
    }
    const { signal: after, changed, ours, lacks } = taken.value;
    if (changed && !(await write(ports, run, before, after, goesTo, given.origin))) return undefined;
    await tell(ports, taken.value);
    const left = handedOverTo(after);
    // Begun there by an earlier run of this line, and then gone another way: nothing may stay open there.
    if (goesTo && left !== goesTo.facts.caseId) await callOff(ports, run, after, goesTo);
    if (left && line.handOver && ours) await begin(ports, left, after);
    const stays = destination && !destination.ok ? destination.error : ALREADY_ANSWERED;
    return { signal: after, result: ok({ ours, lacks }), ...(line.handOver && !left && { stays }) };
  });
};

const ALREADY_ANSWERED = 'dit resultaat was al bekend. Vul op deze regel heropenen in om alsnog over te dragen';

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** What the sender should know beside the verdict. Tells of municipalities, never of persons or addresses. */
const notesOf = (line: OutcomeLine, answers: readonly SignalAnswer[], { outcomesId }: Run): readonly string[] => {
  const good = answers.filter(({ result }) => result.ok);
  const did = (kind: SignalEventKind): boolean =>
    good.some(({ signal }) => signal.history.some((entry) => entry.kind === kind && entry.source === outcomesId));
  const left = good.flatMap(({ signal }) => handedOverTo(signal) ?? []);
  return [
    ...(good.length < answers.length ? [`geldt voor ${good.length} van de ${answers.length} signalen`] : []),
    ...(good.length === answers.length && good.length > 1 ? [`geldt voor ${good.length} signalen`] : []),
    ...(line.reopen && did('REOPENED') ? ['heropend'] : []),
    ...(line.correction && did('OUTCOME_CORRECTED') ? ['gecorrigeerd'] : []),
    ...unique(
      good.flatMap(({ result }) =>
        result.ok ? result.value.lacks.map((condition) => `geen schuldenrust: ${NO_SUSPENSION[condition]}`) : [],
      ),
    ),
    ...(line.handOver
      ? unique(left.map((to) => `overgedragen aan de gemeente ${municipalityName(partsOfCaseId(to).municipality)}`))
      : []),
    ...unique(answers.flatMap(({ stays }) => (stays === undefined ? [] : [`niet overgedragen: ${stays}`]))),
  ];
};

const partnersOf = (signals: readonly Signal[]): ReadonlySet<PartnerId> =>
  new Set(signals.filter(({ status }) => status !== 'WITHDRAWN').map(({ partner }) => partner));

/** When this file, which comes again, wrote to one of these first; undefined when it did to none. */
const wroteAt = (done: readonly Signal[], { outcomesId }: Run): Instant | undefined =>
  done
    .flatMap(({ history }) => history.find(({ source }) => source === outcomesId)?.at ?? [])
    .sort()
    .at(0);

const cameBy = ({ history: [received] }: Signal, moment: Instant): boolean =>
  received !== undefined && received.at <= moment;

/**
 * Who is in a case with some signals by what was decided up to a moment, or by this file: who was put together with them
 * since was not meant, and who was taken apart since is not meant any more (R-MAT-4). `surely`: where strangers are no
 * longer told apart, only who is one with them.
 */
const withThese = (
  isOne: (signal: Signal) => boolean,
  { signals, decisions }: Seen,
  { until, surely }: { readonly until: Instant; readonly surely: boolean },
  run: Run,
): readonly Signal[] => {
  const then = decisions.filter((each) => each.kind === 'APART' || each.at <= until || run.decisions.isOwn(each));
  return casesOf(signals, then)
    .filter((each) => each.signals.some(isOne))
    .flatMap((each) => (surely ? oneWith(isOne, each, then) : each.signals));
};

/**
 * Applies one line to the signal it names, or to every signal of the case (R-FLO-1). An answer to a case is written, then
 * the case is read again: what joined it meanwhile gets it too, as far as it may follow, as what joins looks at the case
 * after it was written. An arrangement is about one arrear: not for a case of more partners. A line that comes again
 * means the signals that were there and belonged together when it came first.
 */
export const applyLine = async (
  ports: Ports,
  run: Run,
  place: CaseId,
  line: OutcomeLine,
): Promise<Result<LineTaken, OutcomeProblem>> => {
  const { signalId } = line.target;
  const { outcome } = line;
  const began = ports.clock.now();
  const { signals, problem, seen, forPart: isStill = false } = await signalsMeant(ports, run, place, line.target);
  let left = signals;
  let follows = false;
  const done: Signal[] = [];
  if (signalId === undefined)
    for (const signal of left) {
      const taken = takeLine(signal, line, await circumstances(ports, run, line, signal, ITSELF));
      follows ||= taken.ok;
      if (taken.ok && taken.value.ours && !taken.value.changed) done.push(signal);
    }
  // Its number came to mean more cases since this line was done: it still means whom it was done for.
  if (problem && done.length === 0) return err(problem);
  const before = wroteAt(done, run);
  const until = before ?? began;
  const isDone = ({ signalId: id }: Signal): boolean => done.some((each) => each.signalId === id);
  const isOld = (signal: Signal): boolean => before === undefined || isDone(signal) || cameBy(signal, before);
  const wasPart = done.some((each) => 'outcome' in each && each.outcome?.forPart);
  const forPart = wasPart || isStill;
  const said = forPart && outcome ? { ...line, outcome: { ...outcome, forPart } as const } : line;
  if (problem) left = done;
  else if (seen && before !== undefined)
    left = withThese(isDone, seen, { until, surely: wasPart && !isStill }, run).filter(isOld);
  if (signalId === undefined && outcome?.arrangement && partnersOf(left).size > 1)
    return err({ code: 'ARRANGEMENT_FOR_CASE', column: 'regeling_bedrag' });
  const answers = new Map<SignalId, SignalAnswer>();
  for (let joined = false; left.length > 0; joined = true) {
    for (const signal of left)
      answers.set(signal.signalId, await applyTo(ports, run, said, signal, { follows, joined }));
    if (!follows || !outcome) break;
    const isAnswered = (each: Signal): boolean => answers.has(each.signalId);
    const joining = (now: Seen): readonly Signal[] =>
      withThese(isAnswered, now, { until, surely: forPart }, run).filter(
        (each) => !isAnswered(each) && isOld(each) && mayFollow(each, outcome),
      );
    left = joining(await seenAt(ports, run, [place], run.decisions.known));
    if (left.length > 0) left = joining(await seenAt(ports, run, [place]));
  }

  const all = [...answers.values()];
  const good = all.flatMap(({ signal, result }) => (result.ok ? [{ signal, ours: result.value.ours }] : []));
  const [refused] = all.flatMap(({ result }) => (result.ok ? [] : [result.error]));
  if (good.length === 0 && refused) return err(refused);
  return ok({
    verdict: good.some(({ ours }) => ours) ? 'verwerkt' : 'al bekend',
    notes: notesOf(line, all, run),
    signals: good.map(({ signal }) => signal),
  });
};
