/** Runs the command line in this process, in a temporary folder. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../src/commands/main.ts';
import type { Io } from '../../src/io.ts';

/** Before the known models are retired, so that the messages of a test do not depend on the day. */
const TODAY = Date.parse('2025-06-01');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Workspace extends Disposable {
  readonly directory: string;
  /** Writes files by their path in the folder. */
  write(files: Readonly<Record<string, string | Buffer>>): void;
  read(path: string): string;
  /** All files in a folder and its subfolders, relative to the workspace, sorted. */
  list(path?: string): readonly string[];
  run(argv: readonly string[], io?: Partial<Io>): Promise<Outcome>;
}

export function workspace(files: Readonly<Record<string, string | Buffer>> = {}): Workspace {
  const directory = mkdtempSync(join(tmpdir(), 'earsight-'));
  const write = (more: Readonly<Record<string, string | Buffer>>) => {
    for (const [name, content] of Object.entries(more)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), content);
    }
  };
  write(files);
  return {
    directory,
    write,
    read: (path) => readFileSync(join(directory, path), 'utf8'),
    list: (path = '.') =>
      readdirSync(join(directory, path), { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(join(directory, path, name)).isFile())
        .sort(),
    async run(argv, io = {}) {
      const [out, err]: [string[], string[]] = [[], []];
      const code = await main(argv, {
        stdout: { write: (text) => out.push(text), columns: 120 },
        stderr: { write: (text) => err.push(text) },
        env: {},
        cwd: directory,
        now: () => TODAY,
        stop: new AbortController().signal,
        ...io,
      });
      return { code, stdout: out.join(''), stderr: err.join('') };
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** stderr of a command in this process, and what resolves when it has said something. */
export function listener() {
  let said = '';
  const waiting = new Map<string, () => void>();
  return {
    stderr: {
      write(text: string) {
        said += text;
        for (const [words, resolve] of waiting) if (said.includes(words)) resolve();
      },
    },
    says: (words: string) =>
      said.includes(words) ? Promise.resolve() : new Promise<void>((resolve) => waiting.set(words, resolve)),
  };
}
