/** Everything that estimates of one command lean on: media facts, the calibration, and how long earlier answers were. */

import { join, relative } from 'node:path';
import { CALIBRATION_FILE, calibrationOf, otherDeployment, readCalibration } from '../config/calibration-file.ts';
import type { Setup } from '../plan/prepare.ts';
import { mediaFactsReader } from '../tokens/read-media-facts.ts';
import type { Sample } from '../types.ts';
import { type EarlierAnswers, findEarlierAnswers } from './earlier-answers.ts';
import type { EstimateContext } from './estimate-cell.ts';

export interface EstimateSources extends EstimateContext {
  /** To be called with the first sample that takes part, before anything is estimated; later calls do nothing. */
  begin(first: Sample): Promise<void>;
  /** The calibration file as to be shown; null = there is none. */
  readonly calibrationFile: string | null;
  /** Entries of it that are not used. */
  readonly warnings: readonly string[];
}

/** `cwd` is where `results/` stands. @throws {InputError} for a broken calibration file. */
export function createEstimateSources({ config, models, source }: Setup, cwd: string): EstimateSources {
  const path = join(config.directory, CALIBRATION_FILE);
  const shown = relative(cwd, path);
  const calibration = readCalibration(path, shown);
  let earlier: ReadonlyMap<string, EarlierAnswers> | null = null;
  return {
    facts: mediaFactsReader(),
    calibrationOf: (model) => calibrationOf(calibration, model),
    earlierOf: ({ id }) => earlier?.get(id),
    async begin(first) {
      earlier ??= await findEarlierAnswers(join(cwd, 'results'), source.path, first, models);
    },
    calibrationFile: calibration === null ? null : shown,
    warnings: models.flatMap((model) => {
      const other = otherDeployment(calibration, model);
      return other === undefined
        ? []
        : [`${shown}: "${model.id}" is calibrated for ${other}, not for ${model.model} · calibrate it again`];
    }),
  };
}
