// node bench/estimate-run.mjs [IMAGES] [SMALL]: `earsight estimate` over distinct images of 300 kB and two models, and over
// a tenth of them: seconds, and how peak memory grows.
import { randomFillSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { CLI, measure, scratch } from './harness.mjs';

const [many = 10_000, few = Math.ceil(many / 10)] = process.argv.slice(2).map(Number);
const IMAGE_BYTES = 300_000;

const CONFIG = `dataset: manifest.csv
models:
  - {id: phi-4-mm, provider: azure, endpoint: "https://example.services.ai.azure.com/models", model: Phi-4-multimodal-instruct}
  - {id: gpt-4o, provider: openai, model: gpt-4o}
`;

/** Headers and ends of real PNG files around noise that differs from file to file. */
function writeImages(folder, count) {
  mkdirSync(folder);
  const bytes = randomFillSync(Buffer.alloc(IMAGE_BYTES));
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes);
  Buffer.from('0000000049454e44ae426082', 'hex').copy(bytes, IMAGE_BYTES - 12);
  for (let index = 0; index < count; index += 1) {
    bytes.writeUInt32BE(400 + (index % 3000), 16);
    bytes.writeUInt32BE(300 + (index % 2000), 20);
    bytes.writeUInt32BE(index, 5000);
    writeFileSync(`${folder}/${index}.png`, bytes);
  }
}

const work = scratch();
try {
  writeImages(work.path('images'), many);
  writeFileSync(work.path('earsight.config.yaml'), CONFIG);
  const row = (index) => `s${index},What is shown in picture ${index}? Answer in one word.,images/${index}.png\n`;
  const peaks = [];
  for (const count of [few, many]) {
    const rows = Array.from({ length: count }, (_, index) => row(index));
    writeFileSync(work.path('manifest.csv'), `id,prompt,image\n${rows.join('')}`);
    const { code, peakMb, wallSeconds, cpuSeconds } = await measure([CLI, 'estimate', '--quiet'], {
      cwd: work.directory,
    });
    peaks.push(peakMb);
    const rate = Math.round(count / wallSeconds);
    console.log(
      `${count} images x 2 models: exit ${code}, ${wallSeconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s, ${rate} samples/s, peak ${peakMb.toFixed(0)} MB`,
    );
  }
  console.log(`growth ${(peaks[1] - peaks[0]).toFixed(0)} MB`);
} finally {
  work.remove();
}
