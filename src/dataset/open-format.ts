/** Decides how a dataset is read: the format that is named, else the one that is found. */

import { readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { defined } from '../collections/defined.ts';
import { nearestName } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import type { ColumnMap } from './column-map.ts';
import type { Report } from './defect.ts';
import { ALL_FORMATS, type FormatName, foreignFormatOf } from './find-format.ts';
import { isParquetSet } from './foreign/parquet/format.ts';
import { formatOf, knownExtensions } from './formats.ts';
import { isGlob } from './glob.ts';
import { systemFault } from './media-file.ts';
import type { DatasetFormatReader } from './raw-row.ts';

/** What decides the format; see `DatasetSource`. */
interface FormatSource {
  readonly path: string;
  readonly format?: FormatName;
  readonly prompt?: string;
  readonly map?: ColumnMap;
}

/** Undefined when the file cannot be read, which is reported. */
export async function openFormat(source: FormatSource, report: Report): Promise<DatasetFormatReader | undefined> {
  if (isGlob(source.path)) {
    const format = source.format ?? (await detectedFormat(source)) ?? 'media';
    if (format === 'media' || format === 'parquet') return ALL_FORMATS[format];
    report({ message: `is a pattern, and the format ${source.format} is one of files`, hint: 'name one file' });
    return undefined;
  }
  try {
    const found = await stat(source.path);
    const format = found.isFile() || found.isDirectory() ? await formatOfFile(source) : undefined;
    const isForFolders = format !== undefined && 'shape' in format && format.shape === 'folder';
    // A data set in Parquet is one file, or a folder of them.
    const isForBoth = format === ALL_FORMATS.parquet;
    if (format !== undefined && (isForBoth || isForFolders === found.isDirectory())) return format;
    if (!found.isFile())
      report({ message: found.isDirectory() ? 'is a folder, not a manifest' : 'is not a regular file' });
    else if (isForFolders) report({ message: `is a file, and the format ${source.format} is one of folders` });
    else
      report({
        message: 'has an unknown format',
        hint: `known endings: ${knownExtensions().join(', ')}; or set format`,
      });
  } catch (error) {
    const near = await nearestFile(source.path);
    report(defined({ message: systemFault(error).message, hint: near && `did you mean ${quote(near)}?` }));
  }
  return undefined;
}

async function formatOfFile(source: FormatSource): Promise<DatasetFormatReader | undefined> {
  const { format } = await withFormat(source);
  return format === undefined ? formatOf(source.path) : ALL_FORMATS[format];
}

/** The source with its format, unless that is one of ours by its ending: all passes then read it alike. A file that cannot be read has none. */
export async function withFormat<Source extends FormatSource>(source: Source): Promise<Source> {
  if (source.format !== undefined) return source;
  const format = await detectedFormat(source).catch(() => undefined);
  return format === undefined ? source : { ...source, format };
}

/** A foreign format, or media; undefined for one of ours, or an unknown one. */
async function detectedFormat({ path, prompt, map }: FormatSource): Promise<FormatName | undefined> {
  const isPattern = isGlob(path);
  const foreign = isPattern ? undefined : await foreignFormatOf(path, prompt !== undefined || map !== undefined);
  if (foreign !== undefined) return foreign;
  if (!isPattern && !(await stat(path)).isDirectory()) return undefined;
  return (await isParquetSet(path)) ? 'parquet' : 'media';
}

async function nearestFile(path: string): Promise<string | undefined> {
  const names = await readdir(dirname(path)).catch(() => []);
  return nearestName(basename(path), names);
}
