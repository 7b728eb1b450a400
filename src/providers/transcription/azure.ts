/** `/audio/transcriptions` of Azure: `/openai/v1`, and the classic routes of deployments. */

import { InputError } from '../../errors.ts';
import { isAzureHost } from '../../models/host.ts';
import type { ModelConfig } from '../../types.ts';
import { azureScopes } from '../azure-endpoint.ts';
import { parseEndpoint, pathOf, withPath } from '../endpoint-url.ts';
import type { Dialect } from './dialect.ts';
import { openaiTranscription, transcriptions } from './openai.ts';
import { TRANSCRIPTIONS, transcriptionPath } from './transcription-path.ts';

/** The version in Microsoft's examples for gpt-4o-transcribe; whisper is older and takes it, too. */
const DEPLOYMENTS_VERSION = '2025-03-01-preview';

export const azureTranscription: Dialect = {
  description: 'Azure: `/openai/v1/audio/transcriptions` and the routes of deployments',
  params: openaiTranscription.params,
  route(model) {
    const url = azureUrl(model);
    return {
      url,
      auth: {
        keyHeaders: (key) => ({ 'api-key': key }),
        defaultEnv: isAzureHost(url.hostname) ? 'AZURE_INFERENCE_CREDENTIAL' : undefined,
        ...azureScopes(url),
      },
      ...transcriptions(model),
    };
  },
};

/** A dated version belongs to the routes of deployments; `/openai/v1` takes none, or `preview`. */
function azureUrl(model: ModelConfig): URL {
  if (model.endpoint === undefined)
    throw new InputError({
      message: `${model.id}: dialect azure needs an endpoint`,
      hint: 'e.g. https://<resource>.openai.azure.com/openai/v1',
    });
  const pasted = parseEndpoint(model.endpoint, model.id);
  const path = pathOf(pasted).replace(/\/openai$/, '');
  const version = model.apiVersion ?? pasted.searchParams.get('api-version') ?? undefined;
  const isDated = /^\d{4}-/.test(version ?? '');
  const isDeployment = /\/openai\/deployments\/[^/]+/.test(path) || (isDated && !/\/v1(\/|$)/.test(path));
  const url = withPath(pasted, isDeployment ? deploymentPath(path, model) : transcriptionPath(path, model.id, V1));
  const asked = version ?? (isDeployment ? DEPLOYMENTS_VERSION : undefined);
  if (asked !== undefined) url.searchParams.set('api-version', asked);
  return url;
}

const V1 = '/openai/v1';

function deploymentPath(path: string, { model, id }: ModelConfig): string {
  return /\/openai\/deployments\/[^/]+/.test(path)
    ? transcriptionPath(path, id, V1)
    : `${path}/openai/deployments/${encodeURIComponent(model)}${TRANSCRIPTIONS}`;
}
