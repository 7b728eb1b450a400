/** `batches.jsonl` in the folder of a run: what was sent to batch APIs. One line a step, on the disk before the next step. */

import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import { openFile } from '../../files/open-file.ts';
import { isRecord } from '../../text/is-record.ts';
import { isAmountOrNull, isCount, isListOf, isName, isText, isTextOrNull } from '../../text/member-checks.ts';

export const BATCHES_FILE = 'batches.jsonl';
/** Files of requests and of results, while they are needed. */
export const BATCHES_FOLDER = 'batches';

/** A file of results that was copied into the folder. */
export interface StoredResults {
  /** Name in the folder `batches`. */
  readonly file: string;
  readonly byteLength: number;
}

/** A step of one part. */
export type BatchEvent = { readonly part: string; readonly at: string } & (
  | {
      /** The file of requests is complete on this disk; nothing was sent. */
      readonly type: 'part';
      readonly modelId: string;
      /** Name of the file at the vendor. */
      readonly name: string;
      readonly requests: number;
      readonly byteLength: number;
      /** The most that its answers may cost; null = not known. */
      readonly mostUsd: number | null;
    }
  | { readonly type: 'uploaded'; readonly fileId: string }
  | { readonly type: 'created'; readonly batchId: string }
  /** The batch has ended, and its results are in the folder. `problem`: why there are none, or not all. */
  | {
      readonly type: 'ended';
      readonly status: string;
      readonly results: readonly StoredResults[];
      readonly problem: string | null;
      readonly code: string | null;
    }
  /** Every cell of the part has a result in the journal. */
  | { readonly type: 'collected'; readonly answered: number; readonly failed: number }
  /** Its cells may be asked again. */
  | { readonly type: 'dropped'; readonly reason: string }
);

/** What is known of one part. */
export interface BatchPart {
  readonly part: string;
  readonly modelId: string;
  readonly name: string;
  readonly requests: number;
  readonly byteLength: number;
  readonly mostUsd: number | null;
  readonly writtenMs: number;
  readonly fileId: string | null;
  readonly batchId: string | null;
  /** ISO time; null = not created. */
  readonly createdAt: string | null;
  readonly ended: Extract<BatchEvent, { readonly type: 'ended' }> | null;
  readonly closed: Extract<BatchEvent, { readonly type: 'collected' | 'dropped' }> | null;
}

/** Whether the answers to a part may still come: its cells must not be asked again. */
export function isPending({ closed }: BatchPart): boolean {
  return closed === null;
}

/** Whether the part is to be sent, and its batch was not created or not noted. */
export function isUnsent(part: BatchPart): boolean {
  return isPending(part) && part.batchId === null;
}

/** The parts of a run in order; empty without the file. @throws {InputError} for a damaged line. */
export function readBatchParts(directory: string): readonly BatchPart[] {
  const path = join(directory, BATCHES_FILE);
  if (!existsSync(path)) return [];
  const descriptor = openFile(path, 'read');
  try {
    return [...partsOf(readFileSync(descriptor, 'utf8'), path).values()];
  } finally {
    closeSync(descriptor);
  }
}

/** The log of a run whose folder is locked. */
export interface BatchLog {
  parts(): readonly BatchPart[];
  /** Writes one step; it is on the disk when this returns. */
  append(event: BatchEvent): void;
  close(): void;
}

/** Opens the log, or starts it, and cuts off a line that a crash left incomplete. `mode`: permissions of a new file. */
export function openBatchLog(directory: string, mode: number): BatchLog {
  const path = join(directory, BATCHES_FILE);
  const isNew = !existsSync(path);
  const descriptor = openFile(path, isNew ? 'create' : 'update', { mode });
  const text = readFileSync(descriptor, 'utf8');
  const parts = partsOf(text, path);
  let end = Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1));
  if (end < fstatSync(descriptor).size) ftruncateSync(descriptor, end);
  return {
    parts: () => [...parts.values()],
    append(event) {
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      for (let written = 0; written < line.length; )
        written += writeSync(descriptor, line, written, line.length - written, end + written);
      fsyncSync(descriptor);
      end += line.length;
      addEvent(parts, event);
    },
    close: () => closeSync(descriptor),
  };
}

function partsOf(text: string, path: string): Map<string, BatchPart> {
  const parts = new Map<string, BatchPart>();
  // The line after the last line feed is incomplete: its step did not happen, or is found at the vendor.
  for (const [index, line] of text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
    .entries()) {
    const event = parseEvent(line);
    if (event === null || !addEvent(parts, event))
      throw new InputError({
        file: path,
        line: index + 1,
        message: 'is damaged',
        hint: 'restore the file from a copy: it names the batches that were paid for',
      });
  }
  return parts;
}

/** Returns false for a step of a part that is not known. */
function addEvent(parts: Map<string, BatchPart>, event: BatchEvent): boolean {
  const before = parts.get(event.part);
  const after = before === undefined ? startOf(event) : stepOf(before, event);
  if (after !== null) parts.set(event.part, after);
  return after !== null;
}

function startOf(event: BatchEvent): BatchPart | null {
  if (event.type !== 'part') return null;
  const { part, modelId, name, requests, byteLength, mostUsd, at } = event;
  const facts = { part, modelId, name, requests, byteLength, mostUsd, writtenMs: Date.parse(at) };
  return { ...facts, fileId: null, batchId: null, createdAt: null, ended: null, closed: null };
}

function stepOf(before: BatchPart, event: BatchEvent): BatchPart | null {
  switch (event.type) {
    case 'part':
      return null;
    case 'uploaded':
      return { ...before, fileId: event.fileId };
    case 'created':
      return { ...before, batchId: event.batchId, createdAt: event.at };
    case 'ended':
      return { ...before, ended: event };
    case 'collected':
    case 'dropped':
      return { ...before, closed: event };
    default:
      return event satisfies never;
  }
}

const isStored = (value: unknown) =>
  // The name becomes a path.
  isRecord(value) &&
  typeof value['file'] === 'string' &&
  /^[\w.-]+$/.test(value['file']) &&
  isCount(value['byteLength']);

const CHECKS: Readonly<Record<string, (event: Readonly<Record<string, unknown>>) => boolean>> = {
  part: ({ modelId, name, requests, byteLength, mostUsd }) =>
    isName(modelId) && isName(name) && isCount(requests) && isCount(byteLength) && isAmountOrNull(mostUsd),
  uploaded: ({ fileId }) => isName(fileId),
  created: ({ batchId }) => isName(batchId),
  ended: ({ status, results, problem, code }) =>
    isText(status) && isListOf(results, isStored) && isTextOrNull(problem) && isTextOrNull(code),
  collected: ({ answered, failed }) => isCount(answered) && isCount(failed),
  dropped: ({ reason }) => isText(reason),
};

function parseEvent(line: string): BatchEvent | null {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isRecord(event)) return null;
  const { type, part, at } = event;
  const check = typeof type === 'string' && Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined;
  const isKnown = typeof part === 'string' && /^\d{4,}$/.test(part) && typeof at === 'string';
  return isKnown && !Number.isNaN(Date.parse(at)) && check?.(event) === true ? (event as unknown as BatchEvent) : null;
}
