/** Speech recognition with the household-assistant grammar. */

import { COMMAND, toJsgf } from '../grammar.ts';
import type { LocalModel } from '../local-model.ts';
import { loadSpeechEngine } from '../speech.ts';

/** Reliable inside of its domain; outside it recognises the nearest command, or nothing. */
export const asrCommand: LocalModel = {
  medium: 'audio',
  description: 'PocketSphinx with a household-command grammar, English',
  recogniser: 'PocketSphinx command grammar (soundswallower 0.6.3)',
  packages: ['soundswallower'],
  load: () => loadSpeechEngine({ type: 'jsgf', grammar: toJsgf(COMMAND) }),
};
