import { z } from 'zod';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { workflowStarter } from '#adapters/stepfunctions/workflows.ts';
import { systemClock } from '#adapters/system/system.ts';
import { lambda } from '#runtime/lambda.ts';
import { sweepSignals } from './sweep-signals.ts';

/** By schedule, four times a day. */
export const handler = lambda({
  name: 'upkeep/sweep-signals',
  input: z.object({}),
  ports: ({ TABLE_NAME, SIGNAL_STATE_MACHINE_ARN }) => ({
    signals: signalStore(TABLE_NAME),
    workflows: workflowStarter({ signal: SIGNAL_STATE_MACHINE_ARN }),
    clock: systemClock,
  }),
  work: sweepSignals,
  log: (sweep) => ({ ...sweep }),
  metrics: ({ started, stuck, calendarEnds }) => ({
    SignalsRestarted: started,
    SignalsStuck: stuck,
    CalendarEnds: calendarEnds ? 1 : 0,
  }),
});
