/** A set of strings that needs 12 bytes for each slot, so that a million ids take little memory. */

import { hash } from 'node:crypto';
import { free, freeable } from './freeable.ts';

const INITIAL_SLOTS = 1024; // a power of two
const MAX_LOAD = 0.7; // of the slots, before they double: probes stay short

/**
 * Strings by the first 64 bits of their SHA-256, each with a small number, in typed arrays with open addressing.
 * Any two of a million strings collide by chance with a probability of 3e-8; making a collision costs 2^32 hashes.
 */
export class HashSet64 {
  #size = 0;
  #mask = 0;
  /** Two words for each slot; both 0 = free. */
  #keys = freeable(Uint32Array, 0);
  #values = freeable(Uint32Array, 0);

  constructor() {
    this.#allocate(INITIAL_SLOTS);
  }

  /** Number of distinct strings. */
  get size(): number {
    return this.#size;
  }

  /** Whether the string was added. */
  has(text: string): boolean {
    if (this.#size === 0) return false;
    const [high, low] = wordsOf(text);
    return this.#keys[2 * this.#slotOf(high, low)] !== 0;
  }

  /** The value that a string was added with; undefined when it was not added. */
  get(text: string): number | undefined {
    if (this.#size === 0) return undefined;
    const [high, low] = wordsOf(text);
    const slot = this.#slotOf(high, low);
    return this.#keys[2 * slot] === 0 ? undefined : this.#values[slot];
  }

  /** Adds a SHA-256 in hexadecimal digits, without a hash of its own; a set has digests alone, or texts alone. Returns as `add`. */
  addDigest(sha256: string): number | undefined {
    return this.#add(Number.parseInt(sha256.slice(0, 8), 16) || 1, Number.parseInt(sha256.slice(8, 16), 16), 0);
  }

  /** Adds a string with a value (0 to 2^32 - 1); returns undefined when it is new, else the value it was first added with. */
  add(text: string, value = 0): number | undefined {
    const [high, low] = wordsOf(text);
    return this.#add(high, low, value);
  }

  #add(high: number, low: number, value: number): number | undefined {
    const slot = this.#slotOf(high, low);
    if (this.#keys[2 * slot] !== 0) return this.#values[slot];
    this.#put(slot, high, low, value);
    this.#size += 1;
    if (this.#size > MAX_LOAD * (this.#mask + 1)) this.#grow();
    return undefined;
  }

  /** Removes all entries and frees their memory. */
  clear(): void {
    free(this.#keys, this.#values);
    this.#allocate(INITIAL_SLOTS);
    this.#size = 0;
  }

  /** The slot that holds the key, or the free one where it belongs. */
  #slotOf(high: number, low: number): number {
    let slot = low & this.#mask;
    while (this.#keys[2 * slot] !== 0 && (this.#keys[2 * slot] !== high || this.#keys[2 * slot + 1] !== low))
      slot = (slot + 1) & this.#mask;
    return slot;
  }

  #put(slot: number, high: number, low: number, value: number): void {
    this.#keys[2 * slot] = high;
    this.#keys[2 * slot + 1] = low;
    this.#values[slot] = value;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#allocate(2 * values.length);
    values.forEach((value, old) => {
      const high = keys[2 * old] ?? 0;
      const low = keys[2 * old + 1] ?? 0;
      if (high !== 0) this.#put(this.#slotOf(high, low), high, low, value);
    });
    free(keys, values);
  }

  #allocate(slots: number): void {
    this.#mask = slots - 1;
    this.#keys = freeable(Uint32Array, slots * 2);
    this.#values = freeable(Uint32Array, slots);
  }
}

/** The two words of the key; the first is never 0, which marks a free slot. */
function wordsOf(text: string): readonly [number, number] {
  const digest = hash('sha256', text, 'buffer');
  const high = digest.readUInt32LE(0);
  return [high === 0 ? 1 : high, digest.readUInt32LE(4)];
}
