/** Removes keys and tokens from everything that an endpoint sends back, because it may echo the request. */

/** Shorter values occur in ordinary words; they are hidden only in errors, never in answers. */
const MIN_CHARACTERS_IN_ANSWERS = 8;

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
  /** The text of a reply without the secrets that are too long to occur by coincidence. */
  hideInReply(text: string): string;
  /** The text of an error without any secret. */
  hide(text: string): string;
}

export function createSecrets(): Secrets {
  /** Longest first, because one may begin with another. */
  let known: readonly string[] = [];
  const replace = (text: string, minimum: number) => {
    let result = text;
    for (const secret of known) if (secret.length >= minimum) result = result.replaceAll(secret, HIDDEN);
    return result;
  };
  return {
    add: (value) => {
      const forms = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)];
      const all = new Set([...known, ...forms.filter((form) => form !== '')]);
      known = [...all].sort((a, b) => b.length - a.length);
    },
    hideInReply: (text) => replace(text, MIN_CHARACTERS_IN_ANSWERS),
    hide: (text) => replace(text, 1).replace(/\b(Bearer|Basic)\s+[^\s"',;]+/gi, `$1 ${HIDDEN}`),
  };
}
