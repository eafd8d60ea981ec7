import { isAboutConsent, mustBeReadAs, yesOrNo } from '../delivery/column-synonyms.ts';
import { type DeliveryColumn, isAttested, MAX_LENGTH, STEP_COLUMNS } from '../delivery/columns.ts';
import { COLLECTION_PHASES, SIGNAL_KINDS, WITHDRAWAL_REASONS } from '../delivery/delivery.ts';
import { isBsnName, nameOf } from '../delivery/dialect.ts';
import type { ColumnMapping } from '../delivery/mapping.ts';
import { cellText, holdsControlCharacter, parseYesNo } from '../delivery/values.ts';
import { PartnerId } from '../ids.ts';
import { municipalityNamed } from '../routing/named.ts';
import { type Check, listed, type Problem } from './problem.ts';

/** Said by the party itself for each arrear or person: one value for all rows would be a mistake. */
const OF_A_ROW: ReadonlySet<DeliveryColumn> = new Set([
  'referentie',
  'klantnummer',
  'voorletters',
  'tussenvoegsel',
  'achternaam',
  'geboortedatum',
  'straat',
  'huisnummer',
  'huisletter',
  'toevoeging',
  'postcode',
  'telefoon',
  'email',
  'bedrag',
  'vervaldatum',
  'datum_einde_levering',
]);
/** Of these a word may say that the cell is empty (`n.v.t.`); a delivery cannot be without the others. */
const MAY_BE_EMPTIED: ReadonlySet<DeliveryColumn> = new Set([
  'klantnummer',
  'voorletters',
  'tussenvoegsel',
  'geboortedatum',
  'straat',
  'huisletter',
  'toevoeging',
  'telefoon',
  'email',
  'datum_einde_levering',
]);

const LISTS: Readonly<Partial<Record<DeliveryColumn, readonly string[]>>> = {
  fase: COLLECTION_PHASES,
  signaalsoort: SIGNAL_KINDS,
  actie: ['melden', 'intrekken'],
  reden: WITHDRAWAL_REASONS,
};

/** Why the reader would not take this value in any row; undefined when it would. */
const unreadable = (column: DeliveryColumn, value: string): string | undefined => {
  // A date of a step would be certified of every signal of every month.
  if (isAttested(column)) return parseYesNo(value).ok ? undefined : `${column} kan alleen j of n zijn`;
  const list = LISTS[column];
  if (list !== undefined)
    return list.includes(value.toLowerCase()) ? undefined : `${column} kan alleen zijn: ${list.join(', ')}`;
  if (column === 'partner')
    return PartnerId.safeParse(value.toLowerCase()).success ? undefined : 'zo heet een partner niet bij het meldpunt';
  if (column === 'gemeente') return municipalityNamed(value).length > 0 ? undefined : 'deze gemeente kennen wij niet';
  const isText =
    value === cellText(value) && !holdsControlCharacter(value) && value.length <= (MAX_LENGTH[column] ?? 0);
  return isText ? undefined : `zo kan ${column} niet geschreven zijn`;
};

const SAYS_OBJECTION = /^(?:j|ja|y|yes|wel)\b|bezwa|objecti|opt.?out/i;
const SAYS_NONE = /\b(?:geen|niet|zonder|nee|no|non)\b/i;
const SAYS_NOT_DONE = /^(?:[-–—?.]+$|(?:n|nee|neen|no|not|niet|nog|geen|nvt|onbekend)\b|n\.v\.t)/i;

/** Why a word may not mean what the mapping says: it would make an objection, a step not taken or a withdrawal disappear. */
const turned = (column: DeliveryColumn, from: string, to: string): string | undefined => {
  const word = cellText(from);
  if (column === 'actie') {
    const isOurs = LISTS.actie?.includes(word.toLowerCase()) && word.toLowerCase() !== to.toLowerCase();
    return isOurs ? 'dit woord van ons kan niets anders betekenen' : undefined;
  }
  const meaning = yesOrNo(to);
  if (!isAttested(column) || meaning === undefined) return undefined;
  if (/\d.*\d/.test(word)) return `een datum of nummer kan voor ${column} geen j of n betekenen`;
  const said = yesOrNo(word);
  const hides =
    column === 'bezwaar' && meaning === 'n'
      ? said === undefined && SAYS_OBJECTION.test(word) && !SAYS_NONE.test(word)
      : column !== 'bezwaar' && meaning === 'j' && said === undefined && SAYS_NOT_DONE.test(word);
  return hides || (said !== undefined && said !== meaning) ? `dit woord zegt voor ${column} het omgekeerde` : undefined;
};

