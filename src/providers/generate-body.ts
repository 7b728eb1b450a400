/** Makes the request body of Google's generateContent. */

import type { ContentPart, GenerateParams, Message } from '../types.ts';
import type { AskedRequest, BodySettings } from './chat-body.ts';
import { type Json, type JsonObject, MediaText } from './http/json-body.ts';
import type { SourceOf } from './media-source.ts';
import { splitSystem } from './message-text.ts';

/** Holds the messages and what is configured; the model is part of the URL. */
export function generateBody(request: AskedRequest, model: BodySettings, sourceOf: SourceOf): Json {
  const { system, turns } = splitSystem(request.messages);
  const config = generationConfig(request.params);
  const { generationConfig: extraConfig, ...extra } = (model.extraBody ?? {}) as JsonObject;
  const whole = { ...config, ...(extraConfig as JsonObject | undefined) };
  return {
    systemInstruction: system.length === 0 ? undefined : { parts: system.map((text) => ({ text })) },
    contents: turns.map((message) => generateTurn(message, sourceOf)),
    generationConfig: Object.values(whole).every((value) => value === undefined) ? undefined : whole,
    ...extra,
  };
}

function generationConfig(params: GenerateParams): JsonObject {
  const { responseFormat: format, reasoningEffort: effort } = params;
  return {
    temperature: params.temperature,
    topP: params.topP,
    maxOutputTokens: params.maxTokens,
    stopSequences: params.stop,
    seed: params.seed,
    frequencyPenalty: params.frequencyPenalty,
    presencePenalty: params.presencePenalty,
    responseMimeType: format === undefined || format.type === 'text' ? undefined : 'application/json',
    thinkingConfig: effort === undefined ? undefined : { thinkingLevel: effort.toUpperCase() },
    responseJsonSchema: format?.type === 'json_schema' ? (format.schema as Json) : undefined,
  };
}

function generateTurn({ role, content }: Message, sourceOf: SourceOf): Json {
  return {
    role: role === 'assistant' ? 'model' : 'user',
    parts: content.map((part) => generatePart(part, sourceOf)),
  };
}

function generatePart(part: ContentPart, sourceOf: SourceOf): Json {
  if (part.type === 'text') return { text: part.text };
  const source = sourceOf(part);
  if (source.type === 'url') return { fileData: { fileUri: source.url } };
  // Google's name for MP3 differs from the registered one.
  const mimeType = source.mediaType === 'audio/mpeg' ? 'audio/mp3' : source.mediaType;
  return { inlineData: { mimeType, data: new MediaText('', source.base64) } };
}
