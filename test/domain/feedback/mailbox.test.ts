import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TaggedAbout, tagsOf } from '#domain/feedback/mail-about.ts';
import {
  complained,
  digestOf,
  type Mailbox,
  mailboxOf,
  type Problem,
  withProblem,
  withRelease,
} from '#domain/feedback/mailbox.ts';
import { Instant, IsoDate } from '#domain/ids.ts';

const asTold = (tags: Readonly<Record<string, string>>) => ({
  'ses:configuration-set': ['meldpunt-dev-mail'],
  ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]])),
});

describe('what a mail is about', () => {
  it('[R-FEE-6] goes along as tags that SES takes', () => {
    expect(tagsOf({ owner: 'partner#elan-wonen', kind: 'feedback', since: '2026-03-10:3' })).toEqual({
      owner: 'partner_23elan-wonen',
      kind: 'feedback',
      since: '2026-03-10_3a3',
    });
    expect(tagsOf({ owner: 'municipality#0392', kind: 'outcomes', since: undefined })).toEqual({
      owner: 'municipality_230392',
      kind: 'outcomes',
    });
  });

  it('[R-FEE-6] comes back as it went, whatever the text', () => {
    const printable = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(printable, (since) => {
        const about = { owner: 'party#incasso', kind: 'delivery', since } as const;
        for (const tag of Object.values(tagsOf(about))) expect(tag).toMatch(/^[A-Za-z0-9_-]*$/);
        expect(TaggedAbout.parse(asTold(tagsOf(about)))).toEqual(about);
      }),
    );
  });

  it('[R-PRI-3] names an office and nothing else', () => {
    for (const owner of ['person#123456782', 'partner#J. de Vries', 'partner#'])
      expect(TaggedAbout.safeParse(asTold({ owner, kind: 'feedback' })).success).toBe(false);
    expect(TaggedAbout.safeParse(asTold({ owner: 'partner_23x', kind: 'newsletter' })).success).toBe(false);
  });
});

const day = (date: string): IsoDate => IsoDate.parse(date);
const HERE = 'incasso@elanwonen.example.nl';
const problem = (sentOn: string, over: Partial<Problem> = {}): Omit<Problem, 'number'> => ({
  what: 'BOUNCE',
  detail: 'Permanent/General',
  kind: 'feedback',
  messageId: `message-of-${sentOn}`,
  to: HERE,
  sentAt: Instant.parse(`${sentOn}T16:00:00.000Z`),
  recordedAt: Instant.parse(`${sentOn}T16:00:05.000Z`),
  ...over,
});
const mailbox = (...problems: Omit<Problem, 'number'>[]): Mailbox =>
  problems.reduce((kept, each) => withProblem(kept, each) ?? kept, mailboxOf(undefined));
const reader = (today: string, to = HERE) => ({ kind: 'feedback', to, today: day(today) }) as const;
const EMPTY = mailboxOf(undefined);
/** The mark after a digest that told all before `upTo`. */
const sent = (on: string, upTo: string, before: string | undefined = undefined, known = EMPTY): string =>
  digestOf(before, known, reader(on)).sent(upTo);

