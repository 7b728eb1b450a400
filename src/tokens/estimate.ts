/** Estimates the tokens of a request before it is sent: text, chat template, images, audio and the answer. */

import type { Modality } from '../modalities.ts';
import { shownModel } from '../text/shown-model.ts';
import type { ContentPart, Message, ModelConfig } from '../types.ts';
import { audioTokens } from './audio-tokens.ts';
import { addUnitEstimates, estimatedUnits, NO_UNIT_ESTIMATE, type UnitEstimate } from './billed-units.ts';
import { calibratedModel, calibratedParts, type ModelCalibration } from './calibrate.ts';
import { completionTokens, type EarlierCompletions } from './completion-tokens.ts';
import { documentTokens } from './document-tokens.ts';
import { imageTokens } from './image-tokens.ts';
import { type LackingBytes, type MediaFacts, whyUnusable } from './media-facts.ts';
import { priceOf } from './price-table.ts';
import type { ReadFacts } from './read-media-facts.ts';
import { mediaFactsReader } from './read-media-facts.ts';
import { resolveAudioRule, resolveTextRule } from './resolve-rule.ts';
import { sentClip, sentImage } from './sent-media.ts';
import { asText, spokenAnswer, transcriptOf } from './spoken-tokens.ts';
import { templateTokens } from './template-tokens.ts';
import { familyTokens, loadEncoding } from './text-tokens.ts';
import { type EstimateParts, NO_TOKENS, sumEstimates, type TokenEstimate } from './token-estimate.ts';
import { transcriptTokens } from './transcript-tokens.ts';
import { videoTokens } from './video-tokens.ts';

/** A warning; its code allows reporting it once for many samples. */
interface EstimateWarning {
  readonly code: `unknown_${Modality}` | 'no_facts' | 'rotated' | 'short';
  readonly message: string;
}

/** A medium that cannot be used. It counts as one of unknown size, since 0 tokens would hide it. */
interface MediaProblem {
  /** As in the manifest. */
  readonly uri: string;
  readonly message: string;
}

export interface RequestEstimate {
  readonly parts: EstimateParts;
  /** Text, template, image and audio together. */
  readonly prompt: TokenEstimate;
  /** The tokens of the completion that are sound. */
  readonly spoken: TokenEstimate;
  /** What the request is billed by besides tokens. */
  readonly units: UnitEstimate;
  readonly warnings: readonly EstimateWarning[];
  readonly problems: readonly MediaProblem[];
}

export interface EstimateOptions {
  /** Default: a reader for this call only; share one to read each file once. */
  readonly facts?: ReadFacts;
  readonly earlier?: EarlierCompletions;
  /** The result of `calibrate` for this model. */
  readonly calibration?: ModelCalibration;
  /** The limit of the sample; null = none, although the model has one. Default: that of the model. */
  readonly maxTokens?: number | null;
  /** Whether a spoken answer is requested; default false. */
  readonly speaks?: boolean;
}

type EstimatedModel = Pick<
  ModelConfig,
  'id' | 'model' | 'filledIn' | 'tokens' | 'detail' | 'media' | 'imageHistory' | 'params' | 'reasoning' | 'extraBody'
> &
  Partial<Pick<ModelConfig, 'provider' | 'dialect' | 'price'>>;

/**
 * Estimates one request as it is sent.
 * @throws {InputError} when the configuration of the model names an unknown token rule.
 */
export async function estimateRequest(
  model: EstimatedModel,
  messages: readonly Message[],
  options: EstimateOptions = {},
): Promise<RequestEstimate> {
  const counted = calibratedModel(model, options.calibration);
  const readFacts = options.facts ?? mediaFactsReader();
  const { text, template, warnings, countText } = await estimateText(counted, messages);
  const media = await Promise.all(
    countedMedia(counted, messages).map(async (part) =>
      estimateMedium(counted, part, await readFacts(part.media), countText),
    ),
  );
  const ofType = (type: 'image' | 'audio') =>
    media.flatMap((item) => (item.type === type ? [item[type] ?? NO_TOKENS] : []));
  const units = await estimatedUnits(messages, model, readFacts);
  const { completion, spoken } = estimateAnswer(counted, units, options);
  const plain = calibratedParts(
    {
      text,
      template,
      image: sumEstimates(ofType('image')),
      audio: sumEstimates(ofType('audio')),
      completion,
    },
    { images: ofType('image').length, clips: ofType('audio').length },
    options.calibration,
  );
  const parts = withMixed(plain, media);
  return {
    parts,
    prompt: sumEstimates([parts.text, parts.template, parts.image, parts.audio]),
    spoken,
    units,
    warnings: [...warnings, ...media.flatMap((item) => item.warnings)],
    problems: media.flatMap((item) => item.problems),
  };
}

