/** The request body of the OpenAI dialect, which Azure, vLLM, Ollama, OpenRouter and many others speak. */

import type { ChatRequest, ContentPart, GenerateParams, Message, ModelConfig } from '../types.ts';
import type { MediaPart } from './capabilities.ts';
import { type Json, type JsonObject, MediaText } from './http/json-body.ts';
import { type MediaSource, type SourceOf, urlText } from './media-source.ts';
import { plainText } from './message-text.ts';

/** In which details the servers of one dialect differ. */
export interface ChatRules {
  /** Whether the instruction of a reasoning model goes as role `developer`. */
  readonly developerRole: boolean;
}

/** Model, messages and what is configured, in the order of the vendors' examples. Nothing else is sent. */
export function chatBody(request: ChatRequest, model: ModelConfig, rules: ChatRules, sourceOf: SourceOf): JsonObject {
  const reasoning = isReasoning(model);
  const role = reasoning && rules.developerRole ? 'developer' : 'system';
  const messages = request.messages.map((message) => chatMessage(message, role, model, sourceOf));
  const { params } = request;
  const { temperature, topP, frequencyPenalty, presencePenalty }: GenerateParams =
    reasoning && !samples(params, model) ? {} : params;
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
    stream: streamed ? true : undefined,
    stream_options: streamed ? { include_usage: true } : undefined,
  };
  return model.extraBody === undefined ? body : { ...body, ...(model.extraBody as JsonObject) };
}

/**
 * Whether the rules of reasoning models hold: `o1`, `o3-mini`, `gpt-5` and later, less `gpt-5-chat`; said outright where
 * a deployment's name does not tell. They take `max_completion_tokens` and no sampling settings.
 */
export function isReasoning(model: ModelConfig): boolean {
  return model.reasoning ?? /(^|\/)(o\d+(-[^/]*)?|gpt-([5-9]|\d\d)(?!.*-chat)[^/]*)$/.test(model.model);
}

/** The settings that a reasoning model refuses and that are therefore not sent, in our words. */
export function droppedParams(params: GenerateParams, model: ModelConfig): readonly (keyof GenerateParams)[] {
  if (!isReasoning(model) || samples(params, model)) return [];
  return SAMPLING.filter((name) => params[name] !== undefined);
}

const SAMPLING = ['temperature', 'topP', 'frequencyPenalty', 'presencePenalty'] as const;

/** From gpt-5.1 on, sampling settings are legal when no reasoning is asked for. */
function samples(params: GenerateParams, model: ModelConfig): boolean {
  return params.reasoningEffort === 'none' && /(^|\/)gpt-5\.\d/.test(model.model);
}

function responseFormat(format: GenerateParams['responseFormat']): Json {
  if (format === undefined || format.type !== 'json_schema') return format;
  const { type, name, schema, strict } = format;
  return { type, json_schema: { name, schema: schema as Json, strict } };
}

function chatMessage(message: Message, systemRole: string, model: ModelConfig, sourceOf: SourceOf): Json {
  const role = message.role === 'system' ? systemRole : message.role;
  if (message.content.every((part) => part.type === 'text')) return { role, content: plainText(message.content) };
  return { role, content: message.content.map((part) => chatPart(part, model, sourceOf)) };
}

function chatPart(part: ContentPart, model: ModelConfig, sourceOf: SourceOf): Json {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const source = sourceOf(part);
  return part.type === 'image' ? imagePart(part, source, model) : audioPart(source, model);
}

function imagePart(part: MediaPart, source: MediaSource, model: ModelConfig): Json {
  const detail = ('detail' in part ? part.detail : undefined) ?? model.detail;
  return { type: 'image_url', image_url: { url: urlText(source), detail } };
}

/** `input_audio` carries bytes only, so a URL always goes as `audio_url`. */
function audioPart(source: MediaSource, model: ModelConfig): Json {
  if (source.type === 'url' || model.audioEncoding === 'audio_url')
    return { type: 'audio_url', audio_url: { url: urlText(source) } };
  const format = AUDIO_FORMATS[source.mediaType] ?? source.mediaType.replace(/^audio\/(x-)?/, '');
  return { type: 'input_audio', input_audio: { data: new MediaText('', source.base64), format } };
}

const AUDIO_FORMATS: Readonly<Record<string, string>> = { 'audio/mpeg': 'mp3', 'audio/mp4': 'm4a' };
