import { expect, test } from 'vitest';
import { reservedTokens } from '../../src/limits/reservation.ts';
import type { ContentPart, Media, Message } from '../../src/types.ts';

const file = (byteLength: number): Media => ({
  type: 'file',
  uri: 'a',
  path: '/a',
  mediaType: 'audio/wav',
  sha256: '',
  byteLength,
});
const user = (...content: readonly ContentPart[]): readonly Message[] => [{ role: 'user', content }];

test.each([
  ['text by its bytes', user({ type: 'text', text: 'x'.repeat(400) }), 104],
  ['other scripts by their more bytes', user({ type: 'text', text: '語'.repeat(400) }), 304],
  ['a picture', user({ type: 'image', media: file(5_000_000) }), 1004],
  ['a second of speech', user({ type: 'audio', media: file(32_000) }), 17],
  ['a clip behind a URL', user({ type: 'audio', media: { type: 'url', uri: 'https://a/b.wav' } }), 379],
  ['every message', [...user(), ...user()], 8],
])('counts %s', (_, messages, prompt) => {
  expect(reservedTokens(messages, { maxTokens: 100 })).toBe(prompt + 100);
});

test('an answer without a bound is taken to have 256 tokens', () => {
  expect(reservedTokens(user(), {})).toBe(4 + 256);
});
