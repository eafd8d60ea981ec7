import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import {
  ArrearId,
  Cents,
  caseIdOf,
  HouseholdKey,
  Instant,
  IsoDate,
  MunicipalityCode,
  type PartnerId,
  Period,
  signalIdOf,
  WorkerId,
} from '#domain/ids.ts';
import type { Comparison } from '#domain/matching/comparison.ts';
import { memberOf } from '#domain/matching/decide.ts';
import type { DecisionReason, MatchDecision } from '#domain/matching/decision.ts';
import { matched } from '#domain/ranking/matched.ts';
import { worklistOf } from '#domain/ranking/worklist.ts';
import { linesOf } from '#domain/ranking/worklist-columns.ts';
import { worklistFile } from '#domain/ranking/worklist-file.ts';
import { worklistWorkbook } from '#domain/ranking/worklist-workbook.ts';
import type { Signal, SignalFacts } from '#domain/signal/signal.ts';
import { configuration } from '#test/support/configuration.ts';
import { governingOf } from '#test/support/governing.ts';
import { signal } from '#test/support/signal.ts';
import { listRows, openWorkbook, zipped } from '#test/support/spreadsheet.ts';

const april = Period.parse('2026-04');
const haarlem = MunicipalityCode.parse('0392');
const HERE = '0392-2604-000000000001';
const THERE = '0392-2604-000000000002';
const day = (n: number, hour = 8): Instant =>
  Instant.parse(`2026-04-${String(n).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00.000Z`);

/** A signal at house `n`; `id` begins its arrear id. Received on the first of the month unless it says when. */
const at = (n: number, id: string, facts: Partial<SignalFacts>): Signal => {
  const arrearId = ArrearId.parse(id.padEnd(16, '0'));
  const { receivedAt = day(1) } = facts;
  return {
    ...signal({
      arrearId,
      signalId: signalIdOf(arrearId, april),
      caseId: caseIdOf(haarlem, april, HouseholdKey.parse(String(n).padStart(12, '0'))),
      address: {
        houseNumber: n,
        postcode: `2011A${n}`.replace(/\d$/, (x) => 'ABCDE'.charAt(Number(x))),
        city: 'Haarlem',
      },
      ...facts,
    }),
    history: [{ kind: 'RECEIVED', at: receivedAt, source: 'levering' }],
  };
};
const born = (dateOfBirth: string) => ({ dateOfBirth: IsoDate.parse(dateOfBirth) });
const decide = (
  kind: 'APART' | 'TOGETHER',
  one: readonly Signal[],
  other: readonly Signal[],
  reason: DecisionReason,
  when = day(10),
): MatchDecision => ({
  decisionId: `${kind}-${when}`,
  municipality: haarlem,
  kind,
  one: one.map(memberOf),
  other: other.map(memberOf),
  at: when,
  decided: { by: WorkerId.parse('w17'), reason, source: 'uitkomsten' },
});

const partnerOf = (id: PartnerId) => configuration.partners.find((partner) => partner.id === id);
const listOf = (signals: readonly Signal[], decisions: readonly MatchDecision[] = [], since = day(5)) => {
  const facts = { organisation: 'SDV', partnerOf, since };
  const lines = linesOf(
    worklistOf(april, matched(signals, decisions), governingOf, IsoDate.parse('2026-04-20')),
    governingOf,
    facts,
  );
  const rows: Record<string, string>[] = parse([...worklistFile(lines)].join(''), {
    columns: true,
    delimiter: ';',
    bom: true,
  });
  const book = () =>
    openWorkbook(
      zipped(
        worklistWorkbook(lines, {
          ...facts,
          municipality: 'Haarlem',
          period: april,
          at: day(20),
          rankings: [],
          otherMonths: [],
        }),
      ),
    );
  /** The line that a signal is on. */
  const rowOf = ({ signalId }: Signal) => rows.find(({ signalen_ids = '' }) => signalen_ids.includes(signalId)) ?? {};
  return { rows, book, rowOf };
};

