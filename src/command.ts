/** What a command of the command line is: one file each, and one line in `main.ts`. */

import type { Io } from './io.ts';

/** One option, in the terms of yargs; `number` options are checked for being numbers. */
export interface OptionSpec {
  readonly type: 'string' | 'number' | 'boolean' | 'array';
  readonly describe: string;
  readonly default?: string | number | boolean;
}

/** Parsed arguments by option name as typed (`max-cost`); positionals by their name. */
export type Arguments = Readonly<Record<string, unknown>>;

export interface Command {
  /** With positionals, e.g. `run [config]`. */
  readonly usage: string;
  readonly describe: string;
  readonly example: readonly [command: string, what: string];
  readonly positionals?: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Returns the exit code. */
  run(args: Arguments, io: Io): Promise<number>;
}

/** A string option or positional; undefined when it was not given. */
export function text(args: Arguments, name: string): string | undefined {
  const value = args[name];
  return value === undefined ? undefined : String(value);
}

/** A number option; undefined when it was not given. */
export function number(args: Arguments, name: string): number | undefined {
  const value = args[name];
  return typeof value === 'number' ? value : undefined;
}

export function flag(args: Arguments, name: string): boolean {
  return args[name] === true;
}

/** A repeated option; empty when it was not given. */
export function list(args: Arguments, name: string): readonly string[] {
  const value = args[name];
  return Array.isArray(value) ? value.map(String) : [];
}
