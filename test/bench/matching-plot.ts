/** Pairs called SAME from a threshold on, in log2 odds, and how many of them are. */
export interface Point {
  readonly threshold: number;
  readonly same: number;
  readonly right: number;
  /** Pairs of one person there are to find. */
  readonly pairs: number;
}

interface Thresholds {
  readonly same: number;
  readonly possible: number;
}

const precisionOf = ({ same, right }: Point): number => (same === 0 ? 1 : right / same);
const recallOf = ({ right, pairs }: Point): number => (pairs === 0 ? 1 : right / pairs);
const f1Of = (point: Point): number => {
  const [p, r] = [precisionOf(point), recallOf(point)];
  return p + r === 0 ? 0 : (2 * p * r) / (p + r);
};

const percent = (share: number, places = 1): string => `${(100 * share).toFixed(places).replace('.', ',')} %`;
const at = (curve: readonly Point[], threshold: number): Point | undefined =>
  curve.reduce<Point | undefined>(
    (best, point) =>
      best && Math.abs(best.threshold - threshold) <= Math.abs(point.threshold - threshold) ? best : point,
    undefined,
  );

/** For the terminal: precision `p` and recall `r` against the threshold, `|` at the operating point. */
export const plot = (curve: readonly Point[], { same }: Thresholds): string => {
  const height = 16;
  const rows = Array.from({ length: height + 1 }, () => curve.map(() => ' '));
  for (const [column, point] of curve.entries()) {
    const draw = (share: number, sign: string): void => {
      const row = rows[Math.round((1 - share) * height)];
      if (row) row[column] = sign;
    };
    if (point === at(curve, same)) for (const row of rows) row[column] = '|';
    draw(recallOf(point), 'r');
    draw(precisionOf(point), 'p');
  }
  const [first, last] = [curve[0]?.threshold ?? 0, curve.at(-1)?.threshold ?? 0];
  return [
    'precision (p) and recall (r) by threshold; | is where SAME begins',
    ...rows.map(
      (row, line) => `${line % 4 === 0 ? percent(1 - line / height, 0).padStart(6) : '      '} ${row.join('')}`,
    ),
    `${' '.repeat(7)}${String(first).padEnd(curve.length - 4)}${String(last).padStart(4)} bits`,
  ].join('\n');
};

const WIDTH = 860;
const LEFT = 92;
const RIGHT = 836;
const TOP = { from: 96, to: 336 };
const LOW = { from: 404, to: 604 };
/** Smallest share of wrong pairs that is drawn; fewer are drawn on this line. */
const FEWEST = 1e-5;
const INK = '#1b2733';
const SOFT = '#5b6b7a';
const GRID = '#dfe5ea';
const BLUE = '#0b63a5';
const ORANGE = '#c2540a';
const GREEN = '#2b7a3d';
/** Words over a line stay readable. */
const HALO = 'paint-order="stroke" stroke="#fff" stroke-width="5"';

/**
 * Two panels over the threshold: recall, F1 and precision from 0 to 100 %; and below them the share of wrong pairs on a scale
 * of tens, since the whole point lies between 99 and 100 %. No data but counts.
 */
