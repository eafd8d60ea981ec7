import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimFolder } from '#infra/local/demo/folder.ts';

describe('the folder of the demo', () => {
  let home = '';
  let folder = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'demo-'));
    folder = join(home, 'demo');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('is made, and emptied the next time', async () => {
    const first = await claimFolder(folder);
    await writeFile(join(folder, 'old.txt'), 'x');
    if (first.ok) await first.release();
    expect(await claimFolder(folder)).toMatchObject({ ok: true });
    expect(await readdir(folder)).toEqual(['.meldpunt-demo']);
  });

  it('is left alone while another demo runs in it', async () => {
    await claimFolder(folder);
    await writeFile(join(folder, 'theirs.txt'), 'x');
    expect(await claimFolder(folder)).toEqual({ ok: false, why: 'IN_USE' });
    expect(await readFile(join(folder, 'theirs.txt'), 'utf8')).toBe('x');
  });

  it('is taken over from a demo that was killed', async () => {
    // No process can have this number: it is past every pid_max.
    await writeFile(`${folder}.lock`, '4999999');
    expect(await claimFolder(folder)).toMatchObject({ ok: true });
  });

  it('is never one with files of somebody else', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.txt'), 'years of work');
    expect(await claimFolder(folder)).toEqual({ ok: false, why: 'NOT_OURS' });
    expect(await readFile(join(folder, 'thesis.txt'), 'utf8')).toBe('years of work');
    expect(await readdir(home)).toEqual(['demo']);
  });
});
