/** A manifest for a folder of media: one row a file, with an empty target to fill in. */

import { MEDIUM_KINDS, type MediumKind } from '../../modalities.ts';
import type { MediaName } from './survey-dataset.ts';

/** What is asked when the user gives no prompt: what every model that takes the medium can do. */
export const DEFAULT_PROMPTS = {
  image: 'Transcribe the text in the image.',
  audio: 'Transcribe the audio.',
  document: 'Transcribe the text in the document.',
  video: 'Describe the video.',
} as const satisfies Record<MediumKind, string>;

/** `prefix` leads from the manifest to the folder and ends in `/`; empty = paths are relative to the folder. */
export function mediaManifest(files: readonly MediaName[], prefix: string, prompt: string | undefined): string {
  const kinds = MEDIUM_KINDS.filter((kind) => USUAL.includes(kind) || files.some((file) => file.kind === kind));
  const rows = files.map(({ path, kind }) => {
    const cell = mediaCell(`${prefix}${path}`);
    return [path, prompt ?? DEFAULT_PROMPTS[kind], ...kinds.map((one) => (one === kind ? cell : '')), ''];
  });
  return [['id', 'prompt', ...kinds, 'target'], ...rows].map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}

/** Kinds whose column is always there. */
const USUAL: readonly MediumKind[] = ['image', 'audio'];

/** A name that would be read as several files, as a list or as a URL is written so that it is one file. */
function mediaCell(path: string): string {
  const plain = /^[a-z][a-z0-9+.-]*:/i.test(path) ? `./${path}` : path;
  return /[|\\]|^\s*\[|^\s|\s$/.test(plain) ? JSON.stringify([plain]) : plain;
}

const quoted = (cell: string) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
