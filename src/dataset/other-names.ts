/** Names that other datasets have for the prompt and the target, to propose `--map` with. */

const QUESTION = /^(?:questions?|input|text|query|instruction|user|user_?(?:message|prompt)|problem)$/i;

const TARGET =
  /^(?:ground_?truths?|gt|references?|labels?|gold|solutions?|outputs?|completion|transcript(?:ion)?s?|(?:correct|best|reference)_answers?|sentence|text)$/i;

/** The first name that a column with the prompt may have. */
export const questionElsewhere = (names: readonly string[]) => names.find((name) => QUESTION.test(name));

/** The first name that a column with the target may have, other than the one that is read as the prompt. */
export const targetElsewhere = (names: readonly string[], question?: string) =>
  names.find((name) => name !== question && TARGET.test(name));

/** What to do about rows without a prompt. */
export function proposeMap(names: readonly string[], hasTarget: boolean): string {
  const question = questionElsewhere(names);
  if (question === undefined) return 'write the prompt, or set dataset.prompt';
  const target = hasTarget ? undefined : targetElsewhere(names, question);
  const map = target === undefined ? `prompt=${question}` : `prompt=${question},target=${target}`;
  return `read it from "${question}": --map ${map}, or dataset.map in the configuration`;
}
