/** Makes the source of the samples from the configuration and the command line. */

import { dirname, isAbsolute, join, resolve } from 'node:path';
import { defined } from '../collections/defined.ts';
import type { ColumnMap } from '../dataset/column-map.ts';
import type { FormatName } from '../dataset/find-format.ts';
import type { DatasetSource } from '../dataset/read-manifest.ts';
import type { Redaction } from '../io.ts';
import type { ConfigDocument, Position } from './document.ts';
import type { ConfigFile } from './find-config.ts';
import type { ConfigEntry } from './schema.ts';

/** A manifest from the command line replaces path, format and media root of the configuration. */
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
    mediaRoot: mediaRoot === undefined ? undefined : resolve(directory, mediaRoot),
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
