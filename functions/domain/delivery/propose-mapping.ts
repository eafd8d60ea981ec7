import { mappingProblems } from '../agreement/check-mapping.ts';
import { err, ok, type Result } from '../result.ts';
import { neededOf } from './column-schema.ts';
import { columnsNamed, isAboutObjection, knownWord, mustBeReadAs, plainName, yesOrNo } from './column-synonyms.ts';
import { type AttestedColumn, type DeliveryColumn, deliveryContract, isAttested, STEP_COLUMNS } from './columns.ts';
import { decodeText, type Sniffed, sniffer } from './decode.ts';
import { COLLECTION_PHASES, type FileRejection, SIGNAL_KINDS, WITHDRAWAL_REASONS } from './delivery.ts';
import { DELIMITERS, headerOf, isBsnName, MAX_COLUMNS, nameOf, REJECTION_COLUMNS } from './dialect.ts';
import { FileRefused } from './file-refused.ts';
import {
  AMOUNT_FORMATS,
  type AmountFormat,
  ColumnMapping,
  DATE_FORMATS,
  type DateFormat,
  MAX_HEADER,
} from './mapping.ts';
import type { DeliveryFile } from './reading.ts';
import { fileAdvice, whereToLook } from './rejection.ts';
import { type CsvRecord, recordsOf } from './tokenize.ts';
import {
  cellText,
  parseAmount,
  parseDate,
  parseEmail,
  parseHouseNumber,
  parsePhone,
  parsePostcode,
  parseYesNo,
} from './values.ts';
import { recordsOfWorkbook } from './workbook.ts';

/**
 * Proposes a column mapping from a file as a party writes it: by the names of its columns, by the shape of the values, and
 * formats by what reads all of them in one way only. What can be read in two ways is asked, never guessed. Nothing it
 * answers holds a value of the file: shapes only.
 */

/** What somebody who knows the file said already. */
export type Answers = Partial<Pick<ColumnMapping, 'dates' | 'amounts' | 'columns' | 'fixed' | 'defaults'>>;

export interface UnderstoodColumn {
  /** 1 = first. */
  readonly position: number;
  readonly header: string;
  /** Ours; absent: it is not read. */
  readonly column?: DeliveryColumn;
  readonly certainty?: 'zeker' | 'waarschijnlijk';
  readonly why: string;
  /** How the values look, most frequent first: `99-99-9999`, `9.999,99`. */
  readonly shapes: readonly string[];
}

export interface Proposal {
  readonly columns: readonly UnderstoodColumn[];
  /** Columns a delivery cannot be without. */
  readonly missing: readonly { readonly column: DeliveryColumn; readonly advice: string }[];
  /** What only the party can answer. */
  readonly questions: readonly string[];
  /** What was concluded, and from what. */
  readonly notes: readonly string[];
  readonly mapping: ColumnMapping;
  /** A delivery can be read with it: nothing is missing and nothing has to be asked. */
  readonly ready: boolean;
}

export type NoProposal = 'HEADER_MISSING';

const DATE_COLUMNS = ['geboortedatum', 'vervaldatum', 'datum_einde_levering'] as const;
const isStep = (column: DeliveryColumn): boolean => (STEP_COLUMNS as readonly DeliveryColumn[]).includes(column);
const holdsDates = (column: DeliveryColumn): boolean =>
  isStep(column) || (DATE_COLUMNS as readonly DeliveryColumn[]).includes(column);
const OUR_WORDS: Readonly<Partial<Record<DeliveryColumn, readonly string[]>>> = {
  fase: COLLECTION_PHASES,
  signaalsoort: SIGNAL_KINDS,
  actie: ['melden', 'intrekken'],
  reden: WITHDRAWAL_REASONS,
};

/** A word of the party as a word of ours; the same when it is one, undefined when we do not know it. */
const ourWord = (column: DeliveryColumn, text: string): string | undefined => {
  const word = text.toLowerCase();
  if (isAttested(column)) return parseYesNo(word).ok ? word : yesOrNo(word);
  return OUR_WORDS[column]?.includes(word) ? word : knownWord(column, word);
};

const isDate = (text: string): boolean => {
  const ours = parseDate(text);
  if (ours.ok || ours.error === 'TWO_WAYS' || ours.error === 'SHORT_YEAR') return true;
  return DATE_FORMATS.some((format) => parseDate(text, format).ok);
};
const isAmount = (text: string): boolean => {
  const ours = parseAmount(text);
  if (ours.ok || ours.error === 'AMBIGUOUS' || ours.error === 'NOT_POSITIVE') return true;
  return AMOUNT_FORMATS.some((format) => parseAmount(text, format).ok);
};
const HOLDS_NAME = /\p{L}{2}/u;

