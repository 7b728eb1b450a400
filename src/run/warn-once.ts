/** Says a warning once, however many answers give cause for it. */

import type { Usage } from '../types.ts';

/** The first line for a topic is said, later ones are not. */
export type WarnOnce = (topic: string, line: string) => void;

export function createWarnOnce(say: (line: string) => void): WarnOnce {
  const said = new Set<string>();
  return (topic, line) => {
    if (said.has(topic)) return;
    said.add(topic);
    say(`warning: ${line}`);
  };
}

/** Warns once a model about a usage whose parts are not its total. */
export function warnOfMismatch({ mismatch }: Usage, modelId: string, warnOnce: WarnOnce): void {
  if (mismatch === undefined) return;
  const { partsTokens, reportedTokens } = mismatch;
  warnOnce(
    `usage ${modelId}`,
    `${modelId}: the endpoint reports ${reportedTokens} tokens in total, but its parts are ${partsTokens} · the larger figure counts, as completion`,
  );
}
