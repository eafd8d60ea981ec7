import { describe, expect, it } from 'vitest';
import { END_RESULTS } from '#domain/signal/ddas.ts';
import { countsOf } from '#infra/local/demo/check.ts';
import { expectedOf } from '#infra/local/demo/expected.ts';
import { ENDS_AT, type PlannedSignal, STARTS_AT } from '#infra/local/demo/plan.ts';
import { story } from '#infra/local/demo/story.ts';

const SEEDS = [1, 7, 2026, 4_000_000_000];
const text = (bytes: Uint8Array): string => new TextDecoder('windows-1252').decode(bytes);

describe('the story of the demo', () => {
  it('is the same for a seed and another for another', () => {
    expect(story(2026)).toEqual(story(2026));
    expect(text(story(1).deliveries[0]?.bytes ?? new Uint8Array())).not.toBe(
      text(story(2).deliveries[0]?.bytes ?? new Uint8Array()),
    );
  });

  it.each(SEEDS)('seed %i has every DDAS end result, every way schuldenrust can end, every end state', (seed) => {
    const ends = story(seed).signals.map(expectedOf);
    expect(new Set(ends.flatMap(({ result }) => result ?? []))).toEqual(new Set(END_RESULTS));
    expect(new Set(ends.flatMap(({ rest }) => rest?.end ?? []))).toEqual(
      new Set(['afgelopen', 'eerder beëindigd', 'loopt nog', 'ingetrokken']),
    );
    expect(new Set(ends.map(({ status }) => status))).toEqual(
      new Set(['ASSIGNED', 'TERM_EXPIRED', 'SUSPENDED', 'CLOSED', 'WITHDRAWN']),
    );
    expect(ends.some(({ rest }) => rest && rest.startsOn < '2026-03-29' && rest.lastDay > '2026-03-29')).toBe(true);
    expect(ends.some(({ history }) => history.includes('CORRECTED'))).toBe(true);
  });

  it.each(SEEDS)('seed %i has every frequent fault of a row and of a file', (seed) => {
    const { deliveries, outcomes } = story(seed);
    const refused = deliveries.flatMap(({ rows }) =>
      rows.flatMap(({ verdict }) => (typeof verdict === 'object' ? [verdict.refused] : [])),
    );
    expect([...new Set(refused)].sort()).toEqual([
      'AMOUNT_INVALID',
      'BSN_IN_FIELD',
      'CONTROL_CHARACTER',
      'DATE_INVALID',
      'DATE_IN_FUTURE',
      'FIELD_TOO_LONG',
      'HOUSE_NUMBER_INVALID',
      'NO_AGREEMENT',
      'PARTNER_NOT_YOURS',
      'PARTNER_UNKNOWN',
      'POSTCODE_INVALID',
      'POSTCODE_PO_BOX',
      'POSTCODE_UNKNOWN',
      'REFERENCE_TWICE',
      'RESIDENT_OBJECTED',
      'ROW_TOO_LONG',
      'ROW_TOO_SHORT',
      'SOCIAL_COLLECTION_INCOMPLETE',
      'TOO_EARLY',
      'VALUE_INVALID',
      'VALUE_MISSING',
      'WITHDRAWAL_UNKNOWN',
    ]);
    expect(deliveries.flatMap(({ refused: code }) => code ?? []).sort()).toEqual([
      'FILE_NOT_TEXT',
      'HEADER_MISSING',
      'PARTY_UNKNOWN',
    ]);
    const verdicts = outcomes.flatMap(({ lines }) => lines.map(({ verdict }) => verdict));
    expect(verdicts).toContain('known');
    expect(verdicts.filter((verdict) => typeof verdict === 'object')).toHaveLength(6);
  });

  it.each(SEEDS)('seed %i loses no row: every count adds up, every accepted row is one signal', (seed) => {
    const { deliveries, signals } = story(seed);
    const accepted = deliveries.map(countsOf).map((counts) => {
      const { read = 0, accepted: taken = 0, corrected = 0, refused = 0, unchanged = 0, withdrawn = 0 } = counts;
      expect(read).toBe(taken + refused + unchanged + withdrawn);
      return taken - corrected;
    });
    expect(accepted.reduce((a, b) => a + b, 0)).toBe(signals.length);
    const keys = signals.map(({ partner, reference, period }) => `${partner} ${reference} ${period}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('plays from 2 March to the middle of May, with the months as files, in three encodings and delimiters', () => {
    const { deliveries, outcomes } = story(2026);
    for (const { at } of [...deliveries, ...outcomes]) expect(at > STARTS_AT && at < ENDS_AT).toBe(true);
    const heads = deliveries.map(({ bytes }) => text(bytes).split('\n')[0] ?? '');
    for (const delimiter of [';', ',', '\t'])
      expect(heads.some((head) => head.split(delimiter).length > 20)).toBe(true);
    expect(heads.some((head) => head.startsWith('ï»¿'))).toBe(true);
    expect(() =>
      new TextDecoder('utf-8', { fatal: true }).decode(deliveries.find(({ name }) => name === 'incasso-maart')?.bytes),
    ).toThrow();
  });

  it('grows with the wanted number of rows', () => {
    const rows = (scale: number): number => story(1, scale).deliveries.reduce((sum, each) => sum + each.rows.length, 0);
    expect(rows(3)).toBeGreaterThan(rows(1) * 2.3);
  });
});

describe('what the plan expects of a signal', () => {
  const signal = (turns: PlannedSignal['turns']): PlannedSignal => ({
    partner: 'p',
    reference: 'r',
    period: '2026-03',
    household: { ...story(1).signals[0]?.household, municipality: '0268' } as PlannedSignal['household'],
    receivedAt: '2026-03-02T09:15',
    amountCents: 100_00,
    turns,
  });
  const help = {
    kind: 'answered',
    at: '2026-03-12T15:10',
    answer: {
      result: 'Vervolghulp en/of verwijzing financieel',
      on: '2026-03-12',
      plan: '2026-03-12',
      resumes: '2026-03-20',
      suspend: 'j',
    },
  } as const;

  it('nobody answers: reminded, expired, closed at the horizon, nothing told', () => {
    expect(expectedOf(signal([]))).toMatchObject({
      status: 'CLOSED',
      history: ['RECEIVED', 'ASSIGNED', 'REMINDED', 'TERM_EXPIRED', 'OUTCOME_RECORDED', 'CLOSED'],
      feedback: [],
    });
  });

  it('schuldenrust from 12 March lasts through 11 April and is told on the 12th', () => {
    expect(expectedOf(signal([help]))).toMatchObject({
      status: 'CLOSED',
      rest: { startsOn: '2026-03-12', lastDay: '2026-04-11', end: 'afgelopen' },
      feedback: [
        { kind: 'OUTCOME', on: '2026-03-12' },
        { kind: 'SUSPENSION_EXPIRED', on: '2026-04-12' },
      ],
    });
  });

  it('withdrawn during schuldenrust: it ends that day and stays withdrawn', () => {
    const withdrawn = { kind: 'withdrawn', at: '2026-04-01T09:05', reason: 'betaald' } as const;
    expect(expectedOf(signal([help, withdrawn]))).toMatchObject({
      status: 'WITHDRAWN',
      rest: { end: 'ingetrokken', endedOn: '2026-04-01', reason: 'volledig betaald' },
      feedback: [{ kind: 'OUTCOME' }, { kind: 'SUSPENSION_ENDED_EARLY', on: '2026-04-01' }],
    });
  });
});
