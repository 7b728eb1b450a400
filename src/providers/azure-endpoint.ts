/** Recognises the kind of a pasted Azure endpoint: which URL to call, and which tokens it takes. */

import { InputError } from '../errors.ts';
import { isAzureHost } from '../models/host.ts';
import type { ModelConfig } from '../types.ts';
import { apiPath, parseEndpoint, pathOf, rejectOtherRoutes, withPath } from './endpoint-url.ts';

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
  /** The scope to try when the endpoint rejects tokens of the first one. */
  readonly otherScope: string;
  /** Whether a key is also sent as a bearer token: for hosts that read Authorization, and for unknown hosts. */
  readonly bearerKey: boolean;
}

/** The default of Azure's documentation and of both SDKs for the Model Inference routes. */
const MODEL_INFERENCE_VERSION = '2024-05-01-preview';
/** The newest general release of the classic Azure OpenAI routes. */
const AZURE_OPENAI_VERSION = '2024-10-21';

/**
 * Normalises an endpoint. A pasted query is kept; `api-version` is added if the route needs one.
 * @throws {InputError} for an endpoint without the model's protocol.
 */
export function azureEndpoint(model: ModelConfig): AzureEndpoint {
  if (model.endpoint === undefined)
    throw new InputError({
      message: `${model.id}: provider azure needs an endpoint`,
      hint: 'e.g. https://<resource>.services.ai.azure.com/openai/v1',
    });
  const pasted = parseEndpoint(model.endpoint, model.id);
  // Users paste the URL that lists the models, because it answers in a browser.
  const path = pathOf(pasted).replace(/(\/openai\/v1|\/api\/projects\/[^/]+)\/models$/, '$1');
  if (/\/anthropic(\/|$)/.test(path))
    throw new InputError({
      message: `${model.id}: ${path} uses the Anthropic Messages protocol`,
      hint: 'use provider: anthropic with this endpoint',
    });
  rejectOtherRoutes(path, model);
  const kind = kindOf(pasted, path, model);
  if (model.api === 'responses' && kind !== 'v1' && kind !== 'unknown')
    throw new InputError({
      message: `${model.id}: the route ${path === '' ? '/' : path} has no Responses API`,
      hint: 'use https://<resource>.services.ai.azure.com/openai/v1 without a dated apiVersion',
    });
  const url = withPath(pasted, routePath(kind, path, model));
  const version = apiVersion(kind, url, model);
  if (version !== null) url.searchParams.set('api-version', version);
  const known = isAzureHost(url.hostname) && kind !== 'serverless' && kind !== 'managed' && kind !== 'unknown';
  return { kind, url, ...azureScopes(url), bearerKey: !known && kind !== 'deployments' };
}

/**
 * The endpoint by which earlier versions called another URL; null when they called the same one. A Foundry resource
 * without a path meant `/models` until Microsoft announced the end of that route.
 */
export function earlierEndpoint(model: ModelConfig): string | null {
  if (model.endpoint === undefined || model.api === 'responses') return null;
  const pasted = parseEndpoint(model.endpoint, model.id);
  if (pathOf(pasted) !== '' || !isFoundryHost(pasted.hostname) || isDated(versionOf(pasted, model))) return null;
  return withPath(pasted, '/models').href;
}

/**
 * The scope whose tokens the endpoint takes, and the one to try next. The `/openai/v1` route of Foundry and projects take
 * `ai.azure.com` (Microsoft's migration guide), managed online endpoints `ml.azure.com` (Azure ML), all others
 * cognitiveservices. Sovereign clouds have their own suffix.
 */
export function azureScopes({ hostname, pathname }: URL): Pick<AzureEndpoint, 'scope' | 'otherScope'> {
  const suffix = /\.azure\.(com|us|cn)$/.exec(hostname)?.[1] ?? 'com';
  const scopeOf = (service: string) => `https://${service}.azure.${suffix}/.default`;
  if (isManagedHost(hostname)) return { scope: scopeOf('ml'), otherScope: scopeOf('cognitiveservices') };
  const isProject = pathname.includes('/api/projects/');
  return isProject || (isFoundryHost(hostname) && /\/openai\/v1(\/|$)/.test(pathname))
    ? { scope: scopeOf('ai'), otherScope: scopeOf('cognitiveservices') }
    : { scope: scopeOf('cognitiveservices'), otherScope: scopeOf('ai') };
}

function isFoundryHost(host: string): boolean {
  return /\.services\.ai\.azure\.(com|us|cn)$/.test(host);
}

function isManagedHost(host: string): boolean {
  return /\.inference\.ml\.azure\.(com|us|cn)$/.test(host);
}

function kindOf(pasted: URL, path: string, model: ModelConfig): AzureKind {
  const host = pasted.hostname;
  if (/\.(models|inference)\.ai\.azure\.com$/.test(host)) return 'serverless';
  if (isManagedHost(host)) return 'managed';
  if (/\/openai\/deployments\/[^/]+/.test(path)) return 'deployments';
  if (/\/openai\/v1(\/|$)/.test(path) || /\/api\/projects\/[^/]+/.test(path)) return 'v1';
  if (/\/models(\/chat\/completions)?$/.test(path)) return 'models';
  if (/\.(openai|cognitiveservices)\.azure\.(com|us|cn)$/.test(host) || path.endsWith('/openai'))
    return isDated(model.apiVersion) ? 'deployments' : 'v1';
  if (!isFoundryHost(host)) return 'unknown';
  // A dated version belongs to `/models`: `/openai/v1` takes none.
  return path === '' && !isDated(versionOf(pasted, model)) ? 'v1' : 'models';
}

function routePath(kind: AzureKind, path: string, model: ModelConfig): string {
  const route = apiPath(model);
  if (path.endsWith(route)) return path;
  const withOpenai = path.endsWith('/openai') ? path : `${path}/openai`;
  switch (kind) {
    case 'models':
      return `${path === '' ? '/models' : path}${route}`;
    case 'deployments':
      return path.includes('/openai/deployments/')
        ? `${path}${route}`
        : `${withOpenai}/deployments/${encodeURIComponent(model.model)}${route}`;
    case 'v1':
      return path.endsWith('/openai/v1') ? `${path}${route}` : `${withOpenai}/v1${route}`;
    case 'managed':
      // The portal shows the scoring URI of a managed endpoint, which ends in /score.
      return `${path.replace(/\/score$/, '')}${route}`;
    case 'serverless':
    case 'unknown':
      return `${path}${route}`;
    default:
      return kind satisfies never;
  }
}

/** The version that is asked for, if any. */
function versionOf(pasted: URL, model: ModelConfig): string | undefined {
  return model.apiVersion ?? pasted.searchParams.get('api-version') ?? undefined;
}

/** The configured version wins over a pasted one, because it is more deliberate. */
function apiVersion(kind: AzureKind, url: URL, model: ModelConfig): string | null {
  if (model.apiVersion !== undefined) return model.apiVersion;
  if (url.searchParams.has('api-version') || kind === 'v1' || model.api === 'responses') return null;
  return kind === 'deployments' ? AZURE_OPENAI_VERSION : MODEL_INFERENCE_VERSION;
}

/** Dates such as `2024-10-21` belong to the classic routes, `v1` and `preview` to the new ones. */
function isDated(version: string | undefined): boolean {
  return version !== undefined && /^\d{4}-/.test(version);
}
