/** What a worker needs on its machine for a run: configuration, manifest, keys. */

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readManifest } from '../dataset/read-manifest.ts';
import { InputError } from '../errors.ts';
import type { Io } from '../io.ts';
import { openSetup, type Setup } from '../plan/prepare.ts';
import type { Selection } from '../report.ts';
import type { RunSettings } from '../run/settings.ts';
import type { Sample } from '../types.ts';
import type { RunDocument } from './run-document.ts';

/** Where the configuration from the queue is on this machine: its paths start in the same folder as at the coordinator. */
function ioOf({ config, folder }: RunDocument, io: Io): Io {
  return { ...io, cwd: resolve(io.cwd, folder), config: JSON.parse(config) };
}

/** `dataset` is a manifest on this machine, relative to the working directory; absent = where the run says. */
function selectionOf({ selection }: RunDocument, dataset: string | undefined, { cwd }: Io): Selection {
  const { shard, limit, sample, config, ...rest } = selection;
  const path = dataset ?? rest.dataset;
  return path === undefined ? rest : { ...rest, dataset: resolve(cwd, path) };
}

export async function openSetupOf(document: RunDocument, dataset: string | undefined, io: Io): Promise<Setup> {
  return openSetup(selectionOf(document, dataset, io), ioOf(document, io), {
    requireKeys: false,
    requireWire: true,
    isOnlyPass: true,
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
  io: Io,
): Promise<ReadonlyMap<string, string>> {
  const missing = new Map<string, string>();
  for (const { id } of models)
    await openSetup({ ...selectionOf(document, dataset, io), model: [id] }, ioOf(document, io), {
      requireKeys: true,
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
    embedMedia: 'none',
    stopping: null,
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
