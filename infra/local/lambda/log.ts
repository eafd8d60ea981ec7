import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A function's log group: one NDJSON file. */
export type Log = {
  /** Text as a function wrote it: lines, possibly cut anywhere. */
  readonly output: (text: string) => void;
  readonly record: (entry: Readonly<Record<string, unknown>>) => void;
  readonly close: () => Promise<void>;
};

const isJsonObject = (line: string): boolean => {
  if (!line.startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
};

export const openLog = async (directory: string, functionName: string, iso: () => string): Promise<Log> => {
  await mkdir(directory, { recursive: true });
  const file = createWriteStream(join(directory, `${functionName}.ndjson`), { flags: 'a' });
  let closed = false;
  const write = (text: string): void => {
    // What a broken-off worker still says comes too late.
    if (!closed) file.write(`${text}\n`);
  };
  const record: Log['record'] = (entry) => write(JSON.stringify(entry));
  let rest = '';
  const line = (text: string): void => {
    if (text === '') return;
    // A structured line stays as it is; anything else becomes one.
    if (isJsonObject(text)) write(text);
    else record({ timestamp: iso(), message: text });
  };
  return {
    record,
    output(text) {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const each of lines) line(each);
    },
    async close() {
      line(rest);
      closed = true;
      await new Promise<void>((resolve, reject) => {
        file.once('error', reject);
        file.end(resolve);
      });
    },
  };
};
