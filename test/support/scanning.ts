import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { meldpuntApp } from '#infra/app.ts';

/**
 * The stage with a malware scan, synthesized, for the embedded cloud to run. That refuses the scan itself, for it has no
 * scanner: the plan is taken out, and the test gives the verdicts. All else is as on AWS. Answers a folder inside the
 * project, so that the bundles find the AWS SDK, and what removes it.
 */
export const scanningAssembly = async (): Promise<{ readonly directory: string; remove(): Promise<void> }> => {
  process.env.CDK_VALIDATION = 'false';
  const parent = resolve('.meldpunt');
  await mkdir(parent, { recursive: true });
  const directory = await mkdtemp(join(parent, 'scanning-'));
  meldpuntApp({ outdir: directory, context: { malwareScan: true } }).synth();
  let taken = 0;
  for (const name of await readdir(directory, { recursive: true })) {
    if (!name.endsWith('.template.json')) continue;
    const path = join(directory, name);
    const template = JSON.parse(await readFile(path, 'utf8')) as { Resources: Record<string, { Type: string }> };
    for (const [id, { Type }] of Object.entries(template.Resources)) {
      if (Type !== 'AWS::GuardDuty::MalwareProtectionPlan') continue;
      delete template.Resources[id];
      taken += 1;
    }
    await writeFile(path, JSON.stringify(template));
  }
  if (taken !== 1) throw new Error(`${taken} scans in the template`);
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
};
