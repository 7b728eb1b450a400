/** Decides whether a run stops early, from its options and from what an earlier execution recorded. */

import type { Problem } from '../../errors.ts';
import type { Setup } from '../../plan/prepare.ts';
import type { RunInfo } from '../../report.ts';
import { quote } from '../../text/quote.ts';
import type { StoppingSettings } from './stopping.ts';

/** Of all comparisons together, as of verdicts. */
const ALPHA = 0.05;

/** When the configuration has no seed: the same manifest is asked in the same order. */
const SEED = 1;

interface StoppingOptions {
  readonly stopWhenDecided?: boolean;
  readonly margin?: number;
  readonly again?: readonly string[];
  readonly queue?: string;
}

/** A resumed run goes on as it began, unless the option is given. */
export function chooseStopping(
  options: StoppingOptions,
  {
    config,
    models,
    repeat,
  }: Pick<Setup, 'models' | 'repeat'> & { readonly config: Pick<Setup['config'], 'seed' | 'queue'> },
  earlier: RunInfo | null,
): { readonly stopping: StoppingSettings | null; readonly problems: readonly Problem[] } {
  const recorded = earlier?.stopping;
  const isWanted = options.stopWhenDecided ?? recorded !== undefined;
  const { margin } = options;
  if (!isWanted) {
    const hint = 'add --stop-when-decided, or leave the margin out';
    return {
      stopping: null,
      problems: margin === undefined ? [] : [{ message: '--margin needs --stop-when-decided', hint }],
    };
  }
  const problems: Problem[] = [];
  const [only] = models;
  if (models.length < 2)
    problems.push({
      message: `--stop-when-decided compares models, and there is ${only === undefined ? 'none' : `only ${quote(only.id)}`}`,
      hint: 'add the model to compare it with, or leave the option out',
    });
  if (margin !== undefined && !(margin > 0 && margin <= 1))
    problems.push({
      message: `--margin is ${margin}`,
      hint: 'give a difference of scores above 0 and at most 1, e.g. 0.02 for 2 points',
    });
  if (recorded !== undefined && margin !== undefined && margin !== recorded.margin)
    problems.push({
      message: `--margin is ${margin}, and the run was started with ${recorded.margin ?? 'none'}`,
      hint: 'a margin that is chosen after a look at the answers proves nothing: leave it out',
    });
  if (repeat > 1)
    problems.push({
      message: `--stop-when-decided asks every sample once, and repeat is ${repeat}`,
      hint: 'set --repeat 1, or leave the option out',
    });
  if ((options.queue ?? config.queue?.url) !== undefined)
    problems.push({ message: '--stop-when-decided does not go with a queue', hint: 'omit one of them' });
  if (options.again !== undefined)
    problems.push({
      message: '--stop-when-decided does not go with --again',
      hint: 'an answer that was looked at must not be replaced: add --no-stop-when-decided',
    });
  const seed = recorded?.seed ?? config.seed ?? SEED;
  return { stopping: { seed, margin: recorded?.margin ?? margin ?? null, alpha: recorded?.alpha ?? ALPHA }, problems };
}

/** The score of a cell must be there when it ends. */
export function judgeProblems(
  stopping: StoppingSettings | null,
  judges: readonly { readonly id: string }[],
): readonly Problem[] {
  if (stopping === null || judges.length === 0) return [];
  return [
    {
      message: `--stop-when-decided needs scores as soon as a model has answered, and ${judges.map(({ id }) => quote(id)).join(', ')} judges later`,
      hint: 'use scorers that compare with targets, or leave the option out',
    },
  ];
}
