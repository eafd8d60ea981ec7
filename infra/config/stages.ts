import { z } from 'zod';

/** Regions in the European Union (R-PRI-6). London and Zürich are in Europe, not in the Union. */
export const EU_REGIONS = ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'] as const;

export const StageConfiguration = z.strictObject({
  /** Part of every physical name: `meldpunt-<name>-…`. */
  name: z.string().regex(/^[a-z][a-z0-9]{1,11}$/),
  region: z.enum(EU_REGIONS, { error: 'region must be in the European Union (R-PRI-6)' }),
  /** The account the stage belongs to; absent = whichever the AWS CLI is signed in to. */
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  /** Domain that mail is sent from. You must be able to add DNS records (DKIM) to it. */
  mailDomain: z.hostname(),
  /** Where alarms are reported; absent = only the topic. */
  alarmEmail: z.email().optional(),
  /** Uploads wait until GuardDuty found no malware in them (R-PRI-6). The command line gives text. */
  malwareScan: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(false),
  logRetentionDays: z.union([z.literal(30), z.literal(90), z.literal(180), z.literal(365)]),
});
export type StageConfiguration = z.infer<typeof StageConfiguration>;

const stages: Readonly<Record<string, z.input<typeof StageConfiguration>>> = {
  dev: { name: 'dev', region: 'eu-west-1', mailDomain: 'meldpunt.example.nl', logRetentionDays: 30 },
  prod: { name: 'prod', region: 'eu-west-1', mailDomain: 'meldpunt.example.nl', logRetentionDays: 365 },
};

/** What may be given on the command line over a stage's own value: `cdk deploy -c mailDomain=…`. */
const OVERRIDES = ['region', 'account', 'mailDomain', 'alarmEmail', 'malwareScan'] as const;

/**
 * The stage named by the context key `stage` (default `dev`) with its overrides; throws with the reason when it is not valid.
 * @param context reads a CDK context key, undefined when absent.
 */
export const stageOf = (context: (key: string) => unknown): StageConfiguration => {
  const name = context('stage') ?? 'dev';
  const stage = typeof name === 'string' && Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (stage === undefined) throw new Error(`No stage ${String(name)}: known are ${Object.keys(stages).join(', ')}`);
  const overrides = OVERRIDES.flatMap((key) => {
    const value = context(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  const parsed = StageConfiguration.safeParse({ ...stage, ...Object.fromEntries(overrides) });
  if (!parsed.success) throw new Error(`Stage ${String(name)} is not valid:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};
