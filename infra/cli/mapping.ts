import { mappingProblems } from '#domain/agreement/check-mapping.ts';
import { DELIVERY_COLUMNS } from '#domain/delivery/columns.ts';
import { AMOUNT_FORMATS, ColumnMapping, DATE_FORMATS } from '#domain/delivery/mapping.ts';
import {
  type Answers,
  type Proposal,
  proposeMapping,
  type UnderstoodColumn,
} from '#domain/delivery/propose-mapping.ts';
import { FILE_ADVICE, whereToLook } from '#domain/delivery/rejection.ts';
import { Instant } from '#domain/ids.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { mustHold } from './assumed.ts';
import { againstOf, type Checked, checkFile } from './check.ts';
import { type Call, type Command, Refusal, textOf, UsageError } from './command.ts';
import { page, section, wrap } from './layout.ts';
import { openFile, progressOn } from './own-file.ts';
import { paint } from './paint.ts';

const HELP = `mapping BESTAND [opties]

Leest een bestand zoals uw eigen systeem het maakt, en stelt een indeling voor: welke kolom van u welke van ons is, en hoe
u datums en bedragen schrijft. Wat op twee manieren gelezen kan worden, wordt gevraagd. Van uw gegevens wordt niets
getoond, alleen hoe ze eruitzien (een cijfer als 9, letters als a). Met --json krijgt u alleen de indeling, om in de
instellingen te zetten. Het antwoord is 0 als de indeling compleet is, en anders 1.

  --kolom "NAAM=kolom"    zo heet een kolom van ons bij u; meer met komma’s ertussen. NAAM= : lees die kolom niet
  --datums FORMAAT        ${DATE_FORMATS.join(', ')}
  --bedragen FORMAAT      ${AMOUNT_FORMATS.join(', ')}
  --vast kolom=waarde     deze kolom is er niet: elke regel heeft deze waarde (zoals bezwaar=n); meer met komma’s ertussen
  --leeg kolom=waarde     een lege cel betekent deze waarde
  --soort, --lcv, --partij, --instellingen: als bij npx meldpunt check`;

const parts = (text: string | undefined): readonly (readonly [name: string, value: string])[] =>
  (text ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const at = part.lastIndexOf('=');
      if (at < 1) throw new UsageError('Schrijf naam=waarde, meer met komma’s ertussen.');
      return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    });

const answersOf = (call: Call): Answers => {
  const text = (option: string): string | undefined => textOf(call, option);
  const said = ColumnMapping.safeParse({
    columns: parts(text('kolom')).map(([header, column]) => ({ header, column: column === '' ? null : column })),
    ...(text('datums') !== undefined && { dates: text('datums') }),
    ...(text('bedragen') !== undefined && { amounts: text('bedragen') }),
    fixed: parts(text('vast')).map(([column, value]) => ({ column, value })),
    defaults: parts(text('leeg')).map(([column, value]) => ({ column, value })),
  });
  if (said.success) {
    const { fixed, defaults } = said.data;
    mustHold(mappingProblems(ColumnMapping.parse({ fixed, defaults })));
    return said.data;
  }
  const where = String(said.error.issues[0]?.path[0]);
  const option = { columns: 'kolom', dates: 'datums', amounts: 'bedragen', fixed: 'vast', defaults: 'leeg' }[where];
  throw new UsageError(
    where === 'dates' || where === 'amounts'
      ? `--${option} is een van: ${(where === 'dates' ? DATE_FORMATS : AMOUNT_FORMATS).join(', ')}.`
      : `--${option}: onze kolommen zijn ${DELIVERY_COLUMNS.join(', ')}.`,
  );
};

const number = (count: number): string => new Intl.NumberFormat('nl-NL').format(count);
const counted = (count: number, one: string, more: string): string => `${number(count)} ${count === 1 ? one : more}`;

const cut = (text: string, width: number): string =>
  (text.length > width ? `${text.slice(0, width - 1)}…` : text).padEnd(width);

/** One line of the table, its last cell wrapped under itself. */
const understood = ({ position, header, column, certainty, why, shapes }: UnderstoodColumn): string => {
  const [name] = wrap(header === '' ? '(geen naam)' : header, 1_000);
  const start = `${String(position).padStart(4)}  ${cut(name ?? '', 22)}  `;
  const colour = certainty === 'zeker' ? paint.good : certainty ? paint.warning : paint.dim;
  const ours = `${cut(column ?? 'niet gelezen', 22)}${cut(certainty ?? '', 16)}`;
  const looks = column === undefined || shapes.length === 0 ? '' : `: ${shapes.join(' of ')}`;
  const rest = wrap(`${why}${looks}`, 100 - start.length - ours.length).map(paint.dim);
  return `${start}${colour(ours)}${rest.join(`\n${' '.repeat(start.length + ours.length)}`)}`;
};

