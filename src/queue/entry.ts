/** What commands load of the queue, together: the bundler makes a chunk for each set of entries that share code. */

export { connectQueue } from './connect.ts';
export { openCoordinator } from './open-coordinator.ts';
export { readStatus } from './read-status.ts';
export { work } from './worker/work.ts';
