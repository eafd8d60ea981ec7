import { grouped } from '../grouped.ts';
import {
  type CaseId,
  type CaseNumber,
  caseNumberOf,
  type HouseholdKey,
  householdIn,
  type Period,
  partsOfCaseNumber,
} from '../ids.ts';
import type { Signal } from '../signal/signal.ts';
import { addMonths } from '../term/calendar.ts';
import type { MatchDecision, Member } from './decision.ts';
import { doorOf } from './keys.ts';
import { type Comparer, comparer, memberKey, personsOf } from './persons.ts';
import type { FormedBy, SharedBy } from './signal-case.ts';
import { families, type Owed, RENT, STRANGERS, sharedBy } from './strangers.ts';

/** A case as people work with it: the signals that one visit is about (R-MAT-1). */
export interface SignalCase {
  readonly number: CaseNumber;
  readonly period: Period;
  readonly formed: FormedBy;
  /** Why its address is more households, where that made it a case of its own. */
  readonly shared?: SharedBy;
  /** Strangers are told apart at its addresses: only who is tied is in it, or whom a decision put there. */
  readonly isFamily: boolean;
  /** Of this month, oldest first; withdrawn ones too. */
  readonly signals: readonly [Signal, ...Signal[]];
  /** Of the same residents in the months before, as far back as counts: what a later signal is linked to (R-MAT-2). */
  readonly earlier: readonly Signal[];
}

/** How far back an earlier signal at the address counts, in months (R-MAT-2), for flags and for who lives there. */
export const LOOK_BACK = 6;

/** By receipt, then id: says nothing of who sent them. */
export const byReceipt = (a: Signal, b: Signal): number =>
  a.receivedAt === b.receivedAt ? (a.signalId < b.signalId ? -1 : 1) : a.receivedAt < b.receivedAt ? -1 : 1;

export const householdOf = ({ caseId }: Pick<Signal, 'caseId'>): HouseholdKey => householdIn(caseId);

export const keyOfMember = ({ household, arrearId }: Member): string => `${household}#${arrearId}`;

/** An arrear at an address, with its signals of the months in view. */
interface Node extends Owed {
  readonly key: string;
  readonly household: HouseholdKey;
  /** Oldest first. */
  readonly signals: readonly [Signal, ...Signal[]];
}

/** Signals of one address that belong together before anything is put together across addresses. */
interface Piece {
  readonly nodes: readonly Node[];
  readonly formed: 'ADDRESS' | 'SHARED_ADDRESS' | 'SPLIT';
  readonly shared?: SharedBy;
  /** Of an address where strangers are told apart. */
  readonly isFamily: boolean;
}

interface Group {
  readonly pieces: readonly Piece[];
  readonly joined?: 'MERGED' | 'MATCHED';
}

const nodesOf = ({ pieces }: Group): readonly Node[] => pieces.flatMap(({ nodes }) => nodes);

/** Nobody at this address owed it: another address, or no arrear at all. */
export const isMistake = (signal: Signal): boolean =>
  signal.status === 'WITHDRAWN' && (signal.reason === 'verplaatst' || signal.reason === 'fout');

const nodesIn = (view: readonly Signal[]): readonly Node[] =>
  [...grouped(view, memberKey)]
    .map(([key, found]): Node => {
      const [first, ...more] = found.toSorted((a, b) => (a.period < b.period ? -1 : 1)) as [Signal, ...Signal[]];
      const meant = found.length > 1 ? [first, ...more].filter((signal) => !isMistake(signal)) : [];
      const last = meant.at(-1) ?? more.at(-1) ?? first;
      return { key, household: householdOf(first), signals: [first, ...more], last, counts: !isMistake(last) };
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));

export const isByWorker = ({ decided }: MatchDecision): boolean => 'by' in decided;
const scoreOf = ({ decided }: MatchDecision): number => ('model' in decided ? decided.evidence.score : 0);

export const inTime = (a: MatchDecision, b: MatchDecision): number =>
  a.at === b.at ? (a.decisionId < b.decisionId ? -1 : 1) : a.at < b.at ? -1 : 1;

const pairKey = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

