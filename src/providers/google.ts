/** Google's generateContent (Gemini): text, images and audio. */

import { InputError } from '../errors.ts';
import type { ChatRequest, ContentPart, GenerateParams, Message, ModelConfig } from '../types.ts';
import { defineProvider } from './define-provider.ts';
import { parseEndpoint, pathOf, withPath } from './endpoint-url.ts';
import { generateFold, readGenerateReply } from './generate-reply.ts';
import { type Json, type JsonObject, jsonBody, MediaText } from './http/json-body.ts';
import type { SourceOf } from './media-source.ts';
import { splitSystem } from './message-text.ts';
import type { MediaSupport } from './provider.ts';
import type { Route } from './route.ts';

const OWN_ENDPOINT = 'https://generativelanguage.googleapis.com';
const OWN_HOST = 'generativelanguage.googleapis.com';
const API_VERSION = 'v1beta';

const MODALITIES = ['text', 'image', 'audio'] as const;

export const google = defineProvider({
  description: 'Google generateContent (Gemini): text, images and audio',
  modalities: MODALITIES,
  sends: [],
  route: generateRoute,
});

function generateRoute(model: ModelConfig): Route {
  const url = generateUrl(model);
  return {
    url,
    auth: {
      keyHeaders: (key) => ({ 'x-goog-api-key': key }),
      defaultEnv: url.hostname === OWN_HOST ? 'GEMINI_API_KEY' : undefined,
    },
    media: generateMedia(model),
    outgoing: (request, sourceOf) => ({ body: jsonBody(generateBody(request, model, sourceOf)) }),
    reply: { read: readGenerateReply, fold: generateFold },
  };
}

/** `fileUri` must name a file in Google's Files API; other URLs fail, so it needs an explicit `remoteMedia: pass`. */
function generateMedia({ remoteMedia }: ModelConfig): MediaSupport {
  return {
    modalities: MODALITIES,
    imageTypes: ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'],
    audioTypes: ['audio/wav', 'audio/mpeg', 'audio/aiff', 'audio/aac', 'audio/ogg', 'audio/flac'],
    imageUrl: remoteMedia === 'pass',
    audioUrl: remoteMedia === 'pass',
  };
}

/** Takes a host, a path that ends in the version, or the whole method; the model is part of the path. */
function generateUrl(model: ModelConfig): URL {
  const pasted = parseEndpoint(model.endpoint ?? OWN_ENDPOINT, model.id);
  const path = pathOf(pasted).replace(/\/models(\/[^/]+)?$/, '');
  const versioned = /\/v\d+(alpha|beta)?\d*$/.test(path) ? path : `${path}/${API_VERSION}`;
  const name = model.model.includes('/') ? model.model : `models/${model.model}`;
  if (!/^(models|tunedModels)\/(?!\.+$)[^/?#:]+$/.test(name))
    throw new InputError({ message: `${model.id}: "${model.model}" is not a generateContent model name` });
  const url = withPath(
    pasted,
    `${versioned}/${name}:${model.stream === true ? 'streamGenerateContent' : 'generateContent'}`,
  );
  if (model.stream === true) url.searchParams.set('alt', 'sse');
  return url;
}

function generateBody(request: ChatRequest, model: ModelConfig, sourceOf: SourceOf): Json {
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
