import { nameOf } from '../delivery/dialect.ts';
import type { ColumnMapping } from '../delivery/mapping.ts';
import { type Check, listed, type Problem } from './problem.ts';

/** Said by the party itself for each arrear or person: one value for all rows would be a mistake. */
const OF_A_ROW: ReadonlySet<string> = new Set(['referentie', 'achternaam', 'postcode', 'huisnummer', 'bedrag']);

const wrongWith = ({ columns, words, fixed, defaults }: ColumnMapping, path: string): readonly (Problem | false)[] => {
  const twice = (list: string, keys: readonly string[], text: string) =>
    keys.map((key, i) => keys.indexOf(key) < i && { path: `${path}.${list}[${i}]`, text });
  const fixedColumns = new Set(fixed.map(({ column }) => column));
  return [
    ...twice(
      'columns',
      columns.map(({ header }) => nameOf(header)),
      'deze kolomnaam staat er al',
    ),
    ...columns.map(
      ({ column }, i) =>
        column !== null &&
        fixedColumns.has(column) && {
          path: `${path}.columns[${i}].column`,
          text: `${column} heeft al een vaste waarde`,
        },
    ),
    ...twice(
      'fixed',
      fixed.map(({ column }) => column),
      'deze kolom heeft al een vaste waarde',
    ),
    ...twice(
      'defaults',
      defaults.map(({ column }) => column),
      'deze kolom heeft al een standaardwaarde',
    ),
    ...twice(
      'words',
      words.map(({ column, from }) => `${column} ${from.trim().toLowerCase()}`),
      'dit woord is al vertaald',
    ),
    ...(['fixed', 'defaults'] as const).flatMap((list) =>
      (list === 'fixed' ? fixed : defaults).map(
        ({ column }, i) =>
          OF_A_ROW.has(column) && { path: `${path}.${list}[${i}].column`, text: `${column} moet in elke regel staan` },
      ),
    ),
    ...words.map(
      ({ column }, i) =>
        OF_A_ROW.has(column) && { path: `${path}.words[${i}].column`, text: `${column} kan niet worden vertaald` },
    ),
  ];
};

/** Every mapping says one thing of each column, and nothing that only a row can say. */
export const mappings: Check = ({ deliveringParties }) =>
  listed('deliveringParties', deliveringParties, ({ mapping }, path) =>
    mapping === undefined ? [] : wrongWith(mapping, `${path}.mapping`),
  );
