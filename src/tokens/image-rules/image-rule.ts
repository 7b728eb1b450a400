/** What an image rule is: a pure function from pixels to tokens with named constants. */

import type { SettingAliases, Settings } from '../settings.ts';
import type { Confidence } from '../token-estimate.ts';

/** Whole pixels, at least 1 each, as the model's preprocessor sees them. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** One way of counting image tokens, shared by every model that counts so. */
export interface ImageRule {
  /** One line for help and docs. */
  readonly description: string;
  /** Where the rule is published. */
  readonly source: string;
  readonly defaults: Settings;
  readonly aliases: SettingAliases;
  readonly confidence: Confidence;
  /** Factors that the true count has been seen within, e.g. [0.25, 2]. */
  readonly band: readonly [number, number];
  /** Tokens on top of the band, both ways. */
  readonly slack: number;
  /** Width and height may be exchanged. */
  readonly symmetric: boolean;
  /** With the defaults a larger side never lowers the count. */
  readonly monotone: boolean;
  /** Whether the usual server turns the image by its EXIF orientation first. */
  readonly appliesOrientation: boolean;
  /** At least 1. Settings that are left out take their defaults. */
  tokens(size: ImageSize, settings?: Settings): number;
  /** For an image whose size cannot be had, where the vendor states a figure. */
  unsized?(settings?: Settings): number;
}

/** A rule as its file writes it; what is left out is exact, symmetric and not monotone. */
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

/** Fills in what a rule leaves out, and its settings where a caller leaves them out. */
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