/** What was decided about some addresses, made ready. */
interface Decided {
  /** The decision that holds for two arrears: a worker's before the model's, then the later one. */
  readonly holds: (a: string, b: string) => MatchDecision | undefined;
  readonly areApart: (a: string, b: string) => boolean;
  /** By workers, in time. */
  readonly splits: readonly MatchDecision[];
  /** By workers in time, then by the model, the surest first. */
  readonly merges: readonly MatchDecision[];
  /** Addresses of rooms. */
  readonly rooms: ReadonlySet<HouseholdKey>;
  /** A worker said of these two addresses that they are not one. */
  readonly areWalled: (a: HouseholdKey, b: HouseholdKey) => boolean;
}

const made = (decisions: readonly MatchDecision[]): Decided => {
  const telling = decisions.filter(({ kind }) => kind !== 'SAME_PERSON');
  const workers = telling.filter(isByWorker).toSorted(inTime);
  const model = telling.filter((each) => !isByWorker(each)).toSorted((a, b) => scoreOf(b) - scoreOf(a) || inTime(a, b));
  const pairs = new Map<string, MatchDecision>();
  const rooms = new Set<HouseholdKey>();
  // The surest of the model last, then the workers: what comes last holds.
  for (const decision of [...model.toReversed(), ...workers])
    for (const one of decision.one)
      for (const other of decision.other) pairs.set(pairKey(keyOfMember(one), keyOfMember(other)), decision);
  for (const { decided, one, other } of workers) {
    if (!('by' in decided)) continue;
    if (decided.reason === 'kamers of begeleid wonen') for (const { household } of one) rooms.add(household);
    if (decided.reason === 'ten onrechte gesplitst')
      for (const { household } of one) if (other.some((each) => each.household === household)) rooms.delete(household);
  }
  const walls = new Set(
    [...pairs].flatMap(([pair, { kind }]) => {
      const [a = '', b = ''] = pair.split(' ').map((key) => key.slice(0, 12));
      return kind === 'APART' && a !== b ? [pairKey(a, b)] : [];
    }),
  );
  const holds = (a: string, b: string) => pairs.get(pairKey(a, b));
  return {
    holds,
    areApart: (a, b) => holds(a, b)?.kind === 'APART',
    splits: workers.filter(({ kind }) => kind === 'APART'),
    merges: [...workers, ...model].filter(({ kind }) => kind === 'TOGETHER'),
    rooms,
    areWalled: (a, b) => walls.has(pairKey(a, b)),
  };
};

const UNDECIDED = made([]);

/** What is left of an address when these leave it. */
const parted = (piece: Piece, leaving: ReadonlySet<Node>, formed: Piece['formed']): readonly Piece[] => {
  const out = piece.nodes.filter((node) => leaving.has(node));
  const stay = piece.nodes.filter((node) => !leaving.has(node));
  if (out.length === 0 || stay.length === 0) return [piece];
  return [
    { ...piece, nodes: stay, formed },
    { ...piece, nodes: out, formed },
  ];
};

const personsAmong = (
  nodes: readonly Node[],
  { areApart }: Decided,
  comparing: Comparer,
): readonly (readonly Node[])[] => {
  const nodeOf = new Map(nodes.map((node) => [node.last, node]));
  const keyed = (signal: Signal): string => nodeOf.get(signal)?.key ?? '';
  return personsOf([...nodeOf.keys()], comparing, (a, b) => areApart(keyed(a), keyed(b))).map((signals) =>
    signals.flatMap((signal) => nodeOf.get(signal) ?? []),
  );
};

/** The pieces of one address: all of it, unless strangers live there or a worker took somebody apart. */
const piecesOf = (
  household: HouseholdKey,
  nodes: readonly Node[],
  decided: Decided,
  comparing: Comparer,
): readonly Piece[] => {
  // As at most addresses: too few to be strangers and nothing decided, so nobody has to be compared.
  const rents = nodes.filter(({ last }) => last.partnerType === RENT);
  if (nodes.length < STRANGERS && rents.length < 2 && decided.splits.length === 0 && !decided.rooms.has(household))
    return [{ nodes, formed: 'ADDRESS', isFamily: false }];
  const persons = personsAmong(nodes, decided, comparing);
  const isRooms = decided.rooms.has(household);
  const shared = sharedBy(persons, comparing);
  let pieces: readonly Piece[] = isRooms
    ? persons.map((person) => ({ nodes: person, formed: 'SPLIT' as const, shared: 'ROOMS' as const, isFamily: true }))
    : shared
      ? families(persons, comparing).map((family) => ({
          nodes: family,
          formed: 'SHARED_ADDRESS' as const,
          shared,
          isFamily: true,
        }))
      : [{ nodes, formed: 'ADDRESS', isFamily: false }];
  for (const split of decided.splits) {
    const here = (members: readonly Member[]): readonly string[] =>
      members.filter((member) => member.household === household).map(keyOfMember);
    const others = here(split.other);
    const leavers = here(split.one).filter((one) => others.some((other) => decided.holds(one, other) === split));
    if (leavers.length === 0) continue;
    // Who is the same person as one who leaves goes along.
    const leaving = new Set(persons.filter((person) => person.some(({ key }) => leavers.includes(key))).flat());
    pieces = pieces.flatMap((piece) => parted(piece, leaving, 'SPLIT'));
  }
  return pieces;
};