const father = at(1, 'FA', { resident: { surname: 'Bakker', initials: 'J.', ...born('1960-01-01') } });
const son = at(1, 'S0', {
  partnerType: 'Energie',
  amountCents: Cents.parse(42_000),
  resident: { surname: 'Bakker', initials: 'J.', ...born('1992-09-02') },
});
const wolters = at(1, 'W0', { partnerType: 'Energie', resident: { surname: 'Wolters', initials: 'E.' } });
const okafor = at(2, 'K0', { resident: { surname: 'Okafor', initials: 'D.' } });

describe('who is in a case, as the list says it', () => {
  it('[R-MAT-3] [R-MAT-4] father and son with one name: who owes what, and the number to split each off with', () => {
    expect(listOf([father, son]).rowOf(son).personen).toBe(
      'J. Bakker (01-01-1960): Elan Wonen € 1.234,56, FA00000000000000-2604 | ' +
        'J. Bakker (02-09-1992): Elan Wonen € 420,00, S000000000000000-2604',
    );
  });

  it('[R-MAT-1] [R-MAT-4] a case of two addresses shows both, also on the sheet, in a row that is high enough', () => {
    const list = listOf([father, okafor], [decide('TOGETHER', [father], [okafor], 'zelfde huishouden')]);
    expect(list.rows).toHaveLength(1);
    expect(list.rowOf(okafor)).toMatchObject({
      adres: '1, 2011AB Haarlem | 2, 2011AC Haarlem',
      postcode: '2011AB | 2011AC',
    });
    const sheet = list.book().sheet('Nieuw');
    expect(listRows(sheet)[0]?.Adres).toBe('1, 2011AB Haarlem\n2, 2011AC Haarlem');
    expect(Number(/<row r="3" ht="(\d+)"/.exec(sheet.xml)?.[1])).toBeGreaterThanOrEqual(30);
  });

  it('[R-MAT-1] one address in two spellings is one address', () => {
    const spelt = { ...wolters, address: { ...father.address, street: 'Kleine Houtstraat' } };
    expect(listOf([father, spelt]).rowOf(father).adres).toBe('1, 2011AB Haarlem');
  });
});

/** Who lived in a house with `father`, and is told apart. */
const split = decide('APART', [wolters], [father], 'andere persoon');
const kamers = { ...at(1, 'C0', { resident: { surname: 'Castelein' }, receivedAt: day(12) }) };

