import type { Municipality, Policy } from '#domain/agreement/configuration.ts';
import { concurrently } from '#domain/concurrently.ts';
import { CSV, JSON_TYPE } from '#domain/delivery/places.ts';
import { whereToLook } from '#domain/delivery/rejection.ts';
import { failure, untilSettled } from '#domain/failure.ts';
import { mailOf } from '#domain/feedback/mail.ts';
import { complained, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import { grouped } from '#domain/grouped.ts';
import {
  type IsoDate,
  MunicipalityCode,
  type PolicyId,
  partsOfCaseId,
  partsOfSignalId,
  type SignalRef,
} from '#domain/ids.ts';
import type {
  Clock,
  ConfigurationStore,
  Mailer,
  MarkStore,
  ObjectIds,
  ObjectStore,
  SignalStore,
  WorkflowStarter,
} from '#domain/ports.ts';
import { err, ok, type Result } from '#domain/result.ts';
import {
  type OutcomeColumn,
  type OutcomeLine,
  type OutcomeProblem,
  outcomeProblem,
  readOutcomeLine,
} from '#domain/signal/outcome-line.ts';
import {
  NO_LINES,
  type OutcomeCounts,
  type OutcomeReceipt,
  type OutcomeRejection,
  outcomeFileRefused,
  outcomeReceipt,
  outcomeRejectionFile,
} from '#domain/signal/outcome-receipt.ts';
import type { Outcome, Signal, SignalEventKind } from '#domain/signal/signal.ts';
import { endSuspensionEarly, recordContactAttempt, recordOutcome, type Transition } from '#domain/signal/transition.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { type OutcomesFile, readOutcomesFile } from './lines.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'get' | 'ofCase' | 'arrear' | 'replace'>;
  readonly configuration: Pick<ConfigurationStore, 'municipality' | 'policy'>;
  readonly marks: MarkStore;
  readonly objects: Pick<ObjectStore, 'read' | 'write'>;
  readonly exchangeBucket: string;
  readonly mailer: Mailer;
  readonly workflows: Pick<WorkflowStarter, 'wake'>;
  readonly ids: ObjectIds;
  readonly clock: Clock;
}

export interface OutcomesUpload {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly sizeBytes: number;
}

export interface OutcomesAnswer extends OutcomeCounts {
  readonly fileRefused: boolean;
  readonly mailsRefused: number;
}

/** What one file is applied with: the same in every replay but for the moment. */
interface Run {
  readonly outcomesId: string;
  readonly municipality: MunicipalityCode;
  readonly today: IsoDate;
  readonly policies: Map<PolicyId, Policy>;
}

type Verdict = 'taken' | 'known' | OutcomeProblem;

/** The first folder says whose it is; the rule on events says that `outcomes/` follows somewhere. */
const KEY = /^municipalities\/(\d{4})\//;
/** Cases side by side; the lines of one case go in their order. */
const LANES = 8;

const policyOf = async (ports: Ports, { policies }: Run, id: PolicyId): Promise<Policy> => {
  const policy = policies.get(id) ?? (await ports.configuration.policy(id));
  if (!policy) throw failure('PolicyMissing');
  policies.set(id, policy);
  return policy;
};

/** The signals a line is about: one, or all of a case (R-FLO-1). Another municipality's are never looked at (R-PRI-1). */
const targetsOf = async (
  ports: Ports,
  run: Run,
  { caseId, signalId }: OutcomeLine['target'],
): Promise<Result<readonly Signal[], OutcomeProblem>> => {
  const column: OutcomeColumn = signalId === undefined ? 'zaak' : 'signaal';
  const unknown = err({ code: 'SIGNAL_UNKNOWN', column } as const);
  let place = caseId;
  if (place === undefined && signalId !== undefined) {
    const { arrearId, period } = partsOfSignalId(signalId);
    place = (await ports.signals.arrear(arrearId))?.cases[period];
  }
  if (place === undefined) return unknown;
  if (partsOfCaseId(place).municipality !== run.municipality) return err({ code: 'OTHER_MUNICIPALITY', column });
  const one = signalId && (await ports.signals.get({ caseId: place, signalId }));
  const found = signalId === undefined ? await ports.signals.ofCase(place) : one ? [one] : [];
  return found.length === 0 ? unknown : ok(found);
};

