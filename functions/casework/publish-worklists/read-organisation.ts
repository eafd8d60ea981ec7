import type { ExecutingOrganisation, Municipality } from '#domain/agreement/configuration.ts';
import { failure } from '#domain/failure.ts';
import type { MunicipalityCode, OrganisationId } from '#domain/ids.ts';
import type { ConfigurationStore, SignalStore } from '#domain/ports.ts';
import type { Signal } from '#domain/signal/signal.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'ofMunicipality'>;
  readonly configuration: Pick<ConfigurationStore, 'organisation'>;
}

/** All that one executing organisation holds, in memory for the time of its lists. */
export interface Held {
  readonly organisation: ExecutingOrganisation;
  readonly signals: ReadonlyMap<MunicipalityCode, readonly Signal[]>;
}

/** Everything of the municipalities an organisation works for: they are ranked together (R-WOR-1, R-ROU-3). */
export const readOrganisation = async (
  ports: Ports,
  id: OrganisationId,
  municipalities: readonly Municipality[],
): Promise<Held> => {
  const organisation = await ports.configuration.organisation(id);
  if (!organisation) throw failure('OrganisationMissing');
  const held = new Map<MunicipalityCode, Signal[]>();
  for (const { code } of municipalities.filter((each) => each.organisation === id)) {
    const signals: Signal[] = [];
    for await (const signal of ports.signals.ofMunicipality(code)) signals.push(signal);
    held.set(code, signals);
  }
  return { organisation, signals: held };
};
