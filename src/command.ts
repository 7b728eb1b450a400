/** The interface of a command, and the readers of its parsed arguments; each command is one file and one entry in `commands/registry.ts`. */

import type { Io } from './io.ts';

/** One option, as yargs takes it; the value of a `number` option is checked to be a number. */
export interface OptionSpec {
  readonly type: 'string' | 'number' | 'boolean' | 'array';
  readonly describe: string;
  readonly default?: string | number | boolean;
  /** A single letter that means the same. */
  readonly alias?: string;
}

/** Parsed arguments by option name as typed (`max-cost`); positionals by their name. */
export type Arguments = Readonly<Record<string, unknown>>;

/** What is known of a command before it is loaded. */
export interface CommandEntry {
  /** Name and positionals, e.g. `run [config]`. */
  readonly usage: string;
  readonly describe: string;
  load(): Promise<Command>;
}

export interface Command {
  readonly example: readonly [command: string, what: string];
  readonly positionals?: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Returns the exit code. */
  run(args: Arguments, io: Io): Promise<number>;
}

/** The value of a string option or positional; undefined when it was not given. */
export function text(args: Arguments, name: string): string | undefined {
  const value = args[name];
  return value === undefined ? undefined : String(value);
}

/** The value of a number option; undefined when it was not given. */
export function number(args: Arguments, name: string): number | undefined {
  const value = args[name];
  return typeof value === 'number' ? value : undefined;
}

/** The value of a boolean option; false when it was not given and has no default. */
export function flag(args: Arguments, name: string): boolean {
  return args[name] === true;
}

/** The values of a repeated option; empty when it was not given. */
export function list(args: Arguments, name: string): readonly string[] {
  const value = args[name];
  return Array.isArray(value) ? value.map(String) : [];
}
