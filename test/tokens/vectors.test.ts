/** Runs the shared reference values of image and audio tokens and says how many matched. */

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { audioTokens } from '../../src/tokens/audio-tokens.ts';
import { imageTokens } from '../../src/tokens/image-tokens.ts';
import type { TokenEstimate } from '../../src/tokens/token-estimate.ts';

interface Vector {
  readonly family: string;
  readonly model: string;
  readonly tokens: number;
  readonly tolerance: { readonly absolute?: number; readonly relative?: number };
  readonly width?: number | null;
  readonly height?: number | null;
  readonly detail?: string | null;
  readonly seconds?: number;
  readonly sampleRate?: number | null;
}

const SUITES: readonly (readonly [string, (vector: Vector) => TokenEstimate])[] = [
  ['image-token-vectors.json', (vector) => imageTokens(vector.model, vector)],
  ['audio-token-vectors.json', (vector) => audioTokens(vector.model, vector)],
];

describe.each(SUITES)('%s', (file, estimate) => {
  const path = `../shared/vectors/${file}`;

  test.skipIf(!existsSync(path))('every vector is met within its tolerance (skipped where ../shared is absent)', () => {
    const vectors: readonly Vector[] = JSON.parse(readFileSync(path, 'utf8'));

    const mismatches = vectors
      .map((vector) => ({ ...vector, got: estimate(vector) }))
      .filter(({ tokens, tolerance, got }) => {
        const allowed = tolerance.absolute ?? (tolerance.relative ?? 0) * tokens;
        return Math.abs(got.expected - tokens) > allowed || got.rule === 'unknown';
      });
    process.stdout.write(`${file}: ${vectors.length - mismatches.length}/${vectors.length} match\n`);

    expect(vectors.length).toBeGreaterThan(0);
    expect(mismatches).toEqual([]);
  });

  test.skipIf(!existsSync(path))('every band holds its vector (skipped where ../shared is absent)', () => {
    const vectors: readonly Vector[] = JSON.parse(readFileSync(path, 'utf8'));

    const outside = vectors.filter((vector) => {
      const { low, high } = estimate(vector);
      const allowed = (vector.tolerance.relative ?? 0) * vector.tokens;
      return vector.tokens < low - allowed || vector.tokens > high + allowed;
    });

    expect(outside).toEqual([]);
  });
});
