import { csvRow } from '#domain/delivery/csv.ts';
import { FIELDS } from '#domain/matching/comparison.ts';
import { estimateModel } from '#domain/matching/estimate.ts';
import { type Link, linkPersons, operatingPoint, raised } from '#domain/matching/link.ts';
import { type Odds, PERSON_MODEL, PersonModel } from '#domain/matching/model.ts';
import { type PreparedPerson, prepare } from '#domain/matching/person.ts';
import { type Call, type Command, textOf, UsageError } from './command.ts';
import { facts, page, section } from './layout.ts';
import { type Coverage, coverageOf, FIELD_NAMES, readJson, readMapping, readPersons } from './linkage-records.ts';
import { mustDiffer, ownFolder, progressOn } from './own-file.ts';
import { paint } from './paint.ts';

const HELP = `linkage --input A.csv [--with B.csv] --columns indeling.json --output paren.csv [opties]

Zoekt in een CSV-bestand welke regels over dezelfde persoon gaan, met dezelfde vergelijking als het meldpunt zelf. Met --with
wordt elke regel van A met elke regel van B vergeleken, zonder --with de regels van A met elkaar. De gewichten worden uit de
bestanden zelf geschat (EM), met die van het meldpunt als begin. Alles gebeurt op deze machine. In de uitvoer staan geen
persoonsgegevens, alleen de waarden van de kolom id.

  --columns BESTAND   JSON: welke kolom van u welk veld van ons is, als { "surname": "achternaam", … }. Velden:
                      ${FIELD_NAMES.slice(0, 6).join(', ')},
                      ${FIELD_NAMES.slice(6).join(', ')}.
                      Alleen surname moet; first_name, dob en dergelijke mogen ook. Een lijst van kolommen wordt
                      achter elkaar gezet. dateOfBirth mag ook { "year": …, "month": …, "day": … } zijn. Zonder id
                      telt het regelnummer (de eerste is 1)
  --output BESTAND    CSV met de paren: id_a, id_b, score, probability, decision, een kolom per veld, model
  --possible          schrijft ook de paren die iemand moet bekijken (POSSIBLE)
  --threshold KANS    een paar is SAME vanaf deze kans, 0.5 tot 1; anders vanaf 0.999, of lager zolang van alle paren
                      samen naar verwachting niet meer dan 1 op de 4.000 fout is
  --model BESTAND     gebruik deze gewichten (JSON), schat ze niet
  --estimated BESTAND schrijft de gewichten en grenzen waarmee is vergeleken`;

/** Fewer records say too little of themselves: our own weights are better. */
const ENOUGH = 100;

const needed = (call: Call, option: string): string => {
  const value = textOf(call, option);
  if (value === undefined) throw new UsageError(`Geef --${option}.`);
  return value;
};

const thresholdOf = (call: Call): number | undefined => {
  const text = textOf(call, 'threshold');
  if (text === undefined) return undefined;
  const chance = Number(text.replace(',', '.'));
  if (!(chance >= 0.5 && chance < 1)) throw new UsageError('--threshold is een kans van 0.5 tot 1, zoals 0.999.');
  return Math.log2(chance / (1 - chance));
};

const HEADER = ['id_a', 'id_b', 'score', 'probability', 'decision', ...FIELDS, 'model'];

const rowOf = ({ a, b, comparison }: Link<string>): string =>
  csvRow(
    [
      a,
      b,
      comparison.score.toFixed(2),
      comparison.probability.toFixed(6),
      comparison.decision,
      ...comparison.agreements.map(({ level }) => level),
      comparison.model,
    ],
    ',',
  );

const NUMBER = new Intl.NumberFormat('nl-NL');
const counted = (pairs: number): string => `${NUMBER.format(pairs)} ${pairs === 1 ? 'paar' : 'paren'}`;
const share = (value: number): string => value.toPrecision(3).padStart(10);

/** The weights, level by level: how often in one person, how often in strangers, and what that weighs. */
const weights = ({ fields, prior, thresholds }: PersonModel): string =>
  [
    `  ${'veld'.padEnd(14)}${'niveau'.padEnd(20)}${'één persoon'.padStart(12)}${'vreemden'.padStart(12)}${'gewicht'.padStart(10)}`,
    ...FIELDS.flatMap((field) =>
      Object.entries(fields[field] as Readonly<Record<string, Odds>>).map(
        ([level, { same, strangers }]) =>
          `  ${field.padEnd(14)}${level.padEnd(20)}  ${share(same)}  ${share(strangers)}${Math.log2(same / strangers)
            .toFixed(1)
            .padStart(10)}`,
      ),
    ),
    `  vooraf ${prior.strangers.toFixed(1)}; SAME vanaf ${thresholds.same.toFixed(1)}, POSSIBLE vanaf ${thresholds.possible.toFixed(1)}`,
  ].join('\n');

const coverage = (fields: readonly Coverage[]): string =>
  [
    `  ${'veld'.padEnd(14)}${'gevuld'.padStart(10)}${'te lezen'.padStart(10)}`,
    ...fields.map(
      ({ field, filled, read }) =>
        `  ${field.padEnd(14)}${NUMBER.format(filled).padStart(10)}${NUMBER.format(read).padStart(10)}`,
    ),
  ].join('\n');

