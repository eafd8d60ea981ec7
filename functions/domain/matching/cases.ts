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
import { areTenantsBoth, families, type Owed, RENT, STRANGERS, sharedBy } from './strangers.ts';

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

/** Which of two arrears are apart or together, as decided so far. */
type Pairs = Map<string, MatchDecision>;

const speak = (pairs: Pairs, decision: MatchDecision): void => {
  for (const one of decision.one)
    for (const other of decision.other) pairs.set(pairKey(keyOfMember(one), keyOfMember(other)), decision);
};
const areApartIn =
  (pairs: Pairs) =>
  (a: string, b: string): boolean =>
    pairs.get(pairKey(a, b))?.kind === 'APART';

/** What was decided about some addresses, made ready. */
interface Decided {
  /** For two arrears the decision that holds: a worker's before the model's, then the later one. */
  readonly pairs: Pairs;
  /** By workers, in time; without rooms that were put together again. */
  readonly workers: readonly MatchDecision[];
  /** By the model, the surest first. */
  readonly model: readonly MatchDecision[];
  /** A worker said of these two addresses that they are not one. */
  readonly areWalled: (a: HouseholdKey, b: HouseholdKey) => boolean;
}

const isRooms = ({ decided }: MatchDecision): boolean =>
  'by' in decided && decided.reason === 'kamers of begeleid wonen';

/** All whom it took apart were together again at some moment since. */
const isUndone = (rooms: MatchDecision, since: readonly MatchDecision[]): boolean => {
  let groups = [...rooms.one, ...rooms.other].map((member) => new Set([keyOfMember(member)]));
  return since.some(({ kind, one, other }) => {
    const named = new Set((kind === 'TOGETHER' ? [...one, ...other] : one).map(keyOfMember));
    const parts = groups.map((group) => [...group].filter((key) => named.has(key)));
    groups =
      kind === 'TOGETHER'
        ? [
            new Set(groups.flatMap((group, at) => (parts[at]?.length ? [...group] : []))),
            ...groups.filter((_, at) => !parts[at]?.length),
          ]
        : groups.flatMap((group, at) => [
            new Set([...group].filter((key) => !named.has(key))),
            new Set(parts[at] ?? []),
          ]);
    groups = groups.filter(({ size }) => size > 0);
    return groups.length === 1;
  });
};

