import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeLine, type JournalEntry } from '../../src/journal/journal-line.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { readRows } from '../helpers/tables.ts';

const TEXT = '<think>It might be Yes... no.</think>\n\nNo';
const THINKING = 'It might be Yes... no.';

const config = (url: string, thinking: string) => `
dataset: manifest.jsonl
models:
  - {id: m, provider: openai, endpoint: "${url}/v1", model: m, auth: {type: none}${thinking}}
scorers: [includes]
reporters: [csv]
`;

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint(() => ({ json: chatCompletion(TEXT) }));
  folder = workspace({ 'manifest.jsonl': '{"id":"a","prompt":"Is the lamp on?","target":"Yes"}\n' });
  setThinking('');
});
afterEach(async () => {
  folder[Symbol.dispose]();
  await endpoint.close();
});

function setThinking(setting: '' | 'apart' | 'inAnswer') {
  folder.write({ 'earsight.config.yaml': config(endpoint.url, setting === '' ? '' : `, thinking: ${setting}`) });
}

const ended = (content: string, finish_reason: string) => ({
  json: { choices: [{ index: 0, finish_reason, message: { content } }] },
});

type Entry = JournalEntry & { readonly seq: number };

function entries(run: string): readonly Entry[] {
  return folder
    .read(`${run}/journal.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const results = (run: string) => entries(run).flatMap((entry) => (entry.type === 'result' ? [entry.data] : []));
const shown = (run: string) => readRows(folder, run).map(({ answer, score }) => [answer, score]);

/** Rewrites a run as versions without the setting wrote it: thinking in the answer, and scored with it. */
function makeOld(run: string) {
  const lines = entries(run).map((entry) => {
    if (entry.type !== 'result' || entry.data.status !== 'completed') return encodeLine(entry.seq, entry);
    const { thinking: _, asSent: _sent, ...data } = entry.data;
    const scores = data.scores.map((score) => ({ ...score, value: 1, raw: 1 }));
    return encodeLine(entry.seq, { ...entry, data: { ...data, answer: TEXT, score: 1, scores } });
  });
  writeFileSync(join(folder.directory, run, 'journal.jsonl'), lines.join(''));
}

describe('thinking', () => {
  test.each([
    ['between tags', { content: TEXT }],
    ['in a member of its own', { content: 'No', reasoning_content: THINKING }],
  ])('%s is not in the answer that is scored, and is in the journal', async (_name, message) => {
    endpoint.script({ json: { choices: [{ index: 0, finish_reason: 'stop', message }] } });

    await folder.run(['run', '--out', 'out', '--yes']);

    expect(shown('out')).toEqual([['No', '0']]);
    expect(results('out')).toMatchObject([{ answer: 'No', thinking: THINKING }]);
    expect(folder.read('out/results.csv')).not.toContain(THINKING);
  });

  test('is part of the answer with inAnswer, in the same request', async () => {
    await folder.run(['run', '--out', 'apart', '--yes']);
    setThinking('inAnswer');
    await folder.run(['run', '--out', 'out', '--yes']);

    expect(shown('out')).toEqual([[TEXT, '1']]);
    expect(results('out')[0]).not.toHaveProperty('thinking');
    expect(results('out')[0]?.requestHash).toBe(results('apart')[0]?.requestHash);
    expect(endpoint.requests[1]?.body).toBe(endpoint.requests[0]?.body);
    await folder.run(['report', 'out']);
    expect(shown('out')).toEqual([[TEXT, '1']]);
  });

  test('from a member of its own is in the answer with inAnswer, too', async () => {
    const message = { content: 'No', reasoning_content: THINKING };
    endpoint.script({ json: { choices: [{ index: 0, finish_reason: 'stop', message }] } });
    setThinking('inAnswer');

    await folder.run(['run', '--out', 'out', '--yes']);

    expect(shown('out')).toEqual([[`<think>\n${THINKING}\n</think>\n\nNo`, '1']]);
  });

  test('is put back by a replay, and taken out again, without a request', async () => {
    await folder.run(['run', '--out', 'apart', '--yes']);
    setThinking('inAnswer');
    await folder.run(['run', '--replay', 'apart', '--out', 'within', '--yes']);
    setThinking('apart');
    await folder.run(['run', '--replay', 'within', '--out', 'again', '--yes']);

    expect(endpoint.requests).toHaveLength(1);
    expect(shown('within')).toEqual([[TEXT, '1']]);
    expect(shown('again')).toEqual([['No', '0']]);
    expect(results('again')).toMatchObject([{ thinking: THINKING }]);
  });

  test('is split in answers from the cache', async () => {
    setThinking('inAnswer');
    await folder.run(['run', '--out', 'within', '--yes', '--cache']);
    setThinking('apart');
    await folder.run(['run', '--out', 'out', '--yes', '--cache']);

    expect(endpoint.requests).toHaveLength(1);
    expect(results('out')).toMatchObject([{ answer: 'No', thinking: THINKING, score: 0 }]);
  });

  test('is not sent back in a conversation', async () => {
    const turns = [
      { prompt: 'Is it on?', target: 'Yes' },
      { prompt: 'Sure?', target: 'Yes' },
    ];
    folder.write({ 'manifest.jsonl': `${JSON.stringify({ id: 'a', turns })}\n` });

    await folder.run(['run', '--out', 'out', '--yes']);

    expect(endpoint.requests[1]?.json).toMatchObject({ messages: [{}, { role: 'assistant', content: 'No' }, {}] });
    expect(results('out')).toMatchObject([{ earlierAnswers: ['No'], earlierThinking: [THINKING], thinking: THINKING }]);
  });

  test('that ran out of tokens is a truncated answer without a text', async () => {
    endpoint.script(ended('<think>It might', 'model_length'));

    await folder.run(['run', '--out', 'out', '--yes']);

    expect(readRows(folder, 'out')).toMatchObject([
      { answer: '', outcome: 'truncated', finish_reason: 'length', score: '' },
    ]);
  });

  test('changed by the configuration is a changed run', async () => {
    await folder.run(['run', '--out', 'out', '--yes']);
    setThinking('inAnswer');

    const { code, stderr } = await folder.run(['run', '--resume', 'out', '--yes']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('model "m": thinking was not set, is "inAnswer"')]);
    await folder.run(['run', '--resume', 'out', '--resume-changed', '--yes']);

    expect(endpoint.requests).toHaveLength(1);
    expect(shown('out')).toEqual([[TEXT, '1']]);
  });
});

describe('a run of a version that scored thinking', () => {
  beforeEach(async () => {
    await folder.run(['run', '--out', 'out', '--yes']);
    makeOld('out');
  });

  test('is reported with its thinking apart and its stored scores', async () => {
    await folder.run(['report', 'out']);

    expect(shown('out')).toEqual([['No', '1']]);
  });

  test('is scored again when it is resumed, once, without a request', async () => {
    await folder.run(['run', '--resume', 'out', '--yes']);
    const lines = results('out').length;
    await folder.run(['run', '--resume', 'out', '--yes']);

    expect(shown('out')).toEqual([['No', '0']]);
    expect(results('out')).toHaveLength(lines);
    expect(endpoint.requests).toHaveLength(1);
    await folder.run(['report', 'out']);
    expect(shown('out')).toEqual([['No', '0']]);
  });

  test('is scored again when it is replayed', async () => {
    await folder.run(['run', '--replay', 'out', '--out', 'again', '--yes']);

    expect(shown('again')).toEqual([['No', '0']]);
    expect(endpoint.requests).toHaveLength(1);
  });
});

test('a usage whose parts are not its total is named once a model, and the larger figure counts', async () => {
  folder.write({
    'manifest.jsonl': '{"id":"a","prompt":"x"}\n{"id":"b","prompt":"y"}\n',
    'earsight.config.yaml': config(endpoint.url, ', price: {promptPerMillion: 1, completionPerMillion: 10}'),
  });
  const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1500 };
  endpoint.script({ json: chatCompletion('ok', { usage }) });

  const { stderr } = await folder.run(['run', '--out', 'out', '--yes']);

  expect(stderr.match(/warning: m: the endpoint reports 1500 tokens in total, but its parts are 1100/g)).toHaveLength(
    1,
  );
  expect(readRows(folder, 'out')[0]).toMatchObject({
    completion_tokens: '500',
    total_tokens: '1500',
    cost_usd: '0.006',
  });
});

test('a word that is not ours is shown in results.csv as it came, and is no formula', async () => {
  endpoint.script(ended('No', '=cmd()'));

  await folder.run(['run', '--out', 'out', '--yes']);

  expect(readRows(folder, 'out')[0]).toMatchObject({ finish_reason: "'=cmd()", answer: 'No', outcome: 'answered' });
});
