/** Parses a row into a sample draft and reports every defect; media are resolved later. */

import { MEDIUM_KINDS } from '../modalities.ts';
import { quote } from '../text/quote.ts';
import { type ColumnName, isReservedName, MAX_COLUMNS, nameOf } from './columns.ts';
import { createPromptFiller, type PromptFiller, type ReportUnknown } from './default-prompt.ts';
import { aboutColumn, type Complain } from './defect.ts';
import type { DraftMessage, DraftTurn, SampleDraft } from './draft.ts';
import { proposeMap } from './other-names.ts';
import { parseMessages, parseQuestion, parseTurns } from './parse-messages.ts';
import { parseParams } from './parse-params.ts';
import { EMPTY_TARGET, parseName, parseScorers, parseTags, parseTarget } from './parse-values.ts';
import type { RawRow } from './raw-row.ts';
import { createFieldReader, type Fields } from './read-fields.ts';

/** Levels of lists and objects in one row; samples need a few, and deeper rows could exhaust the stack. */
const MAX_DEPTH = 64;

/** Parses a row; undefined when it has a defect, which is reported. */
export type SampleParser = (row: RawRow, complain: Complain) => SampleDraft | undefined;

/** What is said of the prompt of rows without their own. */
interface PromptListener {
  readonly reportUnknown?: ReportUnknown;
  /** Called for each row that takes it. */
  readonly onFill?: () => void;
}

/**
 * Makes a parser for the rows of one manifest; `prompt` is that of rows without their own, see `DatasetSource`. Names in it
 * that are no columns go to `reportUnknown`.
 */
export function createSampleParser(
  prompt?: string,
  { reportUnknown = () => {}, onFill = () => {} }: PromptListener = {},
): SampleParser {
  const readFields = createFieldReader();
  const filler = prompt === undefined ? undefined : createPromptFiller(prompt, reportUnknown);
  const fill: PromptFiller | undefined =
    filler &&
    ((...row) => {
      onFill();
      return filler(...row);
    });
  return (row, complain) => {
    let isGood = true;
    const fail: Complain = (message, hint, about) => {
      isGood = false;
      complain(message, hint, about);
    };
    if (!checkNames(row, fail)) return undefined;
    const draft = parseSample(row, readFields(row, fail), fill, fail);
    return isGood ? draft : undefined;
  };
}

function parseSample(
  row: RawRow,
  { values, metadata }: Fields,
  fill: PromptFiller | undefined,
  complain: Complain,
): SampleDraft | undefined {
  const read = <T>(column: ColumnName, parse: (value: unknown, complain: Complain) => T | undefined): T | undefined => {
    const value = values[column];
    return value === undefined ? undefined : parse(value, aboutColumn(complain, column));
  };
  const id = read('id', (value, about) => parseName(value, 'id', about));
  const scorers = read('scorer', parseScorers);
  const params = read('params', parseParams);
  const target = read('target', (value, about) => (value === '' ? EMPTY_TARGET : parseTarget(value, about)));
  const group = read('group', (value, about) => parseName(value, 'group', about));
  const tags = read('tags', parseTags);
  const conversation = parseConversation(row, { values, metadata }, fill, complain);
  if (conversation === undefined) return undefined;
  // Assigned, not spread: this is made for every sample, and a spread before other members is slow on Node 20.
  return Object.assign(conversation, {
    line: row.line,
    target: conversation.turns.at(-1)?.target ?? target ?? [],
    group: group ?? null,
    tags: tags ?? [],
    metadata,
    ...(id !== undefined && { id }),
    ...(scorers !== undefined && { scorers }),
    ...(params !== undefined && { params }),
  });
}

type Conversation = { readonly messages: readonly DraftMessage[]; readonly turns: readonly DraftTurn[] };

