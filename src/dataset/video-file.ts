/** Tells files with a video from files with a sound, which have the same containers. */

import { extname } from 'node:path';
import { asVideo, sniffMediaType } from './sniff.ts';

/** Endings of the videos that some model takes. */
const ENDINGS = new Set(['.mp4', '.m4v', '.webm']);

/** Bytes from the start in which a WebM file names its tracks. */
export const TRACK_BYTES = 4096;

/** Whether the name is that of a video, and the first bytes (`TRACK_BYTES`) are not those of a WebM file with sound alone. */
export function isVideoFile(name: string, start: Uint8Array): boolean {
  if (!ENDINGS.has(extname(name).toLowerCase())) return false;
  const text = Buffer.from(start).toString('latin1');
  // Browsers record speech as WebM: a track is named by its codec, `A_OPUS` or `V_VP9`.
  return asVideo(sniffMediaType(start)) !== 'video/webm' || text.includes('V_') || !text.includes('A_');
}
