import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { functionNames } from '#runtime/environment.ts';
import { type Json, Synthesis } from './synth.ts';

/**
 * The embedded cloud knows no rights, so a right that is missing would first be felt on AWS, and one too many never.
 * Here the ports a use case declares are held against the rights its function has: no less, no more.
 */
const NEEDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  DeliveryStore: {
    create: ['DELIVERY#*:PutItem'],
    get: ['DELIVERY#*:GetItem'],
    save: ['DELIVERY#*:PutItem'],
    judge: ['DELIVERY#*:PutItem'],
  },
  SignalStore: {
    claim: ['ARREAR#*:UpdateItem'],
    repoint: ['ARREAR#*:UpdateItem'],
    arrear: ['ARREAR#*:GetItem'],
    create: ['GM#*:PutItem'],
    get: ['GM#*:GetItem'],
    replace: ['GM#*:PutItem'],
    storeTaskToken: ['GM#*:UpdateItem'],
    ofHousehold: ['GM#*:Query'],
    ofMunicipality: ['GM#*:Query'],
    overdue: ['due:Query'],
  },
  MatchStore: {
    add: ['GM#*#MATCH:PutItem'],
    ofHousehold: ['GM#*#MATCH:Query'],
    ofMunicipality: ['GM#*#MATCH:Query'],
  },
  ConfigurationStore: {
    replace: ['CONFIG:Query', 'CONFIG:BatchWriteItem'],
    stored: ['CONFIG:Query'],
    meldpunt: ['CONFIG:GetItem'],
    uploadLimits: ['CONFIG:GetItem'],
    deliveringParty: ['CONFIG:GetItem'],
    partner: ['CONFIG:GetItem'],
    partners: ['CONFIG:Query'],
    agreementsOf: ['CONFIG:Query'],
    partnerTypeRules: ['CONFIG:GetItem'],
    municipality: ['CONFIG:GetItem'],
    municipalities: ['CONFIG:Query'],
    rankings: ['CONFIG:Query'],
    organisation: ['CONFIG:GetItem'],
    governing: ['CONFIG:GetItem', 'CONFIG:Query'],
  },
  FeedbackStore: { add: ['SP#*:PutItem'], ofSignal: ['SP#*:Query'], between: ['SP#*:Query'] },
  AccessLog: { record: ['ACCESS#*:PutItem'] },
  MarkStore: { get: ['MARK#*:GetItem'], set: ['MARK#*:PutItem'] },
  ObjectStore: {
    read: ['s3:Get'],
    write: ['s3:Put'],
    stat: ['s3:Get'],
    erase: ['s3:Delete'],
    eraseFolder: ['s3:ListVersions', 's3:Delete'],
  },
  WorkflowStarter: {
    startSignal: ['states:StartExecution'],
    startDelivery: ['states:StartExecution'],
    wake: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
  },
  Mailer: { send: ['ses:SendEmail'] },
  KeyedHash: { digest: ['KEY#matching:GetItem', 'kms:Decrypt'] },
  MatchingKeyStore: {
    ensure: ['KEY#matching:GetItem', 'KEY#matching:PutItem', 'kms:GenerateDataKeyWithoutPlaintext'],
  },
  CertificateChain: { last: ['CHAIN:Query'], after: ['CHAIN:Query'], append: ['CHAIN:PutItem'] },
  Signer: { publicKey: ['kms:GetPublicKey'], sign: ['kms:Sign'] },
  Clock: { now: [] },
  ObjectIds: { deliveryId: [] },
  RunIds: { runId: [] },
};

const root = resolve(import.meta.dirname, '../..');

/** Port methods a use case declares: members typed `Pick<Port, 'a' | 'b'>`, or `Port` for all of its methods. */
const declared = (file: string): readonly (readonly [port: string, method: string])[] => {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const found: (readonly [string, string])[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node) && node.type !== undefined && ts.isTypeReferenceNode(node.type)) {
      const name = node.type.typeName.getText(source);
      const [port, methods] = node.type.typeArguments ?? [];
      if (name === 'Pick' && port !== undefined && methods !== undefined) {
        for (const [, method = ''] of methods.getText(source).matchAll(/'(\w+)'/g))
          found.push([port.getText(source), method]);
      } else if (NEEDS[name] !== undefined) {
        for (const method of Object.keys(NEEDS[name])) found.push([name, method]);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);
const S3: Readonly<Record<string, string>> = {
  's3:GetObject': 's3:Get',
  's3:GetObjectVersion': 's3:Get',
  's3:PutObject': 's3:Put',
  's3:DeleteObjectVersion': 's3:Delete',
  's3:ListBucketVersions': 's3:ListVersions',
};
const synthesis = new Synthesis();

/** What the rights of a function come down to, in the words of NEEDS. Sundries of every function are left out. */
const granted = (name: string): readonly string[] => {
  const fn = synthesis
    .of('AWS::Lambda::Function')
    .find(({ properties }) => properties.FunctionName === `meldpunt-dev-${basename(name)}`);
  const role = fn && synthesis.target(fn.stack, fn.properties.Role);
  return synthesis
    .of('AWS::IAM::Policy')
    .filter(
      ({ stack, properties }) => stack === role?.stack && properties.Roles.some((each: Json) => each.Ref === role?.id),
    )
    .flatMap(({ stack, properties }) =>
      properties.PolicyDocument.Statement.flatMap((statement: Json) =>
        list<string>(statement.Action).flatMap((action) => {
          const [service, verb] = action.split(':');
          const resource = synthesis.text(stack, list<Json>(statement.Resource)[0]);
          if (service === 'dynamodb')
            return resource.endsWith('/index/due')
              ? [`due:${verb}`]
              : list<string>(statement.Condition['ForAllValues:StringLike']['dynamodb:LeadingKeys']).map(
                  (family) => `${family}:${verb}`,
                );
          if (service === 's3') return S3[action] ?? [];
          if (service === 'kms') return /^Data\.(Matching|Signing)Key$/.test(resource) ? [action] : [];
          return service === 'states' || service === 'ses' ? [action] : [];
        }),
      ),
    );
};

const sorted = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

describe('ports and rights', () => {
  it.each(functionNames)('[R-PRI-1] %s may do what its ports need, and nothing else', (name) => {
    const ports = declared(join(root, 'functions', name, `${basename(name)}.ts`));
    expect(ports).not.toEqual([]);
    const needed = ports.flatMap(([port, method]) => {
      const needs = NEEDS[port]?.[method];
      if (needs === undefined) throw new Error(`Say in NEEDS what ${port}.${method} needs`);
      return needs;
    });
    expect(sorted(granted(name))).toEqual(sorted(needed));
  });
});
