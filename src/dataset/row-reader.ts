/** Reads one row of a manifest as a sample with its media, or as the reasons why it is not one. */

import { defined } from '../collections/defined.ts';
import type { Problem } from '../errors.ts';
import type { ContentPart, Sample } from '../types.ts';
import { defaultId } from './content-hash.ts';
import type { About, Complain, Defect } from './defect.ts';
import type { DraftPart, SampleDraft, TextPart } from './draft.ts';
import type { SampleParser } from './parse-sample.ts';
import type { RawRow } from './raw-row.ts';
import { type ResolveContext, resolveParts } from './resolve-media.ts';

/** A row as a sample, or the reasons why it is not one. */
export interface RowResult {
  readonly sample?: Sample;
  /** Absent when the id could not be read. */
  readonly rowId?: RowId;
  /** Whether the manifest gives the id. */
  readonly isNamed: boolean;
  readonly defects: readonly Defect[];
}

/** An id and the row that has it. */
export interface RowId {
  readonly id: string;
  readonly row: RawRow;
}

/** Where a value of a row is, or the row. */
export function placeOf(row: RawRow, about?: About): Pick<Problem, 'file' | 'line' | 'column'> {
  const position = (about && row.find?.(about)) ?? { line: row.line };
  return 'file' in row && row.file !== undefined ? { file: row.file, ...position } : position;
}

/** The result of a row without a sample. */
export const failed = (defects: readonly Defect[], id?: string, row?: RawRow): RowResult =>
  id === undefined || row === undefined ? { isNamed: false, defects } : { rowId: { id, row }, isNamed: true, defects };

/** Makes a reader that parses a row at once; only media make it wait. */
export function createRowReader(
  context: ResolveContext,
  parseSample: SampleParser,
): (row: RawRow, index: number) => RowResult | Promise<RowResult> {
  return (row, index) => {
    const defects: Defect[] = [];
    const complain: Complain = (message, hint, about) =>
      defects.push(defined({ ...placeOf(row, about), message, hint }));
    const draft = parseSample(row, complain);
    if (draft === undefined) return failed(defects);
    const contents = [...draft.messages, ...draft.turns].map(({ content }) => content);
    if (contents.every(isText)) return finish(draft, contents, row, index, defects);
    const faults: string[] = [];
    const complainOfMedia: Complain = (message, hint, about) => {
      const place = placeOf(row, draft.turns.length > 0 ? { column: 'turns' } : about);
      if (context.keepBroken) faults.push(hint === undefined ? message : `${message} · ${hint}`);
      else defects.push(defined({ ...place, message, hint, isMedia: true as const }));
    };
    return resolveAll(contents, context, complainOfMedia).then((resolved) => {
      if (resolved === undefined) return failed(defects, draft.id, row);
      const result = finish(draft, resolved, row, index, defects);
      return faults.length === 0 ? result : asBroken(result, faults.join('; '));
    });
  };
}

function asBroken(result: RowResult, broken: string): RowResult {
  return result.sample === undefined ? result : { ...result, sample: { ...result.sample, broken } };
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
  row: RawRow,
  index: number,
  defects: readonly Defect[],
): RowResult {
  const messages = draft.messages.map(({ role }, at) => ({ role, content: contents[at] ?? [] }));
  const turns = draft.turns.map(({ target }, at) => ({ target, content: contents[messages.length + at] ?? [] }));
  const isNamed = draft.id !== undefined;
  const read: Sample = Object.assign(draft, { id: draft.id ?? '', index, messages, turns });
  const sample = isNamed ? read : { ...read, id: defaultId(read) };
  return { sample, rowId: { id: sample.id, row }, isNamed, defects };
}
