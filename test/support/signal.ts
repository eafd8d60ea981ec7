import {
  AgreementId,
  ArrearId,
  Cents,
  caseIdOf,
  DeliveringPartyId,
  DeliveryId,
  HouseholdKey,
  Instant,
  IsoDate,
  MunicipalityCode,
  OrganisationId,
  PartnerId,
  Period,
  PolicyId,
  signalIdOf,
} from '#domain/ids.ts';
import type { Signal, SignalFacts } from '#domain/signal/signal.ts';

/** An invented signal as just received; ids follow from municipality, period and arrear. */
export const signal = (facts: Partial<SignalFacts> = {}): Signal => {
  const arrearId = facts.arrearId ?? ArrearId.parse('7K3QX9M2T4VB8C1D');
  const period = facts.period ?? Period.parse('2026-04');
  const municipality = facts.municipality ?? MunicipalityCode.parse('0392');
  const receivedAt = Instant.parse('2026-04-01T08:00:00.000Z');
  return {
    arrearId,
    period,
    municipality,
    signalId: signalIdOf(arrearId, period),
    caseId: caseIdOf(municipality, period, HouseholdKey.parse('9F3K2M8QZX7C')),
    organisation: OrganisationId.parse('haarlem-zandvoort'),
    agreement: AgreementId.parse('haarlem-elan-wonen'),
    policy: PolicyId.parse('lcv'),
    partner: PartnerId.parse('elan-wonen'),
    partnerType: 'Huur',
    reference: 'HC-1001',
    kind: 'vroeg',
    collectionPhase: 'achterstand',
    amountCents: Cents.parse(123_456),
    dueDate: IsoDate.parse('2026-02-01'),
    resident: { surname: 'Jansen', initials: 'P.', phone: { given: '06 12345678', e164: '+31612345678' } },
    address: { houseNumber: 12, postcode: '2011AB', city: 'Haarlem' },
    socialCollection: {
      reminder: IsoDate.parse('2026-02-10'),
      contactAttempt: IsoDate.parse('2026-02-20'),
      pointedAtDebtHelp: 'attested',
      announced: 'attested',
    },
    certainty: 'exact',
    warnings: [],
    earlierPeriods: [],
    delivery: {
      deliveryId: DeliveryId.parse('0123456789ABCDEFGHJKMNPQRS'),
      party: DeliveringPartyId.parse('elan-wonen'),
      receivedAt,
      line: 2,
    },
    receivedAt,
    contentHash: 'hash',
    version: 1,
    round: 1,
    history: [{ kind: 'RECEIVED', at: receivedAt, source: '0123456789ABCDEFGHJKMNPQRS' }],
    contactAttempts: [],
    earlierOutcomes: [],
    earlierSuspensions: [],
    status: 'RECEIVED',
    ...facts,
  };
};
