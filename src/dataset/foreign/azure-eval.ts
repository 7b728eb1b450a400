/** Datasets of Azure's evaluation SDK: a query with its ground truth, or a conversation. */

import { isRecord } from '../../text/is-record.ts';
import type { Defect } from '../defect.ts';
import type { NamedRow, Note } from '../raw-row.ts';
import type { ForeignFormat, Members } from './foreign-format.ts';
import { asMetadata, targetsOf } from './foreign-values.ts';
import { messagesOf } from './openai-messages.ts';
import { mapObjects, OBJECT_EXTENSIONS } from './read-objects.ts';

export const azureEval: ForeignFormat = {
  description: "datasets of Azure's evaluation SDK, JSONL: query, ground_truth, context, response; or conversation",
  source:
    'Azure/azure-sdk-for-python: sdk/evaluation/azure-ai-evaluation/tests/e2etests/data/dataset_messages_image_urls.jsonl, evaluate_test_data_conversation.jsonl, tests/unittests/data/questions_answers_ground_truth.jsonl',
  extensions: OBJECT_EXTENSIONS,
  shape: 'objects',
  matches: ({ query, response, ground_truth, context, conversation }) =>
    isConversation(conversation) ||
    (query !== undefined && [response, ground_truth, context].some((member) => member !== undefined)),
  read: (path) => mapObjects(path, toRow),
};

const isConversation = (value: unknown): value is Members & { readonly messages: readonly unknown[] } =>
  isRecord(value) && Array.isArray(value['messages']);

function toRow({ line, values }: NamedRow): readonly (NamedRow | Defect | Note)[] {
  const { query, conversation, ground_truth, response, context, id, ...rest } = values;
  const asked = isConversation(conversation) ? conversationOf(conversation) : questionOf(query);
  if (asked === undefined) return [{ line, message: 'has no "query"', hint: 'write the question' }];
  const recorded = response ?? asked.answer;
  const given = (context ?? null) === null || context === '' ? asked.context : context;
  return [
    ...(recorded === undefined
      ? []
      : [{ line, note: 'recorded answers are no targets', hint: 'they are in meta.response' }]),
    ...(given === undefined
      ? []
      : [
          {
            line,
            note: 'the context is not a part of the question',
            hint: 'it is in meta.context: add it to the prompt',
          },
        ]),
    {
      line,
      values: {
        id,
        ...asked.columns,
        target: targetsOf(ground_truth),
        ...asMetadata({ ...rest, ...(recorded === undefined ? {} : { response: recorded }) }),
        ...(given === undefined ? {} : { 'meta.context': given }),
      },
    },
  ];
}

interface Asked {
  readonly columns: Members;
  /** What was answered before. */
  readonly answer?: unknown;
  readonly context?: unknown;
}

function questionOf(query: unknown): Asked | undefined {
  if (query === undefined || query === null || query === '') return undefined;
  return { columns: Array.isArray(query) ? { messages: messagesOf(query) } : { prompt: query } };
}

/** The answer at the end is the one that was evaluated; the question before it is asked again. */
function conversationOf({ messages, context }: Members & { readonly messages: readonly unknown[] }): Asked {
  const last = messages.at(-1);
  const isAnswered = isRecord(last) && last['role'] === 'assistant';
  const asked = (isAnswered ? messages.slice(0, -1) : messages).map(withoutContext);
  return {
    columns: { messages: messagesOf(asked) },
    ...(isAnswered ? { answer: last['content'] } : {}),
    ...((context ?? '') === '' ? {} : { context }),
  };
}

/** Messages have the documents that their answer came from. */
function withoutContext(message: unknown): unknown {
  if (!isRecord(message)) return message;
  const { context: _, ...rest } = message;
  return rest;
}
