/** Which scorer fits targets, by the look of them; for people who configured none. */

import { parseYesNo } from './choice/parse-yes-no.ts';

/** Words of a target up to which the whole answer can be expected to match. */
const SHORT_WORDS = 3;

const NUMBER = /^[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s?%?$/;

/** What to write into `scorers` for such targets. `isAudio` = the samples have clips, so that long targets are transcripts. */
export function suggestScorer(targets: readonly string[], isAudio: boolean): string {
  const all = (test: (target: string) => boolean) => targets.every((target) => test(target.trim()));
  if (all((target) => /^\(?[A-J]\)?$/.test(target))) return 'choice';
  if (all((target) => parseYesNo(target) !== null && wordsOf(target) === 1)) return 'yes-no';
  if (all((target) => NUMBER.test(target))) return 'numeric';
  if (all(isJsonObject)) return 'json';
  if (targets.filter((target) => wordsOf(target) <= SHORT_WORDS).length > targets.length / 2) return 'exact';
  return isAudio ? '{name: wer, normalizer: whisper-en}' : 'f1';
}

const wordsOf = (text: string) => text.trim().split(/\s+/).length;

function isJsonObject(text: string): boolean {
  if (!/^\{.*\}$/s.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
