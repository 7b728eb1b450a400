/** Tells the path of a file with code from the name of a scorer or provider. */

/** `./name.mjs` and the like: no scorer or provider of ours has such a name. */
export const CODE_FILE = /^\.{0,2}[\\/].*\.[cm]?[jt]s$/u;

/** Whether a name of a scorer or provider is the path of a file with code. */
export function isCodeFile(name: unknown): name is string {
  return typeof name === 'string' && CODE_FILE.test(name);
}
