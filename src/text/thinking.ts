/** Splits what a model thought from what it answered, for servers that send both as one text with `<think>` tags. */

/** A model's text in its two parts. */
export interface SplitText {
  /** null = the model did not think, or only blanks are between the tags. */
  readonly thinking: string | null;
  /** The text as it came when it has no tags. */
  readonly answer: string;
}

const TAG = /<\/?think>/i;

/** A tag at the start of a line, any other tag, or the fence of a code block. */
const TOKEN = /(^[ \t]*<think>)|(<think>)|(<\/think>)|^ {0,3}(?:```|~~~)/gim;

/**
 * Takes these parts of the text as thinking:
 *
 * - `<think>...</think>` at the start of the text or of a line, outside of code blocks
 * - everything before a first `</think>` that no tag opens: some chat templates put the opening tag into the prompt
 * - everything after a `<think>` at the start that nothing closes: the model ran out of tokens
 */
export function splitThinking(text: string): SplitText {
  if (!TAG.test(text)) return { thinking: null, answer: text };
  const thoughts: string[] = [];
  let answer = '';
  /** Where the text that is not yet in `answer` or `thoughts` starts. */
  let from = 0;
  let open: { readonly start: number; readonly end: number } | null = null;
  let hasOpening = false;
  let isCode = false;
  const cut = (start: number, thoughtStart: number, thoughtEnd: number, end: number) => {
    answer += text.slice(from, start);
    thoughts.push(text.slice(thoughtStart, thoughtEnd).trim());
    from = end;
  };
  for (const { 0: token, 1: lineOpening, 2: opening, 3: closing, index: start } of text.matchAll(TOKEN)) {
    const end = start + token.length;
    if (closing === undefined) {
      hasOpening ||= lineOpening !== undefined || opening !== undefined;
      if (open === null && lineOpening !== undefined && !isCode) open = { start, end };
      else if (open === null && lineOpening === undefined && opening === undefined) isCode = !isCode;
    } else if (open !== null) {
      cut(open.start, open.end, start, end);
      open = null;
    } else if (!hasOpening && thoughts.length === 0 && text[start - 1] !== '`') {
      cut(0, 0, start, end);
      isCode = false;
    }
  }
  if (open !== null && `${answer}${text.slice(from, open.start)}`.trim() === '')
    cut(open.start, open.end, text.length, text.length);
  if (thoughts.length === 0) return { thinking: null, answer: text };
  const thinking = thoughts.filter((thought) => thought !== '').join('\n\n');
  return { thinking: thinking === '' ? null : thinking, answer: `${answer}${text.slice(from)}`.trimStart() };
}

/** The usual form of a text with thinking, which `splitThinking` takes apart again. */
export function joinThinking(thinking: string, answer: string): string {
  return `<think>\n${thinking}\n</think>\n\n${answer}`;
}
