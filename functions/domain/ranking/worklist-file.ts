import type { SignalPartner } from '../agreement/configuration.ts';
import { csvRow } from '../delivery/csv.ts';
import type { Address, Resident } from '../delivery/delivery.ts';
import { END_OF_SUPPLY_NOTICE } from '../delivery/end-of-supply.ts';
import { euros } from '../feedback/amount.ts';
import type { PartnerId } from '../ids.ts';
import { municipalityName } from '../reference/reference.ts';
import { otherMunicipalities } from '../routing/route.ts';
import { arrivedFrom, handedOverTo } from '../signal/hand-over.ts';
import { whyClosed } from '../signal/repeat.ts';
import { type ContactAttempt, phaseOf, type Signal, type Term, type TermKind } from '../signal/signal.ts';
import { amsterdamDate } from '../term/calendar.ts';
import { termsOf } from '../term/terms.ts';
import type { CaseFlag } from './flags.ts';
import { totalOf } from './measure.ts';
import { caseTray, isAwaiting, teamName, teamOf } from './work-tray.ts';
import type { PolicyOf, WorklistCase } from './worklist.ts';

const FLAG_WORDS: Readonly<Record<CaseFlag, string>> = {
  SINGLE: 'enkelvoudig',
  MULTIPLE: 'meervoudig',
  CONSECUTIVE: 'opeenvolgend',
};

export const WORKLIST_COLUMNS = [
  'rang',
  'werkbakje',
  'zaak',
  'uitvoerder',
  'team',
  'reden_rangorde',
  'regelset',
  'kenmerken',
  'signalen',
  'signalen_ids',
  'partners',
  'fase',
  'totaalbedrag',
  'einde_levering',
  'naam',
  'geboortedatum',
  'adres',
  'telefoon',
  'email',
  'contact_partners',
  'contactpogingen',
  'ontvangen',
  'streefdatum',
  'uiterlijk',
  'uiterlijk_terugkoppelen',
  'uiterlijk_gesprek',
  'termijnen',
  'status',
] as const;

const stateWords = (signal: Signal): string => {
  switch (signal.status) {
    case 'RECEIVED':
    case 'ASSIGNED': {
      const said = new Set(signal.history.map(({ kind }) => kind));
      return said.has('WARNED') ? 'bijna te laat' : said.has('REMINDED') ? 'herinnerd' : 'open';
    }
    case 'TERM_EXPIRED':
      return 'termijn verstreken';
    case 'OUTCOME_KNOWN':
      return 'uitkomst bekend';
    case 'SUSPENDED':
      return signal.suspension.endedEarly
        ? 'schuldenrust beëindigd'
        : `schuldenrust tot en met ${signal.suspension.lastDay}`;
    case 'CLOSED': {
      const repeat = whyClosed(signal);
      return repeat === undefined ? 'afgesloten' : `afgesloten als herhaalde melding: ${repeat}`;
    }
    case 'WITHDRAWN':
      return signal.reason === 'verplaatst' ? 'verplaatst' : `ingetrokken (${signal.reason})`;
  }
};

/** Where it came from or went, when that is another municipality (R-ROU-4). */
const handOverWords = (signal: Signal): readonly string[] => [
  ...(arrivedFrom(signal)?.how === 'HANDED_OVER' ? ['overgenomen van een andere gemeente'] : []),
  ...(handedOverTo(signal) === undefined ? [] : ['overgedragen aan een andere gemeente']),
];

const statusWords = (signal: Signal): string => {
  const reopened = signal.history.findLast(({ kind }) => kind === 'REOPENED');
  return [
    stateWords(signal),
    ...(reopened && isAwaiting(signal) ? [`heropend (${reopened.detail})`] : []),
    ...handOverWords(signal),
  ].join(', ');
};

