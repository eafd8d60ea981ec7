import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { decodeText, sniffer } from '#domain/delivery/decode.ts';
import { nameOf } from '#domain/delivery/dialect.ts';
import { FileRefused } from '#domain/delivery/file-refused.ts';
import { FILE_ADVICE } from '#domain/delivery/rejection.ts';
import { recordsOf } from '#domain/delivery/tokenize.ts';
import { grouped } from '#domain/grouped.ts';
import type { Person, PreparedPerson } from '#domain/matching/person.ts';
import { Refusal, UsageError } from './command.ts';
import { dateOf, isMonthFirst } from './linkage-dates.ts';
import { openFile, type Progress } from './own-file.ts';

/** Records to link, from any CSV: a mapping says which of its columns is which of ours. */

const Headers = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const DateColumns = z.object({ year: z.string(), month: z.string(), day: z.string() }).strict();
const FIELDS = {
  id: Headers.optional(),
  givenNames: Headers.optional(),
  prefix: Headers.optional(),
  surname: Headers,
  dateOfBirth: z.union([Headers, DateColumns]).optional(),
  street: Headers.optional(),
  houseNumber: Headers.optional(),
  addition: Headers.optional(),
  postcode: Headers.optional(),
  city: Headers.optional(),
  phone: Headers.optional(),
  email: Headers.optional(),
};
const Mapping = z.object(FIELDS).strict();
type Mapping = z.infer<typeof Mapping>;
export const FIELD_NAMES = Object.keys(FIELDS) as readonly (keyof Mapping)[];

/** Other names for our fields, as public sets and other systems have them. */
const ALSO: Readonly<Record<string, keyof Mapping>> = {
  recid: 'id',
  uniqueid: 'id',
  recordid: 'id',
  givenname: 'givenNames',
  firstname: 'givenNames',
  firstnames: 'givenNames',
  forename: 'givenNames',
  initials: 'givenNames',
  voorletters: 'givenNames',
  voornaam: 'givenNames',
  voornamen: 'givenNames',
  tussenvoegsel: 'prefix',
  lastname: 'surname',
  familyname: 'surname',
  achternaam: 'surname',
  dob: 'dateOfBirth',
  birthdate: 'dateOfBirth',
  geboortedatum: 'dateOfBirth',
  address: 'street',
  address1: 'street',
  straat: 'street',
  number: 'houseNumber',
  streetnumber: 'houseNumber',
  huisnummer: 'houseNumber',
  toevoeging: 'addition',
  postalcode: 'postcode',
  zip: 'postcode',
  suburb: 'city',
  town: 'city',
  woonplaats: 'city',
  plaats: 'city',
  telephone: 'phone',
  phonenumber: 'phone',
  telefoon: 'phone',
};

/** A JSON file of the caller's, checked against what it must be. */
export const readJson = <T>(path: string, schema: z.ZodType<T>, what: string): T => {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(error instanceof SyntaxError ? `${path} is geen JSON.` : `Ik kan ${path} niet lezen.`);
  }
  const read = schema.safeParse(content);
  if (read.success) return read.data;
  const where = read.error.issues[0]?.path.join('.');
  throw new UsageError(`${path} is geen ${what}${where ? `: kijk naar ${where}` : ''}.`);
};

/** Names of fields as they are compared: without case, spaces and `_`. */
const ours: ReadonlyMap<string, keyof Mapping> = new Map([
  ...Object.entries(ALSO),
  ...FIELD_NAMES.map((field) => [nameOf(field), field] as const),
]);

/** A mapping that names our fields behind the columns says the same the other way round. */
const turned = (given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const isOurs = (name: unknown): boolean => typeof name === 'string' && ours.has(nameOf(name));
  if (Object.keys(given).every(isOurs) || !Object.values(given).every(isOurs)) return given;
  const columns = grouped(Object.entries(given), ([, field]) => String(field));
  return Object.fromEntries([...columns].map(([field, found]) => [field, found.map(([column]) => column)]));
};

/** Which column is which, from a JSON file, either way round; our names in any spelling, or others that mean the same. */
export const readMapping = (path: string): Mapping => {
  const given = turned(readJson(path, z.record(z.string(), z.unknown()), 'indeling'));
  const unknown = Object.keys(given).find((name) => !ours.has(nameOf(name)));
  if (unknown !== undefined)
    throw new UsageError(`Het veld ${JSON.stringify(unknown)} ken ik niet. Kies uit: ${FIELD_NAMES.join(', ')}.`);
  const named = Object.entries(given).flatMap(([name, value]) =>
    value === null ? [] : [[ours.get(nameOf(name)), value] as const],
  );
  const twice = named.find(([field], index) => named.findIndex(([other]) => other === field) !== index);
  if (twice) throw new UsageError(`De indeling noemt ${twice[0]} twee keer. Zet de kolommen in één lijst.`);
  const mapping = Mapping.safeParse(Object.fromEntries(named));
  if (mapping.success) return mapping.data;
  const field = String(mapping.error.issues[0]?.path[0]);
  throw new UsageError(
    field === 'surname' && !named.some(([name]) => name === 'surname')
      ? 'De indeling noemt geen surname: zonder achternaam is er niets te koppelen.'
      : `Bij ${field} hoort de naam van een kolom, of een lijst van namen${
          field === 'dateOfBirth' ? ', of { "year": …, "month": …, "day": … }' : ''
        }.`,
  );
};

export interface ListedPerson {
  readonly id: string;
  readonly person: Person;
}

const two = (part: string): string => part.padStart(2, '0');