/** Whether a value can be one of this column. Columns of free text take anything. */
const fits = (column: DeliveryColumn, text: string): boolean => {
  if (isStep(column)) return isDate(text) || ourWord(column, text) !== undefined;
  if (holdsDates(column)) return isDate(text);
  if (isAttested(column) || OUR_WORDS[column]) return ourWord(column, text) !== undefined;
  switch (column) {
    case 'partner':
      return /^[a-z0-9-]{2,40}$/i.test(text);
    case 'referentie':
    case 'klantnummer':
      return /\d/.test(text) && text.length <= 64 && !isDate(text.replace(/^\d{8}$/, ''));
    case 'voorletters':
      return /^[\p{L}. -]{1,20}$/u.test(text);
    case 'achternaam':
      return HOLDS_NAME.test(text) && !/\d{2}/.test(text);
    case 'straat':
    case 'woonplaats':
    case 'gemeente':
      return HOLDS_NAME.test(text) && !/\s\d+\s?\p{L}?$|^\d{4} ?[A-Z]{2}\b/u.test(text);
    case 'huisnummer':
      return parseHouseNumber(text, '', '').ok;
    case 'huisletter':
      return /^\p{L}$/u.test(text);
    case 'postcode':
      return parsePostcode(text).ok;
    case 'telefoon':
      return text.replace(/\D/g, '').length >= 6;
    case 'email':
      return text.includes('@');
    case 'bedrag':
      return isAmount(text);
    default:
      return true;
  }
};

/** Columns that the values alone give away, whatever the name. */
const TELLING: Readonly<Partial<Record<DeliveryColumn, (text: string) => boolean>>> = {
  postcode: (text) => parsePostcode(text).ok,
  email: (text) => parseEmail(text) !== undefined,
  telefoon: (text) => /^[+0]/.test(text) && parsePhone(text) !== undefined,
};

/** How a value looks: digits as 9, letters as a. Says nothing of what it says. */
const shapeOf = (text: string): string =>
  text
    .replace(/\d/g, '9')
    .replace(/\p{L}+/gu, (run) => (run.length === 1 ? 'a' : 'aa'))
    .replace(/[^9a\s.,:;/@€+()-]/gu, '?')
    .slice(0, 24);

const increase = <K>(counts: Map<K, number>, key: K, limit: number): void => {
  const count = counts.get(key);
  if (count !== undefined || counts.size < limit) counts.set(key, (count ?? 0) + 1);
};

const SAMPLED = 2_000;
const DISTINCT = 20_000;

/** What is known of one column of the file. Bounded, whatever the file holds. */
class Profile {
  readonly position: number;
  readonly header: string;
  filled = 0;
  empty = 0;
  /** A value that came twice. */
  repeats = false;
  /** How many of the dates and amounts each way of writing reads; `ours`: our own. */
  readonly dates = new Map<DateFormat | 'ours' | 'any' | 'short', number>();
  readonly amounts = new Map<AmountFormat | 'ours' | 'any' | 'comma' | 'point' | 'whole' | 'negative', number>();
  readonly words = new Map<string, number>();
  private readonly named: readonly DeliveryColumn[];
  private readonly shapes = new Map<string, number>();
  private readonly fitting = new Map<DeliveryColumn, number>();
  private readonly telling = new Map<DeliveryColumn, number>();
  private sampled = 0;
  private readonly values = new Set<string>();

  constructor(position: number, header: string, candidates: readonly DeliveryColumn[]) {
    this.position = position;
    this.header = header;
    this.named = candidates;
  }

  take(cell: string): void {
    const text = cellText(cell);
    if (text === '') {
      this.empty += 1;
      return;
    }
    this.filled += 1;
    if (this.sampled < SAMPLED) this.sample(text);
    if (this.named.some(holdsDates)) this.takeDate(text);
    if (this.named.includes('bedrag')) this.takeAmount(text);
    if (this.named.some((column) => isAttested(column) || OUR_WORDS[column]))
      increase(this.words, text.toLowerCase().slice(0, 40), 60);
    if (this.values.size < DISTINCT && !this.repeats) {
      this.repeats = this.values.has(text);
      this.values.add(text);
    }
  }

  /** Share of the values that can be of this column; 1 when it has none. */
  fit(column: DeliveryColumn): number {
    return this.sampled === 0 ? 1 : (this.fitting.get(column) ?? 0) / this.sampled;
  }

  /** The column the values give away. */
  get tells(): DeliveryColumn | undefined {
    const enough = Math.max(3, this.sampled * 0.9);
    return [...this.telling].find(([, count]) => count >= enough)?.[0];
  }

