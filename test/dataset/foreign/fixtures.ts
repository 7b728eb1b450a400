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
  // Only with --format, see its own test.
  'hf-classes': [],
  'openai-batch': ['openai-batch.jsonl'],
  'openai-hosted-evals': ['openai-hosted-evals.jsonl', 'openai-hosted-evals.json'],
  'azure-eval': ['azure-eval.jsonl'],
  llava: ['llava.json', 'sharegpt.jsonl'],
  vqav2: ['vqav2/v2_OpenEnded_mscoco_val2014_questions.json'],
  'common-voice': ['common-voice.tsv'],
  promptfoo: ['promptfoo/promptfooconfig.yaml', 'promptfoo.json'],
  'promptfoo-csv': ['promptfoo-tests.csv'],
  // Written in its own test.
  parquet: [],
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
  promptfoo: ['images/chart.png', 'sounds/clip.wav'],
  vqav2: ['val2014/COCO_val2014_000000000042.jpg'],
};

/** Copies a fixture into a folder that has the media it names; the folder is removed after the test. */
export function openFixture(name: string, options: Partial<DatasetSource> = {}): DatasetSource {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'earsight-foreign-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'chart.png'), pngBytes({ width: 4, height: 3 }));
  writeFileSync(join(folder, 'clip.wav'), wavBytes());
  mkdirSync(join(folder, 'clips'));
  for (const clip of ['1', '2']) writeFileSync(join(folder, 'clips', `common_voice_en_${clip}.mp3`), wavBytes());
  const [top = name] = name.split('/');
  for (const file of MEDIA_OF[top] ?? []) {
    mkdirSync(join(folder, top, dirname(file)), { recursive: true });
    writeFileSync(join(folder, top, file), /\.(?:png|jpg)$/.test(file) ? pngBytes() : wavBytes());
  }
  cpSync(join(FIXTURES, top), join(folder, top), { recursive: true });
  return { path: join(folder, name), displayPath: name, ...options };
}
