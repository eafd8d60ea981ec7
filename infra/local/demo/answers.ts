import { type Day, dayOf, plusDays } from './days.ts';
import type { Household, Municipality } from './people.ts';
import type { Answer, LineVerdict, PlannedLine, PlannedOutcomes, PlannedSignal } from './plan.ts';
import type { Dice } from './random.ts';

/** What the municipalities answer, when, and what must come of every line. */

/** Four times a municipality sends a file: before day 14, before day 28, after it, and for the signals of April. */
const ROUNDS: Readonly<Record<Municipality, readonly string[]>> = {
  '0392': ['2026-03-12T15:10', '2026-03-26T10:40', '2026-04-09T11:20', '2026-04-22T16:00'],
  '0473': ['2026-03-13T09:30', '2026-03-27T14:15', '2026-04-10T10:05', '2026-04-23T09:45'],
  '0268': ['2026-03-16T13:20', '2026-03-25T11:00', '2026-04-14T15:30', '2026-04-28T10:10'],
  '0363': ['2026-03-13T16:05', '2026-03-24T09:25', '2026-04-10T13:50', '2026-04-24T12:30'],
};

interface Step {
  readonly round: 0 | 1 | 2 | 3;
  readonly answer: (today: Day) => Answer;
}
/** What becomes of a household's case: nothing, or answers in one or more rounds. */
type Fate = readonly Step[];

const result = (round: Step['round'], text: string): Step => ({ round, answer: (on) => ({ result: text, on }) });

const accepted = (round: Step['round'], text: string, extra: (on: Day) => Partial<Answer> = () => ({})): Step => ({
  round,
  answer: (today) => {
    const on = plusDays(today, -1);
    return { result: text, on, plan: on, resumes: plusDays(today, 6), suspend: 'j', ...extra(today) };
  },
});

const attempt = (round: Step['round'], kind: string, reached: 'j' | 'n', dayPart: string): Step => ({
  round,
  answer: (today) => ({ contact: { kind, reached, on: plusDays(today, -2), dayPart } }),
});

const ended = (round: Step['round'], reason: string): Step => ({ round, answer: () => ({ endOfSuspension: reason }) });

const FINANCIAL = 'Vervolghulp en/of verwijzing financieel';
const HELP = 'Vervolghulp en/of verwijzing';
const OTHER_HELP = 'Vervolghulp en/of verwijzing niet financieel';
const ADVICE = '(Budget)advies en/of quick fix';
const NO_CONTACT = 'Definitief geen contact kunnen krijgen';
const PAID = 'Inwoner heeft zelf al betaald/betalingsregeling getroffen';
const OWN_WAY = 'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering';

/** Dealt in this order to the cases of March of each municipality, over and over; together all sixteen results. */
export const MARCH: readonly Fate[] = [
  [accepted(0, FINANCIAL)],
  [],
  [accepted(0, FINANCIAL), ended(2, 'betaling niet hervat')],
  [attempt(0, 'Huisbezoek', 'n', 'Avond'), result(1, NO_CONTACT)],
  [accepted(1, HELP, (on) => ({ arrangement: { amount: '75,00', from: plusDays(on, 10) } }))],
  [],
  [accepted(0, FINANCIAL, () => ({ resumes: 'nee' }))],
  [accepted(1, ADVICE, () => ({ suspend: 'n' }))],
  [result(0, PAID)],
  [],
  [result(0, OWN_WAY)],
  [accepted(1, OTHER_HELP)],
  [attempt(0, 'Telefoon', 'j', 'Ochtend'), result(1, 'Geen reactie na eerder contact')],
  [],
  [accepted(2, FINANCIAL)],
  [result(0, 'Niet opgepakt: herhaalde melding')],
  [result(0, 'Niet opgepakt: onterecht signaal')],
  [],
  [result(1, 'Inwoner al bekend bij schuldhulpverlening')],
  [result(1, 'Inwoner is overleden')],
  [result(1, 'Persoon is geen inwoner (meer) in de gemeente')],
  [],
  [result(1, 'Inwoner heeft al een ander lopend traject')],
  [result(1, 'Niet opgepakt: andere reden')],
  [attempt(1, 'SMS/Whatsapp', 'n', 'Middag'), attempt(2, 'Brief', 'n', 'Ochtend')],
  [result(1, 'Verwijzing zonder tussenkomst inwoner')],
  [result(2, PAID)],
];

export const APRIL: readonly Fate[] = [
  [accepted(3, FINANCIAL)],
  [],
  [accepted(2, HELP), ended(3, 'plan gestopt')],
  [accepted(2, ADVICE)],
  [result(3, PAID)],
  [attempt(3, 'Telefoon', 'n', 'Middag')],
  [accepted(3, FINANCIAL, () => ({ resumes: 'nee', suspend: 'n' }))],
  [result(3, 'Inwoner al bekend bij schuldhulpverlening')],
  [],
  [accepted(2, FINANCIAL), ended(3, 'volledig betaald')],
  [result(3, NO_CONTACT)],
];

interface Case {
  readonly household: Household;
  readonly period: string;
  readonly signals: readonly PlannedSignal[];
}

const casesOf = (signals: readonly PlannedSignal[], municipality: Municipality, period: string): Case[] => {
  const found = new Map<string, { household: Household; period: string; signals: PlannedSignal[] }>();
  for (const signal of signals) {
    if (signal.life || signal.household.municipality !== municipality || signal.period !== period) continue;
    const key = signal.household.id;
    const known = found.get(key) ?? { household: signal.household, period, signals: [] };
    known.signals.push(signal);
    found.set(key, known);
  }
  return [...found.values()];
};

