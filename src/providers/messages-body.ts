/** Makes the request body of Anthropic's Messages protocol. */

import type { ContentPart, GenerateParams, Message } from '../types.ts';
import type { AskedRequest, BodySettings } from './chat-body.ts';
import { type Json, type JsonObject, MediaText } from './http/json-body.ts';
import type { SourceOf } from './media-source.ts';
import { plainText, splitSystem } from './message-text.ts';

/** The protocol requires `max_tokens`. This is the value if `maxTokens` is absent; all current models take it. */
const DEFAULT_MAX_TOKENS = 4096;

/** Holds the model, the messages and what is configured; nothing else. */
export function messagesBody(request: AskedRequest, model: BodySettings, sourceOf: SourceOf): Json {
  const { params } = request;
  const { system, turns } = splitSystem(request.messages);
  return {
    model: model.model,
    max_tokens: params.maxTokens ?? DEFAULT_MAX_TOKENS,
    system: system.length === 0 ? undefined : system.join('\n'),
    messages: turns.map((message) => messagesTurn(message, sourceOf)),
    temperature: params.temperature,
    top_p: params.topP,
    stop_sequences: params.stop,
    output_config: outputConfig(params),
    ...(model.stream === true ? { stream: true } : {}),
    ...(model.extraBody as JsonObject | undefined),
  };
}

/** undefined when neither is configured. */
function outputConfig({ reasoningEffort, responseFormat }: GenerateParams): Json {
  const format =
    responseFormat?.type === 'json_schema' ? { type: 'json_schema', schema: responseFormat.schema as Json } : undefined;
  return reasoningEffort === undefined && format === undefined ? undefined : { effort: reasoningEffort, format };
}

function messagesTurn({ role, content }: Message, sourceOf: SourceOf): Json {
  if (content.every(({ type }) => type === 'text')) return { role, content: plainText(content) };
  return { role, content: content.map((part) => messagesPart(part, sourceOf)) };
}

function messagesPart(part: ContentPart, sourceOf: SourceOf): Json {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const source = sourceOf(part);
  return {
    type: part.type === 'document' ? 'document' : 'image',
    source:
      source.type === 'url'
        ? { type: 'url', url: source.url }
        : { type: 'base64', media_type: source.mediaType, data: new MediaText('', source.base64) },
  };
}
