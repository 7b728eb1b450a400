/** Opens what the estimates of one command use: media facts, the calibration, and the lengths of earlier answers. */

import { join, relative } from 'node:path';
import { CALIBRATION_FILE, calibrationOf, otherDeployment, readCalibration } from '../config/files/calibration-file.ts';
import type { Setup } from '../plan/prepare.ts';
import { shownModel } from '../text/shown-model.ts';
import { mediaFactsReader } from '../tokens/read-media-facts.ts';
import type { ModelConfig, Sample } from '../types.ts';
import { type EarlierAnswers, findEarlierAnswers } from './earlier-answers.ts';
import type { EstimateContext } from './estimate-cell.ts';

export interface EstimateSources extends EstimateContext {
  readonly earlierOf: (model: ModelConfig) => EarlierAnswers | undefined;
  /** Must be called with the first selected sample before anything is estimated; later calls do nothing. */
  begin(first: Sample): Promise<void>;
  /** Path of the calibration file for messages; null = there is none. */
  readonly calibrationFile: string | null;
  /** One sentence for each entry of the calibration file that is not used. */
  readonly warnings: readonly string[];
}

/** `cwd` is the folder that holds `results/`. @throws {InputError} for a broken calibration file. */
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
        : [`${shown}: "${model.id}" is calibrated for ${other}, not for ${shownModel(model)} · calibrate it again`];
    }),
  };
}
