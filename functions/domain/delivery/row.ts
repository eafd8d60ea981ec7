import { activeAgreement, type NoAgreementReason } from '../agreement/active.ts';
import type { Agreement, Municipality, PartnerTypeRule, SignalPartner } from '../agreement/configuration.ts';
import type { IsoDate, MunicipalityCode, OrganisationId, PartnerId } from '../ids.ts';
import { err, ok, type Result } from '../result.ts';
import { municipalityNamed, route } from '../routing/route.ts';
import { daysBetween, yearsBetween } from '../term/calendar.ts';
import { MASK, maskBsn } from './bsn.ts';
import {
  DELIVERY_COLUMNS,
  type DeliveryColumn,
  isAttested,
  MAX_LENGTH,
  MAX_LENGTH_ELSEWHERE,
  MAX_LENGTH_IGNORED,
  STEP_COLUMNS,
} from './columns.ts';
import {
  type Address,
  COLLECTION_PHASES,
  type CollectionPhase,
  type RejectionReason,
  type ReportRow,
  type Resident,
  type Route,
  type RowRejectionCode,
  SIGNAL_KINDS,
  type SignalKind,
  type SocialCollection,
  type WarningCode,
  WITHDRAWAL_REASONS,
  type WithdrawalRow,
} from './delivery.ts';
import { type Header, repeatsHeader } from './dialect.ts';
import { isEndOfSupplyNear } from './end-of-supply.ts';
import type { AmountFormat, ColumnMapping, DateFormat } from './mapping.ts';
import { Fingerprint } from './seen-rows.ts';
import {
  type AmountProblem,
  cellText,
  type DateProblem,
  holdsControlCharacter,
  isExcelDate,
  isExcelError,
  isMonthDate,
  isPlain,
  isScientific,
  parseAmount,
  parseDate,
  parseEmail,
  parseHouseNumber,
  parsePhone,
  parsePostcode,
  parseYesNo,
} from './values.ts';

/** A partner the delivering party may deliver for, with what was agreed. */
export interface PartnerTerms {
  readonly partner: SignalPartner;
  readonly agreements: readonly Agreement[];
}

/** Everything a row is held against; the same for all rows of a delivery. */
export interface RowContext {
  /** Day of receipt in Europe/Amsterdam: the date that decides (terms, agreement, municipality). */
  readonly on: IsoDate;
  readonly meldpunt: string;
  readonly own: ReadonlyMap<PartnerId, PartnerTerms>;
  /** Partners that exist but are not this party's. */
  readonly others: ReadonlySet<string>;
  readonly rules: readonly PartnerTypeRule[];
  readonly municipalities: ReadonlyMap<MunicipalityCode, Municipality>;
}

export interface Problem {
  readonly code: RowRejectionCode;
  readonly column?: DeliveryColumn;
  readonly reason?: RejectionReason;
  readonly municipality?: MunicipalityCode;
}

export type GoodRow = (ReportRow & { readonly route: Route }) | WithdrawalRow;

export interface RowVerdict {
  readonly outcome: Result<GoodRow, Problem>;
  /** The partner, as far as the row names one of the party's. */
  readonly partner?: PartnerId;
  /** The sender's own cells, every BSN masked. */
  readonly original: readonly string[];
  /** Over what our columns say, blanks and Excel's signs aside. */
  readonly content: Fingerprint;
  /** The bytes of the upload must go: an objection (R-DEL-3) or a BSN (R-DEL-6). */
  readonly mustErase: boolean;
}

/** The cells of one row as they were meant; '' where the file has no such column. */
type Texts = Record<DeliveryColumn, string>;
const NO_TEXTS = Object.fromEntries(DELIVERY_COLUMNS.map((column) => [column, ''])) as Texts;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const problem = (code: RowRejectionCode, column?: DeliveryColumn, reason?: RejectionReason): Result<never, Problem> =>
  err({ code, ...(column ? { column } : {}), ...(reason ? { reason } : {}) });

/** What stands where letters were lost on the way. */
const LOST = '\uFFFD';

