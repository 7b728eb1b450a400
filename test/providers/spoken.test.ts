import { describe, expect, test } from 'vitest';
import { MAX_SOUND_BYTES, MAX_SOUND_CHARACTERS, soundOf } from '../../src/providers/spoken.ts';
import type { Completion, ModelConfig } from '../../src/types.ts';
import { ask, failureOf, testModel } from '../helpers/ask.ts';
import { type Reply, startEndpoint } from '../helpers/endpoint.ts';
import { wavBytes } from '../helpers/media.ts';

const clip = wavBytes({ seconds: 0.1, seed: 3 });
const data = clip.toString('base64');
const extraBody = { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } };
const SSE = { 'content-type': 'text/event-stream' };

async function answer(reply: Reply, more: Partial<ModelConfig> = {}): Promise<Completion> {
  await using endpoint = await startEndpoint(reply);
  return await ask(testModel('openai', { endpoint: `${endpoint.url}/v1`, extraBody, ...more }));
}

const spoken = (message: unknown, more: object = {}) => ({
  json: { choices: [{ index: 0, finish_reason: 'stop', message }], ...more },
});
const streamed = (...deltas: readonly unknown[]) => ({
  headers: SSE,
  body: [
    ...deltas.map((delta) => ({ choices: [{ index: 0, delta }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  ]
    .map((event) => `data: ${JSON.stringify(event)}\n\n`)
    .join(''),
});

describe('a spoken answer', () => {
  test.each([{ content: null }, { content: '' }, {}])('has its transcript as its text beside %j', async (message) => {
    const reply = spoken({ ...message, audio: { id: 'a', data, transcript: 'Hello.', expires_at: 1 } });

    expect(await answer(reply)).toMatchObject({ text: 'Hello.', sound: { bytes: clip, format: 'wav' } });
  });

  test.each([
    ['pieces that are padded', [clip.subarray(0, 100), clip.subarray(100)].map((piece) => piece.toString('base64'))],
    ['pieces of one text', [data.slice(0, 101), data.slice(101)]],
  ])('is joined from %s of a stream', async (_name, [one, two]) => {
    const reply = streamed(
      { role: 'assistant', content: null, audio: { id: 'a', transcript: 'Hel' } },
      { audio: { data: one } },
      { audio: { transcript: 'lo.', data: two } },
    );

    expect(await answer(reply, { stream: true })).toMatchObject({
      text: 'Hello.',
      sound: { bytes: clip, format: 'wav' },
    });
  });

  test('without a sound is a transcript', async () => {
    const completion = await answer(spoken({ content: null, audio: { id: 'a', transcript: 'Hello.' } }));

    expect(completion.text).toBe('Hello.');
    expect(completion).not.toHaveProperty('sound');
  });

  test('without a transcript is no answer that can be read', async () => {
    const failure = await failureOf(
      answer(spoken({ content: null, audio: { data } }, { usage: { completion_tokens: 9 } })),
    );

    expect([failure.kind, failure.message]).toEqual(['invalid_response', 'the reply has no content']);
    expect(failure.details.usage?.completionTokens).toBe(9);
  });

  test.each([
    [{ completion_tokens: 30, completion_tokens_details: { audio_tokens: 25 } }, 25],
    [{ completion_tokens: 30, completion_tokens_details: { audio_tokens: 0 } }, null],
    [{ completion_tokens: 30 }, null],
  ])('has the spoken tokens that %j reports, and never 0', async (usage, expected) => {
    const completion = await answer(spoken({ content: null, audio: { data, transcript: 'Hello.' } }, { usage }));

    expect(completion.usage).toHaveProperty('audioCompletionTokens', expected);
  });
});

test.each([
  ['it is not base64', '%%%'],
  [`it is larger than ${MAX_SOUND_BYTES / 2 ** 20} MiB`, 'A'.repeat(MAX_SOUND_CHARACTERS + 4)],
])('a sound is not taken when %s', (problem, wire) => {
  expect(soundOf({ data: wire }, null)).toEqual({ problem });
});

test('the largest sound is taken', () => {
  expect(soundOf({ data: 'A'.repeat(MAX_SOUND_CHARACTERS) }, null)).toMatchObject({
    bytes: { length: MAX_SOUND_BYTES },
  });
});
