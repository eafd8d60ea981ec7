import type { Governing } from '../agreement/governing.ts';
import { dottedEuros, euroWords } from '../feedback/amount.ts';
import { grouped } from '../grouped.ts';
import { type Instant, IsoDate, type Period } from '../ids.ts';
import { type Comparison, FIELDS } from '../matching/comparison.ts';
import { MERGE_REASONS, SPLIT_REASONS } from '../matching/decision.ts';
import {
  type Cell,
  type Look,
  type Part,
  type SharedRow,
  type Sheet,
  sheetNames,
  workbookParts,
} from '../spreadsheet.ts';
import { amsterdamDate } from '../term/calendar.ts';
import { dutchDate, dutchMinute, dutchMonth } from '../term/explain.ts';
import { certaintyWords, FIELD_WORDS, levelWords } from './evidence.ts';
import { explainRanking, TIE_WORDS } from './explain.ts';
import type { RankingPolicy } from './policy.ts';
import { policyNamed } from './ranking.ts';
import { WORK_TRAYS } from './work-tray.ts';
import { type CaseDecision, type Link, MARKS, type Mark, type WorklistCase } from './worklist.ts';
import {
  COLUMNS,
  decidedWords,
  few,
  formedWords,
  type Line,
  PRINTED_UP_TO,
  RELATED_WORDS,
  type Said,
  shortDate,
  type WorklistFacts,
} from './worklist-columns.ts';

/** What the workbook says beside its cases. */
export interface WorkbookFacts extends WorklistFacts {
  /** Name of the municipality. */
  readonly municipality: string;
  readonly period: Period;
  readonly at: Instant;
  /** Ranking policies of the configuration. */
  readonly rankings: readonly RankingPolicy[];
  /** Months beside this one with cases that wait for an answer: each has a list of its own. */
  readonly otherMonths: readonly { readonly period: Period; readonly waiting: number }[];
}

/** The columns that stay in sight: from the rank up to the name. */
const FROZEN = COLUMNS.findIndex(({ name }) => name === 'naam') + 1;
const PRINTED = COLUMNS.findIndex(({ name }) => name === PRINTED_UP_TO) + 1;
/** Days of which it is told when they passed, of a case that still waits. */
const LAST_DAYS: readonly string[] = ['uiterlijk_gesprek', 'uiterlijk', 'uiterlijk_terugkoppelen'];
const MARK_LOOKS: Readonly<Record<Mark, Look>> = { nieuw: 'new', gewijzigd: 'changed', ingetrokken: 'gone' };

/** Excel's calendar goes wrong before it. */
const FIRST_DAY = '1900-03-01';
/** Whose texts tell of days: here as they are written in Dutch. */
const WITH_DAYS: readonly string[] = ['partners', 'contactpogingen', 'einde_levering', 'status', 'reden_rangorde'];
const inDutch = (text: string): string => text.replace(/\b(\d{4})-(\d\d)-(\d\d)\b/g, '$3-$2-$1');

const textCell = (text: string, look?: Look): Cell => (text === '' ? undefined : { text, ...(look && { look }) });
const cellOf = (said: Exclude<Said, string | { readonly texts: unknown }>, look?: Look): Cell => {
  const looks = look && { look };
  if ('cents' in said) return { cents: said.cents, ...looks };
  if ('number' in said) return said.number === undefined ? undefined : { number: said.number, ...looks };
  const [day, ...more] = said.days;
  if (day === undefined) return undefined;
  return more.length === 0 && day >= FIRST_DAY
    ? { day, ...looks }
    : textCell(said.days.map(shortDate).join('\n'), look);
};

const lookOf = (name: string, said: Said, waits: boolean, today: IsoDate): Look | undefined => {
  if (name === 'rang' || name === 'naam') return 'strong';
  if (name === 'nieuws') {
    const mark = MARKS.find((each) => each === said);
    return mark && MARK_LOOKS[mark];
  }
  const isLate =
    waits &&
    LAST_DAYS.includes(name) &&
    typeof said === 'object' &&
    'days' in said &&
    said.days.some((day) => day < today);
  return isLate ? 'late' : undefined;
};

