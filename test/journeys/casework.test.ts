import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvOf, goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

const HELP = {
  resultaat: 'Vervolghulp en/of verwijzing financieel',
  plan_van_aanpak: '14-04-2026',
  betaling_hervat: '01-05-2026',
  schuldenrust: 'j',
} as const;
const NO_HELP = 'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering';
const NO_RESIDENT = 'Persoon is geen inwoner (meer) in de gemeente';

interface Stored {
  readonly signalId: string;
  readonly caseId: string;
  readonly municipality: string;
  readonly status: string;
  readonly history: readonly { readonly kind: string; readonly by?: string; readonly detail?: string }[];
  readonly [name: string]: unknown;
}

/** Wednesday 8 April 2026, after Easter; Haarlem unless told otherwise. */
describe('what becomes of a case', () => {
  let meldpunt: Meldpunt;
  const references = [
    'TEAM',
    'FASE',
    'GEZIN-1',
    'HEROPEN',
    'FOUT',
    'SHV',
    'VERHUISD',
    'ELDERS',
    'NA-A',
    'NA-B',
    'LAAT',
  ];
  const all = async (reference: string) => (await meldpunt.signals(reference)) as unknown as readonly Stored[];
  const one = async (reference: string, municipality = '0392'): Promise<Stored> => {
    const [found, ...more] = (await all(reference)).filter((each) => each.municipality === municipality);
    if (!found || more.length > 0) throw new Error(`${reference} is not once in ${municipality}`);
    return found;
  };
  const kinds = ({ history }: Stored): readonly string[] => history.map(({ kind }) => kind);
  /** The answers to a file of Haarlem: verdict, code and notes of each line. */
  const answers = async (...rows: readonly Row[]): Promise<readonly string[]> => {
    const receipt = await meldpunt.outcomes('0392', rows);
    return (receipt.answers as { verdict: string; code?: string; notes?: string[] }[]).map(
      ({ verdict, code, notes = [] }) => [verdict, ...(code ? [code] : []), ...notes].join(', '),
    );
  };
  const caseOf = async (reference: string): Promise<string> => (await one(reference)).caseId;
  const onList = async (reference: string, municipality = '0392'): Promise<Row | undefined> => {
    const { caseId } = await one(reference, municipality);
    return (await meldpunt.worklist(municipality, '2026-04')).find(({ zaak }) => zaak === caseId);
  };
  const told = async (reference: string): Promise<readonly Row[]> =>
    (await meldpunt.feedback('elan-wonen')).filter(({ referentie }) => referentie === reference);
  const running = async (signal: Stored): Promise<number> =>
    (await meldpunt.executions('SignalStateMachine', 'RUNNING')).filter(({ name }) => name?.startsWith(signal.caseId))
      .length;

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-04-08T09:00:00+02:00');
    const receipt = await meldpunt.upload(
      'elan-wonen',
      references.map((referentie, i) => goodRow({ referentie, huisnummer: String(100 + i), toevoeging: '' })),
    );
    expect(receipt).toMatchObject({ counts: { read: 11, accepted: 11, refused: 0 } });
  });
  afterAll(() => meldpunt?.close());

  it('[R-FLO-4] goes from SDV to the neighbourhood team and back, then to the budget coach, with who did it', async () => {
    await meldpunt.advanceTo('2026-04-09T10:00:00+02:00');
    const zaak = await caseOf('TEAM');
    expect(await onList('TEAM')).toMatchObject({ team: 'Schulddienstverlening' });
    expect(await answers({ zaak, medewerker: 'sdv.4', doorzetten_naar: 'Sociaal wijkteam' })).toEqual(['verwerkt']);
    expect(await onList('TEAM')).toMatchObject({ team: 'Sociaal wijkteam', werkbakje: 'doorgezet: Sociaal wijkteam' });
    expect(await answers({ zaak, medewerker: 'swt.9', doorzetten_naar: 'sdv' })).toEqual(['verwerkt']);
    expect(await onList('TEAM')).toMatchObject({ team: 'Schulddienstverlening' });
    expect(await answers({ zaak, medewerker: 'sdv.4', doorzetten_naar: 'budgetcoach' })).toEqual(['verwerkt']);
    expect(await onList('TEAM')).toMatchObject({ team: 'Budgetcoach', werkbakje: 'doorgezet: Budgetcoach' });
    expect((await one('TEAM')).history.filter(({ kind }) => kind === 'FORWARDED')).toMatchObject([
      { by: 'sdv.4', detail: 'swt' },
      { by: 'swt.9', detail: 'sdv' },
      { by: 'sdv.4', detail: 'budgetcoach' },
    ]);
    expect(await answers({ zaak, doorzetten_naar: 'het wijkteam' })).toEqual(['afgekeurd, TEAM_UNKNOWN']);
    expect(await answers({ zaak, medewerker: 'coach.2', doorzetten_naar: 'sdv' })).toEqual(['verwerkt']);
  });

  it('[R-FLO-5] keeps each attempt to reach the resident, by the national lists', async () => {
    const zaak = await caseOf('TEAM');
    const attempt = { zaak, contact_datum: '09-04-2026', contact_dagdeel: 'Ochtend' };
    expect(
      await answers(
        { ...attempt, contact_soort: 'Huisbezoek', contact_bereikt: 'n' },
        { ...attempt, contact_soort: 'Kaartje', contact_bereikt: 'n' },
        { ...attempt, contact_soort: 'Kaartje', contact_bereikt: 'n' },
        { ...attempt, contact_soort: 'Postduif', contact_bereikt: 'n' },
      ),
    ).toEqual(['verwerkt', 'verwerkt', 'verwerkt', 'afgekeurd, CONTACT_UNKNOWN']);
    expect((await one('TEAM')).contactAttempts).toEqual([
      { kind: 'Huisbezoek', reached: false, date: '2026-04-09', dayPart: 'Ochtend' },
      { kind: 'Kaartje', reached: false, date: '2026-04-09', dayPart: 'Ochtend' },
    ]);
    expect(await onList('TEAM')).toMatchObject({
      contactpogingen: expect.stringMatching(/^2, /),
      werkbakje: 'in behandeling',
    });
  });

  it('[R-FLO-8] a corrected phase brings the last day for feedback forward, and the execution waits for that day', async () => {
    const feedbackBy = async () =>
      ((await one('FASE')).terms as { kind: string; on: string; because: string }[]).find(
        ({ kind }) => kind === 'FEEDBACK',
      );
    expect(await feedbackBy()).toMatchObject({ on: '2026-04-22' });
    expect(await answers({ zaak: await caseOf('FASE'), fase: 'deurwaarder' })).toEqual(['verwerkt']);
    expect(await feedbackBy()).toMatchObject({
      on: '2026-04-15',
      because: expect.stringMatching(/5 werkdagen na 8 april 2026.*art\. 5\.4/),
    });
    expect(await onList('FASE')).toMatchObject({ fase: 'deurwaarder', uiterlijk_terugkoppelen: '2026-04-15' });
    await meldpunt.advanceTo('2026-04-16T00:00:05+02:00');
    expect(kinds(await one('FASE'))).toContain('FEEDBACK_OVERDUE');
    expect(kinds(await one('TEAM'))).not.toContain('FEEDBACK_OVERDUE');
    expect(await running(await one('FASE'))).toBe(1);
  });

  it('[R-FLO-1] a signal that joins an answered case later follows it, from the day it came', async () => {
    const zaak = await caseOf('GEZIN-1');
    expect(await answers({ zaak, resultaat: NO_HELP, resultaat_datum: '16-04-2026' })).toEqual(['verwerkt']);
    await meldpunt.advanceTo('2026-04-20T10:00:00+02:00');
    await meldpunt.upload('pre-wonen', [goodRow({ referentie: 'GEZIN-2', huisnummer: '102', toevoeging: '' })]);
    expect(await one('GEZIN-2')).toMatchObject({
      caseId: zaak,
      status: 'CLOSED',
      outcome: { result: NO_HELP, date: '2026-04-20', forCase: true },
    });
    expect(await meldpunt.feedback('pre-wonen')).toMatchObject([
      { referentie: 'GEZIN-2', uitkomst: 'geen hulp tot stand gekomen' },
    ]);
  });

  it('[R-FLO-6] one result stands: another is refused, until it is corrected or the case is opened again', async () => {
    const [fout, heropen] = [await caseOf('FOUT'), await caseOf('HEROPEN')];
    const on = { resultaat_datum: '20-04-2026' };
    expect(
      await answers(
        { zaak: fout, resultaat: 'Inwoner is overleden', ...on },
        { zaak: heropen, resultaat: NO_HELP, ...on },
      ),
    ).toEqual(['verwerkt', 'verwerkt']);
    const help = { ...HELP, plan_van_aanpak: '20-04-2026', ...on };
    expect(await answers({ zaak: fout, ...help }, { zaak: heropen, ...help })).toEqual([
      'afgekeurd, CLOSED',
      'afgekeurd, CLOSED',
    ]);
    await meldpunt.advanceTo('2026-04-21T10:00:00+02:00');
    expect(
      await answers(
        { zaak: fout, ...help, correctie: 'j', medewerker: 'sdv.4' },
        { zaak: heropen, heropenen: 'inwoner meldt zich', ...help, medewerker: 'sdv.4' },
      ),
    ).toEqual(['verwerkt, gecorrigeerd', 'verwerkt, heropend']);
    for (const reference of ['FOUT', 'HEROPEN']) {
      expect(await one(reference), reference).toMatchObject({
        status: 'SUSPENDED',
        round: 2,
        outcome: { result: HELP.resultaat },
        suspension: { startsOn: '2026-04-20', lastDay: '2026-05-20' },
      });
      expect(await told(reference), reference).toMatchObject([
        { vervangt_eerdere: 'nee' },
        { uitkomst: 'hulp geaccepteerd', schuldenrust: 'ja', vervangt_eerdere: 'ja' },
      ]);
    }
  });

  it('[R-WOR-6] known at debt counselling: forwarded there, and the partner hears that it is known', async () => {
    const known = { resultaat: 'Inwoner al bekend bij schuldhulpverlening', resultaat_datum: '21-04-2026' };
    expect(await answers({ zaak: await caseOf('SHV'), doorzetten_naar: 'shv', ...known })).toEqual(['verwerkt']);
    expect(await one('SHV')).toMatchObject({ status: 'CLOSED', team: 'shv', outcome: { result: known.resultaat } });
    expect(await told('SHV')).toMatchObject([{ uitkomst: 'al bekend bij schuldhulpverlening' }]);
  });

  it('[R-ROU-4] who moved goes on in the new municipality where the partner has an agreement, and only there', async () => {
    const moved = { overdracht_postcode: '2042 AB', overdracht_huisnummer: '3', overdracht_woonplaats: 'Zandvoort' };
    expect(
      await answers(
        { zaak: await caseOf('VERHUISD'), medewerker: 'sdv.4', ...moved },
        { zaak: await caseOf('ELDERS'), overdracht_postcode: '1012 JS', overdracht_huisnummer: '1' },
      ),
    ).toEqual([
      'verwerkt, overgedragen aan de gemeente Zandvoort',
      'verwerkt, niet overgedragen: er is geen overeenkomst tussen deze partner en de gemeente Amsterdam',
    ]);
    const [here, there] = [await one('VERHUISD'), await one('VERHUISD', '0473')];
    expect(here).toMatchObject({ status: 'CLOSED', outcome: { result: NO_RESIDENT, date: '2026-04-21' } });
    expect(there).toMatchObject({ status: 'ASSIGNED', signalId: here.signalId, address: { postcode: '2042AB' } });
    expect(there.terms).toMatchObject([{ kind: 'REMINDER', on: '2026-05-05' }, {}, {}, {}, {}]);
    expect(kinds(there)).toEqual(['RECEIVED', 'HANDED_OVER', 'ASSIGNED']);
    expect(await running(there)).toBe(1);
    expect(await all('ELDERS')).toMatchObject([{ municipality: '0392', status: 'CLOSED' }]);
    for (const reference of ['VERHUISD', 'ELDERS'])
      expect(await told(reference)).toMatchObject([
        { gemeente: 'Haarlem', uitkomst: 'geen inwoner (meer) van de gemeente' },
      ]);
    // Without the ids: in their letters and digits any postcode may turn up.
    const read = (await meldpunt.feedback('elan-wonen')).map(({ signaal: _id, ...row }) => row);
    expect(JSON.stringify(read)).not.toMatch(/2042|Zandvoort|1012|Amsterdam/);
    expect(await onList('VERHUISD', '0473')).toMatchObject({
      adres: expect.stringContaining('2042AB Zandvoort'),
      status: expect.stringContaining('overgenomen van een andere gemeente'),
    });
    expect(await onList('VERHUISD')).toMatchObject({
      status: expect.stringContaining('overgedragen aan een andere gemeente'),
    });
  });

  it('[R-ROU-4][R-DEL-9] what the partner sends of it afterwards reaches the new municipality', async () => {
    const row = goodRow({ referentie: 'VERHUISD', huisnummer: '106', toevoeging: '' });
    expect(await meldpunt.upload('elan-wonen', [{ ...row, bedrag: '2.000,00' }])).toMatchObject({
      counts: { accepted: 1, corrected: 1 },
    });
    expect(await one('VERHUISD', '0473')).toMatchObject({ amountCents: 200_000, address: { postcode: '2042AB' } });
    await meldpunt.upload('elan-wonen', 'referentie;actie;reden\r\nVERHUISD;intrekken;betaald\r\n');
    expect(await one('VERHUISD', '0473')).toMatchObject({ status: 'WITHDRAWN', reason: 'betaald' });
    expect(await one('VERHUISD')).toMatchObject({ status: 'CLOSED' });
    expect(await running(await one('VERHUISD', '0473'))).toBe(0);
  });

  it('[R-DEL-9] a withdrawal in the same second as an outcome: withdrawn, and the answer says how it went', async () => {
    const withdrawal = (reference: string) =>
      meldpunt.put(
        'LandingBucket',
        `inbox/elan-wonen/${reference}.csv`,
        `referentie;actie;reden\r\n${reference};intrekken;betaald\r\n`,
      );
    const outcome = async (reference: string) => {
      const row = { zaak: await caseOf(reference), resultaat: NO_HELP, resultaat_datum: '21-04-2026' };
      await meldpunt.put(
        'ExchangeBucket',
        `municipalities/0392/outcomes/${reference}.csv`,
        csvOf([row], Object.keys(row)),
      );
    };
    await Promise.all([withdrawal('NA-A'), outcome('NA-A')]);
    await Promise.all([outcome('NA-B'), withdrawal('NA-B')]);
    await meldpunt.settle();
    for (const reference of ['NA-A', 'NA-B']) {
      const signal = await one(reference);
      // Closed before the withdrawal came is closed; else it is withdrawn, with or without the outcome.
      expect(['WITHDRAWN', 'CLOSED']).toContain(signal.status);
      const said = kinds(signal).filter((kind) => ['OUTCOME_RECORDED', 'WITHDRAWN', 'CLOSED'].includes(kind));
      expect([['WITHDRAWN'], ['OUTCOME_RECORDED', 'WITHDRAWN'], ['OUTCOME_RECORDED', 'CLOSED']]).toContainEqual(said);
      expect(await running(signal)).toBe(0);
    }
  });

  it('[R-FLO-7][R-FLO-6] after day 28 and after the horizon an answer still comes in', async () => {
    await meldpunt.advanceTo('2026-06-08T00:00:05+02:00');
    expect(await one('LAAT')).toMatchObject({
      status: 'CLOSED',
      outcome: { result: 'Definitief geen contact kunnen krijgen', date: '2026-06-07' },
    });
    const zaak = await caseOf('LAAT');
    const late = { zaak, resultaat: NO_HELP, resultaat_datum: '08-06-2026' };
    expect(await answers(late)).toEqual(['afgekeurd, CLOSED']);
    expect(await answers({ ...late, heropenen: 'inwoner meldt zich' })).toEqual(['verwerkt, heropend']);
    expect(await one('LAAT')).toMatchObject({ status: 'CLOSED', round: 2, outcome: { result: NO_HELP } });
  });

  it('every execution comes to its end, and none fails', async () => {
    await meldpunt.advanceTo('2026-06-09T00:00:00+02:00');
    expect(await meldpunt.executions('SignalStateMachine', 'RUNNING')).toEqual([]);
    expect(await meldpunt.executions('SignalStateMachine', 'FAILED')).toEqual([]);
    const open = (await meldpunt.signals()).filter(({ status }) => status !== 'CLOSED' && status !== 'WITHDRAWN');
    expect(open).toEqual([]);
  });
});
