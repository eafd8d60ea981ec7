import { CRISIS_KINDS } from '../term/terms.ts';
import type { Condition, RankingPolicy } from './policy.ts';

const crisis: Condition = { fact: 'kind', in: [...CRISIS_KINDS] };
const bailiff: Condition = { fact: 'phase', in: ['deurwaarder'] };
const known: Condition = { fact: 'knownAtTeam', is: true };

/** The default (R-WOR-4): more signals first, then crisis and late signals, amount, age; below the threshold last (R-WOR-7). */
const LCV: RankingPolicy = {
  name: 'LCV',
  version: 1,
  title: 'Landelijk: het aantal signalen eerst',
  source: { text: 'Leeswijzer verhuurders', clause: 'art. 3' },
  order: [
    {
      id: 'onder-drempel',
      when: { fact: 'totalCents', below: 'threshold' },
      comes: 'LAST',
      says: 'onder het drempelbedrag',
    },
    { by: 'signals', comes: 'HIGHEST_FIRST' },
    { id: 'crisis', when: crisis, comes: 'FIRST', says: 'crisis (ontruiming of einde levering)' },
    {
      id: 'laat',
      // Of a crisis it does not count further how late it is.
      when: { all: [{ not: crisis }, { any: [bailiff, { fact: 'pastMaximum', is: true }] }] },
      comes: 'FIRST',
      says: 'laat signaal (deurwaarder of over de maximale achterstand)',
    },
    { by: 'totalCents', comes: 'HIGHEST_FIRST' },
    { by: 'oldestDays', comes: 'HIGHEST_FIRST' },
  ],
};

/**
 * Haarlem's tiers (R-WOR-4): I at the bailiff or nearly, II at or above the threshold and everything while a phase leaves
 * it unset (R-AGR-4), III known at the neighbourhood team, IV the rest, for the budget coach. Nearly at the bailiff is
 * where home or supply is about to be lost. Phase incasso is not: that is the ordinary way there, and has its own shorter
 * clock. Known is who the municipality marked, which is how it says that there are children, and whoever is 65 or older.
 */
const HAARLEM: RankingPolicy = {
  name: 'HAARLEM',
  version: 1,
  title: 'Haarlem en Zandvoort: vier prioriteiten',
  source: { text: 'Addendum Haarlem/Zandvoort 2021', clause: 'art. 5.3' },
  tiers: [
    {
      tier: 'I',
      rules: [
        { id: 'deurwaarder', when: bailiff, says: 'prioriteit I: bij de deurwaarder' },
        {
          id: 'crisis',
          when: { all: [crisis, { not: bailiff }] },
          says: 'prioriteit I: ontruiming of einde levering',
        },
      ],
    },
    {
      tier: 'II',
      rules: [
        {
          id: 'geen-drempel',
          when: { fact: 'thresholdSet', is: false },
          says: 'prioriteit II: er geldt geen drempelbedrag',
        },
        {
          id: 'vanaf-drempel',
          when: { fact: 'totalCents', atLeast: 'threshold' },
          says: 'prioriteit II: € {drempel} of meer',
        },
      ],
    },
    {
      tier: 'III',
      rules: [
        { id: 'bekend', when: known, says: 'prioriteit III: minder dan € {drempel}, bekend bij het wijkteam' },
        {
          id: 'vanaf-65',
          when: { all: [{ fact: 'age', atLeast: 65 }, { not: known }] },
          says: 'prioriteit III: minder dan € {drempel}, 65 jaar of ouder',
        },
      ],
    },
    {
      tier: 'IV',
      rules: [{ id: 'overig', says: 'prioriteit IV: minder dan € {drempel}, voor de budgetcoach' }],
    },
  ],
  order: [
    { by: 'signals', comes: 'HIGHEST_FIRST' },
    { by: 'totalCents', comes: 'HIGHEST_FIRST' },
    { by: 'oldestDays', comes: 'HIGHEST_FIRST' },
  ],
};

/** The ranking policies that come with the meldpunt. A configuration adds its own, and may not redefine these. */
export const SHIPPED: readonly RankingPolicy[] = [LCV, HAARLEM];
