import type { Execution, Observed } from './observe.ts';
import { textOf } from './observe.ts';
import { keyOf, type PlannedDelivery, type PlannedOutcomes } from './plan.ts';
import { csvRows, outcomesKey, type Played } from './play.ts';

/** What was seen, as the parts of the report and of the comparison ask for it. */
interface Receipt {
  readonly verdict: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly file?: { readonly code: string };
  readonly refusals: readonly { readonly code: string; readonly count: number; readonly explanation: string }[];
  readonly warnings: readonly { readonly code: string; readonly count: number }[];
}

export const deliveryFolder = ({ party }: PlannedDelivery, id: string | undefined): string =>
  `partners/${party}/deliveries/${id}`;

export const receiptOf = (observed: Observed, planned: PlannedDelivery, played: Played): Receipt | undefined => {
  const body = observed.objects.get(`${deliveryFolder(planned, played.deliveries.get(planned.name))}/receipt.json`);
  return body && (JSON.parse(textOf(body)) as Receipt);
};

interface OutcomeReceipt {
  readonly verdict: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly refusals: readonly { readonly code: string; readonly count: number; readonly explanation: string }[];
  readonly answers: readonly {
    readonly line: number;
    readonly verdict: string;
    readonly code?: string;
    readonly notes?: readonly string[];
    readonly partners?: readonly unknown[];
  }[];
}

export const outcomeFolder = (planned: PlannedOutcomes, played: Played): string =>
  `municipalities/${planned.municipality}/outcome-receipts/${played.outcomes.get(outcomesKey(planned))}`;

export const outcomeReceiptOf = (
  observed: Observed,
  planned: PlannedOutcomes,
  played: Played,
): OutcomeReceipt | undefined => {
  const name = planned.preview ? 'preview.json' : 'receipt.json';
  const body = observed.objects.get(`${outcomeFolder(planned, played)}/${name}`);
  return body && (JSON.parse(textOf(body)) as OutcomeReceipt);
};

interface Ended {
  readonly startsOn: string;
  readonly lastDay: string;
  readonly endedEarly?: { readonly on: string; readonly reason: string };
}

/** A signal as it lies in the table. */
export interface Stored {
  readonly [name: string]: unknown;
  readonly status?: string;
  readonly municipality?: string;
  readonly caseId?: string;
  readonly signalId?: string;
  readonly history?: readonly {
    readonly kind: string;
    readonly at: string;
    readonly source: string;
    readonly by?: string;
    readonly detail?: string;
  }[];
  readonly outcome?: { readonly result: string };
  readonly suspension?: Ended;
  readonly earlierSuspensions?: readonly Ended[];
  readonly terms?: readonly { readonly kind: string; readonly on: string }[];
}

/** Signals in the table by partner, reference, month and municipality. */
export const storedSignals = ({ items }: Observed): ReadonlyMap<string, Stored> =>
  new Map(
    items
      .filter(({ pk, signalId }) => String(pk).startsWith('GM#') && signalId !== undefined)
      .map((item) => [keyOf(item), item as Stored]),
  );

/** The executions of a signal, first round first. */
export const roundsOf = (
  executions: ReadonlyMap<string, Execution>,
  { caseId, signalId }: Stored,
): readonly Execution[] => {
  const rounds: Execution[] = [];
  for (let name = `${caseId}_${signalId}`; ; name = `${caseId}_${signalId}_${rounds.length + 1}`) {
    const found = executions.get(name);
    if (found === undefined) return rounds;
    rounds.push(found);
  }
};

export const signalExecutions = ({ executions }: Observed): ReadonlyMap<string, Execution> =>
  new Map(executions.signal.map((execution) => [execution.name, execution]));

/** The worklists as they were last published. */
export const worklistsOf = ({ objects }: Observed) =>
  [...objects].flatMap(([key, body]) => {
    const [, municipality, month] = /^municipalities\/(\d{4})\/worklists\/(\d{4}-\d\d)\.csv$/.exec(key) ?? [];
    return municipality && month ? [{ municipality, month, rows: csvRows(body) }] : [];
  });

/** Every row of the feedback files as people read them. */
export const feedbackRows = ({ objects }: Observed) =>
  [...objects].flatMap(([key, body]) => {
    const [, partner = '', day = ''] = /^partners\/([^/]+)\/feedback\/([^/]+)\.csv$/.exec(key) ?? [];
    return partner === '' ? [] : csvRows(body).map((row) => ({ partner, day, row }));
  });
