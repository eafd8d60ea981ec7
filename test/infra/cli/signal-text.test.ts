import { describe, expect, it } from 'vitest';
import { ShownSignal, signalText } from '#infra/cli/signal-text.ts';

const MACHINE = 'arn:aws:states:eu-west-1:123456789012:stateMachine:meldpunt-prod-signal';
const AWS = { machine: MACHINE, endpoint: undefined };

/** What the function answers, written by hand. */
const answer = (over: object = {}): ShownSignal =>
  ShownSignal.parse({
    signalId: '0123456789ABCDEF-2604',
    caseId: '0392-2604-0123456789AB',
    municipality: '0392',
    status: 'ASSIGNED',
    round: 1,
    organisation: 'haarlem',
    workTray: 'nieuw',
    team: 'sdv',
    executionName: '0392-2604-0123456789AB_0123456789ABCDEF-2604',
    terms: [
      {
        kind: 'FEEDBACK',
        on: '2026-05-12',
        at: '2026-05-12T22:00:00.000Z',
        because:
          '10 werkdagen na 24 april 2026 = 12 mei 2026; Koningsdag en Bevrijdingsdag tellen niet; Addendum Haarlem/Zandvoort, art. 5.4',
      },
    ],
    history: [
      { kind: 'RECEIVED', at: '2026-04-24T07:05:00.000Z', source: '0123456789ABCDEFGHJKMNPQRS' },
      { kind: 'ASSIGNED', at: '2026-04-24T07:05:01.000Z', source: 'workflow', detail: 'sdv' },
      {
        kind: 'CONTACT_ATTEMPTED',
        at: '2026-10-25T01:30:00.000Z',
        source: 'ZZ23456789ABCDEFGHJKMNPQRS',
        by: 'w17',
      },
      { kind: 'MOVED', at: '2026-10-25T10:00:00.000Z', source: '0473-2604-0123456789AB' },
    ],
    waiting: { for: 'OUTCOME', until: '2026-05-12T22:00:00.000Z' },
    governing: [
      { subject: 'terms', document: 'LCV 2022', clause: 'art. 3' },
      {
        subject: 'feedbackTerm',
        document: 'Addendum Haarlem/Zandvoort',
        clause: 'art. 5.4',
        since: '2021-07-01',
        phase: 'reguliere fase',
      },
    ],
    ...over,
  });

