/** The crop grid of Phi-4-multimodal and InternVL: the one whose aspect is nearest the image's. */

import type { ImageSize } from './image-rule.ts';

export interface CropGrid {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Among all grids of at most `max` crops, by number of crops, the nearest in aspect. Of equally near ones a larger grid
 * wins only when the image has more than half its pixels (`find_closest_aspect_ratio` in both families' code).
 */
export function closestAspectGrid({ width, height }: ImageSize, max: number, cropEdge: number): CropGrid {
  const aspect = width / height;
  let best: CropGrid = { columns: 1, rows: 1 };
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const grid of gridsUpTo(max)) {
    const distance = Math.abs(aspect - grid.columns / grid.rows);
    const enoughPixels = width * height > 0.5 * cropEdge * cropEdge * grid.columns * grid.rows;
    if (distance < bestDistance || (distance === bestDistance && enoughPixels)) best = grid;
    bestDistance = Math.min(bestDistance, distance);
  }
  return best;
}

function gridsUpTo(max: number): readonly CropGrid[] {
  const grids: CropGrid[] = [];
  for (let columns = 1; columns <= max; columns += 1)
    for (let rows = 1; columns * rows <= max; rows += 1) grids.push({ columns, rows });
  return grids.sort((a, b) => a.columns * a.rows - b.columns * b.rows);
}
