import type { Governing } from '../agreement/governing.ts';
import { type DeliveringPartyId, DeliveryId, type Instant, type IsoDate, type PartnerId } from '../ids.ts';
import { addBusinessDays } from '../term/business-days.ts';
import { addDays, amsterdamDate, lastDayOf, later, periodOf } from '../term/calendar.ts';
import { dutchDate, dutchMonth } from '../term/explain.ts';
import type {
  DeliveryCounts,
  DeliverySource,
  FileRejection,
  Finding,
  RowRejectionCode,
  Tally,
  WarningCode,
} from './delivery.ts';
import { CHECKS_KEPT, checkFolder, deliveryFolder, FILES_KEPT } from './places.ts';
import type { Examined } from './reading.ts';
import { type Advice, adviceFor, fileAdvice, type SenderWords, warningAdvice } from './rejection.ts';

/** A problem or warning once, with what it means and what to do: no value of a row. */
export type Explained<C extends string> = Finding<C> & Advice;

/** Last days, each of them included. Absent where there is nothing to count from, or the calendar is not known yet. */
export interface ReceiptTerms {
  /** Treated preferably by then: only when that is the same for all municipalities of the delivery. */
  readonly treatedPreferably?: IsoDate;
  /** Treated at the latest by then: of several municipalities the last. */
  readonly treatedAtLatest?: IsoDate;
  /** First conversation when home or supply is about to be lost. */
  readonly crisisConversation?: IsoDate;
  /** A refused row that comes in mended by then counts for the same month; absent where none can be mended. */
  readonly redelivery?: IsoDate;
  /** The files lie ready at least until then. */
  readonly filesKept?: IsoDate;
}

export interface ReceiptFile {
  readonly name: string;
  readonly about: string;
}

/**
 * Ontvangstbevestiging. Counts, codes, line numbers and our own words: no personal data, no file name of the sender.
 * With `partner` it is the part of one partner in a delivery another party made for it (R-AGR-5): its own rows only.
 */
export interface Receipt {
  readonly deliveryId: DeliveryId;
  readonly party: DeliveringPartyId;
  readonly partner?: PartnerId;
  /** Name of the party, for that partner. */
  readonly deliveredBy?: string;
  /** `gecontroleerd`: a dry run of a file that could be read. */
  readonly verdict: 'verwerkt' | 'geweigerd' | 'gecontroleerd';
  /** A dry run, whatever came of it. */
  readonly trial?: true;
  /** A dry run that was held against what is stored: its counts say what would become of every row. */
  readonly foreseen?: true;
  readonly sha256?: string;
  readonly receivedAt: Instant;
  readonly closedAt: Instant;
  readonly counts: DeliveryCounts;
  /** Why the whole file was refused. */
  readonly file?: Advice & FileRejection;
  /** Most first. Their counts add up to `counts.refused`. */
  readonly refusals: readonly Explained<RowRejectionCode>[];
  readonly warnings: readonly Explained<WarningCode>[];
  readonly nextSteps: readonly string[];
  readonly terms: ReceiptTerms;
  /** Folder of the reader in the exchange bucket. */
  readonly place: string;
  /** What lies there beside the receipt. */
  readonly files: readonly ReceiptFile[];
}

/** What somebody checks on an own machine (R-DEL-11) is no delivery, and has no number. */
export const NO_DELIVERY = DeliveryId.parse('0'.repeat(26));

export const NO_ROWS: DeliveryCounts = { read: 0, accepted: 0, corrected: 0, refused: 0, unchanged: 0, withdrawn: 0 };

/** R-DEL-1: nothing is lost between the rows read and what became of them. */
export const addsUp = ({ read, accepted, refused, unchanged, withdrawn }: DeliveryCounts): boolean =>
  read === accepted + refused + unchanged + withdrawn;

/** Each problem with its explanation and remedy, most first. */
const explained = <C extends string>(
  findings: readonly Finding<C>[],
  adviceOf: (finding: Finding<C>) => Advice,
): readonly Explained<C>[] => {
  const order = ({ code, column, reason }: Finding<C>): string => [code, column, reason].join(' ');
  return findings
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || (order(a) < order(b) ? -1 : 1))
    .map((finding) => ({ ...finding, ...adviceOf(finding) }));
};
export const explainedRefusals = (findings: Tally['refusals'], words: SenderWords = {}, header?: readonly string[]) =>
  explained(findings, (finding) => adviceFor(finding, words, header));
export const explainedWarnings = (findings: Tally['warnings']) => explained(findings, warningAdvice);

type Source = Pick<DeliverySource, 'deliveryId' | 'party' | 'receivedAt'>;

