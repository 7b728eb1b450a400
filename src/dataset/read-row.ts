/** Reads one row that stands in no file: what a program has in its hands instead of a manifest. */

import { InputError, type Problem } from '../errors.ts';
import type { ContentPart, Sample } from '../types.ts';
import { defaultId } from './content-hash.ts';
import { createFileLocator } from './locate-file.ts';
import { MAX_MEDIA_BYTES } from './media-file.ts';
import { createSampleParser } from './parse-sample.ts';
import { resolveParts } from './resolve-media.ts';

export interface RowPlace {
  /** Absolute; media paths are relative to it. */
  readonly folder: string;
  /** Absolute; media must lie below it. Absent = `folder`. */
  readonly mediaRoot?: string;
}

/**
 * A sample from the members that a line of a JSONL manifest may have.
 * @throws {InputError} with everything that is wrong with it.
 */
export async function readRow(values: Readonly<Record<string, unknown>>, place: RowPlace): Promise<Sample> {
  const problems: Problem[] = [];
  const complain = (message: string, hint?: string) =>
    problems.push({ message: `the sample ${message}`, ...(hint === undefined ? {} : { hint }) });
  const draft = createSampleParser()({ line: 1, values }, complain);
  const context = {
    locate: createFileLocator({ ...place, maxMediaBytes: MAX_MEDIA_BYTES, known: new Map() }),
    maxMediaBytes: MAX_MEDIA_BYTES,
    allowRemoteMedia: false,
  };
  const resolve = async <T extends { readonly content: Parameters<typeof resolveParts>[0] }>(items: readonly T[]) => {
    const resolved: (Omit<T, 'content'> & { readonly content: readonly ContentPart[] })[] = [];
    for (const item of items)
      resolved.push({ ...item, content: (await resolveParts(item.content, context, complain)) ?? [] });
    return resolved;
  };
  const messages = await resolve(draft?.messages ?? []);
  const turns = await resolve(draft?.turns ?? []);
  if (draft === undefined || problems.length > 0) throw new InputError(problems);
  const sample = { ...draft, index: 0, messages, turns };
  return { ...sample, id: draft.id ?? defaultId(sample) };
}
