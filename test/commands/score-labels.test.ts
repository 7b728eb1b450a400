import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { readPage } from '../helpers/page-file.ts';
import { readRows } from '../helpers/tables.ts';

const config = (url: string) => `
dataset: manifest.jsonl
models:
  - {id: one, provider: openai, endpoint: "${url}/v1", model: one, auth: {type: none}}
  - {id: two, provider: openai, endpoint: "${url}/v1", model: two, auth: {type: none}}
scorers: [exact]
`;

let endpoint: Endpoint;
let folder: Workspace;
beforeAll(async () => {
  endpoint = await startEndpoint(({ body }) => ({ json: chatCompletion(body.includes('"one"') ? 'yes' : 'no') }));
  folder = workspace({
    'earsight.config.yaml': config(endpoint.url),
    'manifest.jsonl': '{"id":"a","prompt":"Say yes.","target":"yes"}\n{"id":"b","prompt":"Free.","scorers":[]}\n',
  });
  await folder.run(['run', '--out', 'out', '--quiet', '--yes']);
});
afterAll(async () => {
  folder[Symbol.dispose]();
  await endpoint.close();
});

/** A line as the page saves it. */
function label(sample: string, model: string, value: number): string {
  const found = readPage(folder.read('out/report.html')).samples.find(({ id }) => id === sample);
  return `${JSON.stringify({ sample_id: sample, sample_key: found?.key, model, repeat: 0, kind: 'grade', value })}\n`;
}

test('adds labels as the score human beside the others, and sends nothing', async () => {
  const requests = endpoint.requests.length;
  folder.write({ 'labels.jsonl': label('a', 'one', 0.5) + label('a', 'one', 1) + label('b', 'two', 0.25) });
  const { code, stderr } = await folder.run(['score', 'out', '--labels', 'labels.jsonl', '--as', 'people']);
  const rows = readRows(folder, 'out');
  const cell = (sample: string, model: string) =>
    rows.find((row) => row['sample_id'] === sample && row['model'] === model);

  expect(code).toBe(0);
  expect(stderr).toContain('people: 2 of 4 cells have labels');
  // The mean of two labels; the score stays that of the scorer.
  expect(cell('a', 'one')).toMatchObject({
    'score@people': '1',
    'score.human@people': '0.75',
    'score.exact@people': '1',
  });
  expect(cell('a', 'two')).toMatchObject({ 'score@people': '0', 'score.human@people': '' });
  // Nothing else judges this sample.
  expect(cell('b', 'two')).toMatchObject({ 'score@people': '0.25', 'score.human@people': '0.25' });
  expect(endpoint.requests.length).toBe(requests);
});

test('names every line that is no label, and writes nothing', async () => {
  const journal = folder.read('out/journal.jsonl');
  folder.write({
    'bad.jsonl': `${label('a', 'one', 1)}{"sample_key":"x","model":"one","value":2}\nnot json\n{"model":"one","value":1}\n`,
  });
  const { code, stderr } = await folder.run(['score', 'out', '--labels', 'bad.jsonl']);

  expect(code).toBe(2);
  expect(stderr).toContain('bad.jsonl:2 "value" must be a number from 0 to 1, and is "2"');
  expect(stderr).toContain('bad.jsonl:3 is not JSON');
  expect(stderr).toContain('bad.jsonl:4 has no "sample_key"');
  expect(folder.read('out/journal.jsonl')).toBe(journal);
});

test.each([
  [['--labels', 'nothing.jsonl'], 'nothing.jsonl cannot be read'],
  [['--labels', 'labels.jsonl', '--scorer', 'exact'], '--labels cannot be used with'],
])('rejects %j', async (options, message) => {
  const { code, stderr } = await folder.run(['score', 'out', ...options]);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
