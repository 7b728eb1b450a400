/** Collects the settings of a model that decide what is sent: plain JSON for hashes, without keys. */

import { createHash } from 'node:crypto';
import type { ModelConfig } from '../types.ts';
import { present } from './http/wire-value.ts';
import { isSecretHeader, isSecretQuery } from './secrets.ts';

/** A change of any of them is another request. They hold values from the environment, so only their hash may be stored. */
export function wireSettings(model: ModelConfig, url: URL): unknown {
  return present({
    provider: model.provider,
    url: shownUrl(url),
    model: model.model,
    audioEncoding: model.audioEncoding,
    remoteMedia: model.remoteMedia,
    imageHistory: model.imageHistory,
    detail: model.detail,
    stream: model.stream,
    reasoning: model.reasoning,
    deployment: model.deployment,
    dialect: model.dialect,
    sendPrompt: model.sendPrompt,
    // It may hold a secret that the environment filled in.
    extraBody: model.extraBody === undefined ? undefined : digest(JSON.stringify(model.extraBody)),
    headers: model.headers === undefined ? undefined : hashedHeaders(model.headers),
  });
}

/** The URL for people: as written, if a part of the endpoint came from the environment. */
export function urlForPeople({ endpoint, filledIn }: ModelConfig, url: URL): string {
  const written = endpoint === undefined ? undefined : filledIn?.hide(endpoint);
  return written === undefined || written === endpoint ? shownUrl(url) : written;
}

/** The URL without the values of query members whose names suggest secrets. */
function shownUrl(url: URL): string {
  const shown = new URL(url);
  for (const name of new Set(shown.searchParams.keys()))
    if (isSecretQuery(name)) shown.searchParams.set(name, 'redacted');
  return shown.href;
}

/** Names of credentials without values, because a rotated key is the same request; hashes of all other values. */
function hashedHeaders(headers: Readonly<Record<string, string>>): readonly (readonly [string, string | null])[] {
  return Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), isSecretHeader(name) ? null : digest(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
