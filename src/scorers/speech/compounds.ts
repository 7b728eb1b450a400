/** Joins words that one text writes with a space and the other without: `data base`, `database`. */

/** Both texts with every such pair joined, wherever it stands, so that they are treated alike. */
export function joinCompounds(
  reference: readonly string[],
  hypothesis: readonly string[],
): readonly [reference: readonly string[], hypothesis: readonly string[]] {
  const compounds = new Set([...split(reference, hypothesis), ...split(hypothesis, reference)]);
  if (compounds.size === 0) return [reference, hypothesis];
  return [joined(reference, compounds), joined(hypothesis, compounds)];
}

/** Words of one text that are two neighbours of the other. */
function split(words: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return words
    .map((word, index) => word + (words[index + 1] ?? ''))
    .filter((pair, index) => index + 1 < words.length && known.has(pair));
}

function joined(words: readonly string[], compounds: ReadonlySet<string>): readonly string[] {
  const result: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const [word = '', next] = [words[index], words[index + 1]];
    const isCompound = next !== undefined && compounds.has(word + next);
    result.push(isCompound ? word + next : word);
    if (isCompound) index += 1;
  }
  return result;
}
