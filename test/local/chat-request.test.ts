import { expect, test } from 'vitest';
import { checkMedia, parseChatRequest } from '../../src/local/chat-request.ts';
import { LOCAL_MODELS } from '../../src/local/models/registry.ts';
import { RequestError } from '../../src/local/request-error.ts';

const text = { type: 'text', text: 'Transcribe.' };
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
const clip = { type: 'input_audio', input_audio: { data: 'BBBB', format: 'wav' } };

const withParts = (...content: readonly unknown[]) => ({ model: 'ocr-ppv4', messages: [{ role: 'user', content }] });

function errorOf(read: () => unknown): RequestError {
  try {
    read();
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
  throw new Error('nothing was rejected');
}

test('reads the prompt, the texts and the media of a conversation', () => {
  const request = parseChatRequest({
    model: 'ocr-ppv4',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [text, image] },
      { role: 'assistant', content: 'TAXI' },
      { role: 'assistant', content: null, refusal: 'no' },
      { role: 'user', content: 'And the title?' },
    ],
    max_tokens: 12,
    temperature: 0,
  });
  expect(request).toEqual({
    model: 'ocr-ppv4',
    prompt: 'And the title?',
    texts: ['Be brief.', 'Transcribe.', 'TAXI', 'And the title?'],
    media: [{ medium: 'image', base64: 'AAAA', param: 'messages[1].content[1].image_url' }],
    maxTokens: 12,
    stream: false,
    includeUsage: false,
  });
});

test('reads audio as input_audio with its format and as a data URL without', () => {
  const url = { type: 'audio_url', audio_url: { url: 'data:audio/mpeg;codecs=mp3;base64,CCCC' } };
  expect(parseChatRequest(withParts(clip, url)).media).toEqual([
    { medium: 'audio', base64: 'BBBB', format: 'wav', param: 'messages[0].content[0]' },
    { medium: 'audio', base64: 'CCCC', param: 'messages[0].content[1].audio_url' },
  ]);
});

test('reads how the answer is wanted', () => {
  const wanted = { stream: true, stream_options: { include_usage: true }, max_completion_tokens: 3, max_tokens: 9 };
  expect(parseChatRequest({ ...withParts(text), ...wanted })).toMatchObject({
    stream: true,
    includeUsage: true,
    maxTokens: 3,
  });
  const plain = { response_format: { type: 'text' }, n: 1, max_tokens: null };
  expect(parseChatRequest({ ...withParts(text), ...plain })).toMatchObject({ stream: false, maxTokens: null });
});

const part = 'messages[0].content[0]';

test.each([
  ['a list', [], null],
  ['no model', { messages: [{ role: 'user', content: 'x' }] }, 'model'],
  ['no messages', { model: 'm' }, 'messages'],
  ['an empty list of messages', { model: 'm', messages: [] }, 'messages'],
  ['no user message', { model: 'm', messages: [{ role: 'system', content: 'x' }] }, 'messages'],
  ['a message that is none', { model: 'm', messages: ['x'] }, 'messages[0]'],
  ['an unknown role', { model: 'm', messages: [{ role: 'judge', content: 'x' }] }, 'messages[0].role'],
  ['content that is a number', { model: 'm', messages: [{ role: 'user', content: 7 }] }, 'messages[0].content'],
  ['a user without content', { model: 'm', messages: [{ role: 'user' }] }, 'messages[0].content'],
  ['a part that is none', withParts('x'), part],
  ['an unknown part', withParts({ type: 'video_url' }), `${part}.type`],
  ['text that is a number', withParts({ type: 'text', text: 7 }), `${part}.text`],
  ['an image without its object', withParts({ type: 'image_url', image_url: 'data:' }), `${part}.image_url`],
  ['an image without a URL', withParts({ type: 'image_url', image_url: {} }), `${part}.image_url.url`],
  ['a file path as URL', withParts({ type: 'image_url', image_url: { url: 'a.png' } }), `${part}.image_url.url`],
  [
    'a data URL without base64',
    withParts({ type: 'image_url', image_url: { url: 'data:image/svg+xml,<svg/>' } }),
    `${part}.image_url.url`,
  ],
  [
    'a clip as image',
    withParts({ type: 'image_url', image_url: { url: 'data:audio/wav;base64,AA' } }),
    `${part}.image_url.url`,
  ],
  [
    'an image as clip',
    withParts({ type: 'audio_url', audio_url: { url: 'data:image/png;base64,AA' } }),
    `${part}.audio_url.url`,
  ],
  [
    'audio of another format',
    withParts({ type: 'input_audio', input_audio: { data: 'AA', format: 'flac' } }),
    `${part}.input_audio.format`,
  ],
  [
    'audio without data',
    withParts({ type: 'input_audio', input_audio: { format: 'wav' } }),
    `${part}.input_audio.data`,
  ],
  [
    'an image of the assistant',
    { model: 'm', messages: [{ role: 'assistant', content: [image] }] },
    `${part}.image_url`,
  ],
  ['two choices', { ...withParts(text), n: 2 }, 'n'],
  ['JSON wanted', { ...withParts(text), response_format: { type: 'json_object' } }, 'response_format'],
  ['half a token', { ...withParts(text), max_tokens: 0.5 }, 'max_tokens'],
  ['no token', { ...withParts(text), max_completion_tokens: 0 }, 'max_completion_tokens'],
  ['a book', withParts({ type: 'text', text: 'a'.repeat(40_000) }), 'messages'],
])('rejects %s and names the member', (_, body, param) => {
  const { details, message } = errorOf(() => parseChatRequest(body));
  expect(details).toMatchObject({ status: 400, param });
  expect(message).not.toBe('');
});

test('says that remote URLs are not fetched', () => {
  const remote = withParts({ type: 'image_url', image_url: { url: 'https://example.com/a.png' } });
  expect(errorOf(() => parseChatRequest(remote)).details.code).toBe('unsupported_url');
});

test('a model takes one file of its own medium, or none', () => {
  const ocr = LOCAL_MODELS['ocr-ppv4'];
  expect(checkMedia(parseChatRequest(withParts(text)), ocr)).toBeNull();
  expect(checkMedia(parseChatRequest(withParts(text, image)), ocr)?.base64).toBe('AAAA');
});

test.each([
  [
    'audio for eyes',
    'ocr-ppv4',
    [text, clip],
    'This model does not support input_audio content.',
    `messages[0].content[1]`,
  ],
  ['an image for ears', 'asr-open', [image], 'This model does not support image_url content.', `${part}.image_url`],
  [
    'two images',
    'ocr-ppv4',
    [image, image],
    'At most 1 image(s) may be provided in one request.',
    'messages[0].content[1].image_url',
  ],
  [
    'two clips',
    'asr-open',
    [clip, clip],
    'At most 1 audio file(s) may be provided in one request.',
    'messages[0].content[1]',
  ],
] as const)('rejects %s', (_, name, parts, message, param) => {
  const error = errorOf(() => checkMedia(parseChatRequest(withParts(...parts)), LOCAL_MODELS[name]));
  expect(error.message).toBe(message);
  expect(error.details).toMatchObject({ status: 400, param });
});
