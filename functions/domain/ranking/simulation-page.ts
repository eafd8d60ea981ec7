import { euros } from '../feedback/amount.ts';
import { type Cents, IsoDate } from '../ids.ts';
import { type Html, html, page } from '../page.ts';
import { dutchMonth } from '../term/explain.ts';
import { TIE_WORDS } from './explain.ts';
import type { Comparison, Place, Simulation, Thresholds } from './simulate.ts';

/** Whole euros without cents, as people say a threshold: `€ 75`. */
export const amountWords = (cents: Cents): string => `€ ${cents % 100 === 0 ? cents / 100 : euros(cents)}`;

/** Whole euros, as one reads a sum: `€ 12.346`. */
const sumWords = (cents: Cents): string => `€ ${String(Math.round(cents / 100)).replace(/\B(?=(?:\d{3})+$)/g, '.')}`;

/** `12 (30 %)`, `0`. */
export const shareWords = (part: number, of: number): string =>
  part === 0 ? '0' : `${part} (${Math.round((100 * part) / of)} %)`;

export const monthWords = ({ period }: Pick<Simulation, 'period'>): string => dutchMonth(IsoDate.parse(`${period}-01`));

export const counted = (n: number, one: string, more: string): string => `${n} ${n === 1 ? one : more}`;

/** Dark on light, more than 4.5 : 1; areas that carry meaning more than 3 : 1. Never told by colour alone. */
const INK = '#1a1a1a';
const BLUE = '#154273';
const PALE = '#dbe6f2';
const OCHRE = '#8a4b00';
const GRID = '#767676';

const WIDTH = 720;

const picture = (id: string, height: number, title: string, description: string, body: readonly Html[]): Html =>
  html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="100%" role="img" aria-labelledby="${id}-title ${id}-desc" font-size="15" fill="${INK}">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${description}</desc>
${body}
</svg>`;

/** Round numbers from 0 to at least `most`, about five of them. */
const ticksTo = (most: number): readonly number[] => {
  const rough = Math.max(1, most) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
};

/** How the number of cases below grows with the threshold: a line, with a mark at each amount that was asked. */
const curvePicture = ({ curve, thresholds, cases }: Thresholds, now: Cents | undefined): Html => {
  const [left, right, top, bottom, height] = [56, 24, 96, 60, 400];
  const widest = curve.at(-1)?.cents ?? 1;
  const ticks = ticksTo(Math.max(...curve.map((point) => point.cases), 1));
  const most = ticks.at(-1) ?? 1;
  const x = (cents: number): number => Math.round(left + ((WIDTH - left - right) * cents) / widest);
  const y = (count: number): number => Math.round(height - bottom - ((height - top - bottom) * count) / most);
  const line = curve.map((point) => `${x(point.cents)},${y(point.cases)}`).join(' ');
  const marks = [
    ...thresholds,
    ...(now !== undefined && thresholds.every(({ cents }) => cents !== now)
      ? [{ cents: now, cases: curve.findLast((point) => point.cents <= now)?.cases ?? 0 }]
      : []),
  ].toSorted((a, b) => a.cents - b.cents);
  const amounts = ticksTo(widest / 100).filter((euro) => euro * 100 <= widest);
  const said = thresholds.map((each) => `${amountWords(each.cents)}: ${shareWords(each.cases, cases)}`).join(', ');
  return picture(
    'lijn',
    height,
    'Hoeveel zaken vallen onder een drempelbedrag?',
    `Een lijn die stijgt met het drempelbedrag. ${said}. Dezelfde getallen staan in de tabel.`,
    [
      ...ticks.map(
        (
          count,
        ) => html`<line x1="${left}" x2="${WIDTH - right}" y1="${y(count)}" y2="${y(count)}" stroke="${GRID}" stroke-width="${count === 0 ? 1.5 : 0.4}"/><text x="${left - 8}" y="${y(count) + 5}" text-anchor="end">${count}</text>
