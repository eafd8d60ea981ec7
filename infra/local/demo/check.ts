import { NAMED_WORKER } from './answers.ts';
import { checkMails } from './check-mails.ts';
import { checkPartners } from './check-partners.ts';
import { type Checked, comparing, type Expected, type Same, tally } from './compare.ts';
import { countsOf, outcomeCounts } from './counts.ts';
import { local } from './days.ts';
import { expectedOf, hasAddendum } from './expected.ts';
import {
  deliveryFolder,
  outcomeFolder,
  outcomeReceiptOf,
  receiptOf,
  roundsOf,
  type Stored,
  signalExecutions,
  storedSignals,
  worklistsOf,
} from './found.ts';
import { type Observed, textOf } from './observe.ts';
import {
  type LineVerdict,
  type PlannedOutcomes,
  type PlannedSignal,
  type Story,
  signalKey,
  THRESHOLD_CENTS,
  type Verdict,
} from './plan.ts';
import { csvCells, type Played } from './play.ts';

/** Compares everything that was seen with the plan. */
export const check = (story: Story, played: Played, observed: Observed): Checked =>
  comparing((same) => {
    const expected: Expected = new Map(
      story.signals.map((signal) => [signalKey(signal), { signal, after: expectedOf(signal) }]),
    );
    checkDeliveries(story, played, observed, same);
    checkOutcomes(story, played, observed, same);
    checkSignals(expected, observed, same);
    checkWorklists(expected, observed, same);
    checkGlimpses(story, played, same);
    checkPartners(expected, observed, same);
    checkMails(story, expected, observed, same);
    checkPrivacy(story, observed, same);
  });

/** A receipt says a problem once per column; the plan knows codes. */
const perCode = (problems: readonly { readonly code: string; readonly count: number }[]): Record<string, number> =>
  tally(problems.flatMap(({ code, count }) => Array.from({ length: count }, () => code)));

const checkDeliveries = (story: Story, played: Played, observed: Observed, same: Same): void => {
  same('aantal leveringen met een ontvangstbevestiging', story.deliveries.length, played.deliveries.size);
  for (const planned of story.deliveries) {
    const { name, rows, refused } = planned;
    const receipt = receiptOf(observed, planned, played);
    const folder = deliveryFolder(planned, played.deliveries.get(name));
    same(`${name}: oordeel`, refused === undefined ? 'verwerkt' : 'geweigerd', receipt?.verdict);
    same(`${name}: reden van weigering`, refused, receipt?.file?.code);
    same(`${name}: tellingen`, countsOf(planned), receipt?.counts);
    const codes = rows.flatMap(({ verdict }) => (typeof verdict === 'object' ? [verdict.refused] : []));
    same(`${name}: afkeuringen`, tally(codes), perCode(receipt?.refusals ?? []));
    same(`${name}: waarschuwingen`, tally(rows.flatMap(({ warnings }) => warnings)), perCode(receipt?.warnings ?? []));
    same(
      `${name}: regels in het afkeurbestand`,
      refusedLines(rows),
      rejectedLines(observed.objects.get(`${folder}/rejected.csv`)),
    );
    const certificates = textOf(observed.objects.get(`${folder}/certificates.ndjson`));
    same(`${name}: meldbewijzen`, countsOf(planned).accepted, certificates.split('\n').filter(Boolean).length);
  }
};

/** `<line> <code>` of every row that must be refused; the header is line 1. */
const refusedLines = (rows: readonly { readonly verdict: Verdict | LineVerdict }[]): string[] =>
  rows.flatMap(({ verdict }, i) => (typeof verdict === 'object' ? [`${i + 2} ${verdict.refused}`] : []));

/** The same out of a rejection file, whose first five columns are ours. */
const rejectedLines = (file: Uint8Array | undefined): string[] =>
  (file ? csvCells(file).slice(1) : [])
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([line, code]) => `${line} ${code}`);

/** `<line> <verdict> <code or notes>` */
const answerLine = (line: number, verdict: string, more: string): string => `${line} ${verdict} ${more}`.trimEnd();

const plannedAnswers = ({ lines }: PlannedOutcomes): string[] =>
  lines.map(({ verdict, notes = [] }, i) => {
    if (typeof verdict === 'object') return answerLine(i + 2, 'afgekeurd', verdict.refused);
    return answerLine(i + 2, verdict === 'taken' ? 'verwerkt' : 'al bekend', notes.join('; '));
  });

