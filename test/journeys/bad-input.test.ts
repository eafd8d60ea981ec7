import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CONTACT_KINDS, DAY_PARTS } from '#domain/signal/ddas.ts';
import { readEml } from '#infra/local/demo/eml.ts';
import { csvOf, goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

/** Passes the 11-proof: the number everybody tests with. */
const BSN = '123456782';
/** Stands in every bad file and in nothing else, so wherever it is found outside the sender's own files, it leaked. */
const CANARY = 'Kanarie';

interface Verdict {
  readonly verdict: 'verwerkt' | 'geweigerd';
  readonly counts: Readonly<Record<string, number>>;
  readonly file?: Readonly<Record<string, unknown>>;
  readonly refusals: readonly Readonly<Record<string, unknown>>[];
  readonly nextSteps: readonly string[];
}

/** What became of one upload, as sender and operator see it. */
interface Seen {
  readonly id: string;
  readonly receipt: Verdict;
  readonly rejected: string | undefined;
  /** The execution's status and output. */
  readonly execution: Readonly<Record<string, unknown>>;
  readonly record: Readonly<Record<string, unknown>>;
  readonly mail: string;
  /** Everything of it that is not the sender's own file. */
  readonly traces: readonly string[];
}

let meldpunt: Meldpunt;
let count = 0;
/** A good row for a household of its own. */
const row = (over: Row = {}): Row => {
  count += 1;
  return goodRow({ referentie: `GOED-${count}`, huisnummer: String(100 + count), ...over });
};
const bad = (over: Row = {}): Row => row({ referentie: `FOUT-${count}`, achternaam: CANARY, ...over });
const good = (): string => csvOf([row()]);
const header = csvOf([], Object.keys(goodRow()));
const lineOf = (over: Row = {}): string => csvOf([bad(over)]).split('\r\n')[1] ?? '';

const logs = async (): Promise<string> => {
  const folder = meldpunt.cloud.logDirectory;
  const files = await readdir(folder);
  return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('\n');
};
const mails = async (): Promise<readonly string[]> =>
  (await meldpunt.mails()).map((mail) => readEml(Buffer.from(mail)).everything);

/** Uploads under any key and looks at everything that came of it. */
const deliver = async (key: string, body: string | Uint8Array): Promise<Seen> => {
  const names = async () => (await meldpunt.executions('DeliveryStateMachine')).map(({ name = '' }) => name);
  const before = new Set(await names());
  await meldpunt.put('LandingBucket', key, body);
  await meldpunt.settle();
  const started = (await names()).filter((name) => !before.has(name));
  if (started.length !== 1) throw new Error(`${started.length} executions for ${key}`);
  return seen(started[0] ?? '');
};

const seen = async (id: string): Promise<Seen> => {
  const arn = (await meldpunt.executions('DeliveryStateMachine')).find(({ name }) => name === id)?.executionArn ?? '';
  const { status, output, input } = await meldpunt.describe(arn);
  const keys = (await meldpunt.keys('partners/')).filter((key) => key.includes(id));
  const read = async (file: string) => meldpunt.read(keys.find((key) => key.endsWith(file)) ?? 'none');
  const receipt = (await read('/receipt.json')) ?? 'null';
  const record = (await meldpunt.items()).find(({ pk }) => pk === `DELIVERY#${id}`) ?? {};
  const mail = (await mails()).find((text) => text.includes(id)) ?? '';
  const history = JSON.stringify(await meldpunt.history(arn));
  const { key: _chosenBySender, ...facts } = record;
  return {
    id,
    receipt: JSON.parse(receipt) as Verdict,
    rejected: await read('/rejected.csv'),
    execution: { status, ...JSON.parse(output ?? '{}') },
    record,
    mail,
    traces: [receipt, mail, history, input ?? '', output ?? '', keys.join('\n'), JSON.stringify(facts)],
  };
};

/** Nobody but the sender sees the canary or the BSN: not in what came of the file, no log, no mail. */
const expectNoTrace = async ({ traces }: Seen): Promise<void> => {
  for (const text of [...traces, await logs(), ...(await mails())]) {
    expect(text.toLowerCase()).not.toContain(CANARY.toLowerCase());
    expect(text).not.toContain(BSN);
  }
  expect(JSON.stringify(await meldpunt.signals())).not.toContain(CANARY);
};

/** What the sender is told: why, and what to do about it. */
const expectAdvice = (advice: Readonly<Record<string, unknown>> | undefined, why: RegExp, todo: RegExp): void => {
  expect(advice?.explanation).toMatch(why);
  expect(advice?.remedy).toMatch(todo);
};

/** The next file of the same party goes through. */
const expectUndisturbed = async (party = 'elan-wonen'): Promise<void> => {
  const next = await deliver(`inbox/${party}/volgende.csv`, good());
  expect(next.receipt).toMatchObject({ verdict: 'verwerkt', counts: { read: 1, accepted: 1, refused: 0 } });
};

const rejectedRows = ({ rejected }: Pick<Seen, 'rejected'>): readonly Row[] =>
  parse(rejected ?? '', { columns: true, delimiter: ';', bom: true, relax_column_count: true });

beforeAll(async () => {
  meldpunt = await Meldpunt.open('2026-04-01T09:00:00+02:00');
});
afterAll(() => meldpunt?.close());

describe('[R-DEL-1] files that cannot be read are refused as a whole', () => {
  const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le');
  const workbook = Buffer.concat([Buffer.from('504b0304140006000800', 'hex'), Buffer.from(CANARY), Buffer.alloc(64)]);
  const binary = Uint8Array.from({ length: 5000 }, (_, i) => (i * 197) % 256);

  const files: readonly (readonly [string, () => string | Uint8Array, object, RegExp, RegExp])[] = [
    ['half a workbook', () => workbook, { code: 'WORKBOOK_UNREADABLE' }, /Excel-bestand is beschadigd/, /CSV UTF-8/],
    ['bytes', () => binary, { code: 'FILE_NOT_TEXT' }, /kunnen wij niet lezen/, /CSV UTF-8/],
    [
      'a letter',
      () => `Geachte ${CANARY}`,
      { code: 'FILE_NOT_CSV' },
      /geen CSV/,
      /als CSV UTF-8 en lever dat bestand aan/,
    ],
    ['an empty file', () => '', { code: 'FILE_EMPTY' }, /leeg/, /alleen de kopregel/],
    ['no header', () => lineOf(), { code: 'HEADER_MISSING' }, /eerste regel.*geen kolomnamen/, /eerste regel/],
    [
      'a doubled column',
      () => `${header.trim()};Achternaam\r\n${lineOf()};${CANARY}`,
      { code: 'HEADER_DOUBLED', column: 'achternaam' },
      /twee keer/,
      /een van de twee/,
    ],
    [
      'a column too few',
      () =>
        csvOf(
          [bad()],
          Object.keys(goodRow()).filter((column) => column !== 'bedrag'),
        ),
      { code: 'HEADER_INCOMPLETE', column: 'bedrag' },
      /verplichte kolom ontbreekt/,
      /Voeg elke kolom toe/,
    ],
    [
      'a column we do not know',
      () => `${CANARY};${header.trim()}\r\nx;${lineOf()}`,
      { code: 'HEADER_UNKNOWN_COLUMN', position: 1 },
      /kolom die wij niet kennen/,
      /Haal de kolom weg/,
    ],
    [
      'a delimiter we do not know',
      () => csvOf([bad()]).replaceAll(';', '|'),
      { code: 'DELIMITER_UNKNOWN' },
      /gescheiden door een teken/,
      /puntkomma/,
    ],
    [
      'a quote that is never closed',
      () => `${csvOf([row(), row()])}\r\n"${lineOf()}\r\n${lineOf()}\r\n`,
      { code: 'QUOTE_NEVER_CLOSED', line: 4 },
      /aanhalingsteken/,
      /genoemde regel/,
    ],
    [
      'a field of 1 MB',
      () => csvOf([row(), bad({ straat: CANARY.repeat(150_000) }), row()]),
      { code: 'FIELD_TOO_LARGE', line: 3 },
      /te groot/,
      /genoemde regel/,
    ],
    [
      'NUL bytes',
      () => csvOf([row(), bad({ straat: 'Gro\u0000te' })]),
      { code: 'FILE_NOT_TEXT' },
      /kunnen wij niet lezen/,
      /CSV UTF-8/,
    ],
    ['UTF-16', () => utf16(csvOf([bad()])), { code: 'FILE_UTF16' }, /UTF-16/, /CSV UTF-8/],
  ];

  it.each(files)(
    '[R-DEL-1][R-PRI-3] refused as a whole, told why and what to do, nothing leaked: %s',
    async (_name, body, expected, why, todo) => {
      const before = (await meldpunt.signals()).length;
      const file = await deliver('inbox/elan-wonen/lijst.csv', body());
      expect(file.receipt).toMatchObject({ verdict: 'geweigerd', counts: { read: 0, accepted: 0 }, file: expected });
      expectAdvice(file.receipt.file, why, todo);
      expect(file.receipt.nextSteps.join(' ')).toMatch(/niets gemeld/);
      expect(file.mail).toMatch(/geweigerd/);
      expect(file.mail).toMatch(why);
      for (const place of Object.values(expected).slice(1)) expect(file.mail).toContain(String(place));
      expect(file.execution).toMatchObject({
        status: 'SUCCEEDED',
        verdict: 'geweigerd',
        reason: Object.values(expected)[0],
        read: 0,
      });
      expect(file.record).toMatchObject({ status: 'REFUSED', rejection: expected });
      expect(file.rejected).toBeUndefined();
      // What was not taken is not kept: nobody knows what is in rows that could not be read.
      expect(await meldpunt.keys('inbox/elan-wonen/lijst.csv', 'LandingBucket')).toEqual([]);
      expect((await meldpunt.signals()).length).toBe(before);
      await expectNoTrace(file);
      await expectUndisturbed();
    },
  );

  it.each([
    ['', ';'],
    [', also behind a wrong delimiter', '|'],
  ])('[R-DEL-6] a BSN column: the upload is erased, and the number is nowhere%s', async (_name, delimiter) => {
    const key = 'inbox/elan-wonen/met-bsn.csv';
    const body = `${header.trim()};BSN\r\n${lineOf()};${BSN}\r\n`;
    const file = await deliver(key, body.replaceAll(';', delimiter));
    expect(file.receipt).toMatchObject({ verdict: 'geweigerd', file: { code: 'BSN_COLUMN' } });
    expectAdvice(file.receipt.file, /burgerservicenummer.*mag u niet/, /Haal de kolom weg/);
    expect(file.execution).toMatchObject({ status: 'SUCCEEDED', verdict: 'geweigerd', reason: 'BSN_COLUMN' });
    expect(await meldpunt.read(key, 'LandingBucket')).toBeUndefined();
    await expectNoTrace(file);
    await expectUndisturbed();
  });

  it('[R-DEL-1] a fault behind megabytes of refused rows leaves no half rejection file', async () => {
    const rows = Array.from({ length: 15_000 }, (_, i) => bad({ referentie: `R-${i}`, vervaldatum: '20-03-2026' }));
    const file = await deliver('inbox/elan-wonen/lang.csv', `${csvOf(rows)}\r\n"open;${lineOf()}`);
    expect(file.receipt).toMatchObject({ verdict: 'geweigerd', file: { code: 'QUOTE_NEVER_CLOSED', line: 15_002 } });
    expect(file.rejected).toBeUndefined();
    expect(file.execution).toMatchObject({ status: 'SUCCEEDED', verdict: 'geweigerd' });
    await expectNoTrace(file);
    await expectUndisturbed();
  });
});

describe('[R-DEL-1] rows are refused one by one; the good rows beside them are taken', () => {
  const cases: readonly (readonly [string, () => string, number, string, string, RegExp, RegExp])[] = [
    [
      'a number that passes the 11-proof in a name',
      () => lineOf({ achternaam: `${CANARY} ${BSN}` }),
      3,
      'BSN_IN_FIELD',
      'achternaam',
      /burgerservicenummer/,
      /Haal de sterretjes weg/,
    ],
    ['a row too short', () => lineOf().split(';').slice(0, 5).join(';'), 3, 'ROW_TOO_SHORT', '', /minder/, /Vul/],
    ['a row too long', () => `${lineOf()};te;veel`, 3, 'ROW_TOO_LONG', '', /meer kolommen/, /aanhalingstekens/],
    [
      'a field too long for its column',
      () => lineOf({ straat: CANARY.repeat(100) }),
      3,
      'FIELD_TOO_LONG',
      'straat',
      /te lang/,
      /korter/,
    ],
    ['the header again', () => header.trim(), 3, 'ROW_IS_HEADER', '', /kopregel/, /U hoeft niets te doen/],
  ];

  it.each(cases)(
    '[R-DEL-1][R-DEL-6][R-PRI-3] one row refused, its neighbours taken: %s',
    async (_name, line, at, code, kolom, why, todo) => {
      const [first, last] = [row(), row()];
      const body = [csvOf([first]), line(), csvOf([last]).split('\r\n')[1]].join('\r\n');
      const key = `inbox/elan-wonen/regel-${count}.csv`;
      const file = await deliver(key, body);
      expect(file.receipt).toMatchObject({ verdict: 'verwerkt', counts: { read: 3, accepted: 2, refused: 1 } });
      expect(file.receipt.refusals).toMatchObject([{ code, count: 1 }]);
      expectAdvice(file.receipt.refusals[0], why, todo);
      const lines = (file.rejected ?? '').split('\r\n');
      expect(lines[1]?.startsWith(`${at};${code};${kolom};`)).toBe(true);
      expect(lines[1]).toMatch(why);
      expect(lines[1]).toMatch(todo);
      expect(file.rejected).not.toContain(BSN);
      expect(file.mail).toMatch(why);
      expect(file.execution).toMatchObject({
        status: 'SUCCEEDED',
        verdict: 'verwerkt',
        read: 3,
        accepted: 2,
        refused: 1,
      });
      for (const { referentie = '' } of [first, last]) expect(await meldpunt.signals(referentie)).toHaveLength(1);
      if (code === 'BSN_IN_FIELD') expect(await meldpunt.read(key, 'LandingBucket')).toBeUndefined();
      await expectNoTrace(file);
    },
  );

  it('[R-DEL-1] 100,000 rows, nearly all too early: counts add up and memory stays bounded', async () => {
    const [columns = '', line = ''] = csvOf([
      bad({ referentie: 'GROOT', huisnummer: '1', vervaldatum: '20-03-2026' }),
    ]).split('\r\n');
    const taken = [row(), row(), row()].map((each) => csvOf([each]).split('\r\n')[1] ?? '');
    const rows = Array.from({ length: 99_997 }, (_, i) => line.replace('GROOT', `GROOT-${i}`));
    rows.splice(0, 0, taken[0] ?? '');
    rows.splice(50_000, 0, taken[1] ?? '');
    const body = Buffer.from([columns, ...rows, taken[2]].join('\r\n'));
    expect(body.length).toBeGreaterThan(15_000_000);
    // One process holds the cloud, the functions and this test: a hundred thousand rows kept would show.
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 50);
    const file = await deliver('inbox/elan-wonen/honderdduizend.csv', body);
    clearInterval(watch);
    const counts = { read: 100_000, accepted: 3, corrected: 0, refused: 99_997, unchanged: 0, withdrawn: 0 };
    expect(file.receipt).toMatchObject({ verdict: 'verwerkt', counts });
    expect(file.receipt.refusals).toMatchObject([{ code: 'TOO_EARLY', count: 99_997 }]);
    expectAdvice(file.receipt.refusals[0], /nog niet lang genoeg te laat/, /termijn uit uw overeenkomst voorbij/);
    expect(file.rejected?.split('\r\n')).toHaveLength(99_999);
    expect(file.execution).toMatchObject({ status: 'SUCCEEDED', verdict: 'verwerkt', ...counts });
    expect(peak).toBeLessThan(1_200 * 2 ** 20);
    await expectNoTrace(file);
  });
});

