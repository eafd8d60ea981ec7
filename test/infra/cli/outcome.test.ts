import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'csv-parse/sync';
import { afterEach, describe, expect, it } from 'vitest';
import { base32 } from '#domain/base32.ts';
import { meldpunt } from '#infra/cli/meldpunt.ts';
import { run, withOutputs } from './run.ts';

const CASE = '0392-2604-0123456789AB';
const VERSION = 'version-of-the-test';

interface Bucket {
  readonly endpoint: string;
  /** What was put, by key. */
  readonly put: Map<string, string>;
  readonly asked: string[];
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A bucket that takes everything and gives `answer` after `notYet` times "not there" with this status. */
const bucket = async (answer: object | undefined, notYet = 0, status = 404): Promise<Bucket> => {
  const put = new Map<string, string>();
  const asked: string[] = [];
  server = createServer(async (request, response) => {
    const key = decodeURIComponent((request.url ?? '').split('?')[0] ?? '').replace('/exchange/', '');
    if (request.method === 'PUT') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      // A checksum makes the SDK send aws-chunked: size, line, trailer.
      const text = Buffer.concat(chunks).toString('utf8');
      const chunk = /^([0-9a-f]+)\r\n/.exec(text);
      const bytes = Buffer.from(text.slice(chunk?.[0].length ?? 0), 'utf8');
      put.set(key, chunk ? bytes.subarray(0, Number.parseInt(chunk[1] ?? '', 16)).toString('utf8') : text);
      response.setHeader('x-amz-version-id', VERSION).end();
      return;
    }
    asked.push(key);
    if (answer === undefined || asked.length <= notYet) response.writeHead(status).end();
    else response.end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, put, asked };
};

const answered = (line: object): object => ({ outcomesId: 'X', verdict: 'verwerkt', answers: [{ line: 2, ...line }] });

const outcome = ({ endpoint }: Bucket, ...args: readonly string[]) =>
  withOutputs({ endpoint, ExchangeBucket: 'exchange' }, (path) =>
    meldpunt(['outcome', CASE, '--gemeente', '0392', '--door', 'w17', '--outputs', path, ...args]),
  );

const onlyFile = ({ put }: Bucket): readonly [key: string, text: string] => {
  expect(put.size).toBe(1);
  return [...put][0] ?? ['', ''];
};

const lineIn = (text: string): Readonly<Record<string, string>> => {
  const rows = parse(text, { columns: true, delimiter: ';' }) as Record<string, string>[];
  expect(rows).toHaveLength(1);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).filter(([, value]) => value !== ''));
};

