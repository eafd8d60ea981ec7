import { type Expected, type Same, tally } from './compare.ts';
import { dayOf, plusDays } from './days.ts';
import { feedbackRows } from './found.ts';
import { type Observed, textOf } from './observe.ts';
import { MUNICIPALITIES } from './people.ts';
import { ENDS_AT, PARTNER_READS, type PlannedSignal, type Told } from './plan.ts';
import { csvRows } from './play.ts';

const nameOf = ({ household: { municipality } }: PlannedSignal): string => MUNICIPALITIES[municipality].name;

/** The cells of a row for people, in the order of the file. */
const CELLS = [
  'referentie',
  'datum',
  'gemeente',
  'uitkomst',
  'schuldenrust',
  'schuldenrust_van',
  'schuldenrust_tot_en_met',
  'betaling_hervat',
  'regeling_bedrag',
  'regeling_vanaf',
  'vervangt_eerdere',
] as const;

const rowOf = (signal: PlannedSignal, told: Told): string => {
  const { kind, at, outcome, rest, until, resumes, arrangement, replaces } = told;
  const has = rest === undefined ? (until === undefined ? '' : 'nee') : rest === 'none' ? 'nee' : 'ja';
  return [
    signal.reference,
    dayOf(at),
    nameOf(signal),
    PARTNER_READS[outcome ?? kind],
    has,
    typeof rest === 'object' ? rest.from : '',
    typeof rest === 'object' ? rest.until : (until ?? ''),
    resumes === 'nee' ? 'kan niet' : (resumes ?? ''),
    arrangement?.amount ?? '',
    arrangement?.from ?? '',
    kind === 'RETRACTED' || replaces ? 'ja' : kind === 'OUTCOME' ? 'nee' : '',
  ].join(' | ');
};

/** The same for machines: no field more than this. */
const itemOf = (signal: PlannedSignal, told: Told): Readonly<Record<string, unknown>> => {
  const { kind, at, outcome, rest, until, resumes, arrangement, replaces } = told;
  return {
    reference: signal.reference,
    municipality: signal.household.municipality,
    municipalityName: nameOf(signal),
    date: dayOf(at),
    kind,
    ...(kind === 'OUTCOME' && { outcome, replaces: replaces ?? false }),
    ...(rest && { suspension: rest === 'none' ? 'none' : { startsOn: rest.from, lastDay: rest.until } }),
    ...(resumes && { paymentResumes: resumes === 'nee' ? 'cannot' : { from: resumes } }),
    ...(arrangement && {
      arrangement: { monthlyCents: Number(arrangement.amount.replace(',', '')), from: arrangement.from },
    }),
    ...(until && { lastDay: until }),
  };
};

/** With its keys in order, so that the same item is the same text. */
const text = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

const jsonFiles = ({ objects }: Observed, name: RegExp) =>
  [...objects].flatMap(([key, body]) => {
    const [, partner = '', day = ''] = name.exec(key) ?? [];
    return partner === '' ? [] : [{ partner, day, content: JSON.parse(textOf(body)) as Record<string, unknown> }];
  });
type Item = Readonly<Record<string, unknown>>;

/** What a reader of the list of schuldenrust sees change, day by day (R-SUS-5). */
const changesOf = (signal: PlannedSignal, feedback: readonly Told[]) => {
  const today = dayOf(ENDS_AT);
  const changes: { day: string; what: string; startsOn: string; lastDay: string }[] = [];
  let seen: { startsOn: string; lastDay: string } | undefined;
  for (const { at, rest, until, kind } of feedback) {
    const day = dayOf(at);
    if (typeof rest === 'object') {
      seen = { startsOn: rest.from, lastDay: rest.until };
      changes.push({ day, what: 'STARTED', ...seen });
      continue;
    }
    const last = until ?? day;
    if (seen === undefined || last >= seen.lastDay) continue;
    seen = { ...seen, lastDay: last };
    changes.push({ day, what: kind === 'SUSPENSION_EXPIRED' ? 'ENDED' : 'CHANGED', ...seen });
  }
  if (seen && plusDays(seen.lastDay, 1) <= today)
    changes.push({ day: plusDays(seen.lastDay, 1), what: 'ENDED', ...seen });
  const { partner, reference, household } = signal;
  const about = { partner, reference, municipality: household.municipality, municipalityName: nameOf(signal) };
  return {
    changes: changes.map((each) => ({ ...about, ...each })),
    current: seen && seen.lastDay >= today ? [{ ...about, ...seen }] : [],
  };
};

