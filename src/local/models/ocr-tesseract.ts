/** Tesseract in WebAssembly with the English LSTM weights of @tesseract.js-data/eng. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { loadOptional } from '../../optional-package.ts';
import { decodeImage } from '../image.ts';
import type { LocalModel } from '../local-model.ts';
import type { Word } from '../page.ts';

const require = createRequire(import.meta.url);

/** Fast and exact on clean text; fails on tables with grid lines, rotated labels and noise. */
export const ocrTesseract: LocalModel = {
  medium: 'image',
  description: 'Tesseract LSTM in WebAssembly, English',
  recogniser: 'Tesseract (tesseract-wasm 0.11.0, eng 4.0.0_best_int)',
  packages: ['sharp', 'tesseract-wasm', '@tesseract.js-data/eng'],
  async load() {
    const { createOCREngine, layoutFlags, supportsFastBuild } = await loadOptional(
      'tesseract-wasm',
      () => import('tesseract-wasm'),
    );
    const core = supportsFastBuild() ? 'tesseract-core.wasm' : 'tesseract-core-fallback.wasm';
    const wasmBinary = await readFile(new URL(core, import.meta.resolve('tesseract-wasm')));
    const weights = await loadOptional('@tesseract.js-data/eng', () =>
      readFile(require.resolve('@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz')),
    );
    const engine = await createOCREngine({ wasmBinary });
    engine.loadModel(gunzipSync(weights));
    return async ({ bytes, param }) => {
      const image = await decodeImage(bytes, param);
      engine.loadImage(toImageData(image.data, image.width, image.height));
      const lines: Word[][] = [];
      try {
        for (const { text, rect, flags } of engine.getTextBoxes('word')) {
          if (lines.length === 0 || (flags & layoutFlags.StartOfLine) !== 0) lines.push([]);
          if (text.trim() !== '') lines.at(-1)?.push({ text: text.trim(), ...rect });
        }
      } finally {
        engine.clearImage();
      }
      return { type: 'page', page: { lines: lines.filter((line) => line.length > 0) } };
    };
  },
};

/** The engine needs the four channels of a canvas. */
function toImageData(rgb: Uint8Array, width: number, height: number) {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel += 1) data.set(rgb.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
  return { data, width, height };
}
