/** Fills the variables of a test into a prompt; files of media become parts of the message. */

import { isRecord } from '../../../text/is-record.ts';
import { quote } from '../../../text/quote.ts';
import type { Members } from '../foreign-format.ts';
import { messagesOf } from '../openai-messages.ts';
import type { Prompt, PromptFault } from './prompts.ts';

/** A variable that is a file. */
export interface MediaVariable {
  readonly media: 'image' | 'audio';
  readonly path: string;
}

export type Variables = Readonly<Record<string, unknown>>;

const PLACEHOLDER = /\{\{-?\s*([^{}]*?)\s*-?\}\}/gu;
const NAME = /^[A-Za-z_][\w-]*(?:\.[\w-]+)*$/u;
/** Statements and comments of Nunjucks. */
const STATEMENT = /\{%[\s\S]*?%\}|\{#[\s\S]*?#\}/u;

/** The columns of the question, or why it cannot be made. */
export function renderPrompt(
  { template, label }: Prompt,
  variables: Variables,
  around: { readonly prefix: string; readonly suffix: string },
): Members | PromptFault {
  const fault = faultOf(template, variables, label);
  if (fault !== undefined) return fault;
  if (typeof template === 'string') {
    const content = contentOf(`${around.prefix}${template}${around.suffix}`, variables);
    return { prompt: content };
  }
  const messages = template.map((message) => (isRecord(message) ? renderMessage(message, variables) : message));
  return { messages: messagesOf(messages) };
}

/** What would send another text than promptfoo does. */
function faultOf(template: Prompt['template'], variables: Variables, label: string): PromptFault | undefined {
  const text = typeof template === 'string' ? template : JSON.stringify(template);
  const statement = STATEMENT.exec(text)?.[0];
  if (statement !== undefined)
    return { fault: `${label} has the template statement ${quote(statement)}`, hint: 'write one prompt for each case' };
  for (const [whole, expression = ''] of text.matchAll(PLACEHOLDER)) {
    if (!NAME.test(expression))
      return { fault: `${label} has the expression ${quote(whole)}`, hint: 'only names of variables are filled in' };
    if (lookUp(expression, variables) === undefined)
      return { fault: `has no variable ${quote(expression)} for ${label}`, hint: 'add it to vars' };
  }
  return undefined;
}

/** `a.b` is a member of the variable `a`. */
function lookUp(name: string, variables: Variables): unknown {
  let value: unknown = variables;
  for (const part of name.split('.')) {
    if (!isRecord(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

export const isMedia = (value: unknown): value is MediaVariable =>
  isRecord(value) && 'media' in value && 'path' in value;

function asText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

/** A text, or a list of parts when a variable is a medium. */
function contentOf(text: string, variables: Variables): unknown {
  const parts: Members[] = [];
  let written = '';
  let end = 0;
  const flush = () => {
    if (written.trim() !== '') parts.push({ type: 'text', text: written.trim() });
    written = '';
  };
  for (const found of text.matchAll(PLACEHOLDER)) {
    const value = lookUp(found[1] ?? '', variables);
    written += text.slice(end, found.index);
    end = found.index + found[0].length;
    if (isMedia(value)) {
      flush();
      parts.push({ type: value.media, path: value.path });
    } else written += asText(value);
  }
  written += text.slice(end);
  if (parts.length === 0) return written;
  flush();
  return parts;
}

function renderMessage({ role, content, ...rest }: Members, variables: Variables): Members {
  const parts = Array.isArray(content)
    ? content.flatMap((part) => (isRecord(part) ? renderPart(part, variables) : [part]))
    : contentOf(asText(content), variables);
  return { ...rest, role, content: parts };
}

/** A part that names a medium is the medium, in whatever shape the vendor has it. */
function renderPart(part: Members, variables: Variables): readonly unknown[] {
  const names = [...JSON.stringify(part).matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  const media = names.map((name) => lookUp(name, variables)).find(isMedia);
  if (part['type'] === 'text' || part['type'] === 'input_text') {
    const content = contentOf(asText(part['text']), variables);
    return typeof content === 'string' ? [{ type: 'text', text: content }] : [content].flat();
  }
  return [media === undefined ? filledDeep(part, variables) : { type: media.media, path: media.path }];
}

function filledDeep(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string')
    return value.replace(PLACEHOLDER, (_, name: string) => asText(lookUp(name, variables)));
  if (Array.isArray(value)) return value.map((item) => filledDeep(item, variables));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filledDeep(member, variables)]));
}
