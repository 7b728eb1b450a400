/** Makes the URL that is called out of the endpoint that a user pasted. */

import { InputError } from '../errors.ts';

/** The route of chat completions below an endpoint. */
export const CHAT = '/chat/completions';

/** Parses an endpoint. @throws {InputError} when it is not an http or https URL, or holds a user name or a password. */
export function parseEndpoint(endpoint: string, modelId: string): URL {
  let url: URL;
  try {
    url = new URL(endpoint.trim());
  } catch (cause) {
    throw new InputError(
      {
        message: `${modelId}: endpoint "${endpoint}" is not a URL`,
        hint: 'write it with its scheme, e.g. https://host/v1',
      },
      { cause },
    );
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new InputError({
      message: `${modelId}: endpoint "${endpoint}" is neither https nor http`,
      hint: 'write it with its scheme, e.g. https://host/v1',
    });
  if (url.username !== '' || url.password !== '')
    throw new InputError({
      message: `${modelId}: the endpoint carries a user name or a password`,
      hint: 'name an environment variable in auth or headers instead',
    });
  url.hash = '';
  return url;
}

/** The path without slashes at its end; the root is ''. */
export function pathOf(url: URL): string {
  return url.pathname.replace(/\/+$/, '');
}

/** The same URL and query with another path. */
export function withPath(url: URL, path: string): URL {
  const result = new URL(url);
  result.pathname = path;
  return result;
}

/** @throws {InputError} for a path that ends in another route than chat completions. */
export function rejectOtherRoutes(path: string, modelId: string): void {
  if (!path.endsWith(CHAT) && /\/(responses|completions|embeddings|info)$|\/api\/projects\/[^/]+\/agents$/.test(path))
    throw new InputError({
      message: `${modelId}: ${path} is not a chat completions route`,
      hint: `remove its last part, or end it with ${CHAT}`,
    });
}