/** What the meldpunt remarks: how many signals it was, and why there is no schuldenrust though it was asked. */
const remarks = ({ signals }: Case, { suspend, resumes }: Answer): readonly string[] => [
  ...(signals.length > 1 ? [`geldt voor ${signals.length} signalen`] : []),
  ...(suspend === 'j' && resumes === 'nee'
    ? ['geen schuldenrust: de inwoner gaat niet weer betalen voordat de schuldenrust afloopt']
    : []),
];

const isWithdrawn = (signal: PlannedSignal): boolean => signal.turns.some(({ kind }) => kind === 'withdrawn');
const isPaidInApril = (signal: PlannedSignal): boolean =>
  signal.turns.some((turn) => turn.kind === 'withdrawn' && turn.reason === 'betaald' && turn.at > '2026-04');
const receivedBefore = (of: Case, at: string): boolean =>
  of.signals.every(({ receivedAt }) => dayOf(receivedAt) < dayOf(at));

/** Marks in the plan of every signal of the case what this answer brings about. */
const take = (of: Case, at: string, answer: Answer): void => {
  for (const { turns } of of.signals) {
    if (answer.contact) turns.push({ kind: 'contact', at });
    if (answer.result !== undefined) turns.push({ kind: 'answered', at, answer });
    if (answer.endOfSuspension !== undefined) turns.push({ kind: 'endedEarly', at, reason: answer.endOfSuspension });
  }
};

/** A name where only a code may stand: it must not come back anywhere. */
export const NAMED_WORKER = 'Jannetje Veldhuisen';

/** Lines that must not be taken, one for each way to be wrong. */
const wrongLines = (
  at: string,
  answered: readonly { readonly of: Case; readonly answer: Answer; readonly ends: boolean }[],
  open: Case,
  elsewhere: Case,
): PlannedLine[] => {
  const today = dayOf(at);
  const line = (of: Case, answer: Answer, verdict: LineVerdict, by: 'zaak' | 'signaal' = 'zaak'): PlannedLine => ({
    about: of,
    by,
    answer,
    verdict,
  });
  const suspended = answered.find(
    ({ answer, of }) => answer.suspend === 'j' && answer.resumes !== 'nee' && of.signals.length === 1,
  );
  const closed = answered.find(({ ends }) => ends);
  if (!suspended || !closed) throw new Error('The first round has no case to contradict');
  return [
    line(suspended.of, suspended.answer, 'known'),
    line(suspended.of, { result: OWN_WAY, on: today }, { refused: 'CONTRADICTORY' }),
    line(closed.of, { result: NO_CONTACT, on: today }, { refused: 'CLOSED' }),
    line(open, { result: 'Inwoner regelt het zelf', on: today }, { refused: 'RESULT_UNKNOWN' }),
    line(open, { result: PAID, on: plusDays(today, 9) }, { refused: 'DATE_IN_FUTURE' }),
    line(elsewhere, { result: PAID, on: today }, { refused: 'OTHER_MUNICIPALITY' }),
    line(open, { reopen: 'inwoner meldt zich' }, { refused: 'NOT_CLOSED' }),
    line(open, { result: PAID, on: today, correction: 'j' }, { refused: 'NOTHING_TO_CORRECT' }),
    line(open, { team: 'Wijkteam Oost' }, { refused: 'TEAM_UNKNOWN' }),
    line(open, { result: PAID, on: today, worker: NAMED_WORKER }, { refused: 'WORKER_INVALID' }),
    {
      about: { typed: 'ZZZZZZZZZZZZZZZZ-2603' },
      by: 'signaal',
      answer: { result: PAID, on: today },
      verdict: { refused: 'SIGNAL_UNKNOWN' },
    },
  ];
};

/** Deals fates to all cases, adds their turns to the signals, and gives the files the municipalities send. */
export const answerAll = (throws: Dice, signals: readonly PlannedSignal[]): readonly PlannedOutcomes[] => {
  const files: PlannedOutcomes[] = [];
  const elsewhere = casesOf(signals, '0363', '2026-03')[0];
  for (const [code, rounds] of Object.entries(ROUNDS)) {
    const municipality = code as Municipality;
    const fates = new Map<Case, Fate>();
    for (const [period, deck] of [
      ['2026-03', MARCH],
      ['2026-04', APRIL],
    ] as const) {
      // Cases of which the story withdraws a signal: the withdrawal finds it waiting, or in schuldenrust.
      const all = casesOf(signals, municipality, period);
      for (const each of all.filter((one) => one.signals.some(isPaidInApril)))
        fates.set(each, [accepted(0, FINANCIAL)]);
      const free = all.filter((one) => !one.signals.some(isWithdrawn));
      for (const [i, each] of throws.shuffled(free).entries()) fates.set(each, deck[i % deck.length] ?? []);
    }
    const first: { of: Case; answer: Answer; ends: boolean }[] = [];
    for (const [round, at] of rounds.entries()) {
      const lines: PlannedLine[] = [];
      for (const [of, fate] of fates) {
        for (const step of fate) {
          if (step.round !== round || !receivedBefore(of, at)) continue;
          const answer = step.answer(dayOf(at));
          take(of, at, answer);
          lines.push({
            about: of,
            by: of.signals.length === 1 && throws.chance(30) ? 'signaal' : 'zaak',
            answer,
            verdict: 'taken',
            notes: remarks(of, answer),
          });
          if (round === 0)
            first.push({ of, answer, ends: answer.result !== undefined && answer.suspend === undefined });
        }
      }
      const open = [...fates].find(([, fate]) => fate.length === 0)?.[0];
      if (municipality === '0392' && round === 1 && open && elsewhere)
        lines.push(...wrongLines(at, first, open, elsewhere));
      files.push({ name: `uitkomsten-${dayOf(at)}`, at, municipality, lines });
    }
  }
  return files.sort((a, b) => (a.at < b.at ? -1 : 1));
};
