/** Folders of files for one test, and what a manifest in them gives. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createNotes } from '../../src/dataset/notes.ts';
import { type DatasetSource, readManifest } from '../../src/dataset/read-manifest.ts';
import { formatProblem, type Problem } from '../../src/errors.ts';
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

/** What a manifest gives; problems and notes as they are shown. */
interface ReadOutcome {
  readonly samples: Sample[];
  readonly problems: string[];
  readonly notes: readonly string[];
}

/** Reads a manifest to its end. */
export async function readAll(source: DatasetSource): Promise<ReadOutcome> {
  const samples: Sample[] = [];
  const problems: string[] = [];
  const notes = createNotes();
  const report = (problem: Problem) => problems.push(formatProblem(problem));
  for await (const sample of readManifest(source, report, { note: notes.add })) samples.push(sample);
  return { samples, problems, notes: notes.sentences() };
}

/** Reads one manifest file of a folder that holds these files. */
export async function readFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  name: string,
  options: Omit<DatasetSource, 'path' | 'displayPath'> = {},
): Promise<ReadOutcome> {
  return readAll({ path: join(makeFolder(files), name), displayPath: name, ...options });
}
