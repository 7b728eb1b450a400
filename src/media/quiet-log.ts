/** Keeps a package from printing on stdout, which is the product of a command; it throws what it prints, too. */

type Log = (...items: readonly unknown[]) => void;

/** Runs something during which lines that begin with one of the texts are left out; all others are printed. */
export type WithoutLines = <T>(texts: readonly string[], run: () => Promise<T>) => Promise<T>;

/** `target` is the console. */
export function createQuietLog(target: { log: Log }): WithoutLines {
  let running = 0;
  let print = target.log;
  return async (texts, run) => {
    if (running === 0) print = target.log;
    running += 1;
    target.log = (...items) => {
      if (!texts.some((text) => items[0] === text)) print(...items);
    };
    try {
      return await run();
    } finally {
      running -= 1;
      // Several may run at the same time: the last one restores what the first one found.
      if (running === 0) target.log = print;
    }
  };
}
