/** The sounds of spoken answers in a run's folder: `media/<sha256>.<extension>`, each written once, whatever cells have it. */

import { hash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { sniffMediaType } from '../dataset/sniff.ts';
import { makeFolder } from '../files/make-folder.ts';
import { readBytesSync } from '../files/open-file.ts';
import { type Content, writeFile } from '../files/write-file.ts';
import type { KeptSound } from '../result.ts';

const SOUND_FOLDER = 'media';

/** By media type; sounds of other types end in `.bin`. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['audio/wav', 'wav'],
  ['audio/mpeg', 'mp3'],
  ['audio/flac', 'flac'],
  ['audio/ogg', 'ogg'],
  ['audio/mp4', 'm4a'],
  ['audio/webm', 'webm'],
  ['audio/aiff', 'aiff'],
  ['audio/aac', 'aac'],
  ['audio/pcm', 'pcm'],
]);

/** By the name of the format in a request; OpenAI's `pcm16` is raw 24 kHz 16-bit mono without a header. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['wav', 'audio/wav'],
  ['mp3', 'audio/mpeg'],
  ['flac', 'audio/flac'],
  ['opus', 'audio/ogg'],
  ['aac', 'audio/aac'],
  ['pcm16', 'audio/pcm'],
  ['pcm', 'audio/pcm'],
]);

/** Path of a sound's file, relative to the run's folder. @throws {RangeError} for a hash that is none. */
export function soundFile({ sha256, mediaType }: Pick<KeptSound, 'sha256' | 'mediaType'>): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('the hash of a sound is not 64 hex digits');
  return join(SOUND_FOLDER, `${sha256}.${EXTENSIONS.get(mediaType) ?? 'bin'}`);
}

/** What the journal holds of a sound. The bytes tell its type; where they do not, the format that was requested. */
export function describeSound(bytes: Buffer, format: string | null): KeptSound {
  const sniffed = sniffMediaType(bytes);
  const mediaType = sniffed?.startsWith('audio/') ? sniffed : FORMATS.get(format?.toLowerCase() ?? '');
  return {
    sha256: hash('sha256', bytes),
    mediaType: mediaType ?? 'application/octet-stream',
    byteLength: bytes.length,
  };
}

/**
 * Writes a sound into a run's folder unless it is there. `mode` are the permissions of the file, before the umask.
 * @throws {Error} the error of the disk, also when the folder of sounds is a link.
 */
export async function writeSound(folder: string, sound: KeptSound, content: Content, mode = 0o666): Promise<void> {
  const path = join(folder, soundFile(sound));
  const sounds = join(folder, SOUND_FOLDER);
  // Whoever may read the files may also list the folder.
  makeFolder(sounds, mode | ((mode & 0o444) >> 2));
  requireFolder(sounds);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isFile() === true && there.size === sound.byteLength) return;
  await writeFile(path, content, { mode });
}

/**
 * Copies a sound between the folders of runs. The run may be of somebody else: neither a link nor other bytes are copied.
 * @throws {Error} the error of the disk, also when it is not there.
 */
export async function copySound(from: string, to: string, sound: KeptSound, mode = 0o666): Promise<void> {
  requireFolder(join(from, SOUND_FOLDER));
  const bytes = readBytesSync(join(from, soundFile(sound)));
  if (hash('sha256', bytes) !== sound.sha256) throw new Error(`${soundFile(sound)} has other bytes than its name says`);
  await writeSound(to, sound, [bytes], mode);
}

function requireFolder(path: string): void {
  if (!lstatSync(path).isDirectory()) throw new Error(`${path} is a link or a file`);
}
