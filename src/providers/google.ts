/** Google's generateContent (Gemini): text, and images and audio inline. */

import { InputError } from '../errors.ts';
import type { ChatRequest, ContentPart, GenerateParams, Message, ModelConfig } from '../types.ts';
import { type AuthRules, authOf, authProblems } from './auth.ts';
import { plainText } from './chat-body.ts';
import { createClient, type Wire } from './client.ts';
import { parseEndpoint, pathOf, withPath } from './endpoint-url.ts';
import { generateFold, readGenerateReply } from './generate-reply.ts';
import { type Json, MediaText } from './http/json-chunks.ts';
import { proxyProblems } from './http/proxy.ts';
import type { SourceOf } from './media-source.ts';
import { azureMembersNotSent, detailNotSent, modelProblems } from './model-problems.ts';
import type { MediaSupport, Provider } from './provider.ts';
import { shownUrl, wireSettings } from './wire-settings.ts';

const OWN_ENDPOINT = 'https://generativelanguage.googleapis.com';
const API_VERSION = 'v1beta';

const MODALITIES = ['text', 'image', 'audio'] as const;

/** `fileUri` names what was uploaded to the Files API, so any other URL would fail: it is passed on only when told to. */
function mediaSupportOf({ remoteMedia }: ModelConfig): MediaSupport {
  return {
    modalities: MODALITIES,
    imageTypes: ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'],
    audioTypes: ['audio/wav', 'audio/mpeg', 'audio/aiff', 'audio/aac', 'audio/ogg', 'audio/flac'],
    imageUrl: remoteMedia === 'pass',
    audioUrl: remoteMedia === 'pass',
  };
}

export const google: Provider = {
  description: 'Google generateContent (Gemini): text, images and audio',
  modalities: MODALITIES,
  mediaSupport: mediaSupportOf,
  url: (model) => shownUrl(generateUrl(model)),
  auth: (model) => authOf(model, authRules(model)),
  problems: (model, env) =>
    modelProblems(model, () => [
      ...authProblems(model, authRules(model), env),
      ...proxyProblems(model, generateUrl(model), env),
    ]),
  notes: (model) => [...detailNotSent(model), ...azureMembersNotSent(model)],
  wireSettings: (model) => wireSettings(model, generateUrl(model)),
  create: (model, context) =>
    createClient(model, () => generateWire(model), google.problems(model, context.env), context),
};

function generateWire(model: ModelConfig): Wire {
  return {
    url: generateUrl(model),
    auth: authRules(model),
    support: mediaSupportOf(model),
    outgoing: (request, sourceOf) => ({ body: generateBody(request, model, sourceOf), headers: {} }),
    read: readGenerateReply,
    fold: generateFold,
  };
}

/** A host, a path that ends in the version, or the whole method; the model stands in the path. */
function generateUrl(model: ModelConfig): URL {
  const pasted = parseEndpoint(model.endpoint ?? OWN_ENDPOINT, model.id);
  const path = pathOf(pasted).replace(/\/models(\/[^/]+)?$/, '');
  const versioned = /\/v\d+(alpha|beta)?\d*$/.test(path) ? path : `${path}/${API_VERSION}`;
  const name = model.model.includes('/') ? model.model : `models/${model.model}`;
  if (!/^(models|tunedModels)\/(?!\.+$)[^/?#:]+$/.test(name))
    throw new InputError({ message: `${model.id}: "${model.model}" is no name of a model of generateContent` });
  const url = withPath(
    pasted,
    `${versioned}/${name}:${model.stream === true ? 'streamGenerateContent' : 'generateContent'}`,
  );
  if (model.stream === true) url.searchParams.set('alt', 'sse');
  return url;
}

function authRules(model: ModelConfig): AuthRules {
  const url = generateUrl(model);
  return {
    url,
    keyHeaders: (key) => ({ 'x-goog-api-key': key }),
    ...(url.hostname === 'generativelanguage.googleapis.com' ? { defaultEnv: 'GEMINI_API_KEY' } : {}),
  };
}

function generateBody(request: ChatRequest, model: ModelConfig, sourceOf: SourceOf): Json {
  const system = request.messages.filter(({ role }) => role === 'system').map(({ content }) => plainText(content));
  const turns = request.messages.filter(({ role }) => role !== 'system');
  const config = generationConfig(request.params);
  const { generationConfig: extraConfig, ...extra } = (model.extraBody ?? {}) as { readonly [member: string]: Json };
  const whole = { ...config, ...(extraConfig as { readonly [member: string]: Json } | undefined) };
  return {
    systemInstruction: system.length === 0 ? undefined : { parts: system.map((text) => ({ text })) },
    contents: turns.map((message) => generateTurn(message, sourceOf)),
    generationConfig: Object.values(whole).every((value) => value === undefined) ? undefined : whole,
    ...extra,
  };
}

function generationConfig(params: GenerateParams): { readonly [member: string]: Json } {
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
