import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDirectory } from '#infra/local/assembly.ts';

/** A resource as CloudFormation writes it. */
export type Resources = Readonly<Record<string, { Type: string; Properties?: Readonly<Record<string, unknown>> }>>;

/** Removes what a test file made, last made first. */
export const cleanups: Array<() => Promise<unknown>> = [];
export const cleanUp = async (): Promise<void> => {
  for (const each of cleanups.splice(0).reverse()) await each();
};

export const temporary = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'meldpunt-local-'));
  cleanups.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
};

/** Code property of a function whose source is given to `assemblyOf` under `key`. */
export const codeOf = (key: string) => ({
  S3Bucket: { 'Fn::Join': ['-', ['cdk-assets', { Ref: 'AWS::AccountId' }, { Ref: 'AWS::Region' }]] },
  S3Key: `${key}.zip`,
});

export const lambdaOf = (key: string, more: Readonly<Record<string, unknown>> = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: codeOf(key),
    FunctionName: key,
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: 10,
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    ...more,
  },
});

/**
 * A cloud assembly as the CDK writes one: stacks in a stage's own directory, function sources as assets. Inside the
 * project, so that functions find the AWS SDK as the product's bundles do.
 */
export const assemblyOf = async (
  stacks: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  sources: Readonly<Record<string, string>> = {},
  dependencies: Readonly<Record<string, readonly string[]>> = {},
): Promise<string> => {
  const scratch = join(projectDirectory, '.meldpunt');
  await mkdir(scratch, { recursive: true });
  const directory = await mkdtemp(join(scratch, 'test-'));
  cleanups.push(() => rm(directory, { recursive: true, force: true }));
  const inner = join(directory, 'assembly-Stage');
  await mkdir(inner);
  const json = (path: string, value: unknown) => writeFile(path, JSON.stringify(value));
  const files: Record<string, unknown> = {};
  for (const [key, source] of Object.entries(sources)) {
    await mkdir(join(directory, `asset.${key}`));
    await writeFile(join(directory, `asset.${key}`, 'index.mjs'), source);
    files[key] = {
      source: { path: join('..', `asset.${key}`), packaging: 'zip' },
      destinations: { current: { bucketName: 'assets', objectKey: `${key}.zip` } },
    };
  }
  const artifacts: Record<string, unknown> = {};
  for (const [name, template] of Object.entries(stacks)) {
    await json(join(inner, `${name}.template.json`), template);
    await json(join(inner, `${name}.assets.json`), { version: '1', files, dockerImages: {} });
    artifacts[`${name}.assets`] = { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } };
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      properties: { templateFile: `${name}.template.json`, stackName: `Stage-${name}` },
      dependencies: [`${name}.assets`, ...(dependencies[name] ?? [])],
    };
  }
  await json(join(inner, 'manifest.json'), { version: '1', artifacts });
  const nested = { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Stage' } };
  await json(join(directory, 'manifest.json'), { version: '1', artifacts: { 'assembly-Stage': nested } });
  return directory;
};

/** A definition in JSONata that waits and then calls a function. */
export const waitThenCall = (functionArn: string, seconds: number): string =>
  JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Pause',
    States: {
      Pause: { Type: 'Wait', Seconds: seconds, Next: 'Call' },
      Call: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: functionArn, Payload: '{% $states.input %}' },
        Output: '{% $states.result.Payload %}',
        End: true,
      },
    },
  });
