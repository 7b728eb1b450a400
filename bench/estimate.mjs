// npm run bench:estimate [-- FILES [MEGABYTES]]: media files a second and text tokens a second on this machine.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageTokens } from '../dist/tokens/image-tokens.js';
import { mediaFacts } from '../dist/tokens/read-media-facts.js';
import { loadEncoding } from '../dist/tokens/text-tokens.js';

const files = Number(process.argv[2] ?? 2000);
const megabytes = Number(process.argv[3] ?? 5);
const IMAGE_BYTES = 300_000;
const FOLDER = mkdtempSync(join(tmpdir(), 'earsight-bench-'));

/** Only the header is ever read, so the rest may be anything. */
function png(width, height) {
  const bytes = Buffer.alloc(IMAGE_BYTES, 0x5a);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  Buffer.from('0000000049454e44ae426082', 'hex').copy(bytes, IMAGE_BYTES - 12);
  return bytes;
}

const WORDS = 'the quick brown fox jumps over a lazy dog while the model reads images and hears sounds'.split(' ');
const CODE = 'export const sum = (values) => values.reduce((total, value) => total + value, 0);\n';
const OTHERS = 'Übermäßig großer Straßenverkehr. Быстрая лиса. 敏捷的狐狸。 素早い狐。 ثعلب سريع. 🦊\n';

/** Prose, code and other scripts, without two equal lines in a row. */
function corpus(bytes) {
  const lines = [];
  for (let size = 0, line = 0; size < bytes; line += 1) {
    const prose = Array.from({ length: 12 }, (_, index) => WORDS[(line * 7 + index * (line % 5)) % WORDS.length]);
    const text =
      line % 4 === 0 ? CODE.replace('sum', `sum${line}`) : line % 4 === 1 ? OTHERS : `${prose.join(' ')} ${line}.\n`;
    lines.push(text);
    size += Buffer.byteLength(text);
  }
  return lines;
}

function rate(name, count, unit, startedMs) {
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(
    `${name}: ${Math.round(count / seconds).toLocaleString('en')} ${unit}/s (${count} in ${seconds.toFixed(2)} s)`,
  );
}

try {
  const paths = Array.from({ length: files }, (_, index) => join(FOLDER, `${index}.png`));
  for (const [index, path] of paths.entries()) writeFileSync(path, png(400 + (index % 3000), 300 + (index % 2000)));

  let startedMs = performance.now();
  let tokens = 0;
  for (const path of paths)
    tokens += imageTokens('Phi-4-multimodal-instruct', await mediaFacts({ path }, 'image/png')).expected;
  rate('images', files, 'files', startedMs);

  startedMs = performance.now();
  for (let index = 0; index < files; index += 1)
    tokens += imageTokens('gpt-5.4', { width: 400 + (index % 3000), height: 300 + (index % 2000) }).expected;
  rate('image rule alone', files, 'images', startedMs);

  startedMs = performance.now();
  const count = await loadEncoding('o200k');
  console.log(`o200k loaded in ${Math.round(performance.now() - startedMs)} ms`);
  const texts = corpus(megabytes * 1_000_000);
  startedMs = performance.now();
  const textTokens = texts.reduce((sum, text) => sum + count(text), 0);
  rate('text', textTokens, 'tokens', startedMs);
  console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB, ${tokens} image tokens in all`);
} finally {
  rmSync(FOLDER, { recursive: true, force: true });
}