const NEEDED_TO_WITHDRAW = new Set<DeliveryColumn>(['partner', 'referentie', 'actie', 'reden']);
const isObjection = (reason: string): boolean => reason.toLowerCase() === 'bezwaar';

const NAME_COLUMNS = new Set<DeliveryColumn>(['voorletters', 'tussenvoegsel', 'achternaam', 'straat', 'woonplaats']);

/** What the party gives in place of a cell (DOMAIN section 12): by column, words in lower case. */
interface Given {
  readonly words: ReadonlyMap<string, string>;
  readonly fixed: ReadonlyMap<DeliveryColumn, string>;
  readonly defaults: ReadonlyMap<DeliveryColumn, string>;
}

const wordKey = (column: DeliveryColumn, word: string): string => `${column} ${cellText(word).toLowerCase()}`;

/** A default of what the partner stands for is of an empty cell only, never of a column that is not there. */
const givenBy = ({ words, fixed, defaults }: ColumnMapping, { index }: Header<DeliveryColumn>): Given => ({
  words: new Map(words.map(({ column, from, to }) => [wordKey(column, from), to])),
  fixed: new Map(fixed.map(({ column, value }) => [column, value])),
  defaults: new Map(
    defaults.flatMap(({ column, value }) => (isAttested(column) && !index.has(column) ? [] : [[column, value]])),
  ),
});

/**
 * Judges the records of one file against every rule on a row (DOMAIN sections 3, 4, 12). The first rule that does not hold
 * is the verdict; objection and BSN come before all others, so that a partner never corrects a row that may not come back.
 * What is the same for many rows (agreement, names of municipalities) is looked up once.
 */
export class RowJudge {
  private readonly header: Header<DeliveryColumn>;
  private readonly context: RowContext;
  private readonly fields: readonly {
    readonly column: DeliveryColumn;
    readonly place: number;
    readonly longest: number;
  }[];
  private readonly fieldAt: readonly ('name' | 'phone' | 'other')[];
  /** Places of columns the party keeps for itself. */
  private readonly ignored: readonly number[];
  private readonly seed: number;
  private readonly given: Given | undefined;
  private readonly formats: Formats;
  private readonly terms = new Map<string, Result<Terms, Problem>>();
  private readonly days = new Map<IsoDate, number>();
  private readonly named = new Map<string, readonly MunicipalityCode[]>();

  /** `seed`: of the file, for telling its rows apart. */
  constructor(header: Header<DeliveryColumn>, context: RowContext, mapping?: ColumnMapping, seed = 0) {
    this.seed = seed;
    this.ignored = header.own.filter((place) => header.columnAt[place] === undefined);
    this.header = header;
    this.context = context;
    this.fields = [...header.index].map(([column, place]) => ({
      column,
      place,
      longest: MAX_LENGTH[column] ?? MAX_LENGTH_ELSEWHERE,
    }));
    this.fieldAt = Array.from({ length: header.width }, (_, place) => fieldOf(header.columnAt[place]));
    this.given = mapping && givenBy(mapping, header);
    this.formats = {
      ...(mapping?.dates && { dates: mapping.dates }),
      ...(mapping?.amounts && { amounts: mapping.amounts }),
    };
  }

