/** Finds samples by their index in a manifest that is read forward, once, as long as they are asked for in order. */

import { InputError } from '../../errors.ts';
import type { Sample } from '../../types.ts';

/** Starts a pass over the manifest that may leave out rows that are not wanted. */
export type OpenPass = (isWanted: (index: number) => boolean) => AsyncIterable<Sample>;

export interface SampleCursor {
  /** Samples by ascending indexes, in their order. @throws {InputError} when the manifest lacks one. */
  get(indexes: readonly number[]): Promise<readonly Sample[]>;
  /** Closes the manifest, when nothing more is asked for. */
  close(): Promise<void>;
}

interface Need {
  /** The number of the pass that was being read when it was asked for. */
  readonly since: number;
  readonly promise: Promise<Sample>;
  readonly resolve: (sample: Sample) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Media of rows that nobody asks for are not read. An index before those that were passed starts another pass: it is of a
 * chunk whose worker died.
 */
export function createSampleCursor(openPass: OpenPass, shownManifest: string): SampleCursor {
  const needed = new Map<number, Need>();
  /** Rows that the pass took in and has not given yet: media are read some rows ahead. */
  const ahead = new Set<number>();
  let pass: AsyncIterator<Sample> | null = null;
  let number = 0;
  let passed = -1;
  let lastNeeded = -1;
  let isReading = false;

  const isWanted = (index: number) => {
    passed = Math.max(passed, index);
    // Nobody knows yet what comes after the last row that was asked for.
    const wanted = needed.has(index) || index > lastNeeded;
    if (wanted) ahead.add(index);
    return wanted;
  };
  const open = () => {
    number += 1;
    passed = -1;
    ahead.clear();
    return openPass(isWanted)[Symbol.asyncIterator]();
  };
  const take = (index: number): Need | undefined => {
    const need = needed.get(index);
    needed.delete(index);
    return need;
  };
  const fail = (index: number) =>
    take(index)?.reject(
      new InputError({
        file: shownManifest,
        message: `has no row ${index + 1} that can be sent`,
        hint: 'use the manifest of the run, with its media',
      }),
    );
  /**
   * The pass will not give the rows that it has passed. Those that it passed before they were asked for need another one, as do
   * those that were asked for while it was ended early.
   */
  const endPass = (isWhole: boolean) => {
    pass = null;
    for (const [index, { since }] of [...needed]) if (since < number || (isWhole && index > passed)) fail(index);
  };
  const readOne = async () => {
    pass ??= open();
    const { done, value } = await pass.next();
    if (done === true) return endPass(true);
    ahead.delete(value.index);
    take(value.index)?.resolve(value);
    const isLeft = [...needed.keys()].some((index) => index > passed || ahead.has(index));
    if (isLeft || needed.size === 0) return;
    await pass.return?.();
    endPass(false);
  };
  const readAll = async () => {
    if (isReading) return;
    isReading = true;
    while (needed.size > 0)
      await readOne().catch((error: unknown) => {
        pass = null;
        for (const index of [...needed.keys()]) take(index)?.reject(error);
      });
    isReading = false;
  };
  const need = (index: number): Promise<Sample> => {
    const known = needed.get(index);
    if (known !== undefined) return known.promise;
    const added = { since: number, ...withResolvers<Sample>() };
    needed.set(index, added);
    lastNeeded = Math.max(lastNeeded, index);
    return added.promise;
  };
  return {
    get(indexes) {
      const samples = Promise.all(indexes.map(need));
      void readAll();
      return samples;
    },
    async close() {
      const open = pass;
      pass = null;
      await open?.return?.();
    },
  };
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
