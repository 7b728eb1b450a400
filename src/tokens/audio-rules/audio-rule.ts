/** Audio rules: pure functions from seconds (and sample rate) to tokens. */

import type { SettingAliases, Settings } from '../settings.ts';
import type { Confidence } from '../token-estimate.ts';

/** A clip as it is sent. */
export interface AudioClip {
  /** Above 0. */
  readonly seconds: number;
  /** Hz of the file; null = unknown. */
  readonly sampleRate: number | null;
}

/** One way of counting audio tokens. Every rule is monotone in the length. */
export interface AudioRule {
  readonly description: string;
  readonly source: string;
  readonly defaults: Settings;
  readonly aliases: SettingAliases;
  readonly confidence: Confidence;
  /** Tokens on top of the band, e.g. special tokens that some hosts count. */
  readonly slack: readonly [number, number];
  /** At least 1. */
  tokens(clip: AudioClip, settings?: Settings): number;
  /** Lowest and highest tokens of this clip, where hosts differ. */
  range?(clip: AudioClip, settings?: Settings): readonly [number, number];
}

interface AudioRuleDefinition<S extends Settings> {
  readonly description: string;
  readonly source: string;
  readonly defaults: S;
  readonly aliases?: SettingAliases;
  readonly confidence?: Confidence;
  readonly slack?: readonly [number, number];
  readonly tokens: (clip: AudioClip, settings: S) => number;
  readonly range?: (clip: AudioClip, settings: S) => readonly [number, number];
}

/** Fills in the defaults of a rule, and of settings that a caller leaves out. */
export function defineAudioRule<S extends Settings>(definition: AudioRuleDefinition<S>): AudioRule {
  const { defaults, tokens, range } = definition;
  return {
    description: definition.description,
    source: definition.source,
    defaults,
    aliases: definition.aliases ?? {},
    confidence: definition.confidence ?? 'exact',
    slack: definition.slack ?? [0, 0],
    tokens: (clip, settings = {}) => Math.max(1, tokens(clip, { ...defaults, ...settings })),
    ...(range === undefined
      ? {}
      : { range: (clip: AudioClip, settings: Settings = {}) => range(clip, { ...defaults, ...settings }) }),
  };
}
