/** Finds the results of a run that are answers to a sample of a manifest, which may have changed since. */

import { sampleKey } from '../../dataset/content-hash.ts';
import { decodeLine } from '../../journal/journal-line.ts';
import type { JournalReader } from '../../journal/journal-reader.ts';
import { readUnder } from '../../journal/result-thinking.ts';
import type { Progress } from '../../journal/resume.ts';
import { mediaOfCard } from '../../modalities.ts';
import { sampleCard } from '../../plan/conversation.ts';
import type { RunInfo } from '../../report.ts';
import type { Result } from '../../result.ts';
import type { Sample } from '../../types.ts';

/** Whether the answers of a result are answers to this sample, whose targets may have changed. */
export function isSameQuestion({ sample: asked, sampleKey: key }: Result, sample: Sample): boolean {
  const card = sampleCard(sample);
  if (card.prompt !== asked.prompt) return false;
  // The key has the bytes of the media, and targets: of turns, only the last ones are known.
  if (sample.turns.length === 0) return sampleKey({ ...sample, target: asked.target }) === key;
  return JSON.stringify(mediaOfCard(card)) === JSON.stringify(mediaOfCard(asked));
}

export interface StoredAnswer {
  readonly rowIndex: number;
  readonly result: Result;
}

/** Finds the results of a sample: at its position in the manifest, or at that which it had when it was asked. */
export function createStoredAnswers(
  reader: JournalReader,
  { models, repeat }: Pick<RunInfo, 'models' | 'repeat'>,
  index: Progress['index'],
): { of(sample: Sample): readonly StoredAnswer[] } {
  const settings = new Map(models.map(({ id, thinking }) => [id, thinking]));
  const perSample = models.length * repeat;
  /** Made when a sample is not at its position. */
  let positions: Map<string, number> | null = null;
  const read = (rowIndex: number): readonly StoredAnswer[] => {
    const at = index.get(rowIndex);
    const entry = at === null ? null : decodeLine(reader.line(at.offset, at.byteLength));
    if (entry?.type !== 'result') return [];
    return [{ rowIndex, result: readUnder(entry.data, settings.get(entry.data.modelId)) }];
  };
  const rowsAt = (position: number) =>
    Array.from({ length: perSample }, (_, offset) => read(position * perSample + offset)).flat();
  const findPositions = () => {
    const found = new Map<string, number>();
    for (const { rowIndex } of index.entries())
      for (const { result } of read(rowIndex)) found.set(result.sampleId, Math.floor(rowIndex / perSample));
    return found;
  };
  return {
    of(sample) {
      const rows = rowsAt(sample.index);
      if (rows.length > 0 && rows[0]?.result.sampleId === sample.id) return rows;
      positions ??= findPositions();
      const position = positions.get(sample.id);
      return position === undefined ? [] : rowsAt(position);
    },
  };
}