  get looks(): readonly string[] {
    return [...this.shapes]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 2)
      .map(([shape]) => shape);
  }

  private sample(text: string): void {
    this.sampled += 1;
    increase(this.shapes, shapeOf(text), 200);
    for (const column of this.named) if (fits(column, text)) increase(this.fitting, column, 40);
    for (const [column, isOne] of Object.entries(TELLING) as [DeliveryColumn, (text: string) => boolean][])
      if (isOne(text)) increase(this.telling, column, 40);
  }

  private takeDate(text: string): void {
    const ours = parseDate(text);
    const readers = DATE_FORMATS.filter((format) => parseDate(text, format).ok);
    if (!ours.ok && ours.error === 'SHORT_YEAR') increase(this.dates, 'short', 20);
    if (!ours.ok && readers.length === 0) return;
    increase(this.dates, 'any', 20);
    if (ours.ok) increase(this.dates, 'ours', 20);
    for (const format of readers) increase(this.dates, format, 20);
  }

  private takeAmount(text: string): void {
    const ours = parseAmount(text);
    if (!ours.ok && ours.error === 'NOT_POSITIVE') increase(this.amounts, 'negative', 20);
    const readers = AMOUNT_FORMATS.filter((format) => parseAmount(text, format).ok);
    if (!ours.ok && readers.length === 0) return;
    increase(this.amounts, 'any', 20);
    if (ours.ok) increase(this.amounts, 'ours', 20);
    for (const format of readers) increase(this.amounts, format, 20);
    if (/,(?:\d\d?|-+)(?: ?€)?$/.test(text)) increase(this.amounts, 'comma', 20);
    if (/\.\d\d?(?: ?€)?$/.test(text)) increase(this.amounts, 'point', 20);
    if (/^(?:€ ?)?\d+(?: ?€)?$/.test(text)) increase(this.amounts, 'whole', 20);
  }
}

/** The party said so itself. */
const SAID = 4;

interface Candidate {
  readonly profile: Profile;
  readonly column: DeliveryColumn;
  /** `SAID`; 3: our own name; 2: means nothing else; 1: usually; 0: by the values alone. */
  readonly level: number;
  readonly fit: number;
}

/** Columns of which any that fits will do: the one with most in it is taken. */
const ANY_WILL_DO: readonly DeliveryColumn[] = [
  ...STEP_COLUMNS,
  'telefoon',
  'email',
  'klantnummer',
  'straat',
  'woonplaats',
];
const isNeeded = (column: DeliveryColumn): boolean => neededOf(column) === 'yes';

const ADVICE: Readonly<Partial<Record<DeliveryColumn, string>>> = {
  referentie: 'Een eigen kenmerk per achterstand, dat elke maand hetzelfde is. Neem zo’n nummer op in uw export.',
  bezwaar:
    'Wie bezwaar maakte, mag u niet aanleveren. Laat uw export die inwoners al weg? Zeg dat dan met --vast bezwaar=n.',
  vervaldatum: 'De dag waarop de oudste open rekening betaald had moeten zijn. Een factuurdatum is dat niet.',
};
const STEPS_ADVICE =
  'Neem de vier stappen van sociale incasso op in uw export. Zijn ze bij elke regel gezet? Zeg dat dan met --vast sociale_incasso=j.';
const adviceOn = (column: DeliveryColumn): string =>
  isStep(column) ? STEPS_ADVICE : (ADVICE[column] ?? 'Neem deze kolom op in uw export.');

const quoted = (header: string): string => `‘${header}’`;
const PERCENT = new Intl.NumberFormat('nl-NL', { style: 'percent' });

/** Looks at a file row by row, and then proposes. Memory does not grow with the file. */
export class MappingProposer {
  private readonly profiles: readonly Profile[];
  private readonly answers: Answers;
  private readonly header: readonly string[];
  private readonly questions: string[] = [];
  private readonly notes: string[] = [];
  private readonly why = new Map<Profile, string>();
  /** Columns that may not be left out, and are not read: a file with them is refused until somebody decides. */
  private readonly undecided = new Set<Profile>();

  private constructor(header: readonly string[], answers: Answers) {
    this.header = header.map((name) => cellText(name.replace(/^\uFEFF/, '')));
    this.answers = answers;
    this.profiles = this.header.map((name, place) => {
      const said = this.saidOf(name);
      const named = columnsNamed(name).map(({ column }) => column);
      return new Profile(place + 1, name, said ? [said, ...named] : named);
    });
  }