  judge(cells: readonly string[]): RowVerdict {
    const { header } = this;
    let masked = cells;
    let bsnAt = -1;
    let holdsBsn = false;
    for (let place = 0; place < cells.length; place += 1) {
      const cell = cells[place] ?? '';
      const plain = maskBsn(cell, this.fieldAt[place]);
      // Asterisks of ours that came back: what was there is still to be mended.
      const isMasked = plain !== cell || cell.includes(MASK);
      if (!isMasked) continue;
      if (bsnAt === -1) {
        bsnAt = place;
        masked = [...cells];
      }
      holdsBsn ||= plain !== cell;
      (masked as string[])[place] = plain;
    }
    const surplus = cells.length > header.width ? masked.slice(header.width).filter((cell) => cell.trim() !== '') : [];
    const original = originalOf(masked, header, surplus);
    const structure = structureOf(cells.length, surplus.length, header.width);
    const texts = { ...NO_TEXTS };
    const content = new Fingerprint(this.seed);
    const unsound = this.take(cells, texts, content);
    const said = parseYesNo(texts.bezwaar);
    const withdraws = texts.actie.toLowerCase() === 'intrekken';
    const saysObjection = said.ok && said.value && !withdraws;
    const mayObject = (texts.bezwaar !== '' && !(said.ok && !said.value)) || (withdraws && isObjection(texts.reden));
    const partner = structure ? undefined : partnerOf(texts, this.context);
    const outcome =
      saysObjection && !structure
        ? problem('RESIDENT_OBJECTED', 'bezwaar')
        : bsnAt >= 0
          ? problem('BSN_IN_FIELD', header.columnAt[bsnAt])
          : repeatsHeader(cells, header)
            ? problem('ROW_IS_HEADER')
            : (structure ?? unsound ?? this.judged(texts, partner));
    return {
      outcome,
      ...(partner?.ok ? { partner: partner.value.partner.id } : {}),
      // Of somebody who objected nothing goes along but what the withdrawal needs (R-DEL-3).
      original: outcome.ok && mayObject ? this.withoutResident(original) : original,
      content,
      // Also in a row whose cells may have shifted, or that says it in a word we do not know.
      mustErase: mayObject || holdsBsn,
    };
  }

  private withoutResident(original: readonly string[]): readonly string[] {
    const kept = (place: number): boolean => NEEDED_TO_WITHDRAW.has(this.header.columnAt[place] ?? 'achternaam');
    return this.header.own.map((place, i) => (kept(place) ? (original[i] ?? '') : ''));
  }

  /** Reads the cells of a row as they were meant; answers the first that no rule can be put to. */
  private take(cells: readonly string[], texts: Texts, content: Fingerprint): Result<never, Problem> | undefined {
    let unsound: Result<never, Problem> | undefined;
    for (const { column, place, longest } of this.fields) {
      const cell = cells[place] ?? '';
      const plain = cell === '' || isPlain(cell);
      const text = plain ? cell : cellText(cell);
      content.add(text);
      if (text === '') continue;
      texts[column] = text;
      if (unsound !== undefined) continue;
      if (!plain && text.includes(LOST)) unsound = problem('VALUE_INVALID', column, 'LETTERS_LOST');
      else if (!plain && holdsControlCharacter(cell)) unsound = problem('CONTROL_CHARACTER', column);
      else if (text.length > longest) unsound = problem('FIELD_TOO_LONG', column);
    }
    for (const place of this.ignored) {
      const cell = cells[place] ?? '';
      if (cell.length > MAX_LENGTH_IGNORED) unsound ??= problem('FIELD_TOO_LONG');
      else if (cell !== '' && !isPlain(cell) && holdsControlCharacter(cell)) unsound ??= problem('CONTROL_CHARACTER');
    }
    if (this.given) fill(texts, this.given);
    return unsound;
  }

  private judged(texts: Texts, partner: Result<PartnerTerms, Problem> | undefined): Result<GoodRow, Problem> {
    if (!partner?.ok) return partner ?? problem('PARTNER_UNKNOWN', 'partner');
    const reference = texts.referentie;
    if (reference === '') return problem('VALUE_MISSING', 'referentie');
    const spoilt = spoiltByExcel(reference);
    if (spoilt) return problem('VALUE_INVALID', 'referentie', spoilt);
    switch (texts.actie.toLowerCase()) {
      case '':
      case 'melden':
        return this.report(texts, partner.value, reference);
      case 'intrekken':
        return withdrawal(texts, partner.value.partner.id, reference);
      default:
        return problem('VALUE_INVALID', 'actie');
    }
  }

