/** Resolves the paths of a manifest to files below the media root. */

import { hash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, relative, resolve, sep } from 'node:path';
import { bareBase64 } from './bare-base64.ts';
import type { RemoteFile } from './locate-remote.ts';
import { describeFile, type Fault, type FileFacts, systemFault } from './media-file.ts';
import { missingFileHint } from './missing-file.ts';
import { createOtherFormFinder } from './other-form.ts';

/** A file that may be read, with its facts. */
interface MediaFile extends FileFacts {
  /** Absolute, links resolved, below the media root. */
  readonly path: string;
}

/** Finds the files that one manifest names. */
export type FileLocator = (uri: string) => Promise<MediaFile | Fault>;

/** Finds the media of a manifest, on this machine or below a URL. */
export type MediaLocator = (uri: string) => Promise<MediaFile | RemoteFile | Fault>;

/** Where media paths start, and where media must lie. */
export interface MediaFolders {
  /** Of the manifest, absolute; paths are relative to it. */
  readonly folder: string;
  /** Absolute; media must lie below it. Absent = `folder`. */
  readonly mediaRoot?: string;
}

export interface LocatorOptions extends MediaFolders {
  readonly maxMediaBytes: number;
  /** Files that were read before; shared by all passes over one manifest. */
  readonly known: KnownFiles;
  /** Whether no other pass follows: then only the files of nearby rows are remembered. */
  readonly isOnlyPass?: boolean;
}

/** Facts of files by path, inode, size and time of change; pending or done. */
export type KnownFiles = Map<string, Promise<FileFacts | Fault>>;

/** About 40 MB when full. The next pass reads all other files again. */
const MAX_KNOWN_FILES = 100_000;

/** For a single pass: rows that share an image or a clip are mostly near each other. */
const MAX_RECENT_FILES = 1_000;

/** Missing files for which a similar name is searched: each search lists a folder. */
const MAX_SUGGESTIONS = 20;

/** PATH_MAX of Linux; other systems have less. */
const MAX_PATH = 4096;

/** Makes a locator. Without `mediaRoot` it rejects absolute paths. */
export function createFileLocator(options: LocatorOptions): FileLocator {
  const { folder, mediaRoot } = options;
  const root = mediaRoot ?? folder;
  const findOtherForm = createOtherFormFinder();
  let realRoot: string | undefined;
  let suggestions = 0;

  const candidatesOf = (uri: string) => candidates(uri, options);

  /** The real path of the first candidate that exists, also under a name of another Unicode form. */
  const find = async (paths: readonly string[]): Promise<string> => {
    let missing: unknown;
    for (const findPath of [realpath, otherForm])
      for (const candidate of paths)
        try {
          return await findPath(candidate);
        } catch (error) {
          missing ??= error;
        }
    throw missing;
  };
  const otherForm = async (path: string) => {
    const found = await findOtherForm(root, relative(root, path));
    return realpath(found ?? path);
  };
  const exists = async (uri: string) => {
    const path = await find(candidatesOf(uri)).catch(() => undefined);
    return path !== undefined && realRoot !== undefined && isInside(path, realRoot);
  };
  const mayList = (path: string) => realRoot !== undefined && (path === realRoot || isInside(path, realRoot));

  return async (uri) => {
    const first = namedPath(uri, options);
    if (typeof first !== 'string') return first;
    try {
      realRoot ??= await realpath(root);
      const path = await find(candidatesOf(uri));
      return isInside(path, realRoot) ? await describeOnce(path, options) : THROUGH_LINK;
    } catch (error) {
      const fault = systemFault(error);
      if (fault.message !== 'does not exist' || suggestions >= MAX_SUGGESTIONS) return fault;
      suggestions += 1;
      const usual = `paths are relative to the manifest${mediaRoot === undefined ? '' : ' or to mediaRoot'}`;
      return { ...fault, hint: (await missingFileHint(uri, first, { exists, mayList })) ?? usual };
    }
  };
}

