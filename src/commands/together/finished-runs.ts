/**
 * The commands that read finished runs, loaded together. The bundler makes a chunk for each set of commands that share code,
 * and Node opens all chunks of a command at once: one by one, `run` needed 55 and met the limit of a process that may open 64.
 */

export { baselineCommand } from '../baseline.ts';
export { compareCommand } from '../compare.ts';
export { gateCommand } from '../gate.ts';
export { mergeCommand } from '../merge.ts';
export { reportCommand } from '../report.ts';
export { scoreCommand } from '../score.ts';
export { viewCommand } from '../view.ts';
