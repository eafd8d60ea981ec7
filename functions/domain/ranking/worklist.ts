import type { Policy } from '../agreement/configuration.ts';
import { csvRow } from '../delivery/csv.ts';
import type { Address, Resident } from '../delivery/delivery.ts';
import { euros } from '../feedback/amount.ts';
import { grouped } from '../grouped.ts';
import type { CaseId, PartnerId } from '../ids.ts';
import type { Signal } from '../signal/signal.ts';
import { amsterdamDate } from '../term/calendar.ts';
import { explainTerms, termsOf } from '../term/terms.ts';
import { type CaseFlag, flagsOf, reportedMonths } from './flags.ts';
import { type RankedCase, rankCases, totalOf } from './ranking.ts';

/** A case as it stands on the worklist. Personal data: for the executing organisation of its municipality only. */
export interface WorklistCase {
  readonly caseId: CaseId;
  /** All signals of the case, withdrawn ones too, oldest first. */
  readonly signals: readonly Signal[];
  readonly policy: Policy;
  readonly flags: readonly CaseFlag[];
  /** Absent when nobody has to be approached any more. */
  readonly ranked?: RankedCase;
}

/** The municipality has still to answer these. */
export const isAwaiting = ({ status }: Signal): boolean =>
  status === 'RECEIVED' || status === 'ASSIGNED' || status === 'TERM_EXPIRED';
export const isOpen = ({ status }: Signal): boolean => status !== 'CLOSED' && status !== 'WITHDRAWN';

const FLAG_WORDS: Readonly<Record<CaseFlag, string>> = {
  SINGLE: 'enkelvoudig',
  MULTIPLE: 'meervoudig',
  CONSECUTIVE: 'opeenvolgend',
};

/** The order of signals within a case says nothing of who sent them first in importance: by receipt, then id. */
const byReceipt = (a: Signal, b: Signal): number =>
  a.receivedAt === b.receivedAt ? (a.signalId < b.signalId ? -1 : 1) : a.receivedAt < b.receivedAt ? -1 : 1;

/**
 * The cases of one month of one executing organisation, ranked over all its municipalities (R-WOR-1, R-WOR-4). `all` are
 * the signals of every month, for the flags; cases that need nobody come last, by id.
 */
export const worklistOf = (
  month: readonly Signal[],
  all: readonly Signal[],
  policyOf: (signal: Signal) => Policy,
): readonly WorklistCase[] => {
  const months = reportedMonths(all);
  const cases = [...grouped(month, ({ caseId }) => caseId)].flatMap(([caseId, unsorted]) => {
    const signals = unsorted.toSorted(byReceipt);
    const standing = signals.filter(({ status }) => status !== 'WITHDRAWN');
    const [first] = standing.length > 0 ? standing : signals;
    if (!first) return [];
    return [{ caseId, signals, policy: policyOf(first), flags: flagsOf(caseId, standing.length, months) }];
  });
  const waiting = cases
    .map(({ caseId, signals, policy: { ranking } }) => ({
      caseId,
      signals: signals.filter(isAwaiting),
      ...(ranking.thresholdCents === undefined ? {} : { thresholdCents: ranking.thresholdCents }),
    }))
    .filter(({ signals }) => signals.length > 0);
  const ranks = new Map(rankCases(waiting).map((ranked) => [ranked.caseId, ranked]));
  const last = Number.MAX_SAFE_INTEGER;
  return cases
    .map((each) => {
      const ranked = ranks.get(each.caseId);
      return { ...each, ...(ranked && { ranked }) };
    })
    .sort((a, b) => (a.ranked?.rank ?? last) - (b.ranked?.rank ?? last) || (a.caseId < b.caseId ? -1 : 1));
};

const COLUMNS = [
  'rang',
  'zaak',
  'uitvoerder',
  'reden_rangorde',
  'regelset',
  'kenmerken',
  'signalen',
  'signalen_ids',
  'partners',
  'totaalbedrag',
  'naam',
  'geboortedatum',
  'adres',
  'telefoon',
  'email',
  'ontvangen',
  'streefdatum',
  'uiterlijk',
  'termijnen',
  'status',
] as const;

