import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The folder of a demo: emptied at the start, and therefore never one that a demo did not make or still uses. */
const MARK = '.meldpunt-demo';

const isAlive = (pid: number): boolean => {
  try {
    // Signal 0 asks only whether there is such a process.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const readable = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
};

export type Claim =
  | { readonly ok: true; readonly release: () => Promise<void> }
  | { readonly ok: false; readonly why: 'IN_USE' | 'NOT_OURS' };

/**
 * Takes the folder for this process and empties it. `IN_USE`: another demo runs in it. `NOT_OURS`: it holds things that
 * no demo put there; nothing was touched.
 */
export const claimFolder = async (folder: string): Promise<Claim> => {
  const lock = `${folder}.lock`;
  await mkdir(dirname(folder), { recursive: true });
  for (let attempt = 0; ; attempt += 1) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number(await readable(lock));
      if (attempt > 0 || owner === 0 || Number.isNaN(owner) || isAlive(owner)) return { ok: false, why: 'IN_USE' };
      // Left behind by a demo that was killed.
      await rm(lock, { force: true });
    }
  }
  const release = (): Promise<void> => rm(lock, { force: true });
  const inside = await readdir(folder).catch(() => [] as string[]);
  if (inside.length > 0 && !inside.includes(MARK)) {
    await release();
    return { ok: false, why: 'NOT_OURS' };
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MARK), '');
  return { ok: true, release };
};
