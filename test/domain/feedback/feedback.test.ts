import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartnerOutcome } from '#domain/agreement/configuration.ts';
import type { Feedback } from '#domain/feedback/feedback.ts';
import { feedbackFile } from '#domain/feedback/file.ts';
import { mailOf } from '#domain/feedback/mail.ts';
import { outcomeFeedback, partnerOutcomeOf, suspensionEndFeedback } from '#domain/feedback/outcome.ts';
import { Cents, Instant, IsoDate } from '#domain/ids.ts';
import { END_RESULTS, type EndResult } from '#domain/signal/ddas.ts';
import type { Outcome, Signal } from '#domain/signal/signal.ts';
import { configuration } from '#test/support/configuration.ts';
import { signal } from '#test/support/signal.ts';

const [lcv, haarlem] = configuration.policies;
if (!lcv || !haarlem) throw new Error('no policies');
const date = (text: string): IsoDate => IsoDate.parse(text);
const today = date('2026-04-10');

/** By hand from DOMAIN R-FEE-1 and R-FEE-2: what the LCV tells, and what Haarlem tells besides. */
const MATRIX: Readonly<Record<EndResult, readonly [PartnerOutcome | undefined, PartnerOutcome]>> = {
  '(Budget)advies en/of quick fix': ['HELP_ACCEPTED', 'HELP_ACCEPTED'],
  'Definitief geen contact kunnen krijgen': [undefined, 'NO_HELP'],
  'Geen reactie na eerder contact': [undefined, 'NO_HELP'],
  'Inwoner al bekend bij schuldhulpverlening': ['KNOWN_AT_DEBT_COUNSELLING', 'KNOWN_AT_DEBT_COUNSELLING'],
  'Inwoner heeft al een ander lopend traject': [undefined, 'NO_HELP'],
  'Inwoner heeft zelf al betaald/betalingsregeling getroffen': [undefined, 'NO_HELP'],
  'Inwoner is overleden': ['RESIDENT_DECEASED', 'RESIDENT_DECEASED'],
  'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering': [undefined, 'NO_HELP'],
  'Niet opgepakt: andere reden': ['NOT_TAKEN_UP', 'NOT_TAKEN_UP'],
  'Niet opgepakt: herhaalde melding': ['REPEAT_SIGNAL', 'REPEAT_SIGNAL'],
  'Niet opgepakt: onterecht signaal': ['UNFOUNDED_SIGNAL', 'UNFOUNDED_SIGNAL'],
  'Persoon is geen inwoner (meer) in de gemeente': ['NO_RESIDENT', 'NO_RESIDENT'],
  'Vervolghulp en/of verwijzing': ['HELP_ACCEPTED', 'HELP_ACCEPTED'],
  'Vervolghulp en/of verwijzing financieel': ['HELP_ACCEPTED', 'HELP_ACCEPTED'],
  'Vervolghulp en/of verwijzing niet financieel': ['HELP_ACCEPTED', 'HELP_ACCEPTED'],
  'Verwijzing zonder tussenkomst inwoner': [undefined, 'NO_HELP'],
};

const full = (result: EndResult): Outcome => ({
  result,
  date: date('2026-04-09'),
  actionPlanOn: date('2026-04-09'),
  paymentResumes: { from: date('2026-05-01') },
  arrangement: { monthlyCents: Cents.parse(7500), from: date('2026-05-01') },
  maySuspend: true,
});

