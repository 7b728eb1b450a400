import { expect, test } from 'vitest';
import { readAll, readFolder } from '../folder.ts';
import { openFixture } from './fixtures.ts';

test('reads chat completions and responses with their parameters', async () => {
  const { samples } = await readAll(openFixture('openai-batch.jsonl'));

  expect(samples.map(({ id, params, metadata }) => [id, params, metadata['model']])).toEqual([
    ['total-1', { maxTokens: 20, temperature: 0 }, 'gpt-4o-mini'],
    [
      'clip-1',
      { responseFormat: { type: 'json_schema', name: 'said', strict: true, schema: { type: 'object' } } },
      'gpt-4o-audio-preview',
    ],
    ['plain-1', { maxTokens: 30 }, 'gpt-5-mini'],
    ['parts-1', undefined, 'gpt-5-mini'],
  ]);
  expect(samples[0]?.messages).toMatchObject([
    { role: 'system', content: [{ text: 'Answer with a number.' }] },
    { role: 'user', content: [{ text: 'How many bars are there?' }, { type: 'image', detail: 'low' }] },
  ]);
  expect(samples[1]?.messages[0]?.content[0]).toMatchObject({ type: 'audio', media: { mediaType: 'audio/wav' } });
  expect(samples[2]?.messages).toMatchObject([{ role: 'system' }, { role: 'user' }]);
  expect(samples[3]?.messages[0]?.content[1]).toMatchObject({ media: { uri: 'chart.png' } });
});

test('lists the model and the parameters that are not sent', async () => {
  const { notes } = await readAll(openFixture('openai-batch.jsonl'));

  expect(notes).toEqual([
    'openai-batch.jsonl:1 requests name a model (4 times) · models are those of the configuration; the name is in meta.model',
    'openai-batch.jsonl:1 parameter "tools" has no counterpart and is not sent',
  ]);
});

test.each([
  [
    { custom_id: 'b', url: '/v1/embeddings', body: { model: 'm', encoding_format: 'float' } },
    'asks no question ("/v1/embeddings")',
  ],
  [{ custom_id: 'b' }, 'has no "body"'],
  [{ custom_id: 'b', body: { messages: [{ role: 'tool', content: 'x' }] } }, 'the unknown role "tool"'],
  [{ custom_id: 'b', body: { messages: [{ role: 'user', content: 'x' }], temperature: 3 } }, 'params.temperature is 3'],
  [{ custom_id: 'a', body: { messages: [{ role: 'user', content: 'x' }] } }, 'duplicate id "a"'],
  [
    { custom_id: 'b', body: { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'f' }] }] } },
    'input_file',
  ],
])('names what it cannot take over from %j', async (request, message) => {
  const first = '{"custom_id": "a", "body": {"messages": [{"role": "user", "content": "x"}]}}\n';

  const { samples, problems } = await readFolder({ 'm.jsonl': `${first}${JSON.stringify(request)}\n` }, 'm.jsonl');

  expect(samples).toHaveLength(1);
  expect(problems).toEqual([expect.stringContaining(message)]);
  expect(problems[0]).toContain('m.jsonl:2 ');
});