  /** A first line of values is no header: it may not be shown. */
  static of(header: readonly string[], answers: Answers = {}): Result<MappingProposer, NoProposal> {
    const texts = header.map((cell) => cellText(cell.replace(/^\uFEFF/, ''))).filter((text) => text !== '');
    const known = texts.filter((text) => columnsNamed(text).length > 0).length;
    const isValue = (text: string): boolean => /\d{3}/.test(text) || parseEmail(text) !== undefined || isAmount(text);
    const values = texts.filter(isValue).length;
    return known === 0 || (values > 0 && known < 3) ? err('HEADER_MISSING') : ok(new MappingProposer(header, answers));
  }

  take(cells: readonly string[]): void {
    for (const profile of this.profiles) profile.take(cells[profile.position - 1] ?? '');
  }

  propose(): Proposal {
    this.questions.length = 0;
    this.notes.length = 0;
    const chosen = this.chosen();
    const dates = this.dateFormat(chosen);
    const amounts = this.amountFormat(chosen);
    this.askAboutAttested(chosen);
    const mapping = ColumnMapping.parse({
      columns: this.columnsOf(chosen),
      ...(dates === undefined ? {} : { dates }),
      ...(amounts === undefined ? {} : { amounts }),
      words: this.wordsOf(chosen),
      fixed: this.answers.fixed ?? [],
      defaults: this.answers.defaults ?? [],
    });
    const missing = this.missing(mapping, chosen);
    this.askAboutEmpty(chosen);
    this.askAboutReference(chosen);
    this.askAboutHeader(mapping);
    for (const { text } of mappingProblems(mapping)) this.questions.push(`Zo kan de indeling niet: ${text}.`);
    return {
      columns: this.profiles.map((profile) => this.understood(profile, chosen)),
      missing,
      questions: [...new Set(this.questions)],
      notes: this.notes,
      mapping,
      ready: missing.length === 0 && this.questions.length === 0,
    };
  }

  /** Which column each of ours is in: the surest first, and none where two are as sure as each other. */
  private chosen(): ReadonlyMap<DeliveryColumn, Candidate> {
    const candidates = this.profiles
      .flatMap((profile) => this.candidatesOf(profile))
      .sort(
        (a, b) =>
          b.level - a.level ||
          Number(isNeeded(b.column)) - Number(isNeeded(a.column)) ||
          b.profile.filled - a.profile.filled,
      );
    const chosen = new Map<DeliveryColumn, Candidate>();
    const taken = new Set<Profile>();
    const asked = new Set<DeliveryColumn>();
    for (const candidate of candidates) {
      const { column, profile, level } = candidate;
      if (chosen.has(column) || taken.has(profile) || asked.has(column)) continue;
      const equals = candidates.filter(
        (other) => other.column === column && other.level === level && !taken.has(other.profile),
      );
      if (equals.length > 1 && !ANY_WILL_DO.includes(column) && !isAttested(column)) {
        asked.add(column);
        const names = equals.map(({ profile: { header } }) => quoted(header)).join(' of ');
        this.questions.push(`Welke kolom is ${column}: ${names}? Zeg het met --kolom "<naam>=${column}".`);
        continue;
      }
      chosen.set(column, candidate);
      taken.add(profile);
    }
    this.byShape(chosen, taken);
    this.numberAsReference(chosen);
    return chosen;
  }

  private candidatesOf(profile: Profile): readonly Candidate[] {
    const { header } = profile;
    if (header === '') return [];
    const said = this.saidOf(header);
    if (said === null) {
      this.why.set(profile, 'u zei dat wij deze kolom niet lezen');
      return [];
    }
    if (said !== undefined) return [{ profile, column: said, level: SAID, fit: 1 }];
    if (this.profiles.some((other) => other !== profile && nameOf(other.header) === nameOf(header))) {
      this.why.set(profile, 'deze naam staat er twee keer');
      return [];
    }
    return columnsNamed(header).flatMap(({ column, level }) => {
      const fit = profile.fit(column);
      const given = isStep(column) && this.given.has('sociale_incasso') ? 'sociale_incasso' : column;
      if (this.isFixed(column) || given !== column) {
        this.why.set(profile, `u gaf ${given} zelf een waarde`);
        return [];
      }
      const isWanted = level === 3 ? isNeeded(column) : level === 2 && column === 'bezwaar';
      if (fit >= 0.5 || isWanted) return [{ profile, column, level, fit }];
      this.why.set(profile, `de naam past bij ${column}, maar de waarden niet`);
      return [];
    });
  }

