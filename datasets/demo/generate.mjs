/**
 * Makes the demo set: pictures, clips and manifest.csv, the same byte for byte each time.
 *
 *   npm run datasets              or, elsewhere:  node datasets/demo/generate.mjs --out DIR
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stringify } from 'csv-stringify/sync';
import { CLIPS, record } from './generator/clips.mjs';
import { render } from './generator/drawing.mjs';
import { PICTURES } from './generator/pictures.mjs';
import { createSpeaker } from './generator/sound.mjs';

const { values } = parseArgs({
  options: { out: { type: 'string', default: dirname(fileURLToPath(import.meta.url)) } },
});
let bytesWritten = 0;

function write(file, bytes) {
  const path = join(values.out, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  bytesWritten += bytes.length;
}

/** Each file's noise comes from its name (FNV-1a), so that a new file changes no other. */
function seedOf(file) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(file)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

const stem = (file) => file.replace(/^.*\/|\.\w+$/g, '');

const rows = [];
for (const picture of PICTURES) {
  write(picture.file, await render(picture, seedOf(picture.file)));
  for (const [number, { prompt, target, scorer }] of picture.asks.entries()) {
    const id = picture.asks.length === 1 ? stem(picture.file) : `${stem(picture.file)}-${number + 1}`;
    const group = stem(picture.file);
    rows.push({ id, prompt, image: picture.file, target, scorer, group, tags: 'image', 'meta.slice': picture.slice });
  }
}
const speak = await createSpeaker();
for (const clip of CLIPS) {
  write(clip.file, await record(clip, speak, seedOf(clip.file)));
  rows.push({
    id: stem(clip.file),
    prompt: 'Transcribe the audio.',
    audio: clip.file,
    target: clip.words,
    scorer: 'wer',
    group: clip.words,
    tags: `audio|${clip.domain}`,
    'meta.slice': clip.slice,
    'meta.voice': clip.voice,
  });
}
const columns = ['id', 'prompt', 'image', 'audio', 'target', 'scorer', 'group', 'tags', 'meta.slice', 'meta.voice'];
write('manifest.csv', Buffer.from(stringify(rows, { header: true, columns })));
console.log(
  `${PICTURES.length} pictures, ${CLIPS.length} clips, ${rows.length} samples, ${bytesWritten} bytes in ${values.out}`,
);
