/** The commands of the queue, loaded together; see `finished-runs.ts`. */

export { statusCommand } from '../queue/status.ts';
export { workerCommand } from '../queue/worker.ts';
