/** How deeply JSON is nested, found before it is parsed: the values of a few megabytes of brackets take gigabytes. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether lists and objects are nested in more than `most` levels. The text need not be valid JSON. */
export function isDeeperThan(json: Buffer, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    switch (json[at]) {
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        if (depth > most) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      case QUOTE:
        at = textEnd(json, at);
        break;
      default:
    }
  }
  return false;
}

/** The index of the quote that ends a text, or the last index. */
function textEnd(json: Buffer, start: number): number {
  for (let end = json.indexOf(QUOTE, start + 1); end !== -1; end = json.indexOf(QUOTE, end + 1)) {
    let backslashes = 0;
    while (json[end - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return json.length;
}
