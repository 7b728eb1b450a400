/** The folder of a run: creates and checks it, reads and writes its `run.json`. */

import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { LOCK_FILE } from '../files/lock.ts';
import { makeFolder } from '../files/make-folder.ts';
import { readTextSync } from '../files/open-file.ts';
import { writeTextSync } from '../files/write-file.ts';
import type { RunInfo } from '../report.ts';
import { STRESS_NAMES } from '../stress-kinds.ts';
import { JOURNAL_FILE, journalParts } from './journal-parts.ts';
import { foreignTables, RUN_FILE } from './run-files.ts';

/** Answers may be private, and anybody on the machine could read them. */
const PRIVATE_FOLDER = 0o700;
const SHARED_FOLDER = 0o777;

/**
 * Creates the folder unless it exists: for its owner only, or, when it is shared, as the umask says.
 * @throws {InputError} when it is a file, is not writable, or has tables of something else.
 */
export function openRunFolder(directory: string, isShared = false): void {
  requireUsable(directory, () => makeFolder(directory, isShared ? SHARED_FOLDER : PRIVATE_FOLDER));
}

/** Checks a folder if it exists; creates nothing. @throws {InputError} as `openRunFolder` does. */
export function checkRunFolder(directory: string): void {
  if (existsSync(directory)) requireUsable(directory);
}

function requireUsable(directory: string, make: () => void = () => {}): void {
  try {
    make();
    if (!statSync(directory).isDirectory()) throw Object.assign(new Error('no folder'), { code: 'EEXIST' });
    accessSync(directory, constants.W_OK | constants.X_OK);
    requireRegularFiles(directory);
    if (existsSync(join(directory, JOURNAL_FILE)))
      accessSync(join(directory, JOURNAL_FILE), constants.R_OK | constants.W_OK);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = error instanceof Error && 'code' in error ? `${error.code}` : String(error);
    throw new InputError(
      {
        file: directory,
        message: `cannot be used as a results folder (${REASONS[reason] ?? reason})`,
        hint: 'choose another --out',
      },
      { cause: error },
    );
  }
  const tables = foreignTables(directory);
  if (tables !== null) throw new InputError(tables);
}

/** A link could lead to a file of somebody else, and reading a named pipe could wait for ever. */
function requireRegularFiles(directory: string): void {
  for (const name of [RUN_FILE, JOURNAL_FILE, LOCK_FILE]) {
    const stats = lstatSync(join(directory, name), { throwIfNoEntry: false });
    if (stats === undefined || stats.isFile()) continue;
    if (stats.isDirectory() && name !== LOCK_FILE) throw Object.assign(new Error(name), { code: 'EISDIR' });
    throw new InputError({
      file: directory,
      message: `cannot be used as a results folder (its ${name} is not a regular file)`,
      hint: 'choose another --out',
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: `its ${RUN_FILE} or ${JOURNAL_FILE} is a folder`,
  EACCES: 'no permission to write',
  EROFS: 'read-only file system',
  ENOENT: 'the system does not allow folders there',
  EPERM: 'the system does not allow folders there',
};

/**
 * Reads `run.json`; null when it or its folder is missing, or it is torn beside a journal: the run then starts again.
 * @throws {InputError} for other formats, and for text that is not JSON without a journal: it is somebody's own file.
 */
export function readRunInfo(directory: string): RunInfo | null {
  const path = join(directory, RUN_FILE);
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return null;
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
  const text = readTextSync(path);
  let info: unknown;
  try {
    info = JSON.parse(text);
  } catch (cause) {
    if (journalParts(directory).length > 0) return null;
    const hint = 'choose another folder, or move it away';
    throw new InputError({ file: path, message: 'is not JSON, and there is no journal beside it', hint }, { cause });
  }
  const { error } = RUN_INFO.safeParse(info);
  if (error === undefined) return info as RunInfo;
  const where = error.issues[0]?.path.join('.') ?? '';
  throw new InputError({
    file: path,
    message: `is not a run.json of this version of earsight${where === '' ? '' : ` (see ${where})`}`,
    hint: 'use the version that wrote it, or choose another folder',
  });
}

const count = z.int().min(0);
const names = z.array(z.string());

/** The members of `run.json` that are read again. */
const RUN_INFO = z.looseObject({
  format: z.literal('earsight-run'),
  formatVersion: z.literal(1),
  runId: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  wallMs: z.number(),
  dataset: z.looseObject({
    path: z.string(),
    sha256: z.string(),
    samples: count,
    mediaRoot: z.string().optional(),
    rows: z.looseObject({ count, sha256: z.string() }).optional(),
  }),
  models: z.array(
    z.looseObject({
      id: z.string(),
      provider: z.string(),
      model: z.string(),
      stress: z.looseObject({ base: z.string(), kind: z.enum(STRESS_NAMES), level: z.number() }).optional(),
    }),
  ),
  repeat: count,
  replayOf: z.string().optional(),
  mergedFrom: names.optional(),
  codecs: names.optional(),
  stopping: z.looseObject({ seed: z.number(), margin: z.number().nullable(), alpha: z.number() }).optional(),
  counts: z.looseObject({ completed: count, failed: count, skipped: count, missing: count }),
  selection: z.looseObject({
    config: z.string().optional(),
    dataset: z.string().optional(),
    format: z.string().optional(),
    prompt: z.string().optional(),
    map: z.string().optional(),
    model: names.optional(),
    limit: z.number().optional(),
    seed: z.number().optional(),
    sample: names.optional(),
    shard: z
      .string()
      .regex(/^\d+\/\d+$/)
      .optional(),
    shardBy: z.enum(['id', 'row']).optional(),
    repeat: z.number().optional(),
    ablate: z.string().optional(),
    skipBroken: z.boolean().optional(),
  }),
});

/** Writes `run.json` whole and flushed: without it, the answers in the journal cannot be resumed. */
export function writeRunInfo(directory: string, info: RunInfo, mode = 0o666): void {
  writeTextSync(join(directory, RUN_FILE), `${JSON.stringify(info, null, 2)}\n`, { flush: true, mode });
}

/** `20261123T083000Z-demo`: sorts by time, safe as a folder name. */
export function runFolderName(wallMs: number, name: string): string {
  const time = new Date(wallMs)
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60);
  return `${time}-${safe}`;
}

/** Creates an id that is unique in merged tables. */
export function newRunId(folderName: string): string {
  return `${folderName}-${randomBytes(3).toString('hex')}`;
}