/** One kind of change that a line can ask for. */
interface Change {
  readonly event: SignalEventKind;
  readonly make: (signal: Signal) => Result<Transition, 'ALREADY_KNOWN' | 'NOT_ALLOWED' | 'CONTRADICTORY' | 'CLOSED'>;
  /** The execution has still to hear of the change: a wake may have been lost. */
  readonly unheard: (signal: Signal) => boolean;
  readonly notAllowed: OutcomeProblem;
}

const changesOf = (line: OutcomeLine, run: Run, now: ReturnType<Clock['now']>): readonly Change[] => {
  const { attempt, outcome, earlyEnd } = line;
  const { outcomesId, today } = run;
  return [
    ...(attempt === undefined
      ? []
      : [
          {
            event: 'CONTACT_ATTEMPTED',
            make: (signal: Signal) => recordContactAttempt(signal, attempt, now, outcomesId),
            unheard: () => false,
            notAllowed: { code: 'CLOSED', column: 'contact_soort' },
          } as const,
        ]),
    ...(outcome === undefined
      ? []
      : [
          {
            event: 'OUTCOME_RECORDED',
            make: (signal: Signal) => recordOutcome(signal, outcome, now, outcomesId),
            unheard: (signal: Signal) => signal.status === 'OUTCOME_KNOWN',
            notAllowed: { code: 'CLOSED', column: 'resultaat' },
          } as const,
        ]),
    ...(earlyEnd === undefined
      ? []
      : [
          {
            event: 'SUSPENSION_ENDED_EARLY',
            make: (signal: Signal) => endSuspensionEarly(signal, { on: today, reason: earlyEnd }, now, outcomesId),
            unheard: (signal: Signal) => signal.status === 'SUSPENDED',
            notAllowed: { code: 'NOT_SUSPENDED', column: 'einde_schuldenrust' },
          } as const,
        ]),
  ];
};

const problemOf = (error: 'NOT_ALLOWED' | 'CONTRADICTORY' | 'CLOSED', { notAllowed }: Change): OutcomeProblem =>
  error === 'NOT_ALLOWED' ? notAllowed : { ...notAllowed, code: error };

/** Makes one change to one signal. A change that this file made in an earlier, broken run counts as taken. */
const apply = (ports: Ports, ref: SignalRef, change: Change, run: Run): Promise<Verdict> =>
  untilSettled(async () => {
    const signal = await ports.signals.get(ref);
    if (!signal) throw failure('SignalMissing');
    const moved = change.make(signal);
    if (!moved.ok && moved.error !== 'ALREADY_KNOWN') return problemOf(moved.error, change);
    if (moved.ok && (await ports.signals.replace(moved.value.signal, moved.value.allowed)) !== 'written')
      return undefined;
    const current = moved.ok ? moved.value.signal : signal;
    if (current.taskToken !== undefined && change.unheard(current)) await ports.workflows.wake(current.taskToken);
    const ours = current.history.some(({ kind, source }) => kind === change.event && source === run.outcomesId);
    return ours ? 'taken' : 'known';
  });

/** The signals for which an outcome can be true; a case may have got a signal after it. */
const answered = async (
  ports: Ports,
  run: Run,
  signals: readonly Signal[],
  outcome: Outcome,
): Promise<Result<readonly Signal[], OutcomeProblem>> => {
  const fitting: Signal[] = [];
  let problem: OutcomeProblem | undefined;
  for (const signal of signals) {
    const policy = await policyOf(ports, run, signal.policy);
    const found = outcomeProblem(outcome, amsterdamDate(signal.receivedAt), policy);
    if (found === undefined) fitting.push(signal);
    else if (found.code !== 'DATE_BEFORE_RECEIPT') return err(found);
    problem ??= found;
  }
  return fitting.length === 0 && problem ? err(problem) : ok(fitting);
};

