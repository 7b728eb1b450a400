/** Option `--embed-media` of the commands that write `report.html`. */

import { type Arguments, type OptionSpec, text } from '../command.ts';
import { InputError } from '../errors.ts';
import { EMBED_MODES, type EmbedMode } from '../shown-media.ts';
import { suggest } from '../text/nearest-name.ts';

export const EMBED_MEDIA = {
  type: 'string',
  describe: `media in report.html, one of ${EMBED_MODES.join(', ')}`,
  default: 'thumbs',
} as const satisfies OptionSpec;

/** @throws {InputError} for another name. */
export function embedMediaOf(args: Arguments): EmbedMode {
  const name = text(args, 'embed-media') ?? EMBED_MEDIA.default;
  const mode = EMBED_MODES.find((one) => one === name);
  if (mode !== undefined) return mode;
  throw new InputError({ message: `--embed-media cannot be "${name}"`, hint: suggest(name, EMBED_MODES) });
}
