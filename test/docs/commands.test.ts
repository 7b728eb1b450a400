import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CommandEntry } from '../../src/command.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import { FOREIGN_FORMATS } from '../../src/dataset/foreign/registry.ts';
import { FORMATS } from '../../src/dataset/formats.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import { REPORTERS } from '../../src/reporters/registry.ts';
import { SCORERS } from '../../src/scorers/registry.ts';

const page = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
const section = (title: string) => page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const commands: [string, CommandEntry][] = Object.entries(COMMANDS);
const cell = (text: string) => text.replaceAll('|', '\\|');

test.each(commands)('the page says of earsight %s what its help says', async (name, { usage, describe, load }) => {
  const { options } = await load();
  const text = section(`earsight ${name}`);

  expect(text).toContain(`\`earsight ${usage}\`: ${describe}.`);
  for (const [option, spec] of Object.entries(options)) {
    const type = spec.type === 'array' ? 'string...' : spec.type;
    const value = spec.default === undefined ? '' : `\`${spec.default}\``;
    expect(text).toContain(`| \`--${option}\` | ${type} | ${cell(spec.describe)} | ${value} |`);
  }
});

test.each([
  ['provider', PROVIDERS],
  ['scorer', SCORERS],
  ['reporter', REPORTERS],
  ['format', FORMATS],
  ['foreign format', FOREIGN_FORMATS],
])('the page describes every %s as the registry does', (kind, registry) => {
  const rows = Object.entries(registry).map(([name, { description }]) => `| \`${name}\` | ${cell(description)} |`);

  expect(section(`Every ${kind}`)).toContain(rows.join('\n'));
});
