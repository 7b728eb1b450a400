/** A read-only server on loopback for a results folder: the list of its runs, their reports and files, comparisons. */

import { realpathSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import pLimit, { type LimitFunction } from 'p-limit';
import { compareRuns } from '../compare/compare-runs.ts';
import { planComparison } from '../compare/plan-comparison.ts';
import { readRunScores } from '../compare/run-scores.ts';
import { InputError } from '../errors.ts';
import { findRun } from '../journal/find-run.ts';
import { rejectForeign } from '../local/http/request-guard.ts';
import { RequestError } from '../local/request-error.ts';
import { comparePage } from './compare-page.ts';
import { listPage, RUNS_SHOWN, reportCommand } from './list-page.ts';
import { PAGE_POLICY, problemPage } from './page.ts';
import { readListedRun, runNames } from './run-list.ts';
import { REPORT_FILE, sendFile } from './send-file.ts';
import { below, pathParts, runFolder } from './served-path.ts';

export interface ViewOptions {
  /** The results folder. */
  readonly results: string;
  /** 0 = any free port. */
  readonly port: number;
  /** How people name the folder of a run on their command line. */
  readonly nameOf: (folder: string) => string;
}

export interface ViewServer {
  /** Ends with a slash. */
  readonly url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

interface View {
  /** A real path. */
  readonly root: string;
  readonly nameOf: (folder: string) => string;
  /** A comparison needs some 100 bytes for each cell of two runs: one at a time. */
  readonly comparing: LimitFunction;
}

/** @throws {InputError} when the port cannot be opened. */
export async function startViewServer({ results, port, nameOf }: ViewOptions): Promise<ViewServer> {
  const view: View = { root: realpathSync(results), nameOf, comparing: pLimit(1) };
  const server = createServer((request, response) => void serve(request, response, view));
  const open = await listen(server, port);
  return {
    url: `http://${HOST}:${open}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = { EADDRINUSE: 'is in use', EACCES: 'may not be opened by this user' }[error.code ?? ''];
      const hint = 'choose another --port, or 0 for any free one';
      reject(why === undefined ? error : new InputError({ message: `port ${port} ${why}`, hint }, { cause: error }));
    });
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** On every reply: other pages may neither frame nor load what is here, and nothing of it stays in a cache. */
const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': PAGE_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

async function serve(request: IncomingMessage, response: ServerResponse, view: View): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  try {
    rejectForeign(request);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      throw new RequestError('This server only reads.', { status: 405, code: 'method_not_allowed' });
    }
    await answer(request, response, view);
  } catch (error) {
    // The client has gone, or got a part of a file that cannot be read further.
    if (response.headersSent || response.destroyed) response.destroy();
    else sendProblem(request, response, error);
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, view: View): Promise<void> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const parts = pathParts(path);
  const [first, folder = '', ...rest] = parts;
  const search = new URLSearchParams(query);
  if (parts.length === 1 && first === '') return sendPage(request, response, runsPage(view, search));
  if (parts.length === 1 && first === 'compare')
    return sendPage(request, response, await view.comparing(() => comparison(view, search, response)));
  if (first !== 'runs' || rest.length === 0) throw notFound('There is no such page.');
  const directory = runFolder(view.root, folder);
  if (directory === null) throw notFound('There is no such run.');
  const file = below(directory, rest);
  if (file !== null) return sendFile(file, request, response);
  if (rest.join('/') !== REPORT_FILE) throw notFound('There is no such file.');
  const hint = `To make one: ${reportCommand(view.nameOf(folder), 'html')}`;
  return sendPage(request, response, problemPage('This run has no report.html', hint), 404);
}

function runsPage({ root, nameOf }: View, search: URLSearchParams): string {
  const names = runNames(root);
  const from = Number(/^\d{1,9}$/.exec(search.get('from') ?? '')?.[0] ?? 0);
  const runs = names.slice(from, from + RUNS_SHOWN).map((name) => readListedRun(root, name));
  return listPage({ runs, from, all: names.length, nameOf });
}

async function comparison({ root }: View, search: URLSearchParams, response: ServerResponse): Promise<string> {
  // Its turn may come after the client has gone.
  if (response.destroyed) return '';
  const [a, b] = [search.get('a') ?? '', search.get('b')];
  const names = b === null || b === '' ? [a] : [a, b];
  if (a === b) throw notFound('Both runs are the same one: choose two, or compare its models.');
  const runs = await Promise.all(
    names.map((name) => {
      const directory = runFolder(root, name);
      if (directory === null) throw notFound('There is no such run.');
      return readRunScores(directory, findRun(directory, root).info);
    }),
  );
  const [first, second = null] = runs;
  if (first === undefined) throw notFound('There is no such run.');
  return comparePage(compareRuns(planComparison(first, second)), names);
}

function notFound(message: string): RequestError {
  return new RequestError(message, { status: 404, code: 'not_found' });
}

function sendProblem(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (error instanceof RequestError) {
    sendPage(request, response, problemPage(error.message), error.details.status);
    return;
  }
  if (error instanceof InputError) {
    sendPage(request, response, problemPage('These runs cannot be compared', error.message), 422);
    return;
  }
  sendPage(request, response, problemPage('The server failed', error instanceof Error ? error.message : ''), 500);
}

function sendPage(request: IncomingMessage, response: ServerResponse, html: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(html) });
  response.end(request.method === 'HEAD' ? undefined : html);
}