const made = (decisions: readonly MatchDecision[]): Decided => {
  const telling = decisions.filter(({ kind }) => kind !== 'SAME_PERSON');
  const workers = telling.filter(isByWorker).toSorted(inTime);
  const model = telling.filter((each) => !isByWorker(each)).toSorted((a, b) => scoreOf(b) - scoreOf(a) || inTime(a, b));
  const pairs: Pairs = new Map();
  // The surest of the model last, then the workers: what comes last holds.
  for (const decision of [...model.toReversed(), ...workers]) speak(pairs, decision);
  const walls = new Set(
    [...pairs].flatMap(([pair, { kind }]) => {
      const [a = '', b = ''] = pair.split(' ').map((key) => key.slice(0, 12));
      return kind === 'APART' && a !== b ? [pairKey(a, b)] : [];
    }),
  );
  return {
    pairs,
    workers: workers.filter((each, at) => !isRooms(each) || !isUndone(each, workers.slice(at + 1))),
    model,
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

const personsAmong = (nodes: readonly Node[], pairs: Pairs, comparing: Comparer): readonly (readonly Node[])[] => {
  const areApart = areApartIn(pairs);
  const nodeOf = new Map(nodes.map((node) => [node.last, node]));
  const keyed = (signal: Signal): string => nodeOf.get(signal)?.key ?? '';
  return personsOf([...nodeOf.keys()], comparing, (a, b) => areApart(keyed(a), keyed(b))).map((signals) =>
    signals.flatMap((signal) => nodeOf.get(signal) ?? []),
  );
};

/** The pieces of one address as long as no worker says otherwise: all of it, unless strangers live there. */
const piecesOf = (nodes: readonly Node[], pairs: Pairs, comparing: Comparer): readonly Piece[] => {
  // As at most addresses: too few to be strangers, so nobody has to be compared.
  const rents = nodes.filter(({ last }) => last.partnerType === RENT);
  if (nodes.length < STRANGERS && rents.length < 2) return [{ nodes, formed: 'ADDRESS', isFamily: false }];
  const persons = personsAmong(nodes, pairs, comparing);
  const shared = sharedBy(persons, comparing);
  if (!shared) return [{ nodes, formed: 'ADDRESS', isFamily: false }];
  return families(persons, comparing).map((family) => ({
    nodes: family,
    formed: 'SHARED_ADDRESS' as const,
    shared,
    isFamily: true,
  }));
};

/** A group without those who leave it, and these; what is left of an address in two says that a worker took it apart. */
const left = (group: Group, leaving: ReadonlySet<Node>): readonly Group[] => {
  const inParts = group.pieces.flatMap((piece) => parted(piece, leaving, 'SPLIT'));
  const [out, stay] = [true, false].map((leaves) =>
    inParts.filter(({ nodes: [first] }) => first !== undefined && leaving.has(first) === leaves),
  );
  return [stay, out].flatMap((pieces = []) =>
    pieces.length === 0 ? [] : { pieces, ...(pieces.length > 1 && group.joined && { joined: group.joined }) },
  );
};

/** Who is the same person as one who leaves goes along; so does the whole home when nobody of it is left behind. */
const leavers = (
  { one, other }: MatchDecision,
  groups: readonly Group[],
  atHome: ReadonlyMap<HouseholdKey, readonly Node[]>,
  pairs: Pairs,
  comparing: Comparer,
): ReadonlySet<Node> =>
  new Set(
    [...new Set(one.map(({ household }) => household))].flatMap((household) => {
      const here = atHome.get(household) ?? [];
      const named = new Set(one.map(keyOfMember));
      if (!other.some((member) => member.household === household))
        return groups
          .map(nodesOf)
          .filter((nodes) => nodes.some(({ key }) => named.has(key)))
          .flatMap((nodes) => nodes.filter((node) => node.household === household));
      return personsAmong(here, pairs, comparing)
        .filter((person) => person.some(({ key }) => named.has(key)))
        .flat();
    }),
  );

/** Every person of an address of rooms a group of their own. */
const inRooms = (group: Group, persons: readonly (readonly Node[])[]): readonly Group[] => {
  const here = new Set(persons.flat());
  const [stay = [], home = []] = [false, true].map((isHome) =>
    group.pieces.filter(({ nodes: [first] }) => (first !== undefined && here.has(first)) === isHome),
  );
  if (home.length === 0) return [group];
  const own = persons.flatMap((person) => {
    const nodes = person.filter((node) => home.some((piece) => piece.nodes.includes(node)));
    const piece = { nodes, formed: 'SPLIT' as const, shared: 'ROOMS' as const, isFamily: true };
    return nodes.length === 0 ? [] : { pieces: [piece] };
  });
  return stay.length === 0
    ? own
    : [{ pieces: stay, ...(stay.length > 1 && group.joined && { joined: group.joined }) }, ...own];
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
    const own = families(personsAmong(piece.nodes, decided.pairs, comparing), comparing).find((family) =>
      family.includes(node),
    );
    return parted(piece, new Set(own), 'SHARED_ADDRESS').map((part) => ({ pieces: [part] }));
  });

/** Who belongs together among arrears of addresses that decisions tie to each other. */
const groupsOf = (nodes: readonly Node[], decided: Decided, comparing: Comparer): readonly Group[] => {
  const atHome = grouped(nodes, ({ household }) => household);
  let groups: readonly Group[] = [...atHome.values()].flatMap((here) =>
    piecesOf(here, decided.pairs, comparing).map((piece): Group => ({ pieces: [piece] })),
  );
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const groupWith = (node: Node): Group | undefined => groups.find((group) => nodesOf(group).includes(node));
  /** Joins the groups of two arrears, unless somebody said that any two of them are apart. */
  const join = (a: Node, b: Node, pairs: Pairs, by: 'MERGED' | 'MATCHED'): boolean => {
    const [mine, theirs] = [groupWith(a), groupWith(b)];
    if (!mine || !theirs || mine === theirs) return true;
    const areApart = areApartIn(pairs);
    if (nodesOf(mine).some((one) => nodesOf(theirs).some((other) => areApart(one.key, other.key)))) return false;
    if (by === 'MATCHED' && !isOneDoor(mine, theirs)) return false;
    const isMerged = by === 'MERGED' || mine.joined === 'MERGED' || theirs.joined === 'MERGED';
    groups = [
      ...groups.filter((group) => group !== mine && group !== theirs),
      { pieces: [...mine.pieces, ...theirs.pieces], joined: isMerged ? 'MERGED' : 'MATCHED' },
    ];
    return true;
  };
  const pairsOf = ({ one, other }: MatchDecision): readonly (readonly [Node, Node])[] =>
    one.flatMap((a) =>
      other.flatMap((b) => {
        const [mine, theirs] = [byKey.get(keyOfMember(a)), byKey.get(keyOfMember(b))];
        return mine && theirs ? [[mine, theirs] as const] : [];
      }),
    );

  // What workers did, one after the other: each line changes what the lines before it left.
  const sofar: Pairs = new Map();
  const merge = (decision: MatchDecision): void => {
    for (const [a, b] of pairsOf(decision))
      if (sofar.get(pairKey(a.key, b.key)) === decision) join(a, b, sofar, 'MERGED');
  };
  for (const [at, decision] of decided.workers.entries()) {
    speak(sofar, decision);
    if (decision.kind === 'TOGETHER') merge(decision);
    else if (isRooms(decision)) {
      for (const household of new Set(decision.one.map((member) => member.household))) {
        const persons = personsAmong(atHome.get(household) ?? [], sofar, comparing);
        groups = groups.flatMap((group) => inRooms(group, persons));
      }
      // Rooms say nothing of two whom somebody put together, unless it was said of one of them.
      for (const earlier of decided.workers.slice(0, at)) if (earlier.kind === 'TOGETHER') merge(earlier);
    } else {
      const leaving = leavers(decision, groups, atHome, sofar, comparing);
      if (leaving.size > 0) groups = groups.flatMap((group) => left(group, leaving));
    }
  }
  const personOf = (node: Node): readonly Node[] =>
    personsAmong(atHome.get(node.household) ?? [], decided.pairs, comparing).find((own) => own.includes(node)) ?? [];
  for (const found of decided.model)
    for (const [a, b] of pairsOf(found)) {
      // The model's word of then counts only while no worker says otherwise, and it does not itself.
      if (
        decided.pairs.get(pairKey(a.key, b.key)) !== found ||
        decided.areWalled(a.household, b.household) ||
        comparing.compare(a.last, b.last).decision === 'DIFFERENT' ||
        areTenantsBoth(personOf(a), personOf(b))
      )
        continue;
      const before = groups;
      groups = linkedPart(linkedPart(groups, a, decided, comparing), b, decided, comparing);
      if (!join(a, b, decided.pairs, 'MATCHED')) groups = before;
    }
  return groups;
};

/** What is the same of arrears that four characters do not tell apart at their address. */
const startOf = (signal: Signal): string => `${householdOf(signal)}#${signal.arrearId.slice(0, 4)}`;

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
  // All in view, not only who begins a case: no number changes with who belongs together, and none finds two cases.
  const alike = grouped(
    groups.flatMap(nodesOf).map(({ last }) => last),
    startOf,
  );
  return found.map(({ group, pieces, earlier, signals }): SignalCase => {
    const [first] = signals;
    const { caseId } = first;
    const inParts = (shares.get(caseId) ?? 0) > 1;
    const [piece] = pieces;
    const formed = pieces.length > 1 && group.joined ? group.joined : inParts && piece ? piece.formed : 'ADDRESS';
    const others = (inParts && alike.get(startOf(first))) || [];
    const number = caseNumberOf(
      caseId,
      inParts ? first.arrearId : undefined,
      others.map(({ arrearId }) => arrearId),
    );
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
