/** Writes a sample as a row of a JSONL manifest: reading the row gives the same sample. */

import { defined } from '../../collections/defined.ts';
import { MEDIUM_KINDS, type MediumKind } from '../../modalities.ts';
import type { ContentPart, Media, Message, Sample, ScorerConfig, Turn } from '../../types.ts';
import { defaultId } from '../content-hash.ts';
import { EMPTY_TARGET } from '../parse-values.ts';

/** The members of a row. */
type Row = Readonly<Record<string, unknown>>;

/** What a row has in the place of a medium: a path relative to the manifest, or a URL. */
export type UriOf = (media: Media) => string;

/** An id that is the hash of the content is left out: readers work it out again. */
export function manifestRow(sample: Sample, uriOf: UriOf): Row {
  const { id, target, scorers, group, tags, metadata, params, turns } = sample;
  return defined({
    id: id === defaultId(sample) ? undefined : id,
    ...conversationOf(sample, uriOf),
    target: turns.length > 0 || target.length === 0 ? undefined : targetOf(target),
    scorer: scorers?.map(scorerOf),
    group: group ?? undefined,
    tags: tags.length === 0 ? undefined : tags,
    meta: Object.keys(metadata).length === 0 ? undefined : metadata,
    params,
  });
}

/** The target `""` and the list `[""]` are two samples, see `EMPTY_TARGET`. */
function targetOf(target: readonly string[]): unknown {
  if (target === EMPTY_TARGET) return '';
  return target.length === 1 && target[0] !== '' ? target[0] : target;
}

const scorerOf = (scorer: ScorerConfig): unknown => (Object.keys(scorer).length === 1 ? scorer.name : scorer);

/** `prompt` with its media where these follow the text, else `messages` or `turns`. */
function conversationOf({ messages, turns }: Sample, uriOf: UriOf): Row {
  const [first, ...rest] = messages;
  const system = first?.role === 'system' ? plainText(first) : undefined;
  const others = system === undefined ? messages : rest;
  if (turns.length > 0 && others.length === 0)
    return defined({ system, turns: turns.map((turn) => turnRow(turn, uriOf)) });
  const [question, second] = others;
  const columns = question?.role === 'user' && second === undefined ? columnsOf(question.content, uriOf) : undefined;
  if (columns !== undefined) return defined({ system, ...columns });
  return { messages: messages.map(({ role, content }) => ({ role, content: contentOf(content, uriOf) })) };
}

/** The text of a message that is nothing else. */
function plainText({ content }: Pick<Message, 'content'>): string | undefined {
  const [part, second] = content;
  return part?.type === 'text' && second === undefined && part.text.trim() !== '' ? part.text : undefined;
}

function turnRow({ content, target }: Turn, uriOf: UriOf): Row {
  const { prompt, ...media } = columnsOf(content, uriOf) ?? { prompt: partsOf(content, uriOf) };
  return { user: prompt, ...media, ...(target.length === 0 ? {} : { target: targetOf(target) }) };
}

/** The order in which the columns are read. */
function columnsOf(content: readonly ContentPart[], uriOf: UriOf): Row | undefined {
  const order = content.map(({ type }) => type).join(' ');
  const prompt = plainText({ content: content.slice(0, 1) });
  if (prompt === undefined || !COLUMN_ORDER.test(order)) return undefined;
  const valuesOf = (type: MediumKind) => {
    const values = content.flatMap((part) => (part.type === type ? [mediaOf(part, uriOf)] : []));
    return values.length > 1 ? values : values[0];
  };
  return defined({ prompt, ...Object.fromEntries(MEDIUM_KINDS.map((kind) => [kind, valuesOf(kind)])) });
}

/** A text, then the media of each column. */
const COLUMN_ORDER = new RegExp(`^text${MEDIUM_KINDS.map((kind) => `(?: ${kind})*`).join('')}$`, 'u');

type MediaPart = Exclude<ContentPart, { type: 'text' }>;

function mediaOf(part: MediaPart, uriOf: UriOf): unknown {
  const path = uriOf(part.media);
  return part.type === 'image' && part.detail !== undefined ? { path, detail: part.detail } : path;
}

const contentOf = (content: readonly ContentPart[], uriOf: UriOf): unknown =>
  plainText({ content }) ?? partsOf(content, uriOf);

function partsOf(content: readonly ContentPart[], uriOf: UriOf): readonly Row[] {
  return content.map((part) => {
    if (part.type === 'text') return { type: 'text', text: part.text };
    const detail = part.type === 'image' ? part.detail : undefined;
    return defined({ type: part.type, path: uriOf(part.media), detail });
  });
}
