/** Keeps calling the URLs that a journal recorded, where this version would call others for the same configuration. */

import type { RunModel } from '../models/retirement.ts';
import { providerOf, wireSettingsOf } from '../plan/model-provider.ts';
import type { ModelDefinition, RunDefinition } from '../plan/request-hash.ts';
import type { RunInfo } from '../report.ts';
import { isRecord } from '../text/is-record.ts';
import type { ModelConfig } from '../types.ts';
import { scanJournal } from './journal-scan.ts';

/**
 * The models with the endpoints of the recorded run: an endpoint that earlier versions resolved to another URL goes on
 * being called there, so that a resumed run keeps its request hashes and its answers stay comparable.
 */
export function withRecordedRoutes(
  models: readonly ModelConfig[],
  runs: readonly RunDefinition[],
): readonly ModelConfig[] {
  const recorded = runs.flatMap((run) => run.models);
  if (recorded.length === 0) return models;
  return models.map((model) => {
    const earlier = providerOf(model).earlier(model);
    return earlier !== null && isRecorded(earlier, recorded) ? earlier : model;
  });
}

/** Whether the run called this URL for the model of this id. In a replay, the model may have another id. */
function isRecorded(model: ModelConfig, recorded: readonly ModelDefinition[]): boolean {
  const url = urlOf(wireSettingsOf(model));
  const same = recorded.filter(({ id }) => id === model.id);
  return (same.length > 0 ? same : recorded).some(({ wire }) => urlOf(wire) === url);
}

function urlOf(wire: unknown): unknown {
  return isRecord(wire) ? wire['url'] : undefined;
}

/** The models of a run with the URLs that were called; without the journal's header, only what `run.json` knows. */
export function recordedModels(definition: RunDefinition | null, { models }: RunInfo): readonly RunModel[] {
  return models.map((model) => {
    const url = urlOf(definition?.models.find(({ id }) => id === model.id)?.wire);
    // A URL that is not known may be one of any host.
    return { ...model, endpoint: typeof url === 'string' ? url : '' };
  });
}

/** What the executions of a run sent, in order; damaged headers are left out. */
export async function readDefinitions(directory: string): Promise<readonly RunDefinition[]> {
  const found: RunDefinition[] = [];
  await scanJournal(directory, ({ entry }) => {
    if (entry.type === 'header' || entry.type === 'rebase') found.push(entry.data.runIdentity);
  });
  return found;
}
