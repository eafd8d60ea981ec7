import { createReadStream } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { IsoDate } from '#domain/ids.ts';
import { type CbsProblem, type CbsReader, cbsReader, type OnRow } from '#domain/reference/cbs-rows.ts';
import {
  type Changes,
  collection,
  type Derived,
  derive,
  type FileProblem,
  survey,
  toLookInto,
  wrongWithFile,
} from '#domain/reference/derive.ts';
import { knownMunicipalities, municipalityName, type PostcodeCsv, SHIPPED } from '#domain/reference/reference.ts';
import { dutchDate } from '#domain/term/explain.ts';
import { type Command, Refusal, textOf, UsageError } from './command.ts';
import { facts, page, section } from './layout.ts';

const HELP = `postcodes BESTAND.csv [--schrijf] [--map MAP]

Leest het jaarlijkse CBS-bestand met postcodes en huisnummers (pc6hnr<jjjjmmdd>_gwb.csv, uitgepakt) en zegt wat er
verandert aan de tabel waarmee het meldpunt de gemeente van een adres bepaalt. Met het hele bestand is elk adres zeker.

  --schrijf           schrijft de nieuwe tabellen; daarna testen en uitrollen
  --map MAP           andere map dan functions/domain/reference/data`;

const DATA = resolve(import.meta.dirname, '../../functions/domain/reference/data');
const FILES: Readonly<Record<Exclude<keyof PostcodeCsv, 'poBoxes'>, string>> = {
  postcodes: 'postcode-municipality',
  ambiguous: 'pc4-ambiguous',
  exceptions: 'postcode-exceptions',
};

const HEADER_PROBLEM =
  'De kopregel klopt niet. Die hoort te zijn: PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025 (of met komma’s, en een ander jaar).';

const rowProblem = (problem: CbsProblem): string => {
  switch (problem.code) {
    case 'HEADER':
      return HEADER_PROBLEM;
    case 'EMPTY':
      return 'Er staan geen regels in het bestand.';
    case 'COLUMNS':
      return `Regel ${problem.line} heeft niet de kolommen van de kopregel: een ander scheidingsteken, of een bestand dat is afgebroken.`;
    case 'POSTCODE':
      return `Op regel ${problem.line} staat geen postcode als 1234AB.`;
    case 'HOUSE_NUMBER':
      return `Op regel ${problem.line} staat geen huisnummer.`;
    case 'MUNICIPALITY':
      return `Op regel ${problem.line} staat geen gemeentecode.`;
    case 'MUNICIPALITY_UNKNOWN':
      return `Gemeente ${problem.municipality} op regel ${problem.line} ken ik niet. Is zij nieuw? Zet haar dan eerst in municipalities.ts en municipality-changes.ts. Is zij opgegaan in een andere? Dan is het bestand te oud.`;
  }
};

const fileProblem = (problem: FileProblem): string => {
  switch (problem.code) {
    case 'MUNICIPALITIES_ABSENT':
      return `In het bestand ontbreekt ${problem.municipalities.slice(0, 5).map(municipalityName).join(', ')}${
        problem.municipalities.length > 5 ? ` en ${problem.municipalities.length - 5} andere gemeenten` : ''
      }. Is het bestand heel? Is de gemeente opgegaan in een andere, zet dat dan eerst in municipality-changes.ts.`;
    case 'POSTCODES_ABSENT':
      return `In het bestand ontbreken ${problem.count} postcodegebieden die er nu wel zijn. Is het bestand heel?`;
    case 'TOO_MANY_BORDERS':
      return `In het bestand liggen ${problem.count} postcodegebieden in meer dan één gemeente. Dat kan niet kloppen.`;
  }
};

/** Reads the file from beginning to end; memory stays bounded. */
const readAll = async (file: string, onRow: OnRow): Promise<CbsReader> => {
  const known = new Uint8Array(10_000);
  for (const { code } of knownMunicipalities()) known[Number(code)] = 1;
  const reader = cbsReader(known, onRow);
  const stop = (problem: CbsProblem | undefined): void => {
    if (problem) throw new Refusal(`${rowProblem(problem)} Er is niets geschreven.`);
  };
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 }))
      stop(reader.push(piece as Uint8Array));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new UsageError(`Ik kan ${file} niet lezen.`);
  }
  stop(reader.end());
  return reader;
};

/** The day the file tells of: in its name, else 1 August of the year in its header, as CBS takes it. */
const dayOf = (file: string, year: number): IsoDate => {
  const [, y, m, d] = /(\d{4})(\d\d)(\d\d)/.exec(basename(file)) ?? [];
  const named = IsoDate.safeParse(`${y}-${m}-${d}`);
  return named.success && Number(y) === year ? named.data : IsoDate.parse(`${year}-08-01`);
};