`,
      ),
      ...amounts.map(
        (euro) => html`<text x="${x(euro * 100)}" y="${height - bottom + 22}" text-anchor="middle">€ ${euro}</text>
`,
      ),
      html`<text x="${left}" y="${height - 10}">drempelbedrag (totaal van een zaak)</text>
<text x="${left - 44}" y="18" font-weight="700">aantal zaken eronder, van ${cases}</text>
<polygon points="${x(0)},${y(0)} ${line} ${x(widest)},${y(0)}" fill="${PALE}"/>
<polyline points="${line}" fill="none" stroke="${BLUE}" stroke-width="3"/>
`,
      ...marks.map(({ cents, cases: below }, i) => {
        const at = x(cents);
        const row = 44 + (i % 3) * 18;
        const text = `${amountWords(cents)}: ${below}${cents === now ? ' (nu)' : ''}`;
        return html`<line x1="${at}" x2="${at}" y1="${row + 5}" y2="${y(0)}" stroke="${BLUE}" stroke-width="1.5" stroke-dasharray="4 4"/><circle cx="${at}" cy="${y(below)}" r="6" fill="#fff" stroke="${BLUE}" stroke-width="3"/><text x="${at}" y="${row}" text-anchor="middle" font-weight="700">${text}</text>
`;
      }),
    ],
  );
};

const number = (text: string | number): Html => html`<td class="n">${text}</td>`;
const head = (text: string): Html => html`<th scope="col" class="n">${text}</th>`;

const thresholdTable = ({ thresholds, cases }: Thresholds, now: Cents | undefined): Html => html`<table>
<caption>Zaken onder het drempelbedrag</caption>
<thead><tr><th scope="col">Drempelbedrag</th>${[head('Zaken'), head('Signalen'), head('Samen'), head('Waarvan crisis')]}</tr></thead>
<tbody>
${thresholds.map(
  (each) => html`<tr><th scope="row">${amountWords(each.cents)}${each.cents === now ? ' (geldt nu)' : ''}</th>${[
    number(shareWords(each.cases, cases)),
    number(each.signals),
    number(sumWords(each.totalCents)),
    number(each.crisis),
  ]}</tr>
`,
)}</tbody></table>`;

const kindsTable = ({ kinds, thresholds }: Thresholds): Html => html`<table>
<caption>Zaken per soort, en hoeveel daarvan onder het drempelbedrag</caption>
<thead><tr><th scope="col">Soort</th>${head('Alle zaken')}${thresholds.map(({ cents }) => head(`Onder ${amountWords(cents)}`))}</tr></thead>
${kinds.map(
  ({ kind, overlaps, rows }) => html`<tbody>
<tr><th scope="rowgroup" colspan="${2 + thresholds.length}"><strong>${kind}</strong>${overlaps ? ' (een zaak kan bij meer dan één horen)' : ''}</th></tr>
${rows
  .filter(({ cases }) => cases > 0)
  .map(
    ({
      label,
      cases,
      below,
    }) => html`<tr class="part"><th scope="row">${label}</th>${number(cases)}${below.map((fallen) => number(shareWords(fallen, cases)))}</tr>
`,
  )}</tbody>
`,
)}</table>`;

/** So many places up or down. */
const MOVES: readonly (readonly [label: string, from: number, to: number])[] = [
  ['meer dan 50 plaatsen', 51, Number.POSITIVE_INFINITY],
  ['11 tot en met 50 plaatsen', 11, 50],
  ['4 tot en met 10 plaatsen', 4, 10],
  ['1 tot en met 3 plaatsen', 1, 3],
];

export const shiftOf = ({ before, after }: Comparison['moves'][number]): number => before.rank - after.rank;

/** How many cases went how far, highest risers first. */
export const shiftsOf = ({ moves, cases }: Comparison) => {
  const shifts = moves.map(shiftOf);
  const count = (sign: 1 | -1, from: number, to: number): number =>
    shifts.filter((shift) => from <= shift * sign && shift * sign <= to).length;
  return [
    ...MOVES.map(([label, from, to]) => ({ way: 'hoger' as const, label, cases: count(1, from, to) })),
    { way: 'gelijk' as const, label: 'dezelfde plaats', cases: cases - shifts.filter((shift) => shift !== 0).length },
    ...MOVES.toReversed().map(([label, from, to]) => ({ way: 'lager' as const, label, cases: count(-1, from, to) })),
  ];
};

const WAYS = { hoger: ['▲', BLUE], gelijk: ['=', GRID], lager: ['▼', OCHRE] } as const;

const shiftPicture = (comparison: Comparison): Html => {
  const rows = shiftsOf(comparison);
  const [left, right, top, bar] = [270, 70, 12, 34];
  const most = Math.max(1, ...rows.map(({ cases }) => cases));
  const said = rows.map(({ way, label, cases }) => `${label}${way === 'gelijk' ? '' : ` ${way}`}: ${cases}`).join('; ');
  return picture(
    'verschuiving',
    top + rows.length * bar + 8,
    'Hoe ver verschuiven de zaken?',
    `Een balk per afstand. ${said}.`,
    rows.map(({ way, label, cases }, i) => {
      const [sign, colour] = WAYS[way];
      const at = top + i * bar;
      const width = Math.round(((WIDTH - left - right) * cases) / most);
      return html`<text x="0" y="${at + 20}">${sign} ${label}${way === 'gelijk' ? '' : ` ${way}`}</text><rect x="${left}" y="${at + 3}" width="${width}" height="${bar - 10}" fill="${colour}"/><text x="${left + width + 8}" y="${at + 20}" font-weight="700">${cases}</text>
