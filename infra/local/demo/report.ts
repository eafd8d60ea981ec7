import type { Checked } from './compare.ts';
import { countsOf } from './counts.ts';
import { dayOf, dayOfMonth, local, longDay, shortDay } from './days.ts';
import { feedbackRows, outcomeReceiptOf, receiptOf, type Stored, storedSignals, worklistsOf } from './found.ts';
import type { Observed } from './observe.ts';
import { OVER_EASTER } from './particular.ts';
import { MUNICIPALITIES } from './people.ts';
import { type Story, signalKey } from './plan.ts';
import type { Played } from './play.ts';
import { type Column, dim, green, heading, red, table, wrapped } from './table.ts';
import { happenings, transitions } from './timeline.ts';
import { livesOf } from './timelines.ts';

/** Everything that is told at the end, as lines. Pure: the same observations give the same report. */
export interface Ending {
  readonly story: Story;
  readonly played: Played;
  readonly observed: Observed;
  readonly checked: Checked;
  readonly calls: ReadonlyMap<string, number>;
  readonly folder: string;
}

const left = (title: string, flexible = false): Column => ({ title, flexible });
const right = (title: string): Column => ({ title, align: 'right' });
const sum = (rows: readonly (readonly (string | number)[])[], column: number): number =>
  rows.reduce((total, row) => total + (Number(row[column]) || 0), 0);
const times = (items: Iterable<string>): [string, number][] => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
};

const deliveries = ({ story, played, observed }: Ending): string[] => {
  const rows = story.deliveries.map((planned) => {
    const receipt = receiptOf(observed, planned, played);
    const { read = 0, accepted = 0, refused = 0, unchanged = 0, withdrawn = 0 } = receipt?.counts ?? {};
    const remark = receipt?.file?.code ?? receipt?.verdict ?? 'zonder bevestiging';
    return [shortDay(dayOf(planned.at)), planned.sender, read, accepted, refused, unchanged, withdrawn, remark];
  });
  return [
    heading('Leveringen'),
    ...table(
      [
        left('dag'),
        left('van'),
        right('gelezen'),
        right('aangen.'),
        right('afgek.'),
        right('ongew.'),
        right('ingetr.'),
        left('oordeel', true),
      ],
      rows,
      ['', `${rows.length} leveringen`, ...[2, 3, 4, 5, 6].map((column) => sum(rows, column)), ''],
    ),
    dim('  gelezen = aangenomen + afgekeurd + ongewijzigd + ingetrokken'),
  ];
};

const outcomes = ({ story, played, observed }: Ending): string[] => {
  const files = story.outcomes.filter(({ preview }) => !preview);
  const rows = files.map((planned) => {
    const {
      read = 0,
      taken = 0,
      alreadyKnown = 0,
      refused = 0,
    } = outcomeReceiptOf(observed, planned, played)?.counts ?? {};
    const { name } = MUNICIPALITIES[planned.municipality];
    return [shortDay(dayOf(planned.at)), name, read, taken, alreadyKnown, refused];
  });
  return [
    heading('Antwoorden van gemeenten'),
    ...table(
      [left('dag'), left('gemeente'), right('gelezen'), right('verwerkt'), right('al bekend'), right('afgekeurd')],
      rows,
      ['', `${rows.length} bestanden`, ...[2, 3, 4, 5].map((column) => sum(rows, column))],
    ),
  ];
};

interface Refusal {
  readonly code: string;
  readonly count: number;
  readonly explanation: string;
}

const refusalTable = (title: string, reader: string, refused: readonly Refusal[]): string[] => {
  const found = new Map<string, Refusal>();
  for (const { code, count, explanation } of refused) {
    const key = `${code} ${explanation}`;
    found.set(key, { code, explanation, count: (found.get(key)?.count ?? 0) + count });
  }
  const rows = [...found]
    .sort(([a, { count: n }], [b, { count: m }]) => m - n || (a < b ? -1 : 1))
    .map(([, { code, count, explanation }]) => [count, code, explanation]);
  return [
    heading(title),
    ...table([right('aantal'), left('code'), left(`uitleg aan ${reader}`, true)], rows, [sum(rows, 0), '', '']),
  ];
};

