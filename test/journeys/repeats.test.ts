import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuration } from '../support/configuration.ts';
import { goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

type Item = Record<string, unknown>;

/** The sample, and Nijmegen closes repeat signals; Amsterdam agreed nothing of the kind. */
const agreed = {
  ...configuration,
  deviations: [
    ...configuration.deviations,
    {
      id: 'nijmegen-herhaald',
      title: 'Bijlage Nijmegen',
      municipality: '0268',
      validFrom: '2026-01-01',
      phases: [],
      changes: [{ subject: 'repeats', clause: 'art. 3', value: { close: 'WHEN_NOT_HIGHER', withinMonths: 2 } }],
    },
  ],
};
const NIJMEGEN = { postcode: '6511 AA', woonplaats: 'Nijmegen' };
const AMSTERDAM = { postcode: '1012 AB', woonplaats: 'Amsterdam' };
const WHY = 'zelfde achterstand als in 2026-03, bedrag niet hoger (Bijlage Nijmegen, art. 3)';
const REPEAT = 'niet opgepakt: herhaalde melding';

describe('the same arrear, month after month', () => {
  let meldpunt: Meldpunt;
  const arrears: Readonly<Record<string, Row>> = Object.fromEntries(
    ['BLIJFT', 'STIJGT', 'GESTEGEN', 'STIL', 'INGETROKKEN', 'ONTRUIMING', 'ANDERE-REDEN', 'ELDERS'].map(
      (referentie, i) => [
        referentie,
        goodRow({
          referentie,
          huisnummer: String(20 + i),
          bedrag: '500,00',
          ...(referentie === 'ELDERS' ? AMSTERDAM : NIJMEGEN),
        }),
      ],
    ),
  );
  const row = (referentie: string, over: Row = {}): Row => ({ ...arrears[referentie], ...over });
  const signal = async (reference: string, period: string): Promise<Item> => {
    const found = (await meldpunt.signals(reference)).find((each) => each.period === period);
    if (!found) throw new Error(`${reference} was not reported in ${period}`);
    return found;
  };
  const state = async (reference: string, period: string) => (await signal(reference, period)).status;
  const told = async (reference: string): Promise<readonly string[]> =>
    (await meldpunt.feedback('particulier'))
      .filter(({ referentie }) => referentie === reference)
      .map(({ datum, uitkomst }) => `${datum} ${uitkomst}`);
  const onList = async (reference: string, period: string): Promise<Row> => {
    const { signalId } = await signal(reference, period);
    const list = await meldpunt.worklist('0268', period);
    const found = list.find(({ signalen_ids: ids }) => ids?.includes(String(signalId)));
    if (!found) throw new Error(`${reference} is not on the list of ${period}`);
    return found;
  };
  const answer = (municipality: string, period: string, references: readonly string[], resultaat: string, on: string) =>
    Promise.all(references.map((reference) => signal(reference, period))).then((signals) =>
      meldpunt.outcomes(
        municipality,
        signals.map(({ signalId }) => ({ signaal: String(signalId), resultaat, resultaat_datum: on })),
      ),
    );

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-03-05T09:00:00+01:00', agreed);
    expect(await meldpunt.upload('incasso', Object.values(arrears))).toMatchObject({ counts: { accepted: 8 } });
    await meldpunt.advanceTo('2026-03-12T09:00:00+01:00');
    const declined = 'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering';
    await answer('0268', '2026-03', ['BLIJFT', 'STIJGT', 'GESTEGEN', 'ONTRUIMING'], declined, '12-03-2026');
    await answer('0268', '2026-03', ['ANDERE-REDEN'], 'Niet opgepakt: andere reden', '12-03-2026');
    await answer('0363', '2026-03', ['ELDERS'], declined, '12-03-2026');
    await meldpunt.upload('incasso', 'referentie;actie;reden\r\nINGETROKKEN;intrekken;betaald\r\n');
  });
  afterAll(() => meldpunt?.close());

  it('[R-DEL-5] next month at the same amount: closed as herhaalde melding by policy, and told to the partner', async () => {
    await meldpunt.advanceTo('2026-04-07T09:00:00+02:00');
    const receipt = await meldpunt.upload(
      'incasso',
      ['BLIJFT', 'STIJGT', 'GESTEGEN', 'STIL', 'INGETROKKEN', 'ANDERE-REDEN', 'ELDERS']
        .map((reference) => row(reference))
        .concat(row('ONTRUIMING', { signaalsoort: 'ontruiming' })),
    );
    // It was reported all the same, and has its certificate.
    expect(receipt).toMatchObject({ counts: { read: 8, accepted: 8 } });
    expect(await signal('BLIJFT', '2026-04')).toMatchObject({
      status: 'CLOSED',
      outcome: { result: 'Niet opgepakt: herhaalde melding', date: '2026-04-07' },
      earlierPeriods: ['2026-03'],
    });
    expect(await told('BLIJFT')).toEqual([`2026-04-07 ${REPEAT}`]);
  });

  it('[R-DEL-5] the worklist and the signal say why, by which clause, and which signal came before', async () => {
    expect(await onList('BLIJFT', '2026-04')).toMatchObject({
      rang: '',
      werkbakje: 'afgesloten',
      kenmerken: 'enkelvoudig | opeenvolgend',
      partners: expect.stringContaining('herhaald: 2026-03'),
      status: `afgesloten als herhaalde melding: ${WHY}`,
    });
    const [before, now] = [await signal('BLIJFT', '2026-03'), await signal('BLIJFT', '2026-04')];
    const shown = (await meldpunt.invoke('ShowSignalFunction', { id: now.signalId })) as { history: Item[] };
    expect(shown).toMatchObject({
      earlier: [before.signalId],
      governing: expect.arrayContaining([
        { subject: 'repeats', document: 'Bijlage Nijmegen', clause: 'art. 3', since: '2026-01-01' },
      ]),
    });
    expect(shown.history.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['RECEIVED', undefined],
      ['OUTCOME_RECORDED', WHY],
      ['FED_BACK', undefined],
      ['CLOSED', undefined],
    ]);
  });

  it.each([
    ['where nothing of the kind was agreed', 'ELDERS', 'ASSIGNED'],
    ['when nobody dealt with the earlier one in its term', 'STIL', 'ASSIGNED'],
    ['when the earlier one was not taken up', 'ANDERE-REDEN', 'ASSIGNED'],
    ['when the earlier one was withdrawn', 'INGETROKKEN', 'ASSIGNED'],
    ['in a crisis', 'ONTRUIMING', 'ASSIGNED'],
  ])('[R-DEL-5] stays open %s', async (_, reference, status) => {
    expect(await state(reference, '2026-04')).toBe(status);
    expect((await told(reference)).filter((line) => line.includes('herhaalde'))).toEqual([]);
  });

  it('[R-DEL-5][R-DEL-7] corrected to a higher amount it must be taken up after all', async () => {
    expect(await state('GESTEGEN', '2026-04')).toBe('CLOSED');
    await meldpunt.advanceTo('2026-04-09T09:00:00+02:00');
    expect(await meldpunt.upload('incasso', [row('GESTEGEN', { bedrag: '500,01' })])).toMatchObject({
      counts: { read: 1, accepted: 1 },
    });
    expect(await signal('GESTEGEN', '2026-04')).toMatchObject({ status: 'ASSIGNED', round: 2, amountCents: 50_001 });
    expect(await onList('GESTEGEN', '2026-04')).toMatchObject({
      werkbakje: 'in behandeling',
      status: 'open, heropend (bedrag is hoger geworden)',
    });
    await meldpunt.advanceTo('2026-04-10T06:10:00+02:00');
    const morning = (await meldpunt.mails()).filter((mail) => /^To: .*nijmegen/im.test(mail)).at(-1);
    expect(morning).toMatch(/^- Heropend: 1\r?$/m);
    // Its answer takes the place of what the partner was told.
    await answer('0268', '2026-04', ['GESTEGEN'], 'Inwoner is overleden', '10-04-2026');
    expect(await told('GESTEGEN')).toEqual([`2026-04-07 ${REPEAT}`, '2026-04-10 inwoner is overleden']);
  });

  it('[R-DEL-5] the third month: closed again at the same amount, open at a higher one', async () => {
    await meldpunt.advanceTo('2026-05-06T09:00:00+02:00');
    await meldpunt.upload('incasso', [row('BLIJFT'), row('STIJGT', { bedrag: '600,00' })]);
    expect(await signal('BLIJFT', '2026-05')).toMatchObject({
      status: 'CLOSED',
      earlierPeriods: ['2026-03', '2026-04'],
      history: expect.arrayContaining([expect.objectContaining({ kind: 'OUTCOME_RECORDED', detail: WHY })]),
    });
    expect(await told('BLIJFT')).toEqual([`2026-04-07 ${REPEAT}`, `2026-05-06 ${REPEAT}`]);
    expect(await state('STIJGT', '2026-04')).toBe('CLOSED');
    expect(await signal('STIJGT', '2026-05')).toMatchObject({
      status: 'ASSIGNED',
      earlierPeriods: ['2026-03', '2026-04'],
    });
  });

  it('[R-DEL-5] not for ever: longer ago than agreed that somebody dealt with it, it is open again', async () => {
    await meldpunt.advanceTo('2026-06-08T09:00:00+02:00');
    await meldpunt.upload('incasso', [row('BLIJFT')]);
    expect(await state('BLIJFT', '2026-06')).toBe('ASSIGNED');
  });

  it('no execution failed, and those of closed signals ended', async () => {
    expect(await meldpunt.executions('SignalStateMachine', 'FAILED')).toEqual([]);
    expect(await meldpunt.executions('DeliveryStateMachine', 'FAILED')).toEqual([]);
    const running = (await meldpunt.executions('SignalStateMachine', 'RUNNING')).map(({ name }) => name);
    const open = await Promise.all([signal('BLIJFT', '2026-06'), signal('STIJGT', '2026-05')]);
    const ids = open.map(({ signalId }) => String(signalId));
    expect(running).toHaveLength(2);
    for (const id of ids) expect(running).toContainEqual(expect.stringContaining(id));
  });
});
