import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '#domain/agreement/check.ts';
import { Configuration } from '#domain/agreement/configuration.ts';
import { configuration as sample } from '#test/support/configuration.ts';

type Loose = { [K in keyof Configuration]: Configuration[K] extends string ? string : Record<string, unknown>[] };

/** The sample with something changed in it. */
const spoilt = (change: (loose: Loose) => void): Configuration => {
  const loose = structuredClone(sample) as unknown as Loose;
  change(loose);
  return Configuration.parse(loose);
};
const problems = (change: (loose: Loose) => void, known: (code: string) => boolean = () => true) => {
  const checked = checkConfiguration(spoilt(change), known);
  return checked.ok ? [] : checked.error;
};
const outOfOrder = { reminderDays: 14, warningDays: 28, escalationDays: 28, closingDays: 60 };
const twice = [
  { id: 'swt', name: 'Wijkteam' },
  { id: 'swt', name: 'Ander wijkteam' },
];
const column = (header: string, name: string | null) => ({ header, column: name });
const given = (name: string, value: string) => ({ column: name, value });
const word = (name: string, from: string, to: string) => ({ column: name, from, to });
const at = (list: Record<string, unknown>[], i: number): Record<string, unknown> => list[i] ?? {};

describe('a configuration that hangs together', () => {
  it('the sample does', () => {
    expect(problems(() => {})).toEqual([]);
  });

  it.each(['Haar\u0001lem', 'Haar\nlem', 'Haarlem\uD800', 'Haarlem\u0085'])(
    'refuses %j as a name: it goes into mails and files',
    (name) => {
      for (const list of ['municipalities', 'organisations', 'partners', 'deliveringParties'] as const)
        expect(() => spoilt((c) => Object.assign(at(c[list], 0), { name }))).toThrow(
          'een naam van letters en tekens op één regel',
        );
      expect(() =>
        spoilt((c) => Object.assign(at(c.municipalities, 0), { name: "'s-Gravenhage & Ïle 😀" })),
      ).not.toThrow();
    },
  );

  it.each([
    ['policies[1].id', (c: Loose) => c.policies.push(at(c.policies, 0))],
    ['deviations[1].id', (c: Loose) => Object.assign(at(c.deviations, 1), { id: 'haarlem-2021' })],
    ['deviations[0].municipality', (c: Loose) => Object.assign(at(c.deviations, 0), { municipality: '9999' })],
    ['deviations[0].agreement', (c: Loose) => Object.assign(at(c.deviations, 0), { agreement: 'geen' })],
    ['deviations[0].agreement', (c: Loose) => Object.assign(at(c.deviations, 0), { agreement: 'zandvoort-ymere' })],
    ['deviations[0].validTo', (c: Loose) => Object.assign(at(c.deviations, 0), { validTo: '2021-03-31' })],
    ['partners[1].id', (c: Loose) => Object.assign(at(c.partners, 1), { id: 'elan-wonen' })],
    ['partners[5].id', (c: Loose) => c.partners.push({ ...at(c.partners, 0), id: 'onbekend' })],
    [
      'deliveringParties[5].id',
      (c: Loose) => c.deliveringParties.push({ ...at(c.deliveringParties, 0), id: 'onbekend' }),
    ],
    [
      'municipalities[0].organisation',
      (c: Loose) => Object.assign(at(c.municipalities, 0), { organisation: 'niemand' }),
    ],
    [
      'deliveringParties[0].partners[0]',
      (c: Loose) => Object.assign(at(c.deliveringParties, 0), { partners: ['wie'] }),
    ],
    ['agreements[0].partner', (c: Loose) => Object.assign(at(c.agreements, 0), { partner: 'wie' })],
    ['agreements[0].policy', (c: Loose) => Object.assign(at(c.agreements, 0), { policy: 'geen' })],
    ['agreements[0].municipality', (c: Loose) => Object.assign(at(c.agreements, 0), { municipality: '9999' })],
    ['agreements[0].lcvVersion', (c: Loose) => c.partnerTypeRules.splice(0, 1)],
    ['agreements[0].validTo', (c: Loose) => Object.assign(at(c.agreements, 0), { validTo: '2021-03-31' })],
    [
      'agreements[0].cancelled',
      (c: Loose) => Object.assign(at(c.agreements, 0), { cancelled: { on: '2020-12-31', by: 'partner' } }),
    ],
    [
      'partnerTypeRules[1].maximumDaysOverdue',
      (c: Loose) => Object.assign(at(c.partnerTypeRules, 1), { maximumDaysOverdue: 3 }),
    ],
    ['policies[0].terms', (c: Loose) => Object.assign(at(c.policies, 0), { terms: outOfOrder })],
    [
      'policies[0].closing',
      (c: Loose) => Object.assign(at(c.policies, 0), { closing: { result: 'Vervolghulp en/of verwijzing' } }),
    ],
    [
      'policies[0].suspension',
      (c: Loose) => Object.assign(at(c.policies, 0), { suspension: { days: 5, reminderDaysBefore: 5 } }),
    ],
    [
      'policies[0].ranking',
      (c: Loose) => Object.assign(at(c.policies, 0), { ranking: { ruleSet: 'geheim', version: 1 } }),
    ],
    [
      'policies[0].teams',
      (c: Loose) => Object.assign(at(c.policies, 0), { teams: { first: 'sdv', teams: [{ id: 'swt', name: 'x' }] } }),
    ],
    ['policies[0].teams', (c: Loose) => Object.assign(at(c.policies, 0), { teams: { first: 'swt', teams: twice } })],
  ] as const)('names %s', (path, change) => {
    expect(problems(change).map((problem) => problem.path)).toContain(path);
  });

  it.each([
    ['an acceptance', { NO_HELP: [] }],
    ['the schuldenrust that comes with it', { HELP_ACCEPTED: ['PAYMENT_RESUMES'] }],
    ['that payment cannot resume', { HELP_ACCEPTED: ['SUSPENSION', 'ARRANGEMENT'] }],
  ])('[R-FEE-1][R-SUS-1][R-FEE-4] refuses a policy that keeps %s from the partner', (_, told) => {
    expect(problems((c) => Object.assign(at(c.policies, 0), { feedback: { delivery: 'DIGEST', told } }))).toMatchObject(
      [{ path: 'policies[0].feedback' }],
    );
  });

  describe('[R-DEL-5] closing repeat signals', () => {
    const repeats = { close: 'WHEN_NOT_HIGHER', withinMonths: 6 };
    const base =
      (over: Record<string, unknown> = {}, clause: string | undefined = 'art. 3') =>
      (c: Loose) => {
        const policy = at(c.policies, 0);
        Object.assign(policy, { repeats, ...over });
        if (clause !== '') Object.assign(policy.clauses as object, { repeats: clause });
      };
    it('may stand in a base text, that says where, or in an annex', () => {
      expect(problems(base())).toEqual([]);
      expect(problems(base({}, '')).map(({ path }) => path)).toEqual(['policies[0].clauses']);
      expect(paths({ changes: [{ subject: 'repeats', clause: 'art. 3', value: repeats }] })).toEqual([]);
      expect(paths({ changes: [{ subject: 'repeats', clause: 'art. 3', value: null }] })).toEqual([]);
    });
    it('is refused where the partner would not hear of it, or where it would count as help', () => {
      const silent = { delivery: 'DIGEST', told: { HELP_ACCEPTED: ['SUSPENSION', 'PAYMENT_RESUMES'] } };
      const helped = { results: ['Niet opgepakt: herhaalde melding'] };
      for (const over of [{ feedback: silent }, { acceptance: helped }])
        expect(problems(base(over)).map(({ path }) => path)).toContain('policies[0].repeats');
      const changes = [
        { subject: 'repeats', clause: 'art. 3', value: repeats },
        { subject: 'feedback', clause: 'art. 4', value: silent },
      ];
      expect(paths({ changes })).toEqual(['deviations[2]']);
    });
    it('is no result for what nobody answered', () => {
      const closing = { result: 'Niet opgepakt: herhaalde melding' };
      expect(problems((c) => Object.assign(at(c.policies, 0), { closing })).map(({ path }) => path)).toEqual([
        'policies[0].closing',
      ]);
    });
  });

  it.each([
    ['columns[1]', { columns: [column('Huurder nr', 'referentie'), column('huurder_nr', 'klantnummer')] }],
    ['columns[0].column', { columns: [column('Fase', 'fase')], fixed: [{ column: 'fase', value: 'incasso' }] }],
    ['fixed[1]', { fixed: [given('fase', 'incasso'), given('fase', 'deurwaarder')] }],
    ['defaults[1]', { defaults: [given('fase', 'incasso'), given('fase', 'deurwaarder')] }],
    ['fixed[0].column', { fixed: [given('referentie', '1')] }],
    ['defaults[0].column', { defaults: [given('bedrag', '100')] }],
    ['words[1]', { words: [word('fase', 'Inc', 'incasso'), word('fase', 'inc ', 'deurwaarder')] }],
    ['words[0].column', { words: [word('postcode', 'x', '2011SN')] }],
  ])('[R-DEL-1] refuses a mapping that says two things, or what only a row can say: %s', (path, mapping) =>
    expect(problems((c) => Object.assign(at(c.deliveringParties, 0), { mapping })).map((found) => found.path)).toEqual([
      `deliveringParties[0].mapping.${path}`,
    ]),
  );

  const only = (column: string, to: string) => ({ words: [word(column, 'hun woord', to)] });
  const textsOf = (mapping: unknown) =>
    problems((c) => Object.assign(at(c.deliveringParties, 0), { mapping })).map(({ text }) => text);
  const n = { fixed: [given('bezwaar', 'n')] };
  const all = { fixed: [given('sociale_incasso', 'j')] };

  it.each([
    ['an objection left out', { ...n, columns: [column('Bezwaar', null)] }, /gaat over bezwaar/],
    ['one that nothing is said of either', { columns: [column('Opt-out', null)] }, /gaat over bezwaar/],
    ['one that is read as something else', { columns: [column('bezwaar', 'toevoeging')] }, /gaat over bezwaar/],
    ['the day of an objection left out', { ...n, columns: [column('Datum bezwaar', null)] }, /gaat over bezwaar/],
    ['an objection in English', { ...n, columns: [column('Objection', null)] }, /gaat over bezwaar/],
    [
      'the day of an objection, where an empty cell means none',
      { defaults: [given('bezwaar', 'n')], columns: [column('Datum bezwaar', null)] },
      /gaat over bezwaar/,
    ],
    ['consent read as objection', { columns: [column('Geen bezwaar', 'bezwaar')] }, /het omgekeerde van bezwaar/],
    ['permission read as objection', { columns: [column('Toestemming', 'bezwaar')] }, /het omgekeerde van bezwaar/],
    ['a BSN left out', { columns: [column('BSN huurder', null)] }, /BSN’s/],
    ['a BSN as a number of the customer', { columns: [column('Burgerservicenr.', 'klantnummer')] }, /BSN’s/],
    ['social collection left out', { ...all, columns: [column('Sociale incasso', null)] }, /gaat over sociale_incasso/],
    ['a step left out', { ...all, columns: [column('Aanmaning', null)] }, /gaat over datum_herinnering/],
    [
      'a step of its own left out',
      { fixed: [given('aangekondigd', 'j')], columns: [column('Aangekondigd', null)] },
      /gaat over aangekondigd/,
    ],
    ['all steps said, and one read', { ...all, columns: [column('Brief', 'datum_herinnering')] }, /een lege cel/],
    ['a word that means an objection', { words: [word('bezwaar', 'Ja', 'n')] }, /het omgekeerde/],
    ['a sign that means one', { words: [word('bezwaar', 'X', 'nee')] }, /het omgekeerde/],
    ['a sentence that says one', { words: [word('bezwaar', 'Heeft bezwaar', 'n')] }, /het omgekeerde/],
    ['the day of an objection as a word', { words: [word('bezwaar', '12-01-2026', 'n')] }, /een datum of nummer/],
    ['an objection made empty', { words: [word('bezwaar', 'ja', '')] }, /alleen j of n/],
    ['a step not taken', { words: [word('aangekondigd', 'Nee', 'j')] }, /het omgekeerde/],
    ['a step not yet taken', { words: [word('aangekondigd', 'nog niet', 'j')] }, /het omgekeerde/],
    ['a step that does not apply', { words: [word('sociale_incasso', 'N.v.t.', 'j')] }, /het omgekeerde/],
    ['a step not taken made empty', { words: [word('aangekondigd', 'nee', '')] }, /alleen j of n/],
    ['no day of a step', { words: [word('datum_herinnering', '00-00-0000', 'j')] }, /een datum of nummer/],
    ['a day made up for a word', { words: [word('datum_herinnering', 'ja', '01-02-2026')] }, /alleen j of n/],
    ['a withdrawal as a report', { words: [word('actie', 'intrekken', 'melden')] }, /niets anders betekenen/],
    ['a withdrawal made empty', { words: [word('actie', 'Intrekken', '')] }, /niets anders betekenen/],
  ])('[R-DEL-2][R-DEL-3][R-DEL-6] refuses a mapping that hides what a row says: %s', (_, mapping, text) => {
    expect(textsOf(mapping)).toEqual([expect.stringMatching(text)]);
  });

  it.each([
    ['objections that the export leaves out', n],
    ['an empty cell that means none', { defaults: [given('bezwaar', 'nee')] }],
    ['a reason for an objection beside the column itself', { columns: [column('Toelichting bezwaar', null)] }],
    ['words for none', { words: [word('bezwaar', '-', 'n'), word('bezwaar', 'geen bezwaar', 'N')] }],
    ['words for one', { words: [word('bezwaar', 'afgemeld', 'j'), word('aangekondigd', '✓', 'j')] }],
    [
      'a second reminder left out',
      { columns: [column('Aanmaning', null), column('Herinnering 1', 'datum_herinnering')] },
    ],
    [
      'a step that the export lacks',
      { fixed: [given('aangekondigd', 'j')], columns: [column('Huisbezoek', 'datum_contactpoging')] },
    ],
    ['what means empty', { words: [word('telefoon', 'n.v.t.', ''), word('fase', '-', '')] }],
    [
      'values of ours',
      {
        fixed: [given('fase', 'Incasso'), given('gemeente', 'Haarlem'), given('woonplaats', 'Bloemendaal aan Zee')],
        defaults: [given('signaalsoort', 'vroeg'), given('partner', 'elan-wonen'), given('actie', 'melden')],
      },
    ],
  ])('[R-DEL-1] takes a mapping that says what no row says: %s', (_, mapping) => expect(textsOf(mapping)).toEqual([]));

  const OF_A_ROW =
    'referentie klantnummer voorletters tussenvoegsel achternaam geboortedatum straat huisnummer huisletter toevoeging postcode telefoon email bedrag vervaldatum datum_einde_levering';
  it.each(OF_A_ROW.split(' '))('[R-DEL-1] only a row says its %s', (name) => {
    const text = [`${name} moet in elke regel staan`];
    expect(textsOf({ fixed: [given(name, '01-02-2026')] })).toEqual(text);
    expect(textsOf({ defaults: [given(name, '1')] })).toEqual(text);
    expect(textsOf(only(name, '1'))).toEqual([expect.stringContaining(`${name} kan niet worden vertaald`)]);
  });

  const STEPS = 'sociale_incasso datum_herinnering datum_contactpoging gewezen_op_schuldhulp aangekondigd bezwaar';
  it.each(STEPS.split(' '))('[R-DEL-2] one day of %s for all rows would be certified every month', (name) => {
    const text = [`${name} kan alleen j of n zijn`];
    for (const value of ['01-02-2026', '2026-02-01', 'x', 'true', ' j'])
      expect([textsOf({ fixed: [given(name, value)] }), textsOf({ defaults: [given(name, value)] })]).toEqual([
        text,
        text,
      ]);
    for (const value of ['j', 'Ja', 'n', 'NEE']) expect(textsOf({ fixed: [given(name, value)] })).toEqual([]);
  });

  it.each([
    ['fase', 'deurw.', 'fase kan alleen zijn: achterstand, incasso, deurwaarder'],
    ['signaalsoort', 'laat', 'signaalsoort kan alleen zijn: vroeg, geactualiseerd, eindelevering, ontruiming'],
    ['actie', 'wissen', 'actie kan alleen zijn: melden, intrekken'],
    ['reden', 'zomaar', 'reden kan alleen zijn: betaald, fout, bezwaar'],
    ['gemeente', 'Nergenshuizen', 'deze gemeente kennen wij niet'],
    ['woonplaats', 'Haar\u200Blem', 'zo kan woonplaats niet geschreven zijn'],
    ['partner', 'ymere', 'deze partij levert niet aan voor die partner'],
  ])('[R-DEL-1] refuses a value that no reader takes: %s %s', (name, value, text) => {
    for (const mapping of [{ fixed: [given(name, value)] }, { defaults: [given(name, value)] }, only(name, value)])
      expect(textsOf(mapping)).toEqual([text]);
  });

  it('[R-AGR-1] refuses two agreements of the same two that overlap, not two that follow each other', () => {
    const again = (from: string, to: string) => (c: Loose) => {
      Object.assign(at(c.agreements, 0), { validTo: to });
      c.agreements.push({ ...at(c.agreements, 0), id: 'opvolger', validFrom: from, validTo: undefined });
    };
    expect(problems(again('2026-07-01', '2026-06-30'))).toEqual([]);
    expect(problems(again('2026-07-01', '2026-07-01'))).toMatchObject([
      { path: `agreements[${sample.agreements.length}]`, text: 'loopt tegelijk met overeenkomst haarlem-elan-wonen' },
    ]);
  });

  it('[R-AGR-1] a successor may begin the day after notice ends the first, not before', () => {
    const again = (from: string) => (c: Loose) => {
      Object.assign(at(c.agreements, 0), { cancelled: { on: '2026-01-15', by: 'municipality' } });
      c.agreements.push({ ...at(c.agreements, 0), id: 'opvolger', validFrom: from, cancelled: undefined });
    };
    expect(problems(again('2026-04-16'))).toEqual([]);
    expect(problems(again('2026-04-15'))).toMatchObject([{ text: expect.stringContaining('loopt tegelijk') }]);
  });

  it('[R-WOR-2] refuses that partners of one municipality are ranked by different rules', () => {
    const unequal = (c: Loose) => {
      c.policies.push({ ...at(c.policies, 0), id: 'streng', threshold: { cents: 10_000 } });
      Object.assign(c.agreements.find(({ id }) => id === 'amsterdam-ymere') ?? {}, { policy: 'streng' });
    };
    expect(problems(unequal).map(({ text }) => text)).toEqual([
      'gemeente 0363 moet alle partners met dezelfde regels rangschikken (R-WOR-2)',
    ]);
  });

  it('[R-WOR-2] base texts that rank differently are no harm where an annex makes them equal on every day', () => {
    const levelled = (validFrom: string) => (c: Loose) => {
      c.policies.push({ ...at(c.policies, 0), id: 'streng', threshold: { cents: 10_000 } });
      Object.assign(c.agreements.find(({ id }) => id === 'amsterdam-ymere') ?? {}, { policy: 'streng' });
      c.deviations.push(annex({ municipality: '0363', validFrom, changes: [threshold(null)] }));
    };
    expect(problems(levelled('2023-01-01'))).toEqual([]);
    expect(problems(levelled('2023-01-02')).map(({ path }) => path)).toEqual(['agreements[12].policy']);
  });

  it("[R-WOR-2] refuses that one partner's own annex touches the ranking", () => {
    for (const change of [
      threshold({ cents: 100 }),
      { ...threshold({ ruleSet: 'LCV', version: 1 }), subject: 'ranking' },
    ])
      expect(
        problems((c) => c.deviations.push(annex({ agreement: 'haarlem-ymere', changes: [change] }))),
      ).toMatchObject([{ path: 'deviations[2].changes[0].subject' }]);
  });

  it('[R-ROU-2] refuses a municipality that does not exist now', () => {
    expect(
      problems(
        () => {},
        (code) => code !== '0473',
      ),
    ).toMatchObject([{ path: 'municipalities[1].code' }]);
  });
});

