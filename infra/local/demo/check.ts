import { isDeepStrictEqual } from 'node:util';
import { type ExpectedSignal, expectedOf } from './expected.ts';
import { type Observed, textOf } from './observe.ts';
import type { LineVerdict, PlannedDelivery, PlannedOutcomes, PlannedSignal, Story, Verdict } from './plan.ts';
import { csvCells, csvRows, type Played } from './play.ts';

/** One thing that is not as the plan says. */
export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}
export interface Checked {
  readonly comparisons: number;
  readonly differences: readonly Difference[];
}

export interface Receipt {
  readonly verdict: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly file?: { readonly code: string };
  readonly refusals: readonly { readonly code: string; readonly count: number; readonly explanation: string }[];
  readonly warnings: readonly { readonly code: string; readonly count: number }[];
}

const folderOf = ({ party }: PlannedDelivery, id: string | undefined): string => `partners/${party}/deliveries/${id}`;

export const receiptOf = (observed: Observed, planned: PlannedDelivery, played: Played): Receipt | undefined => {
  const body = observed.objects.get(`${folderOf(planned, played.deliveries.get(planned.name))}/receipt.json`);
  return body && (JSON.parse(textOf(body)) as Receipt);
};

const tally = (items: Iterable<string>): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of [...items].sort()) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
};

const sorted = (entries: readonly (readonly [string, number])[]): Record<string, number> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

/** What the plan says of a delivery's counts. */
export const countsOf = ({ rows }: PlannedDelivery): Record<string, number> => {
  const count = (...verdicts: readonly unknown[]): number =>
    rows.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return {
    read: rows.length,
    accepted: count('accepted', 'corrected'),
    corrected: count('corrected'),
    refused: rows.filter(({ verdict }) => typeof verdict === 'object').length,
    unchanged: count('unchanged'),
    withdrawn: count('withdrawn'),
  };
};

interface Item {
  readonly [name: string]: unknown;
}
const keyOf = (item: Item | PlannedSignal): string =>
  `${String(item.partner)} ${String(item.reference)} ${String(item.period)}`;

