import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import type { Command } from '../src/command.ts';
import { COMMANDS } from '../src/commands/registry.ts';
import { FOREIGN_FORMATS } from '../src/dataset/foreign/registry.ts';
import { FORMATS } from '../src/dataset/formats.ts';
import { PROVIDERS } from '../src/providers/registry.ts';
import { REPORTERS } from '../src/reporters/registry.ts';
import { SCORERS } from '../src/scorers/registry.ts';
import { workspace } from './helpers/cli.ts';

const page = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const commands = await Promise.all(
  Object.entries(COMMANDS).map(async ([name, { load }]): Promise<[string, Command]> => [name, await load()]),
);

test('the command line lists every command, and so does the README', async () => {
  using folder = workspace();

  const { code, stdout } = await folder.run(['--help']);

  expect(code).toBe(0);
  for (const [name] of commands) {
    expect(stdout).toContain(`earsight ${name}`);
    expect(page('README.md')).toContain(`\`earsight ${name}`);
  }
});

test('prints a completion script, and completes commands and the options of a command', async () => {
  using folder = workspace();

  const script = await folder.run(['completion']);
  const names = await folder.run(['--get-yargs-completions', 'earsight', '']);
  const options = await folder.run(['--get-yargs-completions', 'earsight', 'run', '--re']);

  expect(script.code).toBe(0);
  expect(script.stdout).toContain('--get-yargs-completions');
  for (const [name] of commands) expect(names.stdout.split('\n').some((line) => line.startsWith(name))).toBe(true);
  expect(options.stdout).toContain('--resume');
  expect((await folder.run(['completon'])).stderr).toContain('did you mean "completion"?');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test('help and messages are in English whatever the locale', async () => {
  vi.stubEnv('LC_ALL', 'de_DE.UTF-8');
  using folder = workspace();

  const help = await folder.run(['--help']);
  const failure = await folder.run(['report']);

  expect(help.stdout).toContain('Options:');
  expect(failure.stderr).toBe('no run given · usage: earsight report <run>\n');
});

test.each(commands)('earsight %s --help shows every option, its default and an example', async (name, command) => {
  using folder = workspace();

  const { stdout } = await folder.run([name, '--help']);

  const lines = stdout.replace(/\n {10,}/g, ' ');
  for (const [option, spec] of Object.entries(command.options)) {
    expect(lines).toContain(`--${option} `);
    const isSaid = 'default' in spec || /default/.test(spec.describe);
    expect(isSaid, `--${option} names its default`).toBe(true);
  }
  expect(lines).toContain(command.example[0]);
});

test.each(commands)('the option table has every option of earsight %s and no other', (name, command) => {
  const section = page('docs/commands.md').split(`## earsight ${name}\n`)[1]?.split('\n## ')[0] ?? '';

  const documented = [...section.matchAll(/^\| `--([a-z-]+)`/gm)].map((match) => match[1]);

  expect(documented.sort()).toEqual(Object.keys(command.options).sort());
});

test.each([
  ['provider', PROVIDERS],
  ['scorer', SCORERS],
  ['reporter', REPORTERS],
  ['format', FORMATS],
  ['foreign format', FOREIGN_FORMATS],
])('the docs name every %s', (kind, registry) => {
  const section = page('docs/commands.md').split(`## Every ${kind}\n`)[1]?.split('\n## ')[0] ?? '';

  const documented = [...section.matchAll(/^\| `([a-z0-9+-]+)`/gm)].map((match) => match[1]);

  expect(documented).toEqual(Object.keys(registry));
});

test.each([
  [['rnu'], 'unknown command "rnu" · did you mean "run"?'],
  [['run', '--concurency', '3'], 'unknown option --concurency · did you mean --concurrency?'],
  [['run', '--limit', 'many'], '--limit needs a number'],
  [['--limit', 'many', 'run'], '--limit needs a number'],
  [['run', '--limit', '1', '--limit', '2'], '--limit is given more than once · give it once'],
  [['report', 'latest', 'more'], 'unexpected argument "more"'],
  [['run', '--no-qiet'], 'unknown option --no-qiet · did you mean --no-quiet?'],
  [['--verison'], 'unknown option --verison · did you mean --version?'],
  [['report'], 'no run given · usage: earsight report <run>'],
  [['report', '--reporter', 'csv', 'latest'], 'no run given · put it before --reporter'],
  [['serve', '--model', 'ocr-teseract'], 'unknown model "ocr-teseract" · did you mean "ocr-tesseract"?'],
  [[], 'no command given'],
])('rejects %j', async (argv, message) => {
  using folder = workspace();

  const { code, stderr, stdout } = await folder.run(argv);

  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
  expect(stderr.split('\n')).toHaveLength(2);
});

test('shows control characters in its input as escapes', async () => {
  using folder = workspace({
    'c.yaml': 'dataset: "m\\e[2J.jsonl"\nmodels: [{id: a, provider: openai, model: m, auth: {type: none}}]\n',
    'm\u001b[2J.jsonl': '{"prompt": "x", "scorer": "\\u001b]0;title\\u0007"}\n',
  });

  const outcomes = [
    await folder.run(['\u001b[2J']),
    await folder.run(['validate', '\u001b[2J.yaml']),
    await folder.run(['validate', 'c.yaml']),
    await folder.run(['validate', 'c.yaml', '--verbose']),
  ];

  for (const { code, stderr } of outcomes) {
    expect(code).toBe(2);
    expect(stderr).toContain('\\x1b[2J');
    expect(stderr).not.toMatch(/[^\P{Cc}\n]/u);
  }
});
