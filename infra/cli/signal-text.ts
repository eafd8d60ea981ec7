import { z } from 'zod';
import type { Subject } from '#domain/agreement/configuration.ts';
import { euroWords } from '#domain/feedback/amount.ts';
import { CaseId, Cents, Instant, IsoDate, MunicipalityCode } from '#domain/ids.ts';
import { FIELDS } from '#domain/matching/comparison.ts';
import { evidenceWords } from '#domain/ranking/evidence.ts';
import { addressWords, FORMED_WORDS, few, nameWords, TERM_WORDS } from '#domain/ranking/worklist-columns.ts';
import { municipalityName } from '#domain/reference/reference.ts';
import { arrivalAt } from '#domain/signal/hand-over.ts';
import type { SignalEventKind, SignalStatus } from '#domain/signal/signal.ts';
import type { SuspensionCondition } from '#domain/suspension/suspension.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { dutchDate } from '#domain/term/explain.ts';
import { facts, page, section } from './layout.ts';

const Term = z.object({ kind: z.string(), on: IsoDate, at: Instant, because: z.string() });
const Outcome = z.object({
  result: z.string(),
  date: IsoDate,
  actionPlanOn: IsoDate.optional(),
  paymentResumes: z.union([z.literal('cannot'), z.object({ from: IsoDate })]).optional(),
  arrangement: z.object({ monthlyCents: Cents, from: IsoDate }).optional(),
});

const Evidence = z.object({
  decision: z.enum(['SAME', 'POSSIBLE', 'DIFFERENT']),
  score: z.number(),
  probability: z.number(),
  agreements: z.array(z.object({ field: z.enum(FIELDS), level: z.string(), weight: z.number() })),
  model: z.string(),
});

/** What the function shows of a signal. A newer one may tell more: it is kept for `--json` and not printed. */
export const ShownSignal = z.object({
  signalId: z.string(),
  caseId: z.string(),
  caseNumber: z.string().optional(),
  formed: z.string().optional(),
  municipality: z.string(),
  status: z.string(),
  round: z.number(),
  organisation: z.string(),
  certainty: z.object({ municipality: z.string(), orElse: z.array(MunicipalityCode) }).optional(),
  earlier: z.array(z.string()).optional(),
  workTray: z.string(),
  team: z.string().optional(),
  executionName: z.string(),
  terms: z.array(Term),
  history: z.array(
    z.object({
      kind: z.string(),
      at: Instant,
      source: z.string(),
      by: z.string().optional(),
      detail: z.string().optional(),
    }),
  ),
  waiting: z.object({ for: z.string(), until: Instant }).nullable(),
  governing: z.array(
    z.object({
      subject: z.string(),
      document: z.string(),
      clause: z.string(),
      since: IsoDate.optional(),
      phase: z.string().optional(),
    }),
  ),
  suspension: z
    .object({
      startsOn: IsoDate,
      lastDay: IsoDate,
      endedEarly: z.object({ on: IsoDate, reason: z.string().optional() }).optional(),
      conditions: z.array(
        z.object({
          condition: z.string(),
          holds: z.boolean(),
          on: IsoDate.optional(),
          evidence: z.string().optional(),
        }),
      ),
    })
    .optional(),
  personal: z
    .object({
      partner: z.string(),
      partnerType: z.string(),
      reference: z.string(),
      kind: z.string(),
      endOfSupplyOn: IsoDate.optional(),
      collectionPhase: z.string(),
      correctedPhase: z.string().optional(),
      knownAtTeam: z.boolean().optional(),
      amountCents: Cents,
      dueDate: IsoDate,
      resident: z.object({
        initials: z.string().exactOptional(),
        prefix: z.string().exactOptional(),
        surname: z.string(),
        dateOfBirth: IsoDate.exactOptional(),
        phone: z.object({ given: z.string() }).exactOptional(),
        email: z.object({ given: z.string() }).exactOptional(),
      }),
      address: z.object({
        street: z.string().exactOptional(),
        houseNumber: z.number(),
        houseLetter: z.string().exactOptional(),
        addition: z.string().exactOptional(),
        postcode: z.string(),
        city: z.string().exactOptional(),
      }),
      contactAttempts: z.array(
        z.object({ kind: z.string(), reached: z.boolean(), date: IsoDate, dayPart: z.string().optional() }),
      ),
      outcome: Outcome.optional(),
      earlierOutcomes: z.array(Outcome),
    })
    .optional(),
  matching: z
    .object({
      links: z.array(z.object({ signalId: z.string(), evidence: Evidence })),
      decisions: z.array(
        z.object({
          kind: z.string(),
          with: z.array(z.string()),
          at: Instant,
          decided: z.union([
            z.object({ by: z.string(), reason: z.string(), source: z.string() }),
            z.object({ model: z.string(), evidence: Evidence }),
          ]),
        }),
      ),
    })
    .optional(),
});
export type ShownSignal = z.infer<typeof ShownSignal>;

