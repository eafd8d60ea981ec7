import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

/** Mails of one office, oldest first. */
const mailsTo = async (meldpunt: Meldpunt, office: string): Promise<readonly string[]> =>
  (await meldpunt.mails()).filter((mail) => new RegExp(`^To: ${office}\r?$`, 'm').test(mail));
const WATCHER = 'termijnen@haarlem.example.nl';
const OFFICE = 'schulden@haarlem.example.nl';

/** The list of a month, each case named by the partner's reference of its first signal. */
const listOf = async (
  meldpunt: Meldpunt,
  month: string,
  municipality = '0392',
): Promise<readonly (readonly [string, Row])[]> => {
  const references = new Map(
    (await meldpunt.signals()).map(({ signalId, reference }) => [String(signalId), String(reference)]),
  );
  return (await meldpunt.worklist(municipality, month)).map((row) => [
    references.get(row.signalen_ids?.split(' | ')[0] ?? '') ?? '',
    row,
  ]);
};
const rowOf = async (meldpunt: Meldpunt, month: string, reference: string): Promise<Row> =>
  (await listOf(meldpunt, month)).find(([name]) => name === reference)?.[1] ?? {};
const idOf = async (meldpunt: Meldpunt, reference: string) => String((await meldpunt.signals(reference))[0]?.signalId);
const kindsOf = async (meldpunt: Meldpunt, reference: string): Promise<readonly string[]> =>
  (((await meldpunt.signals(reference))[0]?.history ?? []) as { kind: string }[]).map(({ kind }) => kind);

