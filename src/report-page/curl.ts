/** The last request of a cell as a command for a shell, without its key: the body that the provider makes, media read from files. */

import { MEDIUM_KINDS, type MediumKind } from '../modalities.ts';
import { chatBody } from '../providers/chat-body.ts';
import { generateBody } from '../providers/generate-body.ts';
import { type Json, MediaText } from '../providers/http/json-body.ts';
import type { MediaSource, SourceOf } from '../providers/media-source.ts';
import { messagesBody } from '../providers/messages-body.ts';
import { responsesBody } from '../providers/responses-body.ts';
import type { PageCell, PageMedia, PageModel, PageSample } from '../reporters/html/page-data.ts';
import { fillPlaceholders } from '../text/placeholders.ts';
import { terminalJson } from '../text/terminal-json.ts';
import type { ContentPart, Message } from '../types.ts';

type Asked = Pick<PageSample, 'id' | 'prompt' | 'media' | 'turns' | 'group' | 'meta'>;
type Target = Pick<
  PageModel,
  'provider' | 'wireModel' | 'sent' | 'auth' | 'keyVariable' | 'system' | 'template' | 'extraBody'
>;

/** How the endpoints of a provider are asked. */
interface Dialect {
  readonly body: (...args: Parameters<typeof chatBody>) => Json;
  readonly keyHeader: (url: string) => string;
  readonly headers: readonly string[];
  /** Variable of the vendor's own tools. */
  readonly variable: string;
}

const DIALECTS: Readonly<Record<string, Dialect>> = {
  openai: { body: chatBody, keyHeader: () => 'Authorization: Bearer ', headers: [], variable: 'OPENAI_API_KEY' },
  azure: { body: chatBody, keyHeader: azureHeader, headers: [], variable: 'AZURE_INFERENCE_CREDENTIAL' },
  anthropic: {
    body: (request, model, _, sourceOf) => messagesBody(request, model, sourceOf),
    keyHeader: () => 'x-api-key: ',
    headers: ['anthropic-version: 2023-06-01'],
    variable: 'ANTHROPIC_API_KEY',
  },
  google: {
    body: (request, model, _, sourceOf) => generateBody(request, model, sourceOf),
    keyHeader: () => 'x-goog-api-key: ',
    headers: [],
    variable: 'GEMINI_API_KEY',
  },
};

const responsesOnly: Dialect['body'] = (request, model, _, sourceOf) => responsesBody(request, model, sourceOf);

/**
 * null for providers that take no JSON, and where the URL was not recorded. The journal does not hold earlier messages of a
 * sample with `messages`, nor a sample's own system message and parameters: these are not in the command.
 */
export function curlCommand(model: Target, sample: Asked, { earlier = [] }: Pick<PageCell, 'earlier'>): string | null {
  const dialect = Object.hasOwn(DIALECTS, model.provider) ? DIALECTS[model.provider] : undefined;
  const { sent } = model;
  if (dialect === undefined || sent === null || !/^https?:/iu.test(sent.url)) return null;
  // A stream is for programs.
  const url = sent.url.replace(':streamGenerateContent?alt=sse', ':generateContent');
  const headers = ['Content-Type: application/json', ...dialect.headers].flatMap((header) => ['-H', quoted(header)]);
  const made = /\/responses(?:\?|$)/u.test(url) ? { ...dialect, body: responsesOnly } : dialect;
  const data = body(made, model, messagesOf(model, sample, earlier));
  return ['curl', quoted(url), ...keyHeader(dialect, model, url), ...headers, '-d', data].join(' ');
}

/** Names the variable, in double quotes, so that the shell puts the key there. */
function keyHeader({ keyHeader: header, variable }: Dialect, { auth, keyVariable }: Target, url: string) {
  const isVendor =
    /^https:\/\/(?:api\.openai\.com|api\.anthropic\.com|[^/]*\.googleapis\.com|[^/]*\.azure\.com)\//iu.test(url);
  if (auth === 'none' || (auth === null && !isVendor)) return [];
  if (auth === 'entra') return ['-H', '"Authorization: Bearer $ACCESS_TOKEN"'];
  return ['-H', `"${header(url)}$${(keyVariable ?? variable).replace(/\W/gu, '')}"`];
}

/** Serverless and managed endpoints, and gateways, read `Authorization`. */
function azureHeader(url: string): string {
  const isResource = /\.(?:openai|cognitiveservices|services\.ai)\.azure\./iu.test(url);
  return isResource ? 'api-key: ' : 'Authorization: Bearer ';
}

