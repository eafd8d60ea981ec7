import type { Governing } from '../agreement/governing.ts';
import type { TeamId } from '../ids.ts';
import type { Signal } from '../signal/signal.ts';
import { conversationHeld } from '../signal/transition.ts';
import { CRISIS_KINDS } from '../term/terms.ts';

/**
 * Where a case lies for who works with it. In order of urgency: a case lies in the first tray that one of its signals is
 * in, so that nothing new or late is hidden behind a signal that was dealt with.
 */
export const WORK_TRAYS = [
  'crisis',
  'termijn verstreken',
  'nieuw',
  'doorgezet',
  'in behandeling',
  'uitkomst bekend',
  'schuldenrust',
  'afgesloten',
  'ingetrokken',
] as const;
export type WorkTray = (typeof WORK_TRAYS)[number];

/** The municipality has still to answer it. */
export const isAwaiting = ({ status }: Signal): boolean =>
  status === 'RECEIVED' || status === 'ASSIGNED' || status === 'TERM_EXPIRED';

/** The team that has a signal; before it is assigned, the one that gets it first. */
export const teamOf = ({ team }: Pick<Signal, 'team'>, { teams }: Pick<Governing, 'teams'>): TeamId =>
  team ?? teams.first;

export const teamName = (team: TeamId, { teams }: Pick<Governing, 'teams'>): string =>
  teams.teams.find(({ id }) => id === team)?.name ?? team;

const isWorkedOn = ({ contactAttempts, history }: Signal): boolean =>
  contactAttempts.length > 0 || history.some(({ kind }) => kind === 'REOPENED');

/**
 * The tray of one signal (R-FLO-4), the first that holds: not answered and nobody spoken to while home or supply is about
 * to be lost; past its last day; with another team than the first; tried to reach, or opened again; else new. What is
 * answered lies where its status says.
 */
export const trayOf = (signal: Signal, policy: Pick<Governing, 'teams'>): WorkTray => {
  switch (signal.status) {
    case 'RECEIVED':
    case 'ASSIGNED':
    case 'TERM_EXPIRED': {
      if (CRISIS_KINDS.includes(signal.kind) && !conversationHeld(signal)) return 'crisis';
      if (signal.status === 'TERM_EXPIRED') return 'termijn verstreken';
      if (teamOf(signal, policy) !== policy.teams.first) return 'doorgezet';
      return isWorkedOn(signal) ? 'in behandeling' : 'nieuw';
    }
    case 'OUTCOME_KNOWN':
      return 'uitkomst bekend';
    case 'SUSPENDED':
      return 'schuldenrust';
    case 'CLOSED':
      return 'afgesloten';
    case 'WITHDRAWN':
      return 'ingetrokken';
  }
};

/** The tray as it is shown: with the team it was forwarded to. */
export const trayWords = (signal: Signal, policy: Pick<Governing, 'teams'>): string => {
  const tray = trayOf(signal, policy);
  return tray === 'doorgezet' ? `${tray}: ${teamName(teamOf(signal, policy), policy)}` : tray;
};

/** The tray of a case: that of its most urgent signal. */
export const caseTray = (
  signals: readonly Signal[],
  policyOf: (signal: Signal) => Pick<Governing, 'teams'>,
): string => {
  const first = signals
    .map((signal) => ({ signal, place: WORK_TRAYS.indexOf(trayOf(signal, policyOf(signal))) }))
    .sort((a, b) => a.place - b.place)[0];
  return first ? trayWords(first.signal, policyOf(first.signal)) : '';
};
