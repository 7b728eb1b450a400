import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mediaFacts } from '../../src/tokens/read-media-facts.ts';
import { mp4Bytes, webmBytes } from '../helpers/video.ts';

const facts = (bytes: Buffer, mediaType: string) => mediaFacts({ bytes }, mediaType);

test.each([
  ['an MP4', mp4Bytes({ seconds: 5.5 }), 'video/mp4', 5.5, false],
  ['an MP4 with sound', mp4Bytes({ seconds: 5.5, hasSound: true }), 'video/mp4', 5.5, true],
  ['an MP4 with long times', mp4Bytes({ seconds: 3600, isLong: true }), 'video/mp4', 3600, false],
  ['an MP4 with its header behind its pictures', mp4Bytes({ seconds: 2, isLast: true }), 'video/mp4', 2, false],
  ['a WebM', webmBytes({ seconds: 2.25 }), 'video/webm', 2.25, false],
  ['a WebM with sound', webmBytes({ seconds: 2.25, hasSound: true }), 'video/webm', 2.25, true],
  ['a WebM of unknown size', webmBytes({ seconds: 1.5, isLive: true }), 'video/webm', 1.5, false],
] as const)('reads the length of %s', async (_what, bytes, mediaType, seconds, hasSound) => {
  expect(await facts(bytes, mediaType)).toEqual({ type: 'video', seconds, hasSound });
});

test.each([
  ['an MP4 without a length', mp4Bytes({ seconds: null }), 'video/mp4', /length is unknown/],
  ['an MP4 of 0 seconds', mp4Bytes({ seconds: 0 }), 'video/mp4', /length is unknown/],
  ['a WebM without a length', webmBytes({ seconds: null }), 'video/webm', /length is unknown/],
  ['an MP4 without a header', mp4Bytes({ seconds: 1 }).subarray(0, 20), 'video/mp4', /no header/],
  ['words', Buffer.from('just words and more words'), 'video/mp4', /no header/],
  ['words as WebM', Buffer.from('just words'), 'video/webm', /no header/],
] as const)('says that %s has none', async (_what, bytes, mediaType, message) => {
  expect(await facts(bytes, mediaType)).toMatchObject({ type: 'unreadable', message: expect.stringMatching(message) });
});

test('no bytes make it fail', async () => {
  const starts = [mp4Bytes({ seconds: 1, hasSound: true }), webmBytes({ seconds: 1, hasSound: true })];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...starts),
      fc.nat(120),
      fc.uint8Array({ maxLength: 12 }),
      fc.constantFrom('video/mp4', 'video/webm'),
      async (start, at, changed, mediaType) => {
        const bytes = Buffer.concat([start.subarray(0, at), changed, start.subarray(at + changed.length)]);
        const found = await facts(bytes, mediaType);
        expect(['video', 'unreadable']).toContain(found.type);
      },
    ),
  );
});
