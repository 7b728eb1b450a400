/** Makes the path of `/audio/transcriptions` out of the path of a pasted endpoint. */

import { InputError } from '../../errors.ts';

export const TRANSCRIPTIONS = '/audio/transcriptions';

/**
 * Takes a path that ends in a version, or in the whole route; a bare host gets both.
 * @throws {InputError} for a path that ends in another route.
 */
export function transcriptionPath(path: string, modelId: string, base: string): string {
  if (path.endsWith(TRANSCRIPTIONS)) return path;
  // Users paste the URL that lists the models, because it answers in a browser.
  const parent = path.replace(/\/v1\/models$/, '/v1');
  if (/\/(completions|responses|embeddings|translations|speech|messages|info)$/.test(parent))
    throw new InputError({
      message: `${modelId}: ${path} is not a transcription route`,
      hint: `remove its last part, or end it with ${TRANSCRIPTIONS}`,
    });
  return `${parent === '' ? base : parent}${TRANSCRIPTIONS}`;
}
