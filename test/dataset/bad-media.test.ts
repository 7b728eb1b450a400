/** Files that people have instead of images and clips: each gives its golden message with what it is and what to do. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { FOREIGN_FILES } from '../helpers/foreign-files.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/bad/', import.meta.url));

const CONFIG = `dataset: DATASET
models:
  - {id: chat, provider: openai, endpoint: "http://127.0.0.1:9/v1", model: m, auth: {type: none}}
`;

/** A clip that lacks half of its sound, an image of no pixels, and others that a header alone gives away. */
function brokenFiles(): Record<string, Buffer> {
  const noPixels = pngBytes();
  noPixels.writeUInt32BE(0, 16);
  const noRate = wavBytes();
  noRate.writeUInt32LE(0, 24);
  return {
    'half.wav': wavBytes().subarray(0, 1600),
    'silent.wav': Buffer.concat([wavBytes().subarray(0, 40), Buffer.from([0, 0, 0, 0])]),
    'no-rate.wav': noRate,
    'no-data.wav': wavBytes().subarray(0, 36),
    'no-pixels.png': noPixels,
    'half.png': pngBytes({ width: 40, height: 40 }).subarray(0, 100),
    'half.jpg': Buffer.from(
      'ffd8ffe000104a46494600010100000100010000ffc0000b080010001001011100ffda0008010100003f00',
      'hex',
    ),
    'noise.flac': Buffer.from('fLaC but nothing else'),
    'scan.tif': Buffer.from('II*\0\x08\0\0\0', 'latin1'),
    'photo.avif': Buffer.from('\0\0\0\x18ftypavif\0\0\0\0mif1miaf', 'latin1'),
    'film.mp4': Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1'),
  };
}

async function messagesOf(manifest: string): Promise<string> {
  using folder: Workspace = workspace({
    ...brokenFiles(),
    ...Object.fromEntries(FOREIGN_FILES.map(({ name, bytes }) => [name, bytes])),
    [manifest]: readFileSync(`${FIXTURES}${manifest}`),
    'earsight.config.yaml': CONFIG.replace('DATASET', manifest),
  });
  const { code, stderr } = await folder.run(['validate']);
  return `${stderr}exit ${code}\n`;
}

test.each(['media-foreign.csv', 'media-broken.csv', 'media-not-taken.csv'])('%s', async (name) => {
  await expect(await messagesOf(name)).toMatchFileSnapshot(`${FIXTURES}${name}.txt`);
});