describe('npx meldpunt outcome', () => {
  it('drops one line where files with outcomes are dropped, and reads the answer to that file', async () => {
    const s3 = await bucket(answered({ verdict: 'verwerkt', notes: ['Ook het andere signaal van de zaak.'] }), 2);
    const said = await outcome(s3, '--resultaat', 'Inwoner is overleden', '--datum', '20-04-2026', '--schuldenrust=n');
    expect(said).toEqual({ code: 0, out: 'Verwerkt.\n  let op  Ook het andere signaal van de zaak.' });
    const [key, text] = onlyFile(s3);
    expect(key).toMatch(/^municipalities\/0392\/outcomes\/[0-9a-f]{8}-[0-9a-f-]{27}\.csv$/);
    expect(lineIn(text)).toEqual({
      zaak: CASE,
      medewerker: 'w17',
      resultaat: 'Inwoner is overleden',
      resultaat_datum: '20-04-2026',
      schuldenrust: 'n',
    });
    const hash = createHash('sha256').update(`["exchange","${key}","${VERSION}"]`).digest();
    expect(s3.asked).toEqual(
      Array.from({ length: 3 }, () => `municipalities/0392/outcome-receipts/${base32(hash, 26)}/receipt.json`),
    );
  });

  it('writes nasty values so that they stay one cell, and a spreadsheet computes none', async () => {
    const s3 = await bucket(answered({ verdict: 'verwerkt' }));
    await outcome(
      s3,
      '--resultaat=a;b "c"\r\nzaak;x',
      '--datum==1+1',
      '--overdracht-straat=-straat',
      '--overdracht-woonplaats=’s-Gravenhage, é',
    );
    const [, text] = onlyFile(s3);
    expect(lineIn(text)).toEqual({
      zaak: CASE,
      medewerker: 'w17',
      resultaat: 'a;b "c"\r\nzaak;x',
      resultaat_datum: "'=1+1",
      overdracht_straat: "'-straat",
      overdracht_woonplaats: '’s-Gravenhage, é',
    });
  });

  it('tells a signal from a case, in small letters too', async () => {
    const s3 = await bucket(answered({ verdict: 'verwerkt' }));
    await withOutputs({ endpoint: s3.endpoint, ExchangeBucket: 'exchange' }, (path) =>
      meldpunt([
        ...['outcome', '0123456789abcdef-2604', '--gemeente', '0392', '--door', 'w17'],
        ...['--einde-schuldenrust', 'plan gestopt', '--outputs', path],
      ]),
    );
    expect(lineIn(onlyFile(s3)[1])).toEqual({
      signaal: '0123456789ABCDEF-2604',
      medewerker: 'w17',
      einde_schuldenrust: 'plan gestopt',
    });
  });

  it('says what is wrong and what to do, and ends with 1', async () => {
    const s3 = await bucket(
      answered({
        verdict: 'afgekeurd',
        code: 'DATE_IN_FUTURE',
        column: 'resultaat_datum',
        explanation: 'Deze datum ligt na vandaag.',
        remedy: 'Controleer de datum.',
      }),
    );
    expect(await outcome(s3, '--resultaat', 'x', '--datum', '2030-01-01')).toEqual({
      code: 1,
      out: [
        'Afgekeurd: er is niets vastgelegd.',
        '  uitleg     Deze datum ligt na vandaag.',
        '  gaat over  --datum',
        '  oplossing  Controleer de datum.',
      ].join('\n'),
    });
  });

  it.each([
    ['medewerker', '--door'],
    ['plan_van_aanpak', '--plan-van-aanpak'],
  ])('names the option that can be typed for %s', async (column, option) => {
    const s3 = await bucket(answered({ verdict: 'afgekeurd', column }));
    expect((await outcome(s3)).out).toBe(`Afgekeurd: er is niets vastgelegd.\n  gaat over  ${option}`);
  });

  it('says so when the folder is refused, and when it was known already', async () => {
    const refused = await bucket({
      verdict: 'geweigerd',
      file: {
        code: 'MUNICIPALITY_UNKNOWN',
        explanation: 'Geen gemeente die wij kennen.',
        remedy: 'Kijk naar de code.',
      },
      answers: [],
    });
    expect(await outcome(refused)).toEqual({
      code: 1,
      out: 'Afgekeurd: er is niets vastgelegd.\n  uitleg     Geen gemeente die wij kennen.\n  oplossing  Kijk naar de code.',
    });
    server?.close();
    expect(await outcome(await bucket(answered({ verdict: 'al bekend' })))).toEqual({
      code: 0,
      out: 'Al bekend: dit was al vastgelegd, er is niets veranderd.',
    });
  });

  it('[R-FEE-3] shows in a preview what each partner would read, from another folder', async () => {
    const s3 = await bucket({
      verdict: 'voorbeeld',
      answers: [
        {
          line: 2,
          verdict: 'verwerkt',
          partners: [
            {
              signalId: '0123456789ABCDEF-2604',
              partner: 'elan-wonen',
              reference: 'HC-1',
              feedback: [
                {
                  kind: 'OUTCOME',
                  outcome: 'HELP_ACCEPTED',
                  replaces: false,
                  suspension: { startsOn: '2026-04-20', lastDay: '2026-05-20' },
                  arrangement: { monthlyCents: 2550, from: '2026-05-01' },
                },
              ],
            },
            {
              signalId: 'FEDCBA9876543210-2604',
              partner: 'pre-wonen',
              reference: 'P\u001B[2J9',
              feedback: [],
              why: 'dit resultaat wordt niet teruggekoppeld',
            },
          ],
        },
      ],
    });
    const { code, out } = await outcome(s3, '--voorbeeld');
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'Voorbeeld: er is niets vastgelegd. Zo zou het verwerkt worden.',
        '',
        'Wat elke partner zou lezen',
        '  elan-wonen HC-1   uitkomst: hulp geaccepteerd, schuldenrust: ja, schuldenrust van: 2026-04-20,',
        '                    schuldenrust tot en met: 2026-05-20, regeling bedrag: 25,50, regeling',
        '                    vanaf: 2026-05-01, vervangt eerdere: nee',
        '  pre-wonen P·[2J9  niets: dit resultaat wordt niet teruggekoppeld',
      ].join('\n'),
    );
    expect(onlyFile(s3)[0]).toMatch(/^municipalities\/0392\/preview\//);
    expect(s3.asked[0]).toMatch(/\/preview\.json$/);
  });

  it('gives a machine the whole answer', async () => {
    const answer = { ...answered({ verdict: 'verwerkt' }), counts: { read: 1 } };
    const { out = '' } = await outcome(await bucket(answer), '--json');
    expect(JSON.parse(out)).toEqual(answer);
  });

  it.each([
    [404, 'twee keer is niet erg.'],
    [403, 'Misschien mag u deze map niet lezen (AccessDenied).'],
  ])('stops waiting in time, and says where the answer will be (%i)', async (status, end) => {
    const s3 = await bucket(undefined, 0, status);
    const started = Date.now();
    const { code, out, error = '' } = await outcome(s3, '--wacht', '1');
    expect(Date.now() - started).toBeLessThan(10_000);
    expect([code, out]).toEqual([1, undefined]);
    expect(error).toMatch(/^Het meldpunt heeft nog niet geantwoord\. Uw invoer is wel ontvangen/);
    expect(error).toContain('municipalities/0392/outcome-receipts/');
    expect(error.endsWith(end)).toBe(true);
    expect(s3.asked.length).toBeGreaterThan(2);
  });

  it('finds AWS by the environment when the outputs name no endpoint, by stack as cdk deploy writes them', async () => {
    const s3 = await bucket(answered({ verdict: 'verwerkt' }));
    const said = await withOutputs({ 'meldpunt-test-Data': { ExchangeBucket: 'exchange' } }, (path) =>
      run(['outcome', CASE, '--gemeente', '0392', '--door', 'w17', '--fase', 'incasso', '--outputs', path], {
        AWS_ENDPOINT_URL: s3.endpoint,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      }),
    );
    expect(said).toEqual({ code: 0, out: 'Verwerkt.\n', error: '' });
    expect(lineIn(onlyFile(s3)[1])).toMatchObject({ zaak: CASE, fase: 'incasso' });
  });
});