describe('what was decided about a case, as the list says it', () => {
  it('[R-MAT-4] a split: who, when, why and from which case, at both sides, and what the number was', () => {
    const { rowOf, book } = listOf([father, wolters], [split]);
    expect(rowOf(father)).toMatchObject({
      zaak: `${HERE}.FA00`,
      nieuws: 'gewijzigd',
      gebeurd: `adres gesplitst, was zaak ${HERE}`,
      gewijzigd_op: '2026-04-10',
      andere_zaken: `ook op dit adres: zaak ${HERE}.W000`,
    });
    expect(rowOf(father).koppeling).toContain(`gesplitst van zaak ${HERE}.W000: andere persoon (w17, 10-04-2026)`);
    expect(rowOf(wolters).koppeling).toContain(`gesplitst van zaak ${HERE}.FA00: andere persoon (w17, 10-04-2026)`);
    const decisions = listRows(book().sheet('Koppelingen')).filter(({ Soort }) => Soort === 'besluit');
    expect(decisions.find(({ Zaak }) => Zaak === `${HERE}.FA00`)).toMatchObject({
      Oordeel: 'gesplitst',
      Waarop: `andere persoon: zaak ${HERE}.W000`,
      Signaal: father.signalId,
      'Ander signaal': wolters.signalId,
      'Besloten door': 'w17',
      Dag: Date.parse('2026-04-10') / 86_400_000 + 25_569,
    });
    expect(decisions).toHaveLength(2);
  });

  it('[R-MAT-4] an undo does not wipe out what was decided before it', () => {
    const undo = decide('TOGETHER', [wolters], [father], 'ten onrechte gesplitst', day(11));
    const { rows, rowOf, book } = listOf([father, wolters], [split, undo]);
    expect(rows).toHaveLength(1);
    expect(rowOf(father)).toMatchObject({
      zaak: HERE,
      gebeurd: `adres gesplitst, was zaak ${HERE} | samengevoegd, was zaak ${HERE}.FA00 en zaak ${HERE}.W000`,
      gewijzigd_op: '2026-04-11',
    });
    expect(rowOf(father).koppeling).toContain('andere persoon (w17, 10-04-2026)');
    expect(rowOf(father).koppeling).toContain(
      `samengevoegd met zaak ${HERE}.FA00: ten onrechte gesplitst (w17, 11-04-2026)`,
    );
    const decisions = listRows(book().sheet('Koppelingen')).filter(({ Soort }) => Soort === 'besluit');
    expect(decisions.map(({ Oordeel }) => Oordeel)).toEqual(['gesplitst', 'samengevoegd']);
  });

  it('[R-MAT-4] two addresses put together: the number that is gone, and nothing new for who looked since', () => {
    const merge = decide('TOGETHER', [okafor], [father], 'zelfde huishouden');
    const { rowOf, book } = listOf([father, okafor], [merge]);
    expect(rowOf(okafor)).toMatchObject({ zaak: HERE, nieuws: 'gewijzigd', gebeurd: `samengevoegd met zaak ${THERE}` });
    expect(rowOf(okafor).koppeling).toContain(`samengevoegd met zaak ${THERE}: zelfde huishouden (w17, 10-04-2026)`);
    expect(listRows(book().sheet('Koppelingen')).map(({ Oordeel }) => Oordeel)).toContain('samengevoegd');
    expect(listOf([father, okafor], [merge], day(11)).rowOf(okafor)).toMatchObject({
      nieuws: '',
      gebeurd: '',
      gewijzigd_op: '2026-04-10',
    });
  });

  it('[R-MAT-4] decided in an earlier month, or the very moment it came: the other number all the same', () => {
    for (const when of [Instant.parse('2026-03-20T08:00:00.000Z'), day(1)]) {
      const { rowOf } = listOf([father, okafor], [decide('TOGETHER', [father], [okafor], 'zelfde huishouden', when)]);
      expect(rowOf(okafor).koppeling).toContain(`samengevoegd met zaak ${THERE}: zelfde huishouden (w17, `);
    }
  });

  it('[R-MAT-4] rooms, says a worker: in words of their own', () => {
    const rooms = decide('APART', [wolters], [father], 'kamers of begeleid wonen');
    const rows = listRows(listOf([father, wolters], [rooms]).book().sheet('Koppelingen'));
    expect(rows.filter(({ Soort }) => Soort === 'besluit').map(({ Oordeel }) => Oordeel)).toEqual(['kamers', 'kamers']);
  });

  it('[R-MAT-4] [R-WOR-1] a new tenant makes rooms of an address: who was there is told, who came is new', () => {
    const { rowOf } = listOf([father, kamers]);
    expect(rowOf(father)).toMatchObject({
      zaak: `${HERE}.FA00`,
      nieuws: 'gewijzigd',
      gebeurd: `adres gesplitst, was zaak ${HERE}`,
      gewijzigd_op: '2026-04-12',
      andere_zaken: `ook op dit adres: zaak ${HERE}.C000`,
    });
    expect(rowOf(kamers)).toMatchObject({ zaak: `${HERE}.C000`, nieuws: 'nieuw', gebeurd: 'gemeld' });
  });

  it('[R-MAT-4] who comes makes a number longer: the short one of before is told, and nobody was split', () => {
    const castelein = at(1, 'C0', { resident: { surname: 'Castelein' } });
    const alike = at(1, 'FA001', { resident: { surname: 'Pietersen' }, receivedAt: day(12) });
    const { rowOf } = listOf([father, castelein, alike]);
    expect(rowOf(father)).toMatchObject({
      zaak: `${HERE}.FA000`,
      nieuws: 'gewijzigd',
      gebeurd: `langer nummer, was zaak ${HERE}.FA00`,
      gewijzigd_op: '2026-04-12',
    });
    expect(rowOf(castelein)).toMatchObject({ zaak: `${HERE}.C000`, nieuws: '' });
    expect(rowOf(alike)).toMatchObject({ zaak: `${HERE}.FA001`, nieuws: 'nieuw' });
  });

  describe('of strangers, of whom the partner improves one', () => {
    const rooms = ['Zwartkruis', 'Pietersen', 'Okafor'].map((surname, i) =>
      at(1, `${'ABC'[i]}0`, { partnerType: 'Energie', resident: { surname } }),
    ) as [Signal, Signal, Signal];
    const [first, second, third] = rooms;
    const elsewhere = at(2, 'D0', { partnerType: 'Energie', resident: { surname: 'Wolters' } });
    const later = (of: Signal, entry: Partial<Signal['history'][number]>): Signal =>
      ({
        ...of,
        history: [...of.history, { kind: 'CORRECTED', at: day(10), source: 'levering-2', ...entry }],
      }) as Signal;

    it('[R-WOR-1] another name: the other cases there are told that they may be others now, and no other address', () => {
      const { rowOf } = listOf([first, second, later(third, {}), elsewhere]);
      for (const room of [first, second])
        expect(rowOf(room)).toMatchObject({
          nieuws: 'gewijzigd',
          gebeurd: 'indeling van het adres misschien gewijzigd na een verbetering door de partner',
          gewijzigd_op: '2026-04-10',
        });
      expect(rowOf(third)).toMatchObject({ nieuws: 'gewijzigd', gebeurd: 'gewijzigd door de partner' });
      expect(rowOf(elsewhere)).toMatchObject({ nieuws: '', gebeurd: '' });
    });

    it('[R-WOR-1] no word where nothing of who lives there was corrected, or who it is came afterwards', () => {
      const amount = listOf([first, second, later(third, { detail: 'zelfde bewoner' })]);
      expect([first, second, third].map((room) => amount.rowOf(room).gebeurd)).toEqual([
        '',
        '',
        'gewijzigd door de partner',
      ]);
      const fresh = at(1, 'E0', { partnerType: 'Energie', resident: { surname: 'Castelein' }, receivedAt: day(12) });
      expect(listOf([first, second, later(third, {}), fresh]).rowOf(fresh)).toMatchObject({
        nieuws: 'nieuw',
        gebeurd: 'gemeld',
      });
    });

    it('[R-WOR-1] a mistake that is taken back: which cases are one again, and nothing where nothing changed', () => {
      const mistake = (of: Signal): Signal =>
        ({ ...later(of, { kind: 'WITHDRAWN' }), status: 'WITHDRAWN', reason: 'fout', closedAt: day(10) }) as Signal;
      const { rows, rowOf } = listOf([first, second, mistake(third)]);
      expect(rows).toHaveLength(1);
      expect(rowOf(first)).toMatchObject({
        zaak: HERE,
        nieuws: 'gewijzigd',
        gebeurd: `ingetrokken door de partner | samengevoegd, was zaak ${HERE}.A000 en zaak ${HERE}.B000 en zaak ${HERE}.C000`,
      });
      const couple = listOf([first, mistake(second)]);
      expect(couple.rowOf(first).gebeurd).toBe('ingetrokken door de partner');
      const fourth = at(1, 'E0', { partnerType: 'Energie', resident: { surname: 'Castelein' } });
      const still = listOf([first, second, mistake(third), fourth]);
      expect([first, second, fourth].map((room) => still.rowOf(room).nieuws)).toEqual(['', '', '']);
    });
  });

  it('[R-MAT-1] of many behind one door a few are named, and no person', () => {
    const many = ['Yilmaz', 'Pietersen', 'Okafor', 'Wolters', 'Rademaker', 'Brandsma', 'Castelein'].map((surname, i) =>
      at(1, `R${i}`, { resident: { surname } }),
    );
    const { andere_zaken = '' } = listOf(many).rowOf(many[0] as Signal);
    expect(andere_zaken).toMatch(/^ook op dit adres: zaak .*R100, .*R500 en nog 1$/);
    expect(andere_zaken).not.toMatch(/Pietersen|Okafor/);
  });
});