const statusWords = (signal: Signal): string => {
  switch (signal.status) {
    case 'RECEIVED':
      return 'open';
    case 'ASSIGNED':
      return signal.history.some(({ kind }) => kind === 'REMINDED') ? 'herinnerd' : 'open';
    case 'TERM_EXPIRED':
      return 'termijn verstreken';
    case 'OUTCOME_KNOWN':
      return 'uitkomst bekend';
    case 'SUSPENDED':
      return signal.suspension.endedEarly ? 'schuldenrust beëindigd' : `schuldenrust tot ${signal.suspension.lastDay}`;
    case 'CLOSED':
      return 'afgesloten';
    case 'WITHDRAWN':
      return signal.reason === 'verplaatst' ? 'verplaatst' : `ingetrokken (${signal.reason})`;
  }
};

const nameOf = ({ initials, prefix, surname }: Resident): string =>
  [initials, prefix, surname].filter((part) => part !== undefined).join(' ');

const addressOf = ({ street, houseNumber, houseLetter = '', addition, postcode, city }: Address): string => {
  const number = `${houseNumber}${houseLetter}${addition === undefined ? '' : `-${addition}`}`;
  const line = [street, number].filter((part) => part !== undefined).join(' ');
  return `${line}, ${[postcode, city].filter((part) => part !== undefined).join(' ')}`;
};

const partnerOf = (signal: Signal, partnerName: (id: PartnerId) => string): string => {
  const { partner, partnerType, amountCents, dueDate, collectionPhase, kind, earlierPeriods } = signal;
  const parts = [
    `${partnerName(partner)} (${partnerType}) € ${euros(amountCents)}`,
    `vervallen ${dueDate}`,
    collectionPhase,
    ...(kind === 'vroeg' ? [] : [kind]),
    ...(earlierPeriods.length > 0 ? [`herhaald: ${earlierPeriods.join(' ')}`] : []),
  ];
  return parts.join(', ');
};

/** The different values there are, in their order. */
const list = (values: readonly (string | undefined)[]): string =>
  [...new Set(values.filter((value) => value !== undefined && value !== ''))].join(' | ');

/**
 * The worklist as CSV: semicolons, UTF-8 with BOM, dates `jjjj-mm-dd`, euros `1234,56`; several values in a cell are
 * divided by ` | `. A case lists every signal, so that nobody has to look elsewhere what a household owes.
 */
export const worklistFile = (
  cases: readonly WorklistCase[],
  organisationName: string,
  partnerName: (id: PartnerId) => string,
): string => {
  const rows = cases.map(({ caseId, signals, policy, flags, ranked }) => {
    const standing = signals.filter(({ status }) => status !== 'WITHDRAWN');
    const shown = standing.length > 0 ? standing : signals;
    const receivedAt = shown[0]?.receivedAt;
    const [reminder, escalation] = receivedAt === undefined ? [] : termsOf(receivedAt, policy);
    const cells: Record<(typeof COLUMNS)[number], string> = {
      rang: ranked === undefined ? '' : String(ranked.rank),
      zaak: caseId,
      uitvoerder: organisationName,
      reden_rangorde: ranked?.reasons.join('; ') ?? '',
      regelset: `${policy.ranking.ruleSet} ${policy.ranking.version}`,
      kenmerken: flags.map((flag) => FLAG_WORDS[flag]).join(' | '),
      signalen: String(standing.length),
      signalen_ids: list(shown.map(({ signalId }) => signalId)),
      partners: shown.map((signal) => partnerOf(signal, partnerName)).join(' | '),
      totaalbedrag: euros(totalOf(standing)),
      naam: list(shown.map(({ resident }) => nameOf(resident))),
      geboortedatum: list(shown.map(({ resident }) => resident.dateOfBirth)),
      adres: list(shown.slice(0, 1).map(({ address }) => addressOf(address))),
      telefoon: list(shown.map(({ resident: { phone } }) => phone?.given)),
      email: list(shown.map(({ resident: { email } }) => email?.normalised ?? email?.given)),
      ontvangen: list(shown.map((signal) => amsterdamDate(signal.receivedAt))),
      streefdatum: reminder?.on ?? '',
      uiterlijk: escalation?.on ?? '',
      termijnen: receivedAt === undefined ? '' : explainTerms(receivedAt, policy),
      status: list(signals.map(statusWords)),
    };
    return csvRow(COLUMNS.map((column) => cells[column]));
  });
  return `\uFEFF${csvRow(COLUMNS)}${rows.join('')}`;
};