/** An annex of Haarlem to the sample, from 2026 on. */
const annex = (over: Record<string, unknown>): Record<string, unknown> => ({
  id: 'bijlage',
  title: 'Bijlage',
  municipality: '0392',
  validFrom: '2026-01-01',
  phases: [],
  changes: [{ subject: 'closing', clause: 'art. 1', value: { result: 'Niet opgepakt: andere reden' } }],
  ...over,
});
const threshold = (value: unknown) => ({ subject: 'threshold', clause: 'art. 1', value });
const paths = (over: Record<string, unknown>): readonly string[] =>
  problems((c) => c.deviations.push(annex(over))).map(({ path }) => path);

describe('a deviation that can be carried out', () => {
  const phase = (name: string, from: string, to?: string) => ({ phase: name, from, ...(to !== undefined && { to }) });
  const first = phase('implementatiefase', '2026-01-01', '2026-03-31');
  const second = phase('reguliere fase', '2026-04-01');

  it('[R-AGR-3] is one that changes one thing, from a day on or from day to day', () => {
    expect(paths({})).toEqual([]);
    expect(paths({ validTo: '2026-01-01' })).toEqual([]);
  });

  it.each([
    ['terms', outOfOrder],
    ['feedback', { delivery: 'DIGEST', told: {} }],
    ['suspension', { days: 3, reminderDaysBefore: 4 }],
    ['ranking', { ruleSet: 'HAARLEM', version: 2 }],
    ['teams', { first: 'swt', teams: twice }],
  ])('[R-AGR-3] refuses %s that no base text could have either', (subject, value) => {
    expect(paths({ changes: [{ subject, clause: 'art. 1', value }] })).toEqual(['deviations[2].changes[0].value']);
  });

  it('[R-AGR-4] has phases that follow each other from its first day to its last', () => {
    expect(paths({ phases: [first, second] })).toEqual([]);
    expect(paths({ phases: [first, { ...second, to: '2026-12-31' }], validTo: '2026-12-31' })).toEqual([]);
    // Ended in its first phase, sooner than was meant.
    expect(paths({ phases: [first, second], validTo: '2026-02-28' })).toEqual([]);
  });

  it.each([
    ['a gap', [first, { ...second, from: '2026-04-02' }], 'deviations[2].phases[1]'],
    ['an overlap', [first, { ...second, from: '2026-03-31' }], 'deviations[2].phases[1]'],
    ['a phase after one without end', [{ ...first, to: undefined }, second], 'deviations[2].phases[1]'],
    ['a first phase that begins later', [{ ...first, from: '2026-01-02' }, second], 'deviations[2].phases[0]'],
    ['a phase that ends before it begins', [first, { ...second, to: '2026-03-31' }], 'deviations[2].phases[1]'],
    ['a last phase that stops before the deviation does', [first], 'deviations[2].phases'],
  ] as const)('[R-AGR-4] refuses %s', (_, phases, path) => {
    expect(paths({ phases })).toContain(path);
  });

  it('[R-AGR-4] refuses a change in a phase it does not have', () => {
    const changes = [{ ...threshold(null), phase: 'reguliere fase' }];
    expect(paths({ phases: [{ ...first, to: undefined }], changes })).toEqual(['deviations[2].changes[0].phase']);
  });

  it('[R-AGR-3] refuses two changes of one thing that begin on one day for the same agreements', () => {
    const both =
      (validFrom: string, over: Record<string, unknown> = {}) =>
      (c: Loose) =>
        c.deviations.push(annex({}), annex({ id: 'tweede', validFrom, ...over }));
    expect(problems(both('2026-01-01'))).toEqual([
      { path: 'deviations[3].changes[0]', text: 'closing verandert op 2026-01-01 ook door afwijking bijlage' },
    ]);
    expect(problems(both('2026-01-02'))).toEqual([]);
    expect(problems(both('2026-01-01', { agreement: 'haarlem-ymere' }))).toEqual([]);
    expect(problems(both('2026-01-01', { municipality: '0473' }))).toEqual([]);
  });

  it('[R-AGR-3] refuses what only together with another text cannot be carried out, and says from which day', () => {
    const help = { result: 'Geen reactie na eerder contact' };
    const closing = annex({ changes: [{ subject: 'closing', clause: 'art. 1', value: help }] });
    const accepts = { results: ['Vervolghulp en/of verwijzing', help.result] };
    const acceptance = annex({
      id: 'tweede',
      validFrom: '2026-07-01',
      changes: [{ subject: 'acceptance', clause: 'art. 2', value: accepts }],
    });
    expect(problems((c) => c.deviations.push(closing, acceptance))).toEqual([
      {
        path: 'deviations[3]',
        text: 'op 1 juli 2026 bij haarlem-elan-wonen: wie niemand sprak, heeft geen hulp geaccepteerd',
      },
    ]);
    expect(problems((c) => c.deviations.push({ ...closing, validTo: '2026-06-30' }, acceptance))).toEqual([]);
  });
});
