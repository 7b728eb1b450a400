/** Writes the folder of a run from results, without sending anything. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeLine, type JournalEntry } from '../../src/journal/journal-line.ts';
import { writeRunInfo } from '../../src/journal/run-folder.ts';
import type { ModelDefinition, RunDefinition } from '../../src/plan/request-hash.ts';
import type { RunInfo } from '../../src/report.ts';
import type { Result } from '../../src/result.ts';

export interface RunParts {
  readonly repeat?: number;
  readonly scorers?: RunDefinition['scorers'];
  /** Settings of models by their ids, as they were sent. */
  readonly settings?: Readonly<Record<string, Partial<ModelDefinition>>>;
  readonly info?: Partial<RunInfo>;
}

/** Writes `run.json` and a journal with one line a result; returns what `run.json` says. */
export function writeRun(directory: string, results: readonly Result[], parts: RunParts = {}): RunInfo {
  const { repeat = 1, scorers = [{ name: 'exact' }], settings = {} } = parts;
  const ids = [...new Set(results.map(({ modelId }) => modelId))];
  const samples = Math.max(0, ...results.map(({ sampleIndex }) => sampleIndex + 1));
  const models = ids.map((id) => ({ id, provider: 'openai', model: id }));
  const info: RunInfo = {
    format: 'earsight-run',
    formatVersion: 1,
    runId: 'run-1',
    name: 'test',
    earsightVersion: '0.0.0',
    nodeVersion: '24.0.0',
    createdAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:01:00.000Z',
    wallMs: 60_000,
    dataset: { path: 'manifest.csv', sha256: 'd', samples },
    models,
    repeat,
    counts: { completed: results.length, failed: 0, skipped: 0, missing: 0 },
    selection: {},
    config: {},
    ...parts.info,
  };
  const definition: RunDefinition = {
    dataset: 'd',
    samples,
    repeat,
    scorers,
    models: ids.map((id) => ({
      id,
      wire: { url: `http://127.0.0.1/${id}` },
      params: {},
      system: null,
      template: null,
      media: null,
      ...settings[id],
    })),
  };
  const header = { format: 'earsight-journal', version: 1, runId: info.runId, runIdentity: definition } as const;
  const rowOf = ({ sampleIndex, modelId, repeat: nth }: Result) =>
    (sampleIndex * ids.length + ids.indexOf(modelId)) * repeat + nth;
  const entries: JournalEntry[] = [
    { type: 'header', data: header },
    ...results.map((data) => ({ type: 'result' as const, cell: rowOf(data), data })),
  ];
  mkdirSync(directory, { recursive: true });
  writeRunInfo(directory, info);
  writeFileSync(join(directory, 'journal.jsonl'), entries.map((entry, seq) => encodeLine(seq, entry)).join(''));
  return info;
}
