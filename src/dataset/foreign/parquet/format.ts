/** Parquet files, as most public data sets are published: media inside, and several files for one data set. */

import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../../errors.ts';
import { loadOptional } from '../../../optional-package.ts';
import { quote } from '../../../text/quote.ts';
import type { ColumnNames } from '../../columns.ts';
import { type Defect, errorCode } from '../../defect.ts';
import { filesOfGlob, isGlob, splitGlob } from '../../glob.ts';
import { mediaFolderOf } from '../../media-folder.ts';
import type { NamedRow, Note } from '../../raw-row.ts';
import type { ForeignFormat } from '../foreign-format.ts';
import { targetsOf } from '../foreign-values.ts';
import { listFiles } from '../list-files.ts';
import { columnsOf, type ParquetColumn, rolesOf } from './columns.ts';
import { openParquet, reasonOf } from './file.ts';
import { type MediaStore, openMediaStore, type StoredPath } from './media-store.ts';
import { type ParquetRow, readRows } from './read-rows.ts';
import { plainValue } from './values.ts';

export const parquet: ForeignFormat = {
  description: 'Parquet, also in shards: media as structs of bytes and path, question, answer(s)',
  source: 'apache/parquet-format: README.md, PageIndex.md; huggingface/datasets: src/datasets/features',
  extensions: ['.parquet'],
  shape: 'binary',
  read: readParquet,
};

/** `train-00000-of-00012.parquet`: one of twelve files that are one data set. */
const SHARD = /^(.*)-(\d{5})-of-(\d{5})\.parquet$/u;

type Item = NamedRow | Defect | Note;

async function* readParquet(path: string, hasPrompt: boolean, names?: ColumnNames): AsyncGenerator<readonly Item[]> {
  const shards = await filesOf(path);
  const absent = shards.filter((shard) => !existsSync(shard));
  if (absent.length > 0) {
    yield [absentShards(absent, shards.length)];
    return;
  }
  let store: MediaStore | undefined;
  const openStore = () => {
    store ??= openMediaStore(mediaFolderOf(path));
    return store;
  };
  if (shards.length > 1)
    yield [{ note: `${shards.length} files are read as one data set: ${basename(shards[0] ?? '')} and the others` }];
  let line = 0;
  for (const shard of shards) {
    // A data set of several files says which one it is about.
    const name = shard === path ? null : basename(shard);
    const context = { name, hasPrompt, names, openStore, isFirst: shard === shards[0], from: line };
    try {
      for await (const items of readShard(shard, context)) {
        line += items.filter((item) => 'values' in item).length;
        yield items;
      }
    } catch (error) {
      yield [defectOf(error, shards.length > 1 ? basename(shard) : name, line + 1)];
      return;
    }
  }
}

interface ShardContext {
  /** null = it is the file that was named. */
  readonly name: string | null;
  readonly hasPrompt: boolean;
  readonly names: ColumnNames | undefined;
  readonly openStore: () => MediaStore;
  readonly isFirst: boolean;
  /** Rows of the files before. */
  readonly from: number;
}

async function* readShard(
  path: string,
  { name, names, openStore, isFirst, from, hasPrompt }: ShardContext,
): AsyncGenerator<readonly Item[]> {
  const { parquetSchema } = await loadOptional('hyparquet', () => import('hyparquet'), 'a Parquet file needs');
  const file = await openParquet(path);
  if ('message' in file) {
    yield [name === null ? file : { ...file, message: `has ${quote(name)}, which ${file.message}` }];
    return;
  }
  try {
    const columns = columnsOf(file.metadata, parquetSchema(file.metadata));
    const mapped = names === undefined ? null : new Set(names.sources.keys());
    const roles = rolesOf(columns, { hasPrompt, mapped });
    const isAsked =
      hasPrompt || mapped !== null || ['prompt', 'messages', 'turns'].some((one) => [...roles.values()].includes(one));
    if (!isAsked) {
      yield [noQuestion(columns)];
      return;
    }
    if (isFirst) yield notesOf(roles);
    let line = from;
    for await (const rows of readRows(file, columns, openStore))
      yield rows.map((row) => {
        line += 1;
        return toRow(row, line, columns, roles);
      });
  } finally {
    await file.close();
  }
}

