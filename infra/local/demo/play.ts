import { parse } from 'csv-parse/sync';
import { dayOf, millis, shortDay } from './days.ts';
import type { Outside } from './outside.ts';
import { type Household, MUNICIPALITIES } from './people.ts';
import {
  type Answer,
  ENDS_AT,
  type PlannedDelivery,
  type PlannedLine,
  type PlannedOutcomes,
  type Story,
} from './plan.ts';
import { bold, cyan, dim, green, red, yellow } from './table.ts';

/** Where the receipts of the story's files lie, by the plan's name of the file. */
export interface Played {
  readonly deliveries: ReadonlyMap<string, string>;
  readonly outcomes: ReadonlyMap<PlannedOutcomes, string>;
}

export interface Stage {
  readonly outside: Outside;
  /** Moves the clock on; resolves when all work on the way is done. */
  readonly advanceTo: (at: number) => Promise<void>;
  /** Mails sent so far. */
  readonly mails: () => Promise<number>;
  readonly tell: (line: string) => void;
}

type Row = Readonly<Record<string, string>>;

export const csvRows = (bytes: Uint8Array, delimiter = ';'): Row[] =>
  parse(Buffer.from(bytes), { columns: true, delimiter, bom: true, relax_column_count: true });

/** The same without names, header first. */
export const csvCells = (bytes: Uint8Array, delimiter: string): string[][] =>
  parse(Buffer.from(bytes), { delimiter, bom: true, relax_column_count: true });

const OUTCOME_COLUMNS = [
  'zaak',
  'signaal',
  'resultaat',
  'resultaat_datum',
  'plan_van_aanpak',
  'betaling_hervat',
  'regeling_bedrag',
  'regeling_vanaf',
  'schuldenrust',
  'contact_soort',
  'contact_bereikt',
  'contact_datum',
  'contact_dagdeel',
  'einde_schuldenrust',
] as const;

const answerCells = ({ result, on, plan, resumes, arrangement, suspend, contact, endOfSuspension }: Answer): Row => ({
  resultaat: result ?? '',
  resultaat_datum: on ?? '',
  plan_van_aanpak: plan ?? '',
  betaling_hervat: resumes ?? '',
  regeling_bedrag: arrangement?.amount ?? '',
  regeling_vanaf: arrangement?.from ?? '',
  schuldenrust: suspend ?? '',
  contact_soort: contact?.kind ?? '',
  contact_bereikt: contact?.reached ?? '',
  contact_datum: contact?.on ?? '',
  contact_dagdeel: contact?.dayPart ?? '',
  einde_schuldenrust: endOfSuspension ?? '',
});

const NOT_FOUND = 'staat niet op de werklijst';

/** The row of the worklist a caseworker would find for an address. */
const rowFor = (rows: readonly Row[], { street, number, letter, addition, postcode }: Household): Row => {
  const bare = (text: string): string => text.replaceAll(/[\s,.-]/g, '').toUpperCase();
  const wanted = [`${street}${number}${letter}${addition}`, postcode].map(bare);
  const found = rows.filter((row) => {
    const address = bare(row.adres ?? '');
    // Exactly this number, letter and addition: what follows the address is the postcode.
    return address.startsWith(wanted.join(''));
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
    const row = rowFor(await worklist(about.household.municipality, about.period), about.household);
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
  ['2026-03-17', 'dag 14 voorbij voor de eerste meldingen: herinnering aan de gemeenten'],
  ['2026-03-29', 'zomertijd: de klok gaat een uur vooruit, schuldenrust loopt door'],
  ['2026-03-31', 'dag 28 voorbij voor de eerste meldingen: termijn verstreken'],
  ['2026-04-11', 'de eerste schuldenrust loopt af: partners en gemeenten horen het'],
  ['2026-04-27', 'Koningsdag'],
  ['2026-05-04', 'dag 60 voorbij: wie nooit antwoord kreeg wordt afgesloten'],
];

const STATES: Readonly<Record<string, string>> = {
  ASSIGNED: 'wacht',
  TERM_EXPIRED: 'termijn verstreken',
  SUSPENDED: 'schuldenrust',
  CLOSED: 'afgesloten',
  WITHDRAWN: 'ingetrokken',
};

/** Plays the story from outside; every moment waits until all work of the moment before is done. */
export const play = async (story: Story, { outside, advanceTo, mails, tell }: Stage): Promise<Played> => {
  const deliveries = new Map<string, string>();
  const outcomes = new Map<PlannedOutcomes, string>();
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
    const prefix = `municipalities/${planned.municipality}/outcome-receipts/`;
    const body = await outcomesFile(outside, planned);
    const id = await newFolder(prefix, async () => {
      await outside.answer(planned.municipality, planned.name, body);
      await settle(planned.at);
    });
    outcomes.set(planned, id);
    const helped = planned.lines.filter(
      ({ answer: { plan }, verdict }) => plan !== undefined && verdict === 'taken',
    ).length;
    const { counts } = (await receipt(`${prefix}${id}/receipt.json`)) as { counts: { read: number; refused: number } };
    line(
      planned.at,
      [
        `Gemeente ${bold(MUNICIPALITIES[planned.municipality].name)} antwoordt: ${plural(counts.read, 'regel', 'regels')}`,
        green(`${helped} keer hulp aangenomen`),
        ...(counts.refused > 0 ? [red(`${counts.refused} afgekeurd`)] : []),
      ].join(', '),
    );
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
    ...MILESTONES.map(([day, what]) => ({ at: `${day}T07:00`, act: () => look(day, what) })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  for (const { at, act } of happenings) {
    await advanceTo(millis(at));
    await act();
  }
  await advanceTo(millis(ENDS_AT));
  await look(dayOf(ENDS_AT), 'einde van het verhaal, dag 75');
  return { deliveries, outcomes };
};
