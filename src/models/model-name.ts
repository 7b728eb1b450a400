/** Normalises the spellings of a model's name for the tables of rules and prices. */

/** Families that are also written without the dash: `gpt4o`, `Phi4`. */
const JOINED = /(^|[^a-z])(gpt|phi)(?=\d)/g;
/** Minor versions with a dash, as in deployment names (`gpt-5-4`, `qwen2-5-vl`), but not dates or sizes. */
const DASHED_MINOR = /(^|[^a-z])(gpt-[3-9]|phi-3|qwen-?[23]|internvl-?[23])-([1-9])(?![\da-z])/g;
/** Minor versions without a separator: `gpt-35-turbo` of Azure, and deployments such as `gpt-41-mini`. */
const GLUED_MINOR = /(^|[^a-z])(gpt-[3-5]|phi-3)([1-9])(?!\d)/g;

/** Lower case, dashes for underscores, a dot in the version: `GPT_5_4-mini` is `gpt-5.4-mini`. */
export function comparableModel(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(JOINED, '$1$2-')
    .replace(DASHED_MINOR, '$1$2.$3')
    .replace(GLUED_MINOR, '$1$2.$3');
}
