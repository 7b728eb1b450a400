/** Cuts a rotated box out of an image as an upright strip of the height that the line recogniser reads. */

import type { RgbImage } from '../image.ts';
import type { TurnedRect } from './min-area-rect.ts';

/** Rows of the recogniser's input (PP-OCRv4 `rec_image_shape` 3x48xW). */
export const STRIP_HEIGHT = 48;
/** Narrower strips are widened, wider ones squeezed. */
const MIN_WIDTH = 16;
const MAX_WIDTH = 3200;

/** Planes in the order blue, green, red with values in [0, 1], each `STRIP_HEIGHT` rows of `width`. */
export interface Strip {
  readonly planes: Float32Array;
  readonly width: number;
}

/** The strip under a box, read with bilinear interpolation; outside the image its border is repeated. */
export function cropLine(image: RgbImage, box: TurnedRect): Strip {
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, Math.round((STRIP_HEIGHT * box.width) / box.height)));
  const planes = new Float32Array(3 * STRIP_HEIGHT * width);
  const [cos, sin] = [Math.cos(box.angle), Math.sin(box.angle)];
  for (let row = 0; row < STRIP_HEIGHT; row += 1) {
    const across = ((row + 0.5) / STRIP_HEIGHT - 0.5) * box.height;
    for (let column = 0; column < width; column += 1) {
      const along = ((column + 0.5) / width - 0.5) * box.width;
      const x = box.centerX + along * cos - across * sin - 0.5;
      const y = box.centerY + along * sin + across * cos - 0.5;
      sample(image, x, y, planes, row * width + column, STRIP_HEIGHT * width);
    }
  }
  return { planes, width };
}

/** The same box rotated by a quarter turn: `1` for text that runs down, `-1` for text that runs up. */
export function quarterTurn(box: TurnedRect, direction: 1 | -1): TurnedRect {
  return { ...box, width: box.height, height: box.width, angle: box.angle + (direction * Math.PI) / 2 };
}

function sample(image: RgbImage, x: number, y: number, planes: Float32Array, at: number, plane: number): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const [mixX, mixY] = [x - left, y - top];
  const x0 = Math.min(image.width - 1, Math.max(0, left));
  const x1 = Math.min(image.width - 1, Math.max(0, left + 1));
  const y0 = Math.min(image.height - 1, Math.max(0, top)) * image.width;
  const y1 = Math.min(image.height - 1, Math.max(0, top + 1)) * image.width;
  for (let channel = 0; channel < 3; channel += 1) {
    const upper = mix(image.data[3 * (y0 + x0) + channel], image.data[3 * (y0 + x1) + channel], mixX);
    const lower = mix(image.data[3 * (y1 + x0) + channel], image.data[3 * (y1 + x1) + channel], mixX);
    planes[(2 - channel) * plane + at] = mix(upper, lower, mixY) / 255;
  }
}

function mix(from = 0, to = 0, share = 0): number {
  return from + (to - from) * share;
}