export const curveSvg = (curve: readonly Point[], { same, possible }: Thresholds, records: number): string => {
  const [first, last] = [curve[0]?.threshold ?? 0, curve.at(-1)?.threshold ?? 1];
  const x = (threshold: number): number => LEFT + ((threshold - first) / (last - first)) * (RIGHT - LEFT);
  const y = (share: number): number => TOP.to - share * (TOP.to - TOP.from);
  const log = (wrong: number): number =>
    LOW.to - ((Math.log10(Math.max(wrong, FEWEST)) - Math.log10(FEWEST)) / -Math.log10(FEWEST)) * (LOW.to - LOW.from);
  const text = (px: number, py: number, words: string, more = ''): string =>
    `<text x="${px.toFixed(1)}" y="${py.toFixed(1)}" ${more}>${words}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, more = ''): string =>
    `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${stroke}" ${more}/>`;
  const path = (height: (point: Point) => number, colour: string, points = curve): string =>
    `<polyline fill="none" stroke="${colour}" stroke-width="2.5" stroke-linejoin="round" points="${points
      .map((point) => `${x(point.threshold).toFixed(1)},${height(point).toFixed(1)}`)
      .join(' ')}"/>`;
  const here = at(curve, same) ?? { threshold: same, same: 0, right: 0, pairs: 0 };
  const ticks = Array.from({ length: Math.floor((last - first) / 4) + 1 }, (_, step) => first + 4 * step);
  const bars = (from: number, to: number): string =>
    [
      line(x(possible), from, x(possible), to, SOFT, 'stroke-dasharray="3 4"'),
      line(x(same), from, x(same), to, INK, 'stroke-dasharray="6 4" stroke-width="1.5"'),
    ].join('');
  const axis = (to: number): string =>
    ticks.map((tick) => text(x(tick), to + 20, String(tick), `text-anchor="middle" fill="${SOFT}"`)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="664" viewBox="0 0 ${WIDTH} 664" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="13">
<title>Persons matched: precision and recall by threshold</title>
<rect width="${WIDTH}" height="664" fill="#fff"/>
${text(LEFT, 34, 'Persons matched on invented households whose truth is known', `font-size="19" font-weight="600" fill="${INK}"`)}
${text(LEFT, 58, `${records.toLocaleString('nl-NL')} records; at the operating point precision ${percent(precisionOf(here), 2)}, recall ${percent(recallOf(here))}, F1 ${percent(f1Of(here))}`, `fill="${SOFT}" font-size="14"`)}
${[0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => line(LEFT, y(share), RIGHT, y(share), GRID) + text(LEFT - 10, y(share) + 4, percent(share, 0), `text-anchor="end" fill="${SOFT}"`)).join('')}
${bars(TOP.from, TOP.to)}
${path((point) => y(f1Of(point)), ORANGE)}
${path((point) => y(recallOf(point)), GREEN)}
${path((point) => y(precisionOf(point)), BLUE)}
${axis(TOP.to)}
${text(x(same) + 8, TOP.to - 12, `SAME from ${same}`, `fill="${INK}" ${HALO}`)}
${text(x(possible) - 8, TOP.to - 12, `POSSIBLE from ${possible}`, `fill="${SOFT}" text-anchor="end" ${HALO}`)}
${[
  ['precision', BLUE],
  ['F1', ORANGE],
  ['recall', GREEN],
]
  .map(([name = '', colour = ''], place) => {
    const px = RIGHT - 252 + (place === 0 ? 0 : 20 + place * 80);
    return line(px, 80, px + 22, 80, colour, 'stroke-width="3"') + text(px + 29, 84, name, `fill="${INK}"`);
  })
  .join('')}
${text(LEFT, LOW.from - 16, 'Wrong among the pairs called SAME, on a scale of tens', `font-weight="600" fill="${INK}"`)}
${[1, 0.1, 0.01, 0.001, 0.0001, 0.00001].map((wrong) => line(LEFT, log(wrong), RIGHT, log(wrong), GRID) + text(LEFT - 10, log(wrong) + 4, wrong === FEWEST ? 'none' : `1 in ${Math.round(1 / wrong).toLocaleString('nl-NL')}`, `text-anchor="end" fill="${SOFT}"`)).join('')}
${line(LEFT, log(0.001), RIGHT, log(0.001), ORANGE, 'stroke-width="1.5"')}
${text(RIGHT - 4, log(0.001) - 6, 'wanted: fewer than 1 in 1.000', `text-anchor="end" fill="${ORANGE}"`)}
${bars(LOW.from, LOW.to)}
${path(
  (point) => log(1 - precisionOf(point)),
  BLUE,
  curve.filter(({ same: called }) => called > 0),
)}
${axis(LOW.to)}
${text((LEFT + RIGHT) / 2, LOW.to + 46, 'threshold: log2 odds that two records are one person', `text-anchor="middle" fill="${INK}"`)}
</svg>
`;
};
