import type { Municipality } from '#domain/agreement/configuration.ts';
import type { Governing } from '#domain/agreement/governing.ts';
import { concurrently } from '#domain/concurrently.ts';
import { CSV, JSON_TYPE, outcomesFileKey } from '#domain/delivery/places.ts';
import { whereToLook } from '#domain/delivery/rejection.ts';
import { failure } from '#domain/failure.ts';
import { mailOf } from '#domain/feedback/mail.ts';
import { complained, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import { type PartnerView, partnerView } from '#domain/feedback/preview.ts';
import { grouped } from '#domain/grouped.ts';
import {
  type CaseId,
  type DeliveryId,
  type HouseholdKey,
  Instant,
  type IsoDate,
  MunicipalityCode,
  partsOfCaseId,
} from '#domain/ids.ts';
import { decisionsAround } from '#domain/matching/around.ts';
import type {
  Clock,
  ConfigurationStore,
  FeedbackStore,
  KeyedHash,
  Mailer,
  MarkStore,
  MatchStore,
  ObjectIds,
  ObjectStore,
  SignalStore,
  WorkflowStarter,
} from '#domain/ports.ts';
import { ok, type Result } from '#domain/result.ts';
import {
  type OutcomeColumn,
  type OutcomeLine,
  type OutcomeProblem,
  parseWorker,
  readOutcomeLine,
} from '#domain/signal/outcome-line.ts';
import {
  type LineVerdict,
  NO_LINES,
  type OutcomeCounts,
  type OutcomeReceipt,
  outcomeAnswersFile,
  outcomeFileRefused,
  outcomeReceipt,
  outcomeRejectionFile,
} from '#domain/signal/outcome-receipt.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { applyLine, type LineTaken, placeOf, rulesOf } from './apply-line.ts';
import { applyMatching } from './apply-matching.ts';
import { type Decisions, decisionsOf } from './decisions.ts';
import { type OutcomesFile, readOutcomesFile } from './lines.ts';
import { rehearsal } from './rehearsal.ts';

export interface Ports {
  readonly signals: Pick<SignalStore, 'get' | 'ofHousehold' | 'arrear' | 'create' | 'replace' | 'repoint'>;
  readonly matches: Pick<MatchStore, 'add' | 'ofHousehold'>;
  readonly configuration: Pick<ConfigurationStore, 'municipality' | 'agreementsOf' | 'meldpunt' | 'governing'>;
  readonly feedback: Pick<FeedbackStore, 'ofSignal'>;
  readonly marks: MarkStore;
  readonly objects: Pick<ObjectStore, 'read' | 'write'>;
  readonly exchangeBucket: string;
  readonly mailer: Mailer;
  readonly workflows: Pick<WorkflowStarter, 'startSignal' | 'wake'>;
  readonly hash: KeyedHash;
  readonly ids: ObjectIds;
  readonly clock: Clock;
}

export interface OutcomesUpload {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly sizeBytes: number;
  /** ISO 8601: when it was dropped. The same when the event comes again, so that a late one reads the same dates. */
  readonly eventTime: string;
}

export interface OutcomesAnswer extends OutcomeCounts {
  readonly fileRefused: boolean;
  readonly mailsRefused: number;
}

/** What one file is applied with. */
export interface Run {
  readonly outcomesId: DeliveryId;
  readonly municipality: MunicipalityCode;
  /** Day on which it was dropped: no date in it lies after this one. */
  readonly today: IsoDate;
  readonly now: Instant;
  readonly rules: Map<string, Governing>;
  readonly decisions: Decisions;
}

/** The first folder says whose it is, the second whether it is meant; the rules on events see that one of both follows. */
const KEY = /^municipalities\/(\d{4})\//;
const PREVIEW = /^municipalities\/[^/]*\/preview\//;
/** Cases side by side; the lines of one case go in their order. */
const LANES = 8;

/** One line of the file as it is to be applied. */
interface Row {
  readonly line: number;
  readonly cells: readonly string[];
  readonly said: Result<OutcomeLine, OutcomeProblem>;
}

/** A row that can be applied: its case is known, and it is this municipality's. */
interface Placed extends Row {
  readonly said: { readonly ok: true; readonly value: OutcomeLine };
  readonly place: CaseId;
  /** That of the case it is put together with. */
  readonly other?: CaseId;
}

const readRow = (file: OutcomesFile, { line, cells }: OutcomesFile['rows'][number], run: Run): Row => {
  const { width, index } = file.header;
  const cell = (column: OutcomeColumn): string => cells[index.get(column) ?? -1] ?? '';
  const refused = (code: OutcomeProblem['code']): Row => ({ line, cells, said: { ok: false, error: { code } } });
  if (cells.length < width) return refused('ROW_TOO_SHORT');
  if (cells.slice(width).some((extra) => extra.trim() !== '')) return refused('ROW_TOO_LONG');
  return { line, cells, said: readOutcomeLine(cell, run) };
};

/** The sender's own cells, also those too many; of a worker nothing but a code is ever repeated. */
const originalOf = ({ cells }: Row, { header: { own, width, index } }: OutcomesFile): readonly string[] => {
  const worker = index.get('medewerker');
  const shown = (place: number): string => {
    const cell = cells[place] ?? '';
    return place === worker && !parseWorker(cell).ok ? '' : cell;
  };
  return [...own.map(shown), ...cells.slice(width).filter((cell) => cell.trim() !== '')];
};

const targetOf = ({ said }: Row): Pick<LineVerdict, 'target'> => {
  const target = said.ok ? (said.value.target.signalId ?? said.value.target.number) : undefined;
  return target === undefined ? {} : { target };
};

type Partners = (signals: readonly Signal[]) => Promise<readonly PartnerView[] | undefined>;

/** Where a line belongs; a merge belongs in two places. */
const placed = async (ports: Ports, run: Run, row: Row): Promise<Result<Placed, OutcomeProblem>> => {
  const { said } = row;
  if (!said.ok) return said;
  const { target, matching } = said.value;
  const place = await placeOf(ports, run, target);
  if (!place.ok) return place;
  const other = matching?.kind === 'MERGE' ? await placeOf(ports, run, matching.with, 'merge') : undefined;
  if (other?.ok === false) return other;
  return ok({ ...row, said, place: place.value, ...(other && { other: other.value }) });
};

/** Rows that may be about one case: of one household, and of those that decisions or lines of this file tie to it. */
const lanesOf = async (run: Run, rows: readonly Placed[]): Promise<Iterable<readonly Placed[]>> => {
  const lanes = new Map<HouseholdKey, Set<HouseholdKey>>();
  const tie = (households: readonly HouseholdKey[]): void => {
    const lane = new Set(households.flatMap((household) => [household, ...(lanes.get(household) ?? [])]));
    for (const household of lane) lanes.set(household, lane);
  };
  const tied = rows.map(({ place, other }) =>
    [place, ...(other ? [other] : [])].map((each) => partsOfCaseId(each).household),
  );
  for (const households of tied) tie(households);
  await concurrently(LANES, new Set(tied.flat()), async (household) =>
    tie((await decisionsAround(run.decisions.known, household)).households),
  );
  return grouped(rows, ({ place }) => lanes.get(partsOfCaseId(place).household)).values();
};

/** What opens a case again comes first, but not before a case was split or put together: that says what its number means. */
const inOrder = (rows: readonly Placed[]): readonly Placed[] => {
  let decided = 0;
  return rows
    .map((row) => {
      const { matching, reopen } = row.said.value;
      if (matching) decided += 1;
      return { row, key: 2 * decided + (matching || reopen ? 0 : 1) };
    })
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row);
};