  private report(texts: Texts, { partner, agreements }: PartnerTerms, reference: string): Result<GoodRow, Problem> {
    const { formats } = this;
    const { on } = this.context;
    if (texts.bezwaar === '') return problem('VALUE_MISSING', 'bezwaar');
    if (!parseYesNo(texts.bezwaar).ok) return problem('VALUE_INVALID', 'bezwaar');
    const warnings: WarningCode[] = [];
    const resident = residentOf(texts, on, formats, warnings);
    if (!resident.ok) return resident;
    const address = addressOf(texts);
    if (!address.ok) return address;
    const arrear = arrearOf(texts, on, formats);
    if (!arrear.ok) return arrear;
    const socialCollection = socialCollectionOf(texts, on, formats);
    if (!socialCollection.ok) return socialCollection;
    const routed = this.routeOf(address.value, partner, agreements, arrear.value.dueDate, warnings);
    if (!routed.ok) return routed;
    const { endOfSupplyOn } = arrear.value;
    if (this.differs(texts.gemeente, routed.value.municipality)) warnings.push('MUNICIPALITY_DIFFERS');
    if (endOfSupplyOn !== undefined && isEndOfSupplyNear(on, endOfSupplyOn)) warnings.push('END_OF_SUPPLY_NEAR');
    const { amountCents, dueDate, collectionPhase, kind } = arrear.value;
    const row: GoodRow = {
      action: 'melden',
      partner: partner.id,
      reference,
      resident: resident.value,
      address: address.value,
      amountCents,
      dueDate,
      collectionPhase,
      kind,
      socialCollection: socialCollection.value,
      warnings,
      route: routed.value,
    };
    return ok(endOfSupplyOn === undefined ? row : { ...row, endOfSupplyOn });
  }

  /** Of the few dates a file falls due on. */
  private daysSince(dueDate: IsoDate): number {
    let days = this.days.get(dueDate);
    if (days === undefined) {
      days = daysBetween(dueDate, this.context.on);
      if (this.days.size < 5_000) this.days.set(dueDate, days);
    }
    return days;
  }

  private differs(name: string, routed: MunicipalityCode): boolean {
    if (name === '') return false;
    let codes = this.named.get(name);
    if (codes === undefined) {
      codes = municipalityNamed(name, this.context.on);
      if (this.named.size < 2_000) this.named.set(name, codes);
    }
    return !codes.includes(routed);
  }

  /** Municipality (R-ROU-1), agreement (R-AGR-2), then days overdue under that agreement's version (R-DEL-4). */
  private routeOf(
    { postcode, houseNumber, houseLetter, addition }: Address,
    partner: SignalPartner,
    agreements: readonly Agreement[],
    dueDate: IsoDate,
    warnings: WarningCode[],
  ): Result<Route, Problem> {
    const { on } = this.context;
    const routed = route(postcode, houseNumber, on, houseLetter, addition);
    if (!routed.ok) return problem(routed.error, 'postcode');
    const { municipality, certainty } = routed.value;
    const key = `${partner.id} ${municipality}`;
    const terms = this.terms.get(key) ?? termsOf(partner, agreements, municipality, this.context);
    this.terms.set(key, terms);
    if (!terms.ok) return terms;
    const { organisation, agreement, rule } = terms.value;
    const days = this.daysSince(dueDate);
    if (days < rule.minimumDaysOverdue) return problem('TOO_EARLY', 'vervaldatum');
    if (certainty === 'probable') warnings.push('ROUTE_PROBABLE');
    if (days > (rule.maximumDaysOverdue ?? Number.POSITIVE_INFINITY)) warnings.push('OVERDUE_PAST_MAXIMUM');
    const { id, policy } = agreement;
    return ok({ municipality, organisation, agreement: id, policy, partnerType: partner.type, certainty });
  }
}

interface Formats {
  readonly dates?: DateFormat;
  readonly amounts?: AmountFormat;
}

const fill = (texts: Texts, { words, fixed, defaults }: Given): void => {
  for (const column of DELIVERY_COLUMNS) {
    const word = texts[column] === '' ? undefined : words.get(wordKey(column, texts[column]));
    if (word !== undefined) texts[column] = word;
  }
  for (const [column, value] of fixed) texts[column] = value;
  for (const [column, value] of defaults) texts[column] ||= value;
};

