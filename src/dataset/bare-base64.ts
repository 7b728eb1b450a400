/** Recognises the bytes of a medium that were written as base64 in the place of a path. */

import type { Fault } from './media-file.ts';
import { sniffMediaType } from './sniff.ts';

/** A shorter text may be a file name by chance, and holds no medium. */
const LEAST_CHARACTERS = 64;
/** Enough for every signature; a multiple of four characters. */
const HEAD_CHARACTERS = 256;

/** null = the text is not the base64 of a known medium. */
export function bareBase64(text: string): Fault | null {
  const head = text.slice(0, HEAD_CHARACTERS).replace(/\s/gu, '');
  if (head.length < LEAST_CHARACTERS || !/^[A-Za-z0-9+/]+={0,2}$/u.test(head)) return null;
  const mediaType = sniffMediaType(Buffer.from(head, 'base64'));
  if (mediaType === undefined) return null;
  return { message: 'is bare base64', hint: `write data:${mediaType};base64, in front of it` };
}