describe('places nobody was given', () => {
  it.each([
    ['a party we do not know', 'inbox/vreemde-partij/lijst.csv', 'vreemde-partij'],
    ['a folder with odd characters', `inbox/${CANARY} & Zn. +100% é/lijst.csv`, 'onbekend'],
    ['no folder at all', `inbox/${CANARY}.csv`, 'onbekend'],
    ['a folder without a name', 'inbox//lijst.csv', 'onbekend'],
  ])(
    '[R-AGR-5][R-PRI-3] uploaded where no party is: refused with a receipt, no mail: %s',
    async (_name, key, party) => {
      const file = await deliver(key, csvOf([bad()]));
      expect(file.receipt).toMatchObject({ verdict: 'geweigerd', party, file: { code: 'PARTY_UNKNOWN' } });
      expectAdvice(file.receipt.file, /map.*hoort niet bij een aanleverende partij/, /Zet het bestand in de map/);
      expect(file.mail).toBe('');
      expect(file.execution).toMatchObject({ status: 'SUCCEEDED', verdict: 'geweigerd', reason: 'PARTY_UNKNOWN' });
      expect(file.record).toMatchObject({ status: 'REFUSED', key });
      await expectNoTrace(file);
      await expectUndisturbed();
    },
  );

  it.each([
    `inbox/elan-wonen/${CANARY} april 2026.csv`,
    `inbox/elan-wonen/${CANARY}+100%25 %41.csv`,
    `inbox/elan-wonen/${CANARY} één & 'twee' (ñ).CSV`,
    `inbox/elan-wonen/${CANARY}/2026/lijst.csv`,
    `inbox/elan-wonen/${CANARY}`,
  ])('[R-DEL-1][R-PRI-3] the key %s is taken as it is, and told to nobody', async (key) => {
    const file = await deliver(key, good());
    expect(file.receipt).toMatchObject({ verdict: 'verwerkt', counts: { read: 1, accepted: 1 } });
    expect(file.execution).toMatchObject({ status: 'SUCCEEDED', verdict: 'verwerkt' });
    expect(file.record).toMatchObject({ status: 'CLOSED', key });
    await expectNoTrace(file);
  });

  it('a folder made by hand is no delivery', async () => {
    const before = (await meldpunt.executions('DeliveryStateMachine')).length;
    await meldpunt.put('LandingBucket', 'inbox/elan-wonen/map/', '');
    await meldpunt.put('ExchangeBucket', 'municipalities/0392/outcomes/', '');
    await meldpunt.settle();
    expect(await meldpunt.executions('DeliveryStateMachine')).toHaveLength(before);
    expect(await meldpunt.keys('municipalities/0392/outcome-receipts/')).toEqual([]);
    expect(await logs()).not.toMatch(/"level":"ERROR"/);
  });
});

