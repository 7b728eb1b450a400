/** Finds samples whose target is probably wrong: reliable models agree with each other and not with it. */

import { createTopList } from '../collections/top-list.ts';
import { baseModelId } from '../config/select-models.ts';
import { ablationBase } from '../plan/ablation.ts';
import type { ModelInfo, RunReport } from '../report.ts';
import type { Result } from '../result.ts';
import { scoreAll } from '../summary/tally.ts';
import { bigramSimilarity } from '../text/bigram-similarity.ts';
import { cutText } from '../text/cut-text.ts';

/** A sample whose target is doubted. */
export interface Suspect {
  readonly sampleId: string;
  /** In the manifest; null = not recorded. */
  readonly line: number | null;
  /** From 0 to 1: how sure the models are, times how far they are from the target. */
  readonly suspicion: number;
  readonly target: readonly string[];
  /** The answer that the others are closest to. */
  readonly answer: string;
  /** Models whose answers are close to it, and models that answered. */
  readonly agreeing: number;
  readonly answered: number;
}

/** What was looked at. */
export interface SuspectList {
  readonly suspects: readonly Suspect[];
  /** Samples with a target and a scored answer. */
  readonly samples: number;
}

/** Suspects that are kept. */
const MOST_SUSPECTS = 1000;

/** A model that is never right still says something when it agrees with others. */
const LEAST_RELIABILITY = 0.05;
/** Answers that share so much are taken as one. */
const SAME = 0.8;
/** Longer answers are compared by their beginnings: the ranking is about labels and sentences, not about essays. */
const COMPARED = 2000;

/** Reads the results once. Ordered by suspicion, then as in the manifest. */
export async function findSuspects(report: Pick<RunReport, 'run' | 'summary' | 'samples'>): Promise<SuspectList> {
  const reliability = reliabilities(report);
  const top = createTopList<Suspect>(MOST_SUSPECTS, (x, y) => y.suspicion - x.suspicion);
  let samples = 0;
  for await (const results of report.samples()) {
    const suspect = suspectOf(results, reliability);
    if (suspect === null) continue;
    samples += 1;
    if (suspect.suspicion > 0) top.add(suspect);
  }
  return { suspects: top.items(), samples };
}

/** All but those that lack a medium, or got one that is worse than that of the sample. */
export function heardModels(models: readonly ModelInfo[]): readonly ModelInfo[] {
  const ids = models.map(({ id }) => id);
  return models.filter(({ id, stress }) => stress === undefined && ablationBase(id, ids) === null);
}

/**
 * The mean `score_all` of each model that is heard: how often its answers are right as far as the targets are. Variants of a
 * model err together: the best one is heard, unless there is no other model.
 */
export function reliabilities({ run, summary }: Pick<RunReport, 'run' | 'summary'>): ReadonlyMap<string, number> {
  const rated = heardModels(run.models).map(({ id }) => {
    const row = summary.find(({ model, slice, metric }) => model === id && slice === 'all' && metric === 'score_all');
    return [id, Math.max(LEAST_RELIABILITY, row?.value ?? 0)] as const;
  });
  const best = new Map<string, readonly [string, number]>();
  for (const one of rated) {
    const base = baseModelId(one[0]);
    if (one[1] > (best.get(base)?.[1] ?? 0)) best.set(base, one);
  }
  return new Map(best.size < 2 ? rated : best.values());
}

interface Voice {
  readonly text: string;
  /** What is compared of it. */
  readonly beginning: string;
  readonly score: number;
  readonly weight: number;
}

/** `reliability` holds the models that are heard. null = it has no target, several turns, or no answer that was scored. */
export function suspectOf(results: readonly Result[], reliability: ReadonlyMap<string, number>): Suspect | null {
  const [first] = results;
  if (first === undefined || first.sample.target.length === 0 || first.turns !== undefined) return null;
  const voices = voicesOf(results, reliability);
  const weight = voices.reduce((sum, voice) => sum + voice.weight, 0);
  if (weight === 0) return null;
  const ranked = voices.map((voice) => {
    const alike = voices.map((other) => (other === voice ? 1 : bigramSimilarity(voice.beginning, other.beginning)));
    const support = alike.reduce((sum, one, index) => sum + one * (voices[index]?.weight ?? 0), 0);
    return { voice, alike, support };
  });
  const best = ranked.reduce((most, one) => (one.support > most.support ? one : most));
  // The chance that not all who say so are wrong, if they err independently; less the more contradict them.
  const allWrong = best.alike.reduce((product, one, index) => product * (1 - one * (voices[index]?.weight ?? 0)), 1);
  const right = best.alike.reduce(
    (sum, one, index) => sum + one * (voices[index]?.weight ?? 0) * (voices[index]?.score ?? 0),
    0,
  );
  const suspicion = (best.support / weight) * (1 - allWrong) * (1 - right / best.support);
  return {
    sampleId: first.sampleId,
    line: first.sampleLine ?? null,
    suspicion: Math.max(0, suspicion),
    target: first.sample.target,
    answer: best.voice.text,
    agreeing: best.alike.filter((one) => one >= SAME).length,
    answered: voices.length,
  };
}

/** The first scored answer of each model. */
function voicesOf(results: readonly Result[], reliability: ReadonlyMap<string, number>): readonly Voice[] {
  const voices = new Map<string, Voice>();
  for (const result of results) {
    const score = scoreAll(result);
    if (result.status !== 'completed' || result.outcome !== 'answered' || score === null) continue;
    if (voices.has(result.modelId) || result.answer.trim() === '') continue;
    const weight = reliability.get(result.modelId);
    if (weight === undefined) continue;
    voices.set(result.modelId, { text: result.answer, beginning: cutText(result.answer, COMPARED), score, weight });
  }
  return [...voices.values()];
}