const applyLine = async (ports: Ports, run: Run, line: OutcomeLine): Promise<Verdict> => {
  const targets = await targetsOf(ports, run, line.target);
  if (!targets.ok) return targets.error;
  const fitting = line.outcome ? await answered(ports, run, targets.value, line.outcome) : targets;
  if (!fitting.ok) return fitting.error;
  const changes = changesOf(line, run, ports.clock.now());

  // A line is taken as a whole: when its last change is refused for every signal, the others are not made either.
  const last = changes.at(-1);
  const refusals = fitting.value.map((signal) => {
    const tried = last?.make(signal);
    return last && tried && !tried.ok && tried.error !== 'ALREADY_KNOWN' ? problemOf(tried.error, last) : undefined;
  });
  const [refusal] = refusals;
  if (refusal && refusals.every((each) => each !== undefined)) return refusal;

  const verdicts: Verdict[] = [];
  for (const { caseId, signalId } of fitting.value)
    for (const change of changes) verdicts.push(await apply(ports, { caseId, signalId }, change, run));
  if (verdicts.includes('taken')) return 'taken';
  return verdicts.find((verdict) => verdict === 'known') ?? verdicts[0] ?? 'known';
};

/** The sender's own cells, also those too many. */
const originalOf = (cells: readonly string[], { own, width }: OutcomesFile['header']): readonly string[] => [
  ...own.map((place) => cells[place] ?? ''),
  ...cells.slice(width).filter((cell) => cell.trim() !== ''),
];

interface Applied {
  readonly counts: OutcomeCounts;
  readonly rejections: readonly OutcomeRejection[];
}

const applyFile = async (ports: Ports, run: Run, { header, rows }: OutcomesFile): Promise<Applied> => {
  const rejections: OutcomeRejection[] = [];
  let taken = 0;
  let alreadyKnown = 0;
  const cell = (cells: readonly string[], column: OutcomeColumn): string => cells[header.index.get(column) ?? -1] ?? '';
  const groups = grouped(rows, ({ cells }) => cell(cells, 'zaak').trim() || cell(cells, 'signaal').trim());
  const judge = async (cells: readonly string[]): Promise<Verdict> => {
    if (cells.length < header.width) return { code: 'ROW_TOO_SHORT' };
    if (cells.slice(header.width).some((extra) => extra.trim() !== '')) return { code: 'ROW_TOO_LONG' };
    const line = readOutcomeLine((column) => cell(cells, column), run.today);
    return line.ok ? applyLine(ports, run, line.value) : line.error;
  };
  await concurrently(LANES, groups.values(), async (group) => {
    for (const { line, cells } of group) {
      const verdict = await judge(cells);
      if (verdict === 'taken') taken += 1;
      else if (verdict === 'known') alreadyKnown += 1;
      else rejections.push({ ...verdict, line, original: originalOf(cells, header) });
    }
  });
  return { counts: { read: rows.length, taken, alreadyKnown, refused: rejections.length }, rejections };
};

const folderOf = ({ municipality, outcomesId }: Pick<OutcomeReceipt, 'municipality' | 'outcomesId'>): string =>
  `municipalities/${municipality}/outcome-receipts/${outcomesId}/`;

const writeReceipt = ({ objects, exchangeBucket }: Ports, receipt: OutcomeReceipt): Promise<void> =>
  objects.write(exchangeBucket, `${folderOf(receipt)}receipt.json`, `${JSON.stringify(receipt, null, 2)}\n`, JSON_TYPE);

/**
 * Tells the municipality once that its file was read, unless it does not want to be told; a mail that is refused for
 * good is counted. It is not sent again when it bounces: the receipt stays.
 */
