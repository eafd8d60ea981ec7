import type { ExecutingOrganisation, Municipality } from '#domain/agreement/configuration.ts';
import type { Governing } from '#domain/agreement/governing.ts';
import { failure } from '#domain/failure.ts';
import type { MunicipalityCode, OrganisationId } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, SignalStore } from '#domain/ports.ts';
import type { PolicyOf } from '#domain/ranking/worklist.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'ofMunicipality'>;
  readonly configuration: Pick<ConfigurationStore, 'organisation'>;
}

interface RulePorts {
  readonly configuration: Pick<ConfigurationStore, 'governing'>;
  readonly clock: Clock;
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

/** The rules for each signal, with ranking and threshold as they are today. Asked once for all that came alike. */
export const readRules = async ({ configuration, clock }: RulePorts, signals: readonly Signal[]): Promise<PolicyOf> => {
  const today = amsterdamDate(clock.now());
  const known = new Map<string, Governing>();
  const rules = new Map<Signal, Governing>();
  for (const signal of signals) {
    const { policy, agreement, municipality, receivedAt } = signal;
    const alike = [policy, agreement, municipality, amsterdamDate(receivedAt)].join(' ');
    const found = known.get(alike) ?? (await configuration.governing(signal, today));
    if (!found) throw failure('PolicyMissing');
    known.set(alike, found);
    rules.set(signal, found);
  }
  return (signal) => {
    const found = rules.get(signal);
    if (!found) throw failure('PolicyMissing');
    return found;
  };
};
