/** Reads the sound of a spoken answer (`message.audio` of chat completions). */

import type { Sound } from '../types.ts';
import { textOf, type WireObject } from './http/wire-value.ts';

/** Four minutes of 24 kHz 16-bit speech. A whole reply may have 20 MiB, which is 15 MiB of sound as base64. */
export const MAX_SOUND_BYTES = 12 * 2 ** 20;

/** Longer base64 is not decoded, and not collected from a stream. */
export const MAX_SOUND_CHARACTERS = Math.ceil(MAX_SOUND_BYTES / 3) * 4;

/** null = the answer has no sound. `format` is the one that was requested. */
export function soundOf(audio: WireObject, format: string | null): Sound | null {
  const data = textOf(audio['data']);
  if (data === null) return null;
  if (data.length > MAX_SOUND_CHARACTERS) return { problem: `it is larger than ${MAX_SOUND_BYTES / 2 ** 20} MiB` };
  if (!BASE64.test(data)) return { problem: 'it is not base64' };
  return { bytes: decoded(data), format };
}

const BASE64 = /^[A-Za-z0-9+/=_\-\s]+$/;

/** The pieces of a stream may each be padded, and Node stops at the first padding. */
function decoded(data: string): Buffer {
  return Buffer.concat(data.split(/=+/).map((piece) => Buffer.from(piece, 'base64')));
}
