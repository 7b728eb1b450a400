/** Makes the source of the samples from the configuration and the command line, and checks that it is there. */

import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { defined } from '../collections/defined.ts';
import type { ColumnMap } from '../dataset/column-map.ts';
import type { FormatName } from '../dataset/find-format.ts';
import { isGlob } from '../dataset/glob.ts';
import { isRemoteRoot, mediaPlaceOf, parseMediaBase } from '../dataset/media-base.ts';
import type { DatasetSource } from '../dataset/read-manifest.ts';
import type { Redaction } from '../io.ts';
import { isRecord } from '../text/is-record.ts';
import { pathProblems } from './checks.ts';
import type { ConfigDocument, Position } from './document.ts';
import type { ConfigFile } from './find-config.ts';
import type { ConfigEntry } from './schema.ts';
import { pathKey, type TreeProblem, valueAt } from './tree-problem.ts';

/** A manifest from the command line replaces path, format, and a media root that is a folder, of the configuration. */
export function datasetSource(
  file: ConfigFile,
  entry: ConfigEntry['dataset'],
  context: {
    readonly cwd: string;
    readonly dataset?: string;
    readonly format?: FormatName;
    readonly prompt?: string;
    readonly map?: ColumnMap;
  },
  filledIn: Redaction | undefined,
  locate: ConfigDocument['locate'],
): DatasetSource {
  const {
    path: written,
    format,
    mediaRoot,
    ...reach
  } = typeof entry === 'string' ? { path: entry, allowRemoteMedia: false } : entry;
  const prompt = promptOf(file, context.prompt ?? reach.prompt, context.prompt === undefined ? locate : undefined);
  if (context.dataset !== undefined)
    return defined({
      ...(mediaRoot !== undefined && isRemoteRoot(mediaRoot) ? { mediaBase: mediaRoot } : {}),
      ...reach,
      ...prompt,
      map: context.map ?? reach.map,
      path: resolve(context.cwd, context.dataset),
      displayPath: context.dataset,
      format: context.format,
    });
  const directory = dirname(file.path);
  const displayPath = isAbsolute(written) ? written : join(dirname(file.displayPath), written);
  return defined({
    ...reach,
    ...prompt,
    map: context.map ?? reach.map,
    path: resolve(directory, written),
    displayPath: filledIn?.hide(displayPath) ?? displayPath,
    format: context.format ?? format,
    ...mediaPlaceOf(mediaRoot, (folder) => resolve(directory, folder)),
  });
}

/** The prompt, and where it is written; without `locate` that is the command line. */
function promptOf(
  file: ConfigFile,
  prompt: string | undefined,
  locate: ConfigDocument['locate'] | undefined,
): Pick<DatasetSource, 'prompt' | 'promptOrigin'> {
  if (prompt === undefined) return {};
  if (locate === undefined) return { prompt, promptOrigin: { name: '--prompt' } };
  const positionOf = (column: string) => {
    const start = locate(['dataset', 'prompt']);
    return { file: file.displayPath, ...positionFrom(file.text, start, column) };
  };
  return { prompt, promptOrigin: { name: 'dataset.prompt', positionOf } };
}

/** The position of `{{column}}` from a place in a text on; the place itself when it is not there as written. */
function positionFrom(text: string, start: Position, column: string): Position {
  const lines = text.split('\n').slice(start.line - 1);
  for (const [index, line] of lines.entries()) {
    const from = index === 0 ? start.column - 1 : 0;
    const found = Array.from(line.matchAll(/\{\{([^{}]+)\}\}/g)).find(
      (match) => match[1]?.trim() === column && match.index >= from,
    );
    if (found !== undefined) return { line: start.line + index, column: found.index + 1 };
  }
  return start;
}

/**
 * A manifest or a media root that is not there. `missing` has the references without a value, by their paths: a URL without
 * its signature is not asked.
 */
export async function datasetProblems(
  tree: unknown,
  directory: string,
  { dataset, needsManifest = true }: { readonly dataset?: string; readonly needsManifest?: boolean },
  missing: ReadonlyMap<string, TreeProblem>,
): Promise<readonly TreeProblem[]> {
  const path = isRecord(valueAt(tree, ['dataset'])) ? ['dataset', 'path'] : ['dataset'];
  const manifest = valueAt(tree, path);
  const hasManifest = dataset === undefined && needsManifest && typeof manifest === 'string' && manifest !== '';
  const isChecked = hasManifest && !isFolderOrGlob(resolve(directory, manifest));
  const ofManifest = isChecked ? await pathProblems(path, manifest, directory, 'file') : [];
  return [...ofManifest, ...(await mediaRootProblems(tree, directory, dataset, missing))];
}

async function mediaRootProblems(
  tree: unknown,
  directory: string,
  dataset: string | undefined,
  missing: ReadonlyMap<string, TreeProblem>,
): Promise<readonly TreeProblem[]> {
  const path = ['dataset', 'mediaRoot'];
  const root = valueAt(tree, path);
  if (typeof root !== 'string' || root === '') return [];
  if (!isRemoteRoot(root)) return dataset === undefined ? pathProblems(path, root, directory, 'folder') : [];
  const unset = missing.get(pathKey(path));
  if (unset !== undefined) return [unset];
  const base = parseMediaBase(root);
  return 'message' in base ? [{ ...base, path, message: `dataset.mediaRoot ${base.message}` }] : [];
}

/** Whether this is a folder or a pattern, which is read as a dataset of another tool or as media. */
function isFolderOrGlob(path: string): boolean {
  return isGlob(path) || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
