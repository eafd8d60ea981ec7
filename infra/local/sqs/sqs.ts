import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ACCOUNT, AwsError, type JsonService, type LocalClock, type Millis, REGION } from '../contract.ts';
import type { Database } from '../database.ts';

type Attribute = { readonly DataType: string; readonly StringValue?: string | undefined };
type Message = {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly sentAt: Millis;
  readonly visibleAt: Millis;
  readonly receiveCount: number;
  readonly firstReceivedAt?: Millis | undefined;
};

export type Queue = { readonly name: string; readonly visibilityTimeoutSeconds: number };

export type Sqs = JsonService & {
  createQueue(queue: Queue): string;
  /** From inside the cloud: a DLQ gets its message. Rejects when there is no such queue. */
  send(queueArn: string, body: string, attributes?: Readonly<Record<string, string>>): Promise<void>;
};

export const queueArn = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;

const QueueUrl = z.strictObject({ QueueUrl: z.string() });
const inputs = {
  ListQueues: z.strictObject({ QueueNamePrefix: z.string().optional() }),
  GetQueueUrl: z.strictObject({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() }),
  GetQueueAttributes: QueueUrl.extend({ AttributeNames: z.array(z.string()).default([]) }),
  PurgeQueue: QueueUrl,
  SendMessage: QueueUrl.extend({
    MessageBody: z.string().min(1),
    DelaySeconds: z.number().int().min(0).max(900).default(0),
    MessageAttributes: z
      .record(z.string(), z.strictObject({ DataType: z.string(), StringValue: z.string().optional() }))
      .default({}),
  }),
  // AttributeNames and MessageSystemAttributeNames ask for a part of what is given; WaitTimeSeconds for patience.
  ReceiveMessage: QueueUrl.extend({
    MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
    VisibilityTimeout: z.number().int().min(0).max(43_200).optional(),
    WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
    AttributeNames: z.array(z.string()).optional(),
    MessageSystemAttributeNames: z.array(z.string()).optional(),
    MessageAttributeNames: z.array(z.string()).optional(),
  }),
  DeleteMessage: QueueUrl.extend({ ReceiptHandle: z.string() }),
};
type Action = keyof typeof inputs;
type Input<A extends Action> = z.infer<(typeof inputs)[A]>;

