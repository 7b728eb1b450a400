/** The fixtures of the foreign formats, written by us in the shape of each. */

import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { ForeignFormatName } from '../../../src/dataset/foreign/registry.ts';
import type { DatasetSource } from '../../../src/dataset/read-manifest.ts';
import { pngBytes, wavBytes } from '../../helpers/media.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/foreign/', import.meta.url));

/** The fixtures of each format. A new format adds its own here. */
export const FIXTURES_OF: Readonly<Record<ForeignFormatName, readonly string[]>> = {
  inspect: ['inspect.jsonl', 'inspect.json'],
  'openai-evals': ['openai-evals.jsonl'],
  vlmevalkit: ['vlmevalkit.tsv'],
  librispeech: ['librispeech'],
  'hf-folder': ['imagefolder', 'audiofolder'],
};

/** Media that a fixture has in its own folders. */
const MEDIA_OF: Readonly<Record<string, readonly string[]>> = {
  librispeech: [
    'test-clean/61/70968/61-70968-0000.wav',
    'test-clean/61/70968/61-70968-0001.wav',
    'test-clean/121/121726/121-121726-0000.wav',
  ],
  imagefolder: ['train/chart.png'],
  audiofolder: ['data/clip.wav'],
};

/** Copies a fixture into a folder that has the media it names; the folder is removed after the test. */
export function openFixture(name: string, options: Partial<DatasetSource> = {}): DatasetSource {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'earsight-foreign-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'chart.png'), pngBytes({ width: 4, height: 3 }));
  writeFileSync(join(folder, 'clip.wav'), wavBytes());
  for (const file of MEDIA_OF[name] ?? []) {
    mkdirSync(join(folder, name, dirname(file)), { recursive: true });
    writeFileSync(join(folder, name, file), file.endsWith('.png') ? pngBytes() : wavBytes());
  }
  cpSync(join(FIXTURES, name), join(folder, name), { recursive: true });
  return { path: join(folder, name), displayPath: name, ...options };
}
