/** The command-line options that select samples and models, and what may be wrong with them. */

import type { OptionSpec } from '../command.ts';
import { ALL_FORMATS, isFormatName } from '../dataset/find-format.ts';
import type { Problem } from '../errors.ts';
import type { Selection } from '../report.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import { parseShard } from './shard.ts';

/** The command-line options of a selection. */
export const SELECTION_OPTIONS = {
  dataset: {
    type: 'string',
    describe: "manifest, folder of media, or glob in quotes (default: the configuration's)",
  },
  format: { type: 'string', describe: 'how the manifest is written, e.g. inspect (default: found by the file)' },
  prompt: { type: 'string', describe: "prompt of samples without their own (default: the configuration's)" },
  map: {
    type: 'string',
    describe: "columns under other names, e.g. prompt=question,target=answer (default: the configuration's)",
  },
  model: {
    type: 'array',
    describe:
      'only these models: ids, which take all variants, or provider:model, such as local:ocr-ppv4 (default: all)',
  },
  endpoint: { type: 'string', describe: "URL of the models given as provider:model (default: the vendor's own)" },
  limit: { type: 'number', describe: 'only the first N samples, or N drawn at random with --seed (default: all)' },
  seed: {
    type: 'number',
    describe:
      "whole number: draws the samples of --limit, and repeats everything random in a run (default: the configuration's)",
  },
  sample: { type: 'array', describe: 'only these samples (default: all)' },
  shard: { type: 'string', describe: 'part i of n of the samples, e.g. 2/8 (default: 1/1)' },
  repeat: { type: 'number', describe: "ask every sample N times (default: the configuration's, 1)" },
  ablate: {
    type: 'string',
    describe: 'ask each model also without a medium, e.g. image,audio: how much of its score needs it (default: none)',
  },
  'skip-broken': {
    type: 'boolean',
    describe: 'leave samples with missing or broken media out of every model (default: they are problems)',
  },
} as const satisfies Record<string, OptionSpec>;

/** Problems of the values alone. */
export function selectionProblems({ format, limit, seed, sample, repeat, shard }: Selection): Problem[] {
  const problems: Problem[] = [];
  if (format !== undefined && !isFormatName(format))
    problems.push({ message: `unknown format ${quote(format)}`, hint: suggest(format, Object.keys(ALL_FORMATS)) });
  for (const [name, value] of Object.entries({ limit, repeat })) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      problems.push({ message: `--${name} ${value} is not a whole number from 1` });
    }
  }
  if (seed !== undefined && !Number.isSafeInteger(seed))
    problems.push({ message: `--seed ${seed} is not a whole number` });
  if (seed !== undefined && limit !== undefined && sample !== undefined)
    problems.push({
      message: '--limit with --seed draws samples, and --sample names them',
      hint: 'leave out --limit or --sample',
    });
  const [part, parts] = parseShard(shard ?? '1/1');
  if (!(part >= 1 && part <= parts)) problems.push({ message: `--shard ${shard} is not i/n`, hint: 'for example 2/8' });
  return problems;
}