/** Signals in the table by partner, reference and month. */
export const storedSignals = ({ items }: Observed): ReadonlyMap<string, Item> =>
  new Map(
    items
      .filter(({ pk, signalId }) => String(pk).startsWith('GM#') && signalId !== undefined)
      .map((item) => [keyOf(item), item]),
  );

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Only what differs, so that a reader sees it at once. */
const narrowed = (expected: unknown, found: unknown): [unknown, unknown] => {
  if (isRecord(expected) && isRecord(found)) {
    const names = Object.keys({ ...expected, ...found }).filter(
      (name) => !isDeepStrictEqual(expected[name], found[name]),
    );
    const only = (of: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(names.map((name) => [name, of[name] ?? '–']));
    return [only(expected), only(found)];
  }
  return [expected, found];
};

const LONGEST = 600;
const shown = (value: unknown): string => {
  const text = (JSON.stringify(value) ?? '–').replaceAll(/([,:])(?=\S)/g, '$1 ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
};

/** Compares everything that was seen with the plan. */
export const check = (story: Story, played: Played, observed: Observed): Checked => {
  const differences: Difference[] = [];
  let comparisons = 0;
  const same = (what: string, expected: unknown, found: unknown): void => {
    comparisons += 1;
    if (isDeepStrictEqual(expected, found)) return;
    const [wanted, seen] = narrowed(expected, found);
    differences.push({ what, expected: shown(wanted), found: shown(seen) });
  };

  checkDeliveries(story, played, observed, same);
  checkOutcomes(story, played, observed, same);
  const expected = new Map(story.signals.map((signal) => [keyOf(signal), { signal, after: expectedOf(signal) }]));
  checkSignals(expected, observed, same);
  checkWorklists(expected, observed, same);
  checkFeedback(expected, observed, same);
  checkMails(story, expected, observed, same);
  checkPrivacy(story, observed, same);
  return { comparisons, differences };
};

type Same = (what: string, expected: unknown, found: unknown) => void;
type Expected = ReadonlyMap<string, { readonly signal: PlannedSignal; readonly after: ExpectedSignal }>;

const checkDeliveries = (story: Story, played: Played, observed: Observed, same: Same): void => {
  same('aantal leveringen met een ontvangstbevestiging', story.deliveries.length, played.deliveries.size);
  for (const planned of story.deliveries) {
    const { name, rows, refused } = planned;
    const receipt = receiptOf(observed, planned, played);
    const folder = folderOf(planned, played.deliveries.get(name));
    same(`${name}: oordeel`, refused === undefined ? 'verwerkt' : 'geweigerd', receipt?.verdict);
    same(`${name}: reden van weigering`, refused, receipt?.file?.code);
    same(`${name}: tellingen`, countsOf(planned), receipt?.counts);
    const codes = rows.flatMap(({ verdict }) => (typeof verdict === 'object' ? [verdict.refused] : []));
    same(
      `${name}: afkeuringen`,
      tally(codes),
      sorted((receipt?.refusals ?? []).map(({ code, count }) => [code, count])),
    );
    same(
      `${name}: waarschuwingen`,
      tally(rows.flatMap(({ warnings }) => warnings)),
      sorted((receipt?.warnings ?? []).map(({ code, count }) => [code, count])),
    );
    same(
      `${name}: regels in het afkeurbestand`,
      refusedLines(rows),
      rejectedLines(observed.objects.get(`${folder}/rejected.csv`), delimiterOf(planned)),
    );
    const certificates = textOf(observed.objects.get(`${folder}/certificates.ndjson`));
    same(`${name}: meldbewijzen`, countsOf(planned).accepted, certificates.split('\n').filter(Boolean).length);
  }
};

/** `<line> <code>` of every row that must be refused; the header is line 1. */
const refusedLines = (rows: readonly { readonly verdict: Verdict | LineVerdict }[]): string[] =>
  rows.flatMap(({ verdict }, i) => (typeof verdict === 'object' ? [`${i + 2} ${verdict.refused}`] : []));

/** The same out of a rejection file, whose first five columns are ours. */
const rejectedLines = (file: Uint8Array | undefined, delimiter: string): string[] =>
  (file ? csvCells(file, delimiter).slice(1) : [])
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([line, code]) => `${line} ${code}`);

/** The sender's own delimiter, from the first line of the file that was sent. */
const delimiterOf = ({ bytes }: PlannedDelivery): string => {
  const head = textOf(bytes).split('\n', 1)[0] ?? '';
  return [';', ',', '\t'].reduce((best, next) => (head.split(next).length > head.split(best).length ? next : best));
};

const verdictsOf = (planned: PlannedOutcomes): Record<string, number> =>
  tally(planned.lines.map(({ verdict }) => (typeof verdict === 'object' ? 'refused' : verdict)));

export interface OutcomeReceipt {
  readonly counts: Readonly<Record<string, number>>;
  readonly refusals: readonly { readonly code: string; readonly count: number; readonly explanation: string }[];
}

const outcomeFolder = ({ municipality }: PlannedOutcomes, id: string | undefined): string =>
  `municipalities/${municipality}/outcome-receipts/${id}`;

export const outcomeReceiptOf = (
  observed: Observed,
  planned: PlannedOutcomes,
  played: Played,
): OutcomeReceipt | undefined => {
  const body = observed.objects.get(`${outcomeFolder(planned, played.outcomes.get(planned))}/receipt.json`);
  return body && (JSON.parse(textOf(body)) as OutcomeReceipt);
};

const checkOutcomes = (story: Story, played: Played, observed: Observed, same: Same): void => {
  for (const planned of story.outcomes) {
    const folder = outcomeFolder(planned, played.outcomes.get(planned));
    const counts = outcomeReceiptOf(observed, planned, played)?.counts ?? {};
    const wanted = verdictsOf(planned);
    same(`${planned.name} ${planned.municipality}: gelezen`, planned.lines.length, counts.read);
    for (const [verdict, name] of [
      ['taken', 'taken'],
      ['known', 'alreadyKnown'],
      ['refused', 'refused'],
    ] as const)
      same(`${planned.name} ${planned.municipality}: ${verdict}`, wanted[verdict] ?? 0, counts[name]);
    same(
      `${planned.name} ${planned.municipality}: afgekeurde regels`,
      refusedLines(planned.lines),
      rejectedLines(observed.objects.get(`${folder}/rejected.csv`), ';'),
    );
  }
};

const checkSignals = (expected: Expected, observed: Observed, same: Same): void => {
  const stored = storedSignals(observed);
  same('aantal signalen in de tabel', expected.size, stored.size);
  const executions = new Map(observed.executions.signal.map((execution) => [execution.name, execution]));
  same('aantal uitvoeringen van signalen', expected.size, executions.size);
  for (const [key, { signal, after }] of expected) {
    const item = stored.get(key) ?? {};
    const history = (item.history ?? []) as readonly { kind: string }[];
    const outcome = item.outcome as { result?: string } | undefined;
    const rest = item.suspension as
      | { startsOn: string; lastDay: string; endedEarly?: { on: string; reason: string } }
      | undefined;
    same(`${key}: gemeente`, signal.household.municipality, item.municipality);
    same(`${key}: stand`, after.status, item.status);
    same(`${key}: eindresultaat`, after.result, outcome?.result);
    same(`${key}: bedrag in centen`, after.amountCents, item.amountCents);
    same(
      `${key}: geschiedenis`,
      after.history,
      history.map(({ kind }) => kind),
    );
    same(
      `${key}: schuldenrust`,
      after.rest && [after.rest.startsOn, after.rest.lastDay],
      rest && [rest.startsOn, rest.lastDay],
    );
    same(
      `${key}: schuldenrust eerder voorbij`,
      after.rest?.reason && [after.rest.endedOn, after.rest.reason],
      rest?.endedEarly && [rest.endedEarly.on, rest.endedEarly.reason],
    );
    same(
      `${key}: uitvoering`,
      after.execution,
      executions.get(`${String(item.caseId)}_${String(item.signalId)}`)?.status,
    );
  }
  const cases = new Set([...expected.values()].map(({ signal }) => `${signal.household.id} ${signal.period}`));
  same('aantal zaken', cases.size, new Set([...stored.values()].map(({ caseId }) => caseId)).size);
};

/** Every case stands on the list of its municipality and month, with the right marks (R-MAT-2); ranks are 1, 2, 3 … */
const checkWorklists = (expected: Expected, observed: Observed, same: Same): void => {
  const stored = storedSignals(observed);
  const standing = [...expected.values()].filter(({ after }) => after.status !== 'WITHDRAWN');
  const wanted = new Map<string, string[]>();
  for (const [key, { signal }] of expected) {
    const mates = standing.filter(({ signal: other }) => other.household.id === signal.household.id);
    const count = mates.filter(({ signal: other }) => other.period === signal.period).length;
    const earlier = mates.some(({ signal: other }) => other.period < signal.period);
    wanted.set(String(stored.get(key)?.caseId), [
      count > 1 ? 'meervoudig' : 'enkelvoudig',
      ...(earlier ? ['opeenvolgend'] : []),
    ]);
  }
  const lists = worklistsOf(observed);
  const byCase = (marks: Iterable<readonly [string, readonly string[]]>): Record<string, readonly string[]> =>
    Object.fromEntries([...marks].sort(([a], [b]) => (a < b ? -1 : 1)));
  same(
    'kenmerken van de zaken op de werklijsten',
    byCase(wanted),
    byCase(lists.flatMap(({ rows }) => rows.map(({ zaak = '', kenmerken = '' }) => [zaak, kenmerken.split(' | ')]))),
  );
  const ranked = new Map<string, number[]>();
  for (const { month, rows } of lists)
    for (const { uitvoerder, rang } of rows)
      if (rang) ranked.set(`${uitvoerder} ${month}`, [...(ranked.get(`${uitvoerder} ${month}`) ?? []), Number(rang)]);
  for (const [list, ranks] of ranked)
    same(
      `rangorde van ${list}`,
      ranks.map((_, i) => i + 1),
      ranks.sort((a, b) => a - b),
    );
};

/** The worklists as they were last published. */
export const worklistsOf = ({ objects }: Observed) =>
  [...objects].flatMap(([key, body]) => {
    const [, municipality, month] = /^municipalities\/(\d{4})\/worklists\/(\d{4}-\d\d)\.csv$/.exec(key) ?? [];
    return municipality && month ? [{ municipality, month, rows: csvRows(body) }] : [];
  });

/** What a partner reads. */
const WORDS: Readonly<Record<string, string>> = {
  HELP_ACCEPTED: 'hulp geaccepteerd',
  NO_HELP: 'geen hulp tot stand gekomen',
  KNOWN_AT_DEBT_COUNSELLING: 'al bekend bij schuldhulpverlening',
  RESIDENT_DECEASED: 'inwoner is overleden',
  NOT_TAKEN_UP: 'niet opgepakt',
  REPEAT_SIGNAL: 'niet opgepakt: herhaalde melding',
  UNFOUNDED_SIGNAL: 'niet opgepakt: onterecht signaal',
  NO_RESIDENT: 'geen inwoner (meer) van de gemeente',
  SUSPENSION_EXPIRED: 'schuldenrust afgelopen',
  SUSPENSION_ENDED_EARLY: 'schuldenrust eerder beëindigd',
};

const checkFeedback = (expected: Expected, observed: Observed, same: Same): void => {
  const wanted = [...expected.values()].flatMap(({ signal, after }) =>
    after.feedback.map(
      ({ kind, on, outcome }) => `${signal.partner} ${on} ${signal.reference} ${kind} ${outcome ?? ''}`,
    ),
  );
  const stored = observed.items
    .filter(({ pk }) => /^SP#.*#FEEDBACK$/.test(String(pk)))
    .map(({ partner, date, reference, kind, outcome }) => `${partner} ${date} ${reference} ${kind} ${outcome ?? ''}`);
  same('terugkoppelingen in de tabel', tally(wanted), tally(stored));
  const read = [...expected.values()].flatMap(({ signal, after }) =>
    after.feedback.map(({ kind, on, outcome, until }) =>
      [signal.partner, on, signal.reference, WORDS[outcome ?? kind], until ?? ''].join(' | '),
    ),
  );
  const filed = [...observed.objects]
    .filter(([key]) => /^partners\/[^/]+\/feedback\/[^/]+\.csv$/.test(key))
    .flatMap(([key, body]) => {
      const [, partner, , file = ''] = key.split('/');
      return csvRows(body).map(({ referentie, uitkomst, schuldenrust_tot: until }) =>
        [partner, file.slice(0, 10), referentie, uitkomst, until].join(' | '),
      );
    });
  same('regels in de terugkoppelbestanden', tally(read), tally(filed));
};

/** Haarlem and Zandvoort have the work done by another organisation, which reads along in its own mailbox. */
const MAILBOXES: Readonly<Record<string, number>> = { '0392': 2, '0473': 2, '0268': 1, '0363': 1 };

const checkMails = (story: Story, expected: Expected, observed: Observed, same: Same): void => {
  const distinct = (keys: readonly string[]): number => new Set(keys).size;
  const all = [...expected.values()];
  // One mail a morning, and only with news.
  const mornings = [
    ...new Set(
      all.flatMap(({ signal, after }) => after.heardOn.map((day) => `${signal.household.municipality} ${day}`)),
    ),
  ];
  const wanted = {
    'leveringen (aan de aanleverende partij)': story.deliveries.filter(({ stranger }) => !stranger).length,
    'uitkomsten (aan de gemeente)': story.outcomes.length,
    'werklijsten (aan gemeente en uitvoerder)': mornings
      .map((key) => MAILBOXES[key.slice(0, 4)] ?? 0)
      .reduce((a, b) => a + b, 0),
    'terugkoppeling (aan de partner)': distinct(
      all.flatMap(({ signal, after }) => after.feedback.map(({ on }) => `${signal.partner} ${on}`)),
    ),
  };
  const about = (pattern: RegExp): number => observed.mails.filter(({ subject }) => pattern.test(subject)).length;
  same('mails', wanted, {
    'leveringen (aan de aanleverende partij)': about(/^Levering/),
    'uitkomsten (aan de gemeente)': about(/^Uitkomsten/),
    'werklijsten (aan gemeente en uitvoerder)': about(/^Werklijst/),
    'terugkoppeling (aan de partner)': about(/terugkoppeling/),
  });
  same(
    'mails samen',
    Object.values(wanted).reduce((a, b) => a + b, 0),
    observed.mails.length,
  );
};

/** Names, references, streets and addresses of people: in no mail, execution or log. */
const checkPrivacy = (story: Story, { mails, executions, logs }: Observed, same: Same): void => {
  const personal = new Set<string>();
  for (const { reference, household } of story.signals) {
    personal.add(reference).add(household.street).add(household.postcode);
    for (const { surname, phone, email } of household.persons)
      for (const text of [surname, phone, email]) if (text !== '') personal.add(text);
  }
  // The different words are searched, not the megabytes in which they return.
  const within = (text: string): string[] => {
    const words = [...new Set(text.split(/[\s"<>{}[\],;:()=\\]+/))].join(' ');
    return [...personal].filter((each) => words.includes(each));
  };
  same('persoonsgegevens in mails', [], within(mails.map(({ everything }) => everything).join('\n')));
  const written = [...executions.signal, ...executions.delivery];
  same('persoonsgegevens in uitvoeringen', [], within(JSON.stringify(written)));
  same('persoonsgegevens in het logboek', [], within(logs));
  same(
    'leveringen die niet slaagden',
    [],
    executions.delivery.filter(({ status }) => status !== 'SUCCEEDED').map(({ name }) => name),
  );
  same('uitvoeringen van leveringen', story.deliveries.length, executions.delivery.length);
};
