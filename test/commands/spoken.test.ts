import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { soundFile } from '../../src/journal/sounds.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { wavBytes } from '../helpers/media.ts';
import { readRows } from '../helpers/tables.ts';

const clip = wavBytes({ seconds: 0.1, seed: 4 });
const data = clip.toString('base64');
const sha256 = createHash('sha256').update(clip).digest('hex');
const KEPT = { sha256, mediaType: 'audio/wav', byteLength: clip.length, seconds: 0.1 };
const FILE = soundFile(KEPT);

const config = (url: string, more = '') => `
dataset: manifest.jsonl
models:
  - id: m
    provider: openai
    endpoint: ${url}/v1
    model: m
    auth: {type: none}
    price: {promptPerMillion: 1, completionPerMillion: 10, audioCompletionPerMillion: 200}
    ${more}
scorers: [exact]
reporters: [csv]
`;

const usage = {
  prompt_tokens: 20,
  completion_tokens: 30,
  total_tokens: 50,
  completion_tokens_details: { audio_tokens: 25, text_tokens: 5 },
};
const message = { role: 'assistant', content: null, audio: { id: 'a', data, transcript: 'Hello.', expires_at: 1 } };
const spoken = { json: { usage, choices: [{ index: 0, finish_reason: 'stop', message }] } };

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint(() => spoken);
  folder = workspace({
    'earsight.config.yaml': config(endpoint.url),
    'manifest.jsonl':
      '{"id":"a","prompt":"Say hello.","target":"hello"}\n{"id":"b","prompt":"Again.","target":"hello"}\n',
  });
});
afterEach(async () => {
  folder[Symbol.dispose]();
  await endpoint.close();
});

const sounds = (run: string) => folder.list(run).filter((name) => name.startsWith('media'));

