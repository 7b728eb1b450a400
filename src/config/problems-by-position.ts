/** Turns problems by their path into problems by line and column, in the order of the file. */

import { defined } from '../collections/defined.ts';
import type { Problem } from '../errors.ts';
import { namedModelAt } from './command-line/named-models.ts';
import type { ConfigDocument } from './document.ts';
import type { ConfigFile } from './find-config.ts';
import type { ResolvedTree } from './references.ts';
import type { TreeProblem } from './tree-problem.ts';

/** Problems that are shown; nobody reads more, and each is searched for every value from the environment. */
const MAX_PROBLEMS = 1000;

/** What only the command line says has no position. */
export function byPosition(
  problems: readonly TreeProblem[],
  file: ConfigFile,
  document: ConfigDocument,
  { filledIn, tree }: ResolvedTree,
): readonly Problem[] {
  const hide = (text: string) => filledIn?.hide(text) ?? text;
  const placed = problems
    .map(({ path, at, message, hint }) => ({
      ...document.locate(path, at),
      option: namedModelAt(path, document.tree, tree),
      message,
      hint,
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  const shown = placed.slice(0, MAX_PROBLEMS).map(({ message, hint, option, ...position }) =>
    defined({
      ...(option !== undefined || file.isCommandLine === true ? {} : { file: file.displayPath, ...position }),
      message: hide(option === undefined ? message : message.replace(/^models\[\d+\](?:\.\w+)*/, option)),
      hint: hint === undefined ? undefined : hide(option === undefined ? hint : optionHint(hint)),
    }),
  );
  const more = placed.length - shown.length;
  return more === 0 ? shown : [...shown, { file: file.displayPath, message: `has ${more} more problems` }];
}

/** An example of an endpoint is one of the option. */
const optionHint = (hint: string) => hint.replace(/^e\.g\. (?=https:)/, 'e.g. --endpoint ');
