import { readFileSync } from 'node:fs';
import { Configuration } from '#domain/agreement/configuration.ts';
import type { FileRejection } from '#domain/delivery/delivery.ts';
import { ColumnMapping } from '#domain/delivery/mapping.ts';
import { examine, type FileLayout, type JudgedRow, type RowSink } from '#domain/delivery/reading.ts';
import { checkReceiptOf, type Explained, NO_DELIVERY, type Receipt } from '#domain/delivery/receipt.ts';
import { receiptPage } from '#domain/delivery/receipt-page.ts';
import { whereToLook } from '#domain/delivery/rejection.ts';
import { RejectionFile } from '#domain/delivery/rejection-file.ts';
import { Instant, IsoDate } from '#domain/ids.ts';
import { amsterdamDate, startOfDay } from '#domain/term/calendar.ts';
import { dutchDate } from '#domain/term/explain.ts';
import { type Against, againstConfiguration, againstRules, partyNamed } from './assumed.ts';
import { type Call, type Command, textOf, UsageError } from './command.ts';
import { page, section, wrap } from './layout.ts';
import { mustDiffer, openFile, ownFolder, progressOn, sha256 } from './own-file.ts';
import { paint } from './paint.ts';

const HELP = `check BESTAND [opties]

Kijkt een levering na zoals het meldpunt dat doet: CSV of .xlsx, elke regel. Alles gebeurt op deze machine; er wordt niets
verstuurd en niets bewaard. Van uw gegevens wordt niets getoond, alleen regelnummers.
Het antwoord is 0 als alle regels worden aangenomen, 1 als er iets wordt afgekeurd en 2 bij verkeerd gebruik.

  --soort SOORT           soort partner: Huur (ook als u niets zegt), Energie, Water of Zorg
  --lcv VERSIE            versie van de overeenkomst: 2022 (ook als u niets zegt) of 2020
  --op JJJJ-MM-DD         dag van aanleveren; vandaag als u niets zegt
  --partij NAAM           uw naam bij het meldpunt
  --partner NAAM          hetzelfde
  --instellingen BESTAND  instellingen van het meldpunt (JSON): dan tellen ook uw overeenkomsten en uw indeling mee
  --indeling BESTAND      indeling van uw eigen bestanden (JSON), zoals npx meldpunt mapping die voorstelt
  --afkeur BESTAND        schrijf de afgekeurde regels naar dit bestand (CSV), met bij elke regel wat er mis is
  --ontvangst BESTAND     schrijf het verslag als pagina om te printen (HTML)`;

const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new UsageError(`Ik kan ${path} niet lezen als JSON.`);
  }
};

/** The value of an option, by its Dutch name or by the English one. */
const oneOf = (call: Call, ...names: readonly string[]): string | undefined => {
  const [first, ...more] = names.flatMap((name) => textOf(call, name) ?? []);
  if (more.length > 0) throw new UsageError(`Kies één van ${names.map((name) => `--${name}`).join(' en ')}.`);
  return first;
};

export const mappingOf = (path: string | undefined): ColumnMapping | undefined => {
  if (path === undefined) return undefined;
  const mapping = ColumnMapping.safeParse(readJson(path));
  if (!mapping.success) throw new UsageError(`${path} is geen indeling. Maak er een met npx meldpunt mapping.`);
  return mapping.data;
};

const dayOf = (call: Call): IsoDate => {
  const said = textOf(call, 'op');
  if (said === undefined) return amsterdamDate(Instant.parse(new Date().toISOString()));
  const day = IsoDate.safeParse(said);
  if (!day.success) throw new UsageError('--op is een dag, geschreven als jjjj-mm-dd.');
  return day.data;
};

/** What the options say the file has to be held against. */
export const againstOf = async (call: Call, on: IsoDate, proposed?: ColumnMapping): Promise<Against> => {
  const id = oneOf(call, 'partij', 'partner');
  const settings = oneOf(call, 'instellingen', 'configuration');
  const mapping = proposed ?? mappingOf(oneOf(call, 'indeling', 'mapping'));
  const [type, lcvVersion] = [textOf(call, 'soort'), textOf(call, 'lcv')];
  if (settings === undefined) return againstRules({ id, type, lcvVersion, mapping }, on);
  if (type !== undefined || lcvVersion !== undefined)
    throw new UsageError('--soort en --lcv staan al in de instellingen.');
  const configuration = Configuration.safeParse(readJson(settings));
  if (!configuration.success) throw new UsageError(`In ${settings} staan geen instellingen die wij kennen.`);
  const party = partyNamed(configuration.data, id);
  return againstConfiguration(configuration.data, mapping ? { ...party, mapping } : party, on);
};

