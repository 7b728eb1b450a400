/** Finds out how an endpoint counts the tokens of images: text alone, then the same text with pictures of three sizes. */

import { type ImageProbe, identifyImageRule, type RuleMatch } from '../tokens/candidates.ts';
import { imageTokens } from '../tokens/image-tokens.ts';
import type { ModelConfig } from '../types.ts';
import { answerOf, type ProbeCall, type Prober } from './probe-calls.ts';
import { pictureOf } from './probe-media.ts';

/**
 * Pixels. The smallest three of those tried (sides from 64 to 2400, at most 8 to 1) that tell every two known rules apart
 * that some size tells apart; those that differ nowhere, or by a constant such as marks around an image, nothing can.
 */
const SIZES = [
  { width: 64, height: 64 },
  { width: 1800, height: 1400 },
  { width: 2400, height: 300 },
] as const;
const GREY = [120, 120, 120] as const;

export const TOKEN_CALLS = 1 + SIZES.length;

/** Mean relative error up to which a rule is taken for the endpoint's own. */
const FITS = 0.02;
/** Tokens that mark an image's begin and end; no family has more. */
const MAX_MARKS = 12;

/** What the endpoint counts for images. */
export interface TokenFindings {
  /** Whether text alone was answered. */
  readonly text: boolean;
  /** Tokens that each picture added to the prompt; empty when the endpoint reports none or takes no images. */
  readonly readings: readonly ImageProbe[];
  /** The known rules that explain the readings best, all equally well; empty without readings. */
  readonly best: readonly RuleMatch[];
  /** Whether the best ones explain them well enough to be used. */
  readonly fits: boolean;
  /** What the estimate takes for each reading now. */
  readonly estimate: { readonly rule: string; readonly tokens: readonly number[]; readonly agrees: boolean } | null;
}

/** Sends at most four calls; none for images where text gave nothing to compare them with. */
export async function probeTokens(prober: Prober): Promise<TokenFindings> {
  const plain = await prober.ask('text');
  const base = promptTokens(plain);
  const readings: ImageProbe[] = [];
  for (const { width, height } of base === null ? [] : SIZES) {
    const call = await prober.ask(`${width} x ${height} px`, { images: [pictureOf(width, height, GREY)] });
    const whole = promptTokens(call);
    if (base !== null && whole !== null) readings.push({ width, height, tokens: whole - base });
  }
  return { text: answerOf(plain) !== null, readings, ...explain(prober.model, readings) };
}

/** The rule to configure; nothing where the estimate is right already or no rule fits. */
export function tokenSettings(model: ModelConfig, findings: TokenFindings): Readonly<Partial<ModelConfig>> {
  const [best] = findings.best;
  if (best === undefined || !findings.fits || findings.estimate?.agrees === true) return {};
  return { tokens: { ...model.tokens, image: best.mapping } };
}

function explain(
  model: ModelConfig,
  readings: readonly ImageProbe[],
): Pick<TokenFindings, 'best' | 'fits' | 'estimate'> {
  // One reading fits every flat rule; an endpoint that counts nothing has no rule.
  if (readings.length < 2 || readings.every(({ tokens }) => tokens <= 0))
    return { best: [], fits: false, estimate: null };
  const matches = [...flatRule(readings), ...identifyImageRule(readings)];
  const least = matches[0]?.error ?? Number.POSITIVE_INFINITY;
  const estimates = readings.map((size) => imageTokens(model, size));
  const gaps = readings.map(({ tokens }, index) => tokens - (estimates[index]?.expected ?? 0));
  const [marks = 0] = gaps;
  const firstIndexOf = (wanted: string) => matches.findIndex(({ mapping }) => mapping === wanted);
  return {
    best: matches.filter(({ error, mapping }, index) => error === least && firstIndexOf(mapping) === index),
    fits: least <= FITS,
    estimate: {
      rule: estimates[0]?.rule ?? 'unknown',
      tokens: estimates.map(({ expected }) => expected),
      agrees: marks >= 0 && marks <= MAX_MARKS && gaps.every((gap) => gap === marks),
    },
  };
}

/** The same count for every size needs no table to be named. */
function flatRule(readings: readonly ImageProbe[]): readonly RuleMatch[] {
  const [first, ...others] = readings.map(({ tokens }) => tokens);
  if (first === undefined || others.some((tokens) => tokens !== first)) return [];
  return [{ rule: 'flat', mapping: `flat tokens=${first}`, framing: 0, error: 0 }];
}

function promptTokens(call: ProbeCall): number | null {
  return answerOf(call)?.usage?.promptTokens ?? null;
}
