import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '#domain/agreement/check.ts';
import { rankingProblems } from '#domain/agreement/check-ranking.ts';
import { Configuration } from '#domain/agreement/configuration.ts';
import { governing } from '#domain/agreement/governing.ts';
import { checkSuccession } from '#domain/agreement/succession.ts';
import { IsoDate } from '#domain/ids.ts';
import { RankingPolicy } from '#domain/ranking/policy.ts';
import { SHIPPED } from '#domain/ranking/shipped.ts';
import { configuration } from '#test/support/configuration.ts';

const order = [{ by: 'totalCents', comes: 'HIGHEST_FIRST' }];
const own = (over: object = {}) => ({ name: 'EIGEN', version: 1, title: 'Eigen rangorde', order, ...over });
const two = { fact: 'signals', atLeast: 2 };
const rule = (over: object = {}) => ({ id: 'twee', when: two, says: '{signalen}', ...over });
const tiers = (...rules: object[][]) => ({ tiers: rules.map((each, i) => ({ tier: `T${i + 1}`, rules: each })) });
const rest = { id: 'rest', says: 'overig' };

describe('a ranking policy', () => {
  it('[R-WOR-3] that ships with the meldpunt can be carried out and explained', () => {
    for (const policy of SHIPPED) expect(rankingProblems(policy)).toEqual([]);
  });

  it('[R-WOR-3] as infra/files.md shows it is good', () => {
    const examples = [...readFileSync('infra/files.md', 'utf8').matchAll(/```json\n(\{[^`]*"order"[^`]*)```/g)];
    expect(examples).toHaveLength(1);
    for (const [, text] of examples) expect(rankingProblems(RankingPolicy.parse(JSON.parse(String(text))))).toEqual([]);
  });

  it.each<[string, object, readonly string[]]>([
    ['good tiers', own(tiers([rule()], [rest])), []],
    ['good points', own({ points: [{ ...rule(), points: 5 }] }), []],
    [
      'an unknown placeholder',
      own(tiers([rule({ says: '{partner}' })], [rest])),
      [
        'tiers[0].rules[0].says: {partner} kan niet worden ingevuld; wel: {bedrag} {drempel} {signalen} {dagen} {oudste} {pogingen}',
      ],
    ],
    [
      'a loose brace',
      own(tiers([rule({ says: 'bedrag} is' })], [rest])),
      ['tiers[0].rules[0].says: een accolade staat los'],
    ],
    [
      'a threshold where there may be none',
      own(tiers([rule({ says: 'meer dan {drempel}' })], [rest])),
      ['tiers[0].rules[0].says: er kan een zaak zijn zonder drempelbedrag; {drempel} is dan leeg'],
    ],
    [
      'a threshold where there is one',
      own(
        tiers(
          [rule({ when: { all: [two, { not: { fact: 'thresholdSet', is: false } }] }, says: '€ {drempel}' })],
          [rest],
        ),
      ),
      [],
    ],
    [
      'a threshold in one of two ways only',
      own(
        tiers([rule({ when: { any: [two, { fact: 'totalCents', below: 'threshold' }] }, says: '{drempel}' })], [rest]),
      ),
      ['tiers[0].rules[0].says: er kan een zaak zijn zonder drempelbedrag; {drempel} is dan leeg'],
    ],
    [
      'a threshold in the last tier, after those without one',
      own(tiers([rule({ when: { fact: 'thresholdSet', is: false } })], [{ ...rest, says: 'minder dan € {drempel}' }])),
      [],
    ],
    [
      'a threshold after a tier that takes all without one, and more',
      own(
        tiers(
          [rule({ when: { any: [two, { fact: 'thresholdSet', is: false }] } })],
          [{ ...rest, says: 'minder dan € {drempel}' }],
        ),
      ),
      [],
    ],
    [
      'a threshold after a tier that takes only some without one',
      own(
        tiers(
          [rule({ when: { all: [two, { fact: 'thresholdSet', is: false }] } })],
          [{ ...rest, says: 'minder dan € {drempel}' }],
        ),
      ),
      ['tiers[1].rules[0].says: er kan een zaak zijn zonder drempelbedrag; {drempel} is dan leeg'],
    ],
    [
      'a rule twice',
      own({ ...tiers([rule()], [rest]), points: [{ ...rule(), points: 1 }] }),
      ['points[0].id: regel twee komt meer dan één keer voor'],
    ],
    [
      'tiers that do not catch all',
      own(tiers([rule()])),
      ['tiers[0]: de laatste trede moet een regel zonder voorwaarde hebben'],
    ],
    [
      'a tier that cannot be reached',
      own(tiers([rest], [rule(), { id: 'rest2', says: 'overig' }])),
      ['tiers[0]: na deze trede komt niets meer: een regel heeft geen voorwaarde'],
    ],
    [
      'a tier twice',
      own({
        tiers: [
          { tier: 'I', rules: [rule()] },
          { tier: 'I', rules: [rest] },
        ],
      }),
      ['tiers[1].tier: trede I komt meer dan één keer voor'],
    ],
    ['no points', own({ points: [{ ...rule(), points: 0 }] }), ['points[0].points: nul punten is geen regel']],
    [
      'no bound',
      own({ points: [{ ...rule({ when: { not: { fact: 'age' } } }), points: 1 }] }),
      ['points[0].when.not: zeg van age atLeast, below of allebei'],
    ],
    [
      'a bound that never holds',
      own({ points: [{ ...rule({ when: { any: [two, { fact: 'signals', atLeast: 3, below: 3 }] } }), points: 1 }] }),
      ['points[0].when.any[1]: signals kan niet tegelijk minstens 3 en minder dan 3 zijn'],
    ],
    ['an order that counts twice', own({ order: [...order, ...order] }), ['order[1].by: totalCents telt al eerder']],
    [
      'an order that may say nothing',
      own({ order: [{ ...rule(), comes: 'FIRST' }] }),
      ['order: zeg met by wat telt als de regels gelijk zijn, zodat elke zaak een reden heeft'],
    ],
  ])('[R-WOR-3] %s', (_, policy, problems) => {
    expect(rankingProblems(RankingPolicy.parse(policy)).map(({ path, text }) => `${path}: ${text}`)).toEqual(problems);
  });

  it.each([
    ['no rules in a tier', own({ tiers: [{ tier: 'I', rules: [] }] })],
    ['no tiers', own({ tiers: [] })],
    ['no order', own({ order: [] })],
    ['small letters', own({ name: 'eigen' })],
    ['a sentence that would be two on the list', own({ points: [{ ...rule({ says: 'a; b' }), points: 1 }] })],
    ['a field nobody knows', own({ weging: 3 })],
  ])('[R-WOR-3] %s does not fit', (_, policy) => {
    expect(RankingPolicy.safeParse(policy).success).toBe(false);
  });

  it('[R-WOR-2] a condition about the sender is refused in Dutch, with what it may be about', () => {
    const policy = own({ points: [{ ...rule({ when: { fact: 'partner', in: ['ymere'] } }), points: 1 }] });
    expect(RankingPolicy.safeParse(policy).error?.issues).toMatchObject([
      {
        path: ['points', 0, 'when'],
        message: expect.stringMatching(/^geen voorwaarde: een regel kijkt alleen naar signals, /),
      },
    ]);
  });
});

