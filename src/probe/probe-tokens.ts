/** Finds out how an endpoint counts image tokens: sends text alone, then the same text with pictures of three sizes. */

import { type ImageProbe, identifyImageRule, type RuleMatch } from '../tokens/candidates.ts';
import { imageTokens } from '../tokens/image-tokens.ts';
import type { ModelConfig } from '../types.ts';
import { answerOf, type ProbeCall, type Prober } from './probe-calls.ts';
import { pictureOf } from './probe-media.ts';

/**
 * Pixels. The smallest three sizes (of those tried: sides from 64 to 2400, aspect ratio up to 8 to 1) that distinguish all
 * known rules that any size can distinguish. Rules that differ by a constant, such as marks around an image, cannot be
 * distinguished.
 */
const SIZES = [
  { width: 64, height: 64 },
  { width: 1800, height: 1400 },
  { width: 2400, height: 300 },
] as const;
const GREY = [120, 120, 120] as const;

export const TOKEN_CALLS = 1 + SIZES.length;

/** Largest mean relative error at which a rule counts as the endpoint's own. */
const FITS = 0.02;
/** Most tokens that any model family adds to mark the start and end of an image. */
const MAX_MARKS = 12;

/** What the endpoint counts as image tokens, and the rules that explain it. */
export interface TokenFindings {
  /** Whether text alone got an answer. */
  readonly text: boolean;
  /** Tokens that each picture added to the prompt; empty when the endpoint reports no tokens or accepts no images. */
  readonly readings: readonly ImageProbe[];
  /** The known rules that fit the readings best, all equally well; empty without readings. */
  readonly best: readonly RuleMatch[];
  /** Whether these rules fit well enough to be used. */
  readonly fits: boolean;
  /** What the present estimate gives for each reading. */
  readonly estimate: { readonly rule: string; readonly tokens: readonly number[]; readonly agrees: boolean } | null;
}

/** Sends at most four calls; no images when the text call reported no tokens to compare with. */
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

/** The rule to configure; empty when the estimate is already correct or no rule fits. */
export function tokenSettings(model: ModelConfig, findings: TokenFindings): Readonly<Partial<ModelConfig>> {
  const [best] = findings.best;
  if (best === undefined || !findings.fits || findings.estimate?.agrees === true) return {};
  return { tokens: { ...model.tokens, image: best.mapping } };
}

function explain(
  model: ModelConfig,
  readings: readonly ImageProbe[],
): Pick<TokenFindings, 'best' | 'fits' | 'estimate'> {
  // A single reading fits every flat rule, and an endpoint that counts no image tokens has no rule.
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

/** A rule for an endpoint that counts the same for every size; it needs no entry in the table of rules. */
function flatRule(readings: readonly ImageProbe[]): readonly RuleMatch[] {
  const [first, ...others] = readings.map(({ tokens }) => tokens);
  if (first === undefined || others.some((tokens) => tokens !== first)) return [];
  return [{ rule: 'flat', mapping: `flat tokens=${first}`, framing: 0, error: 0 }];
}

function promptTokens(call: ProbeCall): number | null {
  return answerOf(call)?.usage?.promptTokens ?? null;
}
