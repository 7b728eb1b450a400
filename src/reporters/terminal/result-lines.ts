/** One result whole, as lines for people: what was asked, what came back, how it was scored, what it cost. */

import { type MediaOfCard, mediaOfCard } from '../../modalities.ts';
import type { Failure, KeptSound, Result, SampleCard, Score } from '../../result.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';
import { diffLines } from '../../text/shown-diff.ts';
import type { Usage } from '../../types.ts';
import { dollars, duration, NONE, percent, sentMediaText } from '../figures-for-people.ts';
import { type ShownTurn, turnsOf } from '../turns-of.ts';
import { type AnswerDiff, answerDiff } from './answer-diff.ts';

/** Columns of a label before its text; further lines of the text are indented alike. */
const LABEL_WIDTH = 10;

/** How the first line of a difference begins. */
export const DIFF_LABEL = '  diff';

/** How results are written. */
export interface ResultStyle {
  readonly color: boolean;
  /** What is known of media, by path or URL, and by the hash of an answer's sound. */
  readonly notes: ReadonlyMap<string, string>;
}

const PLAIN: ResultStyle = { color: false, notes: new Map() };

/** What all models are asked of a sample; no answers. Each line is escaped for a terminal. */
export function sampleLines(id: string, sample: SampleCard, style = PLAIN): readonly string[] {
  const { group, tags, metadata } = sample;
  return [
    `sample ${escapeTerminal(id)}`,
    ...questionLines(sample, style),
    ...(group === null ? [] : labelled('group', group)),
    ...(tags.length === 0 ? [] : labelled('tags', tags.join(', '))),
    ...Object.entries(metadata).flatMap(([key, value]) => labelled(`meta.${key}`, value)),
  ];
}

type Question = Pick<SampleCard, 'prompt' | 'target'> & MediaOfCard;

function questionLines({ prompt, target, ...media }: Question, { notes }: ResultStyle): readonly string[] {
  const withNote = (uri: string) => (notes.has(uri) ? `${uri} · ${notes.get(uri)}` : uri);
  return [
    ...labelled('prompt', prompt),
    ...mediaOfCard(media).flatMap(({ kind, uri }) => labelled(kind, withNote(uri))),
    ...target.flatMap((text) => labelled('target', text)),
  ];
}

/** Its vendor's name of the batch; the cost has the batch discount. */
const byBatch = ({ batchId }: Result) => (batchId === undefined ? '' : `, by batch ${batchId}`);

/** What became of one cell. Each line is escaped for a terminal. */
export function resultLines(result: Result, style = PLAIN): readonly string[] {
  const { modelId, repeat, status, outcome, scores, score, timing, attempts } = result;
  const turns = turnsOf(result);
  const times = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  const waits = timing.retryWaitMs > 0 ? `, ${duration(timing.retryWaitMs)} between attempts` : '';
  return [
    [escapeTerminal(modelId), ...(repeat === 0 ? [] : [`repeat ${repeat}`]), outcome ?? status].join(' · '),
    ...turns.flatMap((turn) => turnLines(turn, style)),
    ...(turns.length === 0 ? [] : ['  all turns']),
    ...(result.status !== 'completed'
      ? failureLines(result.failure)
      : turns.length === 0
        ? answerLines(result, style)
        : []),
    ...scores.flatMap(scoreLines),
    ...(scores.length > 1 ? labelled('score', percent(score)) : []),
    ...(result.sentMedia ?? []).flatMap((sent) => labelled('sent as', sentMediaText(sent))),
    ...labelled(
      'attempts',
      `${times}${waits}${result.replayed === true ? ', replayed from another run' : ''}${byBatch(result)}`,
    ),
    ...labelled('latency', latency(result)),
    ...labelled('tokens', tokenText(result.usage)),
    ...labelled('cost', result.costUsd === null ? 'unpriced' : dollars(result.costUsd)),
    ...(result.servedModel === null ? [] : labelled('served by', result.servedModel)),
    ...(result.requestId === null ? [] : labelled('request', result.requestId)),
  ];
}

type Completed = Extract<Result, { readonly status: 'completed' }>;

function answerLines(result: Completed, style: ResultStyle): readonly string[] {
  const { thinking, answer, sound, finishReason, sample, scores } = result;
  return [
    ...(thinking ? labelled('thinking', thinking) : []),
    ...labelled('answer', answer),
    ...diffOf(answerDiff(sample.target, answer, scores), style),
    ...(sound ? labelled('sound', soundText(sound, style)) : []),
    ...(finishReason === 'stop' ? [] : labelled('ended by', finishReason)),
  ];
}

