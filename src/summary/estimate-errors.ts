/** Compares the tokens that were estimated for a cell with those that the endpoint reported. */

import type { ExpectedTokens, Result } from '../result.ts';
import { createRatio, type RatioSums } from '../stats/ratio.ts';
import { sum } from '../stats/sum.ts';
import type { Usage } from '../types.ts';

export const COMPARED_PARTS = ['prompt', 'text', 'image', 'audio', 'completion'] as const;
export type ComparedPart = (typeof COMPARED_PARTS)[number];

/** Tokens of one part of one cell. */
export interface Comparison {
  readonly part: ComparedPart;
  readonly expected: number;
  /** null = the endpoint reported nothing that can be compared. */
  readonly reported: number | null;
}

/**
 * Expected and reported tokens of each part; empty for a cell without an estimate. Many endpoints report only the total of
 * the prompt. That total is the text where there are no media. Otherwise the expected text is subtracted from it: the rest
 * is the images or the audio, and is not known when a cell has both.
 */
export function compareEstimate({ estimate, usage, tokensSource }: Result): readonly Comparison[] {
  if (estimate === undefined || usage === null) return [];
  const { image, audio, completion } = estimate;
  const text = estimate.text + estimate.template;
  const reported = reportedParts(estimate, usage, tokensSource === 'endpoint');
  return [
    { part: 'prompt', expected: text + image + audio, reported: usage.promptTokens },
    { part: 'text', expected: text, reported: reported.text },
    ...(image === 0 ? [] : [{ part: 'image', expected: image, reported: reported.image } as const]),
    ...(audio === 0 ? [] : [{ part: 'audio', expected: audio, reported: reported.audio } as const]),
    { part: 'completion', expected: completion, reported: usage.completionTokens },
  ];
}

/** `isOwn` is false when the split in the usage is our own estimate, which must not be compared with itself. */
function reportedParts({ text, template, image, audio }: ExpectedTokens, usage: Usage, isOwn: boolean) {
  const { promptTokens } = usage;
  const rest = promptTokens === null ? null : Math.max(0, promptTokens - text - template);
  return {
    text: (isOwn ? usage.textTokens : null) ?? (image + audio === 0 ? promptTokens : null),
    image: (isOwn ? usage.imageTokens : null) ?? (audio === 0 ? rest : null),
    audio: (isOwn ? usage.audioTokens : null) ?? (image === 0 ? rest : null),
  };
}

/** Errors of one part over samples; all cells of a sample have the same weight. */
export interface ErrorSums {
  /** Expected minus reported tokens. */
  readonly bias: RatioSums;
  /** Mean absolute error. */
  readonly mae: RatioSums;
  /** Sum of absolute errors divided by reported tokens: a fraction. */
  readonly relative: RatioSums;
  /** Cells that were compared. */
  cells: number;
  /** Cells that could not be compared. */
  missing: number;
}

/** Adds the comparisons of all repeats of one sample to the sums of their parts. */
export function addErrors(sums: Map<ComparedPart, ErrorSums>, repeats: readonly Result[]): void {
  const all = repeats.flatMap(compareEstimate);
  if (all.length === 0) return;
  for (const part of new Set(all.map((comparison) => comparison.part))) {
    const compared = all.filter((comparison) => comparison.part === part);
    const own = sums.get(part) ?? createErrorSums();
    sums.set(part, own);
    const known = compared.flatMap(({ expected, reported }) => (reported === null ? [] : [{ expected, reported }]));
    own.missing += compared.length - known.length;
    own.cells += known.length;
    if (known.length === 0) continue;
    const errors = known.map(({ expected, reported }) => expected - reported);
    const absolute = sum(errors.map(Math.abs));
    own.bias.add(sum(errors), known.length, null);
    own.mae.add(absolute, known.length, null);
    own.relative.add(absolute, sum(known.map(({ reported }) => reported)), null);
  }
}

function createErrorSums(): ErrorSums {
  return { bias: createRatio(), mae: createRatio(), relative: createRatio(), cells: 0, missing: 0 };
}
