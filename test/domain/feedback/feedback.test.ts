import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FEEDBACK_ITEMS,
  type FeedbackItem,
  PARTNER_OUTCOMES,
  type PartnerOutcome,
} from '#domain/agreement/configuration.ts';
import type { Governing } from '#domain/agreement/governing.ts';
import type { Feedback, OutcomeFeedback, SuspensionEndFeedback } from '#domain/feedback/feedback.ts';
import { feedbackFile } from '#domain/feedback/file.ts';
import { mailOf } from '#domain/feedback/mail.ts';
import { partnerOutcomeOf, previewOf, publishAtOnce, suspensionEndFeedback } from '#domain/feedback/outcome.ts';
import { Cents, Instant, IsoDate, MunicipalityCode, PartnerId, SignalId } from '#domain/ids.ts';
import { END_RESULTS, type EndResult } from '#domain/signal/ddas.ts';
import type { Outcome, Signal } from '#domain/signal/signal.ts';
import { governingOf } from '#test/support/governing.ts';
import { play, steps } from '#test/support/history.ts';
import { signal } from '#test/support/signal.ts';

const haarlem = governingOf(signal());
const date = (text: string): IsoDate => IsoDate.parse(text);
const today = date('2026-04-10');

const full = (result: EndResult): Outcome => ({
  result,
  date: date('2026-04-09'),
  actionPlanOn: date('2026-04-09'),
  paymentResumes: { from: date('2026-05-01') },
  arrangement: { monthlyCents: Cents.parse(7500), from: date('2026-05-01') },
  maySuspend: true,
  forCase: true,
});
const help = full('Vervolghulp en/of verwijzing');

/** Any table of what is told, any list of what counts as acceptance. */
const rules: fc.Arbitrary<Governing> = fc
  .record({
    codes: fc.uniqueArray(fc.constantFrom(...PARTNER_OUTCOMES)),
    items: fc.array(fc.subarray([...FEEDBACK_ITEMS]), { minLength: 8, maxLength: 8 }),
    acceptance: fc.subarray([...END_RESULTS], { minLength: 1 }),
  })
  .map(({ codes, items, acceptance }) => ({
    ...haarlem,
    acceptance: { results: acceptance },
    feedback: {
      delivery: 'DIGEST',
      told: Object.fromEntries(codes.map((code, i) => [code, items[i] ?? []])),
    },
  }));

const KEYS: Readonly<Record<FeedbackItem, string>> = {
  SUSPENSION: 'suspension',
  PAYMENT_RESUMES: 'paymentResumes',
  ARRANGEMENT: 'arrangement',
};
const ADDRESS = ['partner', 'signalId', 'number', 'reference', 'municipality', 'date', 'kind'];

