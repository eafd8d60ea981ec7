import { type IsoDate, MunicipalityCode } from '../ids.ts';
import { municipalityOn } from '../routing/route.ts';
import { type OnRow, POSTCODES, pc4Of, postcodeText } from './cbs-rows.ts';
import { houseKey, knownMunicipalities, municipalityName, type PostcodeCsv, rowsOf } from './reference.ts';

/**
 * The tables from the rows of the CBS file, in two readings: the first finds where one municipality is all there is, the
 * second keeps the house numbers of the rest, a few dozen PC4s. Memory does not grow with the file.
 */
export interface Survey {
  readonly add: OnRow;
  /** What was added so far. */
  readonly found: () => Found;
}

interface Found {
  /** The municipality of each PC4; of those with more than one, any of them. */
  readonly pc4s: ReadonlyMap<number, number>;
  /** PC4s with more than one. */
  readonly several: ReadonlySet<number>;
}

export const survey = (): Survey => {
  /** Per postcode the municipality it was first seen with; 0 for none. */
  const first = new Uint16Array(POSTCODES);
  const mixed = new Set<number>();
  return {
    add: (postcode, _, municipality) => {
      const known = first[postcode];
      if (known === 0) first[postcode] = municipality;
      else if (known !== municipality) mixed.add(pc4Of(postcode));
    },
    found: () => {
      const pc4s = new Map<number, number>();
      const several = new Set(mixed);
      for (let postcode = 0; postcode < POSTCODES; postcode += 1) {
        const municipality = first[postcode] ?? 0;
        if (municipality === 0) continue;
        const pc4 = pc4Of(postcode);
        const known = pc4s.get(pc4);
        if (known === undefined) pc4s.set(pc4, municipality);
        else if (known !== municipality) several.add(pc4);
      }
      return { pc4s, several };
    },
  };
};

/** Why a file cannot be the whole of a year, though each of its rows can be read. */
export type FileProblem =
  | { readonly code: 'MUNICIPALITIES_ABSENT'; readonly municipalities: readonly MunicipalityCode[] }
  | { readonly code: 'POSTCODES_ABSENT' | 'TOO_MANY_BORDERS'; readonly count: number };

/** PC4s that may be absent from one year to the next; in CBS 2024 three of 4,075 were. */
const MAY_BE_ABSENT = 0.01;
/** PC4s that may lie in more than one municipality; in 2026 it is 26. */
const MAY_BE_SHARED = 400;

/** `on` is the day the file tells of: municipalities that have gone into another by then need not be in it. */
export const wrongWithFile = ({ pc4s, several }: Found, present: PostcodeCsv, on: IsoDate): FileProblem | undefined => {
  const seen = new Set(pc4s.values());
  const municipalities = knownMunicipalities()
    .map(({ code }) => code)
    .filter((code) => municipalityOn(code, on) === code && !seen.has(Number(code)));
  if (several.size > MAY_BE_SHARED) return { code: 'TOO_MANY_BORDERS', count: several.size };
  if (municipalities.length > 0) return { code: 'MUNICIPALITIES_ABSENT', municipalities };
  const rows = rowsOf(present.postcodes);
  const absent = rows.filter(([pc4]) => !pc4s.has(Number(pc4))).length;
  return absent > rows.length * MAY_BE_ABSENT ? { code: 'POSTCODES_ABSENT', count: absent } : undefined;
};

/** PC4s to look at house by house: shared, or with an exception of the present tables that the file cannot see. */
export const toLookInto = ({ pc4s, several }: Found, present: PostcodeCsv): ReadonlySet<number> =>
  new Set([...several, ...unseenBy(pc4s, present).map(([pc6 = '']) => Number(pc6.slice(0, 4)))]);

/** Exceptions by letter or addition, of PC4s in the file: it has numbers only, and cannot tell that they are gone. */
const unseenBy = (pc4s: ReadonlyMap<number, number>, { exceptions }: PostcodeCsv): readonly (readonly string[])[] => {
  const municipalities = new Set(pc4s.values());
  return rowsOf(exceptions).filter(
    ([pc6 = '', , letter = '', addition = '', gm = '']) =>
      (letter !== '' || addition !== '') &&
      pc4s.has(Number(pc6.slice(0, 4))) &&
      municipalities.has(Number(gm.replace(/^GM/, ''))),
  );
};

/** House numbers by municipality, of one postcode. */
type Houses = Map<number, Set<number>>;
/** By PC4, then by postcode. */
export type Collected = ReadonlyMap<number, ReadonlyMap<number, Houses>>;

