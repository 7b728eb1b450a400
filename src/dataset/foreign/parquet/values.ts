/** Turns values of a Parquet file into those of a manifest. */

/** A medium in a row: its bytes, its path, or both. */
export interface StoredMedium {
  readonly bytes: Uint8Array | null;
  readonly path: string | null;
}

/** The media of a value: one, a list, or null. */
export function mediumOf(value: unknown): StoredMedium | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return { bytes: value, path: null };
  if (typeof value !== 'object') return { bytes: null, path: String(value) };
  const { bytes = null, path = null } = value as { readonly bytes?: unknown; readonly path?: unknown };
  return { bytes: bytes instanceof Uint8Array ? bytes : null, path: typeof path === 'string' ? path : null };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** A value as JSON has it: whole numbers of 64 bits, dates, and text without an annotation. Undefined = bytes that are no text. */
export function plainValue(value: unknown, classes?: readonly string[]): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    const whole = Number.isSafeInteger(number) ? number : String(value);
    return typeof whole === 'number' && classes !== undefined ? (classes[whole] ?? whole) : whole;
  }
  if (typeof value === 'number' && classes !== undefined) return classes[value] ?? value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) {
    try {
      return UTF8.decode(value);
    } catch {
      return undefined;
    }
  }
  if (Array.isArray(value)) return value.map((item) => plainValue(item, classes));
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainValue(item)]));
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as Iterable<number>) : value;
}