function estimateAnswer(
  model: EstimatedModel,
  units: UnitEstimate,
  { earlier, maxTokens, speaks }: EstimateOptions,
): { readonly completion: TokenEstimate; readonly spoken: TokenEstimate } {
  if (speaks === true) return spokenAnswer(model, earlier, maxTokens);
  const isEarlier = earlier !== undefined || !isTranscription(model);
  const completion = isEarlier ? completionTokens(model, asText(earlier), maxTokens) : transcriptTokens(units);
  return { completion, spoken: NO_TOKENS };
}

/** Adds documents and videos, which count as text, images and sound; calibration says nothing about them. */
function withMixed(parts: EstimateParts, media: readonly MediumEstimate[]): EstimateParts {
  const mixed = media.filter(({ type }) => type === 'document' || type === 'video');
  if (mixed.length === 0) return parts;
  const sum = (part: 'text' | 'image' | 'audio') =>
    sumEstimates([parts[part], ...mixed.flatMap((one) => one[part] ?? [])]);
  return { ...parts, text: sum('text'), image: sum('image'), audio: sum('audio') };
}

/** A conversation of several turns: each turn is a request with all earlier messages and answers. */
export interface EstimatedConversation {
  readonly messages: readonly Message[];
  /** Further user messages, each after an answer of the model. */
  readonly followUps: readonly Message[];
}

/** The sum over all requests of a conversation; earlier answers count as text of their expected length. */
export async function estimateConversation(
  model: EstimatedModel,
  conversation: EstimatedConversation,
  options: EstimateOptions = {},
): Promise<RequestEstimate> {
  const shared = { ...options, facts: options.facts ?? mediaFactsReader() };
  const requests: RequestEstimate[] = [];
  for (let turn = 0; turn <= conversation.followUps.length; turn += 1) {
    const answered = conversation.followUps.slice(0, turn);
    const history = answered.flatMap((message) => [EMPTY_ANSWER, message]);
    const request = await estimateRequest(model, [...conversation.messages, ...history], shared);
    const answers = answered.map(() => transcriptOf(request.parts.completion, request.spoken));
    const text = answers.length === 0 ? request.parts.text : sumEstimates([request.parts.text, ...answers]);
    requests.push({ ...request, parts: { ...request.parts, text } });
  }
  return sumRequests(requests);
}

/** The tokens of the answer are added separately, with its expected length. */
const EMPTY_ANSWER: Message = { role: 'assistant', content: [] };

/** Adds requests part by part. */
export function sumRequests(requests: readonly RequestEstimate[]): RequestEstimate {
  const add = (part: keyof EstimateParts) => sumEstimates(requests.map((request) => request.parts[part]));
  const parts: EstimateParts = {
    text: add('text'),
    template: add('template'),
    image: add('image'),
    audio: add('audio'),
    completion: add('completion'),
  };
  return {
    parts,
    prompt: sumEstimates([parts.text, parts.template, parts.image, parts.audio]),
    spoken: sumEstimates(requests.map(({ spoken }) => spoken)),
    units: requests.map(({ units }) => units).reduce(addUnitEstimates, NO_UNIT_ESTIMATE),
    warnings: requests.flatMap((request) => request.warnings),
    problems: requests.flatMap((request) => request.problems),
  };
}

async function estimateText(model: EstimatedModel, messages: readonly Message[]) {
  const isNothing =
    isTranscription(model) && messages.every(({ content }) => content.every(({ type }) => type !== 'text'));
  if (isNothing) return { text: NO_TOKENS, template: NO_TOKENS, warnings: [], countText: () => NO_TOKENS };
  const { name, rule } = resolveTextRule(model);
  const count = await loadEncoding(rule.encoding);
  const texts = messages.flatMap(({ content }) => content.flatMap((part) => (part.type === 'text' ? [part.text] : [])));
  const countText = (text: string) => familyTokens(count(text), text, rule, name);
  const counts = texts.map(countText);
  const warnings: readonly EstimateWarning[] =
    name === 'unknown' ? [unknown(model, 'text', 'is counted within a wide band')] : [];
  const isChat = !isTranscription(model);
  const template = isChat ? templateTokens(messages, rule, name) : NO_TOKENS;
  return { text: sumEstimates(counts), template, warnings, countText };
}

type MediumPart = Exclude<ContentPart, { readonly type: 'text' }>;

/** A model that keeps only the last image of a conversation is not billed for earlier ones. */
function countedMedia(model: EstimatedModel, messages: readonly Message[]): readonly MediumPart[] {
  const isImage = (part: ContentPart) => part.type === 'image';
  const last = messages.findLastIndex(({ content }) => content.some(isImage));
  return messages.flatMap(({ content }, index) =>
    content.flatMap((part) => {
      if (part.type === 'text') return [];
      return part.type === 'image' && model.imageHistory === 'last' && index !== last ? [] : [part];
    }),
  );
}

