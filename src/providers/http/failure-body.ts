/** Finds the message and the codes in an error body of any shape that endpoints send. */

import { isRecord } from '../../text/is-record.ts';
import { listOf, objectOf, textOf, type WireObject } from './wire-value.ts';

/** Vendors' messages are shorter; anything longer, such as a web page, is cut here. */
const MAX_MESSAGE_CHARACTERS = 500;
/** Codes are single words. */
const MAX_CODE_CHARACTERS = 100;
/** A longer run of base64 characters is echoed media, not words. */
const MEDIA_RUN = /[A-Za-z0-9+/=_-]{120,}/g;
/** The title of a page is near its start. */
const MAX_PAGE_CHARACTERS = 65_536;
/** Real bodies nest up to three levels. */
const MAX_DEPTH = 4;

/** What an error body holds. */
export interface ErrorBody {
  /** '' when there is none. */
  readonly message: string;
  /** All values of members that may hold a code, outermost first: `code`, `type`, `status`, inner codes, reasons. */
  readonly codes: readonly string[];
  /** Google's `RetryInfo`, e.g. `34s`. */
  readonly retryDelay?: string;
}

/** Reads the text of an error reply: JSON of any shape, a page of HTML, or plain text. */
export function readErrorText(text: string, hide: <T>(value: T) => T): ErrorBody {
  const parsed = parse(text.trim());
  if (parsed !== undefined) return readError(hide(parsed));
  const trimmed = hide(text.trim());
  if (/^<(!doctype|html|\?xml|head|body)/i.test(trimmed)) return { message: tidy(pageTitle(trimmed)), codes: [] };
  return { message: tidy(trimmed), codes: [] };
}

/** Reads an error value. */
export function readError(value: unknown, depth = 0): ErrorBody {
  const found = find(value, depth);
  return { ...found, message: tidy(found.message), codes: [...new Set(found.codes)] };
}

function find(value: unknown, depth: number): ErrorBody {
  if (depth > MAX_DEPTH) return { message: '', codes: [] };
  if (typeof value === 'string') return findInText(value, depth);
  if (Array.isArray(value)) return findInList(value, depth);
  return isRecord(value) ? findInObject(value, depth) : { message: '', codes: [] };
}

/** vLLM behind Azure sends a message that is itself JSON. */
function findInText(text: string, depth: number): ErrorBody {
  const parsed = /^\s*[{[]/.test(text) ? parse(text) : undefined;
  const inner = parsed === undefined ? undefined : find(parsed, depth + 1);
  return inner === undefined || inner.message === '' ? { message: text, codes: [] } : inner;
}

/** Pydantic's list of errors, a list of sentences, or Gemini's list with one error. */
function findInList(items: readonly unknown[], depth: number): ErrorBody {
  const all = items.map((item) => find(item, depth + 1));
  return {
    message: all
      .map(({ message }) => message)
      .filter((message) => message !== '')
      .join('; '),
    codes: all.flatMap(({ codes }) => codes),
    ...retryDelay(all),
  };
}

function findInObject(body: WireObject, depth: number): ErrorBody {
  const nested = [body['error'], body['detail'], body['details'], body['innererror'], body['inner_error']].map(
    (member) => find(member, depth + 1),
  );
  const direct = findInText(textOf(body['message']) ?? textOf(body['msg']) ?? '', depth);
  const place = listOf(body['loc']).join('.');
  const message = direct.message === '' ? firstMessage(nested, body) : direct.message;
  return {
    message: place === '' || message === '' ? message : `${place}: ${message}`,
    codes: [...ownCodes(body), ...direct.codes, ...nested.flatMap(({ codes }) => codes)],
    ...retryDelay([direct, ...nested]),
    ...(typeof body['retryDelay'] === 'string' ? { retryDelay: body['retryDelay'] } : {}),
  };
}

/** `{"status": "Invalid auth token"}` and `{"title": ...}` hold the message under another name. */
function firstMessage(nested: readonly ErrorBody[], body: WireObject): string {
  const found = nested.find(({ message }) => message !== '')?.message;
  const status = textOf(body['status']) ?? '';
  return found ?? textOf(body['title']) ?? (status.includes(' ') ? status : '');
}

function ownCodes(body: WireObject): readonly string[] {
  const named = [body['code'], body['type'], body['status'], body['reason']].flatMap((code) =>
    typeof code === 'number' || (typeof code === 'string' && isCode(code)) ? [String(code)] : [],
  );
  // OpenRouter sends 403 for moderation and for a bad key; only moderation has reasons.
  return listOf(objectOf(body['metadata'])['reasons']).length > 0 ? [...named, 'moderation'] : named;
}

/** Anthropic's outer type is always `error`, which is not a code. */
function isCode(text: string): boolean {
  return text !== '' && text !== 'error' && text.length <= MAX_CODE_CHARACTERS;
}

function retryDelay(found: readonly ErrorBody[]): { readonly retryDelay?: string } {
  const delay = found.find((item) => item.retryDelay !== undefined)?.retryDelay;
  return delay === undefined ? {} : { retryDelay: delay };
}

function pageTitle(page: string): string {
  const head = page.slice(0, MAX_PAGE_CHARACTERS);
  const title = elementText(head, 'title') ?? elementText(head, 'h1');
  return `a web page instead of an answer${title === undefined ? '' : `: ${title}`}`;
}

/** The text of the first such element without elements inside. It never goes back, so the time is linear. */
function elementText(page: string, name: string): string | undefined {
  const tag = new RegExp(`<${name}\\b|>|<`, 'gi');
  let isOpening = false;
  let from: number | undefined;
  for (let found = tag.exec(page); found !== null; found = tag.exec(page)) {
    const { 0: token, index } = found;
    if (token === '>') {
      from = isOpening ? index + 1 : from;
      isOpening = false;
    } else {
      const closes = page.slice(index, index + name.length + 2).toLowerCase() === `</${name}`;
      if (from !== undefined && closes) return page.slice(from, index);
      isOpening = token !== '<';
      from = undefined;
    }
  }
  return undefined;
}

/** Makes one line without control characters (a terminal would execute them) and media, cut to a readable length. */
export function tidy(text: string): string {
  const line = text
    .slice(0, 4 * MAX_MESSAGE_CHARACTERS)
    .replace(MEDIA_RUN, '[data]')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\s]+/g, ' ')
    .trim();
  return line.length > MAX_MESSAGE_CHARACTERS ? `${line.slice(0, MAX_MESSAGE_CHARACTERS - 1)}…` : line;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
