import { type Expected, type Same, tally } from './compare.ts';
import { outcomeCounts } from './counts.ts';
import { dayOf, isWeekend, plusDays } from './days.ts';
import type { Eml } from './eml.ts';
import type { Observed } from './observe.ts';
import { MUNICIPALITIES, type Municipality } from './people.ts';
import { ENDS_AT, STARTS_AT, type Story } from './plan.ts';

/** Which mails must have gone to whom, when, and with which numbers. */
const OFFICES: Readonly<Record<Municipality, { readonly readers: readonly string[]; readonly watcher: string }>> = {
  '0392': {
    readers: ['schulden@haarlem.example.nl', 'vroegsignalering@haarlem.example.nl'],
    watcher: 'termijnen@haarlem.example.nl',
  },
  '0473': {
    readers: ['schulden@zandvoort.example.nl', 'vroegsignalering@haarlem.example.nl'],
    watcher: 'termijnen@zandvoort.example.nl',
  },
  '0268': { readers: ['vroegsignalering@nijmegen.example.nl'], watcher: 'termijnen@nijmegen.example.nl' },
  '0363': { readers: ['vroegsignalering@amsterdam.example.nl'], watcher: 'termijnen@amsterdam.example.nl' },
};
/** The first reader of a municipality is the one that is told its outcomes were processed. */
const PARTNERS: Readonly<Record<string, string>> = {
  'elan-wonen': 'incasso@elanwonen.example.nl',
  'pre-wonen': 'incasso@prewonen.example.nl',
  ymere: 'incasso@ymere.example.nl',
  particulier: 'beheer@verhuurder.example.nl',
  energie: 'debiteuren@zonnestroom.example.nl',
};
const PARTIES: Readonly<Record<string, string>> = { ...PARTNERS, incasso: 'aanlevering@incassobureau.example.nl' };
/** Whom a party that is no partner itself delivers for: told as well. */
const DELIVERED_FOR: Readonly<Record<string, string>> = { incasso: 'particulier' };

interface News {
  readonly at: string;
  readonly kind: string;
  readonly crisis: boolean;
}
type Heading = readonly [label: string, kinds: readonly string[], crisis?: true];

const CRISIS: Heading = ['Crisis (ontruiming of einde levering), nieuw of gewijzigd', ['RECEIVED', 'CORRECTED'], true];
/** Also told to who watches over the terms. */
const MISSED: readonly Heading[] = [
  ['Te laat met het eerste gesprek (crisis)', ['FIRST_CONVERSATION_OVERDUE']],
  ['Te laat met terugkoppelen aan de partner', ['FEEDBACK_OVERDUE']],
  ['Termijn verstreken', ['TERM_EXPIRED']],
];
const NEWS: readonly Heading[] = [
  ['Nieuwe signalen', ['RECEIVED']],
  CRISIS,
  ['Overgenomen van of overgedragen aan een andere gemeente', ['HANDED_OVER']],
  ['Heropend', ['REOPENED']],
  ['Doorgezet naar een ander team', ['FORWARDED']],
  ['Herinneringen: streefdatum voorbij', ['REMINDED']],
  ['Bijna te laat: de laatste dag komt dichtbij', ['WARNED']],
  ...MISSED,
  ['Ingetrokken door de partner', ['WITHDRAWN']],
  ['Schuldenrust loopt bijna af', ['SUSPENSION_REMINDED']],
  ['Schuldenrust afgelopen of beëindigd', ['SUSPENSION_EXPIRED', 'SUSPENSION_ENDED_EARLY']],
];

const counted = (news: readonly News[], headings: readonly Heading[]): string[] =>
  headings.flatMap(([label, kinds, crisis]) => {
    const count = news.filter((each) => kinds.includes(each.kind) && (!crisis || each.crisis)).length;
    return count === 0 ? [] : [`${label}: ${count}`];
  });

const mailLine = (at: string, to: string, subject: string, counts: readonly string[]): string =>
  `${at} ${to} ${subject} | ${counts.join(', ')}`;

/** Every morning at six; on weekdays at noon and at four for a crisis that nobody heard of. All but the last five minutes. */
const RUNS: readonly { readonly at: string; readonly until: string; readonly crisis: boolean }[] = (() => {
  const runs: { at: string; until: string; crisis: boolean }[] = [];
  for (let day = dayOf(STARTS_AT); day <= dayOf(ENDS_AT); day = plusDays(day, 1)) {
    runs.push({ at: `${day}T06:00`, until: `${day}T05:55`, crisis: false });
    if (isWeekend(day)) continue;
    runs.push({ at: `${day}T12:00`, until: `${day}T11:55`, crisis: true });
    runs.push({ at: `${day}T16:00`, until: `${day}T15:55`, crisis: true });
  }
  return runs.filter(({ at }) => STARTS_AT < at && at <= ENDS_AT);
})();

/** What a municipality hears: with a crisis also everything else that is new, which the next morning does not repeat. */
const mailsOf = (municipality: Municipality, news: readonly News[]): string[] => {
  const { name } = MUNICIPALITIES[municipality];
  const { readers, watcher } = OFFICES[municipality];
  const lines: string[] = [];
  let heard = '';
  let watched = '';
  for (const { at, until, crisis } of RUNS) {
    const fresh = news.filter((each) => heard < each.at && each.at <= until);
    const counts = crisis && counted(fresh, [CRISIS]).length === 0 ? [] : counted(fresh, NEWS);
    const subject = crisis ? `Crisissignaal: ${name}` : `Werklijst vroegsignalering bijgewerkt: ${name}`;
    if (counts.length > 0) {
      lines.push(...readers.map((to) => mailLine(at, to, subject, counts)));
      heard = until;
    }
    if (crisis) continue;
    const missed = counted(
      news.filter((each) => watched < each.at && each.at <= until),
      MISSED,
    );
    if (missed.length > 0) lines.push(mailLine(at, watcher, `Termijnen niet gehaald: ${name}`, missed));
    watched = until;
  }
  return lines;
};