describe('the next digest', () => {
  it('begins at the beginning, then after the last one, and goes once a day', () => {
    expect(digestOf(undefined, EMPTY, reader('2026-03-10'))).toMatchObject({ since: undefined, hold: undefined });
    const mark = sent('2026-03-10', 'C1');
    expect(digestOf(mark, EMPTY, reader('2026-03-10'))).toMatchObject({ since: 'C1', hold: 'TODAY' });
    expect(digestOf(mark, EMPTY, reader('2026-03-11'))).toMatchObject({ since: 'C1', hold: undefined });
  });

  it('[R-FEE-6] begins where the one that came back began, the next day', () => {
    const first = sent('2026-03-10', 'C1');
    const second = sent('2026-03-11', 'C2', first);
    const back = mailbox(problem('2026-03-11', { since: 'C1' }));
    expect(digestOf(second, back, reader('2026-03-11'))).toMatchObject({ since: 'C1', hold: 'TODAY' });
    expect(digestOf(second, back, reader('2026-03-12'))).toMatchObject({ since: 'C1', hold: undefined });
    // Told again: from here on it is behind us.
    const third = sent('2026-03-12', 'C3', second, back);
    expect(digestOf(third, back, reader('2026-03-13'))).toMatchObject({ since: 'C3', hold: undefined });
  });

  it('[R-FEE-6] a bounce that is faster than the mark of its own mail counts', () => {
    const back = mailbox(problem('2026-03-10'));
    const mark = sent('2026-03-10', 'C1');
    expect(digestOf(mark, back, reader('2026-03-11'))).toMatchObject({ since: undefined });
  });

  it('[R-FEE-6] a bounce that comes after the next digest is told again too', () => {
    const first = sent('2026-03-10', 'C1');
    const second = sent('2026-03-11', 'C2', first);
    const third = sent('2026-03-12', 'C3', second);
    // In the other order than they were sent.
    const back = mailbox(problem('2026-03-12', { since: 'C2' }), problem('2026-03-11', { since: 'C1' }));
    expect(digestOf(third, back, reader('2026-03-13'))).toMatchObject({ since: 'C1', hold: undefined });
  });

  it('[R-FEE-6] after a bounce no mail goes at once: it waits for the digest, which tells all', () => {
    const mark = sent('2026-03-10', 'C1');
    const now = { ...reader('2026-03-10'), atOnce: Instant.parse('2026-03-10T18:00:00.000Z') };
    expect(digestOf(mark, EMPTY, now)).toMatchObject({ since: 'C1', hold: undefined });
    const back = mailbox(problem('2026-03-10'));
    expect(digestOf(mark, back, now)).toMatchObject({ hold: 'PAUSE' });
    const elsewhere = { ...now, to: 'nieuw@elanwonen.example.nl' };
    expect(digestOf(mark, back, elsewhere)).toMatchObject({ since: undefined, hold: undefined });
    expect(digestOf(mark, back, reader('2026-03-11'))).toMatchObject({ since: undefined, hold: undefined });
  });

  it('[R-FEE-6] what came back of other mail of this office does not move it', () => {
    const mark = sent('2026-03-10', 'C1');
    const back = mailbox(problem('2026-03-10', { kind: 'outcomes' }));
    expect(digestOf(mark, back, reader('2026-03-11'))).toMatchObject({ since: 'C1', hold: undefined });
  });

  /** Digests on five days from 2026-03-10, each told again the next day, all of which come back. */
  const fiveBack = (): { mark: string; back: Mailbox } => {
    let mark: string | undefined;
    let back = EMPTY;
    for (const date of ['2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13', '2026-03-14']) {
      const { hold, since, sent: marked } = digestOf(mark, back, reader(date));
      expect([date, hold, since]).toEqual([date, undefined, undefined]);
      mark = marked(`C${date.slice(-2)}`);
      back = withProblem(back, problem(date)) ?? back;
    }
    return { mark: mark ?? '', back };
  };

  it('[R-FEE-6] waits after five in a row, and goes to another address with everything', () => {
    const { mark, back } = fiveBack();
    for (const date of ['2026-03-15', '2026-06-01'])
      expect(digestOf(mark, back, reader(date))).toMatchObject({ hold: 'STOPPED' });
    const other = reader('2026-03-16', 'nieuw@elanwonen.example.nl');
    const next = digestOf(mark, back, other);
    expect(next).toMatchObject({ since: undefined, hold: undefined });
    expect(digestOf(next.sent('C16'), back, { ...other, today: day('2026-03-17') })).toMatchObject({ since: 'C16' });
  });

  it('[R-FEE-6] goes on after a release, with everything and for five tries more', () => {
    const { mark, back } = fiveBack();
    const released = withRelease(back);
    const next = digestOf(mark, released, reader('2026-03-20'));
    expect(next).toMatchObject({ since: undefined, hold: undefined });
    const again = withProblem(released, problem('2026-03-20')) ?? released;
    expect(digestOf(next.sent('C20'), again, reader('2026-03-21'))).toMatchObject({
      since: undefined,
      hold: undefined,
    });
  });

  it('[R-FEE-6] one that arrives in between ends the row', () => {
    const { mark, back } = fiveBack();
    const elsewhere = digestOf(mark, back, reader('2026-03-15', 'nieuw@elanwonen.example.nl')).sent('C15');
    const later = withProblem(back, problem('2026-03-16', { since: 'C15' })) ?? back;
    const next = digestOf(sent('2026-03-16', 'C16', elsewhere, back), later, reader('2026-03-17'));
    expect(next).toMatchObject({ since: 'C15', hold: undefined });
  });

  it('[R-FEE-6] a complaint stops mail to that address, of any kind, until a release', () => {
    const mark = sent('2026-03-10', 'C1');
    const back = mailbox(problem('2026-03-10', { what: 'COMPLAINT', detail: 'abuse', kind: 'outcomes' }));
    expect(digestOf(mark, back, reader('2026-03-11'))).toMatchObject({ since: 'C1', hold: 'STOPPED' });
    expect(complained(back, HERE)).toBe(true);
    expect(complained(back, 'nieuw@elanwonen.example.nl')).toBe(false);
    // It did arrive: nothing is told again.
    expect(digestOf(mark, withRelease(back), reader('2026-03-11'))).toMatchObject({ since: 'C1', hold: undefined });
    expect(complained(withRelease(back), HERE)).toBe(false);
  });
});

describe('a mailbox', () => {
  it('[R-FEE-6] knows a mail that it is told of twice; a complaint about the same mail is news', () => {
    const once = mailbox(problem('2026-03-10'));
    expect(withProblem(once, problem('2026-03-10', { detail: 'Permanent/Suppressed' }))).toBeUndefined();
    expect(withProblem(once, problem('2026-03-10', { what: 'COMPLAINT' }))?.problems).toHaveLength(2);
  });

  it('keeps the last twenty of each kind, in the order in which they came', () => {
    const many = Array.from({ length: 25 }, (_, i) => problem('2026-03-10', { messageId: `m${i}` }));
    const full = mailbox(problem('2026-03-09', { kind: 'outcomes' }), ...many);
    expect(full.problems.map(({ number }) => number)).toEqual([1, ...Array.from({ length: 20 }, (_, i) => i + 7)]);
    expect(mailboxOf(JSON.stringify(full))).toEqual(full);
  });
});
