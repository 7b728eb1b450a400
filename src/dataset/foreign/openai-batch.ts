/** Input of OpenAI's batch API: one request on each line. */

import { isRecord } from '../../text/is-record.ts';
import { quote } from '../../text/quote.ts';
import type { Defect } from '../defect.ts';
import type { NamedRow, Note } from '../raw-row.ts';
import type { ForeignFormat } from './foreign-format.ts';
import { messagesOf } from './openai-messages.ts';
import { mapObjects, OBJECT_EXTENSIONS } from './read-objects.ts';

export const openaiBatch: ForeignFormat = {
  description: "input of OpenAI's batch API, JSONL: custom_id, body with messages (or input) and parameters",
  source:
    'openai/openai-openapi: openapi.yaml, BatchRequestInput; openai/openai-python: src/openai/types/responses/easy_input_message.py',
  extensions: OBJECT_EXTENSIONS,
  shape: 'objects',
  precedence: 'prompt',
  matches: ({ custom_id, body }) => typeof custom_id === 'string' && isRecord(body),
  read: (path) => mapObjects(path, toRow),
};

/** Parameters under the names of chat completions and of responses, see `parse-params`. */
const PARAMS: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  top_p: 'top_p',
  max_tokens: 'max_tokens',
  max_completion_tokens: 'max_completion_tokens',
  max_output_tokens: 'maxTokens',
  seed: 'seed',
  stop: 'stop',
  frequency_penalty: 'frequency_penalty',
  presence_penalty: 'presence_penalty',
  reasoning_effort: 'reasoning_effort',
  response_format: 'response_format',
};

/** Members that ask for the usual, or only say how the answer is delivered. */
const WITHOUT_EFFECT = ['stream', 'store', 'user', 'metadata', 'service_tier'];

function toRow({ line, values }: NamedRow): readonly (NamedRow | Defect | Note)[] {
  const { custom_id, body, method, url, ...rest } = values;
  if (!isRecord(body)) return [{ line, message: 'has no "body"', hint: 'write the request' }];
  const { model, messages, input, instructions, ...others } = body;
  const conversation = Array.isArray(messages) ? messages : conversationOf(input, instructions);
  if (conversation === undefined) {
    const at = typeof url === 'string' ? ` (${quote(url)})` : '';
    const hint = 'only requests with "messages" or "input" are read: chat completions and responses';
    return [{ line, message: `asks no question${at}`, hint }];
  }
  const names = Object.keys(others).filter((name) => (others[name] ?? null) !== null);
  const params = names.filter((name) => name in PARAMS).map((name) => [PARAMS[name], others[name]] as const);
  const isUsual = (name: string) => WITHOUT_EFFECT.includes(name) || (name === 'n' && others['n'] === 1);
  const ignored = names.filter((name) => !(name in PARAMS || isUsual(name)));
  return [
    { line, note: 'requests name a model', hint: 'models are those of the configuration; the name is in meta.model' },
    ...ignored.map((name) => ({ line, note: `parameter ${quote(name)} has no counterpart and is not sent` })),
    {
      line,
      values: {
        id: custom_id,
        messages: messagesOf(conversation),
        ...(params.length === 0 ? {} : { params: Object.fromEntries(params) }),
        meta: { ...rest, ...(typeof model === 'string' ? { model } : {}) },
      },
    },
  ];
}

/** Of the responses API: a text, or a list of messages; instructions are the system message. */
function conversationOf(input: unknown, instructions: unknown): readonly unknown[] | undefined {
  const system = typeof instructions === 'string' ? [{ role: 'system', content: instructions }] : [];
  if (typeof input === 'string') return [...system, { role: 'user', content: input }];
  return Array.isArray(input) ? [...system, ...input] : undefined;
}
