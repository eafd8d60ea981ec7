import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { csvRow } from '#domain/delivery/csv.ts';
import { COLLECTION_PHASES } from '#domain/delivery/delivery.ts';
import { CSV, outcomesFileKey, versionIdOf } from '#domain/delivery/places.ts';
import { CaseNumber, MunicipalityCode, SignalId } from '#domain/ids.ts';
import { MERGE_REASONS, SPLIT_REASONS } from '#domain/matching/decision.ts';
import { CONTACT_KINDS, DAY_PARTS, END_RESULTS } from '#domain/signal/ddas.ts';
import { OUTCOME_COLUMNS, type OutcomeColumn } from '#domain/signal/outcome-line.ts';
import { EARLY_END_REASONS, REOPEN_REASONS } from '#domain/signal/signal.ts';
import { type Answer, type Call, type Command, type Options, Refusal, textOf, UsageError } from './command.ts';
import { facts, page } from './layout.ts';
import { PartnerView, previewText } from './preview.ts';

const optionOf = (column: string): string => column.replaceAll('_', '-');

/** Shorter names for what is typed most. */
const SHORT: Readonly<Record<string, OutcomeColumn>> = { door: 'medewerker', datum: 'resultaat_datum' };

const COLUMN_OF: Readonly<Record<string, OutcomeColumn>> = {
  ...Object.fromEntries(OUTCOME_COLUMNS.map((column) => [optionOf(column), column])),
  ...SHORT,
};

/** The option a user types for a column: the short one where there is one. */
const typed = (column: string): string =>
  Object.entries(SHORT).find(([, long]) => long === column)?.[0] ?? optionOf(column);

/** What to choose from, or what to fill in. */
const CHOICES: Partial<Readonly<Record<OutcomeColumn, readonly string[]>>> = {
  resultaat: END_RESULTS,
  heropenen: REOPEN_REASONS,
  contact_soort: CONTACT_KINDS,
  contact_dagdeel: DAY_PARTS,
  fase: COLLECTION_PHASES,
  einde_schuldenrust: EARLY_END_REASONS,
  samenvoegen_met: ['een zaak of signaal van dezelfde maand'],
  splitsen: ['j, bij een signaal'],
  koppeling_reden: [...SPLIT_REASONS, ...MERGE_REASONS],
};

const HELP = `outcome <zaak|signaal> --gemeente <code> --door <medewerker> [kolommen] [--voorbeeld]

Legt vast wat er met een zaak of signaal is gebeurd, zoals een regel in een bestand met uitkomsten dat doet. U leest
direct of het is verwerkt. Twee keer hetzelfde vastleggen mag: de tweede keer is het al bekend.

  npx meldpunt outcome 0392-2604-0123456789AB --gemeente 0392 --door w17 \\
    --resultaat "Vervolghulp en/of verwijzing financieel" --datum 2026-04-20 \\
    --plan-van-aanpak 2026-04-20 --betaling-hervat 2026-05-01 --schuldenrust j

Horen mensen niet bij elkaar, of juist wel? Splits een signaal af, of voeg twee zaken samen:

  npx meldpunt outcome 7K3QX9M2T4VB8C1D-2604 --gemeente 0392 --door w17 \\
    --splitsen j --koppeling-reden "andere persoon"
  npx meldpunt outcome 0392-2604-0123456789AB --gemeente 0392 --door w17 \\
    --samenvoegen-met 0392-2604-BA9876543210 --koppeling-reden "zelfde huishouden"

  --gemeente CODE     vier cijfers
  --door CODE         wie het deed: een code zoals w17, geen naam (kort voor --medewerker)
  --datum DATUM       dag van het resultaat (kort voor --resultaat-datum)
  --voorbeeld         legt niets vast, en toont wat elke partner zou lezen
  --wacht SECONDEN    hoe lang op antwoord wordt gewacht (60)

Kolommen, elk met een waarde; wat ze betekenen staat in infra/files.md:
${OUTCOME_COLUMNS.map((column) => `  --${optionOf(column)}${(CHOICES[column] ?? []).map((choice) => `\n      ${choice}`).join('')}`).join('\n')}
`;

/** The cells of the line by column. The case or signal may be named without its option. */
const cellsOf = ({ positionals, values }: Call): ReadonlyMap<OutcomeColumn, string> => {
  const cells = new Map<OutcomeColumn, string>();
  const add = (column: OutcomeColumn, value: string): void => {
    if (cells.has(column)) throw new UsageError(`U geeft twee keer ${column}.`);
    cells.set(column, value);
  };
  const [target, ...more] = positionals;
  if (more.length > 0)
    throw new UsageError('Noem één zaak of signaal, en zet waarden met een spatie tussen aanhalingstekens.');
  if (target !== undefined) {
    const id = target.trim().toUpperCase();
    if (SignalId.safeParse(id).success) add('signaal', id);
    else if (CaseNumber.safeParse(id).success) add('zaak', id);
    else throw new UsageError('Dit is geen nummer van een zaak of signaal. Neem het over van de werklijst.');
  }
  for (const [option, column] of Object.entries(COLUMN_OF)) {
    const value = textOf({ values }, option);
    if (value !== undefined) add(column, value);
  }
  if (!cells.has('zaak') && !cells.has('signaal')) throw new UsageError('Noem een zaak of signaal van de werklijst.');
  if (!cells.has('medewerker')) throw new UsageError('Zeg met --door wie het deed.');
  return cells;
};

