/** Looks at the batches of a run, and copies the results of those that have ended into its folder. */

import { closeSync, fsyncSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ProviderError } from '../errors.ts';
import { openFile } from '../files/open-file.ts';
import { makeBatchesFolder } from '../journal/batches/batch-files.ts';
import { type BatchPart, isPending, type StoredResults } from '../journal/batches/batch-log.ts';
import type { BatchClient, BatchState, ResultSource } from '../providers/batch/batch-client.ts';
import type { ModelConfig } from '../types.ts';
import type { BatchClients } from './open-clients.ts';
import { type Patience, patiently } from './patiently.ts';
import { now, type PartContext } from './submit-part.ts';

/** A part with what its vendor says of it now. */
export interface PartState {
  readonly part: BatchPart;
  /** null = it was not asked: the part has no batch yet, or its results are in the folder. */
  readonly state: BatchState | null;
  /** Why the vendor could not say. */
  readonly failure: ProviderError | null;
}

export interface StateOptions extends Patience {
  readonly models: readonly ModelConfig[];
  readonly clients: BatchClients;
}

export interface FetchOptions extends PartContext {
  readonly models: readonly ModelConfig[];
  readonly clients: BatchClients;
}

/** Asks for the state of every part that is not finished. */
export async function partStates(parts: readonly BatchPart[], options: StateOptions): Promise<readonly PartState[]> {
  const states: PartState[] = [];
  for (const part of parts) {
    const { batchId, ended, modelId } = part;
    if (!isPending(part) || batchId === null || ended !== null) {
      states.push({ part, state: null, failure: null });
      continue;
    }
    try {
      const client = await options.clients.of(modelOf(options.models, modelId));
      const state = await patiently(() => client.state(batchId, options.signal), options);
      states.push({ part, state, failure: null });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      states.push({ part, state: null, failure: error });
    }
  }
  return states;
}

/** @throws {ProviderError} kind `bad_request` for a model that the configuration no longer has. */
export function modelOf(models: readonly ModelConfig[], id: string): ModelConfig {
  const model = models.find((one) => one.id === id);
  if (model === undefined)
    throw new ProviderError('bad_request', `the configuration has no model "${id}" any more`, {
      hint: 'name the configuration of the run with --config',
    });
  return model;
}

/** Copies the results of a batch that has ended. @throws {ProviderError} when they cannot be read now. */
export async function fetchResults(part: BatchPart, state: BatchState, options: FetchOptions, mode: number) {
  const client = await options.clients.of(modelOf(options.models, part.modelId));
  const folder = makeBatchesFolder(options.directory, mode);
  const results: StoredResults[] = [];
  let problem = state.problem?.message ?? null;
  for (const source of state.sources) {
    const file = `${part.part}.${source.name}.jsonl`;
    const byteLength = await patiently(() => copy(client, source, join(folder, file), options, mode), options).catch(
      (error: unknown) => {
        if (!(error instanceof ProviderError && isGone(error))) throw error;
        problem = `its ${source.name} file was deleted or has expired`;
        return 0;
      },
    );
    if (byteLength > 0) results.push({ file, byteLength });
  }
  options.log.append({
    type: 'ended',
    part: part.part,
    at: now(options.clock),
    status: state.status,
    results,
    problem,
    code: state.problem?.code ?? null,
  });
}

/** The endpoint answers, and does not have it. */
export function isGone({ details: { status } }: ProviderError): boolean {
  return status === 404 || status === 410;
}

const LINE_FEED = 0x0a;
/** A byte-order mark, which makes no line, and a carriage return. */
const NOT_OF_A_LINE = /^\ufeff|\r$/g;

/** Copies a file line by line without secrets; it gets its name when it is complete. Returns its length. */
async function copy(
  client: BatchClient,
  source: ResultSource,
  path: string,
  { signal }: FetchOptions,
  mode: number,
): Promise<number> {
  const temporary = `${path}.part`;
  rmSync(temporary, { force: true });
  const descriptor = openFile(temporary, 'create', { mode });
  let rest: Buffer[] = [];
  let byteLength = 0;
  const writeLine = (bytes: Buffer) => {
    const text = bytes.toString('utf8').replace(NOT_OF_A_LINE, '');
    if (text === '') return;
    const line = Buffer.from(`${client.hideIn(text)}\n`);
    for (let written = 0; written < line.length; ) written += writeSync(descriptor, line, written);
    byteLength += line.length;
  };
  try {
    await client.download(
      source,
      (piece) => {
        let start = 0;
        for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, start)) {
          writeLine(Buffer.concat([...rest, piece.subarray(start, end)]));
          rest = [];
          start = end + 1;
        }
        if (start < piece.length) rest.push(Buffer.from(piece.subarray(start)));
      },
      signal,
    );
    writeLine(Buffer.concat(rest));
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  if (byteLength === 0) rmSync(temporary, { force: true });
  else renameSync(temporary, path);
  return byteLength;
}