  private byShape(chosen: Map<DeliveryColumn, Candidate>, taken: Set<Profile>): void {
    for (const profile of this.profiles) {
      const column = profile.tells;
      const isFree = profile.header !== '' && !taken.has(profile) && this.saidOf(profile.header) === undefined;
      if (column === undefined || chosen.has(column) || this.isFixed(column) || !isFree) continue;
      chosen.set(column, { profile, column, level: 0, fit: 1 });
      taken.add(profile);
    }
  }

  /** A number of the customer that is in every row once can be what the arrear is known by. */
  private numberAsReference(chosen: Map<DeliveryColumn, Candidate>): void {
    const number = chosen.get('klantnummer');
    if (chosen.has('referentie') || this.isFixed('referentie') || number === undefined || number.level === SAID) return;
    const { profile } = number;
    if (profile.repeats || profile.empty > 0 || profile.filled === 0) return;
    chosen.delete('klantnummer');
    chosen.set('referentie', { profile, column: 'referentie', level: 1, fit: 1 });
    this.notes.push(
      `Er is geen kenmerk van de achterstand zelf. Kolom ${quoted(profile.header)} staat in elke regel en komt nooit twee keer voor: daarmee kan het.`,
    );
  }

  private isFixed(column: DeliveryColumn): boolean {
    return this.answers.fixed?.some((each) => each.column === column) ?? false;
  }

  /** Columns that who knows the file spoke for itself. */
  private get given(): ReadonlySet<DeliveryColumn> {
    const { fixed = [], defaults = [] } = this.answers;
    const spoken = defaults.filter(({ column }) => column === 'bezwaar' || column === 'sociale_incasso');
    return new Set([...fixed, ...spoken].map(({ column }) => column));
  }

  private saidOf(header: string): DeliveryColumn | null | undefined {
    return this.answers.columns?.find((said) => nameOf(said.header) === nameOf(header))?.column;
  }

  private understood(profile: Profile, chosen: ReadonlyMap<DeliveryColumn, Candidate>): UnderstoodColumn {
    const { position, header, looks } = profile;
    const base = { position, header, shapes: looks };
    const candidate = [...chosen.values()].find((each) => each.profile === profile);
    if (candidate === undefined) {
      const isOurs = (REJECTION_COLUMNS as readonly string[]).includes(nameOf(header));
      const unknown = isOurs ? 'van ons eigen afkeurbestand' : 'geen kolom die wij kennen';
      return {
        ...base,
        why: this.why.get(profile) ?? (columnsNamed(header).length > 0 ? 'een andere kolom past beter' : unknown),
      };
    }
    const { column, level, fit } = candidate;
    const isSure = level >= 2 && fit >= 0.95;
    const because = [
      'de waarden zien er zo uit',
      'de naam betekent dit meestal',
      'de naam',
      'onze eigen naam',
      'u zei het zelf',
    ];
    const share = fit < 0.95 ? `; ${PERCENT.format(fit)} van de waarden past` : '';
    return { ...base, column, certainty: isSure ? 'zeker' : 'waarschijnlijk', why: `${because[level] ?? ''}${share}` };
  }

  /** Every column whose name is not ours already; also those that are not read, so that the header is known whole. */
  private columnsOf(chosen: ReadonlyMap<DeliveryColumn, Candidate>): ColumnMapping['columns'] {
    const named = new Set<string>();
    return this.profiles.slice(0, MAX_COLUMNS).flatMap((profile) => {
      const { header } = profile;
      const column = [...chosen.values()].find((each) => each.profile === profile)?.column ?? null;
      const name = nameOf(header);
      const isOurs =
        column !== null ? name === nameOf(column) : (REJECTION_COLUMNS as readonly string[]).includes(name);
      const canBeSaid = name !== '' && header.length <= MAX_HEADER && !this.undecided.has(profile);
      if (isOurs || named.has(name) || !canBeSaid) return [];
      named.add(name);
      return [{ header, column }];
    });
  }

  private dateFormat(chosen: ReadonlyMap<DeliveryColumn, Candidate>): DateFormat | undefined {
    if (this.answers.dates !== undefined) return this.answers.dates;
    const profiles = [...chosen].filter(([column]) => holdsDates(column)).map(([, { profile }]) => profile);
    const count = (key: DateFormat | 'ours' | 'any' | 'short'): number =>
      profiles.reduce((sum, { dates }) => sum + (dates.get(key) ?? 0), 0);
    const short = count('short');
    if (short > 0)
      this.questions.push(
        `${short === 1 ? '1 datum heeft' : `${amount(short)} datums hebben`} een jaar met twee cijfers. Dat kunnen wij niet zeker lezen. Laat uw systeem vier cijfers schrijven.`,
      );
    const all = count('any');
    if (all === 0) return undefined;
    if (count('ours') === all) {
      this.notes.push(`Datums (${amount(all)}): te lezen zoals wij ze vragen.`);
      return undefined;
    }
    const ways = DATE_FORMATS.filter((format) => count(format) === all);
    const [only, ...others] = ways;
    if (only !== undefined && others.length === 0) {
      this.notes.push(
        `Datums: ${only} (streepje, punt of schuine streep) is de enige manier die ${allOf(all, 'de ene datum', 'datums')} leest.`,
      );
      return only;
    }
    this.questions.push(
      only === undefined
        ? 'De datums zijn op verschillende manieren geschreven. Laat uw systeem ze allemaal hetzelfde schrijven.'
        : `De datums kunnen ${ways.join(' of ')} zijn: zo is ${allOf(all, 'de ene datum', 'datums')} te lezen. Zeg het met --datums.`,
    );
    return undefined;
  }

