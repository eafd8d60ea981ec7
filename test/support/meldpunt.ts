import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { parse } from 'csv-parse/sync';
import { synthesize } from '#infra/local/assembly.ts';
import { type Cloud, startCloud } from '#infra/local/cloud.ts';
import { configuration as sample } from './configuration.ts';

/** One row of a CSV, by Dutch column. */
export type Row = Readonly<Record<string, string>>;

/** A delivery row on which every rule holds, for a household of its own in Haarlem unless told otherwise. */
export const goodRow = (over: Row = {}): Row => ({
  referentie: 'HC-1',
  voorletters: 'P.',
  tussenvoegsel: 'van der',
  achternaam: 'Vreugdenhil',
  geboortedatum: '14-03-1981',
  straat: 'Grote Houtstraat',
  huisnummer: '12',
  toevoeging: '',
  postcode: '2011 SN',
  woonplaats: 'Haarlem',
  telefoon: '06 12345678',
  email: 'p.vreugdenhil@example.nl',
  bedrag: '1.234,56',
  vervaldatum: '01-01-2026',
  datum_herinnering: '10-01-2026',
  datum_contactpoging: '20-01-2026',
  gewezen_op_schuldhulp: 'j',
  aangekondigd: 'j',
  bezwaar: 'n',
  ...over,
});