/** The sender's own cells, without those of our rejection file. */
const originalOf = (
  masked: readonly string[],
  { own, width }: Header<DeliveryColumn>,
  surplus: readonly string[],
): readonly string[] => {
  if (own.length === width && masked.length === width) return masked;
  return [...own.map((place) => masked[place] ?? ''), ...surplus];
};

const fieldOf = (column: DeliveryColumn | undefined): 'name' | 'phone' | 'other' => {
  if (column === 'telefoon') return 'phone';
  return column && NAME_COLUMNS.has(column) ? 'name' : 'other';
};

const structureOf = (cells: number, surplus: number, width: number): Result<never, Problem> | undefined => {
  if (cells < width) return problem('ROW_TOO_SHORT');
  return surplus > 0 ? problem('ROW_TOO_LONG') : undefined;
};

const partnerOf = (texts: Texts, { own, others }: RowContext): Result<PartnerTerms, Problem> => {
  const name = texts.partner.toLowerCase();
  if (name === '') {
    const [only, ...more] = own.size > 1 ? [] : own.values();
    return only && more.length === 0 ? ok(only) : problem('VALUE_MISSING', 'partner');
  }
  const found = own.get(name as PartnerId);
  if (found) return ok(found);
  return problem(others.has(name) ? 'PARTNER_NOT_YOURS' : 'PARTNER_UNKNOWN', 'partner');
};

const withdrawal = (texts: Texts, partner: PartnerId, reference: string): Result<WithdrawalRow, Problem> => {
  const given = texts.reden.toLowerCase();
  if (given === '') return problem('VALUE_MISSING', 'reden');
  const reason = WITHDRAWAL_REASONS.find((known) => known === given);
  return reason ? ok({ action: 'intrekken', partner, reference, reason }) : problem('VALUE_INVALID', 'reden');
};

const residentOf = (
  texts: Texts,
  on: IsoDate,
  { dates }: Formats,
  warnings: WarningCode[],
): Result<Resident, Problem> => {
  const surname = texts.achternaam;
  if (surname === '') return problem('VALUE_MISSING', 'achternaam');
  if (isExcelError(surname)) return problem('VALUE_INVALID', 'achternaam', 'EXCEL_ERROR');
  const customerNumber = texts.klantnummer;
  const spoilt = spoiltByExcel(customerNumber);
  if (spoilt) return problem('VALUE_INVALID', 'klantnummer', spoilt);
  const birth = texts.geboortedatum;
  const born = birth === '' ? undefined : parseDate(birth, dates);
  if (born && !born.ok) return badDate(born.error, 'geboortedatum');
  if (born && born.value > on) return problem('DATE_IN_FUTURE', 'geboortedatum');
  if (born && !isUsualAge(born.value, on)) warnings.push('BIRTH_DATE_UNUSUAL');
  const phone = texts.telefoon;
  const e164 = phone === '' ? undefined : parsePhone(phone);
  if (phone !== '' && e164 === undefined) warnings.push('PHONE_UNUSABLE');
  const email = texts.email;
  const normalised = email === '' ? undefined : parseEmail(email);
  if (email !== '' && normalised === undefined) warnings.push('EMAIL_UNUSABLE');
  const resident: Writable<Resident> = { surname };
  if (texts.voorletters !== '') resident.initials = texts.voorletters;
  if (texts.tussenvoegsel !== '') resident.prefix = texts.tussenvoegsel;
  if (born) resident.dateOfBirth = born.value;
  if (customerNumber !== '') resident.customerNumber = customerNumber;
  if (phone !== '') resident.phone = e164 === undefined ? { given: phone } : { given: phone, e164 };
  if (email !== '') resident.email = normalised === undefined ? { given: email } : { given: email, normalised };
  return ok(resident);
};

const errorOfExcel = (text: string): RejectionReason | undefined => (isExcelError(text) ? 'EXCEL_ERROR' : undefined);

/** What Excel left of a number of the partner's own. A whole date may be one. */
const spoiltByExcel = (text: string): RejectionReason | undefined => {
  if (isScientific(text)) return 'SCIENTIFIC_NUMBER';
  return isMonthDate(text) ? 'EXCEL_DATE' : errorOfExcel(text);
};

