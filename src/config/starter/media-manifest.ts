/** A manifest for a folder of media: one row a file, with an empty target to fill in. */

import type { MediaName } from './survey-dataset.ts';

/** What is asked when the user gives no prompt: what every model that takes the medium can do. */
export const DEFAULT_PROMPTS = {
  image: 'Transcribe the text in the image.',
  audio: 'Transcribe the audio.',
} as const;

/** `prefix` leads from the manifest to the folder and ends in `/`; empty = paths are relative to the folder. */
export function mediaManifest(files: readonly MediaName[], prefix: string, prompt: string | undefined): string {
  const rows = files.map(({ path, kind }) => {
    const cell = mediaCell(`${prefix}${path}`);
    const media = kind === 'image' ? [cell, ''] : ['', cell];
    return [path, prompt ?? DEFAULT_PROMPTS[kind], ...media, ''];
  });
  return [HEADER, ...rows].map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}

const HEADER = ['id', 'prompt', 'image', 'audio', 'target'];

/** A name that would be read as several files, as a list or as a URL is written so that it is one file. */
function mediaCell(path: string): string {
  const plain = /^[a-z][a-z0-9+.-]*:/i.test(path) ? `./${path}` : path;
  return /[|\\]|^\s*\[|^\s|\s$/.test(plain) ? JSON.stringify([plain]) : plain;
}

const quoted = (cell: string) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
