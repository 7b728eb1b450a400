import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { readRows } from '../helpers/tables.ts';

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  folder = workspace({
    'manifest.csv': 'id,prompt,target\na,one,one\nb,two,two\n',
    'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}}\n`,
  });
  await folder.run(['run', '--out', 'out']);
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

/** Changes the first result of the journal, and gives the line a checksum that holds. */
function forge(change: (line: string) => string): void {
  const lines = folder.read('out/journal.jsonl').split('\n');
  const at = lines.findIndex((line) => line.includes('"type":"result"'));
  const body = change(lines[at] ?? '').slice('{"crc":"xxxxxxxx",'.length);
  const sum = crc32(body).toString(16).padStart(8, '0');
  lines[at] = `{"crc":"${sum}",${body}`;
  folder.write({ 'out/journal.jsonl': lines.join('\n') });
}

describe.each([
  ['a latency that is a formula', (line: string) => line.replace(/"latencyMs":[\d.]+/, '"latencyMs":"=cmd|calc"')],
  ['a negative cost', (line: string) => line.replace('"costUsd":null', '"costUsd":-1000')],
  ['a date that is a formula', (line: string) => line.replace(/"startedAt":"[^"]*"/, '"startedAt":"=1+1"')],
  ['a row far beyond the run', (line: string) => line.replace(/"cell":\d+/, '"cell":140737488355328')],
  ['the row after the last', (line: string) => line.replace(/"cell":\d+/, '"cell":2')],
])('a result with a checksum that holds and %s', (_, change) => {
  test('is reported as damaged, and is in no table', async () => {
    forge(change);

    const { code, stderr } = await folder.run(['report', 'out']);

    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: journal\.jsonl:\d+ is damaged and is ignored/);
    expect(readRows(folder, 'out')).toHaveLength(1);
    expect(folder.read('out/results.csv')).not.toMatch(/=cmd|=1\+1|-1000/);
  });

  test('is asked for again by a resumed run', async () => {
    forge(change);
    const before = endpoint.requests.length;

    const { code } = await folder.run(['run', '--resume', 'out']);

    expect([code, endpoint.requests.length - before]).toEqual([0, 1]);
    expect(readRows(folder, 'out').map((row) => row['sample_id'])).toEqual(['a', 'b']);
  });
});

test('a replay reports the damaged lines of the replayed run', async () => {
  forge((line) => line.replace(/"latencyMs":[\d.]+/, '"latencyMs":"=1"'));

  const { stderr } = await folder.run(['run', '--replay', 'out', '--out', 'again']);

  expect(stderr).toMatch(/warning: journal\.jsonl:\d+ is damaged and is ignored/);
  expect(folder.read('again/results.csv')).not.toContain('=1');
});
