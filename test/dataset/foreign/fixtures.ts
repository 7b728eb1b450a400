/** The fixtures of the foreign formats, written by us in the shape of each. */

import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
};

/** Copies a fixture into a folder that has the media it names; the folder is removed after the test. */
export function openFixture(name: string, options: Partial<DatasetSource> = {}): DatasetSource {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'earsight-foreign-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'chart.png'), pngBytes({ width: 4, height: 3 }));
  writeFileSync(join(folder, 'clip.wav'), wavBytes());
  cpSync(join(FIXTURES, name), join(folder, name), { recursive: true });
  return { path: join(folder, name), displayPath: name, ...options };
}
