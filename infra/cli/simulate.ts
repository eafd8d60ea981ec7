import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Cents, type MunicipalityCode, Period } from '#domain/ids.ts';
import { Simulation } from '#domain/ranking/simulate.ts';
import {
  amountWords,
  byShift,
  comparisonWords,
  counted,
  monthWords,
  placeWords,
  shareWords,
  shiftOf,
  shiftsOf,
  simulationPage,
} from '#domain/ranking/simulation-page.ts';
import { municipalityNamed } from '#domain/routing/named.ts';
import { type Call, type Command, Refusal, textOf, UsageError } from './command.ts';
import { invoke } from './invoke.ts';
import { paint } from './paint.ts';

const HELP = `simulate <gemeente> [--maand 2026-04] [--drempel 50,75,100] [--rangorde NAAM:versie|ontwerp.json] [--uit pagina.html]

Rekent uit wat een ander drempelbedrag of een andere rangorde doet met de zaken van een maand. Er verandert niets, en er
staat niets in over personen: alleen aantallen, en van zaken die verschuiven het nummer.

  --maand JJJJ-MM     welke maand; anders deze
  --drempel EUROS     een of meer bedragen, met ; of komma's ertussen; anders 50,75,100. Met centen: 62.50
  --rangorde WAT      vergelijkt met de rangorde die nu geldt: een naam met versie, of een bestand met een ontwerp
  --van NAAM:versie   vergelijkt met deze rangorde, in plaats van die nu geldt
  --uit BESTAND       maakt ook een pagina met een tekening, om te printen en te bespreken`;

const FAILURES: Readonly<Record<string, string>> = {
  MunicipalityUnknown: 'Deze gemeente staat niet in de configuratie van het meldpunt.',
  InvalidInput: 'Het meldpunt kan deze vraag niet lezen. Is het al bijgewerkt?',
};

const municipalityOf = ([text, ...more]: readonly string[]): MunicipalityCode => {
  const [code, ...others] = text === undefined ? [] : municipalityNamed(text);
  if (code === undefined || others.length > 0 || more.length > 0)
    throw new UsageError('Noem één gemeente: de naam, of de code van vier cijfers.');
  return code;
};

/** The comma before two digits that may be a decimal one: `62,50`, `75,62,50`, but not `50,75,100` nor `62, 50`. */
const decimalIn = (list: string): string | undefined => {
  const parts = list.split(',').map(Number);
  const isRow = parts.length > 2 && parts.every((part, at) => at === 0 || part > (parts[at - 1] ?? 0));
  return isRow ? undefined : /(?<![\d.])\d+,\d\d(?!\d)/.exec(list)?.[0];
};

const thresholdsOf = (text: string): readonly Cents[] => {
  const lists = text
    .replaceAll('€', ' ')
    .replace(/,\s/g, ' ')
    .split(/[;\s]+/)
    .filter((list) => list !== '');
  const decimal = lists.map(decimalIn).find((found) => found !== undefined);
  if (decimal !== undefined)
    throw new UsageError(
      `Bedoelt u € ${decimal}? Schrijf ${decimal.replace(',', '.')}. Zijn het twee bedragen? Schrijf dan ${decimal.replace(',', ';')}.`,
    );
  const parts = lists.flatMap((list) => list.split(','));
  if (parts.length === 0 || parts.length > 12 || parts.some((part) => !/^\d{1,6}(?:\.\d\d)?$/.test(part)))
    throw new UsageError('--drempel is een of meer bedragen in euro’s, zoals 50,75,100 of 62.50.');
  const cents = parts.map((part) => Cents.parse(Math.round(Number(part) * 100)));
  return [...new Set(cents)].sort((a, b) => a - b);
};

const versionOf = (text: string): { readonly name: string; readonly version: number } | undefined => {
  const [, name, version] = /^([A-Z][A-Z0-9-]*)[: ](\d{1,6})$/.exec(text) ?? [];
  return name === undefined ? undefined : { name, version: Number(version) };
};

/** A version by name, or the draft in a file. */
const rankingOf = (text: string): unknown => {
  const version = versionOf(text);
  if (version) return version;
  try {
    return JSON.parse(readFileSync(text, 'utf8'));
  } catch {
    throw new UsageError('--rangorde is een naam met versie, zoals LCV:1, of een bestand met JSON.');
  }
};

const questionOf = (call: Call) => {
  const [month, to, from] = [textOf(call, 'maand'), textOf(call, 'rangorde'), textOf(call, 'van')];
  const period = Period.optional().safeParse(month);
  if (!period.success) throw new UsageError('--maand is een jaar en een maand, zoals 2026-04.');
  if (from !== undefined && (to === undefined || !versionOf(from)))
    throw new UsageError('--van is een naam met versie, zoals LCV:1, en hoort bij --rangorde.');
  return {
    municipality: municipalityOf(call.positionals),
    ...(period.data !== undefined && { period: period.data }),
    thresholds: thresholdsOf(textOf(call, 'drempel') ?? '50,75,100'),
    ...(to !== undefined && {
      compare: { to: rankingOf(to), ...(from !== undefined && { from: versionOf(from) }) },
    }),
  };
};