export const csvOf = (
  rows: readonly Row[],
  columns = Object.keys({ ...goodRow(), ...Object.assign({}, ...rows) }),
): string =>
  [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => cells.map((cell) => (/[;"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(';'))
    .join('\r\n');

/** Counts and codes of a receipt, as far as tests look at them. */
export interface Receipt {
  readonly deliveryId: string;
  readonly [name: string]: unknown;
}

/** The whole product in the embedded cloud, driven from outside only: buckets, Lambda invocations, the clock. */
export class Meldpunt {
  readonly cloud: Cloud;
  readonly directory: string;
  readonly s3: S3Client;
  readonly states: SFNClient;
  readonly lambda: LambdaClient;
  readonly dynamodb: DynamoDBClient;

  private constructor(cloud: Cloud, directory: string) {
    this.cloud = cloud;
    this.directory = directory;
    const client = {
      endpoint: cloud.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    };
    this.s3 = new S3Client(client);
    this.states = new SFNClient(client);
    this.lambda = new LambdaClient(client);
    this.dynamodb = new DynamoDBClient(client);
  }

  /** Starts at a moment on a clock that stands still until it is moved, with the sample configuration loaded. */
  static async open(startAt: string, configuration: unknown = sample, assembly?: string): Promise<Meldpunt> {
    const directory = await mkdtemp(join(tmpdir(), 'meldpunt-'));
    const meldpunt = await Meldpunt.reopen(directory, startAt, assembly);
    await meldpunt.invoke('LoadConfigurationFunction', { configuration });
    return meldpunt;
  }

  static async reopen(directory: string, startAt?: string, assembly?: string): Promise<Meldpunt> {
    const cloud = await startCloud({
      assembly: assembly ?? (await synthesize()),
      directory,
      port: 0,
      mode: 'still',
      ...(startAt !== undefined && { startAt: Date.parse(startAt) }),
    });
    return new Meldpunt(cloud, directory);
  }

  async close(): Promise<void> {
    for (const client of [this.s3, this.states, this.lambda, this.dynamodb]) client.destroy();
    await this.cloud.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  output(name: string): string {
    const value = this.cloud.outputs[name];
    if (value === undefined) throw new Error(`no output ${name}`);
    return value;
  }

  async invoke(output: string, payload: unknown): Promise<unknown> {
    const answer = await this.lambda.send(
      new InvokeCommand({ FunctionName: this.output(output), Payload: JSON.stringify(payload) }),
    );
    const text = new TextDecoder().decode(answer.Payload);
    if (answer.FunctionError !== undefined) throw new Error(`${output} failed: ${text}`);
    return JSON.parse(text);
  }

  /** Waits until nothing runs, then moves the clock; every term on the way passes. */
  async advanceTo(moment: string): Promise<void> {
    await this.cloud.clock.advanceTo(Date.parse(moment));
  }

  /** Waits until all that was started is done or waits for a later moment. */
  async settle(): Promise<void> {
    await this.cloud.clock.settled();
  }

  async put(output: 'LandingBucket' | 'ExchangeBucket', key: string, body: string | Uint8Array): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: this.output(output), Key: key, Body: body }));
  }

  /** A party uploads; answers the receipt of this upload. */
  async upload(party: string, file: string | readonly Row[] | Uint8Array, name = 'lijst.csv'): Promise<Receipt> {
    const folder = `partners/${party}/deliveries/`;
    const before = new Set(await this.keys(folder));
    await this.put('LandingBucket', `inbox/${party}/${name}`, isRows(file) ? csvOf(file) : file);
    await this.settle();
    const added = (await this.keys(folder)).filter((key) => key.endsWith('/receipt.json') && !before.has(key));
    if (added.length !== 1) throw new Error(`${added.length} new receipts for ${party}`);
    return JSON.parse((await this.read(added[0] ?? '')) ?? '') as Receipt;
  }

  /** EventBridge delivers at least once: the event of the newest version of an upload comes again. */
  async repeatUploadEvent(key: string): Promise<void> {
    const name = this.cloud.plan.functions.find((each) => each.name.includes('receive-upload'))?.name;
    const { VersionId, ContentLength } = await this.s3.send(
      new HeadObjectCommand({ Bucket: this.output('LandingBucket'), Key: key }),
    );
    const answer = await this.cloud.invoke(name ?? '', {
      source: 'aws.s3',
      'detail-type': 'Object Created',
      time: this.cloud.clock.iso(),
      detail: {
        bucket: { name: this.output('LandingBucket') },
        object: { key, size: ContentLength, 'version-id': VersionId },
      },
    });
    if (!answer.ok) throw new Error(answer.errorType);
  }

  /** A municipality drops outcomes; answers the receipt. */
  async outcomes(municipality: string, file: string | readonly Row[], name = 'uitkomsten.csv'): Promise<Receipt> {
    const folder = `municipalities/${municipality}/outcome-receipts/`;
    const before = new Set(await this.keys(folder));
    const body = typeof file === 'string' ? file : csvOf(file, [...new Set(file.flatMap((row) => Object.keys(row)))]);
    await this.put('ExchangeBucket', `municipalities/${municipality}/outcomes/${name}`, body);
    await this.settle();
    const added = (await this.keys(folder)).filter((key) => key.endsWith('receipt.json') && !before.has(key));
    if (added.length !== 1) throw new Error(`${added.length} new receipts for ${municipality}`);
    return JSON.parse((await this.read(added[0] ?? '')) ?? '') as Receipt;
  }

  async keys(prefix = '', output: 'LandingBucket' | 'ExchangeBucket' = 'ExchangeBucket'): Promise<readonly string[]> {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.s3.send(
        new ListObjectsV2Command({ Bucket: this.output(output), Prefix: prefix, ContinuationToken: token }),
      );
      found.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found;
  }

  async read(key: string, output: 'LandingBucket' | 'ExchangeBucket' = 'ExchangeBucket'): Promise<string | undefined> {
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.output(output), Key: key }));
      return Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async rows(key: string): Promise<readonly Row[]> {
    const text = await this.read(key);
    return text === undefined
      ? []
      : parse(text, { columns: true, delimiter: ';', bom: true, relax_column_count: true });
  }

  /** The municipality's list as it would be now. */
  async worklist(municipality: string, month: string): Promise<readonly Row[]> {
    await this.invoke('PublishWorklistsFunction', { municipality, by: 'w-1', purpose: 'de lijst van vandaag' });
    return this.rows(`municipalities/${municipality}/worklists/${month}.csv`);
  }

  /** All feedback a partner has been given, oldest first. */
  async feedback(partner: string): Promise<readonly Row[]> {
    await this.invoke('PublishFeedbackFunction', { mail: false });
    const files = (await this.keys(`partners/${partner}/feedback/`)).filter((key) => key.endsWith('.csv'));
    return (await Promise.all(files.map((key) => this.rows(key)))).flat();
  }

  async mails(): Promise<readonly string[]> {
    const folder = this.cloud.mailDirectory;
    const names = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort();
    return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  }

  async executions(output: 'SignalStateMachine' | 'DeliveryStateMachine', status?: 'RUNNING' | 'SUCCEEDED' | 'FAILED') {
    const found = [];
    const pages = paginateListExecutions(
      { client: this.states },
      { stateMachineArn: this.output(output), ...(status && { statusFilter: status }) },
    );
    for await (const { executions = [] } of pages) found.push(...executions);
    return found;
  }

  async describe(executionArn: string) {
    return this.states.send(new DescribeExecutionCommand({ executionArn }));
  }

  async history(executionArn: string): Promise<readonly HistoryEvent[]> {
    const { events = [] } = await this.states.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    return events;
  }

  /** Everything in the table; only tests and people with the right to may look like this. */
  async items(): Promise<readonly Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    const pages = paginateScan(
      { client: DynamoDBDocumentClient.from(this.dynamodb) },
      { TableName: this.output('Table') },
    );
    for await (const { Items = [] } of pages) found.push(...Items);
    return found;
  }

  /** Stored signals by the partner's reference. */
  async signals(reference?: string): Promise<readonly Record<string, unknown>[]> {
    const items = (await this.items()).filter((item) => String(item.pk).startsWith('GM#') && 'signalId' in item);
    return reference === undefined ? items : items.filter((item) => item.reference === reference);
  }
}

const isRows = (file: string | readonly Row[] | Uint8Array): file is readonly Row[] => Array.isArray(file);