/** What the rules that govern the accepted signals promise, counted from the day of receipt (R-FLO-2, R-FLO-3). */
export const promisedBy = (receivedAt: Instant, rules: readonly Governing[]): ReceiptTerms => {
  const received = amsterdamDate(receivedAt);
  const preferably = new Set(rules.map(({ terms }) => addDays(received, terms.reminderDays)));
  const latest = rules.map(({ terms }) => addDays(received, terms.escalationDays));
  const conversation = rules.map(({ crisisTerm: { businessDays, decreeDays } }) =>
    addBusinessDays(received, businessDays, { decreeDays }),
  );
  if (rules.length === 0) return {};
  const [treatedPreferably] = preferably.size === 1 ? preferably : [];
  return {
    ...(treatedPreferably !== undefined && { treatedPreferably }),
    treatedAtLatest: latest.reduce(later),
    ...(conversation.every(({ ok }) => ok) && {
      crisisConversation: conversation.flatMap((day) => (day.ok ? [day.value.on] : [])).reduce(later),
    }),
  };
};

/** What the reader has of us apart from the counts. */
export interface Outlook {
  readonly terms: ReceiptTerms;
  /** Name of the delivering party, for the partner it delivers for. */
  readonly deliveredBy?: string;
  /** How the sender writes, and its own column names in this file. */
  readonly words?: SenderWords;
  readonly header?: readonly string[];
}

const monthEnd = (at: Instant): IsoDate => lastDayOf(periodOf(at));

const TREATED = 'De gemeente van elk adres gaat met uw meldingen aan de slag';

const treatment = ({ treatedPreferably, treatedAtLatest }: ReceiptTerms): string => {
  if (treatedAtLatest === undefined) return `${TREATED}.`;
  const last = dutchDate(treatedAtLatest);
  return treatedPreferably === undefined
    ? `${TREATED}, uiterlijk op ${last}. Sommige gemeenten hebben een kortere termijn.`
    : `${TREATED}: liefst uiterlijk op ${dutchDate(treatedPreferably)}, en op zijn laatst op ${last}.`;
};

/** Signals were taken: what the municipality does, by when, and what the partner hears of it. */
const afterAccepting = (terms: ReceiptTerms): readonly string[] => [
  treatment(terms),
  ...(terms.crisisConversation === undefined
    ? []
    : [
        `Dreigt een ontruiming of het einde van een levering? Dan is het eerste gesprek met de inwoner uiterlijk op ${dutchDate(terms.crisisConversation)}.`,
      ]),
  'Neemt een inwoner hulp aan? Dan krijgt u daarover een terugkoppeling. Daarin staat ook of en tot wanneer u de incasso stilzet. Zonder terugkoppeling verandert er voor u niets.',
  'Download en bewaar de meldbewijzen. Daarmee kunt u later laten zien, ook aan de rechter, dat u heeft gemeld.',
];

/** What must not come back with the rows that were mended. */
const TAKEN_OUT: Readonly<Partial<Record<RowRejectionCode, string>>> = {
  RESIDENT_OBJECTED: 'inwoners die bezwaar hebben gemaakt',
  ROW_IS_HEADER: 'extra kopregels',
  SIGNAL_WITHDRAWN: 'meldingen die deze maand zijn ingetrokken',
};
/** Rows that are well as they are, and may come again when something else has changed. */
const LATER = new Set<RowRejectionCode>(['TOO_EARLY', 'NO_AGREEMENT', 'NO_RULE_FOR_TYPE', 'SIGNAL_WITHDRAWN']);
type Refusals = readonly Pick<Finding<RowRejectionCode>, 'code'>[];

const canMend = (refusals: Refusals): boolean =>
  refusals.some(({ code }) => TAKEN_OUT[code] === undefined && !LATER.has(code));
