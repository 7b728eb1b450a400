/** Estimates the tokens of a spoken answer: its transcript, and the sound, which has a price of its own. */

import { comparableModel } from '../models/model-name.ts';
import { completionTokens, type EarlierCompletions } from './completion-tokens.ts';
import type { ReasoningModel } from './reasoning.ts';
import { banded, type TokenEstimate } from './token-estimate.ts';

/** How a family counts the sound that it answers with. */
export interface SpokenRule {
  readonly name: string;
  readonly models: RegExp;
  readonly source: string;
  /** ISO date on which the source was read. */
  readonly readOn: string;
  /** Tokens of a second of sound. */
  readonly perSecond: number;
}

/** The first that matches counts. Other families do not say: no rule. */
const SPOKEN_RULES: readonly SpokenRule[] = [
  {
    name: 'openai-spoken',
    models: /gpt-(4o-(mini-)?)?(audio|realtime)/,
    source: 'https://developers.openai.com/api/docs/guides/realtime-costs',
    readOn: '2026-11-30',
    perSecond: 20,
  },
];

/** Tokens of text in a second of speech: slow, usual (150 words a minute), fast. */
const TEXT_PER_SECOND = { slow: 2, usual: 3.5, fast: 8 } as const;

/** Of a family that is not known: the low bound has no sound. */
const UNKNOWN_PER_SECOND = { low: 0, expected: 20, high: 50 } as const;

/** An answer with its sound. */
export interface SpokenAnswer {
  /** Transcript and sound together, as endpoints report them. */
  readonly completion: TokenEstimate;
  /** The sound's part of it. */
  readonly spoken: TokenEstimate;
}

/** The rule of a model; null = none is known. */
export function spokenRuleOf({ model }: { readonly model: string }): SpokenRule | null {
  return SPOKEN_RULES.find(({ models }) => models.test(comparableModel(model))) ?? null;
}

/** What an estimate of the sound assumes, for people. */
export function spokenAssumption(rule: SpokenRule | null): string {
  const speech = `${TEXT_PER_SECOND.usual} tokens of text a second of speech`;
  return rule === null
    ? `${UNKNOWN_PER_SECOND.expected} tokens of sound and ${speech} (no rule is known for this model)`
    : `${rule.perSecond} tokens of sound (${rule.source}) and ${speech}`;
}

/**
 * Tokens of one spoken answer. Earlier spoken answers say how much of them is sound; else the length of the text says how
 * long it is spoken. `maxTokens` limits both together.
 */
export function spokenAnswer(
  model: ReasoningModel & { readonly model: string },
  earlier: EarlierCompletions | undefined,
  maxTokens: number | null = model.params.maxTokens ?? null,
): SpokenAnswer {
  const share = earlier?.spokenShare ?? 0;
  if (share > 0) {
    const completion = completionTokens(model, earlier, maxTokens);
    const { low, expected, high, rule, confidence } = completion;
    // A longer answer may be sound alone: the dearest there is.
    return { completion, spoken: banded(expected * share, [(low * share) / 2, high], rule, confidence) };
  }
  const text = completionTokens(model, earlier, null);
  const rule = spokenRuleOf(model);
  const { low, expected, high } = rule === null ? UNKNOWN_PER_SECOND : everywhere(rule.perSecond);
  const least = text.low * (low / TEXT_PER_SECOND.fast);
  const usual = text.expected * (expected / TEXT_PER_SECOND.usual);
  const most = text.high * (1 + high / TEXT_PER_SECOND.slow);
  const limit = maxTokens ?? Number.POSITIVE_INFINITY;
  const whole = text.expected + usual;
  // An answer that the limit cuts has as much sound for its text as a whole one.
  const cut = Math.min(1, limit / Math.max(1, whole));
  const name = rule?.name ?? 'unknown';
  const confidence = rule === null || text.confidence === 'guess' ? 'guess' : 'rough';
  const bound = Math.min(most, limit);
  return {
    completion: banded(
      whole * cut,
      [Math.min(text.low + least, limit), bound],
      `${ruleOf(text, maxTokens)} + ${name}`,
      confidence,
    ),
    spoken: banded(usual * cut, [Math.min(least, limit), bound], name, confidence),
  };
}

const everywhere = (rate: number) => ({ low: rate, expected: rate, high: rate });

const ruleOf = ({ rule }: TokenEstimate, maxTokens: number | null) =>
  maxTokens !== null && rule === 'default length' ? 'maxTokens' : rule;

/** Earlier answers without their sound: what they say of answers in text. */
export function asText(earlier: EarlierCompletions | undefined): EarlierCompletions | undefined {
  if (earlier?.spokenShare === undefined) return earlier;
  const { spokenShare, ...rest } = earlier;
  return { ...rest, mean: earlier.mean * (1 - spokenShare), min: earlier.min * (1 - spokenShare) };
}

/** The transcript of an answer: what judges and later turns read of it. */
export function transcriptOf(completion: TokenEstimate, spoken: TokenEstimate): TokenEstimate {
  if (spoken.high === 0) return completion;
  const { low, expected, high, rule, confidence } = completion;
  return banded(expected - spoken.expected, [low - spoken.low, high], rule, confidence);
}
