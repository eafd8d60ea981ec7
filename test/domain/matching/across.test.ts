import { describe, expect, it } from 'vitest';
import { ArrearId, caseIdOf, HouseholdKey, Instant, IsoDate, MunicipalityCode, Period, WorkerId } from '#domain/ids.ts';
import { newLinks } from '#domain/matching/across.ts';
import { memberOf } from '#domain/matching/decide.ts';
import type { MatchDecision } from '#domain/matching/decision.ts';
import type { PartnerType } from '#domain/signal/ddas.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { signal } from '#test/support/signal.ts';

const haarlem = MunicipalityCode.parse('0392');
const april = Period.parse('2026-04');
const now = Instant.parse('2026-04-20T06:00:00.000Z');
const MAIL = 'thuis.vreugdenhil@example.nl';

interface Told {
  readonly born?: string;
  readonly type?: PartnerType;
  readonly addition?: string;
  readonly initials?: string;
  readonly surname?: string;
}

/** A report of number 12, or of what stands behind it, with the telephone and mailbox of the house. */
const at = (
  door: 'A' | 'B' | '0',
  { born, type = 'Energie', addition, initials = 'J.', surname = 'Vreugdenhil' }: Told,
): Signal =>
  signal({
    arrearId: ArrearId.parse(`7K3QX9M2T4VB8C1${door}`),
    caseId: caseIdOf(haarlem, april, HouseholdKey.parse(`9F3K2M8QZX7${door}`)),
    partnerType: type,
    resident: {
      surname,
      initials,
      ...(born !== undefined && { dateOfBirth: IsoDate.parse(born) }),
      phone: { given: '0612345678', e164: '+31612345678' },
      email: { given: MAIL, normalised: MAIL },
    },
    address: { houseNumber: 12, postcode: '2011AB', ...(addition !== undefined && { addition }) },
  });

const kinds = (...signals: Signal[]): readonly string[] => newLinks(haarlem, signals, [], now).map(({ kind }) => kind);

describe('one front door spelt two ways', () => {
  it('[R-MAT-3] is joined for who was born on one known day', () => {
    expect(kinds(at('0', { born: '1960-03-14' }), at('A', { born: '1960-03-14', addition: 'A' }))).toEqual([
      'TOGETHER',
    ]);
  });

  it.each<[string, Told, Told]>([
    ['no birth date on one side: a son may have the same initial', { born: '1960-03-14' }, {}],
    ['1 July is the day of whom nobody knows it', { born: '1985-07-01' }, { born: '1985-07-01' }],
    ['two tenancies are two doors', { born: '1960-03-14', type: 'Huur' }, { born: '1960-03-14', type: 'Huur' }],
    ['another birth date', { born: '1960-03-14' }, { born: '1992-11-02' }],
  ])('[R-MAT-4] is not joined: %s', (_, one, other) => {
    expect(kinds(at('0', one), at('A', { ...other, addition: 'A' }))).not.toContain('TOGETHER');
  });

  it('[R-MAT-4] two additions that differ are never joined, and told of as one person', () => {
    const [one, other] = [
      at('A', { born: '1960-03-14', addition: 'A' }),
      at('B', { born: '1960-03-14', addition: 'B' }),
    ];
    expect(kinds(one, other)).toEqual(['SAME_PERSON']);
  });
});

describe('what was found before', () => {
  const bare = at('0', { initials: 'J.P.' });
  const dated = {
    ...at('0', { born: '1960-03-14', type: 'Water', initials: 'J.P.' }),
    arrearId: ArrearId.parse('7K3QX9M2T4VB8C2A'),
  };
  const there = at('A', { born: '1960-03-14', type: 'Huur', addition: 'A', initials: 'J.P.' });
  const told = newLinks(haarlem, [bare, there], [], now);

  it.each([
    ['another arrear', [bare, dated, there]],
    ['a correction', [at('0', { born: '1960-03-14', initials: 'J.P.' }), there]],
  ])('[R-MAT-3] who was told as one person is joined once %s says the birth date', (_, signals) => {
    expect(told.map(({ kind }) => kind)).toEqual(['SAME_PERSON']);
    const found = newLinks(haarlem, signals, told, now);
    expect(found.map(({ kind }) => kind)).toEqual(['TOGETHER']);
    // Stored beside the first, not instead of it.
    expect(found[0]?.decisionId).not.toBe(told[0]?.decisionId);
    expect(newLinks(haarlem, signals, [...told, ...found], now)).toEqual([]);
  });

  it('[R-MAT-3] without anything new nothing is found again', () => {
    expect(newLinks(haarlem, [bare, there], told, now)).toEqual([]);
  });

  it.each(['APART', 'TOGETHER'] as const)('[R-MAT-4] what a worker decided is left alone: %s', (kind) => {
    const byWorker: MatchDecision = {
      decisionId: 'W1',
      municipality: haarlem,
      kind,
      one: [memberOf(bare)],
      other: [memberOf(there)],
      at: now,
      decided: { by: WorkerId.parse('w17'), reason: 'zelfde persoon', source: 'uitkomsten' },
    };
    expect(newLinks(haarlem, [bare, dated, there], [...told, byWorker], now)).toEqual([]);
  });
});
