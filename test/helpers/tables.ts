/** Reads the tables of a run's folder, for tests that compare runs. */

import { parse } from 'csv-parse/sync';
import type { Workspace } from './cli.ts';

export type Row = Readonly<Record<string, string>>;

/** Columns that differ from run to run. */
const VOLATILE = ['run_id', 'latency_ms', 'first_token_ms', 'rtfx', 'queue_ms', 'retry_wait_ms', 'started_at'];

/** The rows of a table of a run. */
export function readRows(folder: Workspace, run: string, file = 'results.csv'): readonly Row[] {
  return parse(folder.read(`${run}/${file}`), { columns: true });
}

/** The rows without the columns that differ from run to run. */
export function steadyRows(folder: Workspace, run: string): readonly Row[] {
  return readRows(folder, run).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !VOLATILE.includes(name))),
  );
}

/** Every file of a folder with its content: equal before and after when nothing was overwritten. */
export function snapshot(folder: Workspace, path: string): readonly (readonly [name: string, content: string])[] {
  return folder.list(path).map((name) => [name, folder.read(`${path}/${name}`)]);
}
