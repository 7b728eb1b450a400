import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RUN_FILE } from '../../src/journal/run-files.ts';
import { newRunId, readRunInfo, runFolderName, writeRunInfo } from '../../src/journal/run-folder.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'run-folder-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const INFO = fixtureReport().run;

test.each([
  ['demo', '20261123T083000Z-demo'],
  ['Bilder & Töne: 1/2', '20261123T083000Z-Bilder-Töne-1-2'],
  ['../../etc', '20261123T083000Z-..-..-etc'],
  ['x'.repeat(200), `20261123T083000Z-${'x'.repeat(60)}`],
])('a run named %j gets a folder that sorts by time and is safe and short', (name, folder) => {
  expect(runFolderName(Date.UTC(2026, 10, 23, 8, 30), name)).toBe(folder);
});

test('two runs into folders of the same name have different ids', () => {
  expect(newRunId('demo')).toMatch(/^demo-[0-9a-f]{6}$/);
  expect(newRunId('demo')).not.toBe(newRunId('demo'));
});

test('reads back what was written, also of an unfinished run, and leaves no other file in the folder', () => {
  for (const finishedAt of [INFO.finishedAt, null]) {
    writeRunInfo(directory, { ...INFO, finishedAt });

    expect(readRunInfo(directory)).toEqual({ ...INFO, finishedAt });
    expect(readdirSync(directory)).toEqual([RUN_FILE]);
  }
});

test('replaces the file whole: a reader of the old file reads it to its end', () => {
  writeRunInfo(directory, { ...INFO, name: 'old' });
  const reader = openSync(join(directory, RUN_FILE), 'r');

  writeRunInfo(directory, { ...INFO, name: 'new' });

  expect(JSON.parse(readFileSync(reader, 'utf8'))).toMatchObject({ name: 'old' });
  closeSync(reader);
});

test('an incomplete file beside a journal counts as missing, one of another format is rejected with the name of the member', () => {
  expect(readRunInfo(directory)).toBeNull();
  writeFileSync(join(directory, RUN_FILE), '{"format": "ears');
  expect(() => readRunInfo(directory)).toThrow('is not JSON, and there is no journal beside it');
  writeFileSync(join(directory, 'journal.jsonl'), '');
  expect(readRunInfo(directory)).toBeNull();

  for (const [name, value] of Object.entries({ format: 'else', formatVersion: 2 })) {
    writeFileSync(join(directory, RUN_FILE), JSON.stringify({ ...INFO, [name]: value }));
    expect(() => readRunInfo(directory)).toThrow(`is not a run.json of this version of earsight (see ${name})`);
  }
});