const DIGEST = 'T17:00';

/** The mail of the day, in which it is counted. */
const digestDay = (at: string): string => (at.slice(10) <= DIGEST ? dayOf(at) : plusDays(dayOf(at), 1));

/** Who is reminded at nine on the 25th: a partner for which no file was processed yet that month, and who delivers for it. */
const reminders = ({ deliveries }: Story): string[] =>
  [...new Set(RUNS.map(({ at }) => `${at.slice(0, 7)}-25T09:00`))]
    .filter((at) => STARTS_AT < at && at <= ENDS_AT)
    .flatMap((at) => {
      const heard = deliveries.filter((each) => each.at.slice(0, 7) === at.slice(0, 7) && each.at < at);
      const parties = new Set(heard.flatMap(({ stranger, refused, party }) => (stranger || refused ? [] : [party])));
      return Object.keys(PARTNERS).flatMap((partner) => {
        const [agency] = Object.entries(DELIVERED_FOR).find(([, whom]) => whom === partner) ?? [];
        if (parties.has(agency ?? partner)) return [];
        return [partner, ...(agency === undefined ? [] : [agency])].map((to) => `${at} ${PARTIES[to]}`);
      });
    });

const found = ({ at, to, subject, counts }: Eml): string => mailLine(at, to, subject, counts);

export const checkMails = (story: Story, expected: Expected, { mails }: Observed, same: Same): void => {
  const all = [...expected.values()];
  const about = (pattern: RegExp): readonly Eml[] => mails.filter(({ subject }) => pattern.test(subject));

  same(
    'mails over leveringen',
    tally(
      story.deliveries
        .filter(({ stranger }) => !stranger)
        .flatMap(({ at, party, refused, rows }) => {
          const partner = PARTNERS[DELIVERED_FOR[party] ?? ''];
          return [
            `${at} ${PARTIES[party]} ${refused ? 'geweigerd' : 'verwerkt'}`,
            ...(partner && !refused && rows.length > 0 ? [`${at} ${partner} aangeleverd`] : []),
          ];
        }),
    ),
    tally(about(/^Levering/).map(({ at, to, subject }) => `${at} ${to} ${subject.split(' ').at(-1)}`)),
  );

  const reminder = /^Nog geen bestand/;
  same(
    'herinneringen aan wie niets aanleverde',
    tally(reminders(story)),
    tally(about(reminder).map(({ at, to }) => `${at} ${to}`)),
  );

  same(
    'mails over uitkomsten',
    tally(
      story.outcomes
        .filter(({ preview }) => !preview)
        .map((planned) => {
          const { read, taken, alreadyKnown, refused } = outcomeCounts(planned);
          const to = OFFICES[planned.municipality].readers[0] ?? '';
          return mailLine(planned.at, to, 'Uitkomsten verwerkt', [
            `Gelezen regels: ${read}`,
            `Verwerkt: ${taken}`,
            `Al bekend: ${alreadyKnown}`,
            `Afgekeurd: ${refused}`,
          ]);
        }),
    ),
    tally(about(/^Uitkomsten/).map(found)),
  );

  const news = (code: string): readonly News[] =>
    all
      .filter(({ signal }) => signal.household.municipality === code)
      .flatMap(({ signal, after }) =>
        after.history.map((each) => {
          const [at = '', kind = ''] = each.split(' ');
          return { at, kind, crisis: signal.kind !== undefined };
        }),
      );
  const municipal = /^(?:Werklijst|Crisissignaal|Termijnen)/;
  same(
    'mails aan gemeenten en uitvoerders',
    tally((Object.keys(MUNICIPALITIES) as Municipality[]).flatMap((code) => mailsOf(code, news(code)))),
    tally(about(municipal).map(found)),
  );

  // What the digest of a day still has to tell depends on how much the mail before it could: together they tell all, once.
  const told = all.flatMap(({ signal, after }) =>
    after.feedback.map((each) => ({ to: PARTNERS[signal.partner], ...each })),
  );
  const feedback = about(/terugkoppeling/);
  const numbers = (lines: readonly (readonly [string, number])[]): Record<string, number> => {
    const sums: Record<string, number> = {};
    for (const [name, count] of [...lines].sort(([a], [b]) => (a < b ? -1 : 1))) sums[name] = (sums[name] ?? 0) + count;
    return sums;
  };
  same(
    'terugkoppelingen in mails aan partners',
    numbers(told.map(({ to, at }) => [`${digestDay(at)} ${to}`, 1])),
    numbers(feedback.map(({ to, at, counts }) => [`${digestDay(at)} ${to}`, Number(counts[0]?.split(': ').at(-1))])),
  );
  same(
    'mails aan partners die niet tot vijf uur wachten',
    // On a last day the file lies there at once; the mail waits, as nobody agreed otherwise.
    [],
    feedback
      .filter(({ at }) => at.slice(10) !== DIGEST)
      .map(({ to, at, subject }) => `${at} ${to} ${subject}`)
      .sort(),
  );
  const digests = tally(feedback.filter(({ at }) => at.slice(10) === DIGEST).map(({ to, at }) => `${at} ${to}`));
  same(
    'meer dan een dagmail aan een partner',
    [],
    Object.entries(digests).filter(([, count]) => count > 1),
  );
  same(
    'mails die niet in het plan staan',
    [],
    mails
      .filter(
        (mail) =>
          ![/^Levering/, reminder, /^Uitkomsten/, municipal, /terugkoppeling/].some((each) => each.test(mail.subject)),
      )
      .map(found),
  );
};
