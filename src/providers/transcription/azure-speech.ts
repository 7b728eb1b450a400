/** Fast transcription of Azure Speech: one form with a definition and the clip; the transcript comes as phrases. */

import { InputError } from '../../errors.ts';
import { isAzureHost } from '../../models/host.ts';
import type { ChatRequest, ModelConfig } from '../../types.ts';
import { parseEndpoint, pathOf, withPath } from '../endpoint-url.ts';
import { formBody } from '../http/form-body.ts';
import { type Json, type JsonObject, jsonBody } from '../http/json-body.ts';
import { present } from '../http/wire-value.ts';
import type { SourceOf } from '../media-source.ts';
import type { ConfigProblem } from '../provider.ts';
import type { Outgoing } from '../route.ts';
import { clipOf, filePart, promptOf } from './clip.ts';
import type { Dialect } from './dialect.ts';
import { readPhrases } from './phrases-reply.ts';
import { transcriptFold } from './transcript-stream.ts';

const PATH = '/speechtotext/transcriptions:transcribe';
const VERSION = '2025-10-15';

/** Files below 300 MB and 2 hours (https://learn.microsoft.com/azure/ai-services/speech-service/llm-speech, read 2026-11-30). */
const MAX_BYTES = 300_000_000;
const MAX_SECONDS = 2 * 3600;

/** Names of the models without `enhancedMode`: the service has one, and its requests name none. */
const FAST = /^fast-?transcription$/i;
/** Asks for `enhancedMode` without naming a model. */
const ENHANCED = /^llm-?speech$/i;

export const azureSpeech: Dialect = {
  description: 'fast transcription of Azure Speech: `fast-transcription`, `llm-speech`, `MAI-Transcribe-2`',
  params: ['language', 'prompt'],
  route(model) {
    const url = speechUrl(model);
    return {
      url,
      auth: {
        keyHeaders: (key) => ({ 'ocp-apim-subscription-key': key }),
        defaultEnv: isSpeechHost(url.hostname) ? 'AZURE_SPEECH_KEY' : undefined,
        scope: `https://cognitiveservices.azure.${/\.azure\.(us|cn)$/.exec(url.hostname)?.[1] ?? 'com'}/.default`,
      },
      media: {
        modalities: ['text', 'audio'],
        audioTypes: ['audio/wav', 'audio/mpeg', 'audio/ogg', 'audio/flac', 'audio/aac', 'audio/webm'],
        imageUrl: false,
        audioUrl: true,
        maxAudioBytes: MAX_BYTES,
        maxAudioSeconds: MAX_SECONDS,
        onlyOneClip: true,
      },
      problems: problemsOf(model),
      outgoing: (request, sourceOf) => speechForm(request, model, sourceOf),
      reply: { read: readPhrases, fold: transcriptFold },
    };
  },
};

function isSpeechHost(host: string): boolean {
  return isAzureHost(host) || /\.api\.cognitive\.microsoft\.(com|us)$/.test(host);
}

function speechUrl(model: ModelConfig): URL {
  if (model.endpoint === undefined)
    throw new InputError({
      message: `${model.id}: dialect azure-speech needs an endpoint`,
      hint: 'e.g. https://<resource>.cognitiveservices.azure.com',
    });
  const pasted = parseEndpoint(model.endpoint, model.id);
  const path = pathOf(pasted);
  const url = withPath(pasted, path.endsWith(PATH) ? path : `${path}${PATH}`);
  const version = model.apiVersion ?? url.searchParams.get('api-version') ?? VERSION;
  url.searchParams.set('api-version', version);
  return url;
}

/** Fast transcription has no prompt; only enhanced models take one. */
function problemsOf({ id, model, params, sendPrompt, stream }: ModelConfig): readonly ConfigProblem[] {
  const prompts = params.prompt !== undefined || sendPrompt === true;
  return [
    ...(prompts && FAST.test(model)
      ? [
          {
            message: `${id}: ${model} takes no prompt`,
            hint: 'remove params.prompt and sendPrompt, or use llm-speech',
          },
        ]
      : []),
    ...(stream === true ? [{ message: `${id}: dialect azure-speech does not stream`, hint: 'remove stream' }] : []),
  ];
}

function speechForm(request: ChatRequest, model: ModelConfig, sourceOf: SourceOf): Outgoing {
  const clip = clipOf(request, sourceOf);
  const asked = definition(request, model);
  const whole = clip.type === 'url' ? { ...asked, audioUrl: clip.url } : asked;
  const head = { name: 'definition', value: String(jsonBody(whole).content) };
  return {
    body: formBody(clip.type === 'url' ? [head] : [head, filePart('audio', clip)]),
    headers: { 'x-ms-client-request-id': request.clientRequestId },
  };
}

function definition(request: ChatRequest, model: ModelConfig): JsonObject {
  const { language } = request.params;
  const members = {
    locales: language === undefined ? undefined : [language],
    enhancedMode: FAST.test(model.model) ? undefined : enhancedMode(model, promptOf(request, model)),
  };
  return { ...present(members), ...(model.extraBody as JsonObject | undefined) };
}

function enhancedMode({ model }: ModelConfig, prompt: string | undefined): Json {
  return {
    enabled: true,
    task: 'transcribe',
    model: ENHANCED.test(model) ? undefined : model,
    prompt: prompt === undefined ? undefined : [prompt],
  };
}