  private amountFormat(chosen: ReadonlyMap<DeliveryColumn, Candidate>): AmountFormat | undefined {
    if (this.answers.amounts !== undefined) return this.answers.amounts;
    const candidate = chosen.get('bedrag');
    if (candidate === undefined) return undefined;
    const { amounts, header } = candidate.profile;
    const count = (key: AmountFormat | 'ours' | 'any' | 'comma' | 'point' | 'whole' | 'negative'): number =>
      amounts.get(key) ?? 0;
    const all = count('any');
    const negative = count('negative');
    if (negative > 0)
      this.notes.push(
        `${negative === 1 ? '1 bedrag is' : `${amount(negative)} bedragen zijn`} nul of minder. Zo’n regel wordt afgekeurd.`,
      );
    if (all === 0) return undefined;
    if (count('whole') === all && candidate.level !== 3) {
      if (/cent|ct$/.test(plainName(header))) return this.concluded('centen', 'de naam van de kolom zegt het');
      this.questions.push(
        `${all === 1 ? 'Het ene bedrag is een heel getal' : `Alle ${amount(all)} bedragen zijn hele getallen`}. Zijn het euro’s of centen? Zeg het met --bedragen komma (euro’s) of --bedragen centen.`,
      );
      return undefined;
    }
    if (count('ours') === all) {
      this.notes.push(`Bedragen (${amount(all)}): te lezen zoals wij ze vragen.`);
      return undefined;
    }
    // A sign for decimals must be seen before `1.234` can be told from 1,234.
    const ways = (['komma', 'punt'] as const).filter(
      (format) => count(format) === all && count(format === 'komma' ? 'comma' : 'point') > 0,
    );
    const [only, ...others] = ways;
    if (only !== undefined && others.length === 0)
      return this.concluded(only, `de enige manier die ${allOf(all, 'het ene bedrag', 'bedragen')} leest`);
    this.questions.push(
      'Is het teken voor de centen een komma (1.234,56) of een punt (1,234.56)? Zeg het met --bedragen komma of --bedragen punt.',
    );
    return undefined;
  }

  private concluded(format: AmountFormat, because: string): AmountFormat {
    this.notes.push(`Bedragen: ${format}, ${because}.`);
    return format;
  }

  private wordsOf(chosen: ReadonlyMap<DeliveryColumn, Candidate>): ColumnMapping['words'] {
    return [...chosen.values()].flatMap(({ column, profile }) => {
      if (!isAttested(column) && OUR_WORDS[column] === undefined) return [];
      const words = [...profile.words].filter(([word]) => !(isStep(column) && isDate(word)));
      const unknown = words.filter(([word]) => ourWord(column, word) === undefined);
      if (unknown.length > 0) {
        const rows = unknown.reduce((sum, [, count]) => sum + count, 0);
        this.questions.push(
          `In kolom ${quoted(profile.header)} staan ${unknown.length === 1 ? 'een waarde' : `${unknown.length} waarden`} die wij voor ${column} niet kennen, in ${counted(rows, 'regel', 'regels')}. Zet ze in de indeling bij words.`,
        );
      }
      return words.flatMap(([from]) => {
        const to = ourWord(column, from);
        return to === undefined || to === from ? [] : [{ column, from, to }];
      });
    });
  }

  private missing(mapping: ColumnMapping, chosen: ReadonlyMap<DeliveryColumn, Candidate>): Proposal['missing'] {
    const contract = deliveryContract(false, mapping);
    const has = new Set<DeliveryColumn>([...chosen.keys(), ...mapping.fixed.map(({ column }) => column)]);
    const missing = contract
      .missing((column) => has.has(column))
      .map((column) => ({ column, advice: adviceOn(column) }));
    this.askAboutJoined(missing);
    return missing;
  }