/** Keeps what the second reading gives of `pc4s`. */
export const collection = (pc4s: ReadonlySet<number>): { readonly add: OnRow; readonly collected: Collected } => {
  const collected = new Map<number, Map<number, Houses>>([...pc4s].map((pc4) => [pc4, new Map()]));
  return {
    collected,
    add: (postcode, houseNumber, municipality) => {
      const area = collected.get(pc4Of(postcode));
      if (area === undefined) return;
      const houses: Houses = area.get(postcode) ?? new Map();
      area.set(postcode, houses);
      houses.set(municipality, (houses.get(municipality) ?? new Set()).add(houseNumber));
    },
  };
};

/** What the next tables do differently from the present ones. */
export interface Changes {
  readonly pc4s: number;
  readonly added: readonly string[];
  /** Not in the file; they stay as they are: a new postcode may be younger than the file, an old one harms nobody. */
  readonly absent: readonly string[];
  readonly moved: readonly { readonly pc4: string; readonly from: string; readonly to: string }[];
  readonly ambiguous: { readonly before: number; readonly after: number };
  readonly exceptions: { readonly before: number; readonly after: number };
  /** House numbers that lie in two municipalities, without anything that tells which door is where. */
  readonly undecided: number;
}

export interface Derived {
  readonly tables: PostcodeCsv;
  readonly changes: Changes;
}

const gmOf = (municipality: number): string => `GM${String(municipality).padStart(4, '0')}`;
const nameOf = (municipality: number): string => {
  const name = municipalityName(MunicipalityCode.parse(String(municipality).padStart(4, '0')));
  return name.includes(',') ? `"${name}"` : name;
};

/** The key with the highest count; of equals the one that comes first. */
const most = (counts: ReadonlyMap<number, number>): number =>
  [...counts].reduce((best, each) =>
    each[1] > best[1] || (each[1] === best[1] && each[0] < best[0]) ? each : best,
  )[0];

const count = (counts: Map<number, number>, key: number, by = 1): void => {
  counts.set(key, (counts.get(key) ?? 0) + by);
};

interface Area {
  readonly main: number;
  readonly others: readonly number[];
  readonly postcodes: ReadonlyMap<number, number>;
  readonly addresses: ReadonlyMap<number, number>;
  readonly exceptions: readonly (readonly string[])[];
  readonly undecided: number;
}

/** One PC4: the municipality of most postcodes, and every postcode and house number that is in another. */
const areaOf = (area: ReadonlyMap<number, Houses>, unseen: readonly (readonly string[])[]): Area => {
  const [postcodes, addresses] = [new Map<number, number>(), new Map<number, number>()];
  const mainOf = new Map<number, number>();
  for (const [postcode, houses] of area) {
    const main = most(new Map([...houses].map(([municipality, numbers]) => [municipality, numbers.size])));
    mainOf.set(postcode, main);
    count(postcodes, main);
    for (const [municipality, numbers] of houses) count(addresses, municipality, numbers.size);
  }
  const main = most(postcodes);
  const told = new Set(unseen.map(([pc6, number]) => `${pc6} ${number}`));
  const exceptions: string[][] = [];
  let undecided = 0;
  for (const [postcode, houses] of [...area].sort(([a], [b]) => a - b)) {
    const pc6 = postcodeText(postcode);
    const own = mainOf.get(postcode) ?? main;
    if (own !== main) exceptions.push([pc6, '', '', '', gmOf(own), String(houses.get(own)?.size ?? 0), 'exact']);
    const numbers = [...houses].flatMap(([municipality, each]) =>
      [...each].map((number) => ({ number, municipality })),
    );
    for (const { number, municipality } of numbers.sort((a, b) => a.number - b.number)) {
      if (municipality === own) continue;
      const both = houses.get(own)?.has(number) === true;
      if (both && told.has(`${pc6} ${number}`)) continue;
      if (both) undecided += 1;
      const [code, certainty] = both ? [own, 'probable'] : [municipality, 'exact'];
      exceptions.push([pc6, String(number), '', '', gmOf(code), '1', certainty]);
    }
  }
  const kept = unseen.map((row) => [...row.slice(0, 6), 'exact']);
  const others = new Set([...addresses.keys(), ...kept.map(([, , , , gm = '']) => Number(gm.slice(2)))]);
  others.delete(main);
  return {
    main,
    others: [...others].sort((a, b) => a - b),
    postcodes,
    addresses,
    exceptions: [...exceptions, ...kept],
    undecided,
  };
};

