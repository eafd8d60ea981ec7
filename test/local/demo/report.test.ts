import { describe, expect, it } from 'vitest';
import { NAMED_WORKER } from '#infra/local/demo/answers.ts';
import { check } from '#infra/local/demo/check.ts';
import { readEml } from '#infra/local/demo/eml.ts';
import type { Observed } from '#infra/local/demo/observe.ts';
import { report } from '#infra/local/demo/report.ts';
import { story } from '#infra/local/demo/story.ts';
import { table, WIDTH } from '#infra/local/demo/table.ts';
import { timeline, transitions } from '#infra/local/demo/timeline.ts';

describe('tables', () => {
  it('aligns, counts letters and not bytes, and puts the total under a rule', () => {
    expect(
      table(
        [{ title: 'naam' }, { title: 'aantal', align: 'right' }],
        [
          ['Pré', 1234],
          ['IJ', 0],
        ],
        ['samen', 1234],
      ),
    ).toEqual([
      '  naam   aantal',
      '  ─────────────',
      '  Pré     1.234',
      '  IJ          ·',
      '  ─────────────',
      '  samen   1.234',
    ]);
  });

  it('never passes the width: the flexible column gives way', () => {
    const lines = table([{ title: 'a' }, { title: 'b', flexible: true }], [['x'.repeat(30), 'y'.repeat(200)]]);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(WIDTH);
    expect(lines.at(-1)).toMatch(/y…$/);
  });
});

describe('reading mails', () => {
  it('decodes encoded words, quoted-printable and base64 in nested parts', () => {
    const eml = [
      'To: a@example.nl',
      'Subject: =?UTF-8?Q?Terugkoppeling_staat_klaar_=C3=A9?=',
      'Date: Mon, 30 Mar 2026 04:00:00 +0000',
      'Content-Type: multipart/alternative; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'be=C3=ABindigd en een heel =',
      'lange regel',
      '- Te laat met terugkoppelen: 3',
      '--b',
      'Content-Type: text/html',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('<p>Çelikkaya</p>').toString('base64'),
      '--b--',
      '',
    ].join('\r\n');
    const { everything, ...mail } = readEml(Buffer.from(eml));
    expect(mail).toEqual({
      to: 'a@example.nl',
      subject: 'Terugkoppeling staat klaar é',
      at: '2026-03-30T06:00',
      counts: ['Te laat met terugkoppelen: 3'],
    });
    expect(everything).toContain('beëindigd en een heel lange regel');
    expect(everything).toContain('Çelikkaya');
  });
});

describe('timelines', () => {
  const at = (iso: string) => new Date(iso);
  const execution = {
    name: 'n',
    status: 'RUNNING',
    input: '',
    output: '',
    events: [
      { id: 1, type: 'ExecutionStarted' as const, timestamp: at('2026-03-28T23:30:00Z') },
      {
        id: 2,
        type: 'TaskStateEntered' as const,
        timestamp: at('2026-03-29T01:00:00Z'),
        stateEnteredEventDetails: { name: 'AwaitOutcome' },
      },
    ],
  };

  const signal = {
    history: [
      { kind: 'RECEIVED', at: '2026-03-28T23:30:00.000Z', source: 'd' },
      { kind: 'FORWARDED', at: '2026-03-29T01:00:00.000Z', source: 'o', by: 'sdv-07', detail: 'swt' },
    ],
  };

  it('tells moments in Dutch time, over the change of the clocks: what happened, then what the workflow did', () => {
    expect(timeline('Titel', signal, [execution]).split('\n')).toEqual([
      'Titel',
      'n: RUNNING',
      '',
      'zo 29 mrt 00:30  gemeld',
      'zo 29 mrt 03:00  doorgezet: swt (sdv-07)',
      'zo 29 mrt 03:00    · werkstroom: wacht op antwoord van de gemeente (AwaitOutcome)',
      '… en wacht nog',
      '',
    ]);
    expect(transitions(execution)).toBe(1);
  });

  it('tells a second round apart', () => {
    expect(timeline('Titel', signal, [execution, { ...execution, name: 'n_2' }])).toContain('werkstroom 2: wacht op');
  });
});

describe('the report', () => {
  const tale = story(2026);
  const played = { deliveries: new Map(), outcomes: new Map(), glimpses: new Map() };
  const nothing: Observed = {
    objects: new Map(),
    items: [],
    executions: { delivery: [], signal: [] },
    mails: [],
    logs: '',
  };
  const checked = check(tale, played, nothing);

  it('finds that nothing of the plan happened when nothing is there', () => {
    const what = checked.differences.map(({ what: each }) => each);
    expect(what).toContain('aantal signalen in de tabel');
    expect(what).toContain('elan-maart: tellingen');
    expect(what).toContain('terugkoppelingen in de tabel');
    expect(what).toContain('uitvoeringen van leveringen');
    expect(what).toContain('uitkomsten-2026-03-10 0392: antwoord per regel');
    expect(what).toContain('voorbeeld-2026-03-30 0268: wat partners zouden zien');
    expect(what).toContain('werklijst 2026-03-12T12:30: ontruiming, nog die dag gehoord');
    expect(what).toContain('lijst van lopende schuldenrust');
    expect(what).toContain('mails aan gemeenten en uitvoerders');
    expect(checked.comparisons).toBeGreaterThan(checked.differences.length);
  });

  it('finds personal data in a mail', () => {
    const surname = tale.signals[0]?.household.persons[0].surname ?? '';
    const mails = [{ to: 'a@example.nl', subject: 's', at: '', counts: [], everything: `Beste meneer ${surname}` }];
    const { differences } = check(tale, played, { ...nothing, mails });
    expect(differences).toContainEqual(
      expect.objectContaining({ what: 'persoonsgegevens in mails', found: JSON.stringify([surname]) }),
    );
    expect(differences).toContainEqual(expect.objectContaining({ what: 'mails die niet in het plan staan' }));
  });

  it('finds a new address in what a partner reads, and the name of a worker anywhere', () => {
    const movedTo = tale.outcomes.flatMap(({ lines }) => lines.flatMap(({ answer }) => answer.movedTo ?? []));
    expect(movedTo).toHaveLength(2);
    const objects = new Map([
      ['partners/energie/feedback/2026-03-10.json', Buffer.from(`{"feedback":[],"x":"${movedTo[0]?.postcode}"}`)],
      ['municipalities/0392/outcome-receipts/X/rejected.csv', Buffer.from(NAMED_WORKER)],
      ['municipalities/0392/outcomes/uitkomsten.csv', Buffer.from(NAMED_WORKER)],
    ]);
    const { differences } = check(tale, played, { ...nothing, objects });
    expect(differences).toContainEqual(
      expect.objectContaining({ what: 'nieuwe adressen in wat partners over signalen lezen', expected: '[]' }),
    );
    expect(differences).toContainEqual(
      expect.objectContaining({
        what: 'naam van een medewerker buiten het bestand zelf',
        found: '["municipalities/0392/outcome-receipts/X/rejected.csv"]',
      }),
    );
  });

  it('fits in a hundred columns and ends with what differs', () => {
    const lines = report({
      story: tale,
      played,
      observed: nothing,
      checked,
      calls: new Map(),
      folder: '.meldpunt/demo',
    });
    for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(WIDTH);
    expect(lines.at(-1)).toBe(`  ${checked.differences.length} van ${checked.comparisons} vergelijkingen verschillen`);
  });
});
