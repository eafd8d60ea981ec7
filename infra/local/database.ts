import { mkdir } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';

/** Sorted keys and values on disk. A write is in the hands of the operating system when it resolves: kill -9 loses none. */
export type Database = ClassicLevel<string, string>;

/** Rejects with code `LEVEL_LOCKED` (in its cause) while another process has this directory open. */
export const openDatabase = async (directory: string): Promise<Database> => {
  await mkdir(directory, { recursive: true });
  const database: Database = new ClassicLevel(directory);
  await database.open();
  // A read by the thread pool costs ten times the read itself, more when the machine is busy. Sublevels read through this.
  const read = (key: string, options?: object): unknown => database.getSync(key, options ?? {});
  Object.assign(database, { get: async (key: string, options?: object) => read(key, options) });
  return database;
};
