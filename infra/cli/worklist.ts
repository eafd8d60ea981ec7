import { createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { Instant, IsoDate, MunicipalityCode, Period } from '#domain/ids.ts';
import { MARKS } from '#domain/ranking/worklist.ts';
import { knownMunicipalities } from '#domain/reference/reference.ts';
import { dutchMoment, dutchMonth } from '#domain/term/explain.ts';
import { type Call, type Command, Refusal, textOf, UsageError } from './command.ts';
import type { Installation } from './installation.ts';
import { invoke } from './invoke.ts';
import { facts, page, section } from './layout.ts';
import { paint } from './paint.ts';
import { readingOf } from './signal.ts';

const HELP = `worklist <gemeente> --door <medewerker> --doel "<waarom>" [--maand JJJJ-MM] [--sinds JJJJ-MM-DD] [--uit MAP]

Maakt de werklijst van een gemeente zoals die nu is en haalt hem op, als CSV en als Excel. Er gaat geen mail uit. Er staan
personen op: daarom wordt eerst vastgelegd wie de lijst vroeg en waarom. Noem de gemeente met haar code of haar naam.

  --door CODE         wie kijkt: een code zoals w17, geen naam
  --doel TEKST        waarom, in een paar woorden
  --maand JJJJ-MM     alleen deze maand; anders elke maand met open zaken
  --sinds JJJJ-MM-DD  merk wat er vanaf deze dag gebeurde; anders sinds de vorige lijst waarover is gemaild
  --uit MAP           waar de bestanden komen; anders de map waarin u staat`;

const FAILURES: Readonly<Record<string, string>> = {
  MunicipalityUnknown: 'Deze gemeente werkt niet met dit meldpunt.',
  InvalidInput: 'Het meldpunt kan deze vraag niet lezen. Is het al bijgewerkt?',
};

const Lists = z.object({
  lists: z.array(
    z.object({
      period: Period,
      keys: z.array(z.string()),
      cases: z.number(),
      since: Instant.optional(),
      trays: z.record(z.string(), z.number()),
      marks: z.partialRecord(z.enum(MARKS), z.number()),
    }),
  ),
});
type List = z.infer<typeof Lists>['lists'][number];

/** By code, or by the name it has today. */
const municipalityOf = (said: string): MunicipalityCode => {
  const code = MunicipalityCode.safeParse(said);
  if (code.success) return code.data;
  const named = knownMunicipalities().filter(({ name }) => name.toLowerCase() === said.toLowerCase());
  const [only, ...more] = named;
  if (only === undefined || more.length > 0)
    throw new UsageError('Noem één gemeente: haar code van vier cijfers, of haar naam.');
  return only.code;
};

const optionOf = <T>(call: Call, name: string, schema: z.ZodType<T>, wrong: string): T | undefined => {
  const said = textOf(call, name);
  if (said === undefined) return undefined;
  const value = schema.safeParse(said);
  if (!value.success) throw new UsageError(wrong);
  return value.data;
};

/** Fetched with the rights of who asks: whole, or not at all, and for nobody else on this machine to read. */
const download = async ({ output, client }: Installation, key: string, path: string): Promise<void> => {
  const { Body } = await new S3Client(client).send(
    new GetObjectCommand({ Bucket: output('ExchangeBucket'), Key: key }),
  );
  if (!(Body instanceof Readable)) throw new Refusal('De lijst is gemaakt, maar niet op te halen.');
  const half = `${path}.half`;
  try {
    await pipeline(Body, createWriteStream(half, { mode: 0o600 }));
    renameSync(half, path);
  } catch (error) {
    rmSync(half, { force: true });
    throw error;
  }
};

const cases = (count: number): string => `${count} ${count === 1 ? 'zaak' : 'zaken'}`;

const listText = ({ period, cases: all, since, trays, marks }: List, paths: readonly string[]): string =>
  section(
    paint.bold(`${dutchMonth(IsoDate.parse(`${period}-01`))}: ${cases(all)}`),
    facts([
      ...Object.entries(trays).map(([tray, count]) => [tray, String(count)] as const),
      ['nieuws', MARKS.map((mark) => `${marks[mark] ?? 0} ${mark}`).join(', ')],
      ['sinds', since === undefined ? 'dit is de eerste lijst: alles is nieuw' : dutchMoment(since)],
      ...paths.map((path, i) => [i === 0 ? 'bestanden' : ' ', path] as const),
    ]),
  );

/** R-WOR-1, any day; asking is a reading (R-PRI-5). */
export const worklist: Command = {
  help: HELP,
  options: {
    door: { type: 'string' },
    doel: { type: 'string' },
    maand: { type: 'string' },
    sinds: { type: 'string' },
    uit: { type: 'string' },
  },
  run: async (call) => {
    const [said, ...more] = call.positionals;
    if (said === undefined || more.length > 0) throw new UsageError('Noem één gemeente.');
    const municipality = municipalityOf(said);
    const reading = readingOf(call);
    if (reading === undefined)
      throw new UsageError('Zeg met --door wie de lijst vraagt en met --doel waarom: er staan personen op.');
    const period = optionOf(call, 'maand', Period, '--maand is een maand, geschreven als jjjj-mm.');
    const since = optionOf(call, 'sinds', IsoDate, '--sinds is een dag, geschreven als jjjj-mm-dd.');
    const folder = textOf(call, 'uit') ?? '.';
    const installation = call.installation();
    const asked = { municipality, ...reading, ...(period && { period }), ...(since && { since }) };
    const result = await invoke(installation, 'PublishWorklistsFunction', asked);
    if ('failure' in result)
      throw new Refusal(FAILURES[result.failure] ?? `Het meldpunt kan de lijst niet maken: ${result.failure}.`);
    const { lists } = Lists.parse(result.answer);
    mkdirSync(folder, { recursive: true });
    const fetched: { readonly list: List; readonly paths: readonly string[] }[] = [];
    for (const list of lists) {
      const paths: string[] = [];
      for (const key of list.keys) {
        const path = join(folder, `werklijst-${municipality}-${key.slice(key.lastIndexOf('/') + 1)}`);
        await download(installation, key, path);
        paths.push(path);
      }
      fetched.push({ list, paths });
    }
    return {
      ok: true,
      data: { lists: fetched.map(({ list, paths }) => ({ ...list, paths })) },
      text: page(
        ...fetched.map(({ list, paths }) => listText(list, paths)),
        paint.dim('Er staan personen op deze lijsten. Wis de bestanden als u klaar bent.'),
      ),
    };
  },
};
