/** The tile canvas of the Llama vision models: the least enlarging fit, else the least shrinking one, then the smallest. */

import type { ImageSize } from './image-rule.ts';

/** Number of tiles of the canvas for an image. */
export function bestFitTiles({ width, height }: ImageSize, maxTiles: number, tileEdge: number): number {
  let best = { scale: 0, tiles: 1 };
  for (let columns = 1; columns <= maxTiles; columns += 1)
    for (let rows = 1; columns * rows <= maxTiles; rows += 1) {
      const scale = Math.min((columns * tileEdge) / width, (rows * tileEdge) / height);
      const candidate = { scale, tiles: columns * rows };
      if (isBetter(candidate, best)) best = candidate;
    }
  return best.tiles;
}

interface Fit {
  readonly scale: number;
  readonly tiles: number;
}

function isBetter(candidate: Fit, best: Fit): boolean {
  if (candidate.scale === best.scale) return candidate.tiles < best.tiles;
  if (candidate.scale >= 1 && best.scale >= 1) return candidate.scale < best.scale;
  return candidate.scale > best.scale;
}
