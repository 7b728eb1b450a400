/** Estimates the tokens of a video: its pictures by the second, and its sound. */

import { comparableModel } from '../models/model-name.ts';
import { audioTokens } from './audio-tokens.ts';
import type { TokenModel } from './resolve-rule.ts';
import { banded, NO_TOKENS, type TokenEstimate } from './token-estimate.ts';

/** Known facts of a video. */
export interface VideoFacts {
  /** Above 0. */
  readonly seconds: number;
  readonly hasSound: boolean;
}

/** The two kinds of tokens that a video is billed as. */
export interface VideoTokens {
  /** Of the pictures. */
  readonly image: TokenEstimate;
  readonly audio: TokenEstimate;
}

/** How a family counts the pictures. */
export interface VideoRule {
  readonly name: string;
  readonly models: RegExp;
  readonly source: string;
  /** Low, expected and high for a second, rounded up to whole ones. */
  readonly perSecond: readonly [number, number, number];
}

/** The first that matches counts. Other families sample frames by settings of their server: no rule. */
export const VIDEO_RULES: readonly VideoRule[] = [
  {
    name: 'gemini-3-video',
    models: /gemini-([3-9]|(pro|flash|flash-lite)-latest)/,
    source:
      'https://ai.google.dev/gemini-api/docs/media-resolution, a picture a second, 70 by default, 280 at high resolution',
    perSecond: [70, 70, 280],
  },
  {
    name: 'gemini-video',
    models: /gemini/,
    source:
      'https://ai.google.dev/gemini-api/docs/tokens, 263 a second (66 for a picture at low resolution), sound apart',
    perSecond: [66, 263, 263],
  },
];

/** Seconds of a video that is not available. */
const UNKNOWN_SECONDS = [1, 60, 3600] as const;
/** A second of a family that is not known: a small picture, a usual one, two large ones. */
const UNKNOWN_RATE = [16, 256, 4096] as const;

/** The rule of a model; null = none is known. */
export function videoRuleOf({ model }: Pick<TokenModel, 'model'>): VideoRule | null {
  return VIDEO_RULES.find(({ models }) => models.test(comparableModel(model))) ?? null;
}

/** Tokens of one video; null facts = it is not available. */
export function videoTokens(model: TokenModel, facts: VideoFacts | null): VideoTokens {
  const rule = videoRuleOf(model);
  const [low, expected, high] = rule?.perSecond ?? UNKNOWN_RATE;
  const [least, usual, most] = facts === null ? UNKNOWN_SECONDS : [facts.seconds, facts.seconds, facts.seconds];
  const image = banded(
    expected * Math.ceil(usual),
    [low * Math.ceil(least), high * Math.ceil(most)],
    rule?.name ?? 'unknown',
    rule === null || facts === null ? 'guess' : 'close',
  );
  // Servers of other families read pictures only.
  if (rule === null || facts?.hasSound === false) return { image, audio: NO_TOKENS };
  return { image, audio: audioTokens(model, facts === null ? {} : { seconds: facts.seconds }) };
}
