/**
 * What the ways of a signal cost: state transitions are the bill of Step Functions, history events its limit (25,000).
 * Counted by test/statemachines/signal.test.ts, shown in statemachines/README.md.
 */
export const PATHS = {
  'answered within a fortnight, closed': { transitions: 5, events: 22 },
  'answered after the reminder': { transitions: 6, events: 28 },
  'answered after the warning': { transitions: 7, events: 34 },
  'answered after day 28': { transitions: 8, events: 40 },
  'never answered, closed at the horizon': { transitions: 9, events: 45 },
  'Haarlem: never answered, closed at the horizon': { transitions: 9, events: 45 },
  'help accepted in a week, schuldenrust ended early': { transitions: 8, events: 35 },
  'help accepted in a week, schuldenrust to its end': { transitions: 10, events: 46 },
  'phase corrected while waiting, then answered': { transitions: 8, events: 39 },
  'outcome corrected during schuldenrust': { transitions: 8, events: 35 },
  'all six terms, schuldenrust to its end, each message at once': { transitions: 20, events: 95 },
} as const satisfies Readonly<Record<string, { readonly transitions: number; readonly events: number }>>;
