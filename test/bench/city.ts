import { createHash } from 'node:crypto';
import {
  AgreementId,
  ArrearId,
  Cents,
  caseIdOf,
  HouseholdKey,
  Instant,
  IsoDate,
  type MunicipalityCode,
  PartnerId,
  Period,
  signalIdOf,
} from '#domain/ids.ts';
import { householdParts } from '#domain/matching/keys.ts';
import type { PartnerType } from '#domain/signal/ddas.ts';
import type { HistoryEntry, Signal, SignalEventKind, SignalFacts } from '#domain/signal/signal.ts';
import { addDays, amsterdamDate } from '#domain/term/calendar.ts';
import { termsOf } from '#domain/term/terms.ts';
import { governingOf } from '../support/governing.ts';
import { generateRecords } from '../support/households.ts';
import { signal } from '../support/signal.ts';

/** What partners reported in an invented municipality, as it is stored, `NOW` being the day of the list. */
export const NOW = Instant.parse('2026-04-20T04:00:00.000Z');

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const keyed = (length: number, ...parts: readonly string[]): string =>
  [...createHash('sha256').update(JSON.stringify(parts)).digest()]
    .slice(0, length)
    .map((byte) => ALPHABET[byte % 32])
    .join('');

const PARTNERS: Readonly<Record<string, readonly [id: string, type: PartnerType]>> = {
  rent: ['elan-wonen', 'Huur'],
  energy: ['energie', 'Energie'],
  water: ['pre-wonen', 'Water'],
  health: ['ymere', 'Zorg'],
};

/** Seven in ten came this month, the others in the two before. */
const monthOf = (n: number): string => (n % 10 < 7 ? '2026-04' : n % 10 < 9 ? '2026-03' : '2026-02');

const number = (text = ''): number => Math.max(1, Number.parseInt(text, 10) || 1);

const eventsOf = (n: number, at: Instant): readonly HistoryEntry[] => {
  const after = (days: number) => Instant.parse(`${addDays(amsterdamDate(at), days)}T08:00:00.000Z`);
  const entry = (kind: SignalEventKind, days: number): HistoryEntry => ({ kind, at: after(days), source: 'workflow' });
  return [
    { kind: 'RECEIVED', at, source: 'delivery' },
    entry('ASSIGNED', 0),
    ...(n % 9 === 0 ? [entry('CORRECTED', 3)] : []),
    ...(n % 3 === 0 && after(14) < NOW ? [entry('REMINDED', 14)] : []),
  ];
};

/** `open` signals that wait for an answer, one in five of them withdrawn or closed beside them. */
export const city = (municipality: MunicipalityCode, open: number): readonly Signal[] => {
  const records = generateRecords({ seed: 5, records: Math.ceil(open * 1.25) });
  let left = open;
  return records.map(({ person, partner }, n): Signal => {
    const [id, partnerType] = PARTNERS[partner] ?? ['elan-wonen', 'Huur'];
    const period = Period.parse(monthOf(n));
    const arrearId = ArrearId.parse(keyed(16, 'arrear', String(n)));
    const postcode = /^\d{4}[A-Z]{2}$/.test(person.postcode ?? '') ? String(person.postcode) : '2011AB';
    const address = {
      houseNumber: number(person.houseNumber),
      postcode,
      city: 'Haarlem',
      ...(person.street !== undefined && { street: person.street }),
      ...(person.addition !== undefined && { addition: person.addition }),
    };
    const caseId = caseIdOf(municipality, period, HouseholdKey.parse(keyed(12, ...householdParts(address))));
    const at = Instant.parse(`${period}-${String(1 + (n % 18)).padStart(2, '0')}T08:00:00.000Z`);
    const facts: Partial<SignalFacts> = {
      arrearId,
      period,
      municipality,
      caseId,
      signalId: signalIdOf(arrearId, period),
      partner: PartnerId.parse(id),
      partnerType,
      agreement: AgreementId.parse(`haarlem-${id}`),
      reference: `R-${n}`,
      kind: n % 97 === 0 ? 'ontruiming' : 'vroeg',
      collectionPhase: n % 13 === 0 ? 'deurwaarder' : n % 4 === 0 ? 'incasso' : 'achterstand',
      amountCents: Cents.parse(4_000 + ((n * 7_919) % 250_000)),
      dueDate: IsoDate.parse(`2026-01-${String(1 + (n % 28)).padStart(2, '0')}`),
      address,
      resident: {
        surname: person.surname,
        ...(person.givenNames !== undefined && { initials: person.givenNames }),
        ...(person.prefix !== undefined && { prefix: person.prefix }),
        ...(/^\d{4}-\d\d-\d\d$/.test(person.dateOfBirth ?? '') && { dateOfBirth: IsoDate.parse(person.dateOfBirth) }),
        ...(person.phone !== undefined && { phone: { given: person.phone, e164: '+31612345678' } }),
        ...(person.email !== undefined && { email: { given: person.email, normalised: person.email } }),
      },
      receivedAt: at,
    };
    const received: Signal = { ...signal(facts), history: eventsOf(n, at) };
    if (n % 5 === 4 || left === 0)
      return {
        ...received,
        status: 'WITHDRAWN',
        reason: 'betaald',
        closedAt: NOW,
        history: [...received.history, { kind: 'WITHDRAWN', at: NOW, source: 'delivery' }],
      };
    left -= 1;
    const terms = termsOf(received, governingOf(received));
    const tried = n % 6 === 0;
    return {
      ...received,
      status: 'ASSIGNED',
      terms: terms.ok ? terms.value : [],
      contactAttempts: tried
        ? [{ kind: 'Huisbezoek', reached: n % 12 === 0, date: IsoDate.parse('2026-04-15'), dayPart: 'Ochtend' }]
        : [],
    };
  });
};
