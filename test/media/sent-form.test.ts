import { expect, test } from 'vitest';
import { isDecoded, sentType } from '../../src/media/sent-form.ts';
import type { MediaTransform } from '../../src/media-transform.ts';

const takes = { imageTypes: ['image/png', 'image/jpeg', 'image/webp'], audioTypes: ['audio/wav', 'audio/mpeg'] };

test.each<[string, MediaTransform, string]>([
  ['image/tiff', {}, 'image/tiff'],
  ['image/tiff', { image: {} }, 'image/png'],
  ['image/bmp', { image: {} }, 'image/png'],
  ['image/avif', { image: {} }, 'image/jpeg'],
  ['image/heic', { image: { format: 'keep' } }, 'image/jpeg'],
  ['image/gif', { image: { format: 'keep' } }, 'image/jpeg'],
  ['image/webp', { image: { format: 'keep' } }, 'image/webp'],
  ['image/webp', { image: { format: 'png' } }, 'image/png'],
  ['image/png', { image: { format: 'jpeg', quality: 80 } }, 'image/jpeg'],
  ['image/png', { audio: {} }, 'image/png'],
])('%s with %j is sent as %s', (mediaType, transform, expected) => {
  expect(sentType('image', mediaType, { ...transform, ...takes })).toBe(expected);
});

test.each<[string, MediaTransform, string | null]>([
  ['audio/flac', {}, 'audio/flac'],
  ['audio/flac', { image: {} }, 'audio/flac'],
  ['audio/flac', { audio: {} }, 'audio/wav'],
  ['audio/flac', { audio: { format: 'keep' } }, 'audio/wav'],
  ['audio/mpeg', { audio: { format: 'keep' } }, 'audio/mpeg'],
  ['audio/mpeg', { audio: { format: 'wav' } }, 'audio/wav'],
  ['audio/mpeg', { audio: { format: 'keep', maxSeconds: 9 } }, 'audio/mpeg'],
  ['audio/mp4', { audio: { format: 'keep' } }, null],
  ['audio/mp4', { audio: {} }, null],
])('%s with %j is sent as %s', (mediaType, transform, expected) => {
  expect(sentType('audio', mediaType, { ...transform, ...takes })).toBe(expected);
});

test('a clip that may be too long is decoded to find out', () => {
  expect(isDecoded('audio/wav', { format: 'keep' }, takes.audioTypes)).toBe(false);
  expect(isDecoded('audio/wav', { format: 'keep', maxSeconds: 9 }, takes.audioTypes)).toBe(true);
});
