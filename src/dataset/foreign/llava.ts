/** Conversations of LLaVA and ShareGPT: `conversations` with `from` and `value`, images where the text has `<image>`. */

import { isRecord } from '../../text/is-record.ts';
import { quote } from '../../text/quote.ts';
import type { Defect } from '../defect.ts';
import { FRAMES } from '../foreign-types.ts';
import type { NamedRow } from '../raw-row.ts';
import type { ForeignFormat, Members } from './foreign-format.ts';
import { asMetadata } from './foreign-values.ts';
import { mapObjects, OBJECT_EXTENSIONS } from './read-objects.ts';

export const llava: ForeignFormat = {
  description: 'conversations of LLaVA and ShareGPT, JSON or JSONL: image, conversations (from, value), <image>',
  source:
    'haotian-liu/LLaVA: docs/Finetune_Custom_Data.md, llava/train/train.py; hiyouga/LLaMA-Factory: data/README.md',
  extensions: OBJECT_EXTENSIONS,
  shape: 'objects',
  precedence: 'prompt',
  matches: ({ conversations }) =>
    Array.isArray(conversations) &&
    conversations.length > 0 &&
    conversations.every((item) => isRecord(item) && 'from' in item && 'value' in item),
  read: (path) => mapObjects(path, (row) => [toRow(row)]),
};

/** Names of the speakers in both projects. */
const SPEAKERS: ReadonlyMap<unknown, 'system' | 'user' | 'assistant'> = new Map([
  ['human', 'user'],
  ['user', 'user'],
  ['gpt', 'assistant'],
  ['assistant', 'assistant'],
  ['system', 'system'],
]);

type Said = { readonly role: 'system' | 'user' | 'assistant'; readonly text: string };
type Fault = { readonly message: string; readonly hint?: string };

function toRow({ line, values }: NamedRow): NamedRow | Defect {
  const { conversations, image, images, system, id, ...rest } = values;
  const unread = ['video', 'videos', 'audios'].find((name) => (rest[name] ?? null) !== null);
  if (unread !== undefined) return { line, message: `has "${unread}", which is not read`, hint: FRAMES };
  const said = Array.isArray(conversations) ? saidOf(conversations) : { message: 'has no "conversations"' };
  if ('message' in said) return { line, ...said };
  const media = [image, images].flat().filter((item) => (item ?? null) !== null);
  const own = said.find(({ role }) => role === 'system')?.text;
  const turns = turnsOf(
    said.filter(({ role }) => role !== 'system'),
    media,
  );
  if ('message' in turns) return { line, ...turns };
  const columns = turns.length === 1 ? asPrompt(turns[0] ?? {}) : { turns };
  return { line, values: { id, system: own ?? system, ...columns, ...asMetadata(rest) } };
}

function saidOf(conversations: readonly unknown[]): readonly Said[] | Fault {
  const said: Said[] = [];
  for (const [index, item] of conversations.entries()) {
    const from = isRecord(item) ? item['from'] : undefined;
    const role = SPEAKERS.get(from);
    const text = isRecord(item) ? item['value'] : undefined;
    const where = `conversation ${index + 1}`;
    if (role === undefined)
      return {
        message: `${where} is from ${typeof from === 'string' ? quote(from) : 'nobody'}`,
        hint: `known: ${[...SPEAKERS.keys()].join(', ')}; tools have no counterpart`,
      };
    if (typeof text !== 'string') return { message: `${where} has no text in "value"` };
    said.push({ role, text });
  }
  return said;
}

/** Each question with the answer that follows it. Training leaves out an answer before the first question, too. */
function turnsOf(said: readonly Said[], media: readonly unknown[]): readonly Members[] | Fault {
  const start = said.findIndex(({ role }) => role === 'user');
  if (start === -1) return { message: 'has no question of a human' };
  const rounds = said.slice(start);
  const misplaced = rounds.findIndex(({ role }, index) => (role === 'user') !== (index % 2 === 0));
  if (misplaced !== -1) return { message: 'has two texts in a row from the same speaker', hint: 'join them' };
  const named = rounds.filter(({ role }) => role === 'user').flatMap(({ text }) => text.match(TOKEN) ?? []).length;
  if (named > 0 && named !== media.length)
    return {
      message: `has ${named} <image> in its texts and ${media.length} ${media.length === 1 ? 'image' : 'images'}`,
      hint: 'name each image once',
    };
  const left = [...media];
  return rounds.flatMap(({ role, text }, index): readonly Members[] => {
    if (role !== 'user') return [];
    const isFirst = index === 0;
    const parts = partsOf(isFirst && named === 0 ? `${'<image>'.repeat(media.length)}${text}` : text, left);
    const answer = rounds[index + 1]?.text;
    return [{ user: parts, ...(answer === undefined ? {} : { target: answer }) }];
  });
}

const TOKEN = /<image>/gu;

/** A line feed joins the token to the text. Takes the images that it places out of `media`. */
function partsOf(text: string, media: unknown[]): unknown {
  const pieces = text.split(TOKEN);
  if (pieces.length === 1) return text;
  return pieces.flatMap((piece, index): readonly object[] => {
    const shown = index === 0 ? [] : [{ type: 'image', path: media.shift() }];
    const plain = (index === 0 ? piece : piece.replace(/^\n/u, '')).replace(/\n$/u, '');
    return plain === '' ? shown : [...shown, { type: 'text', text: plain }];
  });
}

const asPrompt = ({ user, target }: Members): Members => ({ prompt: user, target });
