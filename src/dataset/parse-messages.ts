/** Parses conversations: `messages` (the model answers the last one) and `turns` (the model answers each). */

import { MEDIUM_KINDS } from '../modalities.ts';
import { isRecord } from '../text/is-record.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import type { Role } from '../types.ts';
import { columnOf } from './columns.ts';
import { aboutColumn, type Complain, nameOfType } from './defect.ts';
import type { DraftMessage, DraftPart, DraftTurn } from './draft.ts';
import { allOf, checkMembers, parseContent, parseMedia } from './parse-content.ts';
import { parseTarget } from './parse-values.ts';

const ROLES: readonly Role[] = ['system', 'user', 'assistant'];

/** The columns of a user message. */
export interface Question {
  readonly prompt?: unknown;
  readonly image?: unknown;
  readonly audio?: unknown;
  readonly document?: unknown;
  readonly video?: unknown;
  readonly file_name?: unknown;
}

/**
 * A user message from columns: the text first, then images, clips, documents, videos and files; `messages` allows any other order.
 * Without a prompt there are only media. Undefined when a part is invalid, which is reported.
 */
export function parseQuestion(question: Question, where: string, complain: Complain): readonly DraftPart[] | undefined {
  const text =
    question.prompt === undefined
      ? []
      : parseContent(question.prompt, `${where}"prompt"`, aboutColumn(complain, 'prompt'));
  const media = ([...MEDIUM_KINDS, 'file_name'] as const).map((name) => {
    const value = question[name];
    if (value === undefined) return [];
    const about = aboutColumn(complain, name);
    return parseMedia(value, name === 'file_name' ? 'file' : name, `${where}"${name}"`, about);
  });
  return allOf([text, ...media], (parts) => parts)?.flat();
}

/** The fixed history and the message to be answered. Undefined when a message is invalid, which is reported. */
export function parseMessages(value: unknown, complain: Complain): readonly DraftMessage[] | undefined {
  if (!Array.isArray(value) || value.length === 0) {
    const what = Array.isArray(value) ? 'an empty list' : nameOfType(value);
    complain(`"messages" is ${what}, not a list of messages`, 'write [{"role": "user", "content": "..."}]');
    return undefined;
  }
  const messages = allOf(value, (item, index) => parseMessage(item, index, complain));
  if (messages === undefined) return undefined;
  if (messages.at(-1)?.role === 'user') return messages;
  complain('the last of "messages" is not from the user', 'end with the user message that the model answers');
  return undefined;
}

function parseMessage(value: unknown, index: number, complain: Complain): DraftMessage | undefined {
  const where = `message ${index + 1}`;
  if (!isRecord(value)) {
    complain(`${where} is ${nameOfType(value)}, not an object`, 'write {"role": "user", "content": "..."}');
    return undefined;
  }
  if (!checkMembers(value, ['role', 'content'], where, complain)) return undefined;
  const role = ROLES.find((name) => name === value['role']);
  if (role === undefined) {
    const given = typeof value['role'] === 'string' ? `the unknown role ${quote(value['role'])}` : 'no role';
    complain(`${where} has ${given}`, suggest(String(value['role'] ?? ''), ROLES));
    return undefined;
  }
  const content = parseContent(value['content'], where, complain);
  if (content === undefined) return undefined;
  const fault = faultOf(role, index, content);
  if (fault === undefined) return { role, content };
  complain(`${where} ${fault}`);
  return undefined;
}

function faultOf(role: Role, index: number, content: readonly DraftPart[]): string | undefined {
  if (role === 'system' && index > 0) return 'is a system message, which may only come first';
  if (role !== 'user' && content.some(({ type }) => type !== 'text'))
    return `contains media, which only user messages may (its role is ${role})`;
  return undefined;
}

/** User turns that the model answers one by one. Undefined when a turn is invalid, which is reported. */
export function parseTurns(value: unknown, complain: Complain): readonly DraftTurn[] | undefined {
  if (!Array.isArray(value) || value.length === 0) {
    const what = Array.isArray(value) ? 'an empty list' : nameOfType(value);
    complain(`"turns" is ${what}, not a list of turns`, 'write [{"user": "..."}, {"user": "..."}]');
    return undefined;
  }
  return allOf(value, (item, index) => parseTurn(item, `turn ${index + 1} `, complain));
}

const TURN_MEMBERS = [
  'prompt',
  'user',
  ...MEDIUM_KINDS.flatMap((kind) => [kind, `${kind}s`, `${kind}_file_name`]),
  'media',
  'file_name',
  'target',
  'expected',
  'answer',
];

function parseTurn(value: unknown, where: string, complain: Complain): DraftTurn | undefined {
  if (!isRecord(value)) {
    complain(`${where}is ${nameOfType(value)}, not an object`, 'write {"user": "...", "target": "..."}');
    return undefined;
  }
  if (!checkMembers(value, TURN_MEMBERS, where.trimEnd(), complain)) return undefined;
  const members = new Map<string, unknown>();
  for (const [name, member] of Object.entries(value)) {
    const column = columnOf(name === 'user' ? 'prompt' : name);
    const key = column.type === 'column' ? column.name : name;
    if (members.has(key)) {
      complain(`${where}has more than one ${key}`, 'keep one of them');
      return undefined;
    }
    if (member !== null) members.set(key, member);
  }
  const question: Question = Object.fromEntries(members);
  if (question.prompt === undefined) complain(`${where}has no "user" text`, 'write {"user": "..."}');
  const content = question.prompt === undefined ? undefined : parseQuestion(question, where, complain);
  const target = members.has('target') ? parseTarget(members.get('target'), complain, `${where}"target"`) : [];
  return content === undefined || target === undefined ? undefined : { content, target };
}
