/** The command line: yargs parses and prints help; checks that yargs lacks; turns errors into messages and exit codes. */

import yargs, { type Options } from 'yargs';
import { type Arguments, type Command, type CommandEntry, flag, type OptionSpec } from '../command.ts';
import { EXIT, formatProblem, IncompleteError, InputError, type Problem } from '../errors.ts';
import { columnsOf, type Io } from '../io.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { suggest } from '../text/nearest-name.ts';
import { version } from '../version.ts';
import { COMMANDS } from './registry.ts';

/** Options that every command takes. */
const COMMON = {
  'allow-code': {
    type: 'boolean',
    describe: 'run the scorers and providers that the configuration names as files',
    default: false,
  },
  verbose: { type: 'boolean', describe: 'show the stack traces of errors', default: false },
} as const satisfies Record<string, OptionSpec>;

/** The command that yargs itself provides. */
const COMPLETION = 'completion';

/** The most problems printed at once; a longer list is not readable. */
const MAX_PROBLEMS = 50;

/** Runs one command line and returns its exit code; prints, never exits. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    const parsed = await parse(argv, io);
    return parsed === null
      ? EXIT.done
      : await parsed.command.run(parsed.args, { ...io, allowCode: flag(parsed.args, 'allow-code') });
  } catch (error) {
    return explain(error, argv.includes('--verbose'), io);
  }
}

/** A command of the line, loaded. */
interface Chosen {
  readonly usage: string;
  readonly command: Command;
}

async function parse(argv: readonly string[], io: Io): Promise<{ command: Command; args: Arguments } | null> {
  const parser = yargs()
    .scriptName('earsight')
    .usage('$0 <command>\n\nBatch evaluation for models that see and hear.')
    .parserConfiguration({ 'camel-case-expansion': false, 'strip-aliased': true })
    .options(toYargs(COMMON))
    .version(version())
    // Every description is in English, and one screen has one language.
    .locale('en')
    .epilog(
      'Exit codes: 0 done, 1 gate or --fail-on missed, 2 wrong input (nothing sent), 3 could not judge or finish.',
    )
    .exitProcess(false)
    .wrap(Math.min(columnsOf(io.stdout, 100), 120));
  let chosen: Chosen | undefined;
  for (const [name, { usage, describe, load }] of Object.entries(COMMANDS) as [string, CommandEntry][]) {
    // Loaded here and not by the builder: as soon as one builder is async, yargs lays out the help of every line it parses.
    const command = argv.includes(name) ? await load() : undefined;
    parser.command(usage, describe, (builder) => {
      if (command === undefined) return builder;
      chosen = { usage, command };
      for (const [positional, what] of Object.entries(command.positionals ?? {})) {
        builder.positional(positional, { type: 'string', describe: what });
      }
      return builder.options(toYargs(command.options)).example(...command.example);
    });
  }
  parser.completion(COMPLETION, 'print a script for bash or zsh that completes commands and options');
  let failure: string | undefined;
  let printed = '';
  parser.fail((message, error) => {
    failure = message ?? error?.message ?? 'the arguments cannot be read';
  });
  const args = (await parser.parse([...argv], {}, (_error, _args, output) => {
    printed = output;
  })) as Arguments;
  if (printed !== '' && failure === undefined) {
    io.stdout.write(`${printed}\n`);
    return null;
  }
  if (failure !== undefined) throw unreadable(failure, chosen, argv);
  if (chosen === undefined) throw unknownCommand(args, argv);
  checkArguments(chosen, args, argv);
  return { command: chosen.command, args };
}

function toYargs(options: Readonly<Record<string, OptionSpec>>): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, ...rest }]) => [
      name,
      {
        ...rest,
        ...(type === 'array' ? { type: 'string', array: true } : { type, requiresArg: type !== 'boolean' }),
      } as Options,
    ]),
  );
}

