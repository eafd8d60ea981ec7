import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A CDK cloud assembly as far as it is used: the stacks with their templates and file assets. */
export type AssemblyStack = {
  readonly name: string;
  readonly template: Readonly<Record<string, unknown>>;
  /** Directory (or file) of each asset by the object key it would have in the staging bucket. */
  readonly assets: ReadonlyMap<string, string>;
};

const Artifact = z.object({
  type: z.string(),
  properties: z.record(z.string(), z.unknown()).default({}),
  dependencies: z.array(z.string()).default([]),
});
const Manifest = z.object({ artifacts: z.record(z.string(), Artifact).default({}) });
const AssetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
  dockerImages: z.record(z.string(), z.unknown()).default({}),
});

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8')) as unknown;

const readAssets = async (directory: string, file: string): Promise<Map<string, string>> => {
  const manifest = AssetManifest.parse(await readJson(join(directory, file)));
  const [image] = Object.keys(manifest.dockerImages);
  if (image !== undefined) throw new Error(`${file}: Docker image ${image} is not supported`);
  return new Map(
    Object.values(manifest.files).flatMap(({ source, destinations }) =>
      source.path === undefined
        ? []
        : Object.values(destinations).map(({ objectKey }) => [objectKey, join(directory, source.path ?? '')] as const),
    ),
  );
};

/** Reads all stacks, those of nested stages too, each after the stacks it depends on. */
export const readAssembly = async (directory: string): Promise<readonly AssemblyStack[]> => {
  const { artifacts } = Manifest.parse(await readJson(join(directory, 'manifest.json')));
  const stacks: AssemblyStack[] = [];
  const seen = new Set<string>();
  const visit = async (id: string): Promise<void> => {
    const artifact = artifacts[id];
    if (artifact === undefined || seen.has(id)) return;
    seen.add(id);
    for (const dependency of artifact.dependencies) await visit(dependency);
    const text = (property: string): string => z.string().parse(artifact.properties[property]);
    if (artifact.type === 'cdk:cloud-assembly') {
      stacks.push(...(await readAssembly(join(directory, text('directoryName')))));
    } else if (artifact.type === 'aws:cloudformation:stack') {
      const assets = new Map<string, string>();
      for (const dependency of artifact.dependencies) {
        const other = artifacts[dependency];
        if (other?.type !== 'cdk:asset-manifest') continue;
        for (const [key, path] of await readAssets(directory, z.string().parse(other.properties.file))) {
          assets.set(key, path);
        }
      }
      const name = z.string().optional().parse(artifact.properties.stackName) ?? id;
      const template = z.record(z.string(), z.unknown()).parse(await readJson(join(directory, text('templateFile'))));
      stacks.push({ name, template, assets });
    }
  };
  for (const id of Object.keys(artifacts)) await visit(id);
  return stacks;
};
