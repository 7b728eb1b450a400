/** Parses the body of a chat-completions request for the recognisers; errors name the invalid member. */

import { isRecord } from '../text/is-record.ts';
import type { LocalModel } from './local-model.ts';
import { badRequest } from './request-error.ts';

/** One media part; its base64 text is decoded later. */
export interface MediaPart {
  readonly medium: LocalModel['medium'];
  readonly base64: string;
  /** Of `input_audio`; absent for a data URL. */
  readonly format?: string;
  /** e.g. `messages[0].content[1]`. */
  readonly param: string;
}

export interface ChatCompletionRequest {
  readonly model: string;
  /** Text of the last user message. */
  readonly prompt: string;
  /** Every text of the conversation, for the token count. */
  readonly texts: readonly string[];
  /** Media of all user messages, in order. */
  readonly media: readonly MediaPart[];
  /** Upper bound of completion tokens; null = no bound. */
  readonly maxTokens: number | null;
  readonly stream: boolean;
  /** Whether a stream ends with a chunk of the usage. */
  readonly includeUsage: boolean;
}

type Json = Readonly<Record<string, unknown>>;
type Part = { readonly type: 'text'; readonly text: string } | MediaPart;

const ROLES: readonly unknown[] = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];
const AUDIO_FORMATS: readonly unknown[] = ['wav', 'mp3'];
/** Longest text of a whole conversation. Counting the tokens of an unbroken run of letters takes quadratic time: 0.5 s for this many. */
const MAX_TEXT_CHARACTERS = 32_768;
/** `data:<media type>;base64,` with its optional parameters. */
const DATA_URL = /^data:([a-z]+)\/[a-z0-9.+-]+(?:;[a-z0-9-]+=[^;,]*)*;base64,/i;
/** More than any media type with parameters needs; the payload after it is not searched. */
const MAX_DATA_URL_HEAD = 200;

/** @throws {RequestError} 400 with the invalid member. */
export function parseChatRequest(body: unknown): ChatCompletionRequest {
  if (!isRecord(body)) throw badRequest('The body must be a JSON object.', 'invalid_json', null);
  const { model, messages } = body;
  if (typeof model !== 'string' || model === '')
    throw badRequest('You must provide a model parameter.', 'missing_required_parameter', 'model');
  if (!Array.isArray(messages) || messages.length === 0)
    throw badRequest('messages must be a list of at least one message.', 'missing_required_parameter', 'messages');
  rejectUnsupported(body);

  const turns = messages.map((message: unknown, index) => parseMessage(message, `messages[${index}]`));
  const lastUser = turns.findLast(({ role }) => role === 'user');
  if (lastUser === undefined) throw badRequest('messages must contain a user message.', 'invalid_value', 'messages');
  const texts = turns.flatMap(({ parts }) => textsOf(parts));
  if (texts.reduce((sum, text) => sum + text.length, 0) > MAX_TEXT_CHARACTERS)
    throw badRequest(
      `The text is longer than ${MAX_TEXT_CHARACTERS} characters.`,
      'context_length_exceeded',
      'messages',
    );
  return {
    model,
    prompt: textsOf(lastUser.parts).join('\n'),
    texts,
    media: turns.flatMap(({ parts }) => parts.flatMap((part) => ('medium' in part ? [part] : []))),
    maxTokens: parseMaxTokens(body),
    stream: body['stream'] === true,
    includeUsage: isRecord(body['stream_options']) && body['stream_options']['include_usage'] === true,
  };
}

/**
 * Checks that a request has only files that a model supports: its own medium, and at most one file.
 * @throws {RequestError} 400 with the messages of the vendors.
 */
export function checkMedia({ media }: Pick<ChatCompletionRequest, 'media'>, model: LocalModel): MediaPart | null {
  const foreign = media.find(({ medium }) => medium !== model.medium);
  if (foreign !== undefined) {
    const part = foreign.medium === 'image' ? 'image_url' : 'input_audio';
    throw badRequest(`This model does not support ${part} content.`, 'unsupported_modality', foreign.param);
  }
  const second = media[1];
  if (second !== undefined) {
    const files = model.medium === 'image' ? 'image(s)' : 'audio file(s)';
    throw badRequest(`At most 1 ${files} may be provided in one request.`, 'too_many_media', second.param);
  }
  return media[0] ?? null;
}