const checkOutcomes = (story: Story, played: Played, observed: Observed, same: Same): void => {
  for (const planned of story.outcomes) {
    const { name, municipality, preview, lines } = planned;
    const of = `${name} ${municipality}`;
    const receipt = outcomeReceiptOf(observed, planned, played);
    same(`${of}: oordeel`, preview ? 'voorbeeld' : 'verwerkt', receipt?.verdict);
    same(`${of}: tellingen`, outcomeCounts(planned), receipt?.counts);
    same(
      `${of}: antwoord per regel`,
      plannedAnswers(planned),
      (receipt?.answers ?? []).map(({ line, verdict, code, notes = [] }) =>
        answerLine(line, verdict, code ?? notes.join('; ')),
      ),
    );
    const folder = outcomeFolder(planned, played);
    const there = (file: string): Uint8Array | undefined => observed.objects.get(`${folder}/${file}`);
    if (preview) {
      const views = (receipt?.answers ?? []).flatMap(({ partners = [] }) => partners);
      same(
        `${of}: wat partners zouden zien`,
        preview,
        views.map((view) => {
          const { partner, reference, feedback } = view as (typeof preview)[number];
          return { partner, reference, feedback };
        }),
      );
      same(
        `${of}: niets anders dan het voorbeeld`,
        [undefined, undefined],
        [there('receipt.json'), there('answers.csv')],
      );
      continue;
    }
    same(`${of}: afgekeurde regels`, refusedLines(lines), rejectedLines(there('rejected.csv')));
    const answers = there('answers.csv');
    same(
      `${of}: antwoorden als bestand`,
      plannedAnswers(planned),
      (answers ? csvCells(answers, ';').slice(1) : []).map(([line, , verdict = '', code = '', , , , notes = '']) =>
        answerLine(Number(line), verdict, code || notes),
      ),
    );
  }
};

const restLine = ({ startsOn, lastDay, endedEarly }: NonNullable<Stored['suspension']>): string =>
  [startsOn, lastDay, ...(endedEarly ? [endedEarly.on, endedEarly.reason] : [])].join(' ');

const checkSignals = (expected: Expected, observed: Observed, same: Same): void => {
  const stored = storedSignals(observed);
  same('aantal signalen in de tabel', expected.size, stored.size);
  const executions = signalExecutions(observed);
  const rounds = [...expected.values()].reduce((sum, { after }) => sum + after.executions.length, 0);
  same('aantal uitvoeringen van signalen', rounds, executions.size);
  for (const [key, { after }] of expected) {
    const item: Stored = stored.get(key) ?? {};
    const { rest } = after;
    same(`${key}: stand`, after.status, item.status);
    same(`${key}: eindresultaat`, after.result, item.outcome?.result);
    same(`${key}: bedrag in centen`, after.amountCents, item.amountCents);
    same(
      `${key}: geschiedenis`,
      after.history,
      (item.history ?? []).map(({ at, kind, detail, by }) =>
        [local(at), kind, ...(detail ? [detail] : []), ...(by ? [`door ${by}`] : [])].join(' '),
      ),
    );
    same(
      `${key}: termijnen die nog komen`,
      after.ahead,
      (item.terms ?? []).map(({ kind, on }) => `${kind} ${on}`),
    );
    const wanted = rest && {
      startsOn: rest.startsOn,
      lastDay: rest.lastDay,
      ...(rest.reason && { endedEarly: { on: rest.endedOn ?? '', reason: rest.reason } }),
    };
    same(`${key}: schuldenrust`, wanted && restLine(wanted), item.suspension && restLine(item.suspension));
    same(`${key}: eerdere schuldenrust`, after.earlierRests ?? [], (item.earlierSuspensions ?? []).map(restLine));
    same(
      `${key}: uitvoeringen`,
      after.executions,
      roundsOf(executions, item).map(({ status }) => status),
    );
  }
  for (const [key, { signal }] of expected) {
    if (!signal.takenOver) continue;
    const here = stored.get(key);
    const there = [...stored.values()].find((each) => each.signalId === here?.signalId && each !== here);
    const other = (of: Stored | undefined): string | undefined =>
      of?.history?.find(({ kind }) => kind === 'HANDED_OVER')?.source;
    same(`${key}: de gemeenten wijzen naar elkaar`, [there?.caseId, here?.caseId], [other(here), other(there)]);
  }
};

/** In order of urgency: a case lies where its most urgent signal lies. */
const TRAYS = [
  'termijn verstreken',
  'nieuw',
  'doorgezet',
  'in behandeling',
  'schuldenrust',
  'afgesloten',
  'ingetrokken',
];
const place = (tray: string): number => TRAYS.indexOf(tray.split(':')[0] ?? '');

/** Who is 65 when the story ends. */
const BORN_BEFORE = '1961-05-17';

/** Haarlem and Zandvoort: why a case stands where it stands (R-WOR-4). */
const tierOf = (waiting: readonly PlannedSignal[], knownAtTeam: boolean): string => {
  if (waiting.some(({ phase, kind }) => phase === 'deurwaarder' || kind === 'ontruiming')) return 'prioriteit I';
  if (waiting.reduce((sum, { amountCents }) => sum + amountCents, 0) >= THRESHOLD_CENTS) return 'prioriteit II';
  const old = waiting.some(({ household: { persons } }) => persons[0].birthDate < BORN_BEFORE);
  return knownAtTeam || old ? 'prioriteit III' : 'prioriteit IV';
};