  /** Street and number, or postcode and town, in one cell: that cannot be told apart by a mapping. */
  private askAboutJoined(missing: Proposal['missing']): void {
    if (!missing.some(({ column }) => column === 'huisnummer' || column === 'postcode')) return;
    for (const { header, looks } of this.profiles)
      if (looks.some((shape) => /a.* 9{1,5}(?: ?[a-]*)?$|^9999 ?aa .*a/.test(shape)))
        this.questions.push(
          `In kolom ${quoted(header)} lijkt een adres bij elkaar te staan. Wij lezen straat, huisnummer, postcode en woonplaats elk uit een eigen kolom.`,
        );
  }

  /** What a file says of objections and steps is read, or asked about; never left out in silence (R-DEL-2, R-DEL-3). */
  private askAboutAttested(chosen: ReadonlyMap<DeliveryColumn, Candidate>): void {
    this.undecided.clear();
    for (const profile of this.profiles) {
      const { header } = profile;
      const read = [...chosen.values()].find((each) => each.profile === profile);
      const must = mustBeReadAs(header, this.given);
      const isRead =
        read?.column === must || (must !== undefined && isStep(must) && read !== undefined && isStep(read.column));
      if (isBsnName(nameOf(header))) this.undecided.add(profile);
      else if (must !== undefined && !isRead) this.leaveOpen(profile, this.aboutUnread(profile, must, chosen));
      else if (read?.level === 1 && isAttested(read.column)) this.questions.push(aboutUsual(header, read.column));
      else if (read === undefined && must === undefined) this.askAboutUsual(profile);
    }
    this.askAboutMentioned(chosen);
  }

  /** A name that only holds the word: the day of an objection, or why. */
  private askAboutMentioned(chosen: ReadonlyMap<DeliveryColumn, Candidate>): void {
    const read = new Set([...chosen.values()].map(({ profile }) => profile));
    const other = chosen.get('bezwaar')?.profile.header;
    for (const profile of this.profiles) {
      const { header, filled } = profile;
      if (!isAboutObjection(header) || read.has(profile) || this.undecided.has(profile)) continue;
      if (other === undefined)
        this.leaveOpen(profile, `Zegt kolom ${quoted(header)} wie bezwaar heeft? ${sayWith(header, 'bezwaar')}`);
      else if (filled > 0 && this.saidOf(header) === undefined)
        this.leaveOpen(
          profile,
          `Bezwaar lezen wij uit kolom ${quoted(other)}, en kolom ${quoted(header)} niet. Staat er in ${quoted(other)} een j bij ieder die bezwaar heeft? Zeg dat dan met --kolom "${header}=".`,
        );
    }
  }

  /** A name that usually says a step or an objection, where somebody spoke for that already. */
  private askAboutUsual(profile: Profile): void {
    const { header, filled } = profile;
    const usual = columnsNamed(header).find(
      ({ column }) =>
        isAttested(column) && (this.given.has(column) || (isStep(column) && this.given.has('sociale_incasso'))),
    );
    if (usual === undefined || filled === 0 || this.saidOf(header) !== undefined || profile.fit(usual.column) < 0.5)
      return;
    this.leaveOpen(
      profile,
      `U gaf zelf een waarde, maar kolom ${quoted(header)} zegt misschien per regel wat ${usual.column} is. Gaat zij over iets anders? Zeg dat dan met --kolom "${header}=".`,
    );
  }

  private leaveOpen(profile: Profile, question: string): void {
    this.undecided.add(profile);
    this.questions.push(question);
  }

  private aboutUnread(
    { header }: Profile,
    must: AttestedColumn,
    chosen: ReadonlyMap<DeliveryColumn, Candidate>,
  ): string {
    const other = chosen.get(must)?.profile.header;
    if (other !== undefined)
      return `De kolommen ${quoted(other)} en ${quoted(header)} gaan allebei over ${must}. Wij lezen er één. Zet ze in uw export in één kolom${must === 'bezwaar' ? ': j als er bezwaar is' : ''}.`;
    const given = this.given.has(must) ? must : 'sociale_incasso';
    if (!this.given.has(given))
      return `Kolom ${quoted(header)} gaat over ${must}. Die moeten wij lezen. ${sayWith(header, must)}`;
    const advice = isStep(must) ? ' Ontbreekt een andere stap? Geef dan alleen die een vaste waarde.' : '';
    return `U gaf zelf een waarde voor ${given}, maar kolom ${quoted(header)} zegt het per regel. Laat uw waarde weg, dan lezen wij die kolom.${advice} Gaat zij over iets anders? Laat haar dan weg uit uw export.`;
  }