/** Keeps what was refused, if somebody wants it. */
class Refused implements RowSink {
  layout: FileLayout | undefined;
  private readonly file: RejectionFile | undefined;

  constructor(file: RejectionFile | undefined) {
    this.file = file;
  }

  begin(layout: FileLayout): void {
    this.layout = layout;
    this.file?.open(layout);
  }

  async rows(batch: readonly JudgedRow[]): Promise<void> {
    if (this.file === undefined) return;
    for (const judged of batch) if (judged.verdict === 'refused') await this.file.add(judged.rejection);
  }
}

export interface Checked {
  readonly receipt: Receipt;
  readonly layout?: FileLayout | undefined;
}

/** One reading of a file on this machine. `rejected`: where its refused rows go. */
export const checkFile = async (
  path: string,
  { context }: Against,
  on: IsoDate,
  rejected?: string,
): Promise<Checked> => {
  const progress = progressOn(process.stderr);
  const file = openFile(path, progress);
  const rejections =
    rejected === undefined ? undefined : new RejectionFile(ownFolder, '', rejected, context.party.mapping);
  const sink = new Refused(rejections);
  try {
    const examined = await examine(file, context, sha256, sink);
    await (examined.verdict === 'READ' ? rejections?.close() : rejections?.stop());
    const source = { deliveryId: NO_DELIVERY, party: context.party.id, receivedAt: startOfDay(on) };
    const receipt = checkReceiptOf(source, examined, source.receivedAt, context.party.mapping);
    return { receipt: { ...receipt, terms: {}, files: [] }, layout: sink.layout };
  } catch (error) {
    await rejections?.stop();
    throw error;
  } finally {
    progress.end();
  }
};

const number = (count: number): string => new Intl.NumberFormat('nl-NL').format(count);
const rows = (count: number): string => `${number(count)} ${count === 1 ? 'regel' : 'regels'}`;
const INDENT = '    ';
const lines = (text: string, paintLine: (line: string) => string = (line) => line): readonly string[] =>
  wrap(text, 100 - INDENT.length).map((line) => `${INDENT}${paintLine(line)}`);

/** `Regel 5, 9 en 12` or `Regel 5, 9, 12 … en nog 34`. */
const places = ({ lines: shown, count }: Pick<Explained<string>, 'lines' | 'count'>): string => {
  const more = count - shown.length;
  if (more > 0) return `Regel ${shown.join(', ')} en nog ${number(more)}.`;
  return shown.length === 1 ? `Regel ${shown[0]}.` : `Regel ${shown.slice(0, -1).join(', ')} en ${shown.at(-1)}.`;
};

const problem = (mark: string, colour: (text: string) => string, found: Explained<string>): string =>
  [
    ...wrap(`${found.explanation}`, 100 - INDENT.length).map((line, index) =>
      index === 0 ? `  ${colour(mark)} ${paint.bold(line)}` : `${INDENT}${paint.bold(line)}`,
    ),
    ...lines(`${rows(found.count)}. ${places(found)}`),
    ...lines(found.remedy, paint.dim),
  ].join('\n');

const problems = (title: string, mark: string, colour: (text: string) => string, found: readonly Explained<string>[]) =>
  section(paint.bold(title), found.map((each) => problem(mark, colour, each)).join('\n\n'));

const FORMATS = { ';': 'met puntkomma’s', ',': 'met komma’s', '\t': 'met tabs' } as const;
const formatOf = ({ format, delimiter }: FileLayout): string =>
  format === 'xlsx' ? 'Excel' : `CSV ${FORMATS[delimiter as keyof typeof FORMATS] ?? ''}`.trim();

