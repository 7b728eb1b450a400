/** Whether the files at hand are still those that a model was asked about: a report must not show another picture as asked. */

import { keyOfParts } from '../dataset/content-hash.ts';
import { MEDIUM_KINDS } from '../modalities.ts';
import { RUN_SET } from '../report.ts';
import { isConversation } from '../reporters/turns-of.ts';
import type { Result } from '../result.ts';
import type { ShownOfCard } from '../shown-media.ts';

/** Orders of media of different kinds that are tried: a result has each kind in a list of its own. */
const MAX_ORDERS = 500;

/**
 * Compares with the `sampleKey` of the run, which is a hash of id, media and targets. True also where that cannot tell: a
 * medium is not at hand, or an earlier version did not keep the targets of all turns.
 */
export function areAsked(result: Result, media: readonly ShownOfCard[]): boolean {
  const lists = MEDIUM_KINDS.map((kind) => keysOf(media.filter((one) => one.kind === kind)));
  if (media.length === 0 || lists.includes(null)) return true;
  if (isConversation(result) && result.turns === undefined) return true;
  const orders = ordersOf(lists.map((keys) => keys ?? []));
  if (orders === null) return true;
  // Another set of scores has keys of its own, with its targets.
  const { sampleKey, target } = result.scoreSets?.find(({ set }) => set === RUN_SET) ?? {
    sampleKey: result.sampleKey,
    target: result.sample.target,
  };
  const turnTargets = (result.turns ?? []).map((turn) => turn.target);
  // The key of an empty target may be the same as that of none.
  const targets = target.length === 1 && target[0] === '' ? [target, []] : [target];
  return orders.some((media) =>
    targets.some((one) => keyOfParts({ id: result.sampleId, media, target: one, turnTargets }) === sampleKey),
  );
}

function keysOf(media: readonly ShownOfCard[]): readonly string[] | null {
  const keys = media.flatMap(({ shown: { mediaKey } }) => (mediaKey === null ? [] : [mediaKey]));
  return keys.length === media.length ? keys : null;
}

/** All lists that keep the order within each kind; null when there are too many. */
function ordersOf(lists: readonly (readonly string[])[]): readonly (readonly string[])[] | null {
  return lists.reduce<readonly (readonly string[])[] | null>(
    (orders, list) => {
      const longer = orders?.map((order) => interleaved(order, list)) ?? [null];
      const all = longer.flatMap((one) => one ?? []);
      return longer.includes(null) || all.length > MAX_ORDERS ? null : all;
    },
    [[]],
  );
}

/** All lists that keep the order within both; null when there are too many. */
function interleaved(a: readonly string[], b: readonly string[]): readonly (readonly string[])[] | null {
  const [first, ...rest] = a;
  const [other, ...others] = b;
  if (first === undefined) return [b];
  if (other === undefined) return [a];
  if (a.length + b.length > 12) return null;
  const [left, right] = [interleaved(rest, b), interleaved(a, others)];
  if (left === null || right === null || left.length + right.length > MAX_ORDERS) return null;
  return [...left.map((list) => [first, ...list]), ...right.map((list) => [other, ...list])];
}
