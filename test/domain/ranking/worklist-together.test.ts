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
import { listRows, openWorkbook } from '#test/support/spreadsheet.ts';

const april = Period.parse('2026-04');
const haarlem = MunicipalityCode.parse('0392');
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
      worklistWorkbook(lines, {
        ...facts,
        municipality: 'Haarlem',
        period: april,
        at: day(20),
        rankings: [],
        otherMonths: [],
      }),
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
