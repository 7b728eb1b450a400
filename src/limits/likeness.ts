/** Compares what endpoints say, without the parts that differ from request to request. */

/** Addresses, paths and names of files. */
const ADDRESS = /\S*[/\\]\S*|\b[\w-]+\.[a-z]\w{1,3}\b/gi;
/** Quoted words; an apostrophe inside a word is no quote. */
const QUOTED = /"[^"]*"|`[^`]*`|“[^”]*”|‘[^’]*’|(?<!\w)'[^']*'(?!\w)/g;
/** Numbers, ids and dates. */
const WITH_DIGITS = /\b(?=[\w-]*\d)[\w-]+/g;

/** The message without addresses, quoted words, numbers and ids: two failures with the same one have the same cause. */
export function comparableMessage(message: string): string {
  return message.replace(QUOTED, '#').replace(ADDRESS, '#').replace(WITH_DIGITS, '#');
}