/** What makes one doubt whether a column is what the mapping says it is. */
const doubts = (file: string, { field, filled, read }: Coverage): readonly string[] => {
  if (filled === 0) return [`${file}: de kolom voor ${field} is overal leeg. Klopt de indeling?`];
  if (read * 2 >= filled) return [];
  const ways = field === 'dateOfBirth' ? ' Een datum schrijft u als 1984-03-12, 12-03-1984 of 12 mei 1984.' : '';
  return [
    `${file}: van de ${NUMBER.format(filled)} gevulde cellen voor ${field} zijn er ${NUMBER.format(read)} te lezen. Klopt de indeling?${ways}`,
  ];
};

/** Links the records of one CSV, or of two, with the matcher of the meldpunt itself. */
export const linkage: Command = {
  help: HELP,
  offline: true,
  options: {
    input: { type: 'string' },
    with: { type: 'string' },
    columns: { type: 'string' },
    output: { type: 'string' },
    possible: { type: 'boolean' },
    threshold: { type: 'string' },
    model: { type: 'string' },
    estimated: { type: 'string' },
  },
  run: async (call) => {
    const started = performance.now();
    if (call.positionals.length > 0) throw new UsageError('Geef de bestanden met --input en --with.');
    const [input, columns, output] = [needed(call, 'input'), needed(call, 'columns'), needed(call, 'output')];
    const [other, given, estimatedTo] = [textOf(call, 'with'), textOf(call, 'model'), textOf(call, 'estimated')];
    const threshold = thresholdOf(call);
    for (const read of [input, columns, other, given]) if (read !== undefined) mustDiffer(read, output, estimatedTo);
    const mapping = readMapping(columns);
    const start = given === undefined ? PERSON_MODEL : readJson(given, PersonModel, 'model');
    const progress = progressOn(process.stderr);
    const first = await readPersons(input, mapping, progress).finally(() => progress.end());
    const second = other === undefined ? [] : await readPersons(other, mapping, progress).finally(() => progress.end());
    const all = [...first, ...second];
    const persons: readonly PreparedPerson[] = all.map(({ person }) => prepare(person));
    const split = other === undefined ? undefined : first.length;
    const read = [
      { file: input, fields: coverageOf(mapping, first, persons) },
      ...(other === undefined
        ? []
        : [{ file: other, fields: coverageOf(mapping, second, persons.slice(first.length)) }]),
    ];
    const warnings = read.flatMap(({ file, fields }) => fields.flatMap((field) => doubts(file, field)));
    const isEstimated = given === undefined && all.length >= ENOUGH;
    const weighed = isEstimated ? estimateModel(persons, { split }).model : start;
    const { thresholds } = weighed;
    let compared = 0;
    const linked = linkPersons(
      all.map(({ id }, index) => ({ key: id, person: persons[index] ?? prepare({ surname: '' }) })),
      {
        model: { ...weighed, thresholds: { ...thresholds, same: thresholds.possible } },
        split,
        onCompared: (pairs) => {
          compared = pairs;
        },
      },
    );
    const from = threshold ?? (isEstimated ? operatingPoint(linked, thresholds.same) : thresholds.same);
    const model = { ...weighed, thresholds: { ...thresholds, same: from } };
    const links = raised(linked, from);
    const same = links.filter(({ comparison }) => comparison.decision === 'SAME');
    const written = call.values.possible === true ? links : same;
    await ownFolder.write('', output, `${csvRow(HEADER, ',')}${written.map(rowOf).join('')}`, 'text/csv');
    if (estimatedTo !== undefined)
      await ownFolder.write('', estimatedTo, `${JSON.stringify(model, null, 2)}\n`, 'application/json');
    const seconds = (performance.now() - started) / 1_000;
    const possible = links.length - same.length;
    return {
      ok: true,
      data: { records: all.length, compared, same: same.length, possible, seconds, read, warnings, model },
      text: page(
        facts([
          [
            'regels',
            other === undefined
              ? NUMBER.format(first.length)
              : `${NUMBER.format(first.length)} en ${NUMBER.format(second.length)}`,
          ],
          ['vergeleken', counted(compared)],
          ['SAME', counted(same.length)],
          ['POSSIBLE', `${counted(possible)}${call.values.possible === true ? '' : ', niet geschreven (--possible)'}`],
          ['tijd', `${seconds.toFixed(1).replace('.', ',')} seconden`],
          ['uitvoer', output],
        ]),
        ...read.map(({ file, fields }) => section(paint.bold(`Gelezen uit ${file}`), coverage(fields))),
        warnings.map((words) => paint.warning(`! ${words}`)).join('\n'),
        section(
          paint.bold(
            isEstimated
              ? `Gewichten, uit deze regels geschat (${model.name})`
              : `Gewichten van ${model.name} ${model.version}`,
          ),
          weights(model),
        ),
      ),
    };
  },
};
