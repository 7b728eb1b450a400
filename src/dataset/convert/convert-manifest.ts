/** Writes any dataset that earsight reads as a JSONL manifest of its own. */

import { lstatSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { InputError, type Problem } from '../../errors.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { realPath } from '../../files/real-path.ts';
import { writeFile } from '../../files/write-file.ts';
import { quote } from '../../text/quote.ts';
import type { Sample } from '../../types.ts';
import { jsonl } from '../jsonl.ts';
import { createNotes } from '../notes.ts';
import { type DatasetSource, readManifest } from '../read-manifest.ts';
import { manifestRow } from './manifest-row.ts';
import { createMediaPlaces, type MediaPlaces } from './media-places.ts';

export interface Conversion {
  /** Absolute, with links in its folders resolved. */
  readonly path: string;
  /** As the user wrote it. */
  readonly displayPath: string;
  /** Whether a file at `path` may be replaced. */
  readonly force: boolean;
  /** Whether files outside the folder of `path` are copied into it. */
  readonly copyMedia: boolean;
  /** Whether rows with problems are left out instead of stopping. */
  readonly skipBroken: boolean;
  /** What is written in the place of a sample; absent = the sample. */
  readonly change?: (sample: Sample) => Sample;
}

/** What a conversion wrote. */
export interface Converted {
  readonly samples: number;
  /** Files in the folder `media` beside the manifest. */
  readonly media: number;
  /** What was left out, each with its place. */
  readonly leftOut: readonly Problem[];
  /** What has no counterpart, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads everything before it writes anything.
 * @throws {InputError} with all problems of the dataset, when the file exists, and when it cannot be written.
 */
export async function convertManifest(source: DatasetSource, conversion: Conversion): Promise<Converted> {
  const fault = outputFault(source, conversion);
  if (fault !== undefined) throw new InputError({ file: conversion.displayPath, ...fault });
  const places = createMediaPlaces(conversion.path, conversion.copyMedia);
  const notes = createNotes();
  const problems: Problem[] = [];
  const outside: Problem[] = [];
  let samples = 0;
  for await (const sample of readManifest(source, (problem) => problems.push(problem), { note: notes.add })) {
    samples += 1;
    const [uri] = places.outside(sample);
    if (uri !== undefined && outside.length === 0) outside.push(outsideProblem(source, conversion, sample.line, uri));
  }
  if (problems.length > 0 && !(conversion.skipBroken && samples > 0)) throw new InputError([...problems, ...outside]);
  if (outside.length > 0) throw new InputError(outside);
  makeFolder(dirname(conversion.path));
  await writeFile(conversion.path, rowsOf(source, places, conversion.change));
  return { samples, media: places.stored, leftOut: problems, notes: notes.sentences() };
}

/** Media first: a manifest without them could not be read. */
async function* rowsOf(
  source: DatasetSource,
  places: MediaPlaces,
  change: (sample: Sample) => Sample = (sample) => sample,
): AsyncGenerator<string> {
  for await (const sample of readManifest(source, () => {}, { isOnlyPass: true })) {
    await places.store(sample);
    yield `${JSON.stringify(manifestRow(change(sample), places.uriOf))}\n`;
  }
}

function outputFault(source: DatasetSource, { path, force }: Conversion): Omit<Problem, 'file'> | undefined {
  if (!jsonl.extensions.includes(extname(path).toLowerCase()))
    return { message: 'is not the name of a JSONL file', hint: `end it with ${jsonl.extensions.join(' or ')}` };
  if (realPath(source.path) === path) return { message: 'is the dataset itself', hint: 'name another file' };
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return undefined;
  if (!there.isFile()) return { message: 'is not a regular file', hint: 'name another file' };
  return force ? undefined : { message: 'already exists', hint: 'name another file, or replace it with --force' };
}

function outsideProblem({ displayPath }: DatasetSource, conversion: Conversion, line: number, uri: string): Problem {
  return {
    file: displayPath,
    line,
    message: `${quote(uri)} is outside the folder of ${quote(conversion.displayPath)}`,
    hint: 'write the manifest into the folder of the dataset, or copy the media beside it with --copy-media',
  };
}
