/** Makes the request body of chat completions, which OpenAI, Azure, vLLM, Ollama, OpenRouter and many others take. */

import type { ChatRequest, ContentPart, GenerateParams, Message, ModelConfig } from '../types.ts';
import type { MediaPart } from './capabilities.ts';
import { type Json, type JsonObject, MediaText } from './http/json-body.ts';
import { type MediaSource, type SourceOf, urlText } from './media-source.ts';
import { plainText } from './message-text.ts';

/** The details in which servers of chat completions differ. */
export interface ChatRules {
  /** Whether the system message of a reasoning model is sent with role `developer`. */
  readonly developerRole: boolean;
}

/** The settings of a model that its request body depends on, in any dialect. */
export type BodySettings = Pick<
  ModelConfig,
  'model' | 'reasoning' | 'stream' | 'extraBody' | 'detail' | 'audioEncoding'
>;

/** The part of a request that its body depends on. */
export type AskedRequest = Pick<ChatRequest, 'messages' | 'params'>;

/** Holds the model, the messages and what is configured, in the order of the vendors' examples; nothing else. */
export function chatBody(request: AskedRequest, model: BodySettings, rules: ChatRules, sourceOf: SourceOf): JsonObject {
  const reasoning = isReasoning(model);
  const role = reasoning && rules.developerRole ? 'developer' : 'system';
  const messages = request.messages.map((message) => chatMessage(message, role, model, sourceOf));
  const { params } = request;
  const { temperature, topP, frequencyPenalty, presencePenalty } = sampling(params, model);
  const streamed = model.stream === true;
  const body = {
    model: model.model,
    messages,
    temperature,
    top_p: topP,
    max_tokens: reasoning ? undefined : params.maxTokens,
    max_completion_tokens: reasoning ? params.maxTokens : undefined,
    stop: params.stop,
    seed: params.seed,
    frequency_penalty: frequencyPenalty,
    presence_penalty: presencePenalty,
    reasoning_effort: params.reasoningEffort,
    response_format: responseFormat(params.responseFormat),
    ...spoken(params, streamed),
    stream: streamed ? true : undefined,
    stream_options: streamed ? { include_usage: true } : undefined,
  };
  return model.extraBody === undefined ? body : { ...body, ...(model.extraBody as JsonObject) };
}

/** The format of a spoken answer: a stream can only have raw sound (Azure's audio quickstart). */
export const voiceFormat = (isStreamed: boolean) => (isStreamed ? 'pcm16' : 'wav');

/** What asks for a spoken answer. */
function spoken({ voice }: GenerateParams, isStreamed: boolean): JsonObject {
  return voice === undefined
    ? {}
    : { modalities: ['text', 'audio'], audio: { voice, format: voiceFormat(isStreamed) } };
}

/**
 * Whether the rules of reasoning models apply: `max_completion_tokens`, and no sampling parameters. They apply to `o1`,
 * `o3-mini`, `gpt-5` and later, except `gpt-5-chat`; the setting `reasoning` decides for deployments with other names.
 */
export function isReasoning(model: BodySettings): boolean {
  return model.reasoning ?? /(^|\/)(o\d+(-[^/]*)?|gpt-([5-9]|\d\d)(?!.*-chat)[^/]*)$/.test(model.model);
}

/** The parameters that are not sent because a reasoning model rejects them, under their configured names. */
export function droppedParams(params: GenerateParams, model: BodySettings): readonly (keyof GenerateParams)[] {
  if (!isReasoning(model) || samples(params, model)) return [];
  return SAMPLING.filter((name) => params[name] !== undefined);
}

/** The parameters that a reasoning model accepts although such models usually reject them. */
export function acceptedParams(params: GenerateParams, model: BodySettings): readonly (keyof GenerateParams)[] {
  return isReasoning(model) && samples(params, model) ? SAMPLING : [];
}

/** The sampling parameters that are sent. */
export function sampling(params: GenerateParams, model: BodySettings): Pick<GenerateParams, (typeof SAMPLING)[number]> {
  return isReasoning(model) && !samples(params, model) ? {} : params;
}

const SAMPLING = ['temperature', 'topP', 'frequencyPenalty', 'presencePenalty'] as const;

/** From gpt-5.1 on, sampling parameters are allowed when no reasoning is requested. */
function samples(params: GenerateParams, model: BodySettings): boolean {
  return params.reasoningEffort === 'none' && /(^|\/)gpt-5\.\d/.test(model.model);
}

function responseFormat(format: GenerateParams['responseFormat']): Json {
  if (format === undefined || format.type !== 'json_schema') return format;
  const { type, name, schema, strict } = format;
  return { type, json_schema: { name, schema: schema as Json, strict } };
}

function chatMessage(message: Message, systemRole: string, model: BodySettings, sourceOf: SourceOf): Json {
  const role = message.role === 'system' ? systemRole : message.role;
  if (message.content.every((part) => part.type === 'text')) return { role, content: plainText(message.content) };
  return { role, content: message.content.map((part) => chatPart(part, model, sourceOf)) };
}

function chatPart(part: ContentPart, model: BodySettings, sourceOf: SourceOf): Json {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const source = sourceOf(part);
  switch (part.type) {
    case 'image':
      return imagePart(part, source, model);
    case 'audio':
      return audioPart(source, model);
    case 'document':
      return { type: 'file', file: { filename: DOCUMENT_NAME, file_data: urlText(source) } };
    case 'video':
      return { type: 'video_url', video_url: { url: urlText(source) } };
    default:
      return part satisfies never;
  }
}

/** The file's own name may tell the answer, and equal bytes are an equal request. */
export const DOCUMENT_NAME = 'document.pdf';

function imagePart(part: MediaPart, source: MediaSource, model: BodySettings): Json {
  const detail = ('detail' in part ? part.detail : undefined) ?? model.detail;
  return { type: 'image_url', image_url: { url: urlText(source), detail } };
}

/** `input_audio` takes only bytes, so a URL is always sent as `audio_url`. */
function audioPart(source: MediaSource, model: BodySettings): Json {
  if (source.type === 'url' || model.audioEncoding === 'audio_url')
    return { type: 'audio_url', audio_url: { url: urlText(source) } };
  const format = AUDIO_FORMATS[source.mediaType] ?? source.mediaType.replace(/^audio\/(x-)?/, '');
  return { type: 'input_audio', input_audio: { data: new MediaText('', source.base64), format } };
}

const AUDIO_FORMATS: Readonly<Record<string, string>> = { 'audio/mpeg': 'mp3', 'audio/mp4': 'm4a' };
