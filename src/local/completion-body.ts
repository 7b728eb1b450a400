/** Response bodies of chat completions: an answer as a whole or as server-sent events, and errors. */

import type { RequestError } from './request-error.ts';

/** Members of every body of one answer. */
export interface CompletionHead {
  readonly id: string;
  readonly model: string;
  /** Unix seconds. */
  readonly created: number;
  /** Recogniser and reader. */
  readonly fingerprint: string;
  readonly medium: 'image' | 'audio';
}

/** The answer of the model. Either `content` or `refusal` is null. */
export interface Answer {
  readonly content: string | null;
  readonly refusal: string | null;
  readonly finishReason: 'stop' | 'length';
  /** BPE tokens (o200k_base) of all text in the request. */
  readonly textTokens: number;
  /** Lines of text in the image, or the length of the clip in units of 80 ms. */
  readonly mediaTokens: number;
  /** BPE tokens of the answer. */
  readonly completionTokens: number;
}

/** `chat.completion`. */
export function completionBody(head: CompletionHead, answer: Answer): object {
  const { content, refusal, finishReason } = answer;
  return {
    ...stem(head, 'chat.completion'),
    choices: [
      { index: 0, message: { role: 'assistant', content, refusal }, finish_reason: finishReason, logprobs: null },
    ],
    usage: usageOf(head, answer),
  };
}

/** The same as `chat.completion.chunk` events: the recognisers answer at once, so the text is one chunk. */
export function completionEvents(head: CompletionHead, answer: Answer, includeUsage: boolean): string {
  const { content, refusal, finishReason } = answer;
  const delta = { role: 'assistant', ...(refusal === null ? { content } : { content: null, refusal }) };
  const choice = (part: object, finish: string | null) => [
    { index: 0, delta: part, finish_reason: finish, logprobs: null },
  ];
  const chunk = { ...stem(head, 'chat.completion.chunk'), ...(includeUsage ? { usage: null } : {}) };
  const events = [
    { ...chunk, choices: choice(delta, null) },
    { ...chunk, choices: choice({}, finishReason) },
    ...(includeUsage ? [{ ...chunk, choices: [], usage: usageOf(head, answer) }] : []),
  ];
  return [...events.map((event) => JSON.stringify(event)), '[DONE]'].map((data) => `data: ${data}\n\n`).join('');
}

/** The error shape of OpenAI. */
export function errorBody({ message, details }: RequestError): object {
  const type = details.status < 500 ? 'invalid_request_error' : 'server_error';
  return { error: { message, type, param: details.param ?? null, code: details.code } };
}

/** Image tokens are lines of text, audio tokens are 80 ms each; both are included in `prompt_tokens`. */
function usageOf({ medium }: CompletionHead, { textTokens, mediaTokens, completionTokens }: Answer): object {
  const promptTokens = textTokens + mediaTokens;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { text_tokens: textTokens, [`${medium}_tokens`]: mediaTokens, cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}

function stem({ id, model, created, fingerprint }: CompletionHead, object: string): object {
  return { id, object, created, model, system_fingerprint: fingerprint };
}
