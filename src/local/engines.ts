/** The recognisers of the embedded endpoint, each in its own thread. */

import { loadOptional } from '../optional-package.ts';
import { type Engine, startEngine } from './engine.ts';
import type { Reading, ReadRequest } from './model-service.ts';
import { isLocalModelName, LOCAL_MODELS, type LocalModelName } from './models/registry.ts';
import { RequestError } from './request-error.ts';
import type { CountRequest, TokenCount } from './token-service.ts';

const DEFAULT_DEADLINE_MS = 60_000;
const DEFAULT_MAX_WAITING = 64;

/** How recognisers are started; see `LocalServerOptions`. */
interface EngineOptions {
  readonly workerUrl?: URL;
  readonly deadlineMs?: number;
  readonly maxWaiting?: number;
}

export interface Engines {
  readonly models: ReadonlyMap<LocalModelName, Engine<ReadRequest, Reading>>;
  readonly tokens: Engine<CountRequest, TokenCount>;
}

/** Loads all models at once, each in its own thread; when one fails, it ends the others. */
export async function startEngines(names: readonly LocalModelName[], options: EngineOptions): Promise<Engines> {
  // The main thread must open a native library, or it does not outlive the threads that use it (documentation of sharp).
  if (names.some((name) => LOCAL_MODELS[name].medium === 'image')) await loadOptional('sharp', () => import('sharp'));
  const common = {
    workerUrl: options.workerUrl ?? new URL('./engine-worker.js', import.meta.url),
    deadlineMs: options.deadlineMs ?? DEFAULT_DEADLINE_MS,
  };
  const maxWaiting = options.maxWaiting ?? DEFAULT_MAX_WAITING;
  const tokens = startEngine<CountRequest, TokenCount>({ ...common, name: 'tokens', maxWaiting: Infinity });
  const models = names.map(async (name) => {
    return [name, await startEngine<ReadRequest, Reading>({ ...common, name, maxWaiting })] as const;
  });
  const settled = await Promise.allSettled([tokens, ...models]);
  const failed = settled.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return { tokens: await tokens, models: new Map(await Promise.all(models)) };
  for (const outcome of settled) {
    if (outcome.status === 'rejected') continue;
    await ('close' in outcome.value ? outcome.value : outcome.value[1]).close();
  }
  throw failed.reason;
}

export async function closeEngines({ tokens, models }: Engines): Promise<void> {
  await Promise.all([tokens, ...models.values()].map((engine) => engine.close()));
}

/** @throws {RequestError} 404 for a model that does not run. */
export function engineOf(name: string, engines: Engines) {
  const engine = isLocalModelName(name) ? engines.models.get(name) : undefined;
  if (!isLocalModelName(name) || engine === undefined)
    throw new RequestError(`The model ${JSON.stringify(name)} does not run here; ${running(engines)}.`, {
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
  return { engine, model: LOCAL_MODELS[name] };
}

function running(engines: Engines): string {
  return engines.models.size === 0 ? 'none does' : `running: ${[...engines.models.keys()].join(', ')}`;
}
