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
  /** A refused row that comes in by then counts for the same month. */
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
  /** `gecontroleerd`: a dry run. */
  readonly verdict: 'verwerkt' | 'geweigerd' | 'gecontroleerd';
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

const redelivery = (until: IsoDate, deliveredBy: string | undefined): string => {
  const who =
    deliveredBy === undefined
      ? 'Verbeter de regels in rejected.csv en lever alleen dat bestand opnieuw aan. De andere regels hoeven niet nog een keer.'
      : `In rejected.csv ziet u welke regels het zijn. ${deliveredBy} heeft dezelfde regels gekregen en kan ze verbeterd opnieuw aanleveren.`;
  return `Een afgekeurde regel is geen melding. ${who} Wat uiterlijk op ${dutchDate(until)} binnen is, telt nog voor ${dutchMonth(until)}.`;
};

const nextSteps = (counts: DeliveryCounts, terms: ReceiptTerms, deliveredBy?: string): readonly string[] => {
  if (counts.read === 0) return ['Het bestand bevat geen regels. Wij noteren dat u geen achterstanden heeft.'];
  return [
    ...(counts.refused > 0 && terms.redelivery ? [redelivery(terms.redelivery, deliveredBy)] : []),
    ...(counts.accepted > 0 ? afterAccepting(terms) : []),
    ...(counts.unchanged > 0 ? ['Onveranderde regels waren al gemeld. U hoeft daarvoor niets te doen.'] : []),
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
    ...(counts.refused > 0 && { redelivery: monthEnd(receivedAt) }),
    ...(files.length > 0 && { filesKept: keptUntil(closedAt) }),
  };
  return {
    deliveryId,
    party,
    verdict: 'verwerkt',
    ...(sha256 !== undefined && { sha256 }),
    receivedAt,
    closedAt,
    counts,
    refusals: explainedRefusals(refusals, words, header),
    warnings: explainedWarnings(warnings),
    nextSteps: nextSteps(counts, terms, deliveredBy),
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

const TRIAL = 'Dit was een proef: er is niets gemeld en niets bewaard.';

const afterTrial = ({ read, accepted, refused }: DeliveryCounts, party: DeliveringPartyId): readonly string[] => {
  const inbox = `Zet het bestand in inbox/${party}/ om het echt aan te leveren.`;
  if (read === 0) return [TRIAL, `Een bestand zonder regels betekent: geen achterstanden deze maand. ${inbox}`];
  const alsoSo = 'U kunt ook zo aanleveren: de goede regels nemen wij dan aan, de andere krijgt u terug.';
  return [
    TRIAL,
    ...(refused > 0 ? [`Verbeter de afgekeurde regels in uw bestand.${accepted > 0 ? ` ${alsoSo}` : ''}`] : []),
    inbox,
  ];
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
  const place = checkFolder(source.party, source.deliveryId);
  if (examined.verdict === 'REFUSED') {
    const refusal = refusalOf(source, examined.sha256, examined.rejection, closedAt);
    const remedy = refusal.file?.remedy ?? '';
    return { ...refusal, nextSteps: [remedy, TRIAL], terms: {}, place };
  }
  const { findings, layout, sha256 } = examined;
  const processed = foreseen ?? inOrder(findings.whole);
  const { counts } = processed;
  const hasFiles = counts.refused > 0;
  return {
    ...receiptOf(source, sha256, processed, { terms: {}, words, header: layout.header }, closedAt),
    verdict: 'gecontroleerd',
    ...(foreseen && { foreseen: true }),
    nextSteps: afterTrial(counts, source.party),
    terms: hasFiles ? { filesKept: addDays(amsterdamDate(closedAt), CHECKS_KEPT) } : {},
    place,
    files: hasFiles ? [REJECTED] : [],
  };
};