describe('npx meldpunt signal', () => {
  it('[R-ROU-1][R-DEL-5] tells what is doubtful of the municipality, and the same arrear in earlier months', () => {
    const text = signalText(
      answer({
        certainty: { municipality: 'probable', orElse: ['0473'] },
        earlier: ['0123456789ABCDEF-2602', '0123456789ABCDEF-2603'],
      }),
      AWS,
    );
    expect(text).toContain('0392, waarschijnlijk: het adres kan ook in Zandvoort (0473) liggen\n');
    expect(text).toMatch(/eerder gemeld +0123456789ABCDEF-2602, 0123456789ABCDEF-2603\n/);
    const certain = signalText(answer({ certainty: { municipality: 'exact', orElse: [] }, earlier: [] }), AWS);
    expect(certain).toBe(signalText(answer(), AWS));
  });

  it('[R-FLO-3][R-AGR-3] tells where it stands, until when and why, what happened, and which clause says so', () => {
    expect(signalText(answer(), AWS)).toBe(`Signaal 0123456789ABCDEF-2604
  stand       toegewezen, wacht op een uitkomst
  werkbakje   nieuw
  zaak        0392-2604-0123456789AB
  gemeente    0392
  uitvoerder  haarlem, team sdv
  wacht op    een uitkomst of intrekking, tot 13 mei 2026 00:00

Uitvoering
  arn:aws:states:eu-west-1:123456789012:execution:meldpunt-prod-signal:0392-2604-0123456789AB_0123456789ABCDEF-2604
  aws stepfunctions get-execution-history --execution-arn arn:aws:states:eu-west-1:123456789012:execution:meldpunt-prod-signal:0392-2604-0123456789AB_0123456789ABCDEF-2604

Termijnen
  t/m 12 mei 2026  terugkoppelen: 10 werkdagen na 24 april 2026 = 12 mei 2026; Koningsdag en
                   Bevrijdingsdag tellen niet; Addendum Haarlem/Zandvoort, art. 5.4

Wat er is gebeurd
  24 april 2026 09:05    ontvangen, bestand 0123456789ABCDEFGHJKMNPQRS
  24 april 2026 09:05    toegewezen, sdv
  25 oktober 2026 02:30  contactpoging, door w17, bestand ZZ23456789ABCDEFGHJKMNPQRS
  25 oktober 2026 11:00  verplaatst uit zaak 0473-2604-0123456789AB

Welke afspraak geldt
  termijnen                   LCV 2022, art. 3
  termijn van terugkoppeling  Addendum Haarlem/Zandvoort, art. 5.4, reguliere fase, sinds
                              1 juli 2021`);
  });

  it('[R-ROU-4][R-DEL-7] reads from where a signal was taken over or moved, and to where it left', () => {
    const at = '2026-04-24T07:05:00.000Z';
    const text = signalText(
      answer({
        history: [
          { kind: 'HANDED_OVER', at, source: '0473-2604-0123456789AB', by: 'w17' },
          { kind: 'OUTCOME_RECORDED', at, source: 'ZZ23456789ABCDEFGHJKMNPQRS' },
          { kind: 'HANDED_OVER', at, source: '0473-2604-0123456789AB' },
          { kind: 'MOVED', at, source: '0362-2604-0123456789AB' },
          { kind: 'MOVED', at, source: '0123456789ABCDEFGHJKMNPQRS' },
        ],
      }),
      AWS,
    );
    expect(text).toContain(`Wat er is gebeurd
  24 april 2026 09:05  overgenomen van zaak 0473-2604-0123456789AB, door w17
  24 april 2026 09:05  uitkomst vastgelegd, bestand ZZ23456789ABCDEFGHJKMNPQRS
  24 april 2026 09:05  overgedragen aan een andere gemeente, zaak 0473-2604-0123456789AB
  24 april 2026 09:05  verplaatst uit zaak 0362-2604-0123456789AB
  24 april 2026 09:05  verplaatst naar een andere zaak, bestand 0123456789ABCDEFGHJKMNPQRS
`);
  });

  it('[R-SUS-1] shows each condition of schuldenrust with its day and evidence', () => {
    const text = signalText(
      answer({
        status: 'SUSPENDED',
        waiting: { for: 'SUSPENSION_END', until: '2026-05-15T22:00:00.000Z' },
        suspension: {
          startsOn: '2026-04-20',
          lastDay: '2026-05-20',
          endedEarly: { on: '2026-05-01', reason: 'plan gestopt' },
          conditions: [
            { condition: 'PASSED_ON', holds: true, on: '2026-04-02', evidence: '0123456789ABCDEFGHJKMNPQRS' },
            { condition: 'FED_BACK', holds: true, on: '2026-04-21', evidence: 'feedback 1' },
            { condition: 'PAYMENTS_RESUMED', holds: false },
          ],
        },
      }),
      AWS,
    );
    expect(text).toContain('  stand       schuldenrust\n');
    expect(text).toContain('  wacht op    het einde van schuldenrust, tot 16 mei 2026 00:00\n');
    expect(text).toContain(`Schuldenrust
  van                                   20 april 2026
  tot en met                            20 mei 2026
  eerder beëindigd                      1 mei 2026, plan gestopt
  signaal is doorgegeven                ja, 2 april 2026, bestand 0123456789ABCDEFGHJKMNPQRS
  teruggekoppeld aan de partner         ja, 21 april 2026, feedback 1
  nieuwe verplichtingen worden betaald  nee
`);
  });

  it('[R-MAT-3][R-MAT-4] tells in which case it is and how that came, and who decided so on what', () => {
    const evidence = {
      decision: 'SAME',
      score: 21.4,
      probability: 0.9999,
      agreements: [
        { field: 'surname', level: 'EXACT', weight: 9.2 },
        { field: 'dateOfBirth', level: 'SWAPPED_DAY_MONTH', weight: 6.1 },
        { field: 'phone', level: 'MISSING', weight: 0 },
      ],
      model: 'persoon 1',
    };
    const page = signalText(
      answer({
        caseNumber: '0392-2604-0123456789AB.0123',
        formed: 'SPLIT',
        matching: {
          links: [{ signalId: 'ABCDEF0123456789-2604', evidence }],
          decisions: [
            {
              kind: 'APART',
              with: ['ZZZZEF0123456789-2604'],
              at: '2026-04-24T07:05:00.000Z',
              decided: { by: 'w17', reason: 'andere persoon', source: 'ZZ23456789ABCDEFGHJKMNPQRS' },
            },
            {
              kind: 'SAME_PERSON',
              with: ['YYYYEF0123456789-2604'],
              at: '2026-04-25T07:05:00.000Z',
              decided: { model: 'persoon 1', evidence },
            },
          ],
        },
      }),
      AWS,
    );
    const text = page.replace(/\s+/g, ' ');
    expect(text).toContain('0392-2604-0123456789AB.0123, gesplitst door een medewerker');
    expect(text).toContain('Bij elkaar gezet of gesplitst');
    expect(text).toMatch(
      /in één zaak met ABCDEF0123456789-2604 achternaam gelijk, geboortedatum dag en maand verwisseld; zeker 99,9 % \(persoon 1\)/,
    );
    expect(text).toMatch(
      /24 april 2026 09:05 gesplitst van signaal ZZZZEF0123456789-2604, andere persoon, door w17, bestand ZZ23456789ABCDEFGHJKMNPQRS/,
    );
    expect(text).toMatch(
      /25 april 2026 09:05 zelfde persoon op een ander adres, in signaal YYYYEF0123456789-2604, achternaam gelijk/,
    );
    expect(signalText(answer(), AWS)).not.toContain('Bij elkaar gezet');
  });

  it('leads to the execution on this machine, and names a later round', () => {
    const text = signalText(
      answer({
        round: 2,
        executionName: '0392-2604-0123456789AB_0123456789ABCDEF-2604_2',
        status: 'CLOSED',
        waiting: null,
      }),
      { machine: MACHINE.replace('123456789012', '000000000000'), endpoint: 'http://127.0.0.1:4566' },
    );
    expect(text).toContain('  ronde       2\n');
    expect(text).toContain('  wacht op    niets: de uitvoering is bezig of afgelopen\n');
    expect(text).toContain(
      '  aws --endpoint-url http://127.0.0.1:4566 stepfunctions get-execution-history --execution-arn arn:aws:states:eu-west-1:000000000000:execution:meldpunt-prod-signal:0392-2604-0123456789AB_0123456789ABCDEF-2604_2\n',
    );
  });

  it('[R-PRI-5] shows the person only when the answer has it, and says that it was recorded', () => {
    const personal = {
      partner: 'elan-wonen',
      partnerType: 'Huur',
      reference: 'HC-1',
      kind: 'eindelevering',
      endOfSupplyOn: '2026-06-01',
      collectionPhase: 'achterstand',
      correctedPhase: 'incasso',
      knownAtTeam: false,
      amountCents: 123456,
      dueDate: '2026-01-01',
      resident: {
        initials: 'P.',
        prefix: 'van der',
        surname: 'Vreugdenhil\u001B[31m',
        dateOfBirth: '1981-03-14',
        phone: { given: '06 12345678', e164: '+31612345678' },
      },
      address: { street: 'Grote Houtstraat', houseNumber: 12, addition: 'A', postcode: '2011SN', city: 'Haarlem' },
      contactAttempts: [{ kind: 'Huisbezoek', reached: false, date: '2026-04-22', dayPart: 'Avond' }],
      earlierOutcomes: [{ result: 'Geen reactie na eerder contact', date: '2026-04-23' }],
      outcome: {
        result: 'Vervolghulp en/of verwijzing financieel',
        date: '2026-04-24',
        actionPlanOn: '2026-04-24',
        paymentResumes: { from: '2026-05-01' },
        arrangement: { monthlyCents: 2550, from: '2026-06-01' },
      },
    };
    const text = signalText(answer({ personal }), AWS);
    expect(text.slice(text.indexOf('Persoonsgegevens'))).toBe(`Persoonsgegevens; dat u ze ziet, is vastgelegd
  naam                 P. van der Vreugdenhil·[31m
  geboren              14 maart 1981
  adres                Grote Houtstraat 12-A, 2011SN Haarlem
  telefoon             06 12345678
  gemeld door          elan-wonen (Huur), referentie HC-1
  achterstand          € 1.234,56, sinds 1 januari 2026
  soort signaal        eindelevering, levering stopt 1 juni 2026
  fase                 incasso
  bekend bij wijkteam  nee
  contactpoging        Huisbezoek, 22 april 2026, Avond, niet bereikt
  eerdere uitkomst     Geen reactie na eerder contact (23 april 2026)
  uitkomst             Vervolghulp en/of verwijzing financieel (24 april 2026), plan van aanpak
                       24 april 2026, betaalt weer vanaf 1 mei 2026, regeling € 25,50 per maand
                       vanaf 1 juni 2026`);
    expect(signalText(answer(), AWS)).not.toContain('Persoonsgegevens');
  });
});
