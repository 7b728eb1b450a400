/** Looks into a dataset of the user's own to find out what a configuration for it needs. */

import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { defined } from '../../collections/defined.ts';
import { foreignFormatOf } from '../../dataset/find-format.ts';
import { listFiles } from '../../dataset/foreign/list-files.ts';
import { type DatasetSource, readManifest } from '../../dataset/read-manifest.ts';
import { sniffMediaType } from '../../dataset/sniff.ts';
import { isVideoFile, TRACK_BYTES } from '../../dataset/video-file.ts';
import { InputError, type Problem } from '../../errors.ts';
import type { MediumKind } from '../../modalities.ts';
import { suggestScorer } from '../../scorers/suggest-scorer.ts';
import type { Modality, Sample } from '../../types.ts';
import { neighbourHint, systemReason } from '../find-config.ts';

/** What was found. */
export type DatasetSurvey = MediaFolder | ReadableDataset;

/** A folder of media without a list of them. */
export interface MediaFolder {
  readonly type: 'media';
  /** Paths relative to the folder, with `/`, in order. */
  readonly files: readonly MediaName[];
}

export interface MediaName {
  readonly path: string;
  readonly kind: MediumKind;
}

/** A manifest of ours or a dataset of another tool. */
export interface ReadableDataset {
  readonly type: 'dataset';
  readonly modalities: readonly Modality[];
  /** Whether rows lack a prompt, so that the configuration must have one. */
  readonly needsPrompt: boolean;
  /** Whether the samples name scorers of their own. */
  readonly hasScorers: boolean;
  /** A scorer for the targets, as it is written into a configuration; absent = there are none. */
  readonly scorer?: string;
}

/** Samples that are looked at: enough to see what they hold. */
const MAX_SAMPLES = 200;

/** Files of a folder; more are a corpus, which needs a manifest. */
const MAX_FILES = 100_000;

/**
 * Looks at the dataset at `path`. `displayPath` names it in problems.
 * @throws {InputError} when it does not exist, has no media, or no sample of it can be read.
 */
export async function surveyDataset(path: string, displayPath: string): Promise<DatasetSurvey> {
  const found = await stat(path).catch(async (error: unknown) => {
    const hint = await neighbourHint(path);
    throw new InputError(defined({ file: displayPath, message: `cannot be read: ${systemReason(error)}`, hint }));
  });
  if (found.isDirectory() && (await foreignFormatOf(path, false)) === undefined)
    return { type: 'media', files: await mediaIn(path, displayPath) };
  return lookInto({ path, displayPath });
}

async function mediaIn(root: string, displayPath: string): Promise<readonly MediaName[]> {
  const files: MediaName[] = [];
  for await (const path of listFiles(root)) {
    const kind = await kindOf(join(root, path));
    if (kind !== undefined) files.push({ path, kind });
    if (files.length > MAX_FILES)
      throw new InputError({
        file: displayPath,
        message: `has more than ${MAX_FILES} media`,
        hint: 'write a manifest',
      });
  }
  if (files.length > 0) return files;
  throw new InputError({
    file: displayPath,
    message: 'has no media',
    hint: 'name a folder with media, or a manifest',
  });
}

/** By the first bytes, as a run reads them; undefined for everything else and for what cannot be read. */
async function kindOf(path: string): Promise<MediaName['kind'] | undefined> {
  const file = await open(path).catch(() => undefined);
  try {
    const start = Buffer.alloc(TRACK_BYTES);
    const { bytesRead = 0 } = (await file?.read(start, 0, TRACK_BYTES, 0)) ?? {};
    const head = start.subarray(0, bytesRead);
    const mediaType = sniffMediaType(head);
    if (mediaType === undefined) return undefined;
    if (mediaType === 'application/pdf') return 'document';
    if (mediaType.startsWith('image/')) return 'image';
    return isVideoFile(path, head) ? 'video' : 'audio';
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}

/** Reads the first samples, and once more with a prompt when none of them can be read without one. */
async function lookInto(source: DatasetSource): Promise<ReadableDataset> {
  const plain = await firstSamples(source);
  const isPlain = plain.samples.length > 0;
  const { samples } = isPlain ? plain : await firstSamples({ ...source, prompt: 'x' });
  if (samples.length === 0) throw new InputError(plain.problems);
  const targets = samples.flatMap(({ target, turns }) => [...target, ...turns.flatMap((turn) => turn.target)]);
  const types = new Set(
    samples.flatMap(({ messages, turns }) =>
      [...messages, ...turns].flatMap(({ content }) => content.map(({ type }) => type)),
    ),
  );
  return defined({
    type: 'dataset' as const,
    modalities: [...types],
    needsPrompt: !isPlain,
    hasScorers: samples.some(({ scorers }) => scorers !== undefined),
    scorer: targets.length === 0 ? undefined : suggestScorer(targets, types.has('audio')),
  });
}

async function firstSamples(source: DatasetSource) {
  const samples: Sample[] = [];
  const problems: Problem[] = [];
  for await (const sample of readManifest(source, (problem) => problems.push(problem), { isOnlyPass: true })) {
    samples.push(sample);
    if (samples.length >= MAX_SAMPLES) break;
  }
  return { samples, problems };
}
