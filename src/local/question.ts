/** Parses the few questions that words on a page or in a clip can answer; it does not guess at others. */

/** Questions of the extractive reader. */
export type Question =
  | { readonly type: 'transcribe' }
  | { readonly type: 'title' }
  | { readonly type: 'extreme'; readonly which: 'largest' | 'smallest'; readonly of: 'number' | 'label' }
  | {
      readonly type: 'lookup';
      /** The words between "what is the" and the question mark. */
      readonly label: string;
      /** The same as "<column> of <row>"; null without a word such as "of" between them. */
      readonly cell: { readonly column: string; readonly row: string } | null;
    };

const PLACE = String.raw`(?: (?:in|on|of|from) (?:the|this)(?: \w+){1,2})?`;
const THING =
  '(?:text|words?|numbers?|image|picture|photo|page|sign|label|receipt|document|screen|audio|clip|recording|speech|command|sentence)';
const MOST = '(?:largest|highest|biggest|greatest|maximum)';
const LEAST = '(?:smallest|lowest|least|minimum)';
const ASK = '(?:what is|what was|what are|give|read|find|name|look up)';

const DO = '(?:transcribe|read|extract|copy|write down)';
const EXACTLY = '(?:,? (?:exactly|verbatim|word for word))?';

/** A whole sentence must match, so "transcribe and translate" matches none. */
const TRANSCRIBE: readonly RegExp[] = [
  new RegExp(
    `^${DO}(?: out)?(?: all)?(?: of)?(?: the| this)?(?: printed| written| visible| spoken)? ${THING}(?: ${THING})?(?: (?:shown|printed|written|spoken|you see|you hear))?${PLACE}${EXACTLY}$`,
  ),
  new RegExp(
    `^(?:transcribe|${DO} (?:this|it|that|everything|what you (?:hear|read)|what is said))${PLACE}${EXACTLY}$`,
  ),
  new RegExp(`^what (?:text|words?) (?:is|are|was|were) (?:written|shown|printed|spoken)${PLACE}$`),
  new RegExp(`^what (?:text|words?) (?:is|are) (?:in|on) (?:the|this) ${THING}$`),
  new RegExp(`^what (?:is|was) (?:written|printed|said|spoken|being said)${PLACE}$`),
  new RegExp(`^what (?:does|did) (?:it|he|she|they|(?:the|this) (?:speaker|person|voice|${THING})) (?:say|read)$`),
  /^what do you (?:hear|read)$/,
];
const TITLE = new RegExp(`^${ASK} the (?:title|heading|headline)${PLACE}$`);
const EXTREME_NUMBER = new RegExp(
  `^${ASK} the (?:(${MOST})|${LEAST}) (?:value|number|amount|figure)(?: shown| printed| given)?${PLACE}$`,
);
const EXTREME_LABEL = new RegExp(
  String.raw`^(?:which|what) \w+ (?:has|have|had|shows?) the (?:(${MOST})|${LEAST}) (?:value|number|amount|figure|bar)${PLACE}$`,
);
const LOOKUP = new RegExp(`^(?:${ASK}|how much is|how much was|when is|when was) (?:the )?(.+)$`);
const TRAILING_PLACE =
  / (?:in|on|of|from) (?:the|this) (?:image|picture|photo|page|sign|label|receipt|table|chart|form|screen|document|invoice|ticket)$/;
const CELL = /^(.+?) (?:of|for|on|at|in) (?:the )?(.+)$/;
/** Longer texts are not labels but questions that need reasoning. */
const MAX_LABEL_WORDS = 6;
/** Instructions about the form that the answer already has. */
const FORM =
  /^(?:answer|reply|respond)(?: only)? with (?:just |only )?(?:the |a |its |one )?(?:\w+ )?(?:text|value|number|digits|words?|amount|name|answer|transcript|date|time|title)(?: only| alone| and nothing else)?$/;

/** The only question of a prompt, or null when it has none, several, or additional text. */
export function parseQuestion(prompt: string): Question | null {
  const sentences = prompt
    .split(/(?<=[.!?:])\s+|\n+/)
    .map(simplify)
    .filter((sentence) => sentence !== '' && !FORM.test(sentence));
  const [sentence] = sentences;
  return sentences.length === 1 && sentence !== undefined ? classify(sentence) : null;
}

function simplify(sentence: string): string {
  return sentence
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[“”"]/g, '')
    .replace(/\bwhat['’]s\b/g, 'what is')
    .replace(/[.!?:]+$/, '')
    .trim()
    .replace(/^please /, '')
    .replace(/,? please$/, '');
}

function classify(sentence: string): Question | null {
  if (TRANSCRIBE.some((rule) => rule.test(sentence))) return { type: 'transcribe' };
  if (TITLE.test(sentence)) return { type: 'title' };
  const number = EXTREME_NUMBER.exec(sentence);
  if (number !== null)
    return { type: 'extreme', which: number[1] === undefined ? 'smallest' : 'largest', of: 'number' };
  const named = EXTREME_LABEL.exec(sentence);
  if (named !== null) return { type: 'extreme', which: named[1] === undefined ? 'smallest' : 'largest', of: 'label' };
  const label = LOOKUP.exec(sentence)?.[1]?.replace(TRAILING_PLACE, '');
  if (label === undefined || !isLabel(label)) return null;
  const cell = CELL.exec(label);
  return {
    type: 'lookup',
    label,
    cell: cell?.[1] === undefined || cell[2] === undefined ? null : { column: cell[1], row: cell[2] },
  };
}

/** A label has few words and at least one letter: "2+2" is a sum, and figures of the page would look like its answer. */
function isLabel(text: string): boolean {
  return /\p{L}/u.test(text) && text !== 'the' && text.split(' ').length <= MAX_LABEL_WORDS;
}