const STATUS_WORDS: Readonly<Record<SignalStatus, string>> = {
  RECEIVED: 'ontvangen, nog niet toegewezen',
  ASSIGNED: 'toegewezen, wacht op een uitkomst',
  TERM_EXPIRED: 'termijn verstreken, kan nog beantwoord worden',
  OUTCOME_KNOWN: 'uitkomst bekend, wordt afgehandeld',
  SUSPENDED: 'schuldenrust',
  CLOSED: 'afgesloten',
  WITHDRAWN: 'ingetrokken',
};

const EVENT_WORDS: Readonly<Record<SignalEventKind, string>> = {
  RECEIVED: 'ontvangen',
  CORRECTED: 'gecorrigeerd door de partner',
  ASSIGNED: 'toegewezen',
  TERMS_CHANGED: 'termijnen opnieuw berekend',
  REMINDED: 'herinnerd',
  WARNED: 'gewaarschuwd',
  FEEDBACK_OVERDUE: 'terugkoppeling te laat',
  FIRST_CONVERSATION_OVERDUE: 'eerste gesprek te laat',
  TERM_EXPIRED: 'termijn verstreken',
  CONTACT_ATTEMPTED: 'contactpoging',
  FORWARDED: 'doorgezet',
  PHASE_CORRECTED: 'fase gecorrigeerd',
  KNOWN_AT_TEAM: 'bekend bij het wijkteam',
  OUTCOME_RECORDED: 'uitkomst vastgelegd',
  OUTCOME_CORRECTED: 'uitkomst gecorrigeerd',
  FED_BACK: 'teruggekoppeld aan de partner',
  SUSPENDED: 'schuldenrust begonnen',
  SUSPENSION_REMINDED: 'schuldenrust loopt bijna af',
  SUSPENSION_ENDED_EARLY: 'schuldenrust eerder beëindigd',
  SUSPENSION_EXPIRED: 'schuldenrust afgelopen',
  WITHDRAWN: 'ingetrokken',
  MOVED: 'verplaatst naar een andere zaak',
  HANDED_OVER: 'overgedragen aan een andere gemeente',
  REOPENED: 'heropend',
  CLOSED: 'afgesloten',
};

const CONDITION_WORDS: Readonly<Record<SuspensionCondition, string>> = {
  PASSED_ON: 'signaal is doorgegeven',
  ACCEPTED_IN_PLAN: 'hulp geaccepteerd, met plan van aanpak',
  FED_BACK: 'teruggekoppeld aan de partner',
  PAYMENTS_RESUMED: 'nieuwe verplichtingen worden betaald',
  MUNICIPALITY_AGREES: 'gemeente wil schuldenrust',
  LAST_DAY_AHEAD: 'laatste dag is nog niet voorbij',
};

const SUBJECT_WORDS: Readonly<Record<Subject, string>> = {
  terms: 'termijnen',
  feedbackTerm: 'termijn van terugkoppeling',
  crisisTerm: 'termijn bij crisis',
  closing: 'sluiten zonder uitkomst',
  acceptance: 'wat hulp accepteren is',
  feedback: 'wat de partner leest',
  suspension: 'schuldenrust',
  ranking: 'rangorde',
  threshold: 'drempelbedrag',
  teams: 'teams',
  repeats: 'herhaalde meldingen',
  capacity: 'huisbezoeken en andere manieren van benaderen',
};

const WAIT_WORDS: Readonly<Record<string, string>> = {
  OUTCOME: 'een uitkomst of intrekking',
  SUSPENSION_END: 'het einde van schuldenrust',
};