const listed = (mark: string, texts: readonly string[]): string =>
  texts
    .map((text) =>
      wrap(text, 96)
        .map((line, index) => `${index === 0 ? `  ${mark} ` : '    '}${line}`)
        .join('\n'),
    )
    .join('\n');

/** The mapping without what says nothing. */
const brief = (mapping: ColumnMapping): Partial<ColumnMapping> =>
  Object.fromEntries(
    Object.entries(mapping).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );

/** One entry a line: to be read and pasted. */
export const mappingJson = (mapping: ColumnMapping): string => {
  const entries = Object.entries(brief(mapping)).map(([key, value]) =>
    Array.isArray(value)
      ? `  ${JSON.stringify(key)}: [\n${value.map((each) => `    ${spaced(each)}`).join(',\n')}\n  ]`
      : `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n}`;
};
const spaced = (entry: object): string =>
  `{ ${Object.entries(entry)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(', ')} }`;

const outcome = ({ receipt: { file, counts } }: Checked): string =>
  file
    ? `${paint.bad('✗')} Met deze indeling wordt het bestand geweigerd: ${file.explanation}`
    : `${counts.refused === 0 ? paint.good('✓') : paint.warning('!')} Met deze indeling: ${number(counts.accepted)} van de ${counted(counts.read, 'regel', 'regels')} goed, ${number(counts.refused)} afgekeurd.`;

const proposalText = (name: string, proposal: Proposal, rows: number, tried: Checked | undefined): string =>
  page(
    paint.dim(`${name}: ${counted(rows, 'regel', 'regels')}, ${counted(proposal.columns.length, 'kolom', 'kolommen')}`),
    section(paint.bold('Zo begrijpen wij uw kolommen'), proposal.columns.map(understood).join('\n')),
    section(
      paint.bold('Dit ontbreekt'),
      listed(
        paint.bad('✗'),
        proposal.missing.map(({ column, advice }) => `${column}: ${advice}`),
      ),
    ),
    section(paint.bold('Dit moet u ons vertellen'), listed(paint.warning('?'), proposal.questions)),
    section(paint.bold('Dit hebben wij besloten'), listed('-', proposal.notes)),
    tried ? outcome(tried) : '',
    section(
      paint.bold(
        proposal.ready ? 'Zet dit in de instellingen, bij de partij onder "mapping":' : 'De indeling tot zover:',
      ),
      mappingJson(proposal.mapping),
    ),
    tried && tried.receipt.counts.refused > 0
      ? paint.dim('Wat er met de afgekeurde regels is, zegt: npx meldpunt check BESTAND --indeling indeling.json')
      : '',
  );

/** A mapping proposed from a sample file, and what was understood of it. */
export const mapping: Command = {
  help: HELP,
  offline: true,
  options: {
    kolom: { type: 'string' },
    datums: { type: 'string' },
    bedragen: { type: 'string' },
    vast: { type: 'string' },
    leeg: { type: 'string' },
    soort: { type: 'string' },
    lcv: { type: 'string' },
    partij: { type: 'string' },
    partner: { type: 'string' },
    instellingen: { type: 'string' },
    configuration: { type: 'string' },
  },
  run: async (call) => {
    const [path, ...more] = call.positionals;
    if (path === undefined || more.length > 0) throw new UsageError('Noem één bestand.');
    const answers = answersOf(call);
    const progress = progressOn(process.stderr);
    const file = openFile(path, progress);
    const proposed = await proposeMapping(file, answers).finally(() => progress.end());
    if (!proposed.ok) {
      const { explanation, remedy } = FILE_ADVICE[proposed.error.code];
      throw new Refusal([explanation, ...whereToLook(proposed.error), remedy].join(' '));
    }
    const { rows, ...proposal } = proposed.value;
    const on = amsterdamDate(Instant.parse(new Date().toISOString()));
    const isWhole = proposal.missing.length === 0;
    const tried = isWhole ? await checkFile(path, await againstOf(call, on, proposal.mapping), on) : undefined;
    return {
      ok: proposal.ready && tried?.receipt.file === undefined,
      data: brief(proposal.mapping),
      text: proposalText(file.name, proposal, rows, tried),
    };
  },
};
