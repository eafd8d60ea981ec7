import { explainEnd } from '#domain/agreement/active.ts';
import { checkConfiguration } from '#domain/agreement/check.ts';
import { Configuration } from '#domain/agreement/configuration.ts';
import { lostToMergers } from '#domain/agreement/merging.ts';
import { inDutch, type Problem, schemaProblems } from '#domain/agreement/problem.ts';
import { checkSuccession } from '#domain/agreement/succession.ts';
import type { Clock, ConfigurationStore, MatchingKeyStore } from '#domain/ports.ts';
import { knownMunicipalities } from '#domain/reference/reference.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';

interface Ports {
  readonly configuration: Pick<ConfigurationStore, 'replace' | 'stored'>;
  readonly matchingKey: MatchingKeyStore;
  readonly clock: Clock;
}

type Lists = Exclude<keyof Configuration, 'meldpunt' | 'uploadLimits'>;

export type ConfigurationAnswer =
  | {
      readonly loaded: Readonly<Record<Lists, number>>;
      /** Agreements that are not renewed tacitly, and when they end: to see that notice was read as it was meant. */
      readonly ending: Readonly<Record<string, string>>;
      /** Agreements whose municipality goes into another, with which the partner has none (R-ROU-2). */
      readonly merging: Readonly<Record<string, string>>;
    }
  | { readonly problems: readonly Problem[] };

/**
 * Replaces the configuration when it is whole, hangs together and leaves alone what running signals were promised; else
 * changes nothing and answers every problem. Makes sure the matching key exists, so that the first delivery finds it.
 * Loading the same again changes nothing.
 */
export const loadConfiguration = async (
  ports: Ports,
  input: { readonly configuration?: unknown },
): Promise<ConfigurationAnswer> => {
  const parsed = Configuration.safeParse(input.configuration, { error: inDutch });
  if (!parsed.success) return { problems: schemaProblems(parsed.error) };
  const codes = new Set<string>(knownMunicipalities().map(({ code }) => code));
  const checked = checkConfiguration(parsed.data, (code) => codes.has(code));
  if (!checked.ok) return { problems: checked.error };
  const stored = await ports.configuration.stored();
  const today = amsterdamDate(ports.clock.now());
  const broken = stored ? checkSuccession(stored, checked.value, today) : [];
  if (broken.length > 0) return { problems: broken };

  await ports.matchingKey.ensure();
  await ports.configuration.replace(checked.value);
  const { meldpunt: _, uploadLimits: __, ...lists } = checked.value;
  const counts = Object.entries(lists).map(([name, items]) => [name, items.length]);
  return {
    loaded: Object.fromEntries(counts) as Record<Lists, number>,
    ending: Object.fromEntries(
      checked.value.agreements.flatMap((agreement) => {
        const end = explainEnd(agreement);
        return end === undefined ? [] : [[agreement.id, end]];
      }),
    ),
    merging: lostToMergers(checked.value, today),
  };
};
