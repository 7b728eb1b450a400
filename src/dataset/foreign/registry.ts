/** The registry of dataset formats that others made: one file and one line for each. */

import { azureEval } from './azure-eval.ts';
import { commonVoice } from './common-voice.ts';
import type { ForeignFormat } from './foreign-format.ts';
import { hfClasses } from './hf-classes.ts';
import { hfFolder } from './hf-folder.ts';
import { inspect } from './inspect.ts';
import { librispeech } from './librispeech.ts';
import { llava } from './llava.ts';
import { openaiBatch } from './openai-batch.ts';
import { openaiEvals } from './openai-evals.ts';
import { openaiHostedEvals } from './openai-hosted-evals.ts';
import { parquet } from './parquet/format.ts';
import { promptfoo } from './promptfoo/config.ts';
import { promptfooCsv } from './promptfoo/tests-csv.ts';
import { vlmevalkit } from './vlmevalkit.ts';
import { vqav2 } from './vqav2.ts';

/** Every foreign format by its name for `--format`. The first that matches a file reads it. */
export const FOREIGN_FORMATS = {
  promptfoo,
  'promptfoo-csv': promptfooCsv,
  'openai-batch': openaiBatch,
  'openai-hosted-evals': openaiHostedEvals,
  llava,
  vqav2,
  parquet,
  inspect,
  'openai-evals': openaiEvals,
  'azure-eval': azureEval,
  vlmevalkit,
  'common-voice': commonVoice,
  librispeech,
  'hf-folder': hfFolder,
  'hf-classes': hfClasses,
} as const satisfies Record<string, ForeignFormat>;

export type ForeignFormatName = keyof typeof FOREIGN_FORMATS;
