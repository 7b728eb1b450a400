/** Tercom's tokenisation. */

import { splitWords } from './tokenizers.ts';

export interface TerOptions {
  readonly normalized: boolean;
  readonly noPunctuation: boolean;
  readonly asianSupport: boolean;
  readonly caseSensitive: boolean;
}

const ASIAN_PUNCTUATION = /([\u3001\u3002\u3008-\u3011\u3014-\u301f\uff61-\uff65\u30fb])/gu;
const FULL_WIDTH_PUNCTUATION = /([\uff0e\uff0c\uff1f\uff1a\uff1b\uff01\uff02\uff08\uff09])/gu;

export function terTokens(text: string, options: TerOptions): readonly string[] {
  let line = text.trimEnd();
  if (!options.caseSensitive) line = line.toLowerCase();
  if (options.normalized) line = options.asianSupport ? apartAsian(apartWestern(line)) : apartWestern(line);
  if (options.noPunctuation) {
    line = line.replace(/[.,?:;!"()]/gu, '');
    if (options.asianSupport) line = line.replace(ASIAN_PUNCTUATION, '').replace(FULL_WIDTH_PUNCTUATION, '');
  }
  return splitWords(line);
}

function apartWestern(text: string): string {
  const line = text
    .replaceAll('\n-', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  return ` ${line} `
    .replace(/([{-~[-` -&(-+:-@/])/gu, ' $1 ')
    .replace(/'s /gu, " 's ")
    .replace(/'s$/gu, " 's")
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/gu, '$1 $2 ');
}

/** Kana are taken apart only as the whole text, as the reference's patterns have it. */
function apartAsian(text: string): string {
  return text
    .replace(/([\u4e00-\u9fff\u3400-\u4dbf])/gu, ' $1 ')
    .replace(/([\u31c0-\u31ef\u2e80-\u2eff])/gu, ' $1 ')
    .replace(/([\u3300-\u33ff\uf900-\ufaff\ufe30-\ufe4f])/gu, ' $1 ')
    .replace(/([\u3200-\u3f22])/gu, ' $1 ')
    .replace(/(^|^[\u3040-\u309f])([\u3040-\u309f]+)(?=$|^[\u3040-\u309f])/gu, '$1 $2 ')
    .replace(/(^|^[\u30a0-\u30ff])([\u30a0-\u30ff]+)(?=$|^[\u30a0-\u30ff])/gu, '$1 $2 ')
    .replace(/(^|^[\u31f0-\u31ff])([\u31f0-\u31ff]+)(?=$|^[\u31f0-\u31ff])/gu, '$1 $2 ')
    .replace(ASIAN_PUNCTUATION, ' $1 ')
    .replace(FULL_WIDTH_PUNCTUATION, ' $1 ');
}
