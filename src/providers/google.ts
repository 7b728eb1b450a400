/** Google's generateContent (Gemini): all kinds of content. */

import { InputError } from '../errors.ts';
import { MODALITIES } from '../modalities.ts';
import type { ModelConfig } from '../types.ts';
import { defineProvider } from './define-provider.ts';
import { parseEndpoint, pathOf, withPath } from './endpoint-url.ts';
import { generateBody } from './generate-body.ts';
import { generateFold, readGenerateReply } from './generate-reply.ts';
import { jsonBody } from './http/json-body.ts';
import type { MediaSupport } from './provider.ts';
import type { Route } from './route.ts';

const OWN_ENDPOINT = 'https://generativelanguage.googleapis.com';
const OWN_HOST = 'generativelanguage.googleapis.com';
const API_VERSION = 'v1beta';

export const google = defineProvider({
  description: 'Google generateContent (Gemini): text, images, audio, documents and videos',
  modalities: MODALITIES,
  sends: [],
  route: generateRoute,
  params: () => ({ notSent: [], why: '', formatWithout: ['name', 'strict'] }),
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
    documentUrl: remoteMedia === 'pass',
    videoUrl: remoteMedia === 'pass',
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
