/** Decides by the majority of several judges. */

/** What one judge said: a grade, or why there is none. */
export type Vote = { readonly judge: string } & ({ readonly grade: string } | { readonly reason: string });

export type Decision =
  | { readonly grade: string; readonly summary: string }
  | { readonly grade: null; readonly reason: string };

/** More than half. */
export function moreThanHalf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/**
 * The grade that more than half of the judges with a verdict gave. There is none when fewer than `minimum` have a verdict,
 * or no grade has more than half: a judge without a verdict is missing, and never a vote.
 */
export function majority(votes: readonly Vote[], minimum: number): Decision {
  const grades = votes.flatMap((vote) => ('grade' in vote ? [vote.grade] : []));
  const counts = new Map<string, number>();
  for (const grade of grades) counts.set(grade, (counts.get(grade) ?? 0) + 1);
  const missing = votes.flatMap((vote) => ('reason' in vote ? [`${vote.judge} ${vote.reason}`] : []));
  const without = missing.length === 0 ? '' : `; ${missing.join('; ')}`;
  const tally = [...counts].map(([grade, count]) => `${grade} ${count}`).join(', ');
  if (grades.length < minimum)
    return {
      grade: null,
      reason: `${grades.length} of ${votes.length} judges gave a verdict, at least ${minimum} must${without}`,
    };
  const [winner] = [...counts].filter(([, count]) => count >= moreThanHalf(grades.length));
  if (winner === undefined) return { grade: null, reason: `the judges have no majority: ${tally}${without}` };
  return { grade: winner[0], summary: `${tally} of ${votes.length} judges${without}` };
}