describe('why an address is more households', () => {
  const stranger = (id: string, surname: string, partnerType: SignalFacts['partnerType'] = 'Energie') =>
    at(1, id, { partnerType, resident: { surname } });

  it.each([
    ['twee huurders', [father, kamers], []],
    ['drie of meer mensen zonder band', [father, stranger('C0', 'Castelein'), stranger('D0', 'Okafor')], []],
    [
      'kamers, zegt een medewerker',
      [father, wolters],
      [decide('APART', [wolters], [father], 'kamers of begeleid wonen')],
    ],
  ] as const)('[R-MAT-4] %s', (why, signals, decisions) => {
    const { rowOf, book } = listOf(signals, decisions);
    expect(rowOf(father).koppeling?.split(' | ')[0]).toBe(`adres met meer huishoudens (${why})`);
    expect(listRows(book().sheet('Koppelingen'))[0]?.Oordeel).toBe(`adres met meer huishoudens (${why})`);
  });
});

describe('the explanation', () => {
  it('[R-MAT-4] says how to split and to put together, with the reasons to choose from, and what the signs behind the dot are', () => {
    const text = listOf([father])
      .book()
      .sheet('Uitleg')
      .rows.map((row) => row.join(': '))
      .join('\n');
    expect(text).toMatch(
      /Splitsen: .*splitsen \(j\) en koppeling_reden.*andere persoon, kamers of begeleid wonen, ten onrechte/,
    );
    expect(text).toMatch(/Samenvoegen: .*samenvoegen_met .*zelfde persoon, zelfde huishouden, ten onrechte gesplitst/);
    expect(text).toMatch(/Tekens na de punt: .*op dat adres deze maand meer zaken/);
  });
});

