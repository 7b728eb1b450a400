/** Collects bytes that arrive in pieces: a piece of one byte as an object of its own would take a hundred times its size. */

const FIRST_BYTES = 4096;

/** Copies pieces into one buffer, which doubles when it is full: it holds at most twice the bytes collected. */
export class ByteCollector {
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes of memory in use. */
  get capacity(): number {
    return this.#buffer.length;
  }

  /** The first piece is kept as it is, since most bodies come in one; it must not be changed afterwards. */
  push(piece: Buffer): void {
    if (this.#length === 0) this.#buffer = piece;
    else {
      const needed = this.#length + piece.length;
      if (needed > this.#buffer.length) this.#grow(Math.max(needed, 2 * this.#length, FIRST_BYTES));
      piece.copy(this.#buffer, this.#length);
    }
    this.#length += piece.length;
  }

  /** All bytes so far, without a copy; later pieces do not change them. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Forgets all bytes. */
  clear(): void {
    this.#buffer = Buffer.alloc(0);
    this.#length = 0;
  }

  #grow(capacity: number): void {
    const grown = Buffer.allocUnsafe(capacity);
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