const refusals = ({ story, played, observed }: Ending): string[] => [
  ...refusalTable(
    'Afgekeurde regels van partners',
    'de partner',
    story.deliveries.flatMap((planned) => receiptOf(observed, planned, played)?.refusals ?? []),
  ),
  ...refusalTable(
    'Afgekeurde regels van gemeenten',
    'de gemeente',
    story.outcomes.flatMap((planned) => outcomeReceiptOf(observed, planned, played)?.refusals ?? []),
  ),
];

const TOP = 5;

/** Of each municipality the last month in which people wait, as its caseworkers see it. */
const worklists = ({ observed }: Ending): string[] =>
  Object.entries(MUNICIPALITIES).flatMap(([code, { name }]) => {
    const [list] = worklistsOf(observed)
      .filter(({ municipality }) => municipality === code)
      .map(({ month, rows }) => ({ month, rows: rows.filter(({ rang }) => rang) }))
      .filter(({ rows }) => rows.length > 0)
      .sort((a, b) => (a.month < b.month ? 1 : -1));
    if (list === undefined) return [];
    const shown = list.rows.slice(0, TOP);
    const lines = table(
      [right('rang'), left('naam', true), left('werkbakje', true), left('kenmerken'), right('bedrag')],
      shown.map(({ rang = '', naam = '', kenmerken = '', werkbakje = '', totaalbedrag = '' }) => [
        rang,
        naam,
        werkbakje,
        kenmerken.replaceAll(' | ', ', '),
        totaalbedrag,
      ]),
    );
    return [
      heading(`Werklijst ${name}, ${list.month}: ${shown.length} van ${list.rows.length} zaken die nog wachten`),
      dim(`  rangorde over alle gemeenten van ${shown[0]?.uitvoerder ?? 'deze uitvoerder'}`),
      ...lines.flatMap((line, i) => [
        line,
        ...(i < 2 ? [] : wrapped(shown[i - 2]?.reden_rangorde ?? '', ' '.repeat(8)).map(dim)),
      ]),
    ];
  });

/** Words behind a margin that is written once. */
const hanging = (margin: string, words: string): string[] =>
  wrapped(words, ' '.repeat(margin.length)).map((line, i) => (i === 0 ? margin + line.trimStart() : line));

/** Of one signal every term with how it was counted, and what became of them. */
const terms = ({ story, played, observed }: Ending): string[] => {
  const look = story.glimpses.find(({ title }) => title === OVER_EASTER);
  const signal = look && story.signals.find(({ household }) => household === look.household);
  const stored = signal && storedSignals(observed).get(signalKey(signal));
  if (look === undefined || stored === undefined) return [];
  const counted = (played.glimpses.get(OVER_EASTER)?.termijnen ?? '').split(' | ').flatMap((each) => {
    const [, name = '', why = '', source = ''] = /^([^:]+): (.*) \((.*)\)$/.exec(each) ?? [];
    return name === '' ? [] : [[name, why, source]];
  });
  return [
    heading(`Termijnen: ${OVER_EASTER}`),
    dim(`  zoals ze op ${longDay(dayOf(look.at))} op de werklijst stonden`),
    ...counted.flatMap(([name = '', why = '', source = '']) => [
      ...hanging(`  ${name.padEnd(16)} `, why),
      ...wrapped(source, ' '.repeat(19)).map(dim),
    ]),
    dim('  en wat ervan kwam'),
    ...happenings(stored).flatMap(({ at, words }) =>
      hanging(`  ${shortDay(dayOf(local(at)))} ${local(at).slice(11)}  `, words),
    ),
  ];
};

const STATES: Readonly<Record<string, string>> = {
  ASSIGNED: 'wacht op de gemeente',
  TERM_EXPIRED: 'termijn verstreken, nog te beantwoorden',
  SUSPENDED: 'schuldenrust loopt',
  WITHDRAWN: 'ingetrokken door de partner',
};