describe('what a partner may hear', () => {
  it('[R-FEE-2] [R-FEE-3] never what the agreement does not tell, never a field that is not on its list', () => {
    fc.assert(
      fc.property(rules, steps, (agreed, happening) => {
        const { feedback } = play(signal(), agreed, date('2026-04-02'), happening);
        for (const each of feedback) {
          const allowed =
            each.kind === 'OUTCOME'
              ? ['outcome', 'replaces', ...(agreed.feedback.told[each.outcome] ?? []).map((item) => KEYS[item])]
              : each.kind === 'RETRACTED'
                ? []
                : ['on'];
          if (each.kind === 'OUTCOME') expect(agreed.feedback.told).toHaveProperty(each.outcome);
          for (const key of Object.keys(each)) expect([...ADDRESS, ...allowed]).toContain(key);
          expect(JSON.stringify(each)).not.toMatch(/Jansen|2011AB|31612345678|123456|plan gestopt|gecorrigeerd/);
        }
      }),
    );
  });

  it('[R-FEE-2] never a word twice, never a second answer without saying that it replaces the first', () => {
    fc.assert(
      fc.property(rules, steps, (agreed, happening) => {
        const { feedback } = play(signal(), agreed, date('2026-04-02'), happening);
        const words = feedback.map(({ number, kind }) => `${number} ${kind}`);
        expect(new Set(words).size).toBe(words.length);
        let stands = false;
        for (const each of feedback) {
          if (each.kind === 'OUTCOME') expect(each.replaces).toBe(stands);
          if (each.kind === 'RETRACTED') expect(stands).toBe(true);
          if (each.kind === 'OUTCOME' || each.kind === 'RETRACTED') stands = each.kind === 'OUTCOME';
        }
      }),
    );
  });

  it('[R-FEE-3] what is forbidden has no place in the types', () => {
    const outcome: OutcomeFeedback = { kind: 'OUTCOME', outcome: 'NO_HELP', replaces: false };
    // @ts-expect-error the reason of an end is not for partners
    const end: SuspensionEndFeedback = { kind: 'SUSPENSION_ENDED_EARLY', on: today, reason: 'nieuwe achterstand' };
    // @ts-expect-error nor is the end result
    const result: OutcomeFeedback = { ...outcome, result: 'Geen reactie na eerder contact' };
    // @ts-expect-error nor a code that is not on the list
    const code: PartnerOutcome = 'NOT_REACHED';
    expect([outcome, end, result, code]).toHaveLength(4);
  });

  it('[R-FEE-3] takes over no field that an outcome or a suspension holds besides', () => {
    const noted = {
      ...help,
      note: 'geheim',
      paymentResumes: { from: date('2026-05-01'), note: 'geheim' },
      arrangement: { monthlyCents: Cents.parse(1), from: today, note: 'geheim' },
    };
    expect(JSON.stringify(previewOf(signal(), noted, haarlem, today, []).feedback)).not.toContain('geheim');
  });

  it('[R-FEE-2] an acceptance without its place in the table is told nothing and rests nothing', () => {
    const silent: Governing = { ...haarlem, feedback: { delivery: 'DIGEST', told: { NO_HELP: [] } } };
    expect(partnerOutcomeOf(help.result, silent)).toBeUndefined();
    expect(previewOf(signal(), help, silent, today, [])).toEqual({ feedback: [] });
  });

  it('[R-SUS-1] a suspension the partner is not told of does not start', () => {
    const dateless: Governing = {
      ...haarlem,
      feedback: { delivery: 'DIGEST', told: { HELP_ACCEPTED: ['PAYMENT_RESUMES'] } },
    };
    const { feedback, suspension } = previewOf(signal(), help, dateless, today, []);
    expect(feedback).toMatchObject([{ outcome: 'HELP_ACCEPTED', paymentResumes: { from: '2026-05-01' } }]);
    expect(suspension).toBeUndefined();
  });

  it('[R-ROU-4] after a hand-over neither municipality takes back what the other said', () => {
    const here = previewOf(signal(), full('Persoon is geen inwoner (meer) in de gemeente'), haarlem, today, []);
    const there = signal({ municipality: MunicipalityCode.parse('0473') });
    const moved: Signal = { ...there, earlierOutcomes: [full('Persoon is geen inwoner (meer) in de gemeente')] };
    const { feedback } = previewOf(moved, help, haarlem, date('2026-04-20'), here.feedback);
    expect(feedback).toMatchObject([{ number: 2, municipality: '0473', outcome: 'HELP_ACCEPTED', replaces: false }]);
    expect(JSON.stringify(feedback)).not.toContain('0392');
  });

  it('[R-FEE-1] past the known calendar it is published at once rather than too late', () => {
    const far = signal({ receivedAt: Instant.parse('2098-03-03T09:00:00.000Z') });
    const { feedback } = previewOf(far, help, haarlem, today, []);
    expect(publishAtOnce(far, haarlem, feedback)).toEqual({ partner: 'elan-wonen', mail: false });
  });
});

