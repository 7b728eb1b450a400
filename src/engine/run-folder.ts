/** The folder of a run: found or made, `run.json` read and written whole. */

import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import type { RunInfo } from '../reporters/report.ts';
import { JOURNAL_FILE } from './journal-parts.ts';
import { makeFolder } from './make-folder.ts';

export const RUN_FILE = 'run.json';

/** Makes the folder when it is not there. @throws {InputError} when it is a file or cannot be written. */
export function openRunFolder(directory: string): void {
  try {
    makeFolder(directory);
    if (!statSync(directory).isDirectory()) throw Object.assign(new Error('no folder'), { code: 'EEXIST' });
    accessSync(directory, constants.W_OK | constants.X_OK);
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
  ENOENT: 'the system makes no folders there',
  EPERM: 'the system makes no folders there',
};

/** Reads `run.json`; null when there is none or it is torn: that is a fresh start. @throws {InputError} for other formats. */
export function readRunInfo(directory: string): RunInfo | null {
  const path = join(directory, RUN_FILE);
  if (!existsSync(path)) return null;
  let info: unknown;
  try {
    info = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
  if (!isRunInfo(info)) {
    throw new InputError({
      file: path,
      message: 'is not the run.json of this version of earsight',
      hint: 'use the version that wrote it, or choose another folder',
    });
  }
  return info;
}

function isRunInfo(value: unknown): value is RunInfo {
  return (
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    value.format === 'earsight-run' &&
    'formatVersion' in value &&
    value.formatVersion === 1
  );
}

/** Writes `run.json` in one step. */
export function writeRunInfo(directory: string, info: RunInfo): void {
  const path = join(directory, RUN_FILE);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify(info, null, 2)}\n`);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
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

/** An id that tells runs apart in merged tables. */
export function newRunId(folderName: string): string {
  return `${folderName}-${randomBytes(3).toString('hex')}`;
}
