/** Speech held against the household-assistant grammar. */

import { COMMAND, toJsgf } from '../grammar.ts';
import type { LocalModel } from '../local-model.ts';
import { loadSpeechEngine } from '../speech.ts';

/** Sure inside its domain and lost outside of it: it hears the nearest command, or nothing. */
export const asrCommand: LocalModel = {
  medium: 'audio',
  description: 'PocketSphinx with a household-command grammar, English',
  recogniser: 'PocketSphinx command grammar (soundswallower 0.6.3)',
  load: () => loadSpeechEngine({ type: 'jsgf', grammar: toJsgf(COMMAND) }),
};
