import { parse } from 'csv-parse/sync';
import { dayOf, dayOfMonth, millis, shortDay } from './days.ts';
import type { Outside } from './outside.ts';
import { type Household, MUNICIPALITIES } from './people.ts';
import {
  type Answer,
  ENDS_AT,
  PARTNER_READS,
  type PlannedDelivery,
  type PlannedGlimpse,
  type PlannedLine,
  type PlannedOutcomes,
  type Story,
} from './plan.ts';
import { bold, cyan, dim, green, red, yellow } from './table.ts';

type Row = Readonly<Record<string, string>>;

/** Where the receipts of the story's files lie, by the plan's name of the file. */
export interface Played {
  readonly deliveries: ReadonlyMap<string, string>;
  readonly outcomes: ReadonlyMap<string, string>;
  /** Rows of worklists as they stood on the way, by the title of the look. */
  readonly glimpses: ReadonlyMap<string, Row>;
}

/** A municipality's file by its own name. */
export const outcomesKey = ({ name, municipality }: PlannedOutcomes): string => `${name} ${municipality}`;

export interface Stage {
  readonly outside: Outside;
  /** Moves the clock on; resolves when all work on the way is done. */
  readonly advanceTo: (at: number) => Promise<void>;
  /** Mails sent so far. */
  readonly mails: () => Promise<number>;
  readonly tell: (line: string) => void;
}

export const csvRows = (bytes: Uint8Array, delimiter = ';'): Row[] =>
  parse(Buffer.from(bytes), { columns: true, delimiter, bom: true, relax_column_count: true });

/** The same without names, header first. */
export const csvCells = (bytes: Uint8Array, delimiter = ';'): string[][] =>
  parse(Buffer.from(bytes), { delimiter, bom: true, relax_column_count: true });

const OUTCOME_COLUMNS = [
  'zaak',
  'signaal',
  'medewerker',
  'resultaat',
  'resultaat_datum',
  'plan_van_aanpak',
  'betaling_hervat',
  'regeling_bedrag',
  'regeling_vanaf',
  'schuldenrust',
  'correctie',
  'heropenen',
  'contact_soort',
  'contact_bereikt',
  'contact_datum',
  'contact_dagdeel',
  'fase',
  'doorzetten_naar',
  'bekend_wijkteam',
  'einde_schuldenrust',
  'overdracht_postcode',
  'overdracht_huisnummer',
  'overdracht_huisletter',
  'overdracht_toevoeging',
  'overdracht_straat',
  'overdracht_woonplaats',
  'overdracht_gemeente',
] as const;

const answerCells = (answer: Answer): Row => {
  const { arrangement, contact, movedTo } = answer;
  return {
    medewerker: answer.worker ?? '',
    resultaat: answer.result ?? '',
    resultaat_datum: answer.on ?? '',
    plan_van_aanpak: answer.plan ?? '',
    betaling_hervat: answer.resumes ?? '',
    regeling_bedrag: arrangement?.amount ?? '',
    regeling_vanaf: arrangement?.from ?? '',
    schuldenrust: answer.suspend ?? '',
    correctie: answer.correction ?? '',
    heropenen: answer.reopen ?? '',
    contact_soort: contact?.kind ?? '',
    contact_bereikt: contact?.reached ?? '',
    contact_datum: contact?.on ?? '',
    contact_dagdeel: contact?.dayPart ?? '',
    fase: answer.phase ?? '',
    doorzetten_naar: answer.team ?? '',
    bekend_wijkteam: answer.knownAtTeam ?? '',
    einde_schuldenrust: answer.endOfSuspension ?? '',
    ...(movedTo && {
      overdracht_postcode: movedTo.postcode,
      overdracht_huisnummer: String(movedTo.number),
      overdracht_huisletter: movedTo.letter,
      overdracht_toevoeging: movedTo.addition,
      overdracht_straat: movedTo.street,
      overdracht_woonplaats: movedTo.city,
      overdracht_gemeente: movedTo.municipality,
    }),
  };
};

const NOT_FOUND = 'staat niet op de werklijst';

/** The row of the worklist a caseworker would find for an address. */
const rowFor = (rows: readonly Row[], household: Household, person?: 0 | 1): Row => {
  const { street, number, letter, addition, postcode, persons } = household;
  const bare = (text: string): string => text.replaceAll(/[\s,.-]/g, '').toUpperCase();
  const wanted = [`${street}${number}${letter}${addition}`, postcode].map(bare);
  const found = rows.filter((row) => {
    const address = bare(row.adres ?? '');
    // Exactly this number, letter and addition: what follows the address is the postcode.
    const named = person === undefined || (row.naam ?? '').includes(persons[person].surname);
    return named && address.startsWith(wanted.join(''));
  });
  // Not found, or not to be told apart: the caseworker writes what the meldpunt cannot know, and the check shows it.
  return found.length === 1 ? (found[0] ?? {}) : {};
};

