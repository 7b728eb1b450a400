/** The folder of a run: creates and checks it, reads and writes its `run.json`. */

import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writeTextSync } from '../files/write-file.ts';
import type { RunInfo } from '../report.ts';
import { JOURNAL_FILE } from './journal-parts.ts';

export const RUN_FILE = 'run.json';

/** Creates the folder unless it exists. @throws {InputError} when it is a file or is not writable. */
export function openRunFolder(directory: string): void {
  requireUsable(directory, () => makeFolder(directory));
}

/** Checks a folder if it exists; creates nothing. @throws {InputError} when it is a file or is not writable. */
export function checkRunFolder(directory: string): void {
  if (existsSync(directory)) requireUsable(directory);
}

function requireUsable(directory: string, make: () => void = () => {}): void {
  try {
    make();
    if (!statSync(directory).isDirectory()) throw Object.assign(new Error('no folder'), { code: 'EEXIST' });
    accessSync(directory, constants.W_OK | constants.X_OK);
    if (existsSync(join(directory, JOURNAL_FILE)))
      accessSync(join(directory, JOURNAL_FILE), constants.R_OK | constants.W_OK);
    for (const name of [RUN_FILE, JOURNAL_FILE])
      if (statSync(join(directory, name), { throwIfNoEntry: false })?.isDirectory() === true)
        throw Object.assign(new Error(name), { code: 'EISDIR' });
  } catch (error) {
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

/** Reads `run.json`; null when it is missing or incomplete: the run then starts again. @throws {InputError} for other formats. */
export function readRunInfo(directory: string): RunInfo | null {
  const path = join(directory, RUN_FILE);
  if (!existsSync(path)) return null;
  let info: unknown;
  try {
    info = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
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
  dataset: z.looseObject({ path: z.string(), sha256: z.string(), samples: count }),
  models: z.array(z.looseObject({ id: z.string(), provider: z.string(), model: z.string() })),
  repeat: count,
  replayOf: z.string().optional(),
  counts: z.looseObject({ completed: count, failed: count, skipped: count, missing: count }),
  selection: z.looseObject({
    config: z.string().optional(),
    dataset: z.string().optional(),
    model: names.optional(),
    limit: z.number().optional(),
    sample: names.optional(),
    shard: z.string().optional(),
    repeat: z.number().optional(),
  }),
});

/** Writes `run.json` whole and flushed: without it, the answers in the journal cannot be resumed. */
export function writeRunInfo(directory: string, info: RunInfo): void {
  writeTextSync(join(directory, RUN_FILE), `${JSON.stringify(info, null, 2)}\n`, { flush: true });
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
