/** Scorer `choice`: the option that a free answer chooses. */

import { z } from 'zod';
import { mmmuChoice, mmmuProChoice } from './choice/mmmu-choice.ts';
import { type Choices, DEFAULT_LABELS, parseChoice } from './choice/parse-choice.ts';
import { confusion } from './confusion.ts';
import { defineScorer, type ScoreInput } from './scorer.ts';

const options = z.strictObject({
  labels: z
    .array(z.string().min(1).max(20))
    .min(2)
    .exactOptional()
    .describe('what the options are called; default: as many capital letters as there are texts, else A to J'),
  texts: z
    .array(z.string())
    .default([])
    .describe('what the options say, in the order of the labels; empty = meta.choices of the sample, if it has them'),
  rules: z.enum(['ours', 'mmmu', 'mmmu-pro']).default('ours').describe('how an answer is read: see below'),
});

type Options = z.output<typeof options>;

const READERS = { ours: parseChoice, mmmu: mmmuChoice, 'mmmu-pro': mmmuProChoice } as const;

/** 1 when the answer chooses a target, else 0; without value when no option, or more than one, can be made out. */
export const choice = defineScorer({
  description: 'the option that the answer chooses is the target (multiple choice)',
  version: 1,
  unit: 'match',
  options,
  create: (settings) => (input) => {
    const choices = choicesOf(input, settings);
    const wanted = input.target.map((text) => labelOf(text, choices));
    const given = READERS[settings.rules](input.answer, choices);
    return confusion(wanted, given);
  },
});

function choicesOf({ sample }: ScoreInput, settings: Options): Choices {
  const texts = settings.texts.length > 0 ? settings.texts : textsOf(sample.metadata['choices']);
  const labels =
    settings.labels ??
    (texts.length > 0 ? Array.from(texts, (_, index) => String.fromCharCode(65 + index)) : DEFAULT_LABELS);
  return { labels, texts };
}

/** A JSON list, or texts separated by `|`. */
function textsOf(written: string | undefined): readonly string[] {
  if (written === undefined || written.trim() === '') return [];
  try {
    const list: unknown = JSON.parse(written);
    if (Array.isArray(list)) return list.map(String);
  } catch {
    // Not JSON: a list with bars.
  }
  return written.split('|').map((text) => text.trim());
}

/** A target is a label, `(B)`, or the text of an option. */
function labelOf(target: string, choices: Choices): string {
  return parseChoice(target, choices) ?? target.trim();
}
