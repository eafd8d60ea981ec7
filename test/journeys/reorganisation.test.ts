import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuration } from '../support/configuration.ts';
import { goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

type Item = Record<string, unknown>;

const [municipality] = configuration.municipalities;
const agreementOf = (partner: string) => configuration.agreements.find((each) => each.partner === partner);
const agreement = (partner: string, code: string, over: Item = {}): Item => ({
  ...agreementOf(partner),
  id: `${partner}-${code}`,
  municipality: code,
  lcvVersion: '2022',
  validFrom: '2026-01-01',
  validTo: undefined,
  ...over,
});
/** The sample, with Wijdemeren and Hilversum: the agency's landlord has an agreement with both, energy with Wijdemeren only. */
const gooi = {
  ...configuration,
  municipalities: [
    ...configuration.municipalities,
    { ...municipality, code: '1696', name: 'Wijdemeren', organisation: 'nijmegen' },
    { ...municipality, code: '0402', name: 'Hilversum', organisation: 'amsterdam' },
  ],
  agreements: [
    ...configuration.agreements,
    agreement('particulier', '1696'),
    agreement('particulier', '0402'),
    agreement('energie', '1696'),
  ],
};
const WIJDEMEREN = ['1231', '1241', '1243', '1244', '1394', '3625'];

describe('Wijdemeren becomes part of Hilversum on 1 January 2027', () => {
  let meldpunt: Meldpunt;
  const rows = (prefix: string, pc4s: readonly string[]): readonly Row[] =>
    pc4s.map((pc4, i) =>
      goodRow({
        referentie: `${prefix}-${pc4}`,
        postcode: `${pc4} AB`,
        huisnummer: String(10 + i),
        woonplaats: 'Loosdrecht',
        gemeente: pc4 === '1216' ? 'Hilversum' : 'Gem. Wijdemeren',
      }),
    );
  /** Where a signal of each month is, as `<period> <municipality> <certainty> <status>`. */
  const where = async (reference: string): Promise<readonly string[]> =>
    (await meldpunt.signals(reference))
      .map(({ period, municipality, certainty, status }) => `${period} ${municipality} ${certainty} ${status}`)
      .sort();
  const refused = async (party: string, deliveryId: string) =>
    (await meldpunt.rows(`partners/${party}/deliveries/${deliveryId}/rejected.csv`)).map((row) => [
      row.referentie,
      row.code,
      row.uitleg,
    ]);

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-12-31T23:30:00+01:00', gooi);
  });
  afterAll(() => meldpunt?.close());

  it('[R-ROU-2][R-AGR-2] loading says beforehand which agreement there will not be', async () => {
    expect(await meldpunt.invoke('LoadConfigurationFunction', { configuration: gooi })).toMatchObject({
      merging: {
        'energie-1696':
          'Wijdemeren is vanaf 1 januari 2027 deel van Hilversum (aangekondigd); daarmee heeft deze partner dan geen overeenkomst',
      },
    });
  });

  it('[R-ROU-2] a signal of 31 December, half past eleven in the evening, is Wijdemeren’s', async () => {
    const receipt = await meldpunt.upload('incasso', rows('H', [...WIJDEMEREN, '1216']));
    expect(receipt).toMatchObject({ counts: { read: 7, accepted: 7 } });
    for (const pc4 of WIJDEMEREN) expect(await where(`H-${pc4}`)).toEqual(['2026-12 1696 exact ASSIGNED']);
    expect(await where('H-1216')).toEqual(['2026-12 0402 probable ASSIGNED']);
    expect(JSON.stringify(receipt)).toContain('ROUTE_PROBABLE');
    expect(JSON.stringify(receipt)).not.toContain('MUNICIPALITY_DIFFERS');
    expect(await meldpunt.upload('energie', rows('E', ['1241']))).toMatchObject({ counts: { accepted: 1 } });
    expect(await where('E-1241')).toEqual(['2026-12 1696 exact ASSIGNED']);
  });

  it('[R-ROU-1] who works with a doubtful one reads so, and which other municipality it may be', async () => {
    const [signal] = await meldpunt.signals('H-1216');
    const list = await meldpunt.worklist('0402', '2026-12');
    expect(list.map(({ kenmerken }) => kenmerken)).toEqual([
      'enkelvoudig | gemeente niet zeker: adres kan ook in Wijdemeren liggen',
    ]);
    expect(await meldpunt.invoke('ShowSignalFunction', { id: signal?.signalId })).toMatchObject({
      certainty: { municipality: 'probable', orElse: ['1696'] },
    });
  });

  it('[R-ROU-2] an hour later, still 2026 in Greenwich, the same arrears are Hilversum’s; December stays where it is', async () => {
    await meldpunt.advanceTo('2027-01-01T00:30:00+01:00');
    const receipt = await meldpunt.upload('incasso', rows('H', [...WIJDEMEREN, '1216']));
    expect(receipt).toMatchObject({ counts: { read: 7, accepted: 7 } });
    for (const pc4 of WIJDEMEREN)
      expect(await where(`H-${pc4}`)).toEqual(['2026-12 1696 exact ASSIGNED', '2027-01 0402 exact ASSIGNED']);
    // Between two that are one by now there is no doubt left.
    expect(await where('H-1216')).toEqual(['2026-12 0402 probable ASSIGNED', '2027-01 0402 exact ASSIGNED']);
    expect(JSON.stringify(receipt)).not.toMatch(/ROUTE_PROBABLE|MUNICIPALITY_DIFFERS/);
    const january = (await meldpunt.signals('H-1231')).find(({ period }) => period === '2027-01');
    expect(january).toMatchObject({ earlierPeriods: ['2026-12'], organisation: 'amsterdam' });
    expect(await meldpunt.worklist('1696', '2026-12')).toHaveLength(7);
    expect(await meldpunt.worklist('1696', '2027-01')).toEqual([]);
    expect(await meldpunt.worklist('0402', '2027-01')).toHaveLength(7);
  });

  it('[R-ROU-2][R-AGR-2] who has no agreement with Hilversum reads so, until there is one', async () => {
    const late = await meldpunt.upload('energie', rows('E', ['1241']));
    expect(late).toMatchObject({ counts: { accepted: 0, refused: 1 } });
    expect(await refused('energie', late.deliveryId)).toEqual([
      ['E-1241', 'NO_AGREEMENT', 'Er is geen overeenkomst met de gemeente Hilversum.'],
    ]);
    const agreements = [...gooi.agreements, agreement('energie', '0402', { validFrom: '2027-01-01' })];
    expect(
      await meldpunt.invoke('LoadConfigurationFunction', { configuration: { ...gooi, agreements } }),
    ).toMatchObject({
      merging: {},
    });
    await meldpunt.advanceTo('2027-01-04T09:00:00+01:00');
    expect(await meldpunt.upload('energie', rows('E', ['1241']))).toMatchObject({ counts: { accepted: 1 } });
    expect(await where('E-1241')).toEqual(['2026-12 1696 exact ASSIGNED', '2027-01 0402 exact ASSIGNED']);
  });

  it('[R-ROU-2] what Wijdemeren had it answers itself, and its partner hears it from Wijdemeren', async () => {
    const december = (await meldpunt.signals('H-1231')).find(({ period }) => period === '2026-12');
    const receipt = await meldpunt.outcomes('1696', [
      {
        signaal: String(december?.signalId),
        zaak: String(december?.caseId),
        resultaat: 'Inwoner is overleden',
        resultaat_datum: '03-01-2027',
      },
    ]);
    expect(receipt).toMatchObject({ counts: { read: 1, taken: 1 } });
    expect(await where('H-1231')).toEqual(['2026-12 1696 exact CLOSED', '2027-01 0402 exact ASSIGNED']);
    expect(await meldpunt.feedback('particulier')).toMatchObject([
      { referentie: 'H-1231', gemeente: 'Wijdemeren', uitkomst: 'inwoner is overleden' },
    ]);
    expect(await meldpunt.executions('SignalStateMachine', 'FAILED')).toEqual([]);
    expect(await meldpunt.executions('DeliveryStateMachine', 'FAILED')).toEqual([]);
  });
});
