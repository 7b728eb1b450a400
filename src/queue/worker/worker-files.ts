/** Where a worker finds the manifest and the media of a run: on its machine, or by URL. */

import { randomUUID } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { resolve as absolute, basename, extname, join } from 'node:path';
import { isRemoteRoot, mediaPlaceOf, parseMediaBase, parseRemote, resolveInBase } from '../../dataset/media-base.ts';
import { withFormat } from '../../dataset/open-format.ts';
import type { DatasetSource } from '../../dataset/read-manifest.ts';
import { createRemoteFiles } from '../../dataset/remote-folder.ts';
import { InputError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { Setup } from '../../plan/prepare.ts';
import type { Endings } from '../../run/assemble.ts';
import { samplesOf, type WorkerPlaces } from './worker-setup.ts';

/** Rows among which a medium is looked for, before the first job. */
const FIRST_ROWS = 200;

/**
 * The setup with the manifest and media of this machine. A manifest that is behind a URL is copied into `folder` until the
 * worker ends.
 * @throws {InputError} when the manifest, or the first medium, cannot be read.
 */
export async function withWorkerFiles(
  setup: Setup,
  places: WorkerPlaces,
  folder: string,
  { cwd }: Pick<Io, 'cwd'>,
  endings: Endings,
): Promise<Setup> {
  const media = mediaPlaceOf(places.mediaRoot, (path) => absolute(cwd, path));
  const url = manifestUrl(setup.source, places, media.mediaBase ?? setup.source.mediaBase);
  const source = url === null ? setup.source : await downloaded(setup.source, url, folder, endings);
  const found = { ...setup, source: places.mediaRoot === undefined ? source : withMedia(source, media) };
  await requireMedia(found);
  return found;
}

/** null = it is on this machine. @throws {InputError} when it is nowhere. */
function manifestUrl(
  { path, displayPath }: DatasetSource,
  { dataset }: WorkerPlaces,
  mediaBase: string | undefined,
): URL | null {
  if (dataset !== undefined && isRemoteRoot(dataset)) return orThrow(parseRemote(dataset), '--dataset');
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return null;
  if (mediaBase !== undefined)
    return orThrow(resolveInBase(orThrow(parseMediaBase(mediaBase), 'mediaRoot'), basename(path)), displayPath);
  throw new InputError({
    file: displayPath,
    message: 'is not on this machine',
    hint: 'share the folder with the coordinator, or name the same manifest with --dataset, a path or a URL',
  });
}

function orThrow(found: URL | { readonly message: string; readonly hint?: string }, name: string): URL {
  if (!('message' in found)) return found;
  throw new InputError({ ...found, message: `${name} ${found.message}` });
}

async function downloaded(source: DatasetSource, url: URL, folder: string, endings: Endings): Promise<DatasetSource> {
  const path = join(folder, `manifest-${randomUUID()}${extname(url.pathname)}`);
  endings.push(() => rmSync(path, { force: true }));
  const name = basename(url.pathname);
  const fault = await createRemoteFiles().download(url, path);
  if (fault !== null)
    throw new InputError({
      file: name,
      message: fault.message,
      hint: 'check --dataset (or mediaRoot, where the manifest is looked for), the signature in its query, and the connection',
    });
  const { format: _, ...rest } = source;
  const folderUrl = new URL(url);
  folderUrl.pathname = url.pathname.replace(/[^/]*$/, '');
  const beside = source.mediaBase === undefined ? withMedia(rest, { mediaBase: folderUrl.href }) : rest;
  return withFormat({ ...beside, path, displayPath: name });
}

function withMedia(source: DatasetSource, media: Pick<DatasetSource, 'mediaRoot' | 'mediaBase'>): DatasetSource {
  const { mediaRoot: _root, mediaBase: _base, ...rest } = source;
  return { ...rest, ...media };
}

/** Reads the first medium of the manifest: that this machine cannot read it is said at once, and not by the first job. */
async function requireMedia(setup: Setup): Promise<void> {
  for await (const { broken, messages, turns } of samplesOf(setup, (index) => index < FIRST_ROWS)) {
    const parts = [...messages, ...turns].flatMap(({ content }) => content);
    if (broken === undefined && parts.some((part) => part.type !== 'text' && part.media.type !== 'url')) return;
  }
}
