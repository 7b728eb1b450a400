// Writes the option tables of docs/commands.md from the built command: node scripts/command-tables.mjs
import { writeFileSync } from 'node:fs';
import { COMMANDS } from '../dist/commands/registry.js';
import { FOREIGN_FORMATS } from '../dist/dataset/foreign/registry.js';
import { FORMATS } from '../dist/dataset/formats.js';
import { PROVIDERS } from '../dist/providers/registry.js';
import { REPORTERS } from '../dist/reporters/registry.js';
import { SCORERS } from '../dist/scorers/registry.js';

const cell = (text) => String(text).replaceAll('|', '\\|');

const commands = await Promise.all(
  Object.entries(COMMANDS).map(async ([name, { load, ...entry }]) => ({ name, ...entry, ...(await load()) })),
);
const sections = commands.map(({ name, usage, describe, example, options }) => {
  const rows = Object.entries(options).map(
    ([option, { type, describe: what, default: value }]) =>
      `| \`--${option}\` | ${type === 'array' ? 'string...' : type} | ${cell(what)} | ${value === undefined ? '' : `\`${value}\``} |`,
  );
  const table = rows.length === 0 ? [] : ['', '| option | type | what | default |', '|---|---|---|---|', ...rows];
  return [
    `## earsight ${name}`,
    '',
    `\`earsight ${usage}\`: ${describe}. \`${example[0]}\`: ${example[1]}.`,
    ...table,
    '',
  ].join('\n');
});

const registries = Object.entries({
  provider: PROVIDERS,
  scorer: SCORERS,
  reporter: REPORTERS,
  format: FORMATS,
  'foreign format': FOREIGN_FORMATS,
}).map(([kind, registry]) => {
  const rows = Object.entries(registry).map(([name, { description }]) => `| \`${name}\` | ${cell(description)} |`);
  return [`## Every ${kind}`, '', '| name | what |', '|---|---|', ...rows, ''].join('\n');
});

const head = `# Commands

\`node scripts/command-tables.mjs\` writes this page from the built command, and tests compare both. Every command also takes \`--help\`, \`--verbose\` and \`--allow-code\`, which runs the scorers and providers that the configuration names as files.
`;
writeFileSync(new URL('../docs/commands.md', import.meta.url), [head, ...sections, ...registries].join('\n'));
