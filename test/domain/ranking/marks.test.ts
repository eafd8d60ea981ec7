import { describe, expect, it } from 'vitest';
import { Instant } from '#domain/ids.ts';
import { FIELDS } from '#domain/matching/comparison.ts';
import { LEVELS } from '#domain/matching/model.ts';
import { certaintyWords, levelWords } from '#domain/ranking/evidence.ts';
import { newsOfCase } from '#domain/ranking/marks.ts';
import type { HistoryEntry, Signal, SignalEventKind } from '#domain/signal/signal.ts';

const at = (day: string): Instant => Instant.parse(`2026-04-${day}T10:00:00.000Z`);
const event = (kind: SignalEventKind, day: string, source = 'workflow'): HistoryEntry => ({
  kind,
  at: at(day),
  source,
});
const told = (status: Signal['status'], ...history: readonly HistoryEntry[]) => ({ status, history });
const received = (day: string) => event('RECEIVED', day, 'levering');
const since = at('10');
const HERE = '0392-2604-0123456789AB';

describe('what happened in a case since the list before', () => {
  it.each([
    ['nothing', [told('ASSIGNED', received('01'), event('ASSIGNED', '11'))], undefined, []],
    ['all of it came since', [told('RECEIVED', received('11')), told('RECEIVED', received('12'))], 'nieuw', ['gemeld']],
    ['one more signal', [told('ASSIGNED', received('01')), told('RECEIVED', received('11'))], 'gewijzigd', ['gemeld']],
    [
      'a later row',
      [told('ASSIGNED', received('01'), event('CORRECTED', '11'))],
      'gewijzigd',
      ['gewijzigd door de partner'],
    ],
    [
      'a term',
      [told('TERM_EXPIRED', received('01'), event('REMINDED', '09'), event('TERM_EXPIRED', '12'))],
      'gewijzigd',
      ['termijn verstreken'],
    ],
    [
      'new, and withdrawn at once',
      [told('WITHDRAWN', received('11'), event('WITHDRAWN', '12'))],
      'ingetrokken',
      ['gemeld', 'ingetrokken door de partner'],
    ],
    ['withdrawn before', [told('WITHDRAWN', received('01'), event('WITHDRAWN', '09'))], undefined, []],
    [
      'half of it withdrawn',
      [told('ASSIGNED', received('01')), told('WITHDRAWN', received('01'), event('WITHDRAWN', '12'))],
      'gewijzigd',
      ['ingetrokken door de partner'],
    ],
    [
      'moved to another address',
      [told('WITHDRAWN', received('01'), event('MOVED', '12', HERE))],
      'ingetrokken',
      ['adres verbeterd door de partner'],
    ],
    [
      'what a worker wrote',
      [
        told(
          'OUTCOME_KNOWN',
          received('01'),
          event('CONTACT_ATTEMPTED', '11', 'uitkomsten'),
          event('PHASE_CORRECTED', '11', 'uitkomsten'),
          event('OUTCOME_RECORDED', '12', 'uitkomsten'),
          event('FED_BACK', '12'),
        ),
      ],
      undefined,
      [],
    ],
    [
      'closed by itself',
      [told('CLOSED', received('01'), event('OUTCOME_RECORDED', '12'), event('CLOSED', '12'))],
      'gewijzigd',
      ['vanzelf afgesloten'],
    ],
    [
      'taken over from elsewhere, long after it was reported',
      [told('RECEIVED', received('01'), event('HANDED_OVER', '11', HERE))],
      'nieuw',
      ['overgenomen van een andere gemeente'],
    ],
    [
      'handed over to elsewhere by a worker',
      [told('CLOSED', received('01'), event('OUTCOME_RECORDED', '11', 'u'), event('HANDED_OVER', '11', HERE))],
      undefined,
      [],
    ],
  ] as const)('[R-WOR-1] %s', (_, signals, mark, happened) => {
    const news = newsOfCase(signals, since);
    expect([news.mark, news.happened]).toEqual([mark, happened]);
  });

  it('says the day something last happened, also before the list before', () => {
    const [old] = [told('ASSIGNED', received('01'), event('REMINDED', '08'), event('CONTACT_ATTEMPTED', '09', 'u'))];
    expect(newsOfCase([old], since)).toEqual({ happened: [], changedOn: '2026-04-08' });
  });

  it('counts the very moment, so that nothing at midnight is passed over; without a list before all is new', () => {
    const term = told('TERM_EXPIRED', received('01'), event('TERM_EXPIRED', '10'));
    expect(newsOfCase([term], since).mark).toBe('gewijzigd');
    expect(newsOfCase([term], undefined)).toMatchObject({ mark: 'nieuw', happened: ['gemeld', 'termijn verstreken'] });
  });

  it('is the same whatever the order of the signals', () => {
    const signals = [
      told('ASSIGNED', received('01')),
      told('RECEIVED', received('11')),
      told('ASSIGNED', event('REMINDED', '12')),
    ];
    expect(newsOfCase(signals.toReversed(), since)).toEqual(newsOfCase(signals, since));
  });
});

describe('evidence in words', () => {
  it('[R-MAT-3] has Dutch for every level of the model', () => {
    for (const field of FIELDS)
      for (const level of [...LEVELS[field], 'MISSING']) expect(levelWords({ field, level })).toMatch(/^[a-z]/);
  });

  it.each([
    [1, '99,9 %'],
    [0.9996, '99,9 %'],
    [0.95, '95,0 %'],
  ])('is never surer than a model can be: %d is %s', (probability, words) => {
    expect(certaintyWords({ probability })).toBe(words);
  });
});