const parse = <A extends Action>(action: A, input: unknown): Input<A> => {
  const result = inputs[action].safeParse(input);
  if (result.success) return result.data as Input<A>;
  throw new AwsError('InvalidParameterValue', `${action}: ${z.prettifyError(result.error)}`);
};

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Standard queues without redrive of their own: where what failed for good lies until somebody looks. Messages never expire. */
export const openSqs = (options: {
  readonly db: Database;
  readonly clock: LocalClock;
  readonly endpoint: () => string;
}): Sqs => {
  const { clock } = options;
  const db = options.db.sublevel<string, Message>('sqs', { valueEncoding: 'json' });
  const queues = new Map<string, Queue>();
  // Two receivers never get one message: receives go one after another.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const next = turn.then(task, task);
    turn = next.catch(() => undefined);
    return next;
  };

  const urlOf = (name: string): string => `${options.endpoint()}/${ACCOUNT}/${name}`;
  const queueNamed = (name: string): Queue => {
    const queue = queues.get(name);
    if (queue === undefined) throw new AwsError('QueueDoesNotExist', `The specified queue does not exist: ${name}`);
    return queue;
  };
  const queueAt = (url: string): Queue => queueNamed(url.split('/').at(-1) ?? '');
  const rangeOf = ({ name }: Queue) => ({ gt: `${name}!`, lt: `${name}!~` });

  const put = async (queue: Queue, body: string, attributes: Message['attributes'], delaySeconds = 0) => {
    const now = clock.now();
    const id = randomUUID();
    const message: Message = {
      id,
      body,
      attributes,
      sentAt: now,
      visibleAt: now + delaySeconds * 1000,
      receiveCount: 0,
    };
    await db.put(`${queue.name}!${String(now).padStart(16, '0')}!${id}`, message);
    return id;
  };

  const receive = async (input: Input<'ReceiveMessage'>) => {
    const queue = queueAt(input.QueueUrl);
    const now = clock.now();
    const visibleAt = now + (input.VisibilityTimeout ?? queue.visibilityTimeoutSeconds) * 1000;
    const Messages: Array<Record<string, unknown>> = [];
    for await (const [key, stored] of db.iterator(rangeOf(queue))) {
      if (stored.visibleAt > now) continue;
      const receiveCount = stored.receiveCount + 1;
      const message = { ...stored, visibleAt, receiveCount, firstReceivedAt: stored.firstReceivedAt ?? now };
      await db.put(key, message);
      Messages.push({
        MessageId: message.id,
        ReceiptHandle: Buffer.from(key).toString('base64'),
        MD5OfBody: md5(message.body),
        Body: message.body,
        Attributes: {
          SentTimestamp: String(message.sentAt),
          ApproximateReceiveCount: String(receiveCount),
          ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
        },
        ...(Object.keys(message.attributes).length === 0 ? {} : { MessageAttributes: message.attributes }),
      });
      if (Messages.length >= input.MaxNumberOfMessages) break;
    }
    return Messages.length === 0 ? {} : { Messages };
  };

  const attributesOf = async (queue: Queue): Promise<Record<string, string>> => {
    const messages = await db.values(rangeOf(queue)).all();
    const visible = messages.filter(({ visibleAt }) => visibleAt <= clock.now()).length;
    const delayed = messages.filter((each) => each.receiveCount === 0 && each.visibleAt > clock.now()).length;
    return {
      QueueArn: queueArn(queue.name),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(messages.length - visible - delayed),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    };
  };

  const actions: { [A in Action]: (input: Input<A>) => Promise<Readonly<Record<string, unknown>>> } = {
    async ListQueues({ QueueNamePrefix = '' }) {
      return { QueueUrls: [...queues.keys()].filter((name) => name.startsWith(QueueNamePrefix)).map(urlOf) };
    },
    async GetQueueUrl({ QueueName }) {
      return { QueueUrl: urlOf(queueNamed(QueueName).name) };
    },
    async GetQueueAttributes({ QueueUrl: url, AttributeNames }) {
      const all = await attributesOf(queueAt(url));
      const asked = Object.entries(all).filter(([name]) =>
        AttributeNames.some((each) => each === name || each === 'All'),
      );
      return { Attributes: Object.fromEntries(asked) };
    },
    async PurgeQueue({ QueueUrl: url }) {
      await db.clear(rangeOf(queueAt(url)));
      return {};
    },
    async SendMessage(input) {
      const id = await put(queueAt(input.QueueUrl), input.MessageBody, input.MessageAttributes, input.DelaySeconds);
      return { MessageId: id, MD5OfMessageBody: md5(input.MessageBody) };
    },
    ReceiveMessage: (input) => inTurn(() => receive(input)),
    async DeleteMessage({ QueueUrl: url, ReceiptHandle }) {
      const key = Buffer.from(ReceiptHandle, 'base64').toString();
      const { name } = queueAt(url);
      if (!key.startsWith(`${name}!`)) throw new AwsError('ReceiptHandleIsInvalid', 'The receipt handle is not valid');
      await inTurn(() => db.del(key));
      return {};
    },
  };
  const isAction = (name: string): name is Action => Object.hasOwn(actions, name);

  return {
    scope: 'sqs',
    async handle(action, input) {
      if (!isAction(action)) {
        throw new AwsError('UnknownOperationException', `SQS: ${action} is not supported by the embedded cloud`);
      }
      const run = <A extends Action>(name: A) => actions[name](parse(name, input));
      return run(action);
    },
    createQueue(queue) {
      queues.set(queue.name, queue);
      return urlOf(queue.name);
    },
    async send(arn, body, attributes = {}) {
      const typed = Object.entries(attributes).map(([k, StringValue]) => [k, { DataType: 'String', StringValue }]);
      await put(queueNamed(arn.split(':').at(-1) ?? ''), body, Object.fromEntries(typed) as Message['attributes']);
    },
  };
};