/** The completed results in a journal. */
function results(run: string): readonly Record<string, unknown>[] {
  const entries = folder
    .read(`${run}/journal.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return entries.filter(({ type }) => type === 'result').map((entry) => entry.data);
}

test('a spoken answer is its transcript at the price of sound, and its sound is a file in the run', async () => {
  await folder.run(['run', '--out', 'out', '--yes']);

  expect(readRows(folder, 'out')).toMatchObject([
    { answer: 'Hello.', score: '1', completion_tokens: '30', cost_usd: '0.00507', spoken_seconds: '0.1' },
    { answer: 'Hello.', score: '1' },
  ]);
  expect(sounds('out')).toEqual([`media/${sha256}.wav`]);
  expect(readFileSync(join(folder.directory, 'out', FILE))).toEqual(clip);
  expect(results('out').map(({ sound }) => sound)).toEqual([KEPT, KEPT]);
  for (const name of folder.list('out').filter((file) => file !== FILE))
    expect(folder.read(`out/${name}`)).not.toContain(data.slice(0, 40));
});

test('an answer whose spoken tokens are not reported has no price, never that of text', async () => {
  endpoint.script({ json: { ...spoken.json, usage: { prompt_tokens: 20, completion_tokens: 30, total_tokens: 50 } } });

  await folder.run(['run', '--out', 'out', '--yes']);

  expect(readRows(folder, 'out')[0]).toMatchObject({ answer: 'Hello.', completion_tokens: '30', cost_usd: '' });
});

test('a sound that the disk does not take is named in a warning, and its transcript is the answer', async () => {
  await folder.run(['run', '--out', 'out', '--yes', '--limit', '1']);
  rmSync(join(folder.directory, 'out'), { recursive: true });
  folder.write({ 'out/media': 'a file where the folder of sounds should be' });

  const { stderr, code } = await folder.run(['run', '--out', 'out', '--yes']);

  expect(readRows(folder, 'out').map(({ answer }) => answer)).toEqual(['Hello.', 'Hello.']);
  expect(
    stderr.match(/warning: the sound of an answer could not be kept \(.+\) · its transcript is in the journal/g),
  ).toHaveLength(1);
  expect(results('out').map(({ sound }) => sound)).toEqual([
    { ...KEPT, isLost: true },
    { ...KEPT, isLost: true },
  ]);
  expect(code).toBe(0);
});

test('a sound that is no base64 is named in a warning once a model', async () => {
  const audio = { ...message.audio, data: 'not base64!' };
  endpoint.script({
    json: { ...spoken.json, choices: [{ index: 0, finish_reason: 'stop', message: { ...message, audio } }] },
  });

  const { stderr } = await folder.run(['run', '--out', 'out', '--yes']);

  expect(stderr.match(/m: the sound of an answer is not kept: it is not base64/g)).toHaveLength(1);
  expect(sounds('out')).toEqual([]);
  expect(readRows(folder, 'out').map(({ score }) => score)).toEqual(['1', '1']);
});

test('a replay asks for nothing and has the sounds', async () => {
  await folder.run(['run', '--out', 'out', '--yes']);

  await folder.run(['run', '--replay', 'out', '--out', 'again', '--yes']);

  expect(endpoint.requests).toHaveLength(2);
  expect(sounds('again')).toEqual([FILE]);
  expect(readRows(folder, 'again').map(({ answer, cost_usd }) => [answer, cost_usd])).toEqual([
    ['Hello.', '0.00507'],
    ['Hello.', '0.00507'],
  ]);
});

test('a replay of a run without its sounds says so', async () => {
  await folder.run(['run', '--out', 'out', '--yes']);
  rmSync(join(folder.directory, 'out/media'), { recursive: true });

  const { stderr, code } = await folder.run(['run', '--replay', 'out', '--out', 'again', '--yes']);

  expect(stderr).toContain('warning: the sound of an answer could not be kept');
  expect([code, results('again')[0]?.['sound']]).toEqual([0, { ...KEPT, isLost: true }]);
});

test.each([[[]], [['--max-cost', '5']]])(
  'a cached answer asks for nothing and has its sound, with %j',
  async (more) => {
    await folder.run(['run', '--out', 'out', '--yes', '--cache']);
    rmSync(join(folder.directory, 'out'), { recursive: true });

    await folder.run(['run', '--out', 'again', '--yes', '--cache', ...more]);

    expect(endpoint.requests).toHaveLength(2);
    expect(sounds('again')).toEqual([FILE]);
    expect(readRows(folder, 'again').map(({ answer, score }) => [answer, score])).toEqual([
      ['Hello.', '1'],
      ['Hello.', '1'],
    ]);
  },
);

test('a resumed conversation keeps the sound of an earlier turn, and sends its transcript', async () => {
  const turns = [
    { prompt: 'One?', target: 'hello' },
    { prompt: 'Two?', target: 'hello' },
  ];
  folder.write({
    'manifest.jsonl': `${JSON.stringify({ id: 'a', turns })}\n`,
    'earsight.config.yaml': config(endpoint.url, 'limits: {retries: 0}'),
  });
  endpoint.script([spoken, { status: 500 }]);
  await folder.run(['run', '--out', 'out', '--yes']);
  endpoint.script(spoken);

  await folder.run(['run', '--resume', 'out', '--yes']);

  expect(endpoint.requests).toHaveLength(3);
  expect(endpoint.requests[2]?.json).toMatchObject({ messages: [{}, { role: 'assistant', content: 'Hello.' }, {}] });
  expect(results('out').at(-1)).toMatchObject({
    answer: 'Hello.',
    earlierAnswers: ['Hello.'],
    sound: KEPT,
    earlierSounds: [KEPT],
  });
});

test('sound without a header has the type of the format that was requested', async () => {
  const raw = Buffer.alloc(64, 7);
  const extra = 'extraBody: {modalities: [text, audio], audio: {voice: alloy, format: pcm16}}';
  folder.write({ 'earsight.config.yaml': config(endpoint.url, extra) });
  const audio = { transcript: 'Hello.', data: raw.toString('base64') };
  endpoint.script({
    json: { ...spoken.json, choices: [{ index: 0, finish_reason: 'stop', message: { content: null, audio } }] },
  });

  await folder.run(['run', '--out', 'out', '--yes', '--limit', '1']);

  expect(results('out')[0]?.['sound']).toMatchObject({ mediaType: 'audio/pcm', byteLength: 64 });
  expect(sounds('out')[0]).toMatch(/^media\/[0-9a-f]{64}\.pcm$/);
});

test('a hash in a foreign journal is never a path', async () => {
  await folder.run(['run', '--out', 'out', '--yes', '--limit', '1']);
  folder.write({ 'secret.wav': 'x' });
  const journal = folder.read('out/journal.jsonl').split('\n');
  const at = journal.findIndex((line) => line.includes('"type":"result"'));
  const { encodeLine } = await import('../../src/journal/journal-line.ts');
  const { seq, cell, data: result } = JSON.parse(journal[at] ?? '');
  const hostile = { ...result, sound: { ...KEPT, sha256: '../../secret', byteLength: 1 } };
  journal[at] = encodeLine(seq, { type: 'result', cell, data: hostile }).trimEnd();
  writeFileSync(join(folder.directory, 'out/journal.jsonl'), journal.join('\n'));

  const { stderr } = await folder.run(['run', '--replay', 'out', '--out', 'again', '--yes', '--limit', '1']);

  expect(stderr).toContain('the hash of a sound is not 64 hex digits');
  expect(sounds('again')).toEqual([]);
});

test('a voice asks for a spoken answer', async () => {
  writeFileSync(join(folder.directory, 'earsight.config.yaml'), config(endpoint.url, 'params: {voice: alloy}'));

  await folder.run(['run', '--out', 'out', '--yes']);

  expect(endpoint.requests[0]?.json).toMatchObject({
    modalities: ['text', 'audio'],
    audio: { voice: 'alloy', format: 'wav' },
  });
});

test('a streamed answer in a voice is raw sound of known length', async () => {
  const raw = Buffer.alloc(4800, 1);
  const delta = { audio: { data: raw.toString('base64'), transcript: 'Hello.' } };
  const events = [{ choices: [{ index: 0, delta }] }, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }];
  endpoint.script({
    headers: { 'content-type': 'text/event-stream' },
    chunks: events.map((event) => `data: ${JSON.stringify(event)}\n\n`),
  });
  writeFileSync(
    join(folder.directory, 'earsight.config.yaml'),
    config(endpoint.url, 'stream: true\n    params: {voice: alloy}'),
  );

  await folder.run(['run', '--out', 'out', '--yes']);

  expect(endpoint.requests[0]?.json).toMatchObject({ audio: { voice: 'alloy', format: 'pcm16' } });
  expect(readRows(folder, 'out')[0]).toMatchObject({ answer: 'Hello.', spoken_seconds: '0.1' });
});

test('an estimate prices the sound of the answer apart, says what it assumes, and learns from earlier runs', async () => {
  folder.write({ 'earsight.config.yaml': config(endpoint.url, 'params: {voice: alloy, maxTokens: 100}') });

  const { stdout } = await folder.run(['estimate', '--json']);
  const table = await folder.run(['estimate']);

  const [model] = JSON.parse(stdout).models;
  expect(model).toMatchObject({
    tokens: { completion: { expected: 200, high: 200 } },
    spoken: { expected: 170, high: 200, rules: ['unknown'], confidence: 'guess' },
  });
  // 30 tokens of text at 10 and 170 of sound at 200 USD a million.
  expect(model.costByPartUsd.completion).toBeCloseTo(0.0343, 10);
  expect(table.stdout).toContain(
    'm: spoken answers: 170 of the completion tokens are sound, by 20 tokens of sound and 3.5 tokens of text a second',
  );

  await folder.run(['run', '--out', 'results/one', '--yes']);
  const again = JSON.parse((await folder.run(['estimate', '--json'])).stdout).models[0];
  expect(again).toMatchObject({
    spoken: { expected: 50, rules: ['earlier runs'] },
    tokens: { completion: { expected: 60 } },
  });
  expect(again.costByPartUsd.completion).toBeCloseTo(2 * (5 * 10 + 25 * 200) * 1e-6, 10);
});

test('without a rate for sound, a spoken answer is unpriced and no budget is accepted', async () => {
  const text = config(endpoint.url, 'params: {voice: alloy}').replace(', audioCompletionPerMillion: 200', '');
  folder.write({ 'earsight.config.yaml': text });

  const { stdout } = await folder.run(['estimate', '--json']);
  const refused = await folder.run(['run', '--max-cost', '1', '--yes']);

  expect(JSON.parse(stdout).models[0]).toMatchObject({ costUsd: 'unpriced', unpricedParts: ['audioCompletion'] });
  expect([refused.code, endpoint.requests.length]).toEqual([2, 0]);
  expect(refused.stderr).toContain(
    'cannot limit "m": no price is known for m · set the price of prompt and completion tokens, and audioCompletionPerMillion, in',
  );
});
