/** Finds the configuration file and reads its text. */

import { closeSync, fstatSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { defined } from '../collections/defined.ts';
import { InputError } from '../errors.ts';
import { openFile } from '../files/open-file.ts';
import { nearestName } from '../text/nearest-name.ts';

/** The names to look for when the user names no file. */
const CONFIG_NAMES = ['earsight.config.yaml', 'earsight.config.yml', 'earsight.config.json'] as const;

/** A larger file is most likely the manifest, given by mistake. */
const MAX_CONFIG_BYTES = 4 * 2 ** 20;

export interface ConfigFile {
  readonly path: string;
  /** As the user wrote it, or relative to the working directory. */
  readonly displayPath: string;
  readonly format: 'yaml' | 'json';
  readonly text: string;
  /** Whether there is no file, and the text says what the command line does. */
  readonly isCommandLine?: true;
}

/**
 * Reads the named file, or the first one found from the working directory up to the root of the repository. Outside a
 * repository it looks only in the working directory: the folders above may belong to other people.
 * `hasDataset`: the command line names a dataset, so that models are all that is missing.
 * @throws {InputError} when there is none, or it is not readable text.
 */
export async function readConfigFile(named: string | undefined, cwd: string, hasDataset = false): Promise<ConfigFile> {
  const displayPath = named ?? (await discover(cwd, hasDataset));
  const path = resolve(cwd, displayPath);
  const extension = extname(path).toLowerCase();
  const bytes = await readBytes(path, displayPath);
  if (!['.yaml', '.yml', '.json'].includes(extension))
    throw new InputError({
      file: displayPath,
      message: 'is not a .yaml, .yml or .json file',
      hint: 'name a manifest in the configuration (`dataset`) or with --dataset',
    });
  return { path, displayPath, format: extension === '.json' ? 'json' : 'yaml', text: decode(bytes, displayPath) };
}

/** The reason for a system error in words; `missing` when the file does not exist. */
export function systemReason(error: unknown): string {
  const [problem] = error instanceof InputError ? error.problems : [];
  if (problem !== undefined) return problem.message.replace('cannot be used: ', '');
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  return typeof code === 'string' ? code : 'unknown reason';
}

/** A hint with the most similar name in the same folder. */
export async function neighbourHint(path: string): Promise<string | undefined> {
  const names = await readdir(dirname(path)).catch((): string[] => []);
  const nearest = nearestName(basename(path), names);
  return nearest === undefined ? undefined : `did you mean "${nearest}"?`;
}

/** Absolute paths of the configurations in the first searched folder that has any; empty = there is none. */
export async function configsFound(cwd: string): Promise<readonly string[]> {
  for (const directory of await foldersToSearch(cwd)) {
    const found = await configsIn(directory);
    if (found.length > 0) return found;
  }
  return [];
}

/** Absolute paths of the configurations in a folder. */
export async function configsIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((): string[] => []);
  return CONFIG_NAMES.filter((name) => names.includes(name)).map((name) => join(directory, name));
}

async function discover(cwd: string, hasDataset: boolean): Promise<string> {
  const [first, second] = await configsFound(cwd);
  if (first === undefined)
    throw new InputError({
      message: `no configuration found: ${CONFIG_NAMES.join(', ')}`,
      hint: hasDataset
        ? 'name models: --model local:ocr-ppv4, or openai:<model>; or write one with `earsight init`'
        : 'write one with `earsight init`, or name a file',
    });
  const shown = relative(cwd, first);
  if (second === undefined) return shown;
  throw new InputError({
    file: shown,
    message: `"${basename(second)}" is in the same folder`,
    hint: 'name the one to use, or remove the other',
  });
}

async function foldersToSearch(cwd: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    folders.push(folder);
    const isRoot = await stat(join(folder, '.git')).then(
      () => true,
      () => false,
    );
    if (isRoot) return folders;
    if (dirname(folder) === folder) return folders.slice(0, 1);
  }
}

async function readBytes(path: string, displayPath: string): Promise<Buffer> {
  let bytes: Buffer | null;
  try {
    bytes = readAtMost(path, MAX_CONFIG_BYTES);
  } catch (error) {
    const reason = systemReason(error);
    const hint =
      reason === 'missing'
        ? await neighbourHint(path)
        : reason === 'it is a folder'
          ? await folderHint(path)
          : undefined;
    const message = reason === 'missing' ? 'does not exist' : `cannot be read: ${reason}`;
    throw new InputError(defined({ file: displayPath, message, hint }), { cause: error });
  }
  if (bytes !== null) return bytes;
  throw new InputError({
    file: displayPath,
    message: `is larger than ${MAX_CONFIG_BYTES / 2 ** 20} MiB`,
    hint: 'name the configuration, not the manifest',
  });
}

/** null = the file is larger. @throws as `openFile` does. */
function readAtMost(path: string, maxBytes: number): Buffer | null {
  const descriptor = openFile(path, 'read', { followLinks: true });
  try {
    return fstatSync(descriptor).size > maxBytes ? null : readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

async function folderHint(path: string): Promise<string> {
  const names = await readdir(path).catch((): string[] => []);
  const inside = CONFIG_NAMES.find((name) => names.includes(name));
  return `name the file in it${inside === undefined ? '' : `: ${inside}`}`;
}

function decode(bytes: Buffer, displayPath: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const before = new TextDecoder('utf-8').decode(bytes).split('\ufffd', 1)[0] ?? '';
    const line = before.split('\n').length;
    throw new InputError(
      { file: displayPath, line, message: 'is not UTF-8 text', hint: 'save it as UTF-8' },
      { cause: error },
    );
  }
}
