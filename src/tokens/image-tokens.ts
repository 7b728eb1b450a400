/** Estimates the tokens of an image. */

import { InputError } from '../errors.ts';
import type { ImageSize } from './image-rules/image-rule.ts';
import { IMAGE_RULES } from './image-rules.ts';
import { type ResolvedImageRule, resolveImageRule, type TokenModel } from './resolve-rule.ts';
import { readDetail } from './settings.ts';
import { banded, type TokenEstimate } from './token-estimate.ts';

/** Known facts of an image. */
export interface ImageFacts {
  /** Stored pixels, before any rotation; null or absent = unknown. */
  readonly width?: number | null;
  readonly height?: number | null;
  /** `low`, `high`, `original`, a media resolution, or a rule's settings such as `dynamic_hd=16`. */
  readonly detail?: string | null;
  /** EXIF, 1 to 8; 5 to 8 exchange width and height. */
  readonly orientation?: number | null;
}

/** Bounds and expectation for images of unknown size. */
const SMALL: ImageSize = { width: 256, height: 256 };
const TYPICAL: ImageSize = { width: 1024, height: 1024 };
const LARGE: ImageSize = { width: 4032, height: 3024 };

/** The highest limit of any family except gpt-4o-mini, and that of the fallback of NVIDIA nvcf. */
const UNKNOWN_CAP = 16_384;
/** gpt-4o-mini, the family with the most tokens for an image of usual size. */
const DEAREST = { base: 2833, tile: 5667 };

/**
 * Most families count a token for each patch of 28 px; 85 is the lowest number that OpenAI bills (and the fallback of
 * nvcf). Some hosts count an image as one token.
 */
function unknownTokens(size: ImageSize): TokenEstimate {
  const expected = Math.min(UNKNOWN_CAP, 85 + Math.round((size.width * size.height) / 784));
  const most = Math.max(UNKNOWN_CAP, IMAGE_RULES['openai-tiles'].tokens(size, DEAREST));
  return banded(expected, [1, most], 'unknown', 'guess');
}

/**
 * Tokens of one image without the chat template's framing. The model is a name or a configuration (whose `tokens.image`
 * wins); an unknown one gets a wide band under the rule `unknown`, never 0.
 * @throws {InputError} for a size of 0 or below, and for a mapping to an unknown rule.
 *
 * @example
 * import { imageTokens } from 'earsight';
 *
 * const { low, expected, high } = imageTokens('gpt-4o', { width: 1024, height: 768 });
 * console.log(low, expected, high);
 */
export function imageTokens(model: string | TokenModel, image: ImageFacts): TokenEstimate {
  const config: TokenModel = typeof model === 'string' ? { model } : model;
  const resolved = resolveImageRule(config, readDetail(image.detail ?? config.detail));
  const { width = null, height = null } = image;
  if (width === null || height === null) return unsized(resolved);
  if (!(width >= 1 && height >= 1 && Number.isFinite(width * height)))
    throw new InputError({ message: `an image of ${width} x ${height} pixels has no tokens`, hint: 'check the file' });
  const stored: ImageSize = { width: Math.round(width), height: Math.round(height) };
  if (resolved === null) return unknownTokens(stored);
  const turned = (image.orientation ?? 1) >= 5;
  const shown: ImageSize = turned ? { width: stored.height, height: stored.width } : stored;
  const count = (size: ImageSize) => resolved.rule.tokens(size, resolved.settings);
  const counts = [count(stored), count(shown)];
  const expected = count(resolved.rule.appliesOrientation ? shown : stored);
  return withBand(resolved, expected, [Math.min(...counts), Math.max(...counts)]);
}

/** The same for an image of unknown size: from a thumbnail to a photo, or what the vendor states. */
function unsized(resolved: ResolvedImageRule | null): TokenEstimate {
  if (resolved === null) return unknownTokens(TYPICAL);
  const { rule, settings } = resolved;
  const counts = [SMALL, TYPICAL, LARGE].map((size) => rule.tokens(size, settings));
  const expected = rule.unsized?.(settings) ?? rule.tokens(TYPICAL, settings);
  const estimate = withBand(resolved, expected, [Math.min(...counts, expected), Math.max(...counts, expected)]);
  return { ...estimate, confidence: estimate.low === estimate.high ? estimate.confidence : 'rough' };
}

function withBand(
  { rule, name, band }: ResolvedImageRule,
  expected: number,
  [low, high]: readonly [number, number],
): TokenEstimate {
  const lowest = Math.max(1, low * band[0] - rule.slack);
  return banded(expected, [lowest, high * band[1] + rule.slack], name, rule.confidence);
}
