/** Finds a prompt for all rows that no sample takes, because each has its own: the user means it to be asked. */

import type { DatasetSource } from '../dataset/read-manifest.ts';
import type { Problem } from '../errors.ts';

/** Empty lists = a sample takes it, or there is none. */
export interface UnusedPrompt {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

const NOTHING: UnusedPrompt = { problems: [], warnings: [] };

/**
 * `onUse` is called for each sample that takes the prompt; `result` counts after all samples. Without `isStrict` it is a
 * warning also for the option: a part of the samples may have their own, and others not.
 */
export function createPromptCheck(
  { prompt, promptOrigin, displayPath }: DatasetSource,
  { isStrict }: { readonly isStrict: boolean },
): { onUse(): void; result(): UnusedPrompt } {
  let isUsed = false;
  return {
    onUse: () => {
      isUsed = true;
    },
    result() {
      if (isUsed || prompt === undefined || promptOrigin === undefined) return NOTHING;
      const { name } = promptOrigin;
      const message = `${name} is not asked: each sample of ${displayPath} has a question of its own`;
      // A configuration may serve several datasets; an option is meant for this one.
      if (name !== '--prompt' || !isStrict) return { problems: [], warnings: [message] };
      const hint = 'leave it out, or read the column prompt under another name: --map meta.question=prompt';
      return { problems: [{ message, hint }], warnings: [] };
    },
  };
}
