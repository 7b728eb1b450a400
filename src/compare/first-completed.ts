/** The answer of a model to a sample that a comparison shows and judges: that of the first repeat that is complete. */

import { decodeLine } from '../journal/journal-line.ts';
import type { JournalReader } from '../journal/journal-reader.ts';
import { readUnder } from '../journal/result-thinking.ts';
import type { Result } from '../result.ts';
import type { LabelledModel } from './plan-comparison.ts';

/** The first completed repeat, or the first one; null = the run has none. */
export function firstCompleted(
  { model }: Pick<LabelledModel, 'model'>,
  sample: number,
  reader: JournalReader | undefined,
): Result | null {
  const results = Array.from({ length: model.repeats }, (_, repeat) => {
    const cell = sample * model.repeats + repeat;
    const byteLength = model.byteLengths[cell] ?? 0;
    if (byteLength === 0 || reader === undefined) return null;
    const entry = decodeLine(reader.line(model.offsets[cell] ?? 0, byteLength));
    return entry.type === 'result' ? readUnder(entry.data, model.info.thinking) : null;
  });
  return results.find((result) => result?.status === 'completed') ?? results.find((result) => result !== null) ?? null;
}
