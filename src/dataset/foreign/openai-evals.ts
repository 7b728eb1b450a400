/** Samples of the evals repository of OpenAI: `input` (chat or text) and `ideal`. */

import { isRecord } from '../../text/is-record.ts';
import type { Defect } from '../defect.ts';
import type { NamedRow } from '../raw-row.ts';
import type { ForeignFormat, Members } from './foreign-format.ts';
import { asMetadata, targetsOf } from './foreign-values.ts';
import { mapObjects, OBJECT_EXTENSIONS } from './read-objects.ts';

export const openaiEvals: ForeignFormat = {
  description: "samples of OpenAI's evals repository, JSONL: input (chat or text), ideal",
  source: 'openai/evals: docs/build-eval.md, evals/elsuite/basic/match.py',
  extensions: OBJECT_EXTENSIONS,
  shape: 'objects',
  matches: ({ input, ideal }) => ideal !== undefined && (typeof input === 'string' || Array.isArray(input)),
  read: (path) => mapObjects(path, toRow),
};

function toRow({ line, values }: NamedRow): NamedRow | Defect {
  const { input, ideal, id, ...rest } = values;
  if (input === undefined || input === null) return { line, message: 'has no "input"', hint: 'write the question' };
  const question = Array.isArray(input) ? { messages: input.map(messageOf) } : { prompt: input };
  return { line, values: { ...question, id, target: targetsOf(ideal), ...asMetadata(rest) } };
}

/** The names that system messages have as examples of a conversation, with the roles of these. */
const EXAMPLE_ROLES: ReadonlyMap<unknown, string> = new Map([
  ['example_user', 'user'],
  ['example_assistant', 'assistant'],
]);

/** Examples become messages of the conversation: most endpoints take a system message only at the start. */
function messageOf(message: unknown): unknown {
  if (!isRecord(message)) return message;
  const role = message['role'] === 'system' ? EXAMPLE_ROLES.get(message['name']) : undefined;
  if (role === undefined) return message;
  const { name: _, ...rest }: Members = message;
  return { ...rest, role };
}
