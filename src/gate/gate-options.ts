/** The options of gates, which `gate` and `run` share. */

import { resolve } from 'node:path';
import { type Arguments, flag, number, type OptionSpec, text } from '../command.ts';
import { InputError, type Problem } from '../errors.ts';
import type { Io } from '../io.ts';
import { readBaseline } from './baseline-file.ts';
import type { NamedBaseline } from './pair-samples.ts';

export const GATE_OPTIONS = {
  baseline: { type: 'string', describe: 'compare with this baseline (default: only limits without one)' },
  confirm: { type: 'number', describe: 'fresh runs, 0 to 3, that must also show an alarm', default: 1 },
  strict: { type: 'boolean', describe: 'fail unless the samples show that nothing is lost', default: false },
  'min-overlap': {
    type: 'number',
    describe: "least part of the baseline's samples that the run must have",
    default: 0.9,
  },
} as const satisfies Record<string, OptionSpec>;

/** Checked. */
export interface GateChoice {
  readonly baseline: NamedBaseline | null;
  readonly confirm: number;
  readonly strict: boolean;
  readonly minOverlap: number;
}

/** Reads the options and the baseline. @throws {InputError} with all problems. */
export function gateChoice(args: Arguments, { cwd }: Pick<Io, 'cwd'>): GateChoice {
  const confirm = number(args, 'confirm') ?? 1;
  const minOverlap = number(args, 'min-overlap') ?? 0.9;
  const problems: Problem[] = [];
  if (!(Number.isInteger(confirm) && confirm >= 0 && confirm <= 3))
    problems.push({ message: `--confirm ${confirm} is not a whole number from 0 to 3` });
  if (!(minOverlap >= 0 && minOverlap <= 1))
    problems.push({ message: `--min-overlap ${minOverlap} is not from 0 to 1`, hint: '0.9 is 90 %' });
  if (problems.length > 0) throw new InputError(problems);
  const file = text(args, 'baseline');
  const baseline = file === undefined ? null : { ...readBaseline(resolve(cwd, file), file), file };
  return { baseline, confirm, strict: flag(args, 'strict'), minOverlap };
}