const quoted = (text: string): string => (/[";\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Fills in the answers as a caseworker does: ids from the worklist. */
const outcomesFile = async (outside: Outside, { lines }: PlannedOutcomes): Promise<string> => {
  const worklists = new Map<string, Row[]>();
  const worklist = async (municipality: string, period: string): Promise<Row[]> => {
    const key = `municipalities/${municipality}/worklists/${period}.csv`;
    const known = worklists.get(key) ?? csvRows(await outside.read(key));
    worklists.set(key, known);
    return known;
  };
  const ids = async ({ about, by }: PlannedLine): Promise<Row> => {
    if ('typed' in about) return { [by]: about.typed };
    const row = rowFor(await worklist(about.household.municipality, about.period), about.household, about.person);
    return by === 'zaak' ? { zaak: row.zaak ?? NOT_FOUND } : { signaal: row.signalen_ids ?? NOT_FOUND };
  };
  const text = [OUTCOME_COLUMNS.join(';')];
  for (const line of lines) {
    const cells: Row = { ...(await ids(line)), ...answerCells(line.answer) };
    text.push(OUTCOME_COLUMNS.map((column) => quoted(cells[column] ?? '')).join(';'));
  }
  return `${text.join('\r\n')}\r\n`;
};

const plural = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;

interface Counts {
  readonly read: number;
  readonly accepted: number;
  readonly corrected: number;
  readonly refused: number;
  readonly unchanged: number;
  readonly withdrawn: number;
}

const inWords = ({ accepted, corrected, refused, unchanged, withdrawn }: Counts): string =>
  [
    [accepted, green(`${accepted} aangenomen`) + (corrected > 0 ? ` (${corrected} verbeterd)` : '')],
    [refused, red(`${refused} afgekeurd`)],
    [unchanged, `${unchanged} ongewijzigd`],
    [withdrawn, `${withdrawn} ingetrokken`],
  ]
    .filter(([count]) => count !== 0)
    .map(([, words]) => words)
    .join(', ') || 'geen regels';

/** Days on which something happens that nobody does: time does it. */
const MILESTONES: readonly (readonly [day: string, what: string])[] = [
  ['2026-03-17', 'dag 14 voorbij voor de eerste meldingen, in Haarlem ook de 10 werkdagen'],
  ['2026-03-28', 'dag 25 voorbij voor de eerste meldingen: een waarschuwing'],
  ['2026-03-29', 'zomertijd: de klok gaat een uur vooruit, schuldenrust loopt door'],
  ['2026-03-31', 'dag 28 voorbij voor de eerste meldingen: termijn verstreken'],
  ['2026-04-10', 'de eerste schuldenrust is voorbij; over Pasen heen geen gesprek bij een ontruiming'],
  ['2026-04-27', 'Koningsdag: telt niet als werkdag'],
  ['2026-05-04', 'dag 60 voorbij: wie nooit antwoord kreeg wordt afgesloten'],
  ['2026-05-14', 'Hemelvaartsdag, en morgen een aangewezen vrije dag: tellen ook niet'],
];

/** What a file with answers says, in a few words. */
const SAID: readonly (readonly [words: string, is: (answer: Answer) => boolean])[] = [
  ['hulp aangenomen', ({ plan }) => plan !== undefined],
  ['doorgezet', ({ team }) => team !== undefined],
  ['andere fase', ({ phase }) => phase !== undefined],
  ['gecorrigeerd', ({ correction }) => correction !== undefined],
  ['heropend', ({ reopen }) => reopen !== undefined],
];

const saidIn = ({ lines }: PlannedOutcomes): string[] => {
  const taken = lines.filter(({ verdict }) => verdict === 'taken').map(({ answer }) => answer);
  return SAID.flatMap(([words, is]) => {
    const count = taken.filter(is).length;
    return count === 0 ? [] : [green(`${count}× ${words}`)];
  });
};

/** Where a row of the worklist lies, and by when something must be done. */
const placeOf = ({
  werkbakje = NOT_FOUND,
  uiterlijk_gesprek: talk = '',
  uiterlijk_terugkoppelen: tell = '',
}: Row): string =>
  [
    werkbakje,
    ...(talk === '' ? [] : [`gesprek ${dayOfMonth(talk)}`]),
    ...(tell === '' ? [] : [`terugkoppelen ${dayOfMonth(tell)}`]),
  ].join(' · ');

const STATES: Readonly<Record<string, string>> = {
  ASSIGNED: 'wacht',
  TERM_EXPIRED: 'verstreken',
  SUSPENDED: 'schuldenrust',
  CLOSED: 'afgesloten',
  WITHDRAWN: 'ingetrokken',
};

/** Plays the story from outside; every moment waits until all work of the moment before is done. */
export const play = async (story: Story, { outside, advanceTo, mails, tell }: Stage): Promise<Played> => {
  const deliveries = new Map<string, string>();
  const outcomes = new Map<string, string>();
  const glimpses = new Map<string, Row>();
  const line = (at: string, words: string): void => tell(`${cyan(shortDay(dayOf(at)))}  ${words}`);
  const aside = (words: string): void => tell(`           ${dim(words)}`);
  const settle = (at: string): Promise<void> => advanceTo(millis(at) + 60_000);

  /** The folder that is new under a prefix. */
  const newFolder = async (prefix: string, act: () => Promise<void>): Promise<string> => {
    const folders = async (): Promise<string[]> => [
      ...new Set((await outside.exchanged(prefix)).map((key) => key.slice(prefix.length).split('/')[0] ?? '')),
    ];
    const before = await folders();
    await act();
    const [added, ...more] = (await folders()).filter((name) => !before.includes(name));
    if (added === undefined || more.length > 0) throw new Error(`No receipt under ${prefix}`);
    return added;
  };
  const receipt = async (key: string): Promise<Record<string, unknown>> =>
    JSON.parse(new TextDecoder().decode(await outside.read(key)));

  const deliver = async (planned: PlannedDelivery): Promise<void> => {
    const prefix = `partners/${planned.party}/deliveries/`;
    const id = await newFolder(prefix, async () => {
      await outside.deliver(planned.party, planned.file, planned.bytes);
      await settle(planned.at);
    });
    deliveries.set(planned.name, id);
    const { counts, file } = (await receipt(`${prefix}${id}/receipt.json`)) as {
      counts: Counts;
      file?: { code: string };
    };
    line(
      planned.at,
      `${bold(planned.sender)}: ${file ? red(`heel bestand geweigerd (${file.code})`) : `${plural(counts.read, 'regel', 'regels')} → ${inWords(counts)}`}`,
    );
    if (planned.remark) aside(planned.remark);
  };

  const answer = async (planned: PlannedOutcomes): Promise<void> => {
    const { at, municipality, name, lines, preview, remark } = planned;
    const prefix = `municipalities/${municipality}/outcome-receipts/`;
    const body = await outcomesFile(outside, planned);
    const id = await newFolder(prefix, async () => {
      await outside.answer(municipality, preview ? 'preview' : 'outcomes', name, body);
      await settle(at);
    });
    outcomes.set(outcomesKey(planned), id);
    const file = preview ? 'preview.json' : 'receipt.json';
    const { counts, answers } = (await receipt(`${prefix}${id}/${file}`)) as {
      counts: { read: number; refused: number };
      answers: readonly { partners?: readonly { partner: string; feedback: readonly { kind: string }[] }[] }[];
    };
    line(
      at,
      [
        `Gemeente ${bold(MUNICIPALITIES[municipality].name)} ${preview ? 'vraagt een voorbeeld' : 'antwoordt'}: ${plural(counts.read, 'regel', 'regels')}`,
        ...saidIn(planned),
        ...(counts.refused > 0 ? [red(`${counts.refused} afgekeurd`)] : []),
      ].join(', '),
    );
    for (const note of new Set(
      lines.flatMap(({ notes = [] }) => notes.filter((each) => each.includes('overgedragen'))),
    ))
      aside(note);
    if (remark) aside(remark);
    for (const { partner, feedback } of answers.flatMap(({ partners = [] }) => partners))
      aside(`${partner} zou lezen: ${feedback.map(({ kind }) => PARTNER_READS[kind] ?? kind).join(', ')}`);
  };

  /** Some rows of the worklist, as a caseworker sees them at that moment. */
  const glimpse = async (at: string, looks: readonly PlannedGlimpse[]): Promise<void> => {
    line(at, 'een blik op de werklijsten');
    for (const { title, household, period } of looks) {
      const key = `municipalities/${household.municipality}/worklists/${period}.csv`;
      const row = rowFor(csvRows(await outside.read(key)), household);
      glimpses.set(title, row);
      aside(`${MUNICIPALITIES[household.municipality].name}, ${title} → ${placeOf(row)}`);
    }
  };

  const look = async (day: string, what: string): Promise<void> => {
    line(day, yellow(what));
    const states = new Map<string, number>();
    for (const { pk, status } of await outside.items())
      if (String(pk).startsWith('GM#')) states.set(String(status), (states.get(String(status)) ?? 0) + 1);
    aside(
      [
        ...Object.entries(STATES).flatMap(([status, words]) =>
          states.has(status) ? [`${states.get(status)} ${words}`] : [],
        ),
        plural(await mails(), 'mail', 'mails'),
      ].join(' · '),
    );
  };

  const happenings = [
    ...story.deliveries.map((planned) => ({ at: planned.at, act: () => deliver(planned) })),
    ...story.outcomes.map((planned) => ({ at: planned.at, act: () => answer(planned) })),
    ...[...new Set(story.glimpses.map(({ at }) => at))].map((at) => ({
      at,
      act: () =>
        glimpse(
          at,
          story.glimpses.filter((each) => each.at === at),
        ),
    })),
    ...MILESTONES.map(([day, what]) => ({ at: `${day}T07:00`, act: () => look(day, what) })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  for (const { at, act } of happenings) {
    await advanceTo(millis(at));
    await act();
  }
  await advanceTo(millis(ENDS_AT));
  await look(dayOf(ENDS_AT), 'einde van het verhaal, dag 75');
  return { deliveries, outcomes, glimpses };
};
