/** Puts an image under stress: one step of a kind, done to the upright image on white. */

import { setImmediate } from 'node:timers/promises';
import type { Sharp, SharpOptions } from 'sharp';
import type { ImageStress } from '../media-transform.ts';
import { createNoise } from './noise.ts';

type OpenImage = (bytes: Uint8Array, options?: SharpOptions) => Sharp;

/** Values that get their noise before others have a turn. */
const VALUES_AT_ONCE = 2 ** 18;

const WHITE = '#ffffff';

/** The image after the step; `key` names it for its noise. With `jpeg` its `bytes` are a whole file, which can be sent. */
export async function stressImage(
  image: Sharp,
  stress: ImageStress,
  key: string,
  open: OpenImage,
): Promise<{ readonly image: Sharp; readonly jpeg?: Buffer }> {
  const upright = image.autoOrient().flatten({ background: WHITE }).toColourspace('srgb');
  switch (stress.kind) {
    case 'jpeg': {
      const jpeg = await upright.jpeg({ quality: stress.level }).toBuffer();
      return { image: open(jpeg), jpeg };
    }
    case 'blur':
      return decoded(upright.blur(stress.level));
    case 'rotate': {
      // The image is turned after its own orientation is done.
      const { image: whole } = await decoded(upright);
      return decoded(whole.rotate(stress.level, { background: WHITE }));
    }
    case 'noise':
      return decoded(upright, (values) => addNoise(values, stress.level, createNoise(stress.seed, key)));
  }

  async function decoded(changed: Sharp, edit?: (values: Uint8Array) => Promise<void>) {
    const { data, info } = await changed.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    await edit?.(data);
    const { width, height, channels } = info;
    return { image: open(data, { raw: { width, height, channels } }) };
  }
}

/** In place. */
async function addNoise(values: Uint8Array, deviation: number, noise: () => number): Promise<void> {
  for (let from = 0; from < values.length; from += VALUES_AT_ONCE) {
    const to = Math.min(values.length, from + VALUES_AT_ONCE);
    for (let index = from; index < to; index += 1) {
      const value = Math.round((values[index] ?? 0) + deviation * noise());
      values[index] = Math.max(0, Math.min(255, value));
    }
    // Requests in flight have timers, and their latency is measured.
    await setImmediate();
  }
}
