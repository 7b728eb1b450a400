/** Runs that were recorded once and stay in `test/fixtures/runs/`: copied before use, and read without any code of ours. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, gunzipSync } from 'node:zlib';
import { type Workspace, workspace } from './cli.ts';

const RUNS = fileURLToPath(new URL('../fixtures/runs/', import.meta.url));
/** What keys and secrets are set to: not what they were, because a new key is no other request. */
const SECRET = 'a-key-of-today';

/** `recorded.json`: what the folder cannot tell itself. */
interface Recorded {
  /** Configuration and selection, as the run was started with. */
  readonly argv: readonly string[];
  /** Variables that are part of the requests. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables that hold keys. */
  readonly keys: readonly string[];
  /** Variables that the configuration refers to where values count as secrets. */
  readonly secrets: readonly string[];
  /** The requests that a resumed run has to send, as `Gateway.asked` tells them. */
  readonly lacks: readonly string[];
  /** Of a resumed run. */
  readonly exitCode: number;
  /** Whether it starts the embedded endpoint, which only the built command has. */
  readonly isBuilt: boolean;
}

export interface RecordedRun extends Recorded, Disposable {
  /** A copy; the run is in its folder `out`. */
  readonly folder: Workspace;
  /** `env` with values for secrets. */
  readonly withoutKeys: Readonly<Record<string, string>>;
  /** The same with keys. */
  readonly withKeys: Readonly<Record<string, string>>;
}

/** Names of all recorded runs. */
export const RECORDED_RUNS: readonly string[] = readdirSync(RUNS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Copies a recorded run into a folder of its own. */
export function openRecorded(name: string): RecordedRun {
  const names = readdirSync(join(RUNS, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const root = join(RUNS, name, '/');
  const folder = workspace(Object.fromEntries(names.map((path) => [path.slice(root.length), readFileSync(path)])));
  const recorded: Recorded = JSON.parse(folder.read('recorded.json'));
  const secret = (of: readonly string[]) => Object.fromEntries(of.map((variable) => [variable, SECRET]));
  const withoutKeys = { ...recorded.env, ...secret(recorded.secrets) };
  return {
    ...recorded,
    folder,
    withoutKeys,
    withKeys: { ...withoutKeys, ...secret(recorded.keys) },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** A line of a journal, as far as a test looks at it. */
interface Line {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Whole lines of all parts in their order; what a checksum does not fit is left out. */
function journalLines(folder: Workspace, run: string): readonly Line[] {
  const parts = folder.list(run).filter((name) => /^journal(\.\d+)?\.jsonl(\.gz)?$/.test(name));
  return parts
    .map((name) => readFileSync(join(folder.directory, run, name)))
    .flatMap((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString().split('\n').slice(0, -1))
    .filter(isWhole)
    .map((line) => JSON.parse(line));
}

function isWhole(line: string): boolean {
  const [, sum, body] = /^\{"crc":"([0-9a-f]{8})",(.*)$/s.exec(line) ?? [];
  return body !== undefined && crc32(body).toString(16).padStart(8, '0') === sum;
}

/** How many calls the journal says were made. */
export function attemptsIn(folder: Workspace, run: string): number {
  return journalLines(folder, run).filter(({ type }) => type === 'attempt').length;
}

/** `<sample> <model> <repeat> <status> <answer or failure kind>` of the newest result of each cell, sorted. */
export function resultsIn(folder: Workspace, run: string): readonly string[] {
  const lines = journalLines(folder, run);
  const since = lines.slice(lines.findLastIndex(({ type }) => type === 'rebase') + 1);
  const newest = new Map<string, string>();
  for (const { type, data } of since) {
    const { sampleId, modelId, repeat, status, answer, failure } = data;
    const { kind } = (failure ?? {}) as { readonly kind?: string };
    const cell = `${sampleId} ${modelId} ${repeat}`;
    if (type === 'result') newest.set(cell, `${cell} ${status} ${answer ?? kind}`);
  }
  return [...newest.values()].sort();
}