const endStates = ({ observed }: Ending): string[] => {
  const signals = [...storedSignals(observed).values()];
  const stateOf = ({ status, outcome }: Stored): string => STATES[String(status)] ?? `${outcome?.result ?? status}`;
  const codes = Object.keys(MUNICIPALITIES);
  const rows = times(signals.map(stateOf)).map(([end, count]) => [
    end,
    ...codes.map((code) => signals.filter((signal) => signal.municipality === code && stateOf(signal) === end).length),
    count,
  ]);
  return [
    heading('Signalen aan het eind'),
    ...table(
      [
        left('stand of eindresultaat', true),
        ...Object.values(MUNICIPALITIES).map(({ name }) => right(name)),
        right('samen'),
      ],
      rows,
      ['', ...[...codes, ''].map((_, i) => sum(rows, i + 1))],
    ),
  ];
};

const feedback = ({ observed }: Ending): string[] => {
  const lines = feedbackRows(observed).map(({ partner, row }) => ({ partner, words: row.uitkomst ?? '' }));
  const partners = [...new Set(lines.map(({ partner }) => partner))].sort();
  const rows = times(lines.map(({ words }) => words)).map(([words, count]) => [
    words,
    ...partners.map((partner) => lines.filter((line) => line.partner === partner && line.words === words).length),
    count,
  ]);
  return [
    heading('Terugkoppeling aan partners'),
    ...table([left('uitkomst', true), ...partners.map(right), right('samen')], rows, [
      '',
      ...[...partners, ''].map((_, i) => sum(rows, i + 1)),
    ]),
  ];
};

type Suspension = NonNullable<Stored['suspension']>;

const endOf = (status: unknown, { lastDay, endedEarly }: Suspension): string => {
  if (endedEarly) {
    const how = status === 'WITHDRAWN' ? 'ingetrokken' : 'eerder beëindigd';
    return `${how} op ${dayOfMonth(endedEarly.on)}: ${endedEarly.reason}`;
  }
  return status === 'SUSPENDED' ? 'loopt nog' : `afgelopen op ${dayOfMonth(lastDay)}`;
};

const suspensions = ({ observed }: Ending): string[] => {
  const all = [...storedSignals(observed).values()].flatMap(
    ({ status, municipality, suspension, earlierSuspensions }) => {
      const { name } = MUNICIPALITIES[String(municipality) as keyof typeof MUNICIPALITIES];
      return [...(earlierSuspensions ?? []), ...(suspension ? [suspension] : [])].map((rest) =>
        [rest.startsOn, rest.lastDay, name, endOf(status, rest)].join('|'),
      );
    },
  );
  const rows = times(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => {
      const [from = '', to = '', name = '', end = ''] = key.split('|');
      return [shortDay(from), shortDay(to), name, count, end];
    });
  return [
    heading('Schuldenrust'),
    ...table([left('vanaf'), left('tot en met'), left('gemeente'), right('signalen'), left('einde', true)], rows, [
      '',
      '',
      '',
      sum(rows, 3),
      '',
    ]),
  ];
};

/** A subject without its numbers: `Levering … is verwerkt`. */
const kindOf = (subject: string): string =>
  subject
    .replaceAll(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, '…')
    .replaceAll(/\b\d{4}-\d\d(-\d\d)?\b/g, '…')
    .replaceAll(/\b\d+\b/g, 'n');

const mails = ({ observed }: Ending): string[] => {
  const rows = times(observed.mails.map(({ subject }) => kindOf(subject))).map(([kind, count]) => [count, kind]);
  return [heading('Mails'), ...table([right('aantal'), left('onderwerp', true)], rows, [sum(rows, 0), ''])];
};

const executions = ({ observed }: Ending): string[] => {
  const rows = (['delivery', 'signal'] as const).map((machine) => {
    const all = observed.executions[machine];
    const count = (...statuses: readonly string[]): number =>
      all.filter(({ status }) => statuses.includes(status)).length;
    const steps = all.map(transitions);
    const total = steps.reduce((a, b) => a + b, 0);
    return [
      machine === 'delivery' ? 'levering' : 'signaal',
      all.length,
      count('SUCCEEDED'),
      count('RUNNING'),
      count('FAILED', 'TIMED_OUT', 'ABORTED'),
      total,
      (total / Math.max(1, all.length)).toFixed(1).replace('.', ','),
      Math.max(0, ...steps),
    ];
  });
  return [
    heading('Uitvoeringen in Step Functions'),
    ...table(
      [
        left('soort'),
        right('aantal'),
        right('klaar'),
        right('wacht nog'),
        right('mislukt'),
        right('overgangen'),
        right('per stuk'),
        right('meeste'),
      ],
      rows,
    ),
  ];
};

