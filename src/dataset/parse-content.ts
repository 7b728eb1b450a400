/** Parses message content: text, our own short media parts, and OpenAI's parts. */

import { MEDIUM_KINDS } from '../modalities.ts';
import { isRecord } from '../text/is-record.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import type { ImageDetail } from '../types.ts';
import { type Complain, nameOfType } from './defect.ts';
import type { DraftPart, MediaKind, MediaPart } from './draft.ts';

const DETAILS: readonly ImageDetail[] = ['auto', 'low', 'high', 'original'];

type Parts = readonly DraftPart[];
type Members = Readonly<Record<string, unknown>>;

/**
 * Media of a column: one value or a list; a value is a path, a URL or `{path | url, detail?}`.
 * Undefined when one of them is invalid, which is reported.
 */
export function parseMedia(value: unknown, kind: MediaKind, name: string, complain: Complain): Parts | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return allOf(values, (value, item) => {
    const about: Complain = (message, hint) => complain(message, hint, { item });
    const part = isRecord(value)
      ? shortMedia(value, kind, name, about)
      : mediaPart(value, kind, undefined, name, about);
    return part && Object.assign(part, { item });
  });
}

/** Content of a message: text or a list of parts. Undefined when it is invalid, which is reported. */
export function parseContent(value: unknown, where: string, complain: Complain): Parts | undefined {
  if (typeof value === 'string') {
    if (value.trim() !== '') return [{ type: 'text', text: value }];
    complain(`${where} is empty`, 'write the text, or remove it');
    return undefined;
  }
  if (!Array.isArray(value) || value.length === 0) {
    const what = Array.isArray(value) ? 'an empty list' : nameOfType(value);
    complain(`${where} is ${what}, not text or a list of parts`, 'write "...", or [{"type": "text", "text": "..."}]');
    return undefined;
  }
  return allOf(value, (item, index) => parsePart(item, `${where} part ${index + 1}`, complain));
}

/** All results, or undefined when one is missing; every value is parsed, so that all defects are reported. */
export function allOf<In, Out>(
  values: readonly In[],
  make: (value: In, index: number) => Out | undefined,
): Out[] | undefined {
  const made = values.map(make);
  const good = made.filter((item) => item !== undefined);
  return good.length === made.length ? good : undefined;
}

/** Parses one kind of part. */
type PartReader = (part: Members, where: string, complain: Complain) => DraftPart | undefined;

/** The parts that a message may have, by `type`: ours (`image`, `audio`, `document`, `video`) and those of OpenAI's and Azure's chat completions. */
const PARTS: ReadonlyMap<unknown, PartReader> = new Map<string, PartReader>([
  ['text', textPart],
  ...MEDIUM_KINDS.map((kind): [string, PartReader] => [
    kind,
    (part, where, complain) => shortMedia(part, kind, where, complain),
  ]),
  ['image_url', (part, where, complain) => urlPart(part, 'image', where, complain)],
  ['audio_url', (part, where, complain) => urlPart(part, 'audio', where, complain)],
  ['video_url', (part, where, complain) => urlPart(part, 'video', where, complain)],
  ['input_audio', inputAudio],
  ['file', filePart],
]);

function parsePart(value: unknown, where: string, complain: Complain): DraftPart | undefined {
  if (!isRecord(value)) {
    complain(`${where} is ${nameOfType(value)}, not an object with a "type"`);
    return undefined;
  }
  const read = PARTS.get(value['type']);
  if (read !== undefined) return read(value, where, complain);
  const names = [...PARTS.keys()].map(String);
  const { type } = value;
  if (typeof type === 'string') complain(`${where} has the unknown type ${quote(type)}`, suggest(type, names));
  else complain(`${where} has no "type"`, `known: ${names.join(', ')}`);
  return undefined;
}

function textPart(part: Members, where: string, complain: Complain): DraftPart | undefined {
  if (!checkMembers(part, ['type', 'text'], where, complain)) return undefined;
  const { text } = part;
  if (typeof text === 'string' && text !== '') return { type: 'text', text };
  complain(`${where}: "text" is ${text === '' ? 'empty' : describe(text)}`, 'write the text');
  return undefined;
}