describe('the end of schuldenrust', () => {
  const suspension = {
    startsOn: date('2026-04-09'),
    lastDay: date('2026-05-09'),
    acceptedOn: date('2026-04-09'),
    actionPlanOn: date('2026-04-09'),
    paymentResumesOn: date('2026-05-01'),
    fedBackOn: today,
  };
  const suspended = { ...signal(), status: 'SUSPENDED', outcome: help, suspension, terms: [] } as const;
  const { feedback: told } = previewOf(signal(), help, haarlem, today, []);

  it('[R-SUS-3] [R-SUS-4] is told with its last day, without a reason', () => {
    expect(suspensionEndFeedback(suspended, date('2026-05-10'), told)).toMatchObject({
      kind: 'SUSPENSION_EXPIRED',
      on: '2026-05-09',
      date: '2026-05-10',
    });
    const endedEarly = { on: date('2026-04-20'), reason: 'nieuwe achterstand' } as const;
    const early = suspensionEndFeedback(
      { ...suspended, suspension: { ...suspension, endedEarly } },
      date('2026-04-20'),
      told,
    );
    expect(early).toMatchObject({ kind: 'SUSPENSION_ENDED_EARLY', on: '2026-04-20' });
    expect(JSON.stringify(early)).not.toContain('nieuwe achterstand');
  });

  it('[R-SUS-4] a suspension that was told but never began, because of a withdrawal, is taken back', () => {
    const closedAt = Instant.parse('2026-04-10T09:00:00.000Z');
    const withdrawn = { ...signal(), status: 'WITHDRAWN', reason: 'betaald', closedAt, outcome: help } as const;
    expect(suspensionEndFeedback(withdrawn, today, told)).toMatchObject({ kind: 'SUSPENSION_ENDED_EARLY', on: today });
    expect(suspensionEndFeedback(withdrawn, today, [])).toBeUndefined();
  });

  it('is told once', () => {
    const over = suspensionEndFeedback(suspended, date('2026-05-10'), told);
    expect(over && suspensionEndFeedback(suspended, date('2026-05-11'), [...told, over])).toBeUndefined();
  });
});

