/** Strengths of models from pairwise preferences. */

import { requireCount, requireSameLength } from './check-arguments.ts';

/** Of each player, in the order of the table. */
export interface BradleyTerry {
  /** Natural logarithm of the strength; 0 for the reference. */
  readonly logAbilities: Float64Array;
  /** Of the difference to the reference; 0 for the reference. */
  readonly standardErrors: Float64Array;
}

/** More Newton steps than any finite estimate needs. */
const MAX_STEPS = 100;

/** Steps smaller than this change no printed digit. */
const PRECISION = 1e-12;

/**
 * Maximum likelihood of the Bradley-Terry model, P(i beats j) = s_i / (s_i + s_j), by Newton's method on the logistic
 * log-likelihood; standard errors from the inverse information matrix (Bradley and Terry 1952; Agresti 2013, section
 * 11.6). `wins[i][j]` is how often i was preferred to j; the diagonal is not read; a tie counts half for each.
 * null = no finite estimate: some group of players never lost to the others (Ford 1957).
 */
export function bradleyTerry(wins: ArrayLike<ArrayLike<number>>, reference: number): BradleyTerry | null {
  const count = wins.length;
  requireCount('reference', reference, 0, count - 1);
  const table = Array.from(wins, (row) => Float64Array.from(row));
  for (const [player, row] of table.entries()) {
    requireSameLength(`wins[${player}]`, row.length, count);
    row[player] = 0;
    if (!row.every((value) => value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`wins[${player}] holds a value that is no count`);
    }
  }
  if (!isConnected(table)) return null;
  const others = table.flatMap((_, player) => (player === reference ? [] : [player]));
  const logAbilities = new Float64Array(count);
  let inverse: readonly Float64Array[] = [];
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const { gradient, information } = likelihood(table, logAbilities, others);
    inverse = invert(information);
    const changes = inverse.map((row) => row.reduce((sum, value, index) => sum + value * (gradient[index] ?? 0), 0));
    // A long first step may overshoot; the likelihood is concave, so shorter ones still lead to the only maximum.
    const longest = Math.max(0, ...changes.map(Math.abs));
    const scale = Math.min(1, 1 / longest);
    for (const [index, player] of others.entries())
      logAbilities[player] = (logAbilities[player] ?? 0) + scale * (changes[index] ?? 0);
    if (longest < PRECISION) break;
  }
  const standardErrors = new Float64Array(count);
  for (const [index, player] of others.entries()) standardErrors[player] = Math.sqrt(inverse[index]?.[index] ?? 0);
  return { logAbilities, standardErrors };
}

/** Whether every player beat every other one, directly or through others. */
function isConnected(table: readonly Float64Array[]): boolean {
  const reaches = (beats: (from: number, to: number) => boolean) => {
    const seen = new Set([0]);
    for (const from of seen) for (const to of table.keys()) if (beats(from, to)) seen.add(to);
    return seen.size === table.length;
  };
  const beats = (from: number, to: number) => (table[from]?.[to] ?? 0) > 0;
  return reaches(beats) && reaches((from, to) => beats(to, from));
}

/** First and negative second derivatives of the log-likelihood by the log abilities of `players`. */
function likelihood(table: readonly Float64Array[], logAbilities: Float64Array, players: readonly number[]) {
  const gradient = new Float64Array(players.length);
  const information = players.map(() => new Float64Array(players.length));
  for (const [row, player] of players.entries()) {
    for (const [opponent, log] of logAbilities.entries()) {
      const won = table[player]?.[opponent] ?? 0;
      const games = won + (table[opponent]?.[player] ?? 0);
      const chance = 1 / (1 + Math.exp(log - (logAbilities[player] ?? 0)));
      const weight = games * chance * (1 - chance);
      gradient[row] = (gradient[row] ?? 0) + won - games * chance;
      const own = information[row];
      const column = players.indexOf(opponent);
      if (own === undefined) continue;
      own[row] = (own[row] ?? 0) + weight;
      if (column !== -1) own[column] = (own[column] ?? 0) - weight;
    }
  }
  return { gradient, information };
}

/** Inverse of a symmetric positive definite matrix (Gauss-Jordan; such a matrix needs no pivoting). */
function invert(matrix: readonly Float64Array[]): readonly Float64Array[] {
  const size = matrix.length;
  const rows = matrix.map((row, index) => {
    const wide = new Float64Array(2 * size);
    wide.set(row);
    wide[size + index] = 1;
    return wide;
  });
  for (const [index, pivot] of rows.entries()) {
    const scale = pivot[index] ?? 1;
    for (let column = 0; column < 2 * size; column += 1) pivot[column] = (pivot[column] ?? 0) / scale;
    for (const [other, row] of rows.entries()) {
      const factor = row[index] ?? 0;
      if (other === index || factor === 0) continue;
      for (let column = 0; column < 2 * size; column += 1) {
        row[column] = (row[column] ?? 0) - factor * (pivot[column] ?? 0);
      }
    }
  }
  return rows.map((row) => row.slice(size));
}
