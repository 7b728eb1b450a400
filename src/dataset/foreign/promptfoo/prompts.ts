/** The prompts of a promptfoo configuration: texts, chats, and files of them. */

import { isRecord } from '../../../text/is-record.ts';
import { quote } from '../../../text/quote.ts';
import { parseYaml } from '../../yaml.ts';
import { isFile, pathOf, readBelow } from './read-below.ts';

/** A prompt with `{{variables}}`. */
export interface Prompt {
  /** Names it when there are several. */
  readonly label: string;
  /** A text, or chat messages. */
  readonly template: string | readonly unknown[];
}

/** Why a prompt cannot be read. */
export interface PromptFault {
  readonly fault: string;
  readonly hint?: string;
}

/** Several prompts in one text file. */
const SEPARATOR = /\r?\n---\r?\n/u;

/** What promptfoo sends when there are no prompts. */
const DEFAULT_PROMPTS: readonly Prompt[] = [{ label: 'prompt', template: '{{prompt}}' }];

/** Reads the member `prompts`; files are below the folder. */
export async function readPrompts(prompts: unknown, folder: string): Promise<readonly (Prompt | PromptFault)[]> {
  if (prompts === undefined) return DEFAULT_PROMPTS;
  const list: readonly unknown[] = Array.isArray(prompts) ? prompts : [prompts];
  const read: (Prompt | PromptFault)[] = [];
  for (const [index, item] of list.entries()) {
    const label = isRecord(item) && typeof item['label'] === 'string' ? item['label'] : `prompt ${index + 1}`;
    const source = isRecord(item) ? (item['raw'] ?? item['id']) : item;
    read.push(...(await readPrompt(source, label, folder)));
  }
  return read;
}

async function readPrompt(source: unknown, label: string, folder: string): Promise<readonly (Prompt | PromptFault)[]> {
  if (typeof source !== 'string') return [{ fault: `${label} is neither a text nor a file` }];
  if (/^(?:exec:|langfuse:\/\/|portkey:\/\/|helicone:\/\/)/u.test(source))
    return [{ fault: `${label} ${quote(source)} is not read`, hint: 'write its text' }];
  if (!isFile(source) && !/^[^\s{}]+\.(?:txt|md|j2|json|ya?ml)$/u.test(source)) return [promptOf(source, label)];
  const path = isFile(source) ? pathOf(source) : source;
  if (!/\.(?:txt|md|j2|json|ya?ml)$/u.test(path))
    return [
      { fault: `${label} ${quote(source)} is not read`, hint: 'known: .txt, .md, .j2, .json, .yaml; write its text' },
    ];
  const text = await readBelow(folder, path);
  if (typeof text !== 'string') return [{ fault: `${label} ${quote(path)} ${text.fault}` }];
  const texts = /\.(?:txt|md)$/u.test(path) ? text.split(SEPARATOR).map((part) => part.trim()) : [text];
  return texts.map((part, index) => promptOf(part, texts.length === 1 ? label : `${label}.${index + 1}`));
}

/** A text that is a list of messages in JSON or YAML is a chat. */
function promptOf(text: string, label: string): Prompt {
  if (!/^\s*(?:\[|-\s+["']?role)/u.test(text)) return { label, template: text };
  const parsed = parseYaml(text);
  const values = parsed !== undefined && 'values' in parsed ? parsed.values : undefined;
  return { label, template: Array.isArray(values) && values.every(isRecord) ? values : text };
}