/** `{path}` or `{url}`: either may be a path, a URL or a data URL. */
function shortMedia(part: Members, kind: MediaKind, where: string, complain: Complain): MediaPart | undefined {
  const hasDetail = kind === 'image' || kind === 'file';
  const known = ['type', 'path', 'url', ...(hasDetail ? ['detail'] : [])];
  if (!checkMembers(part, known, where, complain)) return undefined;
  const { path, url, detail } = part;
  if ((path === undefined) === (url === undefined)) {
    complain(`${where} needs either "path" or "url"`, 'write {"path": "chart.png"}');
    return undefined;
  }
  return mediaPart(path ?? url, kind, detail, where, complain);
}

/** `{type: image_url, image_url: {url, detail?}}`, and `audio_url` and `video_url` with a `url` alone. */
function urlPart(
  part: Members,
  kind: 'image' | 'audio' | 'video',
  where: string,
  complain: Complain,
): DraftPart | undefined {
  const name = `${kind}_url`;
  const inner = innerOf(part, name, kind === 'image' ? ['url', 'detail'] : ['url'], where, complain);
  return inner && mediaPart(inner['url'], kind, inner['detail'], `${where} ${name}.url`, complain);
}

/** `{type: input_audio, input_audio: {data, format}}` with bare base64. */
function inputAudio(part: Members, where: string, complain: Complain): DraftPart | undefined {
  const inner = innerOf(part, 'input_audio', ['data', 'format'], where, complain);
  if (inner === undefined) return undefined;
  const { data, format } = inner;
  if (typeof data === 'string' && data !== '' && typeof format === 'string')
    return { type: 'audio', source: { type: 'base64', base64: data, format } };
  complain(`${where} input_audio needs "data" (base64) and "format" (wav or mp3) as text`);
  return undefined;
}

/** `{type: file, file: {file_data, filename?}}` with a data URL; a `file_id` names a file that only the vendor has. */
function filePart(part: Members, where: string, complain: Complain): DraftPart | undefined {
  const inner = innerOf(part, 'file', ['file_data', 'filename'], where, complain);
  return inner && mediaPart(inner['file_data'], 'document', undefined, `${where} file.file_data`, complain);
}

/** The member `name` of a part, after a check of its own members. */
function innerOf(
  part: Members,
  name: string,
  known: readonly string[],
  where: string,
  complain: Complain,
): Members | undefined {
  if (!checkMembers(part, ['type', name], where, complain)) return undefined;
  const inner = part[name];
  if (isRecord(inner)) return checkMembers(inner, known, `${where} ${name}`, complain) ? inner : undefined;
  const shape = known.map((member) => `"${member}": ...`).join(', ');
  complain(`${where}: "${name}" is ${describe(inner)}`, `write "${name}": {${shape}}`);
  return undefined;
}

function mediaPart(
  value: unknown,
  kind: MediaKind,
  detail: unknown,
  where: string,
  complain: Complain,
): MediaPart | undefined {
  if (typeof value !== 'string' || value.trim() === '') {
    const what = typeof value === 'string' ? 'empty' : describe(value);
    complain(`${where} is ${what}`, 'write a path, an https: URL or a data: URL');
    return undefined;
  }
  const source = { type: 'uri', uri: value.trim() } as const;
  if (detail === undefined) return { type: kind, source };
  const known = DETAILS.find((name) => name === detail);
  if (known !== undefined) return { type: kind, source, detail: known };
  const shown = typeof detail === 'string' ? quote(detail) : nameOfType(detail);
  complain(`${where} has the unknown detail ${shown}`, `known: ${DETAILS.join(', ')}`);
  return undefined;
}

const describe = (value: unknown) => (value === undefined ? 'missing' : nameOfType(value));

/** Reports unknown members, which would otherwise be ignored silently. */
export function checkMembers(value: Members, known: readonly string[], where: string, complain: Complain): boolean {
  const unknown = Object.keys(value).filter((name) => !known.includes(name));
  for (const name of unknown) complain(`${where} has the unknown member ${quote(name)}`, suggest(name, known));
  return unknown.length === 0;
}
