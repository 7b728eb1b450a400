/** Makes the request body of OpenAI's Responses API, which Azure and some other servers offer, too. */

import type { ContentPart, GenerateParams, Message } from '../types.ts';
import { type AskedRequest, type BodySettings, DOCUMENT_NAME, sampling } from './chat-body.ts';
import type { Json, JsonObject } from './http/json-body.ts';
import { type SourceOf, urlText } from './media-source.ts';
import { plainText, splitSystem } from './message-text.ts';

/**
 * Holds the model, the messages and what is configured, and `store: false`: without it the vendor keeps each answer for 30
 * days. `text` and `reasoning` of `extraBody` are merged member by member.
 */
export function responsesBody(request: AskedRequest, model: BodySettings, sourceOf: SourceOf): JsonObject {
  const { params } = request;
  const { system, turns } = splitSystem(request.messages);
  const { temperature, topP } = sampling(params, model);
  const { text, reasoning, ...extra } = (model.extraBody ?? {}) as JsonObject;
  return {
    model: model.model,
    instructions: system.length === 0 ? undefined : system.join('\n'),
    input: turns.map((message) => inputMessage(message, model, sourceOf)),
    temperature,
    top_p: topP,
    max_output_tokens: params.maxTokens,
    reasoning: merged({ effort: params.reasoningEffort }, reasoning),
    text: merged({ format: textFormat(params.responseFormat) }, text),
    stream: model.stream === true ? true : undefined,
    store: false,
    ...extra,
  };
}

/** undefined when neither has a member. */
function merged(own: JsonObject, extra: Json): Json {
  const isObject = typeof extra === 'object' && extra !== null && !Array.isArray(extra);
  if (extra !== undefined && !isObject) return extra;
  const both = { ...own, ...(extra as JsonObject | undefined) };
  return Object.values(both).every((value) => value === undefined) ? undefined : both;
}

/** The members of a schema stand beside its type here, and in a member of their own in chat completions. */
function textFormat(format: GenerateParams['responseFormat']): Json {
  if (format === undefined || format.type !== 'json_schema') return format;
  const { type, name, schema, strict } = format;
  return { type, name, schema: schema as Json, strict };
}

function inputMessage({ role, content }: Message, model: BodySettings, sourceOf: SourceOf): Json {
  if (content.every((part) => part.type === 'text')) return { role, content: plainText(content) };
  return { role, content: content.map((part) => inputPart(part, model, sourceOf)) };
}

function inputPart(part: ContentPart, model: BodySettings, sourceOf: SourceOf): Json {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  const source = sourceOf(part);
  if (part.type === 'document')
    return source.type === 'url'
      ? { type: 'input_file', file_url: source.url }
      : { type: 'input_file', filename: DOCUMENT_NAME, file_data: urlText(source) };
  const detail = ('detail' in part ? part.detail : undefined) ?? model.detail;
  return { type: 'input_image', image_url: urlText(source), detail };
}