/** A code this command does not know yet is shown as it is. */
const inWords = (words: Readonly<Record<string, string>>, code: string): string => words[code] ?? code;

const clock = new Intl.DateTimeFormat('nl-NL', { timeZone: 'Europe/Amsterdam', hour: '2-digit', minute: '2-digit' });
/** `26 april 2026 09:00`, Europe/Amsterdam. */
const moment = (at: Instant): string => `${dutchDate(amsterdamDate(at))} ${clock.format(new Date(at))}`;

const joined = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(', ');

/** A step of the workflow itself needs no source; for a move it is the case at the other side. */
const sourceWords = (source: string): string | undefined =>
  source === 'workflow' ? undefined : `${CaseId.safeParse(source).success ? 'zaak' : 'bestand'} ${source}`;

const ARRIVAL_WORDS = { HANDED_OVER: 'overgenomen van', MOVED: 'verplaatst uit' } as const;

/** What happened at entry `i`: where a signal came from reads otherwise than where it went. */
const eventText = (history: ShownSignal['history'], i: number): string => {
  const { kind, source, by, detail } = history[i] ?? { kind: '', source: 'workflow' };
  const came = arrivalAt(history, i);
  const door = by && `door ${by}`;
  return came
    ? joined(`${ARRIVAL_WORDS[came.how]} zaak ${came.place}`, detail, door)
    : joined(inWords(EVENT_WORDS, kind), detail, door, sourceWords(source));
};

const suspensionText = ({ startsOn, lastDay, endedEarly, conditions }: NonNullable<ShownSignal['suspension']>) =>
  facts([
    ['van', dutchDate(startsOn)],
    ['tot en met', dutchDate(lastDay)],
    [
      'eerder beëindigd',
      endedEarly && [dutchDate(endedEarly.on), ...(endedEarly.reason ? [endedEarly.reason] : [])].join(', '),
    ],
    ...conditions.map(
      ({ condition, holds, on, evidence }) =>
        [
          inWords(CONDITION_WORDS, condition),
          joined(
            holds ? 'ja' : 'nee',
            on && dutchDate(on),
            evidence && (evidence.startsWith('feedback') ? evidence : `bestand ${evidence}`),
          ),
        ] as const,
    ),
  ]);

const outcomeText = ({ result, date, actionPlanOn, paymentResumes, arrangement }: z.infer<typeof Outcome>): string =>
  joined(
    `${result} (${dutchDate(date)})`,
    actionPlanOn && `plan van aanpak ${dutchDate(actionPlanOn)}`,
    paymentResumes &&
      (paymentResumes === 'cannot' ? 'kan niet weer betalen' : `betaalt weer vanaf ${dutchDate(paymentResumes.from)}`),
    arrangement && `regeling ${euroWords(arrangement.monthlyCents)} per maand vanaf ${dutchDate(arrangement.from)}`,
  );

const personalText = (personal: NonNullable<ShownSignal['personal']>): string => {
  const { resident, address, contactAttempts, outcome, earlierOutcomes } = personal;
  return facts([
    ['naam', nameWords(resident)],
    ['geboren', resident.dateOfBirth && dutchDate(resident.dateOfBirth)],
    ['adres', addressWords(address)],
    ['telefoon', resident.phone?.given],
    ['e-mail', resident.email?.given],
    ['gemeld door', `${personal.partner} (${personal.partnerType}), referentie ${personal.reference}`],
    ['achterstand', `${euroWords(personal.amountCents)}, sinds ${dutchDate(personal.dueDate)}`],
    [
      'soort signaal',
      joined(personal.kind, personal.endOfSupplyOn && `levering stopt ${dutchDate(personal.endOfSupplyOn)}`),
    ],
    ['fase', personal.correctedPhase ?? personal.collectionPhase],
    ['bekend bij wijkteam', personal.knownAtTeam === undefined ? undefined : personal.knownAtTeam ? 'ja' : 'nee'],
    ...contactAttempts.map(
      ({ kind, reached, date, dayPart }) =>
        ['contactpoging', joined(kind, dutchDate(date), dayPart, reached ? 'bereikt' : 'niet bereikt')] as const,
    ),
    ...earlierOutcomes.map((earlier) => ['eerdere uitkomst', outcomeText(earlier)] as const),
    ['uitkomst', outcome && outcomeText(outcome)],
  ]);
};

