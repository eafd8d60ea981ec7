import { describe, expect, it } from 'vitest';
import { Configuration } from '#domain/agreement/configuration.ts';
import type { DeliveryId } from '#domain/ids.ts';
import { crashAt } from '../support/memory/ports.ts';
import { configuration } from './configuration.ts';
import { csvOf, goodRow, Pipeline, type Row } from './pipeline.ts';

const LANDLORDS = ['jansen-vastgoed', 'de-vries-verhuur', 'elan-wonen'] as const;

/** The agency of the set, delivering for one landlord more. */
const forThree: Configuration = Configuration.parse({
  ...configuration,
  deliveringParties: configuration.deliveringParties.map((party) =>
    party.id === 'incasso-west' ? { ...party, name: 'Incasso West', partners: LANDLORDS } : party,
  ),
});

const row = (partner: string, referentie: string, over: Row = {}): Row =>
  goodRow({ partner, referentie, huisnummer: String(100 + referentie.length), ...over });

/** Names nobody else may read: who objected, whose amount is wrong, per landlord. */
const FILE: readonly Row[] = [
  row('jansen-vastgoed', 'J-1', { achternaam: 'Jaspers' }),
  row('jansen-vastgoed', 'J-2', { achternaam: 'Jorritsma', bedrag: 'veel' }),
  row('de-vries-verhuur', 'V-1', { achternaam: 'Vermeer', bezwaar: 'j' }),
  row('elan-wonen', 'E-1', { achternaam: 'Egberts' }),
  row('elan-wonen', 'E-2', { achternaam: 'Everts', postcode: 'geen' }),
  row('elan-wonen', 'E-3', { achternaam: 'Evers', actie: 'intrekken', reden: 'betaald' }),
  row('jansen-vastgoed', 'J-3', { achternaam: 'Jurgens', vervaldatum: '31-03-2026' }),
  row('', 'X-1', { achternaam: 'Xander' }),
  row('ymere', 'Y-1', { achternaam: 'Ypma' }),
];
const MARKS: Readonly<Record<string, RegExp>> = {
  'jansen-vastgoed': /jansen-vastgoed|J-\d|Jaspers|Jorritsma|Jurgens/,
  'de-vries-verhuur': /de-vries-verhuur|V-1|Vermeer/,
  'elan-wonen': /elan-wonen|E-\d|Egberts|Everts|Evers/,
  nobody: /X-1|Xander|ymere|Y-1|Ypma/,
};

const filesOf = (pipeline: Pipeline, owner: string): ReadonlyMap<string, string> =>
  new Map(
    pipeline.ports.objects
      .keys('exchange')
      .filter((key) => key.startsWith(`partners/${owner}/`))
      .map((key) => [key.split('/').at(-1) ?? '', pipeline.ports.objects.text('exchange', key) ?? '']),
  );
const lines = (csv: string | undefined): readonly string[] => (csv ?? '').trimEnd().split('\r\n').slice(1);
const references = (csv: string | undefined): readonly string[] =>
  lines(csv).map((line) => /[A-Z]-\d(?=;)/.exec(line.split(';').slice(5).join(';'))?.[0] ?? '');

