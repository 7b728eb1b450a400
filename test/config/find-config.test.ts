import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfigFile, systemReason } from '../../src/config/find-config.ts';
import { inputErrorOf } from './input-error-of.ts';
import { folderWith } from './temporary-folder.ts';

const rejection = (named: string | undefined, cwd: string) => inputErrorOf(readConfigFile(named, cwd));

test.each(['earsight.config.yaml', 'earsight.config.yml', 'earsight.config.json'])(
  'finds %s in the working directory',
  async (name) => {
    const cwd = folderWith({ [name]: '{}' });
    expect(await readConfigFile(undefined, cwd)).toEqual({
      path: join(cwd, name),
      displayPath: name,
      format: name.endsWith('json') ? 'json' : 'yaml',
      text: '{}',
    });
  },
);

test('finds the nearest one upwards to the repository’s root', async () => {
  const root = folderWith({
    '.git/': '',
    'earsight.config.yaml': 'a: 1',
    'b/earsight.config.yml': 'b: 1',
    'b/c/d/': '',
    'e/': '',
  });
  expect((await readConfigFile(undefined, join(root, 'b/c/d'))).displayPath).toBe(
    join('..', '..', 'earsight.config.yml'),
  );
  expect((await readConfigFile(undefined, join(root, 'e'))).displayPath).toBe(join('..', 'earsight.config.yaml'));
});

test('does not look above the repository’s root', async () => {
  const root = folderWith({
    'earsight.config.yaml': 'a: 1',
    'repository/.git': 'gitdir: elsewhere',
    'repository/src/': '',
  });
  expect(await rejection(undefined, join(root, 'repository/src'))).toMatch(
    /^no configuration found: earsight\.config\.yaml/,
  );
});

test('does not look above the working directory outside a repository', async () => {
  const root = folderWith({ 'earsight.config.yaml': 'a: 1', 'inner/': '' });
  expect(await rejection(undefined, join(root, 'inner'))).toContain('earsight init');
});

test('asks which one to use when a folder has two', async () => {
  const cwd = folderWith({ 'earsight.config.yaml': '', 'earsight.config.json': '' });
  expect(await rejection(undefined, cwd)).toBe(
    'earsight.config.yaml "earsight.config.json" is in the same folder · name the one to use, or remove the other',
  );
});

test('a named file is relative to the working directory and shown as written', async () => {
  const cwd = folderWith({ 'a/b.YAML': 'x: 1' });
  expect(await readConfigFile('./a/b.YAML', cwd)).toMatchObject({
    path: join(cwd, 'a/b.YAML'),
    displayPath: './a/b.YAML',
    format: 'yaml',
  });
});

test.each([
  ['a misspelt name', 'receits.yaml', 'receits.yaml does not exist · did you mean "receipts.yaml"?'],
  ['a name that resembles no other', 'x.yaml', 'x.yaml does not exist'],
  ['a file used as a folder', 'receipts.yaml/x.yaml', 'receipts.yaml/x.yaml does not exist'],
  ['a folder', 'set', 'set cannot be read: it is a folder · name the file in it: earsight.config.yml'],
  ['a folder without one', 'empty', 'empty cannot be read: it is a folder · name the file in it'],
  [
    'a manifest',
    'manifest.csv',
    /^manifest\.csv is not a \.yaml, \.yml or \.json file · name a manifest in the configuration/,
  ],
  ['a giant', 'giant.yaml', 'giant.yaml is larger than 4 MiB · name the configuration, not the manifest'],
])('rejects %s', async (_, named, expected) => {
  const cwd = folderWith({
    'receipts.yaml': '',
    'set/earsight.config.yml': '',
    'empty/': '',
    'manifest.csv': 'id',
    'giant.yaml': ' '.repeat(4 * 2 ** 20 + 1),
  });
  const message = await rejection(named, cwd);
  if (typeof expected === 'string') expect(message).toBe(expected);
  else expect(message).toMatch(expected);
});

test('rejects a broken link', async () => {
  const cwd = folderWith({ 'a/': '' });
  symlinkSync('gone.yaml', join(cwd, 'link.yaml'));
  expect(await rejection('link.yaml', cwd)).toMatch(/^link\.yaml does not exist/);
});

test.each([
  ['EACCES', 'permission denied'],
  ['EMFILE', 'EMFILE'],
  [undefined, 'unknown reason'],
])('says %s as %j', (code, expected) => {
  expect(systemReason(Object.assign(new Error('x'), code === undefined ? {} : { code }))).toBe(expected);
});
