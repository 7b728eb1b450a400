/** Samples of Inspect (UK AI Security Institute): `input`, `target`, `choices`, `id`, `metadata`. */

import { MEDIUM_KINDS } from '../../modalities.ts';
import { isRecord } from '../../text/is-record.ts';
import type { Defect } from '../defect.ts';
import type { NamedRow } from '../raw-row.ts';
import type { ForeignFormat, Members } from './foreign-format.ts';
import { asMetadata, optionLines, targetsOf } from './foreign-values.ts';
import { mapObjects, OBJECT_EXTENSIONS } from './read-objects.ts';

export const inspect: ForeignFormat = {
  description: 'samples of Inspect, JSON or JSONL: input (text or chat messages with media), target, choices',
  source: 'inspect_ai: src/inspect_ai/dataset/_util.py, dataset/_dataset.py, _util/content.py',
  extensions: OBJECT_EXTENSIONS,
  shape: 'objects',
  matches: ({ input, target, ideal }) =>
    ideal === undefined && (isChat(input) || (typeof input === 'string' && target !== undefined)),
  read: (path) => mapObjects(path, toRow),
};

/** Messages, each with a role. */
const isChat = (input: unknown) =>
  Array.isArray(input) && input.length > 0 && input.every((message) => isRecord(message) && 'role' in message);

/** What a sample needs beside the model: without it, its answer would be scored as wrong. */
const NEEDS_SANDBOX = ['sandbox', 'files', 'setup'];

function toRow({ line, values }: NamedRow): NamedRow | Defect {
  const { input, target, choices, id, metadata, ...rest } = values;
  const needed = NEEDS_SANDBOX.find((name) => (rest[name] ?? null) !== null);
  if (needed !== undefined)
    return { line, message: `has "${needed}": earsight has no sandbox`, hint: 'remove the sample, or this member' };
  if (input === undefined || input === null || input === '')
    return { line, message: 'has no "input"', hint: 'write the question' };
  const options = optionsOf(choices);
  const question = questionOf(input, options);
  const meta = metadataOf(metadata);
  if (meta === undefined) return { line, message: '"metadata" is not an object', hint: 'write {"key": "value"}' };
  return {
    line,
    values: {
      ...question.columns,
      id,
      target: targetsOf(target),
      meta,
      ...(options === undefined ? {} : { 'meta.choices': options }),
      ...asMetadata(rest),
    },
  };
}

/** A text is separated at commas, or else at blanks, as Inspect does it. */
function optionsOf(choices: unknown): readonly string[] | undefined {
  if (choices === undefined || choices === null) return undefined;
  if (Array.isArray(choices)) return choices.map(String);
  if (typeof choices !== 'string') return [String(choices)];
  const parts = choices.includes(',') ? choices.split(',') : choices.trim().split(/\s+/u);
  return parts.map((part) => part.trim());
}

function metadataOf(metadata: unknown): Members | undefined {
  if (metadata === undefined || metadata === null) return {};
  if (isRecord(metadata)) return metadata;
  try {
    const parsed: unknown = typeof metadata === 'string' ? JSON.parse(metadata) : undefined;
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The columns that hold what is asked. */
type Question = { readonly columns: Members };

/** The question, with the options below its last text. */
function questionOf(input: unknown, options: readonly string[] | undefined): Question {
  const lines =
    options &&
    optionLines(
      options.map((text, index) => [letterOf(index), text]),
      ')',
    );
  if (!Array.isArray(input)) return { columns: { prompt: lines === undefined ? input : `${input}\n\n${lines}` } };
  const messages: unknown[] = [];
  for (const [index, message] of input.entries()) {
    const isLast = index === input.length - 1;
    messages.push(isRecord(message) ? messageOf(message, isLast ? lines : undefined) : message);
  }
  return { columns: { messages } };
}

const letterOf = (index: number) => String.fromCharCode('A'.charCodeAt(0) + index);

/** Ids and sources of messages are records of Inspect; models do not see them. */
function messageOf(
  { content, id: _, source: _source, metadata: _metadata, ...message }: Members,
  options: string | undefined,
): Members {
  if (!Array.isArray(content))
    return { ...message, content: options === undefined ? content : `${content}\n\n${options}` };
  const parts = content.map((part: unknown) => (isRecord(part) ? partOf(part) : part));
  return { ...message, content: options === undefined ? parts : [...parts, { type: 'text', text: options }] };
}

/** The bytes decide about the format of a medium, so the declared one and its name are not needed. */
function partOf(part: Members): Members {
  const { internal: _, ...members } = part;
  const kind = MEDIUM_KINDS.find((one) => one === members['type']);
  if (kind === undefined || typeof members[kind] !== 'string') return members;
  const { [kind]: path, format: _format, filename: _name, mime_type: _type, ...rest } = members;
  return { ...rest, path };
}
