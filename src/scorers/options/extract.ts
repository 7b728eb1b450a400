/** The option `extract`: which part of an answer is scored. */

import { z } from 'zod';
import { DEFAULT_LABELS, parseChoice } from '../choice/parse-choice.ts';
import { asText, findJson, memberAt } from '../json/json-text.ts';
import { compileRegex, regexProblem } from './user-regex.ts';

const groupOption = z.union([z.string().min(1), z.int().min(0)]).exactOptional();

/** A named way, a regular expression, a JSON path, or a marker. */
export const extractOption = z.union([
  z.enum(['last-line', 'choice']),
  z.strictObject({
    regex: z.string().min(1),
    group: groupOption,
    ignoreCase: z.boolean().default(false),
  }),
  z.strictObject({ json: z.string() }),
  z.strictObject({ after: z.string().min(1) }),
]);

export type ExtractOption = z.output<typeof extractOption>;

/** Finds the part of an answer; null when it has none. */
export type Extract = (answer: string) => string | null;

export function createExtract(option: ExtractOption): Extract {
  if (option === 'last-line') return lastLine;
  if (option === 'choice') return (answer) => parseChoice(answer, { labels: DEFAULT_LABELS, texts: [] });
  if ('json' in option) {
    return (answer) => {
      const member = memberAt(findJson(answer), option.json);
      return member === undefined || member === null ? null : asText(member);
    };
  }
  if ('after' in option) return (answer) => afterMarker(answer, option.after);
  const regex = compileRegex(option.regex, option);
  return (answer) => regex.last(answer);
}

/** Why the option cannot be used; undefined when it can. */
export function extractProblem(option: ExtractOption): string | undefined {
  return typeof option === 'object' && 'regex' in option ? regexProblem(option.regex, option) : undefined;
}

function lastLine(answer: string): string | null {
  return (
    answer
      .split(/\r?\n/u)
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? null
  );
}

/** What follows the last marker on its line, or on the next line that is not blank. */
function afterMarker(answer: string, marker: string): string | null {
  const at = lastIndexIgnoringCase(answer, marker);
  if (at === -1) return null;
  const rest = answer.slice(at + marker.length).replace(/^[\s*_:]+/u, '');
  const line = rest.split(/\r?\n/u, 1)[0]?.replace(/[\s*_]+$/u, '') ?? '';
  return line === '' ? null : line;
}

/** Characters whose lower case has another length would move the position, so they are compared as they are. */
function lastIndexIgnoringCase(text: string, part: string): number {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower.lastIndexOf(part.toLowerCase()) : text.lastIndexOf(part);
}
