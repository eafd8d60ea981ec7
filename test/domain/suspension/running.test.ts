import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Feedback } from '#domain/feedback/feedback.ts';
import { currentSuspensionsFile, suspensionChangesFile } from '#domain/feedback/file.ts';
import { ArrearId, IsoDate, MunicipalityCode, PartnerId, SignalId } from '#domain/ids.ts';
import {
  changesOn,
  RUNNING_DAYS_BACK,
  type RunningSuspension,
  runningOn,
  type SuspensionChange,
} from '#domain/suspension/running.ts';
import { addDays, daysBetween } from '#domain/term/calendar.ts';
import { governingOf } from '#test/support/governing.ts';
import { play, steps } from '#test/support/history.ts';
import { signal } from '#test/support/signal.ts';

const date = (text: string): IsoDate => IsoDate.parse(text);
const partner = PartnerId.parse('elan-wonen');
const address = {
  partner,
  signalId: SignalId.parse('0000000000000000-2604'),
  reference: 'HC-1',
  municipality: MunicipalityCode.parse('0392'),
};
const started = (on: string, startsOn: string, lastDay: string, number = 1): Feedback => ({
  ...address,
  number,
  date: date(on),
  kind: 'OUTCOME',
  outcome: 'HELP_ACCEPTED',
  replaces: number > 1,
  suspension: { startsOn: date(startsOn), lastDay: date(lastDay) },
});
const said = (on: string, content: object, number = 1): Feedback =>
  ({ ...address, number, date: date(on), ...content }) as Feedback;

const lines = (changes: readonly SuspensionChange[]) =>
  changes.map(({ what, startsOn, lastDay }) => `${what} ${startsOn} ${lastDay}`);
const on = (feedback: readonly Feedback[], day: string) => lines(changesOn(feedback, date(day)));
const runs = (feedback: readonly Feedback[], day: string) =>
  runningOn(feedback, date(day)).map(({ startsOn, lastDay }) => `${startsOn} ${lastDay}`);

/** What a partner does with the files: the dates of a signal are set when they start or change, and go when they end. */
const follow = (list: Map<string, RunningSuspension>, changes: readonly SuspensionChange[]): void => {
  for (const { what, ...suspension } of changes) {
    const key = `${suspension.signalId} ${suspension.municipality}`;
    expect(list.has(key), what).toBe(what !== 'STARTED');
    if (what === 'ENDED') list.delete(key);
    else list.set(key, suspension);
  }
};

/** Three signals of one partner, each with its own history. */
const ofPartner = fc.array(steps, { minLength: 3, maxLength: 3 }).map((histories) => {
  const stories = histories.map((happening, i) => {
    const reported = signal({ arrearId: ArrearId.parse(String(i).repeat(16)), reference: `HC-${i}` });
    return play(reported, governingOf(reported), date('2026-04-02'), happening);
  });
  const [last = date('2026-04-02')] = stories
    .map(({ lastDay }) => lastDay)
    .sort()
    .reverse();
  return { feedback: stories.flatMap(({ feedback }) => feedback), last };
});