/** Nothing when no row has to wait. */
const waiting = (refusals: Refusals): readonly string[] => {
  const count = refusals.filter(({ code }) => LATER.has(code)).length;
  if (count === 0) return [];
  const which = count === refusals.length ? 'De afgekeurde regels' : 'Sommige regels';
  return [`${which} kunnen pas later opnieuw worden aangeleverd. Wat daarvoor nodig is, staat bij het probleem.`];
};
/** In words what has to be taken out; '' when nothing has to. */
const takenOut = (refusals: Refusals): string => {
  const found = new Set(refusals.map(({ code }) => code));
  const words = (Object.keys(TAKEN_OUT) as RowRejectionCode[]).flatMap((code) =>
    found.has(code) ? [TAKEN_OUT[code] ?? ''] : [],
  );
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} en ${words.at(-1)}`;
};

/** The refused rows of a delivery: what to do with them, and until when that counts for the same month. */
export const afterRefusing = ({
  refusals,
  terms: { redelivery },
  deliveredBy,
}: Pick<Receipt, 'refusals' | 'terms' | 'deliveredBy'>): string => {
  const mends = redelivery !== undefined;
  const out = takenOut(mends ? refusals : refusals.filter(({ code }) => !LATER.has(code)));
  const rest = out === '' ? 'Verbeter de regels in rejected.csv' : 'Verbeter daarin de rest';
  const own = [
    ...(out === ''
      ? []
      : [mends ? `Haal eerst deze regels uit rejected.csv: ${out}.` : `Lever niet opnieuw aan: ${out}.`]),
    ...(mends ? [`${rest} en lever alleen dat bestand opnieuw aan. De andere regels hoeven niet nog een keer.`] : []),
  ];
  const others = [
    'In rejected.csv ziet u welke regels het zijn.',
    `${deliveredBy} heeft dezelfde regels gekregen${mends ? ' en kan ze verbeterd opnieuw aanleveren' : ''}.`,
    ...(out === '' ? [] : [`Niet opnieuw aanleveren: ${out}.`]),
  ];
  return [
    'Een afgekeurde regel is geen melding.',
    ...(deliveredBy === undefined ? own : others),
    ...(mends ? [`Wat uiterlijk op ${dutchDate(redelivery)} binnen is, telt nog voor ${dutchMonth(redelivery)}.`] : []),
    ...waiting(refusals),
  ].join(' ');
};

const withoutRows = (deliveredBy: string | undefined): readonly string[] =>
  deliveredBy === undefined
    ? ['Het bestand bevat geen regels. Wij noteren dat u geen achterstanden heeft.']
    : [
        'In deze levering staan geen regels voor u. Wij noteren dat u daarin geen achterstanden meldt. Wat eerder is gemeld, blijft staan.',
        `Klopt dat niet? Neem dan contact op met ${deliveredBy}.`,
      ];

const nextSteps = (
  counts: DeliveryCounts,
  refused: Pick<Receipt, 'refusals' | 'terms' | 'deliveredBy'>,
): readonly string[] => {
  if (counts.read === 0) return withoutRows(refused.deliveredBy);
  return [
    ...(counts.refused > 0 ? [afterRefusing(refused)] : []),
    ...(counts.accepted > 0 ? afterAccepting(refused.terms) : []),
    ...(counts.unchanged > 0
      ? ['Onveranderde regels waren al gemeld of al ingetrokken. U hoeft daarvoor niets te doen.']
      : []),
    ...(counts.withdrawn > 0 ? ['Ingetrokken meldingen zijn gesloten. De gemeente ziet dat.'] : []),
  ];
};

const REJECTED: ReceiptFile = {
  name: 'rejected.csv',
  about: 'de afgekeurde regels, met bij elke regel wat er mis is en wat u kunt doen. U kunt het openen in Excel',
};
const CERTIFICATES: ReceiptFile = { name: 'certificates.ndjson', about: 'de meldbewijzen, een per aangenomen melding' };

const filesOf = ({ refused, accepted }: DeliveryCounts): readonly ReceiptFile[] => [
  ...(refused > 0 ? [REJECTED] : []),
  ...(accepted > 0 ? [CERTIFICATES] : []),
];

const keptUntil = (closedAt: Instant): IsoDate => addDays(amsterdamDate(closedAt), FILES_KEPT);

/** What became of the rows, each problem once. */
export interface Processed extends Pick<Tally, 'refusals' | 'warnings'> {
  readonly counts: DeliveryCounts;
}

/** Receipt of a delivery whose rows were all judged: the whole, for the party. */
export const receiptOf = (
  { deliveryId, party, receivedAt }: Source,
  sha256: string | undefined,
  { counts, refusals, warnings }: Processed,
  { terms: promised, deliveredBy, words, header }: Outlook,
  closedAt: Instant,
): Receipt => {
  const files = filesOf(counts);
  const terms: ReceiptTerms = {
    ...(counts.accepted > 0 && promised),
    ...(canMend(refusals) && { redelivery: monthEnd(receivedAt) }),
    ...(files.length > 0 && { filesKept: keptUntil(closedAt) }),
  };
  const problems = explainedRefusals(refusals, words, header);
  return {
    deliveryId,
    party,
    verdict: 'verwerkt',
    ...(sha256 !== undefined && { sha256 }),
    receivedAt,
    closedAt,
    counts,
    refusals: problems,
    warnings: explainedWarnings(warnings),
    nextSteps: nextSteps(counts, { refusals: problems, terms, ...(deliveredBy !== undefined && { deliveredBy }) }),
    terms,
    place: deliveryFolder(party, deliveryId),
    files,
  };
};

/** The part of one partner (R-AGR-5). Without the hash of the file: the file is the party's. */
export const partReceiptOf = (
  source: Source,
  partner: PartnerId,
  processed: Processed,
  outlook: Outlook & { readonly deliveredBy: string },
  closedAt: Instant,
): Receipt => ({
  ...receiptOf(source, undefined, processed, outlook, closedAt),
  partner,
  deliveredBy: outlook.deliveredBy,
  place: deliveryFolder(partner, source.deliveryId),
});

const AGAIN = 'Lever het verbeterde bestand opnieuw aan.';

/** Receipt of a file that was refused as a whole: no row of it counts. */
export const refusalOf = (
  { deliveryId, party, receivedAt }: Source,
  sha256: string | undefined,
  rejection: FileRejection,
  closedAt: Instant,
): Receipt => {
  const redelivery = monthEnd(receivedAt);
  const advice = fileAdvice(rejection);
  const until = `Wat uiterlijk op ${dutchDate(redelivery)} binnen is, telt nog voor ${dutchMonth(redelivery)}.`;
  return {
    deliveryId,
    party,
    verdict: 'geweigerd',
    ...(sha256 !== undefined && { sha256 }),
    receivedAt,
    closedAt,
    counts: NO_ROWS,
    file: { ...rejection, ...advice },
    refusals: [],
    warnings: [],
    nextSteps: [advice.remedy, `Er is niets gemeld. ${AGAIN} ${until}`],
    terms: { redelivery },
    place: deliveryFolder(party, deliveryId),
    files: [],
  };
};

/** On an own machine nothing lies ready; at the meldpunt the answer does. */
const trialWords = (until: IsoDate | undefined): string =>
  until === undefined
    ? 'Dit was een proef: er is niets gemeld en niets bewaard.'
    : `Dit was een proef: er is niets gemeld. Van uw bestand bewaren wij niets; dit antwoord staat klaar tot en met ${dutchDate(until)}.`;

/** What of a file that was tried is not in order: what to do with it before it is delivered. */
export const beforeDelivering = (refusals: Refusals): readonly string[] => {
  const out = takenOut(refusals);
  return [
    ...(out === '' ? [] : [`Haal deze regels uit uw bestand: ${out}.`]),
    ...(canMend(refusals) ? ['Verbeter de afgekeurde regels in uw bestand.'] : []),
    ...waiting(refusals),
  ];
};

/** Refused rows that must not be sent at all. */
const NEVER = new Set<RowRejectionCode>(['RESIDENT_OBJECTED', 'BSN_IN_FIELD']);

const afterTrial = (
  { read, accepted, refused }: DeliveryCounts,
  refusals: Refusals,
  party: DeliveringPartyId,
): readonly string[] => {
  const inbox = `Zet het bestand in inbox/${party}/ om het echt aan te leveren.`;
  if (read === 0) return [`Een bestand zonder regels betekent: geen achterstanden deze maand. ${inbox}`];
  const mayGo = refused > 0 && accepted > 0 && !refusals.some(({ code }) => NEVER.has(code));
  const alsoSo = 'U kunt ook zo aanleveren: de goede regels nemen wij dan aan, de andere krijgt u terug.';
  const mending = [...beforeDelivering(refusals), ...(mayGo ? [alsoSo] : [])];
  return [...(mending.length > 0 ? [mending.join(' ')] : []), inbox];
};

const inOrder = ({ read, refused, duplicates, refusals, warnings }: Tally): Processed => ({
  counts: { ...NO_ROWS, read, refused, unchanged: duplicates, accepted: read - refused - duplicates },
  refusals,
  warnings,
});

/**
 * Receipt of a dry run (R-DEL-11): the same verdict, nothing stored. `foreseen`: held against what is stored; without it
 * every row in order counts as accepted.
 */
export const checkReceiptOf = (
  source: Source,
  examined: Examined,
  closedAt: Instant,
  words: SenderWords = {},
  foreseen?: Processed,
): Receipt => {
  const until = source.deliveryId === NO_DELIVERY ? undefined : addDays(amsterdamDate(closedAt), CHECKS_KEPT);
  const trial = {
    trial: true,
    terms: until === undefined ? {} : { filesKept: until },
    place: checkFolder(source.party, source.deliveryId),
  } as const;
  if (examined.verdict === 'REFUSED') {
    const refusal = refusalOf(source, examined.sha256, examined.rejection, closedAt);
    return { ...refusal, ...trial, nextSteps: [refusal.file?.remedy ?? '', trialWords(until)] };
  }
  const { findings, layout, sha256 } = examined;
  const processed = foreseen ?? inOrder(findings.whole);
  const { counts } = processed;
  return {
    ...receiptOf(source, sha256, processed, { terms: {}, words, header: layout.header }, closedAt),
    ...trial,
    verdict: 'gecontroleerd',
    ...(foreseen && { foreseen: true }),
    nextSteps: [trialWords(until), ...afterTrial(counts, processed.refusals, source.party)],
    files: counts.refused > 0 ? [REJECTED] : [],
  };
};
