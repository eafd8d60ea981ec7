import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulation } from '#domain/ranking/simulate.ts';
import { meldpunt } from '#infra/cli/meldpunt.ts';
import { withOutputs } from './run.ts';

const SIMULATION = {
  municipality: { code: '0268', name: 'Nijmegen' },
  period: '2026-04',
  inForce: { ranking: { name: 'LCV', version: 1, title: 'Landelijk' }, thresholdCents: 7_500 },
  thresholds: {
    cases: 40,
    signals: 44,
    totalCents: 4_000_000,
    thresholds: [
      { cents: 5_000, cases: 10, signals: 10, totalCents: 40_000, crisis: 2 },
      { cents: 7_500, cases: 20, signals: 21, totalCents: 100_000, crisis: 2 },
    ],
    kinds: [
      {
        kind: 'Crisis',
        overlaps: false,
        rows: [
          { label: 'ontruiming of einde levering', cases: 4, below: [2, 2] },
          { label: 'geen crisis', cases: 36, below: [8, 18] },
        ],
      },
    ],
    curve: [
      { cents: 0, cases: 0 },
      { cents: 10_000, cases: 25 },
    ],
  },
} as unknown as Simulation;
const COMPARISON = {
  from: { name: 'LCV', version: 1, title: 'Landelijk' },
  to: { name: 'EIGEN', version: 2, title: 'Eigen' },
  cases: 40,
  up: 1,
  down: 2,
  visits: { homeVisits: 2, into: 1, outOf: 1 },
  rules: [{ id: 'crisis', before: 'komt eerst: x', after: '+5 punten: x' }],
  moves: [
    {
      caseNumber: '0268-2604-0123456789AB.CDEF',
      before: { rank: 3, visit: false },
      after: { rank: 1, points: 5, visit: true },
    },
    {
      caseNumber: '0268-2604-0123456789AC',
      before: { rank: 1, visit: true },
      after: { rank: 2, points: 1, visit: true },
    },
    {
      caseNumber: '0268-2604-0123456789AD',
      before: { rank: 2, visit: true },
      after: { rank: 3, points: 0, visit: false },
    },
  ],
};