/** From 18 up to and including 115 years old. */
const isUsualAge = (born: IsoDate, on: IsoDate): boolean => {
  const years = yearsBetween(born, on);
  return years >= 18 && years <= 115;
};

const addressOf = (texts: Texts): Result<Address, Problem> => {
  for (const column of ['postcode', 'huisnummer'] as const)
    if (texts[column] === '') return problem('VALUE_MISSING', column);
  const postcode = parsePostcode(texts.postcode);
  if (!postcode.ok) return problem('POSTCODE_INVALID', 'postcode', errorOfExcel(texts.postcode));
  for (const column of ['huisnummer', 'huisletter', 'toevoeging'] as const) {
    if (texts[column].length > 4 && isExcelDate(texts[column]))
      return problem('HOUSE_NUMBER_INVALID', column, 'EXCEL_DATE');
  }
  const number = parseHouseNumber(texts.huisnummer, texts.huisletter, texts.toevoeging);
  if (!number.ok) return problem('HOUSE_NUMBER_INVALID', 'huisnummer', errorOfExcel(texts.huisnummer));
  const { houseNumber, houseLetter, addition } = number.value;
  const address: Writable<Address> = { houseNumber, postcode: postcode.value };
  if (houseLetter !== undefined) address.houseLetter = houseLetter;
  if (addition !== undefined) address.addition = addition;
  if (texts.straat !== '') address.street = texts.straat;
  if (texts.woonplaats !== '') address.city = texts.woonplaats;
  return ok(address);
};

const AMOUNT_REASON = {
  INVALID: undefined,
  AMBIGUOUS: 'AMOUNT_AMBIGUOUS',
  SCIENTIFIC: 'SCIENTIFIC_NUMBER',
  NOT_POSITIVE: 'AMOUNT_NOT_POSITIVE',
  EXCEL_ERROR: 'EXCEL_ERROR',
  EXCEL_DATE: 'EXCEL_DATE',
  DECIMALS: 'AMOUNT_DECIMALS',
} as const satisfies Record<AmountProblem, RejectionReason | undefined>;

const DATE_REASON = {
  INVALID: undefined,
  TWO_WAYS: 'DATE_TWO_WAYS',
  SHORT_YEAR: 'DATE_SHORT_YEAR',
  EXCEL_ERROR: 'EXCEL_ERROR',
  EXCEL_DATE: 'EXCEL_DATE',
} as const satisfies Record<DateProblem, RejectionReason | undefined>;

const badDate = (why: DateProblem, column: DeliveryColumn): Result<never, Problem> =>
  problem('DATE_INVALID', column, DATE_REASON[why]);

const arrearOf = (
  texts: Texts,
  on: IsoDate,
  { dates, amounts }: Formats,
): Result<Pick<ReportRow, 'amountCents' | 'dueDate' | 'collectionPhase' | 'kind' | 'endOfSupplyOn'>, Problem> => {
  for (const column of ['bedrag', 'vervaldatum'] as const)
    if (texts[column] === '') return problem('VALUE_MISSING', column);
  const amount = parseAmount(texts.bedrag, amounts);
  if (!amount.ok) return problem('AMOUNT_INVALID', 'bedrag', AMOUNT_REASON[amount.error]);
  const dueDate = parseDate(texts.vervaldatum, dates);
  if (!dueDate.ok) return badDate(dueDate.error, 'vervaldatum');
  if (dueDate.value > on) return problem('DATE_IN_FUTURE', 'vervaldatum');
  const collectionPhase = oneOf<CollectionPhase>(COLLECTION_PHASES, texts.fase, 'achterstand');
  if (collectionPhase === undefined) return problem('VALUE_INVALID', 'fase');
  const kind = oneOf<SignalKind>(SIGNAL_KINDS, texts.signaalsoort, 'vroeg');
  if (kind === undefined) return problem('VALUE_INVALID', 'signaalsoort');
  const arrear = { amountCents: amount.value, dueDate: dueDate.value, collectionPhase, kind };
  const end = texts.datum_einde_levering;
  if (kind !== 'eindelevering') return end === '' ? ok(arrear) : problem('VALUE_INVALID', 'datum_einde_levering');
  if (end === '') return problem('VALUE_MISSING', 'datum_einde_levering');
  const endOfSupplyOn = parseDate(end, dates);
  if (!endOfSupplyOn.ok) return badDate(endOfSupplyOn.error, 'datum_einde_levering');
  return endOfSupplyOn.value < on
    ? problem('DATE_INVALID', 'datum_einde_levering', 'DATE_PAST')
    : ok({ ...arrear, endOfSupplyOn: endOfSupplyOn.value });
};

