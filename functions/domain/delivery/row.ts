import { activeAgreement, type NoAgreementReason } from '../agreement/active.ts';
import type { Agreement, Municipality, PartnerTypeRule, SignalPartner } from '../agreement/configuration.ts';
import type { IsoDate, MunicipalityCode, PartnerId } from '../ids.ts';
import { err, ok, type Result } from '../result.ts';
import { municipalityNamed, route } from '../routing/route.ts';
import { daysBetween, yearsBetween } from '../term/calendar.ts';
import { maskBsn } from './bsn.ts';
import { type DeliveryColumn, MAX_LENGTH, MAX_LENGTH_ELSEWHERE, STEP_COLUMNS } from './columns.ts';
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
import {
  cellText,
  holdsControlCharacter,
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
}

export type GoodRow = (ReportRow & { readonly route: Route }) | WithdrawalRow;

export interface RowVerdict {
  readonly outcome: Result<GoodRow, Problem>;
  /** The partner, as far as the row names one of the party's. */
  readonly partner?: PartnerId;
  /** The sender's own cells, every BSN masked. */
  readonly original: readonly string[];
  /** The bytes of the upload must go: an objection (R-DEL-3) or a BSN (R-DEL-6). */
  readonly mustErase: boolean;
}

type Read = (column: DeliveryColumn) => string;

const problem = (code: RowRejectionCode, column?: DeliveryColumn, reason?: RejectionReason): Result<never, Problem> =>
  err({ code, ...(column ? { column } : {}), ...(reason ? { reason } : {}) });

const NAME_COLUMNS = new Set<DeliveryColumn>(['voorletters', 'tussenvoegsel', 'achternaam', 'straat', 'woonplaats']);

/**
 * One record against every rule on a row (DOMAIN sections 3, 4, 12). The first rule that does not hold is the verdict;
 * objection and BSN come before all others, so that a partner never corrects a row that may not come back.
 */
export const judgeRow = (cells: readonly string[], header: Header<DeliveryColumn>, context: RowContext): RowVerdict => {
  const masked = cells.map((cell, place) => maskBsn(cell, fieldOf(header.columnAt[place])));
  const bsnAt = masked.findIndex((cell, place) => cell !== cells[place]);
  const surplus = masked.slice(header.width).filter((cell) => cell.trim() !== '');
  const original = [...header.own.map((place) => masked[place] ?? ''), ...surplus];
  const read: Read = (column) => {
    const place = header.index.get(column);
    return place === undefined ? '' : cellText(cells[place] ?? '');
  };
  const structure = structureOf(cells.length, surplus.length, header.width);
  const said = parseYesNo(read('bezwaar'));
  const saysObjection = said.ok && said.value && read('actie').toLowerCase() !== 'intrekken';
  const partner = structure ? undefined : partnerOf(read, context);
  const outcome =
    saysObjection && !structure
      ? problem('RESIDENT_OBJECTED', 'bezwaar')
      : bsnAt >= 0
        ? problem('BSN_IN_FIELD', header.columnAt[bsnAt])
        : repeatsHeader(cells, header)
          ? problem('ROW_IS_HEADER')
          : (structure ?? unsound(cells, header) ?? judged(read, partner, context));
  return {
    outcome,
    ...(partner?.ok ? { partner: partner.value.partner.id } : {}),
    original,
    // In a row whose cells may have shifted, a possible objection is reason enough to erase.
    mustErase: saysObjection || bsnAt >= 0,
  };
};

const fieldOf = (column: DeliveryColumn | undefined): 'name' | 'phone' | 'other' => {
  if (column === 'telefoon') return 'phone';
  return column && NAME_COLUMNS.has(column) ? 'name' : 'other';
};

const structureOf = (cells: number, surplus: number, width: number): Result<never, Problem> | undefined => {
  if (cells < width) return problem('ROW_TOO_SHORT');
  return surplus > 0 ? problem('ROW_TOO_LONG') : undefined;
};

