import { BatchWriteCommand, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import {
  Agreement,
  Configuration,
  DeliveringParty,
  Deviation,
  ExecutingOrganisation,
  Municipality,
  PartnerTypeRule,
  Policy,
  SignalPartner,
  UploadLimits,
} from '#domain/agreement/configuration.ts';
import { governing } from '#domain/agreement/governing.ts';
import { failure } from '#domain/failure.ts';
import type { ConfigurationStore } from '#domain/ports.ts';
import { RankingPolicy } from '#domain/ranking/policy.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { documents } from './table.ts';

const PK = 'CONFIG';
const BATCH = 25;

interface Entry {
  readonly sk: string;
  readonly value: unknown;
}

/** The name of the meldpunt comes last: while it is absent nothing was loaded whole. */
const entriesOf = (configuration: Configuration): readonly Entry[] => [
  { sk: 'RULES', value: configuration.partnerTypeRules },
  { sk: 'LIMITS', value: configuration.uploadLimits },
  ...configuration.policies.map((value) => ({ sk: `POLICY#${value.id}`, value })),
  ...configuration.rankings.map((value) => ({ sk: `RANKING#${value.name}#${value.version}`, value })),
  ...configuration.deviations.map((value) => ({ sk: `DEVIATION#${value.municipality}#${value.id}`, value })),
  ...configuration.organisations.map((value) => ({ sk: `ORGANISATION#${value.id}`, value })),
  ...configuration.municipalities.map((value) => ({ sk: `MUNICIPALITY#${value.code}`, value })),
  ...configuration.partners.map((value) => ({ sk: `PARTNER#${value.id}`, value })),
  ...configuration.deliveringParties.map((value) => ({ sk: `PARTY#${value.id}`, value })),
  ...configuration.agreements.map((value) => ({ sk: `AGREEMENT#${value.partner}#${value.id}`, value })),
  { sk: 'MELDPUNT', value: configuration.meldpunt },
];

/** The same the other way round; undefined before the first load was whole. */
const configurationOf = (entries: readonly Entry[]): Configuration | undefined => {
  const under = (prefix: string) => entries.filter(({ sk }) => sk.startsWith(prefix)).map(({ value }) => value);
  const [meldpunt] = under('MELDPUNT');
  if (meldpunt === undefined) return undefined;
  return Configuration.parse({
    meldpunt,
    partnerTypeRules: under('RULES')[0],
    uploadLimits: under('LIMITS')[0],
    policies: under('POLICY#'),
    rankings: under('RANKING#'),
    deviations: under('DEVIATION#'),
    organisations: under('ORGANISATION#'),
    municipalities: under('MUNICIPALITY#'),
    partners: under('PARTNER#'),
    deliveringParties: under('PARTY#'),
    agreements: under('AGREEMENT#'),
  });
};

/** Configuration is read far more than written: an answer counts for a minute in a warm container, by the same clock as terms. */
const FRESH_MS = 60_000;

/** Agreements, deviations, partners, policies: one item each under one partition key. */
export const configurationStore = (table: string): ConfigurationStore => {
  const fresh = new Map<string, { readonly until: number; readonly value: Promise<unknown> }>();
  const cached = <T>(name: string, read: () => Promise<T>): Promise<T> => {
    const found = fresh.get(name);
    if (found !== undefined && found.until > Date.now()) return found.value as Promise<T>;
    const value = read();
    fresh.set(name, { until: Date.now() + FRESH_MS, value });
    // What is not there may be loaded the next moment; what failed may work.
    const forget = () => fresh.delete(name);
    value.then((found) => found === undefined && forget(), forget);
    return value;
  };

  const one = <T>(sk: string, schema: z.ZodType<T>): Promise<T | undefined> =>
    cached(sk, async () => {
      const { Item } = await documents().send(new GetCommand({ TableName: table, Key: { pk: PK, sk } }));
      return Item && schema.parse(Item.value);
    });

  const entries = async (prefix: string): Promise<readonly Entry[]> => {
    const found: Entry[] = [];
    const pages = paginateQuery(
      { client: documents() },
      {
        TableName: table,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': PK, ':prefix': prefix },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages) for (const item of Items) found.push({ sk: item.sk, value: item.value });
    return found;
  };

  const all = <T>(prefix: string, schema: z.ZodType<T>): Promise<readonly T[]> =>
    cached(`${prefix}*`, async () => (await entries(prefix)).map(({ value }) => schema.parse(value)));

  const write = async (requests: readonly Record<string, unknown>[]): Promise<void> => {
    for (let i = 0; i < requests.length; i += BATCH) {
      let left: Record<string, unknown>[] | undefined = requests.slice(i, i + BATCH);
      // Unprocessed items come with HTTP 200: what is left is sent again, and what stays left is a failure.
      for (let attempt = 0; left !== undefined && left.length > 0; attempt += 1) {
        if (attempt === 5) throw failure('TransientFailure');
        const answer: {
          UnprocessedItems?: Record<string, Record<string, unknown>[] | undefined> | undefined;
        } = await documents().send(new BatchWriteCommand({ RequestItems: { [table]: left } }));
        left = answer.UnprocessedItems?.[table];
      }
    }
  };

  return {
    replace: async (configuration) => {
      const wanted = entriesOf(configuration);
      const keep = new Set(wanted.map(({ sk }) => sk));
      const gone = (await entries('')).filter(({ sk }) => !keep.has(sk));
      await write(
        wanted.map(({ sk, value }) => ({
          PutRequest: { Item: { pk: PK, sk, value } },
        })),
      );
      await write(gone.map(({ sk }) => ({ DeleteRequest: { Key: { pk: PK, sk } } })));
      fresh.clear();
    },
    stored: async () => configurationOf(await entries('')),
    meldpunt: async () => {
      const name = await one('MELDPUNT', z.string());
      if (name === undefined) throw failure('ConfigurationMissing');
      return name;
    },
    deliveringParty: (id) => one(`PARTY#${id}`, DeliveringParty),
    partner: (id) => one(`PARTNER#${id}`, SignalPartner),
    partners: () => all('PARTNER#', SignalPartner),
    agreementsOf: (partner) => all(`AGREEMENT#${partner}#`, Agreement),
    uploadLimits: async () => (await one('LIMITS', UploadLimits)) ?? UploadLimits.parse({}),
    partnerTypeRules: async () => (await one('RULES', z.array(PartnerTypeRule))) ?? [],
    municipality: (code) => one(`MUNICIPALITY#${code}`, Municipality),
    municipalities: () => all('MUNICIPALITY#', Municipality),
    rankings: () => all('RANKING#', RankingPolicy),
    organisation: (id) => one(`ORGANISATION#${id}`, ExecutingOrganisation),
    // Both are read once a minute and the rest is counting: cheap enough to do for every signal of a worklist.
    governing: async ({ policy, agreement, municipality, receivedAt }, on) => {
      const [base, deviations] = await Promise.all([
        one(`POLICY#${policy}`, Policy),
        all(`DEVIATION#${municipality}#`, Deviation),
      ]);
      const receivedOn = amsterdamDate(receivedAt);
      const governed = { policy, agreement, municipality, receivedOn };
      return base && governing(base, deviations, governed, on ?? receivedOn);
    },
  };
};