/** Signals of one household in one month are one case; of strangers behind one door those of each person (R-MAT-4). */
const caseOf = ({ household: { id, rooms }, period, person }: PlannedSignal): string =>
  [id, period, ...(rooms ? [person] : [])].join(' ');

/**
 * Every case stands on the list of its municipality and month with the signals that belong together and no other
 * (R-MAT-1, R-MAT-4), the right marks (R-MAT-2), in the right tray and for the right reason; ranks are 1, 2, 3 …
 */
const checkWorklists = (expected: Expected, observed: Observed, same: Same): void => {
  const stored = storedSignals(observed);
  const all = [...expected].map(([key, each]) => ({ ...each, key }));
  const wanted = new Map<string, string>();
  for (const { signal } of all) {
    const mates = all.filter(({ signal: other }) => caseOf(other) === caseOf(signal));
    const standing = mates.filter(({ after }) => after.status !== 'WITHDRAWN');
    const earlier = all.some(
      ({ signal: other, after }) =>
        other.household.id === signal.household.id && other.period < signal.period && after.status !== 'WITHDRAWN',
    );
    const waiting = standing.filter(({ after }) => after.status === 'ASSIGNED' || after.status === 'TERM_EXPIRED');
    const known = standing.some(({ after }) => after.history.some((each) => each.includes('KNOWN_AT_TEAM ja')));
    const [tray = 'ingetrokken'] = standing.map(({ after }) => after.tray).sort((a, b) => place(a) - place(b));
    const tier =
      waiting.length > 0 && hasAddendum(signal.household.municipality)
        ? tierOf(
            waiting.map(({ signal: each, after }) => ({ ...each, amountCents: after.amountCents })),
            known,
          )
        : '';
    const marks = [
      standing.length > 1 ? 'meervoudig' : 'enkelvoudig',
      ...(earlier ? ['opeenvolgend'] : []),
      ...(known ? ['bekend bij het wijkteam'] : []),
    ];
    const shown = (standing.length > 0 ? standing : mates).map(({ key }) => key).sort();
    wanted.set(shown.join(' + '), [marks.join(' | '), tray, tier].join('; '));
  }
  const lists = worklistsOf(observed);
  const names = new Map(
    [...stored].map(([key, { signalId, caseId = '' }]) => [`${caseId.slice(0, 4)} ${signalId}`, key]),
  );
  const byCase = (cases: Iterable<readonly [string, string]>): Record<string, string> =>
    Object.fromEntries([...cases].sort(([a], [b]) => (a < b ? -1 : 1)));
  same(
    'zaken op de werklijsten: signalen, kenmerken, werkbakje, prioriteit',
    byCase(wanted),
    byCase(
      lists.flatMap(({ municipality, rows }) =>
        rows.map(({ signalen_ids: ids = '', kenmerken = '', werkbakje = '', reden_rangorde: why = '' }) => {
          const tier = /^prioriteit [IV]+/.exec(why)?.[0] ?? '';
          const signals = ids.split(' | ').map((id) => names.get(`${municipality} ${id}`) ?? id);
          return [signals.sort().join(' + '), [kenmerken, werkbakje, tier].join('; ')] as const;
        }),
      ),
    ),
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

/** What stood on the worklist on the way. */
const checkGlimpses = ({ glimpses }: Story, played: Played, same: Same): void => {
  for (const { title, at, cells } of glimpses) {
    const row = played.glimpses.get(title) ?? {};
    const found = Object.fromEntries(Object.keys(cells).map((name) => [name, row[name]]));
    same(`werklijst ${at}: ${title}`, cells, found);
  }
};

/**
 * Names, references, streets and addresses of people: in no mail, execution or log. What a partner may never know, or
 * nobody: in nothing it can read.
 */
const checkPrivacy = (story: Story, { mails, executions, logs, objects, items }: Observed, same: Same): void => {
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

  const movedTo = story.outcomes.flatMap(({ lines }) => lines.flatMap(({ answer }) => answer.movedTo ?? []));
  const read = [...objects].filter(([key]) => /^partners\/[^/]+\/(?:feedback|suspensions)\//.test(key));
  same(
    'nieuwe adressen in wat partners over signalen lezen',
    [],
    movedTo
      .filter(({ postcode }) => read.some(([, body]) => textOf(body).includes(postcode)))
      .map(({ postcode }) => postcode),
  );
  const kept = [...objects].filter(([key]) => !/^municipalities\/\d{4}\/outcomes\//.test(key));
  same(
    'naam van een medewerker buiten het bestand zelf',
    [],
    [
      ...kept.map(([key, body]) => ({ where: key, text: textOf(body) })),
      { where: 'tabel', text: JSON.stringify(items) },
    ]
      .filter(({ text }) => text.includes(NAMED_WORKER))
      .map(({ where }) => where),
  );
};
