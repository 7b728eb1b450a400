import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { readRows } from '../helpers/tables.ts';

let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await startEndpoint();
});
afterEach(() => endpoint.close());

function configOf(dataset: string): string {
  const wire = `endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}, limits: {concurrency: 1}`;
  return `dataset: ${dataset}\nmodels: [{id: m, provider: openai, modalities: [text, image], ${wire}}]\n`;
}

/** Runs `act` when the first request arrives. */
function onFirstRequest(action: () => void): void {
  let done = false;
  endpoint.script(() => {
    if (!done) action();
    done = true;
    return undefined;
  });
}

const ROWS = 300;
/** Each row has a kilobyte, so that the end of the manifest is read long after the run started. */
const rowsOf = (change: (index: number) => string) =>
  Array.from({ length: ROWS }, (_, index) => `s${index},${change(index).padEnd(1000, '.')},x\n`);
const manifestOf = (rows: readonly string[]) => `id,prompt,target\n${rows.join('')}`;

test.each([
  ['another prompt', rowsOf((index) => (index === 250 ? 'other' : 'say')), 'm.csv:252 sample "s250" has changed', 1],
  [
    'one row more',
    [...rowsOf(() => 'say'), 'new,say,x\n'],
    'm.csv:302 sample "new" has changed since it was checked',
    0,
  ],
  ['ten rows less', rowsOf(() => 'say').slice(0, -10), 'm.csv 10 samples were removed', 10],
  [
    'a row at fault',
    rowsOf((index) => (index === 250 ? '"sa"y' : 'say')),
    'm.csv:252:6 a cell that begins with a quote goes on after its closing quote',
    1,
  ],
])(
  '%s in the manifest of a running run is told and not sent, and the rest is finished',
  async (_what, now, words, missing) => {
    using folder: Workspace = workspace({
      'm.csv': manifestOf(rowsOf(() => 'say')),
      'earsight.config.yaml': configOf('m.csv'),
    });
    onFirstRequest(() => writeFileSync(join(folder.directory, 'm.csv'), manifestOf(now)));

    const { code, stderr } = await folder.run(['run', '--out', 'out']);

    expect(code).toBe(3);
    expect(stderr).toContain(`the manifest changed during the run, and the changed samples have no results: ${words}`);
    expect(readRows(folder, 'out')).toHaveLength(ROWS - missing);
    expect(endpoint.requests).toHaveLength(ROWS - missing);
    expect(JSON.parse(folder.read('out/run.json')).counts).toMatchObject({ completed: ROWS - missing, missing });
  },
);

test('a medium that disappears during a run fails its own cell, and a resume runs that cell when the medium is back', async () => {
  const image = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64');
  const names = Array.from({ length: 20 }, (_, index) => `i${index}.gif`);
  const rows = names.map((name, index) => `s${index},say,${name}\n`).join('');
  const files = Object.fromEntries(names.map((name) => [name, image]));
  using folder: Workspace = workspace({
    ...files,
    'm.csv': `id,prompt,image\n${rows}`,
    'earsight.config.yaml': configOf('m.csv'),
  });
  onFirstRequest(() => rmSync(join(folder.directory, 'i19.gif')));

  const first = await folder.run(['run', '--out', 'out']);
  folder.write({ 'i19.gif': image });
  const second = await folder.run(['run', '--resume', 'out']);

  expect(first.code).toBe(3);
  expect(first.stderr).toContain('m.csv:21:9 image "i19.gif" does not exist');
  expect(second.code).toBe(0);
  expect(endpoint.requests).toHaveLength(20);
  expect(readRows(folder, 'out').map(({ status }) => status)).toEqual(names.map(() => 'completed'));
});