/** The files of a data set, in order: of a folder or a pattern all that end in `.parquet`, of a shard all shards. */
async function filesOf(path: string): Promise<readonly string[]> {
  const found = await parquetFilesIn(path);
  return found === null ? shardsOf(path) : [...new Set(found.flatMap(shardsOf))];
}

/** Absolute paths in a folder or of a pattern; null for a file. */
async function parquetFilesIn(path: string): Promise<readonly string[] | null> {
  const isPattern = isGlob(path);
  if (!isPattern && !statSync(path).isDirectory()) return null;
  const { folder } = isPattern ? splitGlob(path) : { folder: path };
  const names: string[] = [];
  for await (const name of isPattern ? await filesOfGlob(path) : listFiles(path)) names.push(name);
  return names.filter(isParquet).map((name) => join(folder, name));
}

/** Whether a folder or a pattern has Parquet files; what lies beside them, such as a README, is not read. */
export async function isParquetSet(path: string): Promise<boolean> {
  return ((await parquetFilesIn(path)) ?? []).length > 0;
}

const isParquet = (name: string) => name.toLowerCase().endsWith('.parquet');

function shardsOf(path: string): readonly string[] {
  const [, name, , count] = SHARD.exec(basename(path)) ?? [];
  if (name === undefined || count === undefined) return [path];
  return Array.from({ length: Number(count) }, (_, index) =>
    join(dirname(path), `${name}-${String(index).padStart(5, '0')}-of-${count}.parquet`),
  );
}

/** Names that a message lists. */
const MAX_LISTED = 5;

function absentShards(absent: readonly string[], count: number): Defect {
  const listed = absent.slice(0, MAX_LISTED).map((path) => quote(basename(path)));
  const more = absent.length > MAX_LISTED ? ', …' : '';
  return {
    message: `is one of ${count} files of a data set, and ${absent.length} of them are missing: ${listed.join(', ')}${more}`,
    hint: 'put all of them into one folder, or rename this one',
  };
}

/** One problem instead of one for each row. */
function noQuestion(columns: readonly ParquetColumn[]): Defect {
  const names = columns.map(({ name }) => quote(name)).join(', ');
  return {
    message: `has no column with a question; its columns are ${names}`,
    hint: 'set dataset.prompt in the configuration, or name the column: --map prompt=COLUMN',
  };
}

function notesOf(roles: ReadonlyMap<string, string | undefined>): readonly Note[] {
  return [...roles].flatMap(([name, role]) =>
    (role === 'prompt' || role === 'target') && role !== name
      ? [{ note: `column ${quote(name)} is read as ${role}` }]
      : [],
  );
}

function toRow(
  { values, media }: ParquetRow,
  line: number,
  columns: readonly ParquetColumn[],
  roles: ReadonlyMap<string, string | undefined>,
): NamedRow {
  const row: Record<string, unknown> = {};
  const files: StoredPath[] = [];
  for (const { name, isMedia, classes } of columns) {
    const role = roles.get(name);
    if (isMedia) {
      const paths = [media[name] ?? null].flat().filter((path) => path !== null);
      if (role === undefined) files.push(...paths);
      else row[role] = paths;
      continue;
    }
    const value = plainValue(values[name], classes);
    if (role !== undefined) row[role] = role === 'target' ? targetsOf(value) : value;
  }
  return { line, values: files.length === 0 ? row : { ...row, file_name: files } };
}

const SMALLER_GROUPS =
  'write it with smaller row groups, for example with pyarrow: pq.write_table(table, OUT, row_group_size=100)';

/** Data that cannot be read is a defect of the file. @throws every other error again. */
function defectOf(error: unknown, shard: string | null, line: number): Defect {
  if (error instanceof InputError || errorCode(error) !== undefined) throw error;
  const reason = reasonOf(error);
  const isTooLarge = error instanceof RangeError && /at most|more than/u.test(reason);
  const where = shard === null ? '' : `${quote(shard)}: `;
  return {
    line,
    message: `${where}its data cannot be read: ${reason}`,
    hint: isTooLarge ? SMALLER_GROUPS : 'copy or download it again',
  };
}
