import type { PartnerOutcome } from '../agreement/configuration.ts';
import { csvRow } from '../delivery/csv.ts';
import type { IsoDate, MunicipalityCode, PartnerId } from '../ids.ts';
import type { RunningSuspension, SuspensionChange } from '../suspension/running.ts';
import { euros } from './amount.ts';
import { type Feedback, type FeedbackContent, inOrder } from './feedback.ts';

/** One thing a partner can fetch: for people as CSV where they want it, for machines as JSON, both saying the same. */
export interface PartnerFile {
  /** Under `partners/<partner>/`, without extension. */
  readonly name: string;
  readonly csv?: string;
  readonly json: string;
}

type NameOf = (code: MunicipalityCode) => string;

const WORDS: Readonly<Record<PartnerOutcome, string>> = {
  HELP_ACCEPTED: 'hulp geaccepteerd',
  REPEAT_SIGNAL: 'niet opgepakt: herhaalde melding',
  UNFOUNDED_SIGNAL: 'niet opgepakt: onterecht signaal',
  RESIDENT_DECEASED: 'inwoner is overleden',
  NO_RESIDENT: 'geen inwoner (meer) van de gemeente',
  KNOWN_AT_DEBT_COUNSELLING: 'al bekend bij schuldhulpverlening',
  NOT_TAKEN_UP: 'niet opgepakt',
  NO_HELP: 'geen hulp tot stand gekomen',
};

export const FEEDBACK_COLUMNS = [
  'referentie',
  'datum',
  'gemeente',
  'uitkomst',
  'schuldenrust',
  'schuldenrust_van',
  'schuldenrust_tot_en_met',
  'betaling_hervat',
  'regeling_bedrag',
  'regeling_vanaf',
  'vervangt_eerdere',
  'signaal',
] as const;
export const SUSPENSION_COLUMNS = [
  'referentie',
  'gemeente',
  'schuldenrust_van',
  'schuldenrust_tot_en_met',
  'signaal',
] as const;

/** With BOM, so that Excel shows accents; semicolons, CRLF (DOMAIN section 12). */
const csvOf = <C extends string>(columns: readonly C[], rows: readonly Partial<Readonly<Record<C, string>>>[]) =>
  `\uFEFF${[csvRow(columns), ...rows.map((row) => csvRow(columns.map((column) => row[column] ?? '')))].join('')}`;

const jsonOf = (schema: string, partner: PartnerId, content: object) =>
  `${JSON.stringify({ schema: `meldpunt/${schema}/1`, partner, ...content }, null, 2)}\n`;

type FeedbackCells = Partial<Readonly<Record<(typeof FEEDBACK_COLUMNS)[number], string>>>;

/** As a person reads it, by column. */
export const contentCells = (feedback: FeedbackContent): FeedbackCells => {
  switch (feedback.kind) {
    case 'OUTCOME': {
      const { suspension, paymentResumes, arrangement } = feedback;
      return {
        uitkomst: WORDS[feedback.outcome],
        ...(suspension === 'none' && { schuldenrust: 'nee' }),
        ...(suspension &&
          suspension !== 'none' && {
            schuldenrust: 'ja',
            schuldenrust_van: suspension.startsOn,
            schuldenrust_tot_en_met: suspension.lastDay,
          }),
        ...(paymentResumes && { betaling_hervat: paymentResumes === 'cannot' ? 'kan niet' : paymentResumes.from }),
        ...(arrangement && { regeling_bedrag: euros(arrangement.monthlyCents), regeling_vanaf: arrangement.from }),
        vervangt_eerdere: feedback.replaces ? 'ja' : 'nee',
      };
    }
    case 'RETRACTED':
      return { uitkomst: 'eerdere terugkoppeling vervalt', vervangt_eerdere: 'ja' };
    case 'SUSPENSION_EXPIRED':
      return { uitkomst: 'schuldenrust afgelopen', schuldenrust: 'nee', schuldenrust_tot_en_met: feedback.on };
    case 'SUSPENSION_ENDED_EARLY':
      return { uitkomst: 'schuldenrust eerder beëindigd', schuldenrust: 'nee', schuldenrust_tot_en_met: feedback.on };
  }
};

/** As a machine reads it: the codes of the types. Not the number of the outcome. */
export const contentFields = (feedback: Feedback): object => {
  switch (feedback.kind) {
    case 'OUTCOME': {
      const { kind, outcome, replaces, suspension, paymentResumes, arrangement } = feedback;
      return { kind, outcome, replaces, suspension, paymentResumes, arrangement };
    }
    case 'RETRACTED':
      return { kind: feedback.kind };
    case 'SUSPENSION_EXPIRED':
    case 'SUSPENSION_ENDED_EARLY':
      return { kind: feedback.kind, lastDay: feedback.on };
  }
};

/**
 * The feedback of one day (R-FEE-3): dates `jjjj-mm-dd`, euros `1234,56` in the CSV and cents in the JSON. In the order of
 * the partner's references, of one signal in the order in which it counts: the same feedback gives the same file.
 */
export const feedbackFile = (
  partner: PartnerId,
  date: IsoDate,
  feedback: readonly Feedback[],
  nameOf: NameOf,
): PartnerFile => {
  const place = ({ reference, signalId, municipality }: Feedback) =>
    `${reference}\u0000${signalId}\u0000${municipality}`;
  const sorted = inOrder(feedback).toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) < place(b) ? -1 : 1));
  return {
    name: `feedback/${date}`,
    csv: csvOf(
      FEEDBACK_COLUMNS,
      sorted.map((item) => ({
        referentie: item.reference,
        datum: item.date,
        gemeente: nameOf(item.municipality),
        ...contentCells(item),
        signaal: item.signalId,
      })),
    ),
    json: jsonOf('feedback', partner, {
      date,
      feedback: sorted.map((item) => ({
        reference: item.reference,
        signal: item.signalId,
        municipality: item.municipality,
        municipalityName: nameOf(item.municipality),
        date: item.date,
        ...contentFields(item),
      })),
    }),
  };
};

const suspensionFields = (
  { reference, signalId, municipality, startsOn, lastDay }: RunningSuspension,
  nameOf: NameOf,
) => ({
  reference,
  signal: signalId,
  municipality,
  municipalityName: nameOf(municipality),
  startsOn,
  lastDay,
});

/** Every suspension that runs now (R-SUS-5). */
export const currentSuspensionsFile = (
  partner: PartnerId,
  running: readonly RunningSuspension[],
  nameOf: NameOf,
): PartnerFile => ({
  name: 'suspensions/current',
  csv: csvOf(
    SUSPENSION_COLUMNS,
    running.map(({ reference, signalId, municipality, startsOn, lastDay }) => ({
      referentie: reference,
      gemeente: nameOf(municipality),
      schuldenrust_van: startsOn,
      schuldenrust_tot_en_met: lastDay,
      signaal: signalId,
    })),
  ),
  json: jsonOf('suspensions', partner, { suspensions: running.map((each) => suspensionFields(each, nameOf)) }),
});

/** What changed in that list on one day (R-SUS-5). */
export const suspensionChangesFile = (
  partner: PartnerId,
  date: IsoDate,
  changes: readonly SuspensionChange[],
  nameOf: NameOf,
): PartnerFile => ({
  name: `suspensions/changes/${date}`,
  json: jsonOf('suspension-changes', partner, {
    date,
    changes: changes.map((each) => ({ what: each.what, ...suspensionFields(each, nameOf) })),
  }),
});
