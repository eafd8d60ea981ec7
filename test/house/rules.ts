import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Every rule of the field in one line, and whether this version builds it. `npm run rules` writes infra/rules.md from
 * this list and the names of the tests; a test fails when the page is stale or a built rule has no journey.
 */
export const RULES: Readonly<Record<string, { readonly rule: string; readonly built: boolean }>> = {
  'R-AGR-1': {
    rule: 'Agreement of municipality and partner: version, two signatures, dates, tacit renewal and notice, chosen meldpunt',
    built: true,
  },
  'R-AGR-2': {
    rule: 'No active, two-sided signed agreement with this meldpunt: the row is refused with the reason',
    built: true,
  },
  'R-AGR-3': { rule: 'Deviations are dated annexes that change one thing at a time; the base text stays', built: true },
  'R-AGR-4': { rule: 'Phases of an agreement; one may leave the threshold unset', built: true },
  'R-AGR-5': { rule: 'A delivering party may deliver for several partners', built: true },
  'R-AGR-6': { rule: 'Partner types and their rules are data', built: true },
  'R-AGR-7': { rule: 'Contact data and reachability of partners, a contact for missed terms', built: true },
  'R-DEL-1': {
    rule: 'Good rows are taken, bad rows refused one by one, and the partner learns it at once',
    built: true,
  },
  'R-DEL-2': { rule: 'Four steps of social collection, attested', built: true },
  'R-DEL-3': { rule: 'Resident objected: refused, and nothing of the person is kept', built: true },
  'R-DEL-4': { rule: 'Days overdue per partner type and agreement version', built: true },
  'R-DEL-5': {
    rule: 'Repeat signals are linked to the earlier ones, and closed by policy when the amount did not rise',
    built: true,
  },
  'R-DEL-6': { rule: 'No BSN: column or number refused, the value appears nowhere', built: true },
  'R-DEL-7': {
    rule: 'The same file or row changes nothing; a corrected row replaces the old one with history',
    built: true,
  },
  'R-DEL-8': {
    rule: 'A header without rows is a delivery; a partner for which none came by the 25th is reminded, once a month',
    built: true,
  },
  'R-DEL-9': { rule: 'Withdrawal closes the signal at once and is kept', built: true },
  'R-DEL-10': {
    rule: 'Certificate per accepted signal: signed, in a chain, checked offline by anyone, and nothing of the resident in it',
    built: true,
  },
  'R-DEL-11': { rule: 'Dry run: the full report, nothing stored', built: true },
  'R-DEL-12': { rule: 'Signal kinds and their clocks: crisis in 3 business days, end of supply 20 ahead', built: true },
  'R-ROU-1': { rule: 'Municipality by postcode and house number, with certainty', built: true },
  'R-ROU-2': { rule: 'Municipalities merge: the date of the signal decides, also when it is announced', built: true },
  'R-ROU-3': { rule: 'One executing organisation may serve several municipalities', built: true },
  'R-ROU-4': {
    rule: 'No longer a resident: the partner hears it, the signal goes on where they live now, with history',
    built: true,
  },
  'R-MAT-1': { rule: 'A household is an address; its signals of a month are one case', built: true },
  'R-MAT-2': { rule: 'Flags single, multiple, consecutive, as facts with what they rest on', built: true },
  'R-MAT-3': {
    rule: 'Persons matched beside the address, with basis, evidence and confidence kept and shown',
    built: true,
  },
  'R-MAT-4': { rule: 'Never merge strangers; split and merge with a reason, remembered', built: true },
  'R-MAT-5': { rule: 'Matching keys are keyed hashes', built: true },
  'R-WOR-1': { rule: 'A list per executing organisation, monthly and any day', built: true },
  'R-WOR-2': { rule: 'Who sent a signal never moves its rank', built: true },
  'R-WOR-3': { rule: 'Each case shows the rules and the version that ranked it', built: true },
  'R-WOR-4': { rule: 'Default ranking, and the tiers of Haarlem', built: true },
  'R-WOR-5': { rule: 'Capacity: home visits by rank, months and partners combined, other channels', built: true },
  'R-WOR-6': { rule: 'Known at debt counselling: forwarded', built: true },
  'R-WOR-7': { rule: 'Amount thresholds with a simulator', built: true },
  'R-FLO-1': {
    rule: 'One execution per signal; an outcome of the case completes all its signals, also one that joins later',
    built: true,
  },
  'R-FLO-2': {
    rule: 'Calendar days: reminder at 14, warning before 28, escalation at 28',
    built: true,
  },
  'R-FLO-3': {
    rule: 'Business days of the Algemene termijnenwet: feedback 5 or 10, crisis 3, end of supply 20',
    built: true,
  },
  'R-FLO-4': { rule: 'Two-stage assignment: forwarded to another team, and handed back', built: true },
  'R-FLO-5': { rule: 'Contact attempts with the DDAS lists', built: true },
  'R-FLO-6': { rule: 'Exactly one DDAS end result stands; it can be corrected, and a case opened again', built: true },
  'R-FLO-7': {
    rule: 'Day 28 without outcome: marked, answerable until the horizon, then closed by policy',
    built: true,
  },
  'R-FLO-8': { rule: 'Collection phase can be corrected, and the terms follow', built: true },
  'R-FEE-1': { rule: 'Help accepted: feedback within 28 days of receipt', built: true },
  'R-FEE-2': {
    rule: 'What is fed back is policy; default acceptance and the results meant for the partner',
    built: true,
  },
  'R-FEE-3': { rule: 'What a partner may read; the type has no place for the rest', built: true },
  'R-FEE-4': { rule: 'Accepted but payment cannot resume: the partner is told', built: true },
  'R-FEE-5': {
    rule: 'Mail says that feedback is ready, one digest a day or at once where agreed, without personal data',
    built: true,
  },
  'R-FEE-6': {
    rule: 'A mail that bounces or cannot be sent is visible, tried again and never loses the feedback',
    built: true,
  },
  'R-SUS-1': { rule: 'Schuldenrust starts when its four conditions hold', built: true },
  'R-SUS-2': { rule: 'At most 30 days, to the end of the last day in Europe/Amsterdam', built: true },
  'R-SUS-3': { rule: 'Reminder before the end; at the end both sides hear it', built: true },
  'R-SUS-4': { rule: 'Ends early with a reason', built: true },
  'R-SUS-5': { rule: 'Machine-readable list of running suspensions, as of now and changes since', built: true },
  'R-SUS-6': { rule: 'Not accepted: nothing is suspended', built: true },
  'R-PRI-1': { rule: 'Each sees its own: enforced by IAM and keys', built: false },
  'R-PRI-2': { rule: 'Three purposes only', built: false },
  'R-PRI-3': { rule: 'No personal data in logs, metrics, traces, keys, executions, mail, errors', built: true },
  'R-PRI-4': { rule: 'Retention and erasure with proof', built: false },
  'R-PRI-5': { rule: 'Access, correction, erasure per person', built: false },
  'R-PRI-6': { rule: 'EU region, own keys, TLS', built: false },
  'R-MON-1': { rule: 'DDAS export', built: false },
  'R-MON-2': { rule: 'Anonymous statistics', built: false },
};