describe('[R-AGR-5] an agency delivers for three landlords in one file', () => {
  const play = async (): Promise<{ readonly pipeline: Pipeline; readonly id: DeliveryId }> => {
    const pipeline = new Pipeline(4096, forThree);
    const id = await pipeline.put('incasso-west', csvOf(FILE));
    await pipeline.run(id);
    return { pipeline, id };
  };

  it('the agency has the whole: every refused row once, in the order of the file and of what routing refused', async () => {
    const { pipeline, id } = await play();
    expect(pipeline.receipt('incasso-west', id).counts).toMatchObject({ read: 9, accepted: 2, refused: 7 });
    expect(references(pipeline.file('incasso-west', id, 'rejected.csv'))).toEqual([
      'J-2',
      'V-1',
      'E-2',
      'J-3',
      'X-1',
      'Y-1',
      'E-3',
    ]);
  });

  it('each landlord has its own: counts, problems, refused rows and certificates', async () => {
    const { pipeline, id } = await play();
    const parts = LANDLORDS.map((partner) => [pipeline.receipt(partner, id), filesOf(pipeline, partner)] as const);
    expect(parts.map(([{ counts }]) => [counts.read, counts.accepted, counts.refused])).toEqual([
      [3, 1, 2],
      [1, 0, 1],
      [3, 1, 2],
    ]);
    expect(parts.map(([{ refusals }]) => refusals.map(({ code, lines }) => [code, lines]))).toEqual([
      [
        ['AMOUNT_INVALID', [3]],
        ['TOO_EARLY', [8]],
      ],
      [['RESIDENT_OBJECTED', [4]]],
      [
        ['POSTCODE_INVALID', [6]],
        ['WITHDRAWAL_UNKNOWN', [7]],
      ],
    ]);
    expect(parts.map(([, files]) => references(files.get('rejected.csv')))).toEqual([
      ['J-2', 'J-3'],
      ['V-1'],
      ['E-2', 'E-3'],
    ]);
    expect(parts.map(([, files]) => [...files.keys()].includes('certificates.ndjson'))).toEqual([true, false, true]);
    for (const [receipt, files] of parts) {
      expect(receipt).toMatchObject({ party: 'incasso-west', deliveredBy: 'Incasso West' });
      expect(files.get('receipt.html')).toContain('Aangeleverd door</dt><dd>Incasso West');
      expect(files.get('rejected.csv')).toMatch(/^\uFEFFregel;code;kolom;uitleg;oplossing;/);
    }
  });

  it('[R-DEL-8] a landlord without rows hears that the file counts as no arrears, by mail once a month', async () => {
    const pipeline = new Pipeline(4096, forThree);
    const none = async (body: string) => {
      const id = await pipeline.put('incasso-west', body);
      await pipeline.run(id);
      return LANDLORDS.map((partner) => pipeline.receipt(partner, id));
    };
    const [, vries, elan] = await none(csvOf([row('jansen-vastgoed', 'J-1')]));
    for (const receipt of [vries, elan])
      expect(receipt).toMatchObject({
        deliveredBy: 'Incasso West',
        counts: { read: 0, accepted: 0, refused: 0 },
        nextSteps: [
          'In deze levering staan geen regels voor u. Wij noteren dat u daarin geen achterstanden meldt. Wat eerder is gemeld, blijft staan.',
          'Klopt dat niet? Neem dan contact op met Incasso West.',
        ],
        files: [],
      });
    const mailed = () => pipeline.ports.mailer.sent.map(({ to }) => to).toSorted();
    const first = [
      'team@de-vries-verhuur.example.nl',
      'team@elan-wonen.example.nl',
      'team@incasso-west.example.nl',
      'team@jansen-vastgoed.example.nl',
    ];
    expect(mailed()).toEqual(first);
    expect([...filesOf(pipeline, 'de-vries-verhuur').keys()]).toEqual(['receipt.html', 'receipt.json']);
    const all = await none(csvOf([row('jansen-vastgoed', 'J-1')]).split('\r\n')[0] ?? '');
    expect(all.map(({ counts }) => counts.read)).toEqual([0, 0, 0]);
    // The second file of the month: the receipts lie ready, only the agency is mailed.
    expect(mailed()).toEqual([...first, 'team@incasso-west.example.nl'].toSorted());
  });

  it('nobody finds anything of another landlord in any file or mail, nor of rows that name no own landlord', async () => {
    const { pipeline } = await play();
    for (const partner of LANDLORDS) {
      const mails = pipeline.ports.mailer.sent.filter(({ to }) => to === `team@${partner}.example.nl`);
      expect(mails).toHaveLength(1);
      const seen = [...filesOf(pipeline, partner).values(), JSON.stringify(mails)].join('\n');
      for (const [other, marks] of Object.entries(MARKS)) if (other !== partner) expect(seen).not.toMatch(marks);
    }
  });

  it('[R-DEL-3] the row of who objected is nowhere but in the folders of its landlord and of the agency', async () => {
    const { pipeline, id } = await play();
    const holders = [...pipeline.ports.objects.items]
      .filter(([, versions]) => versions.some(({ body }) => Buffer.from(body).includes('Vermeer')))
      .map(([name]) => name);
    expect(holders.sort()).toEqual(
      ['de-vries-verhuur', 'incasso-west'].map((owner) => `exchange/partners/${owner}/deliveries/${id}/rejected.csv`),
    );
  });

  it('[R-DEL-7] a crash at any call, and a replay: the same files, and each mail once', async () => {
    const { pipeline: whole, id } = await play();
    const ended = (pipeline: Pipeline) =>
      [...LANDLORDS, 'incasso-west'].map((owner) => {
        const { 'certificates.ndjson': _, ...files } = Object.fromEntries(filesOf(pipeline, owner));
        return files;
      });
    const expected = ended(whole);
    const calls = async (n: number): Promise<number> => {
      const pipeline = new Pipeline(4096, forThree);
      const again = await pipeline.put('incasso-west', csvOf(FILE));
      const crashing = crashAt(pipeline.ports, n, n % 2 === 0 ? 'before' : 'after');
      await pipeline.run(again, crashing.ports).catch(() => undefined);
      await pipeline.run(again);
      expect(ended(pipeline)).toEqual(expected);
      const mails = pipeline.ports.mailer.sent.map(({ to }) => to);
      // Between sending and marking a mail may go twice, never not at all.
      expect(new Set(mails).size).toBe(4);
      expect(mails.length).toBeLessThanOrEqual(5);
      return crashing.calls();
    };
    const all = await calls(Number.POSITIVE_INFINITY);
    expect(id).toHaveLength(26);
    for (let n = 1; n <= all; n++) await calls(n);
  });
});

