/** `POST /audio/transcriptions` as OpenAI documents it, and as vLLM, Groq, Mistral and others serve it. */

import type { ChatRequest, ModelConfig } from '../../types.ts';
import { parseEndpoint, pathOf, withPath } from '../endpoint-url.ts';
import { type FormPart, formBody } from '../http/form-body.ts';
import type { SourceOf } from '../media-source.ts';
import type { ConfigProblem } from '../provider.ts';
import type { Route } from '../route.ts';
import { clipOf, filePart, promptOf } from './clip.ts';
import type { Dialect } from './dialect.ts';
import { readTranscript } from './transcript-reply.ts';
import { transcriptFold } from './transcript-stream.ts';
import { TRANSCRIPTIONS, transcriptionPath } from './transcription-path.ts';

const OWN_ENDPOINT = 'https://api.openai.com/v1';
const OWN_HOST = 'api.openai.com';

/** OpenAI's limit for an upload (https://help.openai.com/en/articles/7031512); vLLM and Groq have the same by default. */
const MAX_BYTES = 25 * 2 ** 20;

export const openaiTranscription: Dialect = {
  description: 'any server with `/audio/transcriptions`: OpenAI, vLLM, Groq, Mistral',
  params: ['temperature', 'language', 'prompt', 'transcriptFormat', 'chunkingStrategy'],
  route(model) {
    const pasted = parseEndpoint(model.endpoint ?? OWN_ENDPOINT, model.id);
    const path = transcriptionPath(pathOf(pasted), model.id, '/v1');
    const url = withPath(pasted, path);
    return {
      url,
      modelsUrl: withPath(pasted, path.replace(TRANSCRIPTIONS, '/models')),
      auth: {
        keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
        defaultEnv: url.hostname === OWN_HOST ? 'OPENAI_API_KEY' : undefined,
      },
      ...transcriptions(model),
      problems: versionProblems(model),
    };
  },
};

/** The form and the reply, which Azure has, too. */
export function transcriptions(model: ModelConfig): Pick<Route, 'media' | 'outgoing' | 'reply' | 'problems'> {
  return {
    media: {
      modalities: ['text', 'audio'],
      audioTypes: ['audio/wav', 'audio/mpeg', 'audio/mp4', 'audio/flac', 'audio/ogg', 'audio/webm'],
      imageUrl: false,
      audioUrl: false,
      maxAudioBytes: MAX_BYTES,
      onlyOneClip: true,
    },
    outgoing: (request, sourceOf) => ({ body: formBody(formParts(request, model, sourceOf)) }),
    reply: { read: readTranscript, fold: transcriptFold },
  };
}

function versionProblems({ id, apiVersion }: ModelConfig): readonly ConfigProblem[] {
  return apiVersion === undefined
    ? []
    : [{ message: `${id}: dialect openai takes no apiVersion`, hint: 'remove it, or set dialect: azure' }];
}

function formParts(request: ChatRequest, model: ModelConfig, sourceOf: SourceOf): readonly FormPart[] {
  const clip = clipOf(request, sourceOf);
  if (clip.type === 'url') throw new Error('a URL is not supported here');
  const { params } = request;
  return [
    filePart('file', clip),
    ...fields('model', model.model),
    ...fields('language', params.language),
    ...fields('prompt', promptOf(request, model)),
    ...fields('response_format', params.transcriptFormat),
    ...fields('temperature', params.temperature),
    ...fields('chunking_strategy', params.chunkingStrategy ?? requiredStrategy(model)),
    ...fields('stream', model.stream === true ? true : undefined),
    ...Object.entries(model.extraBody ?? {}).flatMap(([name, value]) => fields(name, value)),
  ];
}

/** Models that tell speakers apart reject clips over 30 s without a strategy (OpenAI's speech-to-text guide). */
function requiredStrategy({ model }: ModelConfig): 'auto' | undefined {
  return /diarize/i.test(model) ? 'auto' : undefined;
}

/** A value as fields: lists as `name[]`, objects as `name[member]`, as OpenAI's own clients write them. */
function fields(name: string, value: unknown): readonly FormPart[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => fields(`${name}[]`, item));
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([member, inner]) => fields(`${name}[${member}]`, inner));
  return [{ name, value: String(value) }];
}