const wordProblem = ({ column, from, to }: ColumnMapping['words'][number]): string | undefined => {
  if (OF_A_ROW.has(column)) {
    if (!MAY_BE_EMPTIED.has(column)) return `${column} kan niet worden vertaald`;
    return to === '' ? undefined : `${column} kan niet worden vertaald, alleen leeg gemaakt`;
  }
  if (to === '' && !isAttested(column)) return turned(column, from, to);
  return unreadable(column, to) ?? turned(column, from, to);
};

/** Why this header may not be read so; `given`: columns for which the mapping speaks itself. */
const headerProblem = (
  { header, column }: ColumnMapping['columns'][number],
  given: ReadonlySet<DeliveryColumn>,
): string | undefined => {
  if (isBsnName(nameOf(header))) return 'een kolom met BSN’s mag niet in het bestand staan, ook niet ongelezen';
  if (column === 'bezwaar' && isAboutConsent(header))
    return 'deze kolom zegt het omgekeerde van bezwaar: j zou n worden';
  const steps: readonly (DeliveryColumn | null)[] = STEP_COLUMNS;
  if (steps.includes(column) && given.has('sociale_incasso'))
    return `sociale_incasso heeft al een waarde: een lege cel van ${column} zou voor een gezette stap doorgaan`;
  const must = mustBeReadAs(header, given);
  if (must === undefined || must === column || (steps.includes(must) && steps.includes(column))) return undefined;
  return `deze kolom gaat over ${must} en kan niet ongelezen blijven of iets anders zijn`;
};

/** What is wrong with a mapping, whoever's it is. */
export const mappingProblems = (
  { columns, words, fixed, defaults }: ColumnMapping,
  path = 'mapping',
): readonly Problem[] => {
  const fixedColumns = new Set(fixed.map(({ column }) => column));
  const spoken = defaults.filter(({ column }) => column === 'bezwaar' || column === 'sociale_incasso');
  const given = new Set([...fixed, ...spoken].map(({ column }) => column));
  const twice = (keys: readonly string[], text: string) => {
    const first = new Map(keys.map((key, i) => [key, i] as const).reverse());
    return (i: number): string | undefined => ((first.get(keys[i] ?? '') ?? i) < i ? text : undefined);
  };
  const of = <T>(
    list: string,
    items: readonly T[],
    field: string,
    whole: (i: number) => string | undefined,
    part: (item: T) => string | undefined,
  ): readonly Problem[] =>
    items.flatMap((item, i) => {
      const again = whole(i);
      const text = part(item);
      return [
        ...(again === undefined ? [] : [{ path: `${path}.${list}[${i}]`, text: again }]),
        ...(text === undefined ? [] : [{ path: `${path}.${list}[${i}].${field}`, text }]),
      ];
    });
  const valueProblem = ({ column, value }: ColumnMapping['fixed'][number]): string | undefined =>
    OF_A_ROW.has(column) ? `${column} moet in elke regel staan` : unreadable(column, value);
  const names = twice(
    columns.map(({ header }) => nameOf(header)),
    'deze kolomnaam staat er al',
  );
  const fixedOnce = twice(
    fixed.map(({ column }) => column),
    'deze kolom heeft al een vaste waarde',
  );
  const defaultOnce = twice(
    defaults.map(({ column }) => column),
    'deze kolom heeft al een standaardwaarde',
  );
  const wordOnce = twice(
    words.map(({ column, from }) => `${column} ${cellText(from).toLowerCase()}`),
    'dit woord is al vertaald',
  );
  return [
    ...of('columns', columns, 'column', names, (each) =>
      each.column !== null && fixedColumns.has(each.column)
        ? `${each.column} heeft al een vaste waarde`
        : headerProblem(each, given),
    ),
    ...of('fixed', fixed, 'column', fixedOnce, valueProblem),
    ...of('defaults', defaults, 'column', defaultOnce, valueProblem),
    ...of('words', words, 'column', wordOnce, wordProblem),
  ];
};

/** Every mapping says one thing of each column, nothing that only a row can say, and hides nothing that a row says. */
export const mappings: Check = ({ deliveringParties }) =>
  listed('deliveringParties', deliveringParties, ({ mapping, partners }, path) => {
    if (mapping === undefined) return [];
    const isTheirs = (partner: string): boolean => partners.some((each) => each === partner.toLowerCase());
    const values = [
      ...mapping.fixed.map(({ column, value }, i) => ({ column, value, at: `fixed[${i}].value` })),
      ...mapping.defaults.map(({ column, value }, i) => ({ column, value, at: `defaults[${i}].value` })),
      ...mapping.words.map(({ column, to }, i) => ({ column, value: to, at: `words[${i}].to` })),
    ];
    return [
      ...mappingProblems(mapping, `${path}.mapping`),
      ...values.map(
        ({ column, value, at }) =>
          column === 'partner' &&
          value !== '' &&
          !isTheirs(value) && { path: `${path}.mapping.${at}`, text: 'deze partij levert niet aan voor die partner' },
      ),
    ];
  });