describe('the sheet of links', () => {
  const anna = at(1, 'A1', { resident: { surname: 'Vreugdenhil', initials: 'A.', ...born('1980-02-29') } });
  const anne = at(1, 'A2', {
    partnerType: 'Energie',
    resident: { surname: 'Vreugdenhill', initials: 'A.' },
  });

  it('[R-MAT-3] shows who may be one person in a case, for a worker to look at', () => {
    const { rowOf, book } = listOf([anna, anne]);
    expect(rowOf(anna).koppeling).toMatch(/mogelijk zelfde persoon, A\. Vreugdenhil en A\. Vreugdenhill: achternaam /);
    const [row, ...more] = listRows(book().sheet('Koppelingen'));
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      Oordeel: 'mogelijk zelfde persoon',
      Signaal: anna.signalId,
      'Ander signaal': anne.signalId,
      Geboortedatum: 'onbekend',
    });
    expect(JSON.stringify(row)).not.toContain('Vreugdenhil');
  });

  it('[R-MAT-3] [R-MAT-5] a link to another case has its fields in their columns, with score, certainty and model', () => {
    const moved = at(2, 'A3', { resident: anna.resident, partnerType: 'Energie' });
    const evidence: Comparison = {
      decision: 'SAME',
      score: 17.25,
      probability: 0.9991,
      agreements: [{ field: 'surname', level: 'EXACT', weight: 9 }],
      model: 'persoon 1',
    };
    const told: MatchDecision = {
      ...decide('TOGETHER', [moved], [anna], 'zelfde persoon'),
      kind: 'SAME_PERSON',
      decided: { model: 'persoon 1', evidence },
    };
    const rows = listRows(listOf([anna, moved], [told]).book().sheet('Koppelingen'));
    const row = rows.find(({ Zaak }) => Zaak === HERE);
    // As they compare now, not as they did when it was found.
    expect(row?.Score).not.toBe(17.25);
    expect(row).toMatchObject({
      Soort: 'zaken',
      Waarop: `zaak ${THERE}: 2026-04, nog niet beantwoord`,
      Signaal: anna.signalId,
      'Ander signaal': moved.signalId,
      Achternaam: 'gelijk',
      Telefoon: 'onbekend',
      Score: expect.any(Number),
      Zekerheid: '99,9 %',
      Model: 'persoon 1',
    });
  });
});

