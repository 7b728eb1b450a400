/** Runs against transcription endpoints, from the configuration to the tables. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type CapturedRequest, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { wavBytes } from '../helpers/media.ts';
import { readRows } from '../helpers/tables.ts';

const config = (url: string, more = '') => `
dataset: manifest.jsonl
models:
  - id: speech
    provider: transcription
    endpoint: ${url}/v1
    model: my-whisper
    auth: {type: none}
    price: {perAudioMinute: 0.006}
    ${more}
scorers: [exact]
reporters: [csv]
`;

const MANIFEST = [
  { id: 'a', prompt: 'Transcribe.', audio: 'a.wav', target: 'hello' },
  { id: 'b', prompt: 'Transcribe.', audio: 'b.wav', target: 'hello' },
  { id: 'c', prompt: 'What is the capital of France?', target: 'Paris' },
];

/** Bills as vendors do: by the samples of the uploaded WAV, 16,000 a second and two bytes each. */
async function secondsOf({ bytes, headers }: CapturedRequest): Promise<number> {
  const form = await new Response(new Uint8Array(bytes), {
    headers: { 'content-type': headers['content-type'] ?? '' },
  }).formData();
  const file = form.get('file');
  return file instanceof File ? (file.size - 44) / 32_000 : 0;
}

let billedSeconds: number;
let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  billedSeconds = 0;
  endpoint = await startEndpoint(async (request) => {
    const seconds = await secondsOf(request);
    billedSeconds += seconds;
    return { json: { text: 'hello', usage: { type: 'duration', seconds } } };
  });
  folder = workspace({
    'earsight.config.yaml': config(endpoint.url),
    'manifest.jsonl': MANIFEST.map((row) => `${JSON.stringify(row)}\n`).join(''),
    'a.wav': wavBytes({ seconds: 1.5, seed: 1 }),
    'b.wav': wavBytes({ seconds: 0.25, seed: 2 }),
  });
});
afterEach(async () => {
  folder[Symbol.dispose]();
  await endpoint.close();
});

const write = (name: string, content: string | Buffer) => writeFileSync(join(folder.directory, name), content);

const summary = (run: string) =>
  new Map(
    folder
      .read(`${run}/summary.csv`)
      .split('\n')
      .map((line) => line.split(','))
      .map(([, slice, metric, n, value]) => [`${slice} ${metric}`, [Number(n), Number(value)]]),
  );

test('the estimate of minutes is what the endpoint bills, and what the run costs', async () => {
  const { stdout } = await folder.run(['estimate', '--json']);
  await folder.run(['run', '--out', 'out', '--yes']);

  const [model] = JSON.parse(stdout).models;
  expect(billedSeconds).toBe(1.75);
  expect(model.costUsd).toEqual({ low: 0.000175, expected: 0.000175, high: 0.000175 });
  expect(readRows(folder, 'out')).toMatchObject([
    {
      answer: 'hello',
      score: '1',
      audio_seconds: '1.5',
      cost_usd: '0.00015',
      prompt_tokens: '',
      finish_reason: 'unknown',
    },
    { answer: 'hello', score: '1', audio_seconds: '0.25', cost_usd: '0.000025' },
    { status: 'skipped', failure_kind: 'unsupported', audio_seconds: '', rtfx: '', cost_usd: '' },
  ]);
  expect(summary('out').get('all cost_usd_total')).toEqual([2, 0.000175]);
  expect(summary('out').get('all audio_seconds_total')).toEqual([2, 1.75]);
});

test('each answer and each model have their real-time factor', async () => {
  const { stdout } = await folder.run(['run', '--out', 'out', '--yes']);

  const rows = readRows(folder, 'out').map(({ rtfx }) => Number(rtfx) > 0);
  expect([...rows, summary('out').get('all rtfx')?.[0]]).toEqual([true, true, false, 2]);
  expect(stdout).toMatch(/p95 +rtfx/);
});

test('an endpoint that reports nothing is billed by the length of the clip', async () => {
  endpoint.script({ json: { text: 'hello' } });

  await folder.run(['run', '--out', 'out', '--yes', '--max-cost', '1']);

  expect(readRows(folder, 'out')).toMatchObject([
    { audio_seconds: '1.5', cost_usd: '0.00015' },
    { audio_seconds: '0.25', cost_usd: '0.000025' },
    {},
  ]);
});

test('a clip that is too long for the model is said before sending, with its line, and the others are sent', async () => {
  write('b.wav', wavBytes({ seconds: 121, seed: 3 }));
  write('earsight.config.yaml', config(endpoint.url, 'dialect: local').replace('my-whisper', 'asr-open'));

  const { stderr } = await folder.run(['run', '--out', 'out', '--yes']);

  expect(stderr).toContain(
    'manifest.jsonl:2 speech skips 2 of 3 samples, the first on this line: a clip of 121 s; the model takes 120 s',
  );
  expect(readRows(folder, 'out').map(({ status, failure_kind }) => [status, failure_kind])).toEqual([
    ['completed', ''],
    ['skipped', 'unsupported'],
    ['skipped', 'unsupported'],
  ]);
  expect(endpoint.requests).toHaveLength(1);
});

test('a replay prices the same sound anew and sends nothing', async () => {
  await folder.run(['run', '--out', 'out', '--yes']);
  write('earsight.config.yaml', config(endpoint.url).replace('0.006', '0.06'));

  await folder.run(['run', '--replay', 'out', '--out', 'again']);

  expect(readRows(folder, 'again')[0]).toMatchObject({ cost_usd: '0.0015', audio_seconds: '1.5' });
  expect(endpoint.requests).toHaveLength(2);
});

test('two rates for the same part are rejected with their line', async () => {
  write(
    'earsight.config.yaml',
    config(endpoint.url).replace('perAudioMinute: 0.006', 'perAudioMinute: 0.006, audioPromptPerMillion: 6'),
  );

  const { code, stderr } = await folder.run(['validate']);

  expect([code, endpoint.requests.length]).toEqual([2, 0]);
  expect(stderr).toMatch(/earsight\.config\.yaml:9:.*has perAudioMinute and audioPromptPerMillion/);
});