  private askAboutHeader(mapping: ColumnMapping): void {
    const asked = [...this.undecided].filter(({ header }) => !isBsnName(nameOf(header)));
    const columns = [...mapping.columns, ...asked.map(({ header }) => ({ header, column: null }))];
    const header = headerOf(this.header, { ...deliveryContract(false, { ...mapping, columns }), missing: () => [] });
    if (header.ok) return;
    const { explanation, remedy } = fileAdvice(header.error);
    this.questions.push([explanation, ...whereToLook(header.error), remedy].join(' '));
  }

  private askAboutEmpty(chosen: ReadonlyMap<DeliveryColumn, Candidate>): void {
    for (const column of ['bezwaar', ...STEP_COLUMNS] as const) {
      const profile = chosen.get(column)?.profile;
      const isSaid = this.answers.defaults?.some((said) => said.column === column) ?? false;
      if (profile === undefined || profile.empty === 0 || isSaid) continue;
      if (column === 'bezwaar')
        this.questions.push(
          `Kolom ${quoted(profile.header)} is leeg in ${counted(profile.empty, 'regel', 'regels')}. Betekent leeg: geen bezwaar? Zeg dat dan met --leeg bezwaar=n.`,
        );
      else if (profile.filled > 0 && profile.empty >= profile.filled)
        this.notes.push(
          `${column}: leeg in ${counted(profile.empty, 'regel', 'regels')}. Zo’n regel wordt afgekeurd: de stap is niet gezet.`,
        );
    }
  }

  private askAboutReference(chosen: ReadonlyMap<DeliveryColumn, Candidate>): void {
    const reference = chosen.get('referentie')?.profile;
    if (reference?.repeats)
      this.notes.push(
        `Kolom ${quoted(reference.header)} komt vaker voor met dezelfde waarde. Als referentie mag elke waarde één keer in een bestand staan.`,
      );
  }
}

const sayWith = (header: string, column: DeliveryColumn): string => `Zeg het met --kolom "${header}=${column}".`;
const aboutUsual = (header: string, column: AttestedColumn): string =>
  column === 'bezwaar'
    ? `Betekent ja in kolom ${quoted(header)} dat de inwoner bezwaar heeft? ${sayWith(header, column)}`
    : `Zegt kolom ${quoted(header)} of de stap ${column} is gezet? ${sayWith(header, column)} Gaat zij over iets anders? Zeg dat dan met --kolom "${header}=".`;

const amount = (count: number): string => new Intl.NumberFormat('nl-NL').format(count);
const allOf = (count: number, one: string, more: string): string =>
  count === 1 ? one : `alle ${amount(count)} ${more}`;
/** `1 regel`, `2 regels`. */
const counted = (count: number, one: string, more: string): string => `${amount(count)} ${count === 1 ? one : more}`;

/** Reads a file as a party writes it, whatever its columns are called, and proposes. Refused where no header can be found. */
export const proposeMapping = async (
  file: DeliveryFile,
  answers: Answers = {},
): Promise<Result<Proposal & { readonly rows: number }, FileRejection>> => {
  const watch = sniffer();
  for await (const piece of await file.bytes()) watch.push(piece);
  const sniffed = watch.finish();
  if (!sniffed.ok) return sniffed;
  let proposer: MappingProposer | undefined;
  let rows = 0;
  try {
    for await (const records of recordsOfFile(file, sniffed.value))
      for (const { cells } of records) {
        if (proposer !== undefined) {
          proposer.take(cells);
          rows += 1;
          continue;
        }
        const made = MappingProposer.of(cells, answers);
        if (!made.ok) return err({ code: made.error });
        proposer = made.value;
      }
  } catch (error) {
    if (error instanceof FileRefused) return err(error.rejection);
    throw error;
  }
  return proposer === undefined ? err({ code: 'FILE_EMPTY' }) : ok({ ...proposer.propose(), rows });
};

const recordsOfFile = (file: DeliveryFile, sniffed: Sniffed): AsyncIterable<readonly CsvRecord[]> =>
  sniffed.format === 'zip' ? recordsOfWorkbook(() => file.bytes()) : recordsOfText(file, sniffed);

async function* recordsOfText(
  file: DeliveryFile,
  { firstLine, encoding, skipLines, declared }: Extract<Sniffed, { format: 'text' }>,
): AsyncGenerator<readonly CsvRecord[]> {
  const known = (delimiter: string): number =>
    firstLine.split(delimiter).filter((name) => columnsNamed(name).length > 0).length;
  const [best = ';'] = (declared === undefined ? DELIMITERS : [declared]).toSorted((a, b) => known(b) - known(a));
  yield* recordsOf(decodeText(await file.bytes(), encoding), best, skipLines);
}
