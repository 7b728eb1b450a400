/** Entry of a model's worker thread; `workerData` is the model's name. */

import { parentPort, workerData } from 'node:worker_threads';
import { serveEngine } from './engine-thread.ts';
import { isLocalModelName } from './models/registry.ts';

if (parentPort === null || typeof workerData !== 'string' || !isLocalModelName(workerData))
  throw new Error('this file is started as the worker thread of an embedded model');
await serveEngine(parentPort, workerData);