/** What partners were told, in the table, for people and for machines, and which schuldenrust they can see. */
export const checkPartners = (expected: Expected, observed: Observed, same: Same): void => {
  const told = [...expected.values()].flatMap(({ signal, after }) => after.feedback.map((each) => ({ signal, each })));
  same(
    'terugkoppelingen in de tabel',
    tally(
      told.map(({ signal, each }) =>
        [signal.partner, dayOf(each.at), signal.reference, signal.household.municipality, each.number, each.kind].join(
          ' ',
        ),
      ),
    ),
    tally(
      observed.items
        .filter(({ pk }) => /^SP#.*#FEEDBACK$/.test(String(pk)))
        .map(({ partner, date, reference, municipality, number, kind }) =>
          [partner, date, reference, municipality, number, kind].join(' '),
        ),
    ),
  );
  same(
    'regels in de terugkoppelbestanden',
    tally(told.map(({ signal, each }) => `${signal.partner} ${dayOf(each.at)} ${rowOf(signal, each)}`)),
    tally(
      feedbackRows(observed).map(
        ({ partner, day, row }) => `${partner} ${day} ${CELLS.map((name) => row[name]).join(' | ')}`,
      ),
    ),
  );
  same(
    'terugkoppeling voor computers',
    tally(told.map(({ signal, each }) => `${signal.partner} ${dayOf(each.at)} ${text(itemOf(signal, each))}`)),
    tally(
      jsonFiles(observed, /^partners\/([^/]+)\/feedback\/([^/]+)\.json$/).flatMap(({ partner, day, content }) =>
        (content.feedback as readonly Item[]).map(({ signal: _, ...item }) => `${partner} ${day} ${text(item)}`),
      ),
    ),
  );

  const lists = [...expected.values()].map(({ signal, after }) => changesOf(signal, after.feedback));
  const current = lists.flatMap((each) => each.current);
  same(
    'veranderingen in de lijst van schuldenrust',
    tally(lists.flatMap(({ changes }) => changes.map(text))),
    tally(
      jsonFiles(observed, /^partners\/([^/]+)\/suspensions\/changes\/([^/]+)\.json$/).flatMap(
        ({ partner, day, content }) =>
          (content.changes as readonly Item[]).map(({ signal: _, ...change }) => text({ ...change, partner, day })),
      ),
    ),
  );
  same(
    'lijst van lopende schuldenrust',
    tally(current.map(text)),
    tally(
      jsonFiles(observed, /^partners\/([^/]+)\/(suspensions)\/current\.json$/).flatMap(({ partner, content }) =>
        (content.suspensions as readonly Item[]).map(({ signal: _, ...each }) => text({ ...each, partner })),
      ),
    ),
  );
  same(
    'lijst van lopende schuldenrust voor mensen',
    tally(
      current.map(({ partner, reference, municipalityName, startsOn, lastDay }) =>
        [partner, reference, municipalityName, startsOn, lastDay].join(' '),
      ),
    ),
    tally(
      [...observed.objects].flatMap(([key, body]) => {
        const partner = /^partners\/([^/]+)\/suspensions\/current\.csv$/.exec(key)?.[1];
        return partner === undefined
          ? []
          : csvRows(body).map(({ referentie, gemeente, schuldenrust_van: from, schuldenrust_tot_en_met: to }) =>
              [partner, referentie, gemeente, from, to].join(' '),
            );
      }),
    ),
  );
};
