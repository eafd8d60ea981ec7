import { z } from 'zod';
import { mappingProblems, mappings } from '#domain/agreement/check-mapping.ts';
import {
  type Agreement,
  Agreement as AgreementSchema,
  Configuration,
  type DeliveringParty,
  LCV_VERSIONS,
  type Municipality,
  Municipality as MunicipalitySchema,
  type SignalPartner,
  SignalPartner as SignalPartnerSchema,
} from '#domain/agreement/configuration.ts';
import type { Problem } from '#domain/agreement/problem.ts';
import { type ContextStore, deliveryContext } from '#domain/delivery/context.ts';
import type { ColumnMapping } from '#domain/delivery/mapping.ts';
import type { DeliveryContext } from '#domain/delivery/reading.ts';
import type { PartnerTerms } from '#domain/delivery/row.ts';
import { DeliveringPartyId, type IsoDate, PartnerId } from '#domain/ids.ts';
import { knownMunicipalities } from '#domain/reference/reference.ts';
import { PARTNER_TYPES } from '#domain/signal/ddas.ts';
import { startOfDay } from '#domain/term/calendar.ts';
import sample from '../config/sample-configuration.json' with { type: 'json' };
import { UsageError } from './command.ts';

/** What a file is held against where no meldpunt is at hand. */
export interface Against {
  readonly context: DeliveryContext;
  /** Whether the agreements were looked at, or taken as there. */
  readonly agreementsKnown: boolean;
  /** In words: as what it was read. */
  readonly as: string;
}

/** A configuration as a file holds it, as the reading asks for it. */
const storeOf = (configuration: Configuration): ContextStore => ({
  partner: async (id) => configuration.partners.find((partner) => partner.id === id),
  partners: async () => configuration.partners,
  agreementsOf: async (id) => configuration.agreements.filter(({ partner }) => partner === id),
  partnerTypeRules: async () => configuration.partnerTypeRules,
  municipalities: async () => configuration.municipalities,
  meldpunt: async () => configuration.meldpunt,
  uploadLimits: async () => configuration.uploadLimits,
});

/** Held against a whole configuration: partners and agreements as they are. */
export const againstConfiguration = async (
  configuration: Configuration,
  party: DeliveringParty,
  on: IsoDate,
): Promise<Against> => {
  mustHold(mappings({ ...configuration, deliveringParties: [party] }));
  return {
    context: await deliveryContext(storeOf(configuration), party, startOfDay(on)),
    agreementsKnown: true,
    as: party.name,
  };
};

/** A mapping that cannot be stored cannot be tried either. */
export const mustHold = ([problem]: readonly Problem[]): void => {
  if (problem) throw new UsageError(`De indeling kan zo niet: ${problem.text}.`);
};

/** The party that is meant: by its own id, else by a partner that one party delivers for. */
export const partyNamed = ({ deliveringParties }: Configuration, id: string | undefined): DeliveringParty => {
  const [only, ...more] = deliveringParties;
  if (id === undefined && only !== undefined && more.length === 0) return only;
  if (id === undefined) throw new UsageError('Zeg met --partij wie aanlevert.');
  const itself = deliveringParties.find((party) => party.id === id);
  const delivering = deliveringParties.filter(({ partners }) => partners.some((partner) => partner === id));
  const [deliverer, ...others] = delivering;
  const found = itself ?? (others.length === 0 ? deliverer : undefined);
  if (found === undefined) throw new UsageError('Die partij staat niet in de instellingen, of is niet de enige.');
  return found;
};

const NOBODY = { name: 'niet bekend', email: 'niemand@example.nl' };
const SOMEBODY = 'uw-organisatie';
const MELDPUNT = 'meldpunt';

/** Whatever partner a row names, it is taken as one the party may deliver for. */
class AnyPartner extends Map<PartnerId, PartnerTerms> {
  private readonly terms: PartnerTerms;
  private readonly named = new Map<string, PartnerTerms>();

  constructor(terms: PartnerTerms) {
    super([[terms.partner.id, terms]]);
    this.terms = terms;
  }

  override get(id: PartnerId): PartnerTerms | undefined {
    const known = this.named.get(id);
    const named = PartnerId.safeParse(id);
    if (known !== undefined || !named.success) return known;
    const terms = { ...this.terms, partner: { ...this.terms.partner, id: named.data } };
    if (this.named.size < 1_000) this.named.set(id, terms);
    return terms;
  }
}

const PartnerType = z.enum(PARTNER_TYPES);
const LcvVersion = z.enum(LCV_VERSIONS);

export interface Assumed {
  readonly id?: string | undefined;
  readonly type?: string | undefined;
  readonly lcvVersion?: string | undefined;
  readonly mapping?: ColumnMapping | undefined;
}

/** Held against the rules alone: every agreement is taken as there, signed and under this version. */
export const againstRules = async (
  { id = SOMEBODY, type: saidType = 'Huur', lcvVersion: saidVersion = '2022', mapping }: Assumed,
  on: IsoDate,
): Promise<Against> => {
  const party = DeliveringPartyId.safeParse(id);
  if (!party.success) throw new UsageError('Een partij heeft een korte naam van kleine letters, cijfers en streepjes.');
  const rules = Configuration.shape.partnerTypeRules.parse(sample.partnerTypeRules);
  const type = PartnerType.safeParse(PARTNER_TYPES.find((known) => known.toLowerCase() === saidType.toLowerCase()));
  const types = [...new Set(rules.map((rule) => rule.type))];
  if (!type.success || !types.includes(type.data)) throw new UsageError(`--soort is een van: ${types.join(', ')}.`);
  const lcvVersion = LcvVersion.safeParse(saidVersion);
  if (!lcvVersion.success) throw new UsageError(`--lcv is een van: ${LCV_VERSIONS.join(', ')}.`);
  const municipalities: readonly Municipality[] = knownMunicipalities().map(({ code, name }) =>
    MunicipalitySchema.parse({ code, name, organisation: 'uitvoerder', contact: NOBODY }),
  );
  const partner: SignalPartner = SignalPartnerSchema.parse({ id, name: id, type: type.data, contact: NOBODY });
  const agreements: readonly Agreement[] = municipalities.map(({ code }) =>
    AgreementSchema.parse({
      id: `${code}-aangenomen`,
      municipality: code,
      partner: id,
      lcvVersion: lcvVersion.data,
      signedByMunicipality: on,
      signedByPartner: on,
      validFrom: on,
      meldpunt: MELDPUNT,
      policy: 'lcv',
    }),
  );
  const self: DeliveringParty = {
    id: party.data,
    name: id,
    contact: NOBODY,
    partners: [partner.id],
    ...(mapping && { mapping }),
  };
  const configuration: Configuration = {
    meldpunt: MELDPUNT,
    uploadLimits: Configuration.shape.uploadLimits.parse(undefined),
    partnerTypeRules: rules,
    policies: [],
    rankings: [],
    deviations: [],
    organisations: [],
    municipalities: [...municipalities],
    partners: [partner],
    deliveringParties: [self],
    agreements: [...agreements],
  };
  if (mapping) mustHold(mappingProblems(mapping));
  const context = await deliveryContext(storeOf(configuration), self, startOfDay(on));
  return {
    context: { ...context, own: new AnyPartner({ partner, agreements }) },
    agreementsKnown: false,
    as: `${type.data}, LCV ${lcvVersion.data}`,
  };
};
