/** Reads requests of the three dialects and answers them the way their vendors do, as the last text of a request asks. */

import type { CapturedRequest, Reply } from './endpoint.ts';

type Members = Readonly<Record<string, unknown>>;

/** What the prompts of a test may ask for; anything else is echoed. */
type Mood = 'answered' | 'refused' | 'truncated' | 'filtered' | 'rejected';

const MOODS: readonly (readonly [word: string, mood: Mood])[] = [
  ['REFUSE', 'refused'],
  ['TRUNCATE', 'truncated'],
  ['FILTER', 'filtered'],
  ['REJECT', 'rejected'],
];

/** Texts of all messages in order, media as `[type]`; a system message that stands beside them is left out. */
export function textsOf({ json }: CapturedRequest): readonly string[] {
  const body = membersOf(json);
  const messages = listOf(body['messages'] ?? body['contents']);
  return messages.map((message) => {
    const content = message['content'] ?? message['parts'];
    return typeof content === 'string' ? content : listOf(content).map(partText).join(' ');
  });
}

/** Answers by the path and the last text of the request, streamed where that is asked for. */
export function answerInDialect(request: CapturedRequest): Reply {
  const last = textsOf(request).at(-1) ?? '';
  const mood = MOODS.find(([word]) => last.includes(word))?.[1] ?? 'answered';
  const text = `echo: ${last}`;
  if (mood === 'rejected') return { status: 400, json: { error: { message: 'no such thing', code: 'invalid_value' } } };
  if (request.path.includes(':streamGenerateContent')) return events(generateReply(text, mood));
  if (request.path.includes(':generateContent')) return { json: generateReply(text, mood) };
  const isStreamed = membersOf(request.json)['stream'] === true;
  if (request.path.endsWith('/messages'))
    return isStreamed ? events(...messageEvents(text, mood)) : { json: messageReply(text, mood) };
  return isStreamed ? events(...chatChunks(text, mood)) : { json: chatReply(text, mood) };
}

const CHAT_USAGE = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 };
const MESSAGE_USAGE = { input_tokens: 11, output_tokens: 5, cache_read_input_tokens: 2 };

function chatReply(text: string, mood: Mood): object {
  const message =
    mood === 'refused'
      ? { role: 'assistant', content: null, refusal: 'No.' }
      : { role: 'assistant', content: mood === 'filtered' ? '' : text };
  return {
    ...{ id: 'chatcmpl-1', object: 'chat.completion', model: 'served-model', usage: CHAT_USAGE },
    choices: [{ index: 0, message, finish_reason: chatReason(mood) }],
  };
}

function chatChunks(text: string, mood: Mood): readonly unknown[] {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'served-model' };
  const chunk = (delta: object, reason: string | null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason: reason }],
  });
  return [
    chunk({ role: 'assistant', content: text.slice(0, 6) }, null),
    chunk({ content: text.slice(6) }, null),
    chunk({}, chatReason(mood)),
    { ...head, choices: [], usage: CHAT_USAGE },
    '[DONE]',
  ];
}

function chatReason(mood: Mood): string {
  return mood === 'truncated' ? 'length' : mood === 'filtered' ? 'content_filter' : 'stop';
}

function messageReply(text: string, mood: Mood): object {
  return {
    ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'served-model', usage: MESSAGE_USAGE },
    content: [{ type: 'text', text }],
    stop_reason: messageReason(mood),
  };
}

function messageEvents(text: string, mood: Mood): readonly unknown[] {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'served-model', usage: MESSAGE_USAGE };
  return [
    { type: 'message_start', message: { ...message, content: [] } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: messageReason(mood) }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ];
}

/** The protocol knows no filter: what another would filter is refused. */
function messageReason(mood: Mood): string {
  return mood === 'truncated' ? 'max_tokens' : mood === 'answered' ? 'end_turn' : 'refusal';
}

function generateReply(text: string, mood: Mood): object {
  const usage = { promptTokenCount: 13, candidatesTokenCount: 4, totalTokenCount: 17 };
  const head = { responseId: 'reply-1', modelVersion: 'served-model', usageMetadata: usage };
  if (mood === 'refused') return { ...head, promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } };
  const finishReason = mood === 'truncated' ? 'MAX_TOKENS' : mood === 'filtered' ? 'SAFETY' : 'STOP';
  return { ...head, candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason }] };
}

function events(...data: readonly unknown[]): Reply {
  const lines = data.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
  return { headers: { 'content-type': 'text/event-stream' }, body: lines.join('') };
}

function partText(part: Members): string {
  const { text } = part;
  if (typeof text === 'string') return text;
  const type = part['type'] ?? Object.keys(part)[0];
  return `[${String(type)}]`;
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function listOf(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.map(membersOf) : [];
}
