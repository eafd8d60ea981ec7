import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuration as sample } from '../support/configuration.ts';
import { csvOf, goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

/** Haarlem works under its addendum, Nijmegen under the national text; in Amsterdam one partner hears at once. */
const told = sample.policies[0]?.feedback.told;
const configuration = {
  ...sample,
  deviations: [
    ...sample.deviations,
    {
      id: 'amsterdam-direct',
      title: 'Afspraak met Particuliere Verhuurder',
      municipality: '0363',
      agreement: 'amsterdam-particulier',
      validFrom: '2026-01-01',
      phases: [],
      changes: [{ subject: 'feedback', clause: 'art. 1', value: { delivery: 'IMMEDIATE', told } }],
    },
  ],
};

const NIJMEGEN = { postcode: '6511 AA', woonplaats: 'Nijmegen', straat: 'Waalkade' };
const AMSTERDAM = { postcode: '1012 LG', woonplaats: 'Amsterdam', straat: 'Damrak' };

const HELP = {
  resultaat: 'Vervolghulp en/of verwijzing financieel',
  plan_van_aanpak: '10-03-2026',
  betaling_hervat: '01-04-2026',
  regeling_bedrag: '75,00',
  regeling_vanaf: '01-04-2026',
  schuldenrust: 'j',
};
const NOT_REACHED = { resultaat: 'Definitief geen contact kunnen krijgen' };
const MOVED = { resultaat: 'Persoon is geen inwoner (meer) in de gemeente' };
const OTHER_REASON = { resultaat: 'Niet opgepakt: andere reden' };

interface Said {
  readonly reference: string;
  readonly [field: string]: unknown;
}

describe('what a partner hears, when and where', () => {
  let meldpunt: Meldpunt;
  const ids = new Map<string, string>();

  const answer = async (municipality: string, reference: string, over: Row, date = '10-03-2026') => {
    const receipt = await meldpunt.outcomes(municipality, [
      { signaal: ids.get(reference) ?? '', resultaat_datum: date, ...over },
    ]);
    expect(receipt, reference).toMatchObject({ counts: { read: 1, taken: 1, refused: 0 } });
  };
  const csv = (partner: string, day: string) => meldpunt.rows(`partners/${partner}/feedback/${day}.csv`);
  const json = async (partner: string, day: string): Promise<readonly Said[]> => {
    const text = await meldpunt.read(`partners/${partner}/feedback/${day}.json`);
    return text === undefined ? [] : (JSON.parse(text) as { feedback: readonly Said[] }).feedback;
  };
  const about = async (partner: string, day: string, reference: string) =>
    (await csv(partner, day)).filter((row) => row.referentie === reference);
  /** Subjects and counts of the mails to a partner that say there is feedback. */
  const mailed = async (office: string): Promise<readonly string[]> =>
    (await meldpunt.mails())
      .filter((mail) => mail.includes(`To: ${office}`))
      .map(readable)
      .flatMap((mail) => /Nieuwe terugkoppelingen: (\d+)/.exec(mail)?.[1] ?? []);

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-03-02T09:00:00+01:00', configuration);
    const rows = (references: readonly string[], town: Row, from: number) =>
      references.map((referentie, i) => goodRow({ referentie, ...town, huisnummer: String(from + i) }));
    await meldpunt.upload(
      'elan-wonen',
      rows(['H-HULP', 'H-STIL', 'H-WEG', 'H-REDEN', 'H-TERMIJN', 'H-EERST', 'H-DAARNA'], {}, 100),
    );
    await meldpunt.upload('incasso', [
      ...rows(['N-HULP', 'N-STIL', 'N-WEG', 'N-REDEN', 'N-KAN-NIET', 'N-FOUT', 'N-DAG-28'], NIJMEGEN, 10),
      ...rows(['A-EEN', 'A-TWEE'], AMSTERDAM, 10),
    ]);
    for (const { reference, signalId } of await meldpunt.signals()) ids.set(String(reference), String(signalId));
    expect(ids.size).toBe(16);
    await meldpunt.advanceTo('2026-03-10T10:00:00+01:00');
    for (const [town, letter] of [
      ['0392', 'H'],
      ['0268', 'N'],
    ] as const) {
      await answer(town, `${letter}-HULP`, HELP);
      await answer(town, `${letter}-STIL`, NOT_REACHED);
      await answer(town, `${letter}-WEG`, MOVED);
      await answer(town, `${letter}-REDEN`, OTHER_REASON);
    }
    await answer('0268', 'N-KAN-NIET', { ...HELP, betaling_hervat: 'nee', schuldenrust: 'n' });
    await answer('0268', 'N-FOUT', HELP);
  });
  afterAll(() => meldpunt?.close());

  it('[R-FEE-5] an agreement that hears at once: file and mail are there when the outcome is taken', async () => {
    await answer('0363', 'A-EEN', HELP);
    expect(await about('particulier', '2026-03-10', 'A-EEN')).toMatchObject([{ uitkomst: 'hulp geaccepteerd' }]);
    // One mail for all that lies there; what can wait was laid down on the way.
    expect(await mailed('beheer@verhuurder.example.nl')).toHaveLength(1);
    expect(await csv('elan-wonen', '2026-03-10')).toEqual([]);
    await meldpunt.advanceTo('2026-03-10T15:00:00+01:00');
    await answer('0363', 'A-TWEE', MOVED);
    expect(await mailed('beheer@verhuurder.example.nl')).toHaveLength(2);
  });

  it('[R-FEE-2] the national text tells acceptance and the results meant for the partner, Haarlem every outcome', async () => {
    await meldpunt.advanceTo('2026-03-10T17:05:00+01:00');
    const words = async (partner: string, letter: string) =>
      Object.fromEntries(
        (await csv(partner, '2026-03-10'))
          .filter(({ referentie = '' }) => referentie.startsWith(letter))
          .map(({ referentie = '', uitkomst = '' }) => [referentie, uitkomst]),
      );
    expect(await words('particulier', 'N')).toEqual({
      'N-HULP': 'hulp geaccepteerd',
      'N-WEG': 'geen inwoner (meer) van de gemeente',
      'N-REDEN': 'niet opgepakt',
      'N-KAN-NIET': 'hulp geaccepteerd',
      'N-FOUT': 'hulp geaccepteerd',
    });
    expect(await words('elan-wonen', 'H')).toEqual({
      'H-HULP': 'hulp geaccepteerd',
      'H-STIL': 'geen hulp tot stand gekomen',
      'H-WEG': 'geen inwoner (meer) van de gemeente',
      'H-REDEN': 'niet opgepakt',
    });
  });

  it('[R-FEE-3] along with it exactly what was agreed, and nothing of the resident', async () => {
    const blank = { schuldenrust_van: '', schuldenrust_tot_en_met: '', betaling_hervat: '' };
    const rest = { schuldenrust: 'ja', schuldenrust_van: '2026-03-10', schuldenrust_tot_en_met: '2026-04-09' };
    const nothing = { regeling_bedrag: '', regeling_vanaf: '' };
    expect(await about('particulier', '2026-03-10', 'N-HULP')).toEqual([
      {
        referentie: 'N-HULP',
        datum: '2026-03-10',
        gemeente: 'Nijmegen',
        uitkomst: 'hulp geaccepteerd',
        ...rest,
        betaling_hervat: '2026-04-01',
        ...nothing,
        vervangt_eerdere: 'nee',
        signaal: ids.get('N-HULP'),
      },
    ]);
    expect(await about('particulier', '2026-03-10', 'N-WEG')).toMatchObject([
      { schuldenrust: '', ...blank, ...nothing },
    ]);
    expect(await about('elan-wonen', '2026-03-10', 'H-HULP')).toMatchObject([
      { ...rest, betaling_hervat: '2026-04-01', regeling_bedrag: '75,00', regeling_vanaf: '2026-04-01' },
    ]);
    expect(await about('elan-wonen', '2026-03-10', 'H-WEG')).toMatchObject([
      { schuldenrust: 'nee', ...blank, ...nothing },
    ]);
    for (const partner of ['elan-wonen', 'particulier'])
      for (const extension of ['csv', 'json'])
        expect(await meldpunt.read(`partners/${partner}/feedback/2026-03-10.${extension}`)).not.toMatch(
          /Vreugdenhil|Grote Houtstraat|Waalkade|2011|6511|0612345678|1234,56|123456|1981|andere reden|contact/,
        );
  });

  it('[R-FEE-4] accepted but payment cannot resume: the partner is told, so that it looks for another way', async () => {
    expect(await about('particulier', '2026-03-10', 'N-KAN-NIET')).toMatchObject([
      { uitkomst: 'hulp geaccepteerd', schuldenrust: 'nee', betaling_hervat: 'kan niet' },
    ]);
  });

  it('[R-FEE-3] a machine reads the same as a person', async () => {
    const codes: Readonly<Record<string, string>> = {
      HELP_ACCEPTED: 'hulp geaccepteerd',
      NO_HELP: 'geen hulp tot stand gekomen',
      NO_RESIDENT: 'geen inwoner (meer) van de gemeente',
      NOT_TAKEN_UP: 'niet opgepakt',
    };
    for (const partner of ['elan-wonen', 'particulier']) {
      const rows = await csv(partner, '2026-03-10');
      const said = await json(partner, '2026-03-10');
      expect(said.map(({ reference, signal, outcome }) => [reference, signal, codes[String(outcome)]])).toEqual(
        rows.map(({ referentie, signaal, uitkomst }) => [referentie, signaal, uitkomst]),
      );
      expect(said.length).toBeGreaterThan(3);
    }
    expect((await json('elan-wonen', '2026-03-10')).find(({ reference }) => reference === 'H-HULP')).toEqual({
      reference: 'H-HULP',
      signal: ids.get('H-HULP'),
      municipality: '0392',
      municipalityName: 'Haarlem',
      date: '2026-03-10',
      kind: 'OUTCOME',
      outcome: 'HELP_ACCEPTED',
      replaces: false,
      suspension: { startsOn: '2026-03-10', lastDay: '2026-04-09' },
      paymentResumes: { from: '2026-04-01' },
      arrangement: { monthlyCents: 7500, from: '2026-04-01' },
    });
  });

  it('[R-FEE-5] the digest of the day counts what is new, and what came at once not again', async () => {
    expect(await mailed('incasso@elanwonen.example.nl')).toEqual(['4']);
    const counts = (await mailed('beheer@verhuurder.example.nl')).map(Number);
    expect(counts).toEqual([6, 1]);
    for (const mail of (await meldpunt.mails()).map(readable))
      for (const reference of ids.keys()) expect(mail).not.toContain(reference);
  });

  it('[R-FEE-5] two outcomes on the last day for feedback: each in the file at once, one mail for both', async () => {
    const toPartner = () => mailed('incasso@elanwonen.example.nl');
    for (const [reference, time] of [
      ['H-EERST', '14:00'],
      ['H-DAARNA', '15:00'],
    ] as const) {
      await meldpunt.advanceTo(`2026-03-16T${time}:00+01:00`);
      await answer('0392', reference, NOT_REACHED, '16-03-2026');
      expect(await about('elan-wonen', '2026-03-16', reference)).toMatchObject([
        { datum: '2026-03-16', uitkomst: 'geen hulp tot stand gekomen' },
      ]);
      expect(await toPartner()).toEqual(['4']);
    }
    await meldpunt.advanceTo('2026-03-16T17:05:00+01:00');
    expect(await toPartner()).toEqual(['4', '2']);
  });

  it('[R-FEE-2][R-FLO-3] Haarlem hears on the tenth business day, also five minutes before it is over', async () => {
    await meldpunt.advanceTo('2026-03-16T23:55:00+01:00');
    await answer('0392', 'H-TERMIJN', NOT_REACHED, '16-03-2026');
    expect(await about('elan-wonen', '2026-03-16', 'H-TERMIJN')).toMatchObject([
      { datum: '2026-03-16', uitkomst: 'geen hulp tot stand gekomen' },
    ]);
    // It lies there; the mail of this day has gone, that of the next day counts it.
    expect(await mailed('incasso@elanwonen.example.nl')).toEqual(['4', '2']);
    await meldpunt.advanceTo('2026-03-17T17:05:00+01:00');
    expect(await mailed('incasso@elanwonen.example.nl')).toEqual(['4', '2', '1']);
  });

  it('[R-FEE-2][R-FEE-3] an outcome entered by mistake is put right: taken back where nothing takes its place, as the preview said', async () => {
    await meldpunt.advanceTo('2026-03-18T10:00:00+01:00');
    const line = { signaal: ids.get('N-FOUT') ?? '', resultaat_datum: '18-03-2026', ...NOT_REACHED, correctie: 'j' };
    await meldpunt.put('ExchangeBucket', 'municipalities/0268/preview/fout.csv', csvOf([line], Object.keys(line)));
    await meldpunt.settle();
    const [key = ''] = (await meldpunt.keys('municipalities/0268/')).filter((each) => each.endsWith('/preview.json'));
    const { answers } = JSON.parse((await meldpunt.read(key)) ?? '') as {
      answers: { partners: { feedback: object[] }[] }[];
    };
    const promised = answers.flatMap(({ partners }) => partners.flatMap(({ feedback }) => feedback));
    expect(promised).toEqual([{ kind: 'RETRACTED' }, { kind: 'SUSPENSION_ENDED_EARLY', lastDay: '2026-03-18' }]);
    await answer('0268', 'N-FOUT', { ...NOT_REACHED, correctie: 'j' }, '18-03-2026');
    await answer('0392', 'H-STIL', { ...HELP, correctie: 'j' }, '18-03-2026');
    await meldpunt.advanceTo('2026-03-18T17:05:00+01:00');
    expect(await about('particulier', '2026-03-18', 'N-FOUT')).toMatchObject([
      { uitkomst: 'eerdere terugkoppeling vervalt', vervangt_eerdere: 'ja' },
      { uitkomst: 'schuldenrust eerder beëindigd', schuldenrust_tot_en_met: '2026-03-18' },
    ]);
    const said = await json('particulier', '2026-03-18');
    expect(said.map(({ kind, lastDay }) => ({ kind, ...(lastDay !== undefined && { lastDay }) }))).toEqual(promised);
    expect(await about('elan-wonen', '2026-03-18', 'H-STIL')).toMatchObject([
      { uitkomst: 'hulp geaccepteerd', vervangt_eerdere: 'ja', schuldenrust_van: '2026-03-18' },
    ]);
  });

  it('[R-FEE-1] acceptance at five to twelve on day 28 is in the partner’s place the same day', async () => {
    await meldpunt.advanceTo('2026-03-30T23:55:00+02:00');
    await answer('0268', 'N-DAG-28', { ...HELP, plan_van_aanpak: '30-03-2026' }, '30-03-2026');
    expect(await about('particulier', '2026-03-30', 'N-DAG-28')).toMatchObject([
      { datum: '2026-03-30', uitkomst: 'hulp geaccepteerd', schuldenrust_van: '2026-03-30' },
    ]);
    expect(await json('particulier', '2026-03-30')).toMatchObject([{ reference: 'N-DAG-28' }]);
  });

  it('nothing was sent twice', async () => {
    const all = (await meldpunt.keys('partners/')).filter((key) => /\/feedback\/.*\.csv$/.test(key));
    const rows = (await Promise.all(all.map((key) => meldpunt.rows(key)))).flat();
    const words = rows.map(({ signaal, uitkomst, vervangt_eerdere }) => `${signaal} ${uitkomst} ${vervangt_eerdere}`);
    expect(new Set(words).size).toBe(words.length);
  });
});

/** Quoted-printable and base64 parts made readable. */
const readable = (mail: string): string =>
  mail
    .split(/\r?\n\r?\n/)
    .map((part) => (/^[A-Za-z0-9+/=\r\n]+$/.test(part) ? Buffer.from(part, 'base64').toString('utf8') : part))
    .join('\n')
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
