/** The registry of dataset formats that others made: one file and one line for each. */

import type { ForeignFormat } from './foreign-format.ts';
import { hfFolder } from './hf-folder.ts';
import { inspect } from './inspect.ts';
import { librispeech } from './librispeech.ts';
import { openaiEvals } from './openai-evals.ts';
import { vlmevalkit } from './vlmevalkit.ts';

/** Every foreign format by its name for `--format`. The first that matches a file reads it. */
export const FOREIGN_FORMATS = {
  inspect,
  'openai-evals': openaiEvals,
  vlmevalkit,
  librispeech,
  'hf-folder': hfFolder,
} as const satisfies Record<string, ForeignFormat>;

export type ForeignFormatName = keyof typeof FOREIGN_FORMATS;