const notify = async (ports: Ports, { contact }: Municipality, receipt: OutcomeReceipt) => {
  const owner = `municipality#${receipt.municipality}` as const;
  const name = `outcomes#${receipt.outcomesId}`;
  if ((await ports.marks.get(owner, name)) !== undefined) return 0;
  if (complained(mailboxOf(await ports.marks.get(MAILBOXES, owner)), contact.email)) return 0;
  const { counts, verdict, file } = receipt;
  const sent = await ports.mailer.send(
    mailOf({
      to: contact.email,
      about: { owner, kind: 'outcomes' },
      subject: verdict === 'verwerkt' ? 'Uitkomsten verwerkt' : 'Uitkomsten niet verwerkt',
      intro:
        verdict === 'verwerkt'
          ? 'Wij hebben uw bestand met uitkomsten verwerkt.'
          : [
              'Wij konden uw bestand met uitkomsten niet lezen. Er is niets verwerkt.',
              ...(file ? [file.explanation, ...whereToLook(file), file.remedy] : []),
            ].join(' '),
      counts:
        verdict === 'verwerkt'
          ? [
              { label: 'Gelezen regels', count: counts.read },
              { label: 'Verwerkt', count: counts.taken },
              { label: 'Al bekend', count: counts.alreadyKnown },
              { label: 'Afgekeurd', count: counts.refused },
            ]
          : [],
      place: folderOf(receipt),
    }),
  );
  if (sent === 'refused') return 1;
  await ports.marks.set(owner, name, receipt.readAt, undefined);
  return 0;
};

/**
 * Takes a municipality's outcomes (DOMAIN section 12): every line gets a verdict, good lines are stored and wake their
 * execution, bad ones come back with why. The file's place says whose it is: another municipality's signals are refused.
 * A folder of no municipality gets a receipt that says so. The same file may come any number of times. Answers counts
 * that add up.
 */
export const receiveOutcomes = async (ports: Ports, upload: OutcomesUpload): Promise<OutcomesAnswer> => {
  // A folder made by hand.
  if (upload.key.endsWith('/') && upload.sizeBytes === 0) return { ...NO_LINES, fileRefused: false, mailsRefused: 0 };
  const code = MunicipalityCode.safeParse(KEY.exec(upload.key)?.[1]);
  const municipality = code.success ? await ports.configuration.municipality(code.data) : undefined;
  const outcomesId = ports.ids.deliveryId(upload.bucket, upload.key, upload.versionId);
  const readAt = ports.clock.now();
  if (!municipality) {
    const source = { outcomesId, municipality: code.success ? code.data : ('onbekend' as const), readAt };
    await writeReceipt(ports, outcomeFileRefused(source, { code: 'MUNICIPALITY_UNKNOWN' }));
    return { ...NO_LINES, fileRefused: true, mailsRefused: 0 };
  }
  const body = await ports.objects.read(upload.bucket, upload.key, upload.versionId);
  if (!body) throw failure('OutcomesFileMissing');

  const source = { outcomesId, municipality: municipality.code, readAt };
  const file = await readOutcomesFile(body);
  let receipt: OutcomeReceipt;
  if (file.ok) {
    const run: Run = { ...source, today: amsterdamDate(readAt), policies: new Map() };
    const { counts, rejections } = await applyFile(ports, run, file.value);
    receipt = outcomeReceipt(source, counts, rejections);
    if (rejections.length > 0) {
      const text = outcomeRejectionFile(file.value.headerCells, rejections, file.value.delimiter);
      await ports.objects.write(ports.exchangeBucket, `${folderOf(source)}rejected.csv`, text, CSV);
    }
  } else receipt = outcomeFileRefused(source, file.error);
  await writeReceipt(ports, receipt);
  const mailsRefused = await notify(ports, municipality, receipt);
  return { ...(file.ok ? receipt.counts : NO_LINES), fileRefused: !file.ok, mailsRefused };
};
