/** Counts the elements that array methods and iteration go through: work that does not depend on the machine. */

const METHODS = [
  'every',
  'filter',
  'find',
  'findIndex',
  'findLast',
  'flatMap',
  'forEach',
  'map',
  'reduce',
  'some',
] as const;
type Method = (...parameters: unknown[]) => unknown;

/** Runs `work` and returns its number of steps. Everything still does what it did before. */
export async function countWork(work: () => unknown): Promise<number> {
  let steps = 0;
  const prototype = Array.prototype as unknown as Record<string, Method>;
  const iterator = Object.getPrototypeOf([][Symbol.iterator]()) as { next: Method };
  const originals = new Map(METHODS.map((name) => [name, prototype[name] as Method]));
  const { next } = iterator;
  const replace = (name: string, method: Method) =>
    Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true, enumerable: false });
  for (const [name, original] of originals)
    replace(name, function counted(this: unknown, callback: unknown, ...others: unknown[]) {
      const counting = (...parameters: unknown[]) => {
        steps += 1;
        return (callback as Method).apply(others[0], parameters);
      };
      return original.call(this, counting, ...others);
    });
  iterator.next = function counted(this: unknown) {
    steps += 1;
    return next.call(this);
  };
  try {
    await work();
  } finally {
    iterator.next = next;
    for (const [name, original] of originals) replace(name, original);
  }
  return steps;
}