describe('running suspensions', () => {
  it('[R-SUS-5] [R-SUS-2] run through their last day, and are gone the day after when nothing else happens', () => {
    const feedback = [started('2026-04-10', '2026-04-09', '2026-05-09')];
    expect(runs(feedback, '2026-04-09')).toEqual([]);
    expect(runs(feedback, '2026-04-10')).toEqual(['2026-04-09 2026-05-09']);
    expect(runs(feedback, '2026-05-09')).toEqual(['2026-04-09 2026-05-09']);
    expect(runs(feedback, '2026-05-10')).toEqual([]);
    expect(on(feedback, '2026-04-10')).toEqual(['STARTED 2026-04-09 2026-05-09']);
    expect(on(feedback, '2026-05-09')).toEqual([]);
    expect(on(feedback, '2026-05-10')).toEqual(['ENDED 2026-04-09 2026-05-09']);
    expect(on(feedback, '2026-05-11')).toEqual([]);
  });

  it('[R-SUS-5] the expiry that is told the morning after adds nothing', () => {
    const feedback = [
      started('2026-04-10', '2026-04-09', '2026-05-09'),
      said('2026-05-10', { kind: 'SUSPENSION_EXPIRED', on: '2026-05-09' }),
    ];
    expect(on(feedback, '2026-05-10')).toEqual(['ENDED 2026-04-09 2026-05-09']);
  });

  it('[R-SUS-4] [R-SUS-5] an early end: its day becomes the last one', () => {
    const feedback = [
      started('2026-04-10', '2026-04-09', '2026-05-09'),
      said('2026-04-20', { kind: 'SUSPENSION_ENDED_EARLY', on: '2026-04-20' }),
    ];
    expect(on(feedback, '2026-04-20')).toEqual(['CHANGED 2026-04-09 2026-04-20']);
    expect(runs(feedback, '2026-04-20')).toEqual(['2026-04-09 2026-04-20']);
    expect(on(feedback, '2026-04-21')).toEqual(['ENDED 2026-04-09 2026-04-20']);
    // Told the morning after: it ends at once.
    const late = [...feedback.slice(0, 1), said('2026-04-21', { kind: 'SUSPENSION_ENDED_EARLY', on: '2026-04-20' })];
    expect(on(late, '2026-04-20')).toEqual([]);
    expect(on(late, '2026-04-21')).toEqual(['ENDED 2026-04-09 2026-04-20']);
  });

  it('[R-SUS-5] a correction moves the dates or takes it back, also on the day itself', () => {
    const first = started('2026-04-10', '2026-04-09', '2026-05-09');
    const moved = [first, started('2026-04-12', '2026-04-11', '2026-05-09', 2)];
    expect(on(moved, '2026-04-12')).toEqual(['CHANGED 2026-04-11 2026-05-09']);
    const back = [first, said('2026-04-10', { kind: 'RETRACTED' }, 2)];
    expect(on(back, '2026-04-10')).toEqual(['STARTED 2026-04-09 2026-05-09', 'CHANGED 2026-04-09 2026-04-10']);
    expect(on(back, '2026-04-11')).toEqual(['ENDED 2026-04-09 2026-04-10']);
    const other = [first, said('2026-04-12', { kind: 'OUTCOME', outcome: 'NO_HELP', suspension: 'none' }, 2)];
    expect(runs(other, '2026-04-12')).toEqual(['2026-04-09 2026-04-12']);
    expect(runs(other, '2026-04-13')).toEqual([]);
  });

  it('[R-SUS-5] the last word stands, in whatever order it came in', () => {
    const late = [
      started('2026-04-12', '2026-04-12', '2026-05-12', 2),
      started('2026-04-13', '2026-04-01', '2026-05-01'),
    ];
    expect(runs(late, '2026-04-13')).toEqual(['2026-04-12 2026-05-12']);
    expect(on(late, '2026-04-13')).toEqual([]);
  });

  it('[R-SUS-5] a partner that reads every day arrives at what runs now, from the beginning or from any list', () => {
    const seen = { STARTED: 0, CHANGED: 0, ENDED: 0 };
    fc.assert(
      fc.property(ofPartner, fc.nat(60), ({ feedback, last }, joined) => {
        const list = new Map<string, RunningSuspension>();
        const joinsOn = addDays(date('2026-04-02'), joined);
        const joiner = new Map<string, RunningSuspension>();
        for (let day = date('2026-04-02'); day <= last; day = addDays(day, 1)) {
          const today = changesOn(feedback, day);
          for (const { what } of today) seen[what] += 1;
          follow(list, today);
          const running = runningOn(feedback, day);
          expect([...list.values()].sort((a, b) => (a.signalId < b.signalId ? -1 : 1))).toEqual(running);
          if (day > joinsOn) follow(joiner, today);
          if (day === joinsOn) for (const each of running) joiner.set(`${each.signalId} ${each.municipality}`, each);
          if (day >= joinsOn) expect(new Set(joiner.values())).toEqual(new Set(list.values()));
        }
        expect(list.size).toBe(0);
      }),
    );
    expect(Math.min(seen.STARTED, seen.CHANGED, seen.ENDED)).toBeGreaterThan(20);
  });

  it('[R-SUS-2] [R-SUS-5] no signal is on the list more than thirty days after its first day', () => {
    fc.assert(
      fc.property(ofPartner, ({ feedback, last }) => {
        const first = new Map<string, IsoDate>();
        for (let day = date('2026-04-02'); day <= last; day = addDays(day, 1))
          for (const { signalId, startsOn } of runningOn(feedback, day)) {
            const since = first.get(signalId) ?? startsOn;
            first.set(signalId, since);
            expect(daysBetween(since, day)).toBeLessThanOrEqual(30);
          }
      }),
    );
  });

  it('[R-SUS-5] feedback of a month is enough to know', () => {
    fc.assert(
      fc.property(ofPartner, ({ feedback, last }) => {
        for (let day = date('2026-04-02'); day <= last; day = addDays(day, 1)) {
          const recent = feedback.filter(({ date: told }) => told >= addDays(day, -RUNNING_DAYS_BACK));
          expect(runningOn(recent, day)).toEqual(runningOn(feedback, day));
          expect(changesOn(recent, day)).toEqual(changesOn(feedback, day));
        }
      }),
    );
  });

  it('[R-SUS-5] is read by people and by machines', () => {
    const feedback = [started('2026-04-10', '2026-04-09', '2026-05-09')];
    const file = currentSuspensionsFile(partner, runningOn(feedback, date('2026-04-10')), () => 'Haarlem');
    expect(file.name).toBe('suspensions/current');
    expect(file.csv?.split('\r\n')).toEqual([
      '\uFEFFreferentie;gemeente;schuldenrust_van;schuldenrust_tot_en_met;signaal',
      'HC-1;Haarlem;2026-04-09;2026-05-09;0000000000000000-2604',
      '',
    ]);
    const fields = {
      reference: 'HC-1',
      signal: '0000000000000000-2604',
      municipality: '0392',
      municipalityName: 'Haarlem',
      startsOn: '2026-04-09',
      lastDay: '2026-05-09',
    };
    expect(JSON.parse(file.json)).toEqual({
      schema: 'meldpunt/suspensions/1',
      partner: 'elan-wonen',
      suspensions: [fields],
    });
    const day = date('2026-04-10');
    const changes = suspensionChangesFile(partner, day, changesOn(feedback, day), () => 'Haarlem');
    expect(changes.name).toBe('suspensions/changes/2026-04-10');
    expect(JSON.parse(changes.json)).toEqual({
      schema: 'meldpunt/suspension-changes/1',
      partner: 'elan-wonen',
      date: '2026-04-10',
      changes: [{ what: 'STARTED', ...fields }],
    });
  });
});
