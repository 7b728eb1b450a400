/** What repeats of one sample say about k tries. */

import { requireCount } from './check-arguments.ts';

/**
 * pass@k: the chance that at least one of k tries passes, unbiased from c passes in n repeats, 1 - C(n-c, k) / C(n, k)
 * (Chen et al. 2021, arXiv 2107.03374, equation 1). Average it over samples. null = fewer than k repeats.
 */
export function passAtK(n: number, passes: number, k: number): number | null {
  const allFail = shareOfDraws(n, n - passes, k);
  return allFail === null ? null : 1 - allFail;
}

/**
 * pass^k: the chance that all of k tries pass, unbiased, C(c, k) / C(n, k) (Yao et al. 2024, tau-bench,
 * arXiv 2406.12045); (c / n)^k would be biased. Average it over samples. null = fewer than k repeats.
 */
export function passHatK(n: number, passes: number, k: number): number | null {
  return shareOfDraws(n, passes, k);
}

/** The chance that k draws without replacement from n are all among `marked`: C(marked, k) / C(n, k). */
function shareOfDraws(n: number, marked: number, k: number): number | null {
  requireCount('n', n);
  requireCount('passes', marked, 0, n);
  requireCount('k', k, 1);
  if (k > n) return null;
  let share = 1;
  for (let draw = 0; draw < k && share > 0; draw += 1) share *= Math.max(0, marked - draw) / (n - draw);
  return share;
}
