/** Scores a cell's answers with its scorers and combines the values into one score. */

import { saidBefore } from '../plan/judge-request.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import type { CellKey, Score, TurnReply } from '../result.ts';
import { meanScore } from '../scorers/mean-score.ts';
import { createScorer } from '../scorers/registry.ts';
import type { JudgeQuestion, JudgeReply, Judging, ScoreInput, Scorer } from '../scorers/scorer.ts';
import type { Completion, Sample, ScorerConfig } from '../types.ts';

/** The answer to one turn, and the acceptable answers. */
export interface TurnAnswer {
  readonly answer: string;
  readonly target: readonly string[];
}

export interface Judgement {
  readonly scores: readonly Score[];
  /** Weighted mean of the values; null = all are unscored. */
  readonly score: number | null;
  /** The same mean for each answer by itself; null = it has no target, or no value. */
  readonly turnScores: readonly (number | null)[];
  /** A scorer could not read the answer, e.g. found no number in it. */
  readonly unparsed: boolean;
}

/** The scoring of a run. */
export interface Scoring {
  /** Names of the scorers for a sample; empty = it has no target, or no scorer is configured. */
  names(sample: Sample, targets: readonly (readonly string[])[]): readonly string[];
  /**
   * Turns without a target are not scored; a scorer's value is the mean over the scored turns, its counts are the sum.
   * `of` names the cell for which judges may be asked; without it, their scorers leave the answers unscored.
   */
  score(sample: Sample, answers: readonly TurnAnswer[], of?: CellName): Promise<Judgement>;
}

type CellName = Pick<CellKey, 'modelId' | 'repeat'>;

/** The cell that is scored; one object for each scoring of it. */
export interface JudgedCell extends CellName {
  readonly sample: Sample;
}

/** Asks the judge of a scorer about an answer of this cell. */
export type AskJudge = (question: JudgeQuestion, cell: JudgedCell) => Promise<JudgeReply>;

/** Creates each scorer once for each configuration. Without `ask`, scorers that ask a judge leave answers unscored. */
export function createScoring(defaults: readonly ScorerConfig[], ask?: AskJudge): Scoring {
  const scorers = new Map<string, Scorer>();
  const scorerFor = (config: ScorerConfig): Scorer => {
    const key = JSON.stringify(config);
    const scorer = scorers.get(key) ?? createScorer(config);
    scorers.set(key, scorer);
    return scorer;
  };
  // At once, so that another run of this process cannot change what a name means.
  for (const config of defaults) scorerFor(config);

  const score: Scoring['score'] = async (sample, answers, of) => {
    const configs = sample.scorers ?? defaults;
    const cell: JudgedCell | null = of === undefined ? null : { sample, modelId: of.modelId, repeat: of.repeat };
    const whole = createWeightedMean();
    const turns = answers.map(createWeightedMean);
    let unparsed = false;
    const scores: Score[] = [];
    for (const config of configs) {
      const scorer = scorerFor(config);
      const weight = config.weight ?? 1;
      const each: Score[] = [];
      for (const [turn, { answer, target }] of answers.entries()) {
        if (target.length === 0 && scorer.needsTarget) continue;
        const judging = ask && cell && judgingOf(cell, answers.slice(0, turn), ask);
        const score = await judge(scorer, { answer, target, sample, ...(judging && { judging }) });
        each.push(score);
        turns[turn]?.add(score.value, weight);
      }
      const [first, ...others] = each;
      if (first === undefined) continue;
      const score: Score = { ...meanScore([first, ...others]), version: scorer.version };
      scores.push(score);
      whole.add(score.value, weight);
      if (score.value === null) unparsed ||= score.failed !== true;
    }
    const score = whole.value();
    return { scores, score, turnScores: turns.map((turn) => turn.value()), unparsed: unparsed && whole.isEmpty() };
  };
  return {
    names: (sample, targets) =>
      (sample.scorers ?? defaults)
        .map(scorerFor)
        .filter(({ needsTarget }) => !needsTarget || targets.some((target) => target.length > 0))
        .map(({ name }) => name),
    score,
  };
}

/** `earlier` are the answers to the turns before. */
function judgingOf(cell: JudgedCell, earlier: readonly TurnAnswer[], ask: AskJudge): Judging {
  const answers = earlier.map(({ answer }) => answer);
  return { history: saidBefore(cell.sample, answers), ask: (question) => ask(question, cell) };
}

interface WeightedMean {
  /** A missing value does not count. */
  add(value: number | null, weight: number): void;
  /** null = no value of any weight. */
  value(): number | null;
  isEmpty(): boolean;
}

function createWeightedMean(): WeightedMean {
  let weighted = 0;
  let weights = 0;
  return {
    add(value, weight) {
      if (value === null) return;
      weighted += weight * value;
      weights += weight;
    },
    value: () => (weights === 0 ? null : weighted / weights),
    isEmpty: () => weights === 0,
  };
}

/** When a scorer throws, the answer is unscored, not lost. */
async function judge(scorer: Scorer, input: ScoreInput): Promise<Score> {
  try {
    return await scorer.score(input);
  } catch (error) {
    const explanation = `the scorer failed: ${error instanceof Error ? error.message : String(error)}`;
    return { scorer: scorer.name, value: null, raw: null, unit: '', explanation, failed: true };
  }
}

/** What a completion can be; a filtered one is a failure, and only a scorer finds one that cannot be parsed. */
export type ReplyOutcome = NonNullable<TurnReply['outcome']>;

/** What the model did in one completion. */
export function outcomeOf({ refused, finishReason }: Pick<Completion, 'finishReason' | 'refused'>): ReplyOutcome {
  if (refused) return 'refused';
  return finishReason === 'length' ? 'truncated' : 'answered';
}

/** Scores a cell; the first turn that was not answered decides the outcome of all. */
export async function judgeCell(
  { request, repeat }: { readonly request: PlannedRequest; readonly repeat: number },
  outcomes: readonly ReplyOutcome[],
  texts: readonly string[],
  scoring: Scoring,
) {
  const unanswered = outcomes.find((outcome) => outcome !== 'answered');
  if (unanswered !== undefined) {
    const turnScores = await scoresOfAnswered(request, outcomes, texts, scoring);
    return { outcome: unanswered, scores: [], score: null, turnScores };
  }
  const answers = texts.map((answer, turn) => targeted(request, answer, turn));
  const of = { modelId: request.model.id, repeat };
  const { scores, score, turnScores, unparsed } = await scoring.score(request.sample, answers, of);
  return { outcome: unparsed ? ('unparsed' as const) : ('answered' as const), scores, score, turnScores };
}

/** The scores of the answered turns of a conversation that is not scored as a whole; the others have none. Asks no judge. */
export async function scoresOfAnswered(
  request: PlannedRequest,
  outcomes: readonly TurnReply['outcome'][],
  texts: readonly string[],
  scoring: Scoring,
): Promise<readonly (number | null)[]> {
  const { sample } = request;
  if (sample.turns.length === 0) return [];
  const answered = texts.flatMap((text, turn) =>
    outcomes[turn] === 'answered' ? [targeted(request, text, turn)] : [],
  );
  const scores = (await scoring.score(sample, answered)).turnScores.values();
  return outcomes.map((outcome) => (outcome === 'answered' ? (scores.next().value ?? null) : null));
}

function targeted({ conversation }: PlannedRequest, answer: string, turn: number): TurnAnswer {
  return { answer, target: conversation.targets[turn] ?? [] };
}
