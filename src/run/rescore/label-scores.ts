/** Adds what people said of the answers as a score `human` beside the scores of a run, as one more set of scores. */

import { InputError } from '../../errors.ts';
import { openJournal } from '../../journal/journal.ts';
import { decodeLine } from '../../journal/journal-line.ts';
import { openJournalReader } from '../../journal/journal-reader.ts';
import { journalRunId } from '../../journal/journal-scan.ts';
import { type CellScoreLine, judgedHash, type ScoreSet } from '../../journal/lines/score-line.ts';
import { readUnder } from '../../journal/result-thinking.ts';
import { systemClock } from '../../limits/clock.ts';
import type { Result, Score } from '../../result.ts';
import { openScoreSets } from '../../summary/score-sets.ts';
import type { Labels } from './read-labels.ts';
import type { StoredRun } from './ready-rescore.ts';
import { requireNewSet } from './rescore.ts';

/** The name of the score. */
const HUMAN = 'human';

export interface LabelCounts {
  /** Cells in the set: all that the run has. */
  cells: number;
  /** Cells that have a label. */
  labelled: number;
}

/**
 * The score of a cell stays that of its scorers; where it has none, it is that of people. Returns null when it was stopped:
 * there is no set then. @throws {InputError} for a name that no new set can have, and for a journal without a header.
 */
export async function scoreLabels(
  { directory, info, reading, mode }: StoredRun,
  labels: Labels,
  set: Omit<ScoreSet, 'scorers'>,
  stop: AbortSignal,
): Promise<LabelCounts | null> {
  requireNewSet(set.name, reading.progress);
  const { runDefinition, index, scoreSets } = reading.progress;
  if (runDefinition === null)
    throw new InputError({ file: directory, message: 'has a journal without a header that can be read' });
  const runId = (await journalRunId(directory)) ?? info.runId;
  const header = { format: 'earsight-journal', version: 1, runId, runIdentity: runDefinition } as const;
  const thinking = new Map(info.models.map((model) => [model.id, model.thinking]));
  const earlier = scoreSets.list().at(-1)?.info.scorers ?? info.scorers ?? [];
  const scorers = [...earlier.filter(({ name }) => name !== HUMAN), { name: HUMAN, version: `${HUMAN} 1` }];
  const counts: LabelCounts = { cells: 0, labelled: 0 };
  const reader = await openJournalReader(directory);
  const sets = await openScoreSets(directory, scoreSets, undefined);
  const journal = await openJournal({ directory, header, clock: systemClock, scan: reading.scan, mode });
  try {
    for (const { rowIndex, offset, byteLength } of [...index.entries()]) {
      if (stop.aborted) return null;
      const entry = decodeLine(reader.line(offset, byteLength));
      if (entry.type !== 'result') continue;
      const own = readUnder(entry.data, thinking.get(entry.data.modelId));
      const data = labelled(set.name, own, sets.apply(rowIndex, own), labels);
      await journal.ready(stop);
      journal.append({ type: 'score', cell: rowIndex, data });
      counts.cells += 1;
      if (data.scores.some(({ scorer }) => scorer === HUMAN)) counts.labelled += 1;
    }
    journal.append({ type: 'scoreset', data: { ...set, scorers } });
    // Earlier versions cut off what they do not know at the end of a journal: this line keeps the scores for later ones.
    journal.append({ type: 'header', data: header });
  } finally {
    sets.close();
    reader.close();
    await journal.close();
  }
  return counts;
}

/** `own` is the result as the run recorded it, `shown` the same with its newest scores. */
function labelled(set: string, own: Result, shown: Result, labels: Labels): CellScoreLine {
  const { sampleId, modelId, repeat, sampleKey, outcome } = shown;
  const mean = labels.valueOf(own.sampleKey, modelId, repeat);
  const others = shown.scores.filter(({ scorer }) => scorer !== HUMAN);
  const names = shown.scorers.filter((name) => name !== HUMAN);
  const human: readonly Score[] =
    mean === undefined || shown.status !== 'completed'
      ? []
      : [
          {
            scorer: HUMAN,
            version: `${HUMAN} 1`,
            value: mean.value,
            raw: mean.value,
            unit: 'label',
            explanation: `${mean.count} ${mean.count === 1 ? 'label' : 'labels'}`,
          },
        ];
  const isOnly = others.length === 0 && human.length > 0 && outcome === 'answered';
  return {
    ...{ set, sampleId, modelId, repeat, sampleKey, outcome },
    judged: judgedHash(own),
    target: shown.sample.target,
    scorers: human.length === 0 ? names : [...names, HUMAN],
    score: isOnly ? (human[0]?.value ?? null) : shown.score,
    scores: [...others, ...human],
  };
}
