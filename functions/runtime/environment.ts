import { z } from 'zod';

/**
 * The environment of every Lambda, by its folder. The CDK construct types what it passes with these schemas and the
 * handler parses `process.env` with the same: what one side forgets the other refuses.
 */
const table = { TABLE_NAME: z.string().min(1) };
const landing = { LANDING_BUCKET: z.string().min(1) };
const exchange = { EXCHANGE_BUCKET: z.string().min(1) };
const matchingKey = { MATCHING_KEY_ID: z.string().min(1) };
const signingKey = { SIGNING_KEY_ID: z.string().min(1) };
const mail = {
  MAIL_FROM: z.email(),
  MAIL_CONFIGURATION_SET: z.string().min(1),
};
const signalWorkflow = { SIGNAL_STATE_MACHINE_ARN: z.string().min(1) };
const deliveryWorkflow = { DELIVERY_STATE_MACHINE_ARN: z.string().min(1) };

export const environments = {
  'intake/receive-upload': z.object({
    ...table,
    ...landing,
    ...deliveryWorkflow,
  }),
  'intake/validate-delivery': z.object({ ...table, ...landing }),
  'intake/route-signals': z.object({
    ...table,
    ...landing,
    ...matchingKey,
    ...signalWorkflow,
  }),
  'intake/close-delivery': z.object({
    ...table,
    ...landing,
    ...exchange,
    ...mail,
    ...signingKey,
  }),
  'intake/check-delivery': z.object({ ...table, ...exchange, ...mail, ...matchingKey }),
  'casework/assign-signal': z.object({ ...table }),
  'casework/await-change': z.object({ ...table, ...signalWorkflow }),
  'casework/settle-outcome': z.object({ ...table }),
  'casework/end-suspension': z.object({ ...table }),
  'casework/receive-outcomes': z.object({
    ...table,
    ...exchange,
    ...mail,
    ...matchingKey,
    ...signalWorkflow,
  }),
  'casework/publish-worklists': z.object({ ...table, ...exchange, ...mail }),
  'casework/show-signal': z.object({ ...table }),
  'casework/simulate-policy': z.object({ ...table }),
  'feedback/publish-feedback': z.object({ ...table, ...exchange, ...mail }),
  'feedback/record-mail-event': z.object({ ...table }),
  'upkeep/load-configuration': z.object({ ...table, ...matchingKey }),
  'upkeep/remind-partners': z.object({ ...table, ...mail }),
  'upkeep/sweep-signals': z.object({ ...table, ...signalWorkflow }),
} as const;

export type FunctionName = keyof typeof environments;
export type Environment<N extends FunctionName> = z.infer<(typeof environments)[N]>;
export const functionNames = Object.keys(environments) as readonly FunctionName[];
