/** Judges a label, and counts it in the confusion matrix of the whole run. */

import { type Judgement, matched, UNREADABLE } from './scorer.ts';

/** `counts` has one cell, `<target> → <answer>`; of several targets the one that matches, else the first. */
export function confusion(targets: readonly string[], given: string | null): Judgement {
  const wanted = targets.find((target) => target === given) ?? targets[0] ?? '';
  const counts = { [`${wanted} → ${given ?? ''}`]: 1 };
  return given === null ? { ...UNREADABLE, counts } : { ...matched(targets.includes(given)), counts };
}
