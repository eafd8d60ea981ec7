import type { PartnerOutcome } from '../agreement/configuration.ts';
import { csvRow } from '../delivery/csv.ts';
import type { MunicipalityCode } from '../ids.ts';
import { euros } from './amount.ts';
import type { Feedback } from './feedback.ts';

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

const COLUMNS = [
  'referentie',
  'datum',
  'gemeente',
  'uitkomst',
  'schuldenrust',
  'schuldenrust_van',
  'schuldenrust_tot',
  'betaling_hervat',
  'regeling_bedrag',
  'regeling_vanaf',
] as const;

type Cells = Partial<Readonly<Record<(typeof COLUMNS)[number], string>>>;

const contentCells = (feedback: Feedback): Cells => {
  switch (feedback.kind) {
    case 'OUTCOME': {
      const { suspension, paymentResumes, arrangement } = feedback;
      return {
        uitkomst: WORDS[feedback.outcome],
        schuldenrust: suspension ? 'ja' : 'nee',
        ...(suspension && { schuldenrust_van: suspension.startsOn, schuldenrust_tot: suspension.lastDay }),
        ...(paymentResumes && { betaling_hervat: paymentResumes === 'cannot' ? 'kan niet' : paymentResumes.from }),
        ...(arrangement && { regeling_bedrag: euros(arrangement.monthlyCents), regeling_vanaf: arrangement.from }),
      };
    }
    case 'SUSPENSION_EXPIRED':
      return { uitkomst: 'schuldenrust afgelopen', schuldenrust: 'nee', schuldenrust_tot: feedback.on };
    case 'SUSPENSION_ENDED_EARLY':
      return { uitkomst: 'schuldenrust eerder beëindigd', schuldenrust: 'nee', schuldenrust_tot: feedback.on };
  }
};

/**
 * The feedback of one day as the partner's CSV: semicolons, UTF-8, dates `jjjj-mm-dd`, euros `1234,56` (DOMAIN section 12).
 * Rows in the order of the partner's references, so that the same feedback gives the same file.
 */
export const feedbackFile = (
  feedback: readonly Feedback[],
  municipalityName: (code: MunicipalityCode) => string,
): string => {
  const keyed = feedback.map((item) => ({ item, key: `${item.reference}\u0000${item.signalId}\u0000${item.kind}` }));
  const rows = keyed
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => {
      const cells: Cells = {
        referentie: item.reference,
        datum: item.date,
        gemeente: municipalityName(item.municipality),
        ...contentCells(item),
      };
      return csvRow(COLUMNS.map((column) => cells[column] ?? ''));
    });
  return [csvRow(COLUMNS), ...rows].join('');
};