describe('a worklist in Haarlem', () => {
  let meldpunt: Meldpunt;
  const due = { vervaldatum: '01-05-2021', datum_herinnering: '10-05-2021', datum_contactpoging: '20-05-2021' };
  const row = (referentie: string, huisnummer: string, bedrag: string, over: Row = {}) =>
    goodRow({ referentie, huisnummer, bedrag, ...due, ...over });
  const tiers = async () =>
    (await listOf(meldpunt, '2021-06')).map(([name, { rang, reden_rangorde }]) => [
      rang,
      name,
      reden_rangorde?.split('; ')[0],
    ]);
  const tell = async (reference: string, line: Row): Promise<void> => {
    const receipt = await meldpunt.outcomes('0392', [{ signaal: await idOf(meldpunt, reference), ...line }]);
    expect(receipt).toMatchObject({ counts: { read: 1, taken: 1 } });
  };

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2021-06-28T09:00:00+02:00');
    const receipt = await meldpunt.upload('elan-wonen', [
      row('DEURWAARDER', '100', '50,00', { fase: 'deurwaarder' }),
      row('DREMPEL', '101', '75,00'),
      row('OUDER', '102', '70,00', { geboortedatum: '01-07-1956' }),
      row('WIJKTEAM', '103', '60,00'),
      row('COACH', '104', '74,99'),
      row('TWEE', '105', '40,00'),
    ]);
    expect(receipt).toMatchObject({ counts: { read: 6, accepted: 6 } });
    await meldpunt.advanceTo('2021-06-28T10:00:00+02:00');
    await meldpunt.upload('ymere', [row('TWEE-YMERE', '105', '30,00')]);
    await tell('WIJKTEAM', { bekend_wijkteam: 'j' });
  });
  afterAll(() => meldpunt?.close());

  it('[R-WOR-4][R-AGR-4] while the implementation phase leaves the threshold unset, all but tier I are II', async () => {
    await meldpunt.advanceTo('2021-06-30T23:00:00+02:00');
    expect(await tiers()).toEqual([
      ['1', 'DEURWAARDER', 'prioriteit I: bij de deurwaarder'],
      ['2', 'TWEE', 'prioriteit II: er geldt geen drempelbedrag'],
      ['3', 'DREMPEL', 'prioriteit II: er geldt geen drempelbedrag'],
      ['4', 'COACH', 'prioriteit II: er geldt geen drempelbedrag'],
      ['5', 'OUDER', 'prioriteit II: er geldt geen drempelbedrag'],
      ['6', 'WIJKTEAM', 'prioriteit II: er geldt geen drempelbedrag'],
    ]);
  });

  it('[R-WOR-4][R-AGR-4] from the first day of the regular phase on the tiers I to IV count, also for signals of before', async () => {
    await meldpunt.advanceTo('2021-07-01T08:00:00+02:00');
    expect(await tiers()).toEqual([
      ['1', 'DEURWAARDER', 'prioriteit I: bij de deurwaarder'],
      ['2', 'DREMPEL', 'prioriteit II: € 75,00 of meer'],
      ['3', 'OUDER', 'prioriteit III: minder dan € 75,00, 65 jaar of ouder'],
      ['4', 'WIJKTEAM', 'prioriteit III: minder dan € 75,00, bekend bij het wijkteam'],
      ['5', 'TWEE', 'prioriteit IV: minder dan € 75,00, voor de budgetcoach'],
      ['6', 'COACH', 'prioriteit IV: minder dan € 75,00, voor de budgetcoach'],
    ]);
    expect((await rowOf(meldpunt, '2021-06', 'TWEE')).regelset).toBe(
      'HAARLEM 1 (Addendum Haarlem/Zandvoort 2021, art. 5.3)',
    );
  });

  it('[R-WOR-4][R-FLO-8] a phase the municipality corrects moves the case to tier I', async () => {
    await tell('COACH', { fase: 'deurwaarder' });
    expect((await tiers()).slice(0, 2)).toEqual([
      ['1', 'COACH', 'prioriteit I: bij de deurwaarder'],
      ['2', 'DEURWAARDER', 'prioriteit I: bij de deurwaarder'],
    ]);
    expect(await rowOf(meldpunt, '2021-06', 'COACH')).toMatchObject({
      fase: 'deurwaarder',
      uiterlijk_terugkoppelen: '2021-07-05',
    });
  });

  it('[R-FLO-4] a case lies in the tray of the team that has it, and comes back when it is handed back', async () => {
    const tray = async () => {
      const { werkbakje, team } = await rowOf(meldpunt, '2021-06', 'OUDER');
      return [werkbakje, team];
    };
    expect(await tray()).toEqual(['nieuw', 'Schulddienstverlening']);
    await tell('OUDER', { doorzetten_naar: 'swt' });
    expect(await tray()).toEqual(['doorgezet: Sociaal wijkteam', 'Sociaal wijkteam']);
    await tell('OUDER', { doorzetten_naar: 'sdv' });
    await tell('OUDER', { contact_soort: 'Telefoon', contact_bereikt: 'n', contact_datum: '01-07-2021' });
    expect(await tray()).toEqual(['in behandeling', 'Schulddienstverlening']);
    expect((await rowOf(meldpunt, '2021-06', 'OUDER')).contactpogingen).toBe(
      '1, laatst 2021-07-01 Telefoon (niet bereikt)',
    );
  });

  it('[R-AGR-7] a case says whom to call at each partner, and when', async () => {
    expect((await rowOf(meldpunt, '2021-06', 'TWEE')).contact_partners).toBe(
      'Elan Wonen: Team terugkoppeling, 023 555 01 01, werkdagen van 9.00 tot 17.00 uur | ' +
        'Ymere: Team terugkoppeling, 020 555 01 03, maandag tot en met donderdag van 9.00 tot 17.00 uur',
    );
  });

  it('[R-AGR-7][R-FLO-3][R-FLO-7] terms that are missed are mailed to who watches over them, in counts, once', async () => {
    const told = async () =>
      (await mailsTo(meldpunt, WATCHER)).map((mail) => [...mail.matchAll(/^- (.+?)\r?$/gm)].map(([, text]) => text));
    await meldpunt.advanceTo('2021-07-05T23:59:00+02:00');
    expect(await told()).toEqual([]);
    await meldpunt.advanceTo('2021-07-27T08:00:00+02:00');
    expect(await told()).toEqual([
      // 5 business days at the bailiff, 10 else, then 28 days.
      ['Te laat met terugkoppelen aan de partner: 2'],
      ['Te laat met terugkoppelen aan de partner: 5'],
      ['Termijn verstreken: 7'],
    ]);
    expect(await rowOf(meldpunt, '2021-06', 'TWEE')).toMatchObject({
      werkbakje: 'termijn verstreken',
      uiterlijk: '2021-07-26',
    });
  });
});

