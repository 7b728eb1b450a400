/** `earsight view`: shows the reports of a results folder in a browser. */

import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type Command, flag, number, text } from '../command.ts';
import { EXIT, InputError } from '../errors.ts';
import type { Io } from '../io.ts';
import { findRun, noRun, runsByTime } from '../journal/find-run.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { openBrowser } from '../view/open-browser.ts';
import { readListedRun, runNames } from '../view/run-list.ts';
import { REPORT_FILE } from '../view/send-file.ts';
import { isRunFolder } from '../view/served-path.ts';
import { startViewServer } from '../view/server.ts';

export const viewCommand: Command = {
  example: ['earsight view --open', 'the report of the newest run, in the browser'],
  positionals: { run: 'results folder of a run, "latest", or a folder with runs (default: results)' },
  options: {
    port: { type: 'number', describe: 'port on 127.0.0.1; 0 = any free port', default: 0 },
    open: { type: 'boolean', describe: 'open the browser', default: false },
  },
  async run(args, io) {
    const port = portOf(number(args, 'port') ?? 0);
    const { results, run } = shown(text(args, 'run'), io.cwd);
    const nameOf = (folder: string) => shellWord(relative(io.cwd, join(results, folder)) || '.');
    const say = (line: string) => io.stderr.write(`${escapeTerminal(line)}\n`);
    const server = await startViewServer({ results, port, nameOf });
    try {
      const hasReport = run !== null && existsSync(join(results, run, REPORT_FILE));
      const url = hasReport ? `${server.url}runs/${encodeURIComponent(run)}/${REPORT_FILE}` : server.url;
      io.stdout.write(`${url}\n`);
      if (run !== null && !hasReport)
        say(`${run} has no ${REPORT_FILE} · earsight report ${nameOf(run)} --reporter html makes one`);
      say(`all runs: ${server.url} · Ctrl-C stops`);
      if (flag(args, 'open')) await open(url, io);
      if (!io.stop.aborted) await new Promise((done) => io.stop.addEventListener('abort', done, { once: true }));
    } finally {
      await server.close();
    }
    return EXIT.done;
  },
};

function portOf(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InputError({ message: `--port ${port} is not a port`, hint: 'use a whole number from 0 to 65535' });
}

interface Shown {
  /** The results folder, absolute. */
  readonly results: string;
  /** The folder of the run whose report is opened; null = none of the runs can be read. */
  readonly run: string | null;
}

/** @throws {InputError} when there is no run, or `run.json` of the named one is damaged. */
function shown(name: string | undefined, cwd: string): Shown {
  const isNewest = name === undefined || (name === 'latest' && !existsSync(resolve(cwd, name)));
  const given = isNewest ? 'results' : name;
  const folder = resolve(cwd, given);
  if (!existsSync(folder)) throw noRun(given);
  // A link to a run is in another results folder than the run.
  const real = realpathSync(folder);
  if (isRunFolder(real)) {
    findRun(given, cwd);
    return { results: dirname(real), run: basename(real) };
  }
  if (!statSync(real).isDirectory() || runNames(real).length === 0) throw noRun(given);
  return { results: real, run: newestRun(real) };
}

/** The newest run with a report, or the newest one that a report can be made of. */
function newestRun(results: string): string | null {
  const runs = runsByTime(results);
  const isWhole = (run: string) => readListedRun(results, basename(run)).info !== null;
  const newest = runs.find((run) => existsSync(join(run, REPORT_FILE))) ?? runs.find(isWhole);
  return newest === undefined ? null : basename(newest);
}

/** A word that a shell takes as it is, or in single quotes. */
function shellWord(word: string): string {
  return /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A machine without a desktop is no error: the address has been printed. */
async function open(url: string, io: Io): Promise<void> {
  try {
    await openBrowser(url, io.env);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    io.stderr.write(`the browser could not be opened (${escapeTerminal(reason)})\n`);
  }
}
