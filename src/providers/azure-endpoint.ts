/** Recognises the kind of a pasted Azure endpoint: which URL to call, and which tokens it takes. */

import { InputError } from '../errors.ts';
import type { ModelConfig } from '../types.ts';
import { CHAT, parseEndpoint, pathOf, rejectOtherRoutes, withPath } from './endpoint-url.ts';

/**
 * models: Azure AI Model Inference, `/models` and `/api/models` · deployments: Azure OpenAI classic ·
 * v1: `/openai/v1`, also below a project · serverless, managed: one model a host · unknown: any other host.
 */
export type AzureKind = 'models' | 'deployments' | 'v1' | 'serverless' | 'managed' | 'unknown';

export interface AzureEndpoint {
  readonly kind: AzureKind;
  /** The URL that is called, with its query. */
  readonly url: URL;
  /** The OAuth scope, unless `auth.scope` names another one. */
  readonly scope: string;
  /** Whether a key is also sent as a bearer token: for hosts that read Authorization, and for unknown hosts. */
  readonly bearerKey: boolean;
}

/** The default of Azure's documentation and of both SDKs for the Model Inference routes. */
const MODEL_INFERENCE_VERSION = '2024-05-01-preview';
/** The newest general release of the classic Azure OpenAI routes. */
const AZURE_OPENAI_VERSION = '2024-10-21';

/**
 * Normalises an endpoint. A pasted query is kept; `api-version` is added if the route needs one.
 * @throws {InputError} for an endpoint without chat completions.
 */
export function azureEndpoint(model: ModelConfig): AzureEndpoint {
  if (model.endpoint === undefined)
    throw new InputError({
      message: `${model.id}: provider azure needs an endpoint`,
      hint: 'e.g. https://<resource>.services.ai.azure.com/models',
    });
  const pasted = parseEndpoint(model.endpoint, model.id);
  // Users paste the URL that lists the models, because it answers in a browser.
  const path = pathOf(pasted).replace(/(\/openai\/v1|\/api\/projects\/[^/]+)\/models$/, '$1');
  if (/\/anthropic(\/|$)/.test(path))
    throw new InputError({
      message: `${model.id}: ${path} uses the Anthropic Messages protocol`,
      hint: 'use provider: anthropic with this endpoint',
    });
  rejectOtherRoutes(path, model.id);
  const kind = kindOf(pasted.hostname, path, model);
  const url = withPath(pasted, chatPath(kind, path, model));
  const version = apiVersion(kind, url, model);
  if (version !== null) url.searchParams.set('api-version', version);
  const known = isAzureHost(url.hostname) && kind !== 'serverless' && kind !== 'managed' && kind !== 'unknown';
  return { kind, url, scope: azureScope(url), bearerKey: !known && kind !== 'deployments' };
}

/** Whether a host belongs to Azure, including sovereign clouds. */
export function isAzureHost(host: string): boolean {
  return /\.azure\.(com|us|cn)$/.test(host);
}

/**
 * The scope whose tokens the endpoint takes. Foundry resources take cognitiveservices (the article), projects
 * `ai.azure.com` (samples), managed online endpoints `ml.azure.com` (Azure ML); sovereign clouds have their own suffix.
 */
export function azureScope(url: URL): string {
  const suffix = /\.azure\.(com|us|cn)$/.exec(url.hostname)?.[1] ?? 'com';
  if (isManagedHost(url.hostname)) return `https://ml.azure.${suffix}/.default`;
  if (url.pathname.includes('/api/projects/')) return `https://ai.azure.${suffix}/.default`;
  return `https://cognitiveservices.azure.${suffix}/.default`;
}

function isManagedHost(host: string): boolean {
  return /\.inference\.ml\.azure\.(com|us|cn)$/.test(host);
}

function kindOf(host: string, path: string, model: ModelConfig): AzureKind {
  if (/\.(models|inference)\.ai\.azure\.com$/.test(host)) return 'serverless';
  if (isManagedHost(host)) return 'managed';
  if (/\/openai\/deployments\/[^/]+/.test(path)) return 'deployments';
  if (/\/openai\/v1(\/|$)/.test(path) || /\/api\/projects\/[^/]+/.test(path)) return 'v1';
  if (/\/models(\/chat\/completions)?$/.test(path)) return 'models';
  if (/\.(openai|cognitiveservices)\.azure\.(com|us|cn)$/.test(host) || path.endsWith('/openai'))
    return isDated(model.apiVersion) ? 'deployments' : 'v1';
  return /\.services\.ai\.azure\.(com|us|cn)$/.test(host) ? 'models' : 'unknown';
}

function chatPath(kind: AzureKind, path: string, model: ModelConfig): string {
  if (path.endsWith(CHAT)) return path;
  const withOpenai = path.endsWith('/openai') ? path : `${path}/openai`;
  switch (kind) {
    case 'models':
      return `${path === '' ? '/models' : path}${CHAT}`;
    case 'deployments':
      return path.includes('/openai/deployments/')
        ? `${path}${CHAT}`
        : `${withOpenai}/deployments/${encodeURIComponent(model.model)}${CHAT}`;
    case 'v1':
      return path.endsWith('/openai/v1') ? `${path}${CHAT}` : `${withOpenai}/v1${CHAT}`;
    case 'managed':
      // The portal shows the scoring URI of a managed endpoint, which ends in /score.
      return `${path.replace(/\/score$/, '')}${CHAT}`;
    case 'serverless':
    case 'unknown':
      return `${path}${CHAT}`;
    default:
      return kind satisfies never;
  }
}

/** The configured version wins over a pasted one, because it is more deliberate. */
function apiVersion(kind: AzureKind, url: URL, model: ModelConfig): string | null {
  if (model.apiVersion !== undefined) return model.apiVersion;
  if (url.searchParams.has('api-version') || kind === 'v1') return null;
  return kind === 'deployments' ? AZURE_OPENAI_VERSION : MODEL_INFERENCE_VERSION;
}

/** Dates such as `2024-10-21` belong to the classic routes, `v1` and `preview` to the new ones. */
function isDated(version: string | undefined): boolean {
  return version !== undefined && /^\d{4}-/.test(version);
}
