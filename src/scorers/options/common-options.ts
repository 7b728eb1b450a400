/** The options that every scorer takes, besides its own. */

import { z } from 'zod';
import { extractOption } from './extract.ts';
import { thresholdOption } from './threshold.ts';

/** Handled around the scorer, so that each scorer is only about its metric. */
export const commonOptions = z.object({
  weight: z.number().nonnegative().default(1).describe("weight of its value in the cell's score"),
  as: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._+-]*$/u, { error: 'must hold only letters, digits and . _ + -' })
    .exactOptional()
    .describe('name of its columns; needed when a scorer is listed twice'),
  target: z
    .union([z.string(), z.array(z.string()).min(1)])
    .exactOptional()
    .describe("acceptable answers instead of the sample's own"),
  threshold: thresholdOption.exactOptional().describe('what passes: the value becomes 1 or 0'),
  extract: extractOption.exactOptional().describe('which part of the answer is scored'),
});

export type CommonOptions = z.output<typeof commonOptions>;

/** Their names. */
export const COMMON_NAMES: readonly string[] = Object.keys(commonOptions.shape);
