/** The jobs of the queue: cells of one model, by their rows. They hold no prompt, no media and no secret. */

/** A cell: its row in every table, and the hash of its request, which tells a worker whether it has the same sample. */
export type ChunkRow = readonly [row: number, requestHash: string];

export interface Chunk {
  readonly rows: readonly ChunkRow[];
}

/** Which sample and repeat a row is of; see `cellsOf`. */
export function cellOfRow(
  row: number,
  models: number,
  repeat: number,
): { readonly sample: number; readonly repeat: number } {
  return { sample: Math.floor(row / (models * repeat)), repeat: row % repeat };
}
