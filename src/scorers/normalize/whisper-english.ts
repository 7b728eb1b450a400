/** The English normaliser published with Whisper, which is commonly used to compare speech recognisers. */

import { americanSpelling } from './american-spelling.ts';
import { englishNumbers } from './english-numbers.ts';
import { dropBracketed, plainLetters } from './whisper-basic.ts';

/** JavaScript's `\b` covers only ASCII; these match word boundaries in any script. */
const START = '(?<![\\p{L}\\p{N}_])';
const END = '(?![\\p{L}\\p{N}_])';

const FILLERS = new RegExp(`${START}(?:hmm|mm|mhm|mmm|uh|um)${END}`, 'gu');

const CONTRACTIONS = table(
  (word) => START + word + END,
  "won't=will not|can't=can not|let's=let us|ain't=aint|y'all=you all|wanna=want to|gotta=got to|gonna=going to|" +
    "i'ma=i am going to|imma=i am going to|woulda=would have|coulda=could have|shoulda=should have|ma'am=madam",
);

const TITLES = table(
  (word) => START + word + END,
  'mr=mister|mrs=missus|st=saint|dr=doctor|prof=professor|capt=captain|gov=governor|ald=alderman|gen=general|' +
    'sen=senator|rep=representative|pres=president|rev=reverend|hon=honorable|asst=assistant|assoc=associate|' +
    'lt=lieutenant|col=colonel|jr=junior|sr=senior|esq=esquire',
);

/** Applied in this order: the endings with a participle decide between `has` and `is` before the general ones. */
const ENDINGS = table(
  (ending) => ending + END,
  "'d been=had been|'s been=has been|'d gone=had gone|'s gone=has gone|'d done=had done|'s got=has got|" +
    "n't=not|'re=are|'s=is|'d=would|'ll=will|'t=not|'ve=have|'m=am",
);

/**
 * Lower case; bracketed text, fillers, punctuation and diacritics dropped; contractions and titles written out;
 * numbers in digits; American spelling (openai/whisper `EnglishTextNormalizer`).
 */
export function whisperEnglish(text: string): string {
  let plain = dropBracketed(text.toLowerCase())
    .replace(FILLERS, '')
    .replace(/(?<!\s)\s+'/gu, "'");
  for (const [contraction, full] of CONTRACTIONS) plain = plain.replace(contraction, full);
  for (const [title, full] of TITLES) plain = plain.replace(title, `${full} `);
  for (const [ending, full] of ENDINGS) plain = plain.replace(ending, ` ${full}`);
  plain = plain.replace(/(\d),(\d)/gu, '$1$2').replace(/\.([^0-9]|$)/gu, ' $1');
  plain = americanSpelling(englishNumbers(plainLetters(plain, '.%$¢€£')));
  // A currency, percent or decimal sign without a number is punctuation.
  return plain
    .replace(/[.$¢€£]([^0-9])/gu, ' $1')
    .replace(/([^0-9])%/gu, '$1 ')
    .replace(/\s+/gu, ' ');
}

function table(
  pattern: (word: string) => string,
  lines: string,
): readonly (readonly [pattern: RegExp, full: string])[] {
  return lines.split('|').map((line) => {
    const [word = '', full = ''] = line.split('=');
    return [new RegExp(pattern(word), 'gu'), full];
  });
}
