/** The commands that prepare a run, loaded together; see `finished-runs.ts`. */

export { convertCommand } from '../convert.ts';
export { estimateCommand } from '../estimate.ts';
export { initCommand } from '../init.ts';
export { probeCommand } from '../probe.ts';
export { schemaCommand } from '../schema.ts';
export { validateCommand } from '../validate.ts';
