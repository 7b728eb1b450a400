/** What a worker needs on its machine for a run: configuration, keys, samples. */

import { resolve } from 'node:path';
import { isRemoteRoot } from '../../dataset/media-base.ts';
import { readManifest } from '../../dataset/read-manifest.ts';
import { InputError, type Problem } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { ablationBase } from '../../plan/ablation.ts';
import { openSetup, type Setup } from '../../plan/prepare.ts';
import type { Selection } from '../../report.ts';
import type { RunSettings } from '../../run/settings.ts';
import type { Sample } from '../../types.ts';
import type { RunDocument } from '../run-document.ts';

/** Each is a URL, or a path relative to the working directory. */
export interface WorkerPlaces {
  /** The manifest of the run; undefined = where the run says, or beside the media when those are by URL. */
  readonly dataset: string | undefined;
  /** undefined = the `mediaRoot` of the run, or where the manifest is. */
  readonly mediaRoot: string | undefined;
}

/** Where the configuration from the queue is on this machine: its paths start in the same folder as at the coordinator. */
function ioOf({ config, folder }: RunDocument, io: Io): Io {
  return { ...io, cwd: resolve(io.cwd, folder), config: JSON.parse(config) };
}

/** The manifest of a worker that names one on this machine, relative to the working directory; else where the run says. */
function selectionOf({ selection }: RunDocument, { dataset }: WorkerPlaces, { cwd }: Io): Selection {
  const { shard, limit, sample, config, ...rest } = selection;
  const path = dataset === undefined || isRemoteRoot(dataset) ? rest.dataset : dataset;
  return path === undefined ? rest : { ...rest, dataset: resolve(cwd, path) };
}

/** The setup of a worker; its manifest may be still elsewhere. */
export async function openSetupOf(document: RunDocument, places: WorkerPlaces, io: Io): Promise<Setup> {
  return openSetup(selectionOf(document, places, io), ioOf(document, io), {
    requireKeys: false,
    requireWire: true,
    isOnlyPass: true,
    needsManifest: false,
  });
}

/** The models that this machine has no key for, with the first reason. */
export async function modelsWithoutKeys(
  document: RunDocument,
  { models }: Setup,
  places: WorkerPlaces,
  io: Io,
): Promise<ReadonlyMap<string, Problem>> {
  const missing = new Map<string, Problem>();
  // A model that is asked without a medium is not in the configuration: it has the key of the one that it is made of.
  const { ablate: _, ...selection } = selectionOf(document, places, io);
  const ids = models.map(({ id }) => id);
  for (const id of ids) {
    const configured = ablationBase(id, ids) ?? id;
    await openSetup({ ...selection, model: [configured] }, ioOf(document, io), {
      requireKeys: true,
      needsManifest: false,
    }).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      const [problem] = error.problems;
      // It begins with the model, which is named anyway.
      if (problem !== undefined)
        missing.set(id, { ...problem, message: problem.message.replace(`${configured}: `, '') });
    });
  }
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