const isWaiting = ({ of: { ranked } }: Line): boolean => ranked !== undefined;

const rowOf = (line: Line, today: IsoDate): readonly Cell[] =>
  COLUMNS.map(({ name, says }) => {
    const said = says(line);
    const look = lookOf(name, said, isWaiting(line), today);
    if (typeof said === 'object' && !('texts' in said)) return cellOf(said, look);
    const words = typeof said === 'string' ? said : said.texts.join('\n');
    return textCell(WITH_DAYS.includes(name) ? inDutch(words) : words, look);
  });

/** `reden_rangorde` as a heading: `Reden rangorde`. */
const headingOf = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`;
const header = (names: readonly string[]): readonly Cell[] =>
  names.map((name) => ({ text: headingOf(name), look: 'header' }));

/** Cells of the sheet of links, by column. */
type LinkRow = Readonly<Record<string, Cell>>;

const caseSheet = (
  name: string,
  title: string,
  lines: readonly Line[],
  row: (line: Line) => readonly Cell[] | SharedRow,
): Sheet => ({
  name,
  widths: COLUMNS.map(({ width }) => width),
  rows: (function* () {
    yield [{ text: title, look: 'title' as const }];
    yield header(COLUMNS.map((column) => column.name));
    for (const line of lines) yield row(line);
  })(),
  table: { header: 2, count: lines.length, frozenColumns: FROZEN, printed: PRINTED },
});

/** What the model found of two signals, field by field. */
const found = (comparison: Comparison): LinkRow => ({
  ...Object.fromEntries(
    FIELDS.map((field) => {
      const agreement = comparison.agreements.find((each) => each.field === field);
      return [FIELD_WORDS[field], textCell(agreement ? levelWords(agreement) : 'onbekend')];
    }),
  ),
  score: { decimal: comparison.score },
  zekerheid: textCell(certaintyWords(comparison)),
  besloten_door: textCell('het meldpunt'),
  model: textCell(comparison.model),
});
const PERSON_WORDS: Readonly<Record<Comparison['decision'], string>> = {
  SAME: 'zelfde persoon',
  POSSIBLE: 'mogelijk zelfde persoon',
  DIFFERENT: 'niet dezelfde persoon',
};
const linked = ({ a, b, comparison }: Link): LinkRow => ({
  signaal: textCell(a),
  ander_signaal: textCell(b),
  ...found(comparison),
});

const decided = (decision: CaseDecision): LinkRow => {
  const { at, decided: how, cases, own, others } = decision;
  return {
    soort: textCell('besluit'),
    oordeel: textCell(decidedWords(decision)),
    waarop: textCell(['by' in how ? how.reason : '', ...(cases.length > 0 ? [`zaak ${few(cases)}`] : [])].join(': ')),
    signaal: textCell(few(own)),
    ander_signaal: textCell(few(others)),
    ...('by' in how ? { besloten_door: textCell(how.by) } : found(how.evidence)),
    dag: { day: amsterdamDate(at) },
  };
};

/** A line for every decision, every link between persons, and every case that has to do with this one. No value of a person. */
const linkRowsOf = ({ formed, shared, persons, possible, decisions, related }: WorklistCase): readonly LinkRow[] => [
  ...(formed === 'ADDRESS' ? [] : [{ soort: textCell('zaak'), oordeel: textCell(formedWords({ formed, shared })) }]),
  ...decisions.map(decided),
  ...[...persons.flatMap(({ evidence }) => evidence), ...possible].map((link) => ({
    soort: textCell('personen'),
    oordeel: textCell(PERSON_WORDS[link.comparison.decision]),
    ...linked(link),
  })),
  ...related.flatMap(({ number, why, because, link }) =>
    why === 'SAME_ADDRESS'
      ? []
      : {
          soort: textCell('zaken'),
          oordeel: textCell(RELATED_WORDS[why]),
          waarop: textCell(`zaak ${number}: ${because}`),
          ...(link && linked(link)),
        },
  ),
];

const LINK_COLUMNS = [
  ...[['zaak', 29] as const, ['soort', 11] as const, ['oordeel', 30] as const, ['waarop', 50] as const],
  ...[['signaal', 24] as const, ['ander_signaal', 24] as const],
  ...FIELDS.map((field) => [FIELD_WORDS[field], 20] as const),
  ...[['score', 8] as const, ['zekerheid', 11] as const, ['besloten_door', 15] as const],
  ...[['dag', 12] as const, ['model', 12] as const],
];

const linkSheet = (name: string, title: string, lines: readonly Line[]): Sheet | undefined => {
  const rows = lines.flatMap(({ of }) =>
    linkRowsOf(of).map((row) =>
      LINK_COLUMNS.map(([column]) => (column === 'zaak' ? textCell(of.number) : row[column])),
    ),
  );
  if (rows.length === 0) return undefined;
  return {
    name,
    widths: LINK_COLUMNS.map(([, width]) => width),
    rows: [[{ text: title, look: 'title' }], header(LINK_COLUMNS.map(([column]) => column)), ...rows],
    table: { header: 2, count: rows.length, frozenColumns: 1, printed: LINK_COLUMNS.length },
  };
};

const TRAY_WORDS: Readonly<Record<(typeof WORK_TRAYS)[number], string>> = {
  crisis: 'Ontruiming of einde levering dreigt, en er is nog niet met de inwoner gesproken.',
  'termijn verstreken': 'De laatste dag is voorbij zonder uitkomst. Antwoorden kan nog.',
  nieuw: 'Nog niemand probeerde contact te krijgen.',
  doorgezet: 'Ligt bij een ander team; elk team heeft een eigen blad.',
  'in behandeling': 'Iemand probeerde contact te krijgen, of de zaak is heropend.',
  'uitkomst bekend': 'De uitkomst is ingevoerd en wordt verwerkt.',
  schuldenrust: 'De incasso ligt stil.',
  afgesloten: 'Klaar.',
  ingetrokken: 'De partner trok alle signalen in.',
};

const MARK_WORDS: Readonly<Record<Mark, string>> = {
  nieuw: 'Alle signalen van de zaak kwamen sindsdien binnen.',
  gewijzigd:
    'Er gebeurde sindsdien iets dat u moet weten, bijvoorbeeld een nieuw signaal of een termijn die verstreek.',
  ingetrokken: 'De partner trok de zaak sindsdien helemaal in. U hoeft niets meer te doen.',
};

const counted = (count: number): string => `${count} ${count === 1 ? 'zaak' : 'zaken'}`;

/** The trays that have cases, in their order, as they are shown: forwarded ones by team. */
const traysOf = (lines: readonly Line[]): readonly (readonly [string, readonly Line[]])[] => {
  const place = (tray: string): number =>
    WORK_TRAYS.findIndex((known) => tray === known || tray.startsWith(`${known}: `));
  return [...grouped(lines, ({ tray }) => tray)].sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1));
};

/** One ranking as it is in force for some of the cases. */
const rankingLines = (
  { ranking, threshold, because, capacity }: Governing,
  count: number,
  rankings: readonly RankingPolicy[],
): readonly (readonly [string, string])[] => {
  const policy = policyNamed(rankings, ranking);
  const says = because.ranking;
  const from = says.since === undefined ? '' : `, vanaf ${dutchDate(says.since)}`;
  const phase = says.phase === undefined ? '' : ` (${says.phase})`;
  return [
    [
      'Regels',
      `${policy?.title ?? ranking.ruleSet} (${ranking.ruleSet}, versie ${ranking.version}), voor ${counted(count)}`,
    ],
    ['Afgesproken in', `${says.document}, ${says.clause}${from}${phase}`],
    ...(policy ? explainRanking(policy) : []).map(({ part, says, when, effect }, i) => {
      const words = says.replaceAll('{drempel}', threshold ? dottedEuros(threshold.cents) : '…');
      // A group says its own name; what counts in every case has no condition worth telling.
      const rule =
        part === effect ? `${words} (${when})` : `${words}: ${effect}${part === 'volgorde' ? '' : ` (${when})`}`;
      return [i === 0 ? 'Wat telt, in deze volgorde' : '', `${i + 1}. ${rule}`] as const;
    }),
    ['Bij gelijke stand', TIE_WORDS],
    ['Telt nooit mee', 'Welke partner of welk soort partner het signaal gaf.'],
    [
      'Drempelbedrag',
      threshold === undefined
        ? `Er geldt geen drempelbedrag (${because.threshold.document}, ${because.threshold.clause}).`
        : `${euroWords(threshold.cents)} (${because.threshold.document}, ${because.threshold.clause})`,
    ],
    [
      'Capaciteit',
      capacity === undefined
        ? 'Over het aantal huisbezoeken is niets afgesproken.'
        : `${capacity.homeVisits} huisbezoeken per maand${capacity.crisis === 'ALWAYS' ? '; bij een crisis altijd een huisbezoek' : ''}; daarna ${capacity.otherChannels.join(', ')} (${because.capacity.document}, ${because.capacity.clause})`,
    ],
  ];
};

function* explanation(
  lines: readonly Line[],
  trays: ReturnType<typeof traysOf>,
  facts: WorkbookFacts,
): Generator<readonly Cell[]> {
  const heading = (text: string): readonly Cell[] => [{ text, look: 'heading' }];
  const line = (label: string, words: string): readonly Cell[] => [textCell(label, 'strong'), textCell(words)];
  const marks = grouped(lines, ({ news }) => news.mark);
  const waiting = lines.filter(isWaiting).length;
  yield [{ text: `Werklijst vroegsignalering ${facts.municipality}, ${monthWords(facts.period)}`, look: 'title' }];
  yield line('Gemaakt', dutchMinute(facts.at));
  yield line('Uitvoerder', facts.organisation);
  yield line(
    'Te doen',
    `${counted(waiting)} van ${lines.length}, op rang. Twee regelsets hebben elk een eigen rang 1.`,
  );
  for (const { period, waiting: count } of facts.otherMonths)
    yield line(
      'Andere maand',
      `In ${monthWords(period)} ${count === 1 ? 'wacht' : 'wachten'} nog ${counted(count)}: zie de lijst ${period}.`,
    );
  yield line(
    'Let op',
    'Deze lijst bevat persoonsgegevens. Bewaar en deel hem alleen zoals uw gemeente dat heeft afgesproken.',
  );
  yield [];
  yield heading('Nieuws');
  yield line(
    'Sinds',
    facts.since === undefined
      ? 'Dit is de eerste lijst: alles is nieuw.'
      : `${dutchMinute(facts.since)}. Alle lijsten van één dag tellen vanaf hetzelfde moment.`,
  );
  for (const mark of MARKS) yield line(mark, `${MARK_WORDS[mark]} (${counted(marks.get(mark)?.length ?? 0)})`);
  yield line(
    'Eens per week',
    'Kijkt u niet elke dag? Filter dan op gewijzigd op, of vraag een lijst sinds een dag die u kiest.',
  );
  yield [];
  yield heading('Werkbakjes');
  for (const tray of WORK_TRAYS) {
    const own = trays.filter(([name]) => name === tray || name.startsWith(`${tray}: `));
    yield line(tray, `${TRAY_WORDS[tray]} (${counted(own.reduce((sum, [, { length }]) => sum + length, 0))})`);
  }
  const inForce = grouped(lines, ({ rules: { ranking, threshold, capacity, because } }) =>
    JSON.stringify([ranking, threshold, capacity, because.ranking, because.threshold, because.capacity]),
  );
  for (const [first, ...others] of inForce.values()) {
    if (!first) continue;
    yield [];
    yield heading('Rangorde');
    for (const [label, words] of rankingLines(first.rules, 1 + others.length, facts.rankings)) yield line(label, words);
  }
  yield [];
  yield heading('Kolommen');
  for (const { name, about } of COLUMNS) yield line(headingOf(name), about);
  yield [];
  yield heading('Antwoorden');
  yield line(
    'Uitkomsten',
    'Maak een bestand (CSV of Excel) met een kolom zaak en neem het nummer over uit deze lijst. Voor één signaal gebruikt u signaal, met een nummer uit Signalen ids.',
  );
  yield line(
    'Tekens na de punt',
    'Staan er na een punt nog tekens achter het nummer? Dan zijn er op dat adres deze maand meer zaken. Neem die tekens allemaal mee: zonder de tekens is niet duidelijk welke zaak u bedoelt.',
  );
  yield line(
    'Splitsen',
    `Hoort een signaal niet in een zaak? Zet op een eigen regel: signaal (het nummer staat bij Personen), medewerker (uw code), splitsen (j) en koppeling_reden. Kies als reden: ${SPLIT_REASONS.join(', ')}. Andere signalen van dezelfde persoon gaan mee. Bij kamers of begeleid wonen krijgt iedereen op het adres een eigen zaak.`,
  );
  yield line(
    'Samenvoegen',
    `Horen twee zaken van dezelfde maand bij elkaar? Zet op een eigen regel: zaak, medewerker (uw code), samenvoegen_met (het nummer van de andere zaak) en koppeling_reden. Kies als reden: ${MERGE_REASONS.join(', ')}.`,
  );
  yield line(
    'Wat u besluit, blijft',
    'Ook in volgende maanden, tot u het omgekeerde doet. Wie wat besloot en waarom staat bij Koppeling en op het blad Koppelingen.',
  );
}

const monthWords = (period: Period): string => dutchMonth(IsoDate.parse(`${period}-01`));

/**
 * The worklist as a workbook, with the same content as the CSV (R-WOR-1, R-WOR-3): what to do by rank, a sheet for each
 * tray that has cases, the links between persons field by field, and an explanation. `lines` come in order of rank.
 */
export const worklistWorkbook = (lines: readonly Line[], facts: WorkbookFacts): readonly Part[] => {
  const today = amsterdamDate(facts.at);
  const list = `${facts.municipality}, ${monthWords(facts.period)}`;
  const since = facts.since === undefined ? 'eerste lijst' : `nieuws sinds ${dutchMinute(facts.since)}`;
  const about = (what: string): string => `${list}: ${what}. Gemaakt op ${dutchMinute(facts.at)}, ${since}.`;
  const trays = traysOf(lines);
  // Who waits is on two sheets.
  const row = (line: Line): readonly Cell[] | SharedRow =>
    isWaiting(line) ? { of: line, cells: () => rowOf(line, today) } : rowOf(line, today);
  const [first = '', ...others] = sheetNames([
    'Te doen',
    ...trays.map(([tray]) => headingOf(tray)),
    'Koppelingen',
    'Uitleg',
  ]);
  const [links = '', explained = ''] = others.slice(-2);
  const linked = linkSheet(links, about('koppelingen tussen personen en zaken'), lines);
  const sheets: readonly Sheet[] = [
    caseSheet(first, about('te doen, op rang'), lines.filter(isWaiting), row),
    ...trays.map(([tray, own], i) => caseSheet(others[i] ?? '', about(tray), own, row)),
    ...(linked ? [linked] : []),
    { name: explained, widths: [26, 100], rows: explanation(lines, trays, facts) },
  ];
  return workbookParts(sheets, {
    title: `Werklijst vroegsignalering ${list}`,
    author: 'Meldpunt Vroegsignalering',
    at: facts.at,
  });
};