/** What yargs itself rejects. A repeated option also takes the positional after it; the message of yargs does not say so. */
function unreadable(failure: string, chosen: Chosen | undefined, argv: readonly string[]): InputError {
  if (chosen === undefined || !failure.startsWith('Missing required argument'))
    return new InputError({ message: failure, hint: 'see earsight --help' });
  const { usage, command } = chosen;
  const positionals = Object.keys(command.positionals ?? {});
  const missing = positionals.find((name) => failure.split(/[\s,:]+/).includes(name)) ?? positionals[0];
  const greedy = Object.keys(command.options).find(
    (name) => command.options[name]?.type === 'array' && argv.includes(`--${name}`),
  );
  return new InputError({
    message: `no ${missing} given`,
    hint: greedy === undefined ? `usage: earsight ${usage}` : `put it before --${greedy}`,
  });
}

function unknownOption(name: string, names: readonly string[], argv: readonly string[]): Problem {
  const dashes = argv.some((word) => word === `--no-${name}`) ? '--no-' : '--';
  return {
    message: `unknown option ${dashes}${name}`,
    hint: suggest(name, names).replace(/"(.*)"/, `${dashes}$1`),
  };
}

function unknownCommand(args: Arguments, argv: readonly string[]): InputError {
  const [name] = (args['_'] as readonly unknown[]).map(String);
  const names = [...Object.keys(COMMANDS), COMPLETION];
  const common = [...Object.keys(COMMON), 'help', 'version'];
  const stray = Object.keys(args).find((option) => !['_', '$0', ...common].includes(option));
  if (name === undefined && stray !== undefined) return new InputError(unknownOption(stray, common, argv));
  if (name === undefined) return new InputError({ message: 'no command given', hint: `known: ${names.join(', ')}` });
  return new InputError({ message: `unknown command "${name}"`, hint: suggest(name, names) });
}

/** Checks that yargs lacks: misspelt options, values that are not numbers, options given twice, too many arguments. */
function checkArguments({ usage, command }: Chosen, args: Arguments, argv: readonly string[]): void {
  const options: Readonly<Record<string, OptionSpec>> = { ...COMMON, ...command.options };
  const names = [...Object.keys(options), 'help', 'version'];
  const positionals = Object.keys(command.positionals ?? {});
  const problems = Object.entries(args).flatMap(([name, value]): Problem[] => {
    if (name === '_' || name === '$0' || positionals.includes(name)) return [];
    if (!names.includes(name)) return [unknownOption(name, names, argv)];
    const type = options[name]?.type;
    if (type !== 'array' && Array.isArray(value))
      return [{ message: `--${name} is given more than once`, hint: 'give it once' }];
    if (type === 'number' && value !== undefined && !Number.isFinite(value)) {
      return [{ message: `--${name} needs a number` }];
    }
    const isEmpty = value === '' || (Array.isArray(value) && (value.length === 0 || value.includes('')));
    if (isEmpty) return [{ message: `--${name} needs a non-empty value` }];
    return [];
  });
  const extra = (args['_'] as readonly unknown[]).slice(1);
  if (extra.length > 0)
    problems.push({ message: `unexpected argument "${extra.join(' ')}"`, hint: `usage: earsight ${usage}` });
  if (problems.length > 0) throw new InputError(problems);
}

/** Prints an error and returns its exit code. Escapes control characters, which file names and manifests may contain. */
function explain(error: unknown, verbose: boolean, io: Io): number {
  const print = (line: string) => io.stderr.write(`${escapeTerminal(line)}\n`);
  const printStack = () => {
    if (verbose && error instanceof Error) for (const line of (error.stack ?? '').split('\n')) print(line);
  };
  if (error instanceof InputError) {
    for (const problem of error.problems.slice(0, MAX_PROBLEMS)) print(formatProblem(problem));
    const more = error.problems.length - MAX_PROBLEMS;
    if (more > 0) print(`and ${more} more problems`);
    printStack();
    return error.exitCode;
  }
  if (error instanceof IncompleteError) {
    print(`${error.message}${error.hint === undefined ? '' : ` · ${error.hint}`}`);
    printStack();
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  // An error of the operating system (a full disk, a lost drive) is not a bug in earsight.
  const isSystems = error instanceof Error && 'syscall' in error;
  print(
    isSystems
      ? `${message} · fix this, then run the command again; --verbose shows where it happened`
      : `unexpected error: ${message} · this is a bug, please report it with --verbose`,
  );
  printStack();
  return EXIT.incomplete;
}