const oneOf = <T extends string>(known: readonly T[], text: string, absent: T): T | undefined =>
  text === '' ? absent : known.find((value) => value === text.toLowerCase());

/** R-DEL-2: a date or `j` for each step, or `j` in `sociale_incasso` for all of them; a date given is kept. */
const socialCollectionOf = (texts: Texts, on: IsoDate, { dates }: Formats): Result<SocialCollection, Problem> => {
  const all = texts.sociale_incasso === '' ? ok(false) : parseYesNo(texts.sociale_incasso);
  if (!all.ok) return problem('VALUE_INVALID', 'sociale_incasso');
  const steps: Writable<SocialCollection> = { ...ATTESTED };
  for (const column of STEP_COLUMNS) {
    const text = texts[column];
    const said = text === '' ? all : parseYesNo(text);
    if (said.ok && !said.value) return problem('SOCIAL_COLLECTION_INCOMPLETE', column);
    if (said.ok) continue;
    const date = parseDate(text, dates);
    if (!date.ok) return badDate(date.error, column);
    if (date.value > on) return problem('DATE_IN_FUTURE', column);
    steps[STEP_OF[column]] = date.value;
  }
  return ok(steps);
};

const ATTESTED: SocialCollection = {
  reminder: 'attested',
  contactAttempt: 'attested',
  pointedAtDebtHelp: 'attested',
  announced: 'attested',
};
const STEP_OF = {
  datum_herinnering: 'reminder',
  datum_contactpoging: 'contactAttempt',
  gewezen_op_schuldhulp: 'pointedAtDebtHelp',
  aangekondigd: 'announced',
} as const satisfies Record<(typeof STEP_COLUMNS)[number], keyof SocialCollection>;

const AGREEMENT_REASON = {
  NONE: 'AGREEMENT_NONE',
  ENDED: 'AGREEMENT_ENDED',
  NOT_STARTED: 'AGREEMENT_NOT_STARTED',
  NOT_SIGNED: 'AGREEMENT_NOT_SIGNED',
  OTHER_MELDPUNT: 'AGREEMENT_OTHER_MELDPUNT',
} as const satisfies Record<NoAgreementReason, RejectionReason>;

/** What holds between a partner and a municipality on the day of receipt. */
interface Terms {
  readonly organisation: OrganisationId;
  readonly agreement: Agreement;
  readonly rule: PartnerTypeRule;
}

const termsOf = (
  partner: SignalPartner,
  agreements: readonly Agreement[],
  municipality: MunicipalityCode,
  { on, meldpunt, municipalities, rules }: RowContext,
): Result<Terms, Problem> => {
  const organisation = municipalities.get(municipality)?.organisation;
  const agreement = activeAgreement(agreements, municipality, on, meldpunt);
  const without = (reason: RejectionReason) => err({ code: 'NO_AGREEMENT', reason, municipality } as const);
  if (!agreement.ok) return without(AGREEMENT_REASON[agreement.error]);
  if (organisation === undefined) return without('AGREEMENT_NONE');
  const { lcvVersion } = agreement.value;
  const rule = rules.find(({ type, lcvVersion: version }) => type === partner.type && version === lcvVersion);
  return rule ? ok({ organisation, agreement: agreement.value, rule }) : problem('NO_RULE_FOR_TYPE');
};