describe('outcomes', () => {
  const ids = new Map<string, string>();
  const signal = async (reference: string) => (await meldpunt.signals(reference))[0];
  const id = (reference: string): string => ids.get(reference) ?? '';
  const help = (reference: string, over: Row = {}): Row => ({
    signaal: id(reference),
    resultaat: 'Vervolghulp en/of verwijzing financieel',
    resultaat_datum: '01-04-2026',
    plan_van_aanpak: '01-04-2026',
    betaling_hervat: '01-04-2026',
    schuldenrust: 'j',
    ...over,
  });
  const overleden = (reference: string, over: Row = {}): Row => ({
    signaal: id(reference),
    resultaat: 'Inwoner is overleden',
    resultaat_datum: '01-04-2026',
    ...over,
  });

  /** What operators see of outcomes: a line of counts for every file. */
  const outcomeLines = async (): Promise<readonly string[]> =>
    (await logs()).split('\n').filter((line) => line.includes('"casework/receive-outcomes"') && /"done"/.test(line));

  /** Drops a file and answers receipt and rejection file, wherever they came to lie. */
  const drop = async (folder: string, file: string | Uint8Array | readonly Row[]) => {
    const receipts = async () =>
      (await meldpunt.keys('municipalities/')).filter((key) => key.endsWith('/receipt.json'));
    const before = new Set(await receipts());
    const logsBefore = (await outcomeLines()).length;
    const body = Array.isArray(file) ? csvOf(file, [...new Set(file.flatMap((each) => Object.keys(each)))]) : file;
    await meldpunt.put('ExchangeBucket', `municipalities/${folder}/outcomes/uitkomsten.csv`, body as string);
    await meldpunt.settle();
    const [key = '', ...more] = (await receipts()).filter((each) => !before.has(each));
    expect({ key, more }).toEqual({ key: expect.stringMatching(/receipt/), more: [] });
    const receipt = await meldpunt.read(key);
    const rejected = await meldpunt.read(key.replace('receipt.json', 'rejected.csv'));
    const place = key.replace('receipt.json', '');
    const mail = (await mails()).find((text) => text.includes(place)) ?? '';
    const logged = await vi.waitFor(async () => {
      const [line, ...others] = (await outcomeLines()).slice(logsBefore);
      expect(others).toEqual([]);
      return JSON.parse(line ?? '') as Readonly<Record<string, unknown>>;
    });
    return { key, text: receipt ?? '', receipt: JSON.parse(receipt ?? 'null') as Verdict, rejected, mail, logged };
  };
  /** One line is refused, the good one beside it is taken; sender and operator can see both. */
  const expectRefused = async (
    bad: Row,
    beside: Row,
    expected: { readonly code: string; readonly kolom: string; readonly why: RegExp; readonly todo: RegExp },
  ): Promise<void> => {
    const { receipt, rejected, text, mail, logged } = await drop('0392', [bad, beside]);
    const { code, kolom, why, todo } = expected;
    expect(receipt).toMatchObject({ verdict: 'verwerkt', counts: { read: 2, taken: 1, alreadyKnown: 0, refused: 1 } });
    expect(receipt.refusals).toMatchObject([{ code, count: 1 }]);
    expectAdvice(receipt.refusals[0], why, todo);
    const [line = {}] = rejectedRows({ rejected });
    expect(line).toMatchObject({ regel: '2', code, kolom });
    expect(line.uitleg).toMatch(why);
    expect(line.oplossing).toMatch(todo);
    expect(mail).toMatch(/Verwerkt: 1\s+- Al bekend: 0\s+- Afgekeurd: 1/);
    expect(logged).toMatchObject({ read: 2, taken: 1, refused: 1, fileRefused: false });
    for (const place of [text, mail, await logs()]) expect(place).not.toMatch(new RegExp(CANARY, 'i'));
  };
  let attempts = 0;
  /** A contact attempt that was not heard of before: a good line that changes little. */
  const attempt = (reference: string): Row => {
    const kind = CONTACT_KINDS[attempts % CONTACT_KINDS.length] ?? '';
    const dayPart = DAY_PARTS[Math.floor(attempts / CONTACT_KINDS.length)] ?? '';
    attempts += 1;
    return {
      signaal: id(reference),
      contact_soort: kind,
      contact_bereikt: 'n',
      contact_datum: '01-04-2026',
      contact_dagdeel: dayPart,
    };
  };

  beforeAll(async () => {
    const references = ['U-HULP', 'U-DICHT', 'U-OPEN', 'U-LAAT'];
    const rows = references.map((referentie) => row({ referentie }));
    const zandvoort = row({ referentie: 'U-ZANDVOORT', postcode: '2042 AA', woonplaats: 'Zandvoort' });
    const { receipt } = await deliver('inbox/elan-wonen/voor-uitkomsten.csv', csvOf([...rows, zandvoort]));
    expect(receipt).toMatchObject({ counts: { accepted: 5 } });
    for (const reference of [...references, 'U-ZANDVOORT'])
      ids.set(reference, String((await signal(reference))?.signalId));
  });

  it('[R-PRI-1] for a signal of another municipality', async () => {
    const before = await signal('U-ZANDVOORT');
    await expectRefused(overleden('U-ZANDVOORT'), attempt('U-OPEN'), {
      code: 'OTHER_MUNICIPALITY',
      kolom: 'signaal',
      why: /niet van uw gemeente/,
      todo: /Controleer het nummer/,
    });
    expect(await signal('U-ZANDVOORT')).toEqual(before);
  });

  it('[R-MON-1] with a value that is not in DDAS', async () => {
    const before = await signal('U-HULP');
    await expectRefused(help('U-HULP', { resultaat: `${CANARY} is geholpen` }), attempt('U-OPEN'), {
      code: 'RESULT_UNKNOWN',
      kolom: 'resultaat',
      why: /niet in de landelijke lijst/,
      todo: /letter voor letter/,
    });
    expect(await signal('U-HULP')).toEqual(before);
  });

  it.each([
    [
      '[R-FLO-4] for a team that is not there',
      { doorzetten_naar: CANARY },
      'TEAM_UNKNOWN',
      /niet in de afspraken/,
      /naam van een team/,
    ],
    ['[R-FLO-8] with a phase that is not there', { fase: CANARY }, 'PHASE_UNKNOWN', /fase/, /achterstand, incasso/],
    [
      '[R-FLO-6] that correct nothing',
      { correctie: 'j' },
      'CORRECTION_WITHOUT_RESULT',
      /zonder resultaat/,
      /goede resultaat/,
    ],
    [
      '[R-FLO-6] that open what is open',
      { heropenen: 'nieuwe informatie' },
      'NOT_CLOSED',
      /niet afgesloten/,
      /zonder heropenen/,
    ],
    [
      '[R-ROU-4] that hand over within the municipality',
      { overdracht_postcode: '2011 SN', overdracht_huisnummer: '1', overdracht_straat: CANARY },
      'HAND_OVER_SAME_MUNICIPALITY',
      /eigen gemeente/,
      /haal het adres weg/,
    ],
    [
      '[R-PRI-3] with the name of a worker',
      { medewerker: CANARY, fase: 'incasso' },
      'WORKER_INVALID',
      /geen code van een medewerker/,
      /kleine letters en cijfers/,
    ],
  ] as const)('%s', async (_, cells, code, why, todo) => {
    const before = await signal('U-OPEN');
    const [kolom = ''] = Object.keys(cells);
    await expectRefused({ signaal: id('U-OPEN'), ...cells }, attempt('U-LAAT'), { code, kolom, why, todo });
    expect(await signal('U-OPEN')).toEqual(before);
  });

  it('[R-FLO-6] twice: the same line and the same file again change nothing', async () => {
    const line = help('U-HULP');
    expect((await drop('0392', [line, line])).receipt.counts).toMatchObject({ read: 2, taken: 2, refused: 0 });
    const before = await signal('U-HULP');
    expect(before).toMatchObject({ status: 'SUSPENDED' });
    expect((await drop('0392', [line, line])).receipt.counts).toMatchObject({ read: 2, taken: 0, alreadyKnown: 2 });
    expect(await signal('U-HULP')).toEqual(before);
    const kinds = ((before?.history ?? []) as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'OUTCOME_RECORDED')).toHaveLength(1);
  });

  it('[R-FLO-6] that contradict what is known', async () => {
    const before = await signal('U-HULP');
    await expectRefused(overleden('U-HULP'), attempt('U-OPEN'), {
      code: 'CONTRADICTORY',
      kolom: 'resultaat',
      why: /al een andere uitkomst/,
      todo: /bij correctie een j/,
    });
    expect(await signal('U-HULP')).toEqual(before);
  });

  it('[R-FLO-6] that contradict each other in one file: the first counts', async () => {
    const other = overleden('U-DICHT', { resultaat: 'Niet opgepakt: andere reden' });
    const { receipt, rejected } = await drop('0392', [overleden('U-DICHT'), other]);
    expect(receipt.counts).toMatchObject({ read: 2, taken: 1, refused: 1 });
    expect(rejectedRows({ rejected })).toMatchObject([{ regel: '3', kolom: 'resultaat' }]);
    expect(await signal('U-DICHT')).toMatchObject({ outcome: { result: 'Inwoner is overleden' } });
  });

  it('[R-FLO-6] after the close', async () => {
    const before = await signal('U-DICHT');
    expect(before).toMatchObject({ status: 'CLOSED' });
    await expectRefused(help('U-DICHT'), attempt('U-OPEN'), {
      code: 'CLOSED',
      kolom: 'resultaat',
      why: /al afgesloten/,
      todo: /Vul heropenen in/,
    });
    expect(await signal('U-DICHT')).toEqual(before);
  });

  const files: readonly (readonly [string, string | Uint8Array, object, RegExp, RegExp])[] = [
    ['that are no CSV', `Beste ${CANARY}`, { code: 'FILE_NOT_CSV' }, /geen CSV/, /als CSV UTF-8/],
    [
      'that are half a workbook',
      Buffer.from(`PK\u0003\u0004${CANARY}`),
      { code: 'WORKBOOK_UNREADABLE' },
      /Excel/,
      /CSV UTF-8/,
    ],
    ['that are empty', '', { code: 'FILE_EMPTY' }, /leeg/, /werklijst/],
    [
      'with a column we do not know',
      `signaal;resultaat;resultaat_datum;${CANARY}\r\n1;2;3;4`,
      { code: 'HEADER_UNKNOWN_COLUMN', position: 4 },
      /kolom die wij niet kennen/,
      /Haal de kolom weg/,
    ],
    [
      'with a BSN column',
      `signaal;resultaat;resultaat_datum;bsn\r\n1;2;3;${BSN}`,
      { code: 'BSN_COLUMN' },
      /burgerservicenummer/,
      /verwijder/i,
    ],
    [
      'with a quote that is never closed',
      `signaal;resultaat;resultaat_datum\r\n1;2;3\r\n"${CANARY};2;3\r\n`,
      { code: 'QUOTE_NEVER_CLOSED', line: 3 },
      /aanhalingsteken/,
      /genoemde regel/,
    ],
    [
      'with a field of 1 MB',
      `signaal;resultaat;resultaat_datum\r\n1;2;3\r\n1;2;${CANARY.repeat(150_000)}\r\n`,
      { code: 'FIELD_TOO_LARGE', line: 3 },
      /te groot/,
      /genoemde regel/,
    ],
  ];
  it.each(files)(
    '[R-PRI-3] outcomes that cannot be read: told why and what to do, nothing leaked: %s',
    async (_name, body, expected, why, todo) => {
      const { receipt, rejected, text, mail, logged } = await drop('0392', body);
      expect(receipt).toMatchObject({ verdict: 'geweigerd', counts: { read: 0, taken: 0 }, file: expected });
      expectAdvice(receipt.file, why, todo);
      expect(rejected).toBeUndefined();
      expect(mail).toMatch(why);
      expect(mail).toMatch(todo);
      expect(logged).toMatchObject({ fileRefused: true, read: 0 });
      for (const place of [text, mail, await logs()]) expect(place).not.toMatch(new RegExp(`${CANARY}|${BSN}`, 'i'));
      expect((await drop('0392', [attempt('U-OPEN')])).receipt.counts).toMatchObject({ read: 1, taken: 1 });
    },
  );

  it.each([
    ['0999', '0999'],
    [`${CANARY} +é`, 'onbekend'],
  ])('[R-PRI-1] in the folder %s of no municipality of ours', async (folder, told) => {
    const before = await signal('U-OPEN');
    const { key, receipt, text, mail, logged } = await drop(folder, [overleden('U-OPEN')]);
    expect(key).toMatch(new RegExp(`^municipalities/${told}/outcome-receipts/`));
    expect(receipt).toMatchObject({ verdict: 'geweigerd', file: { code: 'MUNICIPALITY_UNKNOWN' } });
    expectAdvice(receipt.file, /map.*hoort niet bij een gemeente/, /map van uw gemeente/);
    expect(mail).toBe('');
    expect(logged).toMatchObject({ fileRefused: true, read: 0 });
    expect(await signal('U-OPEN')).toEqual(before);
    for (const place of [key, text, await logs()]) expect(place).not.toMatch(new RegExp(CANARY, 'i'));
    expect((await drop('0392', [attempt('U-OPEN')])).receipt.counts).toMatchObject({ read: 1, taken: 1 });
  });

  it('[R-FLO-7] after day 28: late, and taken', async () => {
    await meldpunt.advanceTo('2026-04-30T09:00:00+02:00');
    expect(await signal('U-LAAT')).toMatchObject({ status: 'TERM_EXPIRED' });
    const { receipt } = await drop('0392', [overleden('U-LAAT', { resultaat_datum: '30-04-2026' })]);
    expect(receipt).toMatchObject({ counts: { read: 1, taken: 1, refused: 0 } });
    expect(await signal('U-LAAT')).toMatchObject({ status: 'CLOSED', outcome: { result: 'Inwoner is overleden' } });
  });
});