/** A cell no rule can be put to: control characters, or longer than its column allows. */
const unsound = (cells: readonly string[], header: Header<DeliveryColumn>): Result<never, Problem> | undefined => {
  for (const [column, place] of header.index) {
    const cell = cells[place] ?? '';
    const longest = MAX_LENGTH[column] ?? MAX_LENGTH_ELSEWHERE;
    if (holdsControlCharacter(cell)) return problem('CONTROL_CHARACTER', column);
    if (cell.length > longest && cellText(cell).length > longest) return problem('FIELD_TOO_LONG', column);
  }
  return undefined;
};

const partnerOf = (read: Read, { own, others }: RowContext): Result<PartnerTerms, Problem> => {
  const name = read('partner').toLowerCase();
  const [only, ...more] = own.values();
  if (name === '') return only && more.length === 0 ? ok(only) : problem('VALUE_MISSING', 'partner');
  const found = own.get(name as PartnerId);
  if (found) return ok(found);
  return problem(others.has(name) ? 'PARTNER_NOT_YOURS' : 'PARTNER_UNKNOWN', 'partner');
};

const judged = (
  read: Read,
  partner: Result<PartnerTerms, Problem> | undefined,
  context: RowContext,
): Result<GoodRow, Problem> => {
  if (!partner?.ok) return partner ?? problem('PARTNER_UNKNOWN', 'partner');
  const reference = read('referentie');
  if (reference === '') return problem('VALUE_MISSING', 'referentie');
  if (isScientific(reference)) return problem('VALUE_INVALID', 'referentie', 'SCIENTIFIC_NUMBER');
  switch (read('actie').toLowerCase()) {
    case '':
    case 'melden':
      return report(read, partner.value, reference, context);
    case 'intrekken':
      return withdrawal(read, partner.value.partner.id, reference);
    default:
      return problem('VALUE_INVALID', 'actie');
  }
};

const withdrawal = (read: Read, partner: PartnerId, reference: string): Result<WithdrawalRow, Problem> => {
  const given = read('reden').toLowerCase();
  if (given === '') return problem('VALUE_MISSING', 'reden');
  const reason = WITHDRAWAL_REASONS.find((known) => known === given);
  return reason ? ok({ action: 'intrekken', partner, reference, reason }) : problem('VALUE_INVALID', 'reden');
};

const report = (
  read: Read,
  { partner, agreements }: PartnerTerms,
  reference: string,
  context: RowContext,
): Result<GoodRow, Problem> => {
  if (read('bezwaar') === '') return problem('VALUE_MISSING', 'bezwaar');
  if (!parseYesNo(read('bezwaar')).ok) return problem('VALUE_INVALID', 'bezwaar');
  const resident = residentOf(read, context.on);
  if (!resident.ok) return resident;
  const address = addressOf(read);
  if (!address.ok) return address;
  const arrear = arrearOf(read, context.on);
  if (!arrear.ok) return arrear;
  const socialCollection = socialCollectionOf(read, context.on);
  if (!socialCollection.ok) return socialCollection;
  const routed = routeOf(address.value, partner, agreements, arrear.value.dueDate, context);
  if (!routed.ok) return routed;
  const { endOfSupplyOn } = arrear.value;
  const warnings: readonly WarningCode[] = [
    ...resident.value.warnings,
    ...routed.value.warnings,
    ...(differs(read('gemeente'), routed.value.route.municipality) ? (['MUNICIPALITY_DIFFERS'] as const) : []),
    ...(endOfSupplyOn !== undefined && isEndOfSupplyNear(context.on, endOfSupplyOn)
      ? (['END_OF_SUPPLY_NEAR'] as const)
      : []),
  ];
  return ok({
    action: 'melden',
    partner: partner.id,
    reference,
    resident: resident.value.resident,
    address: address.value,
    ...arrear.value,
    socialCollection: socialCollection.value,
    warnings,
    route: routed.value.route,
  });
};

const differs = (name: string, routed: MunicipalityCode): boolean =>
  name !== '' && !municipalityNamed(name).includes(routed);

const optional = <K extends string>(key: K, value: string): { readonly [P in K]?: string } =>
  (value === '' ? {} : { [key]: value }) as { readonly [P in K]?: string };