function rejectUnsupported(body: Json): void {
  const { n, response_format: format } = body;
  if (n !== undefined && n !== null && n !== 1)
    throw badRequest('Only one choice can be answered: n must be 1.', 'unsupported_value', 'n');
  if (isRecord(format) && format['type'] !== 'text')
    throw badRequest('This model answers plain text only.', 'unsupported_value', 'response_format');
}

function parseMaxTokens(body: Json): number | null {
  const param = body['max_completion_tokens'] === undefined ? 'max_tokens' : 'max_completion_tokens';
  const value = body[param] ?? null;
  if (value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
    throw badRequest(`${param} must be a whole number of at least 1.`, 'invalid_value', param);
  return value;
}

function parseMessage(message: unknown, param: string): { readonly role: unknown; readonly parts: readonly Part[] } {
  if (!isRecord(message)) throw badRequest('A message must be an object.', 'invalid_type', param);
  const { role, content } = message;
  if (!ROLES.includes(role)) throw badRequest('Unknown role of a message.', 'invalid_value', `${param}.role`);
  if (typeof content === 'string') return { role, parts: [{ type: 'text', text: content }] };
  if ((content === null || content === undefined) && role === 'assistant') return { role, parts: [] };
  if (!Array.isArray(content))
    throw badRequest('content must be a string or a list of parts.', 'invalid_type', `${param}.content`);
  return {
    role,
    parts: content.map((part: unknown, index) => {
      const parsed = parsePart(part, `${param}.content[${index}]`);
      if ('medium' in parsed && role !== 'user')
        throw badRequest('Only user messages may contain media.', 'invalid_value', parsed.param);
      return parsed;
    }),
  };
}

function parsePart(part: unknown, param: string): Part {
  if (!isRecord(part)) throw badRequest('A content part must be an object.', 'invalid_type', param);
  switch (part['type']) {
    case 'text':
    case 'refusal':
      return { type: 'text', text: stringMember(part, part['type'], param) };
    case 'image_url':
      return parseDataUrl(objectMember(part, 'image_url', param), 'image', `${param}.image_url`);
    case 'audio_url':
      return parseDataUrl(objectMember(part, 'audio_url', param), 'audio', `${param}.audio_url`);
    case 'input_audio': {
      const audio = objectMember(part, 'input_audio', param);
      const format = audio['format'];
      if (typeof format !== 'string' || !AUDIO_FORMATS.includes(format))
        throw badRequest('Supported formats are: wav, mp3.', 'invalid_value', `${param}.input_audio.format`);
      return { medium: 'audio', base64: stringMember(audio, 'data', `${param}.input_audio`), format, param };
    }
    default:
      throw badRequest(
        `Invalid type of a content part. Supported: text, image_url, input_audio, audio_url.`,
        'invalid_value',
        `${param}.type`,
      );
  }
}

function parseDataUrl(member: Json, medium: MediaPart['medium'], param: string): MediaPart {
  const url = stringMember(member, 'url', param);
  const head = DATA_URL.exec(url.slice(0, MAX_DATA_URL_HEAD));
  if (head === null) {
    const remote = /^https?:/i.test(url);
    throw badRequest(
      remote ? 'Remote URLs are not fetched: send the file as a data URL.' : 'The URL is not a base64 data URL.',
      remote ? 'unsupported_url' : 'invalid_value',
      `${param}.url`,
    );
  }
  if (head[1]?.toLowerCase() !== medium)
    throw badRequest(
      `The data URL of this part must contain ${medium === 'image' ? 'an image' : 'audio'}.`,
      'invalid_value',
      `${param}.url`,
    );
  return { medium, base64: url.slice(head[0].length), param };
}

function textsOf(parts: readonly Part[]): readonly string[] {
  return parts.flatMap((part) => ('text' in part ? [part.text] : []));
}

function objectMember(from: Json, name: string, param: string): Json {
  const value = from[name];
  if (!isRecord(value)) throw badRequest(`${name} must be an object.`, 'invalid_type', `${param}.${name}`);
  return value;
}

function stringMember(from: Json, name: string, param: string): string {
  const value = from[name];
  if (typeof value !== 'string') throw badRequest(`${name} must be a string.`, 'invalid_type', `${param}.${name}`);
  return value;
}