/** Every column, so that what is missing is told of the line, not of the file. */
const fileOf = (cells: ReadonlyMap<OutcomeColumn, string>): string =>
  csvRow(OUTCOME_COLUMNS) + csvRow(OUTCOME_COLUMNS.map((column) => cells.get(column) ?? ''));

/** As far as it is told here; the whole answer is what `--json` gives. */
const LineAnswer = z.object({
  verdict: z.enum(['verwerkt', 'al bekend', 'afgekeurd']),
  column: z.string().optional(),
  explanation: z.string().optional(),
  remedy: z.string().optional(),
  notes: z.array(z.string()).optional(),
  partners: z.array(PartnerView).optional(),
});
type LineAnswer = z.infer<typeof LineAnswer>;

/** A file that was refused as a whole says why itself. */
const FileAnswer = z.object({
  file: LineAnswer.omit({ verdict: true }).optional(),
  answers: z.array(LineAnswer),
});

/** What became of the one line. */
const lineOf = (answer: unknown): LineAnswer => {
  const { file, answers } = FileAnswer.parse(answer);
  return answers[0] ?? { verdict: 'afgekeurd', ...file };
};

const HEADINGS: Readonly<Record<LineAnswer['verdict'], string>> = {
  verwerkt: 'Verwerkt.',
  'al bekend': 'Al bekend: dit was al vastgelegd, er is niets veranderd.',
  afgekeurd: 'Afgekeurd: er is niets vastgelegd.',
};
const PREVIEW_HEADINGS: typeof HEADINGS = {
  verwerkt: 'Voorbeeld: er is niets vastgelegd. Zo zou het verwerkt worden.',
  'al bekend': 'Voorbeeld: er is niets vastgelegd. Dit is al bekend, er zou niets veranderen.',
  afgekeurd: 'Voorbeeld: er is niets vastgelegd. Dit zou worden afgekeurd.',
};

const lineText = ({ verdict, column, explanation, remedy, notes = [] }: LineAnswer, isPreview: boolean): string => {
  const why = facts([
    ['uitleg', explanation],
    ['gaat over', column === undefined ? undefined : `--${typed(column)}`],
    ['oplossing', remedy],
    ...notes.map((note) => ['let op', note] as const),
  ]);
  return [(isPreview ? PREVIEW_HEADINGS : HEADINGS)[verdict], ...(why === '' ? [] : [why])].join('\n');
};

/** A small wait first: on one machine the answer is there at once. */
const PATIENCE = { first: 100, most: 2_000 };

/**
 * Reads an object as soon as it is there. Who may not list the bucket hears "forbidden" of an object that is not there
 * yet: that is waited for too, and told when time is up.
 */
const arrival = async (s3: S3Client, Bucket: string, Key: string, until: number): Promise<unknown> => {
  for (let pause = PATIENCE.first; ; pause = Math.min(pause * 1.5, PATIENCE.most)) {
    let forbidden = false;
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? 'null');
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status !== 404 && status !== 403) throw error;
      forbidden = status === 403;
    }
    const left = until - Date.now();
    if (left <= 0)
      throw new Refusal(
        `Het meldpunt heeft nog niet geantwoord. Uw invoer is wel ontvangen en kan alsnog worden verwerkt. Kijk straks in ${Key}, of geef de opdracht nog een keer: twee keer is niet erg.${forbidden ? ' Misschien mag u deze map niet lezen (AccessDenied).' : ''}`,
      );
    await wait(Math.min(pause, left));
  }
};

const secondsOf = (call: Call): number => {
  const text = textOf(call, 'wacht') ?? '60';
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 600)) throw new UsageError('--wacht is een aantal seconden, hoogstens 600.');
  return seconds;
};

const run = async (call: Call): Promise<Answer> => {
  const municipality = MunicipalityCode.safeParse(textOf(call, 'gemeente'));
  if (!municipality.success) throw new UsageError('Zeg met --gemeente van welke gemeente het is: vier cijfers.');
  const cells = cellsOf(call);
  const seconds = secondsOf(call);
  const isPreview = call.values.voorbeeld === true;
  const { output, client } = call.installation();
  const Bucket = output('ExchangeBucket');
  const Key = `municipalities/${municipality.data}/${isPreview ? 'preview' : 'outcomes'}/${randomUUID()}.csv`;
  const s3 = new S3Client(client);
  const { VersionId = 'null' } = await s3.send(
    new PutObjectCommand({ Bucket, Key, Body: fileOf(cells), ContentType: CSV }),
  );
  const id = versionIdOf((text) => createHash('sha256').update(text).digest(), Bucket, Key, VersionId);
  const place = outcomesFileKey(municipality.data, id, isPreview ? 'preview.json' : 'receipt.json');
  const answer = await arrival(s3, Bucket, place, Date.now() + seconds * 1_000);
  const line = lineOf(answer);
  return {
    ok: line.verdict !== 'afgekeurd',
    data: answer,
    text: page(lineText(line, isPreview), previewText(line.partners ?? [])),
  };
};

/**
 * One line of outcomes through the same door as a file (DOMAIN section 12): a CSV of a header and a line is dropped in the
 * municipality's folder, and the answer is read from the receipt of that file.
 */
export const outcome: Command = {
  help: HELP,
  options: {
    ...Object.fromEntries(Object.keys(COLUMN_OF).map((option) => [option, { type: 'string' }] as const)),
    gemeente: { type: 'string' },
    voorbeeld: { type: 'boolean' },
    wacht: { type: 'string' },
  } satisfies Options,
  run,
};
