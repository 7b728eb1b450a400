/** Reads a manifest as a stream of checked samples; every defect is reported and reading goes on. */

import { join } from 'node:path';
import { defined } from '../collections/defined.ts';
import { HashSet64 } from '../collections/hash-set-64.ts';
import { InputError, type Problem } from '../errors.ts';
import { quote } from '../text/quote.ts';
import type { Sample } from '../types.ts';
import { type ColumnMap, columnNames, withMappedNames } from './column-map.ts';
import type { ReportUnknown } from './default-prompt.ts';
import { withDefaults } from './defaults.ts';
import type { Defect, Report } from './defect.ts';
import { ALL_FORMATS, type FormatName } from './find-format.ts';
import { FORMATS } from './formats.ts';
import type { KnownFiles, MediaFolders } from './locate-file.ts';
import { systemFault } from './media-file.ts';
import { mediaFolderOf } from './media-folder.ts';
import { openFormat } from './open-format.ts';
import { createSampleParser } from './parse-sample.ts';
import type { DatasetFormatReader, Note, RawRow } from './raw-row.ts';
import { createResolveContext } from './resolve-context.ts';
import { createRowReader, failed, placeOf, type RowId, type RowResult } from './row-reader.ts';

/** Where a manifest is and what it may reach. */
export interface DatasetSource {
  /** Absolute. */
  readonly path: string;
  /** As the user wrote it; names the file in problems. */
  readonly displayPath: string;
  /** Absent = by the file name's ending, or a foreign one by what the file begins with. */
  readonly format?: FormatName;
  /** Absolute; media must lie below it. Absent = the manifest's folder. */
  readonly mediaRoot?: string;
  /** Media are below this URL instead; its query may be a signature. Absent = they are on this machine. */
  readonly mediaBase?: string;
  /** Whether URLs may be fetched; private addresses, which are never fetched, are then problems. */
  readonly allowRemoteMedia?: boolean;
  /** Largest single media file; default 20 MiB. */
  readonly maxMediaBytes?: number;
  /**
   * Prompt of rows without their own, with `{{column}}` for their values. Empty = they need none, because the templates of
   * all models write the whole text. Absent = every row needs a question.
   */
  readonly prompt?: string;
  /** Where the prompt comes from; absent = it is not known. */
  readonly promptOrigin?: PromptOrigin;
  /** Columns of the file that are read under other names. */
  readonly map?: ColumnMap;
}

/** Where a prompt is written. */
export interface PromptOrigin {
  /** `dataset.prompt`, or the option. */
  readonly name: string;
  /** Of a `{{column}}` in it; absent = not in a file. */
  readonly positionOf?: (column: string) => Pick<Problem, 'file' | 'line' | 'column'>;
}

export interface ReadOptions {
  /** Whether to look for duplicate ids; a second pass over a checked manifest saves the memory of a million ids. */
  readonly uniqueIds?: boolean;
  /** Whether no other pass follows: hashes of media files need not be kept then. */
  readonly isOnlyPass?: boolean;
  /** Whether samples with media that cannot be used are yielded as `broken` instead of being reported; default false. */
  readonly keepBroken?: boolean;
  /** Whether media files are opened; default true. */
  readonly readsMedia?: boolean;
  /** Receives what has no counterpart in a manifest of ours. */
  readonly note?: (note: Problem) => void;
  /** Whether a row is needed, by its index: the others are neither checked nor are their media read. Absent = all are. */
  readonly isWanted?: (index: number) => boolean;
  /** Gets every row as it is written, also those with defects. */
  readonly onRow?: (row: RawRow | Defect) => void;
  /** Called for each row that takes the prompt of the source. */
  readonly onPrompt?: () => void;
}

/** Rows whose media are read ahead of the one that is yielded: hides the latency of network drives. */
const ROWS_AHEAD = 8;

/** Keeps the hashes of media files as long as the source is in use, so that a second pass need not hash them again. */
const knownFiles = new WeakMap<DatasetSource, KnownFiles>();

/**
 * Yields the good samples of a manifest in order. `report` gets every defect with file and line, in order too; the
 * manifest is usable only if it is never called. Throws only errors that are not defects of the manifest.
 */