describe('ranking and capacity in a configuration', () => {
  const known = () => true;
  const withRankings = (rankings: readonly object[], change?: object, over: object = {}): Configuration =>
    Configuration.parse({
      ...configuration,
      rankings,
      deviations: [
        ...configuration.deviations,
        ...(change
          ? [
              {
                id: 'nijmegen-2026',
                title: 'Bijlage',
                municipality: '0268',
                validFrom: '2026-04-01',
                phases: [],
                changes: [{ clause: 'art. 1', ...change }],
                ...over,
              },
            ]
          : []),
      ],
    });
  const problemsOf = (of: Configuration) => {
    const checked = checkConfiguration(of, known);
    return checked.ok ? [] : checked.error.map(({ path, text }) => `${path}: ${text}`);
  };
  const uses = (version: number) => ({ subject: 'ranking', value: { ruleSet: 'EIGEN', version } });
  const last = configuration.deviations.length;

  it('[R-WOR-3] a municipality may use a policy of its own, that must exist', () => {
    expect(problemsOf(withRankings([own()], uses(1)))).toEqual([]);
    expect(problemsOf(withRankings([own()], uses(2)))).toEqual([
      `deviations[${last}].changes[0].value: regelset EIGEN 2 bestaat niet`,
    ]);
  });

  it('[R-WOR-3] a shipped one is not defined anew, and none twice', () => {
    expect(problemsOf(withRankings([own({ name: 'HAARLEM' })]))).toEqual([
      'rankings[0].version: regelset HAARLEM 1 hoort bij het meldpunt: kies een eigen naam of een andere versie',
    ]);
    expect(problemsOf(withRankings([own({ name: 'HAARLEM', version: 2 })]))).toEqual([]);
    expect(problemsOf(withRankings([own(), own()]))).toEqual([
      'rankings[1].version: EIGEN 1 komt meer dan één keer voor',
    ]);
    expect(problemsOf(withRankings([own({ points: [{ ...rule(), points: 0 }] })]))).toEqual([
      'rankings[0].points[0].points: nul punten is geen regel',
    ]);
  });

  const capacity = (over: object = {}) => ({
    subject: 'capacity',
    value: { homeVisits: 20, crisis: 'ALWAYS', otherChannels: ['telefoon', 'e-mail', 'brief'], ...over },
  });

  it('[R-WOR-5] a capacity is agreed by a deviation, and can be carried out', () => {
    expect(problemsOf(withRankings([], capacity()))).toEqual([]);
    expect(problemsOf(withRankings([], { subject: 'capacity', value: null }))).toEqual([]);
    const at = `deviations[${last}].changes[0].value`;
    expect(problemsOf(withRankings([], capacity({ otherChannels: ['brief', 'telefoon'] })))).toEqual([
      `${at}: de laatste manier is brief: een telefoon of e-mailadres is er niet altijd`,
    ]);
    expect(problemsOf(withRankings([], capacity({ otherChannels: ['brief', 'brief'] })))).toEqual([
      `${at}: een manier van benaderen komt meer dan één keer voor`,
    ]);
  });

  it('[R-WOR-5] a capacity counts on the day of the list, also for signals of before it was agreed', () => {
    const { policies, deviations, agreements } = withRankings([], capacity());
    const [policy] = policies;
    const agreement = agreements.find(({ municipality }) => municipality === '0268');
    if (!policy || !agreement) throw new Error('sample without Nijmegen');
    const { municipality, id } = agreement;
    const governed = { policy: policy.id, agreement: id, municipality, receivedOn: IsoDate.parse('2026-03-31') };
    const on = (day: string) => governing(policy, deviations, governed, IsoDate.parse(day));
    expect(on('2026-03-31')).not.toHaveProperty('capacity');
    expect(on('2026-03-31').because.capacity).toEqual({ document: policy.title, clause: 'niet afgesproken' });
    expect(on('2026-04-01').capacity).toEqual(capacity().value);
  });

  it('[R-WOR-2] capacity is of a whole municipality: not of one agreement, not of one base text', () => {
    const agreement = configuration.agreements.find(({ municipality }) => municipality === '0268')?.id;
    expect(problemsOf(withRankings([], capacity(), { agreement }))).toEqual([
      `deviations[${last}].changes[0].subject: rangorde, drempelbedrag en capaciteit gelden voor de hele gemeente (R-WOR-2)`,
    ]);
    const [base] = configuration.policies;
    const more = { ...base, id: 'lcv-plus', ...{ capacity: capacity().value } };
    const of = (clauses: object) =>
      Configuration.parse({
        ...configuration,
        policies: [...configuration.policies, { ...more, clauses: { ...base?.clauses, ...clauses } }],
        agreements: configuration.agreements.map((each, i, all) =>
          all.findIndex(({ municipality }) => municipality === each.municipality) === i
            ? each
            : { ...each, policy: 'lcv-plus' },
        ),
      });
    expect(problemsOf(of({ capacity: 'art. 3' }))).toContainEqual(
      expect.stringMatching(/: gemeente \d{4} moet alle partners met dezelfde regels rangschikken \(R-WOR-2\)$/),
    );
    expect(problemsOf(of({}))).toContain(
      'policies[1].clauses: zeg waar in de tekst staat hoeveel huisbezoeken er zijn',
    );
  });

  it('[R-WOR-3] a version that was loaded stays as it is; a next one may come at any time', () => {
    const today = IsoDate.parse('2026-04-20');
    const succession = (stored: readonly object[], wanted: readonly object[]) =>
      checkSuccession(withRankings(stored), withRankings(wanted), today).map(({ path, text }) => `${path}: ${text}`);
    expect(succession([own()], [own()])).toEqual([]);
    expect(succession([own()], [own({ version: 2 }), own()])).toEqual([]);
    expect(succession([own(), own({ version: 2 })], [own({ title: 'Anders' }), own({ version: 2 })])).toEqual([
      'rankings[0]: regelset EIGEN 1 verandert niet: lijsten noemen haar; maak versie 3',
    ]);
    expect(succession([own()], [])).toEqual([
      'rankings: regelset EIGEN 1 ontbreekt: lijsten noemen haar; laat haar staan',
    ]);
  });
});