export interface RuleTest {
  readonly file: string;
  readonly name: string;
}

const testFiles = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return entry.name.endsWith('.test.ts') || entry.name === 'contract.ts' ? [path] : [];
  });

/** Tests by the rule ids in their names: `it('[R-SUS-2][R-SUS-3] …')`. */
export const testsByRule = (): ReadonlyMap<string, readonly RuleTest[]> => {
  const found = new Map<string, RuleTest[]>();
  for (const file of testFiles('test')) {
    const code = readFileSync(file, 'utf8');
    for (const [, , name = ''] of code.matchAll(
      /\b(?:it|test|describe)(?:\.\w+)*(?:\([^()]*\))?\(\s*(['"`])((?:\[R-[A-Z]+-\d+\]\s*)+[^\n]*?)\1/g,
    ))
      for (const [, id = ''] of name.matchAll(/\[(R-[A-Z]+-\d+)\]/g))
        found.set(id, [
          ...(found.get(id) ?? []),
          { file, name: name.replace(/\[R-[A-Z]+-\d+\]\s*|:?\s*%\w/g, '').trim() },
        ]);
  }
  return found;
};

/** Tests that run the whole pipeline in the embedded cloud. */
export const isJourney = ({ file }: RuleTest): boolean => /^test\/(journeys|privacy)\//.test(file);

export const rulesPage = (): string => {
  const tests = testsByRule();
  const rows = Object.entries(RULES).map(([id, { rule, built }]) => {
    const all = tests.get(id) ?? [];
    const journeys = all.filter(isJourney).map(({ name }) => name);
    const files = new Set(
      all.filter((test) => !isJourney(test)).map(({ file }) => file.replace(/^test\/|\.test\.ts$/g, '')),
    );
    const cell = built ? journeys.join('<br>') : '*later*';
    return `| ${id} | ${rule} | ${cell} | ${[...files].join('<br>')} |`;
  });
  return `<!-- Generated by \`npm run rules\`; do not edit. -->
# Rules and their tests

A rule counts as built when a test named by its id proves it through the whole pipeline. The other tests prove its parts.

| id | rule | through the pipeline | parts |
|---|---|---|---|
${rows.join('\n')}
`;
};

if (process.argv[1]?.endsWith('test/house/rules.ts')) writeFileSync('infra/rules.md', rulesPage());