interface MarkedMedia {
  readonly file: string;
  readonly part: Exclude<ContentPart, { readonly type: 'text' }>;
}

/** What the model was asked, up to the turn after its last earlier answer. */
function messagesOf({ system, template }: Target, sample: Asked, earlier: readonly string[]) {
  const files: MarkedMedia[] = [];
  const turns = sample.turns ?? [{ prompt: sample.prompt, ...countsOf(sample.media) }];
  const left = new Map(MEDIUM_KINDS.map((kind) => [kind, sample.media.filter((one) => one.kind === kind)]));
  const messages: Message[] = system === null ? [] : [{ role: 'system', content: [{ type: 'text', text: system }] }];
  for (const [index, turn] of turns.slice(0, earlier.length + 1).entries()) {
    const counts = { image: turn.images, audio: turn.audio, document: turn.documents, video: turn.videos };
    const media = MEDIUM_KINDS.flatMap((kind) => left.get(kind)?.splice(0, counts[kind] ?? 0) ?? []).map((one) =>
      mediaPart(one, files),
    );
    const text = template === null ? turn.prompt : filled(template, turn.prompt, sample);
    messages.push({ role: 'user', content: [...media, { type: 'text', text }] });
    const answer = earlier[index];
    if (answer !== undefined) messages.push({ role: 'assistant', content: [{ type: 'text', text: answer }] });
  }
  return { messages, files };
}

function countsOf(media: readonly PageMedia[]) {
  const count = (wanted: MediumKind) => media.filter(({ kind }) => kind === wanted).length;
  return { images: count('image'), audio: count('audio'), documents: count('document'), videos: count('video') };
}

function filled(template: string, prompt: string, { id, group, meta }: Asked): string {
  const values: Readonly<Record<string, string>> = {
    ...{ prompt, id, group: group ?? '' },
    ...Object.fromEntries(Object.entries(meta).map(([key, value]) => [`meta.${key}`, value])),
  };
  return fillPlaceholders(template, (name) => values[name] ?? '');
}

function mediaPart({ kind, name, href = name }: PageMedia, files: MarkedMedia[]): ContentPart {
  const part = { type: kind, media: { type: 'url', uri: href } } as const;
  files.push({ file: href, part });
  return part;
}

/** JSON in quotes of the shell; a file is read where its place is. */
function body({ body: make }: Dialect, model: Target, { messages, files }: ReturnType<typeof messagesOf>): string {
  const { wireModel, sent, extraBody, provider } = model;
  const { params = {}, ...settings } = sent ?? {};
  // A mark that no text of the request has.
  let mark = 'MEDIA';
  const written = JSON.stringify([messages, params, extraBody, wireModel]);
  while (written.includes(mark)) mark += '_';
  const sourceOf: SourceOf = (part) => sourceOfFile(files, part, mark);
  const request = make(
    { messages, params },
    { model: wireModel, ...settings, ...(extraBody === null ? {} : { extraBody }) },
    { developerRole: provider === 'openai' },
    sourceOf,
  );
  const texts = (_: string, value: unknown) => (value instanceof MediaText ? `${value.prefix}${value.base64}` : value);
  return files.reduce(
    (text, { file }, index) => text.replace(`${mark}${index}.`, () => `'"$(base64 -w0 ${quoted(file)})"'`),
    quoted(terminalJson(JSON.parse(JSON.stringify(request, texts)))),
  );
}

function sourceOfFile(files: readonly MarkedMedia[], part: MarkedMedia['part'], mark: string): MediaSource {
  const index = files.findIndex((one) => one.part === part);
  const { file = '' } = files[index] ?? {};
  if (/^https:/iu.test(file)) return { type: 'url', url: file };
  return { type: 'bytes', mediaType: typeOf(file, part.type), base64: `${mark}${index}.` };
}

const SUBTYPES: Readonly<Record<string, string>> = { jpg: 'jpeg', mp3: 'mpeg', m4a: 'mp4' };

const USUAL = { image: 'png', audio: 'wav', video: 'mp4' } as const;

/** The media type that most files of this ending have. */
function typeOf(name: string, kind: MediumKind): string {
  if (kind === 'document') return 'application/pdf';
  const ending = /\.([a-z0-9]{1,5})$/iu.exec(name)?.[1]?.toLowerCase() ?? USUAL[kind];
  return `${kind}/${SUBTYPES[ending] ?? ending}`;
}

/** One word of a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
