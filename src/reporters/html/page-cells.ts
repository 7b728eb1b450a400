/** Turns the results of a sample into the line that the page reads. */

import { defined } from '../../collections/defined.ts';
import type { ReportBaseline } from '../../gate-report.ts';
import type { Result, Score, TurnResult } from '../../result.ts';
import { cutText } from '../../text/cut-text.ts';
import type { Usage } from '../../types.ts';
import { rtfx } from '../rtfx.ts';
import type { PageCell, PageMedia, PageSample, PageScore, PageTokens, PageTurn } from './page-data.ts';

/** Characters of an answer or a prompt; longer ones make the page slow, and `results.csv` has them whole. */
const MAX_TEXT = 20_000;

/** Characters of an explanation or a reason. */
const MAX_NOTE = 2000;

/** What all lines of a page need. */
export interface PageFacts {
  /** Of the models; results of other models are left out. */
  readonly indexes: ReadonlyMap<string, number>;
  /** Name of the set of scores. */
  readonly usedSet: string;
  readonly baseline: ReportBaseline | undefined;
}

/** The line of a sample. */
export function pageSample(
  results: readonly Result[],
  { indexes, usedSet, baseline }: PageFacts,
  media: readonly PageMedia[],
  soundOf: (result: Result) => PageMedia | undefined,
): PageSample | null {
  const [first] = results;
  if (first === undefined) return null;
  const { prompt, target, tags, group, metadata } = first.sample;
  return {
    id: first.sampleId,
    key: first.sampleKey,
    row: first.sampleIndex,
    prompt: cutText(prompt, MAX_TEXT),
    target: target.map((text) => cutText(text, MAX_TEXT)),
    media,
    ...(first.turns === undefined ? {} : { turns: first.turns.map(pageTurn) }),
    tags,
    group,
    meta: metadata,
    ...(baseline && { was: [...indexes.keys()].map((id) => baseline.scoreOf(first, id)) }),
    cells: results.flatMap((result) => {
      const m = indexes.get(result.modelId);
      return m === undefined ? [] : [pageCell(result, m, soundOf(result), usedSet)];
    }),
  };
}

function pageCell(result: Result, m: number, sound: PageMedia | undefined, usedSet: string): PageCell {
  const { repeat, status, outcome, score, scores, timing, attempts, usage, costUsd, servedModel, requestId } = result;
  const cachedMs = result.status === 'completed' ? result.cachedLatencyMs : undefined;
  return defined({
    m,
    repeat,
    status,
    outcome,
    score,
    attempts,
    ...(result.status === 'completed' ? answered(result) : failed(result)),
    sound,
    scores: scores.length === 0 ? undefined : scores.map(pageScore),
    otherSets: otherSets(result, usedSet),
    ms: cachedMs ?? timing.latencyMs ?? undefined,
    firstMs: timing.firstTokenMs ?? undefined,
    rtfx: rtfx(result) ?? undefined,
    queueMs: timing.startedAt === null ? undefined : timing.queueMs,
    waitMs: timing.retryWaitMs > 0 ? timing.retryWaitMs : undefined,
    cached: cachedMs === undefined ? undefined : (true as const),
    tokens: usage === null ? undefined : pageTokens(usage),
    usd: costUsd ?? undefined,
    served: servedModel ?? undefined,
    request: requestId ?? undefined,
    changed: result.sentMedia,
  });
}

function pageTurn({ prompt, images, audio, documents, videos }: TurnResult): PageTurn {
  return defined({
    prompt: cutText(prompt, MAX_TEXT),
    images: images.length,
    audio: audio.length,
    documents: documents?.length,
    videos: videos?.length,
  });
}

function otherSets({ scoreSets }: Result, usedSet: string): PageCell['otherSets'] {
  return scoreSets?.filter(({ set }) => set !== usedSet).map(({ set, score }) => ({ set, score }));
}

type Completed = Extract<Result, { readonly status: 'completed' }>;

function answered({ answer, earlierAnswers, thinking, finishReason }: Completed) {
  return {
    answer: cutText(answer, MAX_TEXT),
    cutFrom: answer.length > MAX_TEXT ? answer.length : undefined,
    earlier: earlierAnswers?.map((text) => cutText(text, MAX_TEXT)),
    thinking: thinking === undefined ? undefined : cutText(thinking, MAX_TEXT),
    ended: finishReason === 'stop' ? undefined : finishReason,
  };
}

function failed({ failure, turns = [] }: Exclude<Result, Completed>) {
  const answers = turns.flatMap(({ reply }) => (reply?.answer === undefined ? [] : [cutText(reply.answer, MAX_TEXT)]));
  const { kind, message, status, hint, partial } = failure;
  const text = cutText(status === undefined ? message : `HTTP ${status}: ${message}`, MAX_NOTE);
  return {
    earlier: answers.length === 0 ? undefined : answers,
    failure: defined({
      kind,
      text,
      hint: hint === undefined ? undefined : cutText(hint, MAX_NOTE),
      partial: partial === undefined ? undefined : cutText(partial, MAX_NOTE),
    }),
  };
}

function pageScore({ scorer, value, raw, unit, explanation, alignment }: Score): PageScore {
  return defined({
    name: scorer,
    value,
    raw,
    unit,
    why: explanation === undefined ? undefined : cutText(explanation, MAX_NOTE),
    steps: alignment,
  });
}

function pageTokens(usage: Usage): PageTokens {
  return defined({
    prompt: usage.promptTokens ?? undefined,
    completion: usage.completionTokens ?? undefined,
    cached: usage.cachedTokens || undefined,
    reasoning: usage.reasoningTokens || undefined,
    image: usage.imageTokens ?? undefined,
    audio: usage.audioTokens ?? undefined,
  });
}
