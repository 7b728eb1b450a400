/** Finds out that a run would score nothing: scorers and no target, or targets and no scorer. */

import { targetElsewhere } from '../dataset/other-names.ts';
import { scoreName, scorerNeedsTarget } from '../scorers/registry.ts';
import { suggestScorer } from '../scorers/suggest-scorer.ts';
import { quote } from '../text/quote.ts';
import type { Sample, ScorerConfig } from '../types.ts';

/** Names of metadata that a sentence lists. */
const MAX_NAMED = 8;

/** Targets that a suggestion looks at. */
const MAX_LOOKED_AT = 200;

/** Looks at each sample, and says at the end what will not be scored. */
export interface ScoringCheck {
  look(sample: Sample): void;
  /** One sentence, or none. */
  warnings(): readonly string[];
}

/** `defaults` are the scorers of samples without their own. */
export function createScoringCheck(file: string, defaults: readonly ScorerConfig[]): ScoringCheck {
  let samples = 0;
  let withTarget = 0;
  let isScored = false;
  let isAudio = false;
  const targets: string[] = [];
  const metadata = new Set<string>();
  /** Scorers that compare with a target, by name. */
  const comparing = new Set<string>();
  /** Samples with scorers of their own that need a target, and without one. */
  let withoutTarget = 0;
  let firstLine = 0;
  const unmet = new Set<string>();
  const seen = new Set<string>();
  const lookAtScorers = (scorers: readonly ScorerConfig[]) => {
    for (const config of scorers) {
      const key = JSON.stringify(config);
      if (seen.has(key)) continue;
      seen.add(key);
      if (scorerNeedsTarget(config)) comparing.add(scoreName(config));
    }
  };
  lookAtScorers(defaults);

  return {
    look({ target, turns, scorers, messages, metadata: own, line }) {
      samples += 1;
      if (scorers !== undefined) lookAtScorers(scorers);
      const all = [...target, ...turns.flatMap((turn) => turn.target)];
      if (all.length > 0) withTarget += 1;
      const needy = all.length > 0 ? [] : (scorers ?? []).filter(scorerNeedsTarget);
      for (const config of needy) unmet.add(scoreName(config));
      if (needy.length > 0) withoutTarget += 1;
      if (withoutTarget === 1 && needy.length > 0) firstLine = line;
      if ((scorers ?? defaults).length > 0) isScored = true;
      if (withTarget === 0) for (const key of Object.keys(own)) if (metadata.size < 1000) metadata.add(key);
      if (targets.length < MAX_LOOKED_AT) {
        targets.push(...all);
        isAudio ||= [...messages, ...turns].some(({ content }) => content.some(({ type }) => type === 'audio'));
      }
    },
    warnings() {
      if (withTarget === 0 && comparing.size > 0 && samples > 0)
        return [
          `${file}: no sample has a target, so ${[...comparing].map(quote).join(', ')} will score nothing${columns(metadata)}`,
        ];
      if (withTarget > 0 && withoutTarget > 0) {
        const more = withoutTarget > 1 ? `, ${withoutTarget - 1} more follow` : '';
        const names = [...unmet].slice(0, MAX_NAMED).map(quote).join(', ');
        return [`${file}:${firstLine} has a sample without a target for its own scorer${more}: not scored by ${names}`];
      }
      if (withTarget > 0 && !isScored) {
        const have = withTarget === 1 ? '1 sample has a target' : `${withTarget} samples have a target`;
        return [
          `${file}: ${have} and there is no scorer to compare answers with it; for such targets write scorers: [${suggestScorer(targets, isAudio)}]`,
        ];
      }
      return [];
    },
  };
}

/** The columns that became metadata; one of them may hold the targets. */
function columns(metadata: ReadonlySet<string>): string {
  const names = [...metadata];
  if (names.length === 0) return '; write a column "target"';
  const target = targetElsewhere(names);
  const shown = names.slice(0, MAX_NAMED).map(quote).join(', ');
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  const advice =
    target === undefined
      ? 'name the column with the targets "target"'
      : `read it as the target: --map target=${target}, or dataset.map`;
  return `; these columns became metadata: ${shown}${more} · ${advice}`;
}
