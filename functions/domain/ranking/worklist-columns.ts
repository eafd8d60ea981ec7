import type { SignalPartner } from '../agreement/configuration.ts';
import type { Governing } from '../agreement/governing.ts';
import type { Address, Resident } from '../delivery/delivery.ts';
import { END_OF_SUPPLY_NOTICE } from '../delivery/end-of-supply.ts';
import { euroWords } from '../feedback/amount.ts';
import type { Cents, Instant, IsoDate, PartnerId } from '../ids.ts';
import type { SharedBy } from '../matching/signal-case.ts';
import { municipalityName } from '../reference/reference.ts';
import { otherMunicipalities } from '../routing/route.ts';
import { arrivedFrom, handedOverTo } from '../signal/hand-over.ts';
import { whyClosed } from '../signal/repeat.ts';
import { type ContactAttempt, phaseOf, type Signal, type Term, type TermKind } from '../signal/signal.ts';
import { amsterdamDate } from '../term/calendar.ts';
import { dutchMinute } from '../term/explain.ts';
import { termsOf } from '../term/terms.ts';
import { evidenceWords } from './evidence.ts';
import type { CaseFlag } from './flags.ts';
import { type CaseNews, newsOfCase } from './marks.ts';
import { attemptsOf, totalOf } from './measure.ts';
import { caseTray, isAwaiting, teamName, teamOf } from './work-tray.ts';
import type { CaseDecision, CasePerson, PolicyOf, RelatedCase, WorklistCase } from './worklist.ts';

export const FLAG_WORDS: Readonly<Record<CaseFlag, string>> = {
  SINGLE: 'enkelvoudig',
  MULTIPLE: 'meervoudig',
  CONSECUTIVE: 'opeenvolgend',
};

export const RELATED_WORDS: Readonly<Record<RelatedCase['why'], string>> = {
  EARLIER_AT_ADDRESS: 'eerder op dit adres',
  EARLIER_SAME_PERSON: 'eerder, zelfde persoon',
  SAME_PERSON_ELSEWHERE: 'zelfde persoon op een ander adres',
  POSSIBLY_SAME_PERSON: 'mogelijk zelfde persoon',
  SAME_ADDRESS: 'ook op dit adres',
};

/** How the signals of a case came together (R-MAT-1, R-MAT-3, R-MAT-4). */
export const FORMED_WORDS: Readonly<Record<WorklistCase['formed'], string>> = {
  ADDRESS: 'zelfde adres en maand',
  SHARED_ADDRESS: 'adres met meer huishoudens',
  SPLIT: 'gesplitst door een medewerker',
  MERGED: 'samengevoegd door een medewerker',
  MATCHED: 'samengevoegd: zelfde persoon achter één voordeur',
};

/** `02-09-1992`, within a text. */
export const shortDate = (day: IsoDate): string => `${day.slice(8)}-${day.slice(5, 7)}-${day.slice(0, 4)}`;

const SHARED_WORDS: Readonly<Record<SharedBy, string>> = {
  TENANTS: 'twee huurders',
  STRANGERS: 'drie of meer mensen zonder band',
  ROOMS: 'kamers, zegt een medewerker',
};

/** `adres met meer huishoudens (twee huurders)`. */
export const formedWords = ({ formed, shared }: Pick<WorklistCase, 'formed' | 'shared'>): string =>
  shared ? `${FORMED_WORDS.SHARED_ADDRESS} (${SHARED_WORDS[shared]})` : FORMED_WORDS[formed];

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
    `${partner?.name ?? signal.partner} (${partnerType}) ${euroWords(amountCents)}`,
    `vervallen ${dueDate}`,
    phaseOf(signal),
    ...(kind === 'vroeg' ? [] : [kind]),
    ...(earlierPeriods.length > 0 ? [`herhaald: ${earlierPeriods.join(' ')}`] : []),
  ];
  return parts.join(', ');
};

/** Whom to call about a signal, and when (R-AGR-7). */
const contactWords = (partner: SignalPartner | undefined): string | undefined =>
  partner &&
  `${partner.name}: ${distinct([partner.contact.name, partner.contact.phone, partner.contact.reachable]).join(', ')}`;

const endOfSupplyWords = ({ endOfSupplyOn, warnings }: Signal): string | undefined =>
  endOfSupplyOn !== undefined && warnings.includes('END_OF_SUPPLY_NEAR')
    ? `${endOfSupplyOn} (minder dan ${END_OF_SUPPLY_NOTICE} werkdagen na de melding)`
    : endOfSupplyOn;

