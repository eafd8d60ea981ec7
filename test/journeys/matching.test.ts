import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

/** People who have nothing in common. */
const who = (voorletters: string, achternaam: string, geboortedatum: string, n: number): Row => ({
  voorletters,
  tussenvoegsel: '',
  achternaam,
  geboortedatum,
  telefoon: `06 1000000${n}`,
  email: `bewoner${n}@example.nl`,
});
const ANNA = who('A.', 'Yilmaz', '06-05-2001', 1);
const COR = who('C.', 'Pietersen', '02-01-1999', 2);
const DAAN = who('D.', 'Okafor', '19-07-2000', 3);
const EVA = who('E.', 'Wolters', '15-03-1975', 4);
const FRITS = who('F.', 'Zonneveldt', '11-11-1970', 5);

const at = (huisnummer: string, toevoeging = ''): Row => ({ huisnummer, toevoeging });
const NO_HELP = {
  resultaat: 'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering',
  resultaat_datum: '08-04-2026',
};

/** April and May 2026 in Haarlem: rent from Elan Wonen and Pré Wonen, energy from one company. */
describe('who belongs together', () => {
  let meldpunt: Meldpunt;
  const one = async (reference: string, month = '2026-04') => {
    const found = (await meldpunt.signals(reference)).find(({ period }) => period === month);
    if (!found) throw new Error(`no ${reference} in ${month}`);
    return found as { caseId: string; signalId: string; status: string };
  };
  const list = (month = '2026-04') => meldpunt.worklist('0392', month);
  /** The case of a reference on the list. */
  const caseOf = async (reference: string, month = '2026-04'): Promise<Row> => {
    const { signalId } = await one(reference, month);
    const row = (await list(month)).find(({ signalen_ids = '' }) => signalen_ids.split(' | ').includes(signalId));
    if (!row) throw new Error(`${reference} is on no list`);
    return row;
  };
  const numberOf = async (reference: string, month?: string): Promise<string> =>
    (await caseOf(reference, month)).zaak ?? '';
  const answers = async (...rows: readonly Row[]): Promise<readonly string[]> =>
    ((await meldpunt.outcomes('0392', rows)).answers as { verdict: string; code?: string }[]).map(({ verdict, code }) =>
      [verdict, ...(code ? [code] : [])].join(' '),
    );
  const statusOf = async (reference: string): Promise<string> => (await one(reference)).status;
  const report = async (party: string, ...rows: readonly Row[]) => {
    const receipt = await meldpunt.upload(
      party,
      rows.map((row) => goodRow({ toevoeging: '', ...row })),
    );
    expect(receipt).toMatchObject({ counts: { read: rows.length, accepted: rows.length } });
  };
  const rents = [
    { referentie: 'KAMER-1', ...ANNA, ...at('10') },
    { referentie: 'KAMER-2', ...COR, ...at('10') },
    { referentie: 'KAMER-3', ...DAAN, ...at('10') },
    { referentie: 'PAAR-HUUR', ...EVA, ...at('20') },
    { referentie: 'DEUR-HUUR', ...FRITS, ...at('30', 'A') },
    { referentie: 'GEZIN-1', ...who('G.', 'Brandsma', '01-02-1980', 6), ...at('40') },
    { referentie: 'GEZIN-2', ...who('H.', 'Castelein', '03-04-1981', 7), ...at('42') },
  ];
  const bills = [
    { referentie: 'STROOM-1', ...ANNA, voorletters: 'Anna', ...at('10') },
    { referentie: 'PAAR-STROOM', ...who('P.', 'Rademaker', '21-12-1974', 8), ...at('20') },
    { referentie: 'DEUR-STROOM', ...FRITS, ...at('30') },
  ];

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-04-08T09:00:00+02:00');
    await report('elan-wonen', ...rents);
    await report('energie', ...bills);
  });
  afterAll(() => meldpunt?.close());

  it('[R-MAT-4] [R-MAT-3] a student house: each her own case, the energy bill with her who has it; an answer for one leaves the others waiting', async () => {
    const { caseId } = await one('KAMER-1');
    const anna = await caseOf('KAMER-1');
    expect(anna.zaak).toMatch(new RegExp(`^${caseId}\\.[0-9A-Z]{4}$`));
    expect(anna).toMatchObject({ zaak: await numberOf('STROOM-1'), signalen: '2' });
    expect(anna.koppeling).toContain('achternaam gelijk');
    expect(anna.koppeling).toContain('(persoon 1)');
    expect(new Set([anna.zaak, await numberOf('KAMER-2'), await numberOf('KAMER-3')]).size).toBe(3);

    expect(await answers({ zaak: caseId, ...NO_HELP }, { zaak: anna.zaak ?? '', ...NO_HELP })).toEqual([
      'afgekeurd CASE_IN_PARTS',
      'verwerkt',
    ]);
    expect(await Promise.all(['KAMER-1', 'STROOM-1', 'KAMER-2', 'KAMER-3'].map(statusOf))).toEqual([
      'CLOSED',
      'CLOSED',
      'ASSIGNED',
      'ASSIGNED',
    ]);
  });

  it('[R-MAT-1] [R-MAT-2] a couple with two names is one household, with what it is flagged for', async () => {
    const row = await caseOf('PAAR-HUUR');
    expect(row.zaak).toBe((await one('PAAR-STROOM')).caseId);
    expect(row).toMatchObject({ signalen: '2', naam: expect.stringContaining('Wolters') });
    expect(row.kenmerken_uitleg).toBe('meervoudig: 2 signalen: Energie 1, Huur 1');
    expect(row.personen).toContain('E. Wolters');
    expect(row.personen).toContain('P. Rademaker');
  });

  it('[R-MAT-3] [R-MAT-4] one front door spelt two ways is joined by the model; a worker takes it apart', async () => {
    const row = await caseOf('DEUR-HUUR');
    expect(row).toMatchObject({ zaak: await numberOf('DEUR-STROOM'), signalen: '2' });
    expect(row.koppeling).toContain('samengevoegd: zelfde persoon achter één voordeur');
    const { signalId } = await one('DEUR-STROOM');
    const line = { signaal: signalId, medewerker: 'w17', splitsen: 'j', koppeling_reden: 'andere persoon' };
    expect(await answers(line)).toEqual(['verwerkt']);
    expect(await answers(line)).toEqual(['al bekend']);
    expect(await numberOf('DEUR-STROOM')).toBe((await one('DEUR-STROOM')).caseId);
    expect(await numberOf('DEUR-HUUR')).toBe((await one('DEUR-HUUR')).caseId);
  });

  it('[R-MAT-4] a worker puts two cases together, and one answer is for both', async () => {
    const [first, second] = [await numberOf('GEZIN-1'), await numberOf('GEZIN-2')];
    expect(
      await answers({ zaak: first, medewerker: 'w17', samenvoegen_met: second, koppeling_reden: 'zelfde huishouden' }),
    ).toEqual(['verwerkt']);
    // Which of the two numbers stays is up to their keyed hashes.
    const together = await caseOf('GEZIN-2');
    const gone = together.zaak === first ? second : first;
    expect([first, second]).toContain(together.zaak);
    expect(together).toMatchObject({ zaak: await numberOf('GEZIN-1'), signalen: '2' });
    expect(together.adres?.split(' | ')).toHaveLength(2);
    expect(together.koppeling).toContain(`samengevoegd met zaak ${gone}: zelfde huishouden (w17, 08-04-2026)`);
    expect(together.gebeurd).toContain(`samengevoegd met zaak ${gone}`);
    expect(await answers({ zaak: second, ...NO_HELP })).toEqual(['verwerkt']);
    expect(await Promise.all(['GEZIN-1', 'GEZIN-2'].map(statusOf))).toEqual(['CLOSED', 'CLOSED']);
  });

  it('[R-MAT-5] what is stored of a decision is keyed, and nothing of a person', async () => {
    const stored = (await meldpunt.items()).filter(({ pk }) => /^GM#0392#MATCH$/.test(String(pk)));
    expect(stored.length).toBeGreaterThan(3);
    expect(JSON.stringify(stored)).not.toMatch(/Zonneveldt|Brandsma|2011|bewoner|1000000|1970/i);
  });

  it('[R-MAT-2] [R-MAT-4] next month: linked to the case before, what was decided holds, strangers stay apart', async () => {
    const before = {
      couple: await numberOf('PAAR-HUUR'),
      anna: await numberOf('KAMER-1'),
    };
    await meldpunt.advanceTo('2026-05-06T09:00:00+02:00');
    await report('elan-wonen', ...rents);
    await report('energie', ...bills.slice(2), { referentie: 'DEUR-NIEUW', ...FRITS, ...at('30') });

    const couple = await caseOf('PAAR-HUUR', '2026-05');
    expect(couple.kenmerken_uitleg).toContain(`opeenvolgend: eerder gemeld: 2026-04 (zaak ${before.couple})`);
    expect(couple.andere_zaken).toContain(`${before.couple}: eerder op dit adres (2026-04, nog niet beantwoord)`);
    const anna = await caseOf('KAMER-1', '2026-05');
    expect(anna.zaak).toMatch(/\.[0-9A-Z]{4}$/);
    expect(anna.andere_zaken).toContain(`${before.anna}: eerder op dit adres (2026-04, ${NO_HELP.resultaat})`);

    expect(await numberOf('DEUR-HUUR', '2026-05')).not.toBe(await numberOf('DEUR-STROOM', '2026-05'));
    expect(await numberOf('DEUR-NIEUW', '2026-05')).toBe(await numberOf('DEUR-STROOM', '2026-05'));
    expect(await numberOf('GEZIN-2', '2026-05')).toBe(await numberOf('GEZIN-1', '2026-05'));
  });

  it('[R-MAT-3] [R-PRI-5] a signal shows who decided what about it, to whom says why they look', async () => {
    const { signalId } = await one('DEUR-STROOM');
    const shown = (reading: object) =>
      meldpunt.invoke('ShowSignalFunction', { id: signalId, ...reading }) as Promise<{ matching?: unknown }>;
    expect(await shown({})).not.toHaveProperty('matching');
    expect(await shown({ by: 'w17', purpose: 'vraag van de inwoner' })).toMatchObject({
      formed: 'ADDRESS',
      matching: {
        decisions: [
          { kind: 'TOGETHER', decided: { model: 'persoon 1', evidence: { decision: 'SAME' } } },
          { kind: 'APART', decided: { by: 'w17', reason: 'andere persoon' } },
        ],
      },
    });
  });
});