/**
 * Every line gets its verdict. Lines of one case go one after the other, those that open it again first; a line that names
 * a signal belongs to the case the signal is in before any line is applied.
 */
const applyFile = async (ports: Ports, run: Run, file: OutcomesFile, partners: Partners): Promise<LineVerdict[]> => {
  const verdicts: LineVerdict[] = [];
  const refuse = (row: Row, problem: OutcomeProblem): void => {
    const original = originalOf(row, file);
    verdicts.push({ line: row.line, ...targetOf(row), verdict: 'afgekeurd', problem, original });
  };
  const accept = async (row: Placed, { verdict, notes, signals }: LineTaken): Promise<void> => {
    const seen = await partners(signals);
    verdicts.push({ line: row.line, ...targetOf(row), verdict, notes, ...(seen && { partners: seen }) });
  };
  const rows = await concurrently(LANES, file.rows, async (raw): Promise<readonly Placed[]> => {
    const row = readRow(file, raw, run);
    const found = await placed(ports, run, row);
    if (!found.ok) refuse(row, found.error);
    return found.ok ? [found.value] : [];
  });
  await concurrently(LANES, await lanesOf(run, rows.flat()), async (lane) => {
    for (const row of inOrder(lane)) {
      const { value: line } = row.said;
      const taken = line.matching
        ? await applyMatching(ports, run, row, { target: line.target, line: row.line }, line.matching)
        : await applyLine(ports, run, row.place, line);
      if (taken.ok) await accept(row, taken.value);
      else refuse(row, taken.error);
    }
  });
  return verdicts;
};