/** What the model is asked: `prompt` with its media, `messages`, or `turns`. */
function parseConversation(
  row: RawRow,
  fields: Fields,
  fill: PromptFiller | undefined,
  complain: Complain,
): Conversation | undefined {
  const { values } = fields;
  const [source, other] = (['prompt', 'messages', 'turns'] as const).filter((name) => values[name] !== undefined);
  if (source === undefined) return parseDefault(row, fields, fill, complain);
  if (other !== undefined) {
    complain(`has both "${source}" and "${other}"`, 'keep one of them', { column: other });
    return undefined;
  }
  if (source !== 'prompt') rejectBeside(source, values, complain);
  const system = parseSystem(values.system, complain);
  if (system === undefined) return undefined;
  if (source === 'turns') {
    const turns = parseTurns(values.turns, aboutColumn(complain, source));
    return turns && { messages: system, turns };
  }
  if (source === 'messages') {
    const messages = parseMessages(values.messages, aboutColumn(complain, source));
    if (messages?.[0]?.role === 'system' && system.length > 0)
      complain('has both "system" and a system message', 'keep one of them', { column: 'system' });
    return messages && { messages: [...system, ...messages], turns: [] };
  }
  const content = parseQuestion(values, '', complain);
  return content && { messages: [...system, { role: 'user', content }], turns: [] };
}

/** The conversation of a row without a question: the configuration's prompt and the row's media. */
function parseDefault(
  row: RawRow,
  fields: Fields,
  fill: PromptFiller | undefined,
  complain: Complain,
): Conversation | undefined {
  if (fill === undefined) {
    const hint = proposeMap(Object.keys(fields.metadata), fields.values.target !== undefined);
    complain('has no "prompt"', hint, { column: 'prompt' });
    return undefined;
  }
  const content = fill(row, fields, complain);
  const system = parseSystem(fields.values.system, complain);
  return content && system && { messages: [...system, { role: 'user', content }], turns: [] };
}

/** Reports columns that a conversation has in its own messages. */
function rejectBeside(source: 'messages' | 'turns', values: Fields['values'], complain: Complain): void {
  for (const name of [...MEDIUM_KINDS, 'file_name'] as const)
    if (values[name] !== undefined)
      complain(`has both "${name}" and "${source}"`, `put the ${name} into one of the ${source}`, { column: name });
  if (source === 'turns' && values.target !== undefined)
    complain('has both "target" and "turns"', 'give each turn its own "target"', { column: 'target' });
}

function parseSystem(value: unknown, complain: Complain): readonly DraftMessage[] | undefined {
  if (value === undefined) return [];
  const text = parseName(value, 'system', aboutColumn(complain, 'system'));
  return text === undefined ? undefined : [{ role: 'system', content: [{ type: 'text', text }] }];
}

/** Reports too many members, a reserved name at any depth, and nesting that is too deep. */
function checkNames(row: RawRow, complain: Complain): boolean {
  const members = Object.values(row.values);
  if (members.length > MAX_COLUMNS) {
    complain(`has ${members.length} members, more than ${MAX_COLUMNS}`, 'leave out what is not needed');
    return false;
  }
  for (const [index, value] of members.entries()) {
    const fault = typeof value === 'object' && value !== null ? faultOfNames(value, 1) : undefined;
    if (fault === undefined) continue;
    const column = 'columns' in row ? row.columns[index] : undefined;
    complain(...fault, column && { column: nameOf(column) });
    return false;
  }
  return true;
}

function faultOfNames(value: object, depth: number): readonly [message: string, hint: string] | undefined {
  if (depth > MAX_DEPTH) return [`is nested deeper than ${MAX_DEPTH} levels`, 'make it flatter'];
  const isList = Array.isArray(value);
  for (const [name, member] of Object.entries(value)) {
    if (!isList && isReservedName(name)) return [`the name ${quote(name)} is reserved`, 'give it another name'];
    const fault = typeof member === 'object' && member !== null ? faultOfNames(member, depth + 1) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}
