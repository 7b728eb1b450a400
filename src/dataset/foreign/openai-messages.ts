/** Turns messages of OpenAI's chat completions and responses into those of a manifest of ours. */

import { isRecord } from '../../text/is-record.ts';
import type { Members } from './foreign-format.ts';

/** Roles and parts under our names. What is unknown stays, so that the manifest reader reports it. */
export function messagesOf(messages: readonly unknown[]): readonly unknown[] {
  return messages.map((message) => (isRecord(message) ? messageOf(message) : message));
}

/** Members without a value, and the type that responses give each message, say nothing. */
function messageOf({ role, content, type, ...rest }: Members): Members {
  const others = Object.entries({ ...rest, ...(type === 'message' ? {} : { type }) });
  return {
    role: role === 'developer' ? 'system' : role,
    content: contentOf(content),
    ...Object.fromEntries(others.filter(([, value]) => (value ?? null) !== null)),
  };
}

function contentOf(content: unknown): unknown {
  if (isRecord(content)) return [partOf(content)];
  return Array.isArray(content) ? content.map((part) => (isRecord(part) ? partOf(part) : part)) : content;
}

/** Parts of the responses API; those of chat completions are read as they are. */
function partOf(part: Members): Members {
  const { type, text, image_url, ...rest } = part;
  if (type === 'input_text' || type === 'output_text') return { type: 'text', text };
  if (type === 'input_image' && typeof image_url === 'string') return { type: 'image', path: image_url, ...rest };
  const { file_data, file_url, filename: _, ...others } = rest;
  const path = file_data ?? file_url;
  // A file of the vendor's own store cannot be read.
  if (type === 'input_file' && path !== undefined) return { type: 'document', path, ...others };
  return part;
}