const BAR = 24;
/** A bar that is never empty where there is something. */
const bar = (part: number, of: number): string =>
  of === 0 ? '' : '█'.repeat(part === 0 ? 0 : Math.max(1, Math.round((BAR * part) / of)));

const thresholdLines = ({ thresholds, inForce }: Simulation): readonly string[] => {
  if (!thresholds) return [];
  const { cases, thresholds: asked, kinds } = thresholds;
  const now = inForce?.thresholdCents;
  const width = Math.max(...kinds.flatMap(({ rows }) => rows.map(({ label }) => label.length)));
  const column = (text: string): string => text.padStart(13);
  return [
    paint.bold(now === undefined ? 'Er geldt nu geen drempelbedrag.' : `Nu geldt ${amountWords(now)}.`),
    ...asked.map(
      (each) =>
        `  onder ${amountWords(each.cents).padEnd(9)} ${shareWords(each.cases, cases).padStart(12)} zaken  ${bar(each.cases, cases)}${each.crisis > 0 ? paint.warning(` waarvan ${each.crisis} crisis`) : ''}`,
    ),
    '',
    paint.bold(
      `  ${''.padEnd(width)}${column('alle')}${asked.map(({ cents }) => column(`onder ${amountWords(cents)}`)).join('')}`,
    ),
    ...kinds.flatMap(({ kind, rows }) => [
      paint.dim(kind),
      ...rows
        .filter((row) => row.cases > 0)
        .map(
          ({ label, cases: all, below }) =>
            `  ${label.padEnd(width)}${column(String(all))}${below.map((fallen) => column(shareWords(fallen, all))).join('')}`,
        ),
    ]),
  ];
};

/** On a screen; the page has more, and `--json` all. */
const SHOWN = 15;

const comparisonLines = ({ comparison }: Simulation): readonly string[] => {
  if (!comparison) return [];
  const { from, to, rules, moves, cases } = comparison;
  const shown = byShift(moves).slice(0, SHOWN);
  const labels = shiftsOf(comparison).map(({ way, label, cases: n }) => ({
    label: way === 'gelijk' ? label : `${label} ${way}`,
    n,
  }));
  const width = Math.max(...labels.map(({ label }) => label.length));
  return [
    '',
    paint.bold(`Rangorde ${from.name} ${from.version} wordt ${to.name} ${to.version}`),
    ...comparisonWords(comparison).map((words) => `  ${words}`),
    '',
    ...labels.map(({ label, n }) => `  ${label.padEnd(width)} ${String(n).padStart(6)}  ${bar(n, cases)}`),
    '',
    paint.dim('Regels die verschillen'),
    ...rules.flatMap(({ id, before, after }) => [
      `  ${id}`,
      ...(before === undefined ? [] : [`    - ${before}`]),
      ...(after === undefined ? [] : [`    + ${after}`]),
    ]),
    '',
    paint.dim(moves.length > SHOWN ? `Wie het verst verschuift (${SHOWN} van ${moves.length})` : 'Wie verschuift'),
    ...shown.map(
      (move) =>
        `  ${move.caseNumber.padEnd(27)} ${placeWords(move.before).padEnd(26)} → ${placeWords(move.after)}${shiftOf(move) === 0 ? '' : ` (${shiftOf(move) > 0 ? '+' : ''}${shiftOf(move)})`}`,
    ),
  ];
};

const textFor = (simulation: Simulation): string => {
  const { municipality, thresholds, comparison } = simulation;
  const month = monthWords(simulation);
  if (!thresholds && !comparison) return `In ${month} heeft ${municipality.name} geen zaken.`;
  const total = thresholds?.cases ?? comparison?.cases ?? 0;
  return [
    `${municipality.name}, ${month}: ${counted(total, 'zaak', 'zaken')}, ook wie al is beantwoord.`,
    '',
    ...thresholdLines(simulation),
    ...comparisonLines(simulation),
  ].join('\n');
};

const Answer = z.union([z.object({ problems: z.array(z.object({ path: z.string(), text: z.string() })) }), Simulation]);

/** Other thresholds (R-WOR-7) and other ranking policies (R-WOR-4), tried out on a month. */
export const simulate: Command = {
  help: HELP,
  options: {
    maand: { type: 'string' },
    drempel: { type: 'string' },
    rangorde: { type: 'string' },
    van: { type: 'string' },
    uit: { type: 'string' },
  },
  run: async (call) => {
    const question = questionOf(call);
    const out = textOf(call, 'uit');
    const result = await invoke(call.installation(), 'SimulatePolicyFunction', question);
    if ('failure' in result) throw new Refusal(FAILURES[result.failure] ?? `Dit is mislukt: ${result.failure}.`);
    const answer = Answer.parse(result.answer);
    if ('problems' in answer) {
      const lines = answer.problems.map(({ path, text }) => `  ${path}: ${text}`);
      return { ok: false, data: answer, text: ['Deze rangorde kan zo niet:', ...lines].join('\n') };
    }
    if (out !== undefined) writeFileSync(out, simulationPage(answer));
    const made = out === undefined ? '' : `\n\nGemaakt: ${out}`;
    return { ok: true, data: answer, text: `${textFor(answer)}${made}` };
  },
};