/** What stands behind the house number, of all addresses of a group. */
const doorsOf = (group: Group): ReadonlySet<string> =>
  new Set(nodesOf(group).flatMap(({ last: { address } }) => doorOf(address.houseLetter, address.addition) || []));

/** One front door spelt two ways has one letter or addition at most; two that differ are two doors (R-MAT-4). */
const isOneDoor = (one: Group, other: Group): boolean => {
  const [a, b] = [doorsOf(one), doorsOf(other)];
  return a.size === 0 || b.size === 0 || [...a].every((door) => b.has(door)) || [...b].every((door) => a.has(door));
};

/**
 * Of an address without letter or addition only the linked person goes along, with whoever is tied to them: the others may
 * live behind another door. What a worker put together stays so.
 */
const linkedPart = (groups: readonly Group[], node: Node, decided: Decided, comparing: Comparer): readonly Group[] =>
  groups.flatMap((group) => {
    const [piece, ...more] = group.pieces;
    if (!piece?.nodes.includes(node) || more.length > 0 || doorsOf(group).size > 0) return [group];
    const own = families(personsAmong(piece.nodes, decided, comparing), comparing).find((family) =>
      family.includes(node),
    );
    return parted(piece, new Set(own), 'SHARED_ADDRESS').map((part) => ({ pieces: [part] }));
  });

/** Who belongs together among arrears of addresses that decisions tie to each other. */
const groupsOf = (nodes: readonly Node[], decided: Decided, comparing: Comparer): readonly Group[] => {
  const atHome = grouped(nodes, ({ household }) => household);
  let groups: readonly Group[] = [...atHome].flatMap(([household, here]) =>
    piecesOf(household, here, decided, comparing).map((piece): Group => ({ pieces: [piece] })),
  );
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const areApart = (one: Group, other: Group): boolean =>
    nodesOf(one).some((a) => nodesOf(other).some((b) => decided.areApart(a.key, b.key)));
  for (const merge of decided.merges) {
    const model = !isByWorker(merge);
    for (const one of merge.one)
      for (const other of merge.other) {
        const [a, b] = [byKey.get(keyOfMember(one)), byKey.get(keyOfMember(other))];
        if (!a || !b || decided.holds(a.key, b.key) !== merge) continue;
        // The model's word of then counts only while it does not say otherwise now.
        if (
          model &&
          (decided.areWalled(a.household, b.household) || comparing.compare(a.last, b.last).decision === 'DIFFERENT')
        )
          continue;
        const before = groups;
        if (model) groups = linkedPart(linkedPart(groups, a, decided, comparing), b, decided, comparing);
        const [mine, theirs] = [a, b].map((node) => groups.find((group) => nodesOf(group).includes(node)));
        if (!mine || !theirs || mine === theirs) continue;
        if (areApart(mine, theirs) || (model && !isOneDoor(mine, theirs))) {
          groups = before;
          continue;
        }
        const byHand = !model || mine.joined === 'MERGED' || theirs.joined === 'MERGED';
        groups = [
          ...groups.filter((group) => group !== mine && group !== theirs),
          { pieces: [...mine.pieces, ...theirs.pieces], joined: byHand ? 'MERGED' : 'MATCHED' },
        ];
      }
  }
  return groups;
};

