import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  folder = workspace({
    'manifest.csv': `id,prompt\n${Array.from({ length: 6 }, (_, index) => `s${index},say ${index}\n`).join('')}`,
    'earsight.config.yaml': `dataset: manifest.csv\nmodels: [{id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}}]\n`,
  });
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

test('a run into a folder says which selection it took over, and how to get the rest', async () => {
  await folder.run(['run', '--out', 'out', '--limit', '2']);

  const { stderr } = await folder.run(['run', '--out', 'out']);
  const { code } = await folder.run(['run', '--out', 'out', '--limit', '6', '--resume-changed']);

  expect(stderr).toContain(
    'out: its run was started with --limit 2, and this is used again · for more, give another --limit and --resume-changed\n',
  );
  expect(code).toBe(0);
  expect(endpoint.requests.length).toBe(6);
});

test('a run with the whole selection, or the same one, says nothing of it', async () => {
  const first = await folder.run(['run', '--out', 'out', '--limit', '2']);
  const second = await folder.run(['run', '--out', 'out', '--limit', '2']);

  expect(first.stderr + second.stderr).not.toContain('used again');
});

test('a replay says that it is one: before it starts, under the table and in the report', async () => {
  await folder.run(['run', '--out', 'one']);
  const { runId } = JSON.parse(folder.read('one/run.json'));

  const { stdout, stderr } = await folder.run(['run', '--out', 'two', '--replay', 'one']);

  expect(stderr).toContain(`a replay of ${runId}: nothing is sent\n`);
  expect(stdout).toContain(`a replay of ${runId}: answers, times and tokens are those of that run\n`);
  expect(folder.read('two/report.md')).toContain('answers, times and tokens are those of that run');
});
