/** Entry of a worker thread; `workerData` names its service: a model, or `tokens`. */

import { parentPort, workerData } from 'node:worker_threads';
import { loadModelService } from './model-service.ts';
import { isLocalModelName } from './models/registry.ts';
import { serveThread } from './serve-thread.ts';
import { loadTokenService } from './token-service.ts';

if (parentPort === null || typeof workerData !== 'string') throw new Error('this file runs as a worker thread');
const name = workerData;
if (isLocalModelName(name)) await serveThread(parentPort, () => loadModelService(name));
else await serveThread(parentPort, loadTokenService);
