/** Removes escapes of JSON, JavaScript, URLs and HTML from a text, to find what they hide. */

/** `\u0073`, `\x73`, `\/` · a run of `%73` · `&#115;`, `&#x73;`, `&amp;`. */
const ESCAPE =
  /\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|([\s\S]))|((?:%[\da-fA-F]{2})+)|&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g;

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Removes one level of escapes; returns the same text when it has none. Takes time in proportion to its length. */
export function unescapeOnce(text: string): string {
  if (!text.includes('\\') && !text.includes('%') && !text.includes('&')) return text;
  return text.replace(
    ESCAPE,
    (
      whole,
      unit?: string,
      short?: string,
      after?: string,
      bytes?: string,
      code?: string,
      hex?: string,
      name?: string,
    ) => {
      if (unit !== undefined || short !== undefined)
        return String.fromCharCode(Number.parseInt(unit ?? short ?? '', 16));
      if (after !== undefined) return CONTROLS[after] ?? after;
      if (bytes !== undefined) return Buffer.from(bytes.replaceAll('%', ''), 'hex').toString();
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const point = code === undefined ? Number.parseInt(hex ?? '', 16) : Number(code);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