/** Routed by what is most likely: which other municipality it may be (R-ROU-1). */
const doubtWords = ({ certainty, address, municipality, receivedAt }: Signal): string | undefined => {
  if (certainty === 'exact') return undefined;
  const others = otherMunicipalities(address.postcode, municipality, amsterdamDate(receivedAt)).map(municipalityName);
  return `gemeente niet zeker${others.length > 0 ? `: adres kan ook in ${others.join(' of ')} liggen` : ''}`;
};

export const nameWords = ({ initials, prefix, surname }: Resident): string =>
  [initials, prefix, surname].filter((part) => part !== undefined).join(' ');

export const addressWords = ({ street, houseNumber, houseLetter = '', addition, postcode, city }: Address): string => {
  const number = `${houseNumber}${houseLetter}${addition === undefined ? '' : `-${addition}`}`;
  const line = [street, number].filter((part) => part !== undefined).join(' ');
  return `${line}, ${[postcode, city].filter((part) => part !== undefined).join(' ')}`;
};

const arrearWords = (signal: Signal, partner: SignalPartner | undefined): string => {
  const { partnerType, amountCents, dueDate, kind, earlierPeriods } = signal;
  const parts = [
    `${partner?.name ?? signal.partner} (${partnerType}) € ${euros(amountCents)}`,
    `vervallen ${dueDate}`,
    phaseOf(signal),
    ...(kind === 'vroeg' ? [] : [kind]),
    ...(earlierPeriods.length > 0 ? [`herhaald: ${earlierPeriods.join(' ')}`] : []),
  ];
  return parts.join(', ');
};

/** Whom to call about a signal, and when (R-AGR-7). */
const contactWords = (partner: SignalPartner | undefined): string | undefined =>
  partner && `${partner.name}: ${list([partner.contact.name, partner.contact.phone, partner.contact.reachable], ', ')}`;

const endOfSupplyWords = ({ endOfSupplyOn, warnings }: Signal): string | undefined =>
  endOfSupplyOn !== undefined && warnings.includes('END_OF_SUPPLY_NEAR')
    ? `${endOfSupplyOn} (minder dan ${END_OF_SUPPLY_NOTICE} werkdagen na de melding)`
    : endOfSupplyOn;

const attemptWords = ({ kind, reached, date }: ContactAttempt): string =>
  `${date} ${kind} (${reached ? 'bereikt' : 'niet bereikt'})`;

/** How many, and the last one. An attempt for the case stands at each of its signals and counts once. */
const attemptsWords = (signals: readonly Signal[]): string => {
  const attempts = new Map(
    signals.flatMap(({ contactAttempts }) => contactAttempts.map((each) => [JSON.stringify(each), each])),
  );
  const latest = [...attempts.values()].toSorted((a, b) => (a.date < b.date ? -1 : 1)).at(-1);
  return latest ? `${attempts.size}, laatst ${attemptWords(latest)}` : '';
};

export const TERM_WORDS: Readonly<Record<TermKind, string>> = {
  REMINDER: 'streefdatum',
  WARNING: 'waarschuwing',
  ESCALATION: 'uiterlijk',
  CLOSING: 'sluit vanzelf',
  FEEDBACK: 'terugkoppelen',
  FIRST_CONVERSATION: 'eerste gesprek',
  SUSPENSION_REMINDER: 'schuldenrust loopt bijna af',
  SUSPENSION_END: 'einde schuldenrust',
};

/**
 * All terms of a signal that waits for an answer, also those that passed. None past the known calendar: its workflow
 * fails there by name, the list still comes.
 */
const computedTerms = (signal: Signal, policyOf: PolicyOf): readonly Term[] => {
  const terms = isAwaiting(signal) ? termsOf(signal, policyOf(signal)) : undefined;
  return terms?.ok ? terms.value : [];
};

/** The terms that are left: as stored, or as they will be for a signal that is not assigned yet. */
const termsLeft = (signal: Signal, policyOf: PolicyOf): readonly Term[] =>
  'terms' in signal ? signal.terms : computedTerms(signal, policyOf);

/** The different values there are, in their order. */
const list = (values: readonly (string | undefined)[], separator = ' | '): string =>
  [...new Set(values.filter((value) => value !== undefined && value !== ''))].join(separator);

