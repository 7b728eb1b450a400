/** All known rules with their settings, to be compared with the tokens that an endpoint reports. */

import { AUDIO_RULES } from './audio-rules.ts';
import { IMAGE_RULES } from './image-rules.ts';
import { type ImageFacts, imageTokens } from './image-tokens.ts';
import { AUDIO_MODELS, IMAGE_MODELS } from './models-table.ts';
import type { Settings } from './settings.ts';

/** A rule with its settings as in a configuration: `openai-tiles base=2833 tile=5667`. */
export interface RuleCandidate {
  readonly mapping: string;
  readonly rule: string;
}

function candidate(rule: string, settings: Settings = {}): RuleCandidate {
  const named = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return { rule, mapping: [rule, ...named].join(' ') };
}

function distinct(candidates: readonly RuleCandidate[]): readonly RuleCandidate[] {
  return [...new Map(candidates.map((each) => [each.mapping, each])).values()];
}

/** Rules with their defaults first, then with the settings of each model and detail in the table. */
export const IMAGE_CANDIDATES: readonly RuleCandidate[] = distinct([
  ...Object.keys(IMAGE_RULES).map((rule) => candidate(rule)),
  ...IMAGE_MODELS.flatMap(({ versions }) => versions).flatMap((version) => [
    candidate(version.rule, version.settings),
    ...Object.values(version.detail ?? {}).map((variant) =>
      candidate(variant.rule ?? version.rule, {
        ...(variant.rule === undefined ? version.settings : {}),
        ...variant.settings,
      }),
    ),
  ]),
]);

export const AUDIO_CANDIDATES: readonly RuleCandidate[] = distinct([
  ...Object.keys(AUDIO_RULES).map((rule) => candidate(rule)),
  ...AUDIO_MODELS.map(({ rule, settings }) => candidate(rule, settings)),
]);

/** One probe: an image and the tokens it added to a request without it. */
export interface ImageProbe extends ImageFacts {
  readonly tokens: number;
}

/** How well a rule explains the probes. */
export interface RuleMatch extends RuleCandidate {
  /** Tokens that the endpoint adds to those of the rule for each image, 0 to {@link MAX_FRAMING}. */
  readonly framing: number;
  /** Mean absolute error after the framing, relative to the reported tokens. */
  readonly error: number;
}

/** Marks around an image are a handful of tokens in every family. */
const MAX_FRAMING = 12;

/** The known rules, ordered by how well they fit the probes; of equal rules the simpler one first. */
export function identifyImageRule(probes: readonly ImageProbe[]): readonly RuleMatch[] {
  const matches = IMAGE_CANDIDATES.map((each) => {
    const counts = probes.map((probe) => imageTokens({ model: '', tokens: { image: each.mapping } }, probe).expected);
    const least = Math.min(...probes.map(({ tokens }, index) => tokens - (counts[index] ?? 0)));
    const framing = Math.max(0, Math.min(MAX_FRAMING, Math.round(least)));
    const errors = probes.map(
      ({ tokens }, index) => Math.abs(tokens - (counts[index] ?? 0) - framing) / Math.max(1, tokens),
    );
    return { ...each, framing, error: errors.reduce((total, error) => total + error, 0) / Math.max(1, errors.length) };
  });
  return matches.sort((a, b) => a.error - b.error || a.framing - b.framing);
}
