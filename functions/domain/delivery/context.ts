import type { DeliveringParty } from '../agreement/configuration.ts';
import type { Instant } from '../ids.ts';
import type { ConfigurationStore } from '../ports.ts';
import { amsterdamDate } from '../term/calendar.ts';
import type { DeliveryContext } from './reading.ts';

/** What a reading asks of the configuration. */
export type ContextStore = Pick<
  ConfigurationStore,
  'partner' | 'partners' | 'agreementsOf' | 'partnerTypeRules' | 'municipalities' | 'meldpunt' | 'uploadLimits'
>;

/** Everything the rows of a delivery are held against, as it is on the day of receipt in Europe/Amsterdam. */
export const deliveryContext = async (
  configuration: ContextStore,
  party: DeliveringParty,
  receivedAt: Instant,
): Promise<DeliveryContext> => {
  const own = await Promise.all(
    party.partners.map(async (id) => {
      const [partner, agreements] = await Promise.all([configuration.partner(id), configuration.agreementsOf(id)]);
      return partner ? ([[id, { partner, agreements }]] as const) : [];
    }),
  );
  const [partners, rules, municipalities, meldpunt, limits] = await Promise.all([
    configuration.partners(),
    configuration.partnerTypeRules(),
    configuration.municipalities(),
    configuration.meldpunt(),
    configuration.uploadLimits(),
  ]);
  return {
    party,
    on: amsterdamDate(receivedAt),
    meldpunt,
    own: new Map(own.flat()),
    others: new Set(partners.map(({ id }) => id)),
    rules,
    municipalities: new Map(municipalities.map((municipality) => [municipality.code, municipality])),
    limits,
  };
};
