/** `calibration.json` beside the configuration: the token counts of each model that `earsight calibrate` fitted. */

import { lstatSync } from 'node:fs';
import { z } from 'zod';
import { InputError } from '../../errors.ts';
import { readTextSync } from '../../files/open-file.ts';
import { writeTextSync } from '../../files/write-file.ts';
import { shownModel } from '../../text/shown-model.ts';
import { calibratedModel, type ModelCalibration } from '../../tokens/calibrate.ts';
import { tokenMappingProblem } from '../../tokens/resolve-rule.ts';
import type { ModelConfig } from '../../types.ts';
import { parseDocument } from '../document.ts';
import { schemaProblems } from '../schema-problems.ts';
import { baseModelId } from '../select-models.ts';
import type { TreePath } from '../tree-problem.ts';

/** Name of the file, in the folder of the configuration. */
export const CALIBRATION_FILE = 'calibration.json';

/** One entry a model has some hundred bytes. */
const MAX_BYTES = 4 * 2 ** 20;

const lineSchema = z.object({
  rule: z.string().min(1).nullable(),
  offset: z.number(),
  slope: z.number(),
  samples: z.int().min(1),
  residual: z.number().min(0),
  bias: z.number(),
  errorBefore: z.number().min(0),
  errorAfter: z.number().min(0),
});

const fileSchema = z.object({
  format: z.literal('earsight-calibration'),
  formatVersion: z.literal(1),
  /** By the id of the model without its variant: the same endpoint counts all variants. */
  models: z.record(
    z.string(),
    z.object({
      /** The name in requests, so that an entry for another deployment is not used. */
      model: z.string(),
      name: z.string(),
      text: lineSchema.nullable(),
      image: lineSchema.nullable(),
      audio: lineSchema.nullable(),
    }),
  ),
});

/** The content of the file. */
export type CalibrationFile = z.infer<typeof fileSchema>;

type NamedModel = Pick<ModelConfig, 'id' | 'model' | 'filledIn'>;

/** The calibration of a model; undefined when there is none, or only one of another deployment under the same id. */
export function calibrationOf(file: CalibrationFile | null, model: NamedModel): ModelCalibration | undefined {
  const entry = entryOf(file, model.id);
  return isOf(model, entry) ? entry : undefined;
}

/** The deployment that the entry of a model belongs to when it is not the model's own; undefined when it is, or there is no entry. */
export function otherDeployment(file: CalibrationFile | null, model: NamedModel): string | undefined {
  const entry = entryOf(file, model.id);
  return isOf(model, entry) ? undefined : entry?.model;
}

/** Earlier versions wrote the name with its values from the environment. */
function isOf(model: NamedModel, entry: { readonly model: string } | undefined): boolean {
  return entry?.model === shownModel(model) || entry?.model === model.model;
}

function entryOf(file: CalibrationFile | null, id: string): CalibrationFile['models'][string] | undefined {
  const models = file?.models ?? {};
  return Object.hasOwn(models, baseModelId(id)) ? models[baseModelId(id)] : undefined;
}

/**
 * Reads the file; null when there is none.
 * @throws {InputError} with lines and columns when `calibrate` cannot have written it, or it names an unknown token rule.
 */
export function readCalibration(path: string, displayPath: string): CalibrationFile | null {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
  const document = parseDocument(readTextSync(path, { followLinks: true, maxBytes: MAX_BYTES }), displayPath, 'json');
  const hint = 'run earsight calibrate again, or remove the file';
  const inputError = (problems: readonly { readonly path: TreePath; readonly message: string }[]) =>
    new InputError(
      problems.map((problem) => ({
        file: displayPath,
        ...document.locate(problem.path),
        message: problem.message,
        hint,
      })),
    );
  const { data, error } = fileSchema.safeParse(document.tree);
  if (data === undefined) throw inputError(schemaProblems(error.issues, document.tree));
  const problems = Object.entries(data.models).flatMap(([id, entry]) =>
    (tokenMappingProblem(calibratedModel({ model: entry.model }, entry))?.problems ?? []).map(({ message }) => ({
      path: ['models', id],
      message,
    })),
  );
  if (problems.length > 0) throw inputError(problems);
  return data;
}

/** Writes the file whole. */
export function writeCalibration(path: string, models: CalibrationFile['models']): void {
  const file: CalibrationFile = { format: 'earsight-calibration', formatVersion: 1, models };
  writeTextSync(path, `${JSON.stringify(file, null, 2)}\n`);
}
