import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PARTNER_OUTCOMES } from '#domain/agreement/configuration.ts';
import { DELIVERY_COLUMNS } from '#domain/delivery/columns.ts';
import { REJECTION_COLUMNS } from '#domain/delivery/dialect.ts';
import { FEEDBACK_COLUMNS, SUSPENSION_COLUMNS } from '#domain/feedback/file.ts';
import { WORKLIST_COLUMNS } from '#domain/ranking/worklist-columns.ts';
import { OUTCOME_COLUMNS } from '#domain/signal/outcome-line.ts';
import { EARLY_END_REASONS } from '#domain/signal/signal.ts';
import { meldpunt } from '#infra/cli/meldpunt.ts';
import { functionNames } from '#runtime/environment.ts';

const pages = [
  'README.md',
  'infra/runbook.md',
  'infra/files.md',
  'infra/privacy.md',
  'infra/certificate.md',
  'statemachines/README.md',
];
const scripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts);

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8');

  it('names scripts that exist', () => {
    const named = [...text.matchAll(/npm (?:run )?([a-z]+)/g)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'run');
    expect(named.filter((name) => ![...scripts, 'ci', 'help'].includes(name))).toEqual([]);
  });

  it('names commands and options that exist', async () => {
    const named = [...text.replaceAll('\\\n', ' ').matchAll(/^npx meldpunt ([^\n#]*)/gm)].map(([, line = '']) => line);
    for (const line of named) {
      const { code, out = '' } = await meldpunt([line.split(' ')[0] ?? '', '--help']);
      expect(code, line).toBe(0);
      const options = [...line.matchAll(/ (--[a-z-]+)/g)].map(([, option = '']) => option);
      expect(options.filter((option) => !new RegExp(`^ +${option}\\b`, 'm').test(out))).toEqual([]);
    }
  });

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });

  it('names project files that exist', () => {
    const paths = [...text.matchAll(/(?:^|[\s`(])((?:infra|functions|statemachines|test)\/[\w./-]*\w)/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('names functions that exist', () => {
    const verbs = functionNames.map((name) => name.split('/')[1]);
    const named = [...text.matchAll(/(?:logs |FUNCTION=|meldpunt-\$STAGE-)([a-z]+-[a-z]+)(?![a-z-])/g)].map(
      ([, name = '']) => name,
    );
    expect(named.filter((name) => !verbs.includes(name))).toEqual([]);
  });
});

it('infra/files.md describes every column there is', () => {
  const text = readFileSync('infra/files.md', 'utf8');
  const columns = [
    ...DELIVERY_COLUMNS,
    ...OUTCOME_COLUMNS,
    ...REJECTION_COLUMNS,
    ...WORKLIST_COLUMNS,
    ...FEEDBACK_COLUMNS,
    ...SUSPENSION_COLUMNS,
    ...PARTNER_OUTCOMES,
    ...EARLY_END_REASONS,
  ];
  expect(columns.filter((column) => !text.includes(`\`${column}\``))).toEqual([]);
});