describe('mended rows come back', () => {
  it('[R-DEL-1][R-DEL-7] only the refused rows, mended: they are taken, and the others are not doubled', async () => {
    const pipeline = new Pipeline(4096, forThree);
    const id = await pipeline.put('incasso-west', csvOf(FILE));
    await pipeline.run(id);
    const mended = (pipeline.file('incasso-west', id, 'rejected.csv') ?? '')
      .replace(';veel;', ';12,50;')
      .replace(';geen;', ';2011 SN;')
      .replace(';31-03-2026;', ';01-03-2026;');
    const receipt = await pipeline.deliver('incasso-west', mended);
    expect(receipt.counts).toEqual({ read: 7, accepted: 3, corrected: 0, refused: 4, unchanged: 0, withdrawn: 0 });
    expect(
      pipeline
        .signals()
        .map(({ reference }) => reference)
        .sort(),
    ).toEqual(['E-1', 'E-2', 'J-1', 'J-2', 'J-3']);
    const again = await pipeline.deliver('incasso-west', mended);
    expect(again.counts).toMatchObject({ accepted: 0, unchanged: 3, refused: 4 });
    expect(pipeline.signals()).toHaveLength(5);
  });

  it('[R-DEL-1] in the sender’s own layout, under its own column names', async () => {
    const columns = [
      { header: 'Huurder', column: 'achternaam' },
      { header: 'PC', column: 'postcode' },
      { header: 'Nr', column: 'huisnummer' },
      { header: 'Saldo', column: 'bedrag' },
      { header: 'Oudste post', column: 'vervaldatum' },
      { header: 'Contract', column: 'referentie' },
      { header: 'Notitie', column: null },
    ];
    const mapping = {
      columns,
      dates: 'dd-mm-jjjj',
      amounts: 'punt',
      fixed: [
        { column: 'sociale_incasso', value: 'j' },
        { column: 'bezwaar', value: 'n' },
      ],
    };
    const mapped = Configuration.parse({
      ...configuration,
      deliveringParties: configuration.deliveringParties.map((party) =>
        party.id === 'ymere' ? { ...party, mapping } : party,
      ),
    });
    const pipeline = new Pipeline(4096, mapped);
    const body = [
      'Contract,Huurder,PC,Nr,Saldo,Oudste post,Notitie',
      '0012,Jansen,2011SN,12,"1,234.50",01/01/2026,belt graag',
      '0013,Pietersen,2011 XX9,12,100.00,01/01/2026,',
    ].join('\n');
    const receipt = await pipeline.deliver('ymere', body);
    expect(receipt.counts).toMatchObject({ read: 2, accepted: 1, refused: 1 });
    const rejected = pipeline.file('ymere', receipt.deliveryId, 'rejected.csv') ?? '';
    expect(rejected.split('\r\n')[0]).toBe(
      '\uFEFFregel;code;kolom;uitleg;oplossing;Contract;Huurder;PC;Nr;Saldo;Oudste post;Notitie',
    );
    expect(rejected).toMatch(
      /^3;POSTCODE_INVALID;PC;In de kolom PC staat geen Nederlandse postcode\..*;'0013;Pietersen;/m,
    );
    expect(receipt.refusals).toMatchObject([{ column: 'postcode', explanation: expect.stringContaining('kolom PC') }]);
    const again = await pipeline.deliver('ymere', rejected.replace('2011 XX9', '2011 SN'));
    expect(again.counts).toMatchObject({ read: 1, accepted: 1, refused: 0 });
    expect(
      pipeline
        .signals()
        .map(({ reference }) => reference)
        .sort(),
    ).toEqual(['0012', '0013']);
  });
});
