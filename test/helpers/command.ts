/** Runs the built command line in its own process, with real signals, limits and exit codes. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Outcome, Workspace } from './cli.ts';

/** The built command. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** False before `npm run build`. */
export const IS_BUILT = existsSync(CLI);

export interface Command {
  readonly child: ChildProcess;
  /** Resolves when the process has ended and all of its output has arrived; `code` is the name of the signal if one ended it. */
  readonly ended: Promise<Omit<Outcome, 'code'> & { readonly code: number | NodeJS.Signals | null }>;
  /** Resolves when stderr contains this text. */
  says(words: string): Promise<void>;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Shell commands to run first, such as `ulimit -n 64`. */
  readonly shell?: string;
  /** Runs the command as this user (root only). */
  readonly uid?: number;
}

/** Starts the command in the workspace's folder. */
export function startCommand(folder: Workspace, argv: readonly string[], options: CommandOptions = {}): Command {
  const own = [process.execPath, CLI, ...argv] as const;
  const [program, ...rest] =
    options.shell === undefined ? own : (['/bin/sh', '-c', `${options.shell}; exec "$@"`, 'sh', ...own] as const);
  const child = spawn(program, rest, {
    cwd: folder.directory,
    env: { PATH: process.env['PATH'], ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Map<string, () => void>();
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
    for (const [words, resolve] of waiting) if (stderr.includes(words)) resolve();
  });
  const ended: Command['ended'] = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal, stdout, stderr }));
  });
  return {
    child,
    ended,
    says: (words) =>
      stderr.includes(words)
        ? Promise.resolve()
        : Promise.race([
            new Promise<void>((resolve) => waiting.set(words, resolve)),
            ended.then(({ code }) =>
              Promise.reject(new Error(`ended with ${code}, and never said: ${words}\n${stderr}`)),
            ),
          ]),
  };
}
