import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';

const UNUSED = '--prompt is not asked: each sample of m.csv has a question of its own';
const OWN = 'id,prompt\na,What?\nb,Who?\n';
const PARTLY = 'id,prompt\na,What?\nb,\n';

let endpoint: Endpoint;
let folder: Workspace;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.close());
beforeEach(() => {
  folder = workspace();
  return () => folder[Symbol.dispose]();
});

function write(manifest: string, dataset = 'm.csv') {
  folder.write({
    'm.csv': manifest,
    'earsight.config.yaml': `dataset: ${dataset}\nmodels:\n  - {id: x, provider: openai, endpoint: "${endpoint.url}/v1", model: x, auth: {type: none}}\n`,
  });
}

test.each(['run', 'validate'])('%s rejects a --prompt that no sample takes, and says what to do', async (command) => {
  write(OWN);
  const { code, stderr } = await folder.run([command, '--prompt', 'Say it.']);

  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `${UNUSED} · leave it out, or read the column prompt under another name: --map meta.question=prompt\n`,
  });
  expect(existsSync(join(folder.directory, 'results'))).toBe(false);
});

test('the map of the hint makes the prompt that of all samples', async () => {
  write(OWN);
  const { code } = await folder.run([
    'run',
    '--out',
    'out',
    '--prompt',
    'Answer: {{question}}',
    '--map',
    'meta.question=prompt',
  ]);

  expect(code).toBe(0);
  expect(folder.read('out/results.csv')).toMatch(/Answer: What\?.*Answer: Who\?/s);
});

test.each([
  ['some samples take it', PARTLY, [], ''],
  [
    'another sample than the first ones may take it',
    'id,prompt\na,What?\nb,Who?\nc,\n',
    ['--limit', '1'],
    `warning: ${UNUSED}\n`,
  ],
])('runs when %s', async (_, manifest, argv, warning) => {
  write(manifest);
  const { code, stderr } = await folder.run(['validate', '--prompt', 'Say it.', ...argv]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: warning });
});

test('a dataset.prompt that no sample takes is a warning', async () => {
  write(OWN, '{path: m.csv, prompt: Say it.}');
  const { code, stderr } = await folder.run(['validate']);

  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'warning: dataset.prompt is not asked: each sample of m.csv has a question of its own\n',
  });
});

test('problems of rows are reported alone: they may be those that take the prompt', async () => {
  write('id,prompt,image\na,What?,\nb,,none.png\n');
  const { stderr } = await folder.run(['validate', '--prompt', 'Say it.']);

  expect(stderr).toContain('none.png');
  expect(stderr).not.toContain('--prompt');
});

test('a run with such a prompt, which an earlier version has made, is resumed', async () => {
  write(PARTLY);
  await folder.run(['run', '--out', 'out', '--prompt', 'Say it.']);
  folder.write({ 'm.csv': OWN });

  const { code, stderr } = await folder.run(['run', '--resume', 'out', '--resume-changed']);

  expect(stderr).not.toContain('--map');
  expect(code).toBe(0);
});
