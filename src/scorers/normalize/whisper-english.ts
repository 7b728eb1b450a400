/** The English normaliser published with Whisper, which is commonly used to compare speech recognisers. */

import { americanSpelling } from './american-spelling.ts';
import { englishNumbers } from './english-numbers.ts';
import { dropBracketed, plainLetters } from './whisper-basic.ts';

/** JavaScript's `\b` covers only ASCII; these match word boundaries in any script. */
const START = '(?<![\\p{L}\\p{N}_])';
const END = '(?![\\p{L}\\p{N}_])';

/** What the leaderboard's normaliser, which is built upon this one, does otherwise. */
export interface EnglishVariant {
  /** Words that are dropped, alternatives of a pattern. */
  readonly fillers: string;
  /** Words whose `'s` is an `is`; of others it is a possessive. */
  readonly isWords: string;
  /** On words without symbols, before numbers are written in digits. */
  readonly joinWords: (text: string) => string;
  /** On words in American spelling. */
  readonly respell: (text: string) => string;
}

const WHISPER: EnglishVariant = {
  fillers: 'hmm|mm|mhm|mmm|uh|um',
  isWords: '',
  joinWords: (text) => text,
  respell: (text) => text,
};

const CONTRACTIONS = table(
  "won't=will not|can't=can not|let's=let us|ain't=aint|y'all=you all|wanna=want to|gotta=got to|gonna=going to|" +
    "i'ma=i am going to|imma=i am going to|woulda=would have|coulda=could have|shoulda=should have|ma'am=madam",
);

const TITLES = table(
  'mr=mister |mrs=missus |st=saint |dr=doctor |prof=professor |capt=captain |gov=governor |ald=alderman |gen=general |' +
    'sen=senator |rep=representative |pres=president |rev=reverend |hon=honorable |asst=assistant |assoc=associate |' +
    'lt=lieutenant |col=colonel |jr=junior |sr=senior |esq=esquire ',
);

/** The first one that fits counts: a participle decides between `has` and `is` before the general reading. */
const ENDINGS = table(
  "'d been= had been|'s been= has been|'d gone= had gone|'s gone= has gone|'d done= had done|'s got= has got|" +
    "n't= not|'re= are|'s= is|'d= would|'ll= will|'t= not|'ve= have|'m= am",
);

const WORDS = new RegExp(`${START}(?:${[...CONTRACTIONS.keys()].join('|')})${END}`, 'gu');
const TITLE_WORDS = new RegExp(`${START}(?:${[...TITLES.keys()].join('|')})${END}`, 'gu');

/**
 * Lower case; bracketed text, fillers, punctuation and diacritics dropped; contractions and titles written out;
 * numbers in digits; American spelling (openai/whisper `EnglishTextNormalizer`). Curly apostrophes are straight ones,
 * which Whisper's normaliser takes for spaces.
 */
export function whisperEnglish(text: string): string {
  return toWhisper(text);
}

const toWhisper = createEnglish(WHISPER);

/** Makes the normaliser of a variant. */
export function createEnglish({ fillers, isWords, joinWords, respell }: EnglishVariant): (text: string) => string {
  const dropped = new RegExp(`${START}(?:${fillers})${END}`, 'gu');
  const isEnding = isWords === '' ? "'s" : `(?<=${START}(?:${isWords}))'s`;
  const endings = [...ENDINGS.keys()].map((ending) => (ending === "'s" ? isEnding : ending)).join('|');
  const ending = new RegExp(`(?:${endings})${END}`, 'gu');
  return (text) => {
    let plain = dropBracketed(text.toLowerCase().replace(/[‘’ʼ]/gu, "'"))
      .replace(dropped, '')
      .replace(/(?<!\s)\s+'/gu, "'");
    plain = plain
      .replace(WORDS, (word) => CONTRACTIONS.get(word) ?? word)
      .replace(TITLE_WORDS, (word) => TITLES.get(word) ?? word)
      .replace(ending, (word) => ENDINGS.get(word) ?? word);
    plain = plain.replace(/(\d),(\d)/gu, '$1$2').replace(/\.([^0-9]|$)/gu, ' $1');
    plain = respell(americanSpelling(englishNumbers(joinWords(plainLetters(plain, '.%$¢€£')))));
    // A currency, percent or decimal sign without a number is punctuation.
    return plain
      .replace(/[.$¢€£]([^0-9])/gu, ' $1')
      .replace(/([^0-9])%/gu, '$1 ')
      .replace(/\s+/gu, ' ');
  };
}

function table(entries: string): ReadonlyMap<string, string> {
  return new Map(
    entries.split('|').map((entry) => {
      const [word = '', full = ''] = entry.split('=');
      return [word, full];
    }),
  );
}