describe('a crisis before Easter', () => {
  let meldpunt: Meldpunt;
  const WARNED = 'Crisis (ontruiming of einde levering), nieuw of gewijzigd';

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-04-02T09:00:00+02:00');
  });
  afterAll(() => meldpunt?.close());

  it('[R-DEL-12] an end of supply reported less than 20 business days before it is taken, with a warning', async () => {
    const end = (referentie: string, huisnummer: string, datum: string, bedrag: string) =>
      goodRow({ referentie, huisnummer, bedrag, signaalsoort: 'eindelevering', datum_einde_levering: datum });
    const receipt = await meldpunt.upload('energie', [
      end('TE-LAAT', '120', '05-05-2026', '200,00'),
      end('OP-TIJD', '121', '06-05-2026', '100,00'),
      goodRow({ referentie: 'GEWOON', huisnummer: '122', bedrag: '9.999,00' }),
    ]);
    expect(receipt).toMatchObject({
      counts: { read: 3, accepted: 3, refused: 0 },
      warnings: [{ code: 'END_OF_SUPPLY_NEAR', count: 1 }],
    });
    expect((await rowOf(meldpunt, '2026-04', 'TE-LAAT')).einde_levering).toBe(
      '2026-05-05 (minder dan 20 werkdagen na de melding)',
    );
    expect((await rowOf(meldpunt, '2026-04', 'OP-TIJD')).einde_levering).toBe('2026-05-06');
  });

  it('[R-WOR-4] elsewhere more signals come first, then crisis, then late, then the amount', async () => {
    const row = (referentie: string, huisnummer: string, bedrag: string, over: Row = {}) =>
      goodRow({ referentie, huisnummer, bedrag, postcode: '6511 AA', woonplaats: 'Nijmegen', ...over });
    await meldpunt.upload('incasso', [
      row('KLEIN', '10', '10,00'),
      row('GROOT', '11', '500,00'),
      row('LAAT', '12', '5,00', { fase: 'deurwaarder' }),
      row('ONTRUIMING', '13', '5,00', { signaalsoort: 'ontruiming' }),
      row('TWEE', '14', '5,00'),
    ]);
    await meldpunt.advanceTo('2026-04-02T10:00:00+02:00');
    await meldpunt.upload('energie', [row('TWEE-ENERGIE', '14', '5,00')]);
    const list = await listOf(meldpunt, '2026-04', '0268');
    expect(list.map(([name, { reden_rangorde }]) => [name, reden_rangorde?.split('; ').slice(0, 2)])).toEqual([
      ['TWEE', ['2 signalen', 'totaal € 10,00']],
      ['ONTRUIMING', ['1 signaal', 'crisis (ontruiming of einde levering)']],
      ['LAAT', ['1 signaal', 'laat signaal (deurwaarder of over de maximale achterstand)']],
      ['GROOT', ['1 signaal', 'totaal € 500,00']],
      ['KLEIN', ['1 signaal', 'totaal € 10,00']],
    ]);
  });

  it('[R-DEL-12] the municipality hears of it the same day, once', async () => {
    const heard = async () =>
      (await mailsTo(meldpunt, OFFICE)).filter((mail) => mail.includes('Crisissignaal: Haarlem'));
    await meldpunt.advanceTo('2026-04-02T12:01:00+02:00');
    expect(await heard()).toHaveLength(1);
    expect((await heard())[0]).toContain(`- ${WARNED}: 2`);
    await meldpunt.advanceTo('2026-04-03T23:00:00+02:00');
    expect(await heard()).toHaveLength(1);
  });

  it('[R-DEL-12][R-FLO-3][R-WOR-4] three business days, counted over the weekend and two holidays, and first on the list', async () => {
    const list = await listOf(meldpunt, '2026-04');
    expect(list.map(([name, { werkbakje }]) => [name, werkbakje])).toEqual([
      ['TE-LAAT', 'crisis'],
      ['OP-TIJD', 'crisis'],
      ['GEWOON', 'nieuw'],
    ]);
    const crisis = await rowOf(meldpunt, '2026-04', 'OP-TIJD');
    expect(crisis).toMatchObject({ uiterlijk_gesprek: '2026-04-09' });
    expect(crisis.reden_rangorde).toMatch(/^prioriteit I: ontruiming of einde levering/);
    expect(crisis.termijnen).toContain(
      'eerste gesprek: 3 werkdagen na 2 april 2026 = 9 april 2026; Goede Vrijdag en tweede paasdag tellen niet',
    );
    expect(await rowOf(meldpunt, '2026-04', 'GEWOON')).toMatchObject({ uiterlijk_gesprek: '', werkbakje: 'nieuw' });
  });

  it('[R-DEL-12][R-FLO-3][R-AGR-7] who was not spoken to in time is overdue the day after, and who watches hears it', async () => {
    await meldpunt.advanceTo('2026-04-08T10:00:00+02:00');
    await meldpunt.outcomes('0392', [
      {
        signaal: await idOf(meldpunt, 'OP-TIJD'),
        contact_soort: 'Huisbezoek',
        contact_bereikt: 'j',
        contact_datum: '08-04-2026',
      },
    ]);
    expect((await rowOf(meldpunt, '2026-04', 'OP-TIJD')).werkbakje).toBe('in behandeling');
    await meldpunt.advanceTo('2026-04-09T23:59:59+02:00');
    expect(await kindsOf(meldpunt, 'TE-LAAT')).not.toContain('FIRST_CONVERSATION_OVERDUE');
    await meldpunt.advanceTo('2026-04-10T08:00:00+02:00');
    expect((await kindsOf(meldpunt, 'TE-LAAT')).filter((kind) => kind === 'FIRST_CONVERSATION_OVERDUE')).toHaveLength(
      1,
    );
    expect(await kindsOf(meldpunt, 'OP-TIJD')).not.toContain('FIRST_CONVERSATION_OVERDUE');
    const [mail, ...more] = await mailsTo(meldpunt, WATCHER);
    expect(more).toEqual([]);
    expect(mail).toContain('- Te laat met het eerste gesprek (crisis): 1');
  });

  it('[R-FLO-1][R-AGR-3] an operator sees where a signal stands, from its id or its execution, and nothing of the person', async () => {
    const signalId = await idOf(meldpunt, 'TE-LAAT');
    const show = async (id: string) =>
      (await meldpunt.invoke('ShowSignalFunction', { id })) as Record<string, unknown> & { executionName: string };
    const shown = await show(signalId);
    expect(shown).toMatchObject({
      signalId,
      status: 'ASSIGNED',
      workTray: 'crisis',
      waiting: { for: 'OUTCOME' },
    });
    expect(shown.terms).toContainEqual(expect.objectContaining({ kind: 'ESCALATION', on: '2026-04-30' }));
    const execution = (await meldpunt.executions('SignalStateMachine', 'RUNNING')).find(
      ({ name }) => name === shown.executionName,
    );
    expect(await show(execution?.executionArn ?? '')).toEqual(shown);
    expect(JSON.stringify(shown)).not.toMatch(/Vreugdenhil|Houtstraat|TE-LAAT|123456|taskToken/);
  });

  it('[R-PRI-5] with a purpose the person is shown, and who, when, which case and why is kept', async () => {
    const before = await meldpunt.signals('TE-LAAT');
    const shown = await meldpunt.invoke('ShowSignalFunction', {
      id: String(before[0]?.signalId),
      by: 'w-12',
      purpose: 'inwoner vraagt om inzage',
    });
    expect(shown).toMatchObject({ personal: { reference: 'TE-LAAT', resident: { surname: 'Vreugdenhil' } } });
    const records = (await meldpunt.items()).filter(({ pk, signalId }) => String(pk).startsWith('ACCESS#') && signalId);
    expect(records).toEqual([
      expect.objectContaining({
        pk: 'ACCESS#0392',
        by: 'w-12',
        purpose: 'inwoner vraagt om inzage',
        at: '2026-04-10T06:00:00.000Z',
        caseId: before[0]?.caseId,
        signalId: before[0]?.signalId,
      }),
    ]);
    await expect(
      meldpunt.invoke('ShowSignalFunction', { id: String(before[0]?.signalId), by: 'w-12' }),
    ).rejects.toThrow('InvalidInput');
  });
});
