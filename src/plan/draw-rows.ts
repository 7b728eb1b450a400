/** Draws rows of a manifest at random: `--limit` with `--seed`. */

import { hash } from 'node:crypto';
import { type DatasetSource, readManifest } from '../dataset/read-manifest.ts';
import type { Selection } from '../report.ts';

/** Hexadecimal digits of the hash that decides: such a number is exact. */
const DIGITS = 12;

interface Ticket {
  readonly index: number;
  readonly rank: number;
}

const byRank = (a: Ticket, b: Ticket) => a.rank - b.rank || a.index - b.index;

/**
 * The indexes of `count` rows, or of all when there are fewer. A row's rank is a hash of the seed and of the row as it is
 * written: a larger draw by the same seed holds the smaller one, and added rows only displace as many as are drawn of them.
 * Reads no media and reports nothing: the pass that follows does.
 */
export async function drawRows(source: DatasetSource, count: number, seed: number): Promise<ReadonlySet<number>> {
  let tickets: Ticket[] = [];
  let index = 0;
  const keepBest = () => {
    tickets = tickets.sort(byRank).slice(0, count);
  };
  const rows = readManifest(source, () => {}, {
    uniqueIds: false,
    isOnlyPass: true,
    isWanted: () => false,
    onRow(row) {
      // A row that cannot be read is drawn like any other, so that a repaired manifest gives the same draw.
      const text = 'values' in row ? JSON.stringify(row.values) : '';
      tickets.push({ index, rank: Number.parseInt(hash('sha256', `${seed}\n${text}`).slice(0, DIGITS), 16) });
      index += 1;
      if (tickets.length >= 2 * count + 1024) keepBest();
    },
  });
  for await (const _ of rows);
  keepBest();
  return new Set(tickets.map((ticket) => ticket.index));
}

/** The rows of `--limit` with `--seed`, drawn once for all passes; null = without a draw, the first samples count. */
export function drawing(source: DatasetSource, { limit, seed }: Selection): () => Promise<ReadonlySet<number> | null> {
  let drawn: Promise<ReadonlySet<number>> | undefined;
  return async () => {
    if (limit === undefined || seed === undefined) return null;
    drawn ??= drawRows(source, limit, seed);
    return await drawn;
  };
}
