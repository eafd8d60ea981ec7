import { describe, expect, it } from 'vitest';
import type { Finding } from '#domain/delivery/delivery.ts';
import { CORPUS, type CorpusFile } from './corpus.ts';
import { Pipeline } from './pipeline.ts';

/** Line by line, as the corpus writes them. */
const byLine = (findings: readonly Finding[]) =>
  findings
    .flatMap(({ lines, code, column, reason }) => lines.map((line) => [line, code, column, reason] as const))
    .sort(([a], [b]) => a - b);

const judge = async ({ bytes, party = 'elan-wonen', verdict }: CorpusFile): Promise<void> => {
  const pipeline = new Pipeline();
  const receipt = await pipeline.deliver(party, bytes());
  if ('file' in verdict) {
    const { explanation, remedy, ...file } = receipt.file ?? { explanation: '', remedy: '' };
    expect(file).toEqual(verdict.file);
    expect(receipt).toMatchObject({ verdict: 'geweigerd', counts: { read: 0, accepted: 0 } });
    expect(pipeline.signals()).toEqual([]);
    return;
  }
  const { accepted, unchanged = 0, withdrawn = 0, refused = [], warnings = [], stored = {} } = verdict;
  expect({
    file: receipt.file,
    refused: byLine(receipt.refusals),
    warnings: byLine(receipt.warnings).map(([line, code]) => [line, code]),
  }).toEqual({
    file: undefined,
    refused: refused.map(([line, code, column, reason]) => [line, code, column, reason]),
    warnings,
  });
  const read = accepted + unchanged + withdrawn + refused.length;
  expect(receipt.counts).toMatchObject({ read, accepted, unchanged, withdrawn, refused: refused.length });
  expect(pipeline.signals()).toHaveLength(accepted);
  for (const [reference, facts] of Object.entries(stored)) expect(pipeline.signals(reference)).toMatchObject([facts]);
};

describe.each(Object.entries(CORPUS))('awkward files: %s', (_group, files) => {
  it.each(files.map((file) => [file.name, file] as const))('%s', (_name, file) => judge(file));
});

describe('the corpus', () => {
  it('holds more than three hundred files, no name twice', () => {
    const names = Object.values(CORPUS)
      .flat()
      .map(({ name }) => name);
    expect(names.length).toBeGreaterThan(300);
    expect(new Set(names).size).toBe(names.length);
  });
});