export async function* readManifest(
  source: DatasetSource,
  report: (problem: Problem) => void,
  {
    uniqueIds = true,
    isOnlyPass = false,
    keepBroken = false,
    readsMedia = true,
    note = () => {},
    onRow,
    onPrompt = () => {},
    isWanted = () => true,
  }: ReadOptions = {},
): AsyncGenerator<Sample> {
  const here = <T extends Problem>(problem: T): T => ({
    ...problem,
    file: problem.file === undefined ? source.displayPath : join(source.displayPath, problem.file),
  });
  const reportHere: Report = (defect) => report(here(defect));
  const format = await openFormat(source, reportHere);
  if (format === undefined) return;
  const known = knownFilesOf(source, isOnlyPass);
  const readItem = createRowReader(
    createResolveContext({ ...source, folder: mediaFolderOf(source.path) }, known, {
      isOnlyPass,
      keepBroken,
      readsMedia,
    }),
    createSampleParser(source.prompt, { reportUnknown: unknownNames(source, report), onFill: onPrompt }),
  );
  const ids = uniqueIds ? new HashSet64() : null;
  const waiting: (RowResult | Promise<RowResult>)[] = [];
  const inOrder = (result: RowResult | Promise<RowResult>) => {
    if (waiting.length === 0 && !(result instanceof Promise)) return result;
    // The first one that fails ends the pass; nobody waits for the others then.
    if (result instanceof Promise) result.catch(() => {});
    waiting.push(result);
    return waiting.length > ROWS_AHEAD ? waiting.shift() : undefined;
  };
  const accept = ({ sample, rowId, isNamed, defects }: RowResult): Sample | undefined => {
    defects.forEach(reportHere);
    const duplicate = rowId && duplicateOf(rowId, isNamed, ids);
    if (duplicate === undefined) return sample;
    reportHere(duplicate);
    return undefined;
  };

  let items = 0;
  try {
    for await (const batch of untilUnreadable(rowsOf(source, format)))
      for (const item of batch) {
        if ('note' in item) {
          const { note: message, ...place } = item;
          note(here({ ...place, message }));
          continue;
        }
        onRow?.(item);
        const index = items;
        items += 1;
        if (!isWanted(index)) continue;
        const next = inOrder('values' in item ? readItem(item, index) : failed([item]));
        const sample = next && accept(next instanceof Promise ? await next : next);
        if (sample !== undefined) yield sample;
      }
    for (const next of waiting) {
      const sample = accept(await next);
      if (sample !== undefined) yield sample;
    }
  } finally {
    ids?.clear();
  }
  if (items === 0) reportHere({ message: 'has no samples', hint: 'write a row with a prompt' });
}

/** Reports a name in the prompt that the manifest has no column for, where the prompt is written. */
function unknownNames(
  { displayPath, promptOrigin: { name: prompt, positionOf } = { name: 'the prompt' } }: DatasetSource,
  report: (problem: Problem) => void,
): ReportUnknown {
  return (name, hint) =>
    report({
      ...(positionOf?.(name) ?? {}),
      message: `${prompt} names {{${name}}}, which is not a column of ${displayPath}`,
      hint,
    });
}

/** The rows of a file, with the names of columns that `map` gives. */
function rowsOf(
  { path, prompt, map }: DatasetSource,
  format: DatasetFormatReader,
): AsyncIterable<readonly (RawRow | Defect | Note)[]> {
  const hasPrompt = prompt !== undefined;
  // Media have no columns: the map is that of the manifest that they replace.
  const names = map === undefined || format === ALL_FORMATS.media ? undefined : columnNames(map);
  const rows = format.read(path, hasPrompt, names);
  const mapped = names === undefined ? rows : withMappedNames(rows, names);
  return isOurs(format) ? withDefaults(mapped) : mapped;
}

const isOurs = (format: DatasetFormatReader) => Object.values(FORMATS).some((one) => one === format);

/** Turns an error of the file system into a last defect. */
async function* untilUnreadable(
  batches: AsyncIterable<readonly (RawRow | Defect | Note)[]>,
): AsyncGenerator<readonly (RawRow | Defect | Note)[]> {
  try {
    yield* batches;
  } catch (error) {
    yield [systemFault(error)];
  }
}

/**
 * Reads one row that is in no file, with the members that a line of a JSONL manifest may have.
 * @throws {InputError} with everything that is wrong with it.
 */
export async function readRow(values: Readonly<Record<string, unknown>>, folders: MediaFolders): Promise<Sample> {
  const readItem = createRowReader(
    createResolveContext(folders, new Map(), { isOnlyPass: true, keepBroken: false, readsMedia: true }),
    createSampleParser(),
  );
  const { sample, defects } = await readItem({ line: 1, values }, 0);
  if (sample !== undefined) return sample;
  throw new InputError(defects.map(({ message, hint }) => defined({ message: `the sample ${message}`, hint })));
}

/** Remembers an id and its line, also when the row has other defects; returns the defect of an id that was there before. */
function duplicateOf({ id, row }: RowId, isNamed: boolean, ids: HashSet64 | null): Defect | undefined {
  const earlier = ids?.add(id, row.line);
  if (earlier === undefined) return undefined;
  if (isNamed) {
    const message = `duplicate id ${quote(id)} (first used on line ${earlier})`;
    return { ...placeOf(row, { column: 'id' }), message, hint: 'rename one' };
  }
  return { ...placeOf(row), message: `is the same as line ${earlier}`, hint: 'remove it, or give each an id' };
}

function knownFilesOf(source: DatasetSource, isOnlyPass: boolean): KnownFiles {
  if (isOnlyPass) return new Map();
  const known: KnownFiles = knownFiles.get(source) ?? new Map();
  knownFiles.set(source, known);
  return known;
}