describe('what a partner may hear', () => {
  it.each(END_RESULTS)('[R-FEE-1] [R-FEE-2] %s', (result) => {
    expect([partnerOutcomeOf(result, lcv), partnerOutcomeOf(result, haarlem)]).toEqual(MATRIX[result]);
  });

  it('[R-FEE-2] nothing that the policy does not list', () => {
    for (const result of END_RESULTS)
      expect(partnerOutcomeOf(result, { ...lcv, feedbackOn: ['HELP_ACCEPTED'] })).toBe(
        MATRIX[result][0] === 'HELP_ACCEPTED' ? 'HELP_ACCEPTED' : undefined,
      );
  });

  it('[R-FEE-3] only an acceptance carries suspension, payment and arrangement; nothing carries the end result', () => {
    for (const result of END_RESULTS) {
      const feedback = outcomeFeedback(signal(), full(result), haarlem, today);
      const told = MATRIX[result][1];
      const common = ['partner', 'signalId', 'reference', 'municipality', 'date', 'kind', 'outcome'];
      const extra = told === 'HELP_ACCEPTED' ? ['suspension', 'paymentResumes', 'arrangement'] : [];
      expect(Object.keys(feedback ?? {}).sort(), result).toEqual([...common, ...extra].sort());
      expect(JSON.stringify(feedback)).not.toContain(result);
    }
  });

  it('[R-FEE-4] the partner is told that payment cannot resume, and gets no suspension', () => {
    const outcome: Outcome = { ...full('Vervolghulp en/of verwijzing'), paymentResumes: 'cannot' };
    const feedback = outcomeFeedback(signal(), outcome, lcv, today);
    expect(feedback).toMatchObject({ outcome: 'HELP_ACCEPTED', paymentResumes: 'cannot' });
    expect(feedback && 'suspension' in feedback).toBe(false);
  });

  const suspension = {
    startsOn: date('2026-04-09'),
    lastDay: date('2026-05-09'),
    acceptedOn: date('2026-04-09'),
    actionPlanOn: date('2026-04-09'),
    paymentResumesOn: date('2026-05-01'),
    fedBackOn: today,
  };
  const outcome = full('Vervolghulp en/of verwijzing');
  const suspended: Signal = { ...signal(), status: 'SUSPENDED', outcome, suspension, terms: [] };

  it('[R-SUS-3] [R-SUS-4] the end of schuldenrust is told with its last day, without a reason', () => {
    expect(suspensionEndFeedback(suspended, today)).toMatchObject({ kind: 'SUSPENSION_EXPIRED', on: '2026-05-09' });
    const endedEarly = { on: date('2026-04-20'), reason: 'nieuwe achterstand' } as const;
    const early = suspensionEndFeedback({ ...suspended, suspension: { ...suspension, endedEarly } }, today);
    expect(early).toMatchObject({ kind: 'SUSPENSION_ENDED_EARLY', on: '2026-04-20' });
    expect(JSON.stringify(early)).not.toContain('nieuwe achterstand');
  });

  it('[R-SUS-4] a suspension that was told but never began, because of a withdrawal, is taken back', () => {
    const closedAt = Instant.parse('2026-04-10T09:00:00.000Z');
    const withdrawn: Signal = { ...signal(), status: 'WITHDRAWN', reason: 'betaald', closedAt, outcome };
    const told = outcomeFeedback(signal(), outcome, lcv, today);
    expect(suspensionEndFeedback(withdrawn, today, told)).toMatchObject({ kind: 'SUSPENSION_ENDED_EARLY', on: today });
    expect(suspensionEndFeedback(withdrawn, today)).toBeUndefined();
  });
});

describe('the feedback file', () => {
  const of = (reference: string, content: Partial<Feedback>): Feedback =>
    ({ ...outcomeFeedback(signal({ reference }), full('Inwoner is overleden'), lcv, today), ...content }) as Feedback;

  it('[R-FEE-3] [R-FEE-4] says it in Dutch, one row per reference, in their order', () => {
    const accepted = outcomeFeedback(signal({ reference: 'B' }), full('Vervolghulp en/of verwijzing'), lcv, today);
    const cannot: Outcome = { ...full('Vervolghulp en/of verwijzing'), paymentResumes: 'cannot', maySuspend: false };
    const poor = outcomeFeedback(signal({ reference: 'C' }), cannot, lcv, today);
    const ended = of('D', { kind: 'SUSPENSION_EXPIRED', on: date('2026-05-09') } as Partial<Feedback>);
    const all = [ended, poor, accepted, of('A', {})].filter((each) => each !== undefined);
    expect(feedbackFile(all, () => 'Haarlem').split('\r\n')).toEqual([
      'referentie;datum;gemeente;uitkomst;schuldenrust;schuldenrust_van;schuldenrust_tot;betaling_hervat;regeling_bedrag;regeling_vanaf',
      'A;2026-04-10;Haarlem;inwoner is overleden;nee;;;;;',
      'B;2026-04-10;Haarlem;hulp geaccepteerd;ja;2026-04-09;2026-05-09;2026-05-01;"75,00";2026-05-01',
      'C;2026-04-10;Haarlem;hulp geaccepteerd;nee;;;kan niet;"75,00";2026-05-01',
      'D;2026-04-10;Haarlem;schuldenrust afgelopen;nee;;2026-05-09;;;',
      '',
    ]);
  });

  it('is the same whatever the order in which feedback is read', () => {
    const all = ['B', 'A', 'C'].map((reference) => of(reference, {}));
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 3 }), (some) => {
        expect(feedbackFile(some, () => 'x')).toBe(feedbackFile(all, () => 'x'));
      }),
    );
  });

  it('a reference is never a formula', () => {
    expect(feedbackFile([of('=1+1', {})], () => 'x')).toContain("'=1+1;");
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
