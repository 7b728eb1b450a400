/** Makes the source of the samples from the configuration and the command line. */

import { dirname, isAbsolute, join, resolve } from 'node:path';
import { defined } from '../collections/defined.ts';
import type { FormatName } from '../dataset/find-format.ts';
import type { DatasetSource } from '../dataset/read-manifest.ts';
import type { Redaction } from '../io.ts';
import type { ConfigFile } from './find-config.ts';
import type { ConfigEntry } from './schema.ts';

/** A manifest from the command line replaces path, format and media root of the configuration. */
export function datasetSource(
  file: ConfigFile,
  entry: ConfigEntry['dataset'],
  context: { readonly cwd: string; readonly dataset?: string; readonly format?: FormatName; readonly prompt?: string },
  filledIn: Redaction | undefined,
): DatasetSource {
  const {
    path: written,
    format,
    mediaRoot,
    ...reach
  } = {
    ...(typeof entry === 'string' ? { path: entry, allowRemoteMedia: false } : entry),
    ...(context.prompt === undefined ? {} : { prompt: context.prompt }),
  };
  if (context.dataset !== undefined)
    return defined({
      ...reach,
      path: resolve(context.cwd, context.dataset),
      displayPath: context.dataset,
      format: context.format,
    });
  const directory = dirname(file.path);
  const displayPath = isAbsolute(written) ? written : join(dirname(file.displayPath), written);
  return defined({
    ...reach,
    path: resolve(directory, written),
    displayPath: filledIn?.hide(displayPath) ?? displayPath,
    format: context.format ?? format,
    mediaRoot: mediaRoot === undefined ? undefined : resolve(directory, mediaRoot),
  });
}