describe('the feedback file', () => {
  const partner = PartnerId.parse('elan-wonen');
  const address = (reference: string, number = 1) => ({
    partner,
    signalId: SignalId.parse(`0000000000000000-2604`),
    number,
    reference,
    municipality: MunicipalityCode.parse('0392'),
    date: today,
  });
  const deceased = (reference: string): Feedback => ({
    ...address(reference),
    kind: 'OUTCOME',
    outcome: 'RESIDENT_DECEASED',
    replaces: false,
  });
  const from = date('2026-05-01');
  const all: readonly Feedback[] = [
    { ...address('D'), kind: 'SUSPENSION_EXPIRED', on: date('2026-05-09') },
    { ...address('E', 2), kind: 'SUSPENSION_ENDED_EARLY', on: today },
    { ...address('E', 2), kind: 'RETRACTED' },
    {
      ...address('B'),
      kind: 'OUTCOME',
      outcome: 'HELP_ACCEPTED',
      replaces: true,
      suspension: { startsOn: date('2026-04-09'), lastDay: date('2026-05-09') },
      paymentResumes: { from },
      arrangement: { monthlyCents: Cents.parse(7500), from },
    },
    {
      ...address('C'),
      kind: 'OUTCOME',
      outcome: 'HELP_ACCEPTED',
      replaces: false,
      suspension: 'none',
      paymentResumes: 'cannot',
    },
    deceased('A'),
  ];
  const fileOf = (feedback: readonly Feedback[]) => feedbackFile(partner, today, feedback, () => 'Haarlem');

  it('[R-FEE-3] [R-FEE-4] says it in Dutch, one row per reference, in their order', () => {
    const S = '0000000000000000-2604';
    expect(fileOf(all).csv?.split('\r\n')).toEqual([
      '\uFEFFreferentie;datum;gemeente;uitkomst;schuldenrust;schuldenrust_van;schuldenrust_tot_en_met;betaling_hervat;regeling_bedrag;regeling_vanaf;vervangt_eerdere;signaal',
      `A;2026-04-10;Haarlem;inwoner is overleden;;;;;;;nee;${S}`,
      `B;2026-04-10;Haarlem;hulp geaccepteerd;ja;2026-04-09;2026-05-09;2026-05-01;"75,00";2026-05-01;ja;${S}`,
      `C;2026-04-10;Haarlem;hulp geaccepteerd;nee;;;kan niet;;;nee;${S}`,
      `D;2026-04-10;Haarlem;schuldenrust afgelopen;nee;;2026-05-09;;;;;${S}`,
      `E;2026-04-10;Haarlem;eerdere terugkoppeling vervalt;;;;;;;ja;${S}`,
      `E;2026-04-10;Haarlem;schuldenrust eerder beëindigd;nee;;2026-04-10;;;;;${S}`,
      '',
    ]);
  });

  it('[R-FEE-3] [R-FEE-4] says the same to machines, and to neither how many outcomes there were', () => {
    const signal = '0000000000000000-2604';
    const common = { signal, municipality: '0392', municipalityName: 'Haarlem', date: '2026-04-10' };
    expect(JSON.parse(fileOf(all).json)).toEqual({
      schema: 'meldpunt/feedback/1',
      partner: 'elan-wonen',
      date: '2026-04-10',
      feedback: [
        { reference: 'A', ...common, kind: 'OUTCOME', outcome: 'RESIDENT_DECEASED', replaces: false },
        {
          reference: 'B',
          ...common,
          kind: 'OUTCOME',
          outcome: 'HELP_ACCEPTED',
          replaces: true,
          suspension: { startsOn: '2026-04-09', lastDay: '2026-05-09' },
          paymentResumes: { from: '2026-05-01' },
          arrangement: { monthlyCents: 7500, from: '2026-05-01' },
        },
        {
          reference: 'C',
          ...common,
          kind: 'OUTCOME',
          outcome: 'HELP_ACCEPTED',
          replaces: false,
          suspension: 'none',
          paymentResumes: 'cannot',
        },
        { reference: 'D', ...common, kind: 'SUSPENSION_EXPIRED', lastDay: '2026-05-09' },
        { reference: 'E', ...common, kind: 'RETRACTED' },
        { reference: 'E', ...common, kind: 'SUSPENSION_ENDED_EARLY', lastDay: '2026-04-10' },
      ],
    });
  });

  it('is the same whatever the order in which feedback is read', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...all], { minLength: all.length }), (some) => {
        expect(fileOf(some)).toEqual(fileOf(all));
      }),
    );
  });

  it('a reference is never a formula', () => {
    expect(fileOf([deceased('=1+1')]).csv).toContain("'=1+1;");
  });
});

describe('a mail', () => {
  it('says the same words as text and as HTML, and escapes what it is given', () => {
    const mail = mailOf({
      to: 'a@example.nl',
      about: { owner: 'partner#x', kind: 'feedback' },
      subject: 'Nieuws\r\nBcc: x@example.nl',
      intro: 'Voor <Jansen & Zonen>',
      counts: [{ label: 'Nieuw "hier"', count: 3 }],
      details: { heading: 'Waarom & hoe', counts: [{ label: 'Reden', count: 2 }] },
      place: 'partners/x/',
    });
    expect(mail.text).toContain('Waarom & hoe:\n- Reden: 2');
    expect(mail.html).toMatch(/<caption[^>]*>Waarom &amp; hoe</);
    expect(mail.subject).toBe('Nieuws Bcc: x@example.nl');
    expect(mail.text).toContain('- Nieuw "hier": 3');
    expect(mail.html).toContain('Voor &lt;Jansen &amp; Zonen&gt;');
    expect(mail.html).toContain('<html lang="nl">');
    expect(mail.html).not.toContain('<Jansen');
    expect(mail.html).toMatch(/Nieuw &quot;hier&quot;<\/th><td[^>]*>3</);
  });
});
