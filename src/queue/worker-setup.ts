/** What a worker needs on its machine for a run: configuration, manifest, keys. */

import { statSync } from 'node:fs';
import { defined } from '../collections/defined.ts';
import { loadConfig } from '../config/load-config.ts';
import { readManifest } from '../dataset/read-manifest.ts';
import { InputError } from '../errors.ts';
import type { Io } from '../io.ts';
import { openSetup, type Setup } from '../plan/prepare.ts';
import type { RunSettings } from '../run/settings.ts';
import type { Sample } from '../types.ts';
import type { RunDocument } from './run-document.ts';

/** The configuration comes from the queue; its paths start where the same file is, or would be, on this machine. */
export async function openSetupOf(document: RunDocument, dataset: string | undefined, io: Io): Promise<Setup> {
  const { shard, limit, sample, ...selection } = document.selection;
  const own = dataset === undefined ? {} : { dataset };
  return openSetup({ ...selection, config: document.configPath, ...own }, io, {
    requireKeys: false,
    requireWire: true,
    isOnlyPass: true,
    document: document.config,
  });
}

/** @throws {InputError} when the manifest is not here. */
export function requireManifest({ source }: Setup): void {
  if (statSync(source.path, { throwIfNoEntry: false }) !== undefined) return;
  throw new InputError({
    file: source.displayPath,
    message: 'is not on this machine',
    hint: 'share the folder with the coordinator, or name the same manifest with --dataset',
  });
}

/** The models that this machine has no key for, with the reason. */
export async function modelsWithoutKeys(
  document: RunDocument,
  { models }: Setup,
  dataset: string | undefined,
  { cwd, env, allowCode }: Io,
): Promise<ReadonlyMap<string, string>> {
  const { prompt, endpoint } = document.selection;
  const missing = new Map<string, string>();
  for (const { id } of models)
    await loadConfig(document.configPath, {
      ...{ cwd, env, allowCode, document: document.config, models: [id] },
      ...defined({ dataset, prompt, endpoint }),
    }).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      missing.set(id, error.problems.map(({ message }) => message).join('; '));
    });
  return missing;
}

export function settingsOf({ maxCostUsd }: RunDocument, folder: string): RunSettings {
  return {
    folder,
    concurrency: undefined,
    queue: null,
    resumeChanged: false,
    shared: false,
    cacheFolder: null,
    replay: null,
    tracePath: null,
    maxCostUsd,
  };
}

/** Defects are errors here: the coordinator has checked the same manifest. */
export function samplesOf(setup: Setup, isWanted: (index: number) => boolean): AsyncIterable<Sample> {
  const raise = (problem: ConstructorParameters<typeof InputError>[0]) => {
    throw new InputError(problem);
  };
  return readManifest(setup.source, raise, {
    uniqueIds: false,
    isOnlyPass: true,
    keepBroken: setup.skipBroken,
    isWanted,
  });
}