`;
    }),
  );
};

/** `12, trede II, huisbezoek`. */
export const placeWords = ({ rank, tier, points, visit }: Place): string =>
  [
    String(rank),
    ...(tier === undefined ? [] : [`trede ${tier}`]),
    ...(points === undefined ? [] : [counted(points, 'punt', 'punten')]),
    ...(visit === true ? ['huisbezoek'] : []),
  ].join(', ');

/** Beyond so many the page is a book; the command's JSON has all. */
const SHOWN = 100;

/** Who moves furthest first; of those equal, the new order. */
export const byShift = (moves: Comparison['moves']): Comparison['moves'] =>
  moves.toSorted((a, b) => Math.abs(shiftOf(b)) - Math.abs(shiftOf(a)) || a.after.rank - b.after.rank);

const shiftWords = (shift: number): string => (shift === 0 ? 'gelijk' : shift > 0 ? `▲ ${shift}` : `▼ ${-shift}`);

/** What comes of it, in a line each. */
export const comparisonWords = ({ cases, shared, up, down, otherTier, visits }: Comparison): readonly string[] => [
  `${counted(up, 'zaak gaat', 'zaken gaan')} omhoog, ${down} omlaag, ${cases - up - down} ${cases - up - down === 1 ? 'blijft' : 'blijven'} op dezelfde plaats.`,
  ...(shared
    ? [
        'De plaatsen zijn die van de werklijst: tussen de zaken van andere gemeenten van de organisatie met dezelfde rangorde. Hier krijgen die ook de nieuwe. Kiest één gemeente een andere rangorde, dan tellen haar plaatsen apart, in dezelfde volgorde.',
      ]
    : []),
  ...(otherTier === undefined ? [] : [`${counted(otherTier, 'zaak komt', 'zaken komen')} in een andere trede.`]),
  ...(visits === undefined
    ? []
    : [
        `Met ${counted(visits.homeVisits, 'huisbezoek', 'huisbezoeken')} per maand: ${counted(visits.into, 'zaak krijgt', 'zaken krijgen')} er een die er nu geen heeft, ${counted(visits.outOf, 'zaak verliest', 'zaken verliezen')} het.`,
      ]),
];

const comparisonPart = (comparison: Comparison): Html => {
  const { from, to, rules, moves } = comparison;
  const shown = byShift(moves).slice(0, SHOWN);
  return html`<h2>Rangorde: ${from.name} ${from.version} tegenover ${to.name} ${to.version}</h2>
