import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

describe('from receipt to the closing horizon', () => {
  let meldpunt: Meldpunt;
  const state = async (reference: string) => (await meldpunt.signals(reference))[0];
  const id = async (reference: string) => String((await state(reference))?.signalId);
  const kinds = async (reference: string): Promise<readonly string[]> =>
    (((await state(reference))?.history ?? []) as { kind: string }[]).map(({ kind }) => kind);
  const onList = async (reference: string, municipality = '0268', month = '2026-03'): Promise<Row | undefined> => {
    const signalId = await id(reference);
    return (await meldpunt.worklist(municipality, month)).find((row) =>
      Object.values(row).some((cell) => cell.includes(signalId)),
    );
  };
  const nijmegen = { postcode: '6511 AA', woonplaats: 'Nijmegen' };

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-03-02T22:30:00+01:00');
    const receipt = await meldpunt.upload(
      'incasso',
      ['STIL', 'LAAT', 'INGETROKKEN', 'GEZIN-HUUR'].map((referentie, i) =>
        goodRow({
          referentie,
          ...nijmegen,
          huisnummer: String(10 + i),
          achternaam: `Naam${'abcd'[i]}`,
        }),
      ),
    );
    expect(receipt).toMatchObject({ counts: { read: 4, accepted: 4 }, refusals: [] });
    await meldpunt.upload('energie', [
      goodRow({ referentie: 'GEZIN-ENERGIE', ...nijmegen, huisnummer: '13', achternaam: 'Naamd' }),
    ]);
  });
  afterAll(() => meldpunt?.close());

  it('[R-MAT-1][R-MAT-2][R-WOR-1] two signals at an address are one case, marked meervoudig and ranked first', async () => {
    const [rent, energy] = [await state('GEZIN-HUUR'), await state('GEZIN-ENERGIE')];
    expect(rent?.caseId).toBe(energy?.caseId);
    expect(rent?.signalId).not.toBe(energy?.signalId);
    const list = await meldpunt.worklist('0268', '2026-03');
    expect(list).toHaveLength(4);
    expect(list[0]).toMatchObject({ rang: '1', zaak: rent?.caseId });
    expect(Object.values(list[0] ?? {}).join(' ')).toMatch(/meervoudig/);
  });

  it('[R-WOR-3] each case shows why it stands where it stands, and which rule set said so', async () => {
    for (const row of await meldpunt.worklist('0268', '2026-03')) {
      expect(row['reden rangorde'] ?? row.reden_rangorde).toMatch(/signa/);
      expect(row.regelset).toMatch(/\S/);
    }
  });

  it('[R-FLO-1] an outcome of the case completes all its signals', async () => {
    await meldpunt.advanceTo('2026-03-06T10:00:00+01:00');
    const receipt = await meldpunt.outcomes('0268', [
      {
        zaak: String((await state('GEZIN-HUUR'))?.caseId),
        resultaat: 'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering',
        resultaat_datum: '06-03-2026',
      },
    ]);
    expect(receipt).toMatchObject({ counts: { read: 1, taken: 1 } });
    expect(await state('GEZIN-HUUR')).toMatchObject({ status: 'CLOSED' });
    expect(await state('GEZIN-ENERGIE')).toMatchObject({ status: 'CLOSED' });
  });

  it('[R-FEE-2] who wants no help is not fed back under the LCV', async () => {
    expect(await meldpunt.feedback('particulier')).toEqual([]);
    expect(await meldpunt.feedback('energie')).toEqual([]);
  });

  it('[R-FLO-2] the municipality is reminded when day 14 is over, once', async () => {
    await meldpunt.advanceTo('2026-03-16T23:59:59+01:00');
    expect(await kinds('STIL')).not.toContain('REMINDED');
    await meldpunt.advanceTo('2026-03-17T00:00:05+01:00');
    expect((await kinds('STIL')).filter((kind) => kind === 'REMINDED')).toHaveLength(1);
  });

  it('[R-DEL-9] a withdrawal while waiting closes the signal at once, is kept, and shows on the worklist', async () => {
    await meldpunt.advanceTo('2026-03-20T10:00:00+01:00');
    const receipt = await meldpunt.upload('incasso', 'referentie;actie;reden\r\nINGETROKKEN;intrekken;fout\r\n');
    expect(receipt).toMatchObject({ counts: { read: 1, accepted: 0, withdrawn: 1 } });
    expect(await state('INGETROKKEN')).toMatchObject({ status: 'WITHDRAWN', reason: 'fout' });
    const running = await meldpunt.executions('SignalStateMachine', 'RUNNING');
    const signalId = await id('INGETROKKEN');
    expect(running.filter(({ name }) => name?.includes(signalId))).toEqual([]);
    expect(Object.values((await onList('INGETROKKEN')) ?? {}).join(' ')).toMatch(/ingetrokken/i);
  });

  it('[R-DEL-9] the municipality hears of it by the mail of the next morning, once', async () => {
    const withdrawn = async () =>
      (await meldpunt.mails()).flatMap((mail) =>
        /^To: .*nijmegen/im.test(mail) ? (/^- Ingetrokken door de partner: (\d+)\r?$/m.exec(mail)?.[1] ?? []) : [],
      );
    await meldpunt.advanceTo('2026-03-21T05:50:00+01:00');
    expect(await withdrawn()).toEqual([]);
    await meldpunt.advanceTo('2026-03-21T06:10:00+01:00');
    expect(await withdrawn()).toEqual(['1']);
    await meldpunt.advanceTo('2026-03-22T06:10:00+01:00');
    expect(await withdrawn()).toEqual(['1']);
  });

  it('[R-FLO-2] three days before the last one it is warned, once, and can see how the days were counted', async () => {
    await meldpunt.advanceTo('2026-03-27T23:59:59+01:00');
    expect(await kinds('STIL')).not.toContain('WARNED');
    await meldpunt.advanceTo('2026-03-28T00:00:05+01:00');
    expect((await kinds('STIL')).filter((kind) => kind === 'WARNED')).toHaveLength(1);
    const { terms } = (await meldpunt.invoke('ShowSignalFunction', { id: await id('STIL') })) as {
      terms: readonly { kind: string; on: string; because: string }[];
    };
    expect(terms.map(({ kind, on }) => [kind, on])).toEqual([
      ['ESCALATION', '2026-03-30'],
      ['CLOSING', '2026-05-01'],
    ]);
    expect(terms[0]?.because).toMatch(/^28 dagen na 2 maart 2026 = 30 maart 2026 \(/);
    await meldpunt.advanceTo('2026-03-28T06:10:00+01:00');
    const morning = (await meldpunt.mails()).filter((mail) => mail.includes('Bijna te laat'));
    expect(morning).toHaveLength(1);
  });

  it('[R-FLO-2][R-FLO-7] after day 28 the term has expired, over the change of the clocks; still answerable', async () => {
    await meldpunt.advanceTo('2026-03-30T23:59:59+02:00');
    expect(await state('STIL')).toMatchObject({ status: 'ASSIGNED' });
    await meldpunt.advanceTo('2026-03-31T00:00:05+02:00');
    expect(await state('STIL')).toMatchObject({ status: 'TERM_EXPIRED' });
    expect(Object.values((await onList('STIL')) ?? {}).join(' ')).toMatch(/termijn verstreken/i);
    await meldpunt.advanceTo('2026-04-10T10:00:00+02:00');
    await meldpunt.outcomes('0268', [
      {
        signaal: await id('LAAT'),
        resultaat: '(Budget)advies en/of quick fix',
        resultaat_datum: '10-04-2026',
        schuldenrust: 'n',
      },
    ]);
    expect(await state('LAAT')).toMatchObject({
      status: 'CLOSED',
      outcome: { result: '(Budget)advies en/of quick fix' },
    });
  });

  it('[R-FLO-7] without any answer it closes at the horizon with the result of the policy', async () => {
    await meldpunt.advanceTo('2026-05-01T23:59:59+02:00');
    expect(await state('STIL')).toMatchObject({ status: 'TERM_EXPIRED' });
    await meldpunt.advanceTo('2026-05-02T00:00:05+02:00');
    expect(await state('STIL')).toMatchObject({
      status: 'CLOSED',
      outcome: { result: 'Definitief geen contact kunnen krijgen' },
    });
    expect(await meldpunt.feedback('particulier')).not.toContainEqual(expect.objectContaining({ referentie: 'STIL' }));
  });

  it('[R-FLO-2][R-FLO-7] each term was said once', async () => {
    expect(await kinds('STIL')).toEqual([
      'RECEIVED',
      'ASSIGNED',
      'REMINDED',
      'WARNED',
      'TERM_EXPIRED',
      'OUTCOME_RECORDED',
      'CLOSED',
    ]);
  });

  it('every execution ended, and none failed', async () => {
    expect(await meldpunt.executions('SignalStateMachine', 'RUNNING')).toEqual([]);
    expect(await meldpunt.executions('SignalStateMachine', 'FAILED')).toEqual([]);
  });
});