const refusedFile = ({ explanation, remedy, ...rejection }: NonNullable<Receipt['file']> & FileRejection): string =>
  [
    `${paint.bad('✗')} ${paint.bold('Dit bestand wordt geweigerd. Er wordt geen enkele regel gelezen.')}`,
    '',
    ...lines(explanation),
    ...whereToLook(rejection).flatMap((where) => lines(where)),
    ...lines(remedy, paint.dim),
  ].join('\n');

const verdict = ({ counts }: Receipt): string => {
  const { read, accepted, unchanged, refused } = counts;
  if (read === 0)
    return `${paint.good('✓')} ${paint.bold('In orde: geen regels. Dat betekent: deze maand geen achterstanden.')}`;
  const twice = unchanged > 0 ? `, ${number(unchanged)} dubbel` : '';
  const sum = `${number(read)} gelezen = ${number(accepted)} goed + ${number(refused)} afgekeurd${unchanged > 0 ? ` + ${number(unchanged)} dubbel` : ''}`;
  if (refused === 0)
    return `${paint.good('✓')} ${paint.bold(`In orde: ${rows(accepted)} goed${twice}, niets afgekeurd.`)}\n  ${paint.dim(sum)}`;
  return `${paint.bad('✗')} ${paint.bold(`${rows(refused)} afgekeurd, ${number(accepted)} goed${twice}.`)}\n  ${paint.dim(sum)}`;
};

const assumption = ({ agreementsKnown }: Against): string =>
  agreementsKnown
    ? ''
    : wrap(
        'Niet nagekeken: of u een overeenkomst heeft met elke gemeente, en wat u al eerder heeft gemeld. Daarvoor zet u het bestand in de map check/ bij het meldpunt, of geeft u hier --instellingen.',
      )
        .map(paint.dim)
        .join('\n');

/** The verdict as a person reads it: what is wrong once, most first, where, and what to do. Holds no value of the file. */
export const checkText = (
  name: string,
  { receipt, layout }: Checked,
  against: Against,
  on: IsoDate,
  written: readonly string[],
): string =>
  page(
    wrap(
      `${name}: ${[...(layout ? [formatOf(layout)] : []), against.as, `aangeleverd op ${dutchDate(on)}`].join(', ')}`,
    )
      .map(paint.dim)
      .join('\n'),
    receipt.file ? refusedFile(receipt.file) : verdict(receipt),
    problems('Afgekeurd', '✗', paint.bad, receipt.refusals),
    problems('Wordt aangenomen, maar kijk dit na', '!', paint.warning, receipt.warnings),
    written.join('\n'),
    receipt.file ? '' : assumption(against),
  );

/** R-DEL-11, for anybody, without a meldpunt. */
export const check: Command = {
  help: HELP,
  offline: true,
  options: {
    soort: { type: 'string' },
    lcv: { type: 'string' },
    op: { type: 'string' },
    partij: { type: 'string' },
    partner: { type: 'string' },
    instellingen: { type: 'string' },
    configuration: { type: 'string' },
    indeling: { type: 'string' },
    mapping: { type: 'string' },
    afkeur: { type: 'string' },
    ontvangst: { type: 'string' },
  },
  run: async (call) => {
    const [path, ...more] = call.positionals;
    if (path === undefined || more.length > 0) throw new UsageError('Noem één bestand.');
    const [rejected, receiptPath] = [textOf(call, 'afkeur'), textOf(call, 'ontvangst')];
    mustDiffer(path, rejected, receiptPath);
    const on = dayOf(call);
    const { name } = openFile(path);
    const against = await againstOf(call, on);
    const checked = await checkFile(path, against, on, rejected);
    const { receipt } = checked;
    if (receiptPath !== undefined) await ownFolder.write('', receiptPath, receiptPage(receipt), 'text/html');
    const isWritten = rejected !== undefined && receipt.counts.refused > 0;
    const written = [
      ...(isWritten ? [`De afgekeurde regels staan in ${rejected}, met bij elke regel wat u kunt doen.`] : []),
      ...(receiptPath === undefined ? [] : [`Het verslag staat in ${receiptPath}.`]),
    ];
    const { deliveryId: _, place: _place, ...data } = receipt;
    return {
      ok: receipt.file === undefined && receipt.counts.refused === 0,
      data: { ...data, agreementsKnown: against.agreementsKnown },
      text: checkText(name, checked, against, on, written),
    };
  },
};
