import { expect, test } from 'vitest';
import { completionBody, completionEvents, errorBody } from '../../src/local/completion-body.ts';
import { RequestError } from '../../src/local/request-error.ts';

const head = {
  id: 'chatcmpl-1',
  model: 'ocr-ppv4',
  created: 1_700_000_000,
  fingerprint: 'PP-OCRv4',
  medium: 'image',
} as const;
const said = {
  content: 'NO ENTRY',
  refusal: null,
  finishReason: 'stop',
  textTokens: 6,
  mediaTokens: 2,
  completionTokens: 3,
} as const;
const declined = { ...said, content: null, refusal: 'ocr-ppv4 reads image files.' };

const usage = {
  prompt_tokens: 8,
  completion_tokens: 3,
  total_tokens: 11,
  prompt_tokens_details: { text_tokens: 6, image_tokens: 2, cached_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
};

test('an answer is a chat.completion with usage by medium', () => {
  expect(completionBody(head, said)).toEqual({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'ocr-ppv4',
    system_fingerprint: 'PP-OCRv4',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'NO ENTRY', refusal: null },
        finish_reason: 'stop',
        logprobs: null,
      },
    ],
    usage,
  });
});

test('a refusal has no content', () => {
  expect(completionBody(head, declined)).toMatchObject({
    choices: [{ message: { content: null, refusal: 'ocr-ppv4 reads image files.' } }],
  });
});

function chunksOf(events: string): readonly unknown[] {
  expect(events.endsWith('data: [DONE]\n\n')).toBe(true);
  return events
    .split('\n\n')
    .slice(0, -2)
    .map((event) => JSON.parse(event.replace(/^data: /, '')));
}

test('a stream is the text, the reason to stop, the usage when asked for, and the end', () => {
  expect(chunksOf(completionEvents(head, said, true))).toMatchObject([
    {
      object: 'chat.completion.chunk',
      choices: [{ delta: { role: 'assistant', content: 'NO ENTRY' }, finish_reason: null }],
      usage: null,
    },
    { choices: [{ delta: {}, finish_reason: 'stop' }], usage: null },
    { choices: [], usage },
  ]);
  expect(chunksOf(completionEvents(head, declined, false))).toMatchObject([
    { choices: [{ delta: { content: null, refusal: 'ocr-ppv4 reads image files.' } }] },
    { choices: [{ finish_reason: 'stop' }] },
  ]);
});

test.each([
  [
    { status: 400, code: 'invalid_image', param: 'messages[0]' },
    { type: 'invalid_request_error', param: 'messages[0]' },
  ],
  [
    { status: 504, code: 'deadline_exceeded' },
    { type: 'server_error', param: null },
  ],
])('an error of %j has the shape of OpenAI', (details, members) => {
  const body = errorBody(new RequestError('No.', details));
  expect(body).toEqual({ error: { message: 'No.', code: details.code, ...members } });
});
