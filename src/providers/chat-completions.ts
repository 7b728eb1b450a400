/** The chat completions protocol as part of a route: OpenAI's own, which Azure and most other servers offer. */

import type { ModelConfig } from '../types.ts';
import { acceptedParams, type ChatRules, chatBody, droppedParams, isReasoning, voiceFormat } from './chat-body.ts';
import { readChatReply } from './chat-reply.ts';
import { chatFold } from './chat-stream.ts';
import { jsonBody } from './http/json-body.ts';
import { objectOf, textOf } from './http/wire-value.ts';
import type { ParamUse } from './model-problems.ts';
import type { ConfigProblem, MediaSupport } from './provider.ts';
import type { Route } from './route.ts';

/** What `input_audio` is specified for; a server that takes more is configured with `audioFormats`. */
const INPUT_AUDIO_TYPES: readonly string[] = ['audio/wav', 'audio/mpeg'];

/** What OpenAI documents for `image_url`; other servers decode these, too. */
export const IMAGE_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** What a server takes beside text, images and `input_audio`. */
export interface ChatMedia {
  /** Whether it knows `audio_url`. */
  readonly audioUrl: boolean;
  /** Whether it knows `file` parts, by which documents are sent. */
  readonly file: boolean;
  /** Whether it knows `video_url`. */
  readonly videoUrl: boolean;
}

export function chatCompletions(
  model: ModelConfig,
  rules: ChatRules & ChatMedia,
): Pick<Route, 'media' | 'problems' | 'outgoing' | 'reply'> {
  return {
    media: chatMedia(model, rules),
    problems: encodingProblems(model, rules.audioUrl),
    outgoing: (request, sourceOf) => ({ body: jsonBody(chatBody(request, model, rules, sourceOf)) }),
    reply: { read: (body, facts) => readChatReply(body, facts, soundFormat(model)), fold: chatFold },
  };
}

/** The format that the configuration requests for spoken answers; the reply does not repeat it. */
function soundFormat({ extraBody, params, stream }: ModelConfig): string | null {
  const asked = params.voice === undefined ? null : voiceFormat(stream === true);
  return textOf(objectOf(extraBody?.['audio'])['format']) ?? asked;
}

/** Leaves out the parameters of a reasoning model that its endpoint would reject. */
export function chatParams(model: ModelConfig): ParamUse {
  return {
    notSent: droppedParams(model.params, model),
    why: 'reasoning models reject it',
    accepted: acceptedParams(model.params, model),
    lengthMember: isReasoning(model) ? 'max_completion_tokens' : 'max_tokens',
  };
}

function chatMedia({ audioEncoding }: ModelConfig, { audioUrl, file, videoUrl }: ChatMedia): MediaSupport {
  return {
    modalities: [
      'text',
      'image',
      'audio',
      ...(file ? ['document' as const] : []),
      ...(videoUrl ? ['video' as const] : []),
    ],
    imageTypes: IMAGE_TYPES,
    imageUrl: true,
    audioUrl,
    videoUrl,
    ...(audioEncoding === 'audio_url' ? {} : { audioTypes: INPUT_AUDIO_TYPES }),
  };
}

/** An encoding that the server's schema rejects. */
function encodingProblems({ audioEncoding, id }: ModelConfig, audioUrl: boolean): readonly ConfigProblem[] {
  return audioEncoding === 'audio_url' && !audioUrl
    ? [{ message: `${id}: this endpoint does not take audio_url`, hint: 'use audioEncoding: input_audio' }]
    : [];
}
