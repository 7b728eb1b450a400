/** Collects what `${NAME}` references were replaced by: whatever comes from the environment is a secret. */

import type { Redaction, Secret } from '../io.ts';
import { createRedaction } from '../text/redaction.ts';

/** Shorter values are not secrets, and parts of words would match them. */
const MIN_HIDDEN_CHARACTERS = 4;

/** Other segments of a path are words, such as `completions`. */
const MIN_SEGMENT_CHARACTERS = 8;

/** Hides the values of these variables and shows `${NAME}` instead; undefined when there is nothing to hide. */
export function filledIn(names: Iterable<string>, env: Readonly<Record<string, string>>): Redaction | undefined {
  const secrets = new Map<string, Secret>();
  for (const name of names)
    for (const value of [env[name] ?? '', ...partsOf(env[name] ?? '')])
      if (value.trim().length >= MIN_HIDDEN_CHARACTERS && !secrets.has(value))
        secrets.set(value, { value, shown: `\${${name}}` });
  return secrets.size === 0 ? undefined : createRedaction([...secrets.values()]);
}

/** What an endpoint or an error may show of a value without the rest of it. */
function partsOf(value: string): readonly string[] {
  const credential = /^(?:bearer|basic|token|key|apikey|api-key)\s+(\S.*)$/i.exec(value)?.[1];
  return [value.trim(), ...(credential === undefined ? [] : [credential]), ...urlParts(value)];
}

function urlParts(value: string): readonly string[] {
  if (!/^\s*https?:\/\//i.test(value) || !URL.canParse(value.trim())) return [];
  const url = new URL(value.trim());
  const path = url.pathname.replace(/\/+$/, '');
  const segments = path.split('/').filter((part) => part.length >= MIN_SEGMENT_CHARACTERS && /\d/.test(part));
  return [url.host, url.hostname, path, ...segments, ...url.searchParams.values()];
}