const lives = ({ story, observed }: Ending): string[] => {
  const rows = livesOf(story, observed).map(({ file, title, executions }) => [
    title,
    executions.reduce((total, execution) => total + transitions(execution), 0),
    executions.reduce((total, { events }) => total + events.length, 0),
    `${file}.txt`,
  ]);
  return [
    heading(`${rows.length} levenslopen om na te lezen, in timelines/`),
    ...table([left('wat', true), right('overgangen'), right('gebeurtenissen'), left('bestand')], rows),
  ];
};

const WRITES = /(?:Put|Update|Delete|BatchWrite|Transact\w*)Item$/;

const MOST = 12;

const calls = ({ calls: made, story }: Ending): string[] => {
  const all = [...made].sort(([, n], [, m]) => m - n);
  const count = (of: readonly (readonly [string, number])[]): number => of.reduce((total, [, n]) => total + n, 0);
  const perSignal = (n: number): string => (n / story.signals.length).toFixed(1).replace('.', ',');
  const row = (name: string, n: number): (string | number)[] => [name, n, perSignal(n)];
  const rest = all.slice(MOST);
  const writes = count(all.filter(([name]) => WRITES.test(name)));
  return [
    heading('Aanroepen van AWS, door het product en door wie het gebruiken'),
    ...table(
      [left('aanroep'), right('aantal'), right('per signaal')],
      [
        ...all.slice(0, MOST).map(([name, n]) => row(name, n)),
        ...(rest.length > 0 ? [row(`${rest.length} andere`, count(rest))] : []),
      ],
      row('samen', count(all)),
    ),
    dim(`  waarvan ${writes} keer in de tabel geschreven (${perSignal(writes)} per signaal)`),
  ];
};

const SHOWN = 30;

const verdict = ({ checked: { comparisons, differences } }: Ending): string[] => [
  heading('Wat niet klopt'),
  ...(differences.length === 0
    ? [green(`  niets: ${comparisons} vergelijkingen met het plan, alles gelijk`)]
    : [
        ...differences
          .slice(0, SHOWN)
          .flatMap(({ what, expected, found }) => [
            red(`  ${what}`),
            ...wrapped(`verwacht ${expected}`, '      '),
            ...wrapped(`gevonden ${found}`, '      '),
          ]),
        ...(differences.length > SHOWN ? [red(`  … en nog ${differences.length - SHOWN} verschillen`)] : []),
        red(`  ${differences.length} van ${comparisons} vergelijkingen verschillen`),
      ]),
];

const files = ({ folder }: Ending): string[] => [
  heading(`Alle bestanden staan in ${folder}/`),
  ...table(
    [left('map'), left('wat', true)],
    [
      ['landing/inbox/', 'de bestanden zoals partijen ze aanleverden'],
      ['exchange/partners/', 'bevestigingen, afkeuringen, meldbewijzen, terugkoppeling, schuldenrust'],
      ['exchange/municipalities/', 'werklijsten, uitkomsten, het antwoord op elke regel, voorbeelden'],
      ['mails/', 'elke mail als .eml'],
      ['executions/', 'elke uitvoering met haar hele geschiedenis, als JSON'],
      ['timelines/', 'een paar levenslopen om te lezen'],
      ['report.txt', 'dit verslag'],
    ],
  ),
];

export const report = (ending: Ending): string[] =>
  [
    deliveries,
    outcomes,
    refusals,
    worklists,
    terms,
    endStates,
    feedback,
    suspensions,
    mails,
    executions,
    lives,
    calls,
    files,
    verdict,
  ].flatMap((part) => part(ending));

export const planned = (story: Story): number =>
  story.deliveries.reduce((total, each) => total + (countsOf(each).read ?? 0), 0);