/** What a cell must have to be read as what it is said to be. */
const READ: Readonly<Record<keyof Person, (prepared: PreparedPerson, given: string) => boolean>> = {
  givenNames: ({ initials }) => initials !== '',
  prefix: (_, given) => /\p{L}/u.test(given),
  surname: (_, given) => /\p{L}/u.test(given),
  dateOfBirth: ({ birth }) => isDay(Math.floor(birth / 100) % 100, birth % 100),
  street: (_, given) => /\p{L}/u.test(given),
  houseNumber: (_, given) => /\d/.test(given),
  addition: () => true,
  postcode: (_, given) => /\d/.test(given),
  city: (_, given) => /\p{L}/u.test(given),
  phone: ({ phone }) => phone !== '',
  email: ({ email }) => email !== '',
};
const isDay = (month: number, day: number): boolean => month >= 1 && month <= 12 && day >= 1 && day <= 31;

/** Of one field of a file: how many cells say something, and of how many that could be read. */
export interface Coverage {
  readonly field: keyof Person;
  readonly filled: number;
  readonly read: number;
}

/** How well the columns of a mapping are what it says they are. */
export const coverageOf = (
  mapping: Mapping,
  listed: readonly ListedPerson[],
  prepared: readonly PreparedPerson[],
): readonly Coverage[] =>
  (Object.keys(READ) as (keyof Person)[])
    .filter((field) => mapping[field] !== undefined)
    .map((field) => {
      let [filled, read] = [0, 0];
      for (const [at, { person }] of listed.entries()) {
        const [given = '', ready] = [person[field], prepared[at]];
        if (given === '' || ready === undefined) continue;
        filled += 1;
        if (READ[field](ready, given)) read += 1;
      }
      return { field, filled, read };
    });

/** The delimiter that finds most of the columns asked for. */
const delimiterOf = (firstLine: string, wanted: ReadonlySet<string>, declared: string | undefined): string => {
  const found = (delimiter: string): number =>
    firstLine.split(delimiter).filter((cell) => wanted.has(nameOf(cell))).length;
  return [declared ?? ',', ',', ';', '\t', '|'].reduce((best, each) => (found(each) > found(best) ? each : best));
};

const columnsIn = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flat() : [];

/** The persons of a CSV; throws a `Refusal` that names what is wrong. Memory: all of them. */
export const readPersons = async (
  path: string,
  mapping: Mapping,
  progress: Progress,
): Promise<readonly ListedPerson[]> => {
  const file = openFile(path, progress);
  const refused = (code: keyof typeof FILE_ADVICE): Refusal => new Refusal(`${path}: ${FILE_ADVICE[code].explanation}`);
  const watch = sniffer();
  for await (const bytes of await file.bytes()) watch.push(bytes);
  const sniffed = watch.finish();
  if (!sniffed.ok) throw refused(sniffed.error.code);
  if (sniffed.value.format === 'zip')
    throw new Refusal(`${path} is geen CSV. Is het een Excel-bestand? Bewaar het dan eerst als CSV.`);
  const { encoding, firstLine, declared, skipLines } = sniffed.value;
  const wanted = new Set(Object.values(mapping).flatMap(columnsIn).map(nameOf));
  const delimiter = delimiterOf(firstLine, wanted, declared);
  const rows: (readonly string[])[] = [];
  try {
    for await (const batch of recordsOf(decodeText(await file.bytes(), encoding), delimiter, skipLines))
      for (const { cells } of batch) rows.push(cells);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    throw refused(error.rejection.code);
  }
  const [header = [], ...records] = rows;
  const names = header.map(nameOf);
  const placeOf = (column: string): number => {
    const place = names.indexOf(nameOf(column));
    if (place === -1)
      throw new Refusal(`In ${path} ontbreekt de kolom ${JSON.stringify(column)}, die de indeling noemt.`);
    return place;
  };
  const places = Object.fromEntries(
    Object.entries(mapping).map(([field, value]) => [field, columnsIn(value).map(placeOf)]),
  );
  const isMissing = (cell: string): boolean => /^(?:n\/?a|null|none|nan|-)?$/i.test(cell);
  const text = (cells: readonly string[], field: keyof Mapping): string | undefined => {
    const parts = (places[field] ?? []).map((place) => (cells[place] ?? '').trim()).filter((part) => !isMissing(part));
    return parts.length === 0 ? undefined : parts.join(' ');
  };
  const { dateOfBirth } = mapping;
  const isInParts = typeof dateOfBirth === 'object' && !Array.isArray(dateOfBirth);
  const partsOfDate = isInParts ? [dateOfBirth.year, dateOfBirth.month, dateOfBirth.day].map(placeOf) : undefined;
  const birth = (cells: readonly string[]): string => {
    if (!partsOfDate) return text(cells, 'dateOfBirth') ?? '';
    const parts = partsOfDate.map((place) => (cells[place] ?? '').trim().replace(/\.0$/, ''));
    return parts.every(isMissing) ? '' : parts.map(two).join('-');
  };
  const monthFirst = partsOfDate === undefined && isMonthFirst(records.map(birth));
  return records.map((cells, index) => ({
    id: text(cells, 'id') ?? String(index + 1),
    person: {
      givenNames: text(cells, 'givenNames'),
      prefix: text(cells, 'prefix'),
      surname: text(cells, 'surname') ?? '',
      dateOfBirth: dateOf(birth(cells), monthFirst) ?? birth(cells),
      street: text(cells, 'street'),
      houseNumber: text(cells, 'houseNumber'),
      addition: text(cells, 'addition'),
      postcode: text(cells, 'postcode'),
      city: text(cells, 'city'),
      phone: text(cells, 'phone'),
      email: text(cells, 'email'),
    },
  }));
};
