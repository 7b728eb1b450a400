/** Where the files and batches of OpenAI's protocol are, beside its other routes. */

import { CHAT, withPath } from '../endpoint-url.ts';
import type { BatchRoute } from './batch-client.ts';

/**
 * `url` ends in `route`, which its requests take one by one. Azure's batches belong to the resource, not to a deployment. Its
 * guide creates batches of chat completions with `/chat/completions`, and its lines have the version; it says that the service
 * tells the API by the lines (https://learn.microsoft.com/azure/foundry/openai/how-to/batch, "Create batch job"). Its reference
 * lists the values with a version only (https://learn.microsoft.com/azure/foundry/reference/rest/batches-create-batch).
 */
export function filesBatch(url: URL, route: string, isAzure: boolean): BatchRoute {
  const base = url.pathname.slice(0, -route.length).replace(/\/deployments\/[^/]+$/, '');
  return {
    type: 'files',
    filesUrl: withPath(url, `${base}/files`),
    batchesUrl: withPath(url, `${base}/batches`),
    lineUrl: `/v1${route}`,
    endpoint: isAzure && route === CHAT ? CHAT : `/v1${route}`,
    isAzure,
  };
}
