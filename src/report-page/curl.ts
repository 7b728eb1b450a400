/** The request of a cell as a command for a shell, without its key: the prompt and the media, as the configuration sends them. */

import type { PageModel, PageSample } from '../reporters/html/page-data.ts';

type Asked = Pick<PageSample, 'prompt' | 'media'>;
type Target = Pick<PageModel, 'provider' | 'wireModel' | 'endpoint' | 'keyVariable' | 'system' | 'params'>;

/** Providers whose endpoints take chat completions. */
const CHAT = ['openai', 'azure'];

/**
 * null for other providers and without an endpoint. Media that are files beside the report are read by the command; earlier
 * messages of a conversation are not in the report.
 */
export function curlCommand(model: Target, sample: Asked): string | null {
  const { provider, endpoint, keyVariable } = model;
  if (!CHAT.includes(provider) || endpoint === null) return null;
  const key = keyVariable === null ? [] : [`-H "Authorization: Bearer $${keyVariable.replace(/\W/g, '')}"`];
  const url = `${endpoint.replace(/\/+$/u, '')}/chat/completions`;
  return ['curl', quoted(url), ...key, "-H 'Content-Type: application/json'", `-d ${body(model, sample)}`].join(' ');
}

/** JSON in quotes of the shell; a file is read where its place is. */
function body({ wireModel, system, params }: Target, { prompt, media }: Asked): string {
  const files: string[] = [];
  // A mark that no text of the request has.
  let mark = 'MEDIA';
  const written = JSON.stringify([wireModel, system, params, prompt, media]);
  while (written.includes(mark)) mark += '_';
  const place = (file: string) => `${mark}${files.push(file) - 1}.`;
  const content = [
    ...media.map(({ kind, name, href = name }) => {
      if (/^https:/iu.test(href)) return { type: 'image_url', image_url: { url: href } };
      if (kind === 'image')
        return { type: 'image_url', image_url: { url: `data:image/${typeOf(name)};base64,${place(href)}` } };
      return { type: 'input_audio', input_audio: { data: place(href), format: typeOf(name) } };
    }),
    { type: 'text', text: prompt },
  ];
  const { maxTokens, topP, temperature, seed, stop } = params;
  const request = {
    model: wireModel,
    messages: [...(system === null ? [] : [{ role: 'system', content: system }]), { role: 'user', content }],
    temperature,
    top_p: topP,
    max_tokens: maxTokens,
    seed,
    stop,
  };
  return files.reduce(
    (text, file, index) => text.replace(`${mark}${index}.`, () => `'"$(base64 -w0 ${quoted(file)})"'`),
    quoted(plainJson(request)),
  );
}

/** JSON in which every character that a terminal obeys is an escape. */
function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The media type that most files of this ending have. */
function typeOf(name: string): string {
  const ending = /\.([a-z0-9]{1,5})$/iu.exec(name)?.[1]?.toLowerCase() ?? 'wav';
  return ending === 'jpg' ? 'jpeg' : ending;
}

/** One word of a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