const csvOf = (header: string, rows: readonly (readonly string[])[]): string =>
  `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`;

const byPostcode = (a: readonly string[], b: readonly string[]): number => {
  const [pc6A = '', numberA = '', letterA = '', additionA = ''] = a;
  const [pc6B = '', numberB = '', letterB = '', additionB = ''] = b;
  if (pc6A !== pc6B) return pc6A < pc6B ? -1 : 1;
  if (numberA !== numberB) return Number(numberA) - Number(numberB);
  return houseKey('', letterA, additionA) < houseKey('', letterB, additionB) ? -1 : 1;
};

/**
 * The next tables: per PC4 the municipality of most postcodes, and every address that is elsewhere by postcode or house
 * number, so that each is exact but for doors of one number in two municipalities. What the file cannot know stays: PO
 * boxes, exceptions by letter, PC4s it does not have.
 */
export const derive = (
  { pc4s }: Found,
  collected: Collected,
  present: PostcodeCsv,
  source: { readonly year: number },
): Derived => {
  const unseen = unseenBy(pc4s, present);
  const inFile = (pc4 = ''): boolean => pc4s.has(Number(pc4.slice(0, 4)));
  const areas = new Map(
    [...collected].map(([pc4, area]) => [
      pc4,
      areaOf(
        area,
        unseen.filter(([pc6]) => pc6?.startsWith(String(pc4))),
      ),
    ]),
  );
  const isOne = (pc4: number): boolean => (areas.get(pc4)?.others.length ?? 0) === 0;

  const presentRows = rowsOf(present.postcodes);
  const absentRows = presentRows.filter(([pc4]) => !inFile(pc4));
  const postcodes = [...pc4s].map(([pc4, only]) => [
    String(pc4),
    gmOf(areas.get(pc4)?.main ?? only),
    isOne(pc4) ? '1' : '0',
    'C',
  ]);
  const ambiguous = [...areas].flatMap(([pc4, { main, others, postcodes, addresses }]) =>
    others.map((other) => [
      ...[String(pc4), gmOf(main), nameOf(main), gmOf(other), nameOf(other)],
      ...[postcodes, addresses].flatMap((counts) => [main, other].map((each) => String(counts.get(each) ?? 0))),
      'complete',
    ]),
  );
  const exceptions = [...areas.values()].flatMap((area) => area.exceptions);
  const kept = (csv: string) => rowsOf(csv).filter(([pc4]) => !inFile(pc4));
  const quoted = (row: readonly string[]) => row.map((cell) => (cell.includes(',') ? `"${cell}"` : cell));
  const columns = ['pc6_default', 'pc6_other', 'addr_default', 'addr_other'].map((name) => `cbs${source.year}_${name}`);
  const tables: PostcodeCsv = {
    postcodes: csvOf('pc4,gmCode,unique,src', [...postcodes, ...absentRows].sort(byPostcode)),
    ambiguous: csvOf(
      `pc4,defaultGm,defaultName,otherGm,otherName,${columns.join(',')},pc6Exceptions`,
      [...ambiguous, ...kept(present.ambiguous).map(quoted)].sort(byPostcode),
    ),
    exceptions: csvOf(
      'pc6,houseNumber,houseLetter,addition,gmCode,addresses,certainty',
      [...exceptions, ...kept(present.exceptions)].sort(byPostcode),
    ),
    poBoxes: present.poBoxes,
  };

  const before = new Map(presentRows.map(([pc4 = '', gm = '']) => [pc4, gm]));
  const size = (csv: string): number => rowsOf(csv).length;
  const areasIn = (csv: string): number => new Set(rowsOf(csv).map(([pc4]) => pc4)).size;
  return {
    tables,
    changes: {
      pc4s: size(tables.postcodes),
      added: postcodes.flatMap(([pc4 = '']) => (before.has(pc4) ? [] : [pc4])).sort(),
      absent: absentRows.map(([pc4 = '']) => pc4),
      moved: postcodes
        .map(([pc4 = '', to = '']) => ({ pc4, from: before.get(pc4) ?? to, to }))
        .filter(({ from, to }) => from !== to),
      ambiguous: { before: areasIn(present.ambiguous), after: areasIn(tables.ambiguous) },
      exceptions: { before: size(present.exceptions), after: size(tables.exceptions) },
      undecided: [...areas.values()].reduce((sum, { undecided }) => sum + undecided, 0),
    },
  };
};