/** What each partner would see of it now (R-FEE-3). */
const previewed =
  (ports: Ports, run: Run): Partners =>
  (signals) =>
    Promise.all(
      signals.map(async (signal) => {
        const told = await ports.feedback.ofSignal(signal.partner, signal.signalId);
        return partnerView(signal, await rulesOf(ports, run, signal), amsterdamDate(run.now), told);
      }),
    );

const nothing: Partners = () => Promise.resolve(undefined);

type Source = Pick<OutcomeReceipt, 'outcomesId' | 'municipality' | 'readAt'>;
type Answer = Parameters<typeof outcomesFileKey>[2];

const put = (
  { objects, exchangeBucket }: Ports,
  { municipality, outcomesId }: Source,
  file: Answer,
  text: string,
): Promise<void> =>
  objects.write(
    exchangeBucket,
    outcomesFileKey(municipality, outcomesId, file),
    text,
    file.endsWith('.csv') ? CSV : JSON_TYPE,
  );

const writeReceipt = (ports: Ports, receipt: OutcomeReceipt, file: Answer): Promise<void> =>
  put(ports, receipt, file, `${JSON.stringify(receipt, null, 2)}\n`);

/** Tells the municipality once that its file was read; a mail that is refused for good is counted, the receipt stays. Not again when it bounces. */
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
      place: outcomesFileKey(receipt.municipality, receipt.outcomesId, 'receipt.json').replace(/[^/]*$/, ''),
    }),
  );
  if (sent === 'refused') return 1;
  await ports.marks.set(owner, name, receipt.readAt, undefined);
  return 0;
};

/** Stores what the file says, its answers and its refused lines. */
const processed = async (ports: Ports, run: Run, source: Source, file: OutcomesFile): Promise<OutcomeReceipt> => {
  const lines = await applyFile(ports, run, file, nothing);
  const receipt = outcomeReceipt(source, 'verwerkt', lines);
  const rejected = outcomeRejectionFile(file.headerCells, lines, file.delimiter);
  if (rejected !== undefined) await put(ports, source, 'rejected.csv', rejected);
  await put(ports, source, 'answers.csv', outcomeAnswersFile(receipt));
  return receipt;
};

/**
 * Takes a municipality's outcomes (DOMAIN section 12): every line gets an answer, good lines are stored and wake or start
 * their execution, bad ones come back with why. The file's place says whose it is: another municipality's signals are
 * refused. In the folder `preview` nothing is stored and nobody is mailed: the answer says what would happen, and what each
 * partner would see. A folder of no municipality gets a receipt that says so. The same file may come any number of times;
 * a line it did before is answered as then, one that was refused is looked at anew. Answers counts that add up.
 */
export const receiveOutcomes = async (ports: Ports, upload: OutcomesUpload): Promise<OutcomesAnswer> => {
  // A folder made by hand.
  if (upload.key.endsWith('/') && upload.sizeBytes === 0) return { ...NO_LINES, fileRefused: false, mailsRefused: 0 };
  const isPreview = PREVIEW.test(upload.key);
  const answer = isPreview ? 'preview.json' : 'receipt.json';
  const code = MunicipalityCode.safeParse(KEY.exec(upload.key)?.[1]);
  const municipality = code.success ? await ports.configuration.municipality(code.data) : undefined;
  const outcomesId = ports.ids.deliveryId(upload.bucket, upload.key, upload.versionId);
  const readAt = ports.clock.now();
  if (!municipality) {
    const source = { outcomesId, municipality: code.success ? code.data : ('onbekend' as const), readAt };
    await writeReceipt(ports, outcomeFileRefused(source, { code: 'MUNICIPALITY_UNKNOWN' }), answer);
    return { ...NO_LINES, fileRefused: true, mailsRefused: 0 };
  }
  const body = await ports.objects.read(upload.bucket, upload.key, upload.versionId);
  if (!body) throw failure('OutcomesFileMissing');

  const source = { outcomesId, municipality: municipality.code, readAt };
  const today = amsterdamDate(Instant.parse(new Date(upload.eventTime).toISOString()));
  const run: Run = {
    outcomesId,
    municipality: municipality.code,
    today,
    now: readAt,
    rules: new Map(),
    decisions: decisionsOf(ports, municipality.code, outcomesId),
  };
  const file = await readOutcomesFile(body);
  const receipt = !file.ok
    ? outcomeFileRefused(source, file.error)
    : isPreview
      ? outcomeReceipt(source, 'voorbeeld', await applyFile(rehearsal(ports), run, file.value, previewed(ports, run)))
      : await processed(ports, run, source, file.value);
  await writeReceipt(ports, receipt, answer);
  const mailsRefused = isPreview ? 0 : await notify(ports, municipality, receipt);
  return { ...receipt.counts, fileRefused: !file.ok, mailsRefused };
};
