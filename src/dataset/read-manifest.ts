/** Reads a manifest as a stream of checked samples; every defect is told and reading goes on. */

import { readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { HashSet64 } from '../collections/hash-set-64.ts';
import type { Problem } from '../errors.ts';
import { nearestName } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import type { ContentPart, Sample } from '../types.ts';
import { defaultId } from './content-hash.ts';
import type { Complain, Defect, Report } from './defect.ts';
import type { DraftPart, SampleDraft, TextPart } from './draft.ts';
import { type DatasetFormat, FORMATS, formatOf, knownExtensions } from './formats.ts';
import { createFileLocator, type KnownFiles } from './locate-file.ts';
import { MAX_MEDIA_BYTES, systemFault } from './media-file.ts';
import { createSampleParser } from './parse-sample.ts';
import type { DatasetFormatReader, RawRow } from './raw-row.ts';
import { type ResolveContext, resolveParts } from './resolve-media.ts';

/** Where a manifest is and what it may reach. */
export interface DatasetSource {
  /** Absolute. */
  readonly path: string;
  /** As the user wrote it; stands in problems. */
  readonly displayPath: string;
  /** Absent = by the file name's ending. */
  readonly format?: DatasetFormat;
  /** Absolute; media must lie below it. Absent = the manifest's folder. */
  readonly mediaRoot?: string;
  /** Whether URLs may be fetched; those that we never would fetch are then problems. */
  readonly allowRemoteMedia?: boolean;
  /** Largest single media file; default 20 MiB. */
  readonly maxMediaBytes?: number;
}

export interface ReadOptions {
  /** Whether to look for ids that stand twice; a second pass over a checked manifest saves the memory of a million ids. */
  readonly uniqueIds?: boolean;
  /** Whether no other pass follows: what is known of media files need not be kept then. */
  readonly isOnlyPass?: boolean;
}

/** Rows whose media are looked at ahead of the one that is yielded: hides the latency of network drives. */
const ROWS_AHEAD = 8;

/** Keeps what is known of media files as long as the source is in use, so that a second pass need not hash them again. */
const knownFiles = new WeakMap<DatasetSource, KnownFiles>();

/**
 * Yields the good samples of a manifest in order. `report` gets every defect with file and line, in order too; a
 * manifest is usable only when it was never called. Only what is no fault of the manifest is thrown.
 */
export async function* readManifest(
  source: DatasetSource,
  report: (problem: Problem) => void,
  { uniqueIds = true, isOnlyPass = false }: ReadOptions = {},
): AsyncGenerator<Sample> {
  const reportHere: Report = (defect) => report({ file: source.displayPath, ...defect });
  const format = await openFormat(source, reportHere);
  if (format === undefined) return;
  const readRow = createRowReader(source, isOnlyPass);
  const ids = uniqueIds ? new HashSet64() : null;
  const waiting: (Outcome | Promise<Outcome>)[] = [];
  const inOrder = (outcome: Outcome | Promise<Outcome>) => {
    if (waiting.length === 0 && !(outcome instanceof Promise)) return outcome;
    waiting.push(outcome);
    return waiting.length > ROWS_AHEAD ? waiting.shift() : undefined;
  };
  const settle = ({ sample, claim, isNamed, defects }: Outcome): Sample | undefined => {
    defects.forEach(reportHere);
    const duplicate = claim && claimId(claim, isNamed, ids);
    if (duplicate === undefined) return sample;
    reportHere(duplicate);
    return undefined;
  };

  let items = 0;
  try {
    for await (const batch of untilUnreadable(format.read(source.path)))
      for (const item of batch) {
        const next = inOrder('values' in item ? readRow(item, items) : failed([item]));
        items += 1;
        const sample = next && settle(next instanceof Promise ? await next : next);
        if (sample !== undefined) yield sample;
      }
    for (const next of waiting) {
      const sample = settle(await next);
      if (sample !== undefined) yield sample;
    }
  } finally {
    ids?.clear();
  }
  if (items === 0) reportHere({ message: 'has no samples', hint: 'write a row with a prompt' });
}

/** Turns an error of the file system into a last defect. */
async function* untilUnreadable(
  batches: AsyncIterable<readonly (RawRow | Defect)[]>,
): AsyncGenerator<readonly (RawRow | Defect)[]> {
  try {
    yield* batches;
  } catch (error) {
    yield [systemFault(error)];
  }
}

type Claim = Pick<Sample, 'id' | 'line'>;

/** What became of a row: a sample, or why it is none. */
interface Outcome {
  readonly sample?: Sample;
  /** The id that the row takes; absent when it could not be read that far. */
  readonly claim?: Claim;
  /** Whether the manifest itself gave the id. */
  readonly isNamed: boolean;
  readonly defects: readonly Defect[];
}

const failed = (defects: readonly Defect[], id?: string, line = 0): Outcome =>
  id === undefined ? { isNamed: false, defects } : { claim: { id, line }, isNamed: true, defects };

/** Undefined when the file cannot be read, which is reported. */
async function openFormat(source: DatasetSource, report: Report): Promise<DatasetFormatReader | undefined> {
  const format = source.format === undefined ? formatOf(source.path) : FORMATS[source.format];
  try {
    const found = await stat(source.path);
    if (found.isFile() && format !== undefined) return format;
    if (!found.isFile())
      report({ message: `is ${found.isDirectory() ? 'a folder' : 'no regular file'}, not a manifest` });
    else
      report({
        message: 'is of no known format',
        hint: `known endings: ${knownExtensions().join(', ')}; or set format`,
      });
  } catch (error) {
    const { message } = systemFault(error);
    const near = await nearestFile(source.path);
    report({ message, ...(near !== undefined && { hint: `did you mean ${quote(near)}?` }) });
  }
  return undefined;
}

async function nearestFile(path: string): Promise<string | undefined> {
  const names = await readdir(dirname(path)).catch(() => []);
  return nearestName(basename(path), names);
}

/** Takes notice of an id and its line, also where the row is otherwise at fault; returns the defect of one that was there before. */
function claimId({ id, line }: Claim, isNamed: boolean, ids: HashSet64 | null): Defect | undefined {
  const earlier = ids?.add(id, line);
  if (earlier === undefined) return undefined;
  if (isNamed) return { line, message: `the id ${quote(id)} stands in line ${earlier} already`, hint: 'rename one' };
  return { line, message: `is the same as line ${earlier}`, hint: 'remove it, or give each an id' };
}

/** Makes a reader that parses a row at once and, when it names media, looks at them. */
function createRowReader(
  source: DatasetSource,
  isOnlyPass: boolean,
): (row: RawRow, index: number) => Outcome | Promise<Outcome> {
  const parseSample = createSampleParser();
  const context = createResolveContext(source, isOnlyPass);
  return (row, index) => {
    const defects: Defect[] = [];
    const complain: Complain = (message, hint) =>
      defects.push({ line: row.line, message, ...(hint !== undefined && { hint }) });
    const draft = parseSample(row, complain);
    if (draft === undefined) return failed(defects);
    const contents = [...draft.messages, ...draft.turns].map(({ content }) => content);
    if (contents.every(isText)) return finish(draft, contents, index, defects);
    return resolveAll(contents, context, complain).then((resolved) =>
      resolved === undefined ? failed(defects, draft.id, row.line) : finish(draft, resolved, index, defects),
    );
  };
}

function createResolveContext(source: DatasetSource, isOnlyPass: boolean): ResolveContext {
  const { mediaRoot, maxMediaBytes = MAX_MEDIA_BYTES, allowRemoteMedia = false } = source;
  const known: KnownFiles = (isOnlyPass ? undefined : knownFiles.get(source)) ?? new Map();
  if (!isOnlyPass) knownFiles.set(source, known);
  const root = mediaRoot === undefined ? {} : { mediaRoot };
  const locate = createFileLocator({ folder: dirname(source.path), maxMediaBytes, known, isOnlyPass, ...root });
  return { locate, maxMediaBytes, allowRemoteMedia };
}

const isText = (content: readonly DraftPart[]): content is readonly TextPart[] =>
  content.every(({ type }) => type === 'text');

/** One after the other, so that defects come in the order of the row. */
async function resolveAll(
  contents: readonly (readonly DraftPart[])[],
  context: ResolveContext,
  complain: Complain,
): Promise<readonly (readonly ContentPart[])[] | undefined> {
  const resolved: (readonly ContentPart[])[] = [];
  for (const content of contents) {
    const parts = await resolveParts(content, context, complain);
    if (parts !== undefined) resolved.push(parts);
  }
  return resolved.length === contents.length ? resolved : undefined;
}

/** Puts resolved content, in the order of messages and turns, into the sample. */
function finish(
  draft: SampleDraft,
  contents: readonly (readonly ContentPart[])[],
  index: number,
  defects: readonly Defect[],
): Outcome {
  const messages = draft.messages.map(({ role }, at) => ({ role, content: contents[at] ?? [] }));
  const turns = draft.turns.map(({ target }, at) => ({ target, content: contents[messages.length + at] ?? [] }));
  const isNamed = draft.id !== undefined;
  const read: Sample = Object.assign(draft, { id: draft.id ?? '', index, messages, turns });
  const sample = isNamed ? read : { ...read, id: defaultId(read) };
  return { sample, claim: sample, isNamed, defects };
}