<p>Oud: ${from.title}. Nieuw: ${to.title}.</p>
<ul>${comparisonWords(comparison).map((words) => html`<li>${words}</li>`)}</ul>
<h3>Hoe ver verschuiven de zaken?</h3>
${shiftPicture(comparison)}
<table>
<caption>Regels die verschillen</caption>
<thead><tr><th scope="col">Regel</th><th scope="col">${from.name} ${from.version}</th><th scope="col">${to.name} ${to.version}</th></tr></thead>
<tbody>
${rules.map(
  ({
    id,
    before,
    after,
  }) => html`<tr><th scope="row">${id}</th><td>${before ?? 'bestaat niet'}</td><td>${after ?? 'vervalt'}</td></tr>
`,
)}</tbody></table>
<table>
<caption>Zaken die verschuiven, de verste eerst${moves.length > SHOWN ? ` (${SHOWN} van ${moves.length})` : ''}</caption>
<thead><tr><th scope="col">Zaak</th><th scope="col">Was</th><th scope="col">Wordt</th>${head('Plaatsen')}</tr></thead>
<tbody>
${shown.map(
  (
    move,
  ) => html`<tr><th scope="row" class="code">${move.caseNumber}</th><td>${placeWords(move.before)}</td><td>${placeWords(move.after)}</td>${number(shiftWords(shiftOf(move)))}</tr>
`,
)}</tbody></table>`;
};

const thresholdPart = (thresholds: Thresholds, now: Cents | undefined): Html => html`<h2>Drempelbedrag</h2>
<div class="verdict"><p>${
  now === undefined ? 'Er geldt nu geen drempelbedrag.' : `Nu geldt ${amountWords(now)}.`
} ${thresholds.thresholds.map(
  ({ cents, cases, crisis }) =>
    `Onder ${amountWords(cents)} ${cases === 1 ? 'valt 1 zaak' : `vallen ${cases} zaken`}${crisis > 0 ? `, waarvan ${crisis} met dreigende ontruiming of afsluiting` : ''}. `,
)}</p></div>
${curvePicture(thresholds, now)}
${thresholdTable(thresholds, now)}
<h2>Welke zaken vallen eronder?</h2>
${kindsTable(thresholds)}`;

/** What a simulation says, as a page to print and to talk about. No person can be read from it, small counts may hint. */
export const simulationPage = ({ municipality, period, inForce, thresholds, comparison }: Simulation): string => {
  const month = monthWords({ period });
  return page({
    title: `Simulatie ${municipality.name}, ${month}`,
    main: html`<h1>Andere regels voor ${municipality.name}: wat verandert er?</h1>
<p>${
      thresholds || comparison
        ? `In ${month} zijn er ${counted(thresholds?.cases ?? comparison?.cases ?? 0, 'zaak', 'zaken')}. De rangorde is nu ${inForce?.ranking.name} ${inForce?.ranking.version}: ${inForce?.ranking.title}.`
        : `In ${month} zijn er geen zaken.`
    }</p>
${thresholds && thresholdPart(thresholds, inForce?.thresholdCents)}
${comparison && comparisonPart(comparison)}
<h2>Hoe is dit geteld?</h2>
<ul>
<li>Alle zaken van de maand tellen mee, ook als zij al zijn beantwoord. Ingetrokken signalen niet.</li>
<li>De gegevens zijn die van vandaag, zoals een fase die de gemeente verbeterde.</li>
<li>Een zaak valt onder het drempelbedrag als alle signalen samen minder zijn. Onder het drempelbedrag betekent: later aan de beurt, niet: vergeten.</li>
<li>Wie het signaal stuurde, telt nooit mee. ${TIE_WORDS}</li>
${comparison?.visits && html`<li>Huisbezoeken: alsof er deze maand nog geen is gehouden.</li>`}
</ul>`,
    footer: html`<p>Deze pagina noemt geen personen. Een klein aantal kan toch over iemand gaan: deel de pagina alleen met wie aan het beleid werkt.</p>`,
  });
};