const DECISION_WORDS: Readonly<Record<string, string>> = {
  APART: 'gesplitst van',
  TOGETHER: 'samengevoegd met',
  SAME_PERSON: 'zelfde persoon op een ander adres, in',
};

const matchingText = ({ links, decisions }: NonNullable<ShownSignal['matching']>): string =>
  facts([
    ...links.map(({ signalId, evidence }) => [`in één zaak met ${signalId}`, evidenceWords(evidence)] as const),
    ...decisions.map(
      ({ kind, with: others, at, decided }) =>
        [
          moment(at),
          joined(
            `${inWords(DECISION_WORDS, kind)} signaal ${few(others)}`,
            ...('by' in decided
              ? [decided.reason, `door ${decided.by}`, `bestand ${decided.source}`]
              : [evidenceWords(decided.evidence)]),
          ),
        ] as const,
    ),
  ]);

/** With its doubt, when the postcode leaves room for it. */
const municipalityText = ({ municipality, certainty }: ShownSignal): string => {
  if (certainty?.municipality !== 'probable') return municipality;
  const orElse = certainty.orElse.map((code) => `${municipalityName(code)} (${code})`).join(' of ');
  return `${municipality}, waarschijnlijk${orElse && `: het adres kan ook in ${orElse} liggen`}`;
};

/** Where the execution is: its ARN, and the command that shows its steps. */
const executionText = (name: string, machine: string, endpoint: string | undefined): string => {
  const arn = `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
  const aws = endpoint === undefined ? 'aws' : `aws --endpoint-url ${endpoint}`;
  return `  ${arn}\n  ${aws} stepfunctions get-execution-history --execution-arn ${arn}`;
};

/**
 * A signal as an operator reads it. `machine`: ARN of the signal's state machine; `endpoint`: where the embedded cloud
 * listens, absent on AWS. Days and times are those of Europe/Amsterdam. The personal part only when it was given.
 */
export const signalText = (
  shown: ShownSignal,
  { machine, endpoint }: { readonly machine: string; readonly endpoint: string | undefined },
): string => {
  const { waiting, suspension, personal } = shown;
  return page(
    section(
      `Signaal ${shown.signalId}`,
      facts([
        ['stand', inWords(STATUS_WORDS, shown.status)],
        ['werkbakje', shown.workTray],
        ['zaak', joined(shown.caseNumber ?? shown.caseId, shown.formed && inWords(FORMED_WORDS, shown.formed))],
        ['gemeente', municipalityText(shown)],
        ['uitvoerder', joined(shown.organisation, shown.team && `team ${shown.team}`)],
        ['eerder gemeld', shown.earlier?.join(', ')],
        ['ronde', shown.round === 1 ? undefined : String(shown.round)],
        [
          'wacht op',
          waiting
            ? `${inWords(WAIT_WORDS, waiting.for)}, tot ${moment(waiting.until)}`
            : 'niets: de uitvoering is bezig of afgelopen',
        ],
      ]),
    ),
    section('Uitvoering', executionText(shown.executionName, machine, endpoint)),
    section(
      'Termijnen',
      facts(
        shown.terms.map(({ kind, on, because }) => [
          `t/m ${dutchDate(on)}`,
          `${inWords(TERM_WORDS, kind)}: ${because}`,
        ]),
      ),
    ),
    section('Schuldenrust', suspension ? suspensionText(suspension) : ''),
    section('Wat er is gebeurd', facts(shown.history.map(({ at }, i) => [moment(at), eventText(shown.history, i)]))),
    section(
      'Welke afspraak geldt',
      facts(
        shown.governing.map(({ subject, document, clause, since, phase }) => [
          inWords(SUBJECT_WORDS, subject),
          joined(document, clause, phase, since && `sinds ${dutchDate(since)}`),
        ]),
      ),
    ),
    section('Bij elkaar gezet of gesplitst', shown.matching ? matchingText(shown.matching) : ''),
    section('Persoonsgegevens; dat u ze ziet, is vastgelegd', personal ? personalText(personal) : ''),
  );
};
