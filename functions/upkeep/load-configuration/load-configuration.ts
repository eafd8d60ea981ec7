import { checkConfiguration, type Problem } from '#domain/agreement/check.ts';
import { Configuration } from '#domain/agreement/configuration.ts';
import type { ConfigurationStore, MatchingKeyStore } from '#domain/ports.ts';
import { knownMunicipalities } from '#domain/reference/reference.ts';

interface Ports {
  readonly configuration: Pick<ConfigurationStore, 'replace'>;
  readonly matchingKey: MatchingKeyStore;
}

type Lists = Exclude<keyof Configuration, 'meldpunt'>;

export type ConfigurationAnswer =
  | { readonly loaded: Readonly<Record<Lists, number>> }
  | { readonly problems: readonly Problem[] };

/** `agreements[3].policy`, as a person would look it up. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');

/**
 * Replaces the configuration when it is whole and hangs together; else changes nothing and answers every problem. Makes
 * sure the matching key exists, so that the first delivery finds it. Loading the same again changes nothing.
 */
export const loadConfiguration = async (
  ports: Ports,
  input: { readonly configuration?: unknown },
): Promise<ConfigurationAnswer> => {
  const parsed = Configuration.safeParse(input.configuration);
  if (!parsed.success)
    return { problems: parsed.error.issues.map(({ path, message }) => ({ path: pathOf(path), text: message })) };
  const codes = new Set<string>(knownMunicipalities().map(({ code }) => code));
  const checked = checkConfiguration(parsed.data, (code) => codes.has(code));
  if (!checked.ok) return { problems: checked.error };

  await ports.matchingKey.ensure();
  await ports.configuration.replace(checked.value);
  const { meldpunt: _, ...lists } = checked.value;
  const counts = Object.entries(lists).map(([name, items]) => [name, items.length]);
  return { loaded: Object.fromEntries(counts) as Record<Lists, number> };
};
