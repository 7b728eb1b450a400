/** OpenAI's Responses API as part of a route: text, images and PDF files; some models answer only there. */

import type { GenerateParams, ModelConfig } from '../types.ts';
import { droppedParams } from './chat-body.ts';
import { IMAGE_TYPES } from './chat-completions.ts';
import { jsonBody } from './http/json-body.ts';
import type { ParamUse } from './model-problems.ts';
import type { MediaSupport } from './provider.ts';
import { responsesBody } from './responses-body.ts';
import { readResponsesReply, responsesFold } from './responses-reply.ts';
import type { Route } from './route.ts';

/** Members of the body that are made from the model and the sample. */
const OWN_MEMBERS = ['input', 'instructions', 'store', 'previous_response_id', 'conversation', 'background'];

const MEDIA: MediaSupport = {
  modalities: ['text', 'image', 'document'],
  imageTypes: IMAGE_TYPES,
  imageUrl: true,
  audioUrl: false,
  documentUrl: true,
};

/** `media`: what the server takes beyond the rules of the protocol. */
export function responses(
  model: ModelConfig,
  media: Partial<MediaSupport> = {},
): Pick<Route, 'media' | 'problems' | 'outgoing' | 'reply'> {
  return {
    media: { ...MEDIA, ...media },
    problems: OWN_MEMBERS.filter((name) => Object.hasOwn(model.extraBody ?? {}, name)).map((name) => ({
      message: `${model.id}: extraBody must not hold "${name}" with api: responses`,
      hint: 'each request stands alone: it is made from the sample, and nothing of it is stored',
    })),
    outgoing: (request, sourceOf) => ({ body: jsonBody(responsesBody(request, model, sourceOf)) }),
    reply: { read: readResponsesReply, fold: responsesFold },
  };
}

/** The protocol has no seed, stop sequences or penalties; reasoning models reject sampling parameters here, too. */
const UNKNOWN = ['seed', 'stop', 'frequencyPenalty', 'presencePenalty'] as const satisfies (keyof GenerateParams)[];

/** What becomes of the parameters. */
export function responsesParams(model: ModelConfig): ParamUse {
  const isUnknown = (name: keyof GenerateParams) => UNKNOWN.some((one) => one === name);
  const dropped = droppedParams(model.params, model).filter((name) => !isUnknown(name));
  return {
    notSent: [...UNKNOWN, ...dropped],
    why: (name) => (isUnknown(name) ? 'the Responses API has no such setting' : 'reasoning models reject it'),
  };
}
