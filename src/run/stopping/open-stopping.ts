/** Opens the early stop of a run, with what earlier executions have found. */

import { baseModelId } from '../../config/select-models.ts';
import { keyOf, type Progress } from '../../journal/resume.ts';
import { ablationBase } from '../../plan/ablation.ts';
import type { PreparedSetup } from '../../plan/prepare.ts';
import type { RunInfo } from '../../report.ts';
import { stressOf } from '../../stress-kinds.ts';
import { readResults } from '../../summary/fold.ts';
import type { ModelConfig } from '../../types.ts';
import type { StoppedModel } from './decided-pairs.ts';
import { createStopping, type Stopping, type StoppingSettings } from './stopping.ts';

export interface StoppingParts {
  readonly prepared: Pick<PreparedSetup, 'samples' | 'models'>;
  readonly settings: { readonly folder: string; readonly stopping: StoppingSettings | null };
}

/** null = the run asks every sample. Reads the manifest once, and the results of a resumed run. */
export async function openStopping(
  { prepared, settings: { folder, stopping } }: StoppingParts,
  progress: Progress,
  run: RunInfo,
): Promise<Stopping | null> {
  if (stopping === null) return null;
  const { samples, models } = prepared;
  // What changed meanwhile is reported by the pass that asks.
  const opened = await createStopping(stopping, () => samples(() => {}), stoppedModels(models));
  if (progress.done.size === 0) return opened;
  for await (const result of readResults(folder, progress, run))
    if (progress.done.has(keyOf(result)) && !progress.again.has(keyOf(result))) opened.note(result);
  return opened;
}

/** Models that were made of another one, by `--ablate` or a stress test, are compared with it, and all others with the first. */
function stoppedModels(models: readonly Pick<ModelConfig, 'id' | 'media'>[]): readonly StoppedModel[] {
  const ids = models.map(({ id }) => id);
  return models.map(({ id, media }) => {
    const own = stressOf(media) === null ? ablationBase(id, ids) : baseModelId(id);
    return { id, base: Math.max(0, ids.indexOf(own ?? '')) };
  });
}
