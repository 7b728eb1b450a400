/** Makes the URL that is called out of the endpoint that a user pasted. */

import { InputError } from '../errors.ts';
import type { ModelConfig } from '../types.ts';

/** The route of chat completions below an endpoint. */
export const CHAT = '/chat/completions';
const RESPONSES = '/responses';

/** The route that a model with OpenAI's protocols is called by. */
export function apiPath({ api }: Pick<ModelConfig, 'api'>): string {
  return api === 'responses' ? RESPONSES : CHAT;
}

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

/** @throws {InputError} for a path that ends in another route than the model's own. */
export function rejectOtherRoutes(path: string, model: Pick<ModelConfig, 'id' | 'api'>): void {
  const own = apiPath(model);
  if (path.endsWith(own) || !OTHER_ROUTES.test(path)) return;
  const isResponses = own === RESPONSES;
  throw new InputError({
    message: `${model.id}: ${path} is not a ${isResponses ? 'Responses' : 'chat completions'} route`,
    hint: hintOf(path, isResponses),
  });
}

const OTHER_ROUTES = /\/(responses|completions|embeddings|info)$|\/api\/projects\/[^/]+\/agents$/;

function hintOf(path: string, isResponses: boolean): string {
  if (isResponses) return `end it with /v1 or /v1${RESPONSES}, or leave api out`;
  const other = path.endsWith(RESPONSES) ? ', or set api: responses' : '';
  return `remove its last part, or end it with ${CHAT}${other}`;
}
