/** Folders of files for one test, and what a manifest in them gives. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type DatasetSource, readManifest } from '../../src/dataset/read-manifest.ts';
import { formatProblem } from '../../src/errors.ts';
import type { Sample } from '../../src/types.ts';

/** Makes a folder with these files, by path; it is removed after the test. */
export function makeFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'earsight-dataset-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Reads a manifest to its end: the samples, and the problems as they are shown. */
export async function readAll(source: DatasetSource): Promise<{ samples: Sample[]; problems: string[] }> {
  const samples: Sample[] = [];
  const problems: string[] = [];
  for await (const sample of readManifest(source, (problem) => problems.push(formatProblem(problem))))
    samples.push(sample);
  return { samples, problems };
}

/** Reads one manifest file of a folder that holds these files. */
export async function readFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  name: string,
  options: Omit<DatasetSource, 'path' | 'displayPath'> = {},
): Promise<{ samples: Sample[]; problems: string[] }> {
  return readAll({ path: join(makeFolder(files), name), displayPath: name, ...options });
}
