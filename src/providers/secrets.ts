/** Removes keys and tokens from everything that an endpoint sends back, because it may echo the request. */

import type { Redaction, Secret } from '../io.ts';
import { createRedaction } from '../text/redaction.ts';

/** Shorter keys occur in ordinary words; they are hidden only in errors, never in answers. */
const MIN_KEY_CHARACTERS_IN_ANSWERS = 8;

const HIDDEN = '[redacted]';

/** Header names whose values are credentials. */
const SECRET_NAME = /auth|key|token|secret|password|cookie|credential|signature/i;

export function isSecretHeader(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** `sig` and `code` hold shared access signatures and function keys. */
export function isSecretQuery(name: string): boolean {
  return isSecretHeader(name) || /^(sig|code)$/i.test(name);
}

/** The values that a client sends and must never show. */
export interface Secrets {
  add(value: string): void;
  /** A text or the parsed JSON of a reply without the secrets that are too long to occur by coincidence. */
  hideInReply<T>(value: T): T;
  /** The text of an error without any secret. */
  hide(text: string): string;
}

/** `filledIn`: what the configuration took from the environment. */
export function createSecrets(filledIn?: Redaction): Secrets {
  const known = new Map<string, Secret>(filledIn?.secrets().map((secret) => [secret.value, secret]));
  const isHiddenInReplies = ({ value }: Secret) =>
    value.length >= MIN_KEY_CHARACTERS_IN_ANSWERS || filledIn?.secrets().some((secret) => secret.value === value);
  let compiled: { readonly inReply: Redaction; readonly everywhere: Redaction } | null = null;
  // Keys are added before the first request, and a token with each renewal.
  const redactions = () => {
    const all = [...known.values()];
    compiled ??= { inReply: createRedaction(all.filter(isHiddenInReplies)), everywhere: createRedaction(all) };
    return compiled;
  };
  return {
    add: (value) => {
      if (value === '' || known.has(value)) return;
      known.set(value, { value, shown: HIDDEN });
      compiled = null;
    },
    // Only texts change, so the shape stays.
    hideInReply: <T>(value: T) => redactions().inReply.hideIn(value) as T,
    hide: (text) =>
      redactions()
        .everywhere.hide(text)
        .replace(/\b(Bearer|Basic)\s+[^\s"',;]+/gi, `$1 ${HIDDEN}`),
  };
}