describe('npx meldpunt simulate', () => {
  let server: Server;
  let folder: string;
  let asked: unknown;
  let answer: unknown;
  let failed = false;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meldpunt-simulate-'));
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        asked = JSON.parse(body);
        if (failed) response.setHeader('X-Amz-Function-Error', 'Unhandled');
        response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    process.env.AWS_ACCESS_KEY_ID ??= 'local';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'local';
  });
  afterAll(async () => {
    await new Promise((done) => server.close(done));
    await rm(folder, { recursive: true });
  });

  const simulate = (...args: readonly string[]) =>
    withOutputs(
      { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, SimulatePolicyFunction: 'f' },
      (path) => meldpunt(['simulate', ...args, '--outputs', path]),
    );

  it('[R-WOR-7] asks for € 50, 75 and 100 of this month, and shows a table with bars', async () => {
    answer = SIMULATION;
    const { code, out } = await simulate('Nijmegen');
    expect(asked).toEqual({ municipality: '0268', thresholds: [5_000, 7_500, 10_000] });
    expect(code).toBe(0);
    expect(out?.split('\n')).toEqual([
      'Nijmegen, april 2026: 40 zaken, ook wie al is beantwoord.',
      '',
      'Nu geldt € 75.',
      '  onder € 50         10 (25 %) zaken  ██████ waarvan 2 crisis',
      '  onder € 75         20 (50 %) zaken  ████████████ waarvan 2 crisis',
      '',
      '                                       alle   onder € 50   onder € 75',
      'Crisis',
      '  ontruiming of einde levering            4     2 (50 %)     2 (50 %)',
      '  geen crisis                            36     8 (22 %)    18 (50 %)',
    ]);
  });

  it('takes a month, amounts in any order, and a version or a draft to compare with', async () => {
    answer = { ...SIMULATION, comparison: COMPARISON };
    const named = await simulate(
      '0268',
      '--maand',
      '2026-04',
      '--drempel',
      '62.50, 50;€ 75 50',
      '--rangorde',
      'EIGEN:2',
      '--van',
      'LCV:1',
    );
    expect(asked).toEqual({
      municipality: '0268',
      period: '2026-04',
      thresholds: [5_000, 6_250, 7_500],
      compare: { from: { name: 'LCV', version: 1 }, to: { name: 'EIGEN', version: 2 } },
    });
    expect(named.out).toContain(
      'Rangorde LCV 1 wordt EIGEN 2\n  1 zaak gaat omhoog, 2 omlaag, 37 blijven op dezelfde plaats.\n',
    );
    expect(named.out).toContain(
      '  Met 2 huisbezoeken per maand: 1 zaak krijgt er een die er nu geen heeft, 1 zaak verliest het.\n',
    );
    expect(named.out).toContain('  crisis\n    - komt eerst: x\n    + +5 punten: x\n');
    expect(named.out).toMatch(
      /\nWie verschuift\n {2}0268-2604-0123456789AB\.CDEF 3 {26}→ 1, 5 punten, huisbezoek \(\+2\)\n {2}0268-2604-0123456789AC {6}1, huisbezoek {14}→ 2, 1 punt, huisbezoek \(-1\)\n/,
    );
    await simulate('0268', '--drempel', '100,150;50,75,100 62.50');
    expect(asked).toEqual({ municipality: '0268', thresholds: [5_000, 6_250, 7_500, 10_000, 15_000] });
    const draft = join(folder, 'ontwerp.json');
    await writeFile(draft, '{"name":"EIGEN"}');
    await simulate('0268', '--rangorde', draft);
    expect(asked).toMatchObject({ compare: { to: { name: 'EIGEN' } } });
  });

  it('[R-WOR-7] makes a page to print', async () => {
    answer = { ...SIMULATION, comparison: COMPARISON };
    const path = join(folder, 'pagina.html');
    const { out } = await simulate('0268', '--uit', path);
    expect(out).toMatch(new RegExp(`\\n\\nGemaakt: ${path}$`));
    const page = await readFile(path, 'utf8');
    expect(page).toContain('<title>Simulatie Nijmegen, april 2026 – Meldpunt Vroegsignalering</title>');
    expect(page.match(/<svg /g)).toHaveLength(2);
  });

  it('says what is wrong with a draft, and what the meldpunt does not know', async () => {
    answer = { problems: [{ path: 'tiers[0]', text: 'de laatste trede moet een regel zonder voorwaarde hebben' }] };
    expect(await simulate('0268', '--rangorde', 'EIGEN:2')).toEqual({
      code: 1,
      out: 'Deze rangorde kan zo niet:\n  tiers[0]: de laatste trede moet een regel zonder voorwaarde hebben',
    });
    answer = { municipality: SIMULATION.municipality, period: '2026-05' };
    expect(await simulate('0268')).toEqual({ code: 0, out: 'In mei 2026 heeft Nijmegen geen zaken.' });
    answer = { errorType: 'MunicipalityUnknown' };
    failed = true;
    expect(await simulate('0268')).toEqual({
      code: 1,
      error: 'Deze gemeente staat niet in de configuratie van het meldpunt.',
    });
    failed = false;
  });

  it.each([
    [[], 'Noem één gemeente'],
    [['Nergenshuizen'], 'Noem één gemeente'],
    [['0268', '0392'], 'Noem één gemeente'],
    [['0268', '--maand', 'april'], '--maand is een jaar en een maand'],
    [['0268', '--drempel', '75,vijftig'], '--drempel is een of meer bedragen'],
    [['0268', '--drempel', ' ; '], '--drempel is een of meer bedragen'],
    [['0268', '--drempel', '62,50'], 'Bedoelt u € 62,50? Schrijf 62.50. Zijn het twee bedragen? Schrijf dan 62;50.'],
    [['0268', '--drempel', '€ 75,62,50,100'], 'Bedoelt u € 75,62?'],
    [['0268', '--drempel', '50; 62,50'], 'Bedoelt u € 62,50?'],
    [['0268', '--drempel', '100,50'], 'Bedoelt u € 100,50?'],
    [['0268', '--rangorde', '/nergens.json'], '--rangorde is een naam met versie'],
    [['0268', '--van', 'LCV:1'], '--van is een naam met versie'],
  ])('refuses %j as wrong use', async (args, problem) => {
    const { code, error } = await meldpunt(['simulate', ...args]);
    expect(code).toBe(2);
    expect(error).toContain(problem);
  });
});