const attemptWords = ({ kind, reached, date }: ContactAttempt): string =>
  `${date} ${kind} (${reached ? 'bereikt' : 'niet bereikt'})`;

/** How many, and the last one. */
const attemptsWords = (signals: readonly Signal[]): string => {
  const attempts = attemptsOf(signals);
  const latest = attempts.toSorted((a, b) => (a.date < b.date ? -1 : 1)).at(-1);
  return latest ? `${attempts.length}, laatst ${attemptWords(latest)}` : '';
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

/** The different values there are, in their order; most often there is one. */
const distinct = <T extends string>(values: readonly (T | undefined)[]): readonly T[] =>
  (values.length < 2 ? values : [...new Set(values)]).filter(
    (value): value is T => value !== undefined && value !== '',
  );

/** What the list is made with, beside its cases. */
export interface WorklistFacts {
  readonly organisation: string;
  readonly partnerOf: (id: PartnerId) => SignalPartner | undefined;
  /** What happened after it is marked; absent: there was no list before. */
  readonly since?: Instant | undefined;
}

/** What one cell says: a text or a day, several of several signals, or one number; '' when nothing. */
export type Said =
  | string
  | { readonly texts: readonly string[] }
  | { readonly days: readonly IsoDate[] }
  | { readonly number: number | undefined }
  | { readonly cents: Cents };

/** A case with what its cells are made of, worked out once for every file and sheet it is on. */
export interface Line {
  readonly of: WorklistCase;
  readonly tray: string;
  readonly standing: readonly Signal[];
  readonly rules: Governing;
  readonly policyOf: PolicyOf;
  readonly news: CaseNews;
  readonly terms: readonly Term[];
  readonly facts: WorklistFacts;
}

/** Terms follow from rules, day, kind and phase: thousands of signals have the same ones. */
const sharedTerms = (policyOf: PolicyOf): ((signal: Signal) => readonly Term[]) => {
  const known = new Map<Governing, Map<string, readonly Term[]>>();
  return (signal) => {
    if (!isAwaiting(signal)) return [];
    const rules = policyOf(signal);
    const ofRules = known.get(rules) ?? new Map<string, readonly Term[]>();
    known.set(rules, ofRules);
    const alike = `${amsterdamDate(signal.receivedAt)} ${signal.kind} ${phaseOf(signal)}`;
    const terms = ofRules.get(alike) ?? computedTerms(signal, policyOf);
    ofRules.set(alike, terms);
    return terms;
  };
};

/** The lines of a list, in the order of its cases. */
export const linesOf = (cases: readonly WorklistCase[], policyOf: PolicyOf, facts: WorklistFacts): readonly Line[] => {
  const termsFor = sharedTerms(policyOf);
  return cases.map((of) => ({
    of,
    tray: caseTray(of.shown, policyOf),
    standing: of.shown.filter(({ status }) => status !== 'WITHDRAWN'),
    rules: policyOf(of.shown[0]),
    policyOf,
    news: newsOfCase(of.signals, facts.since, of.turns),
    terms: of.shown.flatMap(termsFor),
    facts,
  }));
};

/** Of several signals the first day counts. */
const firstDay = ({ terms }: Line, kind: TermKind): Said => ({
  days: terms
    .flatMap((term) => (term.kind === kind ? term.on : []))
    .sort()
    .slice(0, 1),
});

const text = (words: string | undefined): Said => words ?? '';
const all = (texts: readonly string[]): Said => (texts.length < 2 ? text(texts[0]) : { texts });
const each = (values: readonly (string | undefined)[]): Said =>
  values.length < 2 ? text(values[0]) : all(distinct(values));

const partnerName = ({ partner }: Signal, { partnerOf }: WorklistFacts): string => partnerOf(partner)?.name ?? partner;

/** `P. Jansen (02-09-1992): Elan Wonen € 420,00, 7K3Q…-2604`: who owes what, and the number to split it off with. */
const personWords = ({ name, signals, business }: CasePerson, facts: WorklistFacts): string => {
  const born = distinct(signals.map(({ resident }) => resident.dateOfBirth)).map(shortDate);
  const who = [...born, ...(business ? ['bedrijf'] : [])].join(', ');
  const owes = signals.map(
    (signal) => `${partnerName(signal, facts)} ${euroWords(signal.amountCents)}, ${signal.signalId}`,
  );
  return `${name}${who && ` (${who})`}: ${owes.join('; ')}`;
};

/** Each front door once, as the first of its signals writes it: most cases have one. */
const addressesOf = (signals: readonly Signal[]): readonly Address[] =>
  [...new Map(signals.toReversed().map(({ caseId, address }) => [caseId, address])).values()].reverse();

/** At the address of an institution there are many. */
const FEW = 5;
export const few = (words: readonly string[]): string =>
  words.length <= FEW ? words.join(', ') : `${words.slice(0, FEW).join(', ')} en nog ${words.length - FEW}`;

/** `kamers`, `gesplitst` or `samengevoegd`. */
export const decidedWords = ({ kind, decided }: CaseDecision): string =>
  kind === 'TOGETHER'
    ? 'samengevoegd'
    : 'by' in decided && decided.reason === 'kamers of begeleid wonen'
      ? 'kamers'
      : 'gesplitst';

/** `gesplitst van zaak …: andere persoon (w17, 10-03-2026)`. */
const decisionWords = (decision: CaseDecision): string => {
  const { kind, at, decided, cases } = decision;
  const others = cases.length === 0 ? '' : ` ${kind === 'TOGETHER' ? 'met' : 'van'} zaak ${few(cases)}`;
  const who = 'by' in decided ? decided.by : 'het meldpunt';
  const why = 'by' in decided ? `: ${decided.reason}` : '';
  return `${kind === 'TOGETHER' ? 'samengevoegd' : 'gesplitst'}${others}${why} (${who}, ${shortDate(amsterdamDate(at))})`;
};

/** On what a case and its persons were put together: a line for the case, and one for each link. */
const linkWords = ({ of: { formed, shared, signals, persons, possible, decisions } }: Line): readonly string[] => [
  ...(signals.length > 1 || formed !== 'ADDRESS' ? [formedWords({ formed, shared })] : []),
  ...decisions.flatMap((decision) => ('by' in decision.decided ? decisionWords(decision) : [])),
  ...persons.flatMap(({ name, evidence }) => evidence.map(({ comparison }) => `${name}: ${evidenceWords(comparison)}`)),
  ...possible.map(
    ({ names, comparison }) => `mogelijk zelfde persoon, ${names.join(' en ')}: ${evidenceWords(comparison)}`,
  ),
];

/** `2026-03-…: eerder op dit adres (2026-03, nog niet beantwoord)`; who lives behind the same door in one line, by number only. */
const relatedWords = (related: readonly RelatedCase[]): readonly string[] => {
  const neighbours = related.filter(({ why }) => why === 'SAME_ADDRESS');
  return [
    ...related
      .filter(({ why }) => why !== 'SAME_ADDRESS')
      .map(
        ({ number, why, because, link }) =>
          `${number}: ${RELATED_WORDS[why]} (${because}${link ? `; ${evidenceWords(link.comparison)}` : ''})`,
      ),
    ...(neighbours.length === 0
      ? []
      : [`${RELATED_WORDS.SAME_ADDRESS}: ${few(neighbours.map(({ number }) => `zaak ${number}`))}`]),
  ];
};

interface Column {
  readonly name: string;
  /** In characters, as a sheet shows it. */
  readonly width: number;
  /** What it holds, in Dutch, for who works with the list. */
  readonly about: string;
  readonly says: (line: Line) => Said;
}

/** Whose columns are printed: what somebody takes along. The others are for the screen. */
export const PRINTED_UP_TO = 'contactpogingen';

/** In the order in which a caseworker reads: what first, who, where, how, why, by when; then the reasons; ids last. */
export const COLUMNS = [
  {
    name: 'rang',
    width: 6,
    about: '1 komt eerst. Leeg: niemand hoeft meer benaderd te worden.',
    says: ({ of }) => ({ number: of.ranked?.rank }),
  },
  {
    name: 'werkbakje',
    width: 15,
    about: 'Waar de zaak ligt: het meest dringende werkbakje van haar signalen.',
    says: ({ tray }) => text(tray),
  },
  {
    name: 'nieuws',
    width: 11,
    about: 'nieuw, gewijzigd of ingetrokken sinds de vorige lijst; wat er gebeurde staat bij gebeurd.',
    says: ({ news }) => text(news.mark),
  },
  {
    name: 'zaak',
    width: 29,
    about: 'Nummer van de zaak. Dit neemt u over in het bestand met uitkomsten.',
    says: ({ of }) => text(of.number),
  },
  {
    name: 'naam',
    width: 24,
    about: 'Naam zoals de partners die opgaven.',
    says: ({ of }) => each(of.shown.map(({ resident }) => nameWords(resident))),
  },
  {
    name: 'geboortedatum',
    width: 15,
    about: 'Zoals de partners die opgaven.',
    says: ({ of }) => ({ days: distinct(of.shown.map(({ resident }) => resident.dateOfBirth)) }),
  },
  {
    name: 'adres',
    width: 30,
    about: 'Adres van het huishouden; elk adres als er meer zijn samengevoegd.',
    says: ({ of }) => each(addressesOf(of.shown).map(addressWords)),
  },
  {
    name: 'telefoon',
    width: 15,
    about: 'Zoals de partners dat opgaven.',
    says: ({ of }) => each(of.shown.map(({ resident: { phone } }) => phone?.given)),
  },
  {
    name: 'aanpak',
    width: 12,
    about: 'Hoe u deze zaak benadert: huisbezoek, telefoon, e-mail of brief. Leeg als daarover niets is afgesproken.',
    says: ({ of }) => text(of.approach?.channel),
  },
  {
    name: 'uiterlijk_gesprek',
    width: 12,
    about: 'Bij een crisis: de laatste dag voor het eerste gesprek.',
    says: (line) => firstDay(line, 'FIRST_CONVERSATION'),
  },
  {
    name: 'uiterlijk',
    width: 12,
    about: 'De laatste dag om de zaak te behandelen.',
    says: (line) => firstDay(line, 'ESCALATION'),
  },
  {
    name: 'partners',
    width: 54,
    about: 'Elk signaal: partner, bedrag, vervaldatum, fase, soort en eerdere maanden.',
    says: ({ of, facts }) => all(of.shown.map((signal) => arrearWords(signal, facts.partnerOf(signal.partner)))),
  },
  {
    name: 'totaalbedrag',
    width: 14,
    about: 'Alle achterstanden samen, in euro.',
    says: ({ standing }) => ({ cents: totalOf(standing) }),
  },
  {
    name: 'kenmerken',
    width: 18,
    about:
      'enkelvoudig (één signaal), meervoudig (meer signalen in deze maand), opeenvolgend (eerder signaal in de laatste zes maanden), bekend bij het wijkteam, gemeente niet zeker.',
    says: ({ of }) =>
      each([
        ...of.flags.map(({ flag }) => FLAG_WORDS[flag]),
        ...(of.shown.some(({ knownAtTeam }) => knownAtTeam === true) ? ['bekend bij het wijkteam'] : []),
        ...of.shown.map(doubtWords),
      ]),
  },
  {
    name: 'contactpogingen',
    width: 20,
    about: 'Hoeveel keer iemand het probeerde, en de laatste keer.',
    says: ({ of }) => text(attemptsWords(of.shown)),
  },
  {
    name: 'email',
    width: 26,
    about: 'Zoals de partners dat opgaven.',
    says: ({ of }) => each(of.shown.map(({ resident: { email } }) => email?.normalised ?? email?.given)),
  },
  {
    name: 'postcode',
    width: 10,
    about: 'Om op te sorteren, bijvoorbeeld voor een ronde huisbezoeken.',
    says: ({ of }) => each(addressesOf(of.shown).map(({ postcode }) => postcode)),
  },
  {
    name: 'signalen',
    width: 9,
    about: 'Hoeveel signalen er staan; ingetrokken signalen tellen niet.',
    says: ({ standing }) => ({ number: standing.length }),
  },
  {
    name: 'fase',
    width: 13,
    about: 'Fase van de incasso, zoals de gemeente die verbeterde.',
    says: ({ of }) => each(of.shown.map(phaseOf)),
  },
  {
    name: 'einde_levering',
    width: 18,
    about: 'De dag waarop energie of water stopt, en of dat te kort van tevoren is gemeld.',
    says: ({ of }) => each(of.shown.map(endOfSupplyWords)),
  },
  {
    name: 'streefdatum',
    width: 12,
    about: 'De dag waarop de zaak liefst behandeld is.',
    says: (line) => firstDay(line, 'REMINDER'),
  },
  {
    name: 'uiterlijk_terugkoppelen',
    width: 16,
    about: 'De laatste dag om de partner antwoord te geven, waar dat is afgesproken.',
    says: (line) => firstDay(line, 'FEEDBACK'),
  },
  {
    name: 'status',
    width: 22,
    about: 'Waar elk signaal staat, ook ingetrokken, heropend en overgedragen.',
    says: ({ of }) => each(of.signals.map(statusWords)),
  },
  {
    name: 'team',
    width: 20,
    about: 'Wie de zaak heeft.',
    says: ({ of, policyOf }) =>
      each(of.shown.map((signal) => teamName(teamOf(signal, policyOf(signal)), policyOf(signal)))),
  },
  {
    name: 'gebeurd',
    width: 26,
    about: 'Wat er sinds de vorige lijst gebeurde. Wat u zelf invoerde staat er niet bij.',
    says: ({ news }) => all(news.happened),
  },
  {
    name: 'gewijzigd_op',
    width: 12,
    about: 'De dag waarop voor het laatst iets gebeurde dat u moet weten. Kijkt u eens per week? Filter hierop.',
    says: ({ news }) => ({ days: distinct([news.changedOn]) }),
  },
  {
    name: 'personen',
    width: 70,
    about: 'Wie er in de zaak zitten: naam, geboortedatum, en van elk signaal partner, bedrag en nummer.',
    says: ({ of, facts }) => each(of.persons.map((person) => personWords(person, facts))),
  },
  {
    name: 'kenmerken_uitleg',
    width: 40,
    about: 'Waarop elk kenmerk berust.',
    says: ({ of }) => each(of.flags.map(({ flag, because }) => because && `${FLAG_WORDS[flag]}: ${because}`)),
  },
  {
    name: 'andere_zaken',
    width: 40,
    about:
      'Eerdere zaken op dit adres, zaken van (mogelijk) dezelfde persoon, en wie er deze maand nog meer op dit adres staan.',
    says: ({ of }) => each(relatedWords(of.related)),
  },
  {
    name: 'koppeling',
    width: 44,
    about:
      'Waarom de signalen bij elkaar staan, en wat een medewerker splitste of samenvoegde. Per veld staat dit op het blad Koppelingen.',
    says: (line) => each(linkWords(line)),
  },
  {
    name: 'reden_rangorde',
    width: 44,
    about: 'Welke regels de rang gaven; wat het meest telde staat vooraan.',
    says: ({ of }) => text(of.ranked?.reasons.join('; ')),
  },
  {
    name: 'aanpak_reden',
    width: 34,
    about: 'Waarom deze aanpak.',
    says: ({ of }) => text(of.approach?.because),
  },
  {
    name: 'contact_partners',
    width: 44,
    about: 'Wie u bij elke partner kunt bellen, en wanneer.',
    says: ({ of, facts }) => each(of.shown.map(({ partner }) => contactWords(facts.partnerOf(partner)))),
  },
  {
    name: 'ontvangen',
    width: 13,
    about: 'De dag van ontvangst van elk signaal: daarvan tellen de termijnen.',
    says: ({ of }) => ({ days: distinct(of.shown.map(({ receivedAt }) => amsterdamDate(receivedAt))) }),
  },
  {
    name: 'termijnen',
    width: 60,
    about: 'De termijnen die nog lopen: hoe de dag is geteld en welk artikel dat zegt.',
    says: ({ of, policyOf }) =>
      each(
        of.shown
          .flatMap((signal) => termsLeft(signal, policyOf))
          .toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1))
          .map(({ kind, because }) => `${TERM_WORDS[kind]}: ${because}`),
      ),
  },
  {
    name: 'regelset',
    width: 40,
    about: 'De rangorde die geldt: naam, versie en waar die is afgesproken.',
    says: ({ rules: { ranking, because } }) =>
      text(`${ranking.ruleSet} ${ranking.version} (${because.ranking.document}, ${because.ranking.clause})`),
  },
  {
    name: 'uitvoerder',
    width: 26,
    about: 'De organisatie die de lijst uitvoert.',
    says: ({ facts }) => text(facts.organisation),
  },
  {
    name: 'nieuws_sinds',
    width: 24,
    about: 'Vanaf welk moment nieuws en gebeurd tellen.',
    says: ({ facts: { since } }) => text(since === undefined ? 'eerste lijst' : dutchMinute(since)),
  },
  {
    name: 'signalen_ids',
    width: 24,
    about: 'Nummers van de signalen, om voor één signaal te antwoorden.',
    says: ({ of }) => each(of.shown.map(({ signalId }) => signalId)),
  },
] as const satisfies readonly Column[];

export const WORKLIST_COLUMNS = COLUMNS.map(({ name }) => name);