interface Read extends Derived {
  readonly on: IsoDate;
  readonly rows: number;
}

const readTwice = async (file: string): Promise<Read> => {
  const seen = survey();
  const first = await readAll(file, seen.add);
  const on = dayOf(file, first.year());
  const found = seen.found();
  const problem = wrongWithFile(found, SHIPPED, on);
  if (problem) throw new Refusal(`${fileProblem(problem)} Er is niets geschreven.`);
  const houses = collection(toLookInto(found, SHIPPED));
  await readAll(file, houses.add);
  return { ...derive(found, houses.collected, SHIPPED, { year: first.year() }), on, rows: first.rows() };
};

const DIGITS = new Intl.NumberFormat('en-US');

/** The words of the README that tell what is in the tables now. */
const readmeWith = (text: string, file: string, { tables, changes, on }: Read): string => {
  const counted = Object.entries(FILES).reduce((readme, [table, name]) => {
    const rows = tables[table as keyof typeof FILES].trimEnd().split('\n').length - 1;
    return readme.replace(new RegExp(`^(\\| ${name} \\| )[\\d,]+`, 'm'), `$1${DIGITS.format(rows)}`);
  }, text);
  const said = `- Read in last: CBS \`${basename(file)}\` of ${on}; ${changes.absent.length} PC4s it lacks stay as they were, ${changes.undecided} house numbers stay *probable*.`;
  return counted.replace(/^- Read in last: .*$/m, () => said);
};

/** Each table beside the one it replaces first, so that a stop half-way leaves whole files. */
const write = async (folder: string, file: string, read: Read): Promise<void> => {
  const texts: (readonly [string, string])[] = [];
  for (const [table, name] of Object.entries(FILES)) {
    const path = join(folder, `${name}.ts`);
    const csv = read.tables[table as keyof typeof FILES];
    texts.push([path, (await readFile(path, 'utf8')).replace(/`[^`]*`/, () => `\`${csv}\``)]);
  }
  const readme = join(folder, 'README.md');
  texts.push([readme, readmeWith(await readFile(readme, 'utf8'), file, read)]);
  for (const [path, text] of texts) await writeFile(`${path}.new`, text);
  for (const [path] of texts) await rename(`${path}.new`, path);
};

const MANY = 20;
const some = (items: readonly string[]): string | undefined =>
  items.length === 0
    ? undefined
    : `${items.length}: ${items.slice(0, MANY).join(', ')}${items.length > MANY ? ' …' : ''}`;
const named = (gm: string): string => knownMunicipalities().find(({ code }) => `GM${code}` === gm)?.name ?? gm;

const changesText = (file: string, { changes, on, rows }: Read, written: boolean): string => {
  const { pc4s, added, absent, moved, ambiguous, exceptions, undecided }: Changes = changes;
  const number = new Intl.NumberFormat('nl-NL');
  const turned = (each: { readonly before: number; readonly after: number }): string =>
    each.before === each.after ? String(each.after) : `${each.before} → ${each.after}`;
  return page(
    section(
      basename(file),
      facts([
        ['peildatum', dutchDate(on)],
        ['adressen', number.format(rows)],
        ['postcodegebieden', number.format(pc4s)],
        ['nieuw', some(added)],
        ['naar een andere gemeente', some(moved.map(({ pc4, from, to }) => `${pc4} ${named(from)} → ${named(to)}`))],
        ['niet in het bestand, blijft staan', some(absent)],
        ['in meer dan één gemeente', turned(ambiguous)],
        ['uitzonderingen', turned(exceptions)],
        ['huisnummers die niet zeker zijn', undecided === 0 ? undefined : String(undecided)],
      ]),
    ),
    written
      ? 'De tabellen zijn geschreven. Draai nu de tests en rol uit.'
      : 'Er is niets geschreven. Met --schrijf worden de tabellen vervangen.',
  );
};

/** Refreshes the table of postcodes from the yearly CBS file (R-ROU-1). */
export const postcodes: Command = {
  help: HELP,
  offline: true,
  options: { schrijf: { type: 'boolean' }, map: { type: 'string' } },
  run: async (call) => {
    const [file, ...more] = call.positionals;
    if (file === undefined || more.length > 0) throw new UsageError('Noem één bestand.');
    const written = call.values.schrijf === true;
    const read = await readTwice(file);
    if (written) await write(resolve(textOf(call, 'map') ?? DATA), file, read);
    const { changes, on, rows } = read;
    return {
      ok: true,
      data: { file: basename(file), on, rows, written, ...changes },
      text: changesText(file, read, written),
    };
  },
};