const residentOf = (
  read: Read,
  on: IsoDate,
): Result<{ readonly resident: Resident; readonly warnings: readonly WarningCode[] }, Problem> => {
  const surname = read('achternaam');
  if (surname === '') return problem('VALUE_MISSING', 'achternaam');
  if (isScientific(read('klantnummer'))) return problem('VALUE_INVALID', 'klantnummer', 'SCIENTIFIC_NUMBER');
  const warnings: WarningCode[] = [];
  const born = read('geboortedatum') === '' ? undefined : parseDate(read('geboortedatum'));
  if (born && !born.ok) return problem('DATE_INVALID', 'geboortedatum');
  if (born && born.value > on) return problem('DATE_IN_FUTURE', 'geboortedatum');
  if (born && !isUsualAge(born.value, on)) warnings.push('BIRTH_DATE_UNUSUAL');
  const phone = read('telefoon');
  const e164 = phone === '' ? undefined : parsePhone(phone);
  if (phone !== '' && e164 === undefined) warnings.push('PHONE_UNUSABLE');
  const email = read('email');
  const normalised = email === '' ? undefined : parseEmail(email);
  if (email !== '' && normalised === undefined) warnings.push('EMAIL_UNUSABLE');
  const resident: Resident = {
    ...optional('initials', read('voorletters')),
    ...optional('prefix', read('tussenvoegsel')),
    surname,
    ...(born ? { dateOfBirth: born.value } : {}),
    ...optional('customerNumber', read('klantnummer')),
    ...(phone === '' ? {} : { phone: { given: phone, ...(e164 === undefined ? {} : { e164 }) } }),
    ...(email === '' ? {} : { email: { given: email, ...(normalised === undefined ? {} : { normalised }) } }),
  };
  return ok({ resident, warnings });
};

/** From 18 up to and including 115 years old. */
const isUsualAge = (born: IsoDate, on: IsoDate): boolean => {
  const years = yearsBetween(born, on);
  return years >= 18 && years <= 115;
};

const addressOf = (read: Read): Result<Address, Problem> => {
  for (const column of ['postcode', 'huisnummer'] as const)
    if (read(column) === '') return problem('VALUE_MISSING', column);
  const postcode = parsePostcode(read('postcode'));
  if (!postcode.ok) return problem('POSTCODE_INVALID', 'postcode');
  const number = parseHouseNumber(read('huisnummer'), read('huisletter'), read('toevoeging'));
  if (!number.ok) return problem('HOUSE_NUMBER_INVALID', 'huisnummer');
  return ok({
    ...optional('street', read('straat')),
    ...number.value,
    postcode: postcode.value,
    ...optional('city', read('woonplaats')),
  });
};

const AMOUNT_REASON = {
  INVALID: undefined,
  AMBIGUOUS: 'AMOUNT_AMBIGUOUS',
  SCIENTIFIC: 'SCIENTIFIC_NUMBER',
  NOT_POSITIVE: 'AMOUNT_NOT_POSITIVE',
} as const;

const arrearOf = (
  read: Read,
  on: IsoDate,
): Result<Pick<ReportRow, 'amountCents' | 'dueDate' | 'collectionPhase' | 'kind' | 'endOfSupplyOn'>, Problem> => {
  for (const column of ['bedrag', 'vervaldatum'] as const)
    if (read(column) === '') return problem('VALUE_MISSING', column);
  const amount = parseAmount(read('bedrag'));
  if (!amount.ok) return problem('AMOUNT_INVALID', 'bedrag', AMOUNT_REASON[amount.error]);
  const dueDate = parseDate(read('vervaldatum'));
  if (!dueDate.ok) return problem('DATE_INVALID', 'vervaldatum');
  if (dueDate.value > on) return problem('DATE_IN_FUTURE', 'vervaldatum');
  const collectionPhase = oneOf<CollectionPhase>(COLLECTION_PHASES, read('fase'), 'achterstand');
  if (collectionPhase === undefined) return problem('VALUE_INVALID', 'fase');
  const kind = oneOf<SignalKind>(SIGNAL_KINDS, read('signaalsoort'), 'vroeg');
  if (kind === undefined) return problem('VALUE_INVALID', 'signaalsoort');
  const arrear = { amountCents: amount.value, dueDate: dueDate.value, collectionPhase, kind };
  const end = read('datum_einde_levering');
  if (kind !== 'eindelevering') return end === '' ? ok(arrear) : problem('VALUE_INVALID', 'datum_einde_levering');
  if (end === '') return problem('VALUE_MISSING', 'datum_einde_levering');
  const endOfSupplyOn = parseDate(end);
  return endOfSupplyOn.ok
    ? ok({ ...arrear, endOfSupplyOn: endOfSupplyOn.value })
    : problem('DATE_INVALID', 'datum_einde_levering');
};

