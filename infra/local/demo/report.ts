import { type Checked, countsOf, receiptOf, storedSignals } from './check.ts';
import { dayOf, dayOfMonth, shortDay } from './days.ts';
import { expectedOf } from './expected.ts';
import type { Observed } from './observe.ts';
import { MUNICIPALITIES } from './people.ts';
import type { Story } from './plan.ts';
import { csvRows, type Played } from './play.ts';
import { type Column, dim, green, heading, red, table, wrapped } from './table.ts';
import { transitions } from './timeline.ts';

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
    const remark = receipt?.file ? `geweigerd: ${receipt.file.code}` : (receipt?.verdict ?? 'zonder bevestiging');
    return [shortDay(dayOf(planned.at)), planned.sender, read, accepted, refused, unchanged, withdrawn, remark];
  });
  return [
    heading('Leveringen'),
    ...table(
      [
        left('dag'),
        left('van'),
        right('gelezen'),
        right('aangenomen'),
        right('afgekeurd'),
        right('ongewijzigd'),
        right('ingetrokken'),
        left('oordeel', true),
      ],
      rows,
      ['', `${rows.length} leveringen`, ...[2, 3, 4, 5, 6].map((column) => sum(rows, column)), ''],
    ),
    dim('  gelezen = aangenomen + afgekeurd + ongewijzigd + ingetrokken'),
  ];
};

const refusals = ({ story, played, observed }: Ending): string[] => {
  const found = new Map<string, { count: number; explanation: string }>();
  for (const planned of story.deliveries)
    for (const { code, count, explanation } of receiptOf(observed, planned, played)?.refusals ?? [])
      found.set(code, { count: (found.get(code)?.count ?? 0) + count, explanation });
  const rows = [...found]
    .sort(([a, { count: n }], [b, { count: m }]) => m - n || (a < b ? -1 : 1))
    .map(([code, { count, explanation }]) => [count, code, explanation]);
  return [
    heading('Afgekeurde regels'),
    ...table([right('aantal'), left('code'), left('uitleg aan de partner', true)], rows, [sum(rows, 0), '', '']),
  ];
};

const TOP = 5;

const worklists = ({ observed }: Ending): string[] =>
  Object.entries(MUNICIPALITIES).flatMap(([code, { name }]) => {
    const key = [...observed.objects.keys()]
      .filter((each) => each.startsWith(`municipalities/${code}/worklists/`))
      .sort()
      .at(-1);
    if (key === undefined) return [];
    const rows = csvRows(observed.objects.get(key) ?? new Uint8Array());
    return [
      heading(
        `Werklijst ${name} (${key.split('/').at(-1)?.slice(0, 7)}): de eerste ${Math.min(TOP, rows.length)} van ${rows.length}`,
      ),
      ...table(
        [right('rang'), left('naam', true), right('bedrag'), left('stand', true), left('reden', true)],
        rows
          .slice(0, TOP)
          .map((row) => [
            row.rang ?? '',
            row.naam ?? '',
            row.totaalbedrag ?? '',
            row.status ?? '',
            row.reden_rangorde ?? '',
          ]),
      ),
    ];
  });

const STATES: Readonly<Record<string, string>> = {
  ASSIGNED: 'wacht op de gemeente',
  TERM_EXPIRED: 'termijn verstreken, nog te beantwoorden',
  SUSPENDED: 'schuldenrust loopt',
  WITHDRAWN: 'ingetrokken door de partner',
};

const endStates = ({ observed }: Ending): string[] => {
  const signals = [...storedSignals(observed).values()];
  const endOf = ({ status, outcome }: Readonly<Record<string, unknown>>): string =>
    STATES[String(status)] ?? `${(outcome as { result?: string } | undefined)?.result ?? status}`;
  const codes = Object.keys(MUNICIPALITIES);
  const rows = times(signals.map(endOf)).map(([end, count]) => [
    end,
    ...codes.map((code) => signals.filter((signal) => signal.municipality === code && endOf(signal) === end).length),
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
  const lines = [...observed.objects]
    .filter(([key]) => /^partners\/[^/]+\/feedback\//.test(key))
    .flatMap(([key, body]) =>
      csvRows(body).map((row) => ({ partner: key.split('/')[1] ?? '', words: row.uitkomst ?? '' })),
    );
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

const suspensions = ({ story }: Ending): string[] => {
  const all = story.signals.flatMap((signal) => {
    const { rest } = expectedOf(signal);
    if (rest === undefined) return [];
    const end = rest.end === 'loopt nog' ? rest.end : `${rest.end} op ${dayOfMonth(rest.endedOn ?? rest.lastDay)}`;
    const { name } = MUNICIPALITIES[signal.household.municipality];
    return [[rest.startsOn, rest.lastDay, name, `${end}${rest.reason ? `: ${rest.reason}` : ''}`].join('|')];
  });
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

const WRITES = /(?:Put|Update|Delete|BatchWrite|Transact\w*)Item$/;

const calls = ({ calls: made, story }: Ending): string[] => {
  const services = new Map<string, { count: number; writes: number }>();
  for (const [name, count] of made) {
    const service = name.split(/[.:]/)[0] ?? name;
    const known = services.get(service) ?? { count: 0, writes: 0 };
    services.set(service, { count: known.count + count, writes: known.writes + (WRITES.test(name) ? count : 0) });
  }
  const perSignal = (count: number): string => (count / story.signals.length).toFixed(1).replace('.', ',');
  const rows = [...services]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([service, { count }]) => [service, count, perSignal(count)]);
  const writes = [...services.values()].reduce((total, { writes: some }) => total + some, 0);
  return [
    heading('Aanroepen van AWS (door het product en door dit verhaal)'),
    ...table([left('dienst'), right('aantal'), right('per signaal')], rows, [
      'samen',
      sum(rows, 1),
      perSignal(sum(rows, 1)),
    ]),
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
      ['exchange/partners/', 'ontvangstbevestigingen, afgekeurde regels, meldbewijzen, terugkoppeling'],
      ['exchange/municipalities/', 'werklijsten, uitkomsten van gemeenten en de bevestiging daarvan'],
      ['mails/', 'elke mail als .eml'],
      ['executions/', 'elke uitvoering met haar hele geschiedenis, als JSON'],
      ['timelines/', 'een paar levenslopen om te lezen'],
      ['report.txt', 'dit verslag'],
    ],
  ),
];

export const report = (ending: Ending): string[] =>
  [deliveries, refusals, worklists, endStates, feedback, suspensions, mails, executions, calls, files, verdict].flatMap(
    (part) => part(ending),
  );

export const planned = (story: Story): number =>
  story.deliveries.reduce((total, each) => total + (countsOf(each).read ?? 0), 0);