describe('after all of it', () => {
  it('nothing failed, no function logged an error, no event was given up', async () => {
    for (const machine of ['DeliveryStateMachine', 'SignalStateMachine'] as const)
      expect(await meldpunt.executions(machine, 'FAILED')).toEqual([]);
    const { sqs, plan, endpoint } = meldpunt.cloud;
    expect(plan.queues.length).toBeGreaterThan(3);
    for (const { name } of plan.queues) {
      const QueueUrl = `${endpoint}/000000000000/${name}`;
      const { Attributes } = (await sqs.handle('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })) as {
        readonly Attributes: Readonly<Record<string, string>>;
      };
      expect({ name, waiting: Attributes.ApproximateNumberOfMessages }).toEqual({ name, waiting: '0' });
    }
    expect(await logs()).not.toMatch(/"level":"ERROR"/);
  });

  it('[R-PRI-3] the canary is in the senders’ own files and nowhere else', async () => {
    const executions = [
      ...(await meldpunt.executions('DeliveryStateMachine')),
      ...(await meldpunt.executions('SignalStateMachine')),
    ];
    for (const { executionArn = '' } of executions)
      expect(JSON.stringify(await meldpunt.describe(executionArn))).not.toMatch(new RegExp(`${CANARY}|${BSN}`, 'i'));
    const holders: string[] = [];
    for (const output of ['ExchangeBucket', 'LandingBucket'] as const)
      for (const key of await meldpunt.keys('', output)) {
        const text = (await meldpunt.read(key, output)) ?? '';
        if (/kanarie/i.test(text)) holders.push(key);
        if (output === 'LandingBucket' || !key.includes('/outcomes/')) expect(text.includes(BSN)).toBe(false);
      }
    expect(holders.filter((key) => !/^inbox\/|\/rejected\.csv$|\/outcomes\//.test(key))).toEqual([]);
    const items = (await meldpunt.items()).map(({ key: _chosenBySender, ...item }) => item);
    expect(JSON.stringify(items)).not.toMatch(new RegExp(`${CANARY}|${BSN}`, 'i'));
    expect((await mails()).join('\n')).not.toMatch(new RegExp(`${CANARY}|${BSN}`, 'i'));
  });
});