/** One turn of a conversation. What an earlier version did not keep of it is left out. */
function turnLines(
  { turn, card, reply, answer, thinking, sound, usage }: ShownTurn,
  style: ResultStyle,
): readonly string[] {
  const { outcome = null, finishReason = null, score = null, latencyMs = null, costUsd = null } = reply ?? {};
  const measures = [
    ...(latencyMs === null ? [] : [duration(latencyMs)]),
    ...(usage === null ? [] : [tokenText(usage)]),
    ...(costUsd === null ? [] : [dollars(costUsd)]),
  ];
  return [
    `  turn ${[turn, outcome ?? (answer === null ? 'no answer' : 'answered')].join(' · ')}`,
    ...(card === null ? [] : questionLines(card, style)),
    ...(thinking === null ? [] : labelled('thinking', thinking)),
    ...(answer === null ? [] : labelled('answer', answer)),
    ...(answer === null || card === null ? [] : diffOf(answerDiff(card.target, answer), style)),
    ...(sound === null ? [] : labelled('sound', soundText(sound, style))),
    ...(finishReason === null || finishReason === 'stop' ? [] : labelled('ended by', finishReason)),
    ...(score === null ? [] : labelled('score', percent(score))),
    ...(measures.length === 0 ? [] : labelled('measured', measures.join(', '))),
  ];
}

function soundText({ mediaType, byteLength, sha256, isLost }: KeptSound, { notes }: ResultStyle): string {
  const where = isLost === true ? 'its file could not be written' : `in media/${sha256}`;
  const note = isLost === true ? undefined : notes.get(sha256);
  return [mediaType, `${byteLength.toLocaleString('en-US')} bytes`, ...(note === undefined ? [] : [note]), where].join(
    ', ',
  );
}

/** The difference of the answer to its target, labelled with the scorer that aligned the words. */
function diffOf(diff: AnswerDiff | null, { color }: ResultStyle): readonly string[] {
  if (diff === null) return [];
  return underLabel(diff.scorer === null ? 'diff' : `diff (${diff.scorer})`, diffLines(diff.parts, color));
}

function failureLines({ kind, message, status, code, hint, partial }: Failure): readonly string[] {
  const numbers = [status === undefined ? [] : [`HTTP ${status}`], code === undefined ? [] : [code]].flat();
  return [
    ...labelled('failure', [kind, ...numbers].join(' · ')),
    ...labelled('reason', message),
    ...(hint === undefined ? [] : labelled('to do', hint)),
    ...(partial === undefined ? [] : labelled('so far', partial)),
  ];
}

function scoreLines({ scorer, value, raw, unit, counts = {}, explanation }: Score): readonly string[] {
  const figures = [
    percent(value),
    ...(raw === null || raw === value ? [] : [`${unit} ${raw.toFixed(3)}`]),
    ...Object.entries(counts).map(([name, count]) => `${name} ${count}`),
  ];
  return [...labelled(scorer, figures.join(' · ')), ...(explanation === undefined ? [] : labelled('', explanation))];
}

function latency(result: Result): string {
  const { latencyMs, firstTokenMs, queueMs } = result.timing;
  const cached = result.status === 'completed' ? result.cachedLatencyMs : undefined;
  if (cached !== undefined) return `from the cache (${duration(cached)} when it was asked)`;
  if (latencyMs === null) return NONE;
  const first = firstTokenMs === null ? '' : `, first token after ${duration(firstTokenMs)}`;
  return `${duration(latencyMs)}${first}, queued for ${duration(queueMs)}`;
}

function tokenText(usage: Usage | null): string {
  if (usage === null) return NONE;
  const parts: readonly (readonly [string, number | null])[] = [
    ['cached', usage.cachedTokens],
    ['image', usage.imageTokens],
    ['audio', usage.audioTokens],
    ['reasoning', usage.reasoningTokens],
  ];
  const known = parts.flatMap(([name, count]) => (count === null || count === 0 ? [] : [`${count} ${name}`]));
  const split = known.length === 0 ? '' : ` (${known.join(', ')})`;
  return `${usage.promptTokens ?? NONE} prompt, ${usage.completionTokens ?? NONE} completion${split}`;
}

/** Text keeps its own lines; everything else that a terminal would obey is escaped. */
function labelled(label: string, text: string): readonly string[] {
  return underLabel(label, text.split(/\r\n|\n/).map(escapeTerminal));
}

/** The lines must be escaped. */
function underLabel(label: string, [first = '', ...rest]: readonly string[]): readonly string[] {
  const head = `  ${escapeTerminal(label).padEnd(LABEL_WIDTH)} ${first}`.trimEnd();
  return [head, ...rest.map((line) => `  ${' '.repeat(LABEL_WIDTH)} ${line}`.trimEnd())];
}
