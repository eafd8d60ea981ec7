import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuration } from '../support/configuration.ts';
import { goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

type Item = Record<string, unknown>;

/** One agency for a partner of each type, with Nijmegen under the text of 2020 and with Amsterdam under that of 2022. */
const TYPES = ['Huur', 'Energie', 'Water', 'Zorg'] as const;
const [landlord] = configuration.partners;
const [party] = configuration.deliveringParties;
const [agreement] = configuration.agreements;
const idOf = (type: string): string => `proef-${type.toLowerCase()}`;
const agreed = {
  ...configuration,
  partners: [...configuration.partners, ...TYPES.map((type) => ({ ...landlord, id: idOf(type), name: type, type }))],
  deliveringParties: [
    ...configuration.deliveringParties,
    { ...party, id: 'proef', name: 'Proef', partners: TYPES.map(idOf) },
  ],
  agreements: [
    ...configuration.agreements,
    ...TYPES.flatMap((type) =>
      (['2020', '2022'] as const).map((lcvVersion) => ({
        ...agreement,
        id: `${idOf(type)}-${lcvVersion}`,
        partner: idOf(type),
        municipality: lcvVersion === '2020' ? '0268' : '0363',
        lcvVersion,
      })),
    ),
  ],
};
const PLACE = {
  2020: { postcode: '6511 AA', woonplaats: 'Nijmegen' },
  2022: { postcode: '1012 AB', woonplaats: 'Amsterdam' },
} as const;

/** Due so many days before Monday 15 June 2026. */
const DUE = {
  29: '17-05-2026',
  30: '16-05-2026',
  49: '27-04-2026',
  50: '26-04-2026',
  100: '07-03-2026',
  101: '06-03-2026',
} as const;
const DAYS = [29, 30, 49, 50, 100, 101] as const;

/** By hand from DOMAIN R-DEL-4: − is too early, + is taken, ! is taken with a warning. */
const EDGES = [
  // days:             29   30   49   50   100  101
  ['Huur', '2020', ['-', '+', '+', '+', '+', '+']],
  ['Huur', '2022', ['-', '+', '+', '+', '+', '+']],
  ['Energie', '2020', ['-', '-', '-', '+', '+', '!']],
  ['Energie', '2022', ['-', '+', '+', '+', '+', '+']],
  ['Water', '2020', ['-', '+', '+', '+', '+', '!']],
  ['Water', '2022', ['-', '+', '+', '+', '+', '+']],
  ['Zorg', '2020', ['-', '+', '+', '+', '+', '!']],
  ['Zorg', '2022', ['-', '+', '+', '+', '+', '!']],
] as const;

describe('what may be reported, by type of partner and text of its agreement', () => {
  let meldpunt: Meldpunt;
  let house = 0;
  const row = (type: (typeof TYPES)[number], version: '2020' | '2022', referentie: string, over: Row = {}): Row => {
    house += 1;
    return goodRow({
      partner: idOf(type),
      referentie,
      huisnummer: String(house),
      ...PLACE[version],
      datum_herinnering: 'j',
      datum_contactpoging: 'j',
      ...over,
    });
  };
  const state = async (reference: string): Promise<Item | undefined> => (await meldpunt.signals(reference))[0];

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-06-15T23:30:00+02:00', agreed);
  });
  afterAll(() => meldpunt?.close());

  it('[R-DEL-4][R-AGR-6] every type and both texts at each of their edges', async () => {
    const file = EDGES.flatMap(([type, version]) =>
      DAYS.map((days) => row(type, version, `${type}-${version}-${days}`, { vervaldatum: DUE[days] })),
    );
    const receipt = await meldpunt.upload('proef', file);
    expect(receipt).toMatchObject({ counts: { read: 48, accepted: 38, refused: 10 } });
    const refused = new Map(
      (await meldpunt.rows(`partners/proef/deliveries/${receipt.deliveryId}/rejected.csv`)).map((each) => [
        each.referentie,
        each,
      ]),
    );
    const taken = new Map((await meldpunt.signals()).map((each) => [each.reference, each]));
    const found = EDGES.map(([type, version]) => [
      type,
      version,
      DAYS.map((days) => {
        const reference = `${type}-${version}-${days}`;
        if (refused.has(reference)) return refused.get(reference)?.code === 'TOO_EARLY' ? '-' : '?';
        const warnings = (taken.get(reference)?.warnings ?? []) as readonly string[];
        return warnings.includes('OVERDUE_PAST_MAXIMUM') ? '!' : '+';
      }),
    ]);
    expect(found).toEqual(EDGES);
    expect(refused.get('Huur-2020-29')).toMatchObject({ kolom: 'vervaldatum' });
  });

  it('[R-DEL-4] the day is that in Amsterdam: an hour later the same row is old enough', async () => {
    const early = row('Huur', '2022', 'OM-MIDDERNACHT', { vervaldatum: DUE[29] });
    expect(await meldpunt.upload('proef', [early])).toMatchObject({ counts: { accepted: 0, refused: 1 } });
    await meldpunt.advanceTo('2026-06-16T00:30:00+02:00');
    expect(await meldpunt.upload('proef', [early])).toMatchObject({ counts: { accepted: 1, refused: 0 } });
  });

  it('[R-DEL-12] every kind of signal runs on its own clock', async () => {
    await meldpunt.upload('proef', [
      row('Huur', '2022', 'VROEG'),
      row('Huur', '2022', 'GEACTUALISEERD', { signaalsoort: 'geactualiseerd' }),
      row('Huur', '2022', 'ONTRUIMING', { signaalsoort: 'ontruiming' }),
      row('Energie', '2022', 'EINDELEVERING', { signaalsoort: 'eindelevering', datum_einde_levering: '14-07-2026' }),
      // Tuesday 16 June and twenty business days are Tuesday 14 July.
      row('Energie', '2022', 'EINDELEVERING-TE-LAAT', {
        signaalsoort: 'eindelevering',
        datum_einde_levering: '13-07-2026',
      }),
    ]);
    const clock = async (reference: string) => {
      const terms = ((await state(reference))?.terms ?? []) as readonly { kind: string; on: string }[];
      return terms.map(({ kind, on }) => `${on} ${kind}`);
    };
    const ordinary = ['2026-06-30 REMINDER', '2026-07-11 WARNING', '2026-07-14 ESCALATION', '2026-08-15 CLOSING'];
    const crisis = ['2026-06-19 FIRST_CONVERSATION', ...ordinary];
    expect(await clock('VROEG')).toEqual(ordinary);
    expect(await clock('GEACTUALISEERD')).toEqual(ordinary);
    expect(await clock('ONTRUIMING')).toEqual(crisis);
    expect(await clock('EINDELEVERING')).toEqual(crisis);
    expect(await state('EINDELEVERING')).toMatchObject({ warnings: [], endOfSupplyOn: '2026-07-14' });
    expect(await state('EINDELEVERING-TE-LAAT')).toMatchObject({ warnings: ['END_OF_SUPPLY_NEAR'] });
  });

  it('[R-DEL-12][R-DEL-7] what becomes an eviction after all gets its three business days from the first report', async () => {
    const early = row('Huur', '2022', 'WORDT-CRISIS');
    await meldpunt.upload('proef', [early]);
    await meldpunt.advanceTo('2026-06-17T09:00:00+02:00');
    await meldpunt.upload('proef', [{ ...early, signaalsoort: 'ontruiming' }]);
    expect(await state('WORDT-CRISIS')).toMatchObject({
      kind: 'ontruiming',
      terms: expect.arrayContaining([expect.objectContaining({ kind: 'FIRST_CONVERSATION', on: '2026-06-19' })]),
    });
    expect(await meldpunt.executions('SignalStateMachine', 'FAILED')).toEqual([]);
  });
});