/** The cases of one month among these groups, each with the number people call it by. */
const numbered = (groups: readonly Group[], period: Period): readonly SignalCase[] => {
  const found = groups.flatMap((group) => {
    const all = nodesOf(group).flatMap(({ signals }) => signals);
    const [first, ...others] = all.filter((signal) => signal.period === period).toSorted(byReceipt);
    if (!first) return [];
    const pieces = group.pieces.filter(({ nodes }) =>
      nodes.some(({ signals }) => signals.some((signal) => signal.period === period)),
    );
    const earlier = all.filter((signal) => signal.period < period);
    return [{ group, pieces, earlier, signals: [first, ...others] as const }];
  });
  const shares = new Map<CaseId, number>();
  for (const { signals } of found)
    for (const caseId of new Set(signals.map((signal) => signal.caseId)))
      shares.set(caseId, (shares.get(caseId) ?? 0) + 1);
  return found.map(({ group, pieces, earlier, signals }): SignalCase => {
    const [{ caseId, arrearId }] = signals;
    const inParts = (shares.get(caseId) ?? 0) > 1;
    const [piece] = pieces;
    const formed = pieces.length > 1 && group.joined ? group.joined : inParts && piece ? piece.formed : 'ADDRESS';
    const number = caseNumberOf(caseId, inParts ? arrearId : undefined);
    const isFamily = pieces.every((each) => each.isFamily);
    const isOwn = piece?.formed === formed && (formed === 'SHARED_ADDRESS' || piece.shared === 'ROOMS');
    const shared = isOwn ? piece.shared : undefined;
    return { number, period, formed, ...(shared && { shared }), isFamily, signals, earlier };
  });
};

/** Addresses that decisions tie to each other, by the first of them; one that is tied to none stands alone. */
const tied = (decisions: readonly MatchDecision[]): ((household: HouseholdKey) => HouseholdKey) => {
  const parents = new Map<HouseholdKey, HouseholdKey>();
  const rootOf = (household: HouseholdKey): HouseholdKey => {
    let at = household;
    for (let up = parents.get(at); up !== undefined; up = parents.get(at)) at = up;
    return at;
  };
  for (const { kind, one, other } of decisions) {
    if (kind === 'SAME_PERSON') continue;
    const [first, ...more] = [...one, ...other].map(({ household }) => rootOf(household));
    for (const household of more) {
      const [a, b] = [rootOf(first as HouseholdKey), rootOf(household)];
      if (a !== b) parents.set(b, a);
    }
  }
  return rootOf;
};

/**
 * The cases of signals of one municipality, of every month among them (R-MAT-1 to 4): an address in a month, taken apart
 * where strangers live and put together where a worker or the model said so. A month is seen with the six before it and
 * never with a later one, so what comes later changes no list of then. `signals` are all of the addresses they are of, and
 * of those that `decisions` tie to them; then the answer is that of the whole municipality. Near-linear: only signals of
 * one address, or of addresses that were tied, are compared. `only`: of one month.
 */
export const casesOf = (
  signals: readonly Signal[],
  decisions: readonly MatchDecision[],
  comparing: Comparer = comparer(),
  only?: Period,
): readonly SignalCase[] => {
  const rootOf = tied(decisions);
  const about = new Map<HouseholdKey, MatchDecision[]>();
  for (const decision of decisions)
    for (const root of new Set([...decision.one, ...decision.other].map(({ household }) => rootOf(household))))
      about.set(root, [...(about.get(root) ?? []), decision]);
  return [...grouped(signals, (signal) => rootOf(householdOf(signal)))].flatMap(([root, near]) => {
    const decided = about.has(root) ? made(about.get(root) ?? []) : UNDECIDED;
    const periods = only === undefined ? [...new Set(near.map(({ period }) => period))].sort() : [only];
    return periods.flatMap((period) => {
      const from = addMonths(period, -LOOK_BACK);
      const view = near.filter((signal) => from <= signal.period && signal.period <= period);
      return numbered(groupsOf(nodesIn(view), decided, comparing), period);
    });
  });
};

/** Whether a number is made of this signal, or of all at its address. */
export const isNamed = ({ caseId, arrearId }: Signal, number: CaseNumber): boolean => {
  const named = partsOfCaseNumber(number);
  return caseId === named.caseId && arrearId.startsWith(named.part ?? '');
};

/** The cases that a number can mean: none, one, or of an address in parts more. */
export const casesNamed = (cases: readonly SignalCase[], number: CaseNumber): readonly SignalCase[] =>
  cases.filter(({ signals }) => signals.some((signal) => isNamed(signal, number)));

/** The case a signal is in. */
export const caseWith = (
  cases: readonly SignalCase[],
  { caseId, signalId }: Pick<Signal, 'caseId' | 'signalId'>,
): SignalCase | undefined =>
  cases.find(({ signals }) => signals.some((signal) => signal.signalId === signalId && signal.caseId === caseId));