const oneOf = <T extends string>(known: readonly T[], text: string, absent: T): T | undefined =>
  text === '' ? absent : known.find((value) => value === text.toLowerCase());

/** R-DEL-2: a date or `j` for each step, or `j` in `sociale_incasso` for all of them; a date given is kept. */
const socialCollectionOf = (read: Read, on: IsoDate): Result<SocialCollection, Problem> => {
  const all = read('sociale_incasso') === '' ? ok(false) : parseYesNo(read('sociale_incasso'));
  if (!all.ok) return problem('VALUE_INVALID', 'sociale_incasso');
  const steps: (IsoDate | 'attested')[] = [];
  for (const column of STEP_COLUMNS) {
    const text = read(column);
    const said = text === '' ? ok(all.value) : parseYesNo(text);
    const date = parseDate(text);
    if (said.ok && !said.value) return problem('SOCIAL_COLLECTION_INCOMPLETE', column);
    if (!said.ok && !date.ok) return problem('DATE_INVALID', column);
    if (date.ok && date.value > on) return problem('DATE_IN_FUTURE', column);
    steps.push(date.ok ? date.value : 'attested');
  }
  const [reminder, contactAttempt, pointedAtDebtHelp, announced] = steps as [
    IsoDate | 'attested',
    IsoDate | 'attested',
    IsoDate | 'attested',
    IsoDate | 'attested',
  ];
  return ok({ reminder, contactAttempt, pointedAtDebtHelp, announced });
};

const AGREEMENT_REASON = {
  NONE: 'AGREEMENT_NONE',
  ENDED: 'AGREEMENT_ENDED',
  NOT_STARTED: 'AGREEMENT_NOT_STARTED',
  NOT_SIGNED: 'AGREEMENT_NOT_SIGNED',
  OTHER_MELDPUNT: 'AGREEMENT_OTHER_MELDPUNT',
} as const satisfies Record<NoAgreementReason, RejectionReason>;

/** Municipality (R-ROU-1), agreement (R-AGR-2), then days overdue under that agreement's version (R-DEL-4). */
const routeOf = (
  { postcode, houseNumber, houseLetter, addition }: Address,
  partner: SignalPartner,
  agreements: readonly Agreement[],
  dueDate: IsoDate,
  { on, meldpunt, municipalities, rules }: RowContext,
): Result<{ readonly route: Route; readonly warnings: readonly WarningCode[] }, Problem> => {
  const routed = route(postcode, houseNumber, on, houseLetter, addition);
  if (!routed.ok) return problem(routed.error, 'postcode');
  const { municipality, certainty } = routed.value;
  const organisation = municipalities.get(municipality)?.organisation;
  const agreement = activeAgreement(agreements, municipality, on, meldpunt);
  if (!agreement.ok) return problem('NO_AGREEMENT', undefined, AGREEMENT_REASON[agreement.error]);
  if (organisation === undefined) return problem('NO_AGREEMENT', undefined, 'AGREEMENT_NONE');
  const { lcvVersion, id, policy } = agreement.value;
  const rule = rules.find(({ type, lcvVersion: version }) => type === partner.type && version === lcvVersion);
  if (!rule) return problem('NO_RULE_FOR_TYPE');
  const days = daysBetween(dueDate, on);
  if (days < rule.minimumDaysOverdue) return problem('TOO_EARLY', 'vervaldatum');
  const warnings: readonly WarningCode[] = [
    ...(certainty === 'probable' ? (['ROUTE_PROBABLE'] as const) : []),
    ...(days > (rule.maximumDaysOverdue ?? Number.POSITIVE_INFINITY) ? (['OVERDUE_PAST_MAXIMUM'] as const) : []),
  ];
  return ok({
    route: { municipality, organisation, agreement: id, policy, partnerType: partner.type, certainty },
    warnings,
  });
};