/** Makes a locator that opens no file: it knows what the name says, and calls two files the same when their paths are. */
export function createNameLocator(folders: MediaFolders): FileLocator {
  return async (uri) => {
    const path = namedPath(uri, folders);
    if (typeof path !== 'string') return path;
    return { path, mediaType: mediaTypeOfName(path), byteLength: 0, sha256: hash('sha256', path) };
  };
}

/** Relative to the manifest, else to the media root. A path that leaves the root by its name alone is never opened. */
function candidates(uri: string, { folder, mediaRoot: root = folder }: MediaFolders): readonly string[] {
  const paths = root === folder ? [resolve(folder, uri)] : [...new Set([resolve(folder, uri), resolve(root, uri)])];
  return paths.filter((path) => isInside(path, root));
}

/** The first path that a value may mean, or what is wrong with the value itself. */
function namedPath(uri: string, folders: MediaFolders): string | Fault {
  const { mediaRoot } = folders;
  if (uri.includes('\0')) return { message: 'contains a NUL character' };
  const bare = bareBase64(uri);
  if (bare !== null) return bare;
  if (uri.length > MAX_PATH) return { message: `is longer than ${MAX_PATH} characters` };
  const isRooted = isAbsolute(uri) || WINDOWS_ROOT.test(uri);
  if (isRooted && mediaRoot === undefined)
    return { message: 'is an absolute path', hint: 'write it relative to the manifest, or set mediaRoot' };
  return candidates(uri, folders)[0] ?? outside(mediaRoot);
}

/** By the ending alone; undefined for one that no medium has. */
function mediaTypeOfName(path: string): string | undefined {
  return TYPES[extname(path).toLowerCase()];
}

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.flac': 'audio/flac',
  '.ogg': 'audio/ogg',
  '.m4a': 'audio/mp4',
  '.mp4': 'audio/mp4',
  '.webm': 'audio/webm',
  '.pdf': 'application/pdf',
};

/** `C:\` and `\\host`, which are plain names on other systems. */
const WINDOWS_ROOT = /^(?:[a-z]:[\\/]|\\\\)/i;

function isInside(path: string, root: string): boolean {
  // Most paths begin like their root, and the function of Node.js takes ten times as long.
  if (path.startsWith(root) && path[root.length] === sep && path.length > root.length + 1 && !path.includes(`${sep}.`))
    return true;
  const fromRoot = relative(root, path);
  return fromRoot !== '' && fromRoot !== '..' && !fromRoot.startsWith(`..${sep}`) && !isAbsolute(fromRoot);
}

function outside(mediaRoot: string | undefined): Fault {
  if (mediaRoot !== undefined)
    return { message: 'is outside mediaRoot', hint: 'move it there, or set mediaRoot to a folder above' };
  return { message: "is outside the manifest's folder", hint: 'move it there, or set mediaRoot to a folder above' };
}

const THROUGH_LINK: Fault = {
  message: 'is a link to a file outside the media folder',
  hint: 'put the file itself there, or set mediaRoot',
};

async function describeOnce(path: string, options: LocatorOptions): Promise<MediaFile | Fault> {
  const { known, maxMediaBytes, isOnlyPass = false } = options;
  const { ino, size, mtimeMs, ctimeMs } = await stat(path);
  const key = `${path}\0${ino}:${size}:${mtimeMs}:${ctimeMs}:${maxMediaBytes}`;
  const facts = known.get(key) ?? describeFile(path, maxMediaBytes);
  if (isOnlyPass) keepRecent(known, key, facts);
  else if (known.size < MAX_KNOWN_FILES) known.set(key, facts);
  const found = await facts;
  return 'message' in found ? found : { ...found, path };
}

/** Moves an entry to the end, and drops the oldest when there are too many. */
function keepRecent(known: KnownFiles, key: string, facts: Promise<FileFacts | Fault>): void {
  known.delete(key);
  known.set(key, facts);
  const [oldest] = known.keys();
  if (known.size > MAX_RECENT_FILES && oldest !== undefined) known.delete(oldest);
}
