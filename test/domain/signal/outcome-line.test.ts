import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IsoDate, MunicipalityCode } from '#domain/ids.ts';
import { OUTCOME_ADVICE, outcomeAdvice } from '#domain/signal/outcome-advice.ts';
import {
  OUTCOME_COLUMNS,
  OUTCOME_REJECTION_CODES,
  type OutcomeColumn,
  outcomeContract,
  readOutcomeLine,
} from '#domain/signal/outcome-line.ts';
import { HEADER } from '#test/support/outcomes.ts';

const context = { municipality: MunicipalityCode.parse('0392'), today: IsoDate.parse('2026-04-09') };
const zaak = '0392-2604-9F3K2M8QZX7C';
const signaal = '7K3QX9M2T4VB8C1D-2604';
const read = (cells: Partial<Record<OutcomeColumn, string>>) =>
  readOutcomeLine((column) => cells[column] ?? '', context);

describe('one line by itself', () => {
  it('[R-FLO-5] reads everything a worker can say', () => {
    expect(
      read({
        zaak,
        signaal,
        medewerker: ' swt.17 ',
        heropenen: 'inwoner meldt zich',
        fase: 'Incasso',
        doorzetten_naar: 'Sociaal  wijkteam',
        bekend_wijkteam: 'JA',
        contact_soort: 'Telefoon',
        contact_bereikt: 'n',
        contact_datum: '20260408',
        resultaat: '(Budget)advies en/of quick fix',
        resultaat_datum: '9-4-2026',
        plan_van_aanpak: '2026-04-09',
        betaling_hervat: 'nee',
        regeling_bedrag: '75',
        regeling_vanaf: '01-05-2026',
      }),
    ).toEqual({
      ok: true,
      value: {
        target: { number: zaak, signalId: signaal },
        by: 'swt.17',
        reopen: 'inwoner meldt zich',
        phase: 'incasso',
        team: 'Sociaal wijkteam',
        knownAtTeam: true,
        attempt: { kind: 'Telefoon', reached: false, date: '2026-04-08' },
        outcome: {
          result: '(Budget)advies en/of quick fix',
          date: '2026-04-09',
          actionPlanOn: '2026-04-09',
          paymentResumes: 'cannot',
          arrangement: { monthlyCents: 7_500, from: '2026-05-01' },
          maySuspend: false,
          forCase: false,
        },
        correction: false,
      },
    });
  });

  it('[R-FLO-1] an outcome is for the case when the line names no signal', () => {
    const result = { resultaat: 'Inwoner is overleden', resultaat_datum: '2026-04-09' };
    expect(read({ zaak, ...result })).toMatchObject({ value: { outcome: { forCase: true } } });
    expect(read({ signaal, ...result })).toMatchObject({ value: { outcome: { forCase: false } } });
  });

  it('[R-ROU-4] a new address alone says that the person is no resident, from today on, and where it lies', () => {
    expect(
      read({ zaak, overdracht_postcode: '2042 ab', overdracht_huisnummer: '3-A', overdracht_gemeente: 'Zandvoort' }),
    ).toEqual({
      ok: true,
      value: {
        target: { number: zaak },
        outcome: {
          result: 'Persoon is geen inwoner (meer) in de gemeente',
          date: '2026-04-09',
          maySuspend: false,
          forCase: true,
        },
        correction: false,
        handOver: {
          address: { postcode: '2042AB', houseNumber: 3, houseLetter: 'A' },
          municipality: '0473',
          certainty: 'exact',
        },
      },
    });
  });

  it('never throws, and answers with a code of the list and a column of ours only', () => {
    const cells = fc.dictionary(fc.constantFrom(...OUTCOME_COLUMNS), fc.oneof(fc.string(), fc.constant('j')));
    fc.assert(
      fc.property(cells, fc.boolean(), (given, named) => {
        const result = read({ ...given, ...(named && { zaak }) });
        if (result.ok) return;
        expect(OUTCOME_REJECTION_CODES).toContain(result.error.code);
        expect(OUTCOME_COLUMNS).toContain(result.error.column);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the columns', () => {
  it('are those the municipality knows', () => {
    expect(OUTCOME_COLUMNS).toEqual(HEADER.split(';'));
  });

  it.each([
    [['zaak', 'fase'], []],
    [['signaal', 'doorzetten_naar'], []],
    [['zaak', 'overdracht_postcode', 'overdracht_huisnummer'], []],
    [['zaak', 'heropenen'], []],
    [['resultaat', 'resultaat_datum'], ['zaak']],
    [['zaak', 'medewerker', 'correctie'], ['resultaat']],
    [['zaak', 'resultaat'], ['resultaat_datum']],
  ] as const)('a header of %j lacks %j', (columns, lacks) => {
    expect(outcomeContract.missing((column) => (columns as readonly string[]).includes(column))).toEqual(lacks);
  });
});

describe('what we tell the municipality', () => {
  it('every code has a Dutch explanation and a remedy, in short sentences', () => {
    const advice = OUTCOME_REJECTION_CODES.map((code) => OUTCOME_ADVICE[code]);
    for (const { explanation, remedy } of advice) {
      for (const text of [explanation, remedy]) expect(text).toMatch(/^[A-Z].+\.$/);
      for (const sentence of `${explanation} ${remedy}`.split(/[.?;:] /))
        expect(sentence.split(' ').length, sentence).toBeLessThan(25);
    }
    expect(new Set(advice.map(({ explanation }) => explanation)).size).toBe(advice.length);
    expect(OUTCOME_ADVICE.REOPEN_REASON_UNKNOWN.remedy).toBe(
      'Gebruik een van deze redenen: inwoner meldt zich, nieuwe informatie, ten onrechte gesloten.',
    );
  });

  it('names the choices there were', () => {
    expect(outcomeAdvice({ code: 'TEAM_UNKNOWN', choices: ['A', 'B'] }).remedy).toMatch(/Kies uit: A, B\.$/);
    expect(outcomeAdvice({ code: 'CLOSED' })).toEqual(OUTCOME_ADVICE.CLOSED);
  });
});
