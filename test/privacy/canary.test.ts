import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvOf, goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

/**
 * Values that stand nowhere else, one per personal field. They travel every path: accepted, refused, corrected,
 * withdrawn, objected, with a BSN, in broken files; then every output is searched for them.
 */
const CANARIES = {
  voorletters: 'Q.X.Z.',
  tussenvoegsel: 'van het Kanarie',
  achternaam: 'Kanarievogelsang',
  straat: 'Kanariepietlaan',
  toevoeging: 'KNR7',
  woonplaats: 'Kanariestad',
  telefoon: '06 98 76 54 32',
  email: 'kanarie@vogelsang.example',
  klantnummer: 'KLANT-KANARIE-77',
  referentie: 'REF-KANARIE',
  geboortedatum: '29-02-1972',
};
/** Somebody who is known twice at one address and once at another, so that there is something to decide. */
const FINCH = { voorletters: 'Q.Y.', achternaam: 'Kanarievink', geboortedatum: '03-04-1981', telefoon: '', email: '' };
const BSN = '111222333';
/** Each value as it may come out: as given and as normalised. */
const NEEDLES = [
  ...Object.values(CANARIES),
  '+31698765432',
  '0698765432',
  '1972-02-29',
  '19720229',
  'kanarie',
  BSN,
].map((value) => value.toLowerCase());

const found = (text: string): readonly string[] => {
  const lower = text.toLowerCase();
  return NEEDLES.filter((needle) => lower.includes(needle));
};

const bare = (mail: string): string =>
  `${mail}\n${mail
    .split(/\r?\n/)
    .map((line) => (/^[A-Za-z0-9+/=]{16,}$/.test(line) ? Buffer.from(line, 'base64').toString('utf8') : ''))
    .join('')}\n${mail.replaceAll(/=\r?\n/g, '')}`;

const PURPOSE = 'Kanarievogelsang belt zelf over een brief';