export interface WorklistNames {
  readonly organisation: string;
  readonly partnerOf: (id: PartnerId) => SignalPartner | undefined;
}

type Cells = Readonly<Record<(typeof WORKLIST_COLUMNS)[number], string>>;

const cellsOf = (
  { number, signals, shown, flags, ranked }: WorklistCase,
  policyOf: PolicyOf,
  { organisation, partnerOf }: WorklistNames,
): Cells => {
  const { ranking, because } = policyOf(shown[0]);
  const standing = shown.filter(({ status }) => status !== 'WITHDRAWN');
  const terms = shown.flatMap((signal) => computedTerms(signal, policyOf));
  const firstOn = (kind: TermKind): string =>
    terms.flatMap((term) => (term.kind === kind ? term.on : [])).sort()[0] ?? '';
  const known = shown.some(({ knownAtTeam }) => knownAtTeam === true);
  return {
    rang: ranked === undefined ? '' : String(ranked.rank),
    werkbakje: caseTray(shown, policyOf),
    zaak: number,
    uitvoerder: organisation,
    team: list(shown.map((signal) => teamName(teamOf(signal, policyOf(signal)), policyOf(signal)))),
    reden_rangorde: ranked?.reasons.join('; ') ?? '',
    regelset: `${ranking.ruleSet} ${ranking.version} (${because.ranking.document}, ${because.ranking.clause})`,
    kenmerken: list([
      ...flags.map(({ flag }) => FLAG_WORDS[flag]),
      ...(known ? ['bekend bij het wijkteam'] : []),
      ...shown.map(doubtWords),
    ]),
    signalen: String(standing.length),
    signalen_ids: list(shown.map(({ signalId }) => signalId)),
    partners: shown.map((signal) => arrearWords(signal, partnerOf(signal.partner))).join(' | '),
    fase: list(shown.map(phaseOf)),
    totaalbedrag: euros(totalOf(standing)),
    einde_levering: list(shown.map(endOfSupplyWords)),
    naam: list(shown.map(({ resident }) => nameWords(resident))),
    geboortedatum: list(shown.map(({ resident }) => resident.dateOfBirth)),
    adres: addressWords(shown[0].address),
    telefoon: list(shown.map(({ resident: { phone } }) => phone?.given)),
    email: list(shown.map(({ resident: { email } }) => email?.normalised ?? email?.given)),
    contact_partners: list(shown.map(({ partner }) => contactWords(partnerOf(partner)))),
    contactpogingen: attemptsWords(shown),
    ontvangen: list(shown.map(({ receivedAt }) => amsterdamDate(receivedAt))),
    streefdatum: firstOn('REMINDER'),
    uiterlijk: firstOn('ESCALATION'),
    uiterlijk_terugkoppelen: firstOn('FEEDBACK'),
    uiterlijk_gesprek: firstOn('FIRST_CONVERSATION'),
    termijnen: list(
      shown
        .flatMap((signal) => termsLeft(signal, policyOf))
        .toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1))
        .map(({ kind, because }) => `${TERM_WORDS[kind]}: ${because}`),
    ),
    status: list(signals.map(statusWords)),
  };
};

/**
 * The worklist as CSV: semicolons, UTF-8 with BOM, dates `jjjj-mm-dd`, euros `1234,56`; several values in a cell are
 * divided by ` | `. A case lists every signal, so that nobody has to look elsewhere what a household owes. Of several
 * signals the first day of each term is shown; `termijnen` explains those that are left.
 */
export const worklistFile = (cases: readonly WorklistCase[], policyOf: PolicyOf, names: WorklistNames): string => {
  const rows = cases.map((each) => {
    const cells = cellsOf(each, policyOf, names);
    return csvRow(WORKLIST_COLUMNS.map((column) => cells[column]));
  });
  return `\uFEFF${csvRow(WORKLIST_COLUMNS)}${rows.join('')}`;
};
