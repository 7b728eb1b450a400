/** Makes a pattern for a secret in the forms in which a text may hold it: as it is, in base64, in hex. */

/** Longer secrets are found by their first characters, which keeps patterns small; what follows is hidden with them. */
const MAX_HEAD_CHARACTERS = 64;

/** Shorter pieces of base64 occur in ordinary text. */
const MIN_BASE64_CHARACTERS = 5;

/** Shorter values have a hexadecimal form that occurs in ids. */
const MIN_HEX_BYTES = 6;

/** The source of a pattern for a secret, which must not be empty; escapes must be removed first. */
export function disguisesOf(secret: string): string {
  // Hosts come back in lower case, and spaces of a query as plus signs.
  const texts = new Set([secret, secret.toLowerCase(), secret.replaceAll(' ', '+')]);
  const bytes = Buffer.from(secret);
  return [
    ...[...texts].map((text) => found(text, '[^\\s"\'<>]', '')),
    // The last character of base64 may also hold bits of the secret.
    ...base64Cores(bytes).map((core) => found(core, '[\\w+/-]', '[\\w+/-]?={0,2}')),
    ...(bytes.length < MIN_HEX_BYTES ? [] : [bytes.toString('hex')]),
  ].join('|');
}

function found(text: string, more: string, end: string): string {
  const rest = text.length - MAX_HEAD_CHARACTERS;
  const head = text.slice(0, MAX_HEAD_CHARACTERS).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return `${head}${rest > 0 ? `${more}{0,${rest}}` : ''}${end}`;
}

/** The characters of base64 that depend on the secret alone, for each position that it may have in what was encoded. */
function base64Cores(bytes: Buffer): readonly string[] {
  const cores = [0, 1, 2]
    .map((before) => {
      const whole = Buffer.concat([Buffer.alloc(before), bytes]);
      const end = Math.floor((whole.length * 8) / 6);
      return whole.toString('base64').slice(Math.ceil((before * 8) / 6), end);
    })
    .filter((core) => core.length >= MIN_BASE64_CHARACTERS);
  // Base64 has a second alphabet for URLs.
  return [...new Set([...cores, ...cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'))])];
}