describe('[R-PRI-3] personal data stay inside', () => {
  let meldpunt: Meldpunt;
  /** A signal as shown to an operator: without saying why, and with. */
  let shown: { readonly bare: unknown; readonly whole: unknown };
  /** The same of a signal that a worker took out of its case. */
  let split: typeof shown;
  /** What another ranking and threshold would do with these cases. */
  let simulated: unknown;
  let house = 200;
  const row = (over: Row = {}): Row => {
    house += 1;
    return goodRow({ ...CANARIES, postcode: '2011 SN', huisnummer: String(house), ...over });
  };

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-03-02T09:00:00+01:00');
    const first = row();
    await meldpunt.upload('elan-wonen', [
      first,
      row({ referentie: 'REF-KANARIE-2', bezwaar: 'j' }),
      row({ referentie: 'REF-KANARIE-3', klantnummer: BSN }),
      row({ referentie: 'REF-KANARIE-4', bedrag: 'Kanarie' }),
      row({ referentie: 'REF-KANARIE-5', postcode: 'KANARIE' }),
      row({ referentie: 'REF-KANARIE-6' }),
      row({ referentie: 'REF-KANARIE-7' }),
      ...[300, 300, 302].map((number, i) =>
        row({ ...FINCH, referentie: `REF-KANARIE-${8 + i}`, huisnummer: String(number) }),
      ),
    ]);
    await meldpunt.upload('elan-wonen', [{ ...first, bedrag: '4.321,00' }]);
    await meldpunt.upload(
      'elan-wonen',
      'referentie;actie;reden\r\nREF-KANARIE-7;intrekken;fout\r\nREF-KANARIE-X;intrekken;fout\r\n',
    );
    await meldpunt.upload('elan-wonen', 'achternaam;Kanarievogelsang\r\n"Kanarievogelsang');
    await meldpunt.upload('elan-wonen', `referentie;achternaam;bsn\r\nREF-KANARIE;Kanarievogelsang;${BSN}\r\n`);
    await meldpunt.upload('elan-wonen', 'Kanarievogelsang;Kanariepietlaan\r\n1;2\r\n');
    const trials = [
      csvOf([first, row({ bezwaar: 'j' }), row({ klantnummer: BSN }), row({ bedrag: 'Kanarie' })]),
      'referentie;actie;reden\r\nREF-KANARIE-X;intrekken;fout\r\n',
      'Kanarievogelsang;Kanariepietlaan\r\n1;2\r\n',
    ];
    for (const body of trials)
      await meldpunt.put('LandingBucket', `check/elan-wonen/${trials.indexOf(body)}.csv`, body);
    await meldpunt.settle();
    const ids = await Promise.all(
      [CANARIES.referentie, 'REF-KANARIE-6', 'REF-KANARIE-8'].map(async (reference) =>
        String((await meldpunt.signals(reference))[0]?.signalId),
      ),
    );
    await meldpunt.outcomes('0392', [
      {
        signaal: ids[0] ?? '',
        resultaat: 'Vervolghulp en/of verwijzing financieel',
        resultaat_datum: '02-03-2026',
        plan_van_aanpak: '02-03-2026',
        betaling_hervat: '02-03-2026',
        schuldenrust: 'j',
      },
      { signaal: 'Kanarievogelsang', resultaat: 'Kanariepietlaan' },
      { signaal: ids[0] ?? '', medewerker: 'Kanarievogelsang', fase: 'incasso' },
      { signaal: ids[0] ?? '', doorzetten_naar: 'Kanarievogelsang' },
      { signaal: ids[2] ?? '', medewerker: 'w17', splitsen: 'j', koppeling_reden: 'andere persoon' },
      { signaal: ids[2] ?? '', medewerker: 'w17', splitsen: 'j', koppeling_reden: 'Kanarievogelsang' },
      { signaal: ids[2] ?? '', medewerker: 'w17', samenvoegen_met: 'Kanarievink', koppeling_reden: 'zelfde persoon' },
      {
        signaal: ids[1] ?? '',
        overdracht_postcode: '2042 AB',
        overdracht_huisnummer: '3',
        overdracht_toevoeging: CANARIES.toevoeging,
        overdracht_straat: CANARIES.straat,
        overdracht_woonplaats: CANARIES.woonplaats,
      },
    ]);
    await meldpunt.outcomes('0392', 'Kanarievogelsang\r\n"Kanarie');
    const asked = { id: ids[0] ?? '' };
    const show = async (id: string, purpose: string) => ({
      bare: await meldpunt.invoke('ShowSignalFunction', { id }),
      whole: await meldpunt.invoke('ShowSignalFunction', { id, by: 'w-12', purpose }),
    });
    shown = await show(asked.id, PURPOSE);
    split = await show(ids[2] ?? '', 'vraag van een medewerker');
    simulated = await meldpunt.invoke('SimulatePolicyFunction', {
      municipality: '0392',
      thresholds: [7_500],
      compare: { to: { name: 'LCV', version: 1 } },
    });
    for (const wrong of [{ id: 'Kanarievogelsang' }, { ...asked, by: 'Kanarievogelsang', purpose: PURPOSE }])
      await expect(meldpunt.invoke('ShowSignalFunction', wrong)).rejects.toThrow('InvalidInput');
    await meldpunt.advanceTo('2026-05-10T08:00:00+02:00');
  });
  afterAll(() => meldpunt?.close());

  it('the canaries are where they belong, so the search can find them', async () => {
    const stored = await meldpunt.signals(CANARIES.referentie);
    expect(found(JSON.stringify(stored))).toEqual(
      expect.arrayContaining(['kanarievogelsang', 'kanariepietlaan', 'klant-kanarie-77']),
    );
    const list = await meldpunt.read('municipalities/0392/worklists/2026-03.csv');
    expect(found(list ?? '')).toContain('kanarievogelsang');
    const moved = (await meldpunt.signals('REF-KANARIE-6')).filter(({ municipality }) => municipality === '0473');
    expect(found(JSON.stringify(moved.map(({ address }) => address)))).toContain('kanariestad');
  });

  it('[R-PRI-3] no log line holds one', async () => {
    const folder = meldpunt.cloud.logDirectory;
    const logs = await readdir(folder);
    expect(logs.length).toBeGreaterThan(5);
    for (const log of logs)
      expect({ log, found: found(await readFile(join(folder, log), 'utf8')) }).toEqual({ log, found: [] });
  });

  it('[R-PRI-3][R-FEE-5] no mail holds one, in no header and no part', async () => {
    const mails = await meldpunt.mails();
    expect(mails.length).toBeGreaterThan(3);
    for (const mail of mails) expect(found(bare(mail))).toEqual([]);
  });

  it('[R-PRI-3] no execution holds one, in no name, input, output or event', async () => {
    const machines = ['SignalStateMachine', 'DeliveryStateMachine'] as const;
    let events = 0;
    for (const machine of machines)
      for (const { executionArn = '' } of await meldpunt.executions(machine)) {
        const history = await meldpunt.history(executionArn);
        events += history.length;
        expect(found(JSON.stringify([await meldpunt.describe(executionArn), history]))).toEqual([]);
      }
    expect(events).toBeGreaterThan(50);
  });

  it('[R-PRI-3] no object key holds one, but the name the sender gave the upload', async () => {
    expect(found((await meldpunt.keys()).join('\n'))).toEqual([]);
    expect(found((await meldpunt.keys('work/', 'LandingBucket')).join('\n'))).toEqual([]);
  });

  it('[R-PRI-3] no receipt holds one', async () => {
    const receipts = (await meldpunt.keys()).filter((key) => /\/(receipt\.json|receipt\.html|answers\.csv)$/.test(key));
    expect(receipts.filter((key) => key.endsWith('answers.csv'))).toHaveLength(1);
    expect(receipts.length).toBeGreaterThan(14);
    expect(receipts.filter((key) => key.startsWith('checks/'))).toHaveLength(6);
    for (const key of receipts)
      expect({ key, found: found((await meldpunt.read(key)) ?? '') }).toEqual({ key, found: [] });
  });

  it('[R-PRI-3] no key of a record holds one', async () => {
    for (const { pk, sk, duePk } of await meldpunt.items()) expect(found(JSON.stringify([pk, sk, duePk]))).toEqual([]);
  });

  it('[R-PRI-5] without a purpose an operator sees nothing of the person; with one it is in the answer', async () => {
    expect(found(JSON.stringify(shown.bare))).toEqual([]);
    expect(simulated).toMatchObject({ thresholds: { cases: expect.any(Number) }, comparison: { to: { name: 'LCV' } } });
    expect(found(JSON.stringify(simulated))).toEqual([]);
    expect(JSON.stringify(simulated)).not.toContain('0473-');
    expect(JSON.stringify(shown.bare)).not.toMatch(/123456|Vervolghulp|taskToken/);
    expect(found(JSON.stringify(shown.whole))).toEqual(
      expect.arrayContaining(['kanarievogelsang', 'kanariepietlaan', 'klant-kanarie-77']),
    );
    expect(JSON.stringify(shown.whole)).not.toContain(PURPOSE);
    expect(found(JSON.stringify(split.bare))).toEqual([]);
    expect(JSON.stringify(split.bare)).not.toMatch(/SPLIT|APART|andere persoon/);
    expect(split.whole).toMatchObject({ formed: 'SPLIT', matching: { decisions: [{ kind: 'APART' }] } });
  });

  it('[R-PRI-3][R-MAT-5] what was decided about who belongs together holds keys and levels, and no value of a person', async () => {
    const decisions = (await meldpunt.items()).filter(({ pk }) => String(pk).endsWith('#MATCH'));
    const told = JSON.stringify(decisions);
    for (const word of ['APART', 'andere persoon', 'SAME_PERSON', 'persoon 1']) expect(told).toContain(word);
    expect(found(told)).toEqual([]);
    for (const value of ['1981-04-03', '03-04-1981', '2011', 'elan-wonen', 'Huur']) expect(told).not.toContain(value);
  });

  it('[R-PRI-5] why somebody looked is in the record of it and nowhere else', async () => {
    const holders = (await meldpunt.items()).filter((item) => JSON.stringify(item).includes(PURPOSE));
    expect(holders).toEqual([expect.objectContaining({ pk: 'ACCESS#0392', by: 'w-12', purpose: PURPOSE })]);
    for (const output of ['ExchangeBucket', 'LandingBucket'] as const)
      for (const key of await meldpunt.keys('', output))
        expect({ key, holds: (await meldpunt.read(key, output))?.includes(PURPOSE) }).toEqual({ key, holds: false });
  });

  it('[R-FEE-3] feedback, suspensions and certificates tell the partner its own reference and nothing of the person', async () => {
    const files = (await meldpunt.keys()).filter((key) =>
      /^partners\/.*(feedback\/|suspensions\/|certificates)|^public\//.test(key),
    );
    expect(files.length).toBeGreaterThan(1);
    for (const key of files) {
      const rest = ((await meldpunt.read(key)) ?? '').replaceAll(/REF-KANARIE(-\d)?/g, '');
      expect({ key, found: found(rest) }).toEqual({ key, found: [] });
    }
  });

  it('[R-DEL-6] a BSN is nowhere: not in the table, not in the rejection file, not in the upload that held it', async () => {
    expect(JSON.stringify(await meldpunt.items())).not.toContain(BSN);
    for (const output of ['ExchangeBucket', 'LandingBucket'] as const)
      for (const key of await meldpunt.keys('', output))
        expect({ key, holds: (await meldpunt.read(key, output))?.includes(BSN) }).toEqual({ key, holds: false });
  });

  it('[R-DEL-3] who objected is in the sender’s own rejection file and nowhere else', async () => {
    const reference = 'REF-KANARIE-2';
    expect(JSON.stringify(await meldpunt.items())).not.toContain(`"${reference}"`);
    const holders: string[] = [];
    for (const output of ['ExchangeBucket', 'LandingBucket'] as const)
      for (const key of await meldpunt.keys('', output))
        if ((await meldpunt.read(key, output))?.includes(`${reference};`)) holders.push(key);
    expect(holders.filter((key) => !key.endsWith('/rejected.csv'))).toEqual([]);
    expect(holders.filter((key) => key.startsWith('partners/'))).toHaveLength(1);
  });
});
