import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { type AppOptions, meldpuntApp } from '#infra/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of many shapes; the laws name the ones they look at.
export type Json = any;

export interface Resource {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: Json;
  readonly body: Json;
}

/** Code that stands in for the bundles: the laws look at everything around it. */
export const noCode = () => Code.fromInline('exports.handler = async () => {};');

/** Synthesizes into a directory of its own, which is gone afterwards. */
export const synthesized = <T>(options: AppOptions, look: (assembly: CloudAssembly) => T): T => {
  const outdir = mkdtempSync(join(tmpdir(), 'meldpunt-synth-'));
  try {
    return look(meldpuntApp({ code: noCode, outdir, ...options }).synth());
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

/** All stacks of the stage `dev`, with what the command line would give, without the slow checks. */
export class Synthesis {
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, Json>>;
  readonly #exports = new Map<string, { stack: string; value: Json }>();

  constructor(context: Readonly<Record<string, unknown>> = {}) {
    process.env.CDK_VALIDATION = 'false';
    const stacks = synthesized({ context }, (assembly) =>
      assembly.nestedAssemblies.flatMap(({ nestedAssembly }) =>
        nestedAssembly.stacks.map((stack) => ({
          name: stack.stackName.replace(/^meldpunt-dev-/, ''),
          template: JSON.parse(readFileSync(stack.templateFullPath, 'utf8')) as Json,
        })),
      ),
    );
    this.resources = stacks.flatMap(({ name, template }) =>
      Object.entries<Json>(template.Resources).map(([id, body]) => ({
        stack: name,
        id,
        type: body.Type,
        properties: body.Properties ?? {},
        body,
      })),
    );
    const outputs: Record<string, Json> = {};
    for (const { name, template } of stacks)
      for (const [key, output] of Object.entries<Json>(template.Outputs ?? {})) {
        if (output.Export === undefined) outputs[key] = output.Value;
        else this.#exports.set(output.Export.Name, { stack: name, value: output.Value });
      }
    this.outputs = outputs;
  }

  of(type: string): readonly Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The one resource that has this id in this stack. */
  get(stack: string, id: string): Resource {
    const found = this.resources.find((resource) => resource.stack === stack && resource.id === id);
    if (found === undefined) throw new Error(`No ${id} in ${stack}`);
    return found;
  }

  /** The resource a value refers to, through exports of other stacks; undefined for text. */
  target(stack: string, value: Json): Resource | undefined {
    if (value === null || typeof value !== 'object') return undefined;
    if (value['Fn::ImportValue'] !== undefined) {
      const exported = this.#exports.get(value['Fn::ImportValue']);
      return exported && this.target(exported.stack, exported.value);
    }
    const id = value.Ref ?? value['Fn::GetAtt']?.[0];
    return this.resources.find((resource) => resource.stack === stack && resource.id === id);
  }

  /** A value as a person reads it: resources by `Stack.Name`, the rest as text. */
  text(stack: string, value: Json): string {
    if (typeof value !== 'object') return String(value);
    if (value.Ref?.startsWith('AWS::')) return `<${value.Ref.slice(5)}>`;
    if (value['Fn::Join'] !== undefined) {
      const [separator, parts] = value['Fn::Join'];
      return parts.map((part: Json) => this.text(stack, part)).join(separator);
    }
    const found = this.target(stack, value);
    if (found === undefined) throw new Error(`Cannot read ${JSON.stringify(value)}`);
    // The last eight characters are the hash CDK adds.
    return `${found.stack}.${found.id.slice(0, -8)}`;
  }
}