interface MediumEstimate {
  readonly type: MediumPart['type'];
  readonly text?: TokenEstimate;
  readonly image?: TokenEstimate;
  readonly audio?: TokenEstimate;
  readonly warnings: readonly EstimateWarning[];
  readonly problems: readonly MediaProblem[];
}

function estimateMedium(
  model: EstimatedModel,
  part: MediumPart,
  facts: MediaFacts | null,
  countText: (text: string) => TokenEstimate,
): MediumEstimate {
  const { type } = part;
  const { uri } = part.media;
  const why = whyUnusable(facts, type);
  const known = why === null ? facts : null;
  const warnings: EstimateWarning[] = [];
  if (facts === null) warnings.push({ code: 'no_facts', message: `${uri}: this ${type} is not available to measure` });
  if (known?.type === 'audio' && known.lacks !== undefined)
    warnings.push({ code: 'short', message: shortMessage(uri, known.lacks) });
  const tokens = tokensOf(model, part, known, warnings, countText);
  if (Object.values(tokens).some(({ rule }) => rule === 'unknown'))
    warnings.push(unknown(model, type, 'has an unknown number of tokens'));
  return { type, ...tokens, warnings, problems: why === null ? [] : [{ uri, message: why }] };
}

function tokensOf(
  model: EstimatedModel,
  part: MediumPart,
  facts: MediaFacts | null,
  warnings: EstimateWarning[],
  countText: (text: string) => TokenEstimate,
): Partial<Record<'text' | 'image' | 'audio', TokenEstimate>> {
  switch (part.type) {
    case 'image':
      return { image: tokensOfImage(model, part, facts, warnings) };
    case 'audio':
      return { audio: tokensOfClip(model, facts) };
    case 'document':
      return { ...documentTokens(model, facts?.type === 'document' ? facts : null, countText) };
    case 'video':
      return { ...videoTokens(model, facts?.type === 'video' ? facts : null) };
    default:
      return part satisfies never;
  }
}

function tokensOfImage(
  model: EstimatedModel,
  part: Extract<MediumPart, { readonly type: 'image' }>,
  facts: MediaFacts | null,
  warnings: EstimateWarning[],
): TokenEstimate {
  const detail = part.detail ?? null;
  if (facts?.type !== 'image') return imageTokens(model, { detail });
  const sent = sentImage(facts, model.media?.image);
  if ((sent.orientation ?? 1) !== 1) {
    warnings.push({ code: 'rotated', message: rotatedMessage(part.media.uri, sent.orientation ?? 1) });
  }
  return imageTokens(model, { ...sent, detail });
}

/** Warns of a clip that is sent although its last bytes are missing. */
export function shortMessage(uri: string, { bytes, of }: LackingBytes): string {
  return `${uri}: its last ${bytes} of ${of} bytes of sound are missing; it is sent as it is`;
}

/** Warns of an image that is sent as it is stored. */
export function rotatedMessage(uri: string, orientation: number): string {
  return `${uri}: EXIF orientation ${orientation}: the model may see it rotated; media.image turns it upright`;
}

/** Its requests have no chat template, and text only as a prompt. */
function isTranscription({ provider }: EstimatedModel): boolean {
  return provider === 'transcription';
}

/** Sound that is billed by the minute needs no token rule. */
function tokensOfClip(model: EstimatedModel, facts: MediaFacts | null): TokenEstimate {
  const isTimed = priceOf(model)?.price.perAudioMinute !== undefined;
  if (isTimed && resolveAudioRule(model) === null) return NO_TOKENS;
  return facts?.type === 'audio' ? audioTokens(model, sentClip(facts, model.media?.audio)) : audioTokens(model, {});
}

function unknown(model: EstimatedModel, kind: Modality, what: string): EstimateWarning {
  const hint = kind === 'video' ? '' : `, name one as tokens.${kind}`;
  return {
    code: `unknown_${kind}`,
    message: `${model.id}: ${kind} ${what}: no rule is known for "${shownModel(model)}"${hint}`,
  };
}

/** An empty request, the start of sums. */
export const NO_REQUEST: RequestEstimate = {
  parts: { text: NO_TOKENS, template: NO_TOKENS, image: NO_TOKENS, audio: NO_TOKENS, completion: NO_TOKENS },
  prompt: NO_TOKENS,
  spoken: NO_TOKENS,
  units: NO_UNIT_ESTIMATE,
  warnings: [],
  problems: [],
};