describe('the same person at another address', () => {
  const phone = { given: '0611111111', e164: '+31611111111' };
  const named = { surname: 'Zwartkruis', initials: 'Z.', ...born('1980-05-06'), phone };
  const here = at(1, 'ZA', { resident: named });
  const there = at(2, 'ZB', { resident: named, partnerType: 'Energie' });
  const stranger = at(2, 'PA', { resident: { surname: 'Pietersen', initials: 'C.' }, partnerType: 'Water' });
  const evidence: Comparison = {
    decision: 'SAME',
    score: 17.25,
    probability: 0.9991,
    agreements: [],
    model: 'persoon 1',
  };
  const told: MatchDecision = {
    ...decide('TOGETHER', [there], [here], 'zelfde persoon'),
    kind: 'SAME_PERSON',
    decided: { model: 'persoon 1', evidence },
  };
  const withdrawn = (of: Signal, reason: 'fout' | 'betaald'): Signal => ({
    ...of,
    status: 'WITHDRAWN',
    reason,
    closedAt: day(5),
  });
  const others = (of: Signal, ...signals: readonly Signal[]) => listOf(signals, [told]).rowOf(of).andere_zaken;

  it('[R-MAT-3] is told at both sides, with what the two agree on now', () => {
    expect(others(here, here, there)).toMatch(
      /^0392-2604-000000000002: zelfde persoon op een ander adres \(2026-04, nog niet beantwoord; achternaam gelijk, /,
    );
    expect(others(there, here, there)).toMatch(/^0392-2604-000000000001: zelfde persoon op een ander adres /);
  });

  it('[R-MAT-3] [R-MAT-4] is not told once a correction made another person of one of them', () => {
    const corrected = { ...there, resident: { surname: 'Pietersen', initials: 'C.', ...born('1999-01-02') } };
    expect(others(here, here, corrected)).toBe('');
    expect(others(corrected, here, corrected)).toBe('');
  });

  it('[R-MAT-3] is a doubt once the correction left it in doubt', () => {
    const doubtful = { ...there, resident: { surname: 'Zwartkruis', initials: 'Z.', phone } };
    expect(others(here, here, doubtful)).toMatch(/^0392-2604-000000000002: mogelijk zelfde persoon /);
  });

  it.each(['fout', 'betaald'] as const)(
    '[R-MAT-3] [R-MAT-4] is not told of a signal taken back (%s), whoever else stands there',
    (reason) => {
      expect(others(here, here, withdrawn(there, reason), stranger)).toBe('');
      expect(others(there, withdrawn(here, reason), there)).toBe('');
    },
  );

  it('[R-MAT-3] says what became of that person, and of nobody else at the address', () => {
    const answered = {
      ...there,
      status: 'OUTCOME_KNOWN',
      outcome: { result: 'Adres onbekend' },
    } as unknown as Signal;
    expect(others(here, here, answered, stranger)).toMatch(/ \(2026-04, Adres onbekend; /);
    expect(others(here, here, answered, stranger)).not.toContain('nog niet beantwoord');
  });

  it('[R-MAT-3] is told of what else that person owes there, when the first signal was paid', () => {
    const water = at(2, 'ZC', { resident: named, partnerType: 'Water' });
    expect(others(here, here, withdrawn(there, 'betaald'), water)).toMatch(
      /^0392-2604-000000000002: zelfde persoon op een ander adres \(2026-04, nog niet beantwoord; /,
    );
  });
});
