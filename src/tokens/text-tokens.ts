/** Counts text with the exact o200k and cl100k encodings, loaded lazily, and other families with a factor. */

import { floorOf } from './rounding.ts';
import type { Encoding, TextRule } from './text-rules.ts';
import { banded, exactly, type TokenEstimate } from './token-estimate.ts';

/** Tokens of a text; text that looks like a special token counts as ordinary text. */
export type TokenCounter = (text: string) => number;

/** By default the tokenizer throws at text that looks like a special token. */
const NOTHING_SPECIAL = { disallowedSpecial: new Set<string>() };

/** Loads an encoding (about 0.2 s and 60 MB the first time). */
export async function loadEncoding(encoding: Encoding): Promise<TokenCounter> {
  const { countTokens } =
    encoding === 'o200k'
      ? await import('gpt-tokenizer/encoding/o200k_base')
      : await import('gpt-tokenizer/encoding/cl100k_base');
  return (text) => boundedPieces(text).reduce((sum, piece) => sum + countTokens(piece, NOTHING_SPECIAL), 0);
}

/**
 * The time of the encoder grows with the square of the length of a run without a break (200,000 equal letters take
 * 18 s), so runs longer than in real text are cut; each cut adds an error of one or two tokens.
 */
const MAX_RUN = 1024;
const MAX_SPACES = 4096;
const RUNS = /[\p{L}\p{M}]+|\s+|\p{N}+|[^\s\p{L}\p{M}\p{N}]+/gu;

function boundedPieces(text: string): readonly string[] {
  if (text.length <= MAX_RUN) return [text];
  const pieces: string[] = [];
  let start = 0;
  for (const { 0: run, index } of text.matchAll(RUNS)) {
    const limit = /^\s/.test(run) ? MAX_SPACES : MAX_RUN;
    for (let cut = index + limit; cut < index + run.length; cut += limit) {
      const end = isLowSurrogate(text, cut) ? cut + 1 : cut;
      pieces.push(text.slice(start, end));
      start = end;
    }
  }
  return [...pieces, text.slice(start)];
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** A text with a larger share of characters outside ASCII gets the wide band. */
const WIDE_SHARE = 0.2;

/** Converts tokens of the encoding into tokens of the family with their band. */
export function familyTokens(encoded: number, text: string, rule: TextRule, name: string): TokenEstimate {
  if (rule.confidence === 'exact' || encoded === 0) return exactly(encoded, name);
  const [low, high] = isMostlyAscii(text) ? rule.band : rule.wideBand;
  return banded(
    encoded * rule.multiplier,
    [Math.max(1, floorOf(encoded * low)), encoded * high],
    name,
    rule.confidence,
  );
}

function isMostlyAscii(text: string): boolean {
  let outside = 0;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) outside += 1;
  return outside <= WIDE_SHARE * text.length;
}

/** Tokens of one text under a rule, without any chat template. */
export async function countText(text: string, rule: TextRule, name: string): Promise<TokenEstimate> {
  const count = await loadEncoding(rule.encoding);
  return familyTokens(count(text), text, rule, name);
}
