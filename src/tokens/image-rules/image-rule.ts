/** Image rules: pure functions from pixels to tokens with named constants. */

import type { SettingAliases, Settings } from '../settings.ts';
import type { Confidence } from '../token-estimate.ts';

/** Whole pixels, at least 1 each, at the input of the model's preprocessor. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** One way of counting image tokens, shared by all models that use it. */
export interface ImageRule {
  /** One line for help and docs. */
  readonly description: string;
  /** Where the rule is published. */
  readonly source: string;
  readonly defaults: Settings;
  readonly aliases: SettingAliases;
  readonly confidence: Confidence;
  /** Observed range of the true count, as factors, e.g. [0.25, 2]. */
  readonly band: readonly [number, number];
  /** Tokens on top of the band, both ways. */
  readonly slack: number;
  /** Whether exchanging width and height keeps the count. */
  readonly symmetric: boolean;
  /** Whether, with the defaults, a larger side never lowers the count. */
  readonly monotone: boolean;
  /** Whether the usual server rotates the image by its EXIF orientation first. */
  readonly appliesOrientation: boolean;
  /** At least 1. Absent settings have their defaults. */
  tokens(size: ImageSize, settings?: Settings): number;
  /** For an image of unknown size, where the vendor publishes a number. */
  unsized?(settings?: Settings): number;
}

/** A rule as written in its file; by default it is exact, symmetric and not monotone. */
interface ImageRuleDefinition<S extends Settings> {
  readonly description: string;
  readonly source: string;
  readonly defaults: S;
  readonly aliases?: SettingAliases;
  readonly confidence?: Confidence;
  readonly band?: readonly [number, number];
  readonly slack?: number;
  readonly symmetric?: boolean;
  readonly monotone?: boolean;
  readonly appliesOrientation?: boolean;
  readonly tokens: (size: ImageSize, settings: S) => number;
  readonly unsized?: (settings: S) => number;
}

/** Fills in the defaults of a rule, and of settings that a caller leaves out. */
export function defineImageRule<S extends Settings>(definition: ImageRuleDefinition<S>): ImageRule {
  const { defaults, tokens, unsized } = definition;
  return {
    description: definition.description,
    source: definition.source,
    defaults,
    aliases: definition.aliases ?? {},
    confidence: definition.confidence ?? 'exact',
    band: definition.band ?? [1, 1],
    slack: definition.slack ?? 0,
    symmetric: definition.symmetric ?? true,
    monotone: definition.monotone ?? false,
    appliesOrientation: definition.appliesOrientation ?? true,
    tokens: (size, settings = {}) => Math.max(1, tokens(size, { ...defaults, ...settings })),
    ...(unsized === undefined ? {} : { unsized: (settings: Settings = {}) => unsized({ ...defaults, ...settings }) }),
  };
}
