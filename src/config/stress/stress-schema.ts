/** The schema of an entry of `variants` that puts media under stress, step by step. */

import { z } from 'zod';

/** Levels of one kind: each is a step, so none is written twice. */
function levelsOf(level: z.ZodType<number, number>, means: string) {
  return z
    .array(level)
    .min(1)
    .check((context) => {
      for (const [index, value] of context.value.entries())
        if (context.value.indexOf(value) < index)
          context.issues.push({ code: 'custom', input: value, path: [index], message: 'is listed twice' });
    })
    .exactOptional()
    .describe(means);
}

const levelsSchema = z
  .strictObject({
    jpeg: levelsOf(z.int().min(1).max(100), 'Images: JPEG quality, 1 to 100.'),
    blur: levelsOf(z.number().min(0.3).max(100), 'Images: standard deviation of a Gaussian blur in pixels.'),
    noise: levelsOf(z.number().gt(0).max(255), 'Images: standard deviation of Gaussian noise, of 255.'),
    rotate: levelsOf(
      z
        .number()
        .min(-180)
        .max(180)
        .refine((degrees) => degrees !== 0, { error: 'is 0, which turns nothing' }),
      'Images: degrees clockwise, on white.',
    ),
    snr: levelsOf(z.number().min(-30).max(100), 'Clips: white noise, as the signal-to-noise ratio in dB.'),
    speed: levelsOf(
      z
        .number()
        .min(0.25)
        .max(4)
        .refine((factor) => factor !== 1, { error: 'is 1, the speed of the clip as it is' }),
      'Clips: times the speed, which changes the pitch, too.',
    ),
    sampleRate: levelsOf(z.int().min(1000).max(192_000), 'Clips: Hz.'),
    seed: z.int().min(0).exactOptional().describe('Of noise; that of the run if left out.'),
  })
  .refine((levels) => Object.keys(levels).some((name) => name !== 'seed'), {
    error: 'has no steps · for example `jpeg: [90, 50, 20]`',
  });

export type StressLevels = z.infer<typeof levelsSchema>;

/** Other members would be those of a variant, which is an entry of its own. */
export const stressSchema = z
  .looseObject({ stress: levelsSchema.describe('Each model runs with each step, as `<model>@<kind>-<level>`.') })
  .check(({ value, issues }) => {
    for (const name of Object.keys(value))
      if (name !== 'stress')
        issues.push({
          code: 'custom',
          input: value,
          path: [name],
          // Otherwise the union takes the alternative of a variant, which does not know stress at all.
          continue: true,
          message: 'is beside stress · give it an entry of its own',
        });
  })
  .meta({ additionalProperties: false });
