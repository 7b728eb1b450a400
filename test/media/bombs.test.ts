import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../src/media/byte-source.ts';
import { convertSound } from '../../src/media/convert-sound.ts';
import { prepareImage } from '../../src/media/prepare-image.ts';
import { imageHeader } from '../../src/tokens/image-header.ts';
import { IMAGE_BOMBS } from '../helpers/bombs.ts';
import { flacBytes } from '../helpers/flac.ts';
import { wavBytes } from '../helpers/media.ts';

describe.each(Object.entries(IMAGE_BOMBS))('a small %s that claims billions of pixels', (mediaType, make) => {
  test('has its size read from its header', async () => {
    const facts = await imageHeader(memorySource(await make()));

    expect(facts).toMatchObject({ type: 'image' });
    expect(facts.type === 'image' && facts.width * facts.height).toBeGreaterThan(250_000_000);
  });

  test('is not decoded', async () => {
    const bytes = await make();
    expect(bytes.length).toBeLessThan(5000);

    await expect(prepareImage({ bytes, mediaType }, { maxEdge: 100 }, '"bomb"')).rejects.toMatchObject({
      kind: 'media',
      message: expect.stringMatching(/^"bomb" cannot be converted: .*(exceeds|limit|dimensions)/),
    });
  });
});

/** How many bytes of a clip a decoder was given. */
function counted(bytes: Buffer): { readonly bytes: Buffer; readonly read: () => number } {
  let most = 0;
  const whole = Buffer.from(bytes);
  const subarray = (start = 0, end = whole.length) => {
    most = Math.max(most, end);
    return Buffer.prototype.subarray.call(whole, start, end);
  };
  Object.defineProperty(whole, 'subarray', { value: subarray });
  return { bytes: whole, read: () => most };
}

const sound = (name: string) => readFileSync(fileURLToPath(new URL(`../fixtures/sounds/${name}`, import.meta.url)));
const times = (count: number, bytes: Buffer) => Buffer.concat(Array.from({ length: count }, () => bytes));

/** A frame of silence: MPEG-2 layer 3, 8 kbit/s, 22,050 Hz, mono; 576 samples in 26 bytes. */
const MP3_FRAME = Buffer.concat([Buffer.from([0xff, 0xf3, 0x10, 0xc0]), Buffer.alloc(22)]);

/** Of the files that would be made. */
const MAX_BYTES = 100_000;

describe('a sound of hours', () => {
  test.each<[string, string, () => Buffer]>([
    ['FLAC of ten hours', 'audio/flac', () => flacBytes(10 * 3600 * 8000, 8000)],
    ['MP3', 'audio/mpeg', () => times(40_000, MP3_FRAME)],
    ['Ogg Vorbis', 'audio/ogg', () => times(200, sound('tone.ogg'))],
    ['Ogg Opus', 'audio/ogg', () => times(200, sound('tone.opus'))],
  ])('in %s is decoded only up to the limit of the file that it becomes', async (_, mediaType, make) => {
    const { bytes, read } = counted(make());

    await expect(
      convertSound({ bytes, mediaType }, { sampleRate: 8000 }, '"long"', { maxBytes: MAX_BYTES }),
    ).rejects.toMatchObject({
      kind: 'media',
      message: `"long" cannot be converted: as WAV it has more than ${MAX_BYTES} bytes`,
      details: { hint: expect.stringContaining('media.audio.maxSeconds') },
    });
    expect(read()).toBeLessThan(bytes.length / 2);
  });

  test.each<[string, string, () => Buffer]>([
    ['FLAC of ten hours', 'audio/flac', () => flacBytes(10 * 3600 * 8000, 8000)],
    ['MP3', 'audio/mpeg', () => times(40_000, MP3_FRAME)],
    ['Ogg Vorbis', 'audio/ogg', () => times(200, sound('tone.ogg'))],
    ['Ogg Opus', 'audio/ogg', () => times(200, sound('tone.opus'))],
  ])('in %s is decoded only as far as it is sent', async (_, mediaType, make) => {
    const { bytes, read } = counted(make());

    const sent = await convertSound({ bytes, mediaType }, { sampleRate: 8000, maxSeconds: 1 }, '"long"', {
      maxBytes: MAX_BYTES,
    });

    expect(sent.bytes.length).toBeLessThan(17_000);
    expect(read()).toBeLessThan(bytes.length / 2);
  });

  test('in a WAV that claims more than it has is rejected by its header', async () => {
    const bytes = wavBytes();
    bytes.writeUInt32LE(10 * 3600 * 32_000, bytes.indexOf('data') + 4);

    await expect(
      convertSound({ bytes, mediaType: 'audio/wav' }, {}, '"long"', { maxBytes: MAX_BYTES }),
    ).rejects.toMatchObject({
      kind: 'media',
      message: expect.stringContaining('it is cut off: the "data" chunk lacks'),
    });
  });
});
